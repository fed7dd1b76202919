//! Waiting for a run, and what becomes of it.
//!
//! The run alone is asked for, conditionally: while it has not changed, that is
//! free of the rate limit. Its jobs are read when it has. How often it is looked
//! at depends on its age, or is as the user says.
//!
//! | module | question |
//! | --- | --- |
//! | `pace` | when is the next look? |
//! | `changes` | what is new since the last one? |
//! | `cancel` | how is the run stopped? |
//! | `logs` | where are the logs of its jobs? |
//! | `values` | what does it return? |
//! | `print` | what is shown of its logs? |
//! | `summary` | what does a page about it say? |
//! | `ending` | how did it end, and what does that mean for the caller? |

mod cancel;
mod changes;
mod ending;
mod logs;
mod pace;
mod print;
mod summary;
mod values;

pub use cancel::{BY_HAND, cancel_run, stop_left_behind, stop_unwanted};
pub use values::{Reader, Values};

use std::cell::{Cell, RefCell};
use std::pin::pin;
use std::rc::Rc;
use std::time::Duration;

use futures_util::future::{Either, select};

use crate::deadline::Deadline;
use crate::error::{Code, Error};
use crate::event::{Ended, Event};
use crate::github::{Attempts, Client, DENIED_MEANWHILE, Denials, Failure, Job, Repeats, Run};
use crate::host::Host;
use crate::settings::{By, Settings, Waiting};
use crate::time::{Moment, Seconds};
use changes::Told;
use logs::KnownLogs;

/// A run that was there a moment ago, or was just created, may be unknown for a
/// while; after that it does not exist.
const UNKNOWN_FOR: Duration = Duration::from_mins(1);

/// A run says in whole seconds when it last changed, so what happens to its jobs
/// in the second of a change may not show. With what clocks may differ by.
const HIDES_CHANGES_FOR: Duration = Duration::from_secs(6);

/// What of a run's end is not to be had yet may take so long.
const SETTLES_WITHIN: Duration = Duration::from_mins(1);

/// Where only jobs tell that a run has ended, they have to be read within this.
const JOBS_TELL_WITHIN: Duration = Duration::from_mins(10);

/// The last look, when the time is up, may take so long, with what it takes to try
/// again.
const LAST_LOOK: Duration = Duration::from_secs(5);
const BETWEEN_LAST_LOOKS: Duration = Duration::from_secs(1);

/// A run to wait for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Followed {
    /// Its ID.
    pub id: u64,
    /// Its page; empty where that is not known.
    pub url: String,
    /// Whether it has the ID by which it can return values.
    pub returns_values: bool,
    /// Whether it has been said that its runner masks secrets in the ID.
    pub id_is_masked: bool,
    /// When the call was cancelled, if that was before the run was known.
    pub cancelled_at: Option<Moment>,
}

impl Followed {
    /// A run that somebody else has dispatched, of which nothing is known yet.
    #[must_use]
    pub fn unseen(id: u64, settings: &Settings) -> Self {
        Self {
            id,
            url: String::new(),
            // An ID that was drawn just now cannot stand in the logs of a run that was there before.
            returns_values: !settings.distinct_id.is_drawn(),
            id_is_masked: false,
            cancelled_at: None,
        }
    }
}

impl std::fmt::Display for Followed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.id)?;
        if self.url.is_empty() {
            return Ok(());
        }
        write!(f, " ({})", self.url)
    }
}

/// A wait, and what it knows of its run.
struct Watch<'s, 'h, H: Host> {
    client: &'s Client<'h, H>,
    settings: &'s Settings,
    waiting: &'s Waiting,
    followed: &'s Followed,
    /// The run and its jobs as last read.
    known: RefCell<Option<(Rc<Run>, Vec<Job>)>>,
    logs: KnownLogs<'s, H>,
    /// What the run was last seen to wait for.
    waits_for: RefCell<Option<String>>,
    /// Whether its end has been told.
    is_told: Cell<bool>,
    /// Whether the log that was begun last is still open.
    is_log_open: Cell<bool>,
}

/// Waits until a run has ended, for as long as the settings allow, and stops it
/// where they say so.
///
/// # Errors
/// If the run cannot be read, does not end in time, or ends in another way than
/// it has to; if the caller is cancelled meanwhile.
pub async fn watch<H: Host>(
    client: &Client<'_, H>,
    settings: &Settings,
    waiting: &Waiting,
    followed: &Followed,
) -> Result<Ended, Error> {
    let host = client.host();
    host.report(Event::Following {
        run_id: followed.id,
        run_url: followed.url.clone(),
        run_api_url: client.run_api_url(followed.id),
        cancel_on_cancel: settings.cancels,
    });
    let watch = Watch {
        client,
        settings,
        waiting,
        followed,
        known: RefCell::default(),
        logs: KnownLogs::default(),
        waits_for: RefCell::default(),
        is_told: Cell::new(false),
        is_log_open: Cell::new(false),
    };
    let limit = waiting.timeout.unwrap_or(Duration::MAX);
    let deadline = Deadline::after(host, limit);
    let called_at = client.deadline().began;
    client.set_deadline(deadline);
    let work = watch.until_it_is_finished(deadline, called_at);
    let ended = match select(pin!(work), pin!(host.cancelled())).await {
        Either::Left((ended, _)) => ended,
        Either::Right(((), _)) => Err(Stopped::Cancelled),
    };
    watch.close_log();
    let mut is_over = true;
    let ended = match ended {
        Ok(ended) => ended,
        Err(Stopped::TimedOut(seen)) => {
            let end = if seen == LastSeen::Ended {
                "it has ended, but how could not be read".to_owned()
            } else if waiting.cancel_on_timeout {
                let stopping = pin!(watch.cancel(cancel::AFTER_TIMEOUT));
                match select(stopping, pin!(host.cancelled())).await {
                    Either::Left((stopping, _)) => stopping.end,
                    Either::Right(((), _)) => {
                        is_over = false;
                        "it was to be cancelled, but so was its caller".to_owned()
                    }
                }
            } else if seen == LastSeen::GoingOn {
                let waits_for = watch.waits_for.borrow();
                let waits_for = waits_for.as_ref();
                let waits_for = waits_for.map(|what| format!(", and waits for {what}"));
                format!("it goes on{}", waits_for.unwrap_or_default())
            } else {
                "it could not be read then, and may go on".to_owned()
            };
            let ended = if seen == LastSeen::GoingOn {
                "has not ended"
            } else {
                "was not seen to end"
            };
            Err(Error::new(
                Code::TimedOut,
                format!("Run {followed} {ended} within {} s: {end}", Seconds(limit)),
            )
            .hint(
                "Raise \u{1}wait_timeout_seconds, or look at the run's page for what it waits for.",
            ))
        }
        Err(Stopped::Cancelled) => {
            let end = if let Some(run) = watch.over() {
                watch.leave(&run)
            } else if settings.cancels {
                let since = followed.cancelled_at.unwrap_or_else(|| host.now());
                let gone = host.now() - since;
                let patience = cancel::after_cancellation_of(settings.by);
                let stopping = watch.cancel(patience.less(gone)).await;
                is_over = stopping.is_over;
                stopping.end
            } else {
                if watch.known.borrow().is_some() || !followed.url.is_empty() {
                    "it goes on"
                } else {
                    "it was not looked at, and may go on"
                }
                .to_owned()
            };
            Err(Error::new(
                Code::Cancelled,
                format!("Cancelled while waiting for run {followed}: {end}"),
            ))
        }
    };
    if settings.by == By::Step {
        host.report(if is_over {
            Event::Unfollowed {}
        } else {
            left_behind(client, Some(followed.id))
        });
    }
    ended
}

/// What is told where somebody else has to go on.
pub fn left_behind<H: Host>(client: &Client<'_, H>, run_id: Option<u64>) -> Event {
    let quiet = client.quiet_for();
    Event::LeftBehind {
        run_id,
        quiet_seconds: quiet.as_secs() + u64::from(quiet.subsec_nanos() > 0),
    }
}

/// How long a run that was started again is left before it is read again.
const STARTED_AGAIN_REST: Duration = Duration::from_secs(1);

/// Why a wait ended before its run.
enum Stopped {
    TimedOut(LastSeen),
    Cancelled,
}

/// How a run stood when the time was up.
#[derive(Clone, Copy, PartialEq, Eq)]
enum LastSeen {
    /// It goes on.
    GoingOn,
    /// It had ended before, but how could not be read.
    Ended,
    /// It could not be read any more.
    Nothing,
}

/// What came of waiting.
enum Waited {
    Over(Rc<Run>, Vec<Job>),
    TooLong(LastSeen),
}

impl<H: Host> Watch<'_, '_, H> {
    /// Waits for the run's end and reads what it returns, again if it is started again meanwhile.
    async fn until_it_is_finished(
        &self,
        deadline: Deadline,
        called_at: Moment,
    ) -> Result<Result<Ended, Error>, Stopped> {
        let mut told = Told::new(self.settings.by == By::Program);
        let mut state = State::new(called_at);
        loop {
            let waited = self.until_it_has_ended(deadline, &mut told, &mut state);
            let (run, jobs) = match waited.await {
                Ok(Waited::Over(run, jobs)) => (run, jobs),
                Ok(Waited::TooLong(seen)) => return Err(Stopped::TimedOut(seen)),
                Err(error) => return Ok(Err(error)),
            };
            // A run that has ended in time has: reading what it returns has a limit of its own.
            if let Some(result) = self.finish(&run, &jobs).await {
                return Ok(result);
            }
            // What was known is of an attempt that is over: it must not stand for the next one.
            self.known.replace(None);
            state.over = None;
            state.ended_at = None;
            self.client.set_deadline(deadline);
            // Servers whose answers alternate are not asked without a rest.
            self.client.host().sleep(STARTED_AGAIN_REST).await;
        }
    }

    /// What the caller gets of a run that has ended; `None` if it has been started again while that
    /// was read.
    async fn finish(&self, run: &Run, jobs: &[Job]) -> Option<Result<Ended, Error>> {
        let (ended, is_too_large) = self.ended(run, jobs).await?;
        self.is_told.set(true);
        self.summarise(&ended, jobs);
        self.print(jobs).await;
        Some(self.judge(ended, is_too_large, jobs))
    }

    /// What a caller that is cancelled still gets of a run that has ended: its conclusion.
    fn leave(&self, run: &Run) -> String {
        if !self.is_told.get() {
            let known = self.known.borrow();
            let jobs = known.as_ref().map(|(_, jobs)| jobs.as_slice());
            let ended = self.end(run, jobs.unwrap_or_default(), "{}".to_owned());
            self.client.host().report(Event::Ended(ended));
        }
        let conclusion = run.conclusion.as_deref().unwrap_or("no conclusion");
        format!("it had ended ({conclusion}); not all of it has been brought home")
    }

    /// The run, if it is known to have ended.
    fn over(&self) -> Option<Rc<Run>> {
        let known = self.known.borrow();
        let (run, _) = known.as_ref()?;
        run.is_completed().then(|| Rc::clone(run))
    }

    /// Looks until the run has ended, or has not when the time is up: that is known by one
    /// last look.
    async fn until_it_has_ended(
        &self,
        deadline: Deadline,
        told: &mut Told,
        state: &mut State,
    ) -> Result<Waited, Error> {
        let host = self.client.host();
        let began = host.now();
        let mut failures: Option<Repeats> = None;
        let mut denials = Denials::default();
        let last = Deadline {
            limit: deadline.limit.saturating_add(LAST_LOOK),
            ..deadline
        };
        loop {
            let looked = host.now();
            let mut rest = self.pause(state);
            let is_last = deadline.remaining(host).is_zero();
            let settling = state.settling(looked);
            let patience = if settling.is_zero() {
                last.remaining(host)
            } else {
                settling.min(SETTLES_WITHIN)
            };
            let patience = Deadline::after(host, patience);
            let seen = patience.bound(host, self.look(told, state)).await;
            // An attempt that has just been noticed is younger.
            rest = rest.min(self.pause(state));
            match seen.unwrap_or(Err(Failure::TooSlow)) {
                Ok(None) if is_last && state.ended_at.is_none() => {
                    return Ok(Waited::TooLong(LastSeen::GoingOn));
                }
                Ok(None) => {
                    failures = None;
                    denials.end();
                }
                Ok(Some((run, jobs))) => return Ok(Waited::Over(run, jobs)),
                Err(failure) if failure.may_pass() => {
                    let unseen = host.now() - state.seen_at.unwrap_or(began);
                    if failure.is_not_yet() && unseen >= UNKNOWN_FOR {
                        return Err(self.gone(failure));
                    }
                    // If the run itself could be read now.
                    let since = state.jobs_unread_since;
                    let since = since.filter(|_| state.seen_at >= Some(looked));
                    let unread = since.map(|since| host.now() - since);
                    if unread.is_some_and(|unread| unread >= JOBS_TELL_WITHIN) {
                        let doing = format!(
                            "read the jobs of run {}, which alone show whether it has ended",
                            self.followed
                        );
                        return Err(self.client.error(failure, &doing));
                    }
                    // A run that has just been created is often not to be seen at first.
                    if !failure.is_not_yet() || unread.is_some() {
                        self.client.note("read the run", &failure);
                    }
                    let failures = failures.get_or_insert_with(|| Repeats::new(host));
                    rest = rest.min(failures.pause());
                }
                // How a run ended is known without its jobs, which have their own time.
                Err(failure)
                    if denials.may_pass(self.client, &failure, DENIED_MEANWHILE)
                        || !settling.is_zero() && self.client.may_be_denied_yet(&failure) =>
                {
                    self.client.note("read the run", &failure);
                    let failures = failures.get_or_insert_with(|| Repeats::new(host));
                    rest = rest.min(failures.pause_after(self.client, &failure));
                }
                Err(failure) => return Err(self.unreadable(failure)),
            }
            let rest = rest.max(self.client.sparing_pause(1));
            let rest = rest.saturating_sub(host.now() - looked);
            let left = deadline.remaining(host);
            if !state.settling(host.now()).is_zero() {
                host.sleep(rest.min(LAST_LOOK)).await;
            } else if last.remaining(host).is_zero() {
                let Some(run) = state.over.clone() else {
                    let has_ended = state.ended_at.is_some() && self.client.family().ends_for_good;
                    return Ok(Waited::TooLong(if has_ended {
                        LastSeen::Ended
                    } else {
                        LastSeen::Nothing
                    }));
                };
                // How it ended is known, if nothing else.
                host.report(Event::JobsMissing {
                    problem: "they could not be read in time".to_owned(),
                });
                self.known.replace(Some((Rc::clone(&run), Vec::new())));
                return Ok(Waited::Over(run, Vec::new()));
            } else if left.is_zero() {
                let pause = if is_last {
                    BETWEEN_LAST_LOOKS
                } else {
                    Duration::ZERO
                };
                host.sleep(pause.min(last.remaining(host))).await;
            } else {
                host.sleep(rest.min(left)).await;
            }
        }
    }

    /// Looks once. The run and its jobs, if it has ended.
    async fn look(
        &self,
        told: &mut Told,
        state: &mut State,
    ) -> Result<Option<(Rc<Run>, Vec<Job>)>, Failure> {
        let host = self.client.host();
        let (asked, counted) = (host.now(), self.client.counted());
        let run = self.client.run(self.followed.id).await?;
        let has_counted = self.client.counted() > counted;
        state.seen_at = Some(host.now());
        // An older answer tells of an attempt that is over.
        let tells = self.client.family().runs_tell_attempts;
        if tells && run.run_attempt.is_some() && run.run_attempt < state.attempt {
            return Ok(None);
        }
        if !run.is_completed() {
            state.ended_at = None;
            state.jobs_unread_since = None;
        }
        // Where one job that failed counts for more than others that go on, all jobs of a run that
        // did not fail have ended (models/actions/run_job.go, `AggregateJobStatus`).
        let is_well = matches!(run.conclusion.as_deref(), Some("success" | "skipped"));
        let tells_its_end = self.client.family().ends_for_good || is_well;
        state.over = (run.is_concluded() && tells_its_end).then(|| Rc::clone(&run));
        let is_known = self
            .known
            .borrow()
            .as_ref()
            .is_some_and(|(known, _)| Rc::ptr_eq(known, &run) || **known == *run);
        state.costs = if is_known && has_counted && self.client.is_limited() {
            state.costs.saturating_add(1)
        } else {
            0
        };
        if is_known && !state.may_hide_changes {
            self.tell_that_nothing_happens(state).await;
            return Ok(None);
        }
        self.tell_attempt(run.run_attempt, state);
        let read = self.read_jobs(&run, tells_its_end, asked, state).await?;
        let is_said = read.is_none();
        let mut jobs = read.unwrap_or_default();
        if !is_known {
            state.changed_at = Some(host.now());
        }
        let since_changed = state.changed_at.map(|changed| host.now() - changed);
        let is_recent = since_changed.is_none_or(|since| since < HIDES_CHANGES_FOR);
        // A run that does not say when it changed hides all of them.
        state.may_hide_changes = run.updated_at.is_none() || is_recent;
        let attempt = jobs.iter().map(|job| job.run_attempt).max().flatten();
        self.tell_attempt(attempt, state);
        state.had_jobs |= !jobs.is_empty();
        // An older answer tells of an attempt that is over.
        let of_this_attempt = jobs.iter().filter(|job| {
            let attempt = job.run_attempt.or(state.attempt);
            attempt >= state.attempt
        });
        for event in told.news(of_this_attempt) {
            host.report(event);
        }
        self.tell_what_it_waits_for(&run, state).await;
        // Lists lag behind; what jobs there are have to have ended too, and to be of the same
        // attempt (where only some were run again, the others may be of an earlier one). A run
        // that has just been started again has none at first.
        let is_another = match attempt {
            Some(attempt) => match run.run_attempt {
                Some(own) => own != attempt,
                None => began_before(&jobs, &run),
            },
            None => {
                jobs.is_empty() && (state.had_jobs || run.conclusion.as_deref() == Some("success"))
            }
        };
        let is_concluded = run.is_concluded() && jobs.iter().all(Job::is_concluded);
        let lags = run.is_completed() && (is_another || !is_concluded);
        let goes_on = !self.client.family().ends_for_good
            && jobs
                .iter()
                .any(|job| job.status.as_deref() == Some("in_progress"));
        // Since the run was asked for, its jobs may have taken long.
        if lags && (goes_on || !state.has_settled(asked, host.now())) {
            return Ok(None);
        }
        if run.is_completed() && is_another {
            if !is_said {
                let problem = "only those of another attempt are listed".to_owned();
                host.report(Event::JobsMissing { problem });
            }
            jobs.clear();
        }
        let before = self.known.replace(Some((Rc::clone(&run), jobs.clone())));
        if before.is_none_or(|(_, before)| before != jobs) {
            state.jobs_changed_at = Some(host.now());
        }
        self.tell_that_nothing_happens(state).await;
        Ok(run.is_completed().then_some((run, jobs)))
    }

    /// Reads the jobs of a run; `None` if they are missing for good, which is reported.
    async fn read_jobs(
        &self,
        run: &Run,
        tells_its_end: bool,
        asked: Moment,
        state: &mut State,
    ) -> Result<Option<Vec<Job>>, Failure> {
        let host = self.client.host();
        let failure = match self.client.jobs(self.followed.id).await {
            Ok(jobs) => {
                state.has_read_jobs = true;
                state.jobs_unread_since = None;
                return Ok(Some(jobs));
            }
            Err(failure) => failure,
        };
        let may_pass = failure.may_pass() || self.client.may_be_denied_yet(&failure);
        if !run.is_completed() || !may_pass {
            return Err(failure);
        }
        // How the run ended is known without them, whatever is wrong with them; where only they
        // tell that it has, they must be missing for good.
        let is_missing = failure.is_not_yet() && !state.has_read_jobs;
        if !tells_its_end && !is_missing {
            state.jobs_unread_since.get_or_insert(host.now());
            return Err(failure);
        }
        if !state.has_settled(asked, host.now()) {
            return Err(failure);
        }
        host.report(Event::JobsMissing {
            problem: failure.to_string(),
        });
        // What there is of a list counts.
        let list = match failure {
            Failure::Malformed(_) => self
                .client
                .listed_jobs(self.followed.id, Attempts::Latest)
                .await
                .ok(),
            _ => None,
        };
        Ok(list.map(|list| list.entries))
    }

    /// Says once that the run has been started again.
    fn tell_attempt(&self, attempt: Option<u64>, state: &mut State) {
        if let Some(number) = attempt.filter(|number| *number > 1)
            && state.attempt < Some(number)
        {
            state.attempt = Some(number);
            state.attempt_since = self.client.host().now();
            state.had_jobs = false;
            // When the attempt before it had ended says nothing of this one.
            state.ended_at = None;
            state.told.clear();
            self.client.host().report(Event::Attempt { number });
        }
    }

    /// Says once that a run which has not ended has not gone on for long, and what it lacks.
    async fn tell_that_nothing_happens(&self, state: &mut State) {
        let lacks = |known: &Option<(Rc<Run>, Vec<Job>)>| {
            let (run, jobs) = known.as_ref()?;
            Lacks::of(run, jobs)
        };
        let Some(lacking) = lacks(&self.known.borrow()) else {
            return;
        };
        let reason = lacking.to_string();
        self.waits_for.replace(Some(reason.clone()));
        let host = self.client.host();
        let changed = state.changed_at.max(state.jobs_changed_at);
        let since = changed.unwrap_or(state.attempt_since);
        let is_usual = host.now() - since < lacking.is_usual_for();
        let is_last = self.client.deadline().remaining(host).is_zero();
        if is_usual || is_last || state.told.contains(&reason) {
            return;
        }
        // What happens to jobs may not show in the run. This is worth no more than a short look.
        let reading = self.client.jobs(self.followed.id);
        let within = Deadline::after(host, LAST_LOOK);
        let Ok(Ok(jobs)) = within.bound(host, reading).await else {
            // It is tried again as much later.
            state.jobs_changed_at = Some(host.now());
            return;
        };
        let has_changed = self
            .known
            .borrow()
            .as_ref()
            .is_none_or(|(_, known)| *known != jobs);
        if has_changed {
            state.jobs_changed_at = Some(host.now());
            if let Some((_, known)) = &mut *self.known.borrow_mut() {
                *known = jobs;
            }
            let now = lacks(&self.known.borrow());
            self.waits_for.replace(now.as_ref().map(Lacks::to_string));
        } else {
            state.told.push(reason.clone());
            host.report(Event::RunWaits { reason });
        }
    }

    /// Says once for what a run waits that no job of it runs for.
    async fn tell_what_it_waits_for(&self, run: &Run, state: &mut State) {
        self.waits_for.replace(None);
        if !self.client.family().has_environments {
            return;
        }
        let reason = match run.status.as_deref().unwrap_or_default() {
            "waiting" => match self.client.pending_environments(self.followed.id).await {
                Ok(environments) if !environments.is_empty() => {
                    format!("approval for {}", environments.join(", "))
                }
                Err(failure) if failure.is_transient() => {
                    // The next look asks again, whether or not the run has changed.
                    state.may_hide_changes = true;
                    return;
                }
                _ => "a deployment protection rule".to_owned(),
            },
            "pending" => "its turn: another run of its concurrency group goes first".to_owned(),
            "action_required" => "approval to run at all".to_owned(),
            _ => return,
        };
        self.waits_for.replace(Some(reason.clone()));
        if !state.told.contains(&reason) {
            state.told.push(reason.clone());
            self.client.host().report(Event::RunWaits { reason });
        }
    }

    /// The pause before the next look, by the age of the run's attempt. If this call dispatched it,
    /// that is known without any clock of the server; otherwise it may have been there before the
    /// wait began, as its times tell.
    fn pause(&self, state: &State) -> Duration {
        if let Some(interval) = self.settings.interval {
            return interval;
        }
        let now = self.client.host().now();
        let known = self.known.borrow();
        let run = known.as_ref().map(|(run, _)| run);
        let started = run.and_then(|run| run.run_started_at.or(run.created_by()));
        let is_anothers = self.waiting.run_id.is_some();
        let age = self
            .client
            .latest_time(now)
            .zip(started.filter(|_| is_anothers))
            .map(|(now, started)| now.since(started));
        let age = age.unwrap_or(now - state.attempt_since);
        pace::pause(age, state.costs < 2)
    }

    /// The error of a run that may not be read any more.
    fn unreadable(&self, failure: Failure) -> Error {
        let is_denied = self.client.may_be_denied_yet(&failure);
        let error = self.client.error(failure, "read the run");
        if !is_denied {
            return error;
        }
        let Followed { id, .. } = self.followed;
        let known = self.known.borrow();
        let goes_on = match &*known {
            Some((run, _)) if !run.is_completed() => "goes on",
            _ => "may go on",
        };
        let message = format!(
            "{} while waiting for run {}, which {goes_on}",
            error.message.trim_end_matches('.'),
            self.followed
        );
        let with_id = if self.followed.returns_values {
            format!(" and \u{1}distinct_id {}", self.settings.distinct_id)
        } else {
            String::new()
        };
        let again =
            format!("To wait for the run with another token, pass \u{1}run_id {id}{with_id}.");
        error.message(message).and_hint(&again)
    }

    fn gone(&self, failure: Failure) -> Error {
        let mut error = self.client.error(failure, "read the run");
        error.message = format!(
            "Run {} does not exist in {}, or has been deleted",
            self.followed,
            self.client.repository()
        );
        error
    }
}

/// Whether all jobs began before the run did, so that they are of an earlier attempt than the run, which
/// does not tell its own (Gitea: a run that is started again begins anew).
fn began_before(jobs: &[Job], run: &Run) -> bool {
    // Whole seconds, and a job begins a moment before its run is said to.
    const ROUNDED: Duration = Duration::from_secs(2);
    let latest = jobs.iter().filter_map(|job| job.started_at).max();
    let times = latest.zip(run.started_at);
    times.is_some_and(|(latest, run)| latest.later_by(ROUNDED) < run)
}

/// What a run lacks that has not ended and in which nothing happens.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Lacks {
    /// A runner, for this job and so many others.
    Runner(String, usize),
    /// All its jobs have ended, and it has not.
    End,
}

impl Lacks {
    /// What this run lacks, if anything.
    fn of(run: &Run, jobs: &[Job]) -> Option<Self> {
        if run.is_completed() || jobs.is_empty() {
            return None;
        }
        if jobs.iter().all(Job::is_completed) {
            return Some(Self::End);
        }
        let is_queued = |job: &&Job| job.status.as_deref() == Some("queued");
        let has_runner = |job: &Job| job.status.as_deref() == Some("in_progress");
        let mut queued = jobs.iter().filter(is_queued);
        let first = queued.next().filter(|_| !jobs.iter().any(has_runner))?;
        Some(Self::Runner(first.name.clone(), queued.count()))
    }

    /// For so long, that is not worth a word.
    fn is_usual_for(&self) -> Duration {
        match self {
            Self::Runner(..) => Duration::from_mins(5),
            Self::End => Duration::from_mins(2),
        }
    }
}

impl std::fmt::Display for Lacks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Runner(job, 0) => write!(f, "a runner that takes {job}"),
            Self::Runner(job, more) => write!(f, "runners that take {job} and {more} more"),
            Self::End => f.write_str("its end: all its jobs have ended"),
        }
    }
}

/// What has been told of a run as a whole.
#[derive(Debug, Default)]
struct State {
    /// What the attempt was said to wait for.
    told: Vec<String>,
    /// How many of the last looks saw nothing new and counted against a rate limit all the same: some
    /// gateways take the `ETag` away. (Of one alone, the server may have said what is not read.)
    costs: u8,
    /// Whether it may have changed since, and look the same.
    may_hide_changes: bool,
    attempt: Option<u64>,
    /// When this attempt was first seen; of the first one, when it was called.
    attempt_since: Moment,
    /// When the run was first seen as it is.
    changed_at: Option<Moment>,
    /// When its jobs were first seen as they are.
    jobs_changed_at: Option<Moment>,
    /// Whether jobs have been read at all.
    has_read_jobs: bool,
    /// Since when they could not be read of a run that need not have ended without them.
    jobs_unread_since: Option<Moment>,
    /// Whether this attempt has been seen to have jobs.
    had_jobs: bool,
    /// When it was last seen at all.
    seen_at: Option<Moment>,
    /// It, if it had ended when it was last seen.
    over: Option<Rc<Run>>,
    /// When it was first seen to have ended.
    ended_at: Option<Moment>,
}

impl State {
    /// Nothing is known yet of a run that was called at this moment, or of which the wait began.
    fn new(called_at: Moment) -> Self {
        Self {
            attempt_since: called_at,
            ..Self::default()
        }
    }

    /// For how long the run, if it has ended, may still take to show all of it, however long the wait.
    fn settling(&self, now: Moment) -> Duration {
        let since = self.ended_at.map(|ended| now - ended);
        since.map_or(Duration::ZERO, |since| {
            (2 * SETTLES_WITHIN).saturating_sub(since)
        })
    }

    /// Whether the run, which has ended, had had the time to show all of it when it was asked for.
    fn has_settled(&mut self, asked: Moment, now: Moment) -> bool {
        asked - *self.ended_at.get_or_insert(now) >= SETTLES_WITHIN
    }
}
