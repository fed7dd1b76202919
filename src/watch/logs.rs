//! The logs of a run that has ended: each job's own, and the archive of all where
//! that is not to be had. What was not to be had is not asked for again.

use std::cell::{Cell, OnceCell, RefCell};
use std::time::Duration;

use super::ending::failed_before_it_ran;
use super::{SETTLES_WITHIN, Watch};
use crate::deadline::{Deadline, Passed};
use crate::github::{DENIED_FOR, Failure, Job, Repeats};
use crate::host::Host;
use crate::logs::{Archive, JobNames};

/// The log of a job may be unknown for so long after its run has ended.
const APPEARS_WITHIN: Duration = Duration::from_secs(10);

/// What is wrong with logs otherwise may take so long, of all jobs together, before
/// the archive stands in.
const PASSES_WITHIN: Duration = Duration::from_secs(30);

/// The archive stands in for logs, so it is asked for again only for so long.
const ARCHIVE_PASSES_WITHIN: Duration = Duration::from_secs(5);

/// A store that has kept silent so often and has never answered is not asked again.
const MOST_SILENCES: u8 = 2;

/// What is known of the logs of a run.
pub(super) struct KnownLogs<'s, H: Host> {
    archive: OnceCell<Option<Archive<'s, H>>>,
    /// The names of all jobs. (Where a run can be started again while its logs are read, there are no archives.)
    names: OnceCell<JobNames>,
    /// Jobs whose own log is not to be had, and why.
    missing: RefCell<Vec<(u64, String)>>,
    /// For how long logs have been asked for that were not to be had.
    spent: Cell<Duration>,
    /// Whether the store of logs has answered at all.
    has_answered: Cell<bool>,
    /// How often it kept silent instead.
    silences: Cell<u8>,
    /// How many bytes of them have been printed.
    pub(super) printed: Cell<usize>,
}

impl<H: Host> Default for KnownLogs<'_, H> {
    fn default() -> Self {
        Self {
            archive: OnceCell::new(),
            names: OnceCell::new(),
            missing: RefCell::default(),
            spent: Cell::default(),
            has_answered: Cell::default(),
            silences: Cell::default(),
            printed: Cell::default(),
        }
    }
}

impl<'s, H: Host> Watch<'s, '_, H> {
    /// Reads logs until the time for that is up.
    ///
    /// # Errors
    /// Why they are not to be had, for people.
    pub(super) async fn logs_within<T>(
        &self,
        within: Deadline,
        reading: impl Future<Output = Result<T, String>>,
    ) -> Result<T, String> {
        let host = self.client.host();
        let is_here = matches!(self.logs.archive.get(), Some(Some(_)));
        if within.remaining(host).is_zero() && !is_here {
            return Err(Failure::TooSlow.to_string());
        }
        let read = within.bound(host, reading).await;
        read.unwrap_or_else(|Passed| {
            if !self.logs.has_answered.get() {
                self.logs.silences.set(MOST_SILENCES);
            }
            Err(Failure::TooSlow.to_string())
        })
    }

    /// # Errors
    /// [`Failure`] if the store of logs has kept silent whenever it was asked.
    fn may_answer(&self) -> Result<(), Failure> {
        if self.logs.silences.get() < MOST_SILENCES || self.logs.has_answered.get() {
            Ok(())
        } else {
            Err(Failure::TooSlow)
        }
    }

    /// Takes note of what the store of logs answered, if it did.
    fn note_answer<T>(&self, answer: Result<T, Failure>) -> Result<T, Failure> {
        match &answer {
            Err(Failure::TooSlow) => {
                let silences = self.logs.silences.get();
                self.logs.silences.set(silences.saturating_add(1));
            }
            _ => self.logs.has_answered.set(true),
        }
        answer
    }

    /// Hands on the log of a job, piece by piece, after as many attempts as there
    /// is time for; each begins with [`Piece::Begins`].
    ///
    /// # Errors
    /// Why it is not to be had, for people.
    pub(super) async fn read_whole_log(
        &self,
        job: &Job,
        within: Deadline,
        take: &mut dyn FnMut(Piece<'_>),
    ) -> Result<(), String> {
        self.client.set_deadline(within);
        let problem = match self.missing(job) {
            Some(problem) => problem,
            None => match self.read_own_log(job, take).await {
                Ok(()) => return Ok(()),
                Err(failure) => {
                    let problem = failure.to_string();
                    let mut missing = self.logs.missing.borrow_mut();
                    missing.push((job.id, problem.clone()));
                    if failure.is_not_yet() && failed_before_it_ran(job) {
                        return Err(problem);
                    }
                    problem
                }
            },
        };
        take(Piece::Begins);
        match self.archive_with(job).await {
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

    async fn read_own_log(
        &self,
        job: &Job,
        take: &mut dyn FnMut(Piece<'_>),
    ) -> Result<(), Failure> {
        let host = self.client.host();
        let began = host.now();
        let doing = format!("read the log of {}", job.name);
        let mut repeats = Repeats::about_something_new(host);
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
                // It is asked about this job once more, and if it still keeps silent, about no other.
                false if !self.logs.has_answered.get() => SETTLES_WITHIN,
                false if self.client.may_be_denied_yet(&failure) => DENIED_FOR,
                false => PASSES_WITHIN,
            };
            if self.logs.spent.get() + (host.now() - began) >= limit || self.may_answer().is_err() {
                break failure;
            }
            if let Err(failure) = repeats.wait(self.client, &doing, failure).await {
                break failure;
            }
        };
        self.logs
            .spent
            .set(self.logs.spent.get() + (host.now() - began));
        Err(failure)
    }

    /// Hands on the log of a job, piece by piece, at one attempt.
    ///
    /// # Errors
    /// [`Failure`].
    async fn read_log(&self, job: &Job, each: &mut dyn FnMut(&[u8])) -> Result<(), Failure> {
        self.has_time()?;
        self.may_answer()?;
        let mut log = self.note_answer(self.client.job_log(job.id, 0).await)?;
        while !self.has_printed_enough()
            && let Some(piece) = log.chunk().await?
        {
            each(&piece);
        }
        Ok(())
    }

    /// Why the log of a job is not to be had, where that is known.
    fn missing(&self, job: &Job) -> Option<String> {
        let missing = self.logs.missing.borrow();
        let known = missing.iter().find(|(id, _)| *id == job.id);
        known.map(|(_, problem)| problem.clone())
    }

    /// The archive of all logs, if it is to be had and tells those of this job from
    /// others.
    pub(super) async fn archive_with(&self, job: &Job) -> Option<&Archive<'s, H>> {
        if self.client.family().has_archives
            && self.is_told_apart(job)
            && self.logs.archive.get().is_none()
        {
            let began = self.client.host().now();
            let mut repeats = Repeats::new(self.client.host());
            let archive = loop {
                let failure = match self.download().await {
                    Ok(archive) => break Some(archive),
                    Err(failure) => failure,
                };
                let is_late = self.client.host().now() - began >= ARCHIVE_PASSES_WITHIN
                    || self.may_answer().is_err();
                let doing = "read the archive of all logs";
                if is_late || repeats.wait(self.client, doing, failure).await.is_err() {
                    break None;
                }
            };
            // Nobody else has it in the meantime: logs are read one after the other.
            let _ = self.logs.archive.set(archive);
        }
        self.downloaded_with(job)
    }

    /// The same, if it has been downloaded already.
    pub(super) fn downloaded_with(&self, job: &Job) -> Option<&Archive<'s, H>> {
        let archive = self.logs.archive.get()?.as_ref();
        archive.filter(|_| self.is_told_apart(job))
    }

    /// Downloads the archive, where that works at once.
    ///
    /// # Errors
    /// Why it does not, for people.
    pub(super) async fn try_archive(&self) -> Result<(), String> {
        let archive = self.download().await;
        let archive = archive.map_err(|failure| failure.to_string())?;
        let _ = self.logs.archive.set(Some(archive));
        Ok(())
    }

    fn is_told_apart(&self, job: &Job) -> bool {
        let names = self.logs.names.get_or_init(|| {
            let known = self.known.borrow();
            let jobs = known.as_ref().map(|(_, jobs)| jobs.as_slice());
            JobNames::of(jobs.unwrap_or_default().iter().map(|job| job.name.as_str()))
        });
        // Others, of earlier attempts, are in other archives.
        let known = self.known.borrow();
        let mut known = known.iter().flat_map(|(_, jobs)| jobs);
        known.any(|known| known.id == job.id) && names.tell_apart(&job.name)
    }

    async fn download(&self) -> Result<Archive<'s, H>, Failure> {
        self.has_time()?;
        self.may_answer()?;
        let run = self.followed.id;
        let attempt = self
            .known
            .borrow()
            .as_ref()
            .and_then(|(run, _)| run.run_attempt);
        let stream = match attempt {
            Some(attempt) => self.client.log_archive_of(run, attempt).await,
            None => self.client.log_archive(run).await,
        };
        Archive::open(self.note_answer(stream)?).await
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
