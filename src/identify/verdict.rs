//! Which of the runs that show the ID is the one that was dispatched.

use std::time::Duration;

use jiff::SignedDuration;

use super::Clue;
use super::candidate::{Candidate, Candidates, Place};
use super::name_of;
use crate::github::Run;

/// What is known so far.
#[derive(Debug)]
pub(super) enum Verdict {
    /// This is the run.
    Found(Run, Clue),
    /// Several runs show a supplied ID.
    Ambiguous(Vec<Run>),
    /// Not yet; the run that shows the ID, if one does.
    Undecided(Option<String>),
}

impl Verdict {
    pub fn is_final(&self) -> bool {
        !matches!(self, Self::Undecided(_))
    }
}

/// A drawn ID was known to nobody before the dispatch. What shows it is the
/// dispatched run, or descends from it: a child may pass the ID on, to the same
/// workflow even, and finish first. The dispatched run is the earliest of them.
///
/// So a run that shows the ID is the one unless an earlier run may have
/// dispatched it: one of whose jobs had begun by then, and which may still turn
/// out to show the ID in the same place. Runs that were merely dispatched in
/// the same moment by others had not begun.
pub(super) fn of_drawn_id(candidates: &Candidates) -> Verdict {
    let mut earlier: Vec<&Candidate> = Vec::new();
    for candidate in candidates.in_order() {
        let Some(place) = &candidate.shows else {
            earlier.push(candidate);
            continue;
        };
        let created = candidate.run.created_at;
        let may_descend = earlier
            .iter()
            .any(|earlier| !earlier.is_past(place) && earlier.may_have_dispatched_at(created));
        return if may_descend {
            Verdict::Undecided(Some(name_of(&candidate.run)))
        } else {
            Verdict::Found(candidate.run.clone(), place.clue())
        };
    }
    Verdict::Undecided(None)
}

/// A supplied ID may be shared by other calls of the same moment. One run that
/// shows it is the one only when no other run of that moment may still show it.
pub(super) fn of_supplied_id(
    candidates: &Candidates,
    waited: Duration,
    settling: Duration,
) -> Verdict {
    let showing: Vec<(&Candidate, &Place)> = candidates
        .in_order()
        .filter_map(|candidate| Some((candidate, candidate.shows.as_ref()?)))
        .collect();
    match showing.as_slice() {
        [] => Verdict::Undecided(None),
        [(candidate, place)] => {
            let settled = waited >= settling
                && candidates
                    .in_order()
                    .filter(|other| other.run.id != candidate.run.id)
                    .filter(|other| is_of_the_moment(candidates, other, settling))
                    .all(|other| other.is_past(place));
            if settled {
                Verdict::Found(candidate.run.clone(), place.clue())
            } else {
                Verdict::Undecided(Some(name_of(&candidate.run)))
            }
        }
        several => Verdict::Ambiguous(several.iter().map(|(c, _)| c.run.clone()).collect()),
    }
}

/// Whether a run was created about when the dispatch was sent. The bound lies
/// up to some seconds before it; see [`crate::time::earliest_effect`].
fn is_of_the_moment(candidates: &Candidates, other: &Candidate, settling: Duration) -> bool {
    let slack = SignedDuration::try_from(settling * 3).unwrap_or(SignedDuration::MAX);
    match (other.run.created_at, candidates.since) {
        (Some(created), Some(since)) => created.duration_since(since) <= slack,
        _ => true,
    }
}
