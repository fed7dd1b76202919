//! The distinct ID as a whole word: in a title, in a step's name, in logs of
//! any size as they stream by.

use memchr::memmem::Finder;

use crate::settings::DistinctId;

/// Context that decides whether a match stands alone: enough in front for an
/// ANSI colour sequence or a run of hyphens, enough behind for two characters.
const BEFORE: usize = 32;
const AFTER: usize = 8;

/// Characters that join words into longer ones. They end the ID only where no
/// word follows: `abc-1` stands in `abc-1.` and `abc-1 - done`, but neither in
/// `abc-1.2` nor in `abc-1-2`, which are other IDs.
const JOINTS: [char; 4] = ['-', '.', '+', '~'];

/// A distinct ID to look for.
#[derive(Debug, Clone)]
pub struct Word {
    finder: Finder<'static>,
    length: usize,
    /// A UUID's shape is fixed, so a joint beside it continues nothing:
    /// `deploy-<uuid>-eu` shows the ID.
    fixed_shape: bool,
}

impl Word {
    /// Prepares the search for an ID.
    #[must_use]
    pub fn new(id: &DistinctId) -> Self {
        Self {
            finder: Finder::new(id.as_str()).into_owned(),
            length: id.as_str().len(),
            fixed_shape: id.is_uuid(),
        }
    }

    /// Whether the ID stands in this text.
    #[must_use]
    pub fn is_in(&self, text: &str) -> bool {
        self.split(text).is_some()
    }

    /// What stands before and behind the ID in this text; `None` if it is not there.
    #[must_use]
    pub fn split<'t>(&self, text: &'t str) -> Option<(&'t str, &'t str)> {
        let bytes = text.as_bytes();
        let at = self
            .places(bytes)
            .find(|at| self.stands_alone(bytes, *at))?;
        Some((&text[..at], &text[at + self.length..]))
    }

    /// A search through text that arrives in pieces.
    #[must_use]
    pub fn search(&self) -> Search<'_> {
        Search {
            word: self,
            pending: Vec::new(),
            decided: 0,
            found: false,
        }
    }

    /// Where the ID is, as a word or not. Places may overlap: in `x!!1!!!1!!`,
    /// `!!1!!` is twice, and only the second one stands alone.
    fn places<'t>(&'t self, text: &'t [u8]) -> impl Iterator<Item = usize> + 't {
        let mut from = 0;
        std::iter::from_fn(move || {
            let at = from + self.finder.find(text.get(from..)?)?;
            from = at + 1;
            Some(at)
        })
    }

    fn stands_alone(&self, text: &[u8], at: usize) -> bool {
        let before = &text[at.saturating_sub(BEFORE)..at];
        let after = &text[at + self.length..];
        let after = &after[..after.len().min(AFTER)];
        if ends_with_ansi_sequence(before) {
            return self.ends(after);
        }
        self.begins(before) && self.ends(after)
    }

    fn begins(&self, before: &[u8]) -> bool {
        let mut rest = before;
        while let Some(c) = last_char(rest) {
            if is_word(c) {
                return false;
            }
            if self.fixed_shape || !JOINTS.contains(&c) {
                return true;
            }
            rest = &rest[..rest.len() - c.len_utf8()];
        }
        // Bytes that are no text end a word; joints as far as the context goes do
        // only where that is the text's beginning.
        !rest.is_empty() || before.len() < BEFORE
    }

    fn ends(&self, after: &[u8]) -> bool {
        let mut rest = after;
        while let Some(c) = first_char(rest) {
            if is_word(c) {
                return false;
            }
            if self.fixed_shape || !JOINTS.contains(&c) {
                return true;
            }
            rest = &rest[c.len_utf8()..];
        }
        !rest.is_empty() || after.len() < AFTER
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The first character; `None` at the end and where there is no UTF-8.
fn first_char(text: &[u8]) -> Option<char> {
    let piece = &text[..text.len().min(4)];
    match std::str::from_utf8(piece) {
        Ok(piece) => piece.chars().next(),
        Err(error) => {
            let valid = &piece[..error.valid_up_to()];
            std::str::from_utf8(valid).ok()?.chars().next()
        }
    }
}

/// The last character; `None` at the beginning and where there is no UTF-8.
fn last_char(text: &[u8]) -> Option<char> {
    (1..=text.len().min(4)).find_map(|length| {
        let piece = std::str::from_utf8(&text[text.len() - length..]).ok()?;
        piece.chars().next()
    })
}

/// Whether an ANSI control sequence such as `ESC[36;1m` ends here; its last
/// letter is no part of the text.
fn ends_with_ansi_sequence(before: &[u8]) -> bool {
    let Some((last, rest)) = before.split_last() else {
        return false;
    };
    if !(0x40..=0x7e).contains(last) {
        return false;
    }
    let parameters = rest
        .iter()
        .rev()
        .take_while(|b| (0x20..=0x3f).contains(*b))
        .count();
    rest[..rest.len() - parameters].ends_with(b"\x1b[")
}

/// A search in progress.
#[derive(Debug)]
pub struct Search<'w> {
    word: &'w Word,
    /// The last of what came, kept until it is clear what follows.
    pending: Vec<u8>,
    /// Matches that end up to here in `pending` have been decided, with more in
    /// front of them than may be left now.
    decided: usize,
    found: bool,
}

impl Search<'_> {
    /// Takes the next piece; says whether the ID has been found by now.
    pub fn feed(&mut self, piece: &[u8]) -> bool {
        let keep = self.keep();
        if self.found || piece.len() <= 2 * keep {
            return self.take(piece);
        }
        // Only what stands at the seam is copied; the rest is searched where it lies.
        if !self.take(&piece[..keep]) {
            let word = self.word;
            let up_to = piece.len() - AFTER;
            self.found = word
                .places(piece)
                .filter(|at| *at >= BEFORE && *at + word.length <= up_to)
                .any(|at| word.stands_alone(piece, at));
            self.pending.clear();
            self.pending.extend_from_slice(&piece[piece.len() - keep..]);
            self.decided = keep - AFTER;
        }
        self.found
    }

    /// How much of what has been taken may still belong to a match, or stand around it.
    fn keep(&self) -> usize {
        BEFORE + self.word.length + AFTER
    }

    fn take(&mut self, piece: &[u8]) -> bool {
        if self.found {
            return true;
        }
        self.pending.extend_from_slice(piece);
        // A match too near to the end waits for what follows it.
        self.decide(self.pending.len().saturating_sub(AFTER));
        if let Some(surplus) = self.pending.len().checked_sub(self.keep()) {
            self.pending.drain(..surplus);
            self.decided = self.decided.saturating_sub(surplus);
        }
        self.found
    }

    /// The text is at its end; says whether the ID was in it.
    #[must_use]
    pub fn finish(mut self) -> bool {
        self.decide(self.pending.len());
        self.found
    }

    /// Decides the matches that end up to here.
    fn decide(&mut self, up_to: usize) {
        let (text, word) = (self.pending.as_slice(), self.word);
        self.found |= word
            .places(text)
            .map(|at| (at, at + word.length))
            .take_while(|(_, end)| *end <= up_to)
            .filter(|(_, end)| *end > self.decided)
            .any(|(at, _)| word.stands_alone(text, at));
        self.decided = self.decided.max(up_to);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const UUID: &str = "0f0e0d0c-1111-4222-8333-444455556666";

    fn word(id: &str) -> Word {
        Word::new(&DistinctId::supplied(id).unwrap())
    }

    fn shows(id: &str, text: &str) -> bool {
        let at_once = word(id).is_in(text);
        // The same in pieces of every size.
        for size in [1, 2, 3, 7, 50, 1000] {
            let word = word(id);
            let mut search = word.search();
            for piece in text.as_bytes().chunks(size) {
                search.feed(piece);
            }
            assert_eq!(
                search.finish(),
                at_once,
                "{id} in {text:?}, pieces of {size}"
            );
        }
        at_once
    }

    #[test]
    fn long_pieces_are_searched_like_the_whole() {
        let word = word("abc-1");
        for shown in [
            "abc-1",
            "xabc-1",
            "abc-1x",
            "\u{1b}[1mabc-1",
            "abc-1\u{1b}[0m",
            "äabc-1",
        ] {
            for before in 0..300 {
                let text = format!("{}{shown}{}", " ".repeat(before), " ".repeat(300 - before));
                for size in [91, 100, 128, 256] {
                    let mut search = word.search();
                    for piece in text.as_bytes().chunks(size) {
                        search.feed(piece);
                    }
                    let found = search.finish();
                    assert_eq!(found, word.is_in(&text), "{shown:?} at {before}, {size}");
                }
            }
        }
    }

    #[test]
    fn an_id_is_found_wherever_it_stands_as_a_word() {
        for text in [
            "abc-1",
            "ID: abc-1",
            "Deploy [abc-1]",
            "Deploy (abc-1), again",
            "id=abc-1;",
            "id:abc-1.",
            "abc-1 - done",
            "- abc-1",
            "\"abc-1\"",
            "ä abc-1 ü",
            "「abc-1」",
            "Run echo abc-1",
            "2026-01-01T00:00:00.0000000Z abc-1\n",
            "\u{1b}[36;1mabc-1\u{1b}[0m",
            "abc-12 abc-1",
            "refs/abc-1/x",
            "--- abc-1 ---",
        ] {
            assert!(shows("abc-1", text), "{text:?}");
        }
    }

    #[test]
    fn an_id_that_overlaps_itself_is_found() {
        assert!(shows("!!1!!", "x!!1!!!1!!"));
        assert!(!shows("!!1!!", "x!!1!!!1!!x"));
    }

    #[test]
    fn an_id_is_not_found_inside_a_longer_word() {
        for text in [
            "", "abc-12", "xabc-1", "abc-1_2", "abc-1-2", "abc-1.2", "0-abc-1", "x--abc-1",
            "äabc-1", "abc-1é", "abc-1x", "abc -1", "ABC-1", "mabc-1", "[0mabc-1",
        ] {
            assert!(!shows("abc-1", text), "{text:?}");
        }
    }

    #[test]
    fn a_uuid_needs_no_more_than_the_end_of_its_digits() {
        for text in [
            format!("deploy-{UUID}-eu"),
            format!("{UUID}.log"),
            format!("x.{UUID}"),
        ] {
            assert!(shows(UUID, &text), "{text}");
        }
        for text in [
            format!("a{UUID}"),
            format!("{UUID}0"),
            format!("{UUID}_"),
            UUID.to_uppercase(),
        ] {
            assert!(!shows(UUID, &text), "{text}");
        }
    }

    #[test]
    fn where_the_pieces_are_cut_makes_no_difference() {
        for (text, expected) in [
            ("xabc-1", false),
            (" abc-1 ", true),
            ("abc-1-", true),
            ("abc-1-2", false),
        ] {
            for (front, behind) in [(0, 0), (60, 0), (0, 60), (61, 59), (200, 200)] {
                let text = format!(
                    "{}{text}{}",
                    ". ".repeat(front / 2),
                    " .".repeat(behind / 2)
                );
                assert_eq!(shows("abc-1", &text), expected, "{text:?}");
            }
        }
    }

    #[test]
    fn endless_joints_neither_hang_nor_match() {
        let joints = "-".repeat(100);
        assert!(!shows("abc-1", &format!("x{joints}abc-1")));
        assert!(!shows("abc-1", &format!("abc-1{joints}x")));
    }

    #[test]
    fn bytes_that_are_no_text_are_no_words() {
        let word = word("abc-1");
        let mut search = word.search();
        search.feed(b"\xff\xfeabc-1\xff");
        assert!(search.finish());
    }

    #[test]
    fn memory_stays_small_whatever_goes_by() {
        let word = word("abc-1");
        let mut search = word.search();
        for _ in 0..1000 {
            assert!(!search.feed(&[b'x'; 4096]));
            assert!(search.pending.len() <= BEFORE + "abc-1".len() + AFTER);
        }
        assert!(!search.feed(b" abc-1"));
        assert!(search.feed(b" and then something"));
        assert!(search.finish());
    }
}
