//! A run over time: status, jobs, steps, cancellation.

use serde_json::{Value, json};
use simulator::{Conclusion, Job, Step, Workflow};

use crate::caller::{Caller, is, jobs, message, run_state, state, steps, workflow};

#[test]
fn a_run_is_queued_then_in_progress_then_completed() {
    let mut caller = Caller::with_workflow(workflow([Step::run("make").taking(10.0)]));
    let run = caller.dispatch(&json!({}), 0.0);
    assert_eq!(run_state(&mut caller, run, 0.9), is("queued", None));
    assert_eq!(run_state(&mut caller, run, 1.0), is("in_progress", None));
    assert_eq!(run_state(&mut caller, run, 11.0), is("in_progress", None));
    assert_eq!(
        run_state(&mut caller, run, 11.3),
        is("completed", Some("success"))
    );
}

#[test]
fn a_run_carries_its_title() {
    let mut caller = Caller::with_workflow(Workflow {
        name: Some("Build".into()),
        ..workflow([]).with_run_name("Build for ${{ inputs.distinct_id }}")
    });
    let run = caller.dispatch(&json!({ "distinct_id": "abc" }), 0.0);
    let shown = caller.json(&format!("/actions/runs/{run}"), 1.0);
    assert_eq!(shown["display_title"], "Build for abc");
    assert_eq!(shown["name"], "Build");

    let mut untitled = Caller::with_workflow(workflow([]));
    let run = untitled.dispatch(&json!({}), 0.0);
    let shown = untitled.json(&format!("/actions/runs/{run}"), 1.0);
    assert_eq!(shown["display_title"], ".github/workflows/ci.yml");
}

#[test]
fn steps_are_listed_once_the_job_has_started() {
    let mut caller = Caller::with_workflow(workflow([
        Step::run("first ${{ inputs.distinct_id }}\nsecond").taking(2.0),
        Step::run("make").named("Named ${{ inputs.distinct_id }}"),
        Step::default(),
    ]));
    let run = caller.dispatch(&json!({ "distinct_id": "abc" }), 0.0);
    let queued = &jobs(&mut caller, run, 0.9)[0];
    assert_eq!(state(queued), is("queued", None));
    assert_eq!(queued["steps"], json!([]));
    assert_eq!(queued["runner_name"], Value::Null);

    let running = &jobs(&mut caller, run, 2.0)[0];
    assert_eq!(state(running), is("in_progress", None));
    let names: Vec<_> = running["steps"]
        .as_array()
        .expect("steps")
        .iter()
        .map(|step| {
            (
                step["number"].as_u64().unwrap_or(0),
                step["name"].as_str().unwrap_or(""),
            )
        })
        .collect();
    assert_eq!(
        names,
        [
            (1, "Set up job"),
            (2, "Run first abc"),
            (3, "Named abc"),
            (4, "Run octo/action@v1"),
            (5, "Complete job"),
        ]
    );
    assert_eq!(
        steps(running),
        [
            is("completed", Some("success")),
            is("in_progress", None),
            is("queued", None),
            is("queued", None),
            is("queued", None),
        ]
    );
    let job = caller.json(&format!("/actions/jobs/{}", running["id"]), 2.0);
    assert_eq!(&job, running);
    let attempt = caller.json(&format!("/actions/runs/{run}/attempts/1/jobs"), 2.0);
    assert_eq!(&attempt["jobs"][0], running);
}

#[test]
fn jobs_and_steps_tell_their_times_and_their_page() {
    let mut caller = Caller::with_workflow(workflow([Step::run("make").taking(10.0)]));
    let run = caller.dispatch(&json!({}), 0.0);
    let times = |value: &Value| {
        let field = |name: &str| value[name].as_str().map(|time| time[17..19].to_owned());
        (field("started_at"), field("completed_at"))
    };
    let at = |second: &str| Some(second.to_owned());
    let queued = &jobs(&mut caller, run, 0.6)[0];
    let page = format!(
        "https://github.com/octo/receiver/actions/runs/{run}/job/{}",
        queued["id"]
    );
    assert_eq!(queued["html_url"], page);
    // Queued, it has the time since when it is; GitHub never leaves it out.
    assert_eq!(times(queued), (at("00"), None));

    let running = &jobs(&mut caller, run, 5.0)[0];
    assert_eq!(running["html_url"], page);
    assert_eq!(times(running), (at("01"), None));
    assert_eq!(times(&running["steps"][0]), (at("01"), at("01")));
    assert_eq!(times(&running["steps"][1]), (at("01"), None));
    assert_eq!(times(&running["steps"][2]), (None, None));

    let completed = &jobs(&mut caller, run, 20.0)[0];
    assert_eq!(times(completed), (at("01"), at("11")));
    assert_eq!(times(&completed["steps"][1]), (at("01"), at("11")));
    assert_eq!(times(&completed["steps"][2]), (at("11"), at("11")));
}

#[test]
fn a_job_appears_when_those_it_needs_are_done() {
    let mut caller = Caller::with_workflow(Workflow::new("ci.yml").with_jobs([
        Job::new("last", [Step::run("make")]).needing("first"),
        Job::new("first", [Step::run("make").taking(5.0)]),
    ]));
    let run = caller.dispatch(&json!({}), 0.0);
    let names = |caller: &mut Caller, at| -> Vec<String> {
        let jobs = jobs(caller, run, at);
        jobs.iter()
            .map(|job| job["name"].as_str().expect("a name").into())
            .collect()
    };
    assert_eq!(names(&mut caller, 2.0), ["first"]);
    assert_eq!(run_state(&mut caller, run, 6.5), is("in_progress", None));
    assert_eq!(names(&mut caller, 6.5), ["last", "first"]);
    assert_eq!(
        run_state(&mut caller, run, 8.0),
        is("completed", Some("success"))
    );
}

#[test]
fn after_a_failure_the_rest_is_skipped() {
    let mut caller = Caller::with_workflow(Workflow::new("ci.yml").with_jobs([
        Job::new(
            "first",
            [
                Step::run("false").ending(Conclusion::Failure),
                Step::run("make"),
            ],
        ),
        Job::new("last", [Step::run("make")]).needing("first"),
    ]));
    let run = caller.dispatch(&json!({}), 0.0);
    assert_eq!(
        run_state(&mut caller, run, 10.0),
        is("completed", Some("failure"))
    );
    let jobs = jobs(&mut caller, run, 10.0);
    assert_eq!(state(&jobs[0]), is("completed", Some("failure")));
    assert_eq!(state(&jobs[1]), is("completed", Some("skipped")));
    assert_eq!(jobs[1]["steps"], json!([]));
    let conclusions: Vec<_> = steps(&jobs[0])
        .into_iter()
        .filter_map(|(_, end)| end)
        .collect();
    assert_eq!(conclusions, ["success", "failure", "skipped", "success"]);
}

#[test]
fn a_run_changes_when_one_of_its_jobs_does() {
    let mut caller = Caller::with_workflow(workflow([Step::run("make").taking(10.0)]));
    let run = caller.dispatch(&json!({}), 0.0);
    let updated = |caller: &mut Caller, at| {
        let shown = caller.json(&format!("/actions/runs/{run}"), at);
        shown["updated_at"].as_str().expect("a time").to_owned()
    };
    assert_eq!(updated(&mut caller, 0.9), "2026-01-01T00:00:00Z");
    assert_eq!(updated(&mut caller, 9.0), "2026-01-01T00:00:01Z");
    assert_eq!(updated(&mut caller, 60.0), "2026-01-01T00:00:11Z");
}

#[test]
fn a_run_can_be_cancelled_while_it_lasts() {
    let slow = || {
        Caller::with_workflow(Workflow::new("ci.yml").with_jobs([
            Job::new(
                "first",
                [Step::run("sleep").taking(60.0), Step::run("make")],
            ),
            Job::new("last", [Step::run("make")]).needing("first"),
        ]))
    };
    let mut caller = slow();
    let run = caller.dispatch(&json!({}), 0.0);
    let path = format!("/actions/runs/{run}/cancel");
    assert_eq!(caller.post(&path, 10.0).status, 202);
    assert_eq!(run_state(&mut caller, run, 10.5), is("in_progress", None));
    assert_eq!(
        run_state(&mut caller, run, 11.0),
        is("completed", Some("cancelled"))
    );
    let jobs = jobs(&mut caller, run, 11.0);
    let conclusions: Vec<_> = steps(&jobs[0])
        .into_iter()
        .filter_map(|(_, end)| end)
        .collect();
    assert_eq!(conclusions, ["success", "cancelled", "skipped", "success"]);
    assert_eq!(state(&jobs[1]), is("completed", Some("cancelled")));
    let log = String::from_utf8(caller.job_log(run, 0, 11.0).body).expect("text");
    assert!(log.contains("##[error]The operation was canceled."));

    let refused = caller.post(&path, 12.0);
    assert_eq!(refused.status, 409);
    assert_eq!(
        message(&refused),
        "Cannot cancel a workflow run that is completed."
    );

    let mut forced = slow();
    let run = forced.dispatch(&json!({}), 0.0);
    let path = format!("/actions/runs/{run}/force-cancel");
    assert_eq!(forced.post(&path, 10.0).status, 202);
    assert_eq!(
        run_state(&mut forced, run, 10.0),
        is("completed", Some("cancelled"))
    );
}

#[test]
fn a_queued_run_can_be_cancelled_before_anything_starts() {
    let mut caller = Caller::with_workflow(Workflow {
        queue_delay: 100.0,
        ..Workflow::default()
    });
    let run = caller.dispatch(&json!({}), 0.0);
    assert_eq!(
        caller
            .post(&format!("/actions/runs/{run}/cancel"), 1.0)
            .status,
        202
    );
    assert_eq!(
        run_state(&mut caller, run, 2.0),
        is("completed", Some("cancelled"))
    );
    assert_eq!(jobs(&mut caller, run, 2.0)[0]["steps"], json!([]));
}

#[test]
fn a_clue_is_visible_from_the_moment_it_can_first_be_read() {
    let clue = "${{ inputs.distinct_id }}";
    let title = workflow([]).with_run_name(clue);
    let late_title = Workflow {
        listing_delay: 30.0,
        ..title.clone()
    };
    let step = workflow([Step::run("make").named(clue)]);
    let log = workflow([Step::run("make").printing(clue).taking(5.0)]);
    let nowhere = workflow([Step::run("make")]);
    for (workflow, expected) in [
        (title, Some(500)),
        (late_title, Some(30_000)),
        (step, Some(1000)),
        (log, Some(6300)),
        (nowhere, None),
    ] {
        let mut caller = Caller::with_workflow(workflow);
        let run = caller.dispatch(&json!({ "distinct_id": "abc" }), 0.0);
        let visible = caller.github.clue_visible_at(run, "abc");
        assert_eq!(visible.map(|moment| moment.as_millis()), expected);
    }
}
