//! What goes wrong, and when.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde_json::json;
use simulator::{Asks, Deletion, Delivery, Disorder, Effect, Fault, Scenario};

use crate::caller::{Caller, body, ids, message, seconds, text};

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
fn a_lost_request_may_take_effect_later() {
    let fault = Fault::on("POST", "/dispatches", Effect::Reset).acting_after(20.0);
    let mut caller = with(fault);
    let request = caller.dispatch_request(&json!({ "ref": "main" }));
    caller.send(&request, 1.0);
    assert_eq!(caller.own_runs(20.9).len(), 0);
    let runs = caller.own_runs(21.0);
    assert_eq!(runs.len(), 1);
    assert_eq!(runs[0].created_at, Duration::from_secs(21));
    assert_eq!(caller.github.requests()[0].created, Some(runs[0].id));
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

#[test]
fn a_connection_that_is_refused_brings_nothing_to_the_server() {
    let refused = Fault::on("POST", "/dispatches", Effect::Refused).acting();
    let mut caller = with(refused);
    let request = caller.dispatch_request(&json!({ "ref": "main" }));
    assert_eq!(caller.send(&request, 0.0).delivery, Delivery::Refused);
    assert!(caller.own_runs(0.0).is_empty());
}

#[test]
fn a_fault_may_last_for_a_span_of_time() {
    let fault = Fault::on("GET", "/runs", unavailable()).times(None);
    let mut caller = with(fault.between(10.0, 20.0));
    let statuses = [9.9, 10.0, 19.9, 20.0].map(|at| caller.get("/actions/runs", at).status);
    assert_eq!(statuses, [200, 503, 503, 200]);
}

#[test]
fn an_answer_may_be_late_or_slow() {
    let late = Fault::on("GET", "/runs", Effect::Late { seconds: 3.0 });
    let slow = Fault::on("GET", "/runs", Effect::Trickle { seconds: 4.0 });
    let mut caller = Caller::new(Scenario::default().with_fault(late).with_fault(slow));
    let late = caller.get("/actions/runs", 0.0);
    let slow = caller.get("/actions/runs", 0.0);
    assert_eq!(
        (late.status, late.late, late.trickle),
        (200, seconds(3.0), seconds(0.0))
    );
    assert_eq!(
        (slow.status, slow.late, slow.trickle),
        (200, seconds(0.0), seconds(4.0))
    );
}

#[test]
fn lists_may_stand_still_or_fall_behind() {
    for (by, shown_at) in [(1.0, 20.0), (0.5, 14.1)] {
        let behind = Fault::on("GET", "/runs?", Effect::FallsBehind { by });
        let mut caller = with(behind.times(None).between(11.0, 20.0));
        let first = caller.dispatch(&json!({}), 10.0);
        let second = caller.dispatch(&json!({}), 12.0);
        for (at, expected) in [
            (13.0, vec![first]),
            (shown_at - 0.6, vec![first]),
            (shown_at, vec![second, first]),
        ] {
            assert_eq!(
                caller.listed("/actions/runs?per_page=5", at),
                expected,
                "{by}, {at}"
            );
        }
    }
}

#[test]
fn a_list_may_be_stale() {
    let mut caller = with(Fault::on("GET", "/runs", Effect::Stale { seconds: 30.0 }).after(1));
    let run = caller.dispatch(&json!({}), 10.0);
    assert_eq!(caller.listed("/actions/runs", 11.0), [run]);
    let stale = caller.get("/actions/runs", 12.0);
    assert!(ids(&body(&stale)["workflow_runs"]).is_empty());
    assert_eq!(stale.header("date"), Some("Thu, 01 Jan 2026 00:00:12 GMT"));
    assert_eq!(caller.listed("/actions/runs", 12.0), [run]);
}

#[test]
fn the_entries_of_a_page_may_be_in_disorder() {
    for how in [
        Disorder::Duplicated,
        Disorder::Reordered,
        Disorder::Missing,
        Disorder::Hidden,
    ] {
        let mut caller = with(Fault::on("GET", "/runs", Effect::Disorder { how }));
        let old = caller.dispatch(&json!({}), 0.0);
        let new = caller.dispatch(&json!({}), 1.0);
        let expected = match how {
            Disorder::Duplicated => vec![new, old, new],
            Disorder::Reordered => vec![old, new],
            Disorder::Missing | Disorder::Hidden => vec![old],
        };
        assert_eq!(caller.listed("/actions/runs", 2.0), expected);
        assert_eq!(caller.listed("/actions/runs", 2.0), [new, old]);
    }
}

#[test]
fn what_is_hidden_is_counted_and_leaves_no_gap_in_a_page() {
    for (how, expected) in [(Disorder::Hidden, 2), (Disorder::Missing, 1)] {
        let mut caller = with(Fault::on("GET", "/runs", Effect::Disorder { how }));
        for at in [0.0, 1.0, 2.0] {
            caller.dispatch(&json!({}), at);
        }
        let page = body(&caller.get("/actions/runs?per_page=2", 3.0));
        assert_eq!(page["total_count"], 3);
        assert_eq!(ids(&page["workflow_runs"]).len(), expected, "{how:?}");
    }
}

#[test]
fn a_server_may_ask_to_be_left_alone_in_each_way_there_is() {
    let asked = |status, asks| {
        let mut caller = with(Fault::on("GET", "/runs", Effect::Limited { status, asks }));
        let response = caller.get("/actions/runs", 0.5);
        assert_eq!(response.status, status);
        let header = |name| response.header(name).map(str::to_owned);
        (header("retry-after"), header("x-ratelimit-reset"))
    };
    let text = |text: &str| Some(text.to_owned());
    assert_eq!(asked(429, None), (None, None));
    let in_seconds = Some(Asks::Seconds { seconds: 7 });
    assert_eq!(asked(403, in_seconds), (text("7"), None));
    let as_date = Some(Asks::Date { seconds: 7 });
    let date = text("Thu, 01 Jan 2026 00:00:07 GMT");
    assert_eq!(asked(503, as_date), (date, None));
    let as_reset = Some(Asks::Reset { seconds: 7 });
    assert_eq!(asked(403, as_reset), (None, text("1767225607")));
}

#[test]
fn a_run_may_be_deleted_meanwhile() {
    let deletion = Deletion { run: 0, after: 5.0 };
    let mut caller = Caller::new(Scenario::default().with_deletion(deletion));
    let run = caller.dispatch(&json!({}), 0.0);
    let path = format!("/actions/runs/{run}");
    assert_eq!(caller.listed("/actions/runs", 4.9), [run]);
    assert_eq!(caller.get(&path, 4.9).status, 200);
    assert!(caller.listed("/actions/runs", 5.0).is_empty());
    assert_eq!(caller.get(&path, 5.0).status, 404);
    assert_eq!(caller.runs(5.0)[0].deleted_at, Some(seconds(5.0)));
}

#[test]
fn front_ends_differ_about_the_time_by_no_more_than_they_may() {
    let mut caller = Caller::new(Scenario {
        clocks_differ_by: 1.0,
        ..Scenario::default()
    });
    let mut dates = BTreeSet::new();
    for _ in 0..100 {
        let date = caller
            .get("/actions/runs", 100.5)
            .header("date")
            .map(str::to_owned);
        dates.insert(date.expect("a date"));
    }
    let seconds: Vec<_> = dates.iter().map(|date| &date[17..25]).collect();
    assert_eq!(seconds, ["00:01:39", "00:01:40", "00:01:41"]);
}

#[test]
fn the_truth_tells_which_client_did_what() {
    let mut caller = Caller::new(Scenario::default());
    let request = caller.dispatch_request(&json!({ "ref": "main" }));
    caller.github.handle_from(7, &request, seconds(0.0));
    let run = caller.runs(0.0)[0].clone();
    assert_eq!(run.client, Some(7));
    assert_eq!(caller.github.requests()[0].created, Some(run.id));
    let path = format!("/repos/octo/receiver/actions/runs/{}/cancel", run.id);
    let cancel = caller.request("POST", &path);
    caller.github.handle_from(8, &cancel, seconds(1.0));
    assert_eq!(caller.runs(1.0)[0].cancelled_by, Some(8));
}
