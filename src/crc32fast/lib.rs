//! CRC-32 (that of zip and gzip) under the name and with the functions by which the crate zip asks for it.
//!
//! The crate of that name brings tables of 16 KiB that do not compress, beside those of zlib-rs, which is linked in any
//! case. WebAssembly that is loaded with every call has no use for both.

/// A checksum that grows with what it is given.
#[derive(Debug, Clone, Default)]
pub struct Hasher(u32);

impl Hasher {
    /// The checksum of nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Goes on from the checksum of what came before. How much that was is of no account here.
    #[must_use]
    pub fn new_with_initial_len(checksum: u32, _length: u64) -> Self {
        Self(checksum)
    }

    /// Adds these bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0 = zlib_rs::crc32::crc32(self.0, bytes);
    }

    /// The checksum of all that was added.
    #[must_use]
    pub fn finalize(self) -> u32 {
        self.0
    }
}

/// The checksum of these bytes.
#[must_use]
pub fn hash(bytes: &[u8]) -> u32 {
    zlib_rs::crc32::crc32(0, bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The check value of CRC-32/ISO-HDLC: what every implementation must make of these nine digits.
    const CHECK: u32 = 0xcbf4_3926;

    #[test]
    fn it_is_the_checksum_of_zip() {
        assert_eq!(hash(b"123456789"), CHECK);
        let mut hasher = Hasher::new();
        hasher.update(b"1234");
        hasher.update(b"56789");
        assert_eq!(hasher.finalize(), CHECK);
        let mut resumed = Hasher::new_with_initial_len(hash(b"12345678"), 8);
        resumed.update(b"9");
        assert_eq!(resumed.finalize(), CHECK);
        assert_eq!(hash(b""), 0);
    }
}
