//! The archive of a run's logs, for servers and moments where the log of a job
//! is not to be had.
//!
//! It comes from outside, so nothing in it is believed: entries are inflated
//! piece by piece into a search and never stored, names lead nowhere, sizes
//! are not taken for granted, and both what is downloaded and what it inflates
//! to have limits.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::io;

use flate2::{Decompress, FlushDecompress, Status};
use memchr::memmem;
use zip::{CompressionMethod, ZipArchive};

use super::content::Content;
use crate::github::{Failure, LogStream};
use crate::host::Host;
use crate::word::{Shown, Word};

/// An archive that is no longer is read as a whole, whatever its store knows.
const SMALL: u64 = 256 << 10;

/// Where a store knows no ranges and single logs are wanted of an archive, it is
/// kept as a whole. Archives of logs are a few megabytes.
const LARGEST_KEPT: u64 = 64 << 20;

/// How much of the end is read for the directory, at first and at most. A file
/// takes some 100 bytes of it.
const TAIL: u64 = 64 << 10;
const LONGEST_TAIL: u64 = 16 << 20;

/// The directory takes some 500 bytes of memory a file. A run of 256 jobs with
/// 30 steps each has 8,000.
const MOST_FILES: usize = 100_000;

/// What all files together may hold. Text deflates to a twentieth or so; beyond
/// this it is no log. Files may share their bytes, so this limits those that
/// are not deflated as well.
const LARGEST_CONTENT: u64 = 2 << 30;

/// How much is searched before timers get their turn (some 20 ms of work, and at least one of waiting).
const BREATH: u64 = 8 << 20;

/// Text is searched in pieces of this size.
const PIECE: usize = 64 << 10;

/// What opening a file costs, compared with searching bytes.
const OPENING: usize = 16 << 10;

/// How the logs in an archive show the ID; they should be
/// those of so many jobs. It is read by its directory where that can be read
/// first, and otherwise as it arrives.
///
/// # Errors
/// [`Failure`] if it could not be read, or not all of it, or logs are missing,
/// and what is there does not show the ID.
pub async fn in_archive<H: Host>(
    stream: LogStream<'_, H>,
    jobs: usize,
    word: &Word,
) -> Result<Option<Shown>, Failure> {
    let mut content = Content::beginning(stream, SMALL).await?;
    let mut scan = Scan {
        word,
        shown: None,
        effort: Effort::default(),
        trouble: None,
        logs: Logs::default(),
    };
    let found = match content.length() {
        Some(length) => scan.by_directory(&mut content, length).await?,
        None => scan.as_it_arrives(&mut content).await?,
    };
    if found {
        return Ok(scan.shown);
    }
    if scan.logs.jobs() < jobs {
        scan.note("the logs of some jobs are missing".to_owned());
    }
    match scan.trouble {
        Some(problem) => Err(Failure::Malformed(format!(
            "the log archive is damaged: {problem}"
        ))),
        None => Ok(scan.shown),
    }
}

/// A search through all files.
struct Scan<'w> {
    word: &'w Word,
    /// How the ID is shown by what has been searched.
    shown: Option<Shown>,
    effort: Effort,
    /// What was wrong first.
    trouble: Option<String>,
    logs: Logs,
}

impl Scan<'_> {
    /// Whether the ID is in one of the files that the directory lists.
    async fn by_directory<H: Host>(
        &mut self,
        content: &mut Content<'_, H>,
        length: u64,
    ) -> Result<bool, Failure> {
        let files = directory(content, length).await?;
        for file in &files {
            self.logs.add(&file.name);
        }
        // The files at the top hold whole jobs, those in folders the same by steps:
        // the first usually suffice, but some may be missing.
        let (top, in_folders): (Vec<&File>, Vec<&File>) =
            files.iter().partition(|file| !file.name.contains('/'));
        for file in top.into_iter().chain(in_folders) {
            let entry = match file.open(content, length).await {
                Ok(entry) => self.shows(entry, content).await?.map(|(found, _)| found),
                Err(Problem::Damage(problem)) => {
                    self.note(problem);
                    None
                }
                Err(Problem::Failure(failure)) => return Err(failure),
            };
            if entry == Some(true) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether the ID is in one of the files as they follow each other: in front of
    /// each stands what it is, and what is deflated says itself where it ends.
    async fn as_it_arrives<H: Host>(
        &mut self,
        content: &mut Content<'_, H>,
    ) -> Result<bool, Failure> {
        let mut at = 0;
        loop {
            let header = match Header::read(content, at).await {
                Ok(Some(header)) => header,
                // The directory, whose files have all been here.
                Ok(None) if at > 0 => return Ok(false),
                Ok(None) | Err(Problem::Damage(_)) if at == 0 => {
                    return Err(unreadable(&"it does not begin with a file"));
                }
                Ok(None) => return Ok(false),
                Err(Problem::Damage(problem)) => {
                    self.note(problem);
                    return Ok(false);
                }
                Err(Problem::Failure(failure)) => return Err(failure),
            };
            self.logs.add(&header.name);
            let Some((found, end)) = self.shows(header.entry, content).await? else {
                return Ok(false);
            };
            if found {
                return Ok(true);
            }
            at = if header.has_descriptor {
                behind_descriptor(content, end).await?
            } else {
                end
            };
        }
    }

    /// Whether a file shows the ID, and where it ends; `None` if something is
    /// wrong with it.
    async fn shows<H: Host>(
        &mut self,
        entry: Entry,
        content: &mut Content<'_, H>,
    ) -> Result<Option<(bool, u64)>, Failure> {
        let mut search = self.word.search();
        let mut feed = |piece: &[u8]| search.feed(piece);
        let read = entry.read(content, &mut self.effort, &mut feed).await;
        if self.effort.is_too_much() {
            return Err(Failure::TooLarge(format!(
                "the log archive holds more than {} GiB, which is not searched",
                LARGEST_CONTENT >> 30
            )));
        }
        let shown = search.finish();
        self.shown = shown.or(self.shown);
        match read {
            Ok(Read::Enough) => Ok(Some((true, 0))),
            Ok(Read::To(end)) => Ok(Some((self.word.is_known_by(shown), end))),
            Err(Problem::Failure(failure)) => Err(failure),
            Err(Problem::Damage(problem)) => {
                self.note(problem);
                Ok(None)
            }
        }
    }

    fn note(&mut self, problem: String) {
        self.trouble.get_or_insert(problem);
    }
}

/// Why a file cannot be read.
enum Problem {
    /// Nothing comes any more.
    Failure(Failure),
    /// What comes is no log.
    Damage(String),
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

fn unreadable(error: &dyn std::fmt::Display) -> Failure {
    Failure::Malformed(format!("the log archive cannot be read: {error}"))
}

/// Which files an archive of this length has.
async fn directory<H: Host>(
    content: &mut Content<'_, H>,
    length: u64,
) -> Result<Vec<File>, Failure> {
    let mut size = TAIL;
    loop {
        let is_at_hand = content.whole().is_some();
        let start = if is_at_hand {
            0
        } else {
            length.saturating_sub(size)
        };
        let tail = content.rest(start, length).await?;
        if has_too_many_files(tail) {
            return Err(Failure::TooLarge(format!(
                "the log archive has more than {MOST_FILES} files, which is not searched"
            )));
        }
        let is_short = Cell::new(false);
        let opened = ZipArchive::new(Tail {
            start,
            bytes: tail,
            at: 0,
            is_short: &is_short,
        });
        match opened {
            Ok(archive) => return Ok(File::all(&archive)),
            Err(_) if is_short.get() && start > 0 && size < LONGEST_TAIL => size *= 16,
            Err(error) => return Err(unreadable(&error)),
        }
    }
}

/// The end of an archive, as a file of which the rest is missing.
struct Tail<'t> {
    start: u64,
    bytes: &'t [u8],
    at: u64,
    /// Whether more was wanted.
    is_short: &'t Cell<bool>,
}

impl io::Read for Tail<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let Some(skipped) = self.at.checked_sub(self.start) else {
            self.is_short.set(true);
            return Err(io::ErrorKind::UnexpectedEof.into());
        };
        let skipped = usize::try_from(skipped).unwrap_or(usize::MAX);
        let mut rest = self.bytes.get(skipped..).unwrap_or_default();
        let read = rest.read(buffer)?;
        self.at += read as u64;
        Ok(read)
    }
}

impl io::Seek for Tail<'_> {
    fn seek(&mut self, to: io::SeekFrom) -> io::Result<u64> {
        let at = match to {
            io::SeekFrom::Start(at) => Some(at),
            io::SeekFrom::End(by) => (self.start + self.bytes.len() as u64).checked_add_signed(by),
            io::SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = at.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}

/// A file as the directory lists it.
struct File {
    name: String,
    /// Where its header is, and how long its content.
    header: u64,
    size: u64,
    method: CompressionMethod,
}

impl File {
    fn all(archive: &ZipArchive<Tail<'_>>) -> Vec<Self> {
        let file = |index| {
            let entry = archive.by_index_data(index).ok()?;
            Some(Self {
                name: entry.name().ok()?.into_owned(),
                header: entry.header_start(),
                size: entry.compressed_size(),
                method: entry.compression(),
            })
        };
        (0..archive.len()).filter_map(file).collect()
    }

    /// Reads how long its header is. What is deflated says itself where it ends;
    /// sizes may be wrong.
    async fn open<H: Host>(
        &self,
        content: &mut Content<'_, H>,
        length: u64,
    ) -> Result<Entry, Problem> {
        let deflated = match self.method {
            CompressionMethod::STORE => false,
            CompressionMethod::DEFLATE => true,
            other => return Err(unknown(&other)),
        };
        let damage = || Problem::Damage("a file in it reaches beyond its end".to_owned());
        let header = content.exactly(self.header, HEADER).await?;
        if header.len() < HEADER || !header.starts_with(FILE_MARK) {
            return Err(damage());
        }
        let start =
            self.header + HEADER as u64 + u64::from(u16_at(&header, 26) + u16_at(&header, 28));
        let end = start.checked_add(self.size).filter(|end| *end <= length);
        if start > length || !deflated && end.is_none() {
            return Err(damage());
        }
        Ok(Entry {
            start,
            size: self.size,
            deflated,
        })
    }
}

const HEADER: usize = 30;
const FILE_MARK: &[u8] = b"PK\x03\x04";
const DIRECTORY_MARK: &[u8] = b"PK\x01\x02";
const END_MARK: &[u8] = b"PK\x05\x06";

/// What stands in front of a file.
struct Header {
    name: String,
    entry: Entry,
    /// Whether checksum and sizes follow the content.
    has_descriptor: bool,
}

impl Header {
    /// `None`: here begins the directory.
    async fn read<H: Host>(content: &mut Content<'_, H>, at: u64) -> Result<Option<Self>, Problem> {
        let fixed = content.exactly(at, HEADER).await?;
        if fixed.starts_with(DIRECTORY_MARK) || fixed.starts_with(END_MARK) {
            return Ok(None);
        }
        if fixed.len() < HEADER || !fixed.starts_with(FILE_MARK) {
            return Err(Problem::Damage("it breaks off".to_owned()));
        }
        let name_size = u16_at(&fixed, 26);
        let name = content
            .exactly(at + HEADER as u64, usize::from(name_size))
            .await?;
        let has_descriptor = u16_at(&fixed, 6) & 1 << 3 != 0;
        let deflated = match u16_at(&fixed, 8) {
            0 => false,
            8 => true,
            other => return Err(unknown(&format!("method {other}"))),
        };
        if !deflated && has_descriptor {
            return Err(Problem::Damage(
                "a file in it does not say how long it is".to_owned(),
            ));
        }
        let sizes = u64::from(name_size) + u64::from(u16_at(&fixed, 28));
        Ok(Some(Self {
            name: String::from_utf8_lossy(&name).into_owned(),
            entry: Entry {
                start: at + HEADER as u64 + sizes,
                size: u64::from(u32::from_le_bytes([
                    fixed[18], fixed[19], fixed[20], fixed[21],
                ])),
                deflated,
            },
            has_descriptor,
        }))
    }
}

fn unknown(method: &dyn std::fmt::Display) -> Problem {
    Problem::Damage(format!("{method} is not a way that logs are compressed"))
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}

/// Where something begins behind checksum and sizes: these have four bytes each
/// or eight, and a mark or none.
async fn behind_descriptor<H: Host>(content: &mut Content<'_, H>, at: u64) -> Result<u64, Failure> {
    let bytes = content.exactly(at, 28).await?;
    let begins = |size: &usize| {
        let rest = &bytes[(*size).min(bytes.len())..];
        [FILE_MARK, DIRECTORY_MARK]
            .iter()
            .any(|mark| rest.starts_with(mark))
    };
    let size = [16, 24, 12, 20].into_iter().find(begins).unwrap_or(16);
    Ok(at + size as u64)
}

/// An archive, to read the logs of jobs and steps.
#[expect(missing_debug_implementations, reason = "a body need not have it")]
pub struct Archive<'c, H: Host> {
    /// Taken out while it is read.
    content: Cell<Option<Content<'c, H>>>,
    length: u64,
    files: Vec<File>,
}

impl<'c, H: Host> Archive<'c, H> {
    /// Reads its directory; all of it where the store knows no ranges.
    ///
    /// # Errors
    /// [`Failure`] if that is not possible, or it is no archive.
    pub async fn open(stream: LogStream<'c, H>) -> Result<Self, Failure> {
        let kept = if stream.has_ranges() {
            SMALL
        } else {
            LARGEST_KEPT
        };
        let mut content = Content::beginning(stream, kept).await?;
        let length = content.length().ok_or_else(|| {
            Failure::TooLarge(format!(
                "the log archive has more than {} MiB, which are not kept",
                LARGEST_KEPT >> 20
            ))
        })?;
        let files = directory(&mut content, length).await?;
        Ok(Self {
            content: Cell::new(Some(content)),
            length,
            files,
        })
    }

    /// Hands on the log of a step, piece by piece. False if it is not there, or
    /// not all of it, or if there are several that it might be.
    pub async fn step(&self, job: &str, number: u64, each: &mut dyn FnMut(&[u8])) -> bool {
        let spellings = Spellings::of(job);
        let start = format!("{number}_");
        let is_it = |name: &str| {
            let parts = name.split_once('/');
            parts.is_some_and(|(folder, file)| spellings.fit(folder) && file.starts_with(&start))
        };
        self.read(is_it, each).await
    }

    /// The same for the log of a whole job, which stands at the top.
    pub async fn job(&self, job: &str, each: &mut dyn FnMut(&[u8])) -> bool {
        let spellings = Spellings::of(job);
        let is_it = |name: &str| {
            let rest = name
                .strip_suffix(".txt")
                .and_then(|name| name.split_once('_'));
            rest.is_some_and(|(number, rest)| {
                !number.contains('/') && !rest.contains('/') && spellings.fit(rest)
            })
        };
        self.read(is_it, each).await
    }

    async fn read(&self, is_it: impl Fn(&str) -> bool, each: &mut dyn FnMut(&[u8])) -> bool {
        let mut fitting = self.files.iter().filter(|file| is_it(&file.name));
        let Some(file) = fitting.next().filter(|_| fitting.next().is_none()) else {
            return false;
        };
        let Some(mut content) = self.content.take() else {
            return false;
        };
        let mut take = |piece: &[u8]| {
            each(piece);
            false
        };
        let is_read = match file.open(&mut content, self.length).await {
            Ok(entry) => {
                let mut effort = Effort::default();
                let read = entry.read(&mut content, &mut effort, &mut take).await;
                read.is_ok()
            }
            Err(_) => false,
        };
        self.content.set(Some(content));
        is_read
    }
}

/// The names of all jobs of a run, as archives may spell them: numbers made of the spellings, and whose these are. Where
/// two different ones have the same number, they count as one spelling.
#[derive(Debug)]
pub struct JobNames(Vec<(u64, usize)>);

impl JobNames {
    /// Those of these jobs.
    pub fn of<'n>(jobs: impl IntoIterator<Item = &'n str>) -> Self {
        let mut all = Vec::new();
        for (job, name) in jobs.into_iter().enumerate() {
            all.extend(Spellings::of(name).numbers().map(|number| (number, job)));
        }
        // Numbers, as a sort of texts is five kilobytes more of the program.
        all.sort_unstable();
        Self(all)
    }

    /// Whether archives tell the log of this job, which is one of them, apart from all others.
    #[must_use]
    pub fn tell_apart(&self, job: &str) -> bool {
        Spellings::of(job).numbers().into_iter().all(|own| {
            let first = self.0.partition_point(|(number, _)| *number < own);
            let mut jobs = self.0[first..]
                .iter()
                .take_while(|(number, _)| *number == own);
            let job = jobs.next();
            jobs.all(|(_, other)| job.is_some_and(|(_, job)| job == other))
        })
    }
}

/// In UTF-16 units, where C# cuts names: also inside of a surrogate pair, of which U+FFFD is left.
const LONGEST_NAME: usize = 90;

/// What names of files cannot have on Windows, where the oldest services ran.
const NOT_IN_FILES: [char; 9] = ['/', ':', '\\', '"', '<', '>', '|', '*', '?'];

/// What is the same in every spelling of a name in archives. An older service leaves `/` and `:` out, today's writes
/// `_` for them (cli/cli#5011, #11109), and perhaps for others; space may be trimmed.
fn significant(name: &str) -> impl Iterator<Item = char> {
    name.chars().filter(|c| {
        !(c.is_whitespace() || matches!(c, '_' | '\u{fffd}') || NOT_IN_FILES.contains(c))
    })
}

/// The spellings of a job's name, of which the cut falls into other places.
struct Spellings([String; 2]);

impl Spellings {
    fn of(name: &str) -> Self {
        let spelled = |by: &str| {
            let mut units = 0;
            let spelled = name.replace(['/', ':'], by);
            let cut = spelled.chars().take_while(|c| {
                units += c.len_utf16();
                units <= LONGEST_NAME
            });
            significant(&cut.collect::<String>()).collect()
        };
        Self([spelled("_"), spelled("")])
    }

    /// The FNV-1a hashes of both.
    fn numbers(&self) -> [u64; 2] {
        let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        let Self(all) = self;
        all.each_ref()
            .map(|text| text.bytes().fold(0xcbf2_9ce4_8422_2325, step))
    }

    fn fit(&self, spelled: &str) -> bool {
        let Self(all) = self;
        all.iter()
            .any(|spelling| spelling.chars().eq(significant(spelled)))
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
        content: &Content<'_, H>,
    ) -> Result<(), Problem> {
        self.bytes = self.bytes.saturating_add(bytes as u64);
        if self.is_too_much() {
            return Err(Problem::Damage(format!(
                "it holds more than {} GiB",
                LARGEST_CONTENT >> 30
            )));
        }
        if self.bytes / BREATH > self.breaths {
            self.breaths = self.bytes / BREATH;
            content.breathe().await;
        }
        Ok(())
    }

    fn is_too_much(&self) -> bool {
        self.bytes > LARGEST_CONTENT
    }
}

/// Of how many jobs there are logs: each has a file at the top, or a folder, or
/// both. (Jobs of one name, cut to its length, may share them.)
#[derive(Default)]
struct Logs {
    top: usize,
    folders: BTreeSet<String>,
}

impl Logs {
    fn add(&mut self, name: &str) {
        match name.split_once('/') {
            None => self.top += 1,
            Some((folder, _)) if self.folders.contains(folder) => {}
            Some((folder, _)) => {
                self.folders.insert(folder.to_owned());
            }
        }
    }

    fn jobs(&self) -> usize {
        self.top.max(self.folders.len())
    }
}

/// A file's content. Inflating it here, piece by piece, leaves room for others in
/// between and costs half of what a reader for everything that a zip file may
/// contain would.
struct Entry {
    start: u64,
    size: u64,
    deflated: bool,
}

/// How far an entry was read.
enum Read {
    /// As far as it was wanted.
    Enough,
    /// To its end, which is here.
    To(u64),
}

impl Entry {
    /// Hands on the content piece by piece, until `enough` says so.
    async fn read<H: Host>(
        self,
        content: &mut Content<'_, H>,
        effort: &mut Effort,
        enough: &mut dyn FnMut(&[u8]) -> bool,
    ) -> Result<Read, Problem> {
        effort.count(OPENING, content).await?;
        if self.deflated {
            self.inflate(content, effort, enough).await
        } else {
            self.copy(content, effort, enough).await
        }
    }

    async fn copy<H: Host>(
        self,
        content: &mut Content<'_, H>,
        effort: &mut Effort,
        enough: &mut dyn FnMut(&[u8]) -> bool,
    ) -> Result<Read, Problem> {
        let end = self.start.saturating_add(self.size);
        let mut at = self.start;
        while at < end {
            let piece = content.piece(at).await?;
            if piece.is_empty() {
                return Err(Problem::Damage("a file in it breaks off".to_owned()));
            }
            let left = usize::try_from(end - at).unwrap_or(usize::MAX);
            let piece = &piece[..piece.len().min(left).min(PIECE)];
            if enough(piece) {
                return Ok(Read::Enough);
            }
            let size = piece.len();
            at += size as u64;
            effort.count(size, content).await?;
        }
        Ok(Read::To(end))
    }

    async fn inflate<H: Host>(
        self,
        content: &mut Content<'_, H>,
        effort: &mut Effort,
        enough: &mut dyn FnMut(&[u8]) -> bool,
    ) -> Result<Read, Problem> {
        let mut inflater = Decompress::new(false);
        let mut text = Vec::with_capacity(PIECE);
        loop {
            text.clear();
            let at = self.start.saturating_add(inflater.total_in());
            let left = content.piece(at).await?;
            let ends = left.is_empty();
            let status = inflater
                .decompress_vec(left, &mut text, FlushDecompress::None)
                .map_err(|error| {
                    Problem::Damage(format!("a file in it cannot be inflated: {error}"))
                })?;
            if enough(&text) {
                return Ok(Read::Enough);
            }
            let read = self.start.saturating_add(inflater.total_in()) - at;
            if status == Status::StreamEnd {
                return Ok(Read::To(at + read));
            }
            if ends && text.is_empty() {
                return Err(Problem::Damage("a file in it breaks off".to_owned()));
            }
            // What inflates to nothing is work as well.
            let read = usize::try_from(read).unwrap_or(usize::MAX);
            effort.count(text.len().max(read), content).await?;
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
