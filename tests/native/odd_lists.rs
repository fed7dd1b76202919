//! Lists of runs that nobody expects: stamps that are minutes to hours off, or of a clock that is set while a call
//! looks, hide no run; a lag that grows is said.

use std::cell::Cell;
use std::time::{Duration, SystemTime};

use return_dispatch::settings::Caller;
use return_dispatch::{Event, Settings, call};
use serde_json::Value;
use simulator::{Effect, ExistingRun, Fault, GitHub, Scenario, Server};

use crate::support::{Ended, Shown, World, inputs, scenario, with_newer_runs};

/// When scenarios begin.
const START: &str = "2026-01-01T00:00:00Z";

const SERVERS: [Server; 2] = [Server::GitHubCom, Server::Ghes320];
const SHOWN: [Shown; 4] = [
    Shown::InTitle,
    Shown::InStepName,
    Shown::InLog,
    Shown::Nowhere,
];

/// A receiver whose run goes on, and whose dispatch loses its answer, or does not.
fn receiving(server: Server, shown: Shown, is_lost: bool) -> Scenario {
    let mut receiver = shown.receiver();
    receiver.jobs[1].steps[0].seconds = 900.0;
    let scenario = with_newer_runs(scenario(server, receiver));
    if !is_lost {
        return scenario;
    }
    let mut fault = Fault::on("POST", "/dispatches", Effect::problem(502, "Bad gateway"));
    fault.skip = u32::from(!server.profile().knows_2026_03_10);
    scenario.with_fault(fault.acting())
}

/// Calls, with stamps of runs in lists and `Date` as changed.
fn run_stamped(
    scenario: Scenario,
    stamp: impl Fn(&Value, SystemTime) -> SystemTime + 'static,
    date: impl Fn(SystemTime) -> SystemTime + 'static,
) -> Ended {
    let change = move |_, runs: &mut Vec<Value>| {
        for run in runs {
            for name in ["created_at", "updated_at", "run_started_at"] {
                let time = humantime::parse_rfc3339(run[name].as_str().unwrap()).unwrap();
                let time = humantime::format_rfc3339_seconds(stamp(run, time));
                run[name] = time.to_string().into();
            }
        }
    };
    run_through(scenario, change, date)
}

/// Calls, with lists and `Date` as changed: what is answered then is not as it is described. The change of a list gets
/// the time of day.
fn run_through(
    scenario: Scenario,
    change: impl Fn(SystemTime, &mut Vec<Value>) + 'static,
    date: impl Fn(SystemTime) -> SystemTime + 'static,
) -> Ended {
    let mut inputs = inputs(&scenario);
    inputs.workflow_timeout_seconds = "300".into();
    let world = World::new(GitHub::new(scenario));
    world.network().set_proxy(Box::new(move |request, ask| {
        let mut answer = ask(&request);
        let mut now = SystemTime::UNIX_EPOCH;
        for (_, value) in answer.headers.iter_mut().filter(|(name, _)| name == "date") {
            now = httpdate::parse_http_date(value).unwrap();
            *value = httpdate::fmt_http_date(date(now));
        }
        if request.url.contains("/runs?") && answer.status == 200 {
            let mut list: Value = serde_json::from_slice(&answer.body).unwrap();
            let runs = list["workflow_runs"].as_array_mut().unwrap();
            change(now, runs);
            list["total_count"] = runs.len().into();
            answer.body = list.to_string().into_bytes();
            answer.headers.retain(|(name, _)| name != "etag");
        }
        answer
    }));
    let settings = Settings::new(&inputs, &Caller::default(), world.draw()).unwrap();
    let result = world.clock().block_on(Box::pin(call(&world, &settings)));
    Ended {
        result,
        settings: Some(settings),
        differences: Vec::new(),
        events: world.take_events(),
        at: world.clock().now(),
        github: world.take_github(),
        world,
    }
}

/// There is one run; it is found, or the error leaves open whether there is one.
fn assert_one_run(ended: &mut Ended, shown: Shown, case: &str) {
    let own = ended.dispatched();
    assert_eq!(own.len(), 1, "{case}");
    match &ended.result {
        Ok(identified) => assert_eq!(identified.run_id, own[0].id, "{case}"),
        Err(error) => assert_eq!(shown, Shown::Nowhere, "{case}: {error}"),
    }
    let repeats = ended.events.iter();
    let mut repeats = repeats.filter(|event| matches!(event, Event::DispatchRepeated { .. }));
    assert!(repeats.next().is_none(), "{case}");
}

#[test]
fn a_run_that_is_stamped_by_a_machine_far_behind_is_still_the_one() {
    for server in SERVERS {
        for shown in SHOWN {
            for behind in [300, 700, 3_600, 43_200] {
                for is_lost in [true, false] {
                    let mut scenario = receiving(server, shown, is_lost);
                    for created_at in [-30.0, -90.0, -150.0] {
                        scenario = scenario.with_existing_run(ExistingRun {
                            workflow: "ci.yml".into(),
                            event: Some("push".into()),
                            created_at,
                            ..ExistingRun::default()
                        });
                    }
                    let behind_by = Duration::from_secs(behind);
                    let stamp = move |run: &Value, time: SystemTime| {
                        let is_own = run["event"] == "workflow_dispatch";
                        if is_own { time - behind_by } else { time }
                    };
                    let mut ended = run_stamped(scenario, stamp, |time| time);
                    let case = format!("{server:?} {shown:?} {behind} {is_lost}");
                    assert_one_run(&mut ended, shown, &case);
                }
            }
        }
    }
}

/// Nothing else is listed that would contradict its stamp, but the first list after the dispatch did not
/// have it.
#[test]
fn what_the_first_list_did_not_have_is_new_whatever_its_stamp() {
    for shown in [Shown::InTitle, Shown::InStepName, Shown::InLog] {
        let mut scenario = scenario(Server::Ghes320, shown.receiver());
        scenario.repositories[0].workflows[0].listing_delay = 2.0;
        let scenario = scenario.with_existing_run(ExistingRun {
            workflow: "ci.yml".into(),
            event: Some("push".into()),
            created_at: -36_000.0,
            ..ExistingRun::default()
        });
        let mut ended = run_through(
            scenario,
            |_, runs| own_is_created_two_hours_behind(runs),
            |time| time,
        );
        assert_one_run(&mut ended, shown, &format!("{shown:?}"));
    }
}

#[test]
fn stamps_that_contradict_the_order_of_ids_hide_no_run() {
    for shown in [Shown::InTitle, Shown::InStepName, Shown::InLog] {
        let mut scenario = scenario(Server::Ghes320, shown.receiver());
        scenario.repositories[0].workflows[0].listing_delay = 0.0;
        // It has the smaller ID and seems to be younger; both seem to be older than the dispatch.
        let scenario = scenario.with_existing_run(ExistingRun {
            workflow: "ci.yml".into(),
            event: Some("push".into()),
            created_at: -1_200.0,
            ..ExistingRun::default()
        });
        let mut ended = run_through(
            scenario,
            |_, runs| own_is_created_two_hours_behind(runs),
            |time| time,
        );
        assert_one_run(&mut ended, shown, &format!("{shown:?}"));
    }
}

/// The machine that stamps creations is behind; the one that stamps what changes shows the right time.
fn own_is_created_two_hours_behind(runs: &mut [Value]) {
    let own = |run: &&mut Value| run["event"] == "workflow_dispatch";
    for run in runs.iter_mut().filter(own) {
        let time = humantime::parse_rfc3339(run["created_at"].as_str().unwrap()).unwrap();
        let behind = humantime::format_rfc3339_seconds(time - Duration::from_hours(2));
        run["created_at"] = behind.to_string().into();
    }
}

#[test]
fn a_clock_that_is_set_right_after_the_dispatch_makes_its_run_no_older() {
    for server in SERVERS {
        for shown in SHOWN {
            for behind in [120_i64, 700, 3_600, -700, -3_600] {
                for is_lost in [true, false] {
                    // Half a minute after the first answer.
                    let set_at = Cell::new(None);
                    let date = move |time: SystemTime| {
                        if set_at.get().is_none() {
                            set_at.set(Some(time + Duration::from_secs(30)));
                        }
                        shifted(time, set_at.get(), behind)
                    };
                    let start = humantime::parse_rfc3339(START).unwrap();
                    let set = Some(start + Duration::from_secs(30));
                    let stamp = move |_: &Value, time| shifted(time, set, behind);
                    let scenario = receiving(server, shown, is_lost);
                    let mut ended = run_stamped(scenario, stamp, date);
                    let case = format!("{server:?} {shown:?} {behind} {is_lost}");
                    assert_one_run(&mut ended, shown, &case);
                }
            }
        }
    }
}

#[test]
fn a_retry_whose_run_lists_do_not_show_yet_ends_with_a_warning() {
    for shown in [Shown::InTitle, Shown::InLog] {
        for (first, second) in [(65.0, 200.0), (63.0, 290.0), (75.0, 300.0)] {
            let start = humantime::parse_rfc3339(START).unwrap();
            let change = move |now: SystemTime, runs: &mut Vec<Value>| {
                let elapsed = now.duration_since(start).unwrap_or_default().as_secs_f64();
                let mut own: Vec<u64> = runs
                    .iter()
                    .filter(|run| run["event"] == "workflow_dispatch")
                    .map(|run| run["id"].as_u64().unwrap())
                    .collect();
                own.sort_unstable();
                runs.retain(|run| match own.iter().position(|id| run["id"] == *id) {
                    Some(0) => elapsed >= first,
                    Some(_) => elapsed >= second,
                    None => true,
                });
            };
            let lost = receiving(Server::Ghes320, shown, true);
            let mut ended = run_through(lost, change, |time| time);
            assert_eq!(ended.dispatched().len(), 2, "{shown:?} {first}");
            let warns = |event: &Event| {
                matches!(
                    event,
                    Event::DuplicatePossible { .. } | Event::Duplicate { .. }
                )
            };
            let is_said = ended.result.is_err() || ended.events.iter().any(warns);
            assert!(is_said, "{shown:?} {first} {second}: {:?}", ended.result);
        }
    }
}

/// What a clock shows that is behind by so much until it is set.
fn shifted(time: SystemTime, set_at: Option<SystemTime>, behind: i64) -> SystemTime {
    let by = Duration::from_secs(behind.unsigned_abs());
    if set_at.is_none_or(|set_at| time >= set_at) {
        time
    } else if behind > 0 {
        time - by
    } else {
        time + by
    }
}
