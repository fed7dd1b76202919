//! A run that is said to have ended has, in just this way, with the latest attempt that there was when
//! it was last looked at. What the caller is told of it follows.

use std::time::Duration;

use return_dispatch::{Code, Event};
use simulator::{AttemptFacts, Conclusion};

use crate::story::{Call, Story};

pub(super) fn check(story: &Story) -> Result<(), String> {
    for call in &story.calls {
        let (Some(waits), Some(waited)) = (&call.program.waits, &call.waited) else {
            continue;
        };
        let number = call.number();
        let Some((at, ended)) = call.end() else {
            if waited.result.is_ok() {
                return Err(format!("call {number} succeeded before its run had ended"));
            }
            continue;
        };
        let looked = looked_last(story, call, at);
        let Some(number_told) = ended.attempt else {
            // Only jobs tell it, which could not be read.
            let mut all = (1..).map_while(|number| self::attempt(story, call, number));
            if all.any(|one| {
                one.ended_at.is_some_and(|end| end <= at)
                    && one.conclusion.map(Conclusion::as_str) == Some(ended.conclusion.as_str())
            }) {
                continue;
            }
            return Err(format!(
                "call {number} says that its run ended with {}; no attempt did",
                ended.conclusion
            ));
        };
        let attempt = attempt_told(story, call, number_told, looked);
        let Some(attempt) = attempt.filter(|attempt| attempt.ended_at.is_some_and(|end| end <= at))
        else {
            return Err(format!(
                "call {number} says at {at:?} that attempt {number_told} has ended: {attempt:?}"
            ));
        };
        let conclusion = attempt.conclusion.map(Conclusion::as_str);
        if conclusion != Some(ended.conclusion.as_str()) {
            return Err(format!(
                "call {number} says that its run ended with {}; it was {conclusion:?}",
                ended.conclusion
            ));
        }
        // Gitea's runs do not tell which attempt they are at, their jobs do.
        let mut events = call.events.iter();
        let jobs_missing = events.any(|(_, event)| matches!(event, Event::JobsMissing { .. }));
        if let Some(next) = self::attempt(story, call, u64::from(attempt.number) + 1)
            && next.started_at <= looked
            && !(story.plan.is_on_gitea() && jobs_missing)
        {
            return Err(format!(
                "call {number} says that attempt {number_told} was the last, but looked at {looked:?}, and the next began at {:?}",
                next.started_at
            ));
        }
        let is_success = ended.conclusion == "success" || !waits.fail_on_unsuccessful;
        let is_right = match &waited.result {
            Ok(_) => is_success,
            Err(error) => match error.code {
                Code::Unsuccessful => !is_success,
                Code::Cancelled => call.cancelled().is_some(),
                _ => false,
            },
        };
        if !is_right {
            return Err(format!(
                "call {number}, whose run ended with {}, ended with {:?}",
                ended.conclusion, waited.result
            ));
        }
    }
    Ok(())
}

/// The attempt that a call means by this number. Gitea counts only those of which a job has begun: what
/// was cancelled before that has the number of the one before it.
fn attempt_told<'s>(
    story: &'s Story,
    call: &Call,
    number: u64,
    looked: Duration,
) -> Option<&'s AttemptFacts> {
    let mut told = attempt(story, call, number);
    if story.plan.is_on_gitea() {
        let later = (number + 1..).map_while(|number| attempt(story, call, number));
        let uncounted = later.take_while(|attempt| {
            attempt.conclusion == Some(Conclusion::Cancelled) && attempt.started_at <= looked
        });
        told = uncounted.last().or(told);
    }
    told
}

/// An attempt at the run that a call has named.
pub(super) fn attempt<'s>(story: &'s Story, call: &Call, number: u64) -> Option<&'s AttemptFacts> {
    let named = call.result.as_ref().ok()?.run_id;
    let run = story.runs.iter().find(|run| run.id == named)?;
    let mut attempts = run.attempts.iter();
    attempts.find(|attempt| u64::from(attempt.number) == number)
}

/// Of which moment the last answer about the run itself was that came before this one.
fn looked_last(story: &Story, call: &Call, before: Duration) -> Duration {
    let Ok(identified) = &call.result else {
        return Duration::ZERO;
    };
    let looks = story.exchanges_of(call).filter(|exchange| {
        exchange.method == "GET"
            && exchange
                .url
                .ends_with(&format!("/actions/runs/{}", identified.run_id))
            && exchange.answered.is_some_and(|at| at <= before)
            && matches!(exchange.status, 200 | 304)
            && exchange.whole
    });
    let last = looks.last();
    let age = last.map(|exchange| story.age_of(exchange));
    let arrived = last
        .and_then(|exchange| exchange.arrived)
        .unwrap_or_default();
    arrived.saturating_sub(age.unwrap_or_default())
}
