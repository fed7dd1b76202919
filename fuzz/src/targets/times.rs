//! Times: what is read is what another library reads, is written as it was
//! read, and no number is too large.

use std::time::Duration;

use jiff::Timestamp;
use return_dispatch::time::{Moment, Reading, Seconds, ServerTime};

pub(super) fn check(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    if let Some(time) = ServerTime::from_rfc3339(&text) {
        is_written_as_read(time);
        // A leap second is told in two ways.
        if let Ok(known) = text.parse::<Timestamp>()
            && !text.contains(":60")
        {
            assert_eq!(time, unix(known), "{text}");
        }
    }
    if let Some(time) = ServerTime::from_http_date(&text) {
        is_written_as_read(time);
        if let Some(known) = http_date(&text) {
            assert_eq!(time, unix(known), "{text}");
        }
    } else {
        assert!(http_date(&text).is_none(), "{text} is a date");
    }
    let number = text.trim().parse().unwrap_or_else(|_| {
        let mut bytes = [0; 8];
        let length = input.len().min(8);
        bytes[..length].copy_from_slice(&input[..length]);
        u64::from_le_bytes(bytes)
    });
    no_number_is_too_large(number);
}

/// Reads the one form of a `Date` that servers may send today; `None` for
/// anything else, and what lies before 1970.
pub(super) fn http_date(text: &str) -> Option<Timestamp> {
    let date = jiff::civil::DateTime::strptime("%a, %d %b %Y %H:%M:%S GMT", text).ok()?;
    let canonical = date.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    let time = date.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp();
    (canonical == text && time.as_second() >= 0).then_some(time)
}

fn unix(time: Timestamp) -> ServerTime {
    ServerTime::from_unix(time.as_second().unsigned_abs())
}

fn is_written_as_read(time: ServerTime) {
    assert_eq!(ServerTime::from_rfc3339(&time.to_string()), Some(time));
}

fn no_number_is_too_large(number: u64) {
    let long = Duration::from_secs(number);
    let time = ServerTime::from_unix(number);
    let written = time.to_string();
    if let Ok(known) = i64::try_from(number).map_or(Err(()), |seconds| {
        Timestamp::from_second(seconds).map_err(|_| ())
    }) {
        assert_eq!(written, known.to_string());
        is_written_as_read(time);
    }
    let zero = ServerTime::from_unix(0);
    assert_eq!(time.since(zero), long);
    assert_eq!(zero.since(time), Duration::ZERO);
    assert_eq!(time.earlier_by(long), zero);
    assert_eq!(zero.later_by(long), time);
    assert!(time.later_by(long) >= time);
    assert!(!time.later_by(long).to_string().is_empty());
    let moment = Moment::from_zero(long) + long;
    for sent in [Moment::default(), moment] {
        let reading = Reading {
            date: time,
            sent,
            answered: moment,
        };
        assert!(reading.earliest(Moment::default()) <= reading.earliest(moment));
        assert!(reading.earliest(moment) <= time);
        assert!(reading.latest(moment) >= time);
        assert!(reading.latest(Moment::default()) <= reading.latest(moment));
    }
    let shown = Seconds(Duration::from_millis(number)).to_string();
    let (whole, fraction) = shown.split_once('.').unwrap_or((&shown, ""));
    assert_eq!(
        format!("{whole}{fraction:0<3}"),
        format!("{}{:03}", number / 1000, number % 1000)
    );
}
