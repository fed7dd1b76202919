//! Values as JavaScript writes them.

use std::fmt::Write;

use serde_json::Value;

/// A value, on as many lines as it needs beneath an indentation to stay within a width; `taken` is
/// what already stands on its first line.
#[must_use]
pub fn literal(value: &Value, width: usize, indent: usize, taken: usize) -> String {
    let flat = flat(value);
    if !is_table(value) && indent + taken + flat.chars().count() <= width {
        return flat;
    }
    let inner = indent + 2;
    let lines: Vec<String> = match value {
        // One character remains for the comma.
        Value::Array(values) => values
            .iter()
            .map(|value| literal(value, width - 1, inner, 0))
            .collect(),
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| {
                let name = format!("{}: ", key(name));
                let value = literal(value, width - 1, inner, name.chars().count());
                name + &value
            })
            .collect(),
        _ => return flat,
    };
    let (open, close) = if value.is_array() {
        ("[", "]")
    } else {
        ("{", "}")
    };
    let mut text = format!("{open}\n");
    for line in lines {
        let _ = writeln!(text, "{}{line},", " ".repeat(inner));
    }
    text + &" ".repeat(indent) + close
}

/// Whether it is a list of lists, or of objects, which Biome never puts on one line.
fn is_table(value: &Value) -> bool {
    let Value::Array(rows) = value else {
        return false;
    };
    let is_list = |row: &Value| row.as_array().is_some_and(|row| row.len() > 1);
    let is_object = |row: &Value| row.as_object().is_some_and(|row| row.len() > 1);
    rows.len() > 1 && (rows.iter().all(is_list) || rows.iter().all(is_object))
}

/// A value on one line.
fn flat(value: &Value) -> String {
    match value {
        Value::Null | Value::Bool(_) => value.to_string(),
        Value::Number(number) => {
            let text = number.to_string();
            text.strip_suffix(".0").map_or(text.clone(), Into::into)
        }
        Value::String(text) => quoted(text),
        Value::Array(values) => {
            let values: Vec<String> = values.iter().map(flat).collect();
            format!("[{}]", values.join(", "))
        }
        Value::Object(fields) if fields.is_empty() => "{}".into(),
        Value::Object(fields) => {
            let fields = fields
                .iter()
                .map(|(name, value)| format!("{}: {}", key(name), flat(value)));
            format!("{{ {} }}", fields.collect::<Vec<_>>().join(", "))
        }
    }
}

/// A string in the quotes that need fewer escapes, single ones if both do.
#[must_use]
pub fn quoted(text: &str) -> String {
    let count = |quote: char| text.matches(quote).count();
    let quote = if count('\'') > count('"') { '"' } else { '\'' };
    let mut quoted = String::from(quote);
    for letter in text.chars() {
        match letter {
            '\n' => quoted.push_str("\\n"),
            letter if letter == quote || letter == '\\' => {
                quoted.push('\\');
                quoted.push(letter);
            }
            letter if letter.is_control() => {
                let _ = write!(quoted, "\\u{:04x}", u32::from(letter));
            }
            letter => quoted.push(letter),
        }
    }
    quoted.push(quote);
    quoted
}

/// A name of a field.
#[must_use]
pub fn key(name: &str) -> String {
    let mut letters = name.chars();
    let is_plain = letters
        .next()
        .is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
        && letters.all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
    if is_plain { name.into() } else { quoted(name) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn values_are_written_as_javascript_does() {
        let value = json!({ "a": 1.0, "b-c": "it's \"x\"", "d": [null, true, 0.5], "e": {} });
        let expected = r#"{ a: 1, 'b-c': 'it\'s "x"', d: [null, true, 0.5], e: {} }"#;
        assert_eq!(literal(&value, 100, 0, 0), expected);
    }

    #[test]
    fn long_values_take_lines() {
        let value = json!({ "one": ["first", "second"], "two": 2 });
        let expected = "{\n  one: [\n    'first',\n    'second',\n  ],\n  two: 2,\n}";
        assert_eq!(literal(&value, 20, 0, 0), expected);
        let table = "[\n  ['a', 1],\n  ['b', 2],\n]";
        assert_eq!(literal(&json!([["a", 1], ["b", 2]]), 100, 0, 0), table);
    }
}
