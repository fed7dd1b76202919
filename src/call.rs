//! The story of one call.

use crate::deadline::{Deadline, Passed};
use crate::dispatch::{Outcome, dispatch};
use crate::error::Error;
use crate::event::{Event, Identified};
use crate::github::Client;
use crate::host::Host;
use crate::identify::{Found, Search};
use crate::progress::Progress;
use crate::settings::Settings;
use crate::target::Target;

/// Dispatches a workflow and returns exactly the run that this created.
///
/// # Errors
/// [`Error`] if nothing was dispatched, or if the run cannot be identified
/// beyond doubt within [`Settings::timeout`]. Its code says which.
pub async fn call<H: Host>(host: &H, settings: &Settings) -> Result<Identified, Error> {
    host.report(Event::Started {
        distinct_id: settings.distinct_id.to_string(),
    });
    let deadline = Deadline::after(host, settings.timeout);
    let client = Client::new(host, settings, deadline);
    let progress = Progress::default();

    let work = dispatch_and_identify(&client, settings, &progress);
    let found = match deadline.bound(host, work).await {
        Ok(found) => found?,
        Err(Passed) => return Err(progress.timed_out(settings, client.trouble().as_deref())),
    };

    let identified = Identified {
        distinct_id: settings.distinct_id.to_string(),
        requests: client.requests(),
        seconds: (host.now() - deadline.began).as_secs_f64(),
        run_id: found.id,
        run_url: found.html_url,
        run_api_url: found.api_url,
        identified_by: found.by,
    };
    host.report(Event::Identified(identified.clone()));
    Ok(identified)
}

async fn dispatch_and_identify<H: Host>(
    client: &Client<'_, H>,
    settings: &Settings,
    progress: &Progress,
) -> Result<Found, Error> {
    let target = Target::look_up(client, settings).await?;
    let mut search = Search::new(client, settings, &target, progress);
    let found = loop {
        match dispatch(client, settings, &target, progress, &mut search).await? {
            Outcome::Named(found) => break found,
            Outcome::Accepted => break search.find().await?,
            Outcome::Unclear => {
                if let Some(found) = search.settle().await? {
                    break found;
                }
            }
        }
    };
    if search.was_repeated() {
        search.keep_one(found).await
    } else {
        Ok(found)
    }
}
