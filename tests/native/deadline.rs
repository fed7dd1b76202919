//! `workflow_timeout_seconds` is kept within a second, and the error says how
//! far the call got.

use std::time::Duration;

use crate::support::{Ended, Shown, answer, run, scenario};
use return_dispatch::Code;
use simulator::{Effect, Fault, Server};

const LIMIT: u64 = 12;

fn ended(server: Server, shown: Shown, change: impl FnOnce(&mut simulator::Scenario)) -> Ended {
    let mut scenario = scenario(server, shown.receiver());
    change(&mut scenario);
    run(scenario, |inputs| {
        inputs.workflow_timeout_seconds = LIMIT.to_string().as_str().into();
    })
}

fn assert_given_up(ended: &Ended, code: Code, says: &[&str]) {
    let error = ended.error();
    assert_eq!(error.code, code, "{error}");
    let message = error.to_string();
    for words in says {
        assert!(message.contains(words), "{words:?} in: {message}");
    }
    let limit = Duration::from_secs(LIMIT);
    assert!(ended.at >= limit, "not before its time: {:?}", ended.at);
    assert!(ended.at <= limit + Duration::from_secs(1), "{:?}", ended.at);
}

#[test]
fn a_run_that_never_shows() {
    let mut ended = ended(Server::Ghes319, Shown::InTitle, |scenario| {
        scenario.repositories[0].workflows[0].listing_delay = 1e6;
    });
    assert_given_up(
        &ended,
        Code::TimedOut,
        &[
            "no new run appeared within 12 s",
            "0 runs dispatched since",
            "octo/receiver",
        ],
    );
    ended.only_run();
}

#[test]
fn a_run_that_never_shows_the_id() {
    let mut ended = ended(Server::Ghes320, Shown::Nowhere, |_| {});
    let id = ended.settings.as_ref().unwrap().distinct_id.to_string();
    assert_given_up(
        &ended,
        Code::TimedOut,
        &[
            "no run showed",
            &id,
            "1 run dispatched since",
            "1 log read",
            "run-name",
        ],
    );
    ended.only_run();
}

#[test]
fn a_job_that_does_not_end_in_time() {
    let ended = ended(Server::Ghes319, Shown::InLog, |scenario| {
        scenario.repositories[0].workflows[0].jobs[0].steps[0].seconds = 60.0;
    });
    assert_given_up(
        &ended,
        Code::TimedOut,
        &["0 logs read", "workflow_timeout_seconds must be longer"],
    );
}

#[test]
fn a_server_that_hangs() {
    let always = |method: &str, path: &str, effect| Fault::on(method, path, effect).times(None);
    for effect in [Effect::NoAnswer, Effect::Stall { after_bytes: 10 }] {
        let list = ended(Server::Ghes319, Shown::InTitle, |scenario| {
            scenario
                .faults
                .push(always("GET", "/runs?", effect.clone()));
        });
        assert_given_up(&list, Code::TimedOut, &["the runs could not be read"]);

        let log = ended(Server::Ghes319, Shown::InLog, |scenario| {
            scenario.faults.push(always("GET", "/logs", effect.clone()));
        });
        assert_given_up(
            &log,
            Code::TimedOut,
            &["1 run dispatched since", "0 logs read"],
        );
    }
    let mut post = ended(Server::GitHubCom, Shown::InTitle, |scenario| {
        scenario
            .faults
            .push(always("POST", "/dispatches", Effect::NoAnswer).acting());
    });
    assert_given_up(
        &post,
        Code::OutcomeUnknown,
        &[
            "whether it happened is unknown",
            "before you dispatch again",
        ],
    );
    post.only_run();
}

#[test]
fn a_server_that_hangs_before_the_dispatch() {
    let scenario = scenario(Server::GitHubCom, Shown::InTitle.receiver())
        .with_fault(Fault::on("GET", "/repos/octo/receiver", Effect::NoAnswer).times(None));
    let mut ended = run(scenario, |inputs| {
        inputs.r#ref = "".into();
        inputs.workflow_timeout_seconds = "12".into();
    });
    assert_given_up(
        &ended,
        Code::TimedOut,
        &["Nothing was dispatched within 12 s"],
    );
    assert_eq!(ended.dispatched().len(), 0);
}

#[test]
fn one_log_that_hangs_does_not_keep_the_others_from_being_read() {
    // Somebody else's log hangs for good; ours is read all the same.
    let scenario = scenario(Server::Ghes319, Shown::InLog.receiver())
        .with_crowd(crate::support::crowd(1, 0, 0.0))
        .with_fault(Fault::on("GET", "/logs", Effect::Stall { after_bytes: 10 }));
    let mut ended = run(scenario, |_| {});
    ended.assert_right("log");
}

#[test]
fn a_server_that_asks_to_be_left_alone_is_left_alone() {
    let body = "{\"message\":\"slow down\"}";
    for (fields, wait) in [(vec![("retry-after", "30")], 30), (vec![], 60)] {
        for path in ["/runs?", "/jobs?", "/logs"] {
            let fault = Fault::on("GET", path, answer(429, &fields, body));
            let scenario = scenario(Server::Ghes319, Shown::InLog.receiver()).with_fault(fault);
            let mut ended = run(scenario, |inputs| {
                inputs.workflow_timeout_seconds = "300".into();
            });
            ended.assert_right("log");
            let requests = ended.github.requests();
            let refused = requests.iter().position(|request| request.status == 429);
            let refused = refused.expect("it was asked too much");
            let next = requests[refused + 1]
                .at
                .saturating_sub(requests[refused].at);
            assert!(
                next >= Duration::from_secs(wait),
                "{path}: asked again after {next:?}"
            );
        }
    }
}
