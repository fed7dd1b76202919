//! Stopping a run that is waited for.
//!
//! A run that is asked to stop may take its time for what has to be done even
//! then (`if: always()`). Force takes that away from it, so it is used only
//! where nothing shows that the run has heard.

use std::cell::Cell;
use std::time::Duration;

use super::Watch;
use crate::deadline::{Deadline, Passed};
use crate::error::{Code, Error};
use crate::event::{Cancelled, Event};
use crate::github::{Client, DENIED_FOR, Denials, Failure, Job, Repeats, Run};
use crate::host::Host;
use crate::settings::By;
use crate::time::Moment;

/// How long things may take.
#[derive(Debug, Clone, Copy)]
pub(super) struct Patience {
    /// Until force is used on a run to which nothing happens; `None`: it is not.
    force_after: Option<Duration>,
    /// In all.
    all: Duration,
}

impl Patience {
    /// What is left of it after so long.
    pub fn less(self, gone: Duration) -> Self {
        Self {
            all: self.all.saturating_sub(gone),
            ..self
        }
    }
}

/// A runner that cancels a step sends SIGINT, SIGTERM 7.5 s later, and kills it
/// 2.5 s after that (actions/runner, `ProcessInvoker`). The run's own steps have
/// as long, so that it ignores its cancellation cannot be known by then.
const AFTER_SIGNAL: Patience = Patience {
    force_after: None,
    all: Duration::from_millis(8_500),
};

/// Nobody is in a hurry.
pub(super) const AFTER_TIMEOUT: Patience = Patience {
    force_after: Some(Duration::from_mins(1)),
    all: Duration::from_mins(2),
};

/// For a run whose caller is cancelled.
pub(super) fn after_cancellation_of(caller: By) -> Patience {
    match caller {
        By::Step => AFTER_SIGNAL,
        By::Program => AFTER_TIMEOUT,
    }
}

/// What to do about a run that may go on.
pub const BY_HAND: &str = "look at it, and cancel it by hand";

/// What force may take on a slow connection: to be answered, and to be seen.
const FOR_FORCE: Duration = Duration::from_secs(30);

const BETWEEN_LOOKS: Duration = Duration::from_secs(1);

/// What became of stopping a run.
#[derive(Debug)]
pub(super) struct Stopping {
    /// In words, for people.
    pub end: String,
    /// Whether nothing can be done any more: the run has ended, or may not be
    /// cancelled. Otherwise somebody with more time should go on.
    pub is_over: bool,
    /// How it ended, if it has.
    pub conclusion: Option<String>,
    /// Why it has not been stopped, where the server gave a reason.
    pub failure: Option<Failure>,
}

impl Stopping {
    /// It has ended.
    fn over(end: String, run: &Run) -> Self {
        Self {
            end,
            is_over: true,
            conclusion: run.conclusion.clone(),
            failure: None,
        }
    }

    /// It goes on, or may.
    fn not_over(end: String) -> Self {
        Self {
            end,
            is_over: false,
            conclusion: None,
            failure: None,
        }
    }
}

impl<H: Host> Watch<'_, '_, H> {
    /// Stops the run.
    pub(super) async fn cancel(&self, patience: Patience) -> Stopping {
        let (attempt, jobs) = match &*self.known.borrow() {
            Some((run, jobs)) => (run.run_attempt, Some(jobs.clone())),
            None => (None, None),
        };
        let id = self.followed.id;
        stop(self.client, id, attempt, jobs.as_deref(), patience).await
    }
}

/// Stops a run that was dispatched while its caller was cancelled. What became of
/// it, for people.
pub async fn stop_unwanted<H: Host>(client: &Client<'_, H>, run: u64) -> String {
    stop(client, run, None, None, AFTER_TIMEOUT).await.end
}

/// Stops a run for a program that asks for just that.
///
/// # Errors
/// If it goes on, or may.
pub async fn cancel_run<H: Host>(client: &Client<'_, H>, run: u64) -> Result<Cancelled, Error> {
    let stopping = stop(client, run, None, None, AFTER_TIMEOUT).await;
    match (stopping.conclusion, stopping.failure) {
        (Some(conclusion), _) => Ok(Cancelled {
            run_id: run,
            conclusion,
            message: format!("Run {run}: {}", stopping.end),
        }),
        (None, Some(failure)) => Err(client.error(failure, &format!("cancel run {run}"))),
        (None, None) => Err(Error::new(
            Code::TimedOut,
            format!("Run {run} was to be cancelled: {}", stopping.end),
        )),
    }
}

/// Stops the attempt at a run that a step left behind, killed or short of time.
/// What became of it, for people.
pub async fn stop_left_behind<H: Host>(
    client: &Client<'_, H>,
    run: u64,
    attempt: u64,
    time: Duration,
) -> String {
    let patience = Patience {
        all: (AFTER_TIMEOUT.all + client.quiet_for()).min(time),
        ..AFTER_TIMEOUT
    };
    let host = client.host();
    let deadline = Deadline::after(host, patience.all);
    client.set_deadline(deadline);
    // It may have ended since, and somebody may have started it again.
    let look = async {
        let mut denials = Denials::default();
        loop {
            match client.run(run).await {
                Err(failure)
                    if failure.may_pass() || denials.may_pass(client, &failure, DENIED_FOR) =>
                {
                    host.sleep(BETWEEN_LOOKS).await;
                }
                read => return read,
            }
        }
    };
    match deadline.bound(host, look).await {
        Ok(Ok(run)) => {
            // The step that left it behind may have told it to cancel.
            if let Some(end) = end(&run, Some(attempt), Answer::Accepted) {
                return end;
            }
        }
        Ok(Err(failure)) => return format!("it could not be read ({failure}); {BY_HAND}"),
        Err(Passed) => return format!("it could not be read in time; {BY_HAND}"),
    }
    let patience = Patience {
        all: deadline.remaining(host),
        ..patience
    };
    stop(client, run, Some(attempt), None, patience).await.end
}

async fn stop<H: Host>(
    client: &Client<'_, H>,
    run: u64,
    attempt: Option<u64>,
    jobs: Option<&[Job]>,
    patience: Patience,
) -> Stopping {
    let host = client.host();
    let deadline = Deadline::after(host, patience.all);
    client.set_deadline(deadline);
    let answer = Cell::new(Answer::None);
    let goes_on = Cell::new(false);
    let work = async {
        let report = |force| host.report(Event::Cancelling { run_id: run, force });
        report(false);
        let mut reactions = Reactions::new(host.now(), jobs);
        let mut forced = false;
        let mut again = host.now();
        let mut pause = BETWEEN_LOOKS;
        loop {
            if answer.get() != Answer::Accepted && host.now() >= again {
                match send(client, run, false).await {
                    Ok(true) => {
                        answer.set(Answer::Accepted);
                        reactions.begin(host.now());
                    }
                    Ok(false) => {
                        if answer.get() == Answer::None {
                            reactions.begin(host.now());
                        }
                        answer.set(Answer::Conflict);
                        again = host.now() + pause;
                        pause *= 2;
                    }
                    Err(failure) => {
                        let end = format!("it could not be cancelled ({failure}); {BY_HAND}");
                        return Stopping {
                            is_over: !failure.may_pass(),
                            failure: Some(failure),
                            ..Stopping::not_over(end)
                        };
                    }
                }
            }
            let seen = client.run(run).await;
            if let Ok(run) = &seen {
                goes_on.set(!run.is_completed());
                if let Some(end) = end(run, attempt, answer.get()) {
                    return Stopping::over(end, run);
                }
            }
            match client.jobs(run).await {
                Ok(now) if seen.is_ok() => reactions.see(now, host.now()),
                // Whether it reacts is not known then.
                _ => reactions.unknown(host.now()),
            }
            if !forced
                && let Some(force_after) = patience.force_after
                && reactions.are_missing(host.now(), force_after, deadline.remaining(host))
            {
                forced = true;
                report(true);
                if let Err(failure) = send(client, run, true).await {
                    let end = format!(
                        "it did not react to being cancelled, and could not be forced to end ({failure})"
                    );
                    return Stopping {
                        is_over: true,
                        failure: Some(failure),
                        ..Stopping::not_over(end)
                    };
                }
            }
            host.sleep(BETWEEN_LOOKS).await;
        }
    };
    match deadline.bound(host, work).await {
        Ok(stopping) => stopping,
        Err(Passed) => Stopping::not_over(
            match answer.get() {
                Answer::Accepted => "it has been told to cancel, and has not ended yet".to_owned(),
                Answer::Conflict if goes_on.get() => {
                    format!("the server says that it cannot be cancelled (409), yet it goes on; {BY_HAND}")
                }
                Answer::Conflict => {
                    "the server says that it cannot be cancelled (409), most likely because it has ended"
                        .to_owned()
                }
                Answer::None => format!("whether it will be cancelled is not known yet; {BY_HAND}"),
            },
        ),
    }
}

/// What the jobs of a run show of its having heard that it is cancelled.
struct Reactions {
    /// Since when the run could react.
    since: Moment,
    /// When something last happened to them.
    last: Moment,
    /// Whether that is known: they could be read.
    known: bool,
    before: Option<Vec<Job>>,
    /// Whether any of it shows that the run has heard.
    heard: bool,
}

impl Reactions {
    fn new(now: Moment, jobs: Option<&[Job]>) -> Self {
        Self {
            since: now,
            last: now,
            known: false,
            before: jobs.map(<[Job]>::to_vec),
            heard: false,
        }
    }

    /// It has been asked to stop.
    fn begin(&mut self, now: Moment) {
        self.since = now;
        self.last = now;
    }

    /// It could not be looked at.
    fn unknown(&mut self, now: Moment) {
        self.last = now;
        self.known = false;
    }

    fn see(&mut self, jobs: Vec<Job>, now: Moment) {
        let cancelled = |jobs: &[Job]| jobs.iter().map(cancelled_parts).sum::<usize>();
        let before = self.before.as_deref();
        if before.is_some_and(|before| before != jobs) {
            self.last = now;
        }
        self.heard |= cancelled(&jobs) > before.map_or(0, cancelled);
        self.before = Some(jobs);
        self.known = true;
    }

    /// Whether a run does not seem to have heard: it has had so long to react, and
    /// nothing has happened to it for as long, or for a while when little time remains.
    fn are_missing(&self, now: Moment, patience: Duration, remaining: Duration) -> bool {
        let quiet = if remaining <= FOR_FORCE {
            FOR_FORCE
        } else {
            patience
        };
        let is_quiet = now - self.since >= patience && now - self.last >= quiet;
        self.known && !self.heard && is_quiet
    }
}

/// How much of a job was cancelled: itself, and its steps.
fn cancelled_parts(job: &Job) -> usize {
    let steps = job.steps.iter().map(|step| &step.conclusion);
    steps
        .chain([&job.conclusion])
        .filter(|conclusion| conclusion.as_deref() == Some("cancelled"))
        .count()
}

/// What a server has said to being asked to cancel a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answer {
    None,
    Accepted,
    /// It cannot be cancelled: it has ended, or is not even queued again.
    Conflict,
}

/// Whether it is going to be cancelled.
async fn send<H: Host>(client: &Client<'_, H>, run: u64, force: bool) -> Result<bool, Failure> {
    let repeats = Repeats::about_something_new(client.host());
    client
        .persist("cancel the run", repeats, async || {
            client.cancel(run, force).await
        })
        .await
}

/// What is said of this attempt at a run after that answer, if it has ended.
fn end(run: &Run, attempt: Option<u64>, answer: Answer) -> Option<String> {
    if attempt.is_some() && run.run_attempt > attempt {
        return Some("it has ended, and somebody has started it again since".to_owned());
    }
    if !run.is_concluded() {
        return None;
    }
    let conclusion = run.conclusion.as_deref().unwrap_or_default();
    Some(match answer {
        _ if conclusion == "cancelled" => "it has been cancelled".to_owned(),
        Answer::Accepted => {
            format!("it has ended by itself ({conclusion})")
        }
        Answer::Conflict | Answer::None => {
            format!("it had ended before it could be cancelled ({conclusion})")
        }
    })
}
