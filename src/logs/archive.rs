//! The archive of a run's logs, for servers and moments where the log of a job
//! is not to be had.
//!
//! It comes from outside, so nothing in it is believed: entries are inflated
//! piece by piece into a search and never stored, names lead nowhere, sizes
//! are not taken for granted, and both what is downloaded and what it inflates
//! to have limits.

use std::io::Cursor;

use flate2::{Decompress, FlushDecompress, Status};
use memchr::memmem;
use zip::{CompressionMethod, ZipArchive};

use crate::github::{Failure, LogStream};
use crate::host::Host;
use crate::word::Word;

/// The directory is at the archive's end, so it is kept as a whole. Archives of
/// logs are a few megabytes.
const LARGEST_ARCHIVE: u64 = 64 << 20;

/// The directory takes some 500 bytes of memory a file. A run of 256 jobs with
/// 30 steps each has 8,000.
const MOST_FILES: usize = 100_000;

/// What all files together may hold. Text deflates to a twentieth or so; beyond
/// this it is no log. Files may share their bytes, so this limits those that
/// are not deflated as well.
const LARGEST_CONTENT: u64 = 2 << 30;

/// How much is searched before timers get their turn (some 10 ms of work).
const BREATH: u64 = 4 << 20;

/// Text is searched in pieces of this size.
const PIECE: usize = 64 << 10;

/// What opening a file costs, compared with searching bytes.
const OPENING: usize = 16 << 10;

/// Whether the ID stands in any of the logs in an archive, which should be
/// those of so many jobs.
///
/// # Errors
/// [`Failure`] if it could not be read, or not all of it, or logs are missing,
/// and what is there does not show the ID.
pub async fn in_archive<H: Host>(
    mut stream: LogStream<'_, H>,
    jobs: usize,
    word: &Word,
) -> Result<bool, Failure> {
    let bytes = download(&mut stream).await?;
    let mut archive = open(&bytes)?;
    let mut trouble = None;
    let mut effort = Effort::default();
    for index in reading_order(&archive) {
        let shows = match Entry::open(&mut archive, index, &bytes) {
            Ok(entry) => entry.shows(word, &mut effort, &stream).await,
            Err(problem) => Err(problem),
        };
        match shows {
            Ok(true) => return Ok(true),
            Ok(false) => {}
            Err(problem) => trouble = trouble.or(Some(problem)),
        }
        if effort.is_too_much() {
            return Err(Failure::TooLarge(format!(
                "the log archive holds more than {} GiB, which is not searched",
                LARGEST_CONTENT >> 30
            )));
        }
    }
    if !has_jobs(&archive, jobs) {
        trouble = trouble.or(Some("the logs of some jobs are missing".to_owned()));
    }
    match trouble {
        Some(problem) => Err(Failure::Malformed(format!(
            "the log archive is damaged: {problem}"
        ))),
        None => Ok(false),
    }
}

fn open(bytes: &[u8]) -> Result<ZipArchive<Cursor<&[u8]>>, Failure> {
    if has_too_many_files(bytes) {
        return Err(Failure::TooLarge(format!(
            "the log archive has more than {MOST_FILES} files, which is not searched"
        )));
    }
    ZipArchive::new(Cursor::new(bytes))
        .map_err(|error| Failure::Malformed(format!("the log archive cannot be read: {error}")))
}

/// An archive that has been downloaded, to read the logs of steps.
#[expect(missing_debug_implementations, reason = "a body need not have it")]
pub struct Archive<'h, H: Host> {
    stream: LogStream<'h, H>,
    bytes: Vec<u8>,
}

impl<'h, H: Host> Archive<'h, H> {
    /// Downloads it.
    ///
    /// # Errors
    /// [`Failure`] if that is not possible, or it is no archive.
    pub async fn download(mut stream: LogStream<'h, H>) -> Result<Self, Failure> {
        let bytes = download(&mut stream).await?;
        open(&bytes)?;
        Ok(Self { stream, bytes })
    }

    /// Hands on the log of a step, piece by piece. False if it is not there, or
    /// not all of it, or if there are several that it might be.
    pub async fn step(&self, job: &str, number: u64, each: &mut dyn FnMut(&[u8])) -> bool {
        let start = format!("{}/{number}_", file_name(job));
        self.read(|name| name.starts_with(&start), each).await
    }

    /// The same for the log of a whole job, which stands at the top.
    pub async fn job(&self, job: &str, each: &mut dyn FnMut(&[u8])) -> bool {
        let end = format!("{}.txt", file_name(job));
        let is_it = |name: &str| {
            let rest = name
                .split_once('_')
                .filter(|(number, _)| !number.contains('/'));
            rest.is_some_and(|(_, rest)| rest == end)
        };
        self.read(is_it, each).await
    }

    async fn read(&self, is_it: impl Fn(&str) -> bool, each: &mut dyn FnMut(&[u8])) -> bool {
        let Ok(mut archive) = open(&self.bytes) else {
            return false;
        };
        let mut fitting = (0..archive.len()).filter(|index| {
            let name = archive.name_for_index(*index).and_then(Result::ok);
            name.is_some_and(|name| is_it(&name))
        });
        let index = fitting.next().filter(|_| fitting.next().is_none());
        let Some(index) = index else { return false };
        let Ok(entry) = Entry::open(&mut archive, index, &self.bytes) else {
            return false;
        };
        let mut effort = Effort::default();
        let mut take = |piece: &[u8]| {
            each(piece);
            false
        };
        entry
            .read(&mut effort, &self.stream, &mut take)
            .await
            .is_ok()
    }
}

/// Whether archives tell the logs of two jobs apart, by their names.
#[must_use]
pub fn are_told_apart(job: &str, other: &str) -> bool {
    file_name(job) != file_name(other)
}

/// A job's name as folders of the archive have it: without `/` and `:`, cut to
/// 90 UTF-16 units (cli/cli, `pkg/cmd/run/view`).
fn file_name(name: &str) -> String {
    let mut units = 0;
    name.chars()
        .filter(|c| !matches!(c, '/' | ':'))
        .take_while(|c| {
            units += c.len_utf16();
            units <= 90
        })
        .collect()
}

async fn download<H: Host>(stream: &mut LogStream<'_, H>) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let mut length = stream.length().unwrap_or(0);
    loop {
        if length > LARGEST_ARCHIVE {
            return Err(Failure::TooLarge(format!(
                "the log archive has more than {} MiB, which is not searched",
                LARGEST_ARCHIVE >> 20
            )));
        }
        let Some(piece) = stream.chunk().await? else {
            return Ok(bytes);
        };
        bytes.extend(piece);
        length = bytes.len() as u64;
    }
}

/// Whether the directory may list more than [`MOST_FILES`], by the mark in front
/// of each: how many there are is not taken from the archive's own word.
fn has_too_many_files(bytes: &[u8]) -> bool {
    let marks = memmem::find_iter(bytes, b"PK\x01\x02");
    marks.take(MOST_FILES + 1).count() > MOST_FILES
}

/// What has been searched so far.
#[derive(Debug, Default)]
struct Effort {
    bytes: u64,
    breaths: u64,
}

impl Effort {
    /// Counts work that has been done, and lets others have their turn in time.
    async fn count<H: Host>(
        &mut self,
        bytes: usize,
        stream: &LogStream<'_, H>,
    ) -> Result<(), String> {
        self.bytes = self.bytes.saturating_add(bytes as u64);
        if self.is_too_much() {
            return Err(format!("it holds more than {} GiB", LARGEST_CONTENT >> 30));
        }
        if self.bytes / BREATH > self.breaths {
            self.breaths = self.bytes / BREATH;
            stream.breathe().await;
        }
        Ok(())
    }

    fn is_too_much(&self) -> bool {
        self.bytes > LARGEST_CONTENT
    }
}

/// Whether there are logs of so many jobs: each has a file at the top, or a
/// folder, or both. (Jobs of one name, cut to its length, may share them.)
fn has_jobs(archive: &ZipArchive<Cursor<&[u8]>>, jobs: usize) -> bool {
    let mut top = 0;
    let mut folders: Vec<String> = Vec::new();
    for index in 0..archive.len() {
        if top.max(folders.len()) >= jobs {
            break;
        }
        let Some(Ok(name)) = archive.name_for_index(index) else {
            continue;
        };
        match name.split_once('/') {
            None => top += 1,
            Some((folder, _)) if folders.iter().any(|known| known == folder) => {}
            Some((folder, _)) => folders.push(folder.to_owned()),
        }
    }
    top.max(folders.len()) >= jobs
}

/// The files at the top hold whole jobs, those in folders the same by steps:
/// the first usually suffice, but some may be missing.
fn reading_order(archive: &ZipArchive<Cursor<&[u8]>>) -> Vec<usize> {
    let (top, in_folders): (Vec<usize>, Vec<usize>) = (0..archive.len()).partition(|index| {
        let name = archive.name_for_index(*index).and_then(Result::ok);
        name.is_some_and(|name| !name.contains('/'))
    });
    [top, in_folders].concat()
}

/// A file in an archive. The archive's directory says where it is; inflating it
/// here, piece by piece, leaves room for others in between and costs half of
/// what a reader for everything that a zip file may contain would.
struct Entry<'a> {
    content: &'a [u8],
    deflated: bool,
}

impl<'a> Entry<'a> {
    fn open(
        archive: &mut ZipArchive<Cursor<&[u8]>>,
        index: usize,
        bytes: &'a [u8],
    ) -> Result<Self, String> {
        let entry = archive
            .by_index_raw(index)
            .map_err(|error| error.to_string())?;
        let deflated = match entry.compression() {
            CompressionMethod::STORE => false,
            CompressionMethod::DEFLATE => true,
            other => return Err(format!("{other} is not a way that logs are compressed")),
        };
        let start = entry.data_start().and_then(|at| usize::try_from(at).ok());
        let size = usize::try_from(entry.compressed_size()).ok();
        let content = start
            .zip(size)
            .and_then(|(start, size)| {
                let rest = bytes.get(start..)?;
                // What is deflated says itself where it ends; sizes may be wrong.
                if deflated {
                    Some(rest)
                } else {
                    rest.get(..size)
                }
            })
            .ok_or("a file in it reaches beyond its end")?;
        Ok(Self { content, deflated })
    }

    async fn shows<H: Host>(
        self,
        word: &Word,
        effort: &mut Effort,
        stream: &LogStream<'_, H>,
    ) -> Result<bool, String> {
        let mut search = word.search();
        let mut feed = |piece: &[u8]| search.feed(piece);
        let found = self.read(effort, stream, &mut feed).await?;
        Ok(found || search.finish())
    }

    /// Hands on the content piece by piece, until `enough` says so; whether it did.
    async fn read<H: Host>(
        self,
        effort: &mut Effort,
        stream: &LogStream<'_, H>,
        enough: &mut dyn FnMut(&[u8]) -> bool,
    ) -> Result<bool, String> {
        effort.count(OPENING, stream).await?;
        if !self.deflated {
            for piece in self.content.chunks(PIECE) {
                if enough(piece) {
                    return Ok(true);
                }
                effort.count(piece.len(), stream).await?;
            }
            return Ok(false);
        }
        let mut inflater = Decompress::new(false);
        let mut piece = Vec::with_capacity(PIECE);
        loop {
            piece.clear();
            let read = usize::try_from(inflater.total_in()).unwrap_or(usize::MAX);
            let left = self.content.get(read..).unwrap_or_default();
            let status = inflater
                .decompress_vec(left, &mut piece, FlushDecompress::None)
                .map_err(|error| format!("a file in it cannot be inflated: {error}"))?;
            if enough(&piece) {
                return Ok(true);
            }
            if status == Status::StreamEnd {
                return Ok(false);
            }
            if piece.is_empty() {
                return Err("a file in it breaks off".to_owned());
            }
            effort.count(piece.len(), stream).await?;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_that_would_take_the_memory_is_not_read() {
        let directory = |files| b"PK\x01\x02".repeat(files);
        assert!(!has_too_many_files(&directory(MOST_FILES)));
        assert!(has_too_many_files(&directory(MOST_FILES + 1)));
    }
}
