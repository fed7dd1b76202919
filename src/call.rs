//! The story of one call.

use crate::deadline::{Deadline, Passed};
use crate::dispatch::{Outcome, dispatch};
use crate::error::Error;
use crate::event::{Event, Identified, IdentifiedBy};
use crate::github::Client;
use crate::host::Host;
use crate::identify::identify;
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
    let client = Client::new(host, settings);
    let progress = Progress::default();

    let work = dispatch_and_identify(&client, settings, &progress);
    let found = match deadline.bound(host, work).await {
        Ok(found) => found?,
        Err(Passed) => return Err(progress.timed_out(settings)),
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

struct Found {
    id: u64,
    html_url: String,
    api_url: String,
    by: IdentifiedBy,
}

async fn dispatch_and_identify<H: Host>(
    client: &Client<'_, H>,
    settings: &Settings,
    progress: &Progress,
) -> Result<Found, Error> {
    let target = Target::look_up(client, settings).await?;
    match dispatch(client, settings, &target, progress).await? {
        Outcome::Run {
            id,
            html_url,
            api_url,
        } => Ok(Found {
            id,
            html_url,
            api_url,
            by: IdentifiedBy::Response,
        }),
        Outcome::Unnamed { sent } => {
            let (run, by) = identify(client, settings, &target, sent, progress).await?;
            Ok(Found {
                id: run.id,
                html_url: run.html_url.unwrap_or_default(),
                api_url: run.url.unwrap_or_else(|| client.run_api_url(run.id)),
                by,
            })
        }
    }
}
