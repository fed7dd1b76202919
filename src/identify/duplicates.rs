//! After a dispatch was retried: did both make a run?
//!
//! The retry itself shows how current lists are: they are watched until they have its run, as one
//! that the first dispatch created is listed by then as well. Of two runs the
//! earlier one is kept and the later one cancelled. A supplied ID may be another call's as well:
//! then nothing is cancelled, and two runs are an error. Unless both runs are known, the call ends with a
//! warning that names those in question, or, where lists did not come to show the run of the retry, with an error.
//!
//! A run is cancelled only if it is known to be that of another dispatch: the server named it in answer
//! to the retry, or it was created between that and the answer. Any other one is named in a warning.

use std::time::Duration;

use super::age::ROUNDED;
use super::candidate::Candidate;
use super::search::Looks;
use super::settle::SETTLING;
use super::verdict::Verdict;
use super::{Found, Search, ambiguous, name_of};
use crate::deadline::Deadline;
use crate::error::{Code, Error};
use crate::event::{Event, IdentifiedBy};
use crate::github::Repeats;
use crate::host::Host;
use crate::progress::{Watched, where_to_look};
use crate::time::Moment;

/// How long a second run is looked for at least, once lists are known to be current.
const LOOKING: Duration = Duration::from_secs(10);

/// A run is created a little later than its dispatch is answered, at the most.
const CREATING: Duration = Duration::from_secs(5);

/// The call does not wait longer for its second run to be cancelled, which may not be there yet.
const CANCELLING: Duration = Duration::from_secs(90);
const BETWEEN_CANCELLATIONS: Duration = Duration::from_secs(3);

/// What is found must be handed over before the call's time is up.
const HANDING_OVER: Duration = Duration::from_secs(1);

/// A list is asked for once more at the end, where the latest one is older than this.
const LISTED_LONG_AGO: Duration = Duration::from_secs(5);
/// What that may take when time is up.
const LISTING: Duration = Duration::from_secs(2);

/// What is known of the runs of one call.
struct Known {
    /// The run that the server named in answer to the retry.
    named: Option<Found>,
    kept: Found,
    cancelled: Vec<u64>,
    /// A run that lists showed and that is not there any more, so that another one is kept.
    gone: Option<u64>,
    /// Since when lists are known to have the run of the retry.
    current_since: Option<Moment>,
    /// When the latest list was asked for.
    listed: Moment,
}

impl Known {
    /// Whether a run is neither the one that is kept nor cancelled.
    fn is_other(&self, run: u64) -> bool {
        run != self.kept.id && !self.cancelled.contains(&run)
    }
}

impl<H: Host> Search<'_, '_, H> {
    /// Makes sure that one run is left of a call whose dispatch was retried,
    /// and says which.
    ///
    /// # Errors
    /// If several runs show a supplied ID, or if lists do not come to show the run of the retry.
    pub async fn keep_one(&mut self, found: Found) -> Result<Found, Error> {
        let host = self.client().host();
        let deadline = self.client().deadline();
        let earlier = Deadline {
            limit: deadline.limit.saturating_sub(LISTING + HANDING_OVER),
            ..deadline
        };
        let named = (found.by == IdentifiedBy::Response).then(|| found.clone());
        let mut known = Known {
            named,
            kept: found,
            cancelled: Vec::new(),
            gone: None,
            current_since: None,
            listed: host.now(),
        };
        self.progress().watch(Watched {
            kept: known.kept.id,
            others: Vec::new(),
        });
        let work = self.watch_for_others(&mut known);
        if let Ok(result) = earlier.bound(host, work).await {
            result.map_err(|error| and_names(error, known.named.as_ref()))?;
            return Ok(known.kept);
        }
        let last = self.list_once_more(&mut known);
        let judged = match Deadline::after(host, LISTING).bound(host, last).await {
            Ok(Ok(true)) => Ok(()),
            Ok(Err(error)) => Err(error),
            // What the look that was given up has listed is as good.
            _ => self.judge(&mut known, self.verdict()),
        };
        judged.map_err(|error| and_names(error, known.named.as_ref()))?;
        let are_current = known.current_since.is_some();
        self.warn_of_others(&known);
        if !are_current {
            return Err(self.too_little_time(&known));
        }
        Ok(known.kept)
    }

    async fn watch_for_others(&mut self, known: &mut Known) -> Result<(), Error> {
        let mut looks = Looks::default();
        loop {
            let (verdict, began) = self.look_again(&mut looks).await?;
            known.listed = began;
            self.judge(known, verdict)?;
            let until = known.current_since.map(|since| since + LOOKING);
            let is_over = until.is_some_and(|until| began >= until);
            let is_listed_anew = is_over && self.list_once_more(known).await?;
            if self.settings().distinct_id.is_drawn() {
                self.cancel_named(known).await;
                // What has come since may show the ID where that was not looked for yet.
                if is_over && !is_listed_anew {
                    self.cancel_later_one(known).await;
                }
            }
            // Both runs of two dispatches are known.
            if known.cancelled.len() + 1 == self.dispatches().len() {
                return Ok(());
            }
            if is_over {
                // To cancel one may have taken long.
                self.list_once_more(known).await?;
                self.warn_of_others(known);
                return Ok(());
            }
        }
    }

    /// Lists once more where the latest list is old, as a run may have come since. True if that was
    /// done.
    ///
    /// # Errors
    /// If several runs show a supplied ID.
    async fn list_once_more(&mut self, known: &mut Known) -> Result<bool, Error> {
        let client = self.client();
        let now = client.host().now();
        if now - known.listed < LISTED_LONG_AGO || !client.quiet_for().is_zero() {
            return Ok(false);
        }
        if let Err(failure) = self.list().await {
            client.note("list the runs once more", &failure);
            return Ok(false);
        }
        known.listed = now;
        self.judge(known, self.verdict())?;
        Ok(true)
    }

    /// Takes into account what the latest list showed, and what was read since.
    ///
    /// # Errors
    /// If several runs show a supplied ID.
    fn judge(&self, known: &mut Known, verdict: Verdict) -> Result<(), Error> {
        self.note_whether_current(known);
        let is_drawn = self.settings().distinct_id.is_drawn();
        if is_drawn {
            self.keep_the_earliest(known, verdict);
        }
        // To cancel the other one may take long.
        self.progress().watch(Watched {
            kept: known.kept.id,
            others: self.others(known),
        });
        if is_drawn {
            Ok(())
        } else {
            self.check_that_one_shows_it(known)
        }
    }

    /// # Errors
    /// If several runs show a supplied ID.
    fn check_that_one_shows_it(&self, known: &Known) -> Result<(), Error> {
        let in_question = || self.candidates().in_question();
        let mut runs: Vec<_> = in_question().map(|one| name_of(&one.run)).collect();
        let is_shown = |id: u64| in_question().any(|one| one.run.id == id);
        if known.named.is_some() && !is_shown(known.kept.id) {
            runs.push(format!("{} ({})", known.kept.id, known.kept.html_url));
        }
        if runs.len() > 1 {
            return Err(ambiguous(self.settings(), &runs));
        }
        Ok(())
    }

    /// Takes note of the moment since which lists are known to show the run of the retry, and so all
    /// that was created before it.
    fn note_whether_current(&self, known: &mut Known) {
        if known.current_since.is_some() {
            return;
        }
        let is_current = if let Some(named) = &known.named {
            self.listed(named).is_some()
        } else {
            // It is not known of which dispatch this run is. If it is the first one's, it has taken
            // so long to be listed; the other one takes as long.
            let first = self.dispatches().first().map(|sent| sent.at);
            let lag = self
                .listed(&known.kept)
                .zip(first)
                .map(|(kept, first)| kept.first_listed - first);
            let latest = self.latest();
            let creating = if latest.clear { CREATING } else { SETTLING };
            lag.is_some_and(|lag| known.listed >= latest.ended + creating + lag)
        };
        if is_current && self.list_is_whole() {
            known.current_since = Some(known.listed);
        }
    }

    /// Pages of the runs that may be this call's as well, and go on: those that lists show, and that of
    /// the retry where it could not be cancelled in time.
    fn others(&self, known: &Known) -> Vec<String> {
        let page = |id: u64, url: &str| {
            if url.is_empty() {
                id.to_string()
            } else {
                url.to_owned()
            }
        };
        let listed = self.suspects().map(|candidate| &candidate.run);
        let listed = listed.filter(|run| known.is_other(run.id));
        let mut runs: Vec<_> = listed
            .map(|run| page(run.id, run.html_url.as_deref().unwrap_or_default()))
            .collect();
        let named = known.named.as_ref();
        let named = named.filter(|named| known.is_other(named.id) && self.listed(named).is_none());
        runs.extend(named.map(|named| page(named.id, &named.html_url)));
        runs
    }

    /// Says that there may be another run. No look is long enough to exclude one: a server that was down
    /// may act on what it was sent at any time later, or show the run only then.
    fn warn_of_others(&self, known: &Known) {
        self.client().host().report(Event::DuplicatePossible {
            kept: known.kept.id,
            runs: self.others(known),
        });
    }

    fn too_little_time(&self, known: &Known) -> Error {
        let page = |run: &Found| format!("{} ({})", run.id, run.html_url);
        let message = match &known.named {
            Some(named) => format!(
                "The retried dispatch made run {}, which lists did not show in time: whether the first dispatch made \
                 a run as well is unknown",
                page(named)
            ),
            None => format!(
                "Run {} shows the distinct ID, but the dispatch was sent more than once, and there was too little \
                 time to see whether there is a second run",
                page(&known.kept)
            ),
        };
        Error::new(Code::OutcomeUnknown, message).hint(where_to_look(self.settings()))
    }

    /// The earliest run that shows the ID is the one of the first dispatch that was acted upon. What a
    /// run passed the ID on to is later, also where it is listed first.
    fn keep_the_earliest(&self, known: &mut Known, verdict: Verdict) {
        let Verdict::Found(run, by) = verdict else {
            return;
        };
        if run.id < known.kept.id && known.gone != Some(run.id) {
            known.kept = self.found(*run, by);
        }
    }

    /// Cancels the run that the server named in answer to the retry, if an earlier one is kept.
    async fn cancel_named(&self, known: &mut Known) {
        let named = known.named.clone();
        if let Some(named) = named.filter(|named| known.is_other(named.id)) {
            self.cancel_one(known, named).await;
        }
    }

    /// Cancels the one run that is known to be that of the retry, where the server did not name it,
    /// once lists have shown all that there is. Of several it is not known which one that is.
    async fn cancel_later_one(&self, known: &mut Known) {
        if known.named.is_some() || !known.cancelled.is_empty() {
            return;
        }
        let mut others = self
            .showing()
            .filter(|candidate| known.is_other(candidate.run.id));
        let (Some(one), None) = (others.next(), others.next()) else {
            return;
        };
        if !self.is_of_the_retry(one, &known.kept) {
            return;
        }
        let Some(place) = &one.shows else { return };
        let found = self.found(one.run.clone(), place.clue());
        drop(others);
        self.cancel_one(known, found).await;
    }

    async fn cancel_one(&self, known: &mut Known, run: Found) {
        let id = run.id;
        // Lists that lag show runs that somebody has deleted: then this one is all that is left. (Should the other one be
        // there all the same, the warning names it.)
        match self.client().run(known.kept.id).await {
            Ok(_) => {}
            Err(failure) if failure.is_not_yet() => {
                known.gone = Some(known.kept.id);
                known.kept = run;
                return;
            }
            Err(failure) => return self.client().note("read the run that is kept", &failure),
        }
        self.cancel(&known.kept, run).await;
        // Only now: time may be up before.
        known.cancelled.push(id);
    }

    async fn cancel(&self, kept: &Found, later: Found) {
        let client = self.client();
        let host = client.host();
        let work = async {
            loop {
                let cancelling = client.persist(
                    "cancel the second run",
                    Repeats::about_something_new(host),
                    async || client.cancel(later.id, false).await,
                );
                match cancelling.await {
                    Ok(true) => return None,
                    Ok(false) => {}
                    Err(failure) => return Some(failure.to_string()),
                }
                // It has ended, or is not queued yet (actions/runner#3872).
                if client
                    .run(later.id)
                    .await
                    .is_ok_and(|run| run.is_completed())
                {
                    return None;
                }
                host.sleep(BETWEEN_CANCELLATIONS).await;
            }
        };
        let limit = Deadline::after(host, CANCELLING);
        let problem = limit.bound(host, work).await.unwrap_or_else(|_| {
            let seconds = CANCELLING.as_secs();
            Some(format!("it was not accepted within {seconds} s"))
        });
        host.report(Event::Duplicate {
            kept: kept.id,
            run_id: later.id,
            run_url: later.html_url,
            problem,
        });
    }

    /// Whether a run that shows the ID comes from the retry, not from a run that passed the ID on: the
    /// one that is kept was created before the retry was sent, this one while it was answered, and
    /// they are as far apart as the retry and a dispatch before it.
    ///
    /// The former is by `Date`. Where this is wrong by as much as the dispatches are apart, and nothing
    /// shows it, a child of the run that is kept may be taken for it if it was created in those
    /// seconds, and the run of the retry is not listed.
    fn is_of_the_retry(&self, candidate: &Candidate, kept: &Found) -> bool {
        let Some(kept) = self.listed(kept) else {
            return false;
        };
        let actors = kept.run.actor.as_ref().zip(candidate.run.actor.as_ref());
        if actors.is_some_and(|(kept, own)| kept != own) {
            return false;
        }
        let Some((first, created)) = kept.run.created_at.zip(candidate.run.created_at) else {
            return kept.run.id < candidate.run.id && self.cannot_be_a_child(candidate);
        };
        let latest = self.latest();
        let apart = created.since(first);
        let mut earlier = self.dispatches().iter().filter(|sent| sent.at < latest.at);
        let are_as_far_apart =
            earlier.any(|sent| apart.abs_diff(latest.at - sent.at) <= 2 * CREATING);
        let client = self.client();
        let sent = client.earliest_effect(latest.at);
        let answered = client.latest_time(latest.ended + CREATING);
        let (Some(sent), Some(answered)) = (sent, answered) else {
            return false;
        };
        // Without an answer that it was acted upon, there need be no such run.
        latest.clear
            && are_as_far_apart
            && !self.date_is_behind_by(ROUNDED)
            && first < sent
            && (sent..=answered).contains(&created)
    }

    /// Whether nothing of this call's that was created earlier had begun before this one, so that
    /// nothing can have passed the ID on to it.
    fn cannot_be_a_child(&self, candidate: &Candidate) -> bool {
        self.showing()
            .filter(|one| one.run.id < candidate.run.id)
            .all(|one| !one.may_have_dispatched(candidate))
    }

    fn listed(&self, run: &Found) -> Option<&Candidate> {
        let mut all = self.candidates().ever_listed();
        all.find(|candidate| candidate.run.id == run.id)
    }
}

/// The error with the run that the server named in answer to the retry, as this goes on.
fn and_names(error: Error, named: Option<&Found>) -> Error {
    let Some(named) = named.filter(|named| !error.message.contains(&named.id.to_string())) else {
        return error;
    };
    let message = format!(
        "{}. The retried dispatch made run {} ({})",
        error.message.trim_end_matches('.'),
        named.id,
        named.html_url
    );
    error.message(message)
}
