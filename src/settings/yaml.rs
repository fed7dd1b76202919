//! Flat YAML mappings: as much of YAML as inputs of a workflow need, and not a
//! word more.
//!
//! A whole YAML parser is an eighth of what this program may weigh, to accept
//! what would be refused afterwards anyway. So this reads block and flow
//! mappings of plain, quoted and block scalars, and refuses what it does not
//! know rather than guess. What it accepts means the same to a whole parser:
//! the tests compare the two.

use std::iter::Peekable;
use std::str::Chars;

/// A value of the mapping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Unquoted, as written: a number, a boolean, null, or text.
    Plain(String),
    /// Quoted or a block: text.
    Text(String),
    /// Something that is not a scalar.
    Other(&'static str),
}

/// Why a text is no flat mapping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// It is something else altogether.
    NotAMapping(&'static str),
    /// What is wrong, and in which line.
    Syntax(String),
}

type Mapping = Vec<(String, Value)>;

/// Reads a flat mapping. The first value that is not a scalar ends it, so that
/// the caller can name its key.
///
/// # Errors
/// [`Problem`].
pub fn read(text: &str) -> Result<Mapping, Problem> {
    let mut lines = Lines::new(text)?;
    let Some(first) = lines.peek() else {
        return Ok(Vec::new());
    };
    let mapping = match first.content.as_bytes() {
        [b'{', ..] => lines.flow_mapping()?,
        [b'[', ..] | [b'-'] | [b'-', b' ', ..] => return Err(Problem::NotAMapping("an array")),
        _ => lines.block_mapping()?,
    };
    let refused = matches!(mapping.last(), Some((_, Value::Other(_))));
    match lines.peek() {
        Some(line) if !refused => Err(line.error("does not belong to the mapping")),
        _ => Ok(mapping),
    }
}

#[derive(Debug, Clone, Copy)]
struct Line<'t> {
    /// From 1.
    number: usize,
    indent: usize,
    /// Without indentation and without space at its end.
    content: &'t str,
    /// The whole line.
    raw: &'t str,
}

impl Line<'_> {
    fn error(&self, problem: &str) -> Problem {
        Problem::Syntax(format!("line {} {problem}", self.number))
    }

    /// Nothing, or a comment.
    fn is_empty(&self) -> bool {
        self.content.is_empty() || self.content.starts_with('#')
    }
}

struct Lines<'t> {
    all: Vec<Line<'t>>,
    at: usize,
}

impl<'t> Lines<'t> {
    fn new(text: &'t str) -> Result<Self, Problem> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut all: Vec<Line> = Vec::new();
        for (index, raw) in text.split('\n').enumerate() {
            let raw = raw.strip_suffix('\r').unwrap_or(raw);
            let content = raw.trim_start_matches(' ');
            let line = Line {
                number: index + 1,
                indent: raw.len() - content.len(),
                content: content.trim_end_matches([' ', '\t']),
                raw,
            };
            let allowed = |c: char| c == '\t' || !c.is_control() && c != '\u{feff}';
            if !raw.chars().all(allowed) || raw.contains(['\u{2028}', '\u{2029}']) {
                return Err(line.error("contains a control character"));
            }
            if raw.starts_with("---") || raw.starts_with("...") {
                if line.content == "---" && all.iter().all(Line::is_empty) {
                    // The first document may be announced.
                    all.clear();
                    continue;
                }
                return Err(line.error("begins or ends a document; give one mapping only"));
            }
            if line.content.is_empty() && raw.contains('\t') {
                return Err(line.error("has nothing but a tab"));
            }
            all.push(line);
        }
        let mut lines = Self { all, at: 0 };
        lines.skip_empty();
        Ok(lines)
    }

    fn peek(&self) -> Option<Line<'t>> {
        self.all.get(self.at).copied()
    }

    fn skip_empty(&mut self) {
        while self.peek().is_some_and(|line| line.is_empty()) {
            self.at += 1;
        }
    }

    /// The next line with content.
    fn advance(&mut self) -> Option<Line<'t>> {
        self.at += 1;
        self.skip_empty();
        self.peek()
    }

    fn block_mapping(&mut self) -> Result<Mapping, Problem> {
        let mut mapping = Vec::new();
        let Some(first) = self.peek() else {
            return Ok(mapping);
        };
        while let Some(line) = self.peek() {
            if line.indent != first.indent {
                return Err(line.error("is indented differently from the first"));
            }
            let Some((key, rest)) = block_key(&line)? else {
                return Err(if mapping.is_empty() {
                    if !line.content.starts_with(['"', '\'']) {
                        plain_start(&line, line.content)?;
                    }
                    Problem::NotAMapping("a single value")
                } else {
                    line.error("is not of the form \"name: value\"")
                });
            };
            let value = self.block_value(&line, rest)?;
            // What is inside is not read: the value is refused.
            let refused = matches!(value, Value::Other(_));
            mapping.push((key, value));
            if refused {
                break;
            }
        }
        Ok(mapping)
    }

    /// The value that begins behind the colon in this line; moves behind it.
    fn block_value(&mut self, line: &Line<'t>, rest: &'t str) -> Result<Value, Problem> {
        if rest.starts_with(['|', '>']) {
            return self.block_scalar(line, rest);
        }
        let next = self.advance();
        let deeper = next.filter(|next| next.indent > line.indent);
        if rest.is_empty() || rest.starts_with('#') {
            let is_item = |next: &Line| next.content == "-" || next.content.starts_with("- ");
            if next.is_some_and(|next| next.indent >= line.indent && is_item(&next)) {
                return Ok(Value::Other("an array"));
            }
            return match deeper {
                None => Ok(Value::Plain(String::new())),
                Some(next) if block_key(&next)?.is_some() => Ok(Value::Other("an object")),
                Some(next) if next.content.starts_with('[') => Ok(Value::Other("an array")),
                Some(next) if next.content.starts_with('{') => Ok(Value::Other("an object")),
                Some(next) => Err(next.error("continues a value; write it on one line, or with |")),
            };
        }
        if let Some(kind) = not_a_scalar(rest) {
            return Ok(Value::Other(kind));
        }
        let value = if rest.starts_with(['"', '\'']) {
            let (text, after) = quoted(line, rest)?;
            if !is_blank(after) {
                return Err(line.error("goes on after the closing quote"));
            }
            Value::Text(text)
        } else {
            Value::Plain(plain(line, rest)?.to_owned())
        };
        match deeper {
            Some(next) => Err(next.error("continues a value; write it on one line, or with |")),
            None => Ok(value),
        }
    }

    /// `|` and `>`, with their indicators.
    fn block_scalar(&mut self, line: &Line<'t>, header: &str) -> Result<Value, Problem> {
        let folded = header.starts_with('>');
        let indicators = header[1..].split([' ', '\t']).next().unwrap_or_default();
        if !is_blank(&header[1 + indicators.len()..]) {
            return Err(line.error("has text behind | or >; it begins on the next line"));
        }
        let (mut chomping, mut indent) = (None, None);
        for c in indicators.chars() {
            match c {
                '+' | '-' if chomping.is_none() => chomping = Some(c),
                '1'..='9' if indent.is_none() => {
                    indent = c.to_digit(10).map(|n| line.indent + n as usize);
                }
                _ => return Err(line.error("has unknown indicators behind | or >")),
            }
        }
        self.at += 1;
        let mut texts: Vec<&str> = Vec::new();
        while let Some(line_in) = self.peek() {
            let blank = line_in.raw.trim_matches(' ').is_empty();
            if !blank && line_in.indent <= line.indent {
                break;
            }
            let found = *indent.get_or_insert(if blank { usize::MAX } else { line_in.indent });
            if blank && found == usize::MAX {
                // How far the block is indented, its first text says; a longer
                // empty line in front of it is an error to YAML.
                indent = None;
                if self.leading_blank_is_too_long(line_in.raw.len()) {
                    return Err(line_in.error("is empty but indented further than the text"));
                }
                texts.push("");
            } else if blank {
                texts.push(line_in.raw.get(found..).unwrap_or_default());
            } else if line_in.indent < found {
                return Err(line_in.error("is indented less than the lines before it"));
            } else {
                texts.push(&line_in.raw[found..]);
            }
            self.at += 1;
        }
        // The split leaves one empty piece behind the last line break. (A text
        // that ends without one gets it, as inputs of an action are trimmed.)
        if self.at == self.all.len() && self.all.last().is_some_and(|line| line.raw.is_empty()) {
            texts.pop();
        }
        self.skip_empty();
        Ok(Value::Text(block_text(&texts, folded, chomping)))
    }

    fn leading_blank_is_too_long(&self, length: usize) -> bool {
        let text = self.all[self.at..]
            .iter()
            .find(|line| !line.raw.trim_matches(' ').is_empty());
        text.is_some_and(|line| line.indent < length)
    }

    /// `{a: b, "c": 'd'}`, over as many lines as it takes.
    fn flow_mapping(&mut self) -> Result<Mapping, Problem> {
        let mut mapping = Vec::new();
        let Some(mut line) = self.peek() else {
            return Ok(mapping);
        };
        let mut rest = &line.content[1..];
        // Whether an entry may begin here.
        let mut open = true;
        loop {
            if is_blank(rest) {
                line = self
                    .advance()
                    .ok_or_else(|| line.error("ends before the closing brace"))?;
                rest = line.content;
                if rest.starts_with('\t') || rest.contains(":\t") {
                    return Err(line.error("has a tab where a space belongs"));
                }
                continue;
            }
            rest = rest.trim_start_matches([' ', '\t']);
            if let Some(after) = rest.strip_prefix('}') {
                if !is_blank(after) {
                    return Err(line.error("goes on after the closing brace"));
                }
                self.advance();
                return Ok(mapping);
            }
            if !open {
                rest = rest
                    .strip_prefix(',')
                    .ok_or_else(|| line.error("lacks a comma"))?;
                open = true;
                continue;
            }
            let (key, value, after) = flow_entry(&line, rest)?;
            mapping.push((key, value));
            rest = after;
            open = false;
        }
    }
}

/// A key and what stands behind its colon; `None` where there is no colon.
fn block_key<'t>(line: &Line<'t>) -> Result<Option<(String, &'t str)>, Problem> {
    let content = line.content;
    if content.starts_with('\t') || content.contains(":\t") {
        return Err(line.error("has a tab where a space belongs"));
    }
    if content.starts_with(['"', '\'']) {
        let (key, after) = quoted(line, content)?;
        let after = after.trim_start_matches([' ', '\t']);
        return match after.strip_prefix(':') {
            Some(rest) if rest.is_empty() || rest.starts_with([' ', '\t']) => {
                Ok(Some((key, rest.trim_start_matches([' ', '\t']))))
            }
            Some(_) => Err(line.error("needs a space behind the colon")),
            None => Ok(None),
        };
    }
    let colon = content
        .match_indices(':')
        .map(|(at, _)| at)
        .find(|at| content[at + 1..].is_empty() || content[at + 1..].starts_with([' ', '\t']));
    let Some(colon) = colon.filter(|colon| *colon < comment(content)) else {
        return Ok(None);
    };
    let key = plain_start(line, content[..colon].trim_end_matches([' ', '\t']))?;
    Ok(Some((
        key.to_owned(),
        content[colon + 1..].trim_start_matches([' ', '\t']),
    )))
}

fn flow_entry<'t>(line: &Line, text: &'t str) -> Result<(String, Value, &'t str), Problem> {
    let (key, rest) = if text.starts_with(['"', '\'']) {
        let (key, rest) = quoted(line, text)?;
        (key, rest.trim_start_matches([' ', '\t']))
    } else {
        let end = text
            .find([':', ',', '{', '}', '[', ']', '#'])
            .unwrap_or(text.len());
        let key = plain_start(line, text[..end].trim_end_matches([' ', '\t']))?;
        // `a:b` is one word, not an entry.
        let rest = &text[end..];
        if rest.starts_with(':') && !rest[1..].starts_with([' ', '\t']) {
            return Err(line.error("needs a space behind the colon"));
        }
        (key.to_owned(), rest)
    };
    let value = rest
        .strip_prefix(':')
        .ok_or_else(|| line.error("is not of the form {name: value}"))?
        .trim_start_matches([' ', '\t']);
    if value.is_empty() || value.starts_with('#') {
        return Err(line.error("breaks between a name and its value"));
    }
    if value.starts_with([',', '}']) {
        return Ok((key, Value::Plain(String::new()), value));
    }
    if let Some(kind) = not_a_scalar(value) {
        // What follows is not read: the value is refused.
        return Ok((key, Value::Other(kind), "}"));
    }
    if value.starts_with(['"', '\'']) {
        let (text, rest) = quoted(line, value)?;
        return Ok((key, Value::Text(text), rest));
    }
    let uncommented = &value[..comment(value)];
    let end = uncommented.find([',', '{', '}', '[', ']']);
    let text = plain(line, &value[..end.unwrap_or(uncommented.len())])?;
    // Where the line ends, the next one has to begin with a comma or a brace.
    let rest = end.map_or("", |end| &value[end..]);
    Ok((key, Value::Plain(text.to_owned()), rest))
}

/// Where a comment begins, or the end.
fn comment(text: &str) -> usize {
    text.match_indices('#')
        .map(|(at, _)| at)
        .find(|at| text[..*at].ends_with([' ', '\t']))
        .unwrap_or(text.len())
}

/// What a value is that begins like this, if it is not a scalar.
fn not_a_scalar(text: &str) -> Option<&'static str> {
    match text.as_bytes().first()? {
        b'[' => Some("an array"),
        b'{' => Some("an object"),
        b'*' => Some("an alias"),
        b'&' => Some("an anchor"),
        b'!' => Some("a tag"),
        _ => None,
    }
}

/// Nothing more, or a comment.
fn is_blank(rest: &str) -> bool {
    let trimmed = rest.trim_matches([' ', '\t']);
    trimmed.is_empty() || trimmed.starts_with('#') && rest.starts_with([' ', '\t'])
}

/// A scalar without quotes, up to a comment.
fn plain<'t>(line: &Line, text: &'t str) -> Result<&'t str, Problem> {
    let text = text[..comment(text)].trim_end_matches([' ', '\t']);
    let has_colon = text.ends_with(':') || text.contains(": ") || text.contains(":\t");
    if has_colon {
        return Err(line.error("has a second colon; put the value in quotes"));
    }
    plain_start(line, text)
}

/// Characters that begin something else than a scalar without quotes.
fn plain_start<'t>(line: &Line, text: &'t str) -> Result<&'t str, Problem> {
    let mut chars = text.chars();
    let special = match chars.next() {
        None => true,
        Some(c) if ",[]{}#&*!|>'\"%@`".contains(c) => true,
        Some('-' | '?' | ':') => chars.next().is_none_or(|c| " \t,[]{}".contains(c)),
        Some(_) => false,
    };
    if special {
        return Err(line.error("has a name or value that needs quotes"));
    }
    Ok(text)
}

/// A quoted scalar within one line, and what stands behind it.
fn quoted<'t>(line: &Line, text: &'t str) -> Result<(String, &'t str), Problem> {
    let unclosed = || line.error("has a quote without its end; quotes must end on their line");
    let mut chars = text.chars().peekable();
    let mut value = String::new();
    let mut left = text.len() - 1;
    let quote = chars.next().ok_or_else(unclosed)?;
    loop {
        let c = chars.next().ok_or_else(unclosed)?;
        if c == quote {
            if quote == '"' || chars.peek() != Some(&'\'') {
                let rest: usize = chars.map(char::len_utf8).sum();
                left = left.min(rest);
                return Ok((value, &text[text.len() - left..]));
            }
            chars.next();
            value.push('\'');
        } else if quote == '"' && c == '\\' {
            value.push(escape(&mut chars).ok_or_else(|| line.error("has an unknown escape"))?);
        } else {
            value.push(c);
        }
    }
}

/// What stands behind a backslash between double quotes.
fn escape(chars: &mut Peekable<Chars>) -> Option<char> {
    Some(match chars.next()? {
        '0' => '\0',
        'a' => '\u{7}',
        'b' => '\u{8}',
        't' | '\t' => '\t',
        'n' => '\n',
        'v' => '\u{b}',
        'f' => '\u{c}',
        'r' => '\r',
        'e' => '\u{1b}',
        c @ (' ' | '"' | '/' | '\\') => c,
        'N' => '\u{85}',
        '_' => '\u{a0}',
        'L' => '\u{2028}',
        'P' => '\u{2029}',
        'x' => char::from_u32(hex(chars, 2)?)?,
        'u' => char::from_u32(hex(chars, 4)?)?,
        'U' => char::from_u32(hex(chars, 8)?)?,
        _ => return None,
    })
}

fn hex(chars: &mut Peekable<Chars>, digits: usize) -> Option<u32> {
    (0..digits).try_fold(0, |value: u32, _| {
        value
            .checked_mul(16)?
            .checked_add(chars.next()?.to_digit(16)?)
    })
}

/// Joins the lines of a block scalar (YAML 1.2, 8.1).
fn block_text(texts: &[&str], folded: bool, chomping: Option<char>) -> String {
    let end = texts
        .iter()
        .rposition(|text| !text.is_empty())
        .map_or(0, |last| last + 1);
    let mut value = String::new();
    for (index, text) in texts[..end].iter().enumerate() {
        value.push_str(text);
        if index + 1 == end {
            break;
        }
        let starts_deeper = |text: &str| text.starts_with([' ', '\t']);
        // Only a single break between two lines of ordinary text folds.
        let next = texts[index + 1..end].iter().find(|text| !text.is_empty());
        let foldable = folded
            && !text.is_empty()
            && !starts_deeper(text)
            && next.is_some_and(|next| !starts_deeper(next));
        if !foldable {
            value.push('\n');
        } else if !texts[index + 1].is_empty() {
            value.push(' ');
        }
    }
    let breaks = match chomping {
        Some('-') => 0,
        Some(_) => texts.len() - end + usize::from(end > 0),
        None => usize::from(end > 0),
    };
    value.extend(std::iter::repeat_n('\n', breaks));
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The same by a whole parser: `None` where it is no flat mapping of scalars.
    fn by_a_whole_parser(text: &str) -> Option<Mapping> {
        use saphyr_parser::{Event, Parser, ScalarStyle};
        let events: Result<Vec<_>, _> = Parser::new_from_str(text).collect();
        let mut mapping = Vec::new();
        let mut scalars = Vec::new();
        let mut depth = 0;
        for (event, _) in events.ok()? {
            match event {
                Event::MappingStart(..) if depth == 0 => depth = 1,
                Event::Scalar(text, style, 0, None) if depth == 1 => {
                    scalars.push(match style {
                        ScalarStyle::Plain => Value::Plain(text.into_owned()),
                        _ => Value::Text(text.into_owned()),
                    });
                }
                Event::MappingEnd
                | Event::StreamStart
                | Event::StreamEnd
                | Event::DocumentStart(_)
                | Event::DocumentEnd
                | Event::Nothing => {}
                _ => return None,
            }
        }
        for pair in scalars.chunks(2) {
            let [Value::Plain(key) | Value::Text(key), value] = pair else {
                return None;
            };
            mapping.push((key.clone(), value.clone()));
        }
        Some(mapping)
    }

    /// Whether everything that `read` accepts as scalars means that to a whole parser.
    fn agrees(text: &str) -> bool {
        let Ok(mapping) = read(text) else {
            return true;
        };
        if mapping.is_empty() {
            // Nothing at all, or an announced document of nothing.
            return true;
        }
        let scalars = mapping
            .iter()
            .all(|(_, value)| !matches!(value, Value::Other(_)));
        if scalars {
            assert_eq!(Some(&mapping), by_a_whole_parser(text).as_ref(), "{text:?}");
        }
        scalars
    }

    #[test]
    fn what_people_write_is_read() {
        for text in [
            "a: b",
            "a: b\n",
            "  a: b\n  c: d\n",
            "---\na: 1.10\nb: true # yes\n\n# no\nc: \"x # y\"\n",
            "a: |\n  one\n    two\n\n  three\n",
            "a: |-\n  one\nb: |+\n  two\n\n\nc: 3",
            "a: >\n  one\n  two\n\n  three\n    four\n  five\n",
            "a: >-\n  one\n  two\nb: x\n",
            "a: |2\n    one\n  two\n",
            "a: |\n  one",
            "a: |+\n\n  one\n\n",
            "\"a b\": 'it''s'\n'c': \"\\u00e9\\n\\\\\\\"\"\n",
            "url: https://example.com:8080/x?y#z\n",
            "a: b:c\nd: -1\ne: ?x\nf: a,b]\n",
            "{a: b, \"c\":\"d\", 'e': 1,}",
            "{\n  a: 1, # one\n  b: 'two',\n\n  c: x y\n}\n",
            "{}",
            "{ }",
            "a:\r\n\r\nb: 2\r\n",
            "a:   \nb:\n",
            "a b: c d",
            "a: 日本語",
            "{a: , b: }",
        ] {
            assert!(agrees(text), "{text:?} is refused");
            assert!(read(text).is_ok(), "{text:?}: {:?}", read(text));
        }
    }

    #[test]
    fn what_it_does_not_know_it_refuses() {
        for text in [
            "a: b: c",
            "a: 'b",
            "a: b\n c",
            "a: b\n  c: d",
            "a: \"b\" c",
            "a: @b",
            "a: `b",
            "a: %b",
            "a: - b",
            "? a\n: b",
            "\ta: b",
            "a: b\n---\nc: d",
            "a: b\n...\n",
            "{a: b",
            "{a: b} c",
            "{a b}",
            "{a: b c: d}",
            "a: |x\n  b",
            "a: | b",
            "a: |\n    b\n  c",
            "a: \"\\q\"",
            "a: \"\\ud800\"",
            "a: \u{0}",
            "%YAML 1.2\n---\na: b",
            "{a: b\n  c}",
        ] {
            let read = read(text);
            assert!(
                matches!(read, Err(Problem::Syntax(_))),
                "{text:?}: {read:?}"
            );
        }
        for text in ["a", "'a'", "- a", "-", "[a]", "a # b: c", "a\n\tb: c"] {
            assert!(
                matches!(read(text), Err(Problem::NotAMapping(_))),
                "{text:?}"
            );
        }
        for text in [
            "a: [b]",
            "a: {b: c}",
            "a:\n  - b",
            "a:\n- b",
            "a:\n  b: c",
            "a: *b",
            "a: &b c",
            "a: !!str b",
        ] {
            let read = read(text);
            assert!(
                matches!(read.as_deref(), Ok([(_, Value::Other(_))])),
                "{text:?}: {read:?}"
            );
        }
    }

    #[test]
    fn whatever_it_accepts_means_the_same_to_a_whole_parser() {
        const PIECES: [&str; 40] = [
            "a", "b", ": ", ":", "\n", "\n", "\n  ", "\n ", " ", "  ", "- ", "-", "\"", "'", "''",
            "|", ">", "|-", ">-", "|+", "#", " # c", "{", "}", ",", ", ", "[", "]", "\\n", "\\",
            "1.0", "~", "é", "a: ", "\nb: ", "\t", "?", "&", "*", "\n    ",
        ];
        // A small linear congruential generator: the same texts every time.
        let mut state = 1_u64;
        let mut next = |below: u64| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % below
        };
        let mut accepted = 0;
        for _ in 0..60_000 {
            let pieces = 1 + next(14);
            let text: String = (0..pieces)
                .map(|_| PIECES[usize::try_from(next(40)).unwrap()])
                .collect();
            let text = if next(2) == 0 {
                format!("a: {text}")
            } else {
                text
            };
            // Of space alone in a last line without an end, that parser makes a line break more.
            accepted += u32::from(agrees(text.trim_end_matches([' ', '\t'])));
        }
        assert!(accepted > 2_000, "only {accepted} were accepted");
    }
}
