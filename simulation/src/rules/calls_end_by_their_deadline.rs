//! A call ends no later than `workflow_timeout_seconds` after it began.

use std::time::Duration;

use crate::story::Story;

/// For what takes no time in the simulation, but has an order.
const TOLERANCE: Duration = Duration::from_millis(1);

pub(super) fn check(story: &Story) -> Result<(), String> {
    for call in &story.calls {
        if call.ended > call.deadline() + TOLERANCE {
            return Err(format!(
                "call {} began at {:?} and may take {} s, but ended at {:?}",
                call.number(),
                call.began,
                call.program.timeout,
                call.ended
            ));
        }
    }
    Ok(())
}
