//! Moments in simulated time and how GitHub writes them.

use std::time::Duration;

use jiff::{Timestamp, civil, tz::TimeZone};

/// A moment, in nanoseconds since the start of the simulation; negative ones lie before it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment(i64);

impl Moment {
    pub(crate) const START: Self = Self(0);
    /// Beyond all that is ever simulated.
    pub(crate) const NEVER: Self = Self(i64::MAX);

    pub(crate) fn at(since_start: Duration) -> Self {
        Self(i64::try_from(since_start.as_nanos()).unwrap_or(i64::MAX))
    }

    /// The moment this many seconds later (earlier, if negative).
    #[allow(clippy::cast_possible_truncation)] // saturates, which is what is wanted
    pub(crate) fn plus(self, seconds: f64) -> Self {
        Self(self.0.saturating_add((seconds * 1e9).round() as i64))
    }

    /// The n-th log line after this moment: the runner stamps lines in steps of 100 ns.
    pub(crate) fn tick(self, ticks: usize) -> Self {
        Self(
            self.0
                .saturating_add(i64::try_from(ticks).unwrap_or(i64::MAX).saturating_mul(100)),
        )
    }

    /// The last moment until this one that lies whole seconds after an earlier one.
    pub(crate) fn whole_seconds_since(self, earlier: Self) -> Self {
        let since = self.0.saturating_sub(earlier.0);
        Self(self.0.saturating_sub(since.rem_euclid(1_000_000_000)))
    }

    /// The first one after this that does.
    pub(crate) fn next_second_since(self, earlier: Self) -> Self {
        self.whole_seconds_since(earlier).plus(1.0)
    }

    /// The moment, unless it never comes.
    pub(crate) fn if_ever(self) -> Option<Self> {
        (self < Self::NEVER).then_some(self)
    }

    /// Since the start; zero for what lies before it.
    pub(crate) fn since_start(self) -> Duration {
        Duration::from_nanos(u64::try_from(self.0).unwrap_or(0))
    }
}

/// The server's wall clock.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Clock {
    /// Unix time at [`Moment::START`], in milliseconds.
    start: i64,
}

impl Clock {
    pub(crate) fn starting_at(unix_milliseconds: i64) -> Self {
        Self {
            start: unix_milliseconds,
        }
    }

    fn timestamp(self, moment: Moment) -> Timestamp {
        let nanoseconds = i128::from(self.start) * 1_000_000 + i128::from(moment.0);
        Timestamp::from_nanosecond(nanoseconds).unwrap_or(Timestamp::MAX)
    }

    /// Unix time in whole seconds, rounded down as GitHub does.
    pub(crate) fn unix_seconds(self, moment: Moment) -> i64 {
        let nanoseconds = i128::from(self.start) * 1_000_000 + i128::from(moment.0);
        i64::try_from(nanoseconds.div_euclid(1_000_000_000)).unwrap_or(i64::MAX)
    }

    /// Unix time in whole milliseconds.
    pub(crate) fn unix_milliseconds(self, moment: Moment) -> i64 {
        self.start.saturating_add(moment.0.div_euclid(1_000_000))
    }

    /// `2026-01-01T00:00:00Z`, the only precision that the API has.
    pub(crate) fn iso(self, moment: Moment) -> String {
        // What has no fraction is shown without one.
        Timestamp::from_second(self.unix_seconds(moment))
            .unwrap_or(Timestamp::MAX)
            .to_string()
    }

    /// `2026-01-01T00:00:00.0000000Z`, as the runner stamps the lines of a log.
    pub(crate) fn log_stamp(self, moment: Moment) -> String {
        let timestamp = self.timestamp(moment);
        let ticks = timestamp.as_nanosecond().rem_euclid(1_000_000_000) / 100;
        format!("{}.{ticks:07}Z", timestamp.strftime("%Y-%m-%dT%H:%M:%S"))
    }

    /// `Thu, 01 Jan 2026 00:00:00 GMT`, for the `Date` header.
    pub(crate) fn http_date(self, moment: Moment) -> String {
        self.timestamp(moment)
            .strftime("%a, %d %b %Y %H:%M:%S GMT")
            .to_string()
    }
}

/// The second that a date or time in a search stands for, in Unix time, and whether it stands for
/// the whole day.
pub(crate) fn parse_search_time(text: &str) -> Option<(i64, bool)> {
    if let Ok(timestamp) = text.parse::<Timestamp>() {
        return Some((timestamp.as_second(), false));
    }
    // `2026-01-01` parses as a time too, at midnight: the day has to be tried first.
    let (time, whole_day) = if text.contains('T') {
        (text.parse::<civil::DateTime>().ok()?, false)
    } else {
        (text.parse::<civil::Date>().ok()?.at(0, 0, 0, 0), true)
    };
    let zoned = time.to_zoned(TimeZone::UTC).ok()?;
    Some((zoned.timestamp().as_second(), whole_day))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_written_the_way_github_writes_them() {
        let clock = Clock::starting_at(1_767_225_600_000);
        let moment = Moment::START.plus(1.234_567_8);
        assert_eq!(clock.iso(moment), "2026-01-01T00:00:01Z");
        assert_eq!(clock.log_stamp(moment), "2026-01-01T00:00:01.2345678Z");
        assert_eq!(clock.http_date(moment), "Thu, 01 Jan 2026 00:00:01 GMT");
        assert_eq!(clock.iso(Moment::START.plus(-0.5)), "2025-12-31T23:59:59Z");
    }

    #[test]
    fn a_search_accepts_times_and_days() {
        let midnight = 1_767_225_600;
        assert_eq!(
            parse_search_time("2026-01-01T00:00:00Z"),
            Some((midnight, false))
        );
        assert_eq!(
            parse_search_time("2026-01-01T01:00:00+01:00"),
            Some((midnight, false))
        );
        assert_eq!(parse_search_time("2026-01-01"), Some((midnight, true)));
        assert_eq!(parse_search_time("yesterday"), None);
    }
}
