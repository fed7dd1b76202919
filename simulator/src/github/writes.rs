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

/// Seconds until runners notice that their run is cancelled.
const CANCELLING: f64 = 1.0;

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
        run.cancelled_by.get_or_insert(client);
        let takes_effect = if force { now } else { now.plus(CANCELLING) };
        run.cancelled = Some(
            run.cancelled
                .map_or(takes_effect, |earlier| earlier.min(takes_effect)),
        );
        let workflow = &self.scenario.repositories[run.repository].workflows[run.workflow];
        run.replan(workflow);
        Ok(Answer::json(202, &serde_json::json!({})))
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
        let crowd = self
            .scenario
            .crowd
            .clone()
            .filter(|_| self.crowded.insert((repository, workflow)));
        if let Some(crowd) = &crowd {
            self.crowd_in(crowd, &new, call.now);
        }
        let index = self.create(new, call.now);
        let nth = self.dispatched;
        self.dispatched += 1;
        let deletions = self.scenario.deletions.iter();
        let deleted = deletions
            .filter(|deletion| deletion.run == nth)
            .map(|deletion| call.now.plus(deletion.after))
            .min()
            // Who deletes it has seen it completed.
            .map(|moment| moment.max(self.runs[index].plan.ended))
            .map(|moment| moment.max(self.runs[index].visible));
        self.created = Some(self.runs[index].id);
        self.runs[index].client = Some(self.client);
        self.runs[index].deleted = deleted;
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
}
