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

/// A line that is longer need not be complete to be searched.
const LONGEST_LINE: usize = 1 << 20;

/// What came of searching a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Searched {
    /// The ID stands in it.
    Shown,
    /// It does not, and nothing will be added.
    NotShown,
    /// It does not before this place, where a line begins.
    NotBefore(u64),
}

/// Looks for the ID in a log, and stops reading where that is found.
///
/// # Errors
/// [`Failure`] if the log could not be read to its end.
pub async fn in_log<H: Host>(mut log: LogStream<'_, H>, word: &Word) -> Result<Searched, Failure> {
    let mut search = word.search();
    while let Some(piece) = log.chunk().await? {
        if search.feed(&piece) {
            return Ok(Searched::Shown);
        }
    }
    Ok(if search.finish() {
        Searched::Shown
    } else {
        Searched::NotShown
    })
}

/// The same for a log that goes on growing: what is searched are its lines that are
/// complete.
///
/// # Errors
/// [`Failure`] if what there is of the log could not be read.
pub async fn in_live_log<H: Host>(
    mut log: LogStream<'_, H>,
    word: &Word,
) -> Result<Searched, Failure> {
    let mut search = word.search();
    let mut line = Vec::new();
    while let Some(piece) = log.chunk().await? {
        line.extend_from_slice(&piece);
        let complete = match memchr::memrchr(b'\n', &line) {
            Some(end) => end + 1,
            None if line.len() > LONGEST_LINE => line.len(),
            None => continue,
        };
        if search.feed(&line[..complete]) {
            return Ok(Searched::Shown);
        }
        line.drain(..complete);
    }
    Ok(if search.finish() {
        Searched::Shown
    } else {
        Searched::NotBefore(log.position() - line.len() as u64)
    })
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
