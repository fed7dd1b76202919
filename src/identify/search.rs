//! Looking through the runs, again and again.

use std::cell::OnceCell;
use std::rc::Rc;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream;

use super::age::LIKELY;
use super::candidate::{Candidate, Candidates, LogReading, Rest, Source, shows};
use super::settle::{is_another_calls, is_sent};
use super::verdict::{self, Verdict};
use super::{Found, name_of};
use crate::error::{Code, Error};
use crate::event::{Event, IdentifiedBy};
use crate::github::{
    Client, DENIED_MEANWHILE, Denials, Failure, Job, List, Reach, Repeats, Run, believed,
};
use crate::host::Host;
use crate::logs::{self, SoFar};
use crate::progress::{Progress, where_to_look};
use crate::settings::{By, DistinctId, Settings};
use crate::target::Target;
use crate::time::{Moment, ServerTime};
use crate::word::{Shown, Word};

/// Requests under way at once within a look.
const CONCURRENT_READS: usize = 8;

/// What a look may take that is to be over before the call's time is up.
const FOR_LAST_LOOK: Duration = Duration::from_secs(10);

/// Pause between looks: a twentieth of the time waited, within these bounds.
const SHORTEST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// However long a look itself took, the next one does not follow at once.
const LEAST_REST: Duration = Duration::from_millis(100);

/// Hardly any run passes an ID on sooner than this: a runner has to take its job first and to prepare it. Where one does,
/// a parent still counts as one if it does not seem to be older.
const CHILDREN_AFTER: Duration = Duration::from_secs(1);

/// For so long, what was the newest run is taken for it.
const NOTED_FOR: Duration = Duration::from_secs(5);

/// A run that another process has dispatched is looked for among those that were created no longer
/// than this before the newest stamp of a list.
const RESUMED_WITHIN: Duration = Duration::from_mins(30);

/// A dispatch that was sent and may have created a run.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sent {
    /// When it was sent.
    pub at: Moment,
    /// When its answer came, or failed to come.
    pub ended: Moment,
    /// Whether the answer said that it was acted upon.
    pub clear: bool,
}

/// Looks that follow one another.
#[derive(Debug, Default)]
pub(super) struct Looks {
    last: Option<Look>,
    failures: Option<Repeats>,
    denials: Denials,
}

#[derive(Debug)]
struct Look {
    began: Moment,
    /// What requests had counted before it.
    counted: u32,
    /// The next one begins so much later, at least.
    rest: Duration,
}

/// A search for the run of one call. What it has read it does not read again.
#[derive(Debug)]
pub struct Search<'s, 'h, H: Host> {
    client: &'s Client<'h, H>,
    settings: &'s Settings,
    target: &'s Target,
    progress: &'s Progress,
    /// Built on first use: not needed where the server returns the run.
    word: OnceCell<Rc<Word>>,
    candidates: Candidates,
    /// Whether the latest list had all that it counted.
    list_is_whole: bool,
    /// Whether the latest list ended before it came to the dispatch, or is inconsistent: the dispatched
    /// run may be missing, where those that descend from it are not.
    lacks_earlier_runs: bool,
    dispatches: Vec<Sent>,
    /// When the newest run before the dispatch was asked for.
    noted_at: Option<Moment>,
    /// What the clock that stamps runs showed at least when the first dispatch was sent.
    stamped_by: Option<ServerTime>,
    /// The newest run that the first complete list had, by its ID; 0 if it had none.
    first_list_up_to: Option<u64>,
    /// When it was last looked for evidence that lists are current.
    pub(super) evidence_asked: Option<Moment>,
    /// Runs that may be this call's, of which only the list of all workflows knew.
    pub(super) listed_elsewhere: Vec<Run>,
    /// Whether another process of this call dispatched it.
    is_resumed: bool,
}

impl<'s, 'h, H: Host> Search<'s, 'h, H> {
    /// A search that has not begun.
    pub fn new(
        client: &'s Client<'h, H>,
        settings: &'s Settings,
        target: &'s Target,
        progress: &'s Progress,
    ) -> Self {
        Self {
            client,
            settings,
            target,
            progress,
            word: OnceCell::new(),
            candidates: Candidates::new(client.family()),
            list_is_whole: false,
            lacks_earlier_runs: false,
            dispatches: Vec::new(),
            noted_at: None,
            stamped_by: None,
            first_list_up_to: None,
            evidence_asked: None,
            listed_elsewhere: Vec::new(),
            is_resumed: false,
        }
    }

    /// Takes note of a dispatch, sent at this moment and ended now, that may
    /// have created a run; if its answer was clear, it has.
    pub fn dispatched(&mut self, at: Moment, clear: bool) {
        let ended = self.client.host().now();
        self.dispatches.push(Sent { at, ended, clear });
        self.candidates.children_from = self.candidates.children_from.or(Some(at + CHILDREN_AFTER));
    }

    /// Takes note that another process of this call has dispatched.
    pub fn resume(&mut self) {
        self.is_resumed = true;
        self.dispatched(self.client.host().now(), true);
        // It is not known when it was dispatched.
        self.candidates.children_from = None;
    }

    /// Takes note of the newest run before the dispatch: none up to it is this call's.
    pub fn comes_after(&mut self, run: Option<u64>) {
        self.candidates.after = Some(run.unwrap_or_default());
        self.noted_at = Some(self.client.host().now());
    }

    /// Whether there is too little time left to find the run of a first dispatch, as another call may
    /// show the same ID on this server.
    #[must_use]
    pub fn has_too_little_time(&self) -> bool {
        let left = self.client.deadline().remaining(self.client.host());
        let left = left.saturating_sub(self.client.quiet_for());
        let needs_long = !self.settings.distinct_id.is_drawn()
            && !self.client.server().returns_run_ids()
            && !self.has_dispatched();
        needs_long && left < verdict::LONG_LOOK + FOR_LAST_LOOK
    }

    /// Whether the newest run before the dispatch has to be known, and is not: where another call may
    /// show the same ID. A wait may have come between.
    #[must_use]
    pub fn needs_newest_before(&self) -> bool {
        let now = self.client.host().now();
        let is_known = self.noted_at.is_some_and(|at| now - at < NOTED_FOR);
        !self.settings.distinct_id.is_drawn() && !self.has_dispatched() && !is_known
    }

    /// Whether a dispatch may have created a run.
    #[must_use]
    pub fn has_dispatched(&self) -> bool {
        !self.dispatches.is_empty()
    }

    /// Whether more than one dispatch may have created a run.
    #[must_use]
    pub fn was_repeated(&self) -> bool {
        self.dispatches.len() > 1
    }

    fn word(&self) -> Rc<Word> {
        let make = || Rc::new(Word::new(&self.settings.distinct_id));
        Rc::clone(self.word.get_or_init(make))
    }

    pub(super) fn client(&self) -> &'s Client<'h, H> {
        self.client
    }

    pub(super) fn settings(&self) -> &'s Settings {
        self.settings
    }

    pub(super) fn target(&self) -> &'s Target {
        self.target
    }

    pub(super) fn progress(&self) -> &'s Progress {
        self.progress
    }

    pub(super) fn candidates(&self) -> &Candidates {
        &self.candidates
    }

    pub(super) fn list_is_whole(&self) -> bool {
        self.list_is_whole
    }

    pub(super) fn lacks_earlier_runs(&self) -> bool {
        self.lacks_earlier_runs
    }

    pub(super) fn dispatches(&self) -> &[Sent] {
        &self.dispatches
    }

    /// The latest dispatch.
    pub(super) fn latest(&self) -> Sent {
        let now = self.client.host().now();
        let none = Sent {
            at: now,
            ended: now,
            clear: false,
        };
        self.dispatches.last().copied().unwrap_or(none)
    }

    pub(super) fn found(&self, run: Run, by: IdentifiedBy) -> Found {
        Found {
            id: run.id,
            html_url: run.html_url.unwrap_or_default(),
            api_url: run.url.unwrap_or_else(|| self.client.run_api_url(run.id)),
            by,
        }
    }

    /// Looks once more when it is time to, until a look succeeds: its verdict, and when it began.
    ///
    /// # Errors
    /// If the server will not let the runs be read.
    pub(super) async fn look_again(
        &mut self,
        looks: &mut Looks,
    ) -> Result<(Verdict, Moment), Error> {
        let host = self.client.host();
        loop {
            if let Some(last) = &looks.last {
                let cost = self.client.counted() - last.counted;
                let sparing = self.client.sparing_pause(cost);
                // What is spared is for nothing if the call ends before another look.
                let left = self.client.deadline().remaining(host);
                let sparing = sparing.min(left.checked_sub(FOR_LAST_LOOK).unwrap_or(sparing));
                let rest = last.rest.max(sparing);
                let rest = rest.saturating_sub(host.now() - last.began);
                host.sleep(rest.max(LEAST_REST)).await;
            }
            let began = host.now();
            let waited = began - self.latest().at;
            let last = looks.last.insert(Look {
                began,
                counted: self.client.counted(),
                rest: self.settings.interval.unwrap_or_else(|| pause(waited)),
            });
            match self.look().await {
                Ok(verdict) => {
                    looks.failures = None;
                    looks.denials.end();
                    return Ok((verdict, began));
                }
                Err(failure)
                    if failure.may_pass()
                        || looks
                            .denials
                            .may_pass(self.client, &failure, DENIED_MEANWHILE) =>
                {
                    self.client.note("read the runs", &failure);
                    let failures = looks.failures.get_or_insert_with(|| Repeats::new(host));
                    let pause = failures.pause_after(self.client, &failure);
                    last.rest = last.rest.max(pause);
                }
                Err(failure) => {
                    let doing = "read the runs after the dispatch";
                    let mut error = self.client.error(failure, doing);
                    // Whatever the reason, there is a run, or may be.
                    let is_certain = self.dispatches.iter().any(|sent| sent.clear);
                    error.code = if is_certain {
                        Code::NotIdentified
                    } else {
                        Code::OutcomeUnknown
                    };
                    return Err(error.and_hint(&where_to_look(self.settings)));
                }
            }
        }
    }

    /// Looks everything through once, cheapest first, and stops where nothing more has to be found.
    async fn look(&mut self) -> Result<Verdict, Failure> {
        self.list().await?;
        let mut verdict = self.verdict();
        // Job logs come before the archives of runs of which one was not to be had.
        let has_archives = self.client.family().has_archives;
        for unread in [
            |candidates: &Candidates, _| candidates.unread_jobs(),
            Candidates::unread_logs,
            Candidates::unread_archives,
        ]
        .into_iter()
        .take(if has_archives { 3 } else { 2 })
        {
            // Left alone for a while, the server will have another list.
            if self.has_more_to_find(&verdict) && self.client.quiet_for().is_zero() {
                let unread = unread(&self.candidates, self.client.host().now());
                let unread = self.worth_reading(unread);
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
                seconds: (self.client.host().now() - self.latest().at).as_secs_f64(),
            });
        }
        Ok(verdict)
    }

    /// What is read in this look. What seems to be older than the dispatch comes later, so that where
    /// clocks agree nothing is read in vain; once a run shows the ID, all that may be earlier is read.
    fn worth_reading(&self, unread: Vec<Source>) -> Vec<Source> {
        if self.is_resumed {
            // It is one of the newest.
            return unread.into_iter().rev().collect();
        }
        let (elapsed, limit) = (self.elapsed(), self.client.deadline().limit);
        let is_shown = self.showing().next().is_some();
        let is_by_a_child = self
            .showing()
            .any(|shown| self.candidates.may_be_a_child(shown));
        let is_drawn = self.settings.distinct_id.is_drawn();
        let is_worth_it = |candidate: &Candidate| {
            is_shown && (is_by_a_child || !is_drawn || !self.candidates.seems_older(candidate))
                || self
                    .candidates
                    .earliest
                    .is_worth_reading(&candidate.run, elapsed, limit)
        };
        let of = |source: &Source| {
            let mut all = self.candidates.ever_listed();
            all.find(|candidate| candidate.run.id == source.run())
        };
        let (later, mut first): (Vec<_>, Vec<_>) = unread
            .into_iter()
            .filter(|source| of(source).is_some_and(is_worth_it))
            .partition(|source| of(source).is_some_and(|one| self.candidates.seems_older(one)));
        first.extend(later);
        first
    }

    /// How far back runs are listed: those before that are older than the dispatch.
    fn reach(&self) -> Reach {
        let first = self.dispatches.first().filter(|_| !self.is_resumed);
        Reach {
            after: self.candidates.after,
            since: self.candidates.earliest.bound(),
            sent: first.map(|first| first.at),
            tolerance: if self.is_resumed {
                RESUMED_WITHIN
            } else {
                LIKELY
            },
        }
    }

    /// Whether a run of the workflow may be the dispatched one. What shows a generated ID is, whatever
    /// it is stamped with.
    pub(super) fn is_candidate(&self, run: &Run) -> bool {
        let shows = self.settings.distinct_id.is_drawn() && shows(run, &self.word());
        Some(run.id) != self.settings.callers_run
            && is_at(run, self.target.git_ref.short())
            && (shows || !self.candidates.earliest.is_older(run))
            && self.candidates.after.is_none_or(|after| run.id > after)
    }

    /// The time since the first dispatch was sent.
    fn elapsed(&self) -> Duration {
        let now = self.client.host().now();
        let first = self.dispatches.first();
        first.map_or(Duration::ZERO, |first| now - first.at)
    }

    /// Takes note of the newest stamp that a list shows.
    pub(super) fn learn_stamp(&mut self, newest: Option<ServerTime>) {
        let elapsed = self.elapsed();
        let at_dispatch = newest.map(|newest| newest.earlier_by(elapsed));
        self.stamped_by = self.stamped_by.max(at_dispatch);
        if let Some(newest) = newest.filter(|_| self.client.family().lists_by_workflow) {
            let elapsed = if self.is_resumed {
                RESUMED_WITHIN
            } else {
                elapsed
            };
            let dated = self.client.latest_time(self.client.host().now());
            let newest = believed(newest, dated);
            self.candidates.earliest.learn(newest, elapsed);
        }
        self.leave_out_older();
    }

    fn leave_out_older(&mut self) {
        let is_generated = self.settings.distinct_id.is_drawn();
        self.candidates.leave_out_older(is_generated);
    }

    /// Whether stamps prove that `Date` is behind the clock that makes them by more than this, nobody
    /// knows how much: then any run looks newer than it is.
    pub(super) fn date_is_behind_by(&self, by: Duration) -> bool {
        let first = self.dispatches.first();
        let dated = first.and_then(|first| self.client.latest_time(first.at));
        let stamped = self.stamped_by.map(|stamped| stamped.earlier_by(by));
        dated.is_some_and(|dated| stamped > Some(dated))
    }

    pub(super) async fn list(&mut self) -> Result<(), Failure> {
        let asked = self.client.host().now();
        let reach = self.reach();
        let list = self
            .client
            .dispatched_runs(&self.target.workflow, &reach)
            .await?;
        let List {
            entries: runs,
            is_whole,
            goes_on,
            is_torn,
            newest,
            apart,
        } = list;
        self.list_is_whole = is_whole;
        self.lacks_earlier_runs = goes_on || is_torn;
        self.learn_stamp(newest);
        self.candidates.earliest.learn_apart(apart);
        let first = self.dispatches.first().filter(|_| !self.is_resumed);
        let dated = first.and_then(|first| self.client.earliest_effect(first.at));
        self.candidates.earliest.learn_date(dated);
        let latest = self.latest();
        let is_behind = self.date_is_behind_by(verdict::CREATED_WITHIN);
        let latest_until = self.client.latest_time(latest.ended);
        self.candidates.latest_until = latest_until.filter(|_| !is_behind);
        let seen = self.first_list_up_to;
        if is_whole {
            let newest = || runs.iter().map(|run| run.id).max().unwrap_or_default();
            self.first_list_up_to.get_or_insert_with(newest);
        }
        let runs: Vec<_> = runs
            .into_iter()
            .map(|mut run| {
                // The first list, which was asked for after the dispatch, did not have it.
                if seen.is_some_and(|seen| run.id > seen) {
                    run.created_after = run.created_after.max(self.candidates.earliest.stamped());
                }
                run
            })
            .filter(|run| self.is_candidate(run))
            .collect();
        self.candidates.is_torn = is_torn;
        let word = self.word();
        self.candidates
            .update(runs.into_iter(), &word, self.client.host().now());
        if is_whole {
            self.candidates.listed_at = Some(asked);
        }
        self.leave_out_older();
        // Where many call at once, what the others' runs do is not worth a request each. A supplied
        // ID may be shown by other calls' runs too, and these are to be named.
        let (client, settings, target) = (self.client, self.settings, self.target);
        if settings.distinct_id.is_drawn() {
            self.candidates.leave_out(|all, candidate| {
                is_another_calls(settings, target, client.family(), all, candidate)
            });
        }
        Ok(())
    }

    /// Says once what is looked for, where a `post` step has to go on if this process cannot. What
    /// shows an ID that was supplied may be another call's, which is not to be cancelled.
    pub fn tell_what_is_sought(&self) {
        if self.settings.cancels
            && self.settings.by == By::Step
            && self.settings.distinct_id.is_drawn()
            && self.progress.seek()
        {
            self.client.host().report(Event::Sought {
                distinct_id: self.settings.distinct_id.to_string(),
            });
        }
    }

    /// Reads what may show something new, several at once, and stops where nothing more has to be
    /// found.
    async fn read(&mut self, unread: Vec<Source>) -> Verdict {
        let (client, word) = (self.client, self.word());
        let id = &self.settings.distinct_id;
        let (settings, target) = (self.settings, self.target);
        let is_sent = |id: &str| is_sent(settings, target, id);
        let unread: Vec<_> = unread
            .into_iter()
            .map(|source| {
                (
                    source,
                    self.candidates.rest_of_log(source, client.host().now()),
                )
            })
            .collect();
        let mut readings = stream::iter(unread)
            .map(|(source, rest)| read(client, source, rest, (id, &is_sent), &word))
            .buffer_unordered(CONCURRENT_READS);
        while let Some((source, reading)) = readings.next().await {
            // A job that runs need not have written anything.
            let is_early =
                |failure: &Failure| client.family().has_live_logs && failure.is_not_yet();
            if let Err(failure) = &reading
                && !is_early(failure)
            {
                client.note(&format!("read {source}"), failure);
            }
            if self.take_in(source, reading) {
                let verdict = self.verdict();
                if !self.has_more_to_find(&verdict) {
                    return verdict;
                }
            }
            if !client.quiet_for().is_zero() {
                break;
            }
        }
        self.verdict()
    }

    /// Takes in what was read. True if the ID is there.
    fn take_in(&mut self, source: Source, reading: Result<Reading, Failure>) -> bool {
        let word = self.word();
        if reading.as_ref().is_ok_and(|read| read.shows_mask(&word)) {
            self.candidates.note_mask(source.run());
            if self.progress.mask() {
                self.client.host().report(Event::IdMasked {});
            }
        }
        let log = match reading {
            Ok(Reading::Jobs(jobs)) => {
                return self.candidates.read_jobs(source.run(), jobs, &word);
            }
            // The next look reads the jobs again.
            Err(_) if matches!(source, Source::Jobs { .. }) => return false,
            Ok(Reading::LiveLog(shown, so_far)) => {
                LogReading::SoFar(word.is_known_by(shown), so_far)
            }
            Ok(Reading::Log(shown)) => LogReading::Searched(word.is_known_by(shown)),
            Err(failure) if failure.is_gone() => LogReading::Gone,
            Err(failure) => LogReading::Failed(failure.wait().unwrap_or_default()),
        };
        self.candidates
            .read_log(source, log, self.client.host().now())
    }

    /// Whether reading goes on after this verdict: until it is final, and after a retry until all is
    /// read, as the run of another dispatch has to be found as well.
    fn has_more_to_find(&self, verdict: &Verdict) -> bool {
        !verdict.is_final() || self.was_repeated()
    }

    pub(super) fn verdict(&self) -> Verdict {
        if self.settings.distinct_id.is_drawn() {
            match verdict::of_drawn_id(&self.candidates) {
                Verdict::Found(run, _) if self.lacks_earlier_runs => {
                    Verdict::Undecided(Some(name_of(&run)))
                }
                verdict => verdict,
            }
        } else {
            let latest = self.latest().at;
            let first = self.dispatches.first().map_or(latest, |first| first.at);
            verdict::of_supplied_id(&self.candidates, first, latest)
        }
    }

    /// Runs that show the ID, the earliest first.
    pub(super) fn showing(&self) -> impl Iterator<Item = &Candidate> {
        self.candidates
            .in_order()
            .filter(|candidate| candidate.shows.is_some())
    }
}

/// The pause between looks, this long after the dispatch.
fn pause(waited: Duration) -> Duration {
    (waited / 20).clamp(SHORTEST_PAUSE, LONGEST_PAUSE)
}

/// What was read.
enum Reading {
    Jobs(Vec<Job>),
    Log(Option<Shown>),
    LiveLog(Option<Shown>, SoFar),
}

impl Reading {
    /// Whether a secret is masked in the ID there.
    fn shows_mask(&self, word: &Word) -> bool {
        let is_masked = |shown| shown == Some(Shown::Masked);
        match self {
            Self::Jobs(jobs) => {
                let mut steps = jobs.iter().flat_map(|job| &job.steps);
                steps.any(|step| is_masked(word.shown_in(&step.name)))
            }
            Self::Log(shown) | Self::LiveLog(shown, _) => is_masked(*shown),
        }
    }
}

async fn read<H: Host>(
    client: &Client<'_, H>,
    source: Source,
    rest: Rest,
    (id, is_sent): (&DistinctId, &dyn Fn(&str) -> bool),
    word: &Word,
) -> (Source, Result<Reading, Failure>) {
    let reading = async {
        Ok(match source {
            Source::Jobs { run } => Reading::Jobs(client.jobs(run).await?),
            Source::JobLog { job, .. } => {
                let log = client.job_log(job, rest.so_far.place).await?;
                let log = log.dripping_for(rest.patience);
                if rest.grows {
                    let (shown, so_far) = logs::in_live_log(log, id, is_sent, rest.so_far).await?;
                    Reading::LiveLog(shown, so_far)
                } else {
                    Reading::Log(logs::in_log(log, word).await?)
                }
            }
            Source::Archive { run, jobs } => {
                let archive = client.log_archive(run).await?;
                let archive = archive.dripping_for(rest.patience);
                Reading::Log(logs::in_archive(archive, jobs, word).await?)
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
    fn branches_and_tags_are_told_apart_by_their_names_alone() {
        let run = |head: Option<&str>| {
            crate::json::read::<Run>(&serde_json::json!({ "id": 1, "head_branch": head }))
        };
        assert!(is_at(&run(Some("main")), "main"));
        assert!(is_at(&run(Some("main")), "heads/main"));
        assert!(is_at(&run(Some("v1")), "tags/v1"));
        assert!(is_at(&run(None), "main"));
        assert!(!is_at(&run(Some("other")), "main"));
        assert!(!is_at(&run(Some("x/main")), "main"));
    }

    #[test]
    fn the_pause_is_a_twentieth_of_the_wait_within_bounds() {
        let pause = |seconds| pause(Duration::from_secs(seconds)).as_millis();
        assert_eq!(pause(0), 500);
        assert_eq!(pause(10), 500);
        assert_eq!(pause(60), 3_000);
        assert_eq!(pause(3_600), 10_000);
    }
}
