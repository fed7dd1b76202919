//! Logs: their text, their archive, and the store that hands them out.

use std::io::{Cursor, Read};

use serde_json::json;
use simulator::{Archive, Job, Logs, Request, Response, Scenario, Step, Workflow};
use zip::ZipArchive;

use crate::caller::{Caller, text, workflow};

/// A run that is over, and its GitHub.
fn finished(workflow: Workflow, archive: Archive) -> (Caller, u64) {
    let mut caller = Caller::new(Scenario {
        archive,
        ..Scenario::default().with_workflows([workflow])
    });
    let run = caller.dispatch(&json!({ "distinct_id": "abc" }), 0.0);
    (caller, run)
}

fn echoing() -> Workflow {
    workflow([Step::echo("${{ inputs.distinct_id }}")])
}

fn names(archive: &Response) -> Vec<String> {
    let archive = ZipArchive::new(Cursor::new(&archive.body)).expect("a zip");
    archive
        .file_names()
        .map(|name| name.expect("a name").into_owned())
        .collect()
}

fn entry(archive: &Response, name: &str) -> zip::result::ZipResult<String> {
    let mut archive = ZipArchive::new(Cursor::new(&archive.body))?;
    let mut content = String::new();
    archive.by_name(name)?.read_to_string(&mut content)?;
    Ok(content)
}

/// A link to the log of the first job.
fn link(caller: &mut Caller, run: u64, at: f64) -> String {
    let jobs = caller.json(&format!("/actions/runs/{run}/jobs"), at);
    let path = format!("/actions/jobs/{}/logs", jobs["jobs"][0]["id"]);
    let redirect = caller.get(&path, at);
    assert_eq!(redirect.status, 302);
    redirect.header("location").expect("a location").to_owned()
}

#[test]
fn a_log_reads_like_one_of_the_runner() {
    let script = "set -e\necho \"${{ inputs.distinct_id }}\"";
    let step = Step::run(script)
        .printing("${{ inputs.distinct_id }}")
        .printing("${{ inputs.distinct_id }} version=1.2.3\nrun ${{ github.run_id }}");
    let (mut caller, run) = finished(workflow([step]), Archive::Normal);
    let response = caller.job_log(run, 0, 10.0);
    assert_eq!(
        response.header("content-type"),
        Some("text/plain; charset=utf-8")
    );
    let log = text(&response);
    let mut lines = log
        .strip_prefix('\u{feff}')
        .expect("a byte order mark")
        .lines()
        .map(|line| line.split_once(' ').expect("a time and a text"));
    let (first_time, first) = lines.next().expect("a line");
    assert_eq!(first_time, "2026-01-01T00:00:01.0000000Z");
    assert!(first.starts_with("Current runner version"));
    assert!(
        lines
            .clone()
            .all(|(time, _)| time.len() == 28 && time.ends_with('Z'))
    );
    assert!(lines.clone().map(|(time, _)| time).is_sorted());
    let text: Vec<_> = lines.map(|(_, text)| text).collect();
    let start = text
        .iter()
        .position(|line| line.starts_with("##[group]Run"))
        .expect("a step");
    assert_eq!(
        text[start..],
        [
            "##[group]Run set -e",
            "\u{1b}[36;1mset -e\u{1b}[0m",
            "\u{1b}[36;1mecho \"abc\"\u{1b}[0m",
            "shell: /usr/bin/bash -e {0}",
            "##[endgroup]",
            "abc",
            "abc version=1.2.3",
            &format!("run {run}"),
            "Cleaning up orphan processes",
        ]
    );
    assert!(!log.contains('\r'));
}

#[test]
fn a_log_is_there_once_its_job_is_completed() {
    let jobs = [
        Job::new("quick", [Step::run("make")]),
        Job::new("slow", [Step::run("make").taking(60.0)]),
    ];
    let (mut caller, run) = finished(
        Workflow::new("ci.yml")
            .with_input("distinct_id")
            .with_jobs(jobs),
        Archive::Normal,
    );
    let list = caller.json(&format!("/actions/runs/{run}/jobs"), 2.0);
    let [quick, slow] =
        [0, 1].map(|index| format!("/actions/jobs/{}/logs", list["jobs"][index]["id"]));
    assert_eq!(caller.get(&quick, 2.0).status, 404);
    assert_eq!(caller.get(&quick, 3.0).status, 302);
    assert_eq!(caller.get(&slow, 3.0).status, 404);
    let archive = format!("/actions/runs/{run}/logs");
    assert_eq!(caller.get(&archive, 60.0).status, 404);
    assert_eq!(caller.get(&archive, 62.0).status, 302);
    assert_eq!(caller.get(&slow, 62.0).status, 302);
}

#[test]
fn a_missing_log_is_still_in_the_archive_and_an_expired_one_nowhere() {
    for (logs, of_job, of_run) in [(Logs::Missing, 404, 302), (Logs::Expired, 410, 410)] {
        let job = Job {
            logs,
            ..Job::new("build", [Step::echo("${{ inputs.distinct_id }}")])
        };
        let (mut caller, run) = finished(
            Workflow::new("ci.yml")
                .with_input("distinct_id")
                .with_jobs([job]),
            Archive::Normal,
        );
        let jobs = caller.json(&format!("/actions/runs/{run}/jobs"), 10.0);
        let path = format!("/actions/jobs/{}/logs", jobs["jobs"][0]["id"]);
        assert_eq!(caller.get(&path, 10.0).status, of_job);
        assert_eq!(
            caller
                .get(&format!("/actions/runs/{run}/logs"), 10.0)
                .status,
            of_run
        );
    }
}

#[test]
fn the_store_is_another_origin_and_refuses_a_token() {
    let (mut caller, run) = finished(echoing(), Archive::Normal);
    let link = link(&mut caller, run, 10.0);
    assert!(link.starts_with("https://logs.example/"));
    let request = Request::new("GET", &link);
    assert_eq!(caller.send(&request, 10.0).status, 200);
    let with_token = request.with_header("Authorization", "Bearer ghs_simulated");
    let refused = caller.send(&with_token, 10.0);
    assert_eq!(refused.status, 400);
    assert!(text(&refused).contains("<Code>InvalidAuthenticationInfo</Code>"));
}

#[test]
fn a_link_is_good_for_a_minute() {
    let (mut caller, run) = finished(echoing(), Archive::Normal);
    let link = link(&mut caller, run, 10.0);
    let request = Request::new("GET", &link);
    assert_eq!(caller.send(&request, 70.0).status, 200);
    assert_eq!(caller.send(&request, 70.1).status, 403);
    let unsigned = link.split_once("&sig=").expect("a signature").0;
    assert_eq!(
        caller.send(&Request::new("GET", unsigned), 70.1).status,
        403
    );
    let prolonged = link.replace("?se=1", "?se=2");
    assert_eq!(
        caller.send(&Request::new("GET", prolonged), 70.1).status,
        403
    );
}

#[test]
fn the_store_sends_ranges() {
    let (mut caller, run) = finished(echoing(), Archive::Normal);
    let link = link(&mut caller, run, 10.0);
    let request = Request::new("GET", &link);
    let whole = caller.send(&request, 10.0);
    assert_eq!(whole.header("accept-ranges"), Some("bytes"));
    let length = whole.body.len();
    for (range, first, end) in [
        ("bytes=0-9".to_owned(), 0, 10),
        (format!("bytes={}-", length - 5), length - 5, length),
        ("bytes=-7".to_owned(), length - 7, length),
        ("bytes=3-999999".to_owned(), 3, length),
    ] {
        let part = caller.send(&request.clone().with_header("Range", &range), 10.0);
        assert_eq!(part.status, 206, "{range}");
        assert_eq!(part.body, whole.body[first..end]);
        assert_eq!(
            part.header("content-range"),
            Some(format!("bytes {first}-{}/{length}", end - 1).as_str())
        );
        assert_eq!(part.header("etag"), whole.header("etag"));
    }
    let beyond = request.with_header("Range", format!("bytes={length}-"));
    let refused = caller.send(&beyond, 10.0);
    assert_eq!(refused.status, 416);
    assert_eq!(
        refused.header("content-range"),
        Some(format!("bytes */{length}").as_str())
    );
}

#[test]
fn padding_makes_a_log_large_and_hides_nothing() {
    let step = Step {
        padding: 300_000,
        padding_after: 200_000,
        ..Step::echo("${{ inputs.distinct_id }}")
    };
    let (mut caller, run) = finished(workflow([step]), Archive::Normal);
    let log = text(&caller.job_log(run, 0, 10.0));
    assert!((500_000..510_000).contains(&log.len()), "{}", log.len());
    let at = log.find("Z abc\n").expect("the ID");
    assert!((300_000..310_000).contains(&at), "{at}");
}

#[test]
fn the_archive_has_the_logs_of_jobs_and_of_their_steps() {
    let jobs = [
        Job::new(
            "a/b: c",
            [
                Step::echo("${{ inputs.distinct_id }}"),
                Step::run("make").named("x/y"),
            ],
        ),
        Job::new("last", [Step::run("make")]),
    ];
    let (mut caller, run) = finished(
        Workflow::new("ci.yml")
            .with_input("distinct_id")
            .with_jobs(jobs),
        Archive::Normal,
    );
    let archive = caller.archive(run, 10.0);
    assert_eq!(archive.header("content-type"), Some("application/zip"));
    assert_eq!(
        names(&archive),
        [
            "0_a_b_ c.txt",
            "1_last.txt",
            "a_b_ c/1_Set up job.txt",
            "a_b_ c/2_Run echo \"abc\".txt",
            "a_b_ c/3_x_y.txt",
            "a_b_ c/4_Complete job.txt",
            "last/1_Set up job.txt",
            "last/2_Run make.txt",
            "last/3_Complete job.txt",
        ]
    );
    let whole = entry(&archive, "0_a_b_ c.txt").expect("an entry");
    assert_eq!(whole, text(&caller.job_log(run, 0, 10.0)));
    let step = entry(&archive, "a_b_ c/2_Run echo \"abc\".txt").expect("an entry");
    assert!(
        step.starts_with('\u{feff}') && step.ends_with(" abc\n"),
        "{step}"
    );
    let mut zip = ZipArchive::new(Cursor::new(&archive.body)).expect("a zip");
    let first = zip.by_index(0).expect("an entry");
    assert_eq!(first.compression(), zip::CompressionMethod::Deflated);
    // Bit 3 of the flags: sizes follow the data.
    assert_eq!(archive.body[6] & 8, 8);
    assert_eq!(archive.body[18..26], [0; 8]);
}

#[test]
fn the_file_of_a_step_may_be_missing_from_the_archive() {
    let step = Step {
        log_missing: true,
        ..Step::echo("${{ inputs.distinct_id }}")
    };
    for (shape, readable) in [(Archive::Normal, true), (Archive::MissingEntry, false)] {
        let (mut caller, run) = finished(
            Workflow::new("ci.yml")
                .with_input("distinct_id")
                .with_jobs([Job {
                    logs: Logs::Missing,
                    ..Job::new("build", [step.clone().named("echo"), Step::run("make")])
                }]),
            shape,
        );
        let archive = caller.archive(run, 10.0);
        let mut expected = vec![
            "0_build.txt",
            "build/1_Set up job.txt",
            "build/3_Run make.txt",
            "build/4_Complete job.txt",
        ];
        expected.retain(|name| readable || name.contains('/'));
        assert_eq!(names(&archive), expected);
        if readable {
            let whole = entry(&archive, "0_build.txt").expect("an entry");
            assert!(whole.contains("Z abc\n"));
        }
        let visible = caller.github.clue_visible_at(run, "abc");
        assert_eq!(visible.is_some(), readable);
    }
}

#[test]
fn jobs_whose_names_become_the_same_leave_one_folder() {
    let job = |name: &str| Job::new(name, [Step::run("make")]);
    let (mut caller, run) = finished(
        Workflow::new("ci.yml")
            .with_input("distinct_id")
            .with_jobs([job("a/b"), job("a_b")]),
        Archive::Normal,
    );
    assert_eq!(
        names(&caller.archive(run, 10.0)),
        [
            "0_a_b.txt",
            "1_a_b.txt",
            "a_b/1_Set up job.txt",
            "a_b/2_Run make.txt",
            "a_b/3_Complete job.txt",
        ]
    );
}

#[test]
fn an_archive_may_be_broken_in_many_ways() {
    let archive = |shape| {
        let (mut caller, run) = finished(echoing(), shape);
        caller.archive(run, 10.0)
    };
    let normal = archive(Archive::Normal);
    assert!(
        entry(&normal, "0_build.txt")
            .expect("an entry")
            .contains("Z abc\n")
    );

    let truncated = archive(Archive::Truncated);
    assert_eq!(truncated.body, normal.body[..normal.body.len() / 2]);

    let wrong = archive(Archive::WrongSize);
    assert_eq!(names(&wrong), names(&normal));
    assert_eq!(wrong.body.len(), normal.body.len());
    assert!(entry(&wrong, "0_build.txt").is_err());

    let missing = archive(Archive::MissingEntry);
    assert!(names(&missing).iter().all(|name| name.contains('/')));
    let step = "build/2_Run echo \"abc\".txt";
    assert!(entry(&missing, step).expect("an entry").contains("Z abc\n"));

    let traversal = archive(Archive::PathTraversal);
    assert!(names(&traversal).iter().all(|name| name.starts_with("../")));

    assert!(names(&archive(Archive::Empty)).is_empty());
    assert!(ZipArchive::new(Cursor::new(archive(Archive::NotAZip).body)).is_err());

    let bomb = archive(Archive::Bomb);
    assert!(bomb.body.len() < 1 << 20);
    let mut bomb = ZipArchive::new(Cursor::new(bomb.body)).expect("a zip");
    assert_eq!(bomb.by_index(0).expect("an entry").size(), 512 << 20);
}
