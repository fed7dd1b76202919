//! What a run that has ended leaves behind is brought home whole, or it is said what is missing.

use std::time::Duration;

use crate::support::{Waited, scenario, wait, wait_in};
use crate::waiting::{ID, failing, printed, reasons, taking};
use return_dispatch::Code;
use return_dispatch::event::Event;
use simulator::{
    Archive, Asks, Conclusion, Effect, Environment, ExistingRun, Fault, Job, Logs, Rerun, Scenario,
    Server, Status, Step, Workflow,
};

fn receiver(jobs: impl IntoIterator<Item = Job>) -> Workflow {
    let mut receiver = taking(1.0);
    receiver.jobs = jobs.into_iter().collect();
    receiver
}

fn on_github(receiver: Workflow) -> Scenario {
    scenario(Server::GitHubCom, receiver)
}

fn lacks_values(waited: &Waited, of: &str) -> bool {
    let mut events = waited.events.iter();
    events.any(|(_, event)| matches!(event, Event::ValuesMissing { jobs, .. } if jobs == &[of]))
}

#[test]
fn a_run_that_ends_in_time_is_seen_to_have_ended() {
    for interval in ["", "10"] {
        for limit in 15..40 {
            let mut waited = wait(on_github(taking(20.0)), |inputs| {
                inputs.wait_timeout_seconds = limit.to_string().as_str().into();
                inputs.poll_interval_seconds = interval.into();
            });
            let identified = waited
                .events
                .iter()
                .find_map(|(at, event)| matches!(event, Event::Identified(_)).then_some(*at));
            let limit = identified.unwrap() + Duration::from_secs(limit);
            let truth = waited.run_at(limit).status;
            match &waited.result {
                Ok(_) => assert_eq!(truth, Status::Completed),
                Err(error) => {
                    assert_eq!(error.code, Code::TimedOut);
                    assert_ne!(truth, Status::Completed, "{limit:?}: {error}");
                }
            }
        }
    }
}

#[test]
fn a_last_look_is_not_waited_for_without_end() {
    let mut hangs = Fault::on("GET", "/actions/runs/", Effect::NoAnswer).times(None);
    hangs.from = 50.0;
    let waited = wait(on_github(taking(600.0)).with_fault(hangs), |inputs| {
        inputs.wait_timeout_seconds = "60".into();
    });
    assert_eq!(waited.error().code, Code::TimedOut);
    assert!(waited.at < Duration::from_secs(67), "{:?}", waited.at);
}

#[test]
fn a_named_run_may_be_unknown_for_a_while() {
    let mut s = on_github(taking(20.0));
    s.existing_runs.push(ExistingRun {
        id: Some(77),
        workflow: "ci.yml".into(),
        created_at: -1.0,
        ..ExistingRun::default()
    });
    let unknown = Fault::on("GET", "/actions/runs/77", Effect::problem(404, "Not Found"));
    let s = s.with_fault(unknown.times(4));
    let waited = wait(s, |inputs| {
        inputs.run_id = "77".into();
        inputs.distinct_id = "abc-1".into();
    });
    assert_eq!(waited.ended().run_id, 77);
    let mut events = waited.events.iter();
    // The ID that was given is told, as for a run that is dispatched.
    assert!(events.any(|(_, event)| {
        matches!(event, Event::Started { distinct_id } if distinct_id == "abc-1")
    }));
}

#[test]
fn the_log_of_another_job_is_not_taken_for_its_own() {
    let good = Step::run("echo").printing("the good one");
    let bad = Step::run("echo")
        .printing("the bad one")
        .ending(Conclusion::Failure);
    let long = "x".repeat(100);
    for (first, second) in [
        ("a/b".to_owned(), "ab".to_owned()),
        (format!("{long} 1"), format!("{long} 2")),
    ] {
        let jobs = [
            Job::new(first.clone(), [good.clone()]),
            Job::new(second.clone(), [bad.clone()]),
        ];
        let waited = wait(on_github(receiver(jobs)), |_| {});
        let lines = printed(&waited);
        assert!(lines.contains(&"the bad one".to_owned()), "{lines:?}");
        assert!(!lines.contains(&"the good one".to_owned()), "{lines:?}");

        // Nor are its values.
        let value = |value: u8| Step::run("echo").printing(format!("{ID} value=of {value}"));
        let mut jobs = [
            Job::new(first, [value(1)]),
            Job::new(second.clone(), [value(2)]),
        ];
        jobs[1].logs = Logs::Missing;
        let waited = wait(on_github(receiver(jobs)), |_| {});
        assert_eq!(waited.ended().outputs, r#"{"value":"of 1"}"#);
        assert!(lacks_values(&waited, &second));
    }
}

#[test]
fn the_log_of_a_step_is_not_taken_for_that_of_a_job() {
    let mut build = Job::new(
        "build",
        [
            Step::run("echo")
                .named("first")
                .printing(format!("{ID} a=1")),
            Step::run("echo")
                .named("build")
                .printing(format!("{ID} b=2")),
        ],
    );
    build.logs = Logs::Missing;
    let mut s = on_github(receiver([build]));
    s.archive = Archive::MissingEntry;
    let waited = wait(s, |_| {});
    assert_eq!(waited.ended().outputs, "{}");
    assert!(lacks_values(&waited, "build"));
}

#[test]
fn a_log_that_breaks_off_is_read_on() {
    let lines: Vec<String> = (0..2_000).map(|number| format!("line {number}")).collect();
    let mut step = Step::run("make");
    for line in &lines {
        step = step.printing(line.clone());
    }
    let after_bytes = 20_000;
    let cut = Fault::on("GET", "logs.txt", Effect::Cut { after_bytes }).times(1);
    let s = on_github(receiver([Job::new("build", [step])])).with_fault(cut);
    let waited = wait(s, |inputs| {
        inputs.logs = "all".into();
        inputs.distinct_id_input = "".into();
    });
    let printed = printed(&waited);
    let own: Vec<String> = printed
        .into_iter()
        .filter(|line| line.starts_with("line "))
        .collect();
    assert_eq!(own, lines);
}

#[test]
fn what_fails_once_is_tried_again() {
    let broken = |path: &str| Fault::on("GET", path, Effect::problem(502, "no")).times(1);
    // Long after the time that there was to find the run.
    let mut receiver = failing(&["bad things".into()]);
    receiver.jobs[0].steps[0].seconds = 400.0;
    let s = on_github(receiver)
        .with_fault(broken("logs.zip"))
        .with_fault(broken("logs.txt"));
    let waited = wait(s, |_| {});
    let lines = printed(&waited);
    assert_eq!(lines.first().unwrap(), "[deploy: test]");
    assert!(lines.contains(&"bad things".to_owned()), "{lines:?}");
}

#[test]
fn what_the_archive_lacks_of_the_failed_steps_comes_from_the_jobs_own_log() {
    let mut first = Step::run("make")
        .printing("reason one")
        .ending(Conclusion::Failure);
    first.log_missing = true;
    let second = Step::run("make clean")
        .named("clean up")
        .printing("reason two")
        .ending(Conclusion::Failure)
        .always();
    let waited = wait(
        on_github(receiver([Job::new("build", [first, second])])),
        |_| {},
    );
    let lines = printed(&waited);
    let titles: Vec<_> = lines
        .iter()
        .filter(|line| line.starts_with("[build"))
        .collect();
    assert_eq!(titles, ["[build: clean up]", "[build]"]);
    for reason in ["reason one", "reason two"] {
        assert!(lines.contains(&reason.to_owned()), "{lines:?}");
    }
}

#[test]
fn a_job_that_was_rejected_has_no_log_to_print() {
    let step = Step::run("make deploy");
    let environment = Environment::new("production").rejected_after(5.0);
    let job = Job::new("deploy", [step]).with_environment(environment);
    for logs in ["all", "failed"] {
        let waited = wait(on_github(receiver([job.clone()])), |inputs| {
            inputs.logs = logs.into();
        });
        assert_eq!(waited.error().code, Code::Unsuccessful);
        assert_eq!(printed(&waited), [""; 0]);
        let mut events = waited.events.iter();
        assert!(!events.any(|(_, event)| {
            matches!(event, Event::Trouble { message, .. } if message.contains("the log of"))
        }));
    }
}

#[test]
fn a_run_that_fails_and_returns_too_much_says_both() {
    let large = "x".repeat(900 << 10);
    let mut step = Step::run("make").ending(Conclusion::Failure);
    for name in ["a", "b"] {
        step = step.printing(format!("{ID} {name}={large}"));
    }
    let s = on_github(receiver([Job::new("build", [step])]));
    let waited = wait(s, |inputs| inputs.logs = "none".into());
    let error = waited.error();
    assert_eq!(error.code, Code::Unsuccessful);
    let message = error.to_string();
    for part in ["ended with failure: job \"build\"", "more than 1 MiB"] {
        assert!(message.contains(part), "{message}");
    }
    let mut events = waited.events.iter();
    assert!(events.any(|(_, event)| matches!(event, Event::Summary { .. })));
}

#[test]
fn each_environment_that_a_run_waits_for_is_told() {
    let step = Step::run("make");
    let job = |name: &str, approved: f64| {
        let environment = Environment::new(format!("env-{name}")).approved_after(approved);
        Job::new(name, [step.clone()]).with_environment(environment)
    };
    let jobs = [job("a", 8.0), job("b", 60.0).needing("a")];
    let s = on_github(receiver(jobs));
    let waited = wait(s.clone(), |inputs| {
        inputs.poll_interval_seconds = "15".into();
    });
    assert_eq!(
        reasons(&waited),
        ["approval for env-a", "approval for env-b"]
    );

    // One answer that is lost is no other reason.
    let lost = Fault::on("GET", "/pending_deployments", Effect::problem(502, "no")).times(1);
    let waited = wait(s.with_fault(lost), |_| {});
    assert_eq!(
        reasons(&waited),
        ["approval for env-a", "approval for env-b"]
    );
}

#[test]
fn a_run_that_has_ended_is_not_cancelled_any_more() {
    let slow = Fault::on("GET", "logs.txt", Effect::NoAnswer).times(None);
    let waited = wait_in(
        on_github(taking(10.0)).with_fault(slow),
        |_| {},
        |world| world.cancel_at(Duration::from_secs(30)),
    );
    assert_eq!(waited.error().code, Code::Cancelled);
    let message = waited.error().to_string();
    assert!(message.contains("it had ended (success)"), "{message}");
    assert!(waited.at < Duration::from_secs(31));
    assert_eq!(waited.count("POST", "/cancel"), 0);
    let mut events = waited.events.iter();
    assert!(events.any(|(_, event)| {
        matches!(event, Event::Ended(ended) if ended.conclusion == "success")
    }));
}

#[test]
fn a_log_that_is_being_printed_is_closed_before_anything_else_is_said() {
    let stalls = Fault::on("GET", "logs.txt", Effect::Stall { after_bytes: 300 }).times(None);
    let waited = wait_in(
        on_github(failing(&["bad things".into()])).with_fault(stalls),
        |inputs| {
            inputs.logs = "all".into();
            inputs.distinct_id_input = "".into();
        },
        |world| world.cancel_at(Duration::from_secs(20)),
    );
    assert_eq!(waited.error().code, Code::Cancelled);
    let lines = printed(&waited);
    assert_eq!(lines.first().unwrap(), "[deploy]");
    assert_eq!(lines.last().unwrap(), "[end]");
}

#[test]
fn a_summary_has_the_course_of_jobs_and_their_longest_steps() {
    let step = |seconds| Step::run(format!("sleep {seconds}")).taking(f64::from(seconds));
    let build = Job::new("build", [10, 2, 30, 4, 20].map(step));
    let deploy = Job::new("deploy", [step(5)]).needing("build");
    let waited = wait(on_github(receiver([build, deploy])), |_| {});
    let mut events = waited.events.iter();
    let summary = events.find_map(|(_, event)| match event {
        Event::Summary(summary) => Some(summary),
        _ => None,
    });
    let [build, deploy] = &summary.expect("a summary").jobs[..] else {
        panic!("{summary:?}");
    };
    let took = |began: Option<u64>, ended: Option<u64>| ended.unwrap() - began.unwrap();
    assert!(
        (66..=69).contains(&took(build.began, build.ended)),
        "{build:?}"
    );
    assert!(deploy.began >= build.ended, "{build:?}, {deploy:?}");
    // The simulated time begins in 2026.
    assert!(build.began > Some(1_767_000_000), "{build:?}");
    let names: Vec<_> = build.steps.iter().map(|step| step.name.as_str()).collect();
    assert_eq!(names, ["Run sleep 10", "Run sleep 30", "Run sleep 20"]);
    for step in &build.steps {
        let took = took(step.began, step.ended);
        assert_eq!(Some(took), step.seconds, "{step:?}");
    }
}

#[test]
fn a_last_look_that_fails_is_tried_again() {
    let mut once = Fault::on("GET", "/actions/runs/", Effect::problem(502, "no")).times(2);
    once.from = 29.9;
    let waited = wait(on_github(taking(20.0)).with_fault(once), |inputs| {
        inputs.wait_timeout_seconds = "30".into();
        inputs.poll_interval_seconds = "300".into();
    });
    assert_eq!(waited.ended().conclusion, "success");

    // Where it never succeeds, nobody knows whether the run goes on.
    let mut broken = Fault::on("GET", "/actions/runs/", Effect::problem(502, "no")).times(None);
    broken.from = 29.9;
    let waited = wait(on_github(taking(20.0)).with_fault(broken), |inputs| {
        inputs.wait_timeout_seconds = "30".into();
        inputs.poll_interval_seconds = "300".into();
    });
    let message = waited.error().to_string();
    assert!(
        message.contains("was not seen to end within 30 s"),
        "{message}"
    );
    assert!(waited.at < Duration::from_secs(37), "{:?}", waited.at);
}

#[test]
fn what_settles_is_looked_at_soon_whatever_the_interval() {
    let mut stale = Fault::on("GET", "/jobs", Effect::Stale { seconds: 15.0 });
    // The last look finds the run at its end, and its jobs as they were.
    stale.from = 29.0;
    let waited = wait(on_github(taking(20.0)).with_fault(stale), |inputs| {
        inputs.wait_timeout_seconds = "30".into();
        inputs.poll_interval_seconds = "300".into();
    });
    assert_eq!(waited.ended().conclusion, "success");
    assert!(waited.at < Duration::from_secs(45), "{:?}", waited.at);
}

#[test]
fn a_run_that_has_ended_has_whatever_else_cannot_be_read() {
    let asks = Some(Asks::Seconds { seconds: 600 });
    let limited = Effect::Limited { status: 403, asks };
    let limited = Fault::on("GET", "/jobs", limited).after(1).times(None);
    let waited = wait(on_github(taking(20.0)).with_fault(limited), |inputs| {
        inputs.wait_timeout_seconds = "60".into();
        inputs.poll_interval_seconds = "25".into();
    });
    assert_eq!(waited.ended().conclusion, "success");
    let mut events = waited.events.iter();
    assert!(events.any(|(_, event)| matches!(event, Event::JobsMissing { .. })));
}

#[test]
fn the_values_of_many_jobs_cost_no_more_requests_than_those_of_a_few() {
    let jobs = (0..40).map(|number| {
        let value = format!("{ID} of_{number}={number}");
        let step = Step::run("echo").taking(3_000.0).printing(value);
        Job::new(format!("job {number}"), [step])
    });
    let s = on_github(receiver(jobs));
    let waited = wait(s.clone(), |_| {});
    let ended = waited.ended();
    assert!(
        ended.outputs.contains(r#""of_39":"39""#),
        "{}",
        ended.outputs
    );
    assert_eq!(ended.outputs.matches("of_").count(), 40);
    assert!(ended.counted <= 20, "{}", ended.counted);

    // What the archive lacks, or where there is none, is read from the jobs' own logs.
    let gone = Fault::on("GET", "logs.zip", Effect::problem(404, "gone")).times(None);
    let mut damaged = s.clone();
    damaged.archive = Archive::Truncated;
    for s in [s.with_fault(gone), damaged] {
        let waited = wait(s, |_| {});
        assert_eq!(waited.ended().outputs.matches("of_").count(), 40);
    }
}

#[test]
fn the_archive_of_a_run_and_of_its_attempt_are_left_alone_alike() {
    let mut receiver = failing(&[ID.into()]);
    receiver.run_name = None;
    let broken = Effect::problem(502, "no");
    let broken = Fault::on("GET", "/actions/jobs/", broken).times(1);
    let asks = Some(Asks::Seconds { seconds: 20 });
    let limited = Effect::Limited { status: 429, asks };
    let limited = Fault::on("GET", "logs.zip", limited).times(1);
    // The first is asked for to find the run, the second for what failed in it.
    let s = scenario(Server::Ghes319, receiver);
    let waited = wait(s.with_fault(broken).with_fault(limited), |_| {});
    assert_eq!(waited.error().code, Code::Unsuccessful);
    let requests = waited.github.requests().iter();
    let asked: Vec<Duration> = requests
        .filter(|request| request.path.contains("logs.zip"))
        .map(|request| request.at)
        .collect();
    assert_eq!(asked.len(), 2, "{asked:?}");
    assert!(asked[1] >= asked[0] + Duration::from_secs(20), "{asked:?}");
}

#[test]
fn an_hour_of_some_jobs_one_after_another_costs_twenty_requests() {
    // Whatever becomes of a run costs two: the run and its jobs are read again.
    for number in 1..=6 {
        let jobs = (0..number).map(|index| {
            let step = Step::run("make").taking(3_600.0 / f64::from(number));
            let job = Job::new(format!("job {index}"), [step]);
            if index > 0 {
                job.needing(format!("job {}", index - 1))
            } else {
                job
            }
        });
        let waited = wait(on_github(receiver(jobs)), |_| {});
        let counted = waited.ended().counted;
        assert!(counted <= 20, "{counted} for {number} jobs");
    }
}

#[test]
fn an_error_names_ten_jobs_and_counts_the_others() {
    let fails = Step::run("make").ending(Conclusion::Failure);
    let jobs = (0..12).map(|index| Job::new(format!("job {index}"), [fails.clone()]));
    let waited = wait(on_github(receiver(jobs)), |inputs| {
        inputs.logs = "none".into();
    });
    let message = waited.error().to_string();
    assert_eq!(message.matches(" in step ").count(), 10, "{message}");
    assert!(message.contains("; and 2 more"), "{message}");
}

/// So many jobs, each with a value; the last one fails.
fn many_jobs(number: usize) -> Scenario {
    let job = |index: usize| {
        let step = Step::run("make").printing(format!("{ID} value-{index}={index}"));
        let ends = if index + 1 == number {
            step.ending(Conclusion::Failure)
        } else {
            step
        };
        Job::new(format!("leg ({index})"), [ends])
    };
    on_github(receiver((0..number).map(job)))
}

#[test]
fn of_more_than_a_thousand_jobs_none_is_lost() {
    let waited = wait(many_jobs(1_203), |_| {});
    let message = waited.error().to_string();
    assert!(message.contains("job \"leg (1202)\" failure"), "{message}");
    let mut events = waited.events.iter();
    let ended = events.find_map(|(_, event)| match event {
        Event::Ended(ended) => Some(ended),
        _ => None,
    });
    let outputs = &ended.expect("ended").outputs;
    for index in 0..1_203 {
        assert!(
            outputs.contains(&format!("\"value-{index}\":\"{index}\"")),
            "{index}"
        );
    }
}

/// A hundred pages are read.
#[test]
fn of_more_jobs_than_are_read_that_is_said() {
    let waited = wait(many_jobs(10_003), |inputs| {
        inputs.fail_on_unsuccessful = "false".into();
        inputs.logs = "none".into();
        inputs.distinct_id_input = "".into();
    });
    let is_said = |(_, event): &(_, Event)| matches!(event, Event::JobsMissing { .. });
    assert!(waited.events.iter().any(is_said));
    assert_eq!(waited.ended().conclusion, "failure");
}

#[test]
fn an_error_is_short_however_long_the_names_are() {
    let long = |number: usize| format!("{number}{}", "x".repeat(1 << 16));
    let failing = |number| {
        let step = Step::run("make").named(long(number));
        step.ending(Conclusion::Failure).always()
    };
    let jobs = (0..20).map(|number| Job::new(long(number), (0..20).map(failing)));
    let waited = wait(on_github(receiver(jobs)), |inputs| {
        inputs.logs = "none".into();
    });
    let message = waited.error().to_string();
    assert!(message.len() < 16 << 10, "{} bytes", message.len());
    assert!(message.contains("and 10 more"), "{message}");
}

#[test]
fn what_there_is_of_a_list_that_ends_too_early_counts() {
    for end in [
        crate::support::answer(200, &[], r#"{"total_count":1203,"jobs":[]}"#),
        // As GitHub's search has it.
        Effect::problem(422, "Only the first 1000 search results are available"),
    ] {
        let capped = many_jobs(1_203).with_fault(Fault::on("GET", "page=11", end).times(None));
        let waited = wait(capped, |inputs| {
            inputs.fail_on_unsuccessful = "false".into();
        });
        let outputs = &waited.ended().outputs;
        assert!(outputs.contains("\"value-999\":\"999\"") && !outputs.contains("value-1000"));
        let mut events = waited.events.iter();
        assert!(events.any(|(_, event)| matches!(event, Event::JobsMissing { .. })));
    }
}

/// A run whose second attempt is waited for: `build` and `test` succeed at once, and `deploy` fails at first.
fn run_again(only_failed: bool, legs: [&str; 2]) -> Waited {
    let value = |name: &str, text: &str| Step::run("make").printing(format!("{ID} {name}={text}"));
    let deploy = value("place", "attempt ${{ github.run_attempt }}")
        .taking(60.0)
        .ending_by_attempt([Conclusion::Failure, Conclusion::Success]);
    let [first, second] = legs;
    let name = format!("deploy {first}");
    let jobs = [
        Job::new("build", [value("version", "1.2.3")]),
        Job::new(name, [deploy]).needing("build"),
        Job::new("test", [value("tests", "7")]),
    ];
    let again = Rerun {
        after: 1.0,
        only_failed,
        ..Rerun::default()
    };
    let second = format!("deploy {second}");
    let first = format!("deploy {first}");
    wait_in(
        on_github(receiver(jobs)).with_rerun(again),
        |inputs| inputs.poll_interval_seconds = "15".into(),
        |world| {
            world.network().set_proxy(Box::new(move |request, ask| {
                let mut answer = ask(&request);
                // The matrix of the second attempt is another one.
                let text = String::from_utf8_lossy(&answer.body).into_owned();
                if text.contains("\"run_attempt\":2") && !request.url.contains("filter=all") {
                    answer.body = text.replace(&first, &second).into_bytes();
                }
                answer
            }));
        },
    )
}

#[test]
fn what_was_not_run_again_returns_its_values_all_the_same() {
    for only_failed in [true, false] {
        let waited = run_again(only_failed, ["a", "a"]);
        let ended = waited.ended();
        assert_eq!(ended.attempt, Some(2), "{only_failed}");
        for value in [
            "\"version\":\"1.2.3\"",
            "\"tests\":\"7\"",
            "\"place\":\"attempt 2\"",
        ] {
            assert!(
                ended.outputs.contains(value),
                "{only_failed}: {}",
                ended.outputs
            );
        }
        assert!(!lacks_values(&waited, "build"));
    }
}

#[test]
fn what_may_be_of_an_earlier_attempt_alone_is_said_to_be_missing() {
    let waited = run_again(true, ["a", "b"]);
    let ended = waited.ended();
    assert_eq!(ended.outputs, "{\"place\":\"attempt 2\"}");
    let mut events = waited.events.iter();
    assert!(events.any(|(_, event)| {
        matches!(event, Event::ValuesMissing { jobs, .. } if jobs == &["build", "test"])
    }));
}

#[test]
fn values_behind_an_id_with_a_secret_in_it_come_back_with_a_warning() {
    let step = Step::run("make").printing(format!("{ID} version=1.2.3"));
    let receiver = receiver([Job::new("build", [step])]).with_secret("22");
    let waited = wait(on_github(receiver), |inputs| {
        inputs.distinct_id = "abc-22-def".into();
    });
    assert_eq!(waited.ended().outputs, r#"{"version":"1.2.3"}"#);
    let is_said = |(_, event): &&(_, Event)| matches!(event, Event::IdMasked {});
    assert_eq!(waited.events.iter().filter(is_said).count(), 1);
}
