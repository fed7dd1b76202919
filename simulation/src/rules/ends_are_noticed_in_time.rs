//! Where nothing goes wrong, the end of a run is noticed within a fortieth of its length, two seconds
//! at least and ten at most, and reported once its jobs and its values have been read.

use std::time::Duration;

use simulator::Archive;

use super::a_conclusion_is_never_wrong::attempt;
use crate::plan::Shown;
use crate::story::{Call, Story};

const PART: u32 = 40;
const LEAST: Duration = Duration::from_secs(2);
const MOST: Duration = Duration::from_secs(10);

pub(super) fn check(story: &Story) -> Result<(), String> {
    for call in &story.calls {
        let (Some(waits), Some((at, ended))) = (&call.program.waits, call.end()) else {
            continue;
        };
        let Some(number) = ended.attempt else {
            continue;
        };
        let Some(attempt) = attempt(story, call, number) else {
            continue;
        };
        let (Some(end), true) = (attempt.ended_at, goes_well(story, call)) else {
            continue;
        };
        let length = end.saturating_sub(attempt.started_at);
        let pause = waits
            .interval
            .map_or_else(|| (length / PART).clamp(LEAST, MOST), Duration::from_secs);
        let named = call
            .result
            .as_ref()
            .ok()
            .map(|identified| identified.run_id);
        let run = story.runs.iter().find(|run| Some(run.id) == named);
        if run.is_some_and(|run| run.deleted_at.is_some()) {
            continue;
        }
        // Gitea forgets the logs of an attempt when the next one begins.
        let next = self::attempt(story, call, number + 1);
        if story.plan.is_on_gitea() && next.is_some() {
            continue;
        }
        let visible = run.map_or(Duration::ZERO, |run| run.visible_at);
        // The pause is reckoned in whole seconds.
        let latest = end.max(call.ended).max(visible)
            + pause
            + Duration::from_secs(1)
            + Duration::from_secs_f64(story.plan.scenario.conclusions_lag)
            + reading(story, call);
        if at > latest {
            return Err(format!(
                "the run of call {} ended at {end:?} after {length:?}; it had to be told by {latest:?}, but was at {at:?}",
                call.number()
            ));
        }
    }
    Ok(())
}

/// The run, its jobs, what it waits for; each log with its redirect, one after another.
fn reading(story: &Story, call: &Call) -> Duration {
    let jobs = u32::try_from(story.plan.receiver.jobs).unwrap_or(0) + 5;
    let there_and_back = 2 * call.program.view.latency.1 + Duration::from_millis(20);
    // A log that is not there is asked for again for a while, and then an archive that cannot be
    // read: 10 s and 5 s, each with one more pause of up to twice 5 s.
    let is_readable = matches!(
        story.plan.receiver.archive,
        Archive::Normal | Archive::MissingEntry
    );
    let trying = match story.plan.receiver.shown {
        Shown::InArchiveOnly if is_readable => Duration::from_secs(20),
        Shown::InArchiveOnly => Duration::from_secs(35),
        _ => Duration::ZERO,
    };
    there_and_back * (8 + 2 * jobs) + trying
}

fn goes_well(story: &Story, call: &Call) -> bool {
    let mut all = story.exchanges_of(call);
    !story.plan.has_small_limit()
        && all.all(|exchange| {
            let is_denied = matches!(exchange.status, 401 | 403);
            exchange.fault.is_none() && exchange.asked_wait.is_none() && !is_denied
        })
}
