//! Stopping a run that is waited for.
//!
//! A run that is asked to stop may take its time for what has to be done even
//! then (`if: always()`). Force takes that away from it, so it is used only
//! where nothing at all happens.

use std::cell::Cell;
use std::time::Duration;

use super::Watch;
use crate::deadline::{Deadline, Passed};
use crate::event::Event;
use crate::github::{Client, Failure, Job, Repeats};
use crate::host::Host;
use crate::settings::Settings;

/// How long things may take.
#[derive(Debug, Clone, Copy)]
pub(super) struct Patience {
    /// Until force is used on a run to which nothing happens.
    reacts: Duration,
    /// In all.
    all: Duration,
}

impl Patience {
    /// What is left of it after so long.
    pub fn less(self, gone: Duration) -> Self {
        Self {
            reacts: self.reacts.saturating_sub(gone),
            all: self.all.saturating_sub(gone),
        }
    }
}

/// A runner that cancels a step sends SIGINT, SIGTERM 7.5 s later, and kills it
/// 2.5 s after that (actions/runner, `ProcessInvoker`).
pub(super) const AFTER_SIGNAL: Patience = Patience {
    reacts: Duration::from_millis(5_500),
    all: Duration::from_millis(8_500),
};

/// Nobody is in a hurry.
pub(super) const AFTER_TIMEOUT: Patience = Patience {
    reacts: Duration::from_mins(1),
    all: Duration::from_mins(2),
};

const BY_HAND: &str = "look at it, and cancel it by hand";
const TOO_LATE: &str = "it had ended before it could be cancelled";

const BETWEEN_LOOKS: Duration = Duration::from_secs(1);

/// What became of stopping a run.
#[derive(Debug)]
pub(super) struct Stopping {
    /// In words, for people.
    pub end: String,
    /// Whether the server has heard of it; if not, somebody else should try.
    pub is_heard: bool,
}

impl<H: Host> Watch<'_, '_, H> {
    /// Stops the run.
    pub(super) async fn cancel(&self, patience: Patience) -> Stopping {
        let jobs = self.known.borrow().as_ref().map(|(_, jobs)| jobs.clone());
        let id = self.followed.id;
        stop(self.client, id, jobs.as_deref(), patience).await
    }
}

/// Stops the run that a step left behind when it was killed. What became of it,
/// for people.
pub async fn abandon<H: Host>(host: &H, settings: &Settings, run: u64) -> String {
    let deadline = Deadline::after(host, AFTER_TIMEOUT.all);
    let client = Client::new(host, settings, deadline);
    stop(&client, run, None, AFTER_TIMEOUT).await.end
}

async fn stop<H: Host>(
    client: &Client<'_, H>,
    run: u64,
    jobs: Option<&[Job]>,
    patience: Patience,
) -> Stopping {
    let host = client.host();
    let deadline = Deadline::after(host, patience.all);
    client.set_deadline(deadline);
    let answer = Cell::new(Answer::None);
    let work = async {
        let mut until = host.now() + patience.reacts;
        let mut forced = false;
        let mut before: Option<Vec<Job>> = jobs.map(<[Job]>::to_vec);
        loop {
            if answer.get() != Answer::Accepted {
                match send(client, run, false).await {
                    Ok(true) => {
                        answer.set(Answer::Accepted);
                        until = until.max(host.now() + BETWEEN_LOOKS);
                    }
                    Ok(false) => answer.set(Answer::Conflict),
                    Err(failure) => {
                        return format!("it could not be cancelled ({failure}); {BY_HAND}");
                    }
                }
            }
            if let Some(conclusion) = conclusion(client, run).await {
                return match conclusion.as_str() {
                    "cancelled" => "it has been cancelled".to_owned(),
                    other => format!("{TOO_LATE} ({other})"),
                };
            }
            if let Ok(now) = client.jobs(run).await {
                if before.as_ref().is_some_and(|before| *before != now) {
                    until = host.now() + patience.reacts;
                }
                before = Some(now);
            }
            if !forced && host.now() >= until {
                forced = true;
                if let Err(failure) = send(client, run, true).await {
                    return format!(
                        "it did not react to being cancelled, and could not be forced to end ({failure})"
                    );
                }
            }
            host.sleep(BETWEEN_LOOKS).await;
        }
    };
    let end = match deadline.bound(host, work).await {
        Ok(end) => end,
        Err(Passed) => match answer.get() {
            Answer::Accepted => "it has been told to cancel, and has not ended yet".to_owned(),
            Answer::Conflict => TOO_LATE.to_owned(),
            Answer::None => format!("whether it will be cancelled is not known yet; {BY_HAND}"),
        },
    };
    Stopping {
        end,
        is_heard: answer.get() != Answer::None,
    }
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
    client
        .host()
        .report(Event::Cancelling { run_id: run, force });
    let repeats = Repeats::about_something_new(client.host());
    client
        .persist("cancel the run", repeats, async || {
            client.cancel(run, force).await
        })
        .await
}

/// How the run ended, if it has.
async fn conclusion<H: Host>(client: &Client<'_, H>, run: u64) -> Option<String> {
    let run = client.run(run).await.ok()?;
    run.is_completed()
        .then(|| run.conclusion.clone().unwrap_or_default())
}
