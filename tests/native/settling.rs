//! A dispatch without a clear answer: found if it arrived, repeated only if it
//! did not, and never two runs.

use std::time::Duration;

use crate::support::{
    Ended, Shown, Waited, World, answer, crowd, passing_on, run, run_in, scenario, wait_in,
    with_newer_runs,
};
use return_dispatch::Code;
use return_dispatch::event::Event;
use return_dispatch::settings::DistinctId;
use simulator::{
    Conclusion, Crowd, Disorder, Dispatch, DispatchedBy, Effect, ExistingRun, Fault, Input,
    RunFacts, Scenario, Server, Step, Workflow,
};

/// How a dispatch can go unanswered.
fn silences() -> [Effect; 6] {
    [
        Effect::Reset,
        Effect::NoAnswer,
        Effect::Stall { after_bytes: 0 },
        Effect::problem(502, "Bad gateway"),
        Effect::problem(500, "Failed to run workflow dispatch"),
        answer(
            200,
            &[("content-type", "text/html")],
            "<html>Please log in</html>",
        ),
    ]
}

/// Loses the answers to the first dispatches, which act or not.
fn losing(server: Server, receiver: Workflow, effect: Effect, acted: bool) -> Scenario {
    let mut fault = Fault::on("POST", "/dispatches", effect);
    fault.acted = acted;
    with_newer_runs(scenario(server, receiver)).with_fault(fault)
}

/// The same by a gateway, of the first dispatch in the version that the server knows.
fn losing_to_a_gateway(server: Server, receiver: Workflow, acted: bool) -> Scenario {
    let mut lost = losing(server, receiver, Effect::problem(502, "Bad gateway"), acted);
    lost.faults[0].skip = u32::from(!server.profile().knows_2026_03_10);
    lost
}

fn with_time(scenario: Scenario) -> Ended {
    run(scenario, |inputs| {
        inputs.workflow_timeout_seconds = "300".into();
    })
}

fn supplied(scenario: Scenario) -> Ended {
    run(scenario, |inputs| {
        inputs.workflow_timeout_seconds = "300".into();
        inputs.distinct_id = "shared-1".into();
    })
}

/// When the dispatches were sent.
fn dispatches(ended: &Ended) -> Vec<Duration> {
    let requests = ended.github.requests().iter();
    requests
        .filter(|request| request.method == "POST" && request.path.ends_with("/dispatches"))
        .map(|request| request.at)
        .collect()
}

fn cancellations(ended: &Ended) -> usize {
    ended.count("POST", "/cancel")
}

#[test]
fn a_dispatch_that_arrived_is_found_and_not_repeated() {
    for effect in silences() {
        for server in Server::GITHUBS {
            let lost = losing(server, Shown::InStepName.receiver(), effect.clone(), true);
            // An older server's first answer is about the API version.
            let lost = Scenario {
                faults: lost
                    .faults
                    .iter()
                    .map(|fault| {
                        let skip = u32::from(!server.profile().knows_2026_03_10);
                        fault.clone().after(skip)
                    })
                    .collect(),
                ..lost
            };
            let mut ended = run(lost, |_| {});
            ended.assert_right("step");
        }
    }
}

#[test]
fn a_dispatch_that_did_not_arrive_is_repeated_with_the_same_id() {
    for effect in silences() {
        if matches!(effect, Effect::Stall { .. }) {
            continue; // It is a part of the real answer, so it has arrived.
        }
        for server in Server::GITHUBS {
            let lost = losing(server, Shown::InTitle.receiver(), effect.clone(), false);
            let mut ended = with_time(lost);
            let knows = server.profile().knows_2026_03_10;
            ended.assert_right(if knows { "response" } else { "title" });

            let sent = dispatches(&ended);
            assert_eq!(sent.len(), 2, "{sent:?}");
            assert!(sent[1] >= sent[0] + Duration::from_mins(1), "{sent:?}");
            let id = &ended.settings.as_ref().unwrap().distinct_id.to_string();
            assert_eq!(ended.only_run().inputs.get("distinct_id"), Some(id));
            assert_eq!(cancellations(&ended), 0);
            assert!(
                ended
                    .events
                    .iter()
                    .any(|event| matches!(event, Event::DispatchRepeated { .. }))
            );
        }
    }
}

/// Others may dispatch other workflows: by whatever name the workflow is given, these are none of it.
#[test]
fn a_run_of_another_workflow_shows_that_lists_are_current_whoever_dispatched_it() {
    for (name, is_retried) in [
        ("ci.yml", true),
        (".github/workflows/ci.yml", true),
        ("Receiver", true),
        // That of a number is not known.
        ("4711", false),
    ] {
        let mut receiver = Shown::InTitle.receiver();
        receiver.name = Some("Receiver".into());
        receiver.id = Some(4_711);
        let mut lost = losing(Server::GitHubCom, receiver, Effect::Reset, false);
        for run in &mut lost.existing_runs {
            run.event = None;
        }
        let mut ended = run(lost, |inputs| {
            inputs.workflow = name.into();
            inputs.workflow_timeout_seconds = "300".into();
        });
        assert_eq!(
            ended.result.is_ok(),
            is_retried,
            "{name}: {:?}",
            ended.result
        );
        assert_eq!(ended.dispatched().len(), usize::from(is_retried));
    }
}

#[test]
fn it_is_repeated_as_often_as_it_does_not_arrive() {
    let lost = with_newer_runs(scenario(Server::GitHubCom, Shown::InTitle.receiver()))
        .with_fault(Fault::on("POST", "/dispatches", Effect::problem(503, "no")).times(3));
    let mut ended = with_time(lost);
    ended.assert_right("response");
    assert_eq!(dispatches(&ended).len(), 4);
}

#[test]
fn there_is_no_repetition_without_the_time_to_settle() {
    let lost = losing(
        Server::GitHubCom,
        Shown::InTitle.receiver(),
        Effect::Reset,
        false,
    );
    let mut ended = run(lost, |inputs| {
        inputs.workflow_timeout_seconds = "60".into();
    });
    assert_eq!(ended.error().code, Code::OutcomeUnknown);
    assert_eq!(ended.dispatched().len(), 0);
    assert_eq!(dispatches(&ended).len(), 1);
}

/// Somebody else's run of about the time of the dispatch, with this ID.
fn another(distinct_id: &str) -> ExistingRun {
    ExistingRun {
        id: Some(4_711),
        workflow: "ci.yml".into(),
        created_at: 0.5,
        inputs: [("distinct_id".to_owned(), distinct_id.to_owned())].into(),
        ..ExistingRun::default()
    }
}

#[test]
fn any_run_of_that_time_may_be_the_one() {
    for server in [Server::GitHubCom, Server::Ghes320] {
        for (shown, acted) in [
            (Shown::Nowhere, true),
            (Shown::Nowhere, false),
            (Shown::InTitle, false),
            (Shown::InLog, false),
        ] {
            let mut lost = losing(server, shown.receiver(), Effect::Reset, acted)
                .with_existing_run(another("00000000-0000-4000-8000-000000000000"));
            lost.faults[0].skip = u32::from(server == Server::Ghes320);
            let mut ended = with_time(lost);
            let error = ended.error();
            assert_eq!(error.code, Code::OutcomeUnknown);
            let message = error.to_string();
            for words in ["It was not repeated", "4711", "before you dispatch again"] {
                assert!(message.contains(words), "{words:?} in: {message}");
            }
            assert_eq!(ended.dispatched().len(), usize::from(acted));
        }
    }
}

#[test]
fn a_run_whose_title_shows_the_id_of_another_call_is_not_the_one() {
    let anothers = DistinctId::draw([200; 16]).to_string();
    for server in [Server::GitHubCom, Server::Ghes320] {
        let mut lost = losing(server, Shown::InTitle.receiver(), Effect::Reset, false)
            .with_existing_run(another(&anothers));
        lost.faults[0].skip = u32::from(server == Server::Ghes320);
        let mut ended = with_time(lost);
        ended.identified();
        ended.only_run();
    }
}

#[test]
fn a_title_that_shows_what_this_call_sends_proves_nothing() {
    // The receiver's title shows another of its inputs: here, the ID of the caller's caller.
    let callers = DistinctId::draw([200; 16]).to_string();
    let mut receiver = Shown::Nowhere.receiver();
    receiver.run_name = Some("Deploy ${{ inputs.environment }}".into());
    let lost = losing(Server::GitHubCom, receiver, Effect::Reset, true);
    let mut ended = run(lost, |inputs| {
        inputs.workflow_inputs = format!("environment: for {callers}").as_str().into();
        inputs.workflow_timeout_seconds = "300".into();
    });
    assert_eq!(ended.error().code, Code::OutcomeUnknown);
    ended.only_run();
}

/// By which clock would it be later?
#[test]
fn a_run_of_a_later_time_may_be_the_one_as_well() {
    let lost = losing(
        Server::GitHubCom,
        Shown::InTitle.receiver(),
        Effect::Reset,
        false,
    );
    let lost = lost.with_existing_run(ExistingRun {
        created_at: 50.0,
        ..another("x")
    });
    let mut ended = with_time(lost);
    assert_eq!(ended.error().code, Code::OutcomeUnknown);
    assert!(
        ended.error().to_string().contains("4711"),
        "{}",
        ended.error()
    );
    assert_eq!(ended.dispatched().len(), 0);
}

#[test]
fn nothing_is_retried_where_nothing_shows_that_lists_are_current() {
    for server in Server::GITHUBS {
        for effect in [Effect::Reset, Effect::problem(502, "Bad gateway")] {
            let skip = u32::from(!server.profile().knows_2026_03_10);
            let lost = scenario(server, Shown::InTitle.receiver())
                .with_fault(Fault::on("POST", "/dispatches", effect).after(skip));
            let mut ended = with_time(lost);
            let error = ended.error();
            assert_eq!(error.code, Code::OutcomeUnknown);
            let message = error.to_string();
            for words in [
                "It was not retried",
                "are current",
                "before you dispatch again",
            ] {
                assert!(message.contains(words), "{words:?} in: {message}");
            }
            assert_eq!(dispatches(&ended).len(), 1 + skip as usize);
            assert_eq!(ended.dispatched().len(), 0);
        }
    }
}

#[test]
fn of_two_runs_of_one_call_the_later_one_is_cancelled() {
    for server in [Server::GitHubCom, Server::Ghes320] {
        let mut receiver = Shown::InTitle.receiver();
        // Longer than it settles.
        receiver.listing_delay = 65.0;
        receiver.jobs[1].steps[0].seconds = 200.0;
        let mut lost = losing(server, receiver, Effect::Reset, true);
        lost.faults[0].skip = u32::from(server == Server::Ghes320);
        let mut ended = with_time(lost);
        let runs = ended.dispatched();
        let [first, second] = runs.as_slice() else {
            panic!("two runs: {runs:?}");
        };
        assert_eq!(ended.identified().run_id, first.id, "{server:?}");
        assert_eq!(ended.alive(), [first.id], "{server:?}");
        assert!(
            ended.events.iter().any(|event| matches!(event,
                Event::Duplicate { kept, run_id, problem: None, .. }
                    if (*kept, *run_id) == (first.id, second.id)
            )),
            "{:?}",
            ended.events
        );
    }
}

/// A call whose first dispatch loses its answer after it was acted upon, and which is cancelled at this
/// second, after its retry; and its two runs, twenty minutes later.
fn cancelled_after_retry(
    shown: Shown,
    listing_delay: f64,
    refused: u32,
    second: u64,
) -> (Waited, [RunFacts; 2]) {
    let mut receiver = shown.receiver();
    receiver.listing_delay = listing_delay;
    receiver.jobs[1].steps[0].seconds = 600.0;
    let mut lost = losing(Server::GitHubCom, receiver, Effect::Reset, true);
    if refused > 0 {
        let fault = Fault::on("POST", "/cancel", Effect::problem(409, "not yet"));
        lost = lost.with_fault(fault.times(refused));
    }
    let mut waited = wait_in(
        lost,
        |inputs| inputs.workflow_timeout_seconds = "300".into(),
        |world| world.cancel_at(Duration::from_secs(second)),
    );
    assert_eq!(waited.error().code, Code::Cancelled);
    let runs = waited.github.runs(waited.at + Duration::from_mins(20));
    let own = runs
        .into_iter()
        .filter(|run| run.dispatched_by == DispatchedBy::Client);
    let own = own.collect::<Vec<_>>().try_into().expect("two runs");
    (waited, own)
}

/// The receiver shows no ID, so that the answer to the retry is all that names its run.
#[test]
fn a_caller_that_is_cancelled_while_it_looks_for_a_second_run_names_what_it_knows() {
    let (waited, [_, second]) = cancelled_after_retry(Shown::Nowhere, 120.0, 0, 75);
    assert_eq!(second.conclusion, Some(Conclusion::Cancelled));
    let message = waited.error().to_string();
    for words in [
        &format!("that run {} is the only one", second.id),
        "there may be more than one",
    ] {
        assert!(message.contains(words), "{words:?} in: {message}");
    }
    let words = ": it has been cancelled. Its dispatch was retried, and may have made another run";
    assert!(waited.post().contains(words), "{}", waited.post());
}

/// The second run is not cancelled at once.
#[test]
fn a_caller_that_is_cancelled_while_it_cancels_the_second_run_hands_over_the_first() {
    let (waited, [first, second]) = cancelled_after_retry(Shown::InTitle, 65.0, 4, 70);
    let message = waited.error().to_string();
    let page = "its run may also be https://github.com/octo/receiver/actions/runs";
    for words in [
        format!("that run {} is the only one", first.id),
        format!("{page}/{}", second.id),
    ] {
        assert!(message.contains(&words), "{words:?} in: {message}");
    }
    let begins = format!("The step ended while run {} went on", first.id);
    assert!(waited.post().starts_with(&begins), "{}", waited.post());
    assert_eq!(first.conclusion, Some(Conclusion::Cancelled));
}

/// It is listed after the caller is gone.
#[test]
fn a_post_step_finds_the_first_run_of_a_call_whose_second_one_was_named() {
    let (waited, own) = cancelled_after_retry(Shown::InTitle, 90.0, 0, 70);
    let words = "shows its ID as well: it has been cancelled";
    assert!(waited.post().contains(words), "{}", waited.post());
    for run in own {
        assert_eq!(run.conclusion, Some(Conclusion::Cancelled), "{run:?}");
    }
}

#[test]
fn a_second_run_that_cannot_be_cancelled_is_named() {
    let mut receiver = Shown::InTitle.receiver();
    receiver.listing_delay = 65.0;
    let lost = losing(Server::GitHubCom, receiver, Effect::Reset, true)
        .with_fault(Fault::on("POST", "/cancel", Effect::problem(403, "no")).times(None));
    let ended = with_time(lost);
    let problems: Vec<_> = ended
        .events
        .iter()
        .filter_map(|event| match event {
            Event::Duplicate { problem, .. } => problem.as_deref(),
            _ => None,
        })
        .collect();
    assert_eq!(problems, ["403 no"]);
}

#[test]
fn of_two_runs_with_a_supplied_id_none_is_cancelled() {
    for server in [Server::GitHubCom, Server::Ghes320] {
        let mut receiver = Shown::InTitle.receiver();
        receiver.listing_delay = 65.0;
        let mut lost = losing(server, receiver, Effect::Reset, true);
        lost.faults[0].skip = u32::from(server == Server::Ghes320);
        let mut ended = supplied(lost);
        let runs = ended.dispatched();
        assert_eq!(runs.len(), 2);
        assert_eq!(ended.error().code, Code::Ambiguous, "{}", ended.error());
        for run in &runs {
            let message = ended.error().to_string();
            assert!(message.contains(&run.id.to_string()), "{message}");
        }
        assert_eq!(cancellations(&ended), 0);
    }
}

#[test]
fn a_run_with_a_supplied_id_may_be_another_calls() {
    for acted in [true, false] {
        let lost = losing(
            Server::GitHubCom,
            Shown::InTitle.receiver(),
            Effect::Reset,
            acted,
        );
        let lost = Scenario {
            existing_runs: vec![another("shared-1")],
            ..lost
        };
        let mut ended = supplied(lost);
        let message = ended.error().to_string();
        assert_eq!(ended.error().code, Code::OutcomeUnknown);
        assert!(message.contains("4711"), "{message}");
        assert!(message.contains("another call"), "{message}");
        assert_eq!(dispatches(&ended).len(), 1);
        assert_eq!(ended.dispatched().len(), usize::from(acted));
    }
}

#[test]
fn time_that_runs_out_before_it_has_settled_says_so() {
    let lost = losing(
        Server::GitHubCom,
        Shown::InTitle.receiver(),
        Effect::Reset,
        true,
    );
    let mut ended = run(lost, |inputs| {
        inputs.distinct_id = "shared-1".into();
        inputs.workflow_timeout_seconds = "20".into();
    });
    let id = ended.only_run().id.to_string();
    assert_eq!(ended.error().code, Code::OutcomeUnknown);
    let message = ended.error().to_string();
    for words in ["not certain whose run", &id, "before you dispatch again"] {
        assert!(message.contains(words), "{words:?} in: {message}");
    }
}

#[test]
fn a_supplied_id_that_no_run_shows_is_dispatched_again() {
    for server in [Server::GitHubCom, Server::Ghes320] {
        let mut lost = losing(server, Shown::InTitle.receiver(), Effect::Reset, false);
        lost.faults[0].skip = u32::from(server == Server::Ghes320);
        let mut ended = supplied(lost);
        ended.identified();
        ended.only_run();
    }
}

#[test]
fn a_repetition_that_is_refused_leaves_the_outcome_unknown() {
    let lost = losing(
        Server::GitHubCom,
        Shown::InTitle.receiver(),
        Effect::Reset,
        false,
    )
    .with_fault(Fault::on("POST", "/dispatches", Effect::problem(404, "Not Found")).after(1));
    let mut ended = with_time(lost);
    assert_eq!(ended.error().code, Code::OutcomeUnknown);
    let message = ended.error().to_string();
    assert!(message.contains("404"), "{message}");
    assert!(message.contains("An earlier try"), "{message}");
    assert_eq!(ended.dispatched().len(), 0);
}

#[test]
fn a_repetition_that_is_refused_leaves_the_first_dispatch_in_question() {
    let refusal = Effect::problem(403, "Resource not accessible by integration");
    let lost = losing(
        Server::GitHubCom,
        Shown::InTitle.receiver(),
        Effect::Reset,
        false,
    )
    .with_fault(Fault::on("POST", "/dispatches", refusal).times(None));
    let mut ended = with_time(lost);
    let error = ended.error();
    assert_eq!(
        (error.code, error.status),
        (Code::OutcomeUnknown, Some(403))
    );
    let message = error.to_string();
    for words in [
        "Resource not accessible",
        "An earlier try got no clear answer",
        "before you dispatch again",
    ] {
        assert!(message.contains(words), "{message}");
    }
    assert!(ended.dispatched().is_empty());
}

/// The server acts upon a dispatch long after its answer was lost.
#[test]
fn a_dispatch_that_takes_effect_late_is_found_and_not_repeated() {
    for (effect, seconds) in [
        (Effect::Reset, 50.0),
        (Effect::problem(502, "Bad gateway"), 30.0),
    ] {
        let mut late = scenario(Server::GitHubCom, Shown::InTitle.receiver());
        late.faults
            .push(Fault::on("POST", "/dispatches", effect).acting_after(seconds));
        let mut ended = with_time(late);
        ended.assert_right("title");
        assert_eq!(dispatches(&ended).len(), 1);
        assert!(ended.only_run().created_at >= Duration::from_secs_f64(seconds));
    }
}

/// What is listed may lack this call's run, as long as a list has less than it counts.
#[test]
fn a_list_that_lacks_runs_is_no_reason_to_dispatch_again() {
    let lost = losing(
        Server::GitHubCom,
        Shown::InTitle.receiver(),
        Effect::Reset,
        false,
    );
    let lost = lost
        .with_existing_run(another(&DistinctId::draw([200; 16]).to_string()))
        .with_fault(
            Fault::on(
                "GET",
                "/runs?",
                Effect::Disorder {
                    how: Disorder::Missing,
                },
            )
            .times(None),
        );
    let mut ended = with_time(lost);
    assert_eq!(ended.error().code, Code::OutcomeUnknown);
    assert_eq!(dispatches(&ended).len(), 1);
    assert!(ended.dispatched().is_empty());
}

/// A receiver that shows its ID in the title and dispatches itself with it after so many seconds.
fn passing_its_id_on(after: f64) -> Workflow {
    let mut dispatch = Dispatch {
        workflow: "ci.yml".into(),
        ..Dispatch::default()
    };
    dispatch
        .inputs
        .insert("distinct_id".into(), "${{ inputs.distinct_id }}".into());
    let mut receiver = Shown::InTitle.receiver();
    receiver.queue_delay = 0.5;
    receiver.jobs[0].steps[0] = Step::run("gh").dispatching(dispatch).taking(after);
    receiver
}

/// Where no answer told the server's time, the first list is no more than a page; by then others have
/// dispatched so much that it has the run's child alone.
#[test]
fn a_run_is_found_behind_a_page_of_others_and_its_own_child() {
    let receiver = passing_its_id_on(14.0);
    let mut lost = losing(Server::GitHubCom, receiver, Effect::NoAnswer, true);
    lost.crowd = Some(Crowd {
        after: 150,
        spread_seconds: 20.0,
        ..Crowd::default()
    });
    let mut ended = with_time(lost);
    ended.assert_right("title");
    assert_eq!(dispatches(&ended).len(), 1);
}

/// After a repetition, what shows the ID may also be a run that one of the call's own dispatched.
#[test]
fn a_run_that_the_found_one_dispatched_is_not_cancelled() {
    // The child's own dispatch comes after the call has ended.
    let receiver = passing_its_id_on(5.0);
    let lost = losing(Server::GitHubCom, receiver, Effect::Reset, false);
    let ended = with_time(lost);
    assert_eq!(dispatches(&ended).len(), 2);
    assert_eq!(cancellations(&ended), 0);
    ended.identified();
}

#[test]
fn runs_that_may_not_be_read_end_the_search() {
    // There is a run: the code must not be one of those by which nothing was dispatched.
    for status in [401, 403] {
        let refused = Fault::on("GET", "/runs?", Effect::problem(status, "no")).times(None);
        let mut ended = run(
            scenario(Server::Ghes320, Shown::InTitle.receiver()).with_fault(refused),
            |_| {},
        );
        assert_eq!(ended.error().code, Code::NotIdentified);
        assert_eq!(ended.error().status, Some(status));
        let message = ended.error().to_string();
        assert!(message.contains("before you dispatch again"), "{message}");
        assert!(ended.at < Duration::from_secs(45), "{:?}", ended.at);
        ended.only_run();
    }
}

/// Lists that lack this call's run do not show that it is not among those with the ID.
#[test]
fn a_list_that_lacks_runs_does_not_settle_a_supplied_id() {
    let missing = Effect::Disorder {
        how: Disorder::Missing,
    };
    let lacking = scenario(Server::Ghes320, Shown::InTitle.receiver())
        .with_existing_run(ExistingRun {
            created_at: 0.01,
            ..another("shared-1")
        })
        .with_fault(
            Fault::on("GET", "/runs?", missing)
                .times(None)
                .between(0.0, 15.0),
        );
    let ended = supplied(lacking);
    assert_eq!(ended.error().code, Code::Ambiguous, "{}", ended.error());
}

/// The first dispatch is acted upon when it has been repeated already.
fn acting_late(server: Server, receiver: Workflow, seconds: f64) -> Scenario {
    let mut lost = losing_to_a_gateway(server, receiver, true);
    lost.faults[0].acts_after = seconds;
    lost
}

/// What warns of the other one of two runs, and names the one that is kept.
fn warning_of_both(ended: &mut Ended) -> Option<Event> {
    let named = ended.identified().run_id;
    let mut runs = ended.dispatched().into_iter();
    let other = runs.find(|run| run.id != named)?.id;
    let page = format!("/actions/runs/{other}");
    let is_of_both = |event: &&Event| match event {
        Event::Duplicate { kept, run_id, .. } => (*kept, *run_id) == (named, other),
        Event::DuplicatePossible { kept, runs } => {
            *kept == named && runs.iter().any(|run| run.ends_with(&page))
        }
        _ => false,
    };
    ended.events.iter().find(is_of_both).cloned()
}

#[test]
fn a_dispatch_that_is_acted_upon_after_its_retry_is_cancelled_or_named() {
    for server in [Server::GitHubCom, Server::Ghes320] {
        for shown in [
            Shown::InTitle,
            Shown::InStepName,
            Shown::InLog,
            Shown::Nowhere,
        ] {
            for late in [61.5, 63.0, 66.0] {
                if shown == Shown::Nowhere && server == Server::Ghes320 {
                    continue;
                }
                let mut receiver = shown.receiver();
                receiver.jobs[1].steps[0].seconds = 200.0;
                let mut ended = with_time(acting_late(server, receiver, late));
                let case = format!("{server:?} {shown:?} {late}");
                assert_eq!(ended.dispatched().len(), 2, "{case}");
                assert!(
                    warning_of_both(&mut ended).is_some(),
                    "{case}: {:?}",
                    ended.events
                );
            }
        }
    }
}

/// No look is long enough: a server that was down may act on what it was sent at any time later.
#[test]
fn a_call_that_was_retried_always_warns() {
    for server in [Server::GitHubCom, Server::Ghes320] {
        for late in [None, Some(400.0)] {
            let receiver = Shown::InTitle.receiver();
            let mut lost = losing_to_a_gateway(server, receiver, late.is_some());
            lost.faults[0].acts_after = late.unwrap_or_default();
            let ended = with_time(lost);
            let is_repeated = |event: &Event| matches!(event, Event::DispatchRepeated { .. });
            assert!(ended.events.iter().any(is_repeated), "{server:?}");
            let named = ended.identified().run_id;
            let warns = |event: &Event| {
                let expected = Event::DuplicatePossible {
                    kept: named,
                    runs: Vec::new(),
                };
                *event == expected
            };
            assert!(
                ended.events.iter().any(warns),
                "{server:?} {late:?}: {:?}",
                ended.events
            );
        }
    }
}

/// Where few requests are left of the rate limit, the pauses are longer than the time that is left.
#[test]
fn a_second_run_is_looked_for_at_the_end_however_little_is_left_of_the_limit() {
    for limit in [21, 22] {
        let receiver = Shown::InTitle.receiver();
        let mut late = acting_late(Server::GitHubCom, receiver, 80.0);
        late.tokens[0].rate_limit = limit;
        let mut ended = run(late.with_crowd(crowd(4, 0, 17.0)), |inputs| {
            inputs.workflow_timeout_seconds = "100".into();
        });
        let warning = warning_of_both(&mut ended);
        let is_possible = matches!(warning, Some(Event::DuplicatePossible { .. }));
        assert!(is_possible, "{limit}: {:?}", ended.events);
    }
}

/// What was listed before a log that takes long says nothing of what has come since.
#[test]
fn a_second_run_that_comes_while_a_slow_log_is_read_is_named() {
    for (seconds, limit, listing) in [(70.0, "90", 0.0), (100.0, "300", 0.0), (100.0, "300", 3.0)] {
        let slow = Fault::on("GET", "/logs", Effect::Trickle { seconds: 60.0 }).times(None);
        let mut lists = Fault::on("GET", "/runs?", Effect::Late { seconds: listing }).times(None);
        lists.from = 62.0;
        let lost = acting_late(Server::GitHubCom, Shown::InLog.receiver(), seconds)
            .with_fault(slow)
            .with_fault(lists);
        let mut ended = run(lost, |inputs| {
            inputs.workflow_timeout_seconds = limit.into();
        });
        assert_eq!(ended.dispatched().len(), 2, "{limit}");
        let warning = warning_of_both(&mut ended);
        assert!(warning.is_some(), "{limit} {listing}: {:?}", ended.events);
    }
}

/// Of three dispatches the second one is acted on late: its run comes while that of the third one is
/// cancelled in vain.
#[test]
fn a_run_that_comes_while_another_one_is_cancelled_is_named() {
    let mut receiver = Shown::InTitle.receiver();
    receiver.listing_delay = 130.0;
    receiver.jobs[1].steps[0].seconds = 600.0;
    let mut late = Fault::on("POST", "/dispatches", Effect::Reset);
    late.acted = true;
    late.acts_after = 95.0;
    late.from = 30.0;
    let in_vain = Fault::on("POST", "/cancel", Effect::problem(409, "not yet")).times(None);
    let lost = losing_to_a_gateway(Server::Ghes320, receiver, true)
        .with_fault(late)
        .with_fault(in_vain);
    let mut ended = run(lost, |inputs| {
        inputs.workflow_timeout_seconds = "600".into();
    });
    let own: Vec<u64> = ended.dispatched().iter().map(|run| run.id).collect();
    let [first, third, second] = own.as_slice() else {
        panic!("three runs: {own:?}");
    };
    assert_eq!(ended.identified().run_id, *first);
    let cancelled =
        |event: &Event| matches!(event, Event::Duplicate { run_id, .. } if run_id == third);
    assert!(ended.events.iter().any(cancelled), "{:?}", ended.events);
    let page = format!("/actions/runs/{second}");
    let is_named = |event: &Event| {
        let Event::DuplicatePossible { runs, .. } = event else {
            return false;
        };
        runs.iter().any(|run| run.ends_with(&page))
    };
    assert!(ended.events.iter().any(is_named), "{:?}", ended.events);
}

/// What a list shows for the first time may be the run of the retry, and show the ID in a log that nobody
/// has read: then another one that shows it is not cancelled for that.
#[test]
fn nothing_is_cancelled_on_account_of_a_list_whose_runs_were_not_read() {
    for is_slow in [false, true] {
        let mut receiver = Shown::InTitle.receiver();
        receiver.listing_delay = 65.0;
        receiver.jobs[1].steps[0].seconds = 200.0;
        let seconds = if is_slow { 60.0 } else { 0.0 };
        let slow = Fault::on("GET", "/logs", Effect::Trickle { seconds }).times(None);
        let other = ExistingRun {
            created_at: 75.0,
            ..another("other-1")
        };
        let lost = losing_to_a_gateway(Server::Ghes320, receiver, true)
            .with_fault(slow)
            .with_existing_run(other);
        let mut ended = with_time(lost);
        assert!(warning_of_both(&mut ended).is_some(), "{:?}", ended.events);
        assert_eq!(cancellations(&ended), usize::from(!is_slow));
    }
}

#[test]
fn a_second_run_with_a_supplied_id_is_an_error_however_late_it_comes() {
    let slow = Fault::on("GET", "/logs", Effect::Trickle { seconds: 60.0 }).times(None);
    let other = ExistingRun {
        created_at: 64.0,
        ..another("other-1")
    };
    let lost = acting_late(Server::GitHubCom, Shown::InTitle.receiver(), 75.0)
        .with_fault(slow)
        .with_existing_run(other);
    let mut ended = run(lost, |inputs| {
        inputs.workflow_timeout_seconds = "90".into();
        inputs.distinct_id = "shared-1".into();
    });
    assert_eq!(ended.dispatched().len(), 2);
    assert_eq!(ended.error().code, Code::Ambiguous, "{}", ended.error());
}

#[test]
fn a_cancellation_that_is_never_answered_hides_no_second_run() {
    for limit in ["80", "90", "150"] {
        let lost = acting_late(Server::GitHubCom, Shown::InTitle.receiver(), 61.5)
            .with_fault(Fault::on("POST", "/cancel", Effect::NoAnswer).times(None));
        let mut ended = run(lost, |inputs| {
            inputs.workflow_timeout_seconds = limit.into();
        });
        let is_said = match warning_of_both(&mut ended) {
            Some(Event::Duplicate { problem, .. }) => problem.is_some(),
            warning => warning.is_some(),
        };
        assert!(is_said, "{limit}: {:?}", ended.events);
    }
}

#[test]
fn a_run_that_is_not_queued_yet_is_asked_again_to_stop() {
    let not_yet = answer(
        409,
        &[("content-type", "application/json")],
        r#"{"message":"Cannot cancel a workflow run that has not been queued yet."}"#,
    );
    let mut receiver = Shown::InTitle.receiver();
    receiver.listing_delay = 65.0;
    receiver.jobs[1].steps[0].seconds = 200.0;
    let lost = losing(Server::GitHubCom, receiver, Effect::Reset, true)
        .with_fault(Fault::on("POST", "/cancel", not_yet).times(2));
    let mut ended = with_time(lost);
    let runs = ended.dispatched();
    assert_eq!(runs.len(), 2);
    let first = runs[0].id;
    assert_eq!(ended.identified().run_id, first);
    assert_eq!(ended.alive(), [first]);
}

/// After a retry, a child of its run shows the ID as well.
#[test]
fn a_child_of_the_run_is_not_taken_for_the_second_run_of_a_retry() {
    for server in [Server::GitHubCom, Server::Ghes320] {
        for listed_after in [0.0, 12.0] {
            let title = Some("Deploy ${{ inputs.distinct_id }}".to_owned());
            let mut receiver = passing_on(Step::run("true").taking(200.0), title);
            let passing_on = &mut receiver.jobs[0].steps[0];
            passing_on.seconds = 2.0;
            passing_on.dispatches.as_mut().unwrap().keeps_actor = true;
            receiver.listing_delay = listed_after;
            let lost = losing_to_a_gateway(server, receiver, false);
            let mut ended = with_time(lost);
            ended.assert_right(if server == Server::GitHubCom {
                "response"
            } else {
                "title"
            });
            assert_eq!(cancellations(&ended), 0, "{server:?} {listed_after}");
            let runs = ended.github.runs(ended.at);
            let is_child = |run: &simulator::RunFacts| {
                matches!(run.dispatched_by, simulator::DispatchedBy::Run { .. })
            };
            assert!(runs.iter().any(is_child));
        }
    }
}

/// `Date` is so far ahead that the run of the retry seems to be that of the first dispatch, and its
/// child that of the retry.
#[test]
fn a_child_is_not_taken_for_the_second_run_where_date_is_ahead() {
    let title = Some("Deploy ${{ inputs.distinct_id }}".to_owned());
    let generation = Input {
        options: Some(vec!["first".into(), "first-next".into()]),
        default: Some("first".into()),
        ..Input::default()
    };
    let mut receiver = passing_on(Step::run("true"), title);
    receiver = receiver.with_declared_input("generation", generation);
    receiver.queue_delay = 70.0;
    let dispatch = receiver.jobs[0].steps[0].dispatches.as_mut().unwrap();
    dispatch.keeps_actor = true;
    let next = "${{ inputs.generation }}-next".to_owned();
    dispatch.inputs.insert("generation".into(), next);
    let mut lost = losing(Server::Ghes320, receiver, Effect::NoAnswer, false);
    lost.faults[0].skip = 1;
    lost.front_end_ahead = 69.0;
    let mut ended = run(lost, |inputs| {
        inputs.workflow_timeout_seconds = "900".into();
    });
    assert_eq!(dispatches(&ended).len(), 3, "one of them is refused");
    ended.assert_right("title");
    assert_eq!(cancellations(&ended), 0);
}

/// The newest runs of the workflow are hours old, and may be its own as far as their list tells; what is
/// newer shows that they are not.
#[test]
fn old_runs_of_a_quiet_workflow_do_not_hold_up_a_retry() {
    for server in [Server::GitHubCom, Server::Ghes320] {
        let mut lost = losing_to_a_gateway(server, Shown::InTitle.receiver(), false);
        for hours in [2.0, 2.1, 5.0] {
            lost = lost.with_existing_run(ExistingRun {
                workflow: "ci.yml".into(),
                created_at: -hours * 3_600.0,
                ..ExistingRun::default()
            });
        }
        let mut ended = with_time(lost);
        ended.assert_right(if server == Server::GitHubCom {
            "response"
        } else {
            "title"
        });
        assert!(ended.at < Duration::from_secs(200), "{:?}", ended.at);
    }
}

/// A list that counts runs and has none proves nothing.
#[test]
fn an_empty_list_that_counts_runs_is_no_reason_to_dispatch_again() {
    for server in [Server::GitHubCom, Server::Ghes320] {
        let lost = losing_to_a_gateway(server, Shown::InTitle.receiver(), true);
        let empty = answer(
            200,
            &[("content-type", "application/json")],
            r#"{"total_count":7,"workflow_runs":[]}"#,
        );
        let lists = Fault::on("GET", "/ci.yml/runs?", empty).times(None);
        let mut ended = with_time(lost.with_fault(lists.between(0.0, 120.0)));
        ended.assert_right("title");
    }
}

/// One run alone that is stamped by another clock does not end the list before the own run.
#[test]
fn a_run_with_a_stamp_of_its_own_does_not_hide_what_follows_it() {
    for (server, ahead) in [
        (Server::GitHubCom, 3_600.0),
        (Server::GitHubCom, -120.0),
        (Server::Ghes320, 3_600.0),
    ] {
        let lost = losing_to_a_gateway(server, Shown::InTitle.receiver(), true);
        let mut lost = lost.with_crowd(crowd(0, 60, 20.0)).with_fault(
            Fault::on("GET", "/ci.yml/runs?", Effect::problem(502, "no"))
                .times(None)
                .between(0.0, 25.0),
        );
        lost.repositories[0].workflows[0].listing_delay = 0.0;
        let mut ended = run_in(
            lost,
            &return_dispatch::settings::Caller::default(),
            |inputs| inputs.workflow_timeout_seconds = "300".into(),
            |world| stamp_otherwise(world, ahead, |_, place| place == 0),
        );
        ended.assert_right("title");
    }
}

/// Two that are far ahead agree with each other, and are wrong all the same.
#[test]
fn runs_that_are_stamped_far_ahead_hide_no_run() {
    for shown in Shown::FINDABLE {
        let mut s = scenario(Server::Ghes320, shown.receiver());
        for id in [1, 2] {
            s = s.with_existing_run(ExistingRun {
                id: Some(id),
                workflow: "ci.yml".into(),
                created_at: -600.0,
                ..ExistingRun::default()
            });
        }
        let mut ended = run_in(
            s,
            &return_dispatch::settings::Caller::default(),
            |_| {},
            |world| stamp_otherwise(world, 3_600.0, |run, _| run["id"].as_u64() < Some(10)),
        );
        ended.assert_right(shown.clue());
    }
}

/// These runs of each list, by what they are and where, are stamped so many seconds later, or earlier.
fn stamp_otherwise(world: &World, seconds: f64, which: fn(&serde_json::Value, usize) -> bool) {
    world.network().set_proxy(Box::new(move |request, ask| {
        let mut answer = ask(&request);
        if request.url.contains("/runs?") && answer.status == 200 {
            let mut list: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
            let runs = list["workflow_runs"].as_array_mut().unwrap();
            for (_, run) in (0..).zip(runs).filter(|(place, run)| which(run, *place)) {
                for name in ["created_at", "updated_at", "run_started_at"] {
                    let time = humantime::parse_rfc3339(run[name].as_str().unwrap()).unwrap();
                    let by = Duration::from_secs_f64(seconds.abs());
                    let time = if seconds > 0.0 { time + by } else { time - by };
                    run[name] = humantime::format_rfc3339_seconds(time).to_string().into();
                }
            }
            answer.body = list.to_string().into_bytes();
            answer.headers.retain(|(name, _)| name != "etag");
        }
        answer
    }));
}
