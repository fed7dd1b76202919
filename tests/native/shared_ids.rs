//! A supplied ID that another call has as well, on servers that do not name runs: its run is never
//! taken for this call's, nor cancelled.

use std::time::Duration;

use crate::support::{Ended, Shown, run, run_in, scenario, wait_in};
use return_dispatch::Code;
use return_dispatch::event::Event;
use return_dispatch::settings::Caller;
use simulation::world::World;
use simulator::{Asks, Disorder, Effect, ExistingRun, Fault, Scenario, Server};

const ANOTHERS: u64 = 4_711;

/// Another call's run with the same ID, created about when this call dispatches.
fn shared(server: Server, shown: Shown, created_at: f64) -> Scenario {
    scenario(server, shown.receiver()).with_existing_run(ExistingRun {
        id: Some(ANOTHERS),
        workflow: "ci.yml".into(),
        created_at,
        inputs: [("distinct_id".to_owned(), "shared-1".to_owned())].into(),
        ..ExistingRun::default()
    })
}

/// Lists do not have this call's run before so many seconds have passed.
fn hide_own_run(world: &World, seconds: f64) {
    let until = Duration::from_secs_f64(seconds);
    let began = std::rc::Rc::new(std::cell::Cell::new(None));
    world.network().set_proxy(Box::new(move |request, ask| {
        let mut answer = ask(&request);
        if !request.url.contains("/runs?") {
            return answer;
        }
        let date = httpdate::parse_http_date(answer.header("date").unwrap_or_default());
        let Ok(now) = date else {
            return answer;
        };
        let first = began.get().unwrap_or(now);
        began.set(Some(first));
        if now.duration_since(first).unwrap_or_default() < until {
            let mut list: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
            let runs = list["workflow_runs"].as_array_mut().unwrap();
            runs.retain(|run| run["id"] == ANOTHERS);
            list["total_count"] = list["workflow_runs"].as_array().unwrap().len().into();
            answer.body = list.to_string().into_bytes();
            answer.headers.retain(|(name, _)| name != "etag");
        }
        answer
    }));
}

#[test]
fn a_run_of_another_call_that_is_listed_first_is_not_taken_for_this_calls() {
    for server in [Server::Ghes320, Server::Ghes319, Server::Gitea125] {
        for shown in [Shown::InTitle, Shown::InLog] {
            for seconds in [3.0, 5.0, 8.0, 12.0, 25.0] {
                let ended = run_in(
                    shared(server, shown, 0.3),
                    &Caller::default(),
                    |inputs| {
                        inputs.distinct_id = "shared-1".into();
                        inputs.workflow_timeout_seconds = "300".into();
                    },
                    |world| hide_own_run(world, seconds),
                );
                let case = format!("{server:?} {shown:?} {seconds}");
                let error = ended.error();
                assert_eq!(error.code, Code::Ambiguous, "{case}: {error}");
                assert!(error.to_string().contains("4711"), "{case}: {error}");
            }
        }
    }
}

/// Lists count the run that they lack. Pages of 50 that lack one each look like those of a server that hands out 49, and
/// a list that lacks a run before it is cut into pages like one that ends there.
#[test]
fn a_list_that_never_shows_its_newest_run_makes_no_other_run_this_calls() {
    for (server, earlier, path, at, how) in [
        (Server::Gitea125, 4, "/runs?", 0.05, Disorder::Missing),
        (Server::Gitea125, 97, "&page=1", 0.26, Disorder::Missing),
        (Server::Gitea125, 98, "/runs?", 0.05, Disorder::Missing),
        (Server::Gitea125, 147, "/runs?", 0.05, Disorder::Missing),
        (Server::Gitea125, 4, "/runs?event", 0.26, Disorder::Hidden),
        (Server::Gitea125, 40, "/runs?event", 0.26, Disorder::Hidden),
        (Server::Ghes320, 4, "/runs?", 0.05, Disorder::Missing),
        (Server::Ghes320, 198, "/runs?", 0.05, Disorder::Missing),
        (Server::Ghes320, 4, "/runs?", 0.05, Disorder::Hidden),
    ] {
        let run_at = |created_at, id: &str| ExistingRun {
            workflow: "ci.yml".into(),
            created_at,
            inputs: [("distinct_id".to_owned(), id.to_owned())].into(),
            ..ExistingRun::default()
        };
        let receiver = Shown::InTitle.receiver();
        let mut scenario = scenario(server, receiver).with_existing_run(run_at(at, "shared-1"));
        for minutes in 0..earlier {
            let older = run_at(f64::from(-600 - 60 * minutes), "older");
            scenario = scenario.with_existing_run(older);
        }
        let fault = Fault::on("GET", path, Effect::Disorder { how }).times(None);
        let mut ended = run(scenario.with_fault(fault), |inputs| {
            inputs.distinct_id = "shared-1".into();
            inputs.workflow_timeout_seconds = "600".into();
        });
        let own = ended.only_run().id;
        let case = format!("{server:?}, {earlier} earlier, {path}, {how:?}");
        assert!(
            ended.result.as_ref().is_ok_and(|found| found.run_id == own)
                || ended
                    .result
                    .as_ref()
                    .is_err_and(|error| error.code == Code::TimedOut),
            "{case}: {:?}, own: {own}",
            ended.result
        );
    }
}

/// `MAX_RESPONSE_ITEMS` of a Gitea.
#[test]
fn on_a_server_that_hands_out_less_than_is_asked_for_the_run_is_found_all_the_same() {
    for id in ["", "unique-1"] {
        let mut scenario = scenario(Server::Gitea125, Shown::InTitle.receiver());
        for minutes in 0..250 {
            scenario = scenario.with_existing_run(ExistingRun {
                workflow: "ci.yml".into(),
                created_at: f64::from(-600 - 60 * minutes),
                ..ExistingRun::default()
            });
        }
        let mut ended = run_in(
            scenario,
            &Caller::default(),
            |inputs| {
                inputs.distinct_id = id.into();
                inputs.workflow_timeout_seconds = "300".into();
            },
            |world| {
                world.network().set_proxy(Box::new(|mut request, ask| {
                    request.url = request.url.replace("limit=50", "limit=20");
                    ask(&request)
                }));
            },
        );
        ended.assert_right("title");
        let lists = ended.count("GET", "/runs?event");
        assert!(lists < 300, "{lists}");
    }
}

#[test]
fn a_call_that_is_cancelled_meanwhile_does_not_cancel_the_other_calls_run() {
    for after in [2, 10, 20] {
        let mut ended = wait_in(
            shared(Server::Ghes320, Shown::InTitle, 0.3),
            |inputs| {
                inputs.distinct_id = "shared-1".into();
                inputs.workflow_timeout_seconds = "300".into();
            },
            |world| {
                hide_own_run(world, 25.0);
                world.cancel_at(Duration::from_secs(after));
            },
        );
        assert!(matches!(
            ended.error().code,
            Code::Cancelled | Code::Ambiguous
        ));
        assert_eq!(ended.count("POST", "cancel"), 0, "{after}");
        let runs = ended.github.runs(ended.at + Duration::from_mins(5));
        assert!(runs.iter().all(|run| run.cancelled_by.is_none()));
    }
}

#[test]
fn a_supplied_id_that_nobody_shares_is_found_after_a_long_look_and_with_a_warning() {
    for server in [Server::Ghes320, Server::Gitea125] {
        let mut ended = run(scenario(server, Shown::InTitle.receiver()), |inputs| {
            inputs.distinct_id = "mine-1".into();
            inputs.workflow_timeout_seconds = "300".into();
        });
        ended.assert_right("title");
        assert!(ended.at >= Duration::from_mins(2), "{:?}", ended.at);
        assert!(ended.at <= Duration::from_secs(130), "{:?}", ended.at);
        let warned = |event: &Event| matches!(event, Event::SuppliedId {});
        assert!(ended.events.iter().any(warned));
    }
    // Where the server names the run, nothing has to be looked for.
    let mut ended = run(
        scenario(Server::GitHubCom, Shown::InTitle.receiver()),
        |inputs| {
            inputs.distinct_id = "mine-1".into();
            inputs.workflow_timeout_seconds = "300".into();
        },
    );
    ended.assert_right("response");
    assert_eq!(ended.api_requests().len(), 1);
}

/// Lists count this call's own run, and never show it.
#[test]
fn a_list_that_is_not_whole_does_not_confirm_the_run_of_another_call() {
    const BEFORE: u64 = 4_000;
    for shown in [Shown::InTitle, Shown::InLog] {
        // It goes back far enough by this.
        let before = ExistingRun {
            id: Some(BEFORE),
            workflow: "ci.yml".into(),
            created_at: -100.0,
            ..ExistingRun::default()
        };
        let ended = run_in(
            shared(Server::Ghes320, shown, 0.3).with_existing_run(before),
            &Caller::default(),
            |inputs| {
                inputs.distinct_id = "shared-1".into();
                inputs.workflow_timeout_seconds = "300".into();
            },
            |world| {
                world.network().set_proxy(Box::new(|request, ask| {
                    let mut answer = ask(&request);
                    if request.url.contains("/runs?") {
                        let mut list: serde_json::Value =
                            serde_json::from_slice(&answer.body).unwrap();
                        let runs = list["workflow_runs"].as_array_mut().unwrap();
                        runs.retain(|run| run["id"] == ANOTHERS || run["id"] == BEFORE);
                        answer.body = list.to_string().into_bytes();
                        answer.headers.retain(|(name, _)| name != "etag");
                    }
                    answer
                }));
            },
        );
        let error = ended.error();
        assert_eq!(error.code, Code::TimedOut, "{error}");
        assert!(error.to_string().contains("4711"), "{error}");
    }
}

/// A rate limit takes its part of the time.
#[test]
fn after_a_wait_that_leaves_too_little_time_nothing_is_dispatched() {
    for (limit, dispatched) in [("180", 0), ("240", 1)] {
        let limited = Effect::Limited {
            status: 429,
            asks: Some(Asks::Seconds { seconds: 60 }),
        };
        // The first one is refused for its version.
        let fault = Fault::on("POST", "/dispatches", limited).after(1);
        let s = scenario(Server::Ghes319, Shown::InTitle.receiver());
        let mut ended = run(s.with_fault(fault), |inputs| {
            inputs.distinct_id = "mine-1".into();
            inputs.workflow_timeout_seconds = limit.into();
        });
        assert_eq!(ended.dispatched().len(), dispatched, "{limit}");
        assert_eq!(ended.result.is_ok(), dispatched == 1, "{limit}");
    }
}

#[test]
fn without_time_to_find_the_run_of_a_supplied_id_nothing_is_dispatched() {
    for (server, limit, dispatched) in [
        (Server::Ghes319, "125", 0),
        (Server::Gitea125, "125", 0),
        (Server::Ghes319, "140", 1),
        (Server::GitHubCom, "20", 1),
    ] {
        let mut ended = run(scenario(server, Shown::InTitle.receiver()), |inputs| {
            inputs.distinct_id = "mine-1".into();
            inputs.workflow_timeout_seconds = limit.into();
        });
        assert_eq!(ended.dispatched().len(), dispatched, "{server:?} {limit}");
        if dispatched == 0 {
            let error = ended.error();
            assert_eq!(error.code, Code::ReceiverUnprepared);
            assert!(error.to_string().contains("do not leave"), "{error}");
        }
    }
}

/// Lists lag so far that this call's run is listed long after the other's, which was there before.
#[test]
fn a_run_that_was_listed_before_the_dispatch_is_never_taken_for_this_calls() {
    for server in [Server::Ghes320, Server::Ghes319, Server::Gitea125] {
        for shown in [Shown::InTitle, Shown::InLog] {
            let mut lagging = shared(server, shown, -150.0);
            lagging.lists_lag = 79.0;
            let mut ended = supplied(lagging);
            ended.assert_right(shown.clue());
        }
    }
}

/// The other's is listed after the dispatch, and by a `Date` that is behind it may be this call's.
#[test]
fn a_run_that_looks_younger_by_a_date_that_is_behind_is_not_taken_for_this_calls() {
    for (lag, ahead, created_at) in [
        (75.0, -90.0, -55.0),
        (75.0, -90.0, -60.0),
        (120.0, -3_600.0, -100.0),
        (48.0, -60.0, -43.0),
    ] {
        for server in [Server::Ghes320, Server::Ghes319] {
            let mut lagging = shared(server, Shown::InTitle, created_at);
            lagging.lists_lag = lag;
            lagging.front_end_ahead = ahead;
            let ended = supplied(lagging);
            let error = ended.error();
            let is_right = matches!(error.code, Code::Ambiguous | Code::TimedOut);
            assert!(is_right, "{lag} {ahead} {created_at}: {error}");
        }
    }
}

/// A rate limit holds up the dispatch, and meanwhile another call's run is created, which is listed long
/// before this call's own.
#[test]
fn what_is_there_before_the_dispatch_is_looked_up_again_after_a_wait() {
    for server in [Server::Ghes320, Server::Gitea125] {
        let mut held_up = shared(server, Shown::InTitle, 5.0);
        held_up.lists_lag = 90.0;
        let limited = Effect::Limited {
            status: 429,
            asks: Some(Asks::Reset { seconds: 150 }),
        };
        let fault = Fault::on("POST", "/dispatches", limited);
        let skip = u32::from(server == Server::Ghes320);
        let mut ended = supplied(held_up.with_fault(fault.after(skip).times(1)));
        ended.assert_right("title");
    }
}

/// A list that is not there at once is asked for again, before anything is dispatched.
#[test]
fn a_list_before_the_dispatch_that_is_not_there_yet_is_asked_for_again() {
    let missing = Effect::problem(404, "Not Found");
    let late = scenario(Server::Ghes320, Shown::InTitle.receiver())
        .with_fault(Fault::on("GET", "/runs?", missing.clone()).times(2));
    supplied(late).assert_right("title");
    let never = scenario(Server::Ghes320, Shown::InTitle.receiver())
        .with_fault(Fault::on("GET", "/runs?", missing).times(None));
    let mut ended = supplied(never);
    assert_eq!(ended.error().code, Code::NotFound);
    assert_eq!(ended.dispatched().len(), 0);
}

fn supplied(scenario: Scenario) -> Ended {
    run(scenario, |inputs| {
        inputs.distinct_id = "shared-1".into();
        inputs.workflow_timeout_seconds = "600".into();
    })
}
