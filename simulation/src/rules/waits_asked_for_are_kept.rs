//! A program that the API asks to leave it alone sends nothing to it until the wait is over. What
//! was already under way does not count, and the store that hands out logs speaks for itself only.

use std::time::Duration;

use crate::story::Story;

pub(super) fn check(story: &Story) -> Result<(), String> {
    for call in &story.calls {
        // When each wait was asked for, and when it ends.
        let mut asked: Vec<(Duration, Duration)> = Vec::new();
        let to_the_api = || {
            let sent = story.exchanges_of(call);
            sent.filter(|exchange| story.is_api(&exchange.url))
        };
        for exchange in to_the_api() {
            if let (Some(at), Some(wait)) = (exchange.answered, exchange.asked_wait) {
                asked.push((at, at + wait));
            }
        }
        for exchange in to_the_api() {
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
