//! Runs, jobs, workflows and the like as JSON, with the fields that Gitea has: modules/structs and
//! services/convert.

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde::Serialize;
use serde_json::{Value, json, value::RawValue};

use super::State;
use crate::{
    payload::AGE,
    plan::{PlannedStep, StepKind},
    profile::Gitea,
    random::{digest, hex_digest},
    run::{Attempt, Reference, Run},
    scenario::{Repository, Scenario},
    time::{Clock, Moment},
    workflow::{Workflow, WorkflowState},
};

/// What a segment of a URL has to escape of a name.
const SEGMENT: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'?')
    .add(b'/');

/// How Gitea writes a time that there is none of.
const NO_TIME: &str = "1970-01-01T00:00:00Z";
/// How Go writes one.
const ZERO_TIME: &str = "0001-01-01T00:00:00Z";

/// Writes payloads.
pub(crate) struct Site<'a> {
    api: &'a str,
    html: &'a str,
    clock: Clock,
    pub(crate) gitea: Gitea,
}

impl<'a> Site<'a> {
    pub(crate) fn of(scenario: &'a Scenario, gitea: Gitea, clock: Clock) -> Self {
        Self {
            api: scenario.api_base(),
            html: scenario.html_base(),
            clock,
            gitea,
        }
    }

    /// Who acts with a token, who may know more.
    pub(crate) fn oneself(&self, login: &str) -> Value {
        let mut payload = self.user(login);
        payload["email"] = format!("{login}@gitea.example").into();
        payload["active"] = true.into();
        payload["last_login"] = NO_TIME.into();
        payload
    }

    /// `toUser` of `services/convert/user.go`.
    fn user(&self, login: &str) -> Value {
        let id = 1 + digest(1, login.as_bytes()) % 1000;
        let Self { html, .. } = self;
        json!({
            "id": id,
            "login": login,
            "username": login,
            "login_name": "",
            "source_id": 0,
            "full_name": "",
            "email": format!("{id}+{login}@noreply.localhost"),
            "avatar_url": format!("{html}/avatars/{id}"),
            "html_url": format!("{html}/{login}"),
            "language": "",
            "is_admin": false,
            "last_login": ZERO_TIME,
            "created": self.clock.iso(Moment::START.plus(AGE)),
            "restricted": false,
            "active": false,
            "prohibit_login": false,
            "location": "",
            "website": "",
            "description": "",
            "visibility": "public",
            "followers_count": 0,
            "following_count": 0,
            "starred_repos_count": 0,
        })
    }

    /// `innerToRepo` of `services/convert/repository.go`. Within a run nobody may do anything with it.
    pub(crate) fn repository(&self, repository: &Repository, may: Permissions) -> Value {
        let full_name = repository.full_name();
        let url = self.repository_url(repository);
        let Self { html, .. } = self;
        let host = html.split_once("://").map_or(*html, |(_, host)| host);
        let created = self.clock.iso(Moment::START.plus(AGE));
        let mut payload = json!({
            "id": 1 + digest(2, full_name.as_bytes()) % 1000,
            "owner": self.user(&repository.owner),
            "name": repository.name,
            "full_name": full_name,
            "description": "",
            "empty": false,
            "private": true,
            "fork": false,
            "template": false,
            "mirror": false,
            "size": 108,
            "language": "",
            "languages_url": format!("{url}/languages"),
            "html_url": format!("{html}/{full_name}"),
            "url": url,
            "link": "",
            "ssh_url": format!("git@{host}:{full_name}.git"),
            "clone_url": format!("{html}/{full_name}.git"),
            "original_url": "",
            "website": "",
            "branch_count": repository.branches.len(),
            "default_branch": repository.default_branch,
            "archived": false,
            "created_at": created,
            "updated_at": created,
            "archived_at": NO_TIME,
            "permissions": may,
            "internal_tracker": {
                "enable_time_tracker": true,
                "allow_only_contributors_to_track_time": true,
                "enable_issue_dependencies": true,
            },
            "projects_mode": "all",
            "default_merge_style": "merge",
            "avatar_url": "",
            "internal": false,
            "mirror_interval": "",
            "object_format_name": "sha1",
            "mirror_updated": ZERO_TIME,
            "topics": [],
            "licenses": [],
        });
        for none in [
            "stars_count",
            "forks_count",
            "open_issues_count",
            "open_pr_counter",
            "release_counter",
        ] {
            payload[none] = 0.into();
        }
        payload["watchers_count"] = 1.into();
        for yes in [
            "has_code",
            "has_issues",
            "has_wiki",
            "has_pull_requests",
            "has_projects",
            "has_releases",
            "has_packages",
            "has_actions",
            "allow_merge_commits",
            "allow_rebase",
            "allow_rebase_explicit",
            "allow_squash_merge",
            "allow_fast_forward_only_merge",
            "allow_rebase_update",
            "default_allow_maintainer_edit",
        ] {
            payload[yes] = true.into();
        }
        for no in [
            "ignore_whitespace_conflicts",
            "allow_manual_merge",
            "autodetect_manual_merge",
            "default_delete_branch_after_merge",
        ] {
            payload[no] = false.into();
        }
        // Since 1.27, as attempts are.
        if self.gitea.has_attempts {
            payload["allow_merge_update"] = true.into();
            payload["default_update_style"] = "merge".into();
            payload["mirror_last_sync_at"] = ZERO_TIME.into();
        }
        payload
    }

    /// `getActionWorkflowEntry` of `services/convert/convert.go`.
    pub(crate) fn workflow(&self, repository: &Repository, workflow: &Workflow) -> Value {
        let file = utf8_percent_encode(&workflow.file, SEGMENT);
        let url = format!(
            "{}/actions/workflows/{file}",
            self.repository_url(repository)
        );
        let page = format!("{}/{}", self.html, repository.full_name());
        let branch = &repository.default_branch;
        let created = self.clock.iso(Moment::START.plus(AGE));
        json!({
            "id": workflow.file,
            "name": workflow.name.as_ref().unwrap_or(&workflow.file),
            "path": workflow.path(),
            "state": match workflow.state {
                WorkflowState::Active => "active",
                _ => "disabled_manually",
            },
            "created_at": created,
            "updated_at": created,
            "url": url,
            "html_url": format!("{page}/src/branch/{branch}/.github/workflows/{file}"),
            "badge_url": format!("{page}/actions/workflows/{file}/badge.svg?branch={branch}"),
            "deleted_at": ZERO_TIME,
        })
    }

    /// `getFileContentsByEntryInternal` of `services/repository/files/content.go`.
    pub(crate) fn contents(&self, repository: &Repository, at: &Place<'_>, content: &str) -> Value {
        let Place {
            path,
            asked,
            reference,
        } = at;
        let sha = blob_sha(content);
        let url = self.repository_url(repository);
        let this = format!("{url}/contents/{path}?ref={asked}");
        let blob = format!("{url}/git/blobs/{sha}");
        let place = format!("{}/{path}", reference.web_path());
        let page = format!("{}/{}", self.html, repository.full_name());
        let html_url = format!("{page}/src/{place}");
        let committed = self.clock.iso(Moment::START.plus(AGE));
        json!({
            "name": path.rsplit('/').next(),
            "path": path,
            "sha": sha,
            "last_commit_sha": reference.sha,
            "last_committer_date": committed,
            "last_author_date": committed,
            "type": "file",
            "size": content.len(),
            "encoding": "base64",
            "content": base64(content.as_bytes()),
            "target": null,
            "url": this,
            "html_url": html_url,
            "git_url": blob,
            "download_url": format!("{page}/raw/{place}"),
            "submodule_git_url": null,
            "_links": { "self": this, "git": blob, "html": html_url },
        })
    }

    /// The URL of a run in the API, and of its page.
    pub(crate) fn run_urls(&self, repository: &Repository, run: &Run) -> (String, String) {
        let page = if self.gitea.pages_by_number {
            run.number
        } else {
            run.id
        };
        (
            format!(
                "{}/actions/runs/{}",
                self.repository_url(repository),
                run.id
            ),
            format!(
                "{}/{}/actions/runs/{page}",
                self.html,
                repository.full_name()
            ),
        )
    }

    /// What the runs of one answer have in common.
    pub(crate) fn common(&self, repository: &Repository) -> Box<RawValue> {
        let payload = self.repository(repository, Permissions::default());
        serde_json::value::to_raw_value(&payload).unwrap_or_else(|_| RawValue::NULL.to_owned())
    }

    /// `ToActionWorkflowRun` of `services/convert/convert.go`.
    pub(crate) fn run<'r>(
        &self,
        (repository, common): (&Repository, &'r RawValue),
        run: &'r Run,
        workflow: &Workflow,
        now: Moment,
    ) -> RunPayload<'r> {
        let attempt = run.at(now);
        let state = State::of_run(attempt, now);
        let (url, html_url) = self.run_urls(repository, run);
        let actor = self.user(&run.actor);
        let before = attempt.number - 1;
        let before = (before > 0).then(|| Value::from(format!("{url}/attempts/{before}")));
        RunPayload {
            id: run.id,
            previous_attempt_url: self
                .gitea
                .has_attempts
                .then_some(before.unwrap_or_default()),
            pull_requests: self.gitea.has_attempts.then_some([]),
            url,
            html_url,
            display_title: &run.title,
            path: format!("{}@{}", workflow.file, run.reference.full_name()),
            event: &run.event,
            // Before, nobody filled it in.
            run_attempt: if self.gitea.has_attempts {
                attempt.number
            } else {
                0
            },
            run_number: run.number,
            head_sha: &run.reference.sha,
            head_branch: run.reference.branch(),
            status: state.status(),
            actor: actor.clone(),
            trigger_actor: actor,
            repository: common,
            conclusion: state.conclusion(),
            started_at: self.time(begun(attempt, now)),
            completed_at: self.time(first_done(attempt, now)),
        }
    }

    /// `ToActionWorkflowJob` of `services/convert/convert.go`.
    pub(crate) fn job<'r>(
        &self,
        repository: &Repository,
        (run, attempt, index): (&'r Run, &'r Attempt, usize),
        workflow: &'r Workflow,
        now: Moment,
    ) -> JobPayload<'r> {
        let plan = &attempt.plan.jobs[index];
        let id = attempt.job_ids[index];
        let state = State::of_job(plan, attempt, now);
        let (run_url, run_html_url) = self.run_urls(repository, run);
        let taken = plan.started.filter(|started| *started <= now);
        let definition = &workflow.jobs[plan.definition];
        let step = |(number, step): (usize, &PlannedStep)| {
            let StepKind::Defined(index) = step.kind else {
                return None;
            };
            let [started, ended] = step.times(now);
            Some(StepPayload {
                // As it is written: expressions in it are not evaluated.
                name: definition.steps[index].written_name(),
                number,
                // It is the job's, and not the step's own.
                status: state.status(),
                conclusion: state.conclusion(),
                started_at: self.time(started),
                completed_at: self.time(ended),
            })
        };
        // Those of the runner itself do not count.
        let defined = plan.shown_steps(now).iter();
        let defined = defined.filter(|step| matches!(step.kind, StepKind::Defined(_)));
        JobPayload {
            id,
            url: format!("{}/actions/jobs/{id}", self.repository_url(repository)),
            html_url: if self.gitea.pages_by_number {
                format!("{run_html_url}/jobs/{index}")
            } else {
                format!("{run_html_url}/jobs/{id}")
            },
            run_id: run.id,
            run_url,
            name: &plan.name,
            labels: ["ubuntu-latest"],
            // Before, it was counted when a runner took the job.
            run_attempt: attempt.number - u32::from(!self.gitea.has_attempts && taken.is_none()),
            head_sha: &run.reference.sha,
            head_branch: run.reference.branch(),
            status: state.status(),
            conclusion: state.conclusion(),
            runner_id: taken.map(|_| 1 + id % 3),
            runner_name: taken.map(|_| format!("runner-{}", 1 + id % 3)),
            steps: (0..).zip(defined).filter_map(step).collect(),
            created_at: self.clock.iso(run.created),
            started_at: self.time(taken),
            completed_at: self.time(
                // For one that is left out nobody notes the time.
                Some(plan.ended).filter(|ended| *ended <= now && state != State::Skipped),
            ),
        }
    }

    fn time(&self, moment: Option<Moment>) -> String {
        moment.map_or_else(|| NO_TIME.to_owned(), |moment| self.clock.iso(moment))
    }

    fn repository_url(&self, repository: &Repository) -> String {
        format!("{}/repos/{}", self.api, repository.full_name())
    }
}

/// What somebody may do with a repository.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub(crate) struct Permissions {
    pub(crate) admin: bool,
    pub(crate) push: bool,
    pub(crate) pull: bool,
}

/// Where a file is.
pub(crate) struct Place<'a> {
    pub(crate) path: &'a str,
    /// The branch, tag or commit that was asked for.
    pub(crate) asked: &'a str,
    pub(crate) reference: Reference,
}

/// When the first job of an attempt started, if one has: `UpdateRunJob` of
/// `models/actions/run_job.go`.
fn begun(attempt: &Attempt, now: Moment) -> Option<Moment> {
    let started = attempt.plan.jobs.iter().filter_map(|job| job.started);
    started.min().filter(|started| *started <= now)
}

/// Since when the run has counted as ended, if it does: the same.
fn first_done(attempt: &Attempt, now: Moment) -> Option<Moment> {
    if !State::of_run(attempt, now).is_done() {
        return None;
    }
    let jobs = attempt.plan.jobs.iter();
    let ends = jobs.map(|job| job.ended).chain([attempt.plan.ended]);
    ends.filter(|end| *end <= now && State::of_run(attempt, *end).is_done())
        .min()
}

/// A run as the API shows it.
#[derive(Debug, Serialize)]
pub(crate) struct RunPayload<'a> {
    id: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    previous_attempt_url: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pull_requests: Option<[u8; 0]>,
    url: String,
    html_url: String,
    display_title: &'a str,
    path: String,
    event: &'a str,
    run_attempt: u32,
    run_number: u64,
    head_sha: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    head_branch: Option<&'a str>,
    status: &'static str,
    actor: Value,
    trigger_actor: Value,
    repository: &'a RawValue,
    #[serde(skip_serializing_if = "Option::is_none")]
    conclusion: Option<&'static str>,
    started_at: String,
    completed_at: String,
}

/// A job as the API shows it.
#[derive(Debug, Serialize)]
pub(crate) struct JobPayload<'a> {
    id: u64,
    url: String,
    html_url: String,
    run_id: u64,
    run_url: String,
    name: &'a str,
    labels: [&'static str; 1],
    run_attempt: u32,
    head_sha: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    head_branch: Option<&'a str>,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    conclusion: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    runner_id: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    runner_name: Option<String>,
    steps: Vec<StepPayload>,
    created_at: String,
    started_at: String,
    completed_at: String,
}

#[derive(Debug, Serialize)]
struct StepPayload {
    name: String,
    number: usize,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    conclusion: Option<&'static str>,
    started_at: String,
    completed_at: String,
}

/// What stands for a file's hash.
pub(crate) fn blob_sha(content: &str) -> String {
    hex_digest(0, content.as_bytes(), 40)
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let group = chunk.iter().zip([16, 8, 0]);
        let bits = group.fold(0, |bits, (byte, shift)| bits | u32::from(*byte) << shift);
        for digit in 0..4 {
            let index = (bits >> (18 - 6 * digit)) & 63;
            text.push(if digit > chunk.len() {
                '='
            } else {
                char::from(DIGITS[index as usize])
            });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::base64;

    #[test]
    fn content_is_written_in_base64() {
        let texts = ["", "f", "fo", "foo", "foob", "\u{fb}\u{ff}"].map(str::as_bytes);
        let expected = ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "w7vDvw=="];
        assert_eq!(texts.map(base64), expected);
    }
}
