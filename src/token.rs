//! The token, in a type that cannot be printed.

use std::fmt;

/// An access token. `Debug` shows none of it and there is no `Display`.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// Takes a token as the user gave it.
    ///
    /// # Errors
    /// [`TokenError`] if it cannot stand in a header field.
    pub fn parse(text: &str) -> Result<Self, TokenError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(TokenError::Empty);
        }
        if !text.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(TokenError::Character);
        }
        Ok(Self(text.to_owned()))
    }

    /// Whether it is an installation token of a GitHub App, as far as its prefix says
    /// (docs.github.com: "About authentication to GitHub").
    #[must_use]
    pub fn is_of_installation(&self) -> bool {
        self.0.starts_with("ghs_")
    }

    /// The token itself, for the one place that writes the header field.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

/// Why a text is no token. Shows none of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenError {
    /// There is nothing.
    Empty,
    /// It contains a space, a line break or another character that no token has.
    Character,
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_never_printed() {
        let token = Token::parse(" ghs_secret\n").unwrap();
        assert_eq!(token.expose(), "ghs_secret");
        assert_eq!(format!("{token:?}"), "Token(***)");
    }

    #[test]
    fn an_impossible_token_is_refused() {
        for text in ["", "  "] {
            assert_eq!(Token::parse(text), Err(TokenError::Empty));
        }
        for text in ["ghs secret", "ghs\nsecret", "ghs_s\u{e9}cret"] {
            assert_eq!(Token::parse(text), Err(TokenError::Character));
        }
    }
}
