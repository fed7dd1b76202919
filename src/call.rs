//! The story of one call.

use std::pin::pin;

use futures_util::future::{Either, select};

use crate::deadline::{Deadline, Passed};
use crate::dispatch::{Outcome, dispatch};
use crate::error::{Code, Error};
use crate::event::{Ended, Event, Identified};
use crate::github::{Client, Repeats};
use crate::host::Host;
use crate::identify::{Found, Search};
use crate::progress::Progress;
use crate::settings::Settings;
use crate::target::Target;
use crate::watch::{Followed, UNKNOWN_FOR, left_behind, watch};

/// Dispatches a workflow and returns exactly the run that this created.
///
/// # Errors
/// [`Error`] if nothing was dispatched, or if the run cannot be identified
/// beyond doubt within [`Settings::timeout`]. Its code says which.
pub async fn call<H: Host>(host: &H, settings: &Settings) -> Result<Identified, Error> {
    let progress = Progress::default();
    identify(&client(host, settings), settings, &progress).await
}

/// Does all that the settings say: dispatches a workflow, unless a run is named
/// already, and waits for its run. `None` where it is not waited for.
///
/// # Errors
/// [`Error`], as of [`call`], and if the run does not end in time or as it has to.
pub async fn call_and_wait<H: Host>(host: &H, settings: &Settings) -> Result<Option<Ended>, Error> {
    let client = client(host, settings);
    let progress = Progress::default();
    let Some(waiting) = &settings.waiting else {
        identify(&client, settings, &progress).await?;
        return Ok(None);
    };
    let followed = if let Some(id) = waiting.run_id {
        if !settings.distinct_id.is_drawn() {
            host.report(Event::Started {
                distinct_id: settings.distinct_id.to_string(),
            });
        }
        let looked_up = pin!(look_up(&client, settings, id));
        match select(looked_up, pin!(host.cancelled())).await {
            Either::Left((followed, _)) => followed?,
            Either::Right(((), _)) => Followed {
                cancelled_at: Some(host.now()),
                ..Followed::unseen(id, settings)
            },
        }
    } else {
        let identified = identify(&client, settings, &progress).await;
        let identified = identified.inspect_err(|error| {
            if progress.is_sought() {
                let is_left = error.code == Code::Cancelled && progress.may_have_dispatched();
                let unfollowed = Event::Unfollowed {};
                host.report(if is_left {
                    left_behind(&client, None)
                } else {
                    unfollowed
                });
            }
        })?;
        Followed {
            id: identified.run_id,
            url: identified.run_url,
            returns_values: progress.sends_id(settings),
            cancelled_at: progress.cancelled_at(),
        }
    };
    watch(&client, settings, waiting, &followed).await.map(Some)
}

fn client<'h, H: Host>(host: &'h H, settings: &Settings) -> Client<'h, H> {
    Client::new(host, settings, Deadline::after(host, settings.timeout))
}

/// The run that is waited for without being dispatched.
async fn look_up<H: Host>(
    client: &Client<'_, H>,
    settings: &Settings,
    id: u64,
) -> Result<Followed, Error> {
    let host = client.host();
    let began = host.now();
    let doing = format!("look up run {id}");
    let mut repeats = Repeats::about_something_new(host);
    let run = loop {
        let failure = match client.run(id).await {
            Ok(run) => break run,
            Err(failure) => failure,
        };
        let is_unknown = failure.is_not_yet() && host.now() - began >= UNKNOWN_FOR;
        let waited = if is_unknown {
            Err(failure)
        } else {
            repeats.wait(client, &doing, failure).await
        };
        waited.map_err(|failure| failure.into_error(&doing, client.repository()))?;
    };
    Ok(Followed {
        url: run.html_url.clone().unwrap_or_default(),
        ..Followed::unseen(id, settings)
    })
}

async fn identify<H: Host>(
    client: &Client<'_, H>,
    settings: &Settings,
    progress: &Progress,
) -> Result<Identified, Error> {
    let host = client.host();
    host.report(Event::Started {
        distinct_id: settings.distinct_id.to_string(),
    });
    let deadline = client.deadline();
    let work = pin!(deadline.bound(host, dispatch_and_identify(client, settings, progress)));
    let found = match select(work, pin!(host.cancelled())).await {
        Either::Left((Ok(found), _)) => found?,
        Either::Left((Err(Passed), _)) => {
            return Err(progress.timed_out(settings, client.trouble().as_deref()));
        }
        Either::Right(((), work)) => {
            progress.take_note_of_cancellation(host.now());
            let grace = Deadline::after(host, progress.grace(settings));
            match grace.bound(host, work).await {
                // Whoever waits for the run learns of the cancellation as well.
                Ok(Ok(found)) => found?,
                _ => return Err(progress.cancelled(settings)),
            }
        }
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
