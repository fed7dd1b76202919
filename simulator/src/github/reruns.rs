//! What becomes of a run after its attempts: further attempts, and its deletion.

use super::{GitHub, SOMEBODY, happenings::Event};
use crate::{run::Attempt, time::Moment};

impl GitHub {
    /// Plans what follows the end of a run's latest attempt, which is planned anew.
    pub(super) fn settle(&mut self, index: usize) {
        let run = &mut self.runs[index];
        let ended = run.latest().plan.ended;
        if let Some(wanted) = run.deletion {
            // Who deletes it has seen it completed.
            let moment = wanted.max(ended).max(run.visible);
            let planned = run.deleted.and_then(Moment::if_ever);
            run.deleted = Some(planned.map_or(moment, |planned| planned.max(moment)));
        }
        let after_attempt = run.latest().number;
        if let Some(moment) = self.rerun_at(index) {
            let event = Event::Rerun {
                run: index,
                after_attempt,
            };
            self.plan(moment, event);
        }
    }

    /// When somebody re-runs it after its latest attempt, if anybody does.
    fn rerun_at(&self, index: usize) -> Option<Moment> {
        let run = &self.runs[index];
        let next = run.reruns.get(run.attempts.len() - 1)?;
        Some(run.latest().plan.ended.if_ever()?.plus(next.after))
    }

    /// Starts the next attempt, unless the plan has changed, or the run is gone.
    pub(super) fn rerun(&mut self, index: usize, after_attempt: u32, now: Moment) {
        let run = &self.runs[index];
        let is_deleted = run.deleted.is_some_and(|deleted| deleted <= now);
        let is_planned = run.latest().number == after_attempt && self.rerun_at(index) == Some(now);
        if is_deleted || !is_planned {
            return;
        }
        let next = Attempt::new(after_attempt + 1, now, SOMEBODY.into());
        self.runs[index].attempts.push(next);
        self.start_attempt(index);
    }
}
