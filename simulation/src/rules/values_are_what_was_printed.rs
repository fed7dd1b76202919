//! What a run returns is what the attempt that ended has printed. A value is missing only where its job
//! did not come to print it, or where the call says so.

use return_dispatch::Event;

use crate::exchange::Exchange;
use crate::plan::VALUE;
use crate::story::{Call, Story};

pub(super) fn check(story: &Story) -> Result<(), String> {
    for call in &story.calls {
        let Some((_, ended)) = call.end() else {
            continue;
        };
        let attempt = ended.attempt.unwrap_or_default();
        let printed = format!(r#"{{"{VALUE}":"{attempt}"}}"#);
        let is_right = match ended.outputs.as_str() {
            "{}" => {
                !is_printed(story, call)
                    || ended.conclusion != "success"
                    || says_that_some_are_missing(call)
            }
            outputs => {
                is_printed(story, call)
                    && (outputs == printed || attempt > 1 && a_log_is_an_earlier_ones(story, call))
            }
        };
        if !is_right {
            return Err(format!(
                "call {}, whose run ended with {} at attempt {}, got {}",
                call.number(),
                ended.conclusion,
                attempt,
                ended.outputs
            ));
        }
    }
    Ok(())
}

/// Whether some cache has answered with a log as it was before: where jobs keep their IDs, the logs of two
/// attempts have one address, and nothing says which of them it is. (How the log of an earlier attempt began
/// does not either: between reading the jobs and reading a log, the next attempt may have begun.)
fn a_log_is_an_earlier_ones(story: &Story, call: &Call) -> bool {
    let is_stale = |exchange: &Exchange| !story.age_of(exchange).is_zero();
    story.plan.scenario.server.profile().jobs_keep_ids
        && story
            .exchanges_of(call)
            .any(|it| it.url.ends_with("/logs") && matches!(it.status, 200 | 206) && is_stale(it))
}

fn is_printed(story: &Story, call: &Call) -> bool {
    let receiver = &story.plan.receiver;
    receiver.life.returns && receiver.declares && call.program.sends_id
}

fn says_that_some_are_missing(call: &Call) -> bool {
    let waited = call.waited.as_ref().map(|waited| &waited.result);
    let is_cut_short = waited.is_some_and(|result| {
        let error = result.as_ref().err().map(ToString::to_string);
        error.is_some_and(|error| error.contains("not all of it has been brought home"))
    });
    let mut events = call.events.iter();
    is_cut_short
        || events.any(|(_, event)| {
            matches!(
                event,
                Event::ValuesMissing { .. } | Event::JobsMissing { .. }
            )
        })
}
