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
    /// A random version 4 UUID of 78 random bits. Nobody can have known it before this call, so
    /// whatever shows it descends from this call.
    ///
    /// Its digits are the letters a to f alone, except for the 4 of its version: runners mask secrets wherever they
    /// stand, and of two given digits (a port, for example) one in eleven random UUIDs would be masked
    /// (actions/runner#326, #507). That shape also tells the IDs of other calls from any other UUID (see
    /// [`Self::drawn_in`]): one in 10^13 has it by chance.
    #[must_use]
    pub fn draw(random: [u8; 16]) -> Self {
        // Sixteen letters have 6^16 values, of the 2^64 of a half: no letter is likelier by more than 10^-6.
        let (first, second) = random.split_at(8);
        let mut halves = [first, second].map(|half| {
            let shifted = |number, byte: &u8| number << 8 | u64::from(*byte);
            half.iter().fold(0, shifted)
        });
        let mut next = |place: usize, letters: u64| {
            let half = &mut halves[place % 2];
            let letter = *half % letters;
            *half /= letters;
            letter
        };
        let text = SHAPE.char_indices().map(|(place, kind)| match kind {
            'x' => letter(next(place, 6)),
            'y' => letter(next(place, 2)),
            other => other,
        });
        Self {
            text: text.collect(),
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
                let mut pairs = text.chars().zip(SHAPE.chars());
                pairs.all(|(c, kind)| match kind {
                    'x' => ('a'..='f').contains(&c),
                    'y' => matches!(c, 'a' | 'b'),
                    other => c == other,
                })
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

/// The shape of an ID that was drawn: `x` is a letter from a to f, `y` an a or a b (a UUID's variant).
const SHAPE: &str = "xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx";

/// `a` and the letters after it.
fn letter(number: u64) -> char {
    char::from_digit(10 + u32::try_from(number).unwrap_or_default(), 16).unwrap_or('a')
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
        let uuid = uuid::Uuid::try_parse(id.as_str()).unwrap();
        assert_eq!(
            (uuid.get_version_num(), uuid.get_variant()),
            (4, uuid::Variant::RFC4122)
        );
        assert!(id.is_drawn() && id.is_uuid());
        assert_ne!(id, DistinctId::draw([0xfe; 16]));
    }

    #[test]
    fn a_drawn_id_has_no_digit_but_its_version() {
        let mut letters = std::collections::BTreeSet::new();
        for number in 0..2_000_u128 {
            let id = DistinctId::draw((number * 0x1234_5678_9abc_def1_2345_6789).to_be_bytes());
            let digits: Vec<_> = id.as_str().match_indices(char::is_numeric).collect();
            assert_eq!(digits, [(14, "4")], "{id}");
            letters.extend(id.as_str().char_indices());
            assert_eq!(DistinctId::drawn_before(id.as_str()).unwrap(), id);
        }
        // Each letter at each place, two at that of the variant; hyphens, and the version.
        assert_eq!(letters.len(), 30 * 6 + 2 + 4 + 1);
    }

    #[test]
    fn drawn_ids_are_told_from_other_uuids() {
        let (one, two) = (DistinctId::draw([7; 16]), DistinctId::draw([8; 16]));
        let others = "07070707-0707-4707-8707-070707070707 aaaaaaaa-aaaa-4aaa-caaa-aaaaaaaaaaaa";
        let text = format!("é{one}-{two} {others} {one}");
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
