//! Each rule is broken by what it forbids, and the seeds lead to what the rules are about.

use std::collections::BTreeMap;
use std::time::Duration;

use return_dispatch::event::{Ended, Event};
use simulation::exchange::Exchange;
use simulation::plan::{PassesOn, Shown};
use simulation::{Plan, Story, rules};
use simulator::Server;

#[global_allocator]
static ALLOCATOR: simulation::memory::Noting = simulation::memory::Noting;

/// The first story that keeps all rules and of which this is true.
fn story(wanted: impl Fn(&Story) -> bool) -> Story {
    (0..10_000)
        .map(|seed| Story::of(Plan::drawn(seed)))
        .find(|story| wanted(story) && rules::broken(story).is_empty())
        .expect("a seed that leads there")
}

/// The first call of one program alone that found its run among others.
fn a_plain_story() -> Story {
    story(|story| {
        story.calls.len() == 1
            && story.calls[0].result.is_ok()
            && story.runs_of(&story.calls[0]).count() == 1
            && story.runs.len() > 2
            && story.plan.scenario.deletions.is_empty()
    })
}

fn rules_broken_by(story: &Story) -> Vec<&'static str> {
    let broken = rules::broken(story);
    broken.into_iter().map(|(rule, _)| rule).collect()
}

/// The rules that a story breaks after this change.
fn broken_after(change: impl FnOnce(&mut Story)) -> Vec<&'static str> {
    let mut story = a_plain_story();
    change(&mut story);
    rules_broken_by(&story)
}

/// Where the call's own run stands among all runs.
fn own(story: &Story) -> usize {
    let is_own = |run: &simulator::RunFacts| run.client.is_some();
    story
        .runs
        .iter()
        .position(is_own)
        .expect("a run of its own")
}

#[test]
fn to_name_somebody_elses_run_is_wrong() {
    let broken = broken_after(|story| {
        let other = story
            .runs
            .iter()
            .find(|run| run.client.is_none())
            .expect("another")
            .id;
        story.calls[0].result.as_mut().expect("found").run_id = other;
    });
    assert_eq!(broken, ["no wrong run is named"]);
}

#[test]
fn to_name_the_later_of_two_own_runs_is_wrong() {
    let broken = broken_after(|story| {
        let mut later = story.runs[own(story)].clone();
        later.id += 1_000_000;
        later.cancelled_by = later.client;
        story.calls[0].result.as_mut().expect("found").run_id = later.id;
        story.runs.push(later);
    });
    assert_eq!(broken, ["no wrong run is named", "one live run per call"]);
}

#[test]
fn two_live_runs_of_one_call_are_one_too_many() {
    let broken = broken_after(|story| {
        let mut later = story.runs[own(story)].clone();
        later.id += 1_000_000;
        story.runs.push(later);
    });
    assert_eq!(broken, ["one live run per call"]);
}

#[test]
fn two_live_runs_are_right_only_where_a_warning_names_both_that_were_listed() {
    for (is_named, is_listed, expected) in [
        (true, true, Vec::new()),
        (false, true, vec!["one live run per call"]),
        (false, false, Vec::new()),
    ] {
        let broken = broken_after(|story| {
            let first = story.runs[own(story)].clone();
            let mut later = first.clone();
            later.id += 1_000_000;
            let call = &mut story.calls[0];
            let looked = Duration::from_secs(if is_listed { 13 } else { 11 });
            call.ended = later.visible_at + looked;
            let page = format!("https://github.com/octo/receiver/actions/runs/{}", later.id);
            let event = Event::DuplicatePossible {
                kept: first.id,
                runs: if is_named { vec![page] } else { Vec::new() },
            };
            call.events.push((Duration::ZERO, event));
            story.runs.push(later);
        });
        assert_eq!(broken, expected, "{is_named} {is_listed}");
    }
}

#[test]
fn a_call_that_ends_in_an_error_may_leave_a_second_run() {
    let broken = broken_after(|story| {
        let mut later = story.runs[own(story)].clone();
        later.id += 1_000_000;
        story.runs.push(later);
        let error = return_dispatch::Error::new(return_dispatch::Code::OutcomeUnknown, "x");
        story.calls[0].result = Err(error);
        story.calls[0].waited = None;
        story.plan.well_at = None;
    });
    assert_eq!(broken, Vec::<&str>::new());
}

#[test]
fn to_cancel_the_earlier_of_two_own_runs_is_wrong() {
    let broken = broken_after(|story| {
        let at = own(story);
        let mut later = story.runs[at].clone();
        later.id += 1_000_000;
        story.runs[at].cancelled_by = later.client;
        story.runs.push(later);
    });
    assert_eq!(broken, ["one live run per call"]);
}

#[test]
fn to_cancel_somebody_elses_run_is_wrong() {
    let broken = broken_after(|story| {
        let other = story
            .runs
            .iter()
            .position(|run| run.client.is_none())
            .expect("another");
        story.runs[other].cancelled_by = Some(1);
    });
    assert_eq!(broken, ["one live run per call"]);
}

#[test]
fn to_end_after_the_deadline_is_too_late() {
    let broken = broken_after(|story| {
        story.calls[0].ended = story.calls[0].deadline() + Duration::from_millis(2);
    });
    assert_eq!(broken, ["calls end by their deadline"]);
}

#[test]
fn to_ask_before_a_wait_is_over_is_too_early() {
    let broken = broken_after(|story| {
        let asking = &mut story.exchanges[0];
        let at = asking.answered.expect("an answer");
        asking.asked_wait = Some(Duration::from_secs(5));
        let mut early = asking.clone();
        early.asked_wait = None;
        early.sent = at + Duration::from_secs(4);
        story.exchanges.truncate(1);
        story.exchanges.push(early);
    });
    assert_eq!(broken, ["waits asked for are kept"]);
}

#[test]
fn the_token_must_not_go_astray() {
    let broken = broken_after(|story| {
        "https://elsewhere.example/".clone_into(&mut story.exchanges[0].url);
    });
    assert_eq!(broken, ["the token stays at home"]);
}

#[test]
fn requests_without_a_reason_are_too_many() {
    let broken = broken_after(|story| {
        let exchange = story.exchanges[0].clone();
        story
            .exchanges
            .extend(std::iter::repeat_n(exchange, 100_000));
    });
    assert_eq!(broken, ["requests and memory are bounded"]);
}

#[test]
fn to_hold_much_memory_is_wrong() {
    let held = a_plain_story().calls[0].most_held;
    assert!((1_000..16 << 20).contains(&held), "{held}");
    let broken = broken_after(|story| story.calls[0].most_held = 64 << 20);
    assert_eq!(broken, ["requests and memory are bounded"]);
}

#[test]
fn to_find_nothing_though_all_is_well_is_not_enough() {
    let mut story = story(|story| {
        let [call] = story.calls.as_slice() else {
            return false;
        };
        call.result.is_ok()
            && call.program.timeout > 500
            && call.program.distinct_id.is_none()
            && (call.program.sends_id && story.plan.receiver.shows_its_id())
            && story.plan.scenario.faults.is_empty()
            && story.plan.scenario.deletions.is_empty()
    });
    let error = return_dispatch::Error::new(return_dispatch::Code::TimedOut, "not found");
    story.calls[0].result = Err(error);
    let broken = rules::broken(&story);
    assert_eq!(broken[0].0, "runs are found once all is well");
}

/// The first story of one call that waited until its run had ended, and got its value.
fn a_story_of_a_wait() -> Story {
    story(|story| {
        let [call] = story.calls.as_slice() else {
            return false;
        };
        call.end().is_some_and(|(_, ended)| ended.outputs != "{}")
            && call
                .waited
                .as_ref()
                .is_some_and(|waited| waited.result.is_ok())
            && call
                .program
                .waits
                .as_ref()
                .is_some_and(|waits| waits.timeout.is_some())
            && story.plan.scenario.faults.is_empty()
            && story.plan.scenario.deletions.is_empty()
    })
}

fn broken_after_a_wait(change: impl FnOnce(&mut Story)) -> Vec<&'static str> {
    let mut story = a_story_of_a_wait();
    change(&mut story);
    rules_broken_by(&story)
}

/// Changes what was told of the run's end.
fn tell(story: &mut Story, change: impl Fn(&mut Ended)) {
    for (_, event) in &mut story.calls[0].events {
        if let Event::Ended(ended) = event {
            change(ended);
        }
    }
}

#[test]
fn to_say_that_a_run_failed_which_did_not_is_wrong() {
    let broken =
        broken_after_a_wait(|story| tell(story, |ended| ended.conclusion = "failure".into()));
    assert!(
        broken.contains(&"a conclusion is never wrong"),
        "{broken:?}"
    );
}

#[test]
fn to_say_that_a_run_has_ended_which_has_not_is_wrong() {
    let broken = broken_after_a_wait(|story| {
        let own = own(story);
        for attempt in &mut story.runs[own].attempts {
            attempt.ended_at = attempt.ended_at.map(|end| end + Duration::from_hours(1));
        }
    });
    assert_eq!(broken, ["a conclusion is never wrong"]);
}

#[test]
fn not_to_follow_another_attempt_is_wrong() {
    let broken = broken_after_a_wait(|story| {
        let own = own(story);
        let last = story.runs[own].attempts.last().cloned();
        let mut next = last.expect("an attempt");
        next.number += 1;
        next.started_at = Duration::ZERO;
        story.runs[own].attempts.push(next);
    });
    assert_eq!(broken, ["a conclusion is never wrong"]);
}

#[test]
fn to_succeed_with_a_run_that_did_not_is_wrong() {
    let broken = broken_after_a_wait(|story| {
        let own = own(story);
        for attempt in &mut story.runs[own].attempts {
            attempt.conclusion = Some(simulator::Conclusion::Failure);
        }
        tell(story, |ended| ended.conclusion = "failure".into());
        let waits = story.calls[0].program.waits.as_mut();
        waits.expect("it waits").fail_on_unsuccessful = true;
    });
    assert_eq!(broken, ["a conclusion is never wrong"]);
}

#[test]
fn to_return_what_was_not_printed_is_wrong() {
    for outputs in [r#"{"attempt":"7"}"#, "{}"] {
        let broken =
            broken_after_a_wait(|story| tell(story, |ended| ended.outputs = outputs.into()));
        assert_eq!(broken, ["values are what was printed"], "{outputs}");
    }
}

#[test]
fn to_wait_for_longer_than_allowed_is_wrong() {
    let broken = broken_after_a_wait(|story| {
        let waited = story.calls[0].waited.as_mut().expect("it waits");
        waited.ended += Duration::from_hours(1);
    });
    assert_eq!(broken, ["waits are over in time"]);
}

#[test]
fn to_notice_an_end_late_is_wrong() {
    let broken = broken_after_a_wait(|story| {
        for (at, event) in &mut story.calls[0].events {
            if matches!(event, Event::Ended(_)) {
                *at += Duration::from_secs(100);
            }
        }
    });
    assert_eq!(broken, ["ends are noticed in time"]);
}

#[test]
fn to_tell_a_thing_twice_is_wrong() {
    let broken = broken_after_a_wait(|story| {
        let events = &mut story.calls[0].events;
        let is_job = |(_, event): &&(Duration, Event)| matches!(event, Event::Job { .. });
        let again = events.iter().find(is_job).cloned().expect("a job");
        events.push(again);
    });
    assert_eq!(broken, ["nothing is told twice"]);
}

#[test]
fn to_cancel_a_run_that_is_wanted_is_wrong() {
    let broken = broken_after_a_wait(|story| {
        let own = own(story);
        story.runs[own].cancelled_by = Some(story.calls[0].number());
    });
    assert_eq!(broken, ["one live run per call"]);
}

#[test]
fn to_say_that_a_run_was_cancelled_which_goes_on_is_wrong() {
    let mut story = story(|story| {
        let [call] = story.calls.as_slice() else {
            return false;
        };
        let error = call
            .waited
            .as_ref()
            .and_then(|waited| waited.result.as_ref().err());
        error.is_some_and(|error| error.to_string().contains("it has been cancelled"))
    });
    let own = own(&story);
    for attempt in &mut story.runs[own].attempts {
        attempt.ended_at = None;
    }
    assert_eq!(rules_broken_by(&story), ["a run that is cancelled ends"]);
}

#[test]
fn to_force_a_run_to_end_within_a_minute_is_wrong() {
    let is_force = |exchange: &Exchange| exchange.url.ends_with("/force-cancel");
    let mut story = story(|story| {
        story.calls.len() == 1
            && story.calls[0].waited.is_some()
            && story.exchanges.iter().any(is_force)
    });
    let mut exchanges = story.exchanges.iter();
    let asked = exchanges.find(|exchange| exchange.url.ends_with("/cancel"));
    let early = asked.expect("it was asked first").sent + Duration::from_secs(59);
    for exchange in story
        .exchanges
        .iter_mut()
        .filter(|exchange| is_force(exchange))
    {
        exchange.sent = early;
    }
    assert_eq!(rules_broken_by(&story), ["a run that is cancelled ends"]);
}

#[test]
fn a_post_step_must_not_say_that_it_cancelled_a_run_which_goes_on() {
    let mut story = a_plain_story();
    let run = story.runs[own(&story)].id;
    story.calls[0].post = Some(format!(
        "The step ended before it had found its run, {run}: it has been cancelled."
    ));
    assert_eq!(rules_broken_by(&story), ["a run that is cancelled ends"]);
}

/// What a wait was about.
fn subjects_of_waits(story: &Story) -> Vec<(&'static str, bool)> {
    let error = |words: &str| {
        let mut waits = story.calls.iter().filter_map(|call| call.waited.as_ref());
        waits.any(|waited| {
            let error = waited.result.as_ref().err();
            error.is_some_and(|error| error.to_string().contains(words))
        })
    };
    let post = |words: &str| {
        let mut posts = story.calls.iter().filter_map(|call| call.post.as_ref());
        posts.any(|post| post.contains(words) && post.contains("it has been cancelled"))
    };
    let was_reported = |is: fn(&Event) -> bool| {
        let mut events = story.calls.iter().flat_map(|call| &call.events);
        events.any(|(_, event)| is(event))
    };
    let end = |is: fn(&Ended) -> bool| {
        let mut ends = story.calls.iter().filter_map(|call| call.end());
        ends.any(|(_, ended)| is(ended))
    };
    vec![
        ("a wait to the end", end(|_| true)),
        ("a run without success", error("ended with failure")),
        ("a value", end(|ended| ended.outputs != "{}")),
        ("another attempt", end(|ended| ended.attempt > Some(1))),
        ("a cancelled wait", error("Cancelled while waiting")),
        ("a cancelled run", error("it has been cancelled")),
        ("a run that had ended", error("it had ended before")),
        (
            "a cancellation that failed",
            error("could not be cancelled") || error("is not known yet"),
        ),
        ("a wait that took too long", error("has not ended within")),
        (
            "force",
            was_reported(|event| matches!(event, Event::Cancelling { force: true, .. })),
        ),
        (
            "a run left to its post step",
            post("The step ended while run"),
        ),
        (
            "a run found by its post step",
            post("before it had found its run, "),
        ),
        (
            "an approval",
            was_reported(
                |event| matches!(event, Event::RunWaits { reason } if reason.contains("approval")),
            ),
        ),
        (
            "a turn",
            was_reported(
                |event| matches!(event, Event::RunWaits { reason } if reason.contains("turn")),
            ),
        ),
        (
            "printed logs",
            was_reported(|event| matches!(event, Event::LogLine { .. })),
        ),
        (
            "values that are missing",
            was_reported(|event| matches!(event, Event::ValuesMissing { .. })),
        ),
    ]
}

/// What a story is about, of what there should be stories about.
fn subjects(story: &Story) -> Vec<(&'static str, bool)> {
    let (plan, receiver) = (&story.plan, &story.plan.receiver);
    let server = |server| plan.scenario.server == server;
    let unclear = |acted: bool| {
        let mut dispatches = story.exchanges.iter().filter(|it| it.is_dispatch());
        dispatches.any(|it| !it.is_clear() && it.created.is_some() == acted)
    };
    let acted_late = story.exchanges.iter().any(|it| {
        let run = story.runs.iter().find(|run| Some(run.id) == it.created);
        let late = Duration::from_secs(5);
        run.zip(it.arrived)
            .is_some_and(|(run, arrived)| run.created_at > arrived + late)
    });
    let crowd = plan.crowd();
    let was_reported = |is: fn(&Event) -> bool| {
        let mut events = story.calls.iter().flat_map(|call| &call.events);
        events.any(|(_, event)| is(event))
    };
    vec![
        ("github.com", server(Server::GitHubCom)),
        ("GHES 3.21", server(Server::Ghes321)),
        ("GHES 3.20", server(Server::Ghes320)),
        ("GHES 3.19", server(Server::Ghes319)),
        ("Gitea 1.27", server(Server::Gitea)),
        ("Gitea 1.26", server(Server::Gitea126)),
        ("Gitea 1.25", server(Server::Gitea125)),
        ("shown in a title", receiver.shown == Shown::InTitle),
        ("shown in a step", receiver.shown == Shown::InStepName),
        ("shown in a log", receiver.shown == Shown::InLog),
        (
            "shown in an archive",
            receiver.shown == Shown::InArchiveOnly,
        ),
        ("shown nowhere", receiver.shown == Shown::Nowhere),
        ("not declared", !receiver.declares),
        (
            "passed on to itself",
            receiver.passes_on == PassesOn::ToItself,
        ),
        (
            "passed on to another",
            receiver.passes_on == PassesOn::ToAnother,
        ),
        ("a late listing", receiver.listing_delay > 30.0),
        ("a crowd", crowd.before + crowd.after > 100),
        ("several programs", plan.programs.len() > 1),
        (
            "a shared ID",
            plan.programs.iter().any(|it| plan.shares_its_id(it)),
        ),
        ("an unclear dispatch that acted", unclear(true)),
        ("an unclear dispatch that did not", unclear(false)),
        ("an unclear dispatch that acted late", acted_late),
        (
            "a dispatch that is retried",
            was_reported(|event| matches!(event, Event::DispatchRepeated { .. })),
        ),
        (
            "a second run that is cancelled",
            was_reported(|event| matches!(event, Event::Duplicate { problem: None, .. })),
        ),
        (
            "a second run that is possible",
            was_reported(|event| matches!(event, Event::DuplicatePossible { .. })),
        ),
        (
            "a front end with another clock",
            plan.scenario.front_end_ahead.abs() > 3_600.0,
        ),
        (
            "a gateway with another clock",
            plan.scenario.gateways_ahead.abs() > 3_600.0,
        ),
        (
            "runners with another clock",
            plan.scenario.runners_ahead.abs() > 3_600.0,
        ),
        ("lists that lag", plan.scenario.lists_lag > 120.0),
        (
            "filtered lists that lag",
            plan.scenario.search_lag > 3_600.0,
        ),
        (
            "a wait asked for",
            story.exchanges.iter().any(|it| it.asked_wait.is_some()),
        ),
        (
            "a refused connection",
            story.exchanges.iter().any(|it| it.refused),
        ),
        (
            "a deleted run",
            story.runs.iter().any(|it| it.deleted_at.is_some()),
        ),
    ]
}

#[test]
fn the_seeds_lead_to_whatever_the_rules_are_about() {
    let mut seen: BTreeMap<String, bool> = BTreeMap::new();
    let expected = [
        "Response",
        "Title",
        "Step",
        "Log",
        "found",
        "too little time",
    ];
    seen.extend(expected.map(|name| (name.to_owned(), false)));
    // The last two are rarer: a second run is cancelled there.
    for seed in (0..3_000).chain([22_058, 28_579]) {
        let story = Story::of(Plan::drawn(seed));
        for (subject, is) in subjects(&story)
            .into_iter()
            .chain(subjects_of_waits(&story))
        {
            *seen.entry(subject.to_owned()).or_default() |= is;
        }
        for call in &story.calls {
            seen.insert(rules::ending(&story, call).to_owned(), true);
            if let Ok(identified) = &call.result {
                seen.insert(format!("{:?}", identified.identified_by), true);
            }
        }
    }
    let never: Vec<_> = seen.iter().filter(|(_, is)| !**is).collect();
    assert!(never.is_empty(), "never seen: {never:?}");
}
