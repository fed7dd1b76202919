//! After a dispatch without a clear answer: did it arrive?
//!
//! A second run is worse than none, so silence proves nothing by itself. The
//! dispatch counts as lost only when
//!
//! - lists have had more than enough time to show its run, and
//! - no run of that time can be its own: neither need receivers show the ID
//!   where the server returns run IDs, nor do they where they fail before.
//!
//! One thing proves that a run is another call's: its title shows the ID that
//! was drawn for that. Titles are made of inputs and the ref, so the title of
//! this call's run can only show what this call sends. (Where they may be made of
//! the commit's message, they are not if two runs of one commit have different ones.)

use std::time::Duration;

use super::candidate::{Candidate, Candidates};
use super::verdict::Verdict;
use super::{Found, OF_ITS_OWN, Search, name_of};
use crate::error::{Code, Error};
use crate::event::Event;
use crate::github::Family;
use crate::host::Host;
use crate::settings::{DistinctId, Settings};
use crate::target::Target;
use crate::time::ServerTime;

/// How long after a dispatch without a clear answer its run may still appear.
/// Gateways give up after seconds and lists lag by seconds; in the incidents in
/// which answers get lost, both take longer.
pub(super) const SETTLING: Duration = Duration::from_mins(1);

/// Runs that an error names; it only has to show where to look.
const MOST_NAMED: usize = 5;

impl<H: Host> Search<'_, '_, H> {
    /// Looks for the run of the latest dispatch, which got no clear answer.
    /// `None`: it has not arrived, and may be repeated.
    ///
    /// # Errors
    /// If a run shows a supplied ID, as another call may have made it, or if the
    /// server will not let the runs be read.
    pub async fn settle(&mut self) -> Result<Option<Found>, Error> {
        let settled = self.latest().ended + SETTLING;
        self.look_until(async |search, verdict, began| {
            let until = search.client().latest_time(settled);
            let suspects = search.suspects(until);
            let named = suspects.iter().take(MOST_NAMED).cloned().collect();
            search.progress().suspects(named);
            let is_drawn = search.settings().distinct_id.is_drawn();
            match verdict {
                Verdict::Found(run, by) if is_drawn => {
                    return Some(Ok(Some(search.found(*run, by))));
                }
                Verdict::Undecided(shown_by) => search.progress().shown_by(shown_by),
                Verdict::Found(run, _) => search.progress().shown_by(Some(name_of(&run))),
                Verdict::Ambiguous(runs) => search.progress().shown_by(Some(runs.join(", "))),
            }
            if !is_drawn && search.showing().next().is_some() {
                // Time for the others that share it to show, so that all are named.
                return (began >= settled).then(|| Err(search.made_by_whom()));
            }
            if began < settled || !suspects.is_empty() || !search.list_is_whole() {
                return None;
            }
            let host = search.client().host();
            host.report(Event::DispatchRepeated {
                seconds: (host.now() - search.latest().ended).as_secs_f64(),
            });
            Some(Ok(None))
        })
        .await
    }

    /// Runs created by then that may be those of the dispatch. What one list
    /// showed counts, whatever later ones do.
    fn suspects(&self, until: Option<ServerTime>) -> Vec<String> {
        self.candidates()
            .ever_listed()
            .filter(|candidate| {
                let created = candidate.run.created_at;
                let in_time = created
                    .zip(until)
                    .is_none_or(|(created, until)| created <= until);
                let family = self.client().family();
                let all = self.candidates();
                in_time && !is_another_calls(self.settings(), self.target(), family, all, candidate)
            })
            .map(|candidate| name_of(&candidate.run))
            .collect()
    }

    fn made_by_whom(&self) -> Error {
        let runs: Vec<_> = self.showing().map(|shown| name_of(&shown.run)).collect();
        let settings = self.settings();
        Error::new(
            Code::OutcomeUnknown,
            format!(
                "The dispatch got no clear answer, and {} the supplied \u{1}distinct_id {}, which another call with the \
                 same ID may have caused: whether it happened is unknown",
                match runs.as_slice() {
                    [run] => format!("run {run} shows"),
                    runs => format!("{} runs show: {}:", runs.len(), runs.join(", ")),
                },
                settings.distinct_id,
            ),
        )
        .hint(format!(
            "{} {OF_ITS_OWN}",
            crate::progress::where_to_look(settings)
        ))
    }
}

/// Whether a call sends this ID itself, for whatever purpose.
pub(super) fn is_sent(settings: &Settings, target: &Target, id: &str) -> bool {
    let mut inputs = settings.workflow_inputs.iter();
    id == settings.distinct_id.as_str()
        || target.git_ref.short().contains(id)
        || inputs.any(|(_, value)| value.contains(id))
}

/// Whether a run's title shows an ID that was drawn for another call.
pub(super) fn is_another_calls(
    settings: &Settings,
    target: &Target,
    family: &Family,
    all: &Candidates,
    candidate: &Candidate,
) -> bool {
    if !family.titles_are_of_inputs && !all.has_title_of_its_own(candidate) {
        return false;
    }
    let title = candidate.run.display_title.as_deref().unwrap_or_default();
    candidate.shows.is_none()
        && DistinctId::drawn_in(title).any(|id| !is_sent(settings, target, id))
}
