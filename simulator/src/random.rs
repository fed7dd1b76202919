//! Chance, all of it from one seed.

use std::fmt::Write as _;

/// A small generator (SplitMix64): the same seed gives the same numbers on every platform.
#[derive(Debug, Clone)]
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn seeded(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.0)
    }

    /// A number from 0 to `limit - 1`.
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit.max(1)
    }

    /// A number from 0 to just below 1.
    #[allow(clippy::cast_precision_loss)] // 53 bits fit
    pub(crate) fn fraction(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A random (version 4) UUID.
    pub(crate) fn uuid(&mut self) -> String {
        let (high, low) = (self.next(), self.next());
        format!(
            "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
            high >> 32,
            (high >> 16) & 0xffff,
            high & 0xfff,
            (low >> 48) & 0x3fff | 0x8000,
            low & 0xffff_ffff_ffff,
        )
    }
}

fn mix(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

/// A stable digest of some bytes: for `ETag`s, signatures and commit hashes, not for security.
pub(crate) fn digest(seed: u64, bytes: &[u8]) -> u64 {
    let mut state = mix(seed ^ bytes.len() as u64);
    let mut words = bytes.chunks_exact(8);
    for word in &mut words {
        let word = word.try_into().map_or(0, u64::from_le_bytes);
        state = (state ^ word)
            .wrapping_mul(0x9fb2_1c65_1e98_df25)
            .rotate_left(31);
    }
    for byte in words.remainder() {
        state = (state ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    }
    mix(state)
}

/// A digest as hexadecimal digits, up to 64 of them.
pub(crate) fn hex_digest(seed: u64, bytes: &[u8], digits: usize) -> String {
    let first = digest(seed, bytes);
    let mut more = Random::seeded(first);
    let mut text = format!("{first:016x}");
    while text.len() < digits {
        // Writing to a string does not fail.
        let _ = write!(text, "{:016x}", more.next());
    }
    text.truncate(digits);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_seed_gives_one_sequence() {
        let draw = |seed| {
            let mut random = Random::seeded(seed);
            (random.next(), random.uuid(), random.below(10))
        };
        assert_eq!(draw(7), draw(7));
        assert_ne!(draw(7), draw(8));
    }

    #[test]
    fn a_uuid_looks_like_one() {
        let uuid = Random::seeded(1).uuid();
        assert_eq!(uuid.len(), 36);
        assert_eq!(&uuid[14..15], "4");
        assert!(matches!(&uuid[19..20], "8" | "9" | "a" | "b"));
    }

    #[test]
    fn a_digest_sees_every_byte() {
        assert_ne!(digest(0, b"12345678a"), digest(0, b"12345678b"));
        assert_ne!(digest(0, b"12345678"), digest(0, b"12345679"));
        assert_eq!(hex_digest(0, b"x", 40).len(), 40);
    }
}
