//! Requests and their answers, as they were on the way between a program and the server.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use simulator::Response;

/// A request, and how far its answer came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    /// Who sent it.
    pub program: u32,
    /// When it was sent.
    pub sent: Duration,
    /// Its method.
    pub method: &'static str,
    /// Where it was sent.
    pub url: String,
    /// Whether it carried the token.
    pub had_token: bool,
    /// When the server got it; none if it was given up before.
    pub arrived: Option<Duration>,
    /// Which of the scenario's faults struck it.
    pub fault: Option<usize>,
    /// Its place among the server's requests.
    pub number: Option<usize>,
    /// The run that it created, whatever was answered.
    pub created: Option<u64>,
    /// When the head of the answer, or the news that there is none, reached the program.
    pub answered: Option<Duration>,
    /// The status; 0 without an answer.
    pub status: u16,
    /// Whether the connection was refused.
    pub refused: bool,
    /// For how long the answer asks to be left alone.
    pub asked_wait: Option<Duration>,
    /// Whether the body was read to its end.
    pub whole: bool,
}

impl Exchange {
    /// Whether it is a dispatch.
    #[must_use]
    pub fn is_dispatch(&self) -> bool {
        let path = self.url.split('?').next().unwrap_or_default();
        self.method == "POST" && path.ends_with("/dispatches")
    }

    /// Whether the answer refuses for too many requests.
    #[must_use]
    pub fn is_limited(&self) -> bool {
        matches!(self.status, 403 | 429)
    }

    /// Whether the answer says whether the server acted: a whole success, a refusal for a reason,
    /// or no connection at all. 408 is no reason, and 5xx proves nothing.
    #[must_use]
    pub fn is_clear(&self) -> bool {
        self.refused
            || self.whole && (200..300).contains(&self.status)
            || (400..500).contains(&self.status) && self.status != 408
    }
}

/// For how long an answer asks to be left alone: by `Retry-After`, or by an exhausted limit and its
/// reset. Written anew here, so that the core's own reading is checked rather than repeated.
#[must_use]
pub fn asked_wait(answer: &Response) -> Option<Duration> {
    let since_1970 = |time: SystemTime| time.duration_since(UNIX_EPOCH).ok();
    let date = || since_1970(httpdate::parse_http_date(answer.header("date")?).ok()?);
    let retry_after = answer.header("retry-after");
    if let Some(text) = retry_after.filter(|_| answer.status >= 400) {
        if let Ok(seconds) = text.parse() {
            return Some(Duration::from_secs(seconds));
        }
        let until = since_1970(httpdate::parse_http_date(text).ok()?)?;
        return ahead(until.saturating_sub(date()?));
    }
    if answer.header("x-ratelimit-remaining") != Some("0") {
        return None;
    }
    let reset = answer.header("x-ratelimit-reset")?.parse().ok()?;
    ahead(Duration::from_secs(reset).saturating_sub(date()?))
}

/// A time that is over already, by a clock that disagrees, says nothing.
fn ahead(wait: Duration) -> Option<Duration> {
    (!wait.is_zero()).then_some(wait)
}
