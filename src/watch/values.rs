//! Values that a run returns: lines of its logs that start with the distinct ID.
//!
//! ```text
//! 2026-01-01T00:00:00.0000000Z <distinct ID> version=1.2.3
//! 2026-01-01T00:00:00.0000000Z <distinct ID> files:json=["a","b"]
//! ```
//!
//! Only what stands at the very beginning of a line counts, after the runner's
//! timestamp and the BOM of a log's first line: the runner shows the source of
//! a script in colours and behind `##[group]Run`, so a script that prints a
//! value does not return it a second time.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

use crate::logs::after_timestamp;
use crate::settings::DistinctId;
use crate::word::{MASK, half, left_beside_masks};

/// All values together, as they are handed on.
const MOST_BYTES: usize = 1 << 20;

/// What is kept of them until it is known which of a name is the last.
const MOST_KEPT: usize = 4 * MOST_BYTES;

/// JSON that is deeper is beyond what programs read (`fromJSON` of GitHub's expressions among them).
const DEEPEST: usize = 100;

/// What came back, by its names, in the order of appearance.
#[derive(Debug, Default)]
pub struct Values {
    all: Vec<Value>,
    /// Where each name stands.
    places: BTreeMap<String, usize>,
    bytes: usize,
    /// Whether there were more than can be kept.
    overflowed: bool,
    /// Those behind an ID in which secrets were masked, if it was supplied.
    behind_masks: Option<Box<Self>>,
    /// Whether secrets were masked in the ID in front of one.
    pub id_is_masked: bool,
}

#[derive(Debug)]
struct Value {
    name: String,
    json: String,
    /// Whether a secret has been masked in it.
    is_masked: bool,
    /// Whether it is said to be JSON and is not.
    is_not_json: bool,
}

impl Value {
    fn size(&self) -> usize {
        self.name.len() + self.json.len() + 4
    }
}

impl Values {
    /// Whether there is more than can be handed on.
    #[must_use]
    pub fn are_too_large(&self) -> bool {
        self.overflowed || self.bytes > MOST_BYTES
    }

    /// Names of values in which a secret has been masked.
    pub fn masked(&self) -> impl Iterator<Item = &str> {
        let masked = self.all.iter().filter(|value| value.is_masked);
        masked.map(|value| value.name.as_str())
    }

    /// Names of values that are said to be JSON and are not.
    pub fn not_json(&self) -> impl Iterator<Item = &str> {
        let not_json = self.all.iter().filter(|value| value.is_not_json);
        not_json.map(|value| value.name.as_str())
    }

    /// All of them as one JSON object.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut json = String::from("{");
        for value in &self.all {
            if json.len() > 1 {
                json.push(',');
            }
            json.push_str(&quoted(&value.name));
            json.push(':');
            json.push_str(&value.json);
        }
        json.push('}');
        json
    }

    /// Takes in a value; a later one of a name wins.
    fn set(&mut self, name: &str, text: &str) {
        let (name, is_json) = match name.strip_suffix(":json") {
            Some(name) => (name, true),
            None => (name, false),
        };
        let json = if is_json {
            let json = serde_json::from_str::<&RawValue>(text).ok();
            json.filter(|json| depth(json.get()) <= DEEPEST)
        } else {
            None
        };
        self.put(Value {
            name: name.to_owned(),
            is_masked: text.contains(MASK),
            is_not_json: is_json && json.is_none(),
            json: json.map_or_else(|| quoted(text), |json| json.get().to_owned()),
        });
    }

    /// Takes in those of another log, after these.
    pub fn add(&mut self, other: Self) {
        for value in other.all {
            self.put(value);
        }
        self.overflowed |= other.overflowed;
        self.id_is_masked |= other.id_is_masked;
        if let Some(other) = other.behind_masks {
            self.behind_masks().add(*other);
        }
    }

    fn behind_masks(&mut self) -> &mut Self {
        self.behind_masks.get_or_insert_default()
    }

    /// All that were read: where none stands behind the whole ID, those behind what masks leave of it. Beside others,
    /// such an ID is that of another run, which may differ in the masked part alone.
    #[must_use]
    pub fn settled(mut self) -> Self {
        match self.behind_masks.take() {
            Some(masked) if self.all.is_empty() && !self.overflowed => Self {
                id_is_masked: true,
                ..*masked
            },
            _ => self,
        }
    }

    fn put(&mut self, value: Value) {
        let known = self.places.get(&value.name).copied();
        let before = known.map_or(0, |at| self.all[at].size());
        let bytes = self.bytes - before + value.size();
        if bytes > MOST_KEPT {
            self.overflowed = true;
            return;
        }
        self.bytes = bytes;
        if let Some(at) = known {
            self.all[at] = value;
        } else {
            self.places.insert(value.name.clone(), self.all.len());
            self.all.push(value);
        }
    }

    fn take_line(&mut self, line: &[u8], id: &DistinctId) {
        let Ok(line) = std::str::from_utf8(line) else {
            return;
        };
        let Some((word, name, value)) = value(line) else {
            return;
        };
        if word == id.as_str() {
            return self.set(name, value);
        }
        let left = left_beside_masks(word, id.as_str()).unwrap_or_default();
        self.id_is_masked |= left > 0;
        if left >= half(id.as_str()) {
            let known = if id.is_drawn() {
                self
            } else {
                self.behind_masks()
            };
            known.set(name, value);
        }
    }
}

/// How deep arrays and objects lie in each other.
fn depth(json: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    let (mut is_text, mut is_escaped) = (false, false);
    for byte in json.bytes() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if is_text => is_escaped = true,
            b'"' => is_text = !is_text,
            b'[' | b'{' if !is_text => depth += 1,
            b']' | b'}' if !is_text => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = depth.max(deepest);
    }
    deepest
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}

/// The name and the value in a line that begins with a word, and that word.
fn value(line: &str) -> Option<(&str, &str, &str)> {
    let line = line.strip_suffix('\r').unwrap_or(line);
    let line = line.strip_prefix('\u{feff}').unwrap_or(line);
    let line = after_timestamp(line);
    let (word, rest) = line.split_once(' ')?;
    let (name, value) = rest.trim_start().split_once('=')?;
    let bare = name.strip_suffix(":json").unwrap_or(name);
    let is_name = !bare.is_empty()
        && bare
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'));
    is_name.then_some((word, name, value))
}

/// Reads values out of a log as it arrives.
#[derive(Debug)]
pub struct Reader<'i> {
    values: Values,
    id: &'i DistinctId,
    line: Vec<u8>,
    /// Whether the line is longer than what is kept of it.
    is_cut: bool,
}

impl<'i> Reader<'i> {
    /// A reader at the beginning of a log.
    #[must_use]
    pub fn new(id: &'i DistinctId) -> Self {
        Self {
            values: Values::default(),
            id,
            line: Vec::new(),
            is_cut: false,
        }
    }

    /// Takes the next piece.
    pub fn feed(&mut self, piece: &[u8]) {
        let mut rest = piece;
        while let Some(end) = memchr::memchr(b'\n', rest) {
            self.keep(&rest[..end]);
            self.end_line();
            rest = &rest[end + 1..];
        }
        self.keep(rest);
    }

    /// The log is at its end: its values.
    #[must_use]
    pub fn finish(mut self) -> Values {
        self.end_line();
        self.values
    }

    fn keep(&mut self, part: &[u8]) {
        // What is longer is too much anyway; its beginning is enough to say so.
        let room = (MOST_BYTES + 1024).saturating_sub(self.line.len());
        self.line.extend_from_slice(&part[..part.len().min(room)]);
        self.is_cut |= part.len() > room;
    }

    fn end_line(&mut self) {
        if std::mem::take(&mut self.is_cut)
            && let Err(error) = std::str::from_utf8(&self.line)
            && error.error_len().is_none()
        {
            // The cut went through a character.
            self.line.truncate(error.valid_up_to());
        }
        self.values.take_line(&self.line, self.id);
        self.line.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STAMP: &str = "2026-01-01T00:00:00.1234567Z ";

    fn read(log: &str) -> Values {
        let id = DistinctId::supplied("abc-1").unwrap();
        let mut reader = Reader::new(&id);
        reader.feed(log.as_bytes());
        let whole = reader.finish();
        let mut reader = Reader::new(&id);
        for piece in log.as_bytes().chunks(7) {
            reader.feed(piece);
        }
        let in_pieces = reader.finish();
        assert_eq!(whole.to_json(), in_pieces.to_json());
        whole
    }

    #[test]
    fn a_line_that_starts_with_the_id_returns_a_value() {
        for (log, json) in [
            ("abc-1 version=1.2.3", r#"{"version":"1.2.3"}"#),
            ("\u{feff}{STAMP}abc-1 a=b\r\n", r#"{"a":"b"}"#),
            ("{STAMP}abc-1 a=b=c \n", r#"{"a":"b=c "}"#),
            ("{STAMP}abc-1 a=\n", r#"{"a":""}"#),
            (
                "{STAMP}abc-1 n=7\n{STAMP}abc-1 t=true\n",
                r#"{"n":"7","t":"true"}"#,
            ),
            ("abc-1 a=1\nabc-1 b=2\nabc-1 a=3\n", r#"{"a":"3","b":"2"}"#),
            (
                "abc-1 f:json=[\"a\", {\"b\":1}]\n",
                r#"{"f":["a", {"b":1}]}"#,
            ),
            ("abc-1 a=\"q\" \\ ä\n", r#"{"a":"\"q\" \\ ä"}"#),
        ] {
            let log = log.replace("{STAMP}", STAMP);
            assert_eq!(read(&log).to_json(), json, "{log:?}");
        }
    }

    #[test]
    fn a_line_that_only_looks_like_one_gives_nothing() {
        for line in [
            "",
            "abc-1",
            "abc-1 and more",
            "abc-12 a=b",
            "abc-1a=b",
            "abc-1 =b",
            "abc-1 a b=c",
            "abc-1 :json=1",
            " abc-1 a=b",
            "echo \"abc-1 a=b\"",
            "##[group]Run echo \"abc-1 a=b\"",
            "\u{1b}[36;1mecho \"abc-1 a=b\"\u{1b}[0m",
            "other-1 a=b",
            "2026-01-01T00:00:00.1Z  abc-1 a=b",
            "2026-01-01Tabc-1 a=b",
        ] {
            assert_eq!(read(line).to_json(), "{}", "{line:?}");
            assert_eq!(
                read(&format!("{STAMP}{line}\n")).to_json(),
                "{}",
                "{line:?}"
            );
        }
    }

    #[test]
    fn of_a_name_only_the_last_value_matters() {
        let values = read("abc-1 key=a***b\nabc-1 f:json={\nabc-1 key=ab\nabc-1 f:json={}\n");
        assert_eq!(values.masked().next(), None);
        assert_eq!(values.not_json().next(), None);
        let large = "x".repeat(900 << 10);
        let log = format!("abc-1 a={large}\nabc-1 b={large}\nabc-1 a=1\n");
        let values = read(&log);
        assert!(!values.are_too_large());
        assert_eq!(values.to_json(), format!(r#"{{"a":"1","b":"{large}"}}"#));
        let log = format!("abc-1 a={large}{large}{large}\nabc-1 a=1\nabc-1 b=2\n");
        assert_eq!(read(&log).to_json(), r#"{"a":"1","b":"2"}"#);
        for space in ["", " ", "  "] {
            let wide = "é".repeat(600 << 10);
            let log = format!("abc-1 a=old\nabc-1 a=x{space}{wide}\nabc-1 b=2\n");
            assert!(read(&log).are_too_large());
        }
        // What there was no room for is not left out in silence.
        let log: Vec<_> = (0..6).map(|n| format!("abc-1 a{n}={large}\n")).collect();
        let log = log.concat() + "abc-1 a0=\nabc-1 a1=\nabc-1 a2=\nabc-1 a3=\n";
        assert!(read(&log).are_too_large());
    }

    #[test]
    fn what_is_masked_or_no_json_is_known() {
        let values = read("abc-1 key=a***b\nabc-1 key=***\nabc-1 f:json={\n");
        assert!(values.masked().eq(["key"]));
        assert!(values.not_json().eq(["f"]));
        assert_eq!(values.to_json(), r#"{"key":"***","f":"{"}"#);
    }

    #[test]
    fn an_id_with_a_secret_in_it_is_known() {
        let of = |id: &str, word: &str| {
            let id = DistinctId::supplied(id).unwrap();
            let mut reader = Reader::new(&id);
            reader.feed(format!("{word} a=1\n").as_bytes());
            let values = reader.finish().settled();
            (values.to_json() == r#"{"a":"1"}"#).then_some(values.id_is_masked)
        };
        for (id, word) in [
            ("run-22-7", "run-***-7"),
            ("22-deploy", "***-deploy"),
            ("deploy-22", "deploy-***"),
            ("22-a-22-b-c-22", "***-a-***-b-c-***"),
            ("deploy-2222", "deploy-******"),
            ("é22-deploy", "é***-deploy"),
            ("é-deploy-22", "***-deploy-***"),
        ] {
            assert_eq!(of(id, word), Some(true), "{word}");
            assert_eq!(of(id, id), Some(false), "{id}");
        }
        for (id, word) in [
            ("run-22-7", "***"),
            ("run-22-7", "run***"),
            ("run-22-7", "ran-***-7"),
            ("run-22-7", "run-***-8"),
            ("run-22-7", "run-***22-7"),
            ("run-22-7", "run-22-7***"),
            ("deploy-22", "deploy-*********"),
            ("run-22-7", "run-**-7"),
        ] {
            assert_eq!(of(id, word), None, "{word}");
        }
    }

    /// A child's ID may differ in the masked part alone.
    #[test]
    fn beside_the_whole_id_a_masked_one_is_anothers() {
        let read = |id: &DistinctId, log: &str| {
            let mut reader = Reader::new(id);
            reader.feed(log.as_bytes());
            let values = reader.finish().settled();
            (values.to_json(), values.id_is_masked)
        };
        let supplied = DistinctId::supplied("run-22-7").unwrap();
        for log in [
            "run-22-7 a=own\nrun-***-7 a=childs\n",
            "run-***-7 a=childs\nrun-***-7 b=childs\nrun-22-7 a=own\n",
        ] {
            assert_eq!(read(&supplied, log), (r#"{"a":"own"}"#.into(), true));
        }
        // What was drawn is known by half.
        let drawn = DistinctId::draw([7; 16]);
        let masked = format!("***{}", &drawn.as_str()[4..]);
        let log = format!("{masked} a=1\n{drawn} b=2\n{masked} b=3\n");
        assert_eq!(read(&drawn, &log), (r#"{"a":"1","b":"3"}"#.into(), true));
    }

    #[test]
    fn where_most_of_the_id_is_masked_that_is_known_and_nothing_taken() {
        for (id, word, is_masked) in [
            ("abc-1", "***-1", true),
            ("run-22-7", "r***", true),
            ("run-22-7", "***", false),
            ("run-22-7", "***-8", false),
        ] {
            let id = DistinctId::supplied(id).unwrap();
            let mut reader = Reader::new(&id);
            reader.feed(format!("{word} a=1\n").as_bytes());
            let values = reader.finish().settled();
            assert_eq!(values.to_json(), "{}", "{word}");
            assert_eq!(values.id_is_masked, is_masked, "{word}");
        }
    }

    #[test]
    fn a_mebibyte_is_the_most() {
        let most = "x".repeat(MOST_BYTES - 100);
        assert!(!read(&format!("abc-1 a={most}\n")).are_too_large());
        // Of one name, the last counts alone.
        let again = format!("abc-1 a={most}\nabc-1 a={most}\n");
        assert!(!read(&again).are_too_large());
        assert!(read(&format!("abc-1 a={most}\nabc-1 b={most}\n")).are_too_large());
        let long = read(&format!("abc-1 a={}\n", "x".repeat(4 * MOST_BYTES)));
        assert!(long.are_too_large());
        assert!(long.to_json().len() < 2 * MOST_BYTES);
    }

    #[test]
    fn lines_that_are_no_text_are_passed_over() {
        let id = DistinctId::supplied("abc-1").unwrap();
        let mut reader = Reader::new(&id);
        reader.feed(b"\xff\xfe\nabc-1 a=\xff\nabc-1 b=1\n");
        assert_eq!(reader.finish().to_json(), r#"{"b":"1"}"#);
    }

    /// A name that comes again takes as long as a new one.
    #[test]
    fn many_values_are_read() {
        let log: Vec<String> = (0..100_000)
            .map(|number| format!("abc-1 n{}=\n", number % 50_000))
            .collect();
        let log = log.concat();
        let id = DistinctId::supplied("abc-1").unwrap();
        let mut reader = Reader::new(&id);
        reader.feed(log.as_bytes());
        assert_eq!(reader.finish().all.len(), 50_000);
    }
}
