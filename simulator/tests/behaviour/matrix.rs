//! Jobs with a matrix.

use std::io::Cursor;

use serde_json::json;
use simulator::{Conclusion, Job, Step, Workflow};

use crate::caller::{Caller, is, jobs, run_state, text};

fn built_on() -> Job {
    Job::new(
        "build",
        [Step::run("make ${{ matrix.value }}")
            .named("Build on ${{ matrix.value }}")
            .printing("${{ inputs.distinct_id }} ${{ matrix.value }}")
            .taking(5.0)],
    )
    .with_matrix(["linux", "mac/os"])
}

fn caller(jobs: impl IntoIterator<Item = Job>) -> Caller {
    Caller::with_workflow(
        Workflow::new("ci.yml")
            .with_input("distinct_id")
            .with_jobs(jobs),
    )
}

fn names(list: &[serde_json::Value]) -> Vec<&str> {
    list.iter().filter_map(|job| job["name"].as_str()).collect()
}

#[test]
fn there_is_a_job_for_each_value() {
    let mut caller = caller([Job::new("lint", [Step::run("lint")]), built_on()]);
    let run = caller.dispatch(&json!({ "distinct_id": "abc" }), 0.0);
    let list = jobs(&mut caller, run, 2.0);
    assert_eq!(names(&list), ["lint", "build (linux)", "build (mac/os)"]);
    assert_ne!(list[1]["id"], list[2]["id"]);
    assert_eq!(list[2]["steps"][1]["name"], "Build on mac/os");
    let log = text(&caller.job_log(run, 2, 30.0));
    assert!(log.contains("Complete job name: build (mac/os)\n"));
    assert!(log.contains("##[group]Run make mac/os\n"));
    assert!(log.contains("Z abc mac/os\n"));
    let archive = caller.archive(run, 30.0).body;
    let archive = zip::ZipArchive::new(Cursor::new(archive)).expect("a zip");
    let entries: Vec<_> = archive
        .file_names()
        .collect::<Result<_, _>>()
        .expect("names");
    assert!(entries.contains(&"2_build (mac_os).txt".into()));
    assert!(entries.contains(&"build (mac_os)/2_Build on mac_os.txt".into()));
}

#[test]
fn what_needs_a_matrix_needs_all_of_it() {
    let last = || Job::new("publish", [Step::run("make publish")]).needing("build");
    let mut passing = caller([last(), built_on()]);
    let run = passing.dispatch(&json!({}), 0.0);
    assert_eq!(jobs(&mut passing, run, 6.2).len(), 2);
    assert_eq!(
        names(&jobs(&mut passing, run, 6.3)),
        ["publish", "build (linux)", "build (mac/os)"]
    );

    let mut failing = caller([
        Job {
            steps: vec![Step::run("false").ending(Conclusion::Failure)],
            ..built_on()
        },
        last(),
    ]);
    let run = failing.dispatch(&json!({}), 0.0);
    assert_eq!(
        run_state(&mut failing, run, 60.0),
        is("completed", Some("failure"))
    );
    let skipped = &jobs(&mut failing, run, 60.0)[2];
    assert_eq!(skipped["conclusion"], "skipped");
}

#[test]
fn outside_a_matrix_there_is_no_value() {
    let mut caller = caller([Job::new(
        "build",
        [Step::run("make").named("<${{ matrix.value }}>")],
    )]);
    let run = caller.dispatch(&json!({}), 0.0);
    assert_eq!(jobs(&mut caller, run, 2.0)[0]["steps"][1]["name"], "<>");
}
