//! Reading what may fail, hang, or never end.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::support::{Shown, answer, crowd, run, scenario};
use return_dispatch::Code;
use return_dispatch::event::Event;
use simulator::{Effect, Fault, Job, Logs, Server, Step, Workflow};

#[test]
fn a_dispatch_that_hangs_is_looked_for_and_not_repeated() {
    let s = scenario(Server::GitHubCom, Shown::InTitle.receiver())
        .with_fault(Fault::on("POST", "/dispatches", Effect::NoAnswer).acting());
    let mut ended = run(s, |_| {});
    assert_eq!(ended.count("POST", "/dispatches"), 1);
    ended.assert_right("title");
    assert!(ended.at < Duration::from_secs(40), "{:?}", ended.at);
}

#[test]
fn a_read_that_hangs_once_is_tried_again() {
    for (path, skip, effect) in [
        ("/runs?", 0, Effect::NoAnswer),
        ("/runs?", 0, Effect::Stall { after_bytes: 10 }),
        ("/jobs?", 0, Effect::NoAnswer),
        ("/logs", 0, Effect::NoAnswer),
        ("/logs", 1, Effect::NoAnswer),
        ("/logs", 1, Effect::Stall { after_bytes: 10 }),
    ] {
        let s = scenario(Server::Ghes319, Shown::InLog.receiver())
            .with_fault(Fault::on("GET", path, effect).after(skip));
        let mut ended = run(s, |_| {});
        ended.assert_right("log");
    }
}

#[test]
fn a_list_that_fails_once_is_read_again() {
    for effect in [
        Effect::Reset,
        Effect::Cut { after_bytes: 10 },
        Effect::problem(404, "Not Found"),
        Effect::problem(429, "slow down"),
        Effect::problem(403, "You have exceeded a secondary rate limit"),
        Effect::problem(503, "no"),
        answer(200, &[("content-type", "text/html")], "<html>"),
    ] {
        let s = scenario(Server::Ghes319, Shown::InTitle.receiver())
            .with_fault(Fault::on("GET", "/runs?", effect));
        let mut ended = run(s, |_| {});
        ended.assert_right("title");
    }
}

#[test]
fn a_version_that_is_gone_is_left_out() {
    let s = scenario(Server::GitHubCom, Shown::InTitle.receiver()).with_fault(Fault::on(
        "POST",
        "/dispatches",
        Effect::problem(410, "\"2026-03-10\" is not a supported version."),
    ));
    let mut ended = run(s, |_| {});
    ended.assert_right("title");
}

#[test]
fn what_is_no_archive_is_not_downloaded_whole() {
    let long = "x".repeat(65 << 20);
    for (effect, most) in [
        (
            answer(200, &[("content-length", "100000000")], "PK"),
            1 << 20,
        ),
        // Its first piece says that it is none.
        (answer(200, &[("content-length", "")], &long), 2 << 20),
    ] {
        let mut receiver = Shown::InArchiveOnly.receiver();
        receiver.jobs.truncate(1);

        let s = scenario(Server::Ghes319, receiver)
            .with_fault(Fault::on("GET", "logs.zip", effect).times(None));
        let ended = run(s, |i| i.workflow_timeout_seconds = "30".into());
        let error = ended.error().to_string();
        assert!(error.contains("the log archive cannot be read"), "{error}");
        let downloads = ended.github.requests();
        let downloads = downloads.iter().filter(|r| r.path.contains("logs.zip"));
        let most = most * downloads.count();
        assert!(
            ended.world.received() < most,
            "{} of {most}",
            ended.world.received()
        );
    }
}

#[test]
fn a_log_that_breaks_off_needs_no_archive() {
    for times in 1..4 {
        let s = scenario(Server::Ghes319, Shown::InLog.receiver())
            .with_fault(Fault::on("GET", "/logs", Effect::problem(500, "no")).times(times));
        let mut ended = run(s, |_| {});
        ended.assert_right("log");
        assert_eq!(
            ended
                .api_requests()
                .iter()
                .filter(|r| r.path.contains("/runs/") && r.path.contains("/logs"))
                .count(),
            0
        );
    }
}

#[test]
fn skipped_jobs_have_no_log() {
    let receiver = Workflow::new("ci.yml")
        .with_input("distinct_id")
        .with_jobs([
            Job::new(
                "fails",
                [Step::run("false").ending(simulator::Conclusion::Failure)],
            ),
            Job::new("skipped", [Step::run("x")]).needing("fails"),
        ]);
    let ended = run(scenario(Server::Ghes319, receiver), |i| {
        i.workflow_timeout_seconds = "30".into();
    });
    assert_eq!(ended.error().code, Code::TimedOut);
    let logs: Vec<_> = ended
        .api_requests()
        .iter()
        .filter(|r| r.path.contains("/logs"))
        .map(|r| (r.path.clone(), r.status))
        .collect();
    assert_eq!(logs.len(), 1, "{logs:?}");
}

#[test]
fn an_answer_without_end_is_cut_off() {
    let s = scenario(Server::Ghes319, Shown::InTitle.receiver()).with_fault(
        Fault::on("GET", "/runs?", answer(200, &[], &" ".repeat(33 << 20))).times(None),
    );
    let ended = run(s, |i| i.workflow_timeout_seconds = "4".into());
    assert!(
        ended.error().to_string().contains("an answer of more than"),
        "{}",
        ended.error()
    );
}

#[test]
fn a_timeout_names_the_run_that_shows_the_id() {
    // Another run of the moment cannot be searched: its log hangs for good and it never ends.
    let mut receiver = Shown::InStepName.receiver();
    receiver.jobs[1].steps[0].seconds = 500.0;
    let mut c = crowd(1, 0, 0.0);
    c.inputs.insert("distinct_id".into(), "other".into());
    let s = scenario(Server::Ghes319, receiver)
        .with_crowd(c)
        .with_fault(
            Fault::on("GET", "/jobs?", Effect::problem(500, "no"))
                .times(None)
                .after(1),
        );
    let mut ended = run(s, |i| {
        i.distinct_id = "abc-1".into();
        i.workflow_timeout_seconds = "140".into();
    });
    let ours = ended.only_run().id.to_string();

    assert_eq!(ended.error().code, Code::TimedOut);
    assert!(ended.error().to_string().contains(&ours));
}

#[test]
fn a_log_that_is_not_there_does_not_hide_what_is_wrong_with_the_archive() {
    // Both are tried again and again, so at each of these moments either may have come last.
    for tenths in 50..90 {
        let mut receiver = Shown::InArchiveOnly.receiver();
        receiver.jobs[1].steps[0].seconds = 0.2;
        let mut s = scenario(Server::Ghes319, receiver);
        s.archive = simulator::Archive::Truncated;
        let ended = run(s, |i| {
            i.workflow_timeout_seconds = format!("{}.{}", tenths / 10, tenths % 10).as_str().into();
        });
        let message = ended.error().to_string();
        assert!(
            message.contains("the log archive cannot be read"),
            "{tenths}: {message}"
        );
    }
}

#[test]
fn an_answer_without_end_is_given_up() {
    let endless = "x".repeat((32 << 20) + 1);
    let s = scenario(Server::Ghes319, Shown::InTitle.receiver()).with_fault(Fault::on(
        "GET",
        "/runs?",
        answer(200, &[], &endless),
    ));
    let mut ended = run(s, |_| {});
    ended.assert_right("title");
    let said = ended.events.iter().any(|event| {
        matches!(event, Event::Trouble { message, .. } if message.contains("more than 33554432 bytes"))
    });
    assert!(said, "{:?}", ended.events);
}

#[test]
fn full_pages_are_followed_by_others_only_where_the_count_says_so() {
    for (runs, pages) in [(100, 1), (101, 2), (200, 2)] {
        let s = scenario(Server::Ghes319, Shown::InTitle.receiver()).with_crowd(crowd(
            runs - 1,
            0,
            0.0,
        ));
        let mut ended = run(s, |_| {});
        ended.assert_right("title");
        // A look before the last run is listed reads fewer.
        assert!(ended.count("GET", &format!("&page={pages}")) > 0, "{runs}");
        assert_eq!(
            ended.count("GET", &format!("&page={}", pages + 1)),
            0,
            "{runs}"
        );
    }
}

#[test]
fn a_log_that_has_expired_is_asked_for_once() {
    let mut receiver = Shown::InLog.receiver();
    receiver.jobs[0].logs = Logs::Expired;
    let ended = run(scenario(Server::Ghes320, receiver), |_| {});
    assert_eq!(ended.error().code, Code::TimedOut);
    let requests = ended.api_requests();
    let paths = requests.iter().map(|request| request.path.as_str());
    let logs: Vec<_> = paths
        .filter(|path| path.contains("/actions/jobs/"))
        .collect();
    let different: BTreeSet<_> = logs.iter().collect();
    assert_eq!((logs.len(), different.len()), (2, 2), "{logs:?}");
    let trying_again: Vec<bool> = ended
        .events
        .iter()
        .filter_map(|event| match event {
            Event::Trouble {
                message,
                trying_again,
            } if message.contains("410") => Some(*trying_again),
            _ => None,
        })
        .collect();
    assert!(
        !trying_again.is_empty() && !trying_again.contains(&true),
        "{trying_again:?}"
    );
}

#[test]
fn what_fails_and_may_pass_is_said_to_be_tried_again() {
    let s = scenario(Server::Ghes320, Shown::InTitle.receiver()).with_fault(Fault::on(
        "GET",
        "/runs?",
        Effect::problem(502, "no"),
    ));
    let ended = run(s, |_| {});
    assert!(ended.events.iter().any(|event| {
        matches!(
            event,
            Event::Trouble {
                trying_again: true,
                ..
            }
        )
    }));
}

#[test]
fn debug_output_says_how_long_an_answer_took() {
    let ended = run(
        scenario(Server::GitHubCom, Shown::InTitle.receiver()),
        |_| {},
    );
    let times: Vec<f64> = ended
        .events
        .iter()
        .filter_map(|event| match event {
            Event::Request { milliseconds, .. } => Some(*milliseconds),
            _ => None,
        })
        .collect();
    // There and back again.
    assert!(
        !times.is_empty() && times.iter().all(|ms| (49.0..51.0).contains(ms)),
        "{times:?}"
    );
}

#[test]
fn a_run_that_is_listed_without_its_urls_has_one_in_the_api() {
    let list = r#"{"total_count":1,"workflow_runs":[{"id":7,"name":"x","event":"workflow_dispatch",
        "display_title":"ffeebbcc-dddd-4bbf-bfff-baefdbcebaec","head_branch":"main","status":"queued",
        "created_at":"2026-01-01T00:00:01Z","run_attempt":1}]}"#;
    let s = scenario(Server::Ghes320, Shown::Nowhere.receiver()).with_fault(Fault::on(
        "GET",
        "/runs?",
        answer(200, &[], list),
    ));
    let ended = run(s, |_| {});
    let identified = ended.identified();
    assert_eq!(identified.run_id, 7);
    assert!(
        identified
            .run_api_url
            .ends_with("/repos/octo/receiver/actions/runs/7"),
        "{}",
        identified.run_api_url
    );
}
