//! What a run returns is what the attempt that ended has printed. A value is missing only where its job
//! did not come to print it, or where the call says so.

use return_dispatch::Event;

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
            outputs => outputs == printed && is_printed(story, call),
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
