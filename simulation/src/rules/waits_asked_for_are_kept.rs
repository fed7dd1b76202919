//! A program that is asked to leave the server alone sends nothing to the API until the wait is
//! over. What was already under way does not count.

use std::time::Duration;

use crate::story::Story;

pub(super) fn check(story: &Story) -> Result<(), String> {
    for call in &story.calls {
        // When the latest wait was asked for, and when it ends.
        let mut asked: Vec<(Duration, Duration)> = Vec::new();
        for exchange in story.exchanges_of(call) {
            if let (Some(at), Some(wait)) = (exchange.answered, exchange.asked_wait) {
                asked.push((at, at + wait));
            }
        }
        for exchange in story.exchanges_of(call) {
            if !story.is_api(&exchange.url) {
                continue;
            }
            let during = asked
                .iter()
                .find(|(at, end)| exchange.sent > *at && exchange.sent < *end);
            if let Some((at, end)) = during {
                return Err(format!(
                    "call {} was asked at {at:?} to wait until {end:?}, but sent {} {} at {:?}",
                    call.number(),
                    exchange.method,
                    exchange.url,
                    exchange.sent
                ));
            }
        }
    }
    Ok(())
}
