//! The receiver: where it shows the ID, how long it takes, what it passes on.

use std::collections::BTreeMap;

use simulator::{
    Archive, Conclusion, Concurrency, Dispatch, Environment, Input, Job, Logs, Step, Workflow,
};

use crate::chance::Chance;

/// Its file.
pub const FILE: &str = "ci.yml";
/// Its name.
pub const NAME: &str = "Continuous integration";

const ID: &str = "${{ inputs.distinct_id }}";

/// Where a receiver shows the distinct ID.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// In the title of its runs.
    InTitle,
    /// In the name of a step.
    InStepName,
    /// In the log of a job.
    InLog,
    /// In a log that only the archive has.
    InArchiveOnly,
    /// Nowhere.
    Nowhere,
}

/// To which workflow a receiver passes its ID on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PassesOn {
    /// To none.
    Nowhere,
    /// To itself, once.
    ToItself,
    /// To another one.
    ToAnother,
}

/// A receiver.
#[derive(Debug, Clone, PartialEq)]
pub struct Receiver {
    /// Where it shows the ID.
    pub shown: Shown,
    /// Whether it declares the ID's input.
    pub declares: bool,
    /// What it does with the ID besides.
    pub passes_on: PassesOn,
    /// Jobs beside the one that shows the ID.
    pub jobs: usize,
    /// Whether the ID is shown by the first job, or by one that waits for it.
    pub shows_early: bool,
    /// Whether a step fails after the ID has been shown.
    pub fails: bool,
    /// Seconds that the step takes which shows the ID.
    pub step_seconds: f64,
    /// Seconds that the other jobs take.
    pub job_seconds: f64,
    /// Seconds until a runner takes a run.
    pub queue_delay: f64,
    /// Seconds until lists show a run.
    pub listing_delay: f64,
    /// Bytes of other lines in the log.
    pub padding: usize,
    /// The shape of its archives.
    pub archive: Archive,
    /// What becomes of its runs besides.
    pub life: Life,
    /// The secret that its runner masks; none if it has none.
    pub secret: Option<&'static str>,
}

/// What becomes of runs that somebody waits for.
#[derive(Debug, Clone, Default, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a matter of its own")]
pub struct Life {
    /// The environment that one of its jobs waits for.
    pub environment: Option<Environment>,
    /// Its concurrency group.
    pub concurrency: Option<Concurrency>,
    /// Whether a job is made for each of several values.
    pub has_matrix: bool,
    /// Whether it goes on when it is cancelled, until that is forced.
    pub ignores_cancel: bool,
    /// Seconds that it takes to be cancelled; none: the usual ones.
    pub cancelling_takes: Option<f64>,
    /// Seconds that its jobs take to clean up in the end, even when it is cancelled; none: they do not.
    pub cleans_up: Option<f64>,
    /// How its runs end, whatever their jobs do.
    pub conclusion: Option<Conclusion>,
    /// Whether it returns a value: the number of its attempt.
    pub returns: bool,
    /// Whether its first attempt fails.
    pub fails_at_first: bool,
}

/// The name of the value that it returns.
pub const VALUE: &str = "attempt";

impl Receiver {
    pub(super) fn drawn(chance: &mut Chance) -> Self {
        let shown = match chance.whole(0, 99) {
            0..35 => Shown::InTitle,
            35..60 => Shown::InStepName,
            60..85 => Shown::InLog,
            85..92 => Shown::InArchiveOnly,
            _ => Shown::Nowhere,
        };
        let passes_on = match chance.whole(0, 99) {
            0..88 => PassesOn::Nowhere,
            88..95 => PassesOn::ToItself,
            _ => PassesOn::ToAnother,
        };
        let archive = if chance.with(0.95) {
            Archive::Normal
        } else {
            // A bomb takes seconds to look into; the core's own tests have it.
            chance.one_of(&[
                Archive::Truncated,
                Archive::WrongSize,
                Archive::MissingEntry,
                Archive::PathTraversal,
                Archive::Empty,
                Archive::NotAZip,
            ])
        };
        let skewed = |chance: &mut Chance, usual: f64, most: f64| {
            if chance.with(0.9) {
                chance.between(0.0, usual)
            } else {
                chance.between(usual, most)
            }
        };
        Self {
            shown,
            declares: chance.with(0.93),
            passes_on,
            jobs: chance.one_of(&[0, 0, 1, 1, 2, 5]),
            shows_early: chance.with(0.8),
            fails: chance.with(0.1),
            step_seconds: skewed(chance, 5.0, 60.0),
            job_seconds: skewed(chance, 20.0, 120.0),
            queue_delay: skewed(chance, 5.0, 90.0),
            listing_delay: skewed(chance, 2.0, 45.0),
            padding: if chance.with(0.02) { 200_000 } else { 0 },
            archive,
            life: Life::default(),
            secret: None,
        }
    }

    /// Seconds from a run's creation until it has ended, at most.
    #[must_use]
    pub fn course(&self) -> f64 {
        let each = 2.0;
        let announce = self.step_seconds + 2.0 * each;
        let jobs = if self.jobs > 0 || !self.shows_early {
            self.job_seconds + self.life.cleans_up.unwrap_or_default() + each
        } else {
            0.0
        };
        let environment = self.life.environment.as_ref();
        let approved_after = environment.and_then(|environment| environment.approved_after);
        self.listing_delay
            .max(self.queue_delay + announce + jobs + approved_after.unwrap_or_default())
    }

    /// Whether a run ever shows its ID to whoever looks.
    #[must_use]
    pub fn shows_its_id(&self) -> bool {
        let archive_is_good = matches!(self.archive, Archive::Normal | Archive::MissingEntry);
        self.declares
            && match self.shown {
                Shown::InTitle | Shown::InStepName | Shown::InLog => true,
                Shown::InArchiveOnly => archive_is_good,
                Shown::Nowhere => false,
            }
    }

    /// It and the other workflow of its repository.
    #[must_use]
    pub fn workflows(&self) -> Vec<Workflow> {
        let mut step = Step::run("true")
            .named("announce")
            .taking(self.step_seconds);
        step.padding = self.padding;
        let step = match self.shown {
            Shown::InStepName => step.named(format!("call {ID}")),
            Shown::InLog | Shown::InArchiveOnly => step.printing(format!("ID: {ID}")),
            Shown::InTitle | Shown::Nowhere => step,
        };
        let step = if self.life.returns {
            step.printing(format!("{ID} {VALUE}=${{{{ github.run_attempt }}}}"))
        } else {
            step
        };
        let mut steps = vec![step];
        if let Some(dispatch) = self.passing_on() {
            let passing = Step::run("gh workflow run")
                .named("pass on")
                .dispatching(dispatch);
            steps.push(passing);
        }
        if self.life.fails_at_first {
            let ending = [Conclusion::Failure, Conclusion::Success];
            steps.push(Step::run("make").ending_by_attempt(ending));
        }
        if self.fails {
            steps.push(Step::run("false").ending(Conclusion::Failure));
        }
        let mut announce = Job::new("announce", steps);
        if self.shown == Shown::InArchiveOnly {
            announce.logs = Logs::Missing;
        }
        let mut jobs = Vec::new();
        let first = Job::new("prepare", [Step::run("make").taking(self.job_seconds)]);
        if self.shows_early {
            jobs.push(announce);
        } else {
            jobs.push(first);
            jobs.push(announce.needing("prepare"));
        }
        for number in 0..self.jobs {
            let mut steps = vec![Step::run("make").taking(self.job_seconds)];
            if let Some(seconds) = self.life.cleans_up {
                steps.push(Step::run("make clean").taking(seconds).always());
            }
            let mut job = Job::new(format!("build {number}"), steps);
            if number == 0 && self.life.has_matrix {
                job = job.with_matrix(["one", "two", "three"]);
            }
            jobs.push(job);
        }
        if let Some(environment) = &self.life.environment {
            let step = Step::run("make deploy").taking(self.step_seconds);
            jobs.push(Job::new("deploy", [step]).with_environment(environment.clone()));
        }
        let mut workflow = Workflow::new(FILE)
            .with_input("environment")
            .with_jobs(jobs);
        if self.declares {
            workflow = workflow.with_input("distinct_id");
        }
        if self.passes_on == PassesOn::ToItself {
            let generation = Input {
                default: Some("first".into()),
                options: Some(vec!["first".into(), "first-next".into()]),
                ..Input::default()
            };
            workflow = workflow.with_declared_input("generation", generation);
        }
        workflow.name = Some(NAME.into());
        workflow.listing_delay = self.listing_delay;
        workflow.queue_delay = self.queue_delay;
        workflow.concurrency.clone_from(&self.life.concurrency);
        workflow.secrets.extend(self.secret.map(Into::into));
        workflow.ignores_cancel = self.life.ignores_cancel;
        workflow.conclusion = self.life.conclusion;
        if let Some(seconds) = self.life.cancelling_takes {
            workflow.cancelling_takes = seconds;
        }
        if self.shown == Shown::InTitle {
            workflow.run_name = Some(format!("Deploy [{ID}]"));
        }
        let mut other = Workflow::new("other.yml")
            .with_input("distinct_id")
            .with_run_name(format!("Other [{ID}]"));
        other.name = Some("Other".into());
        vec![workflow, other]
    }

    fn passing_on(&self) -> Option<Dispatch> {
        let mut inputs = BTreeMap::from([("distinct_id".to_owned(), ID.to_owned())]);
        let workflow = match self.passes_on {
            _ if !self.declares => return None,
            PassesOn::Nowhere => return None,
            PassesOn::ToAnother => "other.yml",
            PassesOn::ToItself => {
                // The second generation's own attempt is refused: its value is no option.
                let next = "${{ inputs.generation }}-next".to_owned();
                inputs.insert("generation".into(), next);
                FILE
            }
        };
        Some(Dispatch {
            workflow: workflow.into(),
            inputs,
            ..Dispatch::default()
        })
    }
}
