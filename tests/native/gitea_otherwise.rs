//! Giteas that are set up otherwise, stand behind others, or are a Forgejo.

use std::cell::Cell;
use std::time::Duration;

use return_dispatch::event::Event;
use return_dispatch::settings::{Caller, Inputs};
use serde_json::{Value, json};
use simulator::{
    Conclusion, Effect, Fault, Job, Request, Response, Scenario, Server, Step, Workflow,
};

use crate::support::{Ended, Shown, World, crowd, run_in, scenario, wait_in};

const NEWER: Server = Server::Gitea;
const OLDER: Server = Server::Gitea125;

/// What a proxy makes of what the server says to this.
type Change = fn(&Request, &mut Response);

/// Calls in this scenario through a proxy.
fn run_through(scenario: Scenario, change: Change) -> Ended {
    run_with_through(scenario, |_| {}, change)
}

fn run_with_through(scenario: Scenario, inputs: impl FnOnce(&mut Inputs), change: Change) -> Ended {
    run_in(scenario, &Caller::default(), inputs, |world| {
        through(world, change);
    })
}

fn through(world: &World, change: Change) {
    world.network().set_proxy(move |request, ask| {
        let mut answer = ask(&request);
        change(&request, &mut answer);
        answer
    });
}

/// Changes the JSON of an answer.
fn change_json(answer: &mut Response, change: impl FnOnce(&mut Value)) {
    let mut value = serde_json::from_slice(&answer.body).unwrap();
    change(&mut value);
    answer.body = serde_json::to_vec(&value).unwrap();
}

fn set(answer: &mut Response, name: &str, value: &str) {
    answer.headers.retain(|(own, _)| own != name);
    answer.headers.push((name.to_owned(), value.to_owned()));
}

#[test]
fn a_proxy_with_another_clock_changes_nothing() {
    // The simulation begins in 2026; who answers has a clock of its own.
    const EARLIER: Change = |_, answer| set(answer, "date", "Wed, 01 Jan 2025 00:00:00 GMT");
    const LATER: Change = |_, answer| set(answer, "date", "Fri, 01 Jan 2027 00:00:00 GMT");
    for change in [EARLIER, LATER] {
        for shown in [Shown::InTitle, Shown::InLog] {
            let scenario = scenario(OLDER, shown.receiver()).with_crowd(crowd(10, 10, 1.0));
            let mut ended = run_through(scenario, change);
            ended.assert_right(shown.clue());
            assert_eq!(ended.count("POST", "/dispatches"), 1);
        }
    }
}

#[test]
fn pages_may_be_smaller_than_asked_for() {
    let mut scenario = scenario(OLDER, Shown::InTitle.receiver()).with_crowd(crowd(10, 60, 1.0));
    // When lists have it, the run has come to lie on the seventh page.
    let fault = Fault::on("GET", "/runs?event", Effect::problem(502, "no"));
    scenario.faults.push(fault.times(None).between(0.0, 5.0));
    let mut ended = run_in(
        scenario,
        &Caller::default(),
        |_| {},
        |world| {
            world.network().set_proxy(|mut request, ask| {
                request.url = request.url.replace("limit=50", "limit=10");
                ask(&request)
            });
        },
    );
    ended.assert_right("title");
    let lists = ended.github.requests().iter();
    assert!(lists.filter(|list| list.path.contains("page=7")).count() > 0);
}

#[test]
fn a_run_is_completed_for_good_when_no_job_goes_on() {
    let mut failing = Step::run("make").taking(2.0);
    failing.conclusion = Conclusion::Failure;
    let long = Step::run("make")
        .taking(90.0)
        .printing("${{ inputs.distinct_id }} version=1.2.3");
    let receiver = Workflow::new("ci.yml")
        .with_input("distinct_id")
        .with_jobs([Job::new("short", [failing]), Job::new("long", [long])]);
    let ended = wait_in(
        scenario(NEWER, receiver),
        |inputs| inputs.fail_on_unsuccessful = "false".into(),
        |world| {
            // As `aggregateJobStatus` has it since 1.24: one failure counts for more than what still runs.
            through(world, |request, answer| {
                let is_run = request.method == "GET"
                    && request
                        .url
                        .rsplit_once("/runs/")
                        .is_some_and(|(_, id)| id.parse::<u64>().is_ok());
                if is_run {
                    change_json(answer, |run| {
                        if run["status"] == "in_progress" {
                            run["status"] = json!("completed");
                            run["conclusion"] = json!("failure");
                        }
                    });
                }
            });
        },
    );
    let over = ended.ended();
    assert_eq!(over.conclusion, "failure");
    assert_eq!(over.outputs, r#"{"version":"1.2.3"}"#);
    assert!(ended.at > Duration::from_secs(90), "{:?}", ended.at);
}

#[test]
fn of_two_runs_of_one_call_the_earlier_one_is_kept_though_no_list_has_a_date() {
    for server in [NEWER, OLDER] {
        let mut receiver = Shown::InTitle.receiver();
        // Nothing begins, so that nothing is dated.
        receiver.queue_delay = 400.0;
        let mut lost = Fault::on("POST", "/dispatches", Effect::Reset);
        lost.acted = true;
        let scenario = scenario(server, receiver).with_fault(lost);
        let mut ended = run_in(
            scenario,
            &Caller::default(),
            |inputs| inputs.workflow_timeout_seconds = "300".into(),
            |world| {
                let dispatches = Cell::new(0);
                world.network().set_proxy(move |request, ask| {
                    let mut answer = ask(&request);
                    dispatches.set(dispatches.get() + usize::from(request.method == "POST"));
                    // Lists lag behind for longer than it settles.
                    if request.url.contains("/runs?event") && dispatches.get() < 2 {
                        answer.body = br#"{"workflow_runs":[],"total_count":0}"#.to_vec();
                    }
                    answer
                });
            },
        );
        let runs = ended.dispatched();
        let [first, second] = runs.as_slice() else {
            panic!("two runs: {runs:?}");
        };
        assert_eq!(ended.identified().run_id, first.id, "{server:?}");
        assert!(
            ended.events.iter().any(|event| matches!(event,
                Event::Duplicate { kept, run_id, .. } if (*kept, *run_id) == (first.id, second.id)
            )),
            "{:?}",
            ended.events
        );
    }
}

#[test]
fn a_forgejo_names_its_run_by_the_id_alone_and_is_asked_for_the_page() {
    let mut ended = run_through(
        scenario(NEWER, Shown::Nowhere.receiver()),
        |request, answer| {
            if request.url.ends_with("/version") {
                change_json(answer, |version| {
                    *version = json!({"version": "16.0.0+gitea-1.22.0"})
                });
            }
            if request.method == "POST" && answer.status == 200 {
                change_json(answer, |run| {
                    *run = json!({"id": run["workflow_run_id"], "run_number": 1, "jobs": ["announce", "build"]});
                });
            }
        },
    );
    ended.assert_right("response");
    let page = &ended.identified().run_url;
    assert!(
        page.starts_with("https://gitea.example/octo/receiver/actions/runs/"),
        "{page}"
    );
    assert_eq!(ended.count("POST", "/dispatches"), 1);
}
