//! How a run ended, what it returns, and what that means for the caller.

use super::changes::length;
use super::logs::Piece;
use super::values::{Reader, Values};
use super::{Followed, SETTLES_WITHIN, Watch};
use crate::deadline::{Deadline, Passed};
use crate::error::{Code, Error};
use crate::event::{Ended, Event};
use crate::github::{Attempts, Failure, Job, Repeats, Run};
use crate::host::Host;
use crate::json::cut;

/// Steps and jobs that an error names; the run's page has the others.
const MOST_NAMED: usize = 10;
const MOST_STEPS_NAMED: usize = 3;
const LONGEST_NAME: usize = 100;

/// The logs of more jobs than these are read at once where that works: an archive
/// is one request.
const MOST_READ_ONE_BY_ONE: usize = 4;

/// Whether what a run returned is more than outputs can hold.
pub(super) type IsTooLarge = bool;

impl<H: Host> Watch<'_, '_, H> {
    /// Reads what the run returns, and reports its end; `None` if it has been started again.
    pub(super) async fn ended(&self, run: &Run, jobs: &[Job]) -> Option<(Ended, IsTooLarge)> {
        if let (Some(status), Some(conclusion)) = (&run.status, &run.conclusion) {
            // At once: whatever becomes of the logs, how the run ended is not lost.
            self.client.host().report(Event::Concluded {
                status: status.clone(),
                conclusion: conclusion.clone(),
            });
        }
        let mut values = self.values(jobs).await;
        if !self.client.family().runs_tell_attempts {
            match self.is_still(run).await {
                Ok(true) => {}
                Ok(false) => {
                    // What was said of its end is of an attempt that is over.
                    self.client.host().report(Event::Concluded {
                        status: String::new(),
                        conclusion: String::new(),
                    });
                    return None;
                }
                Err(failure) => {
                    values = Values::default();
                    self.client.host().report(Event::JobsMissing {
                        problem: format!(
                            "whether the run has been started again is not known: {failure}"
                        ),
                    });
                }
            }
        }
        let is_too_large = values.are_too_large();
        let outputs = (!is_too_large).then(|| values.to_json());
        let ended = self.end(run, jobs, outputs.unwrap_or_else(|| "{}".to_owned()));
        self.client.host().report(Event::Ended(ended.clone()));
        Some((ended, is_too_large))
    }

    /// Whether the run is as it was: all that was read since is of the same attempt, where runs do not
    /// tell which that is and jobs keep their IDs.
    async fn is_still(&self, run: &Run) -> Result<bool, Failure> {
        let host = self.client.host();
        let within = Deadline::after(host, SETTLES_WITHIN);
        self.client.set_deadline(within);
        let mut repeats = Repeats::about_something_new(host);
        let reading = async {
            loop {
                match self.client.run(run.id).await {
                    Ok(now) => return Ok(now),
                    Err(failure) => {
                        let doing = "read the run again";
                        repeats.wait(self.client, doing, failure).await?;
                    }
                }
            }
        };
        let now = within.bound(host, reading).await;
        let now = now.unwrap_or(Err(Failure::TooSlow))?;
        Ok(now.status == run.status
            && now.conclusion == run.conclusion
            && now.started_at == run.started_at
            && now.completed_at == run.completed_at)
    }

    /// How the run ended, with what it returned.
    pub(super) fn end(&self, run: &Run, jobs: &[Job], outputs: String) -> Ended {
        let url = run.html_url.clone();
        let attempts = jobs.iter().map(|job| job.run_attempt);
        let attempt = run.run_attempt.or_else(|| attempts.max().flatten());
        let began = run.run_started_at.or(run.created_by());
        Ended {
            run_id: run.id,
            run_url: url.unwrap_or_else(|| self.followed.url.clone()),
            status: "completed".to_owned(),
            conclusion: run.conclusion.clone().unwrap_or_default(),
            attempt: attempt.or_else(|| {
                let is_known = self.client.family().runs_tell_attempts || !jobs.is_empty();
                is_known.then_some(1)
            }),
            seconds: length(began, run.updated_at.or(run.completed_at)),
            outputs,
            requests: self.client.requests(),
            counted: self.client.counted(),
        }
    }

    /// The error of a run that did not end as it has to.
    pub(super) fn judge(
        &self,
        ended: Ended,
        is_too_large: IsTooLarge,
        jobs: &[Job],
    ) -> Result<Ended, Error> {
        let too_large = "more than 1 MiB of values, which is more than outputs can hold";
        if ended.conclusion == "success" || !self.waiting.fail_on_unsuccessful {
            if !is_too_large {
                return Ok(ended);
            }
            let message = format!("Run {} returned {too_large}", self.followed);
            return Err(Error::new(Code::OutputsTooLarge, message)
                .hint("Return large data as an artifact."));
        }
        let followed = Followed {
            id: ended.run_id,
            url: ended.run_url.clone(),
            ..self.followed.clone()
        };
        let mut failed: Vec<String> = jobs
            .iter()
            .filter_map(|job| failed(job, self.client.family().step_anchor))
            .collect();
        let more = failed.len().saturating_sub(MOST_NAMED);
        if more > 0 {
            failed.truncate(MOST_NAMED);
            failed.push(format!("and {more} more"));
        }
        let which = match failed.as_slice() {
            [] => String::new(),
            failed => format!(": {}", failed.join("; ")),
        };
        let how = match &*ended.conclusion {
            "" => "no conclusion: the server does not say how it ended",
            conclusion => conclusion,
        };
        let mut message = format!("Run {followed} ended with {how}{which}");
        if is_too_large {
            message = format!("{message}; it also returned {too_large}");
        }
        let error = Error::new(Code::Unsuccessful, message);
        Err(if ended.conclusion == "startup_failure" {
            error.hint("No job was started: the page of the run says what is wrong with its workflow file.")
        } else {
            error
        })
    }

    /// Reads the values out of the logs of all jobs that ran.
    async fn values(&self, jobs: &[Job]) -> Values {
        let mut values = Values::default();
        let host = self.client.host();
        if !self.followed.returns_values {
            if self.waiting.run_id.is_some() {
                host.report(Event::ValuesNotRead {});
            }
            return values;
        }
        let within = Deadline::after(host, SETTLES_WITHIN);
        self.client.set_deadline(within);
        let earlier = within.bound(host, self.not_run_again(jobs)).await;
        let (earlier, mut missing) = earlier.unwrap_or_else(|Passed| {
            self.report_earlier_jobs_missing(&Failure::TooSlow);
            (Vec::new(), Vec::new())
        });
        let ran = || {
            let all = earlier.iter().chain(jobs);
            all.filter(|job| !job.never_ran())
        };
        if ran().count() > MOST_READ_ONE_BY_ONE && self.client.family().has_archives {
            // Without it, each job's own log is read.
            let _ = self.logs_within(within, self.try_archive()).await;
        }
        for job in ran() {
            let reading = self.logs_within(within, self.values_of(job, within));
            match reading.await {
                Ok(own) => values.add(own),
                Err(_) if failed_before_it_ran(job) => {}
                Err(problem) => match missing.iter_mut().find(|(known, _)| *known == problem) {
                    Some((_, jobs)) => jobs.push(job.name.clone()),
                    None => missing.push((problem, vec![job.name.clone()])),
                },
            }
        }
        let values = values.settled();
        for (problem, jobs) in missing {
            host.report(Event::ValuesMissing { jobs, problem });
        }
        if values.id_is_masked && !self.followed.id_is_masked {
            host.report(Event::IdMasked {});
        }
        for name in values.masked() {
            let name = name.to_owned();
            host.report(Event::ValueMasked { name });
        }
        for name in values.not_json() {
            let name = name.to_owned();
            host.report(Event::ValueNotJson { name });
        }
        values
    }

    /// Jobs of earlier attempts that were not run again, where the server lists only those that were, as GitHub has
    /// done (<https://github.com/r-universe-org/help/issues/607>); and those of which that is not certain, with why values
    /// of theirs may be missing. All may have been run again and others have come of it, by a matrix that a job makes.
    async fn not_run_again(&self, jobs: &[Job]) -> (Vec<Job>, Vec<(String, Vec<String>)>) {
        let none = (Vec::new(), Vec::new());
        let attempt = jobs.iter().map(|job| job.run_attempt).max().flatten();
        let Some(latest) = attempt.filter(|attempt| *attempt > 1) else {
            return none;
        };
        if jobs.iter().any(|job| job.run_attempt != Some(latest)) {
            return none;
        }
        let mut repeats = Repeats::about_something_new(self.client.host());
        let mut all = loop {
            let listed = self.client.listed_jobs(self.followed.id, Attempts::All);
            let failure = match listed.await {
                Ok(all) if all.is_whole => break all.entries,
                Ok(_) => Failure::Malformed("a list that lacks jobs which it counts".to_owned()),
                Err(failure) => failure,
            };
            let doing = "read the jobs of earlier attempts";
            if let Err(failure) = repeats.wait(self.client, doing, failure).await {
                self.report_earlier_jobs_missing(&failure);
                return none;
            }
        };
        all.retain(|job| job.run_attempt < Some(latest));
        let has = |jobs: &[Job], name: &str| jobs.iter().any(|job| job.name == name);
        let were_all_there = jobs.iter().all(|job| has(&all, &job.name));
        let is_last = |job: &Job| {
            let later = |other: &&Job| other.run_attempt > job.run_attempt;
            !all.iter().filter(later).any(|other| other.name == job.name)
        };
        let mut all: Vec<Job> = all.iter().filter(|job| is_last(job)).cloned().collect();
        let succeeded = |job: &Job| job.conclusion.as_deref() == Some("success");
        let is_again = |job: &Job| has(jobs, &job.name);
        let only_failed = !all.iter().any(|job| succeeded(job) && is_again(job));
        all.retain(|job| succeeded(job) && !is_again(job));
        if were_all_there && only_failed {
            return (all, Vec::new());
        }
        let problem = "of an earlier attempt, which the server does not list";
        let jobs: Vec<String> = all.into_iter().map(|job| job.name).collect();
        let missing = (!jobs.is_empty()).then(|| (problem.to_owned(), jobs));
        (Vec::new(), missing.into_iter().collect())
    }

    fn report_earlier_jobs_missing(&self, failure: &Failure) {
        self.client.host().report(Event::JobsMissing {
            problem: format!("those of earlier attempts could not be read: {failure}"),
        });
    }

    /// The values in the log of one job. Why it is not to be had otherwise, for people.
    async fn values_of(&self, job: &Job, within: Deadline) -> Result<Values, String> {
        let new_reader = || Reader::new(&self.settings.distinct_id);
        let mut reader = new_reader();
        if let Some(archive) = self.downloaded_with(job) {
            let mut take = |piece: &[u8]| reader.feed(piece);
            if archive.job(&job.name, &mut take).await {
                return Ok(reader.finish());
            }
            reader = new_reader();
        }
        let mut take = |piece: Piece<'_>| match piece {
            Piece::Begins => reader = new_reader(),
            Piece::Bytes(bytes) => reader.feed(bytes),
        };
        self.read_whole_log(job, within, &mut take).await?;
        Ok(reader.finish())
    }
}

/// Whether a job failed before any runner took it: it was rejected, for example.
pub(super) fn failed_before_it_ran(job: &Job) -> bool {
    job.steps.is_empty() && is_failure(job.conclusion.as_deref())
}

/// Whether something did not end as it should.
pub(super) fn is_failure(conclusion: Option<&str>) -> bool {
    !matches!(conclusion, None | Some("success" | "skipped" | "neutral"))
}

/// A name as an error has it, of whatever length it is.
fn cut_name(name: &str) -> String {
    cut(name.to_owned(), LONGEST_NAME)
}

/// A job that did not succeed, and which of its steps did not, each with its page.
fn failed(job: &Job, anchor: Option<&str>) -> Option<String> {
    if !is_failure(job.conclusion.as_deref()) {
        return None;
    }
    let page = job.html_url.as_deref().filter(|url| !url.is_empty());
    let at = |anchor: &str| page.map_or_else(String::new, |url| format!(" ({url}{anchor})"));
    let steps: Vec<_> = job
        .steps
        .iter()
        .filter(|step| is_failure(step.conclusion.as_deref()))
        .map(|step| {
            // The step's first line, where pages have a place for it.
            let place = anchor.map(|anchor| at(&format!("{anchor}{}:1", step.number)));
            format!("\"{}\"{}", cut_name(&step.name), place.unwrap_or_default())
        })
        .collect();
    let named = &steps[..steps.len().min(MOST_STEPS_NAMED)];
    let place = match (named, steps.len() - named.len()) {
        ([], _) => String::new(),
        (named, 0) => format!(" in step {}", named.join(", ")),
        (named, more) => format!(" in step {} and {more} more", named.join(", ")),
    };
    let conclusion = job.conclusion.as_deref().unwrap_or_default();
    let page = at("");
    let name = cut_name(&job.name);
    Some(format!("job \"{name}\" {conclusion}{page}{place}"))
}
