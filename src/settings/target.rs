//! What is dispatched: repository, workflow, ref.

use std::fmt;

use crate::error::Error;

/// An existing or at least possible repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repository {
    /// User or organisation.
    pub owner: String,
    /// Name.
    pub name: String,
}

impl fmt::Display for Repository {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.owner, self.name)
    }
}

impl Repository {
    /// Combines the inputs `owner` and `repo` with the caller's own repository.
    ///
    /// # Errors
    /// If either is impossible, they contradict each other, or both are missing
    /// and there is no caller's repository.
    pub fn parse(
        owner: Option<&str>,
        repo: Option<&str>,
        callers: Option<&str>,
    ) -> Result<Self, Error> {
        let remedy = "Write owner: octo-org and repo: octo-repo, or repo: octo-org/octo-repo.";
        let (repo_owner, name) = match repo.map(|repo| (repo, repo.split_once('/'))) {
            Some((_, Some((owner, name)))) => (Some(owner), Some(name)),
            Some((name, None)) => (None, Some(name)),
            None => (None, None),
        };
        if let (Some(owner), Some(repo_owner)) = (owner, repo_owner)
            && !owner.eq_ignore_ascii_case(repo_owner)
        {
            return Err(Error::invalid(
                "repo",
                format_args!("names the owner \"{repo_owner}\", but owner is \"{owner}\""),
                "Give the owner once.",
            ));
        }
        let (callers_owner, callers_name) = callers.and_then(|c| c.split_once('/')).unzip();
        let missing = |setting| {
            Error::invalid(
                setting,
                "is missing and GITHUB_REPOSITORY, its default, is not set",
                remedy,
            )
        };
        let owner = owner
            .or(repo_owner)
            .or(callers_owner)
            .ok_or_else(|| missing("owner"))?;
        let name = name.or(callers_name).ok_or_else(|| missing("repo"))?;
        for (setting, text, longest) in [("owner", owner, 64), ("repo", name, 100)] {
            // GitHub: letters, digits, `-`, and `_` (enterprise managed users,
            // repositories) or `.` (repositories); Gitea allows them all in both.
            let possible = !text.is_empty()
                && text != "."
                && text != ".."
                && text.len() <= longest
                && text
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b));
            if !possible {
                return Err(Error::invalid(
                    setting,
                    format_args!(
                        "\"{text}\" cannot be the name of {}",
                        match setting {
                            "owner" => "a user or an organisation",
                            _ => "a repository",
                        }
                    ),
                    remedy,
                ));
            }
        }
        Ok(Self {
            owner: owner.to_owned(),
            name: name.to_owned(),
        })
    }
}

/// Where workflow files are.
pub const WORKFLOW_FOLDER: &str = ".github/workflows/";

/// How the user names the workflow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WorkflowName {
    /// Numeric ID.
    Id(u64),
    /// File name in `.github/workflows`.
    File(String),
    /// Display name, to be looked up.
    Display(String),
}

impl fmt::Display for WorkflowName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => write!(f, "{id}"),
            Self::File(text) | Self::Display(text) => f.write_str(text),
        }
    }
}

impl WorkflowName {
    /// Tells the ways of naming a workflow apart.
    ///
    /// # Errors
    /// If the text is empty or leaves the folder of workflows.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let remedy = "Give the file name (deploy.yml), its path (.github/workflows/deploy.yml), the numeric ID, \
                      or the name shown on the Actions page.";
        if text.is_empty() {
            return Err(Error::invalid("workflow", "is missing", remedy));
        }
        if text.chars().any(char::is_control) {
            return Err(Error::invalid(
                "workflow",
                "contains a control character",
                remedy,
            ));
        }
        if text.bytes().all(|b| b.is_ascii_digit()) {
            return text.parse().map(Self::Id).map_err(|_| {
                Error::invalid(
                    "workflow",
                    format_args!("{text} is too large for an ID"),
                    remedy,
                )
            });
        }
        if let Some(file) = text.strip_prefix(WORKFLOW_FOLDER) {
            if !is_workflow_file(file) {
                return Err(Error::invalid(
                    "workflow",
                    format_args!("\"{text}\" is not the path of a workflow file"),
                    remedy,
                ));
            }
            return Ok(Self::File(file.to_owned()));
        }
        if is_workflow_file(text) {
            return Ok(Self::File(text.to_owned()));
        }
        Ok(Self::Display(text.to_owned()))
    }
}

/// Whether the text can be the name of a file in `.github/workflows`.
#[must_use]
pub fn is_workflow_file(text: &str) -> bool {
    let stem = text
        .strip_suffix(".yml")
        .or_else(|| text.strip_suffix(".yaml"));
    stem.is_some_and(|stem| !stem.is_empty()) && !text.contains(['/', '\\'])
}

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
                 workflow_inputs and let the receiver check it out.",
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

    fn repository(owner: &str, repo: &str, callers: &str) -> Result<String, String> {
        let given = |text: &'static str| (!text.is_empty()).then_some(text);
        let leak = |text: &str| -> &'static str { text.to_owned().leak() };
        Repository::parse(given(leak(owner)), given(leak(repo)), given(leak(callers)))
            .map(|repository| repository.to_string())
            .map_err(|error| error.to_string())
    }

    #[test]
    fn owner_and_repo_default_to_the_callers() {
        assert_eq!(repository("", "", "me/mine").unwrap(), "me/mine");
        assert_eq!(repository("", "other", "me/mine").unwrap(), "me/other");
        assert_eq!(repository("you", "", "me/mine").unwrap(), "you/mine");
        assert_eq!(repository("", "you/yours", "me/mine").unwrap(), "you/yours");
        assert_eq!(repository("You", "you/yours", "").unwrap(), "You/yours");
        assert_eq!(repository("a_b", ".github", "").unwrap(), "a_b/.github");
    }

    #[test]
    fn impossible_names_are_refused_with_their_setting() {
        for (owner, repo, named) in [
            ("me", "you/yours", "repo"),
            ("..", "x", "owner"),
            ("a/b", "x", "owner"),
            ("me", "..", "repo"),
            ("me", "a b", "repo"),
            ("me", "a/b/c", "repo"),
            ("", "/x", "owner"),
            ("", "me/", "repo"),
            ("é", "x", "owner"),
            ("", "x", "owner"),
        ] {
            let error = repository(owner, repo, "").unwrap_err();
            assert!(error.starts_with(named), "{owner} {repo}: {error}");
        }
    }

    #[test]
    fn a_workflow_is_named_by_id_file_path_or_name() {
        use WorkflowName::{Display, File, Id};
        let parse = |text| WorkflowName::parse(text).unwrap();
        assert_eq!(parse("123"), Id(123));
        assert_eq!(parse("01-build.yml"), File("01-build.yml".into()));
        assert_eq!(parse("1.yml"), File("1.yml".into()));
        assert_eq!(parse(".github/workflows/a b.yaml"), File("a b.yaml".into()));
        assert_eq!(parse("Build / deploy"), Display("Build / deploy".into()));
        assert_eq!(parse("../../x.yml"), Display("../../x.yml".into()));
        assert_eq!(parse(".."), Display("..".into()));
        for text in [
            "",
            ".github/workflows/../x.yml",
            ".github/workflows/x",
            "a\nb.yml",
            "99999999999999999999",
        ] {
            assert!(WorkflowName::parse(text).is_err(), "{text}");
        }
    }

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
