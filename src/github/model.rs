//! The fields of GitHub's objects that are read here. Servers of other ages
//! leave some out, so all but IDs are optional.

use crate::json::{FromJson, Object};
use crate::time::ServerTime;

/// A workflow run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// ID, unique on its server.
    pub id: u64,
    /// Name of the workflow, or of the run on servers before `run-name`.
    pub name: Option<String>,
    /// Title: the evaluated `run-name`.
    pub display_title: Option<String>,
    /// Short name of the branch or tag it runs at.
    pub head_branch: Option<String>,
    /// `queued`, `in_progress`, `completed`, …
    pub status: Option<String>,
    /// How it ended: `success`, `failure`, `cancelled`, …
    pub conclusion: Option<String>,
    /// Number of the attempt, from 1; a re-run raises it.
    pub run_attempt: Option<u64>,
    /// When it was created, by the server's clock, in whole seconds.
    pub created_at: Option<ServerTime>,
    /// When its latest attempt was started.
    pub run_started_at: Option<ServerTime>,
    /// When it last changed.
    pub updated_at: Option<ServerTime>,
    /// Login of whoever dispatched it.
    pub actor: Option<String>,
    /// Its page.
    pub html_url: Option<String>,
    /// Its place in the API.
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
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// ID, unique on its server.
    pub id: u64,
    /// Display name.
    pub name: String,
    /// As a run's.
    pub status: Option<String>,
    /// How it ended.
    pub conclusion: Option<String>,
    /// When a runner took it. Queued jobs have none, or that of their creation.
    pub started_at: Option<ServerTime>,
    /// When it ended.
    pub completed_at: Option<ServerTime>,
    /// Its page.
    pub html_url: Option<String>,
    /// Number of the attempt that it belongs to.
    pub run_attempt: Option<u64>,
    /// Steps known so far; none before it has started.
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
        match self.conclusion.as_deref() {
            Some("skipped") => true,
            Some("cancelled") => self.steps.is_empty(),
            _ => false,
        }
    }

    /// Whether a runner has begun it.
    #[must_use]
    pub fn has_begun(&self) -> bool {
        !self.never_ran() && (self.is_completed() || self.status.as_deref() == Some("in_progress"))
    }
}

/// A step of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Display name, expressions filled in once known.
    pub name: String,
    /// `queued`, `in_progress`, `completed`.
    pub status: Option<String>,
    /// How it ended.
    pub conclusion: Option<String>,
    /// Place in the job, from 1.
    pub number: u64,
    /// When it began.
    pub started_at: Option<ServerTime>,
    /// When it ended.
    pub completed_at: Option<ServerTime>,
}

impl Step {
    /// Whether it runs or has run, so that its name is final.
    #[must_use]
    pub fn has_run(&self) -> bool {
        match self.status.as_deref() {
            Some("in_progress") => true,
            Some("completed") => matches!(self.conclusion.as_deref(), Some("success" | "failure")),
            _ => false,
        }
    }
}

/// A workflow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workflow {
    /// ID.
    pub id: u64,
    /// Display name.
    pub name: String,
    /// Path of its file in the repository.
    pub path: String,
}

impl FromJson for Run {
    fn from_json(object: &Object) -> Option<Self> {
        Some(Self {
            id: object.id("id")?,
            name: object.text("name"),
            display_title: object.text("display_title"),
            head_branch: object.text("head_branch"),
            status: object.text("status"),
            conclusion: object.text("conclusion"),
            run_attempt: object.number("run_attempt"),
            created_at: time(object, "created_at"),
            run_started_at: time(object, "run_started_at"),
            updated_at: time(object, "updated_at"),
            actor: object.object("actor").and_then(|actor| actor.text("login")),
            html_url: object.text("html_url"),
            url: object.text("url"),
        })
    }
}

impl FromJson for Job {
    fn from_json(object: &Object) -> Option<Self> {
        Some(Self {
            id: object.id("id")?,
            name: object.text("name").unwrap_or_default(),
            status: object.text("status"),
            conclusion: object.text("conclusion"),
            started_at: time(object, "started_at"),
            completed_at: time(object, "completed_at"),
            html_url: object.text("html_url"),
            run_attempt: object.number("run_attempt"),
            steps: object.list("steps").unwrap_or_default(),
        })
    }
}

impl FromJson for Step {
    fn from_json(object: &Object) -> Option<Self> {
        Some(Self {
            name: object.text("name").unwrap_or_default(),
            status: object.text("status"),
            conclusion: object.text("conclusion"),
            number: object.number("number").unwrap_or_default(),
            started_at: time(object, "started_at"),
            completed_at: time(object, "completed_at"),
        })
    }
}

impl FromJson for Workflow {
    fn from_json(object: &Object) -> Option<Self> {
        Some(Self {
            id: object.id("id")?,
            name: object.text("name").unwrap_or_default(),
            path: object.text("path").unwrap_or_default(),
        })
    }
}

fn time(object: &Object, name: &str) -> Option<ServerTime> {
    ServerTime::from_rfc3339(&object.text(name)?)
}

/// The part of a repository that is read here.
#[derive(Debug)]
pub(super) struct RepositoryObject {
    pub default_branch: String,
}

impl FromJson for RepositoryObject {
    fn from_json(object: &Object) -> Option<Self> {
        let default_branch = object.text("default_branch")?;
        Some(Self { default_branch })
    }
}

/// A page of a list.
#[derive(Debug)]
pub(super) struct Page<T> {
    /// Of the whole list; 0 where the server does not say.
    pub total_count: u64,
    pub entries: Vec<T>,
}

/// The name that a page gives its entries.
pub(super) trait Listed: FromJson {
    const LIST: &'static str;
    fn id(&self) -> u64;
}

impl Listed for Run {
    const LIST: &'static str = "workflow_runs";
    fn id(&self) -> u64 {
        self.id
    }
}

impl Listed for Job {
    const LIST: &'static str = "jobs";
    fn id(&self) -> u64 {
        self.id
    }
}

impl Listed for Workflow {
    const LIST: &'static str = "workflows";
    fn id(&self) -> u64 {
        self.id
    }
}

impl<T: Listed> FromJson for Page<T> {
    fn from_json(object: &Object) -> Option<Self> {
        Some(Self {
            total_count: object.number("total_count").unwrap_or_default(),
            entries: object.list(T::LIST)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read<T: FromJson>(json: &str) -> Option<T> {
        T::from_json(&Object::parse(json.as_bytes()).unwrap())
    }

    #[test]
    fn what_has_begun_is_told_by_status_and_conclusion() {
        let job = |status: &str, conclusion: &str, steps: bool| {
            let steps = if steps {
                serde_json::json!([{ "name": "x", "number": 1, "status": status }])
            } else {
                serde_json::json!([])
            };
            crate::json::read::<Job>(&serde_json::json!({
                "id": 1, "name": "build", "status": status, "conclusion": conclusion, "steps": steps,
            }))
        };
        assert!(job("in_progress", "", true).has_begun());
        assert!(job("completed", "success", true).has_begun());
        assert!(job("completed", "cancelled", true).has_begun());
        assert!(!job("completed", "cancelled", false).has_begun());
        assert!(job("completed", "cancelled", false).never_ran());
        assert!(!job("completed", "skipped", true).has_begun());
        assert!(!job("queued", "", false).has_begun());
        assert!(job("in_progress", "", true).steps[0].has_run());
        assert!(!job("queued", "", true).steps[0].has_run());
    }

    #[test]
    fn a_run_waits_while_no_job_of_it_runs() {
        let run = |status: &str| {
            crate::json::read::<Run>(&serde_json::json!({ "id": 1, "status": status }))
        };
        for status in ["queued", "requested", "pending", "waiting"] {
            assert!(run(status).is_waiting(), "{status}");
        }
        for status in ["in_progress", "completed", ""] {
            assert!(!run(status).is_waiting(), "{status}");
        }
    }

    #[test]
    fn a_run_needs_no_more_than_an_id() {
        let run: Run = read(r#"{"id":1,"name":null,"created_at":"soon","status":7}"#).unwrap();
        assert_eq!(
            (run.id, run.name, run.created_at, run.status),
            (1, None, None, None)
        );
        assert_eq!(read::<Run>(r#"{"name":"x"}"#), None);
    }

    #[test]
    fn a_job_may_have_no_steps() {
        let job: Job = read(r#"{"id":1,"steps":null}"#).unwrap();
        assert!(job.steps.is_empty());
    }

    #[test]
    fn a_page_that_is_none_is_not_taken_for_an_empty_one() {
        assert!(read::<Page<Run>>(r#"{"message":"ok"}"#).is_none());
        let page: Page<Run> = read(r#"{"total_count":0,"workflow_runs":[]}"#).unwrap();
        assert!(page.entries.is_empty());
    }
}
