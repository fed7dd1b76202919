//! Moments of the local monotonic clock, and the server's clock as its `Date`
//! header tells it. The two are never compared with each other.

use std::ops::{Add, Sub};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

/// A moment of the host's monotonic clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Moment(Duration);

impl Moment {
    /// The moment this long after the clock's arbitrary zero.
    #[must_use]
    pub fn from_zero(since: Duration) -> Self {
        Self(since)
    }
}

impl Add<Duration> for Moment {
    type Output = Self;
    fn add(self, later: Duration) -> Self {
        Self(self.0.saturating_add(later))
    }
}

impl Sub for Moment {
    type Output = Duration;
    /// The time since `earlier`; zero if that lies ahead.
    fn sub(self, earlier: Self) -> Duration {
        self.0.saturating_sub(earlier.0)
    }
}

/// Front ends of one server may disagree by this much about the time.
const FRONT_ENDS_DISAGREE_BY: SignedDuration = SignedDuration::from_secs(2);

/// The earliest time, by the server's own clock, at which a request sent at
/// `sent` can have been acted upon, given that its answer arrived at `answered`
/// with this `Date`.
///
/// The answer was dated after the request left, so the request left at most
/// `answered - sent` before that date. `Date` counts whole seconds, rounded
/// down, which only makes the bound earlier.
#[must_use]
pub fn earliest_effect(date: Timestamp, sent: Moment, answered: Moment) -> Timestamp {
    let elapsed = SignedDuration::try_from(answered - sent).unwrap_or(SignedDuration::MAX);
    date.checked_sub(elapsed)
        .and_then(|bound| bound.checked_sub(FRONT_ENDS_DISAGREE_BY))
        .unwrap_or(Timestamp::MIN)
}

/// Reads an HTTP `Date` header (RFC 9110, IMF-fixdate).
#[must_use]
pub fn parse_http_date(text: &str) -> Option<Timestamp> {
    jiff::fmt::rfc2822::DateTimeParser::new()
        .relaxed_weekday(true)
        .parse_timestamp(text)
        .ok()
}

/// Writes a time as GitHub's search syntax takes it: UTC, whole seconds.
#[must_use]
pub fn search_syntax(time: Timestamp) -> String {
    let whole = Timestamp::from_second(time.as_second()).unwrap_or(time);
    whole.to_string()
}

/// Reads the times of run and job objects, missing and malformed ones as `None`.
///
/// # Errors
/// Only those of the deserializer itself.
pub fn lenient<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Timestamp>, D::Error> {
    let text: Option<String> = serde::Deserialize::deserialize(deserializer)?;
    Ok(text.and_then(|text| text.parse().ok()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_http_date_is_read() {
        let time = parse_http_date("Tue, 06 Jan 2026 08:09:10 GMT").unwrap();
        assert_eq!(search_syntax(time), "2026-01-06T08:09:10Z");
        assert_eq!(parse_http_date("yesterday"), None);
        assert_eq!(parse_http_date(""), None);
    }

    #[test]
    fn the_bound_goes_back_by_the_time_the_request_took() {
        let date = parse_http_date("Tue, 06 Jan 2026 08:09:10 GMT").unwrap();
        let sent = Moment::from_zero(Duration::from_secs(100));
        let bound = earliest_effect(date, sent, sent + Duration::from_secs(30));
        assert_eq!(search_syntax(bound), "2026-01-06T08:08:38Z");
    }

    #[test]
    fn an_absurd_time_taken_does_not_overflow() {
        let date = parse_http_date("Tue, 06 Jan 2026 08:09:10 GMT").unwrap();
        let never = Moment::from_zero(Duration::MAX);
        assert_eq!(
            earliest_effect(date, Moment::default(), never),
            Timestamp::MIN
        );
    }
}
