//! Doc comments: from Rust's to JavaScript's.

use std::fmt::Write;

use crate::Result;

/// How wide a line of TypeScript is, as `biome.json` has it.
pub const WIDTH: usize = 100;

/// The paragraphs of a doc comment, each as one line.
///
/// `name_of` is asked what something that the comment links to is called in JavaScript.
///
/// # Errors
/// For Markdown that is more than paragraphs, and for links to what nobody knows.
pub fn paragraphs(
    lines: &[String],
    name_of: &dyn Fn(&str) -> Result<String>,
) -> Result<Vec<String>> {
    let mut paragraphs = vec![String::new()];
    for line in lines {
        let line = line.trim();
        let starts = |marks: &[&str]| marks.iter().any(|mark| line.starts_with(mark));
        if starts(&["#", "```", "|", "- ", "* ", "@", ">"]) || line.contains("*/") {
            return Err(format!("only paragraphs are understood, not {line:?}"));
        }
        let last = paragraphs.len() - 1;
        if line.is_empty() {
            paragraphs.push(String::new());
        } else {
            if !paragraphs[last].is_empty() {
                paragraphs[last].push(' ');
            }
            paragraphs[last].push_str(line);
        }
    }
    paragraphs.retain(|paragraph| !paragraph.is_empty());
    if paragraphs.is_empty() {
        return Err("there is no doc comment".into());
    }
    paragraphs
        .iter()
        .map(|paragraph| translate(paragraph, name_of))
        .collect()
}

/// Translates links and Rust's words for nothing.
fn translate(text: &str, name_of: &dyn Fn(&str) -> Result<String>) -> Result<String> {
    let mut translated = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(['`', '[', '<']) {
        translated.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(after) = rest.strip_prefix('`') {
            let (code, after) = until(after, '`')?;
            let code = if code == "None" { "null" } else { code };
            let _ = write!(translated, "`{code}`");
            rest = after;
        } else if let Some(after) = rest.strip_prefix('<') {
            let (url, after) = until(after, '>')?;
            if !url.starts_with("https://") {
                return Err(format!("<{url}> is no address"));
            }
            translated.push_str(url);
            rest = after;
        } else {
            let (label, after) = until(&rest[1..], ']')?;
            // Without a target, the label is one.
            let (target, after) = match after.strip_prefix('(') {
                Some(after) => until(after, ')')?,
                None => (label.trim_matches('`'), after),
            };
            rest = after;
            let _ = write!(translated, "`{}`", name_of(target)?);
        }
    }
    Ok(translated + rest)
}

fn until(text: &str, end: char) -> Result<(&str, &str)> {
    text.split_once(end)
        .ok_or_else(|| format!("there is no {end} in {text:?}"))
}

/// A comment for these lines, each of which is broken where it is too long.
#[must_use]
pub fn comment(lines: &[String], indent: &str) -> String {
    if let [line] = lines {
        let short = format!("{indent}/** {line} */\n");
        if short.trim_end().chars().count() <= WIDTH {
            return short;
        }
    }
    let mut comment = format!("{indent}/**\n");
    for line in lines {
        // Points of a list go on beneath their text.
        let hanging = if line.starts_with("- ") { "  " } else { "" };
        for part in broken(line, WIDTH - indent.len() - 3, hanging) {
            comment.push_str(format!("{indent} * {part}").trim_end());
            comment.push('\n');
        }
    }
    comment + indent + " */\n"
}

/// Breaks a line between words; what is code stays together.
pub(crate) fn broken(line: &str, width: usize, hanging: &str) -> Vec<String> {
    // The lines of a value have their own indentation.
    if line.starts_with(' ') || line.starts_with('@') {
        return vec![line.to_owned()];
    }
    let mut parts = vec![String::new()];
    let mut is_code = false;
    let words = line.split_inclusive(|letter| {
        is_code ^= letter == '`';
        letter == ' ' && !is_code
    });
    for word in words {
        let last = parts.len() - 1;
        let length = parts[last].chars().count() + word.trim_end().chars().count();
        if length > width && !parts[last].trim().is_empty() {
            parts.push(hanging.to_owned() + word);
        } else {
            parts[last].push_str(word);
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<String>> {
        let lines: Vec<String> = text.lines().map(Into::into).collect();
        paragraphs(&lines, &|target| match target {
            "Self::acts" => Ok("acts".into()),
            "Effect::Refused" => Ok("refused".into()),
            _ => Err(format!("{target} is not known")),
        })
    }

    #[test]
    fn links_and_nothing_are_translated() {
        let text = " With [`Effect::Refused`]\n [`acts`](Self::acts) is `None`.\n\n See\n <https://a.example>.";
        let expected = ["With `refused` `acts` is `null`.", "See https://a.example."];
        assert_eq!(read(text).unwrap(), expected);
    }

    #[test]
    fn what_is_not_understood_is_an_error() {
        for text in [
            "",
            " # Heading",
            " - a list",
            " [`Unknown`]",
            " `open",
            " a */ b",
        ] {
            assert!(read(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn long_lines_are_broken_outside_code() {
        let line = format!("{} `two words`", "x".repeat(90));
        let expected = format!("/**\n * {}\n * `two words`\n */\n", "x".repeat(90));
        assert_eq!(comment(&[line], ""), expected);
        assert_eq!(comment(&["Short.".into()], "  "), "  /** Short. */\n");
    }
}
