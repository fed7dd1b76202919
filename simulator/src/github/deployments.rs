//! What waits for the approval of an environment.

use serde_json::{Value, json};

use super::GitHub;
use crate::{answer::Answer, time::Moment, workflow::Status};

impl GitHub {
    /// The environments that jobs of a run wait for, each once.
    pub(super) fn pending_deployments(&self, run: usize, now: Moment) -> Answer {
        let run = &self.runs[run];
        let definitions = &self.workflow(run).jobs;
        let mut names: Vec<&str> = Vec::new();
        for job in &run.at(now).plan.jobs {
            let environment = definitions[job.definition].environment.as_ref();
            if let Some(environment) = environment
                && job.is_listed(now)
                && job.status(now) == Status::Waiting
                && !names.contains(&environment.name.as_str())
            {
                names.push(&environment.name);
            }
        }
        let pending: Vec<Value> = names
            .into_iter()
            .map(|name| {
                json!({
                    "environment": self.payloads.environment(self.repository_of(run), name),
                    "wait_timer": 0,
                    "wait_timer_started_at": null,
                    "current_user_can_approve": false,
                    "reviewers": [{
                        "type": "User",
                        "reviewer": self.payloads.user(&self.repository_of(run).owner),
                    }],
                })
            })
            .collect();
        Answer::json(200, &pending)
    }
}
