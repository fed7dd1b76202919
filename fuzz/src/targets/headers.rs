//! Answers that say no: what they say is kept on one line, and a server that
//! asks to be left alone is left alone as long as it asks for, no longer.
//!
//! Input: an answer as HTTP writes it.

use std::time::Duration;

use return_dispatch::github::{Failure, Refusal, Server};
use return_dispatch::host::Headers;
use return_dispatch::settings::Software;

use super::times::http_date;
use crate::bytes::answer;
use crate::script::settings;

pub(super) fn check(input: &[u8]) {
    let answer = answer(input);
    let headers: Headers = answer.headers.iter().cloned().collect();
    let refusal = Refusal::read(answer.status, &headers, &answer.body);

    assert_eq!(refusal.status, answer.status);
    assert!(!refusal.message.contains(['\n', '\r']), "{refusal:?}");
    assert!(answer.status != 429 || refusal.rate_limited, "{refusal:?}");
    if answer.status >= 400
        && let Some(asked) = asked(&headers)
    {
        assert_eq!(refusal.wait, Some(asked), "{headers:?}");
    }

    for software in [Software::GitHub, Software::Gitea] {
        let server = Server::new(software);
        server.learn(&headers);
        server.learn_release(&refusal.message);
        server.learn_from_refusal(refusal.status, &refusal.message);

        let failure = Failure::from(refusal.clone());
        assert!(!(answer.status >= 500 && failure.proves_nothing_happened()));
        let shown = failure.to_string();
        let error = failure.into_error("dispatch", &settings().repository, server.family());
        assert!(error.message.contains(&shown), "{error:?}");
        assert!(error.hint.as_ref().is_some_and(|hint| !hint.is_empty()));
    }
}

/// How long these fields ask to wait, the longer of both; `None` where they do
/// not say clearly.
fn asked(headers: &Headers) -> Option<Duration> {
    let number = |text: &str| {
        text.trim()
            .parse()
            .ok()
            .filter(|_| !text.trim().starts_with('+'))
    };
    let now = || http_date(headers.get("date")?);
    let until = |seconds: i64| {
        let left = seconds.checked_sub(now()?.as_second())?;
        // A time that is over already says nothing: the clocks that wrote the two disagree.
        let left = u64::try_from(left).ok().filter(|left| *left > 0)?;
        Some(Duration::from_secs(left))
    };
    let after = headers.get("retry-after").and_then(|text| {
        number(text)
            .map(Duration::from_secs)
            .or_else(|| until(http_date(text)?.as_second()))
    });
    let exhausted = headers.get("x-ratelimit-remaining") == Some("0");
    let reset = headers
        .get("x-ratelimit-reset")
        .filter(|_| exhausted)
        .and_then(|text| until(i64::try_from(number(text)?).ok()?));
    after.max(reset)
}
