//! Archives: the ID is found where an intact file shows it, it is never found
//! where nothing shows it, memory stays in proportion to the archive, and other
//! work gets its turn.
//!
//! Input: the ID in the first line; then a zip file, or, where that does not
//! begin with `PK`, what to make one of.

use std::io::{Cursor, Read, Write};

use arbitrary::{Arbitrary, Unstructured};
use miniz_oxide::inflate::decompress_to_vec_with_limit;
use return_dispatch::github::Failure;
use return_dispatch::logs::in_archive;
use return_dispatch::settings::DistinctId;
use return_dispatch::word::{Shown, Word};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use crate::bytes::first_line;
use crate::script::{Script, client, settings};
use crate::word;

/// What is read to compare; where there is more, nothing is compared.
const ENOUGH: usize = 16 << 20;

/// The pieces in hand, an inflater and its window, whatever the archive.
const WORKING_MEMORY: u64 = 1 << 20;

/// What the archive's directory takes in memory, for each byte of the archive,
/// and the archive itself as it arrives.
const MEMORY_PER_BYTE: u64 = 16;

/// After this much text at the latest, others get their turn.
const BREATH: usize = 4 << 20;

pub(super) fn check(input: &[u8]) {
    let (id, rest) = first_line(input);
    let Ok(id) = DistinctId::supplied(&id) else {
        return;
    };
    if rest.starts_with(b"PK") {
        search(&id, rest);
    } else if let Ok(recipe) = Recipe::arbitrary(&mut Unstructured::new(rest)) {
        let intact = recipe.build(id.as_str());
        search(&id, &intact);
        search(&id, &recipe.damage(intact));
    }
}

fn search(id: &DistinctId, archive: &[u8]) {
    let mut result = None;
    let script = Script::of_body(archive, 4_096);
    let memory = allocation_counter::measure(|| result = Some(answer(id, &script)));
    let allowed = WORKING_MEMORY + MEMORY_PER_BYTE * archive.len() as u64;
    assert!(
        memory.bytes_max <= allowed,
        "{} bytes in memory for an archive of {}",
        memory.bytes_max,
        archive.len()
    );
    let result = result.expect("there is an answer");
    let Some(reference) = Reference::read(id, archive) else {
        return;
    };
    match result {
        Ok(true) => assert!(reference.shown, "found where nothing shows it"),
        Ok(false) => {
            assert!(!reference.shown_intact, "not found, and nothing said");
            assert!(reference.complete, "not all was read, and nothing said");
            let breaths = script.breaths.get();
            assert!(breaths >= reference.length / BREATH, "{breaths} breaths");
        }
        Err(failure) => {
            assert!(!reference.shown_intact, "not found: {failure}");
            assert!(!reference.intact, "nothing is wrong with it: {failure}");
        }
    }
}

fn answer(id: &DistinctId, script: &Script) -> Result<bool, Failure> {
    let settings = settings();
    let client = client(script, &settings);
    script.block_on(async {
        let stream = client.log_archive(1).await?;
        let shown = in_archive(stream, 0, &Word::new(id)).await?;
        Ok(shown == Some(Shown::Whole))
    })
}

/// What a plain reading of the archive says.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a question of its own"
)]
struct Reference {
    /// Everything in it can be read.
    intact: bool,
    /// Every file can be inflated to its end, whatever sizes and checksums say.
    complete: bool,
    /// A file that can be read as a whole shows the ID.
    shown_intact: bool,
    /// Anything that can be inflated shows the ID.
    shown: bool,
    /// Bytes in all files.
    length: usize,
}

impl Reference {
    /// `None`: there is too much to read.
    fn read(id: &DistinctId, bytes: &[u8]) -> Option<Self> {
        let shows = |text: &[u8]| word::find(text, id.as_str(), id.is_uuid()).is_some();
        let mut reference = Self {
            intact: true,
            complete: true,
            shown_intact: false,
            shown: false,
            length: 0,
        };
        let Ok(mut archive) = ZipArchive::new(Cursor::new(bytes)) else {
            reference.intact = false;
            reference.complete = false;
            return Some(reference);
        };
        let mut total = 0;
        for index in 0..archive.len() {
            let mut text = Vec::new();
            let whole = archive.by_index(index).is_ok_and(|file| {
                let limit = u64::try_from(ENOUGH).unwrap_or(u64::MAX);
                file.take(limit).read_to_end(&mut text).is_ok()
            });
            total += text.len();
            reference.length += text.len();
            reference.intact &= whole;
            reference.shown_intact |= whole && shows(&text);
            let (text, complete) = inflated(&mut archive, index, bytes).unwrap_or_default();
            total += text.len();
            reference.complete &= complete;
            reference.shown |= shows(&text);
            if total >= ENOUGH {
                return None;
            }
        }
        Some(reference)
    }
}

/// What can be inflated of a file, whatever its sizes and checksum say, and
/// whether that is all of it.
fn inflated(
    archive: &mut ZipArchive<Cursor<&[u8]>>,
    index: usize,
    bytes: &[u8],
) -> Option<(Vec<u8>, bool)> {
    let file = archive.by_index_raw(index).ok()?;
    let rest = bytes.get(usize::try_from(file.data_start()?).ok()?..)?;
    match file.compression() {
        CompressionMethod::STORE => {
            let size = usize::try_from(file.compressed_size()).ok()?;
            Some((rest.get(..size)?.to_vec(), true))
        }
        CompressionMethod::DEFLATE => match decompress_to_vec_with_limit(rest, ENOUGH) {
            Ok(text) => Some((text, true)),
            Err(error) => Some((error.output, false)),
        },
        _ => None,
    }
}

/// What an archive is made of.
#[derive(Debug, Arbitrary)]
struct Recipe {
    files: Vec<File>,
    /// Places, and what to turn over there.
    damage: Vec<(u16, u8)>,
    /// Bytes that are missing at the end.
    missing: u8,
}

#[derive(Debug, Arbitrary)]
struct File {
    in_folder: bool,
    deflated: bool,
    text: Vec<Piece>,
}

#[derive(Debug, Arbitrary)]
enum Piece {
    Id,
    Space,
    Joint,
    Letter,
    Repeated(u8, u16),
    Bytes(Vec<u8>),
}

impl Recipe {
    fn build(&self, id: &str) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (number, file) in self.files.iter().enumerate() {
            let folder = if file.in_folder { "job/" } else { "" };
            let method = if file.deflated {
                CompressionMethod::DEFLATE
            } else {
                CompressionMethod::STORE
            };
            let options = SimpleFileOptions::default().compression_method(method);
            writer
                .start_file(format!("{folder}{number}_log.txt"), options)
                .and_then(|()| Ok(writer.write_all(&file.content(id))?))
                .expect("it is written to memory");
        }
        let archive = writer.finish().expect("it is written to memory");
        archive.into_inner()
    }

    fn damage(&self, mut archive: Vec<u8>) -> Vec<u8> {
        for (place, difference) in &self.damage {
            // Counted from the end, where the directory is.
            let place = archive.len().checked_sub(1 + usize::from(*place));
            if let Some(byte) = place.and_then(|place| archive.get_mut(place)) {
                *byte ^= difference;
            }
        }
        archive.truncate(archive.len().saturating_sub(usize::from(self.missing)));
        archive
    }
}

impl File {
    fn content(&self, id: &str) -> Vec<u8> {
        let mut content = Vec::new();
        for piece in &self.text {
            match piece {
                Piece::Id => content.extend(id.bytes()),
                Piece::Space => content.push(b' '),
                Piece::Joint => content.push(b'-'),
                Piece::Letter => content.push(b'x'),
                Piece::Repeated(byte, times) => {
                    content.resize(content.len() + usize::from(*times), *byte);
                }
                Piece::Bytes(bytes) => content.extend(bytes),
            }
        }
        content
    }
}
