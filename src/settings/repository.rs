//! The repository that the workflow is in.

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
        let missing = |setting| Error::invalid(setting, "is missing", remedy);
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
}
