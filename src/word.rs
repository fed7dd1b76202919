//! The distinct ID as a whole word: in a title, in a step's name, in logs of
//! any size as they stream by.
//!
//! A runner masks the secrets of its workflow wherever it writes them, in the names of steps and in logs: one as short
//! as `22` stands in an ID by chance (actions/runner#326, #507).

use std::ops::Range;

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

/// What runners write for a secret.
pub const MASK: &str = "***";

/// How an ID stands in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// As it is.
    Whole,
    /// With secrets masked in it, and half of it left at least; of one that was supplied, three bytes suffice.
    Masked,
}

/// A distinct ID to look for.
#[derive(Debug, Clone)]
pub struct Word {
    finder: Finder<'static>,
    masks: Finder<'static>,
    /// Whether what is left of it beside masks is enough to know it by. Of a random UUID, half is twelve letters out of
    /// six at least; IDs that were supplied may differ in the masked part alone.
    is_known_by_half: bool,
    /// So many bytes have to be left.
    least: usize,
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
            masks: Finder::new(MASK),
            is_known_by_half: id.is_drawn(),
            least: match half(id.as_str()) {
                half if id.is_drawn() => half,
                half => half.min(LEAST_IN_QUESTION),
            },
            fixed_shape: id.is_uuid(),
        }
    }

    fn id(&self) -> &[u8] {
        self.finder.needle()
    }

    /// Whether a run is known by an ID that stands in it like this.
    #[must_use]
    pub fn is_known_by(&self, shown: Option<Shown>) -> bool {
        match shown {
            Some(Shown::Whole) => true,
            Some(Shown::Masked) => self.is_known_by_half,
            None => false,
        }
    }

    /// How the ID stands in this text; `None` if it does not.
    #[must_use]
    pub fn shown_in(&self, text: &str) -> Option<Shown> {
        self.shown_where(text.as_bytes(), |_| true)
    }

    /// What stands before and behind the ID in this text; `None` if it is not there as a whole.
    #[must_use]
    pub fn split<'t>(&self, text: &'t str) -> Option<(&'t str, &'t str)> {
        let bytes = text.as_bytes();
        let mut places = self.places(bytes);
        let place = places.find(|place| self.stands_alone(bytes, place))?;
        Some((&text[..place.start], &text[place.end..]))
    }

    /// A search through text that arrives in pieces.
    #[must_use]
    pub fn search(&self) -> Search<'_> {
        Search {
            word: self,
            pending: Vec::new(),
            decided: 0,
            shown: None,
        }
    }

    /// How the ID stands at those places that count.
    fn shown_where(&self, text: &[u8], counts: impl Fn(&Range<usize>) -> bool) -> Option<Shown> {
        let stands = |place: &Range<usize>| counts(place) && self.stands_alone(text, place);
        if self.places(text).any(|place| stands(&place)) {
            return Some(Shown::Whole);
        }
        let is_masked = self.masked_places(text).any(|place| stands(&place));
        is_masked.then_some(Shown::Masked)
    }

    /// Where the ID is, as a word or not. Places may overlap: in `x!!1!!!1!!`,
    /// `!!1!!` is twice, and only the second one stands alone.
    fn places<'t>(&'t self, text: &'t [u8]) -> impl Iterator<Item = Range<usize>> + 't {
        let mut from = 0;
        std::iter::from_fn(move || {
            let at = from + self.finder.find(text.get(from..)?)?;
            from = at + 1;
            Some(at..at + self.id().len())
        })
    }

    /// Where it is with secrets masked in it, as a word or not.
    fn masked_places<'t>(&'t self, text: &'t [u8]) -> impl Iterator<Item = Range<usize>> + 't {
        let mut from = 0;
        let masks = std::iter::from_fn(move || {
            let at = from + self.masks.find(text.get(from..)?)?;
            let stars = text[at..].iter().take_while(|byte| **byte == b'*');
            from = at + stars.count();
            Some(at)
        });
        masks.flat_map(move |mask| {
            let before = 0..=self.id().len().min(mask);
            let before = before.filter(move |kept| text[mask - kept..mask] == self.id()[..*kept]);
            before.flat_map(move |kept| {
                let ends = masked_ends(&text[mask..], self.id(), kept).into_iter();
                let ends = ends.filter(|(_, left)| *left >= self.least);
                ends.map(move |(end, _)| mask - kept..mask + end)
            })
        })
    }

    /// The most bytes that it takes with masks in it, each for one byte.
    fn widest(&self) -> usize {
        let masked = self.id().len() - self.least;
        self.least + MASK.len() * masked
    }

    fn stands_alone(&self, text: &[u8], place: &Range<usize>) -> bool {
        let before = &text[place.start.saturating_sub(BEFORE)..place.start];
        let after = &text[place.end..];
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

/// Of an ID that was supplied, so many bytes beside masks make it possible that it is meant.
const LEAST_IN_QUESTION: usize = 3;

/// Half of an ID, in bytes.
#[must_use]
pub fn half(id: &str) -> usize {
    id.len().div_ceil(2)
}

/// How many bytes are left of the ID in a text that is nothing but it, with secrets masked in it; `None` if it is not.
#[must_use]
pub fn left_beside_masks(text: &str, id: &str) -> Option<usize> {
    let (text, id) = (text.as_bytes(), id.as_bytes());
    let mask = memchr::memmem::find(text, MASK.as_bytes())?;
    if !id.starts_with(&text[..mask]) {
        return None;
    }
    let mut ends = masked_ends(&text[mask..], id, mask).into_iter();
    let (_, left) = ends.find(|(end, _)| *end == text.len() - mask)?;
    Some(left)
}

/// Where an ID may end in a text that begins with a mask, of which so many bytes stood in front of that, and how many of
/// it are left by then. Each mask is for at least one byte.
fn masked_ends(text: &[u8], id: &[u8], before: usize) -> Vec<(usize, usize)> {
    let mut ends = Vec::new();
    // Up to which bytes of the ID the text may have come.
    let mut come_to = vec![false; id.len() + 1];
    come_to[before] = true;
    let (mut at, mut left) = (0, before);
    while let Some(first) = come_to.iter().position(|may_be| *may_be)
        && at < text.len()
    {
        if text[at..].starts_with(MASK.as_bytes()) {
            at += MASK.len();
            come_to[first] = false;
            come_to[first + 1..].fill(true);
        } else {
            for place in (0..id.len()).rev() {
                come_to[place + 1] = come_to[place] && id[place] == text[at];
            }
            come_to[0] = false;
            at += 1;
            left += 1;
        }
        if come_to[id.len()] {
            ends.push((at, left));
        }
    }
    ends
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
    shown: Option<Shown>,
}

impl Search<'_> {
    /// Takes the next piece; says whether the run is known by what has come by now.
    pub fn feed(&mut self, piece: &[u8]) -> bool {
        let keep = self.keep();
        if self.is_over() || piece.len() <= 2 * keep {
            return self.take(piece);
        }
        // Only what stands at the seam is copied; the rest is searched where it lies.
        if !self.take(&piece[..keep]) {
            let up_to = piece.len() - AFTER;
            let shown = self
                .word
                .shown_where(piece, |place| place.start >= BEFORE && place.end <= up_to);
            self.note(shown);
            self.pending.clear();
            self.pending.extend_from_slice(&piece[piece.len() - keep..]);
            self.decided = keep - AFTER;
        }
        self.is_over()
    }

    fn is_over(&self) -> bool {
        self.word.is_known_by(self.shown)
    }

    fn note(&mut self, shown: Option<Shown>) {
        if self.shown != Some(Shown::Whole) {
            self.shown = shown.or(self.shown);
        }
    }

    /// How much of what has been taken may still belong to a match, or stand around it.
    fn keep(&self) -> usize {
        BEFORE + self.word.widest() + AFTER
    }

    fn take(&mut self, piece: &[u8]) -> bool {
        if self.is_over() {
            return true;
        }
        self.pending.extend_from_slice(piece);
        // A match too near to the end waits for what follows it.
        self.decide(self.pending.len().saturating_sub(AFTER));
        if let Some(surplus) = self.pending.len().checked_sub(self.keep()) {
            self.pending.drain(..surplus);
            self.decided = self.decided.saturating_sub(surplus);
        }
        self.is_over()
    }

    /// How the ID stands in what has come so far; `None` if it does not.
    #[must_use]
    pub fn finish(mut self) -> Option<Shown> {
        self.decide(self.pending.len());
        self.shown
    }

    /// Decides the matches that end up to here.
    fn decide(&mut self, up_to: usize) {
        let shown = self.word.shown_where(&self.pending, |place| {
            self.decided < place.end && place.end <= up_to
        });
        self.note(shown);
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
        let at_once = word(id).shown_in(text);
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
        at_once.is_some()
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
                    assert_eq!(found, word.shown_in(&text), "{shown:?} at {before}, {size}");
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
        assert_eq!(search.finish(), Some(Shown::Whole));
    }

    #[test]
    fn an_id_with_secrets_masked_in_it_is_seen_wherever_it_stands_as_a_word() {
        for (id, text) in [
            ("run-22-7", "ID: run-***-7"),
            ("run-22-7", "[run-***-7], *** and ***"),
            ("run-22-7", "*** run-*** run-***-7"),
            ("22-deploy", "***-deploy"),
            ("deploy-22", "x deploy-***\n"),
            ("deploy-2222", "deploy-****** is done"),
            ("22-a-22-b-c-22", "***-a-***-b-c-*** "),
            ("é-deploy-22", "\u{1b}[1m***-deploy-***"),
        ] {
            assert!(shows(id, text), "{text:?}");
            assert_eq!(word(id).shown_in(text), Some(Shown::Masked), "{text:?}");
            let both = format!("{text} {id}");
            assert_eq!(word(id).shown_in(&both), Some(Shown::Whole));
        }
        for text in [
            "***",
            "ru***",
            "ran-***-7",
            "run-***-8",
            "run-***-77",
            "xrun-***-7",
            "run-***22-7",
            "run-**-7",
        ] {
            assert!(!shows("run-22-7", text), "{text:?}");
        }
    }

    #[test]
    fn by_what_masks_leave_a_run_is_known_only_if_the_id_was_drawn() {
        let drawn = Word::new(&DistinctId::draw([7; 16]));
        let masked = Some(Shown::Masked);
        for (of, is_known) in [(&drawn, true), (&word("run-22-7"), false)] {
            let mut search = of.search();
            let id = std::str::from_utf8(of.id()).unwrap();
            search.feed(format!("{}***{} .........", &id[..3], &id[5..]).as_bytes());
            assert_eq!(search.feed(&[b'x'; 4096]), is_known);
            assert_eq!(search.finish(), masked);
        }
    }

    /// No log keeps anybody busy.
    #[test]
    fn endless_masks_are_survived() {
        let word = Word::new(&DistinctId::draw([7; 16]));
        let id = std::str::from_utf8(word.id()).unwrap();
        for text in ["*", "*** ", "-***", &format!("{}***", &id[..9])] {
            let mut search = word.search();
            for piece in text.repeat(1 << 17).as_bytes().chunks(1000) {
                assert!(!search.feed(piece));
            }
            assert_eq!(search.finish(), None);
        }
    }

    #[test]
    fn memory_stays_small_whatever_goes_by() {
        let word = word("abc-1");
        let mut search = word.search();
        for _ in 0..1000 {
            assert!(!search.feed(&[b'x'; 4096]));
            assert!(search.pending.len() <= search.keep());
        }
        assert!(!search.feed(b" abc-1"));
        assert!(search.feed(b" and then something"));
        assert_eq!(search.finish(), Some(Shown::Whole));
    }
}
