//! A run over time: what it, its jobs and its steps are at any moment.
//!
//! A run's course is known when it is created ([`Plan`]), and again when it is cancelled; what the
//! API shows is read off the plan for the moment of the request.

use std::collections::BTreeMap;

use crate::{
    facts::DispatchedBy,
    template,
    time::Moment,
    workflow::{Conclusion, Job, Status, Workflow},
};

/// Seconds that `Set up job` takes.
const SETTING_UP: f64 = 0.2;
/// Seconds that `Complete job` takes.
const COMPLETING: f64 = 0.1;

/// A branch or tag.
#[derive(Debug, Clone)]
pub(crate) struct Reference {
    pub(crate) name: String,
    pub(crate) sha: String,
}

#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) id: u64,
    /// Index of its repository in the scenario.
    pub(crate) repository: usize,
    /// Index of its workflow in the repository.
    pub(crate) workflow: usize,
    pub(crate) number: u64,
    pub(crate) inputs: BTreeMap<String, String>,
    pub(crate) event: String,
    pub(crate) reference: Reference,
    pub(crate) actor: String,
    pub(crate) dispatched_by: DispatchedBy,
    pub(crate) created: Moment,
    pub(crate) visible: Moment,
    pub(crate) cancelled: Option<Moment>,
    pub(crate) deleted: Option<Moment>,
    /// The client whose request created it.
    pub(crate) client: Option<u32>,
    /// The client whose request cancelled it.
    pub(crate) cancelled_by: Option<u32>,
    pub(crate) job_ids: Vec<u64>,
    pub(crate) title: String,
    pub(crate) plan: Plan,
}

impl Run {
    pub(crate) fn is_visible(&self, now: Moment) -> bool {
        self.visible <= now && self.deleted.is_none_or(|deleted| now < deleted)
    }

    /// Plans the rest of the run, after its creation or when it is cancelled.
    pub(crate) fn replan(&mut self, workflow: &Workflow) {
        self.plan = Plan::new(workflow, self.created, self.cancelled, &|text| {
            self.fill(workflow, text)
        });
    }

    /// Fills in a template of its workflow.
    pub(crate) fn fill(&self, workflow: &Workflow, text: &str) -> String {
        template::fill(text, |name| match name {
            "github.run_id" => Some(self.id.to_string()),
            "github.run_number" => Some(self.number.to_string()),
            "github.run_attempt" => Some("1".into()),
            "github.actor" => Some(self.actor.clone()),
            "github.workflow" => Some(workflow.display_name()),
            _ => {
                let input = name
                    .strip_prefix("inputs.")
                    .or_else(|| name.strip_prefix("github.event.inputs."))?;
                self.inputs.get(input).cloned()
            }
        })
    }

    pub(crate) fn status(&self, now: Moment) -> Status {
        if self.plan.ended <= now {
            Status::Completed
        } else if self.plan.jobs.iter().any(|job| job.has_started(now)) {
            Status::InProgress
        } else {
            Status::Queued
        }
    }

    pub(crate) fn conclusion(&self, now: Moment) -> Option<Conclusion> {
        (self.status(now) == Status::Completed).then_some(self.plan.conclusion)
    }

    /// When it or one of its jobs last changed.
    pub(crate) fn updated(&self, now: Moment) -> Moment {
        self.plan
            .jobs
            .iter()
            .flat_map(|job| [Some(job.created), job.started, Some(job.ended)])
            .flatten()
            .filter(|moment| *moment <= now)
            .max()
            .map_or(self.created, |last| last.max(self.created))
    }
}

/// The course of a run.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    /// In the order of the workflow's jobs.
    pub(crate) jobs: Vec<PlannedJob>,
    pub(crate) ended: Moment,
    pub(crate) conclusion: Conclusion,
}

#[derive(Debug, Clone)]
pub(crate) struct PlannedJob {
    /// When it is queued, and so listed: GitHub does not list a job before the jobs it needs are
    /// done.
    pub(crate) created: Moment,
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
    fn has_started(&self, now: Moment) -> bool {
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
}

impl PlannedStep {
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

impl Plan {
    /// How a run of this workflow goes, expressions left empty.
    pub(crate) fn of(workflow: &Workflow, created: Moment) -> Self {
        Self::new(workflow, created, None, &|text| {
            template::fill(text, |_| None)
        })
    }

    fn new(
        workflow: &Workflow,
        created: Moment,
        cancelled: Option<Moment>,
        fill: &dyn Fn(&str) -> String,
    ) -> Self {
        let mut planned: BTreeMap<&str, PlannedJob> = BTreeMap::new();
        // Jobs may be written in any order; the scenario's check has made sure that this ends.
        while planned.len() < workflow.jobs.len() {
            for job in &workflow.jobs {
                let needs: Option<Vec<&PlannedJob>> = job
                    .needs
                    .iter()
                    .map(|need| planned.get(need.as_str()))
                    .collect();
                let Some(needs) = needs.filter(|_| !planned.contains_key(job.name.as_str())) else {
                    continue;
                };
                let ready = needs.iter().map(|need| need.ended).max().unwrap_or(created);
                let start = if needs.is_empty() {
                    ready.plus(workflow.queue_delay + job.queue_delay)
                } else {
                    ready.plus(job.queue_delay)
                };
                let job_plan = if cancelled.is_some_and(|moment| moment <= ready) {
                    PlannedJob::never_started(ready, ready, Conclusion::Cancelled)
                } else if needs
                    .iter()
                    .any(|need| need.conclusion != Conclusion::Success)
                {
                    PlannedJob::never_started(ready, ready, Conclusion::Skipped)
                } else if let Some(moment) = cancelled.filter(|moment| *moment <= start) {
                    PlannedJob::never_started(ready, moment, Conclusion::Cancelled)
                } else {
                    PlannedJob::new(job, ready, start, cancelled, fill)
                };
                planned.insert(&job.name, job_plan);
            }
        }
        let jobs: Vec<PlannedJob> = workflow
            .jobs
            .iter()
            .filter_map(|job| planned.remove(job.name.as_str()))
            .collect();
        let ended = jobs.iter().map(|job| job.ended).max().unwrap_or(created);
        let conclusion = overall(jobs.iter().map(|job| job.conclusion));
        Self {
            jobs,
            ended,
            conclusion,
        }
    }
}

impl PlannedJob {
    fn never_started(created: Moment, ended: Moment, conclusion: Conclusion) -> Self {
        Self {
            created,
            started: None,
            ended,
            conclusion,
            steps: Vec::new(),
        }
    }

    fn new(
        job: &Job,
        created: Moment,
        started: Moment,
        cancelled: Option<Moment>,
        fill: &dyn Fn(&str) -> String,
    ) -> Self {
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
                if let Some(moment) = cancelled.filter(|moment| *moment < time) {
                    time = moment.max(began);
                    if !always {
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
                step.conclusion,
                false,
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
        Self {
            created,
            started: Some(started),
            ended: time,
            conclusion,
            steps,
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
        Conclusion::Failure => 2,
        Conclusion::Cancelled => 3,
    };
    parts.max_by_key(rank).unwrap_or(Conclusion::Success)
}
