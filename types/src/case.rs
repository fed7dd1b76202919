//! Names as serde writes them: see `rename_all` in its documentation.

use crate::Result;

/// A way to write names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Case {
    /// `lowercase`
    Lower,
    /// `camelCase`
    Camel,
    /// `snake_case`
    Snake,
}

impl Case {
    /// The way that an attribute names.
    ///
    /// # Errors
    /// Where it is none of those that are used.
    pub fn parse(text: &str) -> Result<Self> {
        match text {
            "lowercase" => Ok(Self::Lower),
            "camelCase" => Ok(Self::Camel),
            "snake_case" => Ok(Self::Snake),
            _ => Err(format!("rename_all = {text:?} is not known")),
        }
    }

    /// The name of a variant, which Rust writes in `PascalCase`.
    #[must_use]
    pub fn variant(self, name: &str) -> String {
        match self {
            Self::Lower => name.to_ascii_lowercase(),
            Self::Camel => name[..1].to_ascii_lowercase() + &name[1..],
            Self::Snake => {
                let mut snake = String::new();
                for (at, letter) in name.char_indices() {
                    if at > 0 && letter.is_uppercase() {
                        snake.push('_');
                    }
                    snake.push(letter.to_ascii_lowercase());
                }
                snake
            }
        }
    }

    /// The name of a field, which Rust writes in `snake_case`.
    #[must_use]
    pub fn field(self, name: &str) -> String {
        match self {
            Self::Lower | Self::Snake => name.to_owned(),
            Self::Camel => {
                let mut camel = String::new();
                for (at, part) in name.split('_').enumerate() {
                    match part.chars().next() {
                        Some(first) if at > 0 => {
                            camel.push(first.to_ascii_uppercase());
                            camel.push_str(&part[first.len_utf8()..]);
                        }
                        _ => camel.push_str(part),
                    }
                }
                camel
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variants_and_fields_are_written_as_serde_does() {
        assert_eq!(Case::Camel.variant("NotAZip"), "notAZip");
        assert_eq!(Case::Snake.variant("StartupFailure"), "startup_failure");
        assert_eq!(Case::Lower.variant("Response"), "response");
        assert_eq!(Case::Camel.field("run_api_url"), "runApiUrl");
        assert_eq!(Case::Snake.field("run_api_url"), "run_api_url");
        assert!(Case::parse("kebab-case").is_err());
    }
}
