//! Of all the runs that a call created at most one stays: later ones are cancelled. A call that ends
//! well with two of them alive has named both in a warning, or, where lists did not show one of them while it looked,
//! warned that there may be one; one that is not certain ends in an error.
//! Nobody else's run is ever cancelled, and nothing at all where the ID was supplied and may be
//! shared. What a call has named is cancelled only if its settings say so.

use std::time::Duration;

use return_dispatch::{Code, Event};
use simulator::{RunFacts, Server};

use crate::story::{Call, Story};

/// Lists are asked for at least as often, their answers included.
const BETWEEN_LISTS: Duration = Duration::from_secs(12);

pub(super) fn check(story: &Story) -> Result<(), String> {
    for run in &story.runs {
        if let Some(by) = run.cancelled_by
            && run.client != Some(by)
        {
            return Err(format!(
                "call {by} cancelled run {}, which is not its own",
                run.id
            ));
        }
    }
    for call in &story.calls {
        let number = call.number();
        let own: Vec<&RunFacts> = story.runs_of(call).collect();
        let named = call
            .result
            .as_ref()
            .ok()
            .map(|identified| identified.run_id);
        let is_to_be = |run: &RunFacts| {
            Some(run.id) == named && is_to_be_cancelled(call) || was_found_later(call, run)
        };
        let kept = own.iter().find(|run| Some(run.id) == named);
        if let Some(kept) = kept
            && kept.cancelled_by.is_some()
            && !is_to_be_cancelled(call)
        {
            return Err(format!("call {number} cancelled its run {}", kept.id));
        }
        if call.program.distinct_id.is_some()
            && let Some(run) = own
                .iter()
                .find(|run| run.cancelled_by.is_some() && !is_to_be(run))
        {
            return Err(format!(
                "call {number} cancelled run {} though its ID was supplied",
                run.id
            ));
        }
        let staying = own.iter().filter(|run| stays(story, call, run));
        let staying: Vec<&RunFacts> = staying.copied().collect();
        if staying.len() > 1 && ends_well(call) && !are_named(story, call, &staying) {
            let staying: Vec<u64> = staying.iter().map(|run| run.id).collect();
            return Err(format!(
                "call {number} left several runs alive: {staying:?}"
            ));
        }
        // What somebody deletes afterwards was there.
        let is_there = |at: Duration| at > call.ended;
        let first = own.iter().find(|run| run.deleted_at.is_none_or(is_there));
        if let Some(first) = first
            && own.len() > 1
            && first.cancelled_by.is_some()
            && !is_to_be(first)
        {
            return Err(format!(
                "call {number} cancelled run {}, the first of its own",
                first.id
            ));
        }
    }
    Ok(())
}

/// Whether the call ends without an error.
fn ends_well(call: &Call) -> bool {
    call.result.is_ok()
        && call
            .waited
            .as_ref()
            .is_none_or(|waited| waited.result.is_ok())
}

/// Whether warnings of this call name all of these runs that lists had shown by then, and so warn of the others.
pub(super) fn are_named(story: &Story, call: &Call, runs: &[&RunFacts]) -> bool {
    let has_pages_by_number = story.plan.scenario.server == Server::Gitea125;
    let is_at = |page: &String, run: &RunFacts| {
        let last = if has_pages_by_number {
            run.number
        } else {
            run.id
        };
        page.ends_with(&format!("/actions/runs/{last}"))
    };
    let names = |event: &Event, run: &RunFacts| match event {
        Event::DuplicatePossible { kept, runs: others } => {
            run.id == *kept
                || others.iter().any(|page| is_at(page, run))
                || !was_listed(story, call, run)
        }
        Event::Duplicate { kept, run_id, .. } => run.id == *kept || run.id == *run_id,
        _ => false,
    };
    let mut runs = runs.iter();
    runs.all(|run| call.events.iter().any(|(_, event)| names(event, run)))
}

/// Whether a call was told to cancel what it waits for, or would have been.
pub(super) fn is_to_be_cancelled(call: &Call) -> bool {
    let (Some(waits), Some(waited)) = (&call.program.waits, &call.waited) else {
        return false;
    };
    let code = waited.result.as_ref().err().map(|error| error.code);
    match code {
        Some(Code::Cancelled) => waits.cancel_on_cancel,
        Some(Code::TimedOut) => waits.cancel_on_timeout,
        _ => false,
    }
}

/// Whether the `post` step of a call that was cancelled has found this run, or got its ID as saved state.
pub(super) fn was_found_later(call: &Call, run: &RunFacts) -> bool {
    let found = format!("before it had found its run, {}:", run.id);
    let saved = format!("The step ended while run {} went on", run.id);
    let other = format!("and run {} shows its ID as well", run.id);
    call.post.as_ref().is_some_and(|post| {
        post.contains(&found) || post.starts_with(&saved) || post.contains(&other)
    })
}

/// A run that is neither cancelled nor deleted, nor was found to have ended when it was to be
/// cancelled: nothing is alive there any more.
fn stays(story: &Story, call: &Call, run: &RunFacts) -> bool {
    let cancel = format!("/actions/runs/{}/cancel", run.id);
    let came_too_late = story.exchanges_of(call).any(|exchange| {
        exchange.method == "POST" && exchange.url.ends_with(&cancel) && exchange.status == 409
    });
    run.cancelled_by.is_none() && run.deleted_at.is_none() && !came_too_late
}

/// Whether a call could know of a run before it knew which one its own is: lists showed it. Of another one it can only
/// warn.
fn was_listed(story: &Story, call: &Call, run: &RunFacts) -> bool {
    let lag = Duration::from_secs_f64(story.plan.scenario.lists_lag);
    let shown_at = run.visible_at + lag;
    let lists = || {
        story.exchanges_of(call).filter(|exchange| {
            let is_list = exchange.method == "GET" && exchange.url.contains("/runs?");
            is_list && matches!(exchange.status, 200 | 304)
        })
    };
    if story.plan.has_small_limit() {
        return lists().any(|list| list.sent >= shown_at + story.age_of(list));
    }
    let stale = lists().map(|list| story.age_of(list)).max();
    shown_at + stale.unwrap_or_default() + BETWEEN_LISTS < call.ended
}
