//! How a user names a workflow.

use std::fmt;

use super::Software;
use crate::error::Error;

/// Where workflow files are.
const WORKFLOW_FOLDER: &str = ".github/workflows/";

/// Where Gitea and Forgejo look for them as well, first.
const GITEA_FOLDERS: [&str; 2] = [".gitea/workflows/", ".forgejo/workflows/"];

/// How the user names the workflow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WorkflowName {
    /// Numeric ID.
    Id(u64),
    /// File name in `.github/workflows`.
    File(String),
    /// Path of a file, to be looked up: a server that has several folders of
    /// workflows uses one of them.
    Path(String),
    /// Display name, to be looked up.
    Display(String),
}

impl fmt::Display for WorkflowName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => write!(f, "{id}"),
            Self::File(text) | Self::Path(text) | Self::Display(text) => f.write_str(text),
        }
    }
}

impl WorkflowName {
    /// Tells the ways of naming a workflow apart.
    ///
    /// # Errors
    /// If the text is empty or leaves the folder of workflows.
    pub fn parse(text: &str, software: Software) -> Result<Self, Error> {
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
            if software == Software::Gitea {
                return Err(Error::invalid(
                    "workflow",
                    format_args!("{text} is a number, and Gitea numbers no workflows"),
                    "Give the file name (deploy.yml), its path (.gitea/workflows/deploy.yml), or the name shown on \
                     the Actions page.",
                ));
            }
            return text.parse().map(Self::Id).map_err(|_| {
                Error::invalid(
                    "workflow",
                    format_args!("{text} is too large for an ID"),
                    remedy,
                )
            });
        }
        let mut folders = GITEA_FOLDERS
            .iter()
            .filter(|_| software == Software::Gitea)
            .chain([&WORKFLOW_FOLDER]);
        if let Some(file) = folders.find_map(|folder| text.strip_prefix(folder)) {
            if !is_workflow_file(file) {
                return Err(Error::invalid(
                    "workflow",
                    format_args!("\"{text}\" is not the path of a workflow file"),
                    remedy,
                ));
            }
            return Ok(match software {
                Software::GitHub => Self::File(file.to_owned()),
                Software::Gitea => Self::Path(text.to_owned()),
            });
        }
        if is_workflow_file(text) {
            return Ok(Self::File(text.to_owned()));
        }
        Ok(Self::Display(text.to_owned()))
    }
}

/// Whether the text can be the name of a file in `.github/workflows`.
fn is_workflow_file(text: &str) -> bool {
    let stem = text
        .strip_suffix(".yml")
        .or_else(|| text.strip_suffix(".yaml"));
    stem.is_some_and(|stem| !stem.is_empty()) && !text.contains(['/', '\\'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_workflow_is_named_by_id_file_path_or_name() {
        use WorkflowName::{Display, File, Id};
        let parse = |text| WorkflowName::parse(text, Software::GitHub).unwrap();
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
            assert!(
                WorkflowName::parse(text, Software::GitHub).is_err(),
                "{text}"
            );
        }
    }

    #[test]
    fn a_gitea_has_more_folders_and_no_numbers() {
        use WorkflowName::{Display, File, Path};
        let parse = |text| WorkflowName::parse(text, Software::Gitea);
        for path in [
            ".gitea/workflows/a.yml",
            ".github/workflows/a.yml",
            ".forgejo/workflows/a.yaml",
        ] {
            assert_eq!(parse(path).unwrap(), Path(path.to_owned()));
        }
        assert_eq!(parse("01.yml").unwrap(), File("01.yml".to_owned()));
        assert!(parse("123").unwrap_err().to_string().contains("file name"));
        assert!(parse(".gitea/workflows/../a.yml").is_err());
        // Elsewhere that is no folder of workflows.
        let elsewhere = WorkflowName::parse(".gitea/workflows/a.yml", Software::GitHub);
        assert_eq!(
            elsewhere.unwrap(),
            Display(".gitea/workflows/a.yml".to_owned())
        );
    }
}
