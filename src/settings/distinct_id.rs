//! The value that marks one call.

use std::fmt;

use crate::error::Error;

/// A distinct ID, and whether anybody but this call can know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DistinctId {
    text: String,
    drawn: bool,
}

impl DistinctId {
    /// A random version 4 UUID. Nobody can have known it before this call, so
    /// whatever shows it descends from this call.
    ///
    /// Its last four bytes are a checksum of the others, of which 90 bits are
    /// random: so other calls' IDs can be told from any other UUID (see
    /// [`Self::drawn_in`]).
    #[must_use]
    pub fn draw(random: [u8; 16]) -> Self {
        let mut bytes = uuid::Builder::from_random_bytes(random)
            .into_uuid()
            .into_bytes();
        let checksum = checksum(&bytes);
        bytes[12..].copy_from_slice(&checksum);
        Self {
            text: uuid::Uuid::from_bytes(bytes).hyphenated().to_string(),
            drawn: true,
        }
    }

    /// One that was drawn before, by another process of the same call.
    ///
    /// # Errors
    /// If nobody can have drawn it.
    pub fn drawn_before(text: &str) -> Result<Self, Error> {
        if Self::drawn_in(text).next() != Some(text) {
            let remedy = "Something has changed the state of this step.";
            return Err(Error::invalid("distinct_id", "was not drawn", remedy));
        }
        Ok(Self {
            text: text.to_owned(),
            drawn: true,
        })
    }

    /// The IDs in a text that were drawn, for this or any other call.
    pub fn drawn_in(text: &str) -> impl Iterator<Item = &str> {
        (0..text.len())
            .filter_map(|at| text.get(at..at + LENGTH))
            .filter(|text| {
                let uuid = uuid::Uuid::try_parse(text).map(uuid::Uuid::into_bytes);
                uuid.is_ok_and(|bytes| bytes[12..] == checksum(&bytes))
            })
    }

    /// A value that the user supplied, and may have supplied more than once.
    ///
    /// # Errors
    /// If it cannot be found again as one word of a line.
    pub fn supplied(text: &str) -> Result<Self, Error> {
        let remedy = "Leave it out to have a random UUID drawn, or give one word, such as \
                      ${{ github.run_id }}-${{ github.run_attempt }}.";
        if text.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return Err(Error::invalid(
                "distinct_id",
                "contains a space or a control character",
                remedy,
            ));
        }
        if !text.contains(char::is_alphanumeric) {
            return Err(Error::invalid(
                "distinct_id",
                "has neither a letter nor a digit",
                remedy,
            ));
        }
        if text.len() > 256 {
            return Err(Error::invalid(
                "distinct_id",
                format_args!("is {} bytes long; 256 are allowed", text.len()),
                remedy,
            ));
        }
        Ok(Self {
            text: text.to_owned(),
            drawn: false,
        })
    }

    /// The value.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it was drawn at random for this call alone.
    #[must_use]
    pub fn is_drawn(&self) -> bool {
        self.drawn
    }

    /// Whether it has a UUID's fixed shape, which no neighbouring hyphen or dot
    /// can be a continuation of.
    #[must_use]
    pub fn is_uuid(&self) -> bool {
        self.text.len() == LENGTH && uuid::Uuid::try_parse(&self.text).is_ok()
    }
}

/// Characters of a UUID.
const LENGTH: usize = 36;

/// FNV-1a of the first twelve bytes (the four others are its place).
fn checksum(bytes: &[u8; 16]) -> [u8; 4] {
    let hash = bytes[..12].iter().fold(0x811c_9dc5_u32, |hash, byte| {
        (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193)
    });
    hash.to_be_bytes()
}

impl fmt::Display for DistinctId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drawn_id_is_a_version_4_uuid() {
        let id = DistinctId::draw([0xff; 16]);
        assert!(
            id.as_str().starts_with("ffffffff-ffff-4fff-bfff-ffff"),
            "{id}"
        );
        assert!(id.is_drawn() && id.is_uuid());
        assert_ne!(id, DistinctId::draw([0xfe; 16]));
    }

    #[test]
    fn drawn_ids_are_told_from_other_uuids() {
        let (one, two) = (DistinctId::draw([7; 16]), DistinctId::draw([8; 16]));
        let text = format!("é{one}-{two} 07070707-0707-4707-8707-070707070707 {one}");
        let drawn: Vec<_> = DistinctId::drawn_in(&text).collect();
        assert_eq!(drawn, [one.as_str(), two.as_str(), one.as_str()]);
        assert_eq!(DistinctId::drawn_in("").count(), 0);
    }

    #[test]
    fn a_supplied_id_is_one_word() {
        let id = DistinctId::supplied("19-1").unwrap();
        assert!(!id.is_drawn() && !id.is_uuid());
        assert!(
            DistinctId::supplied("ffffffff-ffff-4fff-bfff-ffffffffffff")
                .unwrap()
                .is_uuid()
        );
        for text in ["", "a b", "a\nb", "--", &"x".repeat(257)] {
            let error = DistinctId::supplied(text).unwrap_err().to_string();
            assert!(error.starts_with("distinct_id "), "{error}");
        }
    }
}
