//! A run that a call names is one that this very call created: the earliest of its own that has
//! not been deleted, or a later one, if a warning names both.

use std::time::Duration;

use simulator::RunFacts;

use super::one_live_run_per_call::are_named;
use crate::story::{Call, Story};

pub(super) fn check(story: &Story) -> Result<(), String> {
    for call in &story.calls {
        let Ok(identified) = &call.result else {
            continue;
        };
        let (number, named) = (call.number(), identified.run_id);
        let own = story.runs_of(call).find(|run| run.id == named);
        if own.is_none() && !its_run_was_gone_unseen(story, call) {
            let whose = story.runs.iter().find(|run| run.id == named);
            return Err(format!(
                "call {number} names run {named}, which it did not create: {whose:?}"
            ));
        }
        let earlier = story.runs_of(call).find(|run| {
            run.id < named && run.deleted_at.is_none_or(|deleted| deleted > call.ended)
        });
        if let Some((own, earlier)) = own.zip(earlier)
            && !are_named(story, call, &[own, earlier])
        {
            return Err(format!(
                "call {number} names its run {named}, but its run {} is earlier",
                earlier.id
            ));
        }
    }
    Ok(())
}

/// A run that was deleted before any list could show it to its call never was, as far as a program
/// can know: what shows the ID then is the earliest that does.
fn its_run_was_gone_unseen(story: &Story, call: &Call) -> bool {
    let lag = Duration::from_secs_f64(story.plan.scenario.lists_lag);
    let was_seen = |run: &RunFacts| {
        // Lists are as things were so long ago.
        let from = run.visible_at + lag;
        let until = run.deleted_at.unwrap_or(call.ended) + lag;
        story.exchanges_of(call).any(|exchange| {
            exchange.method == "GET"
                && exchange.url.contains("/runs?")
                && matches!(exchange.status, 200 | 304)
                // An answer that was given up half-read shows nothing, and one that is disturbed need not.
                && exchange.whole
                && exchange.fault.is_none()
                && exchange
                    .arrived
                    .is_some_and(|at| (from..until).contains(&at))
        })
    };
    let mut own = story.runs_of(call);
    own.any(|run| run.deleted_at.is_some_and(|at| at < call.ended) && !was_seen(run))
}
