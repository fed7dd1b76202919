//! Concurrency groups: which run is in progress, which one waits for its turn.

use super::GitHub;
use crate::time::Moment;

impl GitHub {
    /// The other runs of a run's concurrency group.
    fn rivals(&self, index: usize) -> Vec<usize> {
        let run = &self.runs[index];
        if run.group.is_none() {
            return Vec::new();
        }
        let is_rival = |other: &usize| {
            let other_run = &self.runs[*other];
            *other != index
                && other_run.repository == run.repository
                && other_run.group == run.group
        };
        (0..self.runs.len()).filter(is_rival).collect()
    }

    /// When it is the turn of a run that joins its concurrency group now. The one that has been
    /// waiting gives its turn up.
    pub(super) fn turn_of(&mut self, index: usize, now: Moment) -> Moment {
        let mut rivals = self.rivals(index);
        rivals.retain(|rival| now < self.runs[*rival].latest().plan.ended);
        let (waiting, running): (Vec<_>, Vec<_>) = rivals
            .into_iter()
            .partition(|rival| now < self.runs[*rival].latest().begins);
        for rival in waiting {
            self.stop(rival, now);
        }
        let concurrency = self.workflow(&self.runs[index]).concurrency.as_ref();
        let cancels = concurrency.is_some_and(|concurrency| concurrency.cancel_in_progress);
        let mut turn = now;
        for rival in running {
            let workflow = self.workflow(&self.runs[rival]);
            if cancels && !workflow.ignores_cancel {
                let takes = workflow.cancelling_takes;
                self.stop(rival, now.plus(takes));
            }
            turn = turn.max(self.runs[rival].latest().plan.ended);
        }
        turn
    }

    /// Lets the one that waits for this run begin earlier, if this one now ends earlier.
    pub(super) fn move_up(&mut self, index: usize) {
        let free = self.runs[index].latest().plan.ended;
        for rival in self.rivals(index) {
            let attempt = self.runs[rival].latest_mut();
            let is_over = attempt.cancelled.is_some_and(|moment| moment <= free);
            if attempt.begins <= free || is_over {
                continue;
            }
            attempt.begins = free.max(attempt.started);
            let run = &mut self.runs[rival];
            let workflow = &self.scenario.repositories[run.repository].workflows[run.workflow];
            run.replan(workflow, &self.profile);
            self.plan_steps(rival);
            self.settle(rival);
        }
    }
}
