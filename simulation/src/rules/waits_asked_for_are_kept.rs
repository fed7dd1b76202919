//! A program that the API asks to leave it alone sends nothing to it until the wait is over. What
//! was already under way does not count. Where the store of logs asks for it, that log is left
//! alone.

use std::time::Duration;

use crate::story::Story;

pub(super) fn check(story: &Story) -> Result<(), String> {
    for call in &story.calls {
        // What must not be asked for, from when on, and until when.
        let mut asked: Vec<(&str, Duration, Duration)> = Vec::new();
        for exchange in story.exchanges_of(call) {
            if let (Some(at), Some(wait)) = (exchange.answered, exchange.asked_wait) {
                asked.push((subject(story, &exchange.url), at, at + wait));
            }
        }
        let waited = call.waited.as_ref().map(|waited| waited.ended);
        let handed_over = waited.unwrap_or(call.ended);
        for exchange in story.exchanges_of(call) {
            let own = subject(story, &exchange.url);
            let during = asked.iter().find(|(subject, at, end)| {
                // A `post` step is another process; it is told of the API alone.
                let is_told = own == API || exchange.sent < handed_over || *at >= handed_over;
                *subject == own && is_told && exchange.sent > *at && exchange.sent < *end
            });
            if let Some((_, at, end)) = during {
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

const API: &str = "the API";

/// The whole API, or one log.
fn subject<'u>(story: &Story, url: &'u str) -> &'u str {
    if story.is_api(url) {
        return API;
    }
    url.split_once('?').map_or(url, |(path, _)| path)
}
