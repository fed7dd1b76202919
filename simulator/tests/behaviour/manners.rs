//! What holds for every request: tokens, versions, conditional requests, limits.

use serde_json::json;
use simulator::{Scenario, SecondaryLimits, Server, Token};

use crate::caller::{Caller, body, message, on, text};

#[test]
fn a_request_without_a_user_agent_is_refused() {
    let mut caller = on(Server::GitHubCom);
    let request = caller
        .bare("GET", "/repos/octo/receiver")
        .with_header("Authorization", "Bearer ghs_simulated");
    let response = caller.send(&request, 0.0);
    assert_eq!(response.status, 403);
    assert!(text(&response).contains("Please make sure your request has a User-Agent header"));
}

#[test]
fn a_token_must_be_known() {
    let mut caller = on(Server::GitHubCom);
    let with = |caller: &Caller, authorization: Option<&str>| {
        let request = caller
            .bare("GET", "/repos/octo/receiver")
            .with_header("user-agent", "tests");
        match authorization {
            Some(value) => request.with_header("authorization", value),
            None => request,
        }
    };
    for refused in [
        None,
        Some("Bearer other"),
        Some("ghs_simulated"),
        Some("Basic ghs_simulated"),
    ] {
        let request = with(&caller, refused);
        let response = caller.send(&request, 0.0);
        assert_eq!(response.status, 401, "{refused:?}");
        assert_eq!(message(&response), "Bad credentials");
    }
    for accepted in [
        "Bearer ghs_simulated",
        "bearer ghs_simulated",
        "token ghs_simulated",
    ] {
        let request = with(&caller, Some(accepted));
        assert_eq!(caller.send(&request, 0.0).status, 200, "{accepted}");
    }
}

#[test]
fn nothing_exists_for_a_token_that_may_not_read() {
    let mut caller = Caller::new(Scenario {
        tokens: vec![Token {
            can_read: false,
            ..Token::default()
        }],
        ..Scenario::default()
    });
    for path in ["", "/actions/runs", "/actions/workflows/ci.yml"] {
        let response = caller.get(path, 0.0);
        assert_eq!(
            (response.status, message(&response).as_str()),
            (404, "Not Found")
        );
    }
    let dispatch = caller.dispatch_request(&json!({ "ref": "main" }));
    assert_eq!(caller.send(&dispatch, 0.0).status, 404);
}

#[test]
fn owner_and_name_of_a_repository_have_no_case() {
    let mut caller = on(Server::GitHubCom);
    let request = caller.request("GET", "/repos/OCTO/Receiver");
    let response = caller.send(&request, 0.0);
    assert_eq!(body(&response)["full_name"], "octo/receiver");
    assert_eq!(body(&response)["default_branch"], "main");
}

#[test]
fn the_selected_version_is_told() {
    let mut caller = on(Server::GitHubCom);
    let response = caller.get("", 0.0);
    assert_eq!(
        response.header("x-github-api-version-selected"),
        Some("2022-11-28")
    );
    assert!(response.header("deprecation").is_some());
    let newest = caller
        .request("GET", "/repos/octo/receiver")
        .with_header("x-github-api-version", "2026-03-10");
    let response = caller.send(&newest, 0.0);
    assert_eq!(
        response.header("x-github-api-version-selected"),
        Some("2026-03-10")
    );
    assert!(response.header("deprecation").is_none());
    let unknown = caller
        .request("GET", "/repos/octo/receiver")
        .with_header("x-github-api-version", "2020-01-01");
    assert_eq!(caller.send(&unknown, 0.0).status, 400);
}

#[test]
fn an_enterprise_server_tells_its_version_and_lives_beneath_a_path() {
    let mut caller = on(Server::Ghes319);
    let request = caller.request("GET", "/meta");
    assert_eq!(request.url, "https://ghes.example/api/v3/meta");
    let response = caller.send(&request, 0.0);
    assert_eq!(
        response.header("x-github-enterprise-version"),
        Some("enterprise-server@3.19.0")
    );
    assert_eq!(body(&response)["installed_version"], "3.19.0");

    let github = on(Server::GitHubCom).get("", 0.0);
    assert_eq!(github.header("x-github-enterprise-version"), None);
}

#[test]
fn an_address_outside_the_api_is_a_page() {
    let mut caller = on(Server::Ghes319);
    for url in [
        "https://ghes.example/repos/octo/receiver",
        "https://ghes.example/api/v3x",
    ] {
        let request = simulator::Request::new("GET", url);
        let response = caller.send(&request, 0.0);
        assert_eq!(response.status, 404);
        assert_eq!(
            response.header("content-type"),
            Some("text/html; charset=utf-8")
        );
    }
}

#[test]
fn the_clock_is_that_of_the_server() {
    let mut caller = Caller::new(Scenario {
        start_time: 1_767_225_600_000 + 15 * 60_000,
        ..Scenario::default()
    });
    let response = caller.get("", 1.9);
    assert_eq!(
        response.header("date"),
        Some("Thu, 01 Jan 2026 00:15:01 GMT")
    );
    caller.dispatch(&json!({}), 1.9);
    let list = caller.json("/actions/runs", 3.0);
    assert_eq!(
        list["workflow_runs"][0]["created_at"],
        "2026-01-01T00:15:01Z"
    );
}

#[test]
fn what_has_not_changed_is_not_sent_again() {
    let mut caller = on(Server::GitHubCom);
    let run = caller.dispatch(&json!({}), 0.0);
    let path = format!("/repos/octo/receiver/actions/runs/{run}");
    let request = caller.request("GET", &path);
    let first = caller.send(&request, 0.6);
    let etag = first.header("etag").expect("an ETag").to_owned();
    assert!(etag.starts_with("W/\""), "{etag}");

    let again = request.clone().with_header("If-None-Match", &etag);
    let unchanged = caller.send(&again, 0.9);
    assert_eq!((unchanged.status, unchanged.body.len()), (304, 0));
    assert_eq!(unchanged.header("etag"), Some(etag.as_str()));
    let unquoted = etag.trim_start_matches("W/").trim_matches('"');
    let wrong = request.with_header("If-None-Match", unquoted);
    let sent_again = caller.send(&wrong, 0.9);
    assert_eq!(sent_again.status, 200, "only a verbatim ETag matches");
    let changed = caller.send(&again, 1.1);
    assert_eq!(changed.status, 200, "the run has started");
}

#[test]
fn requests_count_against_the_limit_unless_nothing_has_changed() {
    let mut caller = on(Server::GitHubCom);
    let header = |response: &simulator::Response, name: &str| {
        let value = response.header(&format!("x-ratelimit-{name}"));
        value.map(|value| value.parse::<i64>().expect("a number"))
    };
    let first = caller.get("", 0.0);
    assert_eq!(header(&first, "limit"), Some(5000));
    assert_eq!(header(&first, "remaining"), Some(4999));
    assert_eq!(header(&first, "used"), Some(1));
    assert_eq!(header(&first, "reset"), Some(1_767_225_600 + 3600));
    assert_eq!(first.header("x-ratelimit-resource"), Some("core"));

    let again = caller
        .request("GET", "/repos/octo/receiver")
        .with_header("if-none-match", first.header("etag").expect("an ETag"));
    let unchanged = caller.send(&again, 1.0);
    assert_eq!(
        (unchanged.status, header(&unchanged, "remaining")),
        (304, Some(4999))
    );
    assert_eq!(header(&caller.get("", 1.0), "remaining"), Some(4998));

    let enterprise = on(Server::Ghes321).get("", 0.0);
    assert_eq!(header(&enterprise, "limit"), None, "off by default there");
}

#[test]
fn an_exhausted_limit_refuses_until_it_is_reset() {
    let mut caller = Caller::new(Scenario {
        tokens: vec![Token {
            rate_limit: 2,
            ..Token::default()
        }],
        ..Scenario::default()
    });
    assert_eq!(caller.get("", 0.0).status, 200);
    assert_eq!(caller.get("", 1.0).status, 200);
    let refused = caller.get("", 2.0);
    assert_eq!(refused.status, 403);
    assert!(message(&refused).starts_with("API rate limit exceeded"));
    assert_eq!(refused.header("x-ratelimit-remaining"), Some("0"));
    assert_eq!(caller.get("", 3600.0).status, 200);
}

#[test]
fn secondary_limits_refuse_until_the_minute_is_over() {
    let limited = |points_per_minute, content_per_minute| {
        Caller::new(Scenario {
            secondary_limits: Some(SecondaryLimits {
                points_per_minute,
                content_per_minute,
                ..SecondaryLimits::default()
            }),
            ..Scenario::default()
        })
    };
    let dispatch = |caller: &mut Caller, at| {
        let request = caller.dispatch_request(&json!({ "ref": "main" }));
        caller.send(&request, at).status
    };

    let mut caller = limited(900, 1);
    assert_eq!(dispatch(&mut caller, 0.0), 204);
    assert_eq!(dispatch(&mut caller, 20.0), 403);
    assert_eq!(caller.get("", 21.0).status, 200, "reading goes on");
    assert_eq!(dispatch(&mut caller, 60.0), 204);
    assert_eq!(caller.own_runs(61.0).len(), 2);

    // A dispatch costs five points, all else one.
    let mut caller = limited(6, 80);
    assert_eq!(dispatch(&mut caller, 0.0), 204);
    assert_eq!(caller.get("", 1.0).status, 200);
    let refused = caller.get("", 20.0);
    assert_eq!(refused.status, 403);
    assert!(message(&refused).starts_with("You have exceeded a secondary rate limit"));
    assert_eq!(refused.header("retry-after"), Some("40"));
    assert_eq!(caller.get("", 60.0).status, 200);
}

#[test]
fn requests_are_remembered_as_they_were_received() {
    let mut caller = on(Server::GitHubCom);
    caller.get("/actions/runs?per_page=5", 2.5);
    let facts = &caller.github.requests()[0];
    assert_eq!(facts.at.as_millis(), 2500);
    assert_eq!(facts.path, "/repos/octo/receiver/actions/runs?per_page=5");
    assert_eq!((facts.method.as_str(), facts.status), ("GET", 200));
    assert_eq!(facts.origin, simulator::Origin::Api);
    assert!(facts.had_authorization && facts.bytes > 0);
    assert_eq!(facts.headers.len(), 2);
}

#[test]
fn a_former_name_leads_to_the_repository() {
    let mut scenario = Scenario::on(Server::GitHubCom);
    scenario.repositories[0].former_names = vec!["octo/once".into()];
    let mut caller = Caller::new(scenario);
    let get = caller.request("GET", "/repos/Octo/once/actions/runs?per_page=5");
    let response = caller.send(&get, 0.0);
    assert_eq!(response.status, 301);
    let location = response.header("location").unwrap();
    assert!(location.ends_with("/actions/runs?per_page=5"), "{location}");
    let path = location.strip_prefix("https://api.github.com").unwrap();
    assert!(path.starts_with("/repositories/"), "{location}");
    let get = caller.request("GET", path);
    assert_eq!(caller.send(&get, 0.0).status, 200);
    let dispatch = caller.request(
        "POST",
        "/repos/octo/once/actions/workflows/ci.yml/dispatches",
    );
    let response = caller.send(&dispatch, 0.0);
    assert_eq!(response.status, 307);
    assert!(caller.runs(0.0).is_empty());
}
