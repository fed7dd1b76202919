//! Cancellations that do nothing, or take their time.

use serde_json::json;
use simulator::{Step, Workflow};

use crate::caller::{Caller, is, run_state, workflow};

fn slow() -> Workflow {
    workflow([Step::run("sleep").taking(600.0)])
}

#[test]
fn a_run_may_ignore_its_cancellation_until_it_is_forced() {
    let mut caller = Caller::with_workflow(Workflow {
        ignores_cancel: true,
        ..slow()
    });
    let run = caller.dispatch(&json!({}), 0.0);
    let path = format!("/actions/runs/{run}");
    assert_eq!(caller.post(&format!("{path}/cancel"), 10.0).status, 202);
    assert_eq!(run_state(&mut caller, run, 500.0), is("in_progress", None));
    assert_eq!(caller.runs(500.0)[0].cancelled_by, None);
    let forced = caller.post(&format!("{path}/force-cancel"), 500.0);
    assert_eq!(forced.status, 202);
    assert_eq!(
        run_state(&mut caller, run, 500.0),
        is("completed", Some("cancelled"))
    );
    assert_eq!(caller.runs(500.0)[0].cancelled_by, Some(0));
}

#[test]
fn a_cancellation_may_take_long() {
    let mut caller = Caller::with_workflow(Workflow {
        cancelling_takes: 300.0,
        ..slow()
    });
    let run = caller.dispatch(&json!({}), 0.0);
    let path = format!("/actions/runs/{run}/cancel");
    assert_eq!(caller.post(&path, 10.0).status, 202);
    assert_eq!(caller.post(&path, 100.0).status, 202, "it is still there");
    assert_eq!(run_state(&mut caller, run, 309.9), is("in_progress", None));
    assert_eq!(
        run_state(&mut caller, run, 310.0),
        is("completed", Some("cancelled"))
    );
}

#[test]
fn a_run_may_end_before_its_cancellation_reaches_it() {
    let mut caller = Caller::with_workflow(Workflow {
        cancelling_takes: 300.0,
        ..workflow([Step::run("make")])
    });
    let run = caller.dispatch(&json!({}), 0.0);
    let path = format!("/actions/runs/{run}/cancel");
    assert_eq!(caller.post(&path, 2.0).status, 202);
    assert_eq!(
        run_state(&mut caller, run, 10.0),
        is("completed", Some("success"))
    );
}

#[test]
fn what_always_runs_is_ended_by_force_alone() {
    let workflow = workflow([
        Step::run("sleep").taking(600.0),
        Step::run("make clean").taking(100.0).always(),
        Step::run("make more"),
    ]);
    let mut caller = Caller::with_workflow(workflow);
    let run = caller.dispatch(&json!({}), 0.0);
    let path = format!("/actions/runs/{run}");
    assert_eq!(caller.post(&format!("{path}/cancel"), 10.0).status, 202);
    let is_over = is("completed", Some("cancelled"));
    assert_eq!(run_state(&mut caller, run, 100.0), is("in_progress", None));
    assert_eq!(run_state(&mut caller, run, 120.0), is_over);

    let other = caller.dispatch(&json!({}), 200.0);
    let path = format!("/actions/runs/{other}");
    assert_eq!(caller.post(&format!("{path}/cancel"), 210.0).status, 202);
    assert_eq!(
        run_state(&mut caller, other, 250.0),
        is("in_progress", None)
    );
    let forced = caller.post(&format!("{path}/force-cancel"), 250.0);
    assert_eq!(forced.status, 202);
    assert_eq!(run_state(&mut caller, other, 250.0), is_over);
}
