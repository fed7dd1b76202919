//! The zip archive of a run's logs, and the ways in which one can be broken.

use std::{collections::BTreeSet, io::Write};

use flate2::{Compress, Compression, Crc, FlushCompress};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use crate::{
    log::JobLog,
    scenario::{Archive, ArchiveNames},
    time::Clock,
};

/// How many times [`Archive::Bomb`] repeats [`BOMB_BLOCK`] bytes: a power of two.
const BOMB_BLOCKS: usize = 512;
const BOMB_BLOCK: usize = 1 << 20;

/// Builds the archive of these logs, which are in the order of the run's jobs.
pub(crate) fn build(
    shape: Archive,
    names: ArchiveNames,
    logs: &[JobLog<'_>],
    clock: Clock,
) -> Vec<u8> {
    let entries = |logs, clock| entries(names, logs, clock);
    let result = match shape {
        Archive::Normal => zipped(&entries(logs, clock)),
        Archive::Truncated => zipped(&entries(logs, clock)).map(|mut bytes| {
            bytes.truncate(bytes.len() / 2);
            bytes
        }),
        Archive::WrongSize => zipped(&entries(logs, clock)).map(|mut bytes| {
            falsify_sizes(&mut bytes);
            bytes
        }),
        Archive::MissingEntry => {
            let mut entries = entries(logs, clock);
            entries.retain(|(name, _)| name.contains('/'));
            zipped(&entries)
        }
        Archive::PathTraversal => {
            let mut entries = entries(logs, clock);
            for (name, _) in &mut entries {
                name.insert_str(0, "../../../");
            }
            zipped(&entries)
        }
        Archive::Bomb => Ok(bomb()),
        Archive::Empty => zipped(&[]),
        Archive::NotAZip => Ok(b"<html><body>Service unavailable</body></html>".to_vec()),
    };
    // Writing to memory does not fail; a name that zip refuses leaves an archive without entries.
    result.unwrap_or_default()
}

/// `0_job.txt` for each job, then `job/1_step.txt` for each of its steps.
fn entries(names: ArchiveNames, logs: &[JobLog<'_>], clock: Clock) -> Vec<(String, Vec<u8>)> {
    let mut entries = Vec::new();
    for (index, log) in logs.iter().enumerate() {
        let name = file_name(names, &log.plan.name);
        entries.push((format!("{index}_{name}.txt"), log.text(clock)));
    }
    for log in logs {
        let folder = file_name(names, &log.plan.name);
        for (number, step, text) in log.steps(clock) {
            entries.push((
                format!("{folder}/{number}_{}.txt", file_name(names, step)),
                text,
            ));
        }
    }
    entries
}

/// The name of a job or step as the archive spells it, cut to 90 UTF-16 units as C# does (possibly inside a surrogate
/// pair), then trimmed.
fn file_name(names: ArchiveNames, name: &str) -> String {
    let spelled = match names {
        ArchiveNames::Replaced => name.replace(['/', ':'], "_"),
        ArchiveNames::Removed => name.replace(['/', ':'], ""),
    };
    let units: Vec<u16> = spelled.encode_utf16().take(90).collect();
    String::from_utf16_lossy(&units).trim().to_owned()
}

/// Writes the entries as GitHub does: deflated in one pass, so that sizes follow the data.
fn zipped(entries: &[(String, Vec<u8>)]) -> zip::result::ZipResult<Vec<u8>> {
    let mut writer = ZipWriter::new_stream(Vec::new());
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    // Names that differ only in what is taken away are the same here, and the first one stays.
    let mut names = BTreeSet::new();
    for (name, text) in entries.iter().filter(|(name, _)| names.insert(name)) {
        writer.start_file(name.as_str(), options)?;
        writer.write_all(text)?;
    }
    Ok(writer.finish()?.into_inner())
}

/// Changes checksum and sizes in the central directory, and nothing else.
fn falsify_sizes(bytes: &mut [u8]) {
    const HEADER: &[u8] = b"PK\x01\x02";
    // The directory's offset stands in the last 22 bytes, which have no comment behind them.
    let Some(end) = bytes.len().checked_sub(22) else {
        return;
    };
    let mut at = u32_at(bytes, end + 16) as usize;
    while bytes
        .get(at..at + 46)
        .is_some_and(|header| header.starts_with(HEADER))
    {
        bytes[at + 16..at + 20].copy_from_slice(&[0xde, 0xad, 0xbe, 0xef]);
        bytes[at + 20..at + 24].copy_from_slice(&7_u32.to_le_bytes());
        bytes[at + 24..at + 28].copy_from_slice(&3_u32.to_le_bytes());
        at += 46
            + [28, 30, 32]
                .map(|field| u16_at(bytes, at + field))
                .iter()
                .sum::<usize>();
    }
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    let mut word = [0; 4];
    word.copy_from_slice(&bytes[at..at + 4]);
    u32::from_le_bytes(word)
}

fn u16_at(bytes: &[u8], at: usize) -> usize {
    usize::from(u16::from_le_bytes([bytes[at], bytes[at + 1]]))
}

/// One entry of zeros. The zeros are deflated once, up to a point where the stream can be
/// repeated, so that it costs nothing to make.
fn bomb() -> Vec<u8> {
    const NAME: &[u8] = b"0_build.txt";
    let zeros = vec![0; BOMB_BLOCK];
    let mut block = Vec::with_capacity(BOMB_BLOCK / 100);
    // A full flush ends on a byte and forgets what came before.
    let flushed = Compress::new(Compression::best(), false).compress_vec(
        &zeros,
        &mut block,
        FlushCompress::Full,
    );
    debug_assert!(flushed.is_ok());
    let mut data = block.repeat(BOMB_BLOCKS);
    data.extend_from_slice(&[0x03, 0x00]); // the last block, empty

    let mut checksum = Crc::new();
    checksum.update(&zeros);
    let mut blocks = 1;
    while blocks < BOMB_BLOCKS {
        let mut half = Crc::new();
        half.combine(&checksum);
        checksum.combine(&half);
        blocks *= 2;
    }

    let [crc, packed, unpacked] = [
        checksum.sum(),
        to_u32(data.len()),
        to_u32(BOMB_BLOCK * BOMB_BLOCKS),
    ];
    let sizes = [crc, packed, unpacked].map(u32::to_le_bytes).concat();
    // Version 2.0, sizes behind the data, deflated, 1 January 1980.
    let common = [20, 0, 8, 0, 8, 0, 0, 0, 0x21, 0];
    let name_length = to_u32(NAME.len()).to_le_bytes();

    let mut zip = b"PK\x03\x04".to_vec();
    zip.extend_from_slice(&common);
    zip.extend_from_slice(&[0; 12]);
    zip.extend_from_slice(&name_length);
    zip.extend_from_slice(NAME);
    zip.extend_from_slice(&data);
    zip.extend_from_slice(b"PK\x07\x08");
    zip.extend_from_slice(&sizes);

    let directory = zip.len();
    zip.extend_from_slice(b"PK\x01\x02\x14\x00");
    zip.extend_from_slice(&common);
    zip.extend_from_slice(&sizes);
    zip.extend_from_slice(&name_length);
    zip.extend_from_slice(&[0; 14]);
    zip.extend_from_slice(NAME);

    let directory_length = zip.len() - directory;
    zip.extend_from_slice(b"PK\x05\x06\0\0\0\0\x01\0\x01\0");
    zip.extend_from_slice(&to_u32(directory_length).to_le_bytes());
    zip.extend_from_slice(&to_u32(directory).to_le_bytes());
    zip.extend_from_slice(&[0; 2]);
    zip
}

fn to_u32(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    #[test]
    fn names_in_the_archive_are_cleaned_and_cut() {
        assert_eq!(
            file_name(ArchiveNames::Removed, "build / test: all"),
            "build  test all"
        );
        let file_name = |name: &str| file_name(ArchiveNames::Replaced, name);
        assert_eq!(file_name("build / test: all"), "build _ test_ all");
        assert_eq!(file_name(&"x".repeat(200)).len(), 90);
        // One that takes two units does not fit into the last one.
        assert_eq!(
            file_name(&("x".repeat(89) + "🚀y")),
            "x".repeat(89) + "\u{fffd}"
        );
    }

    #[test]
    fn a_bomb_is_small_and_inflates_to_512_mebibytes() {
        let bytes = bomb();
        assert!(bytes.len() < 1 << 20, "{}", bytes.len());
        let mut archive = zip::ZipArchive::new(io::Cursor::new(bytes)).expect("a zip");
        let mut entry = archive.by_index(0).expect("an entry");
        assert_eq!(entry.size(), 512 << 20);
        // Reading to the end checks the sum.
        assert_eq!(
            io::copy(&mut entry, &mut io::sink()).expect("whole"),
            512 << 20
        );
    }
}
