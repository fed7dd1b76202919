//! Moments of the local monotonic clock, and the server's clock as its `Date`
//! header and its objects tell it. The two are never compared with each other.

use std::fmt;
use std::ops::{Add, Sub};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

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

/// A duration shown in seconds, with milliseconds where there are any. (`f64`
/// does the same at the price of 20 kB of WebAssembly.)
#[derive(Debug, Clone, Copy)]
pub struct Seconds(pub Duration);

impl fmt::Display for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.0.as_secs(), self.0.subsec_millis()) {
            (seconds, 0) => write!(f, "{seconds}"),
            (seconds, milliseconds) => {
                let digits = format!("{milliseconds:03}");
                write!(f, "{seconds}.{}", digits.trim_end_matches('0'))
            }
        }
    }
}

/// A time by the server's clock, in whole seconds: neither `Date` nor the times
/// of runs and jobs are finer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ServerTime {
    /// Seconds since 1970.
    seconds: u64,
}

/// The last second of the year 9999: later ones cannot be written.
const LAST_WRITTEN: u64 = 253_402_300_799;

/// Shown as GitHub's search syntax takes it: `2026-01-06T08:09:10Z`.
impl fmt::Display for ServerTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let time = UNIX_EPOCH + Duration::from_secs(self.seconds.min(LAST_WRITTEN));
        humantime::format_rfc3339_seconds(time).fmt(f)
    }
}

impl ServerTime {
    /// Reads an HTTP `Date` header (RFC 9110, all its forms).
    #[must_use]
    pub fn from_http_date(text: &str) -> Option<Self> {
        httpdate::parse_http_date(text).ok().and_then(Self::new)
    }

    /// Reads the time of an object, such as `2026-01-06T08:09:10Z`.
    #[must_use]
    pub fn from_rfc3339(text: &str) -> Option<Self> {
        let (local, offset) = match text.len().checked_sub("+00:00".len()) {
            Some(end) if text.is_char_boundary(end) && !text.ends_with('Z') => {
                let (local, offset) = text.split_at(end);
                (&*format!("{local}Z"), seconds_of_offset(offset)?)
            }
            _ => (text, 0),
        };
        let local = humantime::parse_rfc3339(local).ok().and_then(Self::new)?;
        let seconds = local.seconds.checked_add_signed(-offset)?;
        Some(Self { seconds })
    }

    /// The time this many seconds after the beginning of 1970.
    #[must_use]
    pub fn from_unix(seconds: u64) -> Self {
        Self { seconds }
    }

    /// Seconds since the beginning of 1970.
    #[must_use]
    pub fn as_unix(self) -> u64 {
        self.seconds
    }

    /// The time since `earlier`; zero if that lies ahead.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_secs(self.seconds.saturating_sub(earlier.seconds))
    }

    fn new(time: SystemTime) -> Option<Self> {
        let seconds = time.duration_since(UNIX_EPOCH).ok()?.as_secs();
        Some(Self { seconds })
    }

    /// This much earlier, rounded down to whole seconds.
    #[must_use]
    pub fn earlier_by(self, duration: Duration) -> Self {
        let seconds = duration
            .as_secs()
            .saturating_add(u64::from(duration.subsec_nanos() > 0));
        Self {
            seconds: self.seconds.saturating_sub(seconds),
        }
    }

    /// This much later, in whole seconds.
    #[must_use]
    pub fn later_by(self, duration: Duration) -> Self {
        Self {
            seconds: self.seconds.saturating_add(duration.as_secs()),
        }
    }
}

/// Front ends of one server may disagree by this much about the time.
const FRONT_ENDS_DISAGREE_BY: Duration = Duration::from_secs(2);

/// `Date` and the times of objects count whole seconds, rounded down.
const ROUNDED: Duration = Duration::from_secs(1);

/// The server's clock as one answer told it, between two moments of ours.
#[derive(Debug, Clone, Copy)]
pub struct Reading {
    /// The answer's `Date`.
    pub date: ServerTime,
    /// When the request for it left.
    pub sent: Moment,
    /// When the answer arrived.
    pub answered: Moment,
}

impl Reading {
    /// The earliest time, by the server's own clock, at which a request sent at
    /// `sent` (this one or an earlier one) can have been acted upon.
    ///
    /// The answer was dated after that request left, so it left at most
    /// `answered - sent` before that date. Rounding only makes the bound earlier.
    #[must_use]
    pub fn earliest(&self, sent: Moment) -> ServerTime {
        self.date
            .earlier_by((self.answered - sent).saturating_add(FRONT_ENDS_DISAGREE_BY))
    }

    /// The latest time that the server's own clock can show at this moment.
    ///
    /// The answer was dated after its request left, so at most that much and the
    /// rounding have passed since the date.
    #[must_use]
    pub fn latest(&self, moment: Moment) -> ServerTime {
        let passed = (moment - self.sent).saturating_add(ROUNDED + FRONT_ENDS_DISAGREE_BY);
        let date = self.date.earlier_by(self.sent - moment);
        // Rounded up, as `later_by` counts whole seconds.
        date.later_by(passed.saturating_add(ROUNDED))
    }
}

/// `+01:00` → 3600.
fn seconds_of_offset(text: &str) -> Option<i64> {
    let (sign, hours, minutes) = match text.as_bytes() {
        [b'+', h @ .., b':', _, _] => (1, h, &text[4..]),
        [b'-', h @ .., b':', _, _] => (-1, h, &text[4..]),
        _ => return None,
    };
    let hours = std::str::from_utf8(hours).ok()?;
    let number = |text: &str| {
        let is_number = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| text.parse::<i64>().ok()).flatten()
    };
    Some(sign * 60 * (60 * number(hours)? + number(minutes)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DATE: &str = "Tue, 06 Jan 2026 08:09:10 GMT";

    #[test]
    fn times_are_read_and_written() {
        let time = ServerTime::from_http_date(DATE).unwrap();
        assert_eq!(time.to_string(), "2026-01-06T08:09:10Z");
        assert_eq!(ServerTime::from_rfc3339("2026-01-06T08:09:10Z"), Some(time));
        for text in [
            "yesterday",
            "",
            "2026-13-01T00:00:00Z",
            "1969-01-01T00:00:00Z",
        ] {
            assert_eq!(ServerTime::from_http_date(text), None);
            assert_eq!(ServerTime::from_rfc3339(text), None);
        }
    }

    #[test]
    fn a_time_may_be_that_of_the_servers_zone() {
        let unix = |text| ServerTime::from_rfc3339(text).map(ServerTime::as_unix);
        let expected = unix("2026-01-06T08:09:10Z");
        assert!(expected.is_some());
        for text in [
            "2026-01-06T09:09:10+01:00",
            "2026-01-06T03:39:10.5-04:30",
            "2026-01-06T08:09:10+00:00",
        ] {
            assert_eq!(unix(text), expected, "{text}");
        }
        assert_eq!(unix("1970-01-01T01:00:00+01:00"), Some(0));
        for text in [
            "2026-01-06T09:09:10",
            "2026-01-06T09:09:10+1:00",
            "2026-01-06T09:09:10+01-00",
            "2026-01-06T09:09:10ä1:00",
            "2026-01-06T09:09:10++1:00",
            "1970-01-01T00:00:00+01:00",
            "+01:00",
        ] {
            assert_eq!(unix(text), None, "{text}");
        }
    }

    #[test]
    fn a_time_beyond_all_calendars_is_shown_as_the_last_one() {
        for seconds in [LAST_WRITTEN, LAST_WRITTEN + 1, u64::MAX] {
            let shown = ServerTime::from_unix(seconds).to_string();
            assert_eq!(shown, "9999-12-31T23:59:59Z");
        }
    }

    #[test]
    fn seconds_are_shown_as_people_write_them() {
        let shown = |milliseconds| Seconds(Duration::from_millis(milliseconds)).to_string();
        assert_eq!(shown(300_000), "300");
        assert_eq!(shown(1_500), "1.5");
        assert_eq!(shown(5), "0.005");
    }

    #[test]
    fn the_bound_goes_back_by_the_time_the_request_took() {
        let date = ServerTime::from_http_date(DATE).unwrap();
        let sent = Moment::from_zero(Duration::from_secs(100));
        let bound = |took| {
            let answered = sent + Duration::from_millis(took);
            let reading = Reading {
                date,
                sent,
                answered,
            };
            reading.earliest(sent).to_string()
        };
        assert_eq!(bound(30_000), "2026-01-06T08:08:38Z");
        assert_eq!(bound(30_001), "2026-01-06T08:08:37Z");
    }

    #[test]
    fn an_absurd_time_taken_does_not_overflow() {
        let date = ServerTime::from_http_date(DATE).unwrap();
        let never = Moment::from_zero(Duration::MAX);
        let reading = Reading {
            date,
            sent: never,
            answered: never,
        };
        let bound = reading.earliest(Moment::default());
        assert_eq!(bound.to_string(), "1970-01-01T00:00:00Z");
    }

    #[test]
    fn the_latest_time_goes_on_from_when_the_request_left() {
        let sent = Moment::from_zero(Duration::from_secs(100));
        let reading = Reading {
            date: ServerTime::from_http_date(DATE).unwrap(),
            sent,
            answered: sent + Duration::from_secs(30),
        };
        let at = |seconds| {
            let moment = Moment::from_zero(Duration::from_secs(seconds));
            reading.latest(moment).to_string()
        };
        // At most 1 s of rounding, 2 s between front ends, 1 s for whole seconds.
        assert_eq!(at(100), "2026-01-06T08:09:14Z");
        assert_eq!(at(110), "2026-01-06T08:09:24Z");
        assert_eq!(at(90), "2026-01-06T08:09:04Z");
    }
}
