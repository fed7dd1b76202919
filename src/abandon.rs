//! What a step leaves behind when it is killed, or is cancelled and has no more
//! time: its `post` step goes on from here.

use std::time::Duration;

use crate::deadline::Deadline;
use crate::github::Client;
use crate::host::Host;
use crate::identify::Search;
use crate::progress::Progress;
use crate::settings::{DistinctId, Settings};
use crate::target::Target;
use crate::watch::{BY_HAND, stop_left_behind};

/// A run that was not found in time may take so long to be found after all.
const SEARCH: Duration = Duration::from_mins(1);

/// A server that wants to be left alone for longer is not waited for.
const LONGEST_QUIET: Duration = Duration::from_mins(2);

/// A job that is cancelled is ended by its server after five minutes.
const ALL: Duration = Duration::from_secs(280);

/// What is left of a call, as its events told it.
#[derive(Debug, Clone, Default)]
pub struct Left {
    /// Its run, if it was known.
    pub run_id: Option<u64>,
    /// The latest attempt at it that was seen, if not the first.
    pub attempt: Option<u64>,
    /// The ID that its run shows, if it was looked for; with its run, if there may be another one.
    pub sought: Option<String>,
    /// For how long the server wanted to be left alone.
    pub quiet: Duration,
}

impl Left {
    /// What a runner has kept of it: text by its names, empty where there is none.
    pub fn read(state: impl Fn(&str) -> String) -> Self {
        let quiet: u32 = state("quiet_seconds").parse().unwrap_or_default();
        Self {
            run_id: state("run_id").parse().ok(),
            attempt: state("run_attempt").parse().ok(),
            sought: Some(state("sought")).filter(|id| !id.is_empty()),
            quiet: Duration::from_secs(quiet.into()),
        }
    }
}

/// Stops the run of a call that left something behind, after finding it where
/// that is still to be done. What became of it, for people.
pub async fn abandon<H: Host>(host: &H, settings: &Settings, left: &Left) -> String {
    let all = Deadline::after(host, ALL);
    let what = match (left.run_id, &left.sought) {
        (Some(run), _) => format!("The step ended while run {run} went on"),
        (None, Some(id)) => {
            format!("The step ended before it had found its run, which shows {id} and may go on")
        }
        (None, None) => return "The step left nothing behind.".to_owned(),
    };
    if left.quiet > LONGEST_QUIET {
        let seconds = left.quiet.as_secs();
        return format!("{what}: the server wants to be left alone for {seconds} s; {BY_HAND}.");
    }
    let client = Client::new(host, settings, Deadline::after(host, SEARCH + left.quiet));
    client.be_quiet(left.quiet);
    let (what, run) = match (left.run_id, &left.sought) {
        (Some(run), _) => (what, run),
        (None, id) => match find(&client, settings, id.as_deref()).await {
            Ok(run) => (
                format!("The step ended before it had found its run, {run}"),
                run,
            ),
            Err(problem) => return format!("{what}: {problem}"),
        },
    };
    let attempt = left.attempt.unwrap_or(1);
    let end = stop_left_behind(&client, run, attempt, all.remaining(host)).await;
    match (left.run_id, &left.sought) {
        (Some(known), Some(id)) => {
            let other = abandon_other(&client, settings, known, id, all).await;
            format!("{what}: {end}.{other}")
        }
        _ => format!("{what}: {end}."),
    }
}

/// Of a call whose dispatch was retried, and which was over before it was certain that there is one run:
/// stops the earliest that shows its ID, if that is not the one that is known. What became of it.
async fn abandon_other<H: Host>(
    client: &Client<'_, H>,
    settings: &Settings,
    known: u64,
    id: &str,
    all: Deadline,
) -> String {
    let host = client.host();
    let time = SEARCH.min(all.remaining(host));
    client.set_deadline(Deadline::after(host, time));
    let found = if client.quiet_for() < time {
        find(client, settings, Some(id)).await
    } else {
        Err("rate limited".to_owned())
    };
    match found {
        Ok(run) if run == known => String::new(),
        Ok(run) => {
            let end = stop_left_behind(client, run, 1, all.remaining(host)).await;
            format!(" Its dispatch was retried, and run {run} shows its ID as well: {end}.")
        }
        Err(_) => {
            format!(" Its dispatch was retried, and may have made another run, which shows {id}.")
        }
    }
}

async fn find<H: Host>(
    client: &Client<'_, H>,
    settings: &Settings,
    id: Option<&str>,
) -> Result<u64, String> {
    let work = async {
        let settings = &Settings {
            distinct_id: DistinctId::drawn_before(id.unwrap_or_default())?,
            waiting: None,
            cancels: false,
            ..settings.clone()
        };
        let progress = Progress::default();
        let target = Target::look_up(client, settings).await?;
        let mut search = Search::new(client, settings, &target, &progress);
        search.resume();
        search.find().await
    };
    match client.deadline().bound(client.host(), work).await {
        Ok(Ok(found)) => Ok(found.id),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err(format!(
            "no run showed it within {} s; {BY_HAND}.",
            client.deadline().limit.as_secs()
        )),
    }
}
