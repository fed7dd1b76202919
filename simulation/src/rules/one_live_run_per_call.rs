//! Of all the runs that a call created at most one stays: later ones are cancelled. A call that ends
//! well with two of them alive has named both in a warning; one that is not certain ends in an error.
//! Nobody else's run is ever cancelled, and nothing at all where the ID was supplied and may be
//! shared. What a call has named is cancelled only if its settings say so.

use std::time::Duration;

use return_dispatch::{Code, Event};
use simulator::{RunFacts, Server};

use crate::story::{Call, Story};

/// For so long, the run of a dispatch whose answer was lost is waited for (docs/how-it-works.md).
const SETTLING: Duration = Duration::from_mins(1);
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
        let first = own.iter().find(|run| run.deleted_at.is_none());
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

/// Whether a warning of this call names all of these runs.
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
    call.events.iter().any(|(_, event)| match event {
        Event::DuplicatePossible { kept, runs: others } => runs
            .iter()
            .all(|run| run.id == *kept || others.iter().any(|page| is_at(page, run))),
        Event::Duplicate { kept, run_id, .. } => {
            runs.iter().all(|run| run.id == *kept || run.id == *run_id)
        }
        _ => false,
    })
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
/// cancelled: nothing is alive there any more. What the server did not create, or lists did not show,
/// before the call knew its run, nobody could know.
fn stays(story: &Story, call: &Call, run: &RunFacts) -> bool {
    let cancel = format!("/actions/runs/{}/cancel", run.id);
    let came_too_late = story.exchanges_of(call).any(|exchange| {
        exchange.method == "POST" && exchange.url.ends_with(&cancel) && exchange.status == 409
    });
    let lag = Duration::from_secs_f64(story.plan.scenario.lists_lag);
    let shown_at = run.visible_at + lag;
    let was_listed = if story.plan.has_small_limit() {
        story.exchanges_of(call).any(|exchange| {
            let is_list = exchange.method == "GET" && exchange.url.contains("/runs?");
            is_list && matches!(exchange.status, 200 | 304) && exchange.sent >= shown_at
        })
    } else {
        shown_at + BETWEEN_LISTS < call.ended
    };
    let was_visible = was_listed || !was_late(story, call, run);
    run.cancelled_by.is_none() && run.deleted_at.is_none() && !came_too_late && was_visible
}

/// Whether a run was created so long after its dispatch was given up that this was retried before, or,
/// if it was the last one, that nothing was expected of it any more.
fn was_late(story: &Story, call: &Call, run: &RunFacts) -> bool {
    let mut own = story.exchanges_of(call);
    let is_long_after =
        |lost: Option<Duration>| lost.is_some_and(|lost| run.created_at > lost + SETTLING);
    let next = |sent: Duration| {
        let mut others = story.exchanges_of(call);
        others.find(|other| other.is_dispatch() && other.sent > sent)
    };
    own.any(|exchange| {
        exchange.created == Some(run.id)
            && match next(exchange.sent) {
                Some(next) => next.sent < run.created_at,
                None => is_long_after(exchange.answered),
            }
    })
}
