//! The runs that could be the one, and what has been read of each: nothing is
//! searched twice for the same clue.

use std::collections::BTreeSet;
use std::fmt;
use std::time::Duration;

use super::age::Earliest;
use crate::event::IdentifiedBy;
use crate::github::{Family, Job, Run};
use crate::logs::{Line, SoFar};
use crate::time::{Moment, ServerTime};
use crate::word::Word;

/// The pause before a log that could not be read is tried again: half the time
/// since the first attempt, within these bounds.
const SHORTEST_PAUSE: Duration = Duration::from_millis(400);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// A run that so many lists in a row did not have is gone.
const GONE: u32 = 3;

/// Where in its workflow a run shows the ID. Another run of the same workflow
/// that is past this place without showing it does not show it there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    /// In a title that begins and ends like this.
    Title {
        before: String,
        after: String,
        /// The commit, where the title may be that of its message; empty if not known.
        commit: Option<String>,
    },
    Step {
        job: String,
        number: u64,
    },
    JobLog {
        job: String,
        /// Where in it, if it was found while the job ran.
        line: Option<Line>,
    },
    Archive,
}

impl Place {
    fn is_title(&self) -> bool {
        matches!(self, Self::Title { .. })
    }

    pub fn clue(&self) -> IdentifiedBy {
        match self {
            Self::Title { .. } => IdentifiedBy::Title,
            Self::Step { .. } => IdentifiedBy::Step,
            Self::JobLog { .. } | Self::Archive => IdentifiedBy::Log,
        }
    }
}

/// Something to read of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    Jobs {
        run: u64,
    },
    JobLog {
        run: u64,
        job: u64,
    },
    /// The logs of so many jobs together.
    Archive {
        run: u64,
        jobs: usize,
    },
}

impl Source {
    pub fn run(self) -> u64 {
        match self {
            Self::Jobs { run } | Self::JobLog { run, .. } | Self::Archive { run, .. } => run,
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Jobs { run } => write!(f, "the jobs of run {run}"),
            Self::JobLog { run, job } => write!(f, "the log of job {job} of run {run}"),
            Self::Archive { run, .. } => write!(f, "the log archive of run {run}"),
        }
    }
}

/// What came of reading a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum LogReading {
    /// All of it that matters was searched: whether it shows the ID.
    Searched(bool),
    /// So much of it was searched as there was: whether that shows the ID.
    SoFar(bool, SoFar),
    /// Not to be had now, but maybe after this long.
    Failed(Duration),
    /// Not to be had any more.
    Gone,
}

/// What of a log is to be searched.
#[derive(Debug)]
pub(super) struct Rest {
    /// What has been searched.
    pub so_far: SoFar,
    /// Whether it will go on growing.
    pub grows: bool,
    /// For how long it may drip: the longer, the longer that reading it has failed.
    pub patience: Duration,
}

/// How long a log may drip at first.
const SHORTEST_PATIENCE: Duration = Duration::from_secs(30);

/// How far a log has been read.
#[derive(Debug, Clone, PartialEq, Eq)]
enum LogState {
    Untouched,
    /// What there was of it does not show the ID.
    SoFar(SoFar),
    /// Since when it has failed, and when it is worth another attempt.
    Failing {
        since: Moment,
        next: Moment,
        /// What of it has been searched before.
        so_far: SoFar,
    },
    Searched,
    Gone,
}

/// A run that could be the one.
#[derive(Debug)]
#[cfg_attr(test, derive(Clone))]
pub(super) struct Candidate {
    pub run: Run,
    /// What its latest reading of jobs saw; `None` before the first.
    jobs: Option<Vec<Job>>,
    /// State of the run when its jobs were last read.
    read_at: Option<(Option<String>, Option<ServerTime>)>,
    logs: Vec<(Source, LogState)>,
    /// Where it shows the ID.
    pub shows: Option<Place>,
    /// When a list first had it.
    pub first_listed: Moment,
    /// When the latest complete list was asked for that did not have it yet.
    pub absent_at: Option<Moment>,
    /// Whether its title proves that it is another call's.
    pub is_anothers: bool,
    /// Whether a job of it had begun when a list had it.
    was_touched: bool,
    /// The first page of a list that had it, by number.
    first_page: u64,
    /// The latest page at which no job of it had begun, by number.
    untouched_at: Option<u64>,
    /// How many of the latest lists did not have it.
    missing: u32,
    /// Whether the latest list did not go back to it.
    is_beyond: bool,
}

impl Candidate {
    fn new(run: Run, first_listed: Moment) -> Self {
        Self {
            run,
            first_listed,
            absent_at: None,
            jobs: None,
            read_at: None,
            logs: Vec::new(),
            shows: None,
            is_anothers: false,
            was_touched: false,
            first_page: 0,
            untouched_at: None,
            missing: 0,
            is_beyond: false,
        }
    }

    fn title(&self) -> Option<&str> {
        title(&self.run)
    }

    fn jobs(&self) -> &[Job] {
        self.jobs.as_deref().unwrap_or_default()
    }

    fn state(&self) -> (Option<String>, Option<ServerTime>) {
        (self.run.status.clone(), self.run.updated_at)
    }

    /// Whether no job of it has begun. What the latest list did not have, other runs
    /// that it had may come from.
    pub fn is_untouched(&self) -> bool {
        self.missing == 0 && !self.was_touched && self.run.is_untouched()
    }

    /// Whether only its jobs can show that none of them had begun when a run was listed on this page: lists
    /// may be of several states, and where runs do not say at which attempt they are (Gitea before 1.27), one
    /// that is started again looks as if it had never run.
    fn is_to_prove(&self, page: u64) -> bool {
        self.is_untouched()
            && !self.is_anothers
            && self.untouched_at < Some(page)
            && !self.jobs().iter().any(|job| self.ran_before(job))
    }

    /// Whether a job that has not begun was run in an earlier attempt: where runs do not say at which attempt
    /// they are, jobs count theirs when they begin.
    fn ran_before(&self, job: &Job) -> bool {
        !self.run.tells_if_touched() && job.run_attempt.is_some()
    }

    /// Jobs of a running run change at any time; of others, only with the run.
    fn has_unread_jobs(&self) -> bool {
        if self.shows.is_some() || self.is_anothers {
            return false;
        }
        match &self.read_at {
            None => !self.is_untouched(),
            Some(read_at) => {
                *read_at != self.state()
                    || !self.run.is_waiting() && !self.run.is_completed()
                    // Between two jobs a run may be waiting again.
                    || self.run.is_waiting() && (self.missing > 0 || self.jobs().iter().any(Job::has_begun))
                    || self.run.is_completed() && self.jobs().iter().any(|job| !job.is_completed())
            }
        }
    }

    /// Of a job that is run again, the log is another; its ID may be the same.
    fn forget_logs_of_other_attempts(&mut self, jobs: &[Job]) {
        let known = self.jobs.take().unwrap_or_default();
        let again = known.iter().filter(|known| {
            let mut same = jobs.iter().filter(|job| job.id == known.id);
            same.any(|job| known.run_attempt.is_some() && job.run_attempt != known.run_attempt)
        });
        let again: Vec<_> = again.map(|job| job.id).collect();
        self.logs.retain(|(source, _)| match source {
            Source::JobLog { job, .. } => !again.contains(job),
            _ => again.is_empty(),
        });
    }

    fn log_state(&self, source: Source) -> LogState {
        self.logs
            .iter()
            .find(|(known, _)| *known == source)
            .map_or(LogState::Untouched, |(_, state)| state.clone())
    }

    fn set_log_state(&mut self, source: Source, state: LogState) {
        self.logs.retain(|(known, _)| *known != source);
        self.logs.push((source, state));
    }

    fn is_to_read(&self, source: Source, now: Moment) -> bool {
        match self.log_state(source) {
            LogState::Untouched | LogState::SoFar(_) => true,
            LogState::Failing { next, .. } => next <= now,
            LogState::Searched | LogState::Gone => false,
        }
    }

    fn is_searched(&self, job: &Job) -> bool {
        let source = Source::JobLog {
            run: self.run.id,
            job: job.id,
        };
        job.never_ran() || self.log_state(source) == LogState::Searched
    }

    /// Whether the log of a job that runs shows, in this line, the ID of another call in
    /// place of the one that is looked for.
    fn shows_anothers_id(&self, job: &Job, line: Option<&Line>) -> bool {
        let source = Source::JobLog {
            run: self.run.id,
            job: job.id,
        };
        match (self.log_state(source), line) {
            (LogState::SoFar(so_far) | LogState::Failing { so_far, .. }, Some(line)) => {
                so_far.others.contains(line)
            }
            _ => false,
        }
    }

    fn unread_logs(&self, now: Moment, while_running: bool) -> impl Iterator<Item = Source> {
        let run = self.run.id;
        self.jobs()
            .iter()
            .filter(move |job| {
                let is_there = job.is_completed() || while_running;
                self.shows.is_none() && is_there && job.has_begun()
            })
            .map(move |job| Source::JobLog { run, job: job.id })
            .filter(move |source| self.is_to_read(*source, now))
    }

    fn archive(&self) -> Source {
        Source::Archive {
            run: self.run.id,
            jobs: self.jobs().iter().filter(|job| !job.never_ran()).count(),
        }
    }

    /// The archive is worth its size only where a job's own log failed.
    fn unread_archive(&self, now: Moment) -> Option<Source> {
        let source = self.archive();
        let needed = self.shows.is_none()
            && self.run.is_completed()
            && self.jobs.is_some()
            && self.jobs().iter().all(Job::is_completed)
            && self.jobs().iter().any(|job| !self.is_searched(job));
        (needed && self.is_to_read(source, now)).then_some(source)
    }

    /// Whether everything of it has been searched. Logs that are not to be had
    /// have not been: they might show the ID.
    fn is_searched_through(&self) -> bool {
        let archive = self.archive();
        self.run.is_completed()
            && self.jobs.is_some()
            && self.jobs().iter().all(Job::is_completed)
            && (self.jobs().iter().all(|job| self.is_searched(job))
                || self.log_state(archive) == LogState::Searched)
    }

    /// Whether it is clear by now that it does not show the ID where another
    /// run of the same workflow does: it has been there itself, or all of it has
    /// been searched. What it skipped may be made up for elsewhere.
    pub fn is_past(&self, place: &Place) -> bool {
        if self.shows.is_some() {
            return false;
        }
        let past = match place {
            // The title is there from the beginning.
            Place::Title { .. } => self.has_title_like(place),
            Place::Step { job, number } => self.jobs().iter().any(|own| {
                own.name == *job
                    && own
                        .steps
                        .iter()
                        .any(|step| step.number == *number && step.has_run())
            }),
            Place::JobLog { job, line } => {
                let mut same = self.jobs().iter().filter(|own| own.name == *job).peekable();
                same.peek().is_some()
                    && same.all(|own| {
                        !own.never_ran()
                            && (self.is_searched(own) || self.shows_anothers_id(own, line.as_ref()))
                    })
            }
            Place::Archive => false,
        };
        past || self.is_searched_through()
    }

    /// Whether its title may be made in the same way as one that shows the ID. One that is made in another way (by a
    /// condition in `run-name`) says nothing.
    fn has_title_like(&self, place: &Place) -> bool {
        let Place::Title {
            before,
            after,
            commit,
        } = place
        else {
            return false;
        };
        // Two titles of one commit that differ are not its message.
        let is_made_alike = commit
            .as_ref()
            .is_none_or(|commit| self.run.head_sha.as_ref() == Some(commit));
        let title = self.title().filter(|_| is_made_alike);
        title.is_some_and(|title| is_alike(title, before, after))
    }

    /// Whether it may have dispatched this other run: unless no job of it had begun at a time when
    /// the other one was there already. What jobs say of when they began does not count: that is
    /// by the clocks of their runners.
    pub fn may_have_dispatched(&self, other: &Self) -> bool {
        // What the jobs of its earlier attempts did is not known.
        let attempts = self.jobs().iter().map(|job| job.run_attempt);
        let latest = attempts.fold(self.run.run_attempt, Option::max);
        latest.is_some_and(|attempt| attempt > 1) || self.untouched_at < Some(other.first_page)
    }
}

/// Whether a run's title shows the ID.
pub(super) fn shows(run: &Run, word: &Word) -> bool {
    title(run).is_some_and(|title| word.split(title).is_some())
}

/// A run's title. Without titles (servers before `run-name`), `name` was the run's.
fn title(run: &Run) -> Option<&str> {
    run.display_title.as_deref().or(run.name.as_deref())
}

/// Whether a title may come from the same `run-name` as one that shows an ID
/// between these: it has the same first word or the same end. (In between,
/// other inputs may differ: `Deploy staging [id]`, `Deploy production [id]`.)
fn is_alike(title: &str, before: &str, after: &str) -> bool {
    let (before, after) = (before.split_whitespace().next(), after.trim());
    match (before, after) {
        (None, "") => !title.contains(char::is_whitespace),
        (None, after) => title.ends_with(after),
        (Some(word), after) => {
            title.starts_with(word) || !after.is_empty() && title.ends_with(after)
        }
    }
}

/// All runs that could be the one.
#[derive(Debug)]
#[cfg_attr(test, derive(Clone))]
pub(super) struct Candidates {
    /// The answer to the latest dispatch came no later than this, if the `Date` of answers is right;
    /// `None` if it is not, or not known.
    pub latest_until: Option<ServerTime>,
    /// Which runs are older than the first dispatch.
    pub earliest: Earliest,
    /// What lists did not show by then may be a child of the run that was dispatched: until one can have
    /// been made, a runner has to be found, to be prepared, and to send its request.
    pub children_from: Option<Moment>,
    /// Runs that are created after this one alone.
    pub after: Option<u64>,
    /// Whether the log of a job can be read while it runs.
    logs_are_live: bool,
    /// Whether titles are made of the inputs and the ref alone.
    titles_are_of_inputs: bool,
    /// Whether a page of the list at hand is of an earlier state than the one before: then one run being
    /// there says nothing of the moment at which another was untouched.
    pub is_torn: bool,
    /// In the order of their creation.
    all: Vec<Candidate>,
    /// Those that show what may be the ID with secrets masked in it.
    may_show: BTreeSet<u64>,
    /// When the latest complete list was asked for.
    pub listed_at: Option<Moment>,
    /// How many pages of lists there have been.
    pages_read: u64,
    logs_read: usize,
}

impl Default for Candidates {
    fn default() -> Self {
        Self {
            latest_until: None,
            earliest: Earliest::default(),
            children_from: None,
            after: None,
            logs_are_live: false,
            titles_are_of_inputs: true,
            is_torn: false,
            all: Vec::new(),
            may_show: BTreeSet::new(),
            listed_at: None,
            pages_read: 0,
            logs_read: 0,
        }
    }
}

impl Candidates {
    /// None yet, of a server of this family.
    pub fn new(family: &Family) -> Self {
        Self {
            logs_are_live: family.has_live_logs,
            titles_are_of_inputs: family.titles_are_of_inputs,
            ..Self::default()
        }
    }

    /// Takes in a new list, and searches the titles.
    pub fn update(&mut self, runs: impl Iterator<Item = Run>, word: &Word, now: Moment) {
        let before = self.pages_read;
        let runs: Vec<Run> = runs.collect();
        let first = runs.iter().map(|run| run.id).min();
        for candidate in &mut self.all {
            candidate.missing += 1;
            candidate.is_beyond = first.is_some_and(|first| candidate.run.id < first);
        }
        // A list that lacks what shows the ID may be older than that, however many of them there are.
        let is_older = self
            .all
            .iter()
            .any(|one| one.shows.is_some() && runs.iter().all(|run| run.id != one.run.id));
        for run in runs {
            let shows = title(&run).and_then(|title| word.split(title));
            let commit =
                (!self.titles_are_of_inputs).then(|| run.head_sha.clone().unwrap_or_default());
            let shows = shows.map(|(before, after)| Place::Title {
                before: before.to_owned(),
                after: after.to_owned(),
                commit,
            });
            let is_torn = self.is_torn || is_older;
            let page = before + run.page;
            self.pages_read = self.pages_read.max(page);
            let candidate = self.entry(&run, page, now);
            if run.run_attempt != candidate.run.run_attempt {
                // Another attempt has other jobs; what was shown stays shown.
                candidate.jobs = None;
                candidate.read_at = None;
                candidate.logs.clear();
            }
            candidate.was_touched |= !run.is_untouched();
            candidate.run = run;
            candidate.missing = 0;
            let is_told = candidate.run.tells_if_touched();
            if candidate.is_untouched() && is_told && !is_torn {
                candidate.untouched_at = Some(page);
            }
            if shows.is_some() {
                candidate.shows = shows;
            }
        }
    }

    /// Forgets those that turn out to be older than the dispatch. What shows a generated ID is not,
    /// whatever it is stamped with.
    pub fn leave_out_older(&mut self, is_generated: bool) {
        let earliest = self.earliest;
        self.all.retain(|candidate| {
            is_generated && candidate.shows.is_some() || !earliest.is_older(&candidate.run)
        });
    }

    /// Whether a run was created before the dispatch, if one clock stamps all runs.
    pub fn seems_older(&self, candidate: &Candidate) -> bool {
        self.earliest.seems_older(&candidate.run)
    }

    /// Whether a run may have been dispatched by another one, which is the dispatched one then.
    pub fn may_be_a_child(&self, candidate: &Candidate) -> bool {
        let from = self.children_from;
        from.is_some_and(|from| candidate.first_listed > from)
    }

    /// Leaves out of the search what is another call's.
    pub fn leave_out(&mut self, is_anothers: impl Fn(&Self, &Candidate) -> bool) {
        let anothers: Vec<_> = self.all.iter().map(|one| is_anothers(self, one)).collect();
        for (candidate, is_anothers) in self.all.iter_mut().zip(anothers) {
            candidate.is_anothers = is_anothers;
        }
    }

    /// Takes in the jobs of a run, and searches the steps' names. True if the
    /// ID is there.
    pub fn read_jobs(&mut self, run: u64, jobs: Vec<Job>, word: &Word) -> bool {
        // Of a run that it does not know (yet), Gitea says that it has no jobs.
        let is_unknown = self.logs_are_live && jobs.is_empty();
        let latest_page = self.pages_read;
        let Some(candidate) = self.get_mut(run).filter(|_| !is_unknown) else {
            return false;
        };
        candidate.forget_logs_of_other_attempts(&jobs);
        // If the list knows better, these jobs are as they were earlier.
        let has_run = |job: &Job| job.has_begun() || candidate.ran_before(job);
        if !candidate.was_touched && !jobs.iter().any(has_run) {
            candidate.untouched_at = Some(latest_page);
        }
        candidate.read_at = Some(candidate.state());
        let place = jobs.iter().find_map(|job| {
            let mut steps = job.steps.iter();
            let step = steps.find(|step| word.is_known_by(word.shown_in(&step.name)))?;
            Some(Place::Step {
                job: job.name.clone(),
                number: step.number,
            })
        });
        candidate.jobs = Some(jobs);
        if candidate.shows.is_none() {
            candidate.shows = place;
        }
        candidate.shows.is_some()
    }

    /// Takes in what came of reading a log. True if the ID is there.
    pub fn read_log(&mut self, source: Source, reading: LogReading, now: Moment) -> bool {
        let is_read = matches!(
            reading,
            LogReading::Searched(_) | LogReading::SoFar(true, _)
        );
        self.logs_read += usize::from(is_read);
        let Some(candidate) = self.get_mut(source.run()) else {
            return false;
        };
        let mut line = None;
        let shows = match reading {
            LogReading::Searched(shows) => shows,
            LogReading::Failed(at_least) => {
                let (since, so_far) = match candidate.log_state(source) {
                    LogState::Failing { since, so_far, .. } => (since, so_far),
                    LogState::SoFar(so_far) => (now, so_far),
                    _ => (now, SoFar::default()),
                };
                let pause = ((now - since) / 2).clamp(SHORTEST_PAUSE, LONGEST_PAUSE);
                let next = now + pause.max(at_least);
                let state = LogState::Failing {
                    since,
                    next,
                    so_far,
                };
                candidate.set_log_state(source, state);
                return false;
            }
            LogReading::SoFar(false, so_far) => {
                candidate.set_log_state(source, LogState::SoFar(so_far));
                return false;
            }
            LogReading::SoFar(true, so_far) => {
                line = so_far.shown;
                true
            }
            LogReading::Gone => {
                candidate.set_log_state(source, LogState::Gone);
                return false;
            }
        };
        candidate.set_log_state(source, LogState::Searched);
        if shows && candidate.shows.is_none() {
            candidate.shows = Some(match source {
                Source::Archive { .. } | Source::Jobs { .. } => Place::Archive,
                Source::JobLog { job, .. } => Place::JobLog {
                    line,
                    job: candidate
                        .jobs()
                        .iter()
                        .find(|own| own.id == job)
                        .map_or_else(String::new, |own| own.name.clone()),
                },
            });
        }
        shows
    }

    /// The run shows what may be the ID with secrets masked in it.
    pub fn note_mask(&mut self, run: u64) {
        self.may_show.insert(run);
    }

    /// Whether the run shows the ID, or what may be it.
    pub fn may_show(&self, candidate: &Candidate) -> bool {
        candidate.shows.is_some() || self.may_show.contains(&candidate.run.id)
    }

    /// Runs that show the ID, or what may be it where titles do not tell: no server masks secrets in those.
    pub fn in_question(&self) -> impl Iterator<Item = &Candidate> {
        let titles = self.in_order().filter_map(|one| one.shows.as_ref());
        let titles: Vec<_> = titles.filter(|place| place.is_title()).collect();
        self.in_order().filter(move |one| {
            let lacks_it = |place: &&Place| one.has_title_like(place);
            one.shows.is_some() || self.may_show(one) && !titles.iter().any(lacks_it)
        })
    }

    /// Runs whose jobs may show something new, oldest first, and those before one that shows the ID which
    /// need not have begun.
    pub fn unread_jobs(&self) -> Vec<Source> {
        let showing = self.all.iter().filter(|one| one.shows.is_some());
        let showing: Vec<_> = showing.map(|one| (one.run.id, one.first_page)).collect();
        let is_to_prove = |candidate: &Candidate| {
            let mut later = showing.iter().filter(|(id, _)| candidate.run.id < *id);
            later.any(|(_, page)| candidate.is_to_prove(*page))
        };
        self.in_order()
            .filter(|candidate| candidate.has_unread_jobs() || is_to_prove(candidate))
            .map(|candidate| Source::Jobs {
                run: candidate.run.id,
            })
            .collect()
    }

    /// Logs of finished jobs, and of running ones where these can be read, that have not
    /// been searched, oldest run first.
    pub fn unread_logs(&self, now: Moment) -> Vec<Source> {
        self.in_order()
            .flat_map(|candidate| candidate.unread_logs(now, self.logs_are_live))
            .collect()
    }

    /// What of a log is to be searched.
    pub fn rest_of_log(&self, source: Source, now: Moment) -> Rest {
        let candidate = self.all.iter().find(|one| one.run.id == source.run());
        let (so_far, failing_for) = match candidate.map(|candidate| candidate.log_state(source)) {
            Some(LogState::SoFar(so_far)) => (so_far, Duration::ZERO),
            Some(LogState::Failing { so_far, since, .. }) => (so_far, now - since),
            _ => (SoFar::default(), Duration::ZERO),
        };
        let patience = failing_for.max(SHORTEST_PATIENCE);
        let mut jobs = candidate.map(Candidate::jobs).unwrap_or_default().iter();
        let grows = matches!(source, Source::JobLog { job, .. }
            if jobs.any(|own| own.id == job && !own.is_completed()));
        Rest {
            so_far,
            grows,
            patience,
        }
    }

    /// Archives that have to stand in for logs that are not to be had.
    pub fn unread_archives(&self, now: Moment) -> Vec<Source> {
        self.in_order()
            .filter_map(|candidate| candidate.unread_archive(now))
            .collect()
    }

    /// Whether this run's title cannot be that of its commit: another one of the same
    /// commit has another.
    pub fn has_title_of_its_own(&self, candidate: &Candidate) -> bool {
        let run = &candidate.run;
        run.head_sha.is_some()
            && self
                .all
                .iter()
                .any(|other| other.run.head_sha == run.head_sha && title(&other.run) != title(run))
    }

    /// All that was ever listed, by the time of its creation.
    pub fn ever_listed(&self) -> impl Iterator<Item = &Candidate> {
        self.all.iter()
    }

    /// Candidates by the time of their creation. One list without a run proves
    /// little; several do, unless it has shown the ID already, or they do not go back to it.
    pub fn in_order(&self) -> impl Iterator<Item = &Candidate> {
        self.all
            .iter()
            .filter(|one| one.missing < GONE || self.may_show(one) || one.is_beyond)
    }

    fn get_mut(&mut self, run: u64) -> Option<&mut Candidate> {
        self.all
            .iter_mut()
            .find(|candidate| candidate.run.id == run)
    }

    /// The candidate of this run, a new one where there is none. IDs grow with the time of creation;
    /// stamps are coarser, and the machines that make them may differ.
    fn entry(&mut self, run: &Run, page: u64, now: Moment) -> &mut Candidate {
        let known = self.all.iter().position(|c| c.run.id == run.id);
        let at = known.unwrap_or_else(|| {
            let at = self.all.partition_point(|one| one.run.id < run.id);
            let mut new = Candidate::new(run.clone(), now);
            new.first_page = page;
            new.absent_at = self.listed_at;
            self.all.insert(at, new);
            at
        });
        &mut self.all[at]
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Logs and archives searched so far.
    pub fn logs_read(&self) -> usize {
        self.logs_read
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::json::read as from_json;
    use crate::settings::DistinctId;

    const RUN: u64 = 7;
    const UNREAD: [Source; 1] = [Source::Jobs { run: RUN }];

    fn time(second: u32) -> String {
        format!("2026-01-01T00:00:{second:02}Z")
    }

    fn word() -> Word {
        Word::new(&DistinctId::supplied("abc-1").unwrap())
    }

    /// A run that was created in second 0.
    fn run(status: &str, updated: u32) -> Run {
        from_json(&json!({
            "id": RUN, "run_attempt": 1, "display_title": "Deploy", "status": status,
            "created_at": time(0), "updated_at": time(updated),
        }))
    }

    /// A job that began in second 9, if it has begun.
    fn job(status: &str) -> Job {
        from_json(&json!({
            "id": 1, "name": "build", "run_attempt": 1, "status": status, "started_at": time(9),
        }))
    }

    /// After lists that had the run so, or did not have it.
    fn listed(lists: &[Option<Run>]) -> Candidates {
        let mut candidates = Candidates::default();
        list(&mut candidates, lists);
        candidates
    }

    fn list(candidates: &mut Candidates, lists: &[Option<Run>]) {
        for list in lists {
            candidates.update(list.iter().cloned(), &word(), Moment::default());
        }
    }

    #[test]
    fn the_jobs_of_a_run_that_was_never_touched_are_not_read() {
        let unread = |lists: &[Option<Run>]| listed(lists).unread_jobs();
        assert_eq!(unread(&[Some(run("queued", 0))]), []);
        assert_eq!(unread(&[Some(run("queued", 1))]), UNREAD);
        assert_eq!(unread(&[Some(run("in_progress", 0))]), UNREAD);
        // Of what the latest list did not have, nothing is known.
        assert_eq!(unread(&[Some(run("queued", 0)), None]), UNREAD);
    }

    #[test]
    fn jobs_are_read_again_only_where_something_may_have_happened_to_them() {
        // How the run was listed, its job, how it is listed after that (if it is).
        for (before, status, after, expected) in [
            (("queued", 1), "queued", Some(("queued", 1)), false),
            (("queued", 1), "queued", Some(("queued", 2)), true),
            (("queued", 1), "queued", Some(("waiting", 1)), true),
            (("queued", 1), "queued", None, true),
            // Between two jobs.
            (("queued", 1), "completed", Some(("queued", 1)), true),
            (
                ("in_progress", 1),
                "in_progress",
                Some(("in_progress", 1)),
                true,
            ),
            (("completed", 1), "completed", Some(("completed", 1)), false),
            (
                ("completed", 1),
                "in_progress",
                Some(("completed", 1)),
                true,
            ),
        ] {
            let as_listed = |(status, updated)| run(status, updated);
            let mut candidates = listed(&[Some(as_listed(before))]);
            candidates.read_jobs(RUN, vec![job(status)], &word());
            list(&mut candidates, &[after.map(as_listed)]);
            let is_unread = candidates.unread_jobs() == UNREAD;
            assert_eq!(is_unread, expected, "{before:?}, {status}, {after:?}");
        }
    }

    #[test]
    fn the_log_of_a_job_that_runs_again_is_read_again() {
        let source = Source::JobLog { run: RUN, job: 1 };
        let unread_after = |attempts: [Option<u64>; 2]| {
            let mut candidates = listed(&[Some(run("in_progress", 1))]);
            for (at, attempt) in attempts.into_iter().enumerate() {
                let mut job = job("completed");
                job.run_attempt = attempt;
                job.conclusion = Some("failure".to_owned());
                candidates.read_jobs(RUN, vec![job], &word());
                if at == 0 {
                    candidates.read_log(source, LogReading::Searched(false), Moment::default());
                }
            }
            candidates.unread_logs(Moment::default()) == [source]
        };
        assert!(unread_after([Some(1), Some(2)]));
        assert!(!unread_after([Some(1), Some(1)]));
        assert!(!unread_after([None, None]));
    }

    #[test]
    fn what_several_lists_do_not_have_is_out() {
        let seen = Some(run("in_progress", 1));
        let in_order = |missing: u32| {
            let mut lists = vec![seen.clone()];
            lists.resize(1 + missing as usize, None);
            listed(&lists).in_order().count()
        };
        assert_eq!(in_order(GONE - 1), 1);
        assert_eq!(in_order(GONE), 0);
    }

    #[test]
    fn what_lists_do_not_go_back_to_is_not_out() {
        let later = || from_json::<Run>(&json!({ "id": RUN + 1, "status": "queued" }));
        let in_order = |other: fn(&Run) -> bool| {
            let mut lists = vec![Some(run("in_progress", 1))];
            lists.resize(1 + GONE as usize, Some(later()).filter(other));
            let listed = listed(&lists);
            listed.in_order().any(|one| one.run.id == RUN)
        };
        assert!(in_order(|_| true));
        assert!(!in_order(|_| false));
    }

    /// Whether the first of two runs may have dispatched the other one, after lists that show it in
    /// these states; the other is in the last of them.
    fn may_have(states: &[(&str, u32)], jobs: Option<&str>, is_torn: bool) -> bool {
        let mut candidates = Candidates {
            is_torn,
            ..Candidates::default()
        };
        for (at, (status, updated)) in states.iter().enumerate() {
            let other = from_json(&json!({ "id": 9, "created_at": time(5), "status": "queued" }));
            let is_last = at == states.len() - 1;
            let runs = [run(status, *updated)].into_iter();
            let other = is_last.then_some(other);
            candidates.update(runs.chain(other), &word(), Moment::default());
        }
        if let Some(status) = jobs {
            candidates.read_jobs(RUN, vec![job(status)], &word());
        }
        candidates.all[0].may_have_dispatched(&candidates.all[1])
    }

    #[test]
    fn a_run_that_was_untouched_when_another_was_there_did_not_dispatch_it() {
        assert!(!may_have(&[("queued", 0)], None, false));
        assert!(
            may_have(&[("queued", 0)], None, true),
            "pages of two states"
        );
        assert!(may_have(&[("in_progress", 1)], None, false));
        // Before the other one was there, it was.
        assert!(may_have(&[("queued", 0), ("in_progress", 1)], None, false));
        // The list has forgotten what another one knew.
        assert!(may_have(&[("in_progress", 1), ("queued", 0)], None, false));
    }

    #[test]
    fn a_list_that_lacks_what_shows_the_id_says_nothing_of_what_was_untouched_then() {
        let other = || {
            let titled = json!({
                "id": 9, "created_at": time(5), "status": "queued", "display_title": "abc-1",
            });
            from_json::<Run>(&titled)
        };
        let mut candidates = Candidates {
            is_torn: true,
            ..Candidates::default()
        };
        candidates.update(
            [run("queued", 0), other()].into_iter(),
            &word(),
            Moment::default(),
        );
        candidates.is_torn = false;
        let mut may_have = |runs: Vec<Run>| {
            candidates.update(runs.into_iter(), &word(), Moment::default());
            candidates.all[0].may_have_dispatched(&candidates.all[1])
        };
        for _ in 0..=GONE {
            assert!(may_have(vec![run("queued", 0)]));
        }
        assert!(!may_have(vec![run("queued", 0), other()]));
    }

    #[test]
    fn a_run_on_a_later_page_need_not_have_been_there_when_one_on_an_earlier_page_was_untouched() {
        let may_have = |pages: [u64; 2]| {
            let other = from_json(&json!({ "id": 9, "created_at": time(5), "status": "queued" }));
            let runs = [run("queued", 0), other].into_iter().zip(pages);
            let runs = runs.map(|(run, page)| Run { page, ..run });
            let mut candidates = Candidates::default();
            candidates.update(runs, &word(), Moment::default());
            candidates.all[0].may_have_dispatched(&candidates.all[1])
        };
        assert!(!may_have([1, 1]));
        assert!(!may_have([2, 1]));
        assert!(may_have([1, 2]));
    }

    /// Gitea before 1.27 says of no run at which attempt it is, and counts a job's when it begins.
    #[test]
    fn a_run_that_does_not_tell_its_attempt_was_untouched_only_if_its_jobs_never_ran() {
        let run_of = |id, status| {
            let run = from_json(&json!({ "id": id, "run_attempt": 0, "status": status }));
            Run {
                display_title: (id == 9).then(|| "abc-1".to_owned()),
                ..run
            }
        };
        let mut queued = job("queued");
        for (attempt, expected) in [(None, false), (Some(1), true)] {
            let mut candidates = Candidates::default();
            let runs = [run_of(RUN, "queued"), run_of(9, "queued")];
            candidates.update(runs.into_iter(), &word(), Moment::default());
            assert!(candidates.all[0].may_have_dispatched(&candidates.all[1]));
            assert_eq!(candidates.unread_jobs(), UNREAD);
            queued.run_attempt = attempt;
            candidates.read_jobs(RUN, vec![queued.clone()], &word());
            assert_eq!(candidates.unread_jobs(), []);
            let may_have = candidates.all[0].may_have_dispatched(&candidates.all[1]);
            assert_eq!(may_have, expected);
        }
    }

    #[test]
    fn jobs_of_which_none_has_begun_clear_a_run_unless_the_list_knows_better() {
        // The list may have lacked it: what its jobs say was asked for later.
        assert!(!may_have(&[("queued", 0)], Some("queued"), true));
        assert!(may_have(&[("in_progress", 1)], Some("queued"), false));
        assert!(may_have(&[("queued", 0)], Some("in_progress"), true));
    }

    #[test]
    fn titles_are_alike_in_their_first_word_or_their_end() {
        assert!(is_alike("Deploy staging [x]", "Deploy production [", "]"));
        assert!(is_alike("Deploy", "Deploy production ", ""));
        assert!(!is_alike("CI", "Deploy production ", ""));
        assert!(is_alike("x of it", "", " of it"));
        assert!(!is_alike("x", "", " of it"));
        assert!(is_alike("x", "", ""));
        assert!(!is_alike("x y", "", ""));
    }
}
