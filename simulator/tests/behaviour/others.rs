//! Other people's runs, and runs that dispatch runs.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;
use simulator::{
    Crowd, Dispatch, DispatchedBy, ExistingRun, Job, Scenario, Status, Step, Workflow,
};

use crate::caller::{Caller, seconds, workflow};

fn crowded(crowd: Crowd) -> Caller {
    Caller::new(Scenario::default().with_crowd(crowd))
}

#[test]
fn a_crowd_surrounds_the_first_dispatch() {
    let mut caller = crowded(Crowd {
        before: 20,
        after: 30,
        spread_seconds: 3.0,
        ..Crowd::default()
    });
    let own = caller.dispatch(&json!({ "distinct_id": "own" }), 10.0);
    let at_once = caller.runs(10.0);
    assert_eq!(at_once.len(), 21, "the rest is still to come");
    let all = caller.runs(13.0);
    assert_eq!(all.len(), 51);
    assert!(all.is_sorted_by(|a, b| a.id < b.id && a.created_at <= b.created_at));
    for run in &all[..20] {
        assert_eq!(run.dispatched_by, DispatchedBy::Crowd);
        assert!((seconds(7.0)..=seconds(10.0)).contains(&run.created_at));
    }
    assert_eq!(all[20].id, own);
    for run in &all[21..] {
        assert!((seconds(10.0)..=seconds(13.0)).contains(&run.created_at));
    }
    let ids: BTreeSet<_> = all.iter().map(|run| &run.inputs["distinct_id"]).collect();
    assert_eq!(ids.len(), 51, "everybody has an ID of their own");

    caller.dispatch(&json!({}), 20.0);
    assert_eq!(caller.runs(60.0).len(), 52, "it comes once");
}

#[test]
fn a_crowd_does_not_come_before_the_start() {
    let mut caller = crowded(Crowd {
        before: 20,
        spread_seconds: 100.0,
        ..Crowd::default()
    });
    caller.dispatch(&json!({}), 1.0);
    let list = caller.json("/actions/runs?created=%3C2026-01-01", 5.0);
    assert_eq!(list["total_count"], 0);
}

#[test]
fn a_crowd_may_have_inputs_that_resemble_the_clients() {
    let mut caller = crowded(Crowd {
        after: 3,
        inputs: BTreeMap::from([("distinct_id".into(), "abc-${{ crowd.id }}".into())]),
        ..Crowd::default()
    });
    caller.dispatch(&json!({ "distinct_id": "abc" }), 0.0);
    let runs = caller.runs(1.0);
    for run in &runs[1..] {
        let id = &run.inputs["distinct_id"];
        assert_eq!((&id[..4], id.len()), ("abc-", 40));
    }
}

#[test]
fn a_run_may_exist_that_shows_the_same_id() {
    let mut caller = Caller::new(
        Scenario::default()
            .with_workflows([workflow([Step::run("sleep").taking(600.0)])
                .with_run_name("for ${{ inputs.distinct_id }}")])
            .with_existing_run(ExistingRun {
                id: Some(19_999_999_999),
                workflow: "ci.yml".into(),
                created_at: -5.0,
                inputs: BTreeMap::from([("distinct_id".into(), "abc".into())]),
                ..ExistingRun::default()
            }),
    );
    let run = caller.json("/actions/runs/19999999999", 0.0);
    assert_eq!(run["display_title"], "for abc");
    assert_eq!(run["status"], "in_progress");
    let own = caller.dispatch(&json!({ "distinct_id": "abc" }), 0.0);
    assert!(own > 19_999_999_999, "IDs grow");
}

#[test]
fn a_run_may_come_into_being_after_the_start() {
    let mut caller = Caller::new(Scenario::default().with_existing_run(ExistingRun {
        id: Some(7),
        workflow: "ci.yml".into(),
        created_at: 2.0,
        ..ExistingRun::default()
    }));
    assert!(caller.runs(1.9).is_empty());
    let run = &caller.runs(2.0)[0];
    assert_eq!((run.id, run.status), (7, Status::Queued));
}

/// A workflow that dispatches the next one, two seconds after its job has started.
fn relaying(file: &str, next: Option<&str>) -> Workflow {
    let id = "${{ inputs.distinct_id }}";
    let mut relay = Step::run("gh workflow run").taking(5.0);
    if let Some(next) = next {
        relay = relay.dispatching(Dispatch {
            workflow: next.into(),
            inputs: BTreeMap::from([("distinct_id".into(), id.into())]),
            ..Dispatch::default()
        });
    }
    Workflow::new(file)
        .with_input("distinct_id")
        .with_run_name(id)
        .with_jobs([Job::new("relay", [Step::run("make").taking(1.8), relay])])
}

#[test]
fn a_step_may_dispatch_a_run_that_dispatches_another() {
    let mut caller = Caller::new(Scenario::default().with_workflows([
        relaying("ci.yml", Some("child.yml")),
        relaying("child.yml", Some("grandchild.yml")),
        relaying("grandchild.yml", None),
    ]));
    caller.dispatch(&json!({ "distinct_id": "abc" }), 0.0);
    assert_eq!(caller.runs(2.9).len(), 1);
    // Nobody looks in between: what happened by then has happened at its own time.
    let runs = caller.runs(100.0);
    let [parent, child, grandchild] = runs.as_slice() else {
        panic!("three runs, not {runs:?}");
    };
    assert_eq!(child.dispatched_by, DispatchedBy::Run { id: parent.id });
    assert_eq!(child.created_at, seconds(3.0));
    assert_eq!(child.workflow, "child.yml");
    assert_eq!(grandchild.dispatched_by, DispatchedBy::Run { id: child.id });
    assert_eq!(grandchild.created_at, seconds(6.0));
    assert!(runs.iter().all(|run| run.inputs["distinct_id"] == "abc"));
    assert!(runs.is_sorted_by_key(|run| run.id));
    let list = caller.json("/actions/workflows/child.yml/runs", 100.0);
    assert_eq!(list["workflow_runs"][0]["display_title"], "abc");
    assert_eq!(
        list["workflow_runs"][0]["actor"]["login"],
        "github-actions[bot]"
    );
}

#[test]
fn a_cancelled_run_dispatches_nothing_any_more() {
    let mut caller = Caller::new(Scenario::default().with_workflows([
        relaying("ci.yml", Some("child.yml")),
        relaying("child.yml", None),
    ]));
    let run = caller.dispatch(&json!({}), 0.0);
    caller.post(&format!("/actions/runs/{run}/cancel"), 1.5);
    assert_eq!(caller.runs(100.0).len(), 1);
}

#[test]
fn a_step_that_dispatches_wrongly_dispatches_nothing() {
    let mut caller = Caller::new(Scenario::default().with_workflows([
        relaying("ci.yml", Some("child.yml")),
        Workflow::new("child.yml"),
    ]));
    caller.dispatch(&json!({}), 0.0);
    assert_eq!(
        caller.runs(100.0).len(),
        1,
        "the child does not declare the input"
    );
}
