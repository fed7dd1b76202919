//! What is simulated: the server, its repositories, who else uses it, what goes wrong.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{
    answer::Problem,
    fault::Fault,
    plan::Plan,
    profile::{Family, Server},
    random::hex_digest,
    run::Reference,
    time::Moment,
    workflow::{Job, Step, Workflow},
};

/// Everything that is configured. The same scenario and the same requests at the same times give
/// the same answers, byte for byte.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Scenario {
    /// The server family and version.
    pub server: Server,
    /// The server's clock at the start, Unix time in milliseconds. Shift it to simulate a client
    /// whose clock is wrong.
    pub start_time: i64,
    /// The API's base URL; none: that of the server's profile.
    pub api_url: Option<String>,
    /// The base URL of pages; none: that of the server's profile.
    pub html_url: Option<String>,
    /// The base URL of the store that hands out logs: another origin than the API. Gitea has none.
    pub logs_url: String,
    /// All chance comes from here.
    pub seed: u64,
    /// The tokens that the server accepts.
    pub tokens: Vec<Token>,
    /// The repositories.
    pub repositories: Vec<Repository>,
    /// How many completed runs the first workflow has before the start.
    pub history: usize,
    /// Particular runs that nobody dispatches during the simulation.
    pub existing_runs: Vec<ExistingRun>,
    /// Other people who dispatch the same workflow at the same moment.
    pub crowd: Option<Crowd>,
    /// What goes wrong.
    pub faults: Vec<Fault>,
    /// The shape of log archives, which Gitea does not make.
    pub archive: Archive,
    /// How names are spelled in log archives.
    pub archive_names: ArchiveNames,
    /// Runs that somebody deletes.
    pub deletions: Vec<Deletion>,
    /// Runs that somebody re-runs.
    pub reruns: Vec<Rerun>,
    /// By how many seconds, at most, the clocks of the server's front ends are ahead of or behind
    /// the one that stamps runs.
    pub clocks_differ_by: f64,
    /// By how many seconds the clock that writes `Date` is ahead of the one that stamps runs
    /// (behind it, if negative): a front end such as nginx may write its own.
    pub front_end_ahead: f64,
    /// How much further ahead the clock of a gateway is, which answers with a 5xx in the server's
    /// place.
    pub gateways_ahead: f64,
    /// By how many seconds the clock of GitHub's runners, which stamp jobs and steps, is ahead of the
    /// one that stamps runs (behind it, if negative).
    pub runners_ahead: f64,
    /// By how many seconds, at most, the clocks of the machines that stamp runs are ahead of or behind
    /// the mean: each run is created at one of them and updated at another. Not on Gitea, which is one
    /// machine.
    pub stamps_differ_by: f64,
    /// How many seconds lists of runs lag behind the runs themselves, as a replica does.
    pub lists_lag: f64,
    /// How many seconds more lists of runs lag where they are filtered. On GitHub a search index
    /// answers these, and has lagged by minutes, and by days:
    /// <https://github.com/dawidd6/action-download-artifact/issues/147>,
    /// <https://github.com/cli/cli/issues/7341>, <https://github.com/cli/cli/issues/5440>.
    pub search_lag: f64,
    /// How many seconds runs and jobs are completed before their conclusion shows; it is null until
    /// then (GitHub: <https://github.com/pytorch/pytorch/issues/82186>). Not on Gitea.
    pub conclusions_lag: f64,
    /// The secondary limits; none: there are none, as always on Gitea.
    pub secondary_limits: Option<SecondaryLimits>,
}

impl Default for Scenario {
    fn default() -> Self {
        Self {
            server: Server::GitHubCom,
            start_time: 1_767_225_600_000,
            api_url: None,
            html_url: None,
            logs_url: "https://logs.example".into(),
            seed: 0,
            tokens: vec![Token::default()],
            repositories: vec![Repository::default()],
            history: 0,
            existing_runs: Vec::new(),
            crowd: None,
            faults: Vec::new(),
            archive: Archive::Normal,
            archive_names: ArchiveNames::Replaced,
            deletions: Vec::new(),
            reruns: Vec::new(),
            clocks_differ_by: 0.0,
            front_end_ahead: 0.0,
            gateways_ahead: 0.0,
            runners_ahead: 0.0,
            stamps_differ_by: 0.0,
            lists_lag: 0.0,
            search_lag: 0.0,
            conclusions_lag: 0.0,
            secondary_limits: None,
        }
    }
}

impl Scenario {
    /// A scenario on this server, with the default repository `octo/receiver`.
    #[must_use]
    pub fn on(server: Server) -> Self {
        Self {
            server,
            ..Self::default()
        }
    }

    /// Sets the seed.
    #[must_use]
    pub fn with_seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Replaces the repositories by this one.
    #[must_use]
    pub fn with_repository(mut self, repository: Repository) -> Self {
        self.repositories = vec![repository];
        self
    }

    /// Replaces the workflows of the first repository.
    ///
    /// # Panics
    /// If there is no repository.
    #[must_use]
    pub fn with_workflows(mut self, workflows: impl IntoIterator<Item = Workflow>) -> Self {
        self.repositories[0].workflows = workflows.into_iter().collect();
        self
    }

    /// Adds a run that exists.
    #[must_use]
    pub fn with_existing_run(mut self, run: ExistingRun) -> Self {
        self.existing_runs.push(run);
        self
    }

    /// Sets the crowd.
    #[must_use]
    pub fn with_crowd(mut self, crowd: Crowd) -> Self {
        self.crowd = Some(crowd);
        self
    }

    /// Lets a run be deleted.
    #[must_use]
    pub fn with_deletion(mut self, deletion: Deletion) -> Self {
        self.deletions.push(deletion);
        self
    }

    /// Lets a run be re-run.
    #[must_use]
    pub fn with_rerun(mut self, rerun: Rerun) -> Self {
        self.reruns.push(rerun);
        self
    }

    /// Adds a fault.
    #[must_use]
    pub fn with_fault(mut self, fault: Fault) -> Self {
        self.faults.push(fault);
        self
    }

    /// The API's base URL, without a slash at its end.
    #[must_use]
    pub fn api_base(&self) -> &str {
        let base = self.api_url.as_deref();
        base.unwrap_or(self.server.profile().api_url)
            .trim_end_matches('/')
    }

    /// The base URL of pages, without a slash at its end.
    #[must_use]
    pub fn html_base(&self) -> &str {
        let base = self.html_url.as_deref();
        base.unwrap_or(self.server.profile().html_url)
            .trim_end_matches('/')
    }

    /// The base URL of the store for logs, without a slash at its end.
    #[must_use]
    pub fn logs_base(&self) -> &str {
        self.logs_url.trim_end_matches('/')
    }

    /// Checks that the scenario does not contradict itself.
    ///
    /// # Errors
    /// A sentence that says what does not fit together.
    pub fn check(&self) -> Result<(), String> {
        if origin(self.api_base()) == origin(self.logs_base()) {
            return Err(format!(
                "logsUrl must be another origin than apiUrl, but both are {}",
                origin(self.logs_base())
            ));
        }
        // Timestamps are written with four digits for the year.
        if !(0..=253_000_000_000_000).contains(&self.start_time) {
            return Err(format!(
                "startTime must be Unix time in milliseconds, not {}",
                self.start_time
            ));
        }
        for repository in &self.repositories {
            repository.check()?;
        }
        for denial in self.tokens.iter().flat_map(|token| &token.denials) {
            denial.check()?;
        }
        let first = self.repositories.first();
        let first = first.and_then(|repository| repository.workflows.first());
        if let Some(workflow) = first.filter(|_| self.history > 0)
            && Plan::of(workflow, Moment::START).ended == Moment::NEVER
        {
            return Err(format!(
                "the runs of history are completed, but those of {} wait for ever",
                workflow.file
            ));
        }
        let mut ids = BTreeSet::new();
        for run in &self.existing_runs {
            if let Some(id) = run.id.filter(|id| !ids.insert(*id)) {
                return Err(format!("two existing runs have the ID {id}"));
            }
            seconds_fit("createdAt of an existing run", run.created_at)?;
            if self.find_existing(run).is_none() {
                return Err(format!(
                    "an existing run is of workflow {:?}, which no repository{} has",
                    run.workflow,
                    run.repository
                        .as_ref()
                        .map(|name| format!(" {name:?}"))
                        .unwrap_or_default(),
                ));
            }
        }
        if let Family::Gitea(_) = self.server.profile().family {
            self.check_for_gitea()?;
        }
        for fault in &self.faults {
            fault.check()?;
        }
        for deletion in &self.deletions {
            seconds("after of a deletion", deletion.after)?;
        }
        for rerun in &self.reruns {
            seconds("after of a re-run", rerun.after)?;
        }
        seconds("clocksDifferBy", self.clocks_differ_by)?;
        seconds_fit("frontEndAhead", self.front_end_ahead)?;
        seconds_fit("gatewaysAhead", self.gateways_ahead)?;
        seconds_fit("runnersAhead", self.runners_ahead)?;
        seconds("stampsDifferBy", self.stamps_differ_by)?;
        seconds("listsLag", self.lists_lag)?;
        seconds("searchLag", self.search_lag)?;
        seconds("conclusionsLag", self.conclusions_lag)?;
        if let Some(limits) = &self.secondary_limits
            && !matches!(limits.status, 403 | 429)
        {
            return Err(format!(
                "the status of secondaryLimits must be 403 or 429, not {}",
                limits.status
            ));
        }
        if let Some(crowd) = &self.crowd {
            seconds("spreadSeconds of the crowd", crowd.spread_seconds)?;
        }
        Ok(())
    }

    /// Checks that nothing is asked for that Gitea does not have.
    fn check_for_gitea(&self) -> Result<(), String> {
        if self.secondary_limits.is_some() {
            return Err("Gitea has no secondaryLimits".into());
        }
        for workflow in self.repositories.iter().flat_map(|known| &known.workflows) {
            let file = &workflow.file;
            if let Some(job) = workflow.jobs.iter().find(|job| job.environment.is_some()) {
                return Err(format!(
                    "job {:?} of {file} waits for an environment, which Gitea does not have",
                    job.name
                ));
            }
            let conclusion = workflow.conclusion;
            if let Some(other) = conclusion.filter(|conclusion| !conclusion.is_of_a_step()) {
                return Err(format!(
                    "runs of {file} end with {}, which Gitea does not know",
                    other.as_str()
                ));
            }
        }
        Ok(())
    }

    /// Indices of the repository and workflow of an existing run.
    pub(crate) fn find_existing(&self, run: &ExistingRun) -> Option<(usize, usize)> {
        self.repositories
            .iter()
            .enumerate()
            .filter(|(_, repository)| {
                run.repository
                    .as_ref()
                    .is_none_or(|name| name.eq_ignore_ascii_case(&repository.full_name()))
            })
            .find_map(|(index, repository)| Some((index, repository.workflow(&run.workflow)?)))
    }
}

fn origin(url: &str) -> &str {
    let start = url.find("://").map_or(0, |at| at + 3);
    let end = url[start..].find('/').map_or(url.len(), |at| start + at);
    &url[..end]
}

fn seconds_fit(what: &str, value: f64) -> Result<(), String> {
    // A hundred years.
    if value.abs() <= 3.2e9 {
        Ok(())
    } else {
        Err(format!("{what} must be a number of seconds, not {value}"))
    }
}

fn seconds(what: &str, value: f64) -> Result<(), String> {
    if value < 0.0 {
        return Err(format!("{what} must not be negative, as {value} is"));
    }
    seconds_fit(what, value)
}

/// A token that the server accepts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Token {
    /// The token itself.
    pub token: String,
    /// Whether it may read; to one that may not, nothing exists.
    pub can_read: bool,
    /// Whether it may dispatch and cancel runs.
    pub can_write: bool,
    /// How many requests it has per hour, where the server counts (a `GITHUB_TOKEN` has 1,000).
    pub rate_limit: u32,
    /// Who acts with it.
    pub actor: String,
    /// When it is denied all the same: while it is too fresh for a server that lags, by mistake, or
    /// because it has expired.
    pub denials: Vec<Denial>,
}

/// A time in which a token is denied.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Denial {
    /// The status of the answers: 401, 403, or 404, as GitHub masks denials on private repositories.
    pub status: u16,
    /// Since so many seconds after the start.
    pub from: f64,
    /// Until so many seconds after the start; none: for good.
    pub until: Option<f64>,
}

impl Default for Denial {
    fn default() -> Self {
        Self {
            status: 401,
            from: 0.0,
            until: None,
        }
    }
}

impl Denial {
    /// What a request is answered with that comes at this moment, if this denies it.
    pub(crate) fn problem(&self, now: Moment) -> Option<Problem> {
        let at = |seconds: f64| Moment::START.plus(seconds);
        let strikes = now >= at(self.from) && self.until.is_none_or(|until| now < at(until));
        strikes.then(|| match self.status {
            404 => Problem::not_found(),
            403 => Problem::new(403, "Resource not accessible by integration"),
            status => Problem::new(status, "Bad credentials"),
        })
    }

    fn check(&self) -> Result<(), String> {
        if !matches!(self.status, 401 | 403 | 404) {
            return Err(format!(
                "status of a denial must be 401, 403 or 404, not {}",
                self.status
            ));
        }
        seconds("from of a denial", self.from)?;
        seconds("until of a denial", self.until.unwrap_or_default())
    }
}

impl Default for Token {
    fn default() -> Self {
        Self {
            token: "ghs_simulated".into(),
            can_read: true,
            can_write: true,
            rate_limit: 5000,
            actor: "octocat".into(),
            denials: Vec::new(),
        }
    }
}

/// The secondary limits of all requests with one token together, as GitHub publishes them. Those
/// on requests at the same moment and on processor time are missing: here an answer takes no time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct SecondaryLimits {
    /// How many points requests may cost in a minute: what changes something costs five, all else one.
    pub points_per_minute: u32,
    /// How many runs may be dispatched in a minute.
    pub content_per_minute: u32,
    /// How many runs may be dispatched in an hour.
    pub content_per_hour: u32,
    /// What is answered beyond a limit: 403 or 429.
    pub status: u16,
    /// Whether that answer says by `Retry-After` when the limit allows more.
    pub says_how_long: bool,
}

impl Default for SecondaryLimits {
    fn default() -> Self {
        Self {
            points_per_minute: 900,
            content_per_minute: 80,
            content_per_hour: 500,
            status: 403,
            says_how_long: true,
        }
    }
}

/// A repository.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Repository {
    /// Its owner's login.
    pub owner: String,
    /// Its name.
    pub name: String,
    /// What it was called before, as `owner/name`: whoever still calls it so is sent on.
    pub former_names: Vec<String>,
    /// Its default branch, which always exists.
    pub default_branch: String,
    /// Its branches.
    pub branches: Vec<String>,
    /// Its tags.
    pub tags: Vec<String>,
    /// Its workflows.
    pub workflows: Vec<Workflow>,
}

impl Default for Repository {
    /// `octo/receiver`, whose `ci.yml` echoes its input `distinct_id`.
    fn default() -> Self {
        Self {
            owner: "octo".into(),
            name: "receiver".into(),
            former_names: Vec::new(),
            default_branch: "main".into(),
            branches: vec!["main".into()],
            tags: Vec::new(),
            workflows: vec![
                Workflow::new("ci.yml")
                    .with_input("distinct_id")
                    .with_jobs([Job::new(
                        "build",
                        [Step::echo("${{ inputs.distinct_id }}"), Step::run("make")],
                    )]),
            ],
        }
    }
}

impl Repository {
    /// `owner/name`.
    #[must_use]
    pub fn full_name(&self) -> String {
        format!("{}/{}", self.owner, self.name)
    }

    /// The branch or tag that a dispatch names; a commit is none.
    pub(crate) fn find_reference(&self, name: &str) -> Option<Reference> {
        if let Some(branch) = name.strip_prefix("refs/heads/") {
            self.branch(branch)
        } else if let Some(tag) = name.strip_prefix("refs/tags/") {
            self.tag(tag)
        } else {
            self.branch(name).or_else(|| self.tag(name))
        }
    }

    /// The branch of this name.
    pub(crate) fn branch(&self, name: &str) -> Option<Reference> {
        let known = name == self.default_branch || self.branches.iter().any(|known| known == name);
        known.then(|| self.reference(name, false))
    }

    /// The tag of this name.
    pub(crate) fn tag(&self, name: &str) -> Option<Reference> {
        let known = self.tags.iter().any(|known| known == name);
        known.then(|| self.reference(name, true))
    }

    /// The default branch.
    pub(crate) fn default_reference(&self) -> Reference {
        self.reference(&self.default_branch, false)
    }

    fn reference(&self, name: &str, is_tag: bool) -> Reference {
        let place = format!("{}@{name}", self.full_name());
        Reference {
            name: name.into(),
            is_tag,
            sha: hex_digest(0, place.as_bytes(), 40),
        }
    }

    /// The index of the workflow with that file name.
    pub(crate) fn workflow(&self, file: &str) -> Option<usize> {
        self.workflows
            .iter()
            .position(|workflow| workflow.file == file)
    }

    fn check(&self) -> Result<(), String> {
        let mut files = BTreeSet::new();
        for workflow in &self.workflows {
            let place = format!("{} in {}", workflow.file, self.full_name());
            if !files.insert(&workflow.file) {
                return Err(format!("there are two workflows {place}"));
            }
            seconds(&format!("listingDelay of {place}"), workflow.listing_delay)?;
            seconds(&format!("queueDelay of {place}"), workflow.queue_delay)?;
            seconds(
                &format!("cancellingTakes of {place}"),
                workflow.cancelling_takes,
            )?;
            check_jobs(&workflow.jobs, &place)?;
        }
        Ok(())
    }
}

fn check_jobs(jobs: &[Job], place: &str) -> Result<(), String> {
    if jobs.is_empty() {
        return Err(format!("{place} has no jobs"));
    }
    let names: BTreeSet<_> = jobs.iter().map(|job| &job.name).collect();
    let mut shown = BTreeSet::new();
    let mut legs = jobs.iter().flat_map(Job::legs);
    if names.len() < jobs.len() || !legs.all(|(_, name)| shown.insert(name)) {
        return Err(format!("two jobs of {place} have the same name"));
    }
    for job in jobs {
        seconds(
            &format!("queueDelay of {:?} in {place}", job.name),
            job.queue_delay,
        )?;
        if let Some(after) = job.environment.as_ref().and_then(|of| of.approved_after) {
            seconds(
                &format!("approvedAfter of {:?} in {place}", job.name),
                after,
            )?;
        }
        for step in &job.steps {
            seconds(
                &format!("seconds of a step of {:?} in {place}", job.name),
                step.seconds,
            )?;
            let mut conclusions = step.conclusions_by_attempt.iter().chain([&step.conclusion]);
            if let Some(wrong) = conclusions.find(|conclusion| !conclusion.is_of_a_step()) {
                return Err(format!(
                    "a step of {:?} in {place} cannot end with {}",
                    job.name,
                    wrong.as_str()
                ));
            }
        }
        if let Some(unknown) = job.needs.iter().find(|need| !names.contains(need)) {
            return Err(format!(
                "job {:?} of {place} needs {unknown:?}, which does not exist",
                job.name
            ));
        }
    }
    // Take away what can run until nothing is left; what remains needs itself.
    let mut waiting: Vec<&Job> = jobs.iter().collect();
    while !waiting.is_empty() {
        let names: BTreeSet<_> = waiting.iter().map(|job| job.name.clone()).collect();
        let before = waiting.len();
        waiting.retain(|job| job.needs.iter().any(|need| names.contains(need)));
        if waiting.len() == before {
            return Err(format!("the jobs {names:?} of {place} need each other"));
        }
    }
    Ok(())
}

/// A run that nobody dispatches during the simulation: the caller's own, or somebody else's.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct ExistingRun {
    /// Its ID; one is given out if this is none.
    pub id: Option<u64>,
    /// `owner/name` of its repository; none: the first that has the workflow.
    pub repository: Option<String>,
    /// File name of its workflow.
    pub workflow: String,
    /// When it is created, in seconds since the start; negative: before it.
    pub created_at: f64,
    /// Its inputs.
    pub inputs: BTreeMap<String, String>,
    /// The event that triggers it; none: `workflow_dispatch`.
    pub event: Option<String>,
}

/// Other people, who dispatch the same workflow at the moment of the client's first dispatch.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Crowd {
    /// How many runs are created before the client's, with lower IDs.
    pub before: usize,
    /// How many are created after the client's, with higher IDs.
    pub after: usize,
    /// Over how many seconds, on either side, they are spread.
    pub spread_seconds: f64,
    /// Their inputs, templates in which `${{ crowd.id }}` is different for each run. An input
    /// `distinct_id`, if the workflow declares one, gets that ID anyway.
    pub inputs: BTreeMap<String, String>,
}

/// A run that somebody deletes: from then on nothing of it can be read. Not before it is completed:
/// see <https://docs.github.com/en/actions/how-tos/manage-workflow-runs/delete-a-workflow-run>.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Deletion {
    /// Which of the runs created by requests, in their order; the first is 0.
    pub run: usize,
    /// How many seconds after its creation.
    pub after: f64,
}

/// A run that somebody re-runs. The second for the same run follows the second
/// attempt, and so on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Rerun {
    /// Which of the runs created by requests, in their order; the first is 0.
    pub run: usize,
    /// How many seconds after its last attempt ended.
    pub after: f64,
    /// Whether the jobs that succeeded before are not run again; `filter=latest` lists only the others, as has been
    /// seen (<https://github.com/r-universe-org/help/issues/607>).
    pub only_failed: bool,
}

/// How names of jobs and steps are spelled in log archives, where they are names of files. Both are in use:
/// <https://github.com/cli/cli/issues/5011>, <https://github.com/cli/cli/issues/11109>.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ArchiveNames {
    /// `_` stands for `/` and `:`.
    #[default]
    Replaced,
    /// `/` and `:` are left out, as an older service does.
    Removed,
}

/// The shape of log archives.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Archive {
    /// As GitHub makes them.
    #[default]
    Normal,
    /// The second half is missing.
    Truncated,
    /// The directory gives sizes and checksums that are not those of the entries.
    WrongSize,
    /// The whole logs of jobs are missing, only those of steps are there.
    MissingEntry,
    /// Names of entries lead out of the folder.
    PathTraversal,
    /// One entry, small as it is, inflates to 512 MiB.
    Bomb,
    /// No entries.
    Empty,
    /// Something else altogether.
    NotAZip,
}

impl Archive {
    /// Whether the logs can be read from it.
    pub(crate) const fn is_readable(self) -> bool {
        matches!(self, Self::Normal | Self::MissingEntry)
    }
}
