//! The bytes of an archive, wherever in it: what is at hand, else what comes
//! next, else another range.

use crate::github::{Failure, LogStream};
use crate::host::Host;

/// Gaps of this size are rather read than skipped by another request.
const SMALL_GAP: u64 = 256 << 10;

/// The bytes of an archive.
pub(super) struct Content<'c, H: Host> {
    stream: LogStream<'c, H>,
    /// What stays at hand, with its places.
    kept: Vec<(u64, Vec<u8>)>,
    /// What came last.
    current: (u64, Vec<u8>),
    /// Whether nothing more comes, and whether the beginning was all.
    ended: bool,
    is_whole: bool,
}

impl<'c, H: Host> Content<'c, H> {
    /// Reads this much of it, or all, to keep it.
    pub async fn beginning(mut stream: LogStream<'c, H>, size: u64) -> Result<Self, Failure> {
        let mut start = Vec::new();
        let mut ended = false;
        while !ended && (start.len() as u64) < size {
            match stream.chunk().await? {
                Some(piece) => start.extend(piece),
                None => ended = true,
            }
        }
        ended |= stream.length() == Some(start.len() as u64);
        Ok(Self {
            stream,
            kept: vec![(0, start)],
            current: (0, Vec::new()),
            is_whole: ended,
            ended,
        })
    }

    /// All of it, if it is at hand.
    pub fn whole(&self) -> Option<&[u8]> {
        let (_, start) = self.kept.first()?;
        self.is_whole.then_some(start)
    }

    /// How long it is, where it can be read from any place.
    pub fn length(&self) -> Option<u64> {
        match self.whole() {
            Some(whole) => Some(whole.len() as u64),
            None => self.stream.length().filter(|_| self.stream.has_ranges()),
        }
    }

    /// All of it from this place on, up to its length. It stays at hand.
    pub async fn rest(&mut self, from: u64, length: u64) -> Result<&[u8], Failure> {
        if self.is_whole {
            let (_, whole) = &self.kept[0];
            let from = usize::try_from(from).unwrap_or(usize::MAX);
            return Ok(whole.get(from..).unwrap_or_default());
        }
        let mut bytes = Vec::new();
        while from + (bytes.len() as u64) < length {
            let at = from + bytes.len() as u64;
            let piece = self.piece(at).await?;
            if piece.is_empty() {
                break;
            }
            let room = usize::try_from(length - at).unwrap_or(usize::MAX);
            bytes.extend_from_slice(&piece[..piece.len().min(room)]);
        }
        // The pieces overlap: more of the end may have been read for the second time.
        let (_, kept) = self.kept.push_mut((from, bytes));
        Ok(kept)
    }

    /// So many bytes from this place on; fewer only where it ends.
    pub async fn exactly(&mut self, at: u64, size: usize) -> Result<Vec<u8>, Failure> {
        let mut bytes = Vec::with_capacity(size);
        while bytes.len() < size {
            let piece = self.piece(at + bytes.len() as u64).await?;
            if piece.is_empty() {
                break;
            }
            let missing = size - bytes.len();
            bytes.extend_from_slice(&piece[..piece.len().min(missing)]);
        }
        Ok(bytes)
    }

    /// Some bytes from this place on; none where it ends.
    pub async fn piece(&mut self, at: u64) -> Result<&[u8], Failure> {
        if let Some(index) = self.kept.iter().position(|piece| has(piece, at)) {
            return Ok(from(&self.kept[index], at));
        }
        while !has(&self.current, at) {
            if self.ended || self.stream.length().is_some_and(|length| at >= length) {
                return Ok(&[]);
            }
            let next = self.stream.position();
            if self.stream.has_ranges() && (at < next || at - next > SMALL_GAP) {
                self.stream.seek(at).await?;
            } else if at < next {
                return Err(Failure::Malformed(
                    "the log archive cannot be read in one go".to_owned(),
                ));
            }
            match self.stream.chunk().await? {
                Some(piece) => self.current = (self.stream.position() - piece.len() as u64, piece),
                None => self.ended = true,
            }
        }
        Ok(from(&self.current, at))
    }

    /// Lets timers and deadlines have their turn in the middle of long work.
    pub async fn breathe(&self) {
        self.stream.breathe().await;
    }
}

fn has((start, bytes): &(u64, Vec<u8>), at: u64) -> bool {
    at.checked_sub(*start)
        .is_some_and(|at| at < bytes.len() as u64)
}

fn from((start, bytes): &(u64, Vec<u8>), at: u64) -> &[u8] {
    let skipped = usize::try_from(at - start).unwrap_or(usize::MAX);
    bytes.get(skipped..).unwrap_or_default()
}
