//! Concurrency groups: one run in progress, one that waits for its turn.

use std::collections::BTreeMap;

use serde_json::json;
use simulator::{Concurrency, Crowd, Dispatch, Job, Rerun, Scenario, Status, Step, Workflow};

use crate::caller::{Caller, is, jobs, run_state, seconds, workflow};

/// A run takes 1 + 0.2 + 60 + 0.1 seconds.
fn grouped(group: &str) -> Workflow {
    Workflow {
        concurrency: Some(Concurrency::group(group)),
        ..workflow([Step::run("make").taking(60.0)])
    }
}

#[test]
fn a_later_run_is_pending_until_the_earlier_one_has_ended() {
    let mut caller = Caller::with_workflow(grouped("deploy"));
    let first = caller.dispatch(&json!({}), 0.0);
    let second = caller.dispatch(&json!({}), 10.0);
    assert_eq!(run_state(&mut caller, first, 61.2), is("in_progress", None));
    assert_eq!(run_state(&mut caller, second, 61.2), is("pending", None));
    assert!(jobs(&mut caller, second, 61.2).is_empty());
    assert_eq!(
        caller.listed("/actions/runs?status=pending", 61.2),
        [second]
    );
    assert_eq!(run_state(&mut caller, second, 61.3), is("queued", None));
    assert_eq!(jobs(&mut caller, second, 61.3).len(), 1);
    let shown = caller.json(&format!("/actions/runs/{second}"), 61.3);
    assert_eq!(shown["run_started_at"], "2026-01-01T00:00:10Z");
    assert_eq!(shown["updated_at"], "2026-01-01T00:01:01Z");
    assert_eq!(
        run_state(&mut caller, second, 122.6),
        is("completed", Some("success"))
    );
}

#[test]
fn one_waits_at_most_and_the_newest_takes_the_turn() {
    let mut caller = Caller::with_workflow(grouped("deploy"));
    caller.dispatch(&json!({}), 0.0);
    let second = caller.dispatch(&json!({}), 10.0);
    let third = caller.dispatch(&json!({}), 20.0);
    assert_eq!(
        run_state(&mut caller, second, 20.5),
        is("completed", Some("cancelled"))
    );
    assert!(jobs(&mut caller, second, 100.0).is_empty());
    let archive = format!("/actions/runs/{second}/logs");
    assert_eq!(caller.get(&archive, 100.0).status, 404);
    assert_eq!(caller.runs(21.0)[1].cancelled_by, None);
    assert_eq!(run_state(&mut caller, third, 20.5), is("pending", None));
    assert_eq!(run_state(&mut caller, third, 63.0), is("in_progress", None));
}

#[test]
fn runs_of_other_groups_do_not_wait() {
    let mut caller = Caller::with_workflow(grouped("for-${{ inputs.distinct_id }}"));
    for id in ["a", "b", "A"] {
        caller.dispatch(&json!({ "distinct_id": id }), 0.0);
    }
    let status: Vec<_> = caller.runs(10.0).iter().map(|run| run.status).collect();
    assert_eq!(
        status,
        [Status::InProgress, Status::InProgress, Status::Pending],
        "case does not matter"
    );
}

#[test]
fn who_cancels_a_run_lets_the_next_one_begin() {
    let mut caller = Caller::with_workflow(grouped("deploy"));
    let first = caller.dispatch(&json!({}), 0.0);
    let second = caller.dispatch(&json!({}), 1.0);
    caller.post(&format!("/actions/runs/{first}/cancel"), 9.0);
    assert_eq!(run_state(&mut caller, second, 9.9), is("pending", None));
    assert_eq!(run_state(&mut caller, second, 10.0), is("queued", None));
    assert_eq!(
        run_state(&mut caller, second, 71.3),
        is("completed", Some("success"))
    );
}

#[test]
fn one_that_waits_can_be_cancelled() {
    let mut caller = Caller::with_workflow(grouped("deploy"));
    let first = caller.dispatch(&json!({}), 0.0);
    let second = caller.dispatch(&json!({}), 1.0);
    let path = format!("/actions/runs/{second}/cancel");
    assert_eq!(caller.post(&path, 5.0).status, 202);
    assert_eq!(
        run_state(&mut caller, second, 6.0),
        is("completed", Some("cancelled"))
    );
    caller.post(&format!("/actions/runs/{first}/force-cancel"), 7.0);
    assert!(jobs(&mut caller, second, 100.0).is_empty(), "it stays so");
    assert_eq!(
        caller.runs(100.0)[1].attempts[0].ended_at,
        Some(seconds(6.0))
    );
}

#[test]
fn a_run_may_cancel_the_one_in_progress() {
    let mut caller = Caller::with_workflow(Workflow {
        concurrency: Some(Concurrency {
            cancel_in_progress: true,
            ..Concurrency::group("deploy")
        }),
        ..grouped("")
    });
    let first = caller.dispatch(&json!({}), 0.0);
    let second = caller.dispatch(&json!({}), 10.0);
    assert_eq!(run_state(&mut caller, first, 10.5), is("in_progress", None));
    assert_eq!(run_state(&mut caller, second, 10.5), is("pending", None));
    assert_eq!(
        run_state(&mut caller, first, 11.0),
        is("completed", Some("cancelled"))
    );
    assert_eq!(run_state(&mut caller, second, 11.0), is("queued", None));
}

#[test]
fn a_rerun_waits_for_its_turn_too() {
    let mut caller = Caller::new(
        Scenario::default()
            .with_workflows([grouped("deploy")])
            .with_rerun(Rerun {
                after: 5.0,
                ..Rerun::default()
            }),
    );
    let first = caller.dispatch(&json!({}), 0.0);
    caller.dispatch(&json!({}), 10.0);
    // The first one ends after 61.3 seconds, the second one after 122.6.
    assert_eq!(run_state(&mut caller, first, 122.5), is("pending", None));
    assert_eq!(caller.runs(122.5)[0].attempt, 2);
    assert_eq!(run_state(&mut caller, first, 122.6), is("queued", None));
}

#[test]
fn a_crowd_queues_like_everybody() {
    let mut caller = Caller::new(
        Scenario::default()
            .with_workflows([grouped("deploy")])
            .with_crowd(Crowd {
                before: 5,
                after: 5,
                spread_seconds: 3.0,
                ..Crowd::default()
            }),
    );
    caller.dispatch(&json!({}), 10.0);
    for tenths in 100..3000_u32 {
        let at = f64::from(tenths) / 10.0;
        let mut runs = caller.runs(at);
        runs.retain(|run| run.status != Status::Completed);
        let pending = runs.iter().filter(|run| run.status == Status::Pending);
        let pending = pending.count();
        assert!(pending <= 1 && runs.len() - pending <= 1, "{at}: {runs:?}");
    }
    assert!(
        caller
            .runs(300.0)
            .iter()
            .all(|run| run.status == Status::Completed)
    );
}

#[test]
fn what_a_run_dispatches_it_dispatches_once_its_turn_has_come() {
    let relay = Step::run("gh workflow run").dispatching(Dispatch {
        workflow: "child.yml".into(),
        inputs: BTreeMap::new(),
        ..Dispatch::default()
    });
    let parent = Workflow {
        concurrency: Some(Concurrency::group("deploy")),
        ..Workflow::new("ci.yml")
            .with_jobs([Job::new("relay", [relay, Step::run("make").taking(60.0)])])
    };
    let mut caller =
        Caller::new(Scenario::default().with_workflows([parent, Workflow::new("child.yml")]));
    let first = caller.dispatch(&json!({}), 0.0);
    let second = caller.dispatch(&json!({}), 5.0);
    caller.post(&format!("/actions/runs/{first}/force-cancel"), 20.0);
    let mut children = caller.runs(500.0);
    children.retain(|run| run.workflow == "child.yml");
    let created: Vec<_> = children.iter().map(|run| run.created_at).collect();
    assert_eq!(created, [seconds(1.2), seconds(21.2)]);
    assert_eq!(
        children[1].dispatched_by,
        simulator::DispatchedBy::Run { id: second }
    );
}
