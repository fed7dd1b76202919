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

use serde_json::value::RawValue;

use crate::logs::after_timestamp;
use crate::settings::DistinctId;

/// All values together, as they are handed on.
const MOST_BYTES: usize = 1 << 20;

/// What is kept of them until it is known which of a name is the last.
const MOST_KEPT: usize = 4 * MOST_BYTES;

/// The mark by which runners replace secrets.
const MASK: &str = "***";

/// What came back, by its names, in the order of appearance.
#[derive(Debug, Default)]
pub struct Values {
    all: Vec<(String, String)>,
    bytes: usize,
    /// Whether there were more than can be kept.
    overflowed: bool,
    /// Names of values in which a secret has been masked.
    pub masked: Vec<String>,
    /// Names of values that are said to be JSON and are not.
    pub not_json: Vec<String>,
}

impl Values {
    /// Whether there is more than can be handed on.
    #[must_use]
    pub fn are_too_large(&self) -> bool {
        self.overflowed || self.bytes > MOST_BYTES
    }

    /// All of them as one JSON object.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut json = String::from("{");
        for (name, value) in &self.all {
            if json.len() > 1 {
                json.push(',');
            }
            json.push_str(&quoted(name));
            json.push(':');
            json.push_str(value);
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
        self.forget(name);
        let json = if is_json {
            serde_json::from_str::<&RawValue>(text).ok()
        } else {
            None
        };
        if is_json && json.is_none() {
            self.not_json.push(name.to_owned());
        }
        let value = json.map_or_else(|| quoted(text), |json| json.get().to_owned());
        if text.contains(MASK) {
            self.masked.push(name.to_owned());
        }
        self.put(name, value);
    }

    /// Takes in those of another log, after these.
    pub fn add(&mut self, other: Self) {
        for (name, value) in other.all {
            self.forget(&name);
            self.put(&name, value);
        }
        self.masked.extend(other.masked);
        self.not_json.extend(other.not_json);
        self.overflowed |= other.overflowed;
    }

    /// What was wrong with an earlier value does not matter any more.
    fn forget(&mut self, name: &str) {
        self.masked.retain(|known| known != name);
        self.not_json.retain(|known| known != name);
    }

    fn put(&mut self, name: &str, value: String) {
        let size = |value: &str| name.len() + value.len() + 4;
        let known = self.all.iter().position(|(known, _)| known == name);
        let before = known.map_or(0, |at| size(&self.all[at].1));
        let bytes = self.bytes - before + size(&value);
        if bytes > MOST_KEPT {
            self.overflowed = true;
            return;
        }
        self.bytes = bytes;
        match known {
            Some(at) => self.all[at].1 = value,
            None => self.all.push((name.to_owned(), value)),
        }
    }

    fn take_line(&mut self, line: &[u8], id: &str) {
        let Ok(line) = std::str::from_utf8(line) else {
            return;
        };
        if let Some((name, value)) = value(line, id) {
            self.set(name, value);
        }
    }
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}

/// The name and the value that a line returns, if it does.
fn value<'t>(line: &'t str, id: &str) -> Option<(&'t str, &'t str)> {
    let line = line.strip_suffix('\r').unwrap_or(line);
    let line = line.strip_prefix('\u{feff}').unwrap_or(line);
    let line = after_timestamp(line);
    let rest = line.strip_prefix(id)?.strip_prefix(' ')?;
    let (name, value) = rest.trim_start().split_once('=')?;
    let bare = name.strip_suffix(":json").unwrap_or(name);
    let is_name = !bare.is_empty()
        && bare
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'));
    is_name.then_some((name, value))
}

/// Reads values out of a log as it arrives.
#[derive(Debug)]
pub struct Reader<'i> {
    values: Values,
    id: &'i str,
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
            id: id.as_str(),
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
        assert_eq!(values.masked, [""; 0]);
        assert_eq!(values.not_json, [""; 0]);
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
        assert_eq!(values.masked, ["key"]);
        assert_eq!(values.not_json, ["f"]);
        assert_eq!(values.to_json(), r#"{"key":"***","f":"{"}"#);
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
}
