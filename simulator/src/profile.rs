//! What the server families know and how they differ, as plain data.

use serde::{Deserialize, Serialize};

/// The servers that can be simulated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Server {
    /// github.com (and GHE.com, which answers alike).
    #[default]
    #[serde(rename = "github.com")]
    GitHubCom,
    /// GitHub Enterprise Server 3.21: the first that returns run IDs.
    #[serde(rename = "ghes-3.21")]
    Ghes321,
    /// GitHub Enterprise Server 3.20: 25 inputs, but no run IDs.
    #[serde(rename = "ghes-3.20")]
    Ghes320,
    /// GitHub Enterprise Server 3.19: 10 inputs, no run IDs.
    #[serde(rename = "ghes-3.19")]
    Ghes319,
}

impl Server {
    /// Every server, newest first.
    pub const ALL: [Self; 4] = [Self::GitHubCom, Self::Ghes321, Self::Ghes320, Self::Ghes319];

    /// What this server knows.
    #[must_use]
    pub const fn profile(self) -> Profile {
        match self {
            Self::GitHubCom => GITHUB_COM,
            Self::Ghes321 => Profile {
                enterprise_version: Some("3.21.0"),
                docs_url: "https://docs.github.com/enterprise-server@3.21/",
                api_url: "https://ghes.example/api/v3",
                html_url: "https://ghes.example",
                counts_requests: false,
                ..GITHUB_COM
            },
            Self::Ghes320 => Profile {
                knows_2026_03_10: false,
                enterprise_version: Some("3.20.0"),
                docs_url: "https://docs.github.com/enterprise-server@3.20/",
                ..Self::Ghes321.profile()
            },
            Self::Ghes319 => Profile {
                most_inputs: 10,
                enterprise_version: Some("3.19.0"),
                docs_url: "https://docs.github.com/enterprise-server@3.19/",
                ..Self::Ghes320.profile()
            },
        }
    }
}

const GITHUB_COM: Profile = Profile {
    knows_2026_03_10: true,
    most_inputs: 25,
    enterprise_version: None,
    docs_url: "https://docs.github.com/",
    api_url: "https://api.github.com",
    html_url: "https://github.com",
    counts_requests: true,
};

/// How one server differs from the others.
///
/// Source: the descriptions of the API per product and version in the npm package
/// `@octokit/openapi`, and GitHub's page on breaking changes of REST API versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Profile {
    /// Whether it knows API version 2026-03-10, whose dispatches answer with the run, and
    /// `return_run_details`, which asks for the same in version 2022-11-28.
    pub knows_2026_03_10: bool,
    /// How many inputs a dispatch may have.
    pub most_inputs: usize,
    /// For the header `x-github-enterprise-version`; none on github.com.
    pub enterprise_version: Option<&'static str>,
    /// Where the `documentation_url` of an error points.
    pub docs_url: &'static str,
    /// The API's base URL unless the scenario names another.
    pub api_url: &'static str,
    /// The base URL of pages unless the scenario names another.
    pub html_url: &'static str,
    /// Whether requests count against a rate limit (off by default on GHES).
    pub counts_requests: bool,
}
