//! Runs, jobs, workflows and repositories as JSON, with every field that GitHub's description of
//! the API (`@octokit/openapi`) requires.

use std::collections::BTreeMap;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use serde_json::{Value, json, value::RawValue};

use crate::{
    plan::{PlannedJob, PlannedStep},
    random::digest,
    run::{Attempt, Run},
    scenario::{Repository, Scenario},
    time::{Clock, Moment},
    workflow::{Conclusion, Status, Workflow},
};

/// How long before the start repositories and workflows were created, in seconds: 90 days.
pub(crate) const AGE: f64 = -7_776_000.0;

/// Writes payloads. What is the same in all of them is written once.
#[derive(Debug)]
pub(crate) struct Payloads {
    api: String,
    html: String,
    clock: Clock,
    /// What runners stamp jobs and steps with.
    runners_clock: Clock,
    /// By how much the machines that stamp runs differ, in seconds.
    stamps_differ_by: f64,
    /// How many seconds conclusions are null at first.
    conclusions_lag: f64,
    users: BTreeMap<String, Box<RawValue>>,
    repositories: Vec<RepositoryPayload>,
}

/// Which machine stamps a run.
#[derive(Debug, Clone, Copy)]
enum Stamps {
    Created = 0,
    Updated = 1 << 20,
}

#[derive(Debug)]
struct RepositoryPayload {
    full_name: String,
    /// As it stands in a run.
    minimal: Box<RawValue>,
    /// As its own endpoint shows it.
    full: Value,
}

impl Payloads {
    /// Prepares payloads for these people besides the owners of the repositories.
    pub(crate) fn new<'a>(
        scenario: &Scenario,
        clock: Clock,
        people: impl Iterator<Item = &'a str>,
    ) -> Self {
        let api = scenario.api_base().to_owned();
        let html = scenario.html_base().to_owned();
        let users = people
            .map(|login| (login.to_owned(), raw(&user(&api, &html, login))))
            .collect();
        let repositories = scenario
            .repositories
            .iter()
            .map(|repository| RepositoryPayload::new(&api, &html, clock, repository))
            .collect();
        Self {
            api,
            html,
            clock,
            runners_clock: clock.ahead_by(scenario.runners_ahead),
            stamps_differ_by: scenario.stamps_differ_by,
            conclusions_lag: scenario.conclusions_lag,
            users,
            repositories,
        }
    }

    pub(crate) fn repository(&self, index: usize) -> &Value {
        &self.repositories[index].full
    }

    /// The URL of a run in the API, and of its page.
    pub(crate) fn run_urls(&self, run: &Run) -> (String, String) {
        let repository = &self.repositories[run.repository].full_name;
        (
            format!("{}/repos/{repository}/actions/runs/{}", self.api, run.id),
            format!("{}/{repository}/actions/runs/{}", self.html, run.id),
        )
    }

    /// A time of a run, by the clock of the machine that writes it.
    fn stamp(&self, run: &Run, stamps: Stamps, moment: Moment) -> String {
        // From -1 to 1, by chance but always the same (SplitMix64's last step).
        let mixed = (run.id ^ (stamps as u64)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 31)).wrapping_mul(0x94d0_49bb_1331_11eb) >> 48;
        #[expect(clippy::cast_precision_loss, reason = "16 bits")]
        let part = mixed as f64 / 32_767.5 - 1.0;
        self.clock.iso(moment.plus(part * self.stamps_differ_by))
    }

    pub(crate) fn run<'a>(
        &'a self,
        run: &'a Run,
        attempt: &'a Attempt,
        workflow: &Workflow,
        workflow_id: u64,
        now: Moment,
    ) -> RunPayload<'a> {
        let repository = &self.repositories[run.repository];
        let (url, html_url) = self.run_urls(run);
        let previous = attempt.number - 1;
        let suite = suite_of(run.id);
        let repository_url = format!("{}/repos/{}", self.api, repository.full_name);
        RunPayload {
            id: run.id,
            name: workflow.display_name(),
            node_id: node_id("WFR", run.id),
            check_suite_id: suite,
            check_suite_node_id: node_id("CS", suite),
            head_branch: &run.reference.name,
            head_sha: &run.reference.sha,
            path: workflow.path(),
            run_number: run.number,
            run_attempt: attempt.number,
            referenced_workflows: [],
            event: &run.event,
            display_title: &run.title,
            status: attempt.status(now),
            conclusion: attempt.conclusion(now.plus(-self.conclusions_lag)),
            workflow_id,
            check_suite_url: format!("{repository_url}/check-suites/{suite}"),
            pull_requests: [],
            created_at: self.stamp(run, Stamps::Created, run.created),
            updated_at: self.stamp(run, Stamps::Updated, attempt.updated(now)),
            run_started_at: self.stamp(run, Stamps::Created, attempt.started),
            actor: self.users.get(&run.actor).map(AsRef::as_ref),
            triggering_actor: self.users.get(&attempt.actor).map(AsRef::as_ref),
            jobs_url: format!("{url}/jobs"),
            logs_url: format!("{url}/logs"),
            artifacts_url: format!("{url}/artifacts"),
            cancel_url: format!("{url}/cancel"),
            rerun_url: format!("{url}/rerun"),
            previous_attempt_url: (previous > 0).then(|| format!("{url}/attempts/{previous}")),
            workflow_url: format!("{repository_url}/actions/workflows/{workflow_id}"),
            head_commit: Commit::new(self.clock, &run.reference.sha),
            repository: &repository.minimal,
            head_repository: &repository.minimal,
            url,
            html_url,
        }
    }

    pub(crate) fn job<'a>(
        &self,
        (run, attempt): (&'a Run, &'a Attempt),
        workflow: &Workflow,
        index: usize,
        now: Moment,
    ) -> JobPayload<'a> {
        let plan = &attempt.plan.jobs[index];
        let id = attempt.job_ids[index];
        let (run_url, run_html_url) = self.run_urls(run);
        let repository = &self.repositories[run.repository].full_name;
        let repository_url = format!("{}/repos/{repository}", self.api);
        let status = plan.status(now);
        let taken = plan.started.filter(|started| *started <= now);
        let done = status == Status::Completed;
        JobPayload {
            id,
            run_id: run.id,
            workflow_name: workflow.display_name(),
            head_branch: &run.reference.name,
            run_url,
            run_attempt: attempt.number,
            node_id: node_id("CR", id),
            head_sha: &run.reference.sha,
            url: format!("{repository_url}/actions/jobs/{id}"),
            html_url: format!("{run_html_url}/job/{id}"),
            status,
            conclusion: (plan.status(now.plus(-self.conclusions_lag)) == Status::Completed)
                .then_some(plan.conclusion),
            created_at: self.clock.iso(plan.created),
            // Never null: GitHub shows when a waiting job was queued.
            started_at: match taken {
                Some(taken) => self.runners_clock.iso(taken),
                None => self.clock.iso(plan.created),
            },
            completed_at: done.then(|| self.runners_clock.iso(plan.ended)),
            name: &plan.name,
            steps: self.steps(plan, now),
            check_run_url: format!("{repository_url}/check-runs/{id}"),
            labels: ["ubuntu-latest"],
            runner_id: taken.map(|_| 1_000_000 + id % 1000),
            runner_name: taken.map(|_| format!("GitHub Actions {}", 1_000_000 + id % 1000)),
            runner_group_id: taken.map(|_| 0),
            runner_group_name: taken.map(|_| "GitHub Actions"),
        }
    }

    fn steps<'a>(&self, plan: &'a PlannedJob, now: Moment) -> Vec<StepPayload<'a>> {
        let step = |(step, number): (&'a PlannedStep, usize)| {
            let status = step.status(now);
            let begun = status != Status::Queued;
            let done = status == Status::Completed;
            StepPayload {
                name: &step.name,
                status,
                conclusion: done.then_some(step.conclusion),
                number,
                started_at: begun.then(|| self.runners_clock.iso(step.started)),
                completed_at: done.then(|| self.runners_clock.iso(step.ended)),
            }
        };
        plan.shown_steps(now).iter().zip(1..).map(step).collect()
    }

    pub(crate) fn user(&self, login: &str) -> Value {
        user(&self.api, &self.html, login)
    }

    /// A user as everybody sees them.
    pub(crate) fn public_user(&self, login: &str) -> Value {
        let created = self.clock.iso(Moment::START.plus(AGE));
        let mut payload = self.user(login);
        for nothing in ["name", "company", "location", "email", "hireable", "bio"] {
            payload[nothing] = Value::Null;
        }
        payload["blog"] = "".into();
        for none in ["public_repos", "public_gists", "followers", "following"] {
            payload[none] = 0.into();
        }
        payload["created_at"] = created.clone().into();
        payload["updated_at"] = created.into();
        payload
    }

    /// What went wrong in a job, as an annotation of its check run.
    pub(crate) fn annotation(&self, run: &Run, message: &str) -> Value {
        let repository = &self.repositories[run.repository].full_name;
        json!({
            // No file is to blame, so it is the folder of the workflows.
            "path": ".github",
            "blob_href": format!("{}/{repository}/blob/{}/.github", self.html, run.reference.sha),
            "start_line": 1,
            "start_column": null,
            "end_line": 1,
            "end_column": null,
            "annotation_level": "failure",
            "title": "",
            "message": message,
            "raw_details": "",
        })
    }

    /// An environment, as it stands in a pending deployment.
    pub(crate) fn environment(&self, repository: &Repository, name: &str) -> Value {
        let full_name = repository.full_name();
        let id = digest(3, format!("{full_name} {name}").as_bytes()) % 10_000_000_000;
        let in_path = utf8_percent_encode(name, NON_ALPHANUMERIC);
        json!({
            "id": id,
            "node_id": node_id("EN", id),
            "name": name,
            "url": format!("{}/repos/{full_name}/environments/{in_path}", self.api),
            "html_url": format!(
                "{}/{full_name}/deployments/activity_log?environments_filter={in_path}",
                self.html,
            ),
        })
    }

    pub(crate) fn workflow(&self, repository: &Repository, workflow: &Workflow, id: u64) -> Value {
        let full_name = repository.full_name();
        let created = self.clock.iso(Moment::START.plus(AGE));
        json!({
            "id": id,
            "node_id": node_id("W", id),
            "name": workflow.display_name(),
            "path": workflow.path(),
            "state": workflow.state,
            "created_at": created,
            "updated_at": created,
            "url": format!("{}/repos/{full_name}/actions/workflows/{id}", self.api),
            "html_url": format!(
                "{}/{full_name}/blob/{}/{}",
                self.html,
                repository.default_branch,
                workflow.path(),
            ),
            "badge_url": format!(
                "{}/{full_name}/workflows/{}/badge.svg",
                self.html,
                workflow.display_name(),
            ),
        })
    }
}

/// A job as the API shows it.
#[derive(Debug, Serialize)]
pub(crate) struct JobPayload<'a> {
    id: u64,
    run_id: u64,
    workflow_name: String,
    head_branch: &'a str,
    run_url: String,
    run_attempt: u32,
    node_id: String,
    head_sha: &'a str,
    url: String,
    html_url: String,
    status: Status,
    conclusion: Option<Conclusion>,
    created_at: String,
    started_at: String,
    completed_at: Option<String>,
    name: &'a str,
    steps: Vec<StepPayload<'a>>,
    check_run_url: String,
    labels: [&'static str; 1],
    runner_id: Option<u64>,
    runner_name: Option<String>,
    runner_group_id: Option<u64>,
    runner_group_name: Option<&'static str>,
}

#[derive(Debug, Serialize)]
struct StepPayload<'a> {
    name: &'a str,
    status: Status,
    conclusion: Option<Conclusion>,
    number: usize,
    started_at: Option<String>,
    completed_at: Option<String>,
}

/// A run as the API shows it.
#[derive(Debug, Serialize)]
pub(crate) struct RunPayload<'a> {
    id: u64,
    name: String,
    node_id: String,
    check_suite_id: u64,
    check_suite_node_id: String,
    head_branch: &'a str,
    head_sha: &'a str,
    path: String,
    run_number: u64,
    run_attempt: u32,
    referenced_workflows: [(); 0],
    event: &'a str,
    display_title: &'a str,
    status: Status,
    conclusion: Option<Conclusion>,
    workflow_id: u64,
    check_suite_url: String,
    pull_requests: [(); 0],
    created_at: String,
    updated_at: String,
    run_started_at: String,
    actor: Option<&'a RawValue>,
    triggering_actor: Option<&'a RawValue>,
    url: String,
    html_url: String,
    jobs_url: String,
    logs_url: String,
    artifacts_url: String,
    cancel_url: String,
    rerun_url: String,
    previous_attempt_url: Option<String>,
    workflow_url: String,
    head_commit: Commit<'a>,
    repository: &'a RawValue,
    head_repository: &'a RawValue,
}

#[derive(Debug, Serialize)]
struct Commit<'a> {
    id: &'a str,
    tree_id: &'a str,
    message: &'static str,
    timestamp: String,
    author: Author,
    committer: Author,
}

/// The message of the commit on every branch and tag.
pub(crate) const COMMIT_MESSAGE: &str = "Update the build";

#[derive(Debug, Serialize)]
struct Author {
    name: &'static str,
    email: &'static str,
}

impl<'a> Commit<'a> {
    fn new(clock: Clock, sha: &'a str) -> Self {
        let author = || Author {
            name: "The Octocat",
            email: "octocat@users.noreply.github.com",
        };
        Self {
            id: sha,
            tree_id: sha,
            message: COMMIT_MESSAGE,
            timestamp: clock.iso(Moment::START.plus(AGE)),
            author: author(),
            committer: author(),
        }
    }
}

fn raw(value: &Value) -> Box<RawValue> {
    // A `Value` is always valid JSON.
    serde_json::value::to_raw_value(value).unwrap_or_else(|_| RawValue::NULL.to_owned())
}

fn suite_of(run_id: u64) -> u64 {
    run_id * 2 + 15_000_000_000
}

fn node_id(kind: &str, id: u64) -> String {
    format!("{kind}_kwD{id:016x}")
}

fn user(api: &str, html: &str, login: &str) -> Value {
    let id = digest(1, login.as_bytes()) % 100_000_000;
    // An app acts as a bot: its login has brackets, which URLs do not, and its page is the app's.
    let app = login.strip_suffix("[bot]");
    let (url, html_url) = match app {
        Some(app) => (
            format!("{api}/users/{app}%5Bbot%5D"),
            format!("{html}/apps/{app}"),
        ),
        None => (format!("{api}/users/{login}"), format!("{html}/{login}")),
    };
    json!({
        "login": login,
        "id": id,
        "node_id": node_id("U", id),
        "avatar_url": format!("{html}/avatars/u/{id}?v=4"),
        "gravatar_id": "",
        "url": url,
        "html_url": html_url,
        "followers_url": format!("{url}/followers"),
        "following_url": format!("{url}/following{{/other_user}}"),
        "gists_url": format!("{url}/gists{{/gist_id}}"),
        "starred_url": format!("{url}/starred{{/owner}}{{/repo}}"),
        "subscriptions_url": format!("{url}/subscriptions"),
        "organizations_url": format!("{url}/orgs"),
        "repos_url": format!("{url}/repos"),
        "events_url": format!("{url}/events{{/privacy}}"),
        "received_events_url": format!("{url}/received_events"),
        "type": if app.is_some() { "Bot" } else { "User" },
        "user_view_type": "public",
        "site_admin": false,
    })
}

impl RepositoryPayload {
    fn new(api: &str, html: &str, clock: Clock, repository: &Repository) -> Self {
        let full_name = repository.full_name();
        let id = 100_000_000 + digest(2, full_name.as_bytes()) % 900_000_000;
        let minimal = minimal_repository(api, html, repository, id);
        let mut full = minimal.clone();
        if let (Value::Object(full), Value::Object(more)) =
            (&mut full, more_of_repository(html, clock, repository))
        {
            full.extend(more);
        }
        Self {
            full_name,
            minimal: raw(&minimal),
            full,
        }
    }
}

fn minimal_repository(api: &str, html: &str, repository: &Repository, id: u64) -> Value {
    let full_name = repository.full_name();
    let url = format!("{api}/repos/{full_name}");
    let mut payload = json!({
        "id": id,
        "node_id": node_id("R", id),
        "name": repository.name,
        "full_name": full_name,
        "private": true,
        "owner": user(api, html, &repository.owner),
        "html_url": format!("{html}/{full_name}"),
        "description": null,
        "fork": false,
        "url": url,
    });
    // Each of these is a link beneath the repository's own URL.
    for (field, path) in [
        ("archive_url", "/{archive_format}{/ref}"),
        ("assignees_url", "/assignees{/user}"),
        ("blobs_url", "/git/blobs{/sha}"),
        ("branches_url", "/branches{/branch}"),
        ("collaborators_url", "/collaborators{/collaborator}"),
        ("comments_url", "/comments{/number}"),
        ("commits_url", "/commits{/sha}"),
        ("compare_url", "/compare/{base}...{head}"),
        ("contents_url", "/contents/{+path}"),
        ("contributors_url", "/contributors"),
        ("deployments_url", "/deployments"),
        ("downloads_url", "/downloads"),
        ("events_url", "/events"),
        ("forks_url", "/forks"),
        ("git_commits_url", "/git/commits{/sha}"),
        ("git_refs_url", "/git/refs{/sha}"),
        ("git_tags_url", "/git/tags{/sha}"),
        ("hooks_url", "/hooks"),
        ("issue_comment_url", "/issues/comments{/number}"),
        ("issue_events_url", "/issues/events{/number}"),
        ("issues_url", "/issues{/number}"),
        ("keys_url", "/keys{/key_id}"),
        ("labels_url", "/labels{/name}"),
        ("languages_url", "/languages"),
        ("merges_url", "/merges"),
        ("milestones_url", "/milestones{/number}"),
        (
            "notifications_url",
            "/notifications{?since,all,participating}",
        ),
        ("pulls_url", "/pulls{/number}"),
        ("releases_url", "/releases{/id}"),
        ("stargazers_url", "/stargazers"),
        ("statuses_url", "/statuses/{sha}"),
        ("subscribers_url", "/subscribers"),
        ("subscription_url", "/subscription"),
        ("tags_url", "/tags"),
        ("teams_url", "/teams"),
        ("trees_url", "/git/trees{/sha}"),
    ] {
        payload[field] = format!("{url}{path}").into();
    }
    payload
}

fn more_of_repository(html: &str, clock: Clock, repository: &Repository) -> Value {
    let full_name = repository.full_name();
    let host = html.split_once("://").map_or(html, |(_, host)| host);
    let created = clock.iso(Moment::START.plus(AGE));
    json!({
        "default_branch": repository.default_branch,
        "git_url": format!("git://{host}/{full_name}.git"),
        "ssh_url": format!("git@{host}:{full_name}.git"),
        "clone_url": format!("{html}/{full_name}.git"),
        "svn_url": format!("{html}/{full_name}"),
        "mirror_url": null,
        "homepage": null,
        "language": null,
        "license": null,
        "visibility": "private",
        "archived": false,
        "disabled": false,
        "is_template": false,
        "has_discussions": false,
        "has_downloads": true,
        "has_issues": true,
        "has_pages": false,
        "has_projects": true,
        "has_wiki": true,
        "forks": 0,
        "forks_count": 0,
        "network_count": 0,
        "open_issues": 0,
        "open_issues_count": 0,
        "size": 108,
        "stargazers_count": 0,
        "subscribers_count": 0,
        "watchers": 0,
        "watchers_count": 0,
        "topics": [],
        "created_at": created,
        "pushed_at": created,
        "updated_at": created,
    })
}
