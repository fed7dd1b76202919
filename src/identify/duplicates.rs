//! After a dispatch was repeated: did both make a run?
//!
//! It takes a run that lists did not show for more than a minute, but then two
//! deployments would run where one was asked for. The earlier run is kept, the
//! later one cancelled. A supplied ID may be another call's as well: then
//! nothing is cancelled, and two runs are an error.

use std::time::Duration;

use super::candidate::Candidate;
use super::settle::SETTLING;
use super::{Found, Search, ambiguous, name_of};
use crate::deadline::{Deadline, Passed};
use crate::error::Error;
use crate::event::{Event, IdentifiedBy};
use crate::github::Repeats;
use crate::host::Host;

/// How long a second run is looked for, where none need exist.
const LOOKING: Duration = Duration::from_secs(10);

/// A run is created a little later than its dispatch is answered, at the most.
const CREATING: Duration = Duration::from_secs(5);

/// What is found must be handed over before the call's time is up.
const HANDING_OVER: Duration = Duration::from_secs(1);

/// What is known of the runs of one call.
struct Known {
    kept: Found,
    cancelled: Vec<u64>,
}

impl<H: Host> Search<'_, '_, H> {
    /// Makes sure that one run is left of a call whose dispatch was repeated,
    /// and says which.
    ///
    /// # Errors
    /// If several runs show a supplied ID.
    pub async fn keep_one(&mut self, found: Found) -> Result<Found, Error> {
        let host = self.client().host();
        let deadline = self.client().deadline();
        let earlier = Deadline {
            limit: deadline.limit.saturating_sub(HANDING_OVER),
            ..deadline
        };
        let mut known = Known {
            kept: found,
            cancelled: Vec::new(),
        };
        let work = self.watch_for_others(&mut known);
        match earlier.bound(host, work).await {
            Ok(result) => result?,
            Err(Passed) => host.report(Event::DuplicatePossible {
                kept: known.kept.id,
            }),
        }
        Ok(known.kept)
    }

    async fn watch_for_others(&mut self, known: &mut Known) -> Result<(), Error> {
        let until = self.client().host().now() + LOOKING;
        self.look_until(async |search, _, began| {
            if !search.settings().distinct_id.is_drawn() {
                let mut runs: Vec<_> = search.showing().map(|shown| name_of(&shown.run)).collect();
                if known.kept.by == IdentifiedBy::Response
                    && !search.showing().any(|shown| shown.run.id == known.kept.id)
                {
                    runs.push(format!("{} ({})", known.kept.id, known.kept.html_url));
                }
                if runs.len() > 1 {
                    return Some(Err(ambiguous(search.settings(), &runs)));
                }
                return (began >= until).then_some(Ok(()));
            }
            search.cancel_later_ones(known).await;
            // The latest dispatch was acted upon: where its run is not the one
            // that is kept, there is another.
            let one_is_missing =
                known.cancelled.is_empty() && search.is_of_an_earlier_one(&known.kept);
            if began < until || one_is_missing {
                return None;
            }
            if search.has_one_that_may_be_ours(known) {
                search.client().host().report(Event::DuplicatePossible {
                    kept: known.kept.id,
                });
            }
            Some(Ok(()))
        })
        .await
    }

    /// Whether another run shows the ID, of which it cannot be told by whom it was dispatched, as
    /// it does not say when it was created.
    fn has_one_that_may_be_ours(&self, known: &Known) -> bool {
        self.showing().any(|one| {
            one.run.id != known.kept.id
                && !known.cancelled.contains(&one.run.id)
                && one.run.created_at.is_none()
        })
    }

    /// Keeps the earliest run of this call's dispatches, and cancels those of
    /// later ones.
    async fn cancel_later_ones(&self, known: &mut Known) {
        let mut ours: Vec<Found> = self
            .showing()
            .filter(|candidate| self.is_of_a_dispatch(candidate, &known.kept))
            .filter_map(|candidate| {
                let by = candidate.shows.as_ref()?.clue();
                Some(self.found(candidate.run.clone(), by))
            })
            .collect();
        // They come in the order of their creation, which IDs tell where dates do not. What the
        // latest dispatch was answered with, and lists do not have yet, is the latest.
        if !ours.iter().any(|run| run.id == known.kept.id) {
            let is_dated = self.client().family().lists_by_workflow;
            let at = ours.partition_point(|run| is_dated || run.id < known.kept.id);
            ours.insert(at, known.kept.clone());
        }
        let mut ours = ours.into_iter();
        if let Some(first) = ours.next().filter(|first| first.id != known.kept.id) {
            known.kept = first;
        }
        for later in ours.filter(|run| !self.is_of_an_earlier_one(run)) {
            if !known.cancelled.contains(&later.id) {
                known.cancelled.push(later.id);
                self.cancel(&known.kept, later).await;
            }
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

    /// Whether a run that shows the ID comes from one of this call's dispatches,
    /// not from a run that passed the ID on: it was created at the time of one,
    /// by whoever made the other.
    fn is_of_a_dispatch(&self, candidate: &Candidate, other: &Found) -> bool {
        let by_the_same = self
            .listed(other)
            .and_then(|other| other.run.actor.as_ref())
            .zip(candidate.run.actor.as_ref())
            .is_none_or(|(other, own)| other == own);
        let client = self.client();
        let Some(created) = candidate.run.created_at else {
            return by_the_same && self.cannot_be_a_child(candidate, other);
        };
        by_the_same
            && self.dispatches().iter().any(|sent| {
                let slack = if sent.clear { CREATING } else { SETTLING };
                let from = client.earliest_effect(sent.at);
                let until = client.latest_time(sent.ended + slack);
                from.is_none_or(|from| created >= from)
                    && until.is_none_or(|until| created <= until)
            })
    }

    /// Whether nothing of this call's that was created earlier had begun before this one, so that
    /// nothing can have passed the ID on to it.
    fn cannot_be_a_child(&self, candidate: &Candidate, other: &Found) -> bool {
        let is_earlier = |id: u64| id < candidate.run.id;
        let had_not_begun = |one: &Candidate| {
            let times = one.run.started_at.zip(candidate.run.started_at);
            one.is_untouched() || times.is_some_and(|(its, own)| its > own)
        };
        (!is_earlier(other.id) || self.listed(other).is_some_and(had_not_begun))
            && self
                .showing()
                .filter(|one| is_earlier(one.run.id))
                .all(had_not_begun)
    }

    /// Whether a run was created before the latest dispatch was sent.
    fn is_of_an_earlier_one(&self, run: &Found) -> bool {
        let from = self.client().earliest_effect(self.latest().at);
        self.listed(run)
            .and_then(|candidate| candidate.run.created_by())
            .zip(from)
            .is_some_and(|(created, from)| created < from)
    }

    fn listed(&self, run: &Found) -> Option<&Candidate> {
        let mut all = self.candidates().ever_listed();
        all.find(|candidate| candidate.run.id == run.id)
    }
}
