//! A run and its attempts over time: what they are at any moment.
//!
//! The course of an attempt is known when it starts ([`Plan`]), and again when it is cancelled; what
//! the API shows is read off the plan for the moment of the request.

use std::collections::BTreeMap;

use crate::{
    facts::DispatchedBy,
    plan::{Course, Plan, PlannedJob},
    profile::Profile,
    scenario::Rerun,
    template,
    time::Moment,
    workflow::{Conclusion, Status, Workflow},
};

/// A branch or tag.
#[derive(Debug, Clone)]
pub(crate) struct Reference {
    pub(crate) name: String,
    pub(crate) is_tag: bool,
    pub(crate) sha: String,
}

impl Reference {
    /// `refs/heads/main`.
    pub(crate) fn full_name(&self) -> String {
        let kind = if self.is_tag { "tags" } else { "heads" };
        format!("refs/{kind}/{}", self.name)
    }

    /// `branch/main`, as it stands in the URL of a page.
    pub(crate) fn web_path(&self) -> String {
        let kind = if self.is_tag { "tag" } else { "branch" };
        format!("{kind}/{}", self.name)
    }

    /// Its name, unless it is a tag.
    pub(crate) fn branch(&self) -> Option<&str> {
        (!self.is_tag).then_some(&self.name)
    }
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
    /// When somebody wants it deleted, and when it is: not before it is completed.
    pub(crate) deletion: Option<Moment>,
    pub(crate) deleted: Option<Moment>,
    /// What follows each attempt.
    pub(crate) reruns: Vec<Rerun>,
    /// Its concurrency group.
    pub(crate) group: Option<String>,
    /// The client whose request created it.
    pub(crate) client: Option<u32>,
    /// The client whose request cancelled it.
    pub(crate) cancelled_by: Option<u32>,
    pub(crate) title: String,
    /// Oldest first; there is always one.
    pub(crate) attempts: Vec<Attempt>,
}

/// One attempt at a run.
#[derive(Debug)]
pub(crate) struct Attempt {
    pub(crate) number: u32,
    pub(crate) started: Moment,
    /// When its turn comes: at once, unless its concurrency group is busy.
    pub(crate) begins: Moment,
    /// Who started it.
    pub(crate) actor: String,
    pub(crate) cancelled: Option<Moment>,
    /// When it is forced to end, if it is.
    pub(crate) forced: Option<Moment>,
    /// Of the jobs in the plan; there are more where a cancellation has left the plan without jobs.
    pub(crate) job_ids: Vec<u64>,
    pub(crate) plan: Plan,
}

/// Where a template stands, as far as it matters for its expressions.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scope<'a> {
    /// The number of the attempt.
    pub(crate) attempt: u32,
    /// The value of the job's matrix.
    pub(crate) value: Option<&'a str>,
}

impl Run {
    pub(crate) fn is_visible(&self, now: Moment) -> bool {
        self.visible <= now && self.deleted.is_none_or(|deleted| now < deleted)
    }

    /// The attempt that is the latest at that moment.
    pub(crate) fn at(&self, now: Moment) -> &Attempt {
        let mut attempts = self.attempts.iter().rev();
        attempts
            .find(|attempt| attempt.started <= now)
            .unwrap_or(&self.attempts[0])
    }

    /// Whether an attempt runs this job, and is not one of those that failed before alone.
    pub(crate) fn is_run_in(&self, attempt: &Attempt, job: usize) -> bool {
        let Some(before) = attempt.number.checked_sub(2) else {
            return true;
        };
        let before = before as usize;
        let only_failed = self
            .reruns
            .get(before)
            .is_some_and(|rerun| rerun.only_failed);
        let attempt = self.attempts.get(before);
        let earlier = attempt.and_then(|attempt| attempt.plan.jobs.get(job));
        !only_failed || earlier.is_none_or(|job| job.conclusion != Conclusion::Success)
    }

    /// The latest attempt.
    pub(crate) fn latest(&self) -> &Attempt {
        &self.attempts[self.attempts.len() - 1]
    }

    pub(crate) fn latest_mut(&mut self) -> &mut Attempt {
        let last = self.attempts.len() - 1;
        &mut self.attempts[last]
    }

    /// Plans the rest of the latest attempt, after its start or when it is cancelled.
    pub(crate) fn replan(&mut self, workflow: &Workflow, profile: &Profile) {
        let attempt = self.latest();
        let course = Course {
            workflow,
            released_after: profile.releases_jobs_after,
            jobs_come_at_once: profile.jobs_come_at_once,
            attempt: attempt.number,
            begins: attempt.begins,
            cancelled: attempt.cancelled,
            forced: attempt.forced,
            fill: &|text, value| {
                let scope = Scope {
                    attempt: attempt.number,
                    value,
                };
                self.fill(workflow, scope, text)
            },
        };
        let plan = course.plan();
        self.latest_mut().plan = plan;
    }

    /// Fills in a template of its workflow.
    pub(crate) fn fill(&self, workflow: &Workflow, scope: Scope<'_>, text: &str) -> String {
        template::fill(text, |name| match name {
            "github.run_id" => Some(self.id.to_string()),
            "github.run_number" => Some(self.number.to_string()),
            "github.run_attempt" => Some(scope.attempt.to_string()),
            "github.actor" => Some(self.actor.clone()),
            "github.workflow" => Some(workflow.display_name()),
            "matrix.value" => scope.value.map(Into::into),
            _ => {
                let input = name
                    .strip_prefix("inputs.")
                    .or_else(|| name.strip_prefix("github.event.inputs."))?;
                self.inputs.get(input).cloned()
            }
        })
    }

    pub(crate) fn status(&self, now: Moment) -> Status {
        self.at(now).status(now)
    }

    pub(crate) fn conclusion(&self, now: Moment) -> Option<Conclusion> {
        self.at(now).conclusion(now)
    }
}

impl Attempt {
    /// An attempt whose course is still to be planned.
    pub(crate) fn new(number: u32, started: Moment, actor: String) -> Self {
        Self {
            number,
            started,
            begins: started,
            actor,
            cancelled: None,
            forced: None,
            job_ids: Vec::new(),
            plan: Plan::default(),
        }
    }

    pub(crate) fn status(&self, now: Moment) -> Status {
        let is = |status: Status| {
            let mut jobs = self.plan.jobs.iter();
            jobs.any(|job| job.is_listed(now) && job.status(now) == status)
        };
        if self.plan.ended <= now {
            Status::Completed
        } else if now < self.begins {
            Status::Pending
        } else if is(Status::InProgress) {
            Status::InProgress
        } else if is(Status::Waiting) {
            Status::Waiting
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
            .flat_map(PlannedJob::changes)
            .chain([self.begins, self.plan.ended])
            .filter(|moment| *moment <= now)
            .max()
            .map_or(self.started, |last| last.max(self.started))
    }
}
