//! What other clients ask for besides: who they are, what they have left, what went wrong in a job.

use serde_json::json;
use simulator::{Conclusion, Job, Scenario, Server, Step, Token, Workflow};

use crate::caller::{Caller, body, jobs, message, on, workflow};

fn acting_as(actor: &str) -> Caller {
    Caller::new(Scenario {
        tokens: vec![Token {
            actor: actor.into(),
            ..Token::default()
        }],
        ..Scenario::default()
    })
}

#[test]
fn a_token_tells_who_acts_with_it_unless_that_is_an_app() {
    let mut caller = acting_as("mona");
    let user = caller.send(&caller.request("GET", "/user"), 0.0);
    assert_eq!(user.status, 200);
    assert_eq!(body(&user)["login"], "mona");

    let mut caller = acting_as("deployer[bot]");
    let refused = caller.send(&caller.request("GET", "/user"), 0.0);
    assert_eq!(refused.status, 403);
    assert_eq!(message(&refused), "Resource not accessible by integration");
}

#[test]
fn to_ask_what_is_left_costs_nothing_and_is_answered_beyond_the_limit() {
    let mut caller = Caller::new(Scenario {
        tokens: vec![Token {
            rate_limit: 2,
            ..Token::default()
        }],
        ..Scenario::default()
    });
    let request = caller.request("GET", "/rate_limit");
    let core = |caller: &mut Caller, at: f64| {
        let answer = caller.send(&request, at);
        assert_eq!(answer.status, 200);
        let body = body(&answer);
        assert_eq!(body["rate"], body["resources"]["core"]);
        let core = &body["resources"]["core"];
        let remaining = core["remaining"].to_string();
        assert_eq!(
            answer.header("x-ratelimit-remaining"),
            Some(remaining.as_str())
        );
        ["limit", "used", "remaining"].map(|field| core[field].as_u64().expect("a number"))
    };
    for _ in 0..3 {
        assert_eq!(core(&mut caller, 0.0), [2, 0, 2]);
    }
    for status in [200, 200, 403] {
        assert_eq!(caller.get("", 1.0).status, status);
    }
    assert_eq!(core(&mut caller, 2.0), [2, 2, 0]);
    assert_eq!(core(&mut caller, 3600.0), [2, 0, 2], "an hour later");
}

#[test]
fn an_unchanged_balance_gives_nothing_back() {
    let mut caller = on(Server::GitHubCom);
    caller.get("", 0.0);
    let request = caller.request("GET", "/rate_limit");
    let etag = caller.send(&request, 1.0);
    let etag = etag.header("etag").expect("an ETag");
    let again = request.with_header("If-None-Match", etag);
    let unchanged = caller.send(&again, 1.0);
    assert_eq!(unchanged.status, 304);
    assert_eq!(unchanged.header("x-ratelimit-used"), Some("1"));
    let next = caller.get("", 2.0);
    assert_eq!(next.header("x-ratelimit-used"), Some("2"));
}

#[test]
fn where_nothing_is_counted_nothing_is_left_to_tell() {
    let mut caller = on(Server::Ghes319);
    let answer = caller.send(&caller.request("GET", "/rate_limit"), 0.0);
    assert_eq!(answer.status, 404);
    assert_eq!(message(&answer), "Rate limiting is not enabled.");
}

#[test]
fn a_run_has_no_artifacts_and_one_that_does_not_exist_not_even_that() {
    let mut caller = on(Server::GitHubCom);
    let run = caller.dispatch(&json!({}), 0.0);
    let path = format!("/actions/runs/{run}/artifacts");
    assert_eq!(caller.get(&path, 0.0).status, 404, "it is not listed yet");
    let none = json!({ "total_count": 0, "artifacts": [] });
    assert_eq!(caller.json(&path, 1.0), none);
    assert_eq!(caller.get("/actions/runs/1/artifacts", 1.0).status, 404);
}

#[test]
fn a_step_that_failed_leaves_an_annotation_once_it_has() {
    let failing = Step::run("make").taking(2.0).ending(Conclusion::Failure);
    let workflow = Workflow::new("ci.yml").with_jobs([
        Job::new("good", [Step::run("true")]),
        Job::new("bad", [failing, Step::run("never")]),
    ]);
    let mut caller = Caller::with_workflow(workflow);
    let run = caller.dispatch(&json!({}), 0.0);
    let ids: Vec<_> = jobs(&mut caller, run, 1.5)
        .iter()
        .map(|job| {
            let check_run = job["check_run_url"].as_str().expect("a URL");
            let id = check_run.rsplit('/').next().expect("an ID");
            format!("/check-runs/{id}/annotations")
        })
        .collect();
    let messages = |caller: &mut Caller, path: &str, at: f64| {
        let list = caller.json(path, at);
        let list = list.as_array().expect("a list").clone();
        let message = |annotation: &serde_json::Value| {
            assert_eq!(annotation["annotation_level"], "failure");
            annotation["message"]
                .as_str()
                .expect("a message")
                .to_owned()
        };
        list.iter().map(message).collect::<Vec<_>>()
    };
    let none = Vec::<String>::new();
    assert_eq!(messages(&mut caller, &ids[0], 60.0), none);
    assert_eq!(
        messages(&mut caller, &ids[1], 60.0),
        ["Process completed with exit code 1."]
    );
    assert_eq!(caller.get("/check-runs/1/annotations", 60.0).status, 404);
}

#[test]
fn before_a_step_has_failed_there_is_no_annotation() {
    let failing = Step::run("make").taking(10.0).ending(Conclusion::Failure);
    let mut caller = Caller::with_workflow(workflow([failing]));
    let run = caller.dispatch(&json!({}), 0.0);
    let id = &jobs(&mut caller, run, 2.0)[0]["id"];
    let path = format!("/check-runs/{id}/annotations");
    assert_eq!(caller.json(&path, 5.0), json!([]));
    assert_eq!(caller.json(&path, 60.0).as_array().map(Vec::len), Some(1));
}
