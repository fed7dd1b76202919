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
    #[must_use]
    pub fn draw(random: [u8; 16]) -> Self {
        let uuid = uuid::Builder::from_random_bytes(random).into_uuid();
        Self {
            text: uuid.hyphenated().to_string(),
            drawn: true,
        }
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
        self.text.len() == 36 && uuid::Uuid::try_parse(&self.text).is_ok()
    }
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
        assert_eq!(id.as_str(), "ffffffff-ffff-4fff-bfff-ffffffffffff");
        assert!(id.is_drawn() && id.is_uuid());
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
