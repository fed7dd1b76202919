//! What a summary of a run says.

use super::Watch;
use super::changes::length;
use crate::event::{Ended, Event, Span, Summary};
use crate::github::{Job, Step};
use crate::host::Host;

/// Steps that are shown of each job: its longest ones.
const MOST_STEPS: usize = 3;

impl<H: Host> Watch<'_, '_, H> {
    /// Reports what a summary needs, where the settings ask for one.
    pub(super) fn summarise(&self, ended: &Ended, jobs: &[Job]) {
        if !self.waiting.summary {
            return;
        }
        let jobs = jobs.iter().map(of_job).collect();
        self.client.host().report(Event::Summary(Summary {
            run_id: ended.run_id,
            run_url: ended.run_url.clone(),
            conclusion: ended.conclusion.clone(),
            seconds: ended.seconds,
            outputs: ended.outputs.clone(),
            jobs,
        }));
    }
}

fn of_job(job: &Job) -> Span {
    let seconds = |step: &Step| length(step.started_at, step.completed_at).unwrap_or(0);
    // There are some ten of them, so they need not be sorted.
    let is_before = |other: &Step, step: &Step| {
        let (its, own) = (seconds(other), seconds(step));
        its > own || its == own && other.number < step.number
    };
    let longest = job.steps.iter().filter(|step| {
        let longer = job.steps.iter().filter(|other| is_before(other, step));
        seconds(step) > 0 && longer.count() < MOST_STEPS
    });
    let steps = longest.map(|step| Span {
        name: step.name.clone(),
        url: String::new(),
        conclusion: step.conclusion.clone().unwrap_or_default(),
        began: step.started_at.map(crate::time::ServerTime::as_unix),
        ended: step.completed_at.map(crate::time::ServerTime::as_unix),
        seconds: length(step.started_at, step.completed_at),
        steps: Vec::new(),
    });
    Span {
        name: job.name.clone(),
        url: job.html_url.clone().unwrap_or_default(),
        conclusion: job.conclusion.clone().unwrap_or_default(),
        began: job.started_at.map(crate::time::ServerTime::as_unix),
        ended: job.completed_at.map(crate::time::ServerTime::as_unix),
        seconds: length(job.started_at, job.completed_at).filter(|_| !job.never_ran()),
        steps: steps.collect(),
    }
}
