//! The course of a run's attempt: when its jobs and steps start and end, and how.

use std::{collections::BTreeMap, time::Duration};

use crate::{
    time::Moment,
    workflow::{Conclusion, Job, Status, Workflow},
};

/// Seconds that `Set up job` takes.
const SETTING_UP: f64 = 0.2;
/// Seconds that `Complete job` takes.
const COMPLETING: f64 = 0.1;

/// The course of an attempt.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    /// In the order of the workflow's jobs.
    pub(crate) jobs: Vec<PlannedJob>,
    pub(crate) ended: Moment,
    pub(crate) conclusion: Conclusion,
}

#[derive(Debug, Clone)]
pub(crate) struct PlannedJob {
    /// Index of the workflow's job that it is made of.
    pub(crate) definition: usize,
    pub(crate) name: String,
    /// The value of its matrix.
    pub(crate) value: Option<String>,
    /// When it is queued, and so listed: GitHub does not list a job before the jobs it needs are
    /// done.
    pub(crate) created: Moment,
    /// Until when it waits for its environment; none if it does not.
    pub(crate) waits_until: Option<Moment>,
    /// When a runner takes it; none if none ever does.
    pub(crate) started: Option<Moment>,
    pub(crate) ended: Moment,
    pub(crate) conclusion: Conclusion,
    /// With `Set up job` and `Complete job`; empty if it never starts.
    pub(crate) steps: Vec<PlannedStep>,
}

#[derive(Debug, Clone)]
pub(crate) struct PlannedStep {
    pub(crate) name: String,
    pub(crate) kind: StepKind,
    pub(crate) started: Moment,
    pub(crate) ended: Moment,
    pub(crate) conclusion: Conclusion,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StepKind {
    SetUp,
    /// Index of the step in its job.
    Defined(usize),
    Complete,
}

impl PlannedJob {
    pub(crate) fn has_started(&self, now: Moment) -> bool {
        self.started.is_some_and(|started| started <= now)
    }

    pub(crate) fn is_listed(&self, now: Moment) -> bool {
        self.created <= now
    }

    pub(crate) fn status(&self, now: Moment) -> Status {
        if self.ended <= now {
            Status::Completed
        } else if self.has_started(now) {
            Status::InProgress
        } else if self.waits_until.is_some_and(|until| now < until) {
            Status::Waiting
        } else {
            Status::Queued
        }
    }

    /// The steps that the API shows: none until a runner has taken the job.
    pub(crate) fn shown_steps(&self, now: Moment) -> &[PlannedStep] {
        if self.has_started(now) {
            &self.steps
        } else {
            &[]
        }
    }

    /// The moments at which it changes, so far as the API shows.
    pub(crate) fn changes(&self) -> impl Iterator<Item = Moment> {
        [
            Some(self.created),
            self.waits_until,
            self.started,
            Some(self.ended),
        ]
        .into_iter()
        .flatten()
    }
}

impl PlannedStep {
    /// When it started and when it ended, so far as it has; one that is left out does neither.
    pub(crate) fn times(&self, now: Moment) -> [Option<Moment>; 2] {
        let taken = self.conclusion != Conclusion::Skipped;
        [self.started, self.ended]
            .map(|moment| Some(moment).filter(|moment| taken && *moment <= now))
    }

    pub(crate) fn status(&self, now: Moment) -> Status {
        if self.ended <= now {
            Status::Completed
        } else if self.started <= now {
            Status::InProgress
        } else {
            Status::Queued
        }
    }
}

/// What decides the course of an attempt.
pub(crate) struct Course<'a> {
    pub(crate) workflow: &'a Workflow,
    /// How long jobs go on waiting when those that they need have ended.
    pub(crate) released_after: Duration,
    /// Whether jobs are there before they could start, and can be cancelled then.
    pub(crate) jobs_come_at_once: bool,
    /// The attempt's number.
    pub(crate) attempt: u32,
    /// When its turn comes: at once, unless its concurrency group is busy.
    pub(crate) begins: Moment,
    pub(crate) cancelled: Option<Moment>,
    /// When it is forced to end, if it is.
    pub(crate) forced: Option<Moment>,
    /// Fills in a template, for a job with this value of its matrix.
    pub(crate) fill: &'a dyn Fn(&str, Option<&str>) -> String,
}

impl Plan {
    /// How a run of this workflow goes, expressions left empty.
    pub(crate) fn of(workflow: &Workflow, created: Moment) -> Self {
        Course {
            workflow,
            released_after: Duration::ZERO,
            jobs_come_at_once: false,
            attempt: 1,
            begins: created,
            cancelled: None,
            forced: None,
            fill: &|text, _| crate::template::fill(text, |_| None),
        }
        .plan()
    }
}

impl Course<'_> {
    pub(crate) fn plan(&self) -> Plan {
        let Self {
            workflow, begins, ..
        } = *self;
        // Cancelled before its turn has come: its jobs never come into being.
        let early = self.cancelled.filter(|moment| *moment < begins);
        if let Some(moment) = early.filter(|_| !self.jobs_come_at_once) {
            return Plan {
                jobs: Vec::new(),
                ended: moment,
                conclusion: Conclusion::Cancelled,
            };
        }
        if workflow.conclusion == Some(Conclusion::StartupFailure) {
            return self.failed_to_start();
        }
        let mut planned: BTreeMap<&str, Vec<PlannedJob>> = BTreeMap::new();
        // Jobs may be written in any order; the scenario's check has made sure that this ends.
        while planned.len() < workflow.jobs.len() {
            for (definition, job) in workflow.jobs.iter().enumerate() {
                let needs: Option<Vec<&Vec<PlannedJob>>> = job
                    .needs
                    .iter()
                    .map(|need| planned.get(need.as_str()))
                    .collect();
                let Some(needs) = needs.filter(|_| !planned.contains_key(job.name.as_str())) else {
                    continue;
                };
                let needs: Vec<&PlannedJob> = needs.into_iter().flatten().collect();
                let legs = job.legs();
                let legs = legs.into_iter().map(|(value, name)| {
                    let blank = PlannedJob::blank(definition, name, value);
                    self.job(job, &needs, blank)
                });
                let legs = legs.collect();
                planned.insert(&job.name, legs);
            }
        }
        let jobs: Vec<PlannedJob> = workflow
            .jobs
            .iter()
            .filter_map(|job| planned.remove(job.name.as_str()))
            .flatten()
            .collect();
        let ended = jobs.iter().map(|job| job.ended).max().unwrap_or(begins);
        let conclusion = match overall(jobs.iter().map(|job| job.conclusion)) {
            Conclusion::Cancelled => Conclusion::Cancelled,
            conclusion => workflow.conclusion.unwrap_or(conclusion),
        };
        Plan {
            jobs,
            ended,
            conclusion,
        }
    }

    fn failed_to_start(&self) -> Plan {
        let ended = self.begins.plus(self.workflow.queue_delay);
        let cancelled = self.cancelled.filter(|moment| *moment < ended);
        Plan {
            jobs: Vec::new(),
            ended: cancelled.unwrap_or(ended),
            conclusion: match cancelled {
                Some(_) => Conclusion::Cancelled,
                None => Conclusion::StartupFailure,
            },
        }
    }

    fn job(&self, job: &Job, needs: &[&PlannedJob], blank: PlannedJob) -> PlannedJob {
        let Self {
            workflow,
            cancelled,
            ..
        } = *self;
        let last = needs.iter().map(|need| need.ended).max();
        let ready = last.map_or(self.begins, |last| {
            last.plus(self.released_after.as_secs_f64())
        });
        let failed = needs
            .iter()
            .any(|need| need.conclusion != Conclusion::Success);
        if let Some(moment) = cancelled.filter(|moment| *moment <= ready) {
            let ended = if self.jobs_come_at_once {
                moment
            } else {
                ready
            };
            return blank.never_started(ready, ended, Conclusion::Cancelled);
        }
        if failed {
            return blank.never_started(ready, ready, Conclusion::Skipped);
        }
        // GitHub looks for a runner once the environment has been approved.
        let environment = job.environment.as_ref();
        let waits_until = environment.map(|environment| {
            let decided = environment.approved_after;
            decided.map_or(Moment::NEVER, |seconds| ready.plus(seconds))
        });
        let blank = PlannedJob {
            waits_until,
            ..blank
        };
        let queued = waits_until.unwrap_or(ready);
        let rejected = environment.is_some_and(|environment| environment.rejected);
        if rejected && cancelled.is_none_or(|moment| queued < moment) {
            return blank.never_started(ready, queued, Conclusion::Failure);
        }
        let start = if needs.is_empty() {
            queued.plus(workflow.queue_delay + job.queue_delay)
        } else {
            queued.plus(job.queue_delay)
        };
        match cancelled.filter(|moment| *moment <= start) {
            Some(moment) => blank.never_started(ready, moment, Conclusion::Cancelled),
            None => self.started(job, blank, ready, start),
        }
    }

    /// A job that a runner takes.
    fn started(
        &self,
        job: &Job,
        blank: PlannedJob,
        created: Moment,
        started: Moment,
    ) -> PlannedJob {
        let mut time = started;
        let mut stopped = false;
        let mut take = |name, kind, seconds: f64, conclusion, always: bool| {
            let began = time;
            let mut conclusion = conclusion;
            if stopped && !always {
                conclusion = Conclusion::Skipped;
            }
            if conclusion != Conclusion::Skipped {
                time = began.plus(seconds);
                let cut = match kind {
                    StepKind::Defined(_) if always => self.forced,
                    _ => self.cancelled,
                };
                if let Some(moment) = cut.filter(|moment| *moment < time) {
                    time = moment.max(began);
                    if kind != StepKind::Complete {
                        conclusion = Conclusion::Cancelled;
                    }
                }
            }
            stopped |= matches!(conclusion, Conclusion::Failure | Conclusion::Cancelled);
            PlannedStep {
                name,
                kind,
                started: began,
                ended: time,
                conclusion,
            }
        };
        let mut steps = vec![take(
            "Set up job".into(),
            StepKind::SetUp,
            SETTING_UP,
            Conclusion::Success,
            false,
        )];
        let fill = |text: &str| {
            let text = (self.fill)(text, blank.value.as_deref());
            self.workflow.masked(&text)
        };
        for (index, step) in job.steps.iter().enumerate() {
            let name = match (&step.name, &step.run) {
                (Some(name), _) => fill(name),
                (None, Some(script)) => format!("Run {}", first_line(&fill(script))),
                (None, None) => format!("Run {ACTION}"),
            };
            steps.push(take(
                name,
                StepKind::Defined(index),
                step.seconds,
                step.conclusion_in(self.attempt),
                step.always,
            ));
        }
        steps.push(take(
            "Complete job".into(),
            StepKind::Complete,
            COMPLETING,
            Conclusion::Success,
            true,
        ));
        let conclusion = match overall(steps.iter().map(|step| step.conclusion)) {
            // A job all of whose own steps are skipped has succeeded.
            Conclusion::Skipped => Conclusion::Success,
            conclusion => conclusion,
        };
        PlannedJob {
            created,
            started: Some(started),
            ended: time,
            conclusion,
            steps,
            ..blank
        }
    }
}

impl PlannedJob {
    /// A job whose times are still to be filled in.
    fn blank(definition: usize, name: String, value: Option<&str>) -> Self {
        Self {
            definition,
            name,
            value: value.map(Into::into),
            created: Moment::NEVER,
            waits_until: None,
            started: None,
            ended: Moment::NEVER,
            conclusion: Conclusion::Skipped,
            steps: Vec::new(),
        }
    }

    fn never_started(self, created: Moment, ended: Moment, conclusion: Conclusion) -> Self {
        Self {
            created,
            ended,
            conclusion,
            ..self
        }
    }
}

/// The action that a step without a script uses.
pub(crate) const ACTION: &str = "octo/action@v1";

/// What GitHub shows of a script.
pub(crate) fn first_line(script: &str) -> &str {
    script
        .trim_start()
        .lines()
        .next()
        .unwrap_or_default()
        .trim_end()
}

/// The conclusion of a whole from those of its parts.
fn overall(parts: impl Iterator<Item = Conclusion>) -> Conclusion {
    let rank = |conclusion: &Conclusion| match conclusion {
        Conclusion::Skipped => 0,
        Conclusion::Success => 1,
        Conclusion::Cancelled => 3,
        // A failure: steps and jobs end in no other way.
        _ => 2,
    };
    parts.max_by_key(rank).unwrap_or(Conclusion::Success)
}
