//! What goes wrong, and when.

use std::collections::BTreeMap;

use serde_json::json;
use simulator::{Delivery, Effect, Fault, Scenario};

use crate::caller::{Caller, message, text};

fn with(fault: Fault) -> Caller {
    Caller::new(Scenario::default().with_fault(fault))
}

/// The statuses of so many requests for runs.
fn statuses(caller: &mut Caller, number: usize) -> Vec<u16> {
    (0..number)
        .map(|_| caller.get("/actions/runs", 1.0).status)
        .collect()
}

fn unavailable() -> Effect {
    Effect::problem(503, "Unavailable")
}

#[test]
fn a_fault_strikes_once_unless_told_otherwise() {
    let fault = Fault::on("GET", "/actions/runs", unavailable());
    assert_eq!(statuses(&mut with(fault.clone()), 3), [503, 200, 200]);
    assert_eq!(
        statuses(&mut with(fault.clone().times(2)), 3),
        [503, 503, 200]
    );
    assert_eq!(
        statuses(&mut with(fault.clone().after(1)), 3),
        [200, 503, 200]
    );
    assert_eq!(statuses(&mut with(fault.times(None)), 3), [503, 503, 503]);
}

#[test]
fn a_fault_strikes_only_what_it_fits() {
    let mut caller = with(Fault::on("POST", "/actions/runs", unavailable()).times(None));
    assert_eq!(statuses(&mut caller, 1), [200]);
    let mut caller = with(Fault::on("GET", "per_page=7", unavailable()).times(None));
    assert_eq!(statuses(&mut caller, 1), [200]);
    assert_eq!(caller.get("/actions/runs?per_page=7", 0.0).status, 503);
}

#[test]
fn of_several_faults_the_first_strikes_and_the_next_waits() {
    let mut caller = Caller::new(
        Scenario::default()
            .with_fault(Fault::on("GET", "/runs", Effect::problem(500, "")))
            .with_fault(Fault::on("GET", "/runs", Effect::problem(502, "")))
            .with_fault(Fault::on("GET", "/runs", Effect::problem(504, "")).after(2)),
    );
    assert_eq!(statuses(&mut caller, 4), [500, 502, 504, 200]);
}

#[test]
fn an_answer_may_be_replaced() {
    let effect = Effect::Answer {
        status: 429,
        headers: BTreeMap::from([("Retry-After".into(), "7".into())]),
        body: "<html>slow down</html>".into(),
    };
    let mut caller = with(Fault::on("GET", "/runs", effect));
    let response = caller.get("/actions/runs", 0.0);
    assert_eq!(response.status, 429);
    assert_eq!(response.header("retry-after"), Some("7"));
    assert_eq!(
        response.header("content-type"),
        Some("text/html; charset=utf-8")
    );
    assert!(response.header("date").is_some());
    assert_eq!(text(&response), "<html>slow down</html>");
    assert_eq!(response.delivery, Delivery::Whole);
}

#[test]
fn a_lost_answer_may_hide_a_run_that_was_created() {
    for (acted, runs) in [(true, 1), (false, 0)] {
        for effect in [
            Effect::problem(500, "Failed to run workflow dispatch"),
            Effect::NoAnswer,
            Effect::Reset,
        ] {
            let mut caller = with(Fault {
                acted,
                ..Fault::on("POST", "/dispatches", effect)
            });
            let request = caller.dispatch_request(&json!({ "ref": "main" }));
            let response = caller.send(&request, 0.0);
            assert_ne!(response.status, 204);
            assert_eq!(caller.own_runs(0.0).len(), runs);
        }
    }
}

#[test]
fn an_answer_may_never_come_or_the_connection_close() {
    for (effect, delivery) in [
        (Effect::NoAnswer, Delivery::NoAnswer),
        (Effect::Reset, Delivery::Reset),
    ] {
        let mut caller = with(Fault::on("GET", "/runs", effect));
        let response = caller.get("/actions/runs", 0.0);
        assert_eq!((response.status, response.delivery), (0, delivery));
        assert!(response.headers.is_empty() && response.body.is_empty());
        assert_eq!(caller.github.requests()[0].status, 0);
    }
}

#[test]
fn an_answer_may_stop_in_the_middle() {
    for (effect, delivery) in [
        (Effect::Stall { after_bytes: 10 }, Delivery::StallsAfter(10)),
        (Effect::Cut { after_bytes: 10 }, Delivery::CutAfter(10)),
    ] {
        let mut caller = with(Fault::on("GET", "/runs", effect));
        let stopped = caller.get("/actions/runs", 0.0);
        let whole = caller.get("/actions/runs", 0.0);
        assert_eq!((stopped.status, stopped.delivery), (200, delivery));
        assert_eq!(stopped.delivered(), &whole.body[..10]);
        let length = whole.body.len().to_string();
        assert_eq!(stopped.header("content-length"), Some(length.as_str()));
        assert_eq!(caller.github.requests()[0].bytes, 10);
    }
}

#[test]
fn the_store_has_faults_too() {
    let mut caller = with(Fault::on("GET", "logs.zip", unavailable()));
    let run = caller.dispatch(&json!({}), 0.0);
    let failed = caller.archive(run, 10.0);
    assert_eq!(
        (failed.status, message(&failed).as_str()),
        (503, "Unavailable")
    );
    assert_eq!(caller.archive(run, 10.0).status, 200);
}
