//! Answers that say no: what they say is kept on one line, and a server that
//! asks to be left alone is left alone as long as it asks for, no longer.
//!
//! Input: an answer as HTTP writes it.

use std::time::Duration;

use return_dispatch::github::{Failure, Refusal, Server};
use return_dispatch::host::Headers;

use super::times::http_date;
use crate::bytes::answer;
use crate::script::settings;

/// What GitHub asks for where it does not say how long.
const UNKNOWN: Duration = Duration::from_mins(1);

pub(super) fn check(input: &[u8]) {
    let answer = answer(input);
    let headers: Headers = answer.headers.iter().cloned().collect();
    let refusal = Refusal::read(answer.status, &headers, &answer.body);

    assert_eq!(refusal.status, answer.status);
    assert!(!refusal.message.contains(['\n', '\r']), "{refusal:?}");
    assert!(answer.status != 429 || refusal.rate_limited, "{refusal:?}");
    if let Some(asked) = asked(&headers).filter(|_| refusal.rate_limited) {
        let wait = refusal.wait.expect("a rate limit asks to wait");
        assert!(
            wait >= asked.min(Duration::from_hours(1)),
            "{wait:?} of {asked:?}"
        );
        assert!(wait <= asked.max(UNKNOWN), "{wait:?} of {asked:?}");
    }

    let server = Server::default();
    server.learn(&headers);
    server.learn_from_refusal(refusal.status, &refusal.message);

    let failure = Failure::Refused(refusal);
    assert!(!(answer.status >= 500 && failure.proves_nothing_happened()));
    let shown = failure.to_string();
    let error = failure.into_error("dispatch", &settings().repository);
    assert!(error.message.contains(&shown), "{error:?}");
    assert!(error.hint.is_some_and(|hint| !hint.is_empty()));
}

/// How long these fields ask to wait; `None` where they do not say clearly.
fn asked(headers: &Headers) -> Option<Duration> {
    let number = |text: &str| text.parse().ok().filter(|_| !text.starts_with('+'));
    let now = || http_date(headers.get("date")?);
    let until = |seconds: i64| {
        let left = seconds.checked_sub(now()?.as_second())?;
        Some(Duration::from_secs(u64::try_from(left).unwrap_or(0)))
    };
    match headers.get("retry-after") {
        Some(text) => number(text)
            .map(Duration::from_secs)
            .or_else(|| until(http_date(text)?.as_second())),
        None if headers.get("x-ratelimit-remaining") == Some("0") => {
            let reset: u64 = number(headers.get("x-ratelimit-reset")?)?;
            until(i64::try_from(reset).ok()?)
        }
        None => None,
    }
}
