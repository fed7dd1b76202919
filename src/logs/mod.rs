//! Searching logs as they arrive: what is not needed is neither kept nor
//! downloaded. And making their lines fit to be printed.

mod archive;
mod content;
mod lines;

pub use archive::{Archive, are_told_apart, in_archive};
pub use lines::Lines;

use crate::github::{Failure, LogStream};
use crate::host::Host;
use crate::word::Word;

/// Whether the ID stands in a log. Stops reading where it is found.
///
/// # Errors
/// [`Failure`] if the log could not be read to its end.
pub async fn in_log<H: Host>(mut log: LogStream<'_, H>, word: &Word) -> Result<bool, Failure> {
    let mut search = word.search();
    while let Some(piece) = log.chunk().await? {
        if search.feed(&piece) {
            return Ok(true);
        }
    }
    Ok(search.finish())
}

/// The line without the time that the runner puts in front of it.
#[must_use]
pub fn after_timestamp(line: &str) -> &str {
    const SHAPE: &[u8] = b"0000-00-00T00:00:00";
    let bytes = line.as_bytes();
    let fits = bytes.len() > SHAPE.len()
        && SHAPE
            .iter()
            .zip(bytes)
            .all(|(expected, byte)| match expected {
                b'0' => byte.is_ascii_digit(),
                _ => byte == expected,
            });
    if !fits {
        return line;
    }
    match line[SHAPE.len()..].split_once("Z ") {
        Some((fraction, rest)) if fraction.bytes().all(|b| b == b'.' || b.is_ascii_digit()) => rest,
        _ => line,
    }
}
