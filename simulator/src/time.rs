//! Moments in simulated time and how GitHub writes them.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use humantime::{format_rfc3339_seconds, parse_rfc3339};

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

const SECONDS_OF_2000_YEARS: i64 = 5 * 146_097 * 24 * 60 * 60;

/// The last second of the year 9999.
const LAST_WRITTEN: u64 = 253_402_300_799;

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

    /// A clock that is so many seconds ahead of this one.
    #[allow(clippy::cast_possible_truncation)] // saturates, which is what is wanted
    pub(crate) fn ahead_by(self, seconds: f64) -> Self {
        Self {
            start: self.start.saturating_add((seconds * 1e3).round() as i64),
        }
    }

    /// Only what lies between 1970 and 9999 can be written.
    fn written(self, moment: Moment) -> SystemTime {
        let seconds = u64::try_from(self.unix_seconds(moment)).unwrap_or(0);
        UNIX_EPOCH + Duration::from_secs(seconds.min(LAST_WRITTEN))
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
        format_rfc3339_seconds(self.written(moment)).to_string()
    }

    /// `2026-01-01T00:00:00.0000000Z`, as the runner stamps the lines of a log.
    pub(crate) fn log_stamp(self, moment: Moment) -> String {
        let nanoseconds = i128::from(self.start) * 1_000_000 + i128::from(moment.0);
        let ticks = nanoseconds.rem_euclid(1_000_000_000) / 100;
        format!("{}.{ticks:07}Z", self.iso(moment).trim_end_matches('Z'))
    }

    /// `Thu, 01 Jan 2026 00:00:00 GMT`, for the `Date` header.
    pub(crate) fn http_date(self, moment: Moment) -> String {
        httpdate::fmt_http_date(self.written(moment))
    }
}

/// The second that a date or time in a search stands for, in Unix time, and whether it stands for
/// the whole day. A time without an offset is in UTC.
pub(crate) fn parse_search_time(text: &str) -> Option<(i64, bool)> {
    let Some((day, time)) = text.split_once('T') else {
        return Some((unix_seconds(&format!("{text}T00:00:00Z"))?, true));
    };
    let (time, offset) = match time.find(['+', '-']) {
        Some(at) => (&time[..at], seconds_of_offset(&time[at..])?),
        None => (time.strip_suffix('Z').unwrap_or(time), 0),
    };
    if time.ends_with('Z') {
        return None;
    }
    Some((unix_seconds(&format!("{day}T{time}Z"))? - offset, false))
}

/// `2026-01-01T00:00:00Z` → seconds since 1970, less than zero before.
fn unix_seconds(text: &str) -> Option<i64> {
    let (year, rest) = text.split_at_checked(4)?;
    let is_number = year.bytes().all(|byte| byte.is_ascii_digit());
    let year: u32 = year.parse().ok().filter(|_| is_number)?;
    if year < 1970 {
        // The calendar repeats itself every 400 years; what reads it begins with 1970.
        let later = unix_seconds(&format!("{}{rest}", year + 2000))?;
        return Some(later - SECONDS_OF_2000_YEARS);
    }
    let since = parse_rfc3339(text).ok()?.duration_since(UNIX_EPOCH).ok()?;
    i64::try_from(since.as_secs()).ok()
}

/// `+01:00` → 3600.
fn seconds_of_offset(text: &str) -> Option<i64> {
    let (hours, minutes) = text.get(1..)?.split_once(':')?;
    let number = |text: &str| {
        let is_number = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| text.parse::<i64>().ok()).flatten()
    };
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    if hours > 23 || minutes > 59 {
        return None;
    }
    let seconds = 60 * (60 * hours + minutes);
    Some(if text.starts_with('-') {
        -seconds
    } else {
        seconds
    })
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
        assert_eq!(
            parse_search_time("2025-12-31T18:30:00-05:30"),
            Some((midnight, false))
        );
        assert_eq!(
            parse_search_time("2026-01-01T00:00:00.75"),
            Some((midnight, false))
        );
        assert_eq!(parse_search_time("2026-01-01"), Some((midnight, true)));
        assert_eq!(parse_search_time("1969-12-31"), Some((-86_400, true)));
        assert_eq!(
            parse_search_time("1960-02-29T00:00:00Z"),
            Some((-310_521_600, false))
        );
        for text in [
            "yesterday",
            "2026-02-30",
            "2026-01-01T",
            "2026-01-01T25:00:00Z",
            "2026-01-01T00:00:00+1:00",
            "2026-01-01T00:00:00+0100",
            "2026-01-01T00:00:00+",
            "2026-01-01T00:00:00+é:00",
            "2026-01-01T00:00:00ZZ",
            "2026-01-01T00:00:00Z+01:00",
            "2026-01-01T00:00:00+99:99",
            "1960-13-01",
            "1969-02-29",
            "1900-02-29",
            "+960-01-01",
            "",
            "é",
        ] {
            assert_eq!(parse_search_time(text), None, "{text}");
        }
    }

    #[test]
    fn what_cannot_be_written_is_the_nearest_that_can() {
        let long_ago = Clock::starting_at(-1);
        assert_eq!(long_ago.iso(Moment::START), "1970-01-01T00:00:00Z");
        let far_off = Clock::starting_at(i64::MAX);
        assert_eq!(far_off.iso(Moment::START), "9999-12-31T23:59:59Z");
        let date = "Fri, 31 Dec 9999 23:59:59 GMT";
        assert_eq!(far_off.http_date(Moment::START), date);
    }
}
