//! Answers that are odd, and say nothing final.

use std::time::Duration;

use crate::support::{Shown, answer, run, scenario, wait};
use crate::waiting::{ID, taking};
use return_dispatch::Code;
use simulator::{Fault, Rerun, Server};

#[test]
fn a_run_that_is_completed_without_a_conclusion_is_looked_at_again() {
    for server in Server::GITHUBS {
        for lag in [0.5, 5.0, 30.0] {
            let mut receiver = taking(20.0);
            receiver.jobs[0].steps[0]
                .prints
                .push(format!("{ID} version=1.2.3"));
            let mut lagging = scenario(server, receiver);
            lagging.conclusions_lag = lag;
            let waited = wait(lagging, |_| {});
            assert_eq!(waited.ended().conclusion, "success", "{server:?} {lag}");
            assert_eq!(waited.ended().outputs, r#"{"version":"1.2.3"}"#);
            let end = Duration::from_secs_f64(20.0 + lag);
            let late = Duration::from_secs(10);
            assert!(waited.at < end + late, "{lag}: {:?}", waited.at);
        }
    }
}

/// Nobody sees this attempt run: its end is as new as the attempt.
#[test]
fn the_conclusion_of_each_attempt_is_waited_for_as_long() {
    for after in [15.0, 21.0, 26.0] {
        let mut scenario = scenario(Server::GitHubCom, taking(1.0));
        scenario.conclusions_lag = 50.0;
        scenario.reruns.push(Rerun {
            after,
            ..Rerun::default()
        });
        let waited = wait(scenario, |inputs| {
            inputs.poll_interval_seconds = "10".into();
        });
        let ended = waited.ended();
        assert_eq!(
            (&*ended.conclusion, ended.attempt),
            ("success", Some(2)),
            "{after}"
        );
    }
}

#[test]
fn a_conclusion_that_never_comes_is_said() {
    let never = || {
        let mut scenario = scenario(Server::GitHubCom, taking(20.0));
        scenario.conclusions_lag = 1e6;
        scenario
    };
    let waited = wait(never(), |_| {});
    assert_eq!(waited.error().code, Code::Unsuccessful);
    let message = waited.error().to_string();
    assert!(message.contains("ended with no conclusion"), "{message}");
    let within = Duration::from_secs(20 + 60 + 15);
    assert!(waited.at < within, "{:?}", waited.at);

    let waited = wait(never(), |inputs| {
        inputs.fail_on_unsuccessful = "false".into();
    });
    assert_eq!(waited.ended().conclusion, "");
}

#[test]
fn an_answer_about_another_run_is_not_taken() {
    let another = r#"{"id":7,"status":"completed","conclusion":"failure"}"#;
    let json = ("content-type", "application/json");
    let swapped = scenario(Server::GitHubCom, taking(20.0))
        .with_fault(Fault::on("GET", "/actions/runs/", answer(200, &[json], another)).times(2));
    let mut waited = wait(swapped, |_| {});
    assert_eq!(waited.ended().conclusion, "success");
    let (at, id) = (waited.at, waited.ended().run_id);
    assert_eq!(waited.run_at(at).id, id);
}

#[test]
fn an_id_that_javascript_cannot_hold_is_an_error_that_names_it() {
    let id = 9_007_199_254_740_993_u64;
    let body =
        format!(r#"{{"workflow_run_id":{id},"run_url":"https://x","html_url":"https://x"}}"#);
    let json = ("content-type", "application/json");
    let large = scenario(Server::GitHubCom, Shown::InTitle.receiver())
        .with_fault(Fault::on("POST", "/dispatches", answer(200, &[json], &body)).acting());
    let mut ended = run(large, |_| {});
    assert_eq!(ended.error().code, Code::NotIdentified);
    assert!(ended.error().message.contains(&id.to_string()));
    assert_eq!(ended.dispatched().len(), 1);
    assert!(ended.at < Duration::from_secs(5), "{:?}", ended.at);

    let waited = wait(scenario(Server::GitHubCom, taking(1.0)), |inputs| {
        inputs.run_id = id.to_string().as_str().into();
    });
    assert_eq!(waited.error().code, Code::InvalidInput);
}
