//! Pages in browsers, which may call the API from any origin.

use serde_json::json;
use simulator::{Asks, Effect, Fault, Request, Response, Scenario, Server};

use crate::caller::{Caller, on};

/// The names in a header's list, in lower case, as browsers compare them.
fn listed(response: &Response, header: &str) -> Vec<String> {
    let list = response.header(header).unwrap_or_default();
    list.split(", ").map(str::to_ascii_lowercase).collect()
}

fn preflight(caller: &Caller, path: &str, method: &str, headers: &str) -> Request {
    caller
        .bare("OPTIONS", path)
        .with_header("User-Agent", "a browser")
        .with_header("Origin", "https://page.example")
        .with_header("Access-Control-Request-Method", method)
        .with_header("Access-Control-Request-Headers", headers)
}

#[test]
fn a_browser_that_asks_first_learns_that_it_may() {
    for server in Server::GITHUBS {
        let mut caller = on(server);
        let path = "/repos/octo/receiver/actions/workflows/ci.yml/dispatches";
        let headers = "authorization,content-type,x-github-api-version";
        let response = caller.send(&preflight(&caller, path, "POST", headers), 0.0);
        assert_eq!((response.status, response.body.len()), (204, 0));
        assert_eq!(response.header("access-control-allow-origin"), Some("*"));
        assert_eq!(response.header("access-control-max-age"), Some("86400"));
        let allowed = listed(&response, "access-control-allow-headers");
        for header in headers.split(',') {
            assert!(allowed.iter().any(|known| known == header), "{header}");
        }
        let methods = listed(&response, "access-control-allow-methods");
        assert_eq!(methods, ["get", "post", "patch", "put", "delete"]);
        assert!(caller.runs(0.0).is_empty(), "nothing was dispatched");
    }
}

#[test]
fn every_page_may_read_what_the_api_answers() {
    for server in Server::GITHUBS {
        let mut caller = on(server);
        let run = caller.dispatch(&json!({}), 0.0);
        let stranger = caller
            .bare("GET", "/repos/octo/receiver")
            .with_header("User-Agent", "a browser");
        let nameless = caller.bare("GET", "/repos/octo/receiver");
        let futuristic = caller
            .request("GET", "/repos/octo/receiver")
            .with_header("X-GitHub-Api-Version", "2063-04-05");
        let answers = [
            (200, caller.get("", 60.0)),
            (302, caller.get(&format!("/actions/runs/{run}/logs"), 60.0)),
            (400, caller.send(&futuristic, 60.0)),
            (401, caller.send(&stranger, 60.0)),
            (403, caller.send(&nameless, 60.0)),
            (404, caller.get("/actions/runs/1", 60.0)),
            (
                409,
                caller.post(&format!("/actions/runs/{run}/cancel"), 60.0),
            ),
        ];
        for (status, answer) in answers {
            assert_eq!(answer.status, status);
            let origin = answer.header("access-control-allow-origin");
            assert_eq!(origin, Some("*"), "{server:?}: {status}");
            let exposed = listed(&answer, "access-control-expose-headers");
            for header in ["etag", "link", "location", "retry-after", "sunset"] {
                assert!(exposed.iter().any(|known| known == header), "{header}");
            }
        }
    }
}

#[test]
fn a_page_learns_that_it_should_slow_down_but_not_what_is_in_between() {
    let limited = Effect::Limited {
        status: 429,
        asks: Some(Asks::Seconds { seconds: 3 }),
    };
    let page = Effect::Answer {
        status: 502,
        headers: [].into(),
        body: "<html>Bad gateway</html>".into(),
    };
    for (effect, expected) in [(limited, Some("*")), (page, None)] {
        let fault = Fault::on("GET", "/repos/", effect);
        let mut caller = Caller::new(Scenario::default().with_fault(fault));
        let answer = caller.get("", 0.0);
        assert!(answer.status >= 400);
        assert_eq!(answer.header("access-control-allow-origin"), expected);
    }
}

#[test]
fn the_store_for_logs_has_nothing_for_pages() {
    let mut caller = on(Server::GitHubCom);
    let run = caller.dispatch(&json!({}), 0.0);
    let redirect = caller.get(&format!("/actions/runs/{run}/logs"), 60.0);
    let archive = caller.follow(&redirect, 60.0);
    assert_eq!(archive.status, 200);
    assert_eq!(archive.header("access-control-allow-origin"), None);

    let location = redirect.header("location").expect("a location");
    let response = caller.send(&Request::new("OPTIONS", location), 60.0);
    assert_eq!(response.status, 403);
    assert_eq!(
        response.header("x-ms-error-code"),
        Some("CorsPreflightFailure")
    );
}
