//! The fields of GitHub's objects that are read here. Servers of other ages
//! leave some out, so all but IDs are optional.

use std::time::Duration;

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
    /// The file of its workflow and the ref that it was taken from:
    /// `ci.yml@refs/heads/main` (Gitea).
    pub path: Option<String>,
    /// What triggered it: `workflow_dispatch`, `push`, …
    pub event: Option<String>,
    /// Short name of the branch or tag it runs at.
    pub head_branch: Option<String>,
    /// The commit it runs at.
    pub head_sha: Option<String>,
    /// `queued`, `in_progress`, `completed`, …
    pub status: Option<String>,
    /// How it ended: `success`, `failure`, `cancelled`, …
    pub conclusion: Option<String>,
    /// Number of the attempt, from 1; a re-run raises it.
    pub run_attempt: Option<u64>,
    /// When it was created, by the server's clock, in whole seconds.
    pub created_at: Option<ServerTime>,
    /// When its latest attempt was started (GitHub): it need not run yet.
    pub run_started_at: Option<ServerTime>,
    /// When the first of its jobs began (Gitea).
    pub started_at: Option<ServerTime>,
    /// When it ended (Gitea).
    pub completed_at: Option<ServerTime>,
    /// When it last changed.
    pub updated_at: Option<ServerTime>,
    /// Login of whoever dispatched it.
    pub actor: Option<String>,
    /// Its page.
    pub html_url: Option<String>,
    /// Its place in the API.
    pub url: Option<String>,
    /// It was created after this, whatever its own stamp says: the newest stamp among the runs of its list with
    /// smaller IDs, or when the dispatch was sent, if the first list after it did not have this run.
    pub created_after: Option<ServerTime>,
    /// On which page of a list it was, from 1: a later page may be of a later state.
    pub page: u64,
}

impl Run {
    /// It was created no later than at this time, as far as that is known.
    #[must_use]
    pub fn created_by(&self) -> Option<ServerTime> {
        self.created_at.or(self.started_at)
    }

    /// By how much its stamps contradict each other, or the latest creation of runs with smaller IDs.
    #[must_use]
    pub fn contradiction(&self, latest_before: Option<ServerTime>) -> Duration {
        let Some(created) = self.created_at else {
            return Duration::ZERO;
        };
        let changed = self.run_started_at.into_iter().chain(self.updated_at);
        let before_creation = changed.map(|changed| created.since(changed)).max();
        let after = latest_before.map(|after| after.since(created));
        before_creation.max(after).unwrap_or_default()
    }

    /// The latest time that it is stamped with, by the server's clock.
    #[must_use]
    pub fn newest_stamp(&self) -> Option<ServerTime> {
        self.created_at
            .max(self.run_started_at)
            .max(self.started_at)
            .max(self.updated_at)
    }

    /// Whether it is a run of this workflow file, as far as it says so.
    #[must_use]
    pub fn is_of(&self, file: &str) -> bool {
        let path = self.path.as_deref();
        let path = path.map(|path| path.split_once("@refs/").map_or(path, |(path, _)| path));
        path.is_none_or(|path| path.rsplit('/').next() == file.rsplit('/').next())
    }

    /// Whether it was dispatched, as far as it says so.
    #[must_use]
    pub fn is_dispatched(&self) -> bool {
        let event = self.event.as_deref();
        event.is_none_or(|event| event == "workflow_dispatch")
    }

    /// Whether it says that it was touched even where it was started again: by when it changed, or at which
    /// attempt it is. A Gitea before 1.27 says neither.
    #[must_use]
    pub fn tells_if_touched(&self) -> bool {
        self.created_at.is_some() || self.run_attempt.is_some()
    }

    /// Whether it was queued and never touched since: no job of it has begun.
    #[must_use]
    pub fn is_untouched(&self) -> bool {
        let was_touched = match self.created_at {
            Some(_) => self.updated_at != self.created_at,
            None => self.started_at.is_some(),
        };
        self.is_waiting() && !was_touched
    }

    /// Whether it has come to its end.
    #[must_use]
    pub fn is_completed(&self) -> bool {
        self.status.as_deref() == Some("completed")
    }

    /// Whether it is completed, and says how. GitHub's conclusions are null for some seconds at first
    /// (pytorch/pytorch#82186).
    #[must_use]
    pub fn is_concluded(&self) -> bool {
        self.is_completed() && self.conclusion.is_some()
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

    /// Whether it is completed, and says how; see [`Run::is_concluded`].
    #[must_use]
    pub fn is_concluded(&self) -> bool {
        self.is_completed() && self.conclusion.is_some()
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

    /// Where all steps have the state of their job: gives each the state that its times
    /// tell. How one has ended is known only if all have succeeded.
    pub(super) fn read_steps_by_their_times(&mut self) {
        let is_the_jobs =
            |step: &Step| step.status == self.status && step.conclusion == self.conclusion;
        if !self.steps.iter().all(is_the_jobs) {
            return;
        }
        let is_over = self.is_completed();
        let has_succeeded = self.conclusion.as_deref() == Some("success");
        for step in &mut self.steps {
            let (status, conclusion) = match (step.started_at, step.completed_at) {
                (Some(_), None) if !is_over => ("in_progress", None),
                (None, None) if !is_over => ("queued", None),
                (None, _) => ("completed", Some("skipped")),
                (Some(_), _) => ("completed", has_succeeded.then_some("success")),
            };
            step.status = Some(status.to_owned());
            step.conclusion = conclusion.map(str::to_owned);
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
    /// ID: a number, or its file's name (Gitea).
    pub id: String,
    /// Display name.
    pub name: String,
    /// Path of its file in the repository.
    pub path: String,
}

impl FromJson for Run {
    fn from_json(object: &Object) -> Option<Self> {
        let text = |name, forgejos: &str| object.text(name).or_else(|| object.text(forgejos));
        let at = |name, forgejos: &str| time(object, name).or_else(|| time(object, forgejos));
        let (status, conclusion) = state(object);
        let path = text("path", "workflow_id");
        Some(Self {
            id: object.id("id")?,
            name: object.text("name"),
            display_title: text("display_title", "title"),
            event: object.text("event"),
            head_branch: text("head_branch", "prettyref").or_else(|| branch_in(path.as_deref()?)),
            head_sha: text("head_sha", "commit_sha"),
            path,
            status,
            conclusion,
            run_attempt: attempt(object, "run_attempt"),
            created_at: at("created_at", "created"),
            run_started_at: time(object, "run_started_at"),
            started_at: at("started_at", "started"),
            completed_at: at("completed_at", "stopped"),
            updated_at: at("updated_at", "updated"),
            actor: object.object("actor").and_then(|actor| actor.text("login")),
            html_url: page(object),
            url: object.text("url"),
            created_after: None,
            page: 1,
        })
    }
}

impl FromJson for Job {
    fn from_json(object: &Object) -> Option<Self> {
        let (status, conclusion) = state(object);
        Some(Self {
            id: object.id("id")?,
            name: object.text("name").unwrap_or_default(),
            status,
            conclusion,
            started_at: time(object, "started_at"),
            completed_at: time(object, "completed_at"),
            html_url: page(object),
            run_attempt: attempt(object, "run_attempt").or_else(|| attempt(object, "attempt")),
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

/// Its page: people follow it, so it is one of the web's.
fn page(object: &Object) -> Option<String> {
    let is_of_the_web = |url: &String| url.starts_with("https://") || url.starts_with("http://");
    let is_plain = |url: &String| !url.contains(|c: char| c.is_control() || c.is_whitespace());
    let url = object.text("html_url");
    url.filter(is_of_the_web).filter(is_plain)
}

/// The number of an attempt. Gitea's is 0 where it is none: that of a run always, and
/// that of a job before it begins.
fn attempt(object: &Object, name: &str) -> Option<u64> {
    object.number(name).filter(|number| *number > 0)
}

/// `ci.yml@refs/tags/v1` → `v1`.
fn branch_in(path: &str) -> Option<String> {
    let (_, git_ref) = path.split_once("@refs/")?;
    let (_, name) = git_ref.split_once('/')?;
    Some(name.to_owned())
}

/// The status and the conclusion of a run or a job. Forgejo has one word for both
/// (models/actions/status.go).
fn state(object: &Object) -> (Option<String>, Option<String>) {
    let status = object.text("status");
    let word = |text: &str| Some(text.to_owned());
    match status.as_deref() {
        Some("success" | "failure" | "cancelled" | "skipped") => (word("completed"), status),
        Some("running") => (word("in_progress"), None),
        Some("blocked") => (word("waiting"), None),
        _ => (status, object.text("conclusion")),
    }
}

impl FromJson for Workflow {
    fn from_json(object: &Object) -> Option<Self> {
        let number = object.id("id").map(|id| id.to_string());
        Some(Self {
            id: number.or_else(|| object.text("id"))?,
            name: object.text("name").unwrap_or_default(),
            path: object.text("path").unwrap_or_default(),
        })
    }
}

fn time(object: &Object, name: &str) -> Option<ServerTime> {
    let time = ServerTime::from_rfc3339(&object.text(name)?)?;
    // What has not happened yet, in Gitea, happened when time began.
    (time.as_unix() > 0).then_some(time)
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

/// The name that is given to a list which is the whole answer.
pub(super) const BARE_LIST: &str = "list";

/// The release of a server.
#[derive(Debug)]
pub(super) struct Release(pub String);

impl FromJson for Release {
    fn from_json(object: &Object) -> Option<Self> {
        object.text("version").map(Self)
    }
}

/// The name that a page gives its entries.
pub(super) trait Listed: FromJson {
    const LIST: &'static str;
    type Id: Ord;
    fn id(&self) -> Self::Id;
    /// Takes note of the page that has it, where that matters.
    fn is_on(&mut self, _page: u64) {}
}

impl Listed for Run {
    const LIST: &'static str = "workflow_runs";
    type Id = u64;
    fn id(&self) -> u64 {
        self.id
    }
    fn is_on(&mut self, page: u64) {
        self.page = page;
    }
}

impl Listed for Job {
    const LIST: &'static str = "jobs";
    type Id = u64;
    fn id(&self) -> u64 {
        self.id
    }
}

impl Listed for Workflow {
    const LIST: &'static str = "workflows";
    type Id = String;
    fn id(&self) -> String {
        self.id.clone()
    }
}

impl<T: Listed> FromJson for Page<T> {
    fn from_json(object: &Object) -> Option<Self> {
        Some(Self {
            total_count: object.number("total_count").unwrap_or_default(),
            entries: object.list(T::LIST).or_else(|| object.list(BARE_LIST))?,
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
    fn only_an_address_of_the_web_is_a_page() {
        let page = |url: &str| {
            let run = serde_json::json!({ "id": 1, "html_url": url }).to_string();
            read::<Run>(&run).unwrap().html_url
        };
        for url in [
            "https://github.com/o/r/actions/runs/1",
            "http://gitea.example/o/r",
        ] {
            assert_eq!(page(url).as_deref(), Some(url));
        }
        for url in [
            "javascript:alert(1)",
            "file:///x",
            "https://x/ y",
            "https://x/\ny",
            "",
        ] {
            assert_eq!(page(url), None, "{url:?}");
        }
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
    fn stamps_contradict_each_other_where_something_is_older_than_what_was_before() {
        let contradiction = |created: u8, started: u8, updated: u8, after: Option<u8>| {
            let time = |second: u8| format!("2026-01-01T00:00:{second:02}Z");
            let run = crate::json::read::<Run>(&serde_json::json!({
                "id": 1, "created_at": time(created), "run_started_at": time(started),
                "updated_at": time(updated),
            }));
            let after = after.and_then(|at| ServerTime::from_rfc3339(&time(at)));
            run.contradiction(after).as_secs()
        };
        assert_eq!(contradiction(5, 5, 30, None), 0);
        assert_eq!(contradiction(5, 30, 40, Some(4)), 0);
        assert_eq!(contradiction(5, 2, 30, None), 3);
        assert_eq!(contradiction(5, 5, 1, Some(7)), 4);
        assert_eq!(contradiction(5, 5, 30, Some(25)), 20);
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

    #[test]
    fn a_run_of_gitea_says_less() {
        let mut run: Run = crate::json::read(&serde_json::json!({
            "id": 8, "display_title": "Deploy", "path": "a@b.yml@refs/tags/v1/x", "run_attempt": 0,
            "head_sha": "907d", "status": "queued", "started_at": "1970-01-01T01:00:00+01:00",
        }));
        assert_eq!(run.head_branch.as_deref(), Some("v1/x"));
        assert_eq!((run.run_attempt, run.started_at), (None, None));
        assert!(run.is_of("a@b.yml") && !run.is_of("b.yml") && !run.is_of("a"));
        assert!(run.is_untouched());
        run.started_at = ServerTime::from_rfc3339("2026-01-01T00:00:09Z");
        assert!(!run.is_untouched(), "it waits between two jobs");
        assert_eq!(run.created_by(), run.started_at);
    }

    #[test]
    fn a_run_of_forgejo_has_other_names_for_the_same() {
        let run = |status: &str| {
            crate::json::read::<Run>(&serde_json::json!({
                "id": 8, "title": "Deploy", "workflow_id": "ci.yml", "prettyref": "main",
                "status": status, "created": "2026-01-01T00:00:05Z", "commit_sha": "907d",
                "started": "2026-01-01T00:00:09Z", "updated": "2026-01-01T00:00:09Z",
            }))
        };
        let state = |status: &str| {
            let run = run(status);
            (run.status.unwrap_or_default(), run.conclusion)
        };
        assert_eq!(state("waiting"), ("waiting".to_owned(), None));
        assert_eq!(state("blocked"), ("waiting".to_owned(), None));
        assert_eq!(state("running"), ("in_progress".to_owned(), None));
        for conclusion in ["success", "failure", "cancelled", "skipped"] {
            let expected = ("completed".to_owned(), Some(conclusion.to_owned()));
            assert_eq!(state(conclusion), expected);
        }
        let run = run("running");
        assert_eq!(run.display_title.as_deref(), Some("Deploy"));
        assert_eq!(run.head_branch.as_deref(), Some("main"));
        assert_eq!(run.head_sha.as_deref(), Some("907d"));
        assert!(run.is_of("ci.yml") && !run.is_of("cd.yml"));
        assert_eq!(
            run.created_by(),
            ServerTime::from_rfc3339("2026-01-01T00:00:05Z")
        );

        // Its jobs are a bare list.
        let answer = crate::github::answer::Answer {
            status: 200,
            headers: crate::host::Headers::default(),
            body: br#" [{"id":1,"name":"build","status":"running","attempt":2}]"#.to_vec(),
        };
        let jobs: Page<Job> = answer.json().unwrap();
        let job = &jobs.entries[0];
        assert_eq!(
            (job.run_attempt, job.status.as_deref()),
            (Some(2), Some("in_progress"))
        );
    }

    #[test]
    fn steps_that_have_the_state_of_their_job_are_read_by_their_times() {
        let job = |status: &str, conclusion: Option<&str>, others: Option<&str>| {
            let step = |number: u64, began: &str, ended: &str, conclusion: Option<&str>| {
                serde_json::json!({
                    "name": "x", "number": number, "status": status, "conclusion": conclusion,
                    "started_at": began, "completed_at": ended,
                })
            };
            let (none, some) = ("1970-01-01T00:00:00Z", "2026-01-01T00:00:09Z");
            let mut job: Job = crate::json::read(&serde_json::json!({
                "id": 1, "name": "build", "status": status, "conclusion": conclusion,
                "steps": [
                    step(0, some, some, conclusion), step(1, some, none, conclusion),
                    step(2, none, none, others.or(conclusion)),
                ],
            }));
            job.read_steps_by_their_times();
            let state = |step: &Step| {
                let status = step.status.clone().unwrap_or_default();
                (status, step.conclusion.clone().unwrap_or_default())
            };
            job.steps.iter().map(state).collect::<Vec<_>>()
        };
        let own = |states: &[(&str, &str)]| {
            let own = |(a, b): &(&str, &str)| ((*a).to_owned(), (*b).to_owned());
            states.iter().map(own).collect::<Vec<_>>()
        };
        let now = job("in_progress", None, None);
        assert_eq!(
            now,
            own(&[("completed", ""), ("in_progress", ""), ("queued", "")])
        );
        let done = job("completed", Some("success"), None);
        let expected = [
            ("completed", "success"),
            ("completed", "success"),
            ("completed", "skipped"),
        ];
        assert_eq!(done, own(&expected));
        let failed = job("completed", Some("failure"), None);
        assert_eq!(
            failed,
            own(&[
                ("completed", ""),
                ("completed", ""),
                ("completed", "skipped")
            ])
        );
        // Where they have states of their own, these count.
        let told = job("completed", Some("failure"), Some("cancelled"));
        let expected = [
            ("completed", "failure"),
            ("completed", "failure"),
            ("completed", "cancelled"),
        ];
        assert_eq!(told, own(&expected));
    }
}
