//! Logs: where the API says they are, and the store that hands them out.

use super::GitHub;
use crate::{
    answer::{Answer, Problem},
    archive,
    http::Request,
    log::JobLog,
    route::RunKey,
    store::Blob,
    time::Moment,
    workflow::{Logs, Status},
};

impl GitHub {
    pub(super) fn job_logs(
        &self,
        repository: usize,
        id: u64,
        now: Moment,
    ) -> Result<Answer, Problem> {
        let (run, attempt, index) = self.find_job(repository, id, now)?;
        let plan = &attempt.plan.jobs[index];
        let logs = self.workflow(run).jobs[plan.definition].logs;
        let finished = plan.status(now) == Status::Completed && plan.started.is_some();
        match logs {
            Logs::Available if finished => Ok(self.redirect(Blob::Job(id), now)),
            Logs::Expired if finished => Err(Problem::new(410, "Gone")),
            _ => Err(Problem::not_found()),
        }
    }

    pub(super) fn run_logs(
        &self,
        repository: usize,
        key: RunKey,
        now: Moment,
    ) -> Result<Answer, Problem> {
        let (run, attempt) = self.find_attempt(repository, key, now)?;
        // Without a job there is nothing to pack.
        if attempt.status(now) != Status::Completed || attempt.plan.jobs.is_empty() {
            return Err(Problem::not_found());
        }
        let jobs = &self.workflow(run).jobs;
        if jobs.iter().any(|job| job.logs == Logs::Expired) {
            return Err(Problem::new(410, "Gone"));
        }
        let blob = Blob::Run {
            id: run.id,
            attempt: attempt.number,
        };
        Ok(self.redirect(blob, now))
    }

    fn redirect(&self, blob: Blob, now: Moment) -> Answer {
        let link = blob.link(
            self.scenario.logs_base(),
            self.scenario.seed,
            self.clock,
            now,
        );
        Answer::text(302, "text/html;charset=utf-8", "").with("location", link)
    }

    pub(super) fn answer_store(
        &mut self,
        request: &Request,
        path: &str,
        query: &str,
        now: Moment,
    ) -> Answer {
        let seed = self.scenario.seed;
        let blob = match Blob::asked(request, path, query, seed, (self.clock, now)) {
            Ok(blob) => blob,
            Err(answer) => return answer,
        };
        if self
            .last_blob
            .as_ref()
            .is_none_or(|(last, _)| *last != blob)
        {
            let Some(content) = self.content(blob) else {
                return Blob::not_found();
            };
            self.last_blob = Some((blob, content));
        }
        match &self.last_blob {
            Some((_, content)) => blob.answer(request, content),
            None => Blob::not_found(),
        }
    }

    /// The content of a log. Links are given out for finished ones only, so it never changes.
    fn content(&self, blob: Blob) -> Option<Vec<u8>> {
        match blob {
            Blob::Job(id) => {
                let place = self.job_by_id.get(&id)?;
                let run = &self.runs[place.run];
                let attempt = &run.attempts[place.attempt];
                let log = JobLog::of(run, attempt, self.workflow(run), place.job)?;
                Some(log.text(self.clock))
            }
            Blob::Run { id, attempt } => {
                let run = &self.runs[*self.run_by_id.get(&id)?];
                let mut attempts = run.attempts.iter();
                let attempt = attempts.find(|known| known.number == attempt)?;
                let logs: Vec<_> = JobLog::all(run, attempt, self.workflow(run)).collect();
                Some(archive::build(
                    self.scenario.archive,
                    self.scenario.archive_names,
                    &logs,
                    self.clock,
                ))
            }
        }
    }
}
