//! How far a call got: what its error says when the time is up.

use std::cell::RefCell;

use crate::error::{Code, Error};
use crate::settings::Settings;
use crate::time::Seconds;

/// How far a call got.
#[derive(Debug, Default)]
pub struct Progress(RefCell<State>);

#[derive(Debug, Default)]
struct State {
    stage: Stage,
    looks: u32,
    candidates: usize,
    logs: usize,
    shown_by: Option<String>,
    suspects: Vec<String>,
}

/// What the call is at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Stage {
    /// Reading what the dispatch needs.
    #[default]
    LookingUp,
    /// The POST is under way.
    Dispatching,
    /// The POST got no clear answer.
    Unanswered,
    /// Dispatched; the run is looked for.
    Identifying,
}

impl Progress {
    /// The call enters a stage; returns the one before.
    pub fn enter(&self, stage: Stage) -> Stage {
        std::mem::replace(&mut self.0.borrow_mut().stage, stage)
    }

    /// All runs have been looked through once more. True if what is known changed.
    pub fn looked(&self, candidates: usize, logs: usize) -> bool {
        let mut state = self.0.borrow_mut();
        let changed = state.looks == 0 || state.candidates != candidates || state.logs != logs;
        state.looks += 1;
        state.candidates = candidates;
        state.logs = logs;
        changed
    }

    /// A run shows the ID, but an earlier one may yet turn out to be the right one.
    pub fn shown_by(&self, run: Option<String>) {
        self.0.borrow_mut().shown_by = run;
    }

    /// Runs that may be those of a dispatch without a clear answer.
    pub fn suspects(&self, runs: Vec<String>) {
        self.0.borrow_mut().suspects = runs;
    }

    /// The error for the moment the time is up, after this last trouble.
    pub fn timed_out(&self, settings: &Settings, trouble: Option<&str>) -> Error {
        let state = self.0.borrow();
        let seconds = Seconds(settings.timeout);
        let id = &settings.distinct_id;
        let trouble =
            trouble.map_or_else(String::new, |trouble| format!("; last trouble: {trouble}"));
        let searched = format!(
            "looked {} times, {} dispatched since, {} read{trouble}",
            state.looks,
            count(state.candidates, "run"),
            count(state.logs, "log"),
        );
        let (message, hint) = match state.stage {
            Stage::LookingUp => (
                format!("Nothing was dispatched within {seconds} s: the server has not answered in time{trouble}"),
                "Try again later, or raise workflow_timeout_seconds.".to_owned(),
            ),
            Stage::Dispatching => (
                format!(
                    "The dispatch was sent but not answered within {seconds} s: whether it happened is unknown"
                ),
                where_to_look(settings),
            ),
            Stage::Unanswered if state.shown_by.is_some() => (
                format!(
                    "The dispatch got no clear answer, and within {seconds} s it was not certain whose run shows the \
                     distinct ID {id}: {}. Whether the dispatch happened is unknown ({searched})",
                    state.shown_by.as_deref().unwrap_or_default()
                ),
                where_to_look(settings),
            ),
            Stage::Unanswered if !state.suspects.is_empty() => (
                format!(
                    "The dispatch got no clear answer and within {seconds} s no run showed the distinct ID {id}: \
                     whether it happened is unknown. It was not repeated, as {} may be its run: {} ({searched})",
                    if state.suspects.len() == 1 { "this" } else { "one of these" },
                    state.suspects.join(", "),
                ),
                where_to_look(settings),
            ),
            Stage::Unanswered => (
                format!(
                    "The dispatch got no clear answer and within {seconds} s no run showed the distinct ID {id}: \
                     whether it happened is unknown ({searched})"
                ),
                where_to_look(settings),
            ),
            Stage::Identifying if state.shown_by.is_some() => (
                format!(
                    "Dispatched, but the run was not identified within {seconds} s: {} shows the distinct ID {id}, \
                     yet an earlier or simultaneous run may still turn out to show it ({searched})",
                    state.shown_by.as_deref().unwrap_or_default()
                ),
                "Let the receiver show the ID in its run-name or its first step, and raise workflow_timeout_seconds."
                    .to_owned(),
            ),
            Stage::Identifying if state.looks == 0 => (
                format!("Dispatched, but the runs could not be read within {seconds} s{trouble}"),
                where_to_look(settings),
            ),
            Stage::Identifying if state.candidates == 0 => (
                format!("Dispatched, but no new run appeared within {seconds} s ({searched})"),
                format!("Raise workflow_timeout_seconds. {}", where_to_look(settings)),
            ),
            Stage::Identifying => (
                format!(
                    "Dispatched, but no run showed the distinct ID {id} within {seconds} s ({searched})"
                ),
                format!(
                    "The receiver has to show the input {} in its run-name, a step's name or its log, as early as \
                     possible; logs can be read only when their job is done, so workflow_timeout_seconds must be \
                     longer than that takes.",
                    settings.distinct_id_input.as_deref().unwrap_or("distinct_id")
                ),
            ),
        };
        let code = match state.stage {
            Stage::Dispatching | Stage::Unanswered => Code::OutcomeUnknown,
            Stage::LookingUp | Stage::Identifying => Code::TimedOut,
        };
        Error::new(code, message).hint(hint)
    }
}

fn count(n: usize, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}

/// Where a person can see what happened.
#[must_use]
pub fn where_to_look(settings: &Settings) -> String {
    format!(
        "Look at the Actions page of {} for a run of {} before you dispatch again.",
        settings.repository, settings.workflow
    )
}
