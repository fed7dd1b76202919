//! Runs that somebody re-runs: one ID, several attempts.

use serde_json::{Value, json};
use simulator::{
    Archive, Conclusion, Deletion, Environment, Job, Rerun, Scenario, Status, Step, Workflow,
};

use crate::caller::{Caller, ids, is, jobs, run_state, state, text, workflow};

/// Fails at first, and succeeds when it is re-run. An attempt takes 1 + 0.2 + 10 + 0.1 seconds.
fn flaky() -> Workflow {
    workflow([Step::run("make")
        .taking(10.0)
        .printing("attempt ${{ github.run_attempt }}")
        .ending_by_attempt([Conclusion::Failure])])
}

fn rerun(after: f64) -> Rerun {
    Rerun {
        after,
        ..Rerun::default()
    }
}

fn rerunning(workflow: Workflow, afters: &[f64]) -> Caller {
    let mut scenario = Scenario::default().with_workflows([workflow]);
    for after in afters {
        scenario = scenario.with_rerun(rerun(*after));
    }
    Caller::new(scenario)
}

fn run_of(caller: &mut Caller, run: u64, suffix: &str, at: f64) -> Value {
    caller.json(&format!("/actions/runs/{run}{suffix}"), at)
}

#[test]
fn a_rerun_has_the_same_id_and_starts_from_the_queue() {
    let mut caller = rerunning(flaky(), &[60.0]);
    let run = caller.dispatch(&json!({}), 0.0);
    assert_eq!(
        run_state(&mut caller, run, 71.2),
        is("completed", Some("failure"))
    );
    let first = run_of(&mut caller, run, "", 71.2);
    assert_eq!(first["run_attempt"], 1);
    assert_eq!(first["previous_attempt_url"], Value::Null);

    // 11.3 + 60.
    assert_eq!(run_state(&mut caller, run, 71.4), is("queued", None));
    assert_eq!(run_state(&mut caller, run, 73.0), is("in_progress", None));
    assert_eq!(
        run_state(&mut caller, run, 83.0),
        is("completed", Some("success"))
    );
    let second = run_of(&mut caller, run, "", 83.0);
    assert_eq!(second["run_attempt"], 2);
    assert_eq!(second["created_at"], first["created_at"]);
    assert_eq!(second["run_number"], first["run_number"]);
    assert_eq!(second["run_started_at"], "2026-01-01T00:01:11Z");
    assert_eq!(second["updated_at"], "2026-01-01T00:01:22Z");
    assert_eq!(
        second["previous_attempt_url"],
        format!("https://api.github.com/repos/octo/receiver/actions/runs/{run}/attempts/1")
    );
    assert_eq!(second["actor"]["login"], "octocat");
    assert_eq!(second["triggering_actor"]["login"], "hubot");
    assert_eq!(caller.runs(83.0).len(), 1);
}

#[test]
fn each_attempt_is_there_by_its_number_once_it_has_started() {
    let mut caller = rerunning(flaky(), &[60.0]);
    let run = caller.dispatch(&json!({}), 0.0);
    let only = run_of(&mut caller, run, "/attempts/1", 30.0);
    assert_eq!(only, run_of(&mut caller, run, "", 30.0));
    for suffix in ["/attempts/2", "/attempts/2/jobs", "/attempts/2/logs"] {
        let path = format!("/actions/runs/{run}{suffix}");
        assert_eq!(caller.get(&path, 71.0).status, 404, "{suffix}");
    }
    let first = run_of(&mut caller, run, "/attempts/1", 75.0);
    assert_eq!(state(&first), is("completed", Some("failure")));
    assert_eq!(first["run_attempt"], 1);
    assert_eq!(first["updated_at"], "2026-01-01T00:00:11Z");
    let second = run_of(&mut caller, run, "/attempts/2", 75.0);
    assert_eq!(second, run_of(&mut caller, run, "", 75.0));
    for number in ["0", "3", "99999999999"] {
        let path = format!("/actions/runs/{run}/attempts/{number}");
        assert_eq!(caller.get(&path, 75.0).status, 404, "{number}");
    }
}

#[test]
fn the_jobs_of_each_attempt_have_their_own_ids() {
    let mut caller = rerunning(flaky(), &[60.0]);
    let run = caller.dispatch(&json!({}), 0.0);
    let before = jobs(&mut caller, run, 30.0);
    let latest = jobs(&mut caller, run, 75.0);
    assert_ne!(before[0]["id"], latest[0]["id"]);
    assert_eq!(state(&latest[0]), is("in_progress", None));
    assert_eq!(latest[0]["run_attempt"], 2);

    let first = run_of(&mut caller, run, "/attempts/1/jobs", 75.0);
    let second = run_of(&mut caller, run, "/attempts/2/jobs", 75.0);
    let all = run_of(&mut caller, run, "/jobs?filter=all", 75.0);
    assert_eq!(first["jobs"][0]["run_attempt"], 1);
    assert_eq!(first["jobs"][0]["conclusion"], "failure");
    assert_eq!(
        ids(&all["jobs"]),
        [ids(&first["jobs"]), ids(&second["jobs"])].concat()
    );
    assert_eq!(all["total_count"], 2);
    let chosen = run_of(&mut caller, run, "/jobs?filter=latest", 75.0);
    assert_eq!(chosen, second);
    // The old job is still there by its ID.
    let id = &before[0]["id"];
    let old = caller.json(&format!("/actions/jobs/{id}"), 75.0);
    assert_eq!(state(&old), is("completed", Some("failure")));
}

#[test]
fn the_logs_of_each_attempt_are_kept() {
    let mut caller = rerunning(flaky(), &[60.0]);
    let run = caller.dispatch(&json!({}), 0.0);
    let path = format!("/actions/runs/{run}");
    assert_eq!(caller.get(&format!("{path}/logs"), 20.0).status, 302);
    assert_eq!(
        caller.get(&format!("{path}/logs"), 75.0).status,
        404,
        "the latest attempt is not over"
    );
    let mut contents = Vec::new();
    for suffix in ["/attempts/1/logs", "/attempts/2/logs", "/logs"] {
        let redirect = caller.get(&format!("{path}{suffix}"), 90.0);
        let archive = caller.follow(&redirect, 90.0).body;
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(archive)).expect("a zip");
        let log = archive.by_name("0_build.txt").expect("an entry");
        contents.push(std::io::read_to_string(log).expect("text"));
    }
    assert!(contents[0].contains("attempt 1"));
    assert!(contents[1].contains("attempt 2"));
    assert_eq!(contents[1], contents[2]);
    assert_eq!(contents[1], text(&caller.job_log(run, 0, 90.0)));
}

#[test]
fn the_truth_has_every_attempt() {
    let mut caller = rerunning(flaky(), &[60.0, 30.0]);
    caller.dispatch(&json!({}), 0.0);
    let facts = |caller: &mut Caller, at| {
        let run = caller.runs(at).remove(0);
        let attempts = run.attempts.iter().map(|attempt| {
            (
                attempt.number,
                attempt.conclusion,
                attempt.ended_at.map(|ended| ended.as_millis()),
            )
        });
        (run.attempt, run.status, attempts.collect::<Vec<_>>())
    };
    assert_eq!(
        facts(&mut caller, 5.0),
        (1, Status::InProgress, vec![(1, None, None)])
    );
    let first = (1, Some(Conclusion::Failure), Some(11_300));
    assert_eq!(
        facts(&mut caller, 72.0),
        (2, Status::Queued, vec![first, (2, None, None)])
    );
    let second = (2, Some(Conclusion::Success), Some(82_600));
    let third = (3, Some(Conclusion::Success), Some(123_900));
    assert_eq!(
        facts(&mut caller, 500.0),
        (3, Status::Completed, vec![first, second, third])
    );
}

#[test]
fn who_cancels_an_attempt_brings_the_next_one_forward() {
    let mut caller = rerunning(flaky(), &[60.0]);
    let run = caller.dispatch(&json!({}), 0.0);
    caller.post(&format!("/actions/runs/{run}/cancel"), 4.0);
    // 5 + 60.
    assert_eq!(
        run_state(&mut caller, run, 64.9),
        is("completed", Some("cancelled"))
    );
    assert_eq!(run_state(&mut caller, run, 65.0), is("queued", None));
    caller.post(&format!("/actions/runs/{run}/force-cancel"), 70.0);
    assert_eq!(
        run_state(&mut caller, run, 300.0),
        is("completed", Some("cancelled"))
    );
    let facts = caller.runs(300.0).remove(0);
    assert_eq!(facts.attempts.len(), 2);
}

#[test]
fn only_the_run_that_is_meant_is_rerun_and_not_before_it_ends() {
    let mut caller = Caller::new(
        Scenario::default()
            .with_workflows([Workflow::new("ci.yml").with_jobs([Job::new(
                "deploy",
                [Step::run("make")],
            )
            .with_environment(Environment::new("production"))])])
            .with_rerun(Rerun {
                run: 1,
                after: 5.0,
                ..Rerun::default()
            }),
    );
    let other = caller.dispatch(&json!({}), 0.0);
    let run = caller.dispatch(&json!({}), 1.0);
    for run in [other, run] {
        caller.post(&format!("/actions/runs/{run}/force-cancel"), 1000.0);
    }
    let attempts: Vec<_> = caller.runs(2000.0).iter().map(|run| run.attempt).collect();
    assert_eq!(attempts, [1, 2]);
    assert_eq!(run_state(&mut caller, run, 2000.0), is("waiting", None));
}

#[test]
fn a_run_is_deleted_after_its_last_attempt_or_never_rerun() {
    let with_deletion = |after| {
        let scenario = Scenario::default()
            .with_workflows([flaky()])
            .with_rerun(rerun(60.0))
            .with_deletion(Deletion { run: 0, after });
        let mut caller = Caller::new(scenario);
        let run = caller.dispatch(&json!({}), 0.0);
        (caller, format!("/actions/runs/{run}"))
    };
    let (mut caller, path) = with_deletion(20.0);
    assert_eq!(caller.get(&path, 20.0).status, 404);
    assert_eq!(caller.runs(500.0)[0].attempt, 1);

    // While the second attempt runs, from 71.3 to 82.6.
    let (mut caller, path) = with_deletion(75.0);
    assert_eq!(caller.get(&path, 82.0).status, 200);
    assert_eq!(caller.get(&path, 83.0).status, 404);
}

#[test]
fn a_clue_may_come_with_a_later_attempt() {
    let mut caller = Caller::new(Scenario {
        archive: Archive::Normal,
        ..Scenario::default()
            .with_workflows([workflow([
                Step::run("false").ending_by_attempt([Conclusion::Failure]),
                Step::echo("${{ inputs.distinct_id }}").named("echo"),
            ])])
            .with_rerun(rerun(60.0))
    });
    let run = caller.dispatch(&json!({ "distinct_id": "abc" }), 0.0);
    assert_eq!(caller.github.clue_visible_at(run, "abc"), None);
    caller.runs(100.0);
    let visible = caller.github.clue_visible_at(run, "abc");
    // The first attempt takes 2.3 seconds, the second one 3.3.
    assert_eq!(visible.map(|moment| moment.as_millis()), Some(65_600));
}
