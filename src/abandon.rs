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
use crate::time::ServerTime;
use crate::watch::{LONGEST_PATIENCE, stop_left_behind};

/// A run that was not found in time may take so long to be found after all.
const SEARCH: Duration = Duration::from_mins(1);

/// What is left of a call, as its events told it.
#[derive(Debug, Clone, Default)]
pub struct Left {
    /// Its run, if it was known.
    pub run_id: Option<u64>,
    /// The ID that its run shows, and since when by the server's clock there can
    /// be one, if it was looked for.
    pub sought: Option<(String, ServerTime)>,
    /// For how long the server wanted to be left alone.
    pub quiet: Duration,
}

impl Left {
    /// What a runner has kept of it: text by its names, empty where there is none.
    pub fn read(state: impl Fn(&str) -> String) -> Self {
        let quiet: u32 = state("quiet_seconds").parse().unwrap_or_default();
        Self {
            run_id: state("run_id").parse().ok(),
            sought: ServerTime::from_rfc3339(&state("sought_since"))
                .map(|since| (state("sought"), since)),
            quiet: Duration::from_secs(quiet.into()),
        }
    }
}

/// Stops the run of a call that left something behind, after finding it where
/// that is still to be done. What became of it, for people.
pub async fn abandon<H: Host>(host: &H, settings: &Settings, left: &Left) -> String {
    let limit = SEARCH + left.quiet.min(LONGEST_PATIENCE);
    let client = Client::new(host, settings, Deadline::after(host, limit));
    client.be_quiet(left.quiet);
    match (left.run_id, &left.sought) {
        (Some(run), _) => {
            let end = stop_left_behind(&client, run).await;
            format!("The step ended while run {run} went on: {end}.")
        }
        (None, Some((id, since))) => match find(&client, settings, id, *since).await {
            Ok(run) => {
                let end = stop_left_behind(&client, run).await;
                format!("The step ended before it had found its run, {run}: {end}.")
            }
            Err(problem) => format!(
                "The step ended before it had found its run, which shows {id} and may go on: {problem}"
            ),
        },
        (None, None) => "The step left nothing behind.".to_owned(),
    }
}

async fn find<H: Host>(
    client: &Client<'_, H>,
    settings: &Settings,
    id: &str,
    since: ServerTime,
) -> Result<u64, String> {
    let work = async {
        let settings = &Settings {
            distinct_id: DistinctId::drawn_before(id)?,
            ..settings.clone()
        };
        let progress = Progress::default();
        // Nobody has to be told: this is the last who looks.
        progress.seek();
        let target = Target::look_up(client, settings).await?;
        let mut search = Search::new(client, settings, &target, &progress);
        search.resume(since);
        search.find().await
    };
    match client.deadline().bound(client.host(), work).await {
        Ok(Ok(found)) => Ok(found.id),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err(format!(
            "no run showed it within {} s. Look at the workflow's runs, and cancel it by hand.",
            client.deadline().limit.as_secs()
        )),
    }
}
