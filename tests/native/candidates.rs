//! Which runs are looked at, and how many: all that could be the one, and no others.

use crate::support::{Ended, Shown, crowd, passing_on, run, scenario};
use std::time::Duration;

use return_dispatch::Code;
use simulator::{Effect, ExistingRun, Fault, Job, Scenario, Server, Step, Workflow};

const ID: &str = "${{ inputs.distinct_id }}";

fn lists(e: &Ended) -> Vec<String> {
    e.api_requests()
        .iter()
        .filter(|r| r.path.contains("/runs?"))
        .map(|r| r.path.clone())
        .collect()
}

#[test]
fn of_a_run_and_its_grandchild_seen_at_once_the_run_is_the_one() {
    for (by, receiver) in [
        (
            "title",
            passing_on(Step::run("true"), Some(format!("Deploy {ID}"))),
        ),
        ("step", passing_on(Step::run(format!("echo {ID}")), None)),
        (
            "log",
            passing_on(Step::run("x").named("a").printing(ID), None),
        ),
    ] {
        // The list is not to be had until both are done.
        let s = scenario(Server::Ghes319, receiver)
            .with_fault(Fault::on("GET", "/runs?", Effect::problem(502, "no")).times(12));
        let mut ended = run(s, |_| {});
        ended.assert_right(by);
    }
}

#[test]
fn a_page_of_an_earlier_state_than_the_one_before_does_not_hide_the_run() {
    for (server, others, list) in [
        (Server::Ghes319, 120, "/runs?"),
        (Server::Gitea125, 60, "/runs?event"),
    ] {
        let receiver = passing_on(Step::run("true"), Some(format!("Deploy {ID}")));
        // When lists are to be had, the run has come to lie on the second page, and what it
        // dispatched on the first. The second is as it was before either.
        let s = scenario(server, receiver)
            .with_crowd(crowd(0, others, 1.0))
            .with_fault(
                Fault::on("GET", list, Effect::problem(502, "no"))
                    .times(None)
                    .between(0.0, 7.0),
            )
            .with_fault(
                Fault::on("GET", "&page=2", Effect::Stale { seconds: 60.0 })
                    .times(None)
                    .between(0.0, 10.0),
            );
        let mut ended = run(s, |_| {});
        ended.assert_right("title");
        assert!(ended.count("GET", "&page=2") > 1, "{server:?}");
    }
}

#[test]
fn a_run_whose_jobs_cannot_be_read_for_a_moment_is_not_passed_over() {
    for skip in 0..8 {
        let s = scenario(
            Server::Ghes319,
            passing_on(Step::run(format!("echo {ID}")), None),
        )
        .with_fault(Fault::on("GET", "/runs?", Effect::problem(502, "no")).times(12))
        .with_fault(Fault::on("GET", "/jobs?", Effect::problem(502, "no")).after(skip));
        let mut ended = run(s, |_| {});
        ended.assert_right("step");
    }
}

#[test]
fn an_old_run_of_the_same_supplied_id_is_no_candidate() {
    let old = ExistingRun {
        id: Some(4711),
        workflow: "ci.yml".into(),
        created_at: -600.0,
        inputs: [("distinct_id".to_owned(), "abc-1".to_owned())].into(),
        ..ExistingRun::default()
    };
    for shown in Shown::FINDABLE {
        let mut ended = run(
            scenario(Server::Ghes319, shown.receiver()).with_existing_run(old.clone()),
            |i| {
                i.distinct_id = "abc-1".into();
                i.workflow_timeout_seconds = "300".into();
            },
        );
        ended.assert_right(shown.clue());
    }
}

#[test]
fn older_runs_are_neither_listed_to_their_end_nor_read() {
    for shown in Shown::FINDABLE {
        let mut s = scenario(Server::Ghes319, shown.receiver());
        s.history = 500;
        let mut ended = run(s, |_| {});
        ended.assert_right(shown.clue());
        let run = ended.identified().run_id.to_string();
        for path in lists(&ended) {
            assert!(path.ends_with("/ci.yml/runs?per_page=30&page=1"), "{path}");
        }
        for request in ended.api_requests() {
            let is_of_a_run = request.path.contains("/actions/runs/");
            assert!(
                !is_of_a_run || request.path.contains(&run),
                "{}",
                request.path
            );
        }
    }
}

#[test]
fn later_runs_do_not_hold_up_a_supplied_id() {
    let mut receiver = Shown::InLog.receiver();
    receiver.queue_delay = 30.0;
    let s = scenario(Server::Ghes319, receiver).with_crowd(crowd(0, 1, 122.0));
    let mut ended = run(s, |i| {
        i.distinct_id = "abc-1".into();
        i.workflow_timeout_seconds = "300".into();
    });
    ended.assert_right("log");
    // What was listed within two minutes may be this call's as well, and is waited for.
    let course = Duration::from_secs(2 * 122 + 2);
    assert!(ended.at < course + Duration::from_secs(5), "{:?}", ended.at);
}

#[test]
fn a_run_of_a_hundred_and_fifty_jobs_is_read_to_its_end() {
    let jobs = (0..150).map(|i| {
        Job::new(
            format!("j{i}"),
            [if i == 149 {
                Step::run(format!("echo {ID}"))
            } else {
                Step::run("true")
            }],
        )
    });
    let receiver = Workflow::new("ci.yml")
        .with_input("distinct_id")
        .with_jobs(jobs);
    let mut ended = run(scenario(Server::Ghes319, receiver), |_| {});
    ended.assert_right("step");
    ended.assert_in_time();
}

#[test]
fn odd_file_names_reach_their_runs_on_older_servers() {
    for file in [
        "a b.yml",
        "größe.yml",
        "a%2Fb.yml",
        "x?y#z.yaml",
        "a..b.yml",
    ] {
        let ws = ["b.yml", file].map(|f| Workflow {
            file: f.to_owned(),
            ..Shown::InLog.receiver()
        });
        let s: Scenario = scenario(Server::Ghes319, Shown::InLog.receiver()).with_workflows(ws);
        let mut ended = run(s, |i| i.workflow = file.into());
        ended.assert_right("log");
    }
}

#[test]
fn runs_at_other_branches_are_no_candidates() {
    // The child runs at the default branch, shows the same supplied ID, and is listed in time.
    let mut receiver = passing_on(Step::run("true"), Some(format!("Deploy {ID}")));
    receiver.queue_delay = 0.1;
    receiver.listing_delay = 0.1;
    let ended = run(scenario(Server::Ghes319, receiver.clone()), |i| {
        i.distinct_id = "abc-1".into();
        i.workflow_timeout_seconds = "300".into();
    });
    assert_eq!(ended.error().code, Code::Ambiguous, "in time");
    let mut ended = run(scenario(Server::Ghes319, receiver), |i| {
        i.distinct_id = "abc-1".into();
        i.workflow_timeout_seconds = "300".into();
        i.r#ref = "next".into();
    });
    assert!(ended.github.runs(ended.at).len() > 1);
    ended.assert_right("title");
}

#[test]
fn an_archive_without_the_logs_of_all_jobs_proves_nothing() {
    let receiver = || passing_on(Step::run("x").named("a").printing(ID), None);
    // The log of the run itself is not to be had; that of the run it starts is.
    let mut ended = run(scenario(Server::Ghes319, receiver()), |_| {});
    ended.assert_right("log");
    let requests = ended.api_requests();
    let logs = requests
        .iter()
        .filter(|request| request.path.contains("/actions/jobs/"));
    let own_log = logs.map(|request| request.path.clone()).next().unwrap();
    for archive in [simulator::Archive::Empty, simulator::Archive::Normal] {
        let mut s = scenario(Server::Ghes319, receiver())
            .with_fault(Fault::on("GET", &own_log, Effect::problem(500, "no")).times(None));
        s.archive = archive;
        let mut ended = run(s, |_| {});
        if archive == simulator::Archive::Normal {
            ended.assert_right("log");
        } else {
            let message = ended.error().to_string();
            assert!(
                message.contains("logs of some jobs are missing"),
                "{message}"
            );
        }
    }
}

#[test]
fn a_list_that_lacks_jobs_is_read_again() {
    let disorder = Effect::Disorder {
        how: simulator::Disorder::Missing,
    };
    let mut receiver = Shown::InStepName.receiver();
    receiver.jobs.truncate(1);
    receiver.queue_delay = 0.0;
    // When it is read for the first time, all is over: nothing would change any more.
    receiver.listing_delay = 5.0;
    let s = scenario(Server::Ghes319, receiver).with_fault(Fault::on("GET", "/jobs?", disorder));
    let mut ended = run(s, |_| {});
    ended.assert_right("step");
}

#[test]
fn a_list_that_is_old_by_now_does_not_settle_whose_run_it_is() {
    // Another call's run with the same ID is listed at once, ours a second later; meanwhile
    // somebody's jobs hang.
    let existing = |created_at, distinct_id: &str| ExistingRun {
        workflow: "ci.yml".into(),
        created_at,
        inputs: [("distinct_id".to_owned(), distinct_id.to_owned())].into(),
        ..ExistingRun::default()
    };
    let mut receiver = Shown::InTitle.receiver();
    receiver.listing_delay = 1.0;
    receiver.queue_delay = 0.0;
    let s = scenario(Server::Ghes319, receiver)
        .with_existing_run(existing(-0.8, "abc-1"))
        .with_existing_run(existing(-0.7, "other"))
        .with_fault(Fault::on("GET", "/jobs?", Effect::NoAnswer));
    let ended = run(s, |i| {
        i.distinct_id = "abc-1".into();
        i.workflow_timeout_seconds = "300".into();
    });
    assert_eq!(ended.error().code, Code::Ambiguous, "{}", ended.error());
}
