//! The story of one call.

use std::pin::pin;
use std::time::Duration;

use futures_util::future::{Either, FutureExt, select};

use crate::deadline::{Deadline, Passed};
use crate::dispatch::{Outcome, dispatch};
use crate::error::{Code, Error};
use crate::event::{Cancelled, Ended, Event, Identified};
use crate::github::{Client, Failure, Repeats};
use crate::host::Host;
use crate::identify::{Found, Search};
use crate::progress::Progress;
use crate::settings::{Settings, Waiting};
use crate::target::Target;
use crate::time::Seconds;
use crate::watch::{BY_HAND, Followed, cancel_run, left_behind, stop_unwanted, watch};

/// How long the page of a run that is known is looked for.
const LOOKING_FOR_PAGE: Duration = Duration::from_secs(5);

/// For so long, a run that somebody names may be unknown to the server that is asked: it may be new, or the token.
const NAMED_RUN_UNKNOWN_FOR: Duration = Duration::from_secs(12);

/// Dispatches a workflow and returns exactly the run that this created.
///
/// # Errors
/// [`Error`] if nothing was dispatched, or if the run cannot be identified
/// beyond doubt within [`Settings::timeout`]. Its code says which.
pub async fn call<H: Host>(host: &H, settings: &Settings) -> Result<Identified, Error> {
    call_and_return(host, settings).await.map(|(run, _)| run)
}

/// The same for a caller that may come back for the run: with whether it has the
/// ID by which it can return values.
///
/// # Errors
/// As of [`call`].
pub async fn call_and_return<H: Host>(
    host: &H,
    settings: &Settings,
) -> Result<(Identified, bool), Error> {
    let client = client(host, settings);
    let progress = Progress::default();
    let run = identify(&client, settings, &progress).await;
    let run = run.map_err(|error| error.dispatched(progress.may_have_dispatched()))?;
    if progress.cancelled_at().is_some() {
        // Found in the time that is left for just this.
        let end = stop_unwanted(&client, run.run_id).await;
        let (id, url) = (run.run_id, run.run_url);
        let message = format!("Cancelled while run {id} ({url}) was dispatched: {end}");
        return Err(Error::new(Code::Cancelled, message).dispatched(true));
    }
    Ok((run, progress.sends_id(settings)))
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
        look_up(&client, settings, id).await?
    } else {
        let identified = identify(&client, settings, &progress).await;
        let identified = identified.inspect_err(|error| {
            if progress.is_sought() {
                let is_left = error.code == Code::Cancelled && progress.may_have_dispatched();
                let unfollowed = Event::Unfollowed {};
                host.report(if is_left {
                    left_behind(&client, progress.watched().map(|watched| watched.kept))
                } else {
                    unfollowed
                });
            }
        })?;
        Followed {
            id: identified.run_id,
            url: identified.run_url,
            returns_values: progress.sends_id(settings),
            id_is_masked: progress.is_masked(),
            cancelled_at: progress.cancelled_at(),
        }
    };
    // Boxed here and below: what is seldom needed is a function of its own, which engines compile when it is.
    let watched = watch(&client, settings, waiting, &followed);
    watched.boxed_local().await.map(Some)
}

/// Waits for the run that the settings name; `page`, if its page is known.
///
/// # Errors
/// [`Error`] if they name none, if there is none, and as of [`call_and_wait`].
pub async fn wait<H: Host>(
    host: &H,
    settings: &Settings,
    page: Option<String>,
) -> Result<Ended, Error> {
    let (waiting, id) = named_run(settings)?;
    let client = client(host, settings);
    let unseen = Followed::unseen(id, settings);
    let followed = if let Some(url) = page {
        Followed { url, ..unseen }
    } else {
        // To look it up is to wait as well.
        let limit = waiting.timeout.unwrap_or(settings.timeout);
        let deadline = Deadline::after(host, limit.min(settings.timeout));
        client.set_deadline(deadline);
        let looked_up = look_up(&client, settings, id);
        match deadline.bound(host, looked_up).await {
            Ok(followed) => followed?,
            Err(Passed) => return Err(not_seen(id, limit, client.trouble().as_deref())),
        }
    };
    watch(&client, settings, waiting, &followed).await
}

/// The error of a wait for a run of which nothing was to be learnt in time.
fn not_seen(id: u64, limit: Duration, trouble: Option<&str>) -> Error {
    let seconds = Seconds(limit);
    let trouble = trouble.map_or_else(String::new, |trouble| format!("; last trouble: {trouble}"));
    let message = format!("Run {id} could not be looked up within {seconds} s{trouble}");
    Error::new(Code::TimedOut, message).hint("Check the ID, or raise \u{1}wait_timeout_seconds.")
}

/// Cancels the run that the settings name, and waits until it has ended; by force,
/// if it does not react for a minute.
///
/// # Errors
/// [`Error`] if they name none, or if it may go on.
pub async fn cancel<H: Host>(host: &H, settings: &Settings) -> Result<Cancelled, Error> {
    let (_, id) = named_run(settings)?;
    let client = client(host, settings);
    let cancelling = pin!(cancel_run(&client, id));
    match select(cancelling, pin!(host.cancelled())).await {
        Either::Left((cancelled, _)) => cancelled,
        Either::Right(((), _)) => Err(Error::new(
            Code::Cancelled,
            format!("Run {id} was to be cancelled, but so was its caller: {BY_HAND}"),
        )),
    }
}

fn named_run(settings: &Settings) -> Result<(&Waiting, u64), Error> {
    let waiting = settings.waiting.as_ref();
    let named = waiting.and_then(|waiting| Some((waiting, waiting.run_id?)));
    named.ok_or_else(|| Error::invalid("run_id", "is missing", "Give the ID of the run."))
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
    let unseen = Followed::unseen(id, settings);
    let page = pin!(page_of(client, id));
    match select(page, pin!(host.cancelled())).await {
        Either::Left((url, _)) => Ok(Followed {
            url: url?,
            ..unseen
        }),
        // Whoever waits for it learns of that as well.
        Either::Right(((), _)) => Ok(Followed {
            cancelled_at: Some(host.now()),
            ..unseen
        }),
    }
}

/// The page of a run; empty where the server does not say.
async fn page_of<H: Host>(client: &Client<'_, H>, id: u64) -> Result<String, Error> {
    let host = client.host();
    let began = host.now();
    let doing = format!("look up run {id}");
    let mut repeats = Repeats::about_something_new(host);
    loop {
        let failure = match client.run(id).await {
            Ok(run) => return Ok(run.html_url.clone().unwrap_or_default()),
            Err(failure) => failure,
        };
        if failure.is_not_yet() && host.now() - began >= NAMED_RUN_UNKNOWN_FOR {
            return Err(unknown_run(client, id, failure));
        }
        let waited = repeats.wait(client, &doing, failure).await;
        waited.map_err(|failure| client.error(failure, &doing))?;
    }
}

/// The error of a run that is named, and which the server does not know.
fn unknown_run<H: Host>(client: &Client<'_, H>, id: u64, failure: Failure) -> Error {
    let is_own = failure.is_own();
    let error = client.error(failure, &format!("look up run {id}"));
    if !is_own {
        return error;
    }
    let hint = format!(
        "Check \u{1}run_id, \u{1}owner and \u{1}repo: {} has no such run, or the token may not see it.",
        client.repository()
    );
    error.hint(hint)
}

/// The page of a run of which a dispatch was answered with the ID alone (Forgejo). Nothing
/// depends on it, so it is not waited for long.
async fn page_if_told<H: Host>(client: &Client<'_, H>, id: u64) -> String {
    let host = client.host();
    let left = client.deadline().remaining(host);
    let deadline = Deadline::after(host, left.min(LOOKING_FOR_PAGE));
    let page = pin!(deadline.bound(host, page_of(client, id)));
    match select(page, pin!(host.cancelled())).await {
        Either::Left((Ok(Ok(page)), _)) => page,
        _ => String::new(),
    }
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
            let finishing = finish_in_grace(host, settings, progress, work);
            finishing.boxed_local().await?
        }
    };

    let run_url = if found.html_url.is_empty() {
        page_if_told(client, found.id).boxed_local().await
    } else {
        found.html_url
    };
    let identified = Identified {
        distinct_id: settings.distinct_id.to_string(),
        requests: client.requests(),
        seconds: (host.now() - deadline.began).as_secs_f64(),
        run_id: found.id,
        run_url,
        run_api_url: found.api_url,
        identified_by: found.by,
    };
    host.report(Event::Identified(identified.clone()));
    Ok(identified)
}

/// Finishes the work of a cancelled call within its grace period, so that a run just dispatched is not lost.
async fn finish_in_grace<H: Host>(
    host: &H,
    settings: &Settings,
    progress: &Progress,
    work: impl Future<Output = Result<Result<Found, Error>, Passed>>,
) -> Result<Found, Error> {
    progress.take_note_of_cancellation(host.now());
    let grace = progress.grace(settings);
    if !grace.is_zero()
        && let Ok(Ok(found)) = Deadline::after(host, grace).bound(host, work).await
    {
        // The wait for the run observes the cancellation itself.
        return found;
    }
    Err(progress.cancelled(settings))
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
            Outcome::Accepted => break search.find().boxed_local().await?,
            Outcome::Unclear => {
                if let Some(found) = search.settle().boxed_local().await? {
                    break found;
                }
            }
        }
    };
    if search.was_repeated() {
        search.keep_one(found).boxed_local().await
    } else {
        Ok(found)
    }
}
