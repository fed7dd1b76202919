//! The token, in a type that cannot be printed.

use std::fmt;

use crate::error::Error;

/// An access token. `Debug` shows none of it and there is no `Display`.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// Takes a token as the user gave it.
    ///
    /// # Errors
    /// If it is empty or cannot stand in a header field. The message shows none of it.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let text = text.trim();
        if text.is_empty() {
            return Err(Error::invalid(
                "token",
                "is empty",
                "Pass a token that may run workflows in the target repository. In a pull request \
                 from a fork, and where a secret is misspelt, secrets are empty.",
            ));
        }
        if !text.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(Error::invalid(
                "token",
                "contains a space, a line break or another character that no token has",
                "Check how the secret was stored.",
            ));
        }
        Ok(Self(text.to_owned()))
    }

    /// The token itself, for the one place that writes the header field.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
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
    fn an_impossible_token_is_refused_without_showing_it() {
        for text in ["", "  ", "ghs secret", "ghs\nsecret", "ghs_sécret"] {
            let error = Token::parse(text).unwrap_err().to_string();
            assert!(error.starts_with("token "), "{error}");
            assert!(!error.contains("ghs"), "{error}");
        }
    }
}
