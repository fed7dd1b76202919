//! A wait ends when its limit has passed, or soon after its call is cancelled: a runner kills what is
//! still there after ten seconds. What a run that has ended left behind is brought home in a time of its
//! own.

use std::time::Duration;

use return_dispatch::Code;

use crate::story::Story;

/// For what takes no time in the simulation, but has an order.
const TOLERANCE: Duration = Duration::from_millis(1);
/// After a signal.
const RUNNER_KILLS_AFTER: Duration = Duration::from_secs(10);
/// For the last look when the time is up.
const LAST_LOOK: Duration = Duration::from_secs(5);
/// To cancel a run after a time-out.
const CANCELLING: Duration = Duration::from_mins(2);
/// For the jobs of a run that has ended, and again for its values, whatever their number.
const BRINGING_HOME: Duration = Duration::from_mins(1);
/// For all logs that are printed.
const PRINTING: Duration = Duration::from_mins(5);

pub(super) fn check(story: &Story) -> Result<(), String> {
    for call in &story.calls {
        let (Some(waits), Some(waited)) = (&call.program.waits, &call.waited) else {
            continue;
        };
        let limit = waits
            .timeout
            .map(|seconds| call.ended + Duration::from_secs(seconds));
        let code = waited.result.as_ref().err().map(|error| error.code);
        // It had ended, and how was not said yet, or it was started again before its jobs could be read.
        let named = call
            .result
            .as_ref()
            .ok()
            .map(|identified| identified.run_id);
        let mut runs = story.runs.iter();
        let is_again = runs.any(|run| Some(run.id) == named && run.attempts.len() > 1);
        let ends_late = story.plan.scenario.conclusions_lag > 0.0;
        let settling = if is_again || ends_late {
            2 * BRINGING_HOME
        } else {
            Duration::ZERO
        };
        let latest = match (code, limit, call.cancelled()) {
            (Some(Code::Cancelled), _, Some(cancelled)) => Some(cancelled + RUNNER_KILLS_AFTER),
            (Some(Code::TimedOut), Some(limit), _) if waits.cancel_on_timeout => {
                Some(limit + LAST_LOOK + settling + CANCELLING)
            }
            (Some(Code::TimedOut), limit, _) => limit.map(|limit| limit + LAST_LOOK + settling),
            // Of a Gitea, the run is read once more at the end.
            (_, limit, _) => limit.map(|limit| limit + settling + 3 * BRINGING_HOME + PRINTING),
        };
        if let Some(latest) = latest
            && waited.ended > latest + TOLERANCE
        {
            return Err(format!(
                "call {} waited from {:?} and had to end by {latest:?}, but did at {:?} with {:?}",
                call.number(),
                call.ended,
                waited.ended,
                waited.result
            ));
        }
    }
    Ok(())
}
