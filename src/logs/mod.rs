//! Searching logs as they arrive: what is not needed is neither kept nor
//! downloaded. And making their lines fit to be printed.

mod archive;
mod content;
mod lines;

pub use archive::{Archive, JobNames, in_archive};
pub use lines::Lines;

use crate::github::{Failure, LogStream};
use crate::host::Host;
use crate::settings::DistinctId;
use crate::word::{Shown, Word};

/// A line that is longer need not be complete to be searched.
const LONGEST_LINE: usize = 1 << 20;

/// IDs that are drawn stand among the first lines of a log that shows them to be found,
/// and in short ones. So many of them are kept.
const FIRST_LINES: u64 = 10_000;
const LONGEST_WITH_ID: usize = 512;
const MOST_KEPT: usize = 16;

/// A line in which an ID stands: which it is, and what stands around the ID.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    number: u64,
    before: String,
    after: String,
}

impl Line {
    fn around(number: u64, (before, after): (&str, &str)) -> Self {
        Self {
            number,
            before: before.to_owned(),
            after: after.to_owned(),
        }
    }
}

/// How far a log has been searched that goes on growing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SoFar {
    /// Where the rest of it begins, with a line.
    pub place: u64,
    /// The number of that line.
    lines: u64,
    /// Where it shows the ID.
    pub shown: Option<Line>,
    /// Where it shows IDs that were drawn for other calls.
    pub others: Vec<Line>,
}

impl SoFar {
    fn take(&mut self, complete: &[u8], word: &Word, is_sent: &dyn Fn(&str) -> bool) {
        for line in complete.split_inclusive(|byte| *byte == b'\n') {
            let number = self.lines;
            self.lines += 1;
            let is_of_interest = number < FIRST_LINES && line.len() <= LONGEST_WITH_ID;
            let text = std::str::from_utf8(line).ok().filter(|_| is_of_interest);
            let Some(text) = text.map(|text| after_timestamp(text.trim_end())) else {
                continue;
            };
            if self.shown.is_none() {
                let around = word.split(text);
                self.shown = around.map(|around| Line::around(number, around));
            }
            if self.others.len() < MOST_KEPT {
                let mut drawn = DistinctId::drawn_in(text).filter(|other| !is_sent(other));
                let around = drawn.next().and_then(|other| text.split_once(other));
                self.others
                    .extend(around.map(|around| Line::around(number, around)));
            }
        }
    }
}

/// How a log shows the ID. Reading stops at what identifies the run.
///
/// # Errors
/// [`Failure`] if the log could not be read to its end.
pub async fn in_log<H: Host>(
    mut log: LogStream<'_, H>,
    word: &Word,
) -> Result<Option<Shown>, Failure> {
    let mut search = word.search();
    while let Some(piece) = log.chunk().await? {
        if search.feed(&piece) {
            break;
        }
    }
    Ok(search.finish())
}

/// The same for a log that goes on growing, opened where it has been searched up to:
/// what is searched are its lines that are complete. With how far it has been searched;
/// `is_sent` says which IDs the call sends itself.
///
/// # Errors
/// [`Failure`] if what there is of the log could not be read.
pub async fn in_live_log<H: Host>(
    mut log: LogStream<'_, H>,
    id: &DistinctId,
    is_sent: &dyn Fn(&str) -> bool,
    mut so_far: SoFar,
) -> Result<(Option<Shown>, SoFar), Failure> {
    let word = Word::new(id);
    let mut search = word.search();
    let mut line = Vec::new();
    if log.position() < so_far.place {
        // Its server knows no ranges.
        so_far = SoFar::default();
    }
    while let Some(piece) = log.chunk().await? {
        line.extend_from_slice(&piece);
        let complete = match memchr::memrchr(b'\n', &line) {
            Some(end) => end + 1,
            None if line.len() > LONGEST_LINE => line.len(),
            None => continue,
        };
        so_far.take(&line[..complete], &word, is_sent);
        if search.feed(&line[..complete]) {
            return Ok((search.finish(), so_far));
        }
        line.drain(..complete);
    }
    so_far.place = log.position() - line.len() as u64;
    Ok((search.finish(), so_far))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_the_ids_in_a_log_those_are_others_that_the_call_does_not_send() {
        let [own, parent, other] = [1, 2, 3].map(|byte| DistinctId::draw([byte; 16]));
        let [parent, other] = [parent, other].map(|id| id.to_string());
        let mut so_far = SoFar::default();
        let log = format!(
            "2026-01-01T00:00:00.0000000Z called by {parent}\n2026-01-01T00:00:00.0000000Z ID: {other}\n"
        );
        so_far.take(log.as_bytes(), &Word::new(&own), &|id| id == parent);
        let around = |number| Line {
            number,
            before: "ID: ".to_owned(),
            after: String::new(),
        };
        assert_eq!(so_far.others, [around(1)]);
        assert_eq!(so_far.shown, None);
        // What comes after it goes on with the numbers of the lines.
        let log = format!("2026-01-01T00:00:00.0000000Z ID: {own}\n");
        so_far.take(log.as_bytes(), &Word::new(&own), &|id| id == own.as_str());
        assert_eq!(so_far.shown, Some(around(2)));
        assert_eq!(so_far.others, [around(1)]);
    }
}
