//! Scenarios: how they are written, which are refused, and that they can be repeated.

use serde_json::{Value, json};
use simulator::{Conclusion, Crowd, Effect, Environment, Rerun, Response, Scenario, Server};

use crate::caller::{Caller, on};

fn read(scenario: Value) -> Result<Scenario, String> {
    let scenario: Scenario = serde_json::from_value(scenario).map_err(|error| error.to_string())?;
    scenario.check()?;
    Ok(scenario)
}

#[test]
fn a_scenario_can_be_written_as_json() {
    let scenario = read(json!({
        "server": "ghes-3.19",
        "startTime": 1_767_225_600_000_i64,
        "apiUrl": "http://127.0.0.1:8080/api/v3",
        "htmlUrl": "http://127.0.0.1:8080",
        "logsUrl": "http://127.0.0.1:8081",
        "seed": 42,
        "tokens": [{ "token": "t", "canRead": true, "canWrite": false }],
        "repositories": [{
            "owner": "o",
            "name": "r",
            "defaultBranch": "trunk",
            "branches": ["trunk"],
            "tags": ["v1"],
            "workflows": [{
                "id": 12,
                "file": "build.yml",
                "name": "Build",
                "state": "disabled_manually",
                "dispatchable": true,
                "inputs": { "x": { "required": true, "default": "a", "options": ["a", "b"] } },
                "runName": "Build ${{ inputs.x }}",
                "listingDelay": 2,
                "queueDelay": 0.5,
                "branchesOnly": ["trunk"],
                "jobs": [{
                    "name": "build",
                    "needs": [],
                    "queueDelay": 1,
                    "logs": "expired",
                    "steps": [{
                        "name": "Step",
                        "run": "make",
                        "prints": ["done"],
                        "seconds": 1.5,
                        "conclusion": "failure",
                        "dispatches": { "workflow": "build.yml", "inputs": { "x": "b" } },
                        "padding": 10,
                        "paddingAfter": 20,
                    }],
                }],
            }],
        }],
        "history": 3,
        "existingRuns": [{ "id": 5, "workflow": "build.yml", "createdAt": -3, "inputs": {}, "event": "push" }],
        "crowd": { "before": 1, "after": 2, "spreadSeconds": 3, "inputs": { "x": "${{ crowd.id }}" } },
        "faults": [
            { "method": "GET", "pathContains": "/runs", "skip": 1, "times": null, "acted": true,
              "effect": { "type": "answer", "status": 500, "headers": { "a": "b" }, "body": "x" } },
            { "effect": { "type": "stall", "afterBytes": 10 } },
            { "effect": { "type": "cut", "afterBytes": 10 } },
            { "effect": { "type": "noAnswer" } },
            { "effect": { "type": "reset" } },
        ],
        "archive": "wrongSize",
    }))
    .expect("a scenario");
    assert_eq!(scenario.server, Server::Ghes319);
    assert_eq!(scenario.faults[0].times, None);
    assert_eq!(scenario.faults[1].times, Some(1));
    assert_eq!(scenario.faults[1].effect, Effect::Stall { after_bytes: 10 });
    assert_eq!(read(json!({})), Ok(Scenario::default()));
}

#[test]
fn what_a_run_waits_for_and_how_it_ends_can_be_written_as_json() {
    let scenario = read(json!({
        "repositories": [{ "workflows": [{
            "ignoresCancel": true,
            "cancellingTakes": 30,
            "concurrency": { "group": "deploy", "cancelInProgress": true },
            "conclusion": "timed_out",
            "jobs": [{
                "environment": { "name": "production", "approvedAfter": 5, "rejected": true },
                "matrix": ["a", "b"],
                "steps": [{
                    "conclusionsByAttempt": ["failure", "success"],
                    "logMissing": true,
                }],
            }],
        }] }],
        "reruns": [{ "run": 1, "after": 60 }],
    }))
    .expect("a scenario");
    let workflow = &scenario.repositories[0].workflows[0];
    assert_eq!(workflow.conclusion, Some(Conclusion::TimedOut));
    let environment = Environment::new("production").rejected_after(5.0);
    assert_eq!(workflow.jobs[0].environment, Some(environment));
    assert_eq!(
        scenario.reruns,
        [Rerun {
            run: 1,
            after: 60.0,
            only_failed: false,
        }]
    );
}

#[test]
fn a_scenario_that_makes_no_sense_is_refused_with_the_reason() {
    let with_jobs = |jobs: Value| json!({ "repositories": [{ "workflows": [{ "jobs": jobs }] }] });
    for (scenario, reason) in [
        (json!({ "sead": 1 }), "unknown field `sead`"),
        (
            json!({ "faults": [{ "effect": { "type": "boom" } }] }),
            "unknown variant `boom`",
        ),
        (
            json!({ "faults": [{ "effect": { "type": "cut", "byte": 1 } }] }),
            "unknown field `byte`",
        ),
        (
            json!({ "logsUrl": "https://api.github.com/logs" }),
            "another origin",
        ),
        (json!({ "startTime": -1 }), "startTime"),
        (
            json!({ "existingRuns": [{ "workflow": "none.yml" }] }),
            "none.yml",
        ),
        (
            json!({ "existingRuns": [{ "id": 1, "workflow": "ci.yml" }, { "id": 1, "workflow": "ci.yml" }] }),
            "two existing runs have the ID 1",
        ),
        (
            json!({ "repositories": [{ "workflows": [{}, {}] }] }),
            "two workflows ci.yml",
        ),
        (with_jobs(json!([])), "has no jobs"),
        (with_jobs(json!([{}, {}])), "same name"),
        (
            with_jobs(json!([{ "needs": ["none"] }])),
            "which does not exist",
        ),
        (
            with_jobs(json!([{ "name": "a", "needs": ["b"] }, { "name": "b", "needs": ["a"] }])),
            "need each other",
        ),
        (
            with_jobs(json!([{ "steps": [{ "seconds": -1 }] }])),
            "must not be negative",
        ),
        (
            with_jobs(json!([{ "steps": [{ "conclusion": "timed_out" }] }])),
            "cannot end with timed_out",
        ),
        (
            with_jobs(json!([{ "steps": [{ "conclusionsByAttempt": ["stale"] }] }])),
            "cannot end with stale",
        ),
        (
            with_jobs(json!([{ "environment": { "approvedAfter": -1 } }])),
            "approvedAfter",
        ),
        (
            with_jobs(json!([{ "matrix": ["a", "a"] }])),
            "two jobs of ci.yml in octo/receiver have the same name",
        ),
        (
            with_jobs(json!([{ "matrix": ["a"] }, { "name": "build (a)" }])),
            "same name",
        ),
        (
            json!({ "repositories": [{ "workflows": [{ "cancellingTakes": -1 }] }] }),
            "cancellingTakes",
        ),
        (json!({ "reruns": [{ "after": -1 }] }), "after of a re-run"),
        (
            json!({
                "history": 1,
                "repositories": [{ "workflows": [{ "jobs": [{ "environment": {} }] }] }],
            }),
            "wait for ever",
        ),
    ] {
        let refusal = read(scenario).expect_err(reason);
        assert!(refusal.contains(reason), "{refusal}");
    }
}

/// Everything that a client sees in a small life.
fn seen(scenario: Scenario) -> Vec<Response> {
    let mut caller = Caller::new(scenario);
    let run = caller.dispatch(&json!({ "distinct_id": "abc" }), 0.25);
    vec![
        caller.get("/actions/runs", 0.5),
        caller.get(&format!("/actions/runs/{run}/jobs"), 2.0),
        caller.get(&format!("/actions/runs/{run}/logs"), 9.0),
        caller.job_log(run, 0, 9.0),
        caller.archive(run, 9.0),
    ]
}

#[test]
fn the_same_scenario_and_requests_give_the_same_bytes() {
    let scenario = Scenario {
        history: 5,
        ..Scenario::default().with_seed(7).with_crowd(Crowd {
            before: 3,
            after: 3,
            spread_seconds: 1.0,
            ..Crowd::default()
        })
    };
    assert_eq!(seen(scenario.clone()), seen(scenario.clone()));
    assert_ne!(seen(scenario.clone()), seen(scenario.with_seed(8)));
}

#[test]
fn looking_does_not_change_what_happens() {
    let mut watched = on(Server::GitHubCom);
    let mut alone = on(Server::GitHubCom);
    watched.dispatch(&json!({}), 0.0);
    alone.dispatch(&json!({}), 0.0);
    for tenths in 0..100 {
        watched.get("/actions/runs", f64::from(tenths) / 10.0);
    }
    assert_eq!(watched.runs(10.0), alone.runs(10.0));
}
