//! All the ways in which a run can end.

use serde_json::json;
use simulator::{Conclusion, Step, Workflow};

use crate::caller::{Caller, is, jobs, run_state, workflow};

fn ending(conclusion: Conclusion) -> Caller {
    Caller::with_workflow(Workflow {
        conclusion: Some(conclusion),
        ..workflow([Step::run("make").taking(10.0)])
    })
}

#[test]
fn a_run_may_end_in_any_way_whatever_its_jobs_do() {
    for (conclusion, word) in [
        (Conclusion::TimedOut, "timed_out"),
        (Conclusion::Neutral, "neutral"),
        (Conclusion::Skipped, "skipped"),
        (Conclusion::ActionRequired, "action_required"),
        (Conclusion::Stale, "stale"),
        (Conclusion::Failure, "failure"),
    ] {
        let mut caller = ending(conclusion);
        let run = caller.dispatch(&json!({}), 0.0);
        assert_eq!(run_state(&mut caller, run, 11.2), is("in_progress", None));
        assert_eq!(
            run_state(&mut caller, run, 11.3),
            is("completed", Some(word))
        );
        let listed = caller.listed(&format!("/actions/runs?status={word}"), 11.3);
        assert_eq!(listed, [run]);
        assert_eq!(caller.runs(11.3)[0].conclusion, Some(conclusion));
        assert_eq!(jobs(&mut caller, run, 11.3)[0]["conclusion"], "success");
    }
}

#[test]
fn a_run_that_cannot_start_has_neither_jobs_nor_logs() {
    let mut caller = ending(Conclusion::StartupFailure);
    let run = caller.dispatch(&json!({}), 0.0);
    assert_eq!(run_state(&mut caller, run, 0.9), is("queued", None));
    assert_eq!(
        run_state(&mut caller, run, 1.0),
        is("completed", Some("startup_failure"))
    );
    assert!(jobs(&mut caller, run, 60.0).is_empty());
    let logs = format!("/actions/runs/{run}/logs");
    assert_eq!(caller.get(&logs, 60.0).status, 404);
}

#[test]
fn a_cancelled_run_is_cancelled_all_the_same() {
    for conclusion in [Conclusion::TimedOut, Conclusion::StartupFailure] {
        let mut caller = ending(conclusion);
        let run = caller.dispatch(&json!({}), 0.0);
        let path = format!("/actions/runs/{run}/force-cancel");
        assert_eq!(caller.post(&path, 0.6).status, 202);
        assert_eq!(
            run_state(&mut caller, run, 60.0),
            is("completed", Some("cancelled"))
        );
    }
}
