//! The branch or tag that a workflow is dispatched at.

use std::fmt;

use crate::error::Error;

/// A branch or tag, as the user wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GitRef(String);

impl fmt::Display for GitRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl GitRef {
    /// Takes a branch or tag, with or without `refs/heads/` or `refs/tags/`.
    ///
    /// # Errors
    /// For a commit SHA, another kind of ref, or what git allows in no ref.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let remedy = "Give a branch or a tag, such as main or v1.2.3.";
        let short = short(text);
        if is_sha(text) {
            return Err(Error::invalid(
                "ref",
                format_args!(
                    "\"{text}\" is a commit SHA; GitHub dispatches workflows at branches and tags only"
                ),
                "Give the branch or tag; to run at one commit, create a tag there first, or pass the SHA in \
                 \u{1}workflow_inputs and let the receiver check it out.",
            ));
        }
        if short == text && text.starts_with("refs/") {
            let hint = if text.starts_with("refs/pull/") {
                "A pull request's ref cannot be dispatched; use github.head_ref, its branch."
            } else {
                remedy
            };
            return Err(Error::invalid(
                "ref",
                format_args!("\"{text}\" is neither a branch nor a tag"),
                hint,
            ));
        }
        // git-check-ref-format(1)
        let possible = !short.is_empty()
            && short != "@"
            && !short.starts_with('-')
            && !short.ends_with('.')
            && !short.contains("..")
            && !short.contains("@{")
            && !short.contains(|c: char| c.is_control() || " ~^:?*[\\".contains(c))
            && short.split('/').all(|part| {
                !part.is_empty()
                    && !part.starts_with('.')
                    && std::path::Path::new(part).extension() != Some("lock".as_ref())
            });
        if !possible {
            return Err(Error::invalid(
                "ref",
                format_args!("\"{text}\" cannot be the name of a branch or tag"),
                remedy,
            ));
        }
        Ok(Self(text.to_owned()))
    }

    /// The ref as it is sent.
    #[must_use]
    pub fn as_wire(&self) -> &str {
        &self.0
    }

    /// The same name as that of a tag alone, if it was given as either's.
    #[must_use]
    pub fn as_tag(&self) -> Option<Self> {
        (self.short() == self.0).then(|| Self(format!("refs/tags/{}", self.0)))
    }

    /// The name without `refs/heads/` or `refs/tags/`: what a run shows as its
    /// `head_branch`.
    #[must_use]
    pub fn short(&self) -> &str {
        short(&self.0)
    }
}

fn short(text: &str) -> &str {
    text.strip_prefix("refs/heads/")
        .or_else(|| text.strip_prefix("refs/tags/"))
        .unwrap_or(text)
}

/// Full SHA-1 and SHA-256 object names. Git refuses to create branches that
/// look like them, and shorter ones are common branch names.
fn is_sha(text: &str) -> bool {
    matches!(text.len(), 40 | 64) && text.bytes().all(|b| b.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn branches_and_tags_are_taken_and_nothing_else() {
        for text in [
            "main",
            "refs/heads/main",
            "refs/tags/v1",
            "feature/ä-b",
            "deadbeef",
            "v1.2.3",
            "heads/x",
        ] {
            assert!(GitRef::parse(text).is_ok(), "{text}");
        }
        assert_eq!(GitRef::parse("refs/heads/a/b").unwrap().short(), "a/b");
        let as_tag = |text| GitRef::parse(text).unwrap().as_tag();
        assert_eq!(as_tag("v1").unwrap().as_wire(), "refs/tags/v1");
        assert_eq!(as_tag("refs/heads/v1"), None);
        assert_eq!(as_tag("refs/tags/v1"), None);
        let sha = "0123456789abcdef0123456789abcdef01234567";
        assert!(
            GitRef::parse(sha)
                .unwrap_err()
                .to_string()
                .contains("commit SHA")
        );
        assert!(
            GitRef::parse("refs/pull/1/merge")
                .unwrap_err()
                .to_string()
                .contains("head_ref")
        );
        for text in [
            "refs/heads/",
            "a b",
            "a..b",
            "-x",
            "a~1",
            "x.lock",
            "a//b",
            "/a",
            "a/",
            "@",
            "a\u{7}",
            "x.",
        ] {
            assert!(GitRef::parse(text).is_err(), "{text}");
        }
    }
}
