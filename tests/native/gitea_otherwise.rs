//! Giteas that are set up otherwise, stand behind others, or are a Forgejo.

use std::cell::Cell;
use std::time::Duration;

use return_dispatch::event::Event;
use return_dispatch::settings::{Caller, Inputs};
use serde_json::{Value, json};
use simulator::{
    Conclusion, Effect, Fault, Job, Request, Response, Scenario, Server, Step, Workflow,
};

use crate::support::{Ended, Shown, World, crowd, run_in, scenario, wait_in, with_newer_runs};

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
    world.network().set_proxy(Box::new(move |request, ask| {
        let mut answer = ask(&request);
        change(&request, &mut answer);
        answer
    }));
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
            world.network().set_proxy(Box::new(|mut request, ask| {
                request.url = request.url.replace("limit=50", "limit=10");
                ask(&request)
            }));
        },
    );
    ended.assert_right("title");
    let lists = ended.github.requests().iter();
    assert!(lists.filter(|list| list.path.contains("page=7")).count() > 0);
}

#[test]
fn however_many_runs_came_after_it_the_dispatched_one_is_looked_for() {
    let mut scenario = scenario(OLDER, Shown::InTitle.receiver()).with_crowd(crowd(0, 700, 0.5));
    let fault = Fault::on("GET", "/runs?event", Effect::problem(502, "no"));
    scenario.faults.push(fault.times(None).between(0.0, 5.0));
    let mut ended = run_through(scenario, |_, _| {});
    ended.assert_right("title");
    let lists = ended.github.requests().iter();
    assert!(lists.filter(|list| list.path.contains("page=15")).count() > 0);
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
    let unreadable = Fault::on("GET", "/jobs?", Effect::Reset).times(None);
    let well = scenario(NEWER, receiver);
    let disturbed = well.clone().with_fault(unreadable.between(5.0, 80.0));
    for scenario in [well, disturbed] {
        let ended = wait_in(
            scenario,
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
}

/// Jobs alone tell whether a run that failed has ended: without them that stays open, but not for ever.
#[test]
fn a_run_whose_jobs_are_never_to_be_read_is_an_error_unless_it_succeeded() {
    for (conclusion, status) in [
        (Conclusion::Success, 500),
        (Conclusion::Failure, 500),
        (Conclusion::Failure, 404),
    ] {
        let mut step = Step::run("make").taking(60.0);
        step.conclusion = conclusion;
        let receiver = Workflow::new("ci.yml")
            .with_input("distinct_id")
            .with_jobs([Job::new("build", [step])]);
        let unreadable = Fault::on("GET", "/jobs?", Effect::problem(status, "no")).times(None);
        let s = scenario(NEWER, receiver).with_fault(unreadable.between(20.0, 1e5));
        let ended = wait_in(s, |_| {}, |_| {});
        let case = format!("{conclusion:?} {status}: {:?}", ended.at);
        if conclusion == Conclusion::Success {
            assert_eq!(ended.ended().conclusion, "success");
            assert!(ended.at < Duration::from_mins(3), "{case}");
        } else {
            let error = ended.error();
            assert!(
                error.to_string().contains("which alone show"),
                "{case} {error}"
            );
            assert!(ended.at < Duration::from_mins(13), "{case}");
            let noted = |event: &Event| matches!(event, Event::Trouble { .. });
            assert!(ended.events.iter().any(|(_, event)| noted(event)), "{case}");
        }
    }
}

/// Both dispatches of a call made a run, and no list has one before the second; these begin so
/// many seconds after their creation.
fn twice(server: Server, begins_after: f64) -> Ended {
    let mut receiver = Shown::InTitle.receiver();
    receiver.queue_delay = begins_after;
    receiver.jobs[1].steps[0].seconds = 200.0;
    let mut lost = Fault::on("POST", "/dispatches", Effect::Reset);
    lost.acted = true;
    run_in(
        with_newer_runs(scenario(server, receiver)).with_fault(lost),
        &Caller::default(),
        |inputs| inputs.workflow_timeout_seconds = "300".into(),
        |world| {
            let dispatches = Cell::new(0);
            world.network().set_proxy(Box::new(move |request, ask| {
                let mut answer = ask(&request);
                dispatches.set(dispatches.get() + usize::from(request.method == "POST"));
                // Lists lag behind for longer than it settles.
                if request.url.contains("/runs?") && dispatches.get() < 2 {
                    change_json(&mut answer, |list| {
                        if let Some(runs) = list["workflow_runs"].as_array_mut() {
                            runs.retain(|run| run["event"] == "push");
                        }
                        list["total_count"] = json!(list["workflow_runs"].as_array().map(Vec::len));
                    });
                }
                answer
            }));
        },
    )
}

#[test]
fn of_two_runs_of_one_call_the_earlier_one_is_kept_though_no_list_has_a_date() {
    // Where the server names the second run, it is this call's however early the first began.
    for (server, begins_after) in [(NEWER, 400.0), (NEWER, 0.5), (OLDER, 400.0)] {
        let mut ended = twice(server, begins_after);
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
fn a_second_run_that_the_first_may_have_dispatched_is_told_and_left_alone() {
    // By then, the first has long begun.
    let mut ended = twice(OLDER, 0.5);
    let runs = ended.dispatched();
    assert_eq!(runs.len(), 2);
    assert_eq!(ended.identified().run_id, runs[0].id);
    assert!(
        ended.events.iter().any(|event| matches!(event,
            Event::DuplicatePossible { kept, runs: others }
                if *kept == runs[0].id && others.len() == 1
        )),
        "{:?}",
        ended.events
    );
    assert_eq!(ended.count("POST", "/cancel"), 0);
}

#[test]
fn a_run_is_found_where_the_newest_one_before_the_dispatch_is_not_known() {
    let mut lost = Fault::on("POST", "/dispatches", Effect::Reset);
    lost.acted = true;
    let mut scenario = scenario(NEWER, Shown::InTitle.receiver())
        .with_fault(lost)
        .with_fault(Fault::on("GET", "/runs?limit=1", Effect::problem(404, "no")).times(None));
    scenario.history = 120;
    let mut ended = run_in(scenario, &Caller::default(), |_| {}, |_| {});
    ended.assert_right("title");
    assert!(ended.count("GET", "/runs?event") < 40);
}

#[test]
fn a_forgejo_names_its_run_by_the_id_alone_and_is_asked_for_the_page() {
    let mut ended = run_through(scenario(NEWER, Shown::Nowhere.receiver()), as_forgejo);
    ended.assert_right("response");
    let page = &ended.identified().run_url;
    assert!(
        page.starts_with("https://gitea.example/octo/receiver/actions/runs/"),
        "{page}"
    );
    assert_eq!(ended.count("POST", "/dispatches"), 1);
}

/// What Forgejo calls what Gitea calls otherwise: `routers/api/v1/repo/action.go`,
/// `services/convert/action.go` and `modules/structs/action.go` of its version 16.
fn as_forgejo(request: &Request, answer: &mut Response) {
    let path = request.url.split('?').next().unwrap_or_default();
    // With each change of a job its run is changed, and here each time that one looks.
    let date = answer.header("date").unwrap_or_default();
    let now = format!("2026-01-01T{}Z", &date[17..25]);
    if path.ends_with("/version") {
        change_json(answer, |version| {
            *version = json!({"version": "16.0.0+gitea-1.22.0"});
        });
    } else if request.method == "POST" && answer.status == 200 {
        change_json(answer, |run| {
            *run = json!({"id": run["workflow_run_id"], "run_number": 1, "jobs": ["build"]});
        });
    } else if path.ends_with("/actions/runs") {
        change_json(answer, |list| {
            let runs = list["workflow_runs"].as_array_mut().unwrap();
            for run in runs {
                as_forgejos_run(run, &now);
            }
        });
    } else if path.ends_with("/jobs") {
        change_json(answer, |list| {
            let jobs = list["jobs"].as_array().unwrap().iter();
            let jobs = jobs.map(|job| {
                json!({
                    "id": job["id"], "attempt": 1, "repo_id": 1, "owner_id": 1, "name": job["name"],
                    "needs": null, "runs_on": ["docker"], "task_id": 1, "status": word_of(job),
                })
            });
            *list = jobs.collect();
        });
    } else if path.contains("/actions/runs/") && answer.status == 200 {
        change_json(answer, |run| as_forgejos_run(run, &now));
    }
}

fn as_forgejos_run(run: &mut Value, now: &str) {
    let (file, git_ref) = run["path"].as_str().unwrap().split_once('@').unwrap();
    let created = match run["started_at"].as_str() {
        Some(started) if !started.starts_with("1970") => started,
        _ => "2026-01-01T00:00:00Z",
    };
    *run = json!({
        "id": run["id"], "title": run["display_title"], "workflow_id": file,
        "index_in_repo": run["run_number"], "trigger_user": run["actor"],
        "prettyref": git_ref.rsplit('/').next(), "commit_sha": run["head_sha"], "event": run["event"],
        "trigger_event": run["event"], "status": word_of(run), "html_url": run["html_url"],
        "started": run["started_at"], "stopped": run["completed_at"],
        "created": created, "updated": now, "duration": 0,
    });
}

/// Its one word for how far a run or a job is, and how it ended.
fn word_of(run_or_job: &Value) -> Value {
    match (
        run_or_job["status"].as_str(),
        run_or_job["conclusion"].as_str(),
    ) {
        (_, Some(conclusion)) if !conclusion.is_empty() => json!(conclusion),
        (Some("in_progress"), _) => json!("running"),
        (Some("waiting"), _) => json!("blocked"),
        _ => json!("waiting"),
    }
}

/// A receiver whose run returns a value, and ends so.
fn returning(conclusion: Conclusion) -> Workflow {
    let announce = Step::run("true")
        .taking(2.0)
        .printing("${{ inputs.distinct_id }} version=1.2.3");
    let mut make = Step::run("make").taking(20.0);
    make.conclusion = conclusion;
    let mut receiver = Workflow::new("ci.yml")
        .with_input("distinct_id")
        .with_jobs([
            Job::new("announce", [announce]),
            Job::new("build", [make]).needing("announce"),
        ]);
    receiver.run_name = Some("Deploy [${{ inputs.distinct_id }}]".to_owned());
    receiver
}

#[test]
fn a_run_of_a_forgejo_is_waited_for_and_returns_its_values() {
    for conclusion in [Conclusion::Success, Conclusion::Failure] {
        let ended = wait_in(
            scenario(NEWER, returning(conclusion)),
            |inputs| inputs.fail_on_unsuccessful = "false".into(),
            |world| through(world, as_forgejo),
        );
        let over = ended.ended();
        let expected = serde_json::to_value(conclusion).unwrap();
        assert_eq!(over.conclusion, expected.as_str().unwrap());
        assert_eq!(over.outputs, r#"{"version":"1.2.3"}"#);
        assert!(ended.at > Duration::from_secs(20), "{:?}", ended.at);
        // Each job is told as it begins and ends, though it has no times.
        let jobs = ended.events.iter().filter_map(|(_, event)| match event {
            Event::Job { name, state, .. } => Some((&**name, &**state)),
            _ => None,
        });
        let jobs: Vec<_> = jobs.filter(|(_, state)| *state != "waiting").collect();
        let last = expected.as_str().unwrap();
        assert_eq!(
            jobs,
            [
                ("announce", "in_progress"),
                ("announce", "success"),
                ("build", "in_progress"),
                ("build", last)
            ]
        );
    }
}

#[test]
fn a_forgejo_that_does_not_name_the_run_is_searched_for_its_title_or_its_log() {
    for shown in [Shown::InTitle, Shown::InLog] {
        let scenario = scenario(OLDER, shown.receiver()).with_crowd(crowd(20, 20, 1.0));
        let mut ended = run_through(scenario, |request, answer| {
            as_forgejo(request, answer);
            if request.url.ends_with("/version") {
                change_json(answer, |version| {
                    *version = json!({"version": "15.0.1+gitea-1.22.0"});
                });
            }
        });
        ended.assert_right(shown.clue());
        assert_eq!(ended.count("POST", "/dispatches"), 1);
    }
}

#[test]
fn a_lost_answer_of_a_forgejo_is_made_up_for() {
    for acted in [true, false] {
        let mut lost = Fault::on("POST", "/dispatches", Effect::problem(502, "no"));
        lost.acted = acted;
        let scenario = with_newer_runs(scenario(NEWER, Shown::InTitle.receiver()))
            .with_crowd(crowd(5, 5, 1.0))
            .with_fault(lost);
        let mut ended = run_with_through(
            scenario,
            |inputs| inputs.workflow_timeout_seconds = "300".into(),
            as_forgejo,
        );
        ended.assert_right(if acted { "title" } else { "response" });
        assert_eq!(
            ended.count("POST", "/dispatches"),
            if acted { 1 } else { 2 }
        );
    }
}
