//! Stores of logs that are silent, dripping or endless: what follows a run's end has bounds, and how the run ended is said
//! before any log is read.

use std::time::Duration;

use crate::support::{Waited, run, scenario, wait};
use crate::waiting::{ID, printed, taking};
use return_dispatch::event::Event;
use simulator::{Conclusion, Effect, Fault, Job, Scenario, Server, Step, Workflow};

/// What follows the end of a run may take so long, with the looks at the run itself.
const BOUND: Duration = Duration::from_secs(61);

/// A run of so many jobs that fail, each with a value.
fn failing_jobs(server: Server, jobs: usize) -> Scenario {
    let job = |number: usize| {
        let mut step = Step::run("make").ending(Conclusion::Failure);
        for _ in 0..100 {
            step = step.printing("x".repeat(1 << 10));
        }
        let step = step.printing(format!("{ID} value-{number}=1"));
        Job::new(format!("job {number}"), [step])
    };
    let mut receiver = taking(1.0);
    receiver.jobs = (0..jobs).map(job).collect();
    scenario(server, receiver)
}

fn on_every_log(effect: &Effect) -> [Fault; 2] {
    // The store's own addresses, behind those of the API.
    ["logs.txt", "logs.zip"].map(|path| Fault::on("GET", path, effect.clone()).times(None))
}

/// How long it took from when the end was known.
fn since_the_end(waited: &Waited) -> Duration {
    let mut events = waited.events.iter();
    let concluded = events.find(|(_, event)| matches!(event, Event::Concluded { .. }));
    waited.at.saturating_sub(concluded.expect("concluded").0)
}

/// The jobs whose values are said to be missing.
fn missing(waited: &Waited) -> Vec<&str> {
    let events = waited.events.iter();
    let lists = events.filter_map(|(_, event)| match event {
        Event::ValuesMissing { jobs, .. } => Some(jobs),
        _ => None,
    });
    lists.flatten().map(String::as_str).collect()
}

#[test]
fn a_store_that_never_answers_costs_a_minute_in_all() {
    for jobs in [1, 2, 4, 5, 6, 40] {
        for logs in ["none", "failed", "all"] {
            for gives_id in [true, false] {
                let [own, archive] = on_every_log(&Effect::NoAnswer);
                let silent = failing_jobs(Server::GitHubCom, jobs)
                    .with_fault(own)
                    .with_fault(archive);
                let waited = wait(silent, |inputs| {
                    inputs.logs = logs.into();
                    inputs.fail_on_unsuccessful = "false".into();
                    if !gives_id {
                        inputs.distinct_id_input = "".into();
                    }
                });
                let case = format!("{jobs} {logs} {gives_id}");
                assert_eq!(waited.ended().conclusion, "failure", "{case}");
                let took = since_the_end(&waited);
                assert!(took <= BOUND, "{case}: {took:?}");
                let expected = if gives_id { jobs } else { 0 };
                assert_eq!(missing(&waited).len(), expected, "{case}");
                let asked = waited.count("GET", "/logs");
                assert!(asked <= 4, "{case}: {asked} logs were asked for");
            }
        }
    }
}

/// No archive is there to ask for instead.
#[test]
fn a_store_that_has_never_answered_is_not_asked_about_another_job() {
    for server in [Server::Gitea, Server::GitHubCom] {
        for jobs in [2, 4] {
            let silent = Fault::on("GET", "/logs", Effect::NoAnswer).times(None);
            let silent = failing_jobs(server, jobs).with_fault(silent);
            let waited = wait(silent, |inputs| {
                inputs.logs = "none".into();
                inputs.fail_on_unsuccessful = "false".into();
            });
            let asked = waited.github.requests().iter();
            let asked = asked.filter(|it| it.path.contains("/actions/jobs/"));
            let asked: Vec<_> = asked.map(|it| it.path.clone()).collect();
            assert!(asked.len() <= 2, "{server:?}: {asked:?}");
            assert!(asked.iter().all(|path| *path == asked[0]), "{asked:?}");
            assert_eq!(missing(&waited).len(), jobs, "{server:?}");
        }
    }
}

#[test]
fn a_log_that_drips_or_never_ends_has_a_bound() {
    for jobs in [1, 6] {
        for effect in [
            Effect::Trickle { seconds: 150.0 },
            Effect::Trickle { seconds: 50_000.0 },
            Effect::Stall { after_bytes: 30 },
        ] {
            let [own, archive] = on_every_log(&effect);
            let dripping = failing_jobs(Server::GitHubCom, jobs)
                .with_fault(own)
                .with_fault(archive);
            let waited = wait(dripping, |inputs| {
                inputs.logs = "none".into();
                inputs.fail_on_unsuccessful = "false".into();
            });
            let took = since_the_end(&waited);
            assert!(took <= BOUND, "{jobs} {effect:?}: {took:?}");
            assert_eq!(missing(&waited).len(), jobs, "{effect:?}");
        }
    }
}

#[test]
fn printing_has_a_bound_and_says_what_is_not_printed() {
    for logs in ["failed", "all"] {
        let [own, archive] = on_every_log(&Effect::Trickle { seconds: 150.0 });
        let dripping = failing_jobs(Server::GitHubCom, 6)
            .with_fault(own)
            .with_fault(archive);
        let waited = wait(dripping, |inputs| {
            inputs.logs = logs.into();
            inputs.fail_on_unsuccessful = "false".into();
        });
        let took = since_the_end(&waited);
        assert!(took <= BOUND + Duration::from_mins(5), "{logs}: {took:?}");
        let mut events = waited.events.iter();
        let is_said = events.any(|(_, event)| {
            matches!(event, Event::Trouble { message, .. } if message.contains("the rest of the logs is not printed"))
        });
        assert!(is_said, "{logs}: {:?}", printed(&waited));
    }
}

#[test]
fn of_endless_logs_so_much_is_printed() {
    let line = "x".repeat(60 << 10);
    let mut step = Step::run("yes");
    for _ in 0..600 {
        step = step.printing(line.clone());
    }
    let mut receiver = taking(1.0);
    receiver.jobs = ["a", "b", "c"]
        .map(|name| Job::new(name, [step.clone()]))
        .into();
    let waited = wait(scenario(Server::GitHubCom, receiver), |inputs| {
        inputs.logs = "all".into();
        inputs.distinct_id_input = "".into();
    });
    let lines = printed(&waited);
    let bytes: usize = lines.iter().map(String::len).sum();
    assert!((64 << 20..66 << 20).contains(&bytes), "{bytes}");
    assert!(lines.contains(&"[b]".to_owned()) && !lines.contains(&"[c]".to_owned()));
}

/// Another answer of the store may be whole at once.
#[test]
fn a_log_that_drips_is_asked_for_again() {
    let mut step = Step::run("true").printing(format!("ID: {ID}"));
    step.padding = 200_000;
    let receiver = Workflow::new("ci.yml")
        .with_input("distinct_id")
        .with_jobs([Job::new("build", [step])]);
    let mut scenario = scenario(Server::Ghes319, receiver);
    for fault in on_every_log(&Effect::Trickle { seconds: 600.0 }) {
        scenario.faults.push(fault.between(0.0, 60.0));
    }
    let mut ended = run(scenario, |inputs| {
        inputs.workflow_timeout_seconds = "300".into();
    });
    ended.assert_right("log");
    assert!(ended.at < Duration::from_mins(3), "{:?}", ended.at);
}

#[test]
fn how_a_run_ended_is_said_before_any_log_is_read() {
    for (server, jobs) in [
        (Server::GitHubCom, 1),
        (Server::GitHubCom, 6),
        (Server::Gitea, 2),
        (Server::Gitea125, 2),
    ] {
        let waited = wait(failing_jobs(server, jobs), |inputs| {
            inputs.fail_on_unsuccessful = "false".into();
        });
        let place = |is: &dyn Fn(&Event) -> bool| {
            let mut events = waited.events.iter();
            events.position(|(_, event)| is(event)).expect("an event")
        };
        let concluded = place(&|event| {
            let expected = Event::Concluded {
                status: "completed".into(),
                conclusion: "failure".into(),
            };
            *event == expected
        });
        let read =
            place(&|event| matches!(event, Event::Request { url, .. } if url.contains("/logs")));
        assert!(concluded < read, "{:?}", waited.events);
    }
}

#[test]
fn jobs_that_are_never_listed_are_said_to_be_missing_once() {
    for (from, effect) in [
        (15.0, Effect::NoAnswer),
        (0.0, Effect::NoAnswer),
        (15.0, Effect::Late { seconds: 29.0 }),
        (15.0, Effect::problem(502, "no")),
    ] {
        let mut broken = Fault::on("GET", "/jobs?", effect.clone()).times(None);
        broken.from = from;
        let broken = scenario(Server::GitHubCom, taking(20.0)).with_fault(broken);
        let waited = wait(broken, |_| {});
        assert_eq!(waited.ended().conclusion, "success");
        let missing = waited.events.iter();
        let missing = missing.filter(|(_, event)| matches!(event, Event::JobsMissing { .. }));
        let expected = usize::from(!matches!(effect, Effect::Late { .. }));
        assert_eq!(missing.count(), expected, "{from} {effect:?}");
        assert!(waited.at < Duration::from_secs(200), "{:?}", waited.at);
    }
}
