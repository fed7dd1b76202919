//! What a workflow is: inputs, title, jobs, steps.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::plan::{ACTION, first_line};

/// A workflow of a repository.
///
/// Texts in it that are called templates may contain `${{ inputs.NAME }}` (also written
/// `${{ github.event.inputs.NAME }}`), `${{ github.run_id }}`, `${{ github.run_number }}`,
/// `${{ github.run_attempt }}`, `${{ github.actor }}` and `${{ github.workflow }}`, in a job with a
/// matrix `${{ matrix.value }}` too. An expression that is not known becomes nothing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Workflow {
    /// Its ID; one is given out if this is none.
    pub id: Option<u64>,
    /// File name beneath `.github/workflows/`.
    pub file: String,
    /// Its `name:`; without one GitHub shows the file's path, and Gitea its name.
    pub name: Option<String>,
    /// Whether it is active, or how it came not to be.
    pub state: WorkflowState,
    /// Whether it has the trigger `workflow_dispatch`, which Gitea does not care about.
    pub dispatchable: bool,
    /// The inputs that it declares.
    pub inputs: BTreeMap<String, Input>,
    /// Its `run-name:`, a template for the title of its runs; without one they carry its name, on
    /// Gitea the message of the commit.
    pub run_name: Option<String>,
    /// Its jobs, in the file's order.
    pub jobs: Vec<Job>,
    /// Seconds from a run's creation until the API shows it: in lists, by its ID, and its jobs. On
    /// Gitea it does at once.
    pub listing_delay: f64,
    /// Seconds from a run's creation until its first jobs start.
    pub queue_delay: f64,
    /// Names of the branches and tags where the file exists; none: on all of them.
    pub branches_only: Option<Vec<String>>,
    /// Whether a cancellation is accepted and does nothing, until it is forced: jobs with
    /// `if: always()` go on.
    pub ignores_cancel: bool,
    /// Seconds until runners notice that their run is cancelled.
    pub cancelling_takes: f64,
    /// The concurrency group of its runs; none: they do not wait for each other.
    pub concurrency: Option<Concurrency>,
    /// How its runs end, whatever their jobs do; none: as the jobs have it. A cancelled run is
    /// cancelled all the same. A run that ends with [`Conclusion::StartupFailure`] has no jobs. On
    /// Gitea it is one of the first four.
    pub conclusion: Option<Conclusion>,
    /// Secrets of its runs. The runner replaces each by `***` in logs and in the names of steps (`actions/runner`,
    /// `SecretMasker` and `ActionRunner.TryUpdateDisplayName`).
    pub secrets: Vec<String>,
}

impl Default for Workflow {
    fn default() -> Self {
        Self {
            id: None,
            file: "ci.yml".into(),
            name: None,
            state: WorkflowState::Active,
            dispatchable: true,
            inputs: BTreeMap::new(),
            run_name: None,
            jobs: vec![Job::default()],
            listing_delay: 0.5,
            queue_delay: 1.0,
            branches_only: None,
            ignores_cancel: false,
            cancelling_takes: 1.0,
            concurrency: None,
            conclusion: None,
            secrets: Vec::new(),
        }
    }
}

impl Workflow {
    /// A workflow without inputs, whose one job runs `make`.
    #[must_use]
    pub fn new(file: impl Into<String>) -> Self {
        Self {
            file: file.into(),
            ..Self::default()
        }
    }

    /// Declares an optional input.
    #[must_use]
    pub fn with_input(self, name: impl Into<String>) -> Self {
        self.with_declared_input(name, Input::default())
    }

    /// Declares an input.
    #[must_use]
    pub fn with_declared_input(mut self, name: impl Into<String>, input: Input) -> Self {
        self.inputs.insert(name.into(), input);
        self
    }

    /// Sets the template for the title of its runs.
    #[must_use]
    pub fn with_run_name(mut self, template: impl Into<String>) -> Self {
        self.run_name = Some(template.into());
        self
    }

    /// Gives its runs a secret.
    #[must_use]
    pub fn with_secret(mut self, secret: impl Into<String>) -> Self {
        self.secrets.push(secret.into());
        self
    }

    /// A text as the runner writes it. Secrets that overlap or touch share one mask.
    pub(crate) fn masked(&self, text: &str) -> String {
        let mut masked = String::new();
        // Up to where the text is secret.
        let mut until = None;
        for (at, c) in text.char_indices() {
            let secrets = self.secrets.iter().filter(|secret| !secret.is_empty());
            let here = secrets.filter(|secret| text[at..].starts_with(secret.as_str()));
            let end = here.map(|secret| at + secret.len()).max();
            if end.is_some() && until < Some(at) {
                masked.push_str("***");
            }
            until = until.max(end);
            if until <= Some(at) {
                masked.push(c);
            }
        }
        masked
    }

    /// Replaces its jobs.
    #[must_use]
    pub fn with_jobs(mut self, jobs: impl IntoIterator<Item = Job>) -> Self {
        self.jobs = jobs.into_iter().collect();
        self
    }

    pub(crate) fn path(&self) -> String {
        format!(".github/workflows/{}", self.file)
    }

    pub(crate) fn display_name(&self) -> String {
        self.name.clone().unwrap_or_else(|| self.path())
    }

    pub(crate) fn exists_at(&self, reference: &str) -> bool {
        self.branches_only
            .as_ref()
            .is_none_or(|names| names.iter().any(|name| name == reference))
    }
}

/// A concurrency group: of all runs of a repository that are in it one is in progress, and one waits
/// for its turn. Another that comes takes the turn of the one that waits, which is cancelled: see
/// <https://docs.github.com/en/actions/how-tos/write-workflows/choose-when-workflows-run/control-workflow-concurrency>.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Concurrency {
    /// Its name, a template; case does not matter.
    pub group: String,
    /// Whether a run that comes cancels the one in progress too.
    pub cancel_in_progress: bool,
}

impl Concurrency {
    /// The group of this name.
    #[must_use]
    pub fn group(template: impl Into<String>) -> Self {
        Self {
            group: template.into(),
            cancel_in_progress: false,
        }
    }
}

/// Whether a workflow is active.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WorkflowState {
    /// It can run.
    Active,
    /// Its file is gone.
    Deleted,
    /// The repository is a fork.
    DisabledFork,
    /// Nothing has happened in the repository for 60 days.
    DisabledInactivity,
    /// Somebody disabled it.
    DisabledManually,
}

/// An input that a workflow declares.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Input {
    /// Whether a dispatch must supply it, unless it has a default.
    pub required: bool,
    /// Its value when a dispatch does not supply it.
    pub default: Option<String>,
    /// The values allowed (an input of type `choice`).
    pub options: Option<Vec<String>>,
}

/// A job of a workflow.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Job {
    /// Its name, unique in the workflow.
    pub name: String,
    /// Names of the jobs that must have succeeded first.
    pub needs: Vec<String>,
    /// Seconds that it waits for a runner, after the workflow's own delay or the jobs it needs.
    pub queue_delay: f64,
    /// Its steps, without `Set up job` and `Complete job`, which every job has.
    pub steps: Vec<Step>,
    /// What has become of its log.
    pub logs: Logs,
    /// The environment that it deploys to, which somebody has to approve first. There are none on
    /// Gitea.
    pub environment: Option<Environment>,
    /// The values of its matrix: one job for each, called `name (value)`. A job that needs it
    /// needs them all. Empty: it has no matrix.
    pub matrix: Vec<String>,
}

impl Default for Job {
    fn default() -> Self {
        Self {
            name: "build".into(),
            needs: Vec::new(),
            queue_delay: 0.0,
            steps: vec![Step::run("make")],
            logs: Logs::Available,
            environment: None,
            matrix: Vec::new(),
        }
    }
}

impl Job {
    /// A job with these steps.
    #[must_use]
    pub fn new(name: impl Into<String>, steps: impl IntoIterator<Item = Step>) -> Self {
        Self {
            name: name.into(),
            steps: steps.into_iter().collect(),
            ..Self::default()
        }
    }

    /// Adds a job that it needs.
    #[must_use]
    pub fn needing(mut self, job: impl Into<String>) -> Self {
        self.needs.push(job.into());
        self
    }

    /// Lets it wait for an environment.
    #[must_use]
    pub fn with_environment(mut self, environment: Environment) -> Self {
        self.environment = Some(environment);
        self
    }

    /// Makes one job of it for each value.
    #[must_use]
    pub fn with_matrix<T: Into<String>>(mut self, values: impl IntoIterator<Item = T>) -> Self {
        self.matrix = values.into_iter().map(Into::into).collect();
        self
    }

    /// Each job that it makes: the value of its matrix, if it has one, and its name.
    pub(crate) fn legs(&self) -> Vec<(Option<&str>, String)> {
        if self.matrix.is_empty() {
            return vec![(None, self.name.clone())];
        }
        let values = self.matrix.iter().map(String::as_str);
        values
            .map(|value| (Some(value), format!("{} ({value})", self.name)))
            .collect()
    }
}

/// An environment whose protection rules want an approval.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Environment {
    /// Its name.
    pub name: String,
    /// Seconds from when a job starts to wait for it until a reviewer decides; none: never.
    pub approved_after: Option<f64>,
    /// Whether the decision is a rejection instead, which fails the job.
    pub rejected: bool,
}

impl Environment {
    /// One that nobody ever approves.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            ..Self::default()
        }
    }

    /// Lets a reviewer approve after so many seconds.
    #[must_use]
    pub fn approved_after(mut self, seconds: f64) -> Self {
        self.approved_after = Some(seconds);
        self.rejected = false;
        self
    }

    /// Lets a reviewer reject after so many seconds.
    #[must_use]
    pub fn rejected_after(mut self, seconds: f64) -> Self {
        self.approved_after = Some(seconds);
        self.rejected = true;
        self
    }
}

/// What has become of a job's log.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Logs {
    /// It can be read once the job is completed, on Gitea while it runs.
    #[default]
    Available,
    /// The job's own log is never found; the run's archive has it, where there is one.
    Missing,
    /// It is past the time for which logs are kept: 410, and so is the run's archive.
    Expired,
}

/// A step of a job.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Step {
    /// Its name, a template, which Gitea shows as it is; without one it is shown as `Run ` and what
    /// it runs.
    pub name: Option<String>,
    /// The script that it runs, a template; none: it uses an action.
    pub run: Option<String>,
    /// The lines that it writes to the log, templates.
    pub prints: Vec<String>,
    /// How long it takes, in seconds.
    pub seconds: f64,
    /// How it ends; after a failure the later steps of the job are skipped.
    pub conclusion: Conclusion,
    /// How it ends in the run's first attempts, one after the other; in those beyond the list it
    /// ends as usual.
    pub conclusions_by_attempt: Vec<Conclusion>,
    /// Whether it runs whatever happened before it, as with `if: always()`: only force ends it.
    pub always: bool,
    /// A run that it dispatches as it starts.
    pub dispatches: Option<Dispatch>,
    /// About how many bytes of other lines it writes before its own.
    pub padding: usize,
    /// About how many bytes of other lines it writes after its own.
    pub padding_after: usize,
    /// Whether its file is missing from the run's archive: what it wrote is in its job's log only.
    pub log_missing: bool,
}

impl Default for Step {
    fn default() -> Self {
        Self {
            name: None,
            run: None,
            prints: Vec::new(),
            seconds: 1.0,
            conclusion: Conclusion::Success,
            conclusions_by_attempt: Vec::new(),
            always: false,
            dispatches: None,
            padding: 0,
            padding_after: 0,
            log_missing: false,
        }
    }
}

impl Step {
    /// A step that runs a script.
    #[must_use]
    pub fn run(script: impl Into<String>) -> Self {
        Self {
            run: Some(script.into()),
            ..Self::default()
        }
    }

    /// A step that runs `echo` and so writes the text.
    #[must_use]
    pub fn echo(text: impl AsRef<str>) -> Self {
        let text = text.as_ref();
        Self::run(format!("echo \"{text}\"")).printing(text)
    }

    /// Names it.
    #[must_use]
    pub fn named(mut self, template: impl Into<String>) -> Self {
        self.name = Some(template.into());
        self
    }

    /// Lets it run whatever happened before it.
    #[must_use]
    pub fn always(mut self) -> Self {
        self.always = true;
        self
    }

    /// Adds a line that it writes to the log.
    #[must_use]
    pub fn printing(mut self, template: impl Into<String>) -> Self {
        self.prints.push(template.into());
        self
    }

    /// Sets how long it takes, in seconds.
    #[must_use]
    pub fn taking(mut self, seconds: f64) -> Self {
        self.seconds = seconds;
        self
    }

    /// Sets how it ends.
    #[must_use]
    pub fn ending(mut self, conclusion: Conclusion) -> Self {
        self.conclusion = conclusion;
        self
    }

    /// Sets how it ends in the run's first attempts.
    #[must_use]
    pub fn ending_by_attempt(mut self, conclusions: impl IntoIterator<Item = Conclusion>) -> Self {
        self.conclusions_by_attempt = conclusions.into_iter().collect();
        self
    }

    /// What it is called, with its expressions as they are written.
    pub(crate) fn written_name(&self) -> String {
        match (&self.name, &self.run) {
            (Some(name), _) => name.clone(),
            (None, Some(script)) => format!("Run {}", first_line(script)),
            (None, None) => format!("Run {ACTION}"),
        }
    }

    /// How it ends in the attempt of this number.
    pub(crate) fn conclusion_in(&self, attempt: u32) -> Conclusion {
        let index = usize::try_from(attempt)
            .unwrap_or(usize::MAX)
            .checked_sub(1);
        index
            .and_then(|index| self.conclusions_by_attempt.get(index))
            .copied()
            .unwrap_or(self.conclusion)
    }

    /// Makes it dispatch a workflow as it starts.
    #[must_use]
    pub fn dispatching(mut self, dispatch: Dispatch) -> Self {
        self.dispatches = Some(dispatch);
        self
    }
}

/// How a step, a job or a run has ended. Steps and jobs end in the first four ways only.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Conclusion {
    /// It did what it should.
    #[default]
    Success,
    /// It did not.
    Failure,
    /// It was stopped.
    Cancelled,
    /// It was left out.
    Skipped,
    /// It took too long.
    TimedOut,
    /// It is for nobody to judge.
    Neutral,
    /// It waits for somebody to allow it.
    ActionRequired,
    /// It was given up, because nothing happened for too long.
    Stale,
    /// It could not even start: the workflow's file makes no sense.
    StartupFailure,
}

impl Conclusion {
    /// The word that the API uses.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Failure => "failure",
            Self::Cancelled => "cancelled",
            Self::Skipped => "skipped",
            Self::TimedOut => "timed_out",
            Self::Neutral => "neutral",
            Self::ActionRequired => "action_required",
            Self::Stale => "stale",
            Self::StartupFailure => "startup_failure",
        }
    }

    /// Whether a step or a job can end like this.
    pub(crate) const fn is_of_a_step(self) -> bool {
        matches!(
            self,
            Self::Success | Self::Failure | Self::Cancelled | Self::Skipped
        )
    }
}

/// How far a step, a job or a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It waits for a runner.
    Queued,
    /// It waits for its turn in a concurrency group.
    Pending,
    /// It waits for the approval of an environment.
    Waiting,
    /// It runs.
    InProgress,
    /// It has ended.
    Completed,
}

impl Status {
    /// The word that the API uses.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Pending => "pending",
            Self::Waiting => "waiting",
            Self::InProgress => "in_progress",
            Self::Completed => "completed",
        }
    }
}

/// A run that a step dispatches, in its own repository and on the default branch.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Dispatch {
    /// File name of the workflow.
    pub workflow: String,
    /// Inputs, templates in which `inputs` are those of the dispatching run.
    pub inputs: BTreeMap<String, String>,
    /// Whether it has the actor of the dispatching run, as with a token of that person or App; otherwise
    /// it is `github-actions[bot]`'s.
    pub keeps_actor: bool,
}
