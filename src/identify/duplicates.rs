//! After a dispatch was retried: did both make a run?
//!
//! The retry itself shows how current lists are: whoever retries watches until its own run is
//! listed, as one that the first dispatch created is listed by then as well. Of two runs the
//! earlier one is kept and the later one cancelled. A supplied ID may be another call's as well:
//! then nothing is cancelled, and two runs are an error. What cannot be known ends in a warning that
//! names the runs, or, where lists did not come to show the run of the retry, in an error.
//!
//! No clock decides which runs are this call's: the times of two runs are compared with each other,
//! as one clock stamps both, and that difference with the time between the dispatches.

use std::time::Duration;

use super::candidate::Candidate;
use super::search::{Looks, Sent};
use super::settle::SETTLING;
use super::verdict::Verdict;
use super::{Found, Search, ambiguous, name_of};
use crate::deadline::Deadline;
use crate::error::{Code, Error};
use crate::event::{Event, IdentifiedBy};
use crate::github::{Repeats, Run};
use crate::host::Host;
use crate::progress::where_to_look;
use crate::time::Moment;

/// How long a second run is looked for at least, once lists are known to be current.
const LOOKING: Duration = Duration::from_secs(10);

/// A run is created a little later than its dispatch is answered, at the most.
const CREATING: Duration = Duration::from_secs(5);

/// Stamps are whole seconds, of machines that may differ a little.
const STAMPS_DIFFER_BY: Duration = Duration::from_secs(3);

/// What is found must be handed over before the call's time is up.
const HANDING_OVER: Duration = Duration::from_secs(1);

/// What is known of the runs of one call.
struct Known {
    /// The run that the server named in answer to the retry.
    named: Option<Found>,
    kept: Found,
    cancelled: Vec<u64>,
    /// Since when lists are known to have the run of the retry.
    current_since: Option<Moment>,
}

impl Known {
    fn is_other(&self, run: &Run) -> bool {
        run.id != self.kept.id && !self.cancelled.contains(&run.id)
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
            limit: deadline.limit.saturating_sub(HANDING_OVER),
            ..deadline
        };
        let named = (found.by == IdentifiedBy::Response).then(|| found.clone());
        let mut known = Known {
            named,
            kept: found,
            cancelled: Vec::new(),
            current_since: None,
        };
        let work = self.watch_for_others(&mut known);
        if let Ok(result) = earlier.bound(host, work).await {
            result?;
        } else {
            self.warn_of_others(&known, true);
            if known.current_since.is_none() {
                return Err(self.never_listed(&known.kept));
            }
        }
        Ok(known.kept)
    }

    async fn watch_for_others(&mut self, known: &mut Known) -> Result<(), Error> {
        let mut looks = Looks::default();
        loop {
            let (verdict, began) = self.look_again(&mut looks).await?;
            self.note_whether_current(known, began);
            if self.settings().distinct_id.is_drawn() {
                self.keep_the_earliest(known, verdict);
                self.cancel_later_ones(known).await;
            } else {
                self.check_that_one_shows_it(known)?;
            }
            let until = known.current_since.map(|since| since + LOOKING);
            if until.is_some_and(|until| began >= until) {
                self.warn_of_others(known, false);
                return Ok(());
            }
        }
    }

    /// # Errors
    /// If several runs show a supplied ID.
    fn check_that_one_shows_it(&self, known: &Known) -> Result<(), Error> {
        let mut runs: Vec<_> = self.showing().map(|shown| name_of(&shown.run)).collect();
        let is_shown = |id: u64| self.showing().any(|shown| shown.run.id == id);
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
    fn note_whether_current(&self, known: &mut Known, listed: Moment) {
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
            lag.is_some_and(|lag| listed >= self.latest().ended + CREATING + lag)
        };
        if is_current && self.list_is_whole() {
            known.current_since = Some(listed);
        }
    }

    /// Says that there may be another run, if there is one that may be this call's or, where nothing
    /// is known of it, if time is up.
    fn warn_of_others(&self, known: &Known, time_is_up: bool) {
        // They come in the order of their creation: what follows the run of the retry is none of the
        // first dispatch.
        let named = known.named.as_ref().map(|named| named.id);
        let mut is_later = false;
        let runs: Vec<_> = self
            .suspects()
            .filter(|candidate| {
                is_later |= Some(candidate.run.id) == named;
                let is_later = is_later
                    || known
                        .current_since
                        .is_some_and(|since| candidate.absent_at >= Some(since));
                known.is_other(&candidate.run) && (candidate.shows.is_some() || !is_later)
            })
            .map(|candidate| match candidate.run.html_url.as_deref() {
                Some(url) if !url.is_empty() => url.to_owned(),
                _ => candidate.run.id.to_string(),
            })
            .collect();
        let is_known = time_is_up && known.current_since.is_none();
        if !runs.is_empty() || is_known {
            let kept = known.kept.id;
            let event = Event::DuplicatePossible { kept, runs };
            self.client().host().report(event);
        }
    }

    fn never_listed(&self, kept: &Found) -> Error {
        Error::new(
            Code::OutcomeUnknown,
            format!(
                "The retried dispatch made run {} ({}), which lists did not show in time: whether the first dispatch \
                 made a run as well is unknown",
                kept.id, kept.html_url
            ),
        )
        .hint(where_to_look(self.settings()))
    }

    /// The earliest run that shows the ID is the one of the first dispatch that was acted upon.
    fn keep_the_earliest(&self, known: &mut Known, verdict: Verdict) {
        let Verdict::Found(run, by) = verdict else {
            return;
        };
        let is_earlier = match self.listed(&known.kept) {
            Some(kept) => (run.created_at, run.id) < (kept.run.created_at, kept.run.id),
            // What the server has just named is the latest.
            None => true,
        };
        if is_earlier {
            known.kept = self.found(*run, by);
        }
    }

    /// Cancels what is known to be the run of another dispatch of this call than the one that is
    /// kept.
    async fn cancel_later_ones(&self, known: &mut Known) {
        let later: Vec<Found> = self
            .showing()
            .filter(|candidate| known.is_other(&candidate.run))
            .filter(|candidate| self.is_of_a_later_dispatch(candidate, &known.kept))
            .filter_map(|candidate| {
                let by = candidate.shows.as_ref()?.clue();
                Some(self.found(candidate.run.clone(), by))
            })
            .collect();
        let named = known.named.clone().filter(|named| {
            named.id != known.kept.id
                && !known.cancelled.contains(&named.id)
                && later.iter().all(|run| run.id != named.id)
        });
        for run in later.into_iter().chain(named) {
            known.cancelled.push(run.id);
            self.cancel(&known.kept, run).await;
        }
    }

    async fn cancel(&self, kept: &Found, later: Found) {
        let client = self.client();
        let cancelled = client
            .persist(
                "cancel the second run",
                Repeats::about_something_new(client.host()),
                async || client.cancel(later.id, false).await,
            )
            .await;
        client.host().report(Event::Duplicate {
            kept: kept.id,
            run_id: later.id,
            run_url: later.html_url,
            problem: cancelled.err().map(|failure| failure.to_string()),
        });
    }

    /// Whether a run that shows the ID comes from a later one of this call's dispatches than the run
    /// that is kept, not from a run that passed the ID on: it was created as long after that as one
    /// dispatch followed another, by whoever made the other.
    fn is_of_a_later_dispatch(&self, candidate: &Candidate, kept: &Found) -> bool {
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
        let apart = created.since(first);
        let dispatches = self.dispatches();
        created >= first
            && dispatches.iter().any(|earlier| {
                dispatches.iter().any(|later| {
                    let least = (later.at - earlier.ended).saturating_sub(slack(earlier));
                    let most = (later.ended - earlier.at) + slack(later);
                    later.at > earlier.at
                        && apart + STAMPS_DIFFER_BY >= least
                        && apart <= most + STAMPS_DIFFER_BY
                })
            })
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

/// How long after its answer a dispatch may create its run.
fn slack(sent: &Sent) -> Duration {
    if sent.clear { CREATING } else { SETTLING }
}
