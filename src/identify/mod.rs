//! Finding the dispatched run among others, by the distinct ID that it shows.
//!
//! Never by time or order: these only narrow down where to look. The workflow's
//! runs since the dispatch are looked through again and again, at first twice a
//! second, later less often; in each look the cheapest clue comes first:
//!
//! 1. the title, which the list itself shows;
//! 2. the names of the steps, one request a run;
//! 3. the log of each job that is done, once;
//! 4. the archive of a finished run's logs, where a job's log is not to be had.
//!
//! Which of several runs that show the ID is the right one, `verdict.rs` says.

mod candidate;
mod verdict;

use std::cell::Cell;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream;

use candidate::{Candidates, Source};
use verdict::Verdict;

use crate::error::{Code, Error};
use crate::event::{Event, IdentifiedBy};
use crate::github::{Client, Failure, Job, Run};
use crate::host::Host;
use crate::logs;
use crate::progress::Progress;
use crate::settings::Settings;
use crate::target::Target;
use crate::time::Moment;
use crate::word::Word;

/// Requests under way at once within a look.
const CONCURRENT_READS: usize = 8;

/// Pause between looks: a twentieth of the time waited, within these bounds.
const SHORTEST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// However long a look itself took, the next one does not follow at once.
const LEAST_REST: Duration = Duration::from_millis(100);

/// A supplied ID may be shared, and a run of the same ID may be listed before
/// ours is: nothing is decided before this much time since the dispatch.
/// Lists usually lag by less than a second or two.
const SETTLING: Duration = Duration::from_secs(3);

/// Looks for the run until it is found. Has no limit of its own in time.
///
/// # Errors
/// If the ID is ambiguous, or the server will not let the runs be read.
pub async fn identify<H: Host>(
    client: &Client<'_, H>,
    settings: &Settings,
    target: &Target,
    sent: Moment,
    progress: &Progress,
) -> Result<(Run, IdentifiedBy), Error> {
    let host = client.host();
    let mut search = Search {
        client,
        settings,
        target,
        sent,
        progress,
        word: Word::new(&settings.distinct_id),
        candidates: Candidates::default(),
        asked_wait: Cell::default(),
    };
    loop {
        let began = host.now();
        match search.look().await {
            Ok(Verdict::Found(run, by)) => return Ok((run, by)),
            Ok(Verdict::Ambiguous(runs)) => return Err(ambiguous(settings, &runs)),
            Ok(Verdict::Undecided(shown_by)) => progress.shown_by(shown_by),
            Err(failure) if failure.may_pass() => search.note("the runs", &failure),
            Err(failure) => {
                return Err(
                    failure.into_error("read the runs after the dispatch", client.repository())
                );
            }
        }
        let pause = pause(host.now() - sent);
        let rest = pause.saturating_sub(host.now() - began).max(LEAST_REST);
        host.sleep(rest.max(search.asked_wait.take().unwrap_or_default()))
            .await;
    }
}

/// The pause between looks, this long after the dispatch.
fn pause(waited: Duration) -> Duration {
    (waited / 20).clamp(SHORTEST_PAUSE, LONGEST_PAUSE)
}

fn ambiguous(settings: &Settings, runs: &[Run]) -> Error {
    let runs: Vec<_> = runs.iter().map(name_of).collect();
    Error::new(
        Code::Ambiguous,
        format!(
            "Dispatched, but {} runs show the supplied distinct_id {}, and nothing tells which of them is this \
             call's: {}",
            runs.len(),
            settings.distinct_id,
            runs.join(", ")
        ),
    )
    .hint(
        "Give each call a value of its own (in a matrix, add its values; on re-runs, github.run_attempt), or leave \
         distinct_id out to have one drawn.",
    )
}

/// How errors name a run.
fn name_of(run: &Run) -> String {
    match &run.html_url {
        Some(url) => format!("{} ({url})", run.id),
        None => run.id.to_string(),
    }
}

/// A search under way.
struct Search<'s, 'h, H: Host> {
    client: &'s Client<'h, H>,
    settings: &'s Settings,
    target: &'s Target,
    sent: Moment,
    progress: &'s Progress,
    word: Word,
    candidates: Candidates,
    /// How long the server asked to be left alone in the latest look.
    asked_wait: Cell<Option<Duration>>,
}

impl<H: Host> Search<'_, '_, H> {
    /// Looks everything through once, cheapest first, and stops where the
    /// verdict is clear.
    async fn look(&mut self) -> Result<Verdict, Failure> {
        self.list().await?;
        let mut verdict = self.verdict();
        // Job logs come before the archives of runs of which one was not to be had.
        for unread in [
            Candidates::unread_jobs,
            Candidates::unread_logs,
            Candidates::unread_archives,
        ] {
            if !verdict.is_final() && self.asked_wait.get().is_none() {
                let unread = unread(&self.candidates);
                verdict = self.read(unread).await;
            }
        }
        let changed = self
            .progress
            .looked(self.candidates.len(), self.candidates.logs_read());
        if changed {
            self.client.host().report(Event::Looked {
                candidates: self.candidates.len(),
                logs: self.candidates.logs_read(),
                seconds: (self.client.host().now() - self.sent).as_secs_f64(),
            });
        }
        Ok(verdict)
    }

    async fn list(&mut self) -> Result<(), Failure> {
        // A dispatch that got no answer got no date either; any answer gives one.
        if self.candidates.since.is_none() {
            self.candidates.since = self.client.earliest_effect(self.sent);
        }
        let since = self.candidates.since;
        let runs = self
            .client
            .dispatched_runs(&self.target.workflow, since)
            .await?;
        if since.is_none() {
            self.candidates.since = self.client.earliest_effect(self.sent);
        }
        let callers_run = self.settings.callers_run;
        let branch = self.target.git_ref.short();
        let since = self.candidates.since;
        self.candidates.update(
            runs.into_iter().filter(|run| {
                Some(run.id) != callers_run
                    && is_at(run, branch)
                    // Where the server ignored the filter.
                    && run.created_at.zip(since).is_none_or(|(at, since)| at >= since)
            }),
            &self.word,
        );
        Ok(())
    }

    /// Reads what may show something new, several at once, and stops where the
    /// verdict is clear.
    async fn read(&mut self, unread: Vec<Source>) -> Verdict {
        let (client, word) = (self.client, self.word.clone());
        let mut readings = stream::iter(unread)
            .map(|source| read(client, source, &word))
            .buffer_unordered(CONCURRENT_READS);
        while let Some((source, reading)) = readings.next().await {
            if let Err(failure) = &reading {
                self.note(&source.to_string(), failure);
            }
            let shows = match reading {
                Ok(Reading::Jobs(jobs)) => self.candidates.read_jobs(source.run(), jobs, &word),
                Ok(Reading::Log(shows)) => self.candidates.read_log(source, Some(shows)),
                Err(_) => self.candidates.read_log(source, None),
            };
            if self.asked_wait.get().is_some() {
                break;
            }
            if shows {
                let verdict = self.verdict();
                if verdict.is_final() {
                    return verdict;
                }
            }
        }
        self.verdict()
    }

    fn verdict(&self) -> Verdict {
        let waited = self.client.host().now() - self.sent;
        let id = &self.settings.distinct_id;
        if id.is_drawn() {
            verdict::of_drawn_id(&self.candidates)
        } else {
            verdict::of_supplied_id(&self.candidates, waited, SETTLING)
        }
    }

    fn note(&self, reading: &str, failure: &Failure) {
        self.asked_wait
            .set(self.asked_wait.get().max(failure.wait()));
        if self.progress.trouble(reading, failure) {
            self.client.host().report(Event::ReadFailed {
                message: self.progress.last_trouble(),
            });
        }
    }
}

/// What was read.
enum Reading {
    Jobs(Vec<Job>),
    /// Whether the log shows the ID.
    Log(bool),
}

async fn read<H: Host>(
    client: &Client<'_, H>,
    source: Source,
    word: &Word,
) -> (Source, Result<Reading, Failure>) {
    let reading = async {
        Ok(match source {
            Source::Jobs { run } => Reading::Jobs(client.jobs(run).await?),
            Source::JobLog { job, .. } => {
                Reading::Log(logs::in_log(client.job_log(job).await?, word).await?)
            }
            Source::Archive { run } => {
                Reading::Log(logs::in_archive(client.log_archive(run).await?, word).await?)
            }
        })
    };
    (source, reading.await)
}

/// Whether a run is at the dispatched branch or tag. Servers resolve `heads/x`
/// as git does, so that is compared by its end.
fn is_at(run: &Run, branch: &str) -> bool {
    let bare = |text: &str| {
        text.strip_prefix("heads/")
            .or_else(|| text.strip_prefix("tags/"))
            .map_or_else(|| text.to_owned(), str::to_owned)
    };
    run.head_branch
        .as_deref()
        .is_none_or(|head| head == branch || bare(head) == bare(branch))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pause_is_a_twentieth_of_the_wait_within_bounds() {
        let pause = |seconds| pause(Duration::from_secs(seconds)).as_millis();
        assert_eq!(pause(0), 500);
        assert_eq!(pause(10), 500);
        assert_eq!(pause(60), 3_000);
        assert_eq!(pause(3_600), 10_000);
    }
}
