//! What the server families know and how they differ, as plain data.

use std::time::Duration;

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
    /// Gitea 1.27: each attempt has jobs of its own.
    #[serde(rename = "gitea")]
    Gitea,
    /// Gitea 1.26: the first that returns run IDs, to who asks for them in the query.
    #[serde(rename = "gitea-1.26")]
    Gitea126,
    /// Gitea 1.25: no run IDs.
    #[serde(rename = "gitea-1.25")]
    Gitea125,
}

impl Server {
    /// Every server of GitHub's, newest first.
    pub const GITHUBS: [Self; 4] = [Self::GitHubCom, Self::Ghes321, Self::Ghes320, Self::Ghes319];
    /// Every Gitea, newest first.
    pub const GITEAS: [Self; 3] = [Self::Gitea, Self::Gitea126, Self::Gitea125];

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
            Self::Gitea => GITEA,
            Self::Gitea126 => Profile {
                family: Family::Gitea(GITEA_126),
                jobs_keep_ids: true,
                ..GITEA
            },
            Self::Gitea125 => Profile {
                family: Family::Gitea(Gitea {
                    version: "1.25.5",
                    tells_run: false,
                    pages_by_number: true,
                    ..GITEA_126
                }),
                ..Self::Gitea126.profile()
            },
        }
    }
}

const GITHUB_COM: Profile = Profile {
    family: Family::GitHub,
    knows_2026_03_10: true,
    most_inputs: 25,
    enterprise_version: None,
    docs_url: "https://docs.github.com/",
    api_url: "https://api.github.com",
    html_url: "https://github.com",
    counts_requests: true,
    run_ids: Ids {
        first: 19_000_000_000,
        spread: 1_000_000_000,
        gap: 5000,
    },
    job_ids: Ids {
        first: 54_000_000_000,
        spread: 1_000_000_000,
        gap: 500,
    },
    numbers_by_repository: false,
    jobs_keep_ids: false,
    jobs_come_at_once: false,
    lists_at_once: false,
    titles_by_commit: false,
    releases_jobs_after: Duration::ZERO,
};

const GITEA_126: Gitea = Gitea {
    version: "1.26.0",
    tells_run: true,
    pages_by_number: false,
    has_attempts: false,
    has_errors_apart: true,
};

const GITEA: Profile = Profile {
    family: Family::Gitea(Gitea {
        version: "1.27.3",
        has_attempts: true,
        has_errors_apart: false,
        ..GITEA_126
    }),
    knows_2026_03_10: false,
    // As many as the workflow declares.
    most_inputs: usize::MAX,
    docs_url: "https://gitea.example/api/swagger",
    api_url: "https://gitea.example/api/v1",
    html_url: "https://gitea.example",
    counts_requests: false,
    // One server has few runs, and they are counted.
    run_ids: Ids {
        first: 100,
        spread: 1000,
        gap: 3,
    },
    job_ids: Ids {
        first: 200,
        spread: 2000,
        gap: 3,
    },
    numbers_by_repository: true,
    jobs_keep_ids: false,
    jobs_come_at_once: true,
    lists_at_once: true,
    titles_by_commit: true,
    releases_jobs_after: Duration::from_millis(500),
    enterprise_version: None,
};

/// Whose API it is. All else is data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// GitHub's.
    GitHub,
    /// Gitea's.
    Gitea(Gitea),
}

/// How one Gitea differs from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools)] // as below
pub struct Gitea {
    /// Its version.
    pub version: &'static str,
    /// Whether a dispatch that asks for it by `return_run_details=true` is answered with the run.
    pub tells_run: bool,
    /// Whether a run's page is named by the run's number in its repository, not by its ID.
    pub pages_by_number: bool,
    /// Whether each attempt has its number, from 1, and jobs of its own, and the runs of one workflow are listed.
    pub has_attempts: bool,
    /// Whether an error says what it is about in `errors`, and not in `message`.
    pub has_errors_apart: bool,
}

/// How IDs are given out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ids {
    /// None is lower.
    pub first: u64,
    /// How far beyond that they begin, at most.
    pub spread: u64,
    /// How far apart they are, at most: others take some too.
    pub gap: u64,
}

/// How one server differs from the others.
///
/// Source: the descriptions of the API per product and version in the npm package
/// `@octokit/openapi`, and GitHub's page on breaking changes of REST API versions; of Gitea, its
/// own source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools)] // plain data, a line for each difference
pub struct Profile {
    /// Whose API it is.
    pub family: Family,
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
    /// The IDs of runs.
    pub run_ids: Ids,
    /// The IDs of jobs.
    pub job_ids: Ids,
    /// Whether all runs of a repository are numbered together, not those of each workflow.
    pub numbers_by_repository: bool,
    /// Whether a job keeps its ID when its run is run again.
    pub jobs_keep_ids: bool,
    /// Whether all jobs of a run are there with it, also those that wait for others or for its turn; a
    /// cancellation ends these at once (`CancelJobs` of `models/actions/run_job_list.go`).
    pub jobs_come_at_once: bool,
    /// Whether a run can be read as soon as it exists, whatever the workflow's `listing_delay`.
    pub lists_at_once: bool,
    /// Whether a run without a title of its own has that of its commit, not its workflow's name.
    pub titles_by_commit: bool,
    /// How long a job goes on waiting when the last job that it needs has ended. On Gitea a queue is
    /// in between, and the run, which is what its jobs are, shows it: `services/actions/job_emitter.go`.
    pub releases_jobs_after: Duration,
}
