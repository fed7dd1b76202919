//! The endpoints that only read: workflows, runs, jobs, and lists of them.

use super::{Call, GitHub};
use crate::{
    answer::{Answer, Problem},
    fault::Disorder,
    listing::{Filter, Page},
    log::error_of,
    route::{RunKey, WorkflowKey},
    run::{Attempt, Run},
    scenario::Token,
    time::Moment,
};

impl GitHub {
    pub(super) fn meta(&self) -> Answer {
        let body = match self.profile.enterprise_version {
            Some(version) => serde_json::json!({
                "verifiable_password_authentication": true,
                "installed_version": version,
            }),
            None => serde_json::json!({ "verifiable_password_authentication": false }),
        };
        Answer::json(200, &body)
    }

    /// Who acts with a token. An app's token stands for no user.
    pub(super) fn user(&self, token: &Token) -> Result<Answer, Problem> {
        if token.actor.ends_with("[bot]") {
            return Err(Problem::new(403, "Resource not accessible by integration"));
        }
        Ok(Answer::json(200, &self.payloads.public_user(&token.actor)))
    }

    /// What a token has left.
    pub(super) fn rate_limit(&mut self, token: &Token, now: Moment) -> Result<Answer, Problem> {
        if !self.profile.counts_requests {
            return Err(Problem::new(404, "Rate limiting is not enabled."));
        }
        let second = self.clock.unix_seconds(now);
        let core = self.limits.look(token, second).payload();
        let graphql = self.question_limits.look(token, second).payload();
        // There is nothing to search in, so nobody has.
        let search = serde_json::json!({
            "limit": 30,
            "used": 0,
            "remaining": 30,
            "reset": second + 60,
        });
        let body = serde_json::json!({
            "resources": { "core": core, "graphql": graphql, "search": search },
            "rate": core,
        });
        Ok(Answer::json(200, &body))
    }

    /// A run's artifacts: runs here have none.
    pub(super) fn no_artifacts() -> Answer {
        Answer::json(
            200,
            &serde_json::json!({ "total_count": 0, "artifacts": [] }),
        )
    }

    /// What has gone wrong in a job, by its check run, which has the job's ID.
    pub(super) fn annotations(
        &self,
        repository: usize,
        check_run: u64,
        call: &Call<'_>,
    ) -> Result<Answer, Problem> {
        let (run, attempt, index) = self.find_job(repository, check_run, call.now)?;
        let steps = attempt.plan.jobs[index].steps.iter();
        let ended = steps.filter(|step| step.ended <= call.now);
        let all: Vec<_> = ended
            .filter_map(|step| error_of(step.conclusion))
            .map(|error| self.payloads.annotation(run, error))
            .collect();
        let page = Page::asked(&call.query);
        let answer = Answer::json(200, &page.of(&all));
        Ok(self.with_links(answer, &page, call, all.len()))
    }

    pub(super) fn find_workflow(
        &self,
        repository: usize,
        key: &WorkflowKey,
    ) -> Result<usize, Problem> {
        let workflows = &self.scenario.repositories[repository].workflows;
        let found = match key {
            WorkflowKey::Id(id) => self.workflow_ids[repository]
                .iter()
                .position(|known| known == id),
            WorkflowKey::File(file) => workflows.iter().position(|known| known.file == *file),
        };
        let default_branch = &self.scenario.repositories[repository].default_branch;
        // GitHub knows workflows from the default branch only.
        found
            .filter(|index| workflows[*index].exists_at(default_branch))
            .ok_or_else(Problem::not_found)
    }

    pub(super) fn find_run(
        &self,
        repository: usize,
        id: u64,
        now: Moment,
    ) -> Result<usize, Problem> {
        self.run_by_id
            .get(&id)
            .copied()
            .filter(|index| {
                let run = &self.runs[*index];
                run.repository == repository && run.is_visible(now)
            })
            .ok_or_else(Problem::not_found)
    }

    pub(super) fn find_job(
        &self,
        repository: usize,
        id: u64,
        now: Moment,
    ) -> Result<(&Run, &Attempt, usize), Problem> {
        let found = self.job_by_id.get(&id).map(|place| {
            let run = &self.runs[place.run];
            (run, &run.attempts[place.attempt], place.job)
        });
        found
            .filter(|(run, attempt, index)| {
                let job = attempt.plan.jobs.get(*index);
                run.repository == repository
                    && run.is_visible(now)
                    && job.is_some_and(|job| job.is_listed(now))
            })
            .ok_or_else(Problem::not_found)
    }

    /// The attempt that a path names.
    pub(super) fn find_attempt(
        &self,
        repository: usize,
        key: RunKey,
        now: Moment,
    ) -> Result<(&Run, &Attempt), Problem> {
        let run = &self.runs[self.find_run(repository, key.id, now)?];
        let attempt = match key.attempt {
            None => Some(run.at(now)),
            Some(number) => run
                .attempts
                .iter()
                .find(|attempt| attempt.number == number && attempt.started <= now),
        };
        Ok((run, attempt.ok_or_else(Problem::not_found)?))
    }

    pub(super) fn workflow_payload(&self, repository: usize, workflow: usize) -> serde_json::Value {
        let id = self.workflow_ids[repository][workflow];
        let repository = &self.scenario.repositories[repository];
        self.payloads
            .workflow(repository, &repository.workflows[workflow], id)
    }

    pub(super) fn run_payload<'a>(
        &'a self,
        run: &'a Run,
        attempt: &'a Attempt,
        now: Moment,
    ) -> impl serde::Serialize + 'a {
        let id = self.workflow_ids[run.repository][run.workflow];
        self.payloads.run(run, attempt, self.workflow(run), id, now)
    }

    pub(super) fn list_workflows(&self, repository: usize, call: &Call<'_>) -> Answer {
        let known = &self.scenario.repositories[repository];
        let all: Vec<usize> = (0..known.workflows.len())
            .filter(|index| known.workflows[*index].exists_at(&known.default_branch))
            .collect();
        let page = Page::asked(&call.query);
        let workflows: Vec<_> = page
            .of(&all)
            .iter()
            .map(|index| self.workflow_payload(repository, *index))
            .collect();
        let body = serde_json::json!({ "total_count": all.len(), "workflows": workflows });
        self.with_links(Answer::json(200, &body), &page, call, all.len())
    }

    pub(super) fn list_runs(
        &self,
        repository: usize,
        workflow: Option<usize>,
        call: &Call<'_>,
    ) -> Result<Answer, Problem> {
        #[derive(serde::Serialize)]
        struct List<T> {
            total_count: usize,
            workflow_runs: Vec<T>,
        }
        let filter = Filter::asked(&call.query)?;
        let lag = if filter.is_search() {
            self.scenario.lists_lag + self.scenario.search_lag
        } else {
            self.scenario.lists_lag
        };
        let seen = call.now.plus(-lag);
        let all: Vec<&Run> = self
            .runs
            .iter()
            .rev()
            .filter(|run| run.repository == repository)
            .filter(|run| workflow.is_none_or(|workflow| run.workflow == workflow))
            .filter(|run| run.is_visible(seen))
            .filter(|run| filter.passes(run, self.clock, seen))
            .collect();
        let reachable = &all[..all.len().min(filter.limit())];
        let page = Page::asked(&call.query);
        let mut entries = page.of(Disorder::listed(call.disorder, reachable)).to_vec();
        if let Some(disorder) = call.disorder {
            disorder.apply(&mut entries);
        }
        let list = List {
            total_count: all.len(),
            workflow_runs: entries
                .iter()
                .map(|run| self.run_payload(run, run.at(seen), seen))
                .collect(),
        };
        Ok(self.with_links(Answer::json(200, &list), &page, call, reachable.len()))
    }

    pub(super) fn list_jobs(&self, run: &Run, attempts: &[&Attempt], call: &Call<'_>) -> Answer {
        #[derive(serde::Serialize)]
        struct List<T> {
            total_count: usize,
            jobs: Vec<T>,
        }
        let mut all: Vec<(&Attempt, usize)> = Vec::new();
        for attempt in attempts {
            let jobs = attempt.plan.jobs.iter().enumerate();
            let listed = jobs
                .filter(|(index, job)| job.is_listed(call.now) && run.is_run_in(attempt, *index));
            all.extend(listed.map(|(index, _)| (*attempt, index)));
        }
        let page = Page::asked(&call.query);
        let mut entries = page.of(Disorder::listed(call.disorder, &all)).to_vec();
        if let Some(disorder) = call.disorder {
            disorder.apply(&mut entries);
        }
        let jobs: Vec<_> = entries
            .iter()
            .map(|(attempt, index)| {
                let workflow = self.workflow(run);
                self.payloads
                    .job((run, attempt), workflow, *index, call.now)
            })
            .collect();
        let body = List {
            total_count: all.len(),
            jobs,
        };
        self.with_links(Answer::json(200, &body), &page, call, all.len())
    }

    fn with_links(&self, answer: Answer, page: &Page, call: &Call<'_>, items: usize) -> Answer {
        let url = format!("{}{}", self.scenario.api_base(), call.path);
        match page.link(&url, &call.query, items) {
            Some(link) => answer.with("link", link),
            None => answer,
        }
    }
}
