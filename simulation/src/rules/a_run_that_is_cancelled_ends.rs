//! What a call says of a run that it had to cancel is true, and force is its last means; and where nothing
//! stood in the way, the run has ended in the end: cancelled, or before it could be.

use std::time::Duration;

use simulator::{AttemptFacts, Conclusion};

use super::one_live_run_per_call::{is_to_be_cancelled, was_found_later};
use crate::exchange::Exchange;
use crate::story::{Call, Story, Waited};

pub(super) fn check(story: &Story) -> Result<(), String> {
    for call in &story.calls {
        for run in &story.runs {
            let says_so = call
                .post
                .as_deref()
                .is_some_and(|post| post.ends_with("been cancelled."));
            let mut attempts = run.attempts.iter();
            let is_cancelled =
                attempts.any(|attempt| attempt.conclusion == Some(Conclusion::Cancelled));
            if was_found_later(call, run) && says_so && !is_cancelled {
                return Err(format!(
                    "{:?} of call {}, but {run:?}",
                    call.post,
                    call.number()
                ));
            }
        }
        if let Some(waited) = &call.waited
            && is_to_be_cancelled(call)
            && let Err(problem) = check_call(story, call, waited)
        {
            return Err(format!(
                "call {} ended with {:?}, but {problem}",
                call.number(),
                waited.result.as_ref().err().map(ToString::to_string)
            ));
        }
    }
    Ok(())
}

fn check_call(story: &Story, call: &Call, waited: &Waited) -> Result<(), String> {
    let (Ok(identified), Err(error)) = (&call.result, &waited.result) else {
        return Ok(());
    };
    let Some(run) = story.runs.iter().find(|run| run.id == identified.run_id) else {
        return Err("there is no such run".into());
    };
    let said = error.to_string();
    let says = |words: &str| said.contains(words);
    let ended = |attempt: &&AttemptFacts| attempt.ended_at.is_some_and(|end| end <= waited.ended);
    let mut attempts = run.attempts.iter().filter(ended);
    // Of a dispatch that was repeated, another run may have been cancelled as well.
    let own = format!("/actions/runs/{}/", run.id);
    let mut of_it = cancellations(story, call).filter(|asked| asked.url.contains(&own));
    let accepted = of_it.any(|cancellation| cancellation.status == 202);
    check_force(story, call)?;
    let is_true = if says("it has been cancelled") {
        attempts.any(|attempt| attempt.conclusion == Some(Conclusion::Cancelled))
    } else if says("it had ended before it could be cancelled") {
        !accepted && attempts.next().is_some()
    } else if says("it has ended by itself") {
        accepted && attempts.any(|attempt| attempt.conclusion != Some(Conclusion::Cancelled))
    } else if says("it had ended (") || says("it has ended, but how could not be read") {
        attempts.next().is_some()
    } else if says("it has ended, and somebody has started it again") {
        run.attempts.len() > 1 && attempts.next().is_some()
    } else if says("it was to be cancelled, but so was its caller") {
        call.cancelled().is_some()
    } else if says("it has been told to cancel") {
        accepted
    } else if says("the server says that it cannot be cancelled") {
        cancellations(story, call).any(|cancellation| cancellation.status == 409)
    } else if says("whether it will be cancelled is not known yet") {
        !went_well(story, call) || is_slow(call) || was_asked_late(story, call, waited)
    } else if says("could not be cancelled") || says("could not be forced") {
        !went_well(story, call)
    } else {
        false
    };
    if !is_true {
        return Err(format!("the truth is {run:?}"));
    }
    // Somebody may have run it again since; the attempt that was under way has ended.
    let asked = cancellations(story, call)
        .map(|cancellation| cancellation.sent)
        .next();
    let mut begun = run.attempts.iter().rev();
    let attempt = begun.find(|attempt| Some(attempt.started_at) <= asked);
    let goes_on =
        run.deleted_at.is_none() && attempt.is_some_and(|attempt| attempt.ended_at.is_none());
    if goes_on && went_well(story, call) && !is_spared(story, call) {
        return Err(format!("it never ends: {run:?}"));
    }
    Ok(())
}

fn cancellations<'s>(story: &'s Story, call: &'s Call) -> impl Iterator<Item = &'s Exchange> {
    story
        .exchanges_of(call)
        .filter(|exchange| exchange.method == "POST" && exchange.url.ends_with("cancel"))
}

/// Force takes from a run what it does even then, so it comes a minute after all else at the earliest.
fn check_force(story: &Story, call: &Call) -> Result<(), String> {
    let (forced, asked): (Vec<&Exchange>, Vec<&Exchange>) =
        cancellations(story, call).partition(|exchange| exchange.url.ends_with("/force-cancel"));
    match (asked.first(), forced.first()) {
        (Some(asked), Some(forced)) if forced.sent >= asked.sent + Duration::from_mins(1) => Ok(()),
        (_, None) => Ok(()),
        (asked, Some(forced)) => Err(format!("force came too early: {asked:?}, {forced:?}")),
    }
}

/// Whether something happened to its jobs less than a minute before nobody looked at it any more.
fn is_spared(story: &Story, call: &Call) -> bool {
    let looks = story.exchanges_of(call);
    let Some(last) = looks.map(|exchange| exchange.sent).max() else {
        return false;
    };
    let mut looks = story.exchanges_of(call);
    looks.any(|exchange| {
        let is_late = exchange.sent + Duration::from_mins(1) > last;
        is_late && exchange.url.contains("/jobs?") && exchange.status == 200
    })
}

/// Whether nothing stood in the way of what was sent to cancel it.
fn went_well(story: &Story, call: &Call) -> bool {
    let mut all = story.exchanges_of(call);
    all.all(|exchange| {
        let is_of_the_wait = exchange.sent >= call.ended;
        let failed = exchange.fault.is_some() || matches!(exchange.status, 403 | 404 | 429);
        exchange.asked_wait.is_none() && !(is_of_the_wait && failed)
    })
}

/// Whether no answer could come before the time was up, as the run was found when it nearly was.
fn was_asked_late(story: &Story, call: &Call, waited: &Waited) -> bool {
    let there_and_back = 2 * call.program.view.latency.1;
    let first = cancellations(story, call).map(|asked| asked.sent).next();
    first.is_some_and(|sent| sent + there_and_back > waited.ended)
}

/// Whether the ten seconds that a runner leaves may be up before an answer comes.
fn is_slow(call: &Call) -> bool {
    call.program.view.latency.1 > Duration::from_millis(500)
}
