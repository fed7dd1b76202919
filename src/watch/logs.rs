//! The logs of a run that has ended: each job's own, and the archive of all where
//! that is not to be had. What failed once is not asked for again.

use std::cell::{OnceCell, RefCell};
use std::time::Duration;

use super::Watch;
use crate::deadline::Deadline;
use crate::github::{Failure, Job, Repeats};
use crate::host::Host;
use crate::logs::Archive;

/// The log of a job may be unknown for so long after its run has ended.
const APPEARS_WITHIN: Duration = Duration::from_secs(10);

/// What is wrong with it otherwise may take so long, before the archive stands in.
const PASSES_WITHIN: Duration = Duration::from_secs(30);

/// What is known of the logs of a run.
pub(super) struct KnownLogs<'h, H: Host> {
    archive: OnceCell<Option<Archive<'h, H>>>,
    /// Jobs whose own log is not to be had, and why.
    missing: RefCell<Vec<(u64, String)>>,
}

impl<H: Host> Default for KnownLogs<'_, H> {
    fn default() -> Self {
        Self {
            archive: OnceCell::new(),
            missing: RefCell::default(),
        }
    }
}

impl<'h, H: Host> Watch<'_, 'h, H> {
    /// Hands on the log of a job, piece by piece, after as many attempts as there
    /// is time for; `restart` is called before each.
    ///
    /// # Errors
    /// Why it is not to be had, for people.
    pub(super) async fn read_whole_log(
        &self,
        job: &Job,
        within: Deadline,
        take: &mut dyn FnMut(Piece<'_>),
    ) -> Result<(), String> {
        let host = self.client.host();
        let began = host.now();
        let doing = format!("read the log of {}", job.name);
        let mut repeats = Repeats::about_something_new(host);
        self.client.set_deadline(within);
        let failure = loop {
            take(Piece::Begins);
            let Err(failure) = self
                .read_log(job, &mut |piece| take(Piece::Bytes(piece)))
                .await
            else {
                return Ok(());
            };
            let limit = match failure.is_not_yet() {
                // It may have ended before any runner took it.
                true if job.steps.is_empty() => Duration::ZERO,
                true => APPEARS_WITHIN,
                false => PASSES_WITHIN,
            };
            if host.now() - began >= limit {
                break failure;
            }
            if let Err(failure) = repeats.wait(self.client, &doing, failure).await {
                break failure;
            }
        };
        let problem = failure.to_string();
        self.logs
            .missing
            .borrow_mut()
            .push((job.id, problem.clone()));
        take(Piece::Begins);
        match self.archive().await {
            Some(archive)
                if archive
                    .job(&job.name, &mut |piece| take(Piece::Bytes(piece)))
                    .await =>
            {
                Ok(())
            }
            _ => Err(problem),
        }
    }

    /// Hands on the log of a job, piece by piece, at one attempt.
    ///
    /// # Errors
    /// [`Failure`].
    pub(super) async fn read_log(
        &self,
        job: &Job,
        each: &mut dyn FnMut(&[u8]),
    ) -> Result<(), Failure> {
        self.has_time()?;
        let mut log = self.client.job_log(job.id).await?;
        while let Some(piece) = log.chunk().await? {
            each(&piece);
        }
        Ok(())
    }

    /// Why the log of a job is not to be had, where that is known.
    pub(super) fn missing(&self, job: &Job) -> Option<String> {
        let missing = self.logs.missing.borrow();
        let known = missing.iter().find(|(id, _)| *id == job.id);
        known.map(|(_, problem)| problem.clone())
    }

    /// The archive of all logs, if it is to be had.
    pub(super) async fn archive(&self) -> Option<&Archive<'h, H>> {
        if self.logs.archive.get().is_none() {
            let archive = self.download().await.ok();
            // Nobody else has it in the meantime: logs are read one after the other.
            let _ = self.logs.archive.set(archive);
        }
        self.logs.archive.get()?.as_ref()
    }

    async fn download(&self) -> Result<Archive<'h, H>, Failure> {
        self.has_time()?;
        let run = self.followed.id;
        let attempt = self
            .known
            .borrow()
            .as_ref()
            .and_then(|(run, _)| run.run_attempt);
        let stream = match attempt {
            Some(attempt) => self.client.log_archive_of(run, attempt).await?,
            None => self.client.log_archive(run).await?,
        };
        Archive::download(stream).await
    }

    /// A server that wants to be left alone for longer than there is time is not asked.
    fn has_time(&self) -> Result<(), Failure> {
        let left = self.client.deadline().remaining(self.client.host());
        if self.client.quiet_for() > left {
            return Err(Failure::TooSlow);
        }
        Ok(())
    }
}

/// A piece of a log.
pub(super) enum Piece<'p> {
    /// The log begins, or begins anew.
    Begins,
    /// Bytes of it.
    Bytes(&'p [u8]),
}
