//! Waiting for a run, cancelling it, and what it returns.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use crate::support::{Waited, crowd, scenario, wait, wait_in};
use return_dispatch::Code;
use return_dispatch::event::Event;
use simulator::{
    Asks, Conclusion, Concurrency, DispatchedBy, Effect, Environment, ExistingRun, Fault, Job,
    Logs, Rerun, Server, Status, Step, Workflow,
};

pub const ID: &str = "${{ inputs.distinct_id }}";

/// A receiver whose one job takes so long.
pub fn taking(seconds: f64) -> Workflow {
    Workflow::new("ci.yml")
        .with_input("distinct_id")
        .with_run_name(format!("Deploy [{ID}]"))
        .with_jobs([Job::new(
            "deploy",
            [Step::run("make").named("make").taking(seconds)],
        )])
}

/// Whether it does not know the API version that is asked for first.
fn refuses_version(server: Server) -> bool {
    matches!(server, Server::Ghes320 | Server::Ghes319)
}

/// One that takes long, and so long to clean up after its cancellation.
fn cleaning_up(seconds: f64) -> Workflow {
    let mut receiver = taking(600.0);
    let clean_up = Step::run("clean up").taking(seconds).always();
    receiver.jobs[0].steps.push(clean_up);
    receiver
}

fn said(waited: &Waited) -> Vec<String> {
    waited
        .events
        .iter()
        .filter_map(|(_, event)| match event {
            Event::Job { name, state, .. } => Some(format!("{name} {state}")),
            Event::Step {
                name, conclusion, ..
            } => Some(format!("  {name} {conclusion}")),
            _ => None,
        })
        .collect()
}

#[test]
fn the_end_of_a_run_is_waited_for_on_every_server() {
    for server in Server::GITHUBS {
        let mut waited = wait(scenario(server, taking(60.0)), |_| {});
        let ended = waited.ended().clone();
        let at = waited.at;
        let truth = waited.run_at(at);
        assert_eq!(ended.run_id, truth.id);
        assert_eq!(ended.conclusion, "success");
        assert_eq!(ended.status, "completed");
        assert_eq!(ended.outputs, "{}");
        assert_eq!(truth.conclusion, Some(Conclusion::Success));
        assert!(ended.run_url.ends_with(&truth.id.to_string()));
    }
}

#[test]
fn an_hour_costs_twenty_requests_and_its_end_is_noticed_within_ten_seconds() {
    let build = |name: &str, seconds| Job::new(name, [Step::run("make").taking(seconds)]);
    let mut receiver = taking(0.0);
    receiver.jobs = vec![
        build("build", 600.0),
        build("test", 1_800.0).needing("build"),
        build("deploy", 1_190.0).needing("test"),
    ];
    let mut waited = wait(scenario(Server::GitHubCom, receiver), |_| {});
    let ended = waited.ended().clone();
    assert_eq!(ended.conclusion, "success");
    assert!(ended.counted <= 20, "{} requests count", ended.counted);
    let requests = waited.github.requests().iter();
    let counted = requests
        .filter(|request| request.origin == simulator::Origin::Api && request.status != 304);
    assert_eq!(counted.count(), ended.counted as usize);
    let at = waited.at;
    // By its plan it takes 3,590 s and some for queueing and setting up.
    assert!((3_590..3_600 + 10).contains(&at.as_secs()), "{at:?}");
    assert_eq!(waited.run_at(at).conclusion, Some(Conclusion::Success));
}

#[test]
fn the_end_of_a_short_run_is_noticed_soon() {
    for seconds in [5.0, 100.0, 400.0] {
        let mut waited = wait(scenario(Server::GitHubCom, taking(seconds)), |_| {});
        assert_eq!(waited.ended().conclusion, "success");
        // When it ended: the moment before which it had not.
        let at = waited.at;
        let late = Duration::from_secs_f64((seconds * 0.025).clamp(2.0, 10.0) + 1.0);
        let expected = Duration::from_secs_f64(seconds + 1.5);
        assert!(at <= expected + late, "{seconds}: {at:?}");
        assert_eq!(waited.run_at(at).status, Status::Completed);
    }
}

/// The pauses between the looks at a run of half an hour, with the age of the run before each.
fn pauses(server: Server, without_tags: bool) -> Vec<(f64, f64)> {
    let waited = wait_in(
        scenario(server, taking(1_800.0)),
        |_| {},
        |world| {
            world.network().set_proxy(Box::new(move |request, ask| {
                let mut answer = ask(&request);
                let is_kept = |name: &str| !(without_tags && name == "etag");
                answer.headers.retain(|(name, _)| is_kept(name));
                answer
            }));
        },
    );
    let requests = waited.github.requests().iter();
    let path = format!("/actions/runs/{}", waited.ended().run_id);
    let looks: Vec<f64> = requests
        .filter(|request| request.path.ends_with(&path))
        .map(|request| request.at.as_secs_f64())
        .collect();
    looks
        .windows(2)
        .map(|pair| (pair[0], pair[1] - pair[0]))
        .collect()
}

/// Gitea has no tags, and no limits either.
#[test]
fn looks_are_as_frequent_as_they_are_free() {
    for (server, without_tags, part, least, most) in [
        (Server::GitHubCom, false, 40.0, 2.0, 10.0),
        (Server::Gitea, false, 40.0, 2.0, 10.0),
        (Server::GitHubCom, true, 20.0, 3.0, 30.0),
    ] {
        let pauses = pauses(server, without_tags);
        // What it costs is known after some looks.
        for (age, pause) in pauses
            .iter()
            .filter(|(age, _)| (20.0..1_790.0).contains(age))
        {
            let usual = f64::clamp(age / part, least, most);
            assert!(
                (usual - 1.0..usual + 1.0).contains(pause),
                "{server:?}, {without_tags}: {pause} after {age}"
            );
        }
        let last = pauses.iter().rfind(|(age, _)| *age < 1_790.0).unwrap();
        assert!(last.1 >= most - 1.0, "{last:?}");
    }
}

#[test]
fn jobs_and_steps_are_told_once_each_in_their_order() {
    let mut receiver = taking(10.0);
    receiver.jobs[0].steps = vec![
        Step::run("a").named("build").taking(10.0),
        Step::run("b").named("upload").taking(5.0),
    ];
    let waited = wait(scenario(Server::GitHubCom, receiver), |_| {});
    let said = said(&waited);
    let own: Vec<_> = said
        .iter()
        .filter(|line| !line.contains("up job") && !line.contains("Complete job"))
        .map(String::as_str)
        .collect();
    assert_eq!(
        own,
        [
            "deploy in_progress",
            "  build success",
            "  upload success",
            "deploy success"
        ]
    );
}

#[test]
fn a_run_that_fails_is_an_error_that_names_what_failed() {
    let mut receiver = taking(5.0);
    receiver.jobs[0]
        .steps
        .push(Step::run("false").named("test").ending(Conclusion::Failure));
    let waited = wait(scenario(Server::GitHubCom, receiver.clone()), |_| {});
    let error = waited.error();
    assert_eq!(error.code, Code::Unsuccessful);
    let message = error.to_string();
    for words in [
        "ended with failure",
        "job \"deploy\" failure",
        " in step \"test\" (https://github.com/octo/receiver/actions/runs/",
        "#step:3:1)",
    ] {
        assert!(message.contains(words), "{words:?} in: {message}");
    }
    let ended = waited.events.iter().find_map(|(_, event)| match event {
        Event::Ended(ended) => Some(ended.conclusion.as_str()),
        _ => None,
    });
    assert_eq!(ended, Some("failure"), "the outputs are set nevertheless");

    let waited = wait(scenario(Server::GitHubCom, receiver), |inputs| {
        inputs.fail_on_unsuccessful = "false".into();
    });
    assert_eq!(waited.ended().conclusion, "failure");
}

#[test]
fn values_come_back_from_the_logs_of_all_jobs() {
    let mut receiver = taking(1.0);
    let print = |lines: &[&str]| {
        let mut step = Step::run("echo");
        for line in lines {
            step = step.printing(format!("{ID} {line}"));
        }
        step
    };
    receiver.jobs = vec![
        Job::new("build", [print(&["version=1.2.3", "sha=abc"])]),
        Job::new(
            "deploy",
            [print(&["url=https://x", "files:json=[1]", "sha=def"])],
        )
        .needing("build"),
    ];
    for server in Server::GITHUBS {
        let waited = wait(scenario(server, receiver.clone()), |_| {});
        assert_eq!(
            waited.ended().outputs,
            r#"{"version":"1.2.3","sha":"def","url":"https://x","files":[1]}"#
        );
    }
}

#[test]
fn the_archive_stands_in_for_a_log_that_cannot_be_read() {
    let mut receiver = taking(5.0);
    receiver.jobs[0].steps = vec![Step::run("echo").printing(format!("{ID} version=1.2.3"))];
    let missing = {
        let mut receiver = receiver.clone();
        receiver.jobs[0].logs = Logs::Missing;
        scenario(Server::GitHubCom, receiver)
    };
    let broken = Fault::on("GET", "/actions/jobs/", Effect::problem(500, "no")).times(None);
    let broken = scenario(Server::GitHubCom, receiver).with_fault(broken);
    for (scenario, seconds) in [(missing, 30), (broken, 60)] {
        let waited = wait(scenario, |_| {});
        assert_eq!(waited.ended().outputs, r#"{"version":"1.2.3"}"#);
        assert!(waited.at < Duration::from_secs(seconds), "{:?}", waited.at);
    }
}

#[test]
fn logs_that_cannot_be_read_are_said_and_do_not_hold_the_end_up() {
    let broken = Fault::on("GET", "/logs", Effect::problem(500, "no")).times(None);
    let waited = wait(
        scenario(Server::GitHubCom, taking(5.0)).with_fault(broken),
        |_| {},
    );
    assert_eq!(waited.ended().conclusion, "success");
    assert!(waited.at < Duration::from_mins(2), "{:?}", waited.at);
    assert!(waited.events.iter().any(|(_, event)| {
        matches!(event, Event::ValuesMissing { jobs, .. } if jobs == &["deploy"])
    }));
}

#[test]
fn a_wait_that_takes_too_long_is_an_error_and_cancels_where_it_has_to() {
    for (cancels, end) in [("false", "it goes on"), ("true", "it has been cancelled")] {
        let mut waited = wait(scenario(Server::GitHubCom, taking(600.0)), |inputs| {
            inputs.wait_timeout_seconds = "60".into();
            inputs.cancel_on_timeout = cancels.into();
        });
        let error = waited.error();
        assert_eq!(error.code, Code::TimedOut);
        let message = error.to_string();
        assert!(
            message.contains("within 60 s") && message.contains(end),
            "{message}"
        );
        assert!(waited.at >= Duration::from_mins(1) && waited.at < Duration::from_secs(66));
        let later = waited.at + Duration::from_mins(20);
        let conclusion = waited.run_at(later).conclusion;
        let expected = if cancels == "true" {
            Conclusion::Cancelled
        } else {
            Conclusion::Success
        };
        assert_eq!(conclusion, Some(expected));
    }
}

#[test]
fn a_caller_that_is_cancelled_cancels_its_run() {
    for (cancels, expected) in [
        ("true", Conclusion::Cancelled),
        ("false", Conclusion::Success),
    ] {
        let mut waited = wait_in(
            scenario(Server::GitHubCom, taking(600.0)),
            |inputs| inputs.cancel_on_cancel = cancels.into(),
            |world| world.cancel_at(Duration::from_secs(30)),
        );
        assert_eq!(waited.error().code, Code::Cancelled);
        assert!(waited.at < Duration::from_secs(38), "{:?}", waited.at);
        let later = waited.at + Duration::from_mins(20);
        assert_eq!(waited.run_at(later).conclusion, Some(expected));
        assert_eq!(
            waited.count("POST", "/cancel"),
            usize::from(cancels == "true")
        );
    }
}

#[test]
fn a_caller_that_is_cancelled_while_it_looks_for_its_run_cancels_it_too() {
    let mut waited = wait_in(
        scenario(Server::Ghes319, taking(600.0)),
        |_| {},
        |world| world.cancel_at(Duration::from_millis(400)),
    );
    assert_eq!(waited.error().code, Code::Cancelled);
    let later = waited.at + Duration::from_mins(20);
    assert_eq!(waited.run_at(later).conclusion, Some(Conclusion::Cancelled));

    // Without waiting, nothing is cancelled, and the error says where to look.
    let mut waited = wait_in(
        scenario(Server::Ghes319, taking(20.0)),
        |inputs| inputs.wait = "false".into(),
        |world| world.cancel_at(Duration::from_millis(400)),
    );
    let error = waited.error();
    assert_eq!(error.code, Code::Cancelled);
    assert!(
        error.to_string().contains("before you dispatch again"),
        "{error}"
    );
    assert!(waited.at < Duration::from_secs(1));
    let later = waited.at + Duration::from_mins(20);
    assert_eq!(waited.run_at(later).conclusion, Some(Conclusion::Success));
}

#[test]
fn a_run_that_has_just_ended_need_not_be_cancelled() {
    let mut waited = wait_in(
        scenario(Server::GitHubCom, taking(29.0)),
        |inputs| inputs.poll_interval_seconds = "600".into(),
        |world| world.cancel_at(Duration::from_secs(40)),
    );
    let error = waited.error();
    assert_eq!(error.code, Code::Cancelled);
    assert!(error.to_string().contains("it had ended"), "{error}");
    let later = waited.at + Duration::from_mins(20);
    assert_eq!(waited.run_at(later).conclusion, Some(Conclusion::Success));
}

#[test]
fn a_named_run_is_waited_for_and_nothing_is_dispatched() {
    let mut s = scenario(Server::GitHubCom, taking(60.0));
    s.existing_runs.push(ExistingRun {
        id: Some(77),
        workflow: "ci.yml".into(),
        created_at: -10.0,
        ..ExistingRun::default()
    });
    let waited = wait(s.clone(), |inputs| {
        inputs.wait = "".into();
        inputs.workflow = "".into();
        inputs.run_id = "77".into();
    });
    assert_eq!(waited.ended().run_id, 77);
    assert_eq!(waited.ended().conclusion, "success");
    assert_eq!(waited.count("POST", ""), 0);

    let says_so = |waited: &Waited| {
        let mut events = waited.events.iter();
        events.any(|(_, event)| matches!(event, Event::ValuesNotRead {}))
    };
    assert!(says_so(&waited), "no distinct ID is given");
    let waited = wait(s.clone(), |inputs| {
        inputs.run_id = "77".into();
        inputs.distinct_id = "abc-1".into();
    });
    assert!(!says_so(&waited));
    let waited = wait(s, |inputs| inputs.run_id = "78".into());
    let error = waited.error();
    assert_eq!(error.code, Code::NotFound);
    assert!(error.to_string().contains(". Check run_id,"), "{error}");
    assert!(waited.at < Duration::from_secs(15), "{:?}", waited.at);
}

#[test]
fn reads_that_fail_are_survived() {
    for effect in [
        Effect::Reset,
        Effect::problem(502, "no"),
        Effect::problem(404, "Not Found"),
        Effect::Cut { after_bytes: 20 },
        Effect::NoAnswer,
    ] {
        for path in ["/actions/runs/", "/jobs?"] {
            let fault = Fault::on("GET", path, effect.clone()).after(1).times(3);
            let waited = wait(
                scenario(Server::GitHubCom, taking(30.0)).with_fault(fault),
                |_| {},
            );
            assert_eq!(waited.ended().conclusion, "success");
        }
    }
}

#[test]
fn a_run_that_is_deleted_meanwhile_is_an_error() {
    let mut s = scenario(Server::GitHubCom, taking(10.0));
    s.deletions.push(simulator::Deletion {
        run: 0,
        after: 11.0,
    });
    let waited = wait(s, |inputs| inputs.poll_interval_seconds = "30".into());
    let error = waited.error();
    assert_eq!(error.code, Code::NotFound);
    assert!(error.to_string().contains("has been deleted"), "{error}");
}

#[test]
fn a_fixed_interval_is_kept() {
    let waited = wait(scenario(Server::GitHubCom, taking(100.0)), |inputs| {
        inputs.workflow_job_steps_retry_seconds = "10".into();
    });
    let requests = waited.github.requests().iter();
    let looks: Vec<_> = requests
        .filter(|request| {
            request.method == "GET" && request.path.ends_with(&waited.ended().run_id.to_string())
        })
        .map(|request| request.at)
        .collect();
    assert!(looks.len() > 5);
    // A run that was just created may be unknown at first.
    for pair in looks.windows(2).skip(1) {
        let pause = pair[1].saturating_sub(pair[0]).as_secs_f64();
        assert!((9.9..10.3).contains(&pause), "{looks:?}");
    }
}

pub fn printed(waited: &Waited) -> Vec<String> {
    waited
        .events
        .iter()
        .filter_map(|(_, event)| match event {
            Event::LogBegins { title } => Some(format!("[{title}]")),
            Event::LogLine { text } => Some(text.clone()),
            Event::LogEnds {} => Some("[end]".to_owned()),
            _ => None,
        })
        .collect()
}

/// A receiver whose second step fails after it has printed these lines.
pub fn failing(lines: &[String]) -> Workflow {
    let mut receiver = taking(1.0);
    let mut step = Step::run("make test")
        .named("test")
        .ending(Conclusion::Failure);
    for line in lines {
        step = step.printing(line.clone());
    }
    receiver.jobs[0].steps.push(step);
    receiver
}

#[test]
fn the_logs_of_failed_steps_are_printed() {
    let receiver = failing(&["bad things".into(), "::set-env name=a::b".into()]);
    let waited = wait(scenario(Server::GitHubCom, receiver.clone()), |_| {});
    let printed_lines = printed(&waited);
    assert_eq!(printed_lines.first().unwrap(), "[deploy: test]");
    assert_eq!(printed_lines.last().unwrap(), "[end]");
    assert!(
        printed_lines.contains(&"bad things".to_owned()),
        "{printed_lines:?}"
    );
    assert!(printed_lines.contains(&"\u{200b}::set-env name=a::b".to_owned()));
    // Those of the step before are not.
    assert!(!printed_lines.contains(&"▸ Run make".to_owned()));

    let waited = wait(scenario(Server::GitHubCom, receiver.clone()), |inputs| {
        inputs.logs = "none".into();
    });
    assert!(printed(&waited).is_empty());

    // Without the archive, the job's own log stands in.
    let gone = Fault::on("GET", "/logs", Effect::problem(410, "Gone")).after(2);
    let waited = wait(
        scenario(Server::GitHubCom, receiver).with_fault(gone),
        |_| {},
    );
    let printed_lines = printed(&waited);
    assert_eq!(printed_lines.first().unwrap(), "[deploy]");
    assert!(
        printed_lines.contains(&"bad things".to_owned()),
        "{printed_lines:?}"
    );
}

#[test]
fn of_a_long_log_the_end_is_printed() {
    let lines: Vec<_> = (0..1_000).map(|number| format!("line {number}")).collect();
    let waited = wait(scenario(Server::GitHubCom, failing(&lines)), |_| {});
    let printed = printed(&waited);
    assert_eq!(printed.len(), 203, "title, note, 200 lines, end");
    assert!(
        printed[1].ends_with("lines before these are left out"),
        "{}",
        printed[1]
    );
    assert!(printed.contains(&"line 999".to_owned()));
    assert!(!printed.contains(&"line 500".to_owned()));
}

#[test]
fn all_logs_are_printed_in_the_order_of_the_jobs() {
    let mut receiver = taking(1.0);
    let job = |name: &str| Job::new(name, [Step::run("echo").printing(format!("from {name}"))]);
    receiver.jobs = vec![job("a"), job("b")];
    let waited = wait(scenario(Server::GitHubCom, receiver), |inputs| {
        inputs.logs = "all".into();
    });
    let printed = printed(&waited);
    let own: Vec<_> = printed
        .iter()
        .filter(|line| line.starts_with("from") || line.starts_with('['))
        .map(String::as_str)
        .collect();
    assert_eq!(own, ["[a]", "from a", "[end]", "[b]", "from b", "[end]"]);
}

pub fn reasons(waited: &Waited) -> Vec<&str> {
    waited
        .events
        .iter()
        .filter_map(|(_, event)| match event {
            Event::RunWaits { reason } => Some(reason.as_str()),
            _ => None,
        })
        .collect()
}

#[test]
fn a_run_that_waits_for_approval_says_so_once_with_the_environment() {
    let mut receiver = taking(30.0);
    receiver.jobs[0].environment = Some(Environment {
        name: "production".into(),
        approved_after: Some(300.0),
        ..Environment::default()
    });
    for server in Server::GITHUBS {
        let waited = wait(scenario(server, receiver.clone()), |_| {});
        assert_eq!(waited.ended().conclusion, "success");
        assert_eq!(reasons(&waited), ["approval for production"]);
        assert!(waited.at > Duration::from_mins(5));
    }
    receiver.jobs[0].environment.as_mut().unwrap().rejected = true;
    let waited = wait(scenario(Server::GitHubCom, receiver), |_| {});
    assert_eq!(waited.error().code, Code::Unsuccessful);
}

#[test]
fn a_run_that_waits_for_its_concurrency_group_says_so_once() {
    let mut receiver = taking(100.0);
    receiver.concurrency = Some(Concurrency {
        group: "deploy".into(),
        cancel_in_progress: false,
    });
    let mut s = scenario(Server::GitHubCom, receiver);
    s.existing_runs.push(ExistingRun {
        id: Some(77),
        workflow: "ci.yml".into(),
        created_at: -10.0,
        ..ExistingRun::default()
    });
    let waited = wait(s, |_| {});
    assert_eq!(waited.ended().conclusion, "success");
    let [reason] = reasons(&waited).try_into().unwrap();
    assert!(reason.contains("concurrency group"), "{reason}");
    assert!(waited.at > Duration::from_mins(3), "{:?}", waited.at);
}

#[test]
fn a_run_that_no_runner_takes_says_so_once() {
    for server in [Server::GitHubCom, Server::Ghes319, Server::Gitea] {
        let mut receiver = taking(30.0);
        receiver.jobs[0].queue_delay = 3_600.0;
        let waited = wait(scenario(server, receiver.clone()), |_| {});
        assert_eq!(waited.ended().conclusion, "success");
        assert_eq!(
            reasons(&waited),
            ["a runner that takes deploy"],
            "{server:?}"
        );
        let said = waited.events.iter();
        let said = said.filter(|(_, event)| matches!(event, Event::RunWaits { .. }));
        let at = said.map(|(at, _)| *at).next().unwrap();
        let minutes = Duration::from_mins(5)..Duration::from_mins(7);
        assert!(minutes.contains(&at), "{server:?}: {at:?}");

        let waited = wait(scenario(server, receiver), |inputs| {
            inputs.wait_timeout_seconds = "60".into();
        });
        assert_eq!(waited.error().code, Code::TimedOut);
        let message = waited.error().to_string();
        assert!(
            message.contains("it goes on, and waits for a runner that takes deploy"),
            "{message}"
        );
        assert_eq!(reasons(&waited), [""; 0]);
    }
}

#[test]
fn a_run_that_waits_for_approval_when_time_is_up_says_so() {
    let mut receiver = taking(30.0);
    receiver.jobs[0].environment = Some(Environment {
        name: "production".into(),
        approved_after: Some(300.0),
        ..Environment::default()
    });
    let waited = wait(scenario(Server::GitHubCom, receiver), |inputs| {
        inputs.wait_timeout_seconds = "60".into();
    });
    let message = waited.error().to_string();
    assert!(
        message.contains("it goes on, and waits for approval for production"),
        "{message}"
    );
}

#[test]
fn a_run_that_does_not_end_with_its_jobs_says_so_once() {
    for (limit, expected) in [("400", Some(Code::TimedOut)), ("", None)] {
        let waited = wait_in(
            scenario(Server::GitHubCom, taking(10.0)),
            |inputs| inputs.wait_timeout_seconds = limit.into(),
            |world| {
                world.network().set_proxy(Box::new(move |request, ask| {
                    let mut answer = ask(&request);
                    let is_run = request.method == "GET" && !request.url.contains("/jobs");
                    // `Thu, 01 Jan 2026 00:15:00 GMT`
                    let is_early = |(name, date): &(String, String)| {
                        name == "date" && date.get(17..22).is_some_and(|time| time < "00:15")
                    };
                    if is_run && answer.headers.iter().any(is_early) {
                        let text = String::from_utf8_lossy(&answer.body).into_owned();
                        answer.body = text
                            .replace(r#""status":"completed""#, r#""status":"in_progress""#)
                            .replace(r#""conclusion":"success""#, r#""conclusion":null"#)
                            .into_bytes();
                        answer.headers.retain(|(name, _)| name != "etag");
                    }
                    answer
                }));
            },
        );
        assert_eq!(reasons(&waited), ["its end: all its jobs have ended"]);
        assert_eq!(
            waited.result.as_ref().err().map(|error| error.code),
            expected
        );
        if expected.is_some() {
            let message = waited.error().to_string();
            assert!(message.contains("all its jobs have ended"), "{message}");
        }
    }
}

#[test]
fn a_run_that_is_started_again_is_followed_to_its_end() {
    let mut receiver = taking(20.0);
    receiver.jobs[0].steps[0].conclusions_by_attempt =
        vec![Conclusion::Failure, Conclusion::Success];
    receiver.jobs[0].steps[0].prints = vec![format!("{ID} attempt=${{{{ github.run_attempt }}}}")];
    let mut s = scenario(Server::GitHubCom, receiver);
    // Before the first attempt is seen to have ended.
    s.reruns.push(Rerun {
        after: 1.0,
        ..Rerun::default()
    });
    let waited = wait(s, |inputs| inputs.poll_interval_seconds = "15".into());
    let ended = waited.ended();
    assert_eq!(
        (ended.conclusion.as_str(), ended.attempt),
        ("success", Some(2))
    );
    assert_eq!(ended.outputs, r#"{"attempt":"2"}"#);
    let attempts = waited
        .events
        .iter()
        .filter(|(_, event)| matches!(event, Event::Attempt { number: 2 }));
    assert_eq!(attempts.count(), 1);
}

#[test]
fn a_run_that_ignores_its_cancellation_is_forced_to_end() {
    for server in Server::GITHUBS {
        let mut receiver = taking(600.0);
        receiver.ignores_cancel = true;
        let mut waited = wait_in(
            scenario(server, receiver),
            |_| {},
            |world| world.cancel_at(Duration::from_secs(30)),
        );
        assert_eq!(waited.error().code, Code::Cancelled);
        // Before the runner kills the step.
        assert!(waited.at < Duration::from_secs(40), "{:?}", waited.at);
        assert!(waited.post().ends_with("went on: it has been cancelled."));
        assert_eq!(waited.count("POST", "/force-cancel"), 1);
        let later = waited.at + Duration::from_secs(75);
        assert_eq!(waited.run_at(later).conclusion, Some(Conclusion::Cancelled));
        let cancellations: Vec<(Duration, bool)> = waited
            .events
            .iter()
            .filter_map(|(at, event)| match event {
                Event::Cancelling { force, .. } => Some((*at, *force)),
                _ => None,
            })
            .collect();
        let [(first, false), (second, false), (third, true)] = cancellations[..] else {
            panic!("{cancellations:?}");
        };
        assert!(first < waited.at && second >= waited.at);
        assert!(
            third >= second + Duration::from_mins(1),
            "{cancellations:?}"
        );
    }
}

#[test]
fn a_run_that_cleans_up_after_its_cancellation_is_left_to_it() {
    let mut waited = wait_in(
        scenario(Server::GitHubCom, cleaning_up(300.0)),
        |_| {},
        |world| world.cancel_at(Duration::from_secs(30)),
    );
    assert_eq!(waited.count("POST", "/force-cancel"), 0);
    let message = waited.error().to_string();
    assert!(message.contains("has not ended yet"), "{message}");
    let post = waited.post();
    assert!(
        post.ends_with("it has been told to cancel, and has not ended yet."),
        "{post}"
    );
    let later = waited.at + Duration::from_mins(6);
    let run = waited.run_at(later);
    assert_eq!(run.conclusion, Some(Conclusion::Cancelled));
}

#[test]
fn every_conclusion_is_handed_on() {
    for (conclusion, name) in [
        (Conclusion::TimedOut, "timed_out"),
        (Conclusion::StartupFailure, "startup_failure"),
        (Conclusion::Neutral, "neutral"),
        (Conclusion::ActionRequired, "action_required"),
    ] {
        let mut receiver = taking(5.0);
        receiver.conclusion = Some(conclusion);
        let waited = wait(scenario(Server::GitHubCom, receiver.clone()), |_| {});
        assert_eq!(waited.error().code, Code::Unsuccessful, "{name}");
        assert!(
            waited.error().to_string().contains(name),
            "{}",
            waited.error()
        );
        let hint = waited.error().hint.as_deref();
        let is_explained = hint.is_some_and(|hint| hint.contains("its workflow file"));
        assert_eq!(is_explained, name == "startup_failure", "{hint:?}");
        let waited = wait(scenario(Server::GitHubCom, receiver), |inputs| {
            inputs.fail_on_unsuccessful = "false".into();
        });
        assert_eq!(waited.ended().conclusion, name);
    }
}

#[test]
fn the_jobs_of_a_matrix_are_told_apart() {
    let mut receiver = taking(5.0);
    receiver.jobs[0].matrix = vec!["eu".into(), "us".into()];
    receiver.jobs[0].steps[0].prints = vec![format!("{ID} ${{{{ matrix.value }}}}=done")];
    let waited = wait(scenario(Server::GitHubCom, receiver), |_| {});
    let said = said(&waited);
    for job in ["deploy (eu) success", "deploy (us) success"] {
        assert!(said.contains(&job.to_owned()), "{said:?}");
    }
    assert_eq!(waited.ended().outputs, r#"{"eu":"done","us":"done"}"#);
}

#[test]
fn what_happens_within_one_second_is_told_too() {
    for tenths in 0..10 {
        let mut receiver = taking(600.0);
        receiver.queue_delay = 0.1 * f64::from(tenths);
        receiver
            .jobs
            .insert(0, Job::new("build", [Step::run("make").taking(0.3)]));
        receiver.jobs[1].needs = vec!["build".into()];
        let waited = wait(scenario(Server::GitHubCom, receiver), |inputs| {
            inputs.poll_interval_seconds = "0.1".into();
            inputs.wait_timeout_seconds = "20".into();
        });
        assert_eq!(waited.error().code, Code::TimedOut);
        let said = said(&waited);
        assert!(
            said.contains(&"deploy in_progress".to_owned()),
            "{tenths}: {said:?}"
        );
    }
}

#[test]
fn a_run_that_ends_in_time_has_ended_however_long_its_logs_take() {
    let slow = Fault::on("GET", "logs.txt", Effect::Late { seconds: 25.0 });
    let waited = wait(
        scenario(Server::GitHubCom, taking(28.0)).with_fault(slow),
        |inputs| {
            inputs.wait_timeout_seconds = "40".into();
        },
    );
    assert_eq!(waited.ended().conclusion, "success");
    assert!(waited.at > Duration::from_secs(50), "{:?}", waited.at);
}

#[test]
fn jobs_that_cannot_be_read_do_not_hide_the_run() {
    for (status, seconds) in [(404, 100.0), (500, 100.0), (404, 5.0), (500, 5.0)] {
        let broken = Fault::on("GET", "/jobs?", Effect::problem(status, "no")).times(None);
        let waited = wait(
            scenario(Server::GitHubCom, taking(seconds)).with_fault(broken),
            |_| {},
        );
        assert_eq!(waited.ended().conclusion, "success", "{status}");
    }
}

#[test]
fn nothing_is_read_of_a_named_run_whose_id_is_not_known() {
    let mut s = scenario(Server::GitHubCom, taking(20.0));
    s.existing_runs.push(ExistingRun {
        id: Some(77),
        workflow: "ci.yml".into(),
        created_at: -10.0,
        ..ExistingRun::default()
    });
    for (id, logs) in [("", 0), ("abc-1", 1)] {
        let waited = wait(s.clone(), |inputs| {
            inputs.run_id = "77".into();
            inputs.distinct_id = id.into();
        });
        assert_eq!(waited.count("GET", "/actions/jobs/"), logs);
    }
}

#[test]
fn a_run_that_reacts_once_and_then_does_nothing_is_forced_to_end() {
    let mut receiver = taking(6_000.0);
    receiver.ignores_cancel = true;
    receiver
        .jobs
        .push(Job::new("other", [Step::run("x").taking(70.0)]));
    let mut waited = wait(scenario(Server::GitHubCom, receiver), |inputs| {
        inputs.wait_timeout_seconds = "60".into();
        inputs.cancel_on_timeout = "true".into();
    });
    assert_eq!(waited.count("POST", "/force-cancel"), 1);
    let message = waited.error().to_string();
    assert!(message.contains("it has been cancelled"), "{message}");
    let at = waited.at;
    assert!(at < Duration::from_secs(60 + 120 + 5), "{at:?}");
    assert_eq!(waited.run_at(at).conclusion, Some(Conclusion::Cancelled));
}

/// What is said of a run that was to be cancelled at 30 s.
fn said_of_a_cancellation(receiver: Workflow, fault: impl Into<Option<Fault>>) -> String {
    let mut scenario = scenario(Server::GitHubCom, receiver);
    scenario.faults.extend(fault.into());
    let waited = wait_in(
        scenario,
        |_| {},
        |world| world.cancel_at(Duration::from_secs(30)),
    );
    assert!(waited.at < Duration::from_secs(40), "{:?}", waited.at);
    waited.error().to_string()
}

#[test]
fn what_is_said_of_a_cancellation_is_no_more_than_what_is_known() {
    // The server wants to be left alone for longer than the runner waits.
    let asks = Some(Asks::Seconds { seconds: 60 });
    let limited = Effect::Limited { status: 403, asks };
    let said = said_of_a_cancellation(taking(600.0), Fault::on("GET", "/actions/runs/", limited));
    assert!(
        said.contains("whether it will be cancelled is not known yet; look at it"),
        "{said}"
    );

    // It has ended, as its cancellation shows; it itself is not to be read.
    let broken = Effect::problem(502, "no");
    let broken = Fault::on("GET", "/actions/runs/", broken)
        .after(1)
        .times(None);
    let said = said_of_a_cancellation(taking(10.0), broken);
    assert!(said.contains("most likely because it has ended"), "{said}");

    // It goes on, whatever the server says.
    let conflict = Effect::problem(409, "Cannot cancel a workflow run that is completed.");
    let conflicts = Fault::on("POST", "/cancel", conflict).times(None);
    let said = said_of_a_cancellation(taking(600.0), conflicts);
    assert!(said.contains("yet it goes on"), "{said}");

    // It was cancelled too late to stop what always runs.
    let mut receiver = taking(0.0);
    receiver.jobs[0].steps = vec![Step::run("make").taking(31.0).always()];
    let said = said_of_a_cancellation(receiver, None);
    assert!(said.contains("it has ended by itself (success)"), "{said}");
}

#[test]
fn nothing_is_read_where_the_receiver_does_not_get_the_id() {
    let mut receiver = taking(5.0);
    receiver.inputs.clear();
    let waited = wait(scenario(Server::GitHubCom, receiver), |_| {});
    assert_eq!(waited.ended().conclusion, "success");
    assert_eq!(waited.count("GET", "/logs"), 0);
}

#[test]
fn a_job_that_was_rejected_has_no_log_to_miss() {
    let mut receiver = taking(5.0);
    let environment = Environment::new("production").rejected_after(20.0);
    receiver.jobs[0] = receiver.jobs[0].clone().with_environment(environment);
    let waited = wait(scenario(Server::GitHubCom, receiver), |_| {});
    assert_eq!(waited.error().code, Code::Unsuccessful);
    assert!(waited.at < Duration::from_secs(30), "{:?}", waited.at);
    let is_warning = |event: &Event| matches!(event, Event::ValuesMissing { .. });
    assert!(!waited.events.iter().any(|(_, event)| is_warning(event)));
}

/// One replica still shows the attempt before, in the run and in its jobs.
#[test]
fn an_old_answer_of_an_attempt_that_is_over_does_not_end_the_wait() {
    let mut receiver = taking(60.0);
    receiver.jobs[0].steps[0].conclusions_by_attempt =
        vec![Conclusion::Success, Conclusion::Failure];
    // Each of these is old once, after the second attempt has been seen.
    for old in [["/actions/runs/", "/jobs?"], ["/actions/runs/", "/never"]] {
        let mut s = scenario(Server::GitHubCom, receiver.clone());
        s.reruns.push(Rerun {
            after: 1.0,
            ..Rerun::default()
        });
        let waited = wait_in(
            s,
            |inputs| inputs.poll_interval_seconds = "15".into(),
            |world| {
                let seen = Cell::new(0);
                let told = RefCell::new(Vec::new());
                world.network().set_proxy(Box::new(move |request, ask| {
                    let mut answer = ask(&request);
                    let text = String::from_utf8_lossy(&answer.body).into_owned();
                    let is_second = text.contains(r#""run_attempt":2"#);
                    let is_run = is_second && !request.url.contains("/jobs?");
                    seen.set(seen.get() + usize::from(is_run));
                    let part = old.iter().find(|part| request.url.contains(**part));
                    if let Some(part) =
                        part.filter(|part| seen.get() > 1 && !told.borrow().contains(*part))
                    {
                        told.borrow_mut().push(*part);
                        let text = text
                            .replace(r#""run_attempt":2"#, r#""run_attempt":1"#)
                            .replace(r#""status":"in_progress""#, r#""status":"completed""#)
                            .replace(r#""conclusion":null"#, r#""conclusion":"success""#);
                        answer.body = text.into_bytes();
                        answer.headers.retain(|(name, _)| name != "etag");
                    }
                    answer
                }));
            },
        );
        assert_eq!(waited.error().code, Code::Unsuccessful);
        let end = waited.events.iter().find_map(|(_, event)| match event {
            Event::Ended(ended) => Some((ended.conclusion.clone(), ended.attempt)),
            _ => None,
        });
        assert_eq!(end, Some(("failure".to_owned(), Some(2))), "{old:?}");
    }
}

/// A server whose lists of jobs are old shows what is over.
#[test]
fn what_old_answers_show_is_neither_told_again_nor_taken_for_the_end() {
    let mut receiver = taking(5.0);
    receiver.jobs[0].steps = vec![
        Step::run("echo").printing(format!("{ID} attempt=${{{{ github.run_attempt }}}}")),
        Step::run("make")
            .named("make")
            .taking(5.0)
            .ending_by_attempt([Conclusion::Failure, Conclusion::Success]),
    ];
    for seconds in [3.0, 8.0, 15.0] {
        let old = Fault::on("GET", "/jobs?", Effect::Stale { seconds }).times(None);
        let again = Rerun {
            after: 0.5,
            ..Rerun::default()
        };
        let scenario = scenario(Server::GitHubCom, receiver.clone());
        let waited = wait(scenario.with_fault(old).with_rerun(again), |_| {});
        let ended = waited.ended();
        assert_eq!(
            (ended.conclusion.as_str(), ended.attempt),
            ("success", Some(2))
        );
        assert_eq!(ended.outputs, r#"{"attempt":"2"}"#, "{seconds} s old");
        let mut told = Vec::new();
        for (_, event) in &waited.events {
            let event = match event {
                Event::Attempt { .. } => {
                    told.clear();
                    continue;
                }
                Event::Job { .. } | Event::Step { .. } => event,
                _ => continue,
            };
            assert!(!told.contains(&event), "{seconds} s old, again: {event:?}");
            told.push(event);
        }
        assert_eq!(told.len(), 6, "{seconds} s old");
    }
}

#[test]
fn jobs_that_cannot_be_read_are_said_to_be_missing() {
    let broken = Fault::on("GET", "/jobs?", Effect::problem(500, "no")).times(None);
    let waited = wait(
        scenario(Server::GitHubCom, taking(5.0)).with_fault(broken),
        |_| {},
    );
    assert_eq!(waited.ended().conclusion, "success");
    let is_said = |event: &Event| matches!(event, Event::JobsMissing { .. });
    assert!(waited.events.iter().any(|(_, event)| is_said(event)));
}

#[test]
fn a_log_that_its_store_wants_left_alone_is_left_alone() {
    let mut receiver = taking(5.0);
    receiver.jobs[0].steps = vec![Step::run("echo").printing(format!("{ID} version=1.2.3"))];
    let asks = Some(Asks::Seconds { seconds: 20 });
    let limited = Effect::Limited { status: 429, asks };
    let limited = Fault::on("GET", "logs.txt", limited).times(1);
    let scenario = scenario(Server::GitHubCom, receiver).with_fault(limited);
    let waited = wait(scenario, |inputs| inputs.logs = "all".into());
    assert_eq!(waited.ended().outputs, r#"{"version":"1.2.3"}"#);
    let requests = waited.github.requests().iter();
    let asked: Vec<Duration> = requests
        .filter(|request| request.path.contains("logs.txt"))
        .map(|request| request.at)
        .collect();
    assert!(asked.len() >= 2, "{asked:?}");
    assert!(asked[1] >= asked[0] + Duration::from_secs(20), "{asked:?}");
}

#[test]
fn a_caller_that_is_cancelled_while_a_named_run_is_looked_up_cancels_that() {
    for server in Server::GITHUBS {
        let mut named = scenario(server, taking(600.0));
        named.existing_runs.push(ExistingRun {
            id: Some(77),
            workflow: "ci.yml".into(),
            created_at: -10.0,
            ..ExistingRun::default()
        });
        let never = Fault::on("GET", "/actions/runs/77", Effect::NoAnswer);
        let mut waited = wait_in(
            named.with_fault(never),
            |inputs| inputs.run_id = "77".into(),
            |world| world.cancel_at(Duration::from_secs(5)),
        );
        assert_eq!(waited.error().code, Code::Cancelled);
        assert!(waited.at < Duration::from_secs(14), "{:?}", waited.at);
        // Older servers refuse the first for the API version, of which nothing is known yet.
        let refused = usize::from(refuses_version(server));
        assert_eq!(waited.count("POST", "/cancel"), 1 + refused, "{server:?}");
        let later = waited.at + Duration::from_mins(20);
        let runs = waited.github.runs(later);
        assert_eq!(runs.len(), 1);
        assert_eq!(runs[0].conclusion, Some(Conclusion::Cancelled));
    }
}

#[test]
fn a_cancellation_that_conflicts_is_not_repeated_each_second() {
    let conflict = Effect::problem(409, "Cannot cancel a workflow run that is completed.");
    let conflicts = Fault::on("POST", "/cancel", conflict).times(None);
    let waited = wait(
        scenario(Server::GitHubCom, taking(600.0)).with_fault(conflicts),
        |inputs| {
            inputs.wait_timeout_seconds = "60".into();
            inputs.cancel_on_timeout = "true".into();
        },
    );
    // After 0, 1, 3, 7, 15, 31 seconds of the minute, when force ends it.
    assert_eq!(waited.count("POST", "/cancel"), 6);
}

#[test]
fn a_post_step_leaves_the_server_alone_for_as_long_as_it_asked_for() {
    let asks = Some(Asks::Seconds { seconds: 60 });
    let limited = Effect::Limited { status: 429, asks };
    let mut waited = wait_in(
        scenario(Server::GitHubCom, taking(600.0))
            .with_fault(Fault::on("POST", "/cancel", limited)),
        |_| {},
        |world| world.cancel_at(Duration::from_secs(30)),
    );
    assert!(waited.post().ends_with("went on: it has been cancelled."));
    let requests = waited.github.requests().iter();
    let after: Vec<_> = requests
        .filter(|request| request.at > Duration::from_secs(31))
        .collect();
    let first = after.first().expect("the post step cancels");
    assert!(first.at >= Duration::from_secs(90), "{first:?}");
    let later = waited.at + Duration::from_mins(20);
    assert_eq!(waited.run_at(later).conclusion, Some(Conclusion::Cancelled));
}

#[test]
fn a_post_step_goes_on_looking_for_the_run_that_was_not_found_in_time() {
    for supplied in [false, true] {
        let mut receiver = taking(600.0);
        receiver.run_name = None;
        let say = Step::run("echo").printing(ID);
        let early = Job::new("announce", [Step::run("sleep").taking(20.0), say]);
        receiver.jobs.insert(0, early);
        let mut s = scenario(Server::Ghes319, receiver);
        s.crowd = Some(crowd(3, 3, 4.0));
        let mut waited = wait_in(
            s,
            |inputs| {
                if supplied {
                    inputs.distinct_id = "mine-1".into();
                    inputs.workflow_timeout_seconds = "300".into();
                }
            },
            |world| world.cancel_at(Duration::from_secs(3)),
        );
        assert_eq!(waited.error().code, Code::Cancelled);
        assert!(waited.at < Duration::from_secs(13), "{:?}", waited.at);
        // What shows a supplied ID may be another call's.
        if supplied {
            assert_eq!(waited.post, None);
            continue;
        }
        let post = waited.post();
        assert!(
            post.starts_with("The step ended before it had found its run"),
            "{post}"
        );
        assert!(post.ends_with(": it has been cancelled."), "{post}");
        let later = waited.at + Duration::from_mins(20);
        for run in waited.github.runs(later) {
            let is_own = run.dispatched_by == DispatchedBy::Client;
            let expected = if is_own {
                Conclusion::Cancelled
            } else {
                Conclusion::Success
            };
            assert_eq!(run.conclusion, Some(expected), "{run:?}");
        }
    }
}

#[test]
fn a_step_that_has_come_to_its_own_end_leaves_nothing_to_look_for() {
    let mut receiver = taking(60.0);
    receiver.run_name = None;
    let waited = wait(scenario(Server::Ghes319, receiver), |inputs| {
        inputs.workflow_timeout_seconds = "30".into();
    });
    assert_eq!(waited.error().code, Code::TimedOut);
    let told: Vec<_> = waited
        .events
        .iter()
        .filter(|(_, event)| {
            matches!(
                event,
                Event::Sought { .. } | Event::Unfollowed {} | Event::LeftBehind { .. }
            )
        })
        .collect();
    let [(_, Event::Sought { .. }), (_, Event::Unfollowed {})] = told[..] else {
        panic!("{told:?}");
    };
    assert_eq!(waited.post, None);
}

#[test]
fn a_dispatch_that_is_under_way_when_the_caller_is_cancelled_is_not_lost() {
    for server in Server::GITHUBS {
        let late = Fault::on("POST", "/dispatches", Effect::Late { seconds: 7.0 }).times(None);
        // Older servers refuse the first, which names the API version.
        let refused = u32::from(refuses_version(server));
        let s = scenario(server, taking(600.0)).with_fault(late.after(refused));
        let mut waited = wait_in(s, |_| {}, |world| world.cancel_at(Duration::from_secs(1)));
        assert_eq!(waited.error().code, Code::Cancelled);
        assert!(waited.at < Duration::from_secs(11), "{:?}", waited.at);
        let later = waited.at + Duration::from_mins(20);
        let conclusion = waited.run_at(later).conclusion;
        assert_eq!(
            conclusion,
            Some(Conclusion::Cancelled),
            "{server:?}: {:?}",
            waited.post
        );
    }
}

#[test]
fn a_caller_that_is_cancelled_while_it_cancels_its_run_leaves_that_to_its_post_step() {
    let mut receiver = taking(600.0);
    receiver.ignores_cancel = true;
    let mut waited = wait_in(
        scenario(Server::GitHubCom, receiver),
        |inputs| {
            inputs.wait_timeout_seconds = "30".into();
            inputs.cancel_on_timeout = "true".into();
            inputs.cancel_on_cancel = "false".into();
        },
        |world| world.cancel_at(Duration::from_secs(40)),
    );
    assert_eq!(waited.error().code, Code::TimedOut);
    assert!(waited.at < Duration::from_secs(41), "{:?}", waited.at);
    assert!(waited.post().ends_with("went on: it has been cancelled."));
    let later = waited.at + Duration::from_mins(5);
    assert_eq!(waited.run_at(later).conclusion, Some(Conclusion::Cancelled));
}

#[test]
fn an_attempt_that_somebody_started_since_is_not_cancelled() {
    let mut receiver = taking(600.0);
    receiver.cancelling_takes = 5.0;
    let mut s = scenario(Server::GitHubCom, receiver);
    s.reruns.push(Rerun {
        after: 0.1,
        ..Rerun::default()
    });
    // Either the step sees it, or only its `post` step does.
    let hidden = Fault::on("GET", "/actions/runs/", Effect::problem(502, "no"));
    let hidden = hidden.times(None).between(30.0, 38.4);
    for (s, is_hidden) in [(s.clone(), false), (s.with_fault(hidden), true)] {
        let mut waited = wait_in(s, |_| {}, |world| world.cancel_at(Duration::from_secs(30)));
        let message = waited.error().to_string();
        let said = if is_hidden { waited.post() } else { &message };
        assert!(said.contains("somebody has started it again"), "{said}");
        assert_eq!(waited.count("POST", "/cancel"), 1);
        let later = waited.at + Duration::from_mins(20);
        assert_eq!(waited.run_at(later).conclusion, Some(Conclusion::Success));
    }
}

#[test]
fn a_caller_that_is_cancelled_dispatches_nothing_any_more() {
    // The first dispatch is refused for the API version, after the signal.
    let late = Fault::on("POST", "/dispatches", Effect::Late { seconds: 3.0 });
    let waited = wait_in(
        scenario(Server::Ghes319, taking(600.0)).with_fault(late),
        |_| {},
        |world| world.cancel_at(Duration::from_secs(1)),
    );
    let message = waited.error().to_string();
    assert!(
        message.contains("before anything was dispatched"),
        "{message}"
    );
    assert_eq!(waited.count("POST", "/dispatches"), 1);
    assert_eq!(waited.post, None);

    // One that got no answer is not repeated either.
    let lost = Fault::on("POST", "/dispatches", Effect::Reset);
    let waited = wait_in(
        scenario(Server::GitHubCom, taking(600.0)).with_fault(lost),
        |inputs| inputs.workflow_timeout_seconds = "300".into(),
        |world| world.cancel_at(Duration::from_secs(57)),
    );
    assert_eq!(waited.error().code, Code::Cancelled);
    assert_eq!(waited.count("POST", "/dispatches"), 1);
}

#[test]
fn a_dispatch_that_gets_no_answer_in_time_is_looked_for_by_the_post_step() {
    for server in Server::GITHUBS {
        let refused = u32::from(refuses_version(server));
        let silent = Fault::on("POST", "/dispatches", Effect::NoAnswer).acting();
        let mut waited = wait_in(
            scenario(server, taking(600.0)).with_fault(silent.after(refused)),
            |_| {},
            |world| world.cancel_at(Duration::from_secs(2)),
        );
        assert_eq!(waited.error().code, Code::Cancelled);
        let later = waited.at + Duration::from_mins(20);
        let conclusion = waited.run_at(later).conclusion;
        let post = &waited.post;
        assert_eq!(
            conclusion,
            Some(Conclusion::Cancelled),
            "{server:?}: {post:?}"
        );
    }
}

/// It has not heard, or does what has to be done even then: its steps end one after another.
#[test]
fn a_run_whose_steps_go_on_is_not_forced_to_end() {
    let mut receiver = taking(0.0);
    receiver.ignores_cancel = true;
    receiver.jobs[0].steps = (0..20).map(|_| Step::run("make").taking(20.0)).collect();
    let waited = wait(scenario(Server::GitHubCom, receiver), |inputs| {
        inputs.wait_timeout_seconds = "30".into();
        inputs.cancel_on_timeout = "true".into();
    });
    assert_eq!(waited.error().code, Code::TimedOut);
    assert_eq!(waited.count("POST", "/force-cancel"), 0);
}

#[test]
fn a_run_whose_jobs_cannot_be_read_is_not_forced_to_end() {
    let mut broken = Fault::on("GET", "/jobs", Effect::problem(502, "no")).times(None);
    broken.from = 29.0;
    let waited = wait_in(
        scenario(Server::GitHubCom, cleaning_up(100.0)).with_fault(broken),
        |_| {},
        |world| world.cancel_at(Duration::from_secs(30)),
    );
    assert_eq!(waited.count("POST", "/force-cancel"), 0);
    assert!(waited.post().ends_with("it has been cancelled."));
}
