//! How far a job or a run is: `models/actions/status.go`.

use crate::{plan::PlannedJob, run::Attempt, time::Moment, workflow::Conclusion};

/// The state of a job or of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    Success,
    Failure,
    Cancelled,
    Skipped,
    /// For a runner.
    Waiting,
    Running,
    /// By other jobs, or other runs.
    Blocked,
}

impl State {
    /// That of a job of this attempt.
    pub(crate) fn of_job(job: &PlannedJob, attempt: &Attempt, now: Moment) -> Self {
        if job.ended <= now {
            Self::ended(job.conclusion)
        } else if job.has_started(now) {
            Self::Running
        } else if now < attempt.begins || now < job.created {
            Self::Blocked
        } else {
            Self::Waiting
        }
    }

    /// That of a run at this attempt: what its jobs make of it (`AggregateJobStatus` of
    /// `models/actions/run_job.go`). It can be that of one that has ended before all jobs have.
    pub(crate) fn of_run(attempt: &Attempt, now: Moment) -> Self {
        if attempt.plan.ended <= now {
            return Self::ended(attempt.plan.conclusion);
        }
        let jobs = attempt.plan.jobs.iter();
        let states: Vec<Self> = jobs.map(|job| Self::of_job(job, attempt, now)).collect();
        [Self::Cancelled, Self::Running, Self::Waiting, Self::Failure]
            .into_iter()
            .find(|state| states.contains(state))
            .unwrap_or(Self::Blocked)
    }

    fn ended(conclusion: Conclusion) -> Self {
        match conclusion {
            Conclusion::Success => Self::Success,
            Conclusion::Cancelled => Self::Cancelled,
            Conclusion::Skipped => Self::Skipped,
            // It has no other words, and the scenario's check has made sure that none is needed.
            _ => Self::Failure,
        }
    }

    pub(crate) fn is_done(self) -> bool {
        self.conclusion().is_some()
    }

    /// The words that the API uses: `ToActionsStatus` of `services/convert/convert.go`.
    pub(crate) const fn status(self) -> &'static str {
        match self {
            Self::Waiting => "queued",
            Self::Blocked => "waiting",
            Self::Running => "in_progress",
            _ => "completed",
        }
    }

    pub(crate) const fn conclusion(self) -> Option<&'static str> {
        match self {
            Self::Success => Some("success"),
            Self::Failure => Some("failure"),
            Self::Cancelled => Some("cancelled"),
            Self::Skipped => Some("skipped"),
            Self::Waiting | Self::Running | Self::Blocked => None,
        }
    }

    /// The states that a word in a filter stands for (`convertToInternal` of
    /// `routers/api/v1/shared/action.go`); none if it is not known.
    pub(crate) fn asked(word: &str) -> Option<&'static [Self]> {
        Some(match word {
            "pending" | "waiting" | "requested" | "action_required" => &[Self::Blocked],
            "queued" => &[Self::Waiting],
            "in_progress" => &[Self::Running],
            "completed" => &[Self::Success, Self::Failure, Self::Skipped, Self::Cancelled],
            "failure" => &[Self::Failure],
            "success" => &[Self::Success],
            "skipped" | "neutral" => &[Self::Skipped],
            "cancelled" | "timed_out" => &[Self::Cancelled],
            _ => return None,
        })
    }
}
