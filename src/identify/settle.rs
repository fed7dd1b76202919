//! After a dispatch without a clear answer: did it arrive?
//!
//! A second run is worse than none, so silence proves nothing by itself. The
//! dispatch counts as lost only when
//!
//! - lists have had more than enough time to show its run,
//! - no run that they show can be its own: neither need receivers show the ID
//!   where the server returns run IDs, nor do they where they fail before, and
//! - lists are shown to be current, by a run that is newer than the dispatch.
//!
//! Without such a run nothing is repeated: lists that lag, which nothing else shows, look the same
//! as those of a dispatch that never arrived.
//!
//! One thing proves that a run is another call's: its title shows the ID that
//! was drawn for that. Titles are made of inputs and the ref, so the title of
//! this call's run can only show what this call sends. (Where they may be made of
//! the commit's message, they are not if two runs of one commit have different ones.)

use std::time::Duration;

use super::age::ROUNDED;
use super::candidate::{Candidate, Candidates};
use super::search::Looks;
use super::verdict::Verdict;
use super::{Found, OF_ITS_OWN, Search, name_of};
use crate::error::{Code, Error};
use crate::event::Event;
use crate::github::{Family, Run, newest_stamp};
use crate::host::Host;
use crate::settings::{DistinctId, Settings};
use crate::target::Target;

/// How long after a dispatch without a clear answer its run may still appear.
/// Gateways give up after seconds and lists lag by seconds; in the incidents in
/// which answers get lost, both take longer.
pub(super) const SETTLING: Duration = Duration::from_mins(1);

/// How often the newest runs of the repository are asked for, as evidence that lists are current.
const BETWEEN_EVIDENCE: Duration = Duration::from_secs(10);

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
        let host = self.client().host();
        let is_drawn = self.settings().distinct_id.is_drawn();
        let mut looks = Looks::default();
        loop {
            let (verdict, began) = self.look_again(&mut looks).await?;
            let suspects = self.suspects().map(|candidate| &candidate.run);
            let suspects = suspects.chain(self.known_elsewhere()).take(MOST_NAMED);
            let suspects: Vec<_> = suspects.map(name_of).collect();
            self.progress().suspects(suspects);
            match verdict {
                Verdict::Found(run, by) if is_drawn => return Ok(Some(self.found(*run, by))),
                Verdict::Undecided(shown_by) => self.progress().shown_by(shown_by),
                Verdict::Found(run, _) => self.progress().shown_by(Some(name_of(&run))),
                Verdict::Ambiguous(runs) => self.progress().shown_by(Some(runs.join(", "))),
            }
            if !is_drawn && self.showing().next().is_some() {
                // Time for the others that share it to show, so that all are named.
                if began >= settled {
                    return Err(self.made_by_whom());
                }
                continue;
            }
            let is_complete = self.list_is_whole() && !self.lacks_earlier_runs();
            if began < settled || !is_complete {
                continue;
            }
            let asked = self.evidence_asked;
            if asked.is_some_and(|asked| host.now() - asked < BETWEEN_EVIDENCE) {
                continue;
            }
            self.evidence_asked = Some(host.now());
            // What it shows may prove that runs in sight are older than the dispatch.
            let are_current = self.lists_are_current().await;
            self.progress().lists_may_lag(!are_current);
            if !are_current
                || self.suspects().next().is_some()
                || self.known_elsewhere().next().is_some()
            {
                continue;
            }
            self.progress().retry();
            host.report(Event::DispatchRepeated {
                seconds: (host.now() - self.latest().ended).as_secs_f64(),
            });
            return Ok(None);
        }
    }

    /// Runs that may be those of a dispatch that got no clear answer. What one list showed counts,
    /// whatever later ones do.
    pub(super) fn suspects(&self) -> impl Iterator<Item = &Candidate> {
        let (settings, target, family) = (self.settings(), self.target(), self.client().family());
        let all = self.candidates();
        all.ever_listed()
            .filter(move |candidate| !is_another_calls(settings, target, family, all, candidate))
    }

    /// Whether a run shows that lists are current: one that was created after the latest dispatch
    /// had ended, and is none that this call could have created. That is a matter of dates; where
    /// these are wrong, and nothing shows it, what else shows up is found after the retry.
    async fn lists_are_current(&mut self) -> bool {
        let client = self.client();
        let runs = match client.newest_runs().await {
            Ok(runs) => runs,
            Err(failure) => {
                client.note("list the newest runs", &failure);
                return false;
            }
        };
        self.learn_stamp(newest_stamp(&runs, client.latest_time(client.host().now())));
        if self.date_is_behind_by(ROUNDED) {
            return false;
        }
        // One list shows it, the other one does not: it may be the run of this dispatch.
        let elsewhere: Vec<Run> = runs
            .iter()
            .filter(|run| self.may_be_ours(run) && !self.is_listed(run))
            .cloned()
            .collect();
        self.listed_elsewhere.extend(elsewhere);
        if self.known_elsewhere().next().is_some() {
            return false;
        }
        let ended = client.latest_time(self.latest().ended);
        runs.iter().any(|run| {
            let times = run.created_by().zip(ended);
            times.is_some_and(|(at, ended)| at > ended)
                && (self.is_listed(run) || !self.may_be_ours(run))
        })
    }

    /// Whether the workflow's lists have shown a run.
    fn is_listed(&self, run: &Run) -> bool {
        let mut all = self.candidates().ever_listed();
        all.any(|candidate| candidate.run.id == run.id)
    }

    /// Runs that may be this call's and are only in the list of all workflows, or were there once.
    fn known_elsewhere(&self) -> impl Iterator<Item = &Run> {
        let runs = self.listed_elsewhere.iter();
        runs.filter(|run| !self.is_listed(run) && self.is_candidate(run))
    }

    /// Whether this call can have created a run, by its event, workflow and ref.
    fn may_be_ours(&self, run: &Run) -> bool {
        let target = self.target();
        let file = target.path.as_ref().unwrap_or(&target.workflow);
        // A workflow that is given by its number may be any.
        (!file.contains('.') || run.is_of(file)) && run.is_dispatched() && self.is_candidate(run)
    }

    fn made_by_whom(&self) -> Error {
        let in_question = self.candidates().in_question();
        let runs: Vec<_> = in_question.map(|one| name_of(&one.run)).collect();
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
