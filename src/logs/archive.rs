//! The archive of a run's logs, for servers and moments where the log of a job
//! is not to be had.
//!
//! It comes from outside, so nothing in it is believed: entries are inflated
//! piece by piece into a search and never stored, names lead nowhere, sizes
//! are not taken for granted, and both what is downloaded and what it inflates
//! to have limits.

use std::io::{Cursor, Read};

use zip::ZipArchive;

use crate::github::{Failure, LogStream};
use crate::host::Host;
use crate::word::Word;

/// The directory is at the archive's end, so it is kept as a whole. Archives of
/// logs are a few megabytes.
const LARGEST_ARCHIVE: u64 = 64 << 20;

/// What all entries together may inflate to. Text deflates to a twentieth or
/// so; beyond this it is no log.
const LARGEST_CONTENT: u64 = 2 << 30;

/// How much is inflated before timers get their turn (some 10 ms of work).
const BREATH: u64 = 4 << 20;

/// Whether the ID stands in any of the logs in an archive.
///
/// # Errors
/// [`Failure`] if it could not be read, or not all of it, and the readable part
/// does not show the ID.
pub async fn in_archive<H: Host>(
    mut stream: LogStream<'_, H>,
    word: &Word,
) -> Result<bool, Failure> {
    let too_large = || {
        Failure::Malformed(format!(
            "the log archive has more than {} MiB, which is not searched",
            LARGEST_ARCHIVE >> 20
        ))
    };
    if stream
        .length()
        .is_some_and(|length| length > LARGEST_ARCHIVE)
    {
        return Err(too_large());
    }
    let mut bytes = Vec::new();
    while let Some(piece) = stream.chunk().await? {
        if bytes.len() as u64 + piece.len() as u64 > LARGEST_ARCHIVE {
            return Err(too_large());
        }
        bytes.extend(piece);
    }
    let mut archive = ZipArchive::new(Cursor::new(bytes))
        .map_err(|error| Failure::Malformed(format!("the log archive cannot be read: {error}")))?;

    let mut trouble = None;
    let mut budget = LARGEST_CONTENT;
    for index in reading_order(&archive) {
        match in_entry(&mut archive, index, word, &mut budget, &stream).await {
            Ok(true) => return Ok(true),
            Ok(false) => {}
            Err(problem) => {
                trouble.get_or_insert(problem);
            }
        }
        if budget == 0 {
            break;
        }
    }
    match trouble {
        Some(problem) => Err(Failure::Malformed(format!(
            "the log archive is damaged: {problem}"
        ))),
        None => Ok(false),
    }
}

/// The files at the top hold whole jobs, those in folders the same by steps:
/// the first suffice, unless some are missing.
fn reading_order(archive: &ZipArchive<Cursor<Vec<u8>>>) -> Vec<usize> {
    let (top, in_folders): (Vec<usize>, Vec<usize>) = (0..archive.len()).partition(|index| {
        let name = archive.name_for_index(*index).and_then(Result::ok);
        name.is_some_and(|name| !name.contains('/'))
    });
    [top, in_folders].concat()
}

async fn in_entry<H: Host>(
    archive: &mut ZipArchive<Cursor<Vec<u8>>>,
    index: usize,
    word: &Word,
    budget: &mut u64,
    stream: &LogStream<'_, H>,
) -> Result<bool, String> {
    let mut entry = archive.by_index(index).map_err(|error| error.to_string())?;
    let mut search = word.search();
    let mut piece = vec![0; 64 << 10];
    let mut since_breath = 0;
    loop {
        let length = entry.read(&mut piece).map_err(|error| error.to_string())?;
        if length == 0 {
            return Ok(search.finish());
        }
        if search.feed(&piece[..length]) {
            return Ok(true);
        }
        let length = length as u64;
        *budget = budget.saturating_sub(length);
        if *budget == 0 {
            return Err(format!(
                "it inflates to more than {} GiB",
                LARGEST_CONTENT >> 30
            ));
        }
        since_breath += length;
        if since_breath >= BREATH {
            since_breath = 0;
            stream.breathe().await;
        }
    }
}
