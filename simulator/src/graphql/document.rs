//! A document of GraphQL, read as <https://spec.graphql.org/October2021/> has it: one query, with
//! fragments. Directives, mutations, subscriptions and values of variables are not read but refused.

use std::collections::BTreeMap;

/// How deep a document may go: fragments that contain each other never end.
const DEEPEST: usize = 32;

/// A line and a column; the first of each is 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) line: usize,
    pub(super) column: usize,
}

/// A field that is asked for.
#[derive(Debug, Clone)]
pub(super) struct Field {
    alias: Option<String>,
    pub(super) name: String,
    pub(super) arguments: BTreeMap<String, Argument>,
    /// What is asked for of its value.
    pub(super) of: Vec<Field>,
    pub(super) place: Place,
}

impl Field {
    /// Its name in the answer.
    pub(super) fn shown(&self) -> &str {
        self.alias.as_deref().unwrap_or(&self.name)
    }
}

/// What is given to a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Argument {
    Text(String),
    Variable(String),
    /// A number, a word, a list, an object: no field here looks at one.
    Other,
}

/// Why a document is refused, and where.
type Refusal = (String, Place);

/// The fields that a document's query asks for, with what its fragments have in their places.
pub(super) fn read(text: &str) -> Result<Vec<Field>, Refusal> {
    let tokens = tokens(text)?;
    let mut reader = Reader { tokens, at: 0 };
    let mut query = None;
    let mut fragments = BTreeMap::new();
    while reader.at < reader.tokens.len() - 1 {
        match reader.peek() {
            Token::Sign('{') if query.is_none() => query = Some(reader.selections(0)?),
            Token::Name(word) if word == "query" && query.is_none() => {
                reader.next();
                reader.name_if_any();
                reader.variables()?;
                query = Some(reader.selections(0)?);
            }
            Token::Name(word) if word == "fragment" => {
                reader.next();
                let name = reader.name()?;
                reader.keyword("on")?;
                reader.name()?;
                fragments.insert(name, reader.selections(0)?);
            }
            _ => return Err(reader.unexpected()),
        }
    }
    match query {
        Some(query) => inlined(&query, &fragments, 0),
        None => Err(reader.unexpected()),
    }
}

/// What stands between braces.
#[derive(Debug, Clone)]
enum Selection {
    Field(Field, Vec<Selection>),
    /// What is said elsewhere, under this name.
    Spread(String, Place),
    /// What is said here, for objects of one type: here, each has but one.
    Inline(Vec<Selection>),
}

/// Puts fragments where they are named.
fn inlined(
    selections: &[Selection],
    fragments: &BTreeMap<String, Vec<Selection>>,
    depth: usize,
) -> Result<Vec<Field>, Refusal> {
    let mut fields = Vec::new();
    for selection in selections {
        match selection {
            Selection::Field(field, of) => fields.push(Field {
                of: inlined(of, fragments, depth)?,
                ..field.clone()
            }),
            Selection::Inline(of) => fields.extend(inlined(of, fragments, depth)?),
            Selection::Spread(name, place) => match fragments.get(name) {
                Some(of) if depth < DEEPEST => {
                    fields.extend(inlined(of, fragments, depth + 1)?);
                }
                Some(_) => {
                    return Err((format!("Fragment {name} contains an infinite loop"), *place));
                }
                None => {
                    let reason = format!("Fragment {name} was used, but not defined");
                    return Err((reason, *place));
                }
            },
        }
    }
    Ok(fields)
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Name(String),
    Text(String),
    Number,
    /// `...` is one of them, as `.`.
    Sign(char),
    End,
}

fn tokens(text: &str) -> Result<Vec<(Token, Place)>, Refusal> {
    let mut tokens = Vec::new();
    let mut place = Place { line: 1, column: 1 };
    let mut rest = text;
    loop {
        let Some(first) = rest.chars().next() else {
            tokens.push((Token::End, place));
            return Ok(tokens);
        };
        let (token, length) = match first {
            '#' => (None, rest.find('\n').unwrap_or(rest.len())),
            ',' | '\u{feff}' => (None, first.len_utf8()),
            _ if first.is_ascii_whitespace() => (None, 1),
            '.' if rest.starts_with("...") => (Some(Token::Sign('.')), 3),
            '{' | '}' | '(' | ')' | '[' | ']' | ':' | '$' | '!' | '=' | '@' => {
                (Some(Token::Sign(first)), 1)
            }
            '"' => {
                let (text, length) = string(rest).ok_or_else(|| parse_error(place))?;
                (Some(Token::Text(text)), length)
            }
            '-' | '0'..='9' => {
                let of_number = |c: char| c.is_ascii_alphanumeric() || "+-.".contains(c);
                let length = rest.find(|c| !of_number(c)).unwrap_or(rest.len());
                (Some(Token::Number), length)
            }
            _ if is_of_name(first) => {
                let length = rest.find(|c| !is_of_name(c)).unwrap_or(rest.len());
                (Some(Token::Name(rest[..length].into())), length)
            }
            _ => return Err(parse_error(place)),
        };
        tokens.extend(token.map(|token| (token, place)));
        for character in rest[..length].chars() {
            place.column += 1;
            if character == '\n' {
                place = Place {
                    line: place.line + 1,
                    column: 1,
                };
            }
        }
        rest = &rest[length..];
    }
}

fn is_of_name(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '_'
}

/// A string in quotes, which is written as JSON writes one, and its length here.
fn string(text: &str) -> Option<(String, usize)> {
    let mut escaped = false;
    for (at, character) in text.char_indices().skip(1) {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return Some((serde_json::from_str(&text[..=at]).ok()?, at + 1)),
            _ => {}
        }
    }
    None
}

fn parse_error(place: Place) -> Refusal {
    (
        format!("Parse error at [{}, {}]", place.line, place.column),
        place,
    )
}

struct Reader {
    /// The last one is the end.
    tokens: Vec<(Token, Place)>,
    at: usize,
}

impl Reader {
    fn peek(&self) -> &Token {
        &self.tokens[self.at].0
    }

    fn next(&mut self) -> Token {
        let token = self.peek().clone();
        self.at = (self.at + 1).min(self.tokens.len() - 1);
        token
    }

    fn unexpected(&self) -> Refusal {
        parse_error(self.tokens[self.at].1)
    }

    fn takes(&mut self, sign: char) -> bool {
        let is_there = *self.peek() == Token::Sign(sign);
        if is_there {
            self.next();
        }
        is_there
    }

    fn sign(&mut self, sign: char) -> Result<(), Refusal> {
        if self.takes(sign) {
            Ok(())
        } else {
            Err(self.unexpected())
        }
    }

    fn name_if_any(&mut self) -> Option<String> {
        let Token::Name(name) = self.peek().clone() else {
            return None;
        };
        self.next();
        Some(name)
    }

    fn name(&mut self) -> Result<String, Refusal> {
        self.name_if_any().ok_or_else(|| self.unexpected())
    }

    fn keyword(&mut self, word: &str) -> Result<(), Refusal> {
        if matches!(self.peek(), Token::Name(name) if name == word) {
            self.next();
            return Ok(());
        }
        Err(self.unexpected())
    }

    /// `($owner: String!, $names: [String!])`: their types are not looked at.
    fn variables(&mut self) -> Result<(), Refusal> {
        if !self.takes('(') {
            return Ok(());
        }
        while !self.takes(')') {
            self.sign('$')?;
            self.name()?;
            self.sign(':')?;
            while self.takes('[') {}
            self.name()?;
            while self.takes('!') || self.takes(']') {}
        }
        Ok(())
    }

    fn selections(&mut self, depth: usize) -> Result<Vec<Selection>, Refusal> {
        if depth > DEEPEST {
            return Err(self.unexpected());
        }
        self.sign('{')?;
        let mut selections = Vec::new();
        while !self.takes('}') {
            let place = self.tokens[self.at].1;
            selections.push(if self.takes('.') {
                match self.name_if_any() {
                    Some(word) if word == "on" => {
                        self.name()?;
                        Selection::Inline(self.selections(depth + 1)?)
                    }
                    Some(name) => Selection::Spread(name, place),
                    None => Selection::Inline(self.selections(depth + 1)?),
                }
            } else {
                self.field(place, depth)?
            });
        }
        Ok(selections)
    }

    fn field(&mut self, place: Place, depth: usize) -> Result<Selection, Refusal> {
        let first = self.name()?;
        let (alias, name) = if self.takes(':') {
            (Some(first), self.name()?)
        } else {
            (None, first)
        };
        let arguments = self.arguments()?;
        let of = if *self.peek() == Token::Sign('{') {
            self.selections(depth + 1)?
        } else {
            Vec::new()
        };
        let field = Field {
            alias,
            name,
            arguments,
            of: Vec::new(),
            place,
        };
        Ok(Selection::Field(field, of))
    }

    fn arguments(&mut self) -> Result<BTreeMap<String, Argument>, Refusal> {
        let mut arguments = BTreeMap::new();
        if self.takes('(') {
            while !self.takes(')') {
                let name = self.name()?;
                self.sign(':')?;
                arguments.insert(name, self.argument(0)?);
            }
        }
        Ok(arguments)
    }

    fn argument(&mut self, depth: usize) -> Result<Argument, Refusal> {
        if depth > DEEPEST {
            return Err(self.unexpected());
        }
        if self.takes('$') {
            return Ok(Argument::Variable(self.name()?));
        }
        if self.takes('[') {
            while !self.takes(']') {
                self.argument(depth + 1)?;
            }
            return Ok(Argument::Other);
        }
        if self.takes('{') {
            while !self.takes('}') {
                self.name()?;
                self.sign(':')?;
                self.argument(depth + 1)?;
            }
            return Ok(Argument::Other);
        }
        let place = self.at;
        match self.next() {
            Token::Text(text) => Ok(Argument::Text(text)),
            Token::Name(_) | Token::Number => Ok(Argument::Other),
            Token::Sign(_) | Token::End => {
                self.at = place;
                Err(self.unexpected())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The fields by their names in the answer.
    fn shown(fields: &[Field]) -> String {
        let each = fields.iter().map(|field| {
            let of = shown(&field.of);
            if of.is_empty() {
                field.shown().to_owned()
            } else {
                format!("{} {{ {of} }}", field.shown())
            }
        });
        each.collect::<Vec<_>>().join(" ")
    }

    fn place(text: &str) -> (usize, usize) {
        let (_, place) = read(text).expect_err("a refusal");
        (place.line, place.column)
    }

    #[test]
    fn fragments_stand_where_they_are_named() {
        let text = "fragment part on Repository { id, owner { login } }
            query Info($owner: String!, $names: [String!]!) { # all of it
                repository(owner: $owner, name: \"a\\\"b\") {
                    ...part
                    up: parent { ...part ... on Repository { name } }
                }
            }";
        let fields = read(text).unwrap();
        let expected = "repository { id owner { login } up { id owner { login } name } }";
        assert_eq!(shown(&fields), expected);
        let arguments = &fields[0].arguments;
        assert_eq!(arguments["owner"], Argument::Variable("owner".into()));
        assert_eq!(arguments["name"], Argument::Text("a\"b".into()));
    }

    #[test]
    fn arguments_that_no_field_looks_at_are_passed_over() {
        let text = "{ a(first: -1.5e3, by: { field: X, in: [1, $b, \"c\"] }, all: true) { b } }";
        assert_eq!(shown(&read(text).unwrap()), "a { b }");
    }

    #[test]
    fn what_is_not_read_is_refused_where_it_stands() {
        for (text, expected) in [
            ("", (1, 1)),
            ("{ a", (1, 4)),
            ("{ a\n  ? }", (2, 3)),
            ("{ a @include(if: true) }", (1, 5)),
            ("query($a: Int = 1) { a }", (1, 15)),
            ("mutation { a }", (1, 1)),
            ("{ a } { b }", (1, 7)),
            ("{ a(b: ) }", (1, 8)),
            ("{ a(b: \"c) }", (1, 8)),
            ("{ ...nowhere }", (1, 3)),
            ("fragment f on A { a }", (1, 22)),
        ] {
            assert_eq!(place(text), expected, "{text}");
        }
    }

    #[test]
    fn a_document_without_end_is_refused() {
        let circle = "{ ...a } fragment a on A { ...b } fragment b on A { ...a }";
        assert!(read(circle).unwrap_err().0.contains("infinite loop"));
        assert!(read(&"{ a ".repeat(100_000)).is_err());
        let deep = format!("{{ a(b: {}1) }}", "[".repeat(100_000));
        assert!(read(&deep).is_err());
    }
}
