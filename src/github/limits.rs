//! How often the server wants to be asked, by what it said last.
//!
//! Sources: <https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api>
//! and, for `Retry-After` on any answer, RFC 9110, section 10.2.3.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use super::failure::Refusal;
use crate::event::Event;
use crate::host::{Headers, Host};
use crate::time::{Moment, ServerTime};

/// Where a server does not say how long to wait, GitHub asks for a minute, and
/// for more with each further refusal.
const UNKNOWN_WAIT: Duration = Duration::from_mins(1);
const LONGEST_UNKNOWN_WAIT: Duration = Duration::from_mins(32);

/// Many may be told to come back at the same moment.
const SHORTEST_SPREAD: Duration = Duration::from_secs(1);

/// Of what is left of the rate limit, others who share the token need some too:
/// below a tenth, the rest is spread over the time to the reset.
const LOW: u64 = 10;

/// However little is left, a look now and then is worth it.
const LONGEST_SPREAD: Duration = Duration::from_mins(1);

/// What the server has said about its limits.
#[derive(Debug, Default)]
pub(super) struct Limits {
    /// Logs that are to be left alone, and until when.
    logs: RefCell<Vec<(String, Moment)>>,
    quiet: RefCell<Option<Quiet>>,
    /// The next wait where the server does not say how long, once it was one.
    secondary: Cell<Option<Duration>>,
    /// Refusals in a row, each after the wait that the one before had asked for.
    in_a_row: Cell<u32>,
    /// When the call gives up: waits are not spread beyond that.
    gives_up_at: Cell<Moment>,
    budget: Cell<Option<Budget>>,
    told: Cell<bool>,
}

/// The server wants to be left alone.
#[derive(Debug)]
struct Quiet {
    until: Moment,
    reason: String,
    reported: bool,
}

/// What is left of the primary limit.
#[derive(Debug, Clone, Copy)]
struct Budget {
    limit: u64,
    remaining: u64,
    reset: Moment,
}

impl Limits {
    /// Takes note of the head of an answer that has just arrived.
    ///
    /// `chance`, from 0 to 1, spreads those who were told the same.
    ///
    /// A date that says that the wait is over already, though the answer is a refusal, is that of a
    /// clock that disagrees with the one that made the limit: it says nothing.
    pub fn learn(&self, status: u16, headers: &Headers, now: Moment, chance: impl Fn() -> f64) {
        if status < 400 {
            self.secondary.take();
            self.in_a_row.take();
        }
        if let Some(wait) = asked_wait(status, headers) {
            let wait = self.spread_out(wait, now, chance);
            let reason = if status < 400 {
                "the rate limit of the token is used up".to_owned()
            } else {
                format!("the server asks for it ({status})")
            };
            self.be_quiet(now + wait, reason);
        }
        self.budget.set(budget(headers, now).or(self.budget.get()));
    }

    /// Takes note of a refusal about too many requests that does not say how
    /// long to wait.
    pub fn learn_from_refusal(&self, refusal: &Refusal, now: Moment, chance: impl Fn() -> f64) {
        // Of several requests that were under way at once, one refusal counts.
        if !refusal.rate_limited || refusal.wait.is_some() || self.quiet_for(now).is_some() {
            return;
        }
        let wait = self.secondary.get().unwrap_or(UNKNOWN_WAIT);
        self.secondary
            .set(Some((2 * wait).min(LONGEST_UNKNOWN_WAIT)));
        let wait = self.spread_out(wait, now, chance);
        let reason = format!("too many requests ({} {})", refusal.status, refusal.message);
        self.be_quiet(now + wait, reason);
    }

    /// A wait and some more by chance. Whoever is refused again, although it has waited as long as
    /// it was told, is one of too many that came back at the same moment: it adds half the wait at
    /// most, then all of it.
    fn spread_out(&self, wait: Duration, now: Moment, chance: impl Fn() -> f64) -> Duration {
        if self.quiet_for(now).is_some() {
            return wait;
        }
        let in_a_row = self.in_a_row.replace(self.in_a_row.get() + 1);
        let most = match in_a_row {
            0 => wait.min(SHORTEST_SPREAD),
            1 => wait / 2,
            _ => wait,
        };
        // The wait itself is obeyed; what is added must not be what the call fails for.
        let left = (self.gives_up_at.get() - now).saturating_sub(wait);
        let most = if left.is_zero() {
            most
        } else {
            most.min(left / 2)
        };
        wait + most.mul_f64(chance())
    }

    /// Whether there is a primary limit, as far as the server has said.
    pub fn is_known(&self) -> bool {
        self.budget.get().is_some()
    }

    /// Takes note of when the call gives up.
    pub fn set_end(&self, gives_up_at: Moment) {
        self.gives_up_at.set(gives_up_at);
    }

    /// Takes note of what somebody else was told.
    pub fn inherit(&self, wait: Duration, now: Moment) {
        self.be_quiet(now + wait, "the server has asked for it".into());
    }

    fn be_quiet(&self, until: Moment, reason: String) {
        let mut quiet = self.quiet.borrow_mut();
        if quiet.as_ref().is_none_or(|quiet| quiet.until < until) {
            *quiet = Some(Quiet {
                until,
                reason,
                reported: false,
            });
        }
    }

    /// Where logs are kept, one is not to be asked for before this.
    pub fn leave_log(&self, path: &str, until: Moment) {
        self.logs.borrow_mut().push((path.to_owned(), until));
    }

    /// How much longer a log is to be left alone.
    pub fn log_quiet_for(&self, path: &str, now: Moment) -> Duration {
        let logs = self.logs.borrow();
        let own = logs.iter().filter(|(known, _)| known == path);
        own.map(|(_, until)| *until - now).max().unwrap_or_default()
    }

    /// How much longer the server wants to be left alone.
    pub fn quiet_for(&self, now: Moment) -> Option<Duration> {
        let quiet = self.quiet.borrow();
        let left = quiet.as_ref()?.until - now;
        (!left.is_zero()).then_some(left)
    }

    /// Waits until the server may be asked again.
    pub async fn hold<H: Host>(&self, host: &H) {
        while let Some(left) = self.quiet_for(host.now()) {
            self.report(host, left);
            host.sleep(left).await;
        }
    }

    fn report<H: Host>(&self, host: &H, left: Duration) {
        let mut quiet = self.quiet.borrow_mut();
        if let Some(quiet) = quiet.as_mut().filter(|quiet| !quiet.reported) {
            quiet.reported = true;
            host.report(Event::Waiting {
                reason: quiet.reason.clone(),
                seconds: left.as_secs_f64(),
            });
        }
    }

    /// The pause that spares the rate limit, before what will cost about so
    /// many requests again; `None` while there is plenty.
    pub fn spread<H: Host>(&self, host: &H, cost: u32) -> Option<Duration> {
        let Budget {
            limit,
            remaining,
            reset,
        } = self.budget.get()?;
        let left = reset - host.now();
        if left.is_zero() || remaining.saturating_mul(LOW) >= limit {
            return None;
        }
        let looks = u32::try_from(remaining / u64::from(cost.max(1))).unwrap_or(u32::MAX);
        let pause = (left / looks.max(1)).min(LONGEST_SPREAD);
        if !self.told.replace(true) {
            host.report(Event::Waiting {
                reason: format!(
                    "{remaining} of {limit} requests are left for {} s",
                    left.as_secs()
                ),
                seconds: pause.as_secs_f64(),
            });
        }
        Some(pause)
    }
}

/// How long a server asks to be left alone: `Retry-After` in seconds or as a
/// date, and until the reset of an exhausted limit, dates by the server's own
/// clock.
pub(super) fn asked_wait(status: u16, headers: &Headers) -> Option<Duration> {
    let retry_after = headers
        .get("retry-after")
        .filter(|_| status >= 400)
        .and_then(|text| match number(text) {
            Some(seconds) => Some(Duration::from_secs(seconds)),
            None => ahead(ServerTime::from_http_date(text)?, headers),
        });
    let reset = (headers.get("x-ratelimit-remaining") == Some("0"))
        .then(|| reset(headers))
        .flatten();
    retry_after.max(reset)
}

/// Digits and nothing else (Rust's own reading takes a sign as well).
fn number(text: &str) -> Option<u64> {
    let text = text.trim();
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| digits)
}

fn date(headers: &Headers) -> Option<ServerTime> {
    headers.get("date").and_then(ServerTime::from_http_date)
}

/// The time to the reset of the primary limit.
fn reset(headers: &Headers) -> Option<Duration> {
    let reset = number(headers.get("x-ratelimit-reset")?)?;
    ahead(ServerTime::from_unix(reset), headers)
}

/// How far a time is ahead of the answer that names it. One that is not says nothing: the clocks of
/// those who wrote the two disagree.
fn ahead(time: ServerTime, headers: &Headers) -> Option<Duration> {
    let ahead = time.since(date(headers)?);
    (!ahead.is_zero()).then_some(ahead)
}

fn budget(headers: &Headers, now: Moment) -> Option<Budget> {
    Some(Budget {
        limit: number(headers.get("x-ratelimit-limit")?)?,
        remaining: number(headers.get("x-ratelimit-remaining")?)?,
        reset: now + reset(headers)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const DATE: (&str, &str) = ("date", "Tue, 06 Jan 2026 08:09:10 GMT");

    fn headers(fields: &[(&str, &str)]) -> Headers {
        fields
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    fn at(seconds: u64) -> Moment {
        Moment::from_zero(Duration::from_secs(seconds))
    }

    fn quiet(limits: &Limits, now: Moment) -> Option<u64> {
        limits.quiet_for(now).map(|left| left.as_secs())
    }

    #[test]
    fn a_server_says_how_long_to_wait() {
        let wait = |status, fields: &[(&str, &str)]| {
            asked_wait(status, &headers(fields)).map(|wait| wait.as_secs())
        };
        assert_eq!(wait(429, &[("retry-after", "7")]), Some(7));
        assert_eq!(wait(503, &[("retry-after", " 7 ")]), Some(7));
        assert_eq!(wait(200, &[("retry-after", "7")]), None);
        let later = ("retry-after", "Tue, 06 Jan 2026 08:10:00 GMT");
        assert_eq!(wait(429, &[DATE, later]), Some(50));
        assert_eq!(wait(429, &[later]), None, "by whose clock?");
        assert_eq!(wait(429, &[DATE, ("retry-after", "soon")]), None);
        assert_eq!(wait(429, &[("retry-after", "+7")]), None);
        let reset = ("x-ratelimit-reset", "1767686960");
        let exhausted = ("x-ratelimit-remaining", "0");
        assert_eq!(wait(403, &[DATE, reset, exhausted]), Some(10));
        assert_eq!(wait(200, &[DATE, reset, exhausted]), Some(10));
        assert_eq!(
            wait(403, &[DATE, reset, exhausted, ("retry-after", "3")]),
            Some(10)
        );
        assert_eq!(
            wait(403, &[DATE, reset, exhausted, ("retry-after", "30")]),
            Some(30)
        );
        assert_eq!(
            wait(403, &[DATE, reset, ("x-ratelimit-remaining", "1")]),
            None
        );
        assert_eq!(wait(403, &[reset, exhausted]), None);
    }

    #[test]
    fn secondary_limits_wait_a_minute_and_longer_each_time() {
        let limits = Limits::default();
        let refuse = |now| {
            let body = br#"{"message":"You have exceeded a secondary rate limit"}"#;
            let refusal = Refusal::read(403, &Headers::default(), body);
            limits.learn(403, &Headers::default(), now, || 0.0);
            limits.learn_from_refusal(&refusal, now, || 0.0);
        };
        refuse(at(0));
        assert_eq!(quiet(&limits, at(0)), Some(60));
        refuse(at(1));
        assert_eq!(quiet(&limits, at(1)), Some(59), "both were under way");
        refuse(at(60));
        assert_eq!(quiet(&limits, at(60)), Some(120));
        refuse(at(180));
        assert_eq!(quiet(&limits, at(180)), Some(240));
        limits.learn(200, &Headers::default(), at(500), || 0.0);
        refuse(at(501));
        assert_eq!(quiet(&limits, at(501)), Some(60), "from the beginning");
    }

    #[test]
    fn the_longest_wait_asked_for_counts() {
        let limits = Limits::default();
        limits.learn(429, &headers(&[("retry-after", "30")]), at(0), || 0.0);
        limits.learn(429, &headers(&[("retry-after", "7")]), at(1), || 0.0);
        assert_eq!(quiet(&limits, at(1)), Some(29));
        assert_eq!(quiet(&limits, at(30)), None);
    }

    #[test]
    fn whoever_is_refused_again_comes_back_later_than_told() {
        let limits = Limits::default();
        let refuse = |now| {
            limits.learn(429, &headers(&[("retry-after", "60")]), at(now), || 0.5);
            limits.quiet_for(at(now)).unwrap().as_millis()
        };
        assert_eq!(refuse(0), 60_500);
        assert_eq!(refuse(1), 60_000, "both were under way");
        assert_eq!(refuse(100), 75_000);
        assert_eq!(refuse(200), 90_000);
        assert_eq!(refuse(300), 90_000);
        limits.learn(204, &Headers::default(), at(400), || 0.5);
        assert_eq!(refuse(500), 60_500, "from the beginning");
    }
}
