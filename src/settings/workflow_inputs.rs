//! `workflow_inputs`: a flat mapping, written as JSON or YAML.
//!
//! Every value is sent as a string. GitHub turns inputs into strings anyway
//! (`gh workflow run` sends strings only; Gitea takes nothing else), and the
//! text as written keeps what a number would lose: `version: 1.10` arrives as
//! `1.10`.

use std::fmt;

use saphyr_parser::{Event, Parser, ScalarStyle};
use serde::Deserialize;
use serde::de::{MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::error::Error;

/// The receiver's inputs in the order they were written.
pub type WorkflowInputs = Vec<(String, String)>;

/// GitHub: at most 25 inputs a dispatch
/// (<https://docs.github.com/en/rest/actions/workflows#create-a-workflow-dispatch-event>).
/// Older Enterprise Servers allow 10 and say so themselves.
pub const MOST_INPUTS: usize = 25;

/// GitHub: at most 65,535 characters of inputs a dispatch. What exactly is
/// counted is not documented; values alone beyond it cannot pass in any way of
/// counting, and what lies between is left to the server to judge.
pub const MOST_CHARACTERS: usize = 65_535;

const SETTING: &str = "workflow_inputs";
const REMEDY: &str = "Give a flat mapping as JSON ({\"environment\": \"staging\"}) or YAML (environment: staging); \
                      pass structured data as one string, for example with toJSON().";

/// Reads the mapping.
///
/// # Errors
/// If it is neither JSON nor YAML, not a mapping, has a value that is not a
/// string, a number or a boolean, names a key twice, or exceeds GitHub's limits.
pub fn parse(text: &str) -> Result<WorkflowInputs, Error> {
    let inputs = match text.trim_start().chars().next() {
        None => return Ok(Vec::new()),
        // YAML contains JSON, but JSON's own parser says better what is wrong with JSON.
        Some('{') => match parse_json(text) {
            Err(Malformed::Syntax(json)) => match parse_yaml(text) {
                Err(Malformed::Syntax(_)) => Err(Malformed::Syntax(json)),
                yaml => yaml,
            },
            json => json,
        },
        Some(_) => parse_yaml(text),
    };
    let inputs = inputs.map_err(|malformed| Error::invalid(SETTING, malformed, REMEDY))?;
    if inputs.len() > MOST_INPUTS {
        return Err(Error::invalid(
            SETTING,
            format_args!(
                "has {} keys; a dispatch takes at most {MOST_INPUTS}",
                inputs.len()
            ),
            "Combine some of them into one input, for example as JSON.",
        ));
    }
    let characters: usize = inputs.iter().map(|(_, value)| value.chars().count()).sum();
    if characters > MOST_CHARACTERS {
        return Err(Error::invalid(
            SETTING,
            format_args!(
                "has {characters} characters of values; a dispatch takes at most {MOST_CHARACTERS}"
            ),
            "Pass large data as an artifact or a file instead.",
        ));
    }
    Ok(inputs)
}

/// What is wrong with the mapping, as the rest of a sentence about it.
enum Malformed {
    Syntax(String),
    NotAMapping(&'static str),
    Value { key: String, kind: &'static str },
    Twice(String),
    Key,
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax(problem) => write!(f, "is neither JSON nor YAML: {problem}"),
            Self::NotAMapping(kind) => write!(f, "is {kind}, not a mapping of names to values"),
            Self::Value { key, kind } => write!(
                f,
                "has {kind} as the value of \"{key}\"; only strings, numbers and booleans can be passed"
            ),
            Self::Twice(key) => write!(f, "names \"{key}\" twice"),
            Self::Key => f.write_str("has a key that is empty or not a plain name"),
        }
    }
}

fn push(inputs: &mut WorkflowInputs, key: String, value: String) -> Result<(), Malformed> {
    if key.is_empty() {
        return Err(Malformed::Key);
    }
    if inputs.iter().any(|(known, _)| *known == key) {
        return Err(Malformed::Twice(key));
    }
    inputs.push((key, value));
    Ok(())
}

fn parse_json(text: &str) -> Result<WorkflowInputs, Malformed> {
    let entries: Entries =
        serde_json::from_str(text).map_err(|error| Malformed::Syntax(error.to_string()))?;
    let mut inputs = Vec::with_capacity(entries.0.len());
    for (key, raw) in entries.0 {
        let raw = raw.get();
        let kind = match raw.as_bytes().first() {
            Some(b'[') => "an array",
            Some(b'{') => "an object",
            Some(b'n') => "null",
            Some(b'"') => {
                let value = serde_json::from_str(raw)
                    .map_err(|error| Malformed::Syntax(error.to_string()))?;
                push(&mut inputs, key, value)?;
                continue;
            }
            // Numbers and booleans, as they were written.
            _ => {
                push(&mut inputs, key, raw.to_owned())?;
                continue;
            }
        };
        return Err(Malformed::Value { key, kind });
    }
    Ok(inputs)
}

/// A JSON object with its order, its repetitions, and its numbers as written.
struct Entries(Vec<(String, Box<RawValue>)>);

impl<'de> Deserialize<'de> for Entries {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;
        impl<'de> Visitor<'de> for Object {
            type Value = Entries;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entries, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Entries(entries))
            }
        }
        deserializer.deserialize_map(Object)
    }
}

fn parse_yaml(text: &str) -> Result<WorkflowInputs, Malformed> {
    let mut events = Parser::new_from_str(text);
    let mut next = move || match events.next_event() {
        Some(Ok((event, _))) => Ok(event),
        Some(Err(error)) => Err(Malformed::Syntax(format!(
            "{} at line {} column {}",
            error.info(),
            error.marker().line(),
            error.marker().col() + 1
        ))),
        None => Ok(Event::StreamEnd),
    };
    let mut inputs = Vec::new();
    loop {
        match next()? {
            Event::MappingStart(..) => break,
            Event::SequenceStart(..) => return Err(Malformed::NotAMapping("an array")),
            Event::Scalar(..) => return Err(Malformed::NotAMapping("a single value")),
            Event::Alias(_) => return Err(Malformed::NotAMapping("an alias")),
            // Nothing but comments.
            Event::StreamEnd => return Ok(inputs),
            _ => {}
        }
    }
    loop {
        let key = match next()? {
            Event::Scalar(key, ..) => key.into_owned(),
            Event::MappingEnd => break,
            _ => return Err(Malformed::Key),
        };
        let kind = match next()? {
            Event::Scalar(value, style, ..) => match plain(&value, style) {
                Some(value) => {
                    push(&mut inputs, key, value)?;
                    continue;
                }
                None => "null",
            },
            Event::SequenceStart(..) => "an array",
            Event::MappingStart(..) => "an object",
            _ => "an alias",
        };
        return Err(Malformed::Value { key, kind });
    }
    loop {
        match next()? {
            Event::StreamEnd => return Ok(inputs),
            Event::DocumentStart(_) => {
                return Err(Malformed::Syntax("it has more than one document".into()));
            }
            _ => {}
        }
    }
}

/// The value of a YAML scalar (core schema), `None` for null. Numbers keep the
/// way they were written; booleans get the one spelling that GitHub knows.
fn plain(value: &str, style: ScalarStyle) -> Option<String> {
    if style == ScalarStyle::Plain {
        match value {
            "" | "~" | "null" | "Null" | "NULL" => return None,
            "True" | "TRUE" => return Some("true".into()),
            "False" | "FALSE" => return Some("false".into()),
            _ => {}
        }
    }
    Some(value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        let inputs = parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        let pairs: Vec<_> = inputs.iter().map(|(k, v)| format!("{k}={v:?}")).collect();
        pairs.join(" ")
    }

    fn refused(text: &str) -> String {
        parse(text).expect_err(text).to_string()
    }

    #[test]
    fn json_and_yaml_say_the_same() {
        let expected =
            r#"env="staging" count="3" version="1.10" dry="true" big="12345678901234567890""#;
        assert_eq!(
            read(
                r#"{"env":"staging","count":3,"version":1.10,"dry":true,"big":12345678901234567890}"#
            ),
            expected
        );
        assert_eq!(
            read("env: staging\ncount: 3\nversion: 1.10\ndry: True\nbig: 12345678901234567890\n"),
            expected
        );
        assert_eq!(
            read(
                "{env: 'staging', count: 3, version: 1.10, dry: true, big: 12345678901234567890,}"
            ),
            expected
        );
    }

    #[test]
    fn nothing_is_no_inputs() {
        for text in ["", " \n", "{}", "# just a comment\n"] {
            assert_eq!(read(text), "", "{text:?}");
        }
    }

    #[test]
    fn quoted_text_stays_text() {
        assert_eq!(
            read("a: 'null'\nb: \"\"\nc: yes\nd: '~'"),
            r#"a="null" b="" c="yes" d="~""#
        );
        assert_eq!(
            read(
                "a: |\n  one\n  two\nb: x: y"
                    .replace("b: x: y", "b: x")
                    .as_str()
            ),
            r#"a="one\ntwo\n" b="x""#
        );
        assert_eq!(read(r#"{"a":"\u00e9\"\n"}"#), r#"a="é\"\n""#);
    }

    #[test]
    fn what_cannot_be_passed_is_refused_by_name() {
        for (text, named) in [
            (r#"{"a":1,"list":[1]}"#, "an array as the value of \"list\""),
            (
                r#"{"nested":{"x":1}}"#,
                "an object as the value of \"nested\"",
            ),
            (r#"{"nothing":null}"#, "null as the value of \"nothing\""),
            ("list:\n  - 1", "an array as the value of \"list\""),
            ("nested:\n  x: 1", "an object as the value of \"nested\""),
            ("nothing:", "null as the value of \"nothing\""),
            ("nothing: ~", "null as the value of \"nothing\""),
            ("a: &x 1\nb: *x", "an alias as the value of \"b\""),
            (r#"["a"]"#, "is an array"),
            ("- a", "is an array"),
            ("just text", "is a single value"),
            ("\"text\"", "is a single value"),
            (r#"{"a":1,"a":2}"#, "names \"a\" twice"),
            ("a: 1\na: 2", "names \"a\" twice"),
            (r#"{"":1}"#, "a key that is empty"),
            ("? [x]\n: 1", "a key that is empty or not a plain name"),
            ("a: 1\n---\nb: 2", "more than one document"),
            (r#"{"a":"x" "b":"y"}"#, "neither JSON nor YAML"),
            (r#"{"a":"#, "neither JSON nor YAML"),
            ("a: 'x", "neither JSON nor YAML"),
            ("a: 1\n b: 2: 3", "neither JSON nor YAML"),
        ] {
            let error = refused(text);
            assert!(error.starts_with("workflow_inputs "), "{error}");
            assert!(error.contains(named), "{text}: {error}");
        }
    }

    #[test]
    fn values_do_not_show_in_errors() {
        assert!(!refused(r#"{"password":"hunter2","list":[1]}"#).contains("hunter2"));
        assert!(!refused(r#"{"password":"hunter2" "list":[1]}"#).contains("hunter2"));
    }

    #[test]
    fn githubs_limits_are_kept() {
        let keys = |n: usize| {
            let entries: Vec<_> = (0..n).map(|i| format!("\"k{i}\":{i}")).collect();
            format!("{{{}}}", entries.join(","))
        };
        assert!(parse(&keys(25)).is_ok());
        assert!(refused(&keys(26)).contains("has 26 keys"));
        let value = |n: usize| format!("{{\"k\":\"{}\"}}", "é".repeat(n));
        assert!(parse(&value(65_535)).is_ok());
        assert!(refused(&value(65_536)).contains("65536 characters"));
    }
}
