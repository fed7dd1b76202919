//! The fields of GitHub's objects that are read here. Servers of other ages
//! leave some out, so all but IDs are optional.

use serde::Deserialize;

use crate::time::{ServerTime, lenient};

/// A workflow run.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Run {
    /// ID, unique on its server.
    pub id: u64,
    /// Name of the workflow, or of the run on servers before `run-name`.
    #[serde(default)]
    pub name: Option<String>,
    /// Title: the evaluated `run-name`.
    #[serde(default)]
    pub display_title: Option<String>,
    /// Short name of the branch or tag it runs at.
    #[serde(default)]
    pub head_branch: Option<String>,
    /// `queued`, `in_progress`, `completed`, …
    #[serde(default)]
    pub status: Option<String>,
    /// Number of the attempt, from 1; a re-run raises it.
    #[serde(default)]
    pub run_attempt: Option<u32>,
    /// When it was created, by the server's clock, in whole seconds.
    #[serde(default, deserialize_with = "lenient")]
    pub created_at: Option<ServerTime>,
    /// When it last changed.
    #[serde(default, deserialize_with = "lenient")]
    pub updated_at: Option<ServerTime>,
    /// Its page.
    #[serde(default)]
    pub html_url: Option<String>,
    /// Its place in the API.
    #[serde(default)]
    pub url: Option<String>,
}

impl Run {
    /// Whether it has come to its end.
    #[must_use]
    pub fn is_completed(&self) -> bool {
        self.status.as_deref() == Some("completed")
    }

    /// Whether no job of it is running now.
    #[must_use]
    pub fn is_waiting(&self) -> bool {
        matches!(
            self.status.as_deref(),
            Some("queued" | "requested" | "pending" | "waiting")
        )
    }
}

/// A job of a run.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Job {
    /// ID, unique on its server.
    pub id: u64,
    /// Display name.
    #[serde(default)]
    pub name: String,
    /// As a run's.
    #[serde(default)]
    pub status: Option<String>,
    /// How it ended.
    #[serde(default)]
    pub conclusion: Option<String>,
    /// When a runner took it. Queued jobs have none, or that of their creation.
    #[serde(default, deserialize_with = "lenient")]
    pub started_at: Option<ServerTime>,
    /// Steps known so far; none before it has started.
    #[serde(default, deserialize_with = "null_as_empty")]
    pub steps: Vec<Step>,
}

impl Job {
    /// Whether it has come to its end.
    #[must_use]
    pub fn is_completed(&self) -> bool {
        self.status.as_deref() == Some("completed")
    }

    /// Whether it ended without ever running: such a job has no log.
    #[must_use]
    pub fn never_ran(&self) -> bool {
        self.is_completed()
            && (self.conclusion.as_deref() == Some("skipped") || self.steps.is_empty())
    }

    /// Whether a runner has begun it.
    #[must_use]
    pub fn has_begun(&self) -> bool {
        !self.never_ran() && (self.is_completed() || self.status.as_deref() == Some("in_progress"))
    }
}

/// A step of a job.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Step {
    /// Display name, expressions filled in once known.
    #[serde(default)]
    pub name: String,
    /// `queued`, `in_progress`, `completed`.
    #[serde(default)]
    pub status: Option<String>,
    /// Place in the job, from 1.
    #[serde(default)]
    pub number: u64,
}

/// A workflow.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Workflow {
    /// ID.
    pub id: u64,
    /// Display name.
    #[serde(default)]
    pub name: String,
    /// Path of its file in the repository.
    #[serde(default)]
    pub path: String,
}

/// A repository.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct RepositoryObject {
    pub default_branch: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Runs {
    #[serde(default)]
    pub total_count: u64,
    pub workflow_runs: Vec<Run>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Jobs {
    #[serde(default)]
    pub total_count: u64,
    pub jobs: Vec<Job>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Workflows {
    #[serde(default)]
    pub total_count: u64,
    pub workflows: Vec<Workflow>,
}

fn null_as_empty<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<Step>, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}
