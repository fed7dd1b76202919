//! Clocks that disagree, and lists that lag: neither decides whether there is a run.

use std::time::Duration;

use crate::support::{Ended, Shown, crowd, run, scenario, with_newer_runs};
use return_dispatch::Code;
use return_dispatch::event::Event;
use simulator::{Dispatch, Effect, Fault, Scenario, Server, Step, Workflow};

/// A server that names runs, and one that does not.
const SERVERS: [Server; 2] = [Server::GitHubCom, Server::Ghes320];

/// Seconds that a clock may be ahead.
const AHEAD: [f64; 8] = [5.0, 30.0, 900.0, 3_600.0, 43_200.0, -5.0, -90.0, -3_600.0];

/// The answer to the first dispatch is lost with this status of a gateway.
fn losing(server: Server, status: u16, acted: bool) -> Scenario {
    let mut fault = Fault::on(
        "POST",
        "/dispatches",
        Effect::problem(status, "Bad gateway"),
    );
    fault.skip = u32::from(!server.profile().knows_2026_03_10);
    fault.acted = acted;
    scenario(server, Shown::InTitle.receiver()).with_fault(fault)
}

fn with_time(scenario: Scenario) -> Ended {
    run(scenario, |inputs| {
        inputs.workflow_timeout_seconds = "300".into();
    })
}

/// Dispatches that were not refused for their version.
fn dispatches(ended: &Ended) -> usize {
    let requests = ended.github.requests().iter();
    requests
        .filter(|request| request.path.ends_with("/dispatches") && request.status != 400)
        .count()
}

#[test]
fn a_gateway_that_loses_an_answer_hides_no_run_by_its_clock() {
    for server in SERVERS {
        for status in [502, 504] {
            for ahead in AHEAD {
                let mut lost = losing(server, status, true);
                lost.gateways_ahead = ahead;
                let mut ended = with_time(lost);
                ended.assert_right("title");
                assert_eq!(dispatches(&ended), 1, "{server:?} {status} {ahead}");
            }
        }
    }
}

#[test]
fn a_front_end_with_its_own_clock_hides_no_run() {
    for server in SERVERS {
        for ahead in AHEAD {
            let mut lost = losing(server, 502, true);
            lost.front_end_ahead = ahead;
            let mut ended = with_time(lost);
            ended.assert_right("title");
            assert_eq!(dispatches(&ended), 1, "{server:?} {ahead}");
        }
    }
}

#[test]
fn a_run_that_cannot_be_recognised_is_suspected_whatever_dates_say() {
    for server in SERVERS {
        for ahead in AHEAD {
            let mut lost = with_newer_runs(losing(server, 502, true));
            lost.front_end_ahead = ahead;
            lost.repositories[0].workflows[0] = Shown::Nowhere.receiver();
            let mut ended = with_time(lost);
            let run = ended.only_run().id.to_string();
            assert_eq!(ended.error().code, Code::OutcomeUnknown);
            let message = ended.error().to_string();
            assert!(message.contains(&run), "{ahead}: {message}");
        }
    }
}

#[test]
fn a_run_is_found_in_time_by_whatever_shows_it_where_nothing_is_lost_and_dates_are_wrong() {
    for ahead in [4.0, -4.0].into_iter().chain(AHEAD) {
        for shown in Shown::FINDABLE {
            let mut s = scenario(Server::Ghes320, shown.receiver());
            s.front_end_ahead = ahead;
            let mut ended = run(s, |_| {});
            ended.assert_right(shown.clue());
            if shown != Shown::InArchiveOnly {
                let grace = if ahead < 0.0 || shown == Shown::InTitle {
                    0
                } else {
                    // It seems older than the dispatch, so others are looked at first.
                    5
                };
                let allowed = ended.github.clue_visible_at(
                    ended.identified().run_id,
                    &ended.identified().distinct_id.clone(),
                );
                let allowed = allowed.unwrap() + Duration::from_secs(1 + grace);
                assert!(ended.at <= allowed, "{ahead} {shown:?}: {:?}", ended.at);
            }
        }
    }
}

/// A run is created at one machine of the server and updated at another, and others at a third.
#[test]
fn machines_that_stamp_runs_and_differ_hide_no_run() {
    for server in SERVERS {
        for differ_by in [3.0, 10.0, 45.0, 250.0] {
            for shown in Shown::FINDABLE {
                let mut lost = with_newer_runs(losing(server, 502, true));
                lost.repositories[0].workflows[0] = shown.receiver();
                lost.stamps_differ_by = differ_by;
                let lost = lost.with_crowd(crowd(5, 5, 10.0));
                let mut ended = with_time(lost);
                let case = format!("{server:?} {differ_by} {shown:?}");
                assert_eq!(dispatches(&ended), 1, "{case}");
                // Far beyond what clocks differ by, a run may be left out that shows the ID in a log.
                if differ_by < 100.0 || shown == Shown::InTitle {
                    ended.assert_right(shown.clue());
                }
            }
        }
    }
}

#[test]
fn filtered_lists_that_lag_for_days_hide_no_run() {
    for server in SERVERS {
        let mut lost = losing(server, 502, true);
        lost.search_lag = 172_800.0;
        let mut ended = with_time(lost);
        ended.assert_right("title");
        assert_eq!(dispatches(&ended), 1);
    }
    for shown in Shown::FINDABLE {
        let mut s = scenario(Server::Ghes319, shown.receiver());
        s.search_lag = 172_800.0;
        run(s, |_| {}).assert_right(shown.clue());
    }
}

#[test]
fn lists_that_lag_longer_than_it_settles_lead_to_no_second_run() {
    for server in SERVERS {
        for lag in [75.0, 150.0, 1_000.0] {
            let mut lost = with_newer_runs(losing(server, 502, true));
            lost.lists_lag = lag;
            let mut ended = with_time(lost);
            assert_eq!(ended.dispatched().len(), 1, "{server:?} {lag}");
            match &ended.result {
                Ok(identified) => assert!(lag < 200.0 && identified.run_id > 0),
                Err(error) => assert_eq!(error.code, Code::OutcomeUnknown, "{error}"),
            }
            assert_eq!(
                ended.result.is_ok(),
                lag < 200.0,
                "{lag}: {:?}",
                ended.result
            );
        }
    }
}

/// A date that is behind makes an older run look newer than the dispatch, so that lists seem to be
/// current that lag.
fn misled(server: Server, lag: f64, ahead: f64) -> Ended {
    let mut lost = with_newer_runs(losing(server, 502, true));
    lost.front_end_ahead = ahead;
    lost.lists_lag = lag;
    // Created before the dispatch, and listed after it.
    lost.existing_runs[0].created_at = -20.0;
    lost.repositories[0].workflows[0].jobs[1].steps[0].seconds = 900.0;
    run(lost, |inputs| {
        inputs.workflow_timeout_seconds = "600".into();
    })
}

/// Asserts that a warning names both runs. Whether it says that the second one is cancelled: where the
/// server does not name runs, that is known by `Date` alone.
fn names(ended: &Ended, first: u64, second: u64) -> bool {
    let page = format!("/actions/runs/{second}");
    let warning = ended.events.iter().find_map(|event| match event {
        Event::Duplicate { kept, run_id, .. } => {
            ((*kept, *run_id) == (first, second)).then_some(true)
        }
        Event::DuplicatePossible { kept, runs } => {
            (*kept == first && runs.iter().any(|run| run.ends_with(&page))).then_some(false)
        }
        _ => None,
    });
    warning.unwrap_or_else(|| panic!("no warning names both: {:?}", ended.events))
}

#[test]
fn a_retry_is_watched_until_its_own_run_is_listed() {
    for (server, ahead) in SERVERS.into_iter().zip([-40.0, -25.0]) {
        let mut ended = misled(server, 75.0, ahead);
        let runs = ended.dispatched();
        let [first, second] = runs.as_slice() else {
            panic!("two runs: {runs:?}");
        };
        assert_eq!(ended.identified().run_id, first.id, "{server:?}");
        let is_cancelled = names(&ended, first.id, second.id);
        assert_eq!(is_cancelled, server == Server::GitHubCom, "{server:?}");
        let alive = ended.alive();
        assert_eq!(alive == [first.id], is_cancelled, "{alive:?}");
    }
}

#[test]
fn a_date_that_is_behind_the_stamps_of_runs_is_no_evidence_that_lists_are_current() {
    for server in SERVERS {
        for ahead in [-90.0, -3_600.0] {
            let mut ended = misled(server, 75.0, ahead);
            ended.assert_right("title");
            assert_eq!(dispatches(&ended), 1, "{server:?} {ahead}");
        }
    }
}

/// Where the ID stands in logs, the run of the retry is found only by reading on after the first one
/// has shown it.
#[test]
fn both_runs_of_a_retry_are_found_by_their_logs() {
    let mut lost = with_newer_runs(losing(Server::Ghes320, 502, true));
    lost.repositories[0].workflows[0] = Shown::InLog.receiver();
    lost.front_end_ahead = -40.0;
    lost.lists_lag = 75.0;
    lost.existing_runs[0].created_at = -20.0;
    let mut ended = run(lost, |inputs| {
        inputs.workflow_timeout_seconds = "600".into();
    });
    let runs = ended.dispatched();
    let [first, second] = runs.as_slice() else {
        panic!("two runs: {runs:?}");
    };
    assert_eq!(ended.identified().run_id, first.id);
    names(&ended, first.id, second.id);
}

#[test]
fn a_retry_whose_run_is_never_listed_ends_in_an_error_that_names_it() {
    let mut lost = with_newer_runs(losing(Server::GitHubCom, 502, false));
    // From then on lists stay as they are.
    let stale = Effect::Answer {
        status: 200,
        headers: [("content-type".to_owned(), "application/json".to_owned())].into(),
        body: r#"{"total_count":0,"workflow_runs":[]}"#.into(),
    };
    lost = lost.with_fault(Fault::on("GET", "/ci.yml/runs?", stale).times(None));
    let mut ended = with_time(lost);
    let run = ended.only_run().id;
    let error = ended.error();
    assert_eq!(error.code, Code::OutcomeUnknown);
    assert!(error.to_string().contains(&run.to_string()), "{error}");
    assert!(
        ended.events.iter().any(|event| matches!(event,
            Event::DuplicatePossible { kept, .. } if *kept == run
        )),
        "{:?}",
        ended.events
    );
}

/// What jobs say of when they began is by the clocks of their runners.
#[test]
fn the_clocks_of_runners_do_not_make_a_child_of_the_run_the_run() {
    let mut dispatch = Dispatch {
        workflow: "ci.yml".into(),
        ..Dispatch::default()
    };
    let id = "${{ inputs.distinct_id }}";
    dispatch.inputs.insert("distinct_id".into(), id.into());
    for ahead in AHEAD {
        let receiver = Workflow::new("ci.yml")
            .with_input("distinct_id")
            .with_jobs([simulator::Job::new(
                "announce",
                [
                    Step::run("gh")
                        .named("pass on")
                        .dispatching(dispatch.clone())
                        .taking(40.0),
                    Step::run(format!("echo {id}")),
                ],
            )]);
        // When lists are there, both show the ID; but the jobs of the run come as they were earlier.
        let mut s = scenario(Server::Ghes319, receiver)
            .with_fault(
                Fault::on("GET", "/runs?", Effect::problem(502, "no"))
                    .times(None)
                    .between(0.0, 60.0),
            )
            .with_fault(Fault::on("GET", "/jobs?", Effect::Stale { seconds: 40.0 }));
        s.runners_ahead = ahead;
        let mut ended = run(s, |inputs| {
            inputs.workflow_timeout_seconds = "300".into();
        });
        ended.assert_right("step");
    }
}
