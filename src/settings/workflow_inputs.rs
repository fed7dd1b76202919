//! `workflow_inputs`: a flat mapping, written as JSON or YAML.
//!
//! Every value is sent as a string. GitHub turns inputs into strings anyway
//! (`gh workflow run` sends strings only; Gitea takes nothing else), and the
//! text as written keeps what a number would lose: `version: 1.10` arrives as
//! `1.10`.

use std::collections::BTreeMap;
use std::fmt;

use super::yaml::{self, Value};
use crate::error::Error;
use crate::json::Object;

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
    // Space in front is indentation, and line breaks at the end may belong to a last `|+`.
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

/// A mapping with the values of another put over it, as one JSON object.
///
/// # Errors
/// If either of them, or both together, cannot be the inputs of a dispatch.
pub fn merge(text: &str, over: &str) -> Result<String, Error> {
    let mut inputs: BTreeMap<_, _> = parse(text)?.into_iter().collect();
    inputs.extend(parse(over)?);
    let merged = serde_json::to_string(&inputs).unwrap_or_default();
    parse(&merged).map(|_| merged)
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
            Self::Key => f.write_str("has a key that is empty or contains a control character"),
        }
    }
}

fn push(inputs: &mut WorkflowInputs, key: String, value: String) -> Result<(), Malformed> {
    if key.is_empty() || key.contains(char::is_control) {
        return Err(Malformed::Key);
    }
    if inputs.iter().any(|(known, _)| *known == key) {
        return Err(Malformed::Twice(key));
    }
    inputs.push((key, value));
    Ok(())
}

fn parse_json(text: &str) -> Result<WorkflowInputs, Malformed> {
    let syntax = |error: serde_json::Error| Malformed::Syntax(error.to_string());
    let object = Object::parse(text.as_bytes()).map_err(syntax)?;
    let mut inputs = Vec::new();
    for (key, raw) in object.fields() {
        let key = key.to_owned();
        let kind = match raw.as_bytes().first() {
            Some(b'[') => "an array",
            Some(b'{') => "an object",
            Some(b'n') => "null",
            Some(b'"') => {
                push(&mut inputs, key, serde_json::from_str(raw).map_err(syntax)?)?;
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

fn parse_yaml(text: &str) -> Result<WorkflowInputs, Malformed> {
    let mapping = yaml::read(text).map_err(|problem| match problem {
        yaml::Problem::NotAMapping(kind) => Malformed::NotAMapping(kind),
        yaml::Problem::Syntax(problem) => Malformed::Syntax(problem),
    })?;
    let mut inputs = Vec::with_capacity(mapping.len());
    for (key, value) in mapping {
        let value = match value {
            Value::Text(text) => text,
            Value::Other(kind) => return Err(Malformed::Value { key, kind }),
            // The core schema. Numbers keep the way they were written; booleans
            // get the one spelling that GitHub knows.
            Value::Plain(text) => match text.as_str() {
                "" | "~" | "null" | "Null" | "NULL" => {
                    return Err(Malformed::Value { key, kind: "null" });
                }
                "True" | "TRUE" => "true".to_owned(),
                "False" | "FALSE" => "false".to_owned(),
                _ => text,
            },
        };
        push(&mut inputs, key, value)?;
    }
    Ok(inputs)
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
    fn one_mapping_is_put_over_another() {
        let merged = merge(
            "version: 1.10\nsize: 12345678901234567890",
            r#"{"size":"2"}"#,
        )
        .unwrap();
        assert_eq!(merged, r#"{"size":"2","version":"1.10"}"#);
        assert_eq!(
            merge("", r#"{"__proto__":"x"}"#).unwrap(),
            r#"{"__proto__":"x"}"#
        );
        assert!(merge(r#"{"a":1,"a":2}"#, "{}").is_err());
        let many = |name: &str| {
            let all: Vec<_> = (0..20).map(|n| format!("\"{name}{n}\":1")).collect();
            format!("{{{}}}", all.join(","))
        };
        assert!(merge(&many("a"), &many("b")).is_err());
        assert!(merge(&many("a"), &many("a")).is_ok());
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
            ("a: *x", "an alias as the value of \"a\""),
            ("a: &x 1", "an anchor as the value of \"a\""),
            (r#"["a"]"#, "is an array"),
            ("- a", "is an array"),
            ("just text", "is a single value"),
            ("\"text\"", "is a single value"),
            (r#"{"a":1,"a":2}"#, "names \"a\" twice"),
            ("a: 1\na: 2", "names \"a\" twice"),
            (r#"{"":1}"#, "a key that is empty"),
            (r#"{"a\nb":1}"#, "a control character"),
            ("? [x]\n: 1", "neither JSON nor YAML"),
            ("a: 1\n---\nb: 2", "give one mapping only"),
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
