//! Gitea: a server that differs in nearly everything, and on which a call is the same.

use std::time::Duration;

use return_dispatch::Code;
use return_dispatch::event::Event;
use return_dispatch::settings::Caller;
use simulator::{Conclusion, Effect, Fault, Job, Rerun, Scenario, Server, Step, Workflow};

use crate::support::{
    Shown, World, answer, crowd, run, run_as, scenario, wait, wait_in, with_newer_runs,
};

/// The releases that return run IDs, and those before.
const NEWER: Server = Server::Gitea;
const OLDER: Server = Server::Gitea125;

/// Clues that there are: it does not fill in the names of steps, and has no archive.
const FINDABLE: [Shown; 2] = [Shown::InTitle, Shown::InLog];

fn on(server: Server, shown: Shown) -> Scenario {
    scenario(server, shown.receiver())
}

/// A receiver of one job that prints the ID first, and goes on for long.
fn long_receiver() -> Workflow {
    let echo = Step::run("true")
        .named("announce")
        .taking(1.0)
        .printing("ID: ${{ inputs.distinct_id }}");
    let build = Step::run("make").taking(600.0);
    Workflow::new("ci.yml")
        .with_input("distinct_id")
        .with_jobs([Job::new("build", [echo, build])])
}

#[test]
fn a_release_that_names_the_run_is_asked_for_its_release_and_once() {
    for receiver in [Shown::Nowhere.receiver(), Workflow::new("ci.yml")] {
        let mut ended = run(scenario(NEWER, receiver), |_| {});
        ended.assert_right("response");
        assert_eq!(ended.count("GET", "/version"), 1);
        assert_eq!(ended.github.requests().len(), 3);
    }
}

#[test]
fn on_an_older_one_the_title_or_a_log_leads_to_the_run_in_time() {
    for shown in FINDABLE {
        let mut ended = run(on(OLDER, shown), |_| {});
        ended.assert_right(shown.clue());
        ended.assert_in_time();
        assert_eq!(ended.count("POST", "/dispatches"), 1);
    }
}

#[test]
fn an_id_is_found_in_the_log_of_a_job_that_runs() {
    let mut ended = run(scenario(OLDER, long_receiver()), |_| {});
    ended.assert_right("log");
    assert!(ended.at < Duration::from_secs(30), "{:?}", ended.at);
}

#[test]
fn the_name_of_a_step_is_found_where_the_runner_prints_it() {
    let mut ended = run(on(OLDER, Shown::InStepName), |_| {});
    ended.assert_right("log");
}

#[test]
fn many_other_runs_of_the_same_moment_make_no_difference() {
    for shown in FINDABLE {
        for spread in [0.0, 2.0] {
            let scenario = on(OLDER, shown).with_crowd(crowd(60, 60, spread));
            let mut ended = run(scenario, |_| {});
            ended.assert_right(shown.clue());
        }
    }
}

#[test]
fn a_supplied_id_is_found_as_well() {
    for shown in FINDABLE {
        let scenario = on(OLDER, shown).with_crowd(crowd(20, 20, 1.0));
        let mut ended = run(scenario, |inputs| {
            inputs.distinct_id = "release-1".into();
            inputs.workflow_timeout_seconds = "300".into();
        });
        ended.assert_right(shown.clue());
    }
}

#[test]
fn an_input_that_would_be_dropped_is_told_before_anything_is_dispatched() {
    let mut ended = run(scenario(OLDER, Workflow::new("ci.yml")), |_| {});
    let error = ended.error();
    assert_eq!(error.code, Code::ReceiverUnprepared);
    assert!(!error.may_have_dispatched);
    assert!(error.to_string().contains("distinct_id"), "{error}");
    assert!(ended.dispatched().is_empty());
}

#[test]
fn without_the_id_an_older_one_is_not_asked_at_all() {
    let mut ended = run(on(OLDER, Shown::InTitle), |inputs| {
        inputs.distinct_id_input = "".into();
    });
    assert_eq!(ended.error().code, Code::ReceiverUnprepared);
    assert!(ended.dispatched().is_empty());
}

#[test]
fn a_tag_may_be_named_without_more() {
    for server in [NEWER, OLDER] {
        for (git_ref, posts) in [("v1", 2), ("refs/tags/v1", 1), ("next", 1)] {
            let mut ended = run(on(server, Shown::InTitle), |inputs| {
                inputs.r#ref = git_ref.into();
            });
            let by = if server == NEWER { "response" } else { "title" };
            ended.assert_right(by);
            assert_eq!(ended.count("POST", "/dispatches"), posts, "{git_ref}");
        }
    }
}

#[test]
fn a_ref_that_is_none_is_refused_as_such() {
    let mut ended = run(on(NEWER, Shown::InTitle), |inputs| {
        inputs.r#ref = "nope".into();
    });
    let error = ended.error();
    assert_eq!(error.code, Code::Refused);
    assert!(
        error.to_string().contains("no such branch or tag"),
        "{error}"
    );
    assert!(ended.dispatched().is_empty());
}

#[test]
fn a_workflow_is_named_by_its_file_its_path_or_its_name() {
    let named = |name: &str| {
        let mut receiver = Shown::InTitle.receiver();
        receiver.name = Some("Deploy it".to_owned());
        run(scenario(OLDER, receiver), |inputs| {
            inputs.workflow = name.into();
        })
    };
    let path = |ended: &crate::support::Ended| {
        let requests = ended.github.requests().iter();
        let mut raw = requests.filter(|request| request.path.contains("/raw/"));
        raw.next_back().map(|request| request.path.clone())
    };
    let mut by_file = named("ci.yml");
    by_file.assert_right("title");
    named("Deploy it").assert_right("title");
    let folder = path(&by_file).expect("the file is read");
    let folder = if folder.contains(".gitea/") {
        ".gitea"
    } else {
        ".github"
    };
    named(&format!("{folder}/workflows/ci.yml")).assert_right("title");
    let other = named(".forgejo/workflows/ci.yml");
    assert_eq!(other.error().code, Code::NotFound);
    assert_eq!(named("7").error().code, Code::InvalidInput);
}

#[test]
fn where_the_dispatch_got_no_answer_its_run_is_found_and_not_repeated() {
    for server in [NEWER, OLDER] {
        let mut scenario = on(server, Shown::InTitle);
        scenario.faults.push(
            Fault::on("POST", "/dispatches", Effect::Reset)
                .times(1)
                .acting(),
        );
        let mut ended = run(scenario, |_| {});
        ended.assert_right("title");
        assert_eq!(ended.count("POST", "/dispatches"), 1);
    }
}

#[test]
fn a_dispatch_that_did_not_arrive_is_repeated_once_that_is_certain() {
    for server in [NEWER, OLDER] {
        let mut scenario = with_newer_runs(on(server, Shown::InTitle));
        scenario
            .faults
            .push(Fault::on("POST", "/dispatches", answer(502, &[], "")).times(1));
        let mut ended = run(scenario, |inputs| {
            inputs.workflow_timeout_seconds = "300".into();
        });
        ended.assert_right(if server == NEWER { "response" } else { "title" });
        assert_eq!(ended.count("POST", "/dispatches"), 2);
        assert!(ended.at > Duration::from_mins(1));
    }
}

#[test]
fn a_workflow_file_that_cannot_be_read_is_refused_at_once() {
    let body = r#"{"message":"failed to unmarshal workflow content: yaml: line 1: x"}"#;
    let mut scenario = on(NEWER, Shown::InTitle);
    scenario
        .faults
        .push(Fault::on("POST", "/dispatches", answer(500, &[], body)));
    let ended = run(scenario, |_| {});
    assert_eq!(ended.error().code, Code::Refused);
    assert!(
        ended.error().to_string().contains("not valid"),
        "{}",
        ended.error()
    );
    assert!(ended.at < Duration::from_secs(5));
}

#[test]
fn a_run_is_waited_for_and_returns_its_values() {
    for server in [NEWER, OLDER] {
        let step = Step::run("true")
            .taking(2.0)
            .printing("${{ inputs.distinct_id }} version=1.2.3");
        let after = Job::new("after", [Step::run("make").taking(20.0)]).needing("build");
        let mut receiver = Workflow::new("ci.yml")
            .with_input("distinct_id")
            .with_jobs([Job::new("build", [step]), after]);
        receiver.run_name = Some("Deploy [${{ inputs.distinct_id }}]".to_owned());
        let mut ended = wait(scenario(server, receiver), |_| {});
        let over = ended.ended().clone();
        assert_eq!(over.conclusion, "success");
        assert_eq!(over.outputs, r#"{"version":"1.2.3"}"#);
        assert!(over.seconds > Some(20), "{:?}", over.seconds);
        assert_eq!(over.attempt, Some(1));
        let at = ended.at;
        assert_eq!(over.run_id, ended.run_at(at).id);
        assert_eq!(ended.count("GET", "/attempts/"), 0);
        assert_eq!(ended.count("GET", "pending_deployments"), 0);
    }
}

#[test]
fn a_run_that_fails_is_an_error_that_names_the_job_and_no_step_that_may_be_well() {
    let mut failing = Step::run("make").taking(3.0);
    failing.conclusion = Conclusion::Failure;
    let job = Job::new(
        "build",
        [Step::run("true").named("well").taking(1.0), failing],
    );
    let receiver = Workflow::new("ci.yml")
        .with_input("distinct_id")
        .with_jobs([job]);
    let ended = wait(scenario(NEWER, receiver), |_| {});
    let error = ended.error();
    assert_eq!(error.code, Code::Unsuccessful);
    assert!(error.to_string().contains("\"build\" failure"), "{error}");
    assert!(!error.to_string().contains("well"), "{error}");
    let told = ended.events.iter().filter_map(|(_, event)| match event {
        Event::Step {
            name, conclusion, ..
        } => Some((&**name, &**conclusion)),
        _ => None,
    });
    for (name, conclusion) in told {
        assert_eq!(conclusion, "completed", "{name}");
    }
}

#[test]
fn what_cannot_be_cancelled_is_told_with_its_page() {
    let ended = wait_in(
        scenario(NEWER, long_receiver()),
        |_| {},
        |world: &World| world.cancel_at(Duration::from_secs(20)),
    );
    let error = ended.error().to_string();
    assert!(error.contains("no way to cancel runs"), "{error}");
    assert!(error.contains("/actions/runs/"), "{error}");
    assert!(ended.at < Duration::from_secs(25), "{:?}", ended.at);
}

#[test]
fn whose_api_it_is_is_told_by_its_address_or_the_runner() {
    let plain = on(NEWER, Shown::InTitle);
    let caller = Caller {
        api_url: Some(plain.api_base().to_owned()),
        gitea: Some("true".to_owned()),
        ..Caller::default()
    };
    let mut ended = run_as(plain, &caller, |inputs| inputs.api_url = "".into());
    ended.assert_right("response");
}

#[test]
fn a_list_without_jobs_is_read_again() {
    let nothing = answer(200, &[], r#"{"jobs":[],"total_count":0}"#);
    let step = Step::run("true").printing("ID: ${{ inputs.distinct_id }}");
    let receiver = Workflow::new("ci.yml")
        .with_input("distinct_id")
        .with_jobs([Job::new("build", [step])]);
    let mut scenario = scenario(OLDER, receiver);
    // By then, the run has ended.
    scenario.faults.push(
        Fault::on("GET", "/jobs?", nothing)
            .times(3)
            .between(0.0, 60.0),
    );
    scenario.faults.push(
        Fault::on("GET", "/runs?event", answer(502, &[], ""))
            .times(None)
            .between(0.0, 20.0),
    );
    let mut ended = run(scenario, |_| {});
    ended.assert_right("log");
}

#[test]
fn a_run_that_was_started_again_says_which_attempt_has_ended() {
    let mut failing = Step::run("make").taking(3.0);
    failing.conclusions_by_attempt = vec![Conclusion::Failure];
    let receiver = Workflow::new("ci.yml")
        .with_input("distinct_id")
        .with_jobs([Job::new("build", [failing])]);
    let mut scenario = scenario(NEWER, receiver);
    scenario.reruns.push(Rerun {
        after: 1.0,
        ..Rerun::default()
    });
    let ended = wait(scenario, |inputs| {
        inputs.poll_interval_seconds = "60".into();
    });
    let over = ended.ended();
    assert_eq!((over.attempt, &*over.conclusion), (Some(2), "success"));
}

#[test]
fn where_runs_cannot_be_listed_nothing_is_dispatched_that_would_have_to_be_found() {
    let lists = || answer(404, &[("content-type", "text/plain")], "404 page not found");
    let on = |server| {
        let mut scenario = on(server, Shown::InTitle);
        let fault = Fault::on("GET", "/actions/runs?limit=1", lists());
        scenario.faults.push(fault.times(None));
        run(scenario, |_| {})
    };
    let mut older = on(OLDER);
    let error = older.error().to_string();
    assert!(error.starts_with("Nothing was dispatched"), "{error}");
    assert!(older.dispatched().is_empty());
    on(NEWER).assert_right("response");
}
