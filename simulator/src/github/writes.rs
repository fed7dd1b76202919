//! The endpoints that change something: dispatching a workflow, cancelling a run.

use super::{Call, GitHub, NewRun};
use crate::{
    answer::{Answer, Problem},
    dispatch::Order,
    facts::DispatchedBy,
    scenario::Token,
    time::Moment,
    workflow::Status,
};

impl GitHub {
    pub(super) fn cancel(
        &mut self,
        index: usize,
        force: bool,
        now: Moment,
    ) -> Result<Answer, Problem> {
        let client = self.client;
        let run = &mut self.runs[index];
        if run.status(now) == Status::Completed {
            return Err(Problem::new(
                409,
                "Cannot cancel a workflow run that is completed.",
            ));
        }
        let workflow = &self.scenario.repositories[run.repository].workflows[run.workflow];
        if force || !workflow.ignores_cancel {
            run.cancelled_by.get_or_insert(client);
            let takes = if force {
                0.0
            } else {
                workflow.cancelling_takes
            };
            if force {
                self.runs[index].latest_mut().forced = Some(now);
            }
            self.stop(index, now.plus(takes));
        }
        Ok(Answer::json(202, &serde_json::json!({})))
    }

    /// Cancels the latest attempt at a run at that moment, if it lasts until then.
    pub(super) fn stop(&mut self, index: usize, moment: Moment) {
        let run = &mut self.runs[index];
        let workflow = &self.scenario.repositories[run.repository].workflows[run.workflow];
        let attempt = run.latest_mut();
        let earlier = attempt.cancelled.unwrap_or(moment);
        attempt.cancelled = Some(earlier.min(moment));
        run.replan(workflow, &self.profile);
        self.settle(index);
        self.move_up(index);
    }

    pub(super) fn dispatch(
        &mut self,
        repository: usize,
        workflow: usize,
        token: &Token,
        call: &Call<'_>,
    ) -> Result<Answer, Problem> {
        let definition = &self.scenario.repositories[repository];
        let order = Order::check(
            &call.request.body,
            call.version,
            &self.profile,
            definition,
            &definition.workflows[workflow],
        )?;
        let new = NewRun {
            id: None,
            repository,
            workflow,
            inputs: order.inputs,
            event: "workflow_dispatch".into(),
            reference: order.reference,
            actor: token.actor.clone(),
            dispatched_by: DispatchedBy::Client,
        };
        let index = self.create_for_client(new, call.now);
        if !order.tells_run {
            return Ok(Answer::empty(204));
        }
        let run = &self.runs[index];
        let (run_url, html_url) = self.payloads.run_urls(run);
        Ok(Answer::json(
            200,
            &serde_json::json!({
                "workflow_run_id": run.id,
                "run_url": run_url,
                "html_url": html_url,
            }),
        ))
    }

    /// Creates the run that a request asks for, and what comes with it.
    pub(super) fn create_for_client(&mut self, new: NewRun, now: Moment) -> usize {
        let crowd = self
            .scenario
            .crowd
            .clone()
            .filter(|_| self.crowded.insert((new.repository, new.workflow)));
        if let Some(crowd) = &crowd {
            self.crowd_in(crowd, &new, now);
        }
        let index = self.create(new, now);
        let nth = self.dispatched;
        self.dispatched += 1;
        let deletions = self.scenario.deletions.iter();
        let deletion = deletions
            .filter(|deletion| deletion.run == nth)
            .map(|deletion| now.plus(deletion.after))
            .min();
        let reruns = self.scenario.reruns.iter();
        let reruns = reruns.filter(|rerun| rerun.run == nth);
        self.runs[index].reruns = reruns.copied().collect();
        self.created = Some(self.runs[index].id);
        self.runs[index].client = Some(self.client);
        self.runs[index].deletion = deletion;
        self.settle(index);
        index
    }
}
