//! How far a call got: what its error says when the time is up.

use std::cell::RefCell;
use std::time::Duration;

use crate::error::{Code, Error};
use crate::settings::{By, Settings};
use crate::time::{Moment, Seconds};

/// A runner that cancels a step leaves it ten seconds. A dispatch that is answered
/// in that time is not lost, even where its run is left to the `post` step.
const GRACE: Duration = Duration::from_secs(8);

/// A program need not hurry, and nobody goes on after it.
const GRACE_OF_PROGRAMS: Duration = Duration::from_mins(1);

/// How far a call got.
#[derive(Debug, Default)]
pub struct Progress(RefCell<State>);

#[derive(Debug, Default)]
struct State {
    stage: Stage,
    looks: usize,
    candidates: usize,
    logs: usize,
    shown_by: Option<String>,
    suspects: Vec<String>,
    lists_may_lag: bool,
    id: Id,
    is_sought: bool,
    retries: u32,
    watched: Option<Watched>,
    cancelled_at: Option<Moment>,
}

/// What becomes of the distinct ID.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Id {
    /// The receiver gets it.
    #[default]
    Sent,
    /// The receiver does not declare it.
    LeftOut,
    /// The receiver's runner masks secrets in it.
    Masked,
}

/// What is known of the runs of a call whose dispatch was retried.
#[derive(Debug, Clone)]
pub struct Watched {
    /// The run that is kept.
    pub kept: u64,
    /// Pages of the others that may be this call's; IDs where they have none.
    pub others: Vec<String>,
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

    /// No run of a dispatch without a clear answer is listed, but nothing shows that lists are
    /// current.
    pub fn lists_may_lag(&self, value: bool) {
        self.0.borrow_mut().lists_may_lag = value;
    }

    /// The dispatch is sent once more: there may be several runs.
    pub fn retry(&self) {
        self.0.borrow_mut().retries += 1;
    }

    /// A run of a call whose dispatch was retried is known, and others are looked for.
    pub fn watch(&self, watched: Watched) {
        self.0.borrow_mut().watched = Some(watched);
    }

    /// What is known of the runs of a call whose dispatch was retried, once one is.
    #[must_use]
    pub fn watched(&self) -> Option<Watched> {
        self.0.borrow().watched.clone()
    }

    /// Where a person can see what happened, and how many runs there may be.
    fn where_to_look(&self, settings: &Settings) -> String {
        let look = where_to_look(settings);
        if self.0.borrow().retries > 0 {
            format!("{look} The dispatch was retried: there may be more than one.")
        } else {
            look
        }
    }

    /// The receiver does not declare the ID's input, so it does not get it.
    pub fn leave_id_out(&self) {
        self.0.borrow_mut().id = Id::LeftOut;
    }

    /// Marks the ID as saved for the post step. True the first time.
    pub fn seek(&self) -> bool {
        !std::mem::replace(&mut self.0.borrow_mut().is_sought, true)
    }

    /// Marks the ID as masked by the receiver's runner. True the first time.
    pub fn mask(&self) -> bool {
        let id = &mut self.0.borrow_mut().id;
        let is_news = *id == Id::Sent;
        if is_news {
            *id = Id::Masked;
        }
        is_news
    }

    /// Whether it has been said that the ID is masked.
    #[must_use]
    pub fn is_masked(&self) -> bool {
        self.0.borrow().id == Id::Masked
    }

    /// Whether there may be a run.
    #[must_use]
    pub fn may_have_dispatched(&self) -> bool {
        self.0.borrow().stage != Stage::LookingUp
    }

    /// Whether it has been told what run is looked for.
    #[must_use]
    pub fn is_sought(&self) -> bool {
        self.0.borrow().is_sought
    }

    /// Whether the receiver gets the ID, so that it may return values by it.
    #[must_use]
    pub fn sends_id(&self, settings: &Settings) -> bool {
        settings.distinct_id_input.is_some() && self.0.borrow().id != Id::LeftOut
    }

    /// The call is cancelled now.
    pub fn take_note_of_cancellation(&self, now: Moment) {
        self.0.borrow_mut().cancelled_at = Some(now);
    }

    /// When the call was cancelled before its run was identified, if it was.
    #[must_use]
    pub fn cancelled_at(&self) -> Option<Moment> {
        self.0.borrow().cancelled_at
    }

    /// How long a call that is cancelled goes on: where its run is to be
    /// cancelled as well, it has to be identified first.
    #[must_use]
    pub fn grace(&self, settings: &Settings) -> Duration {
        let is_dispatched = self.0.borrow().stage != Stage::LookingUp;
        if settings.cancels && is_dispatched {
            match settings.by {
                By::Step => GRACE,
                By::Program => GRACE_OF_PROGRAMS,
            }
        } else {
            Duration::ZERO
        }
    }

    /// The error of a call that was cancelled before its run was identified.
    #[must_use]
    pub fn cancelled(&self, settings: &Settings) -> Error {
        if self.0.borrow().stage == Stage::LookingUp {
            return Error::new(Code::Cancelled, "Cancelled before anything was dispatched");
        }
        let id = &settings.distinct_id;
        let message = match self.watched() {
            Some(Watched { kept, others }) => format!(
                "Cancelled after the dispatch was retried, before it was certain that run {kept} is the only one; its \
                 distinct ID is {id}{}",
                if others.is_empty() {
                    String::new()
                } else {
                    format!(", and its run may also be {}", others.join(", "))
                }
            ),
            None => format!(
                "Cancelled after the dispatch, before its run was identified; its distinct ID is {id}"
            ),
        };
        Error::new(Code::Cancelled, message).hint(self.where_to_look(settings))
    }

    /// The error for the moment the time is up, after this last trouble.
    pub fn timed_out(&self, settings: &Settings, trouble: Option<&str>) -> Error {
        let state = self.0.borrow();
        let seconds = Seconds(settings.timeout);
        let id = &settings.distinct_id;
        let trouble =
            trouble.map_or_else(String::new, |trouble| format!("; last trouble: {trouble}"));
        let searched = format!(
            "looked {}, {} dispatched since, {} read{trouble}",
            count(state.looks, "time"),
            count(state.candidates, "run"),
            count(state.logs, "log"),
        );
        let (message, hint) = match state.stage {
            Stage::LookingUp => (
                format!("Nothing was dispatched within {seconds} s: the server has not answered in time{trouble}"),
                "Try again later, or raise \u{1}workflow_timeout_seconds.".to_owned(),
            ),
            Stage::Dispatching => (
                format!(
                    "The dispatch was sent but not answered within {seconds} s: whether it happened is unknown"
                ),
                self.where_to_look(settings),
            ),
            Stage::Unanswered if state.shown_by.is_some() => (
                format!(
                    "The dispatch got no clear answer, and within {seconds} s it was not certain whose run shows the \
                     distinct ID {id}: {}. Whether the dispatch happened is unknown ({searched})",
                    state.shown_by.as_deref().unwrap_or_default()
                ),
                self.where_to_look(settings),
            ),
            Stage::Unanswered if !state.suspects.is_empty() => (
                format!(
                    "The dispatch got no clear answer and within {seconds} s no run showed the distinct ID {id}: \
                     whether it happened is unknown. It was not repeated, as {} may be its run: {} ({searched})",
                    if state.suspects.len() == 1 { "this" } else { "one of these" },
                    state.suspects.join(", "),
                ),
                self.where_to_look(settings),
            ),
            Stage::Unanswered if state.lists_may_lag => (
                format!(
                    "The dispatch got no clear answer and within {seconds} s no run showed the distinct ID {id}: \
                     whether it happened is unknown. It was not retried, as nothing shows that the lists of runs are current: \
                     that takes a run of {} that is newer ({searched})",
                    settings.repository
                ),
                self.where_to_look(settings),
            ),
            Stage::Unanswered => (
                format!(
                    "The dispatch got no clear answer and within {seconds} s no run showed the distinct ID {id}: \
                     whether it happened is unknown ({searched})"
                ),
                self.where_to_look(settings),
            ),
            Stage::Identifying if state.shown_by.is_some() && !settings.distinct_id.is_drawn() => (
                format!(
                    "Dispatched, but the run was not identified within {seconds} s: {} shows the supplied \
                     \u{1}distinct_id {id}, but another call may have the same ({searched})",
                    state.shown_by.as_deref().unwrap_or_default()
                ),
                format!(
                    "Leave \u{1}distinct_id out, or raise \u{1}workflow_timeout_seconds: two minutes are the least that is needed. {}",
                    self.where_to_look(settings)
                ),
            ),
            Stage::Identifying if state.shown_by.is_some() => (
                format!(
                    "Dispatched, but the run was not identified within {seconds} s: {} shows the distinct ID {id}, \
                     yet an earlier or simultaneous run may still turn out to show it ({searched})",
                    state.shown_by.as_deref().unwrap_or_default()
                ),
                "Let the receiver show the ID in its run-name or its first step, and raise \u{1}workflow_timeout_seconds."
                    .to_owned(),
            ),
            Stage::Identifying if state.looks == 0 => (
                format!("Dispatched, but the runs could not be read within {seconds} s{trouble}"),
                self.where_to_look(settings),
            ),
            Stage::Identifying if state.candidates == 0 => (
                format!("Dispatched, but no new run appeared within {seconds} s ({searched})"),
                format!("Raise \u{1}workflow_timeout_seconds. {}", self.where_to_look(settings)),
            ),
            Stage::Identifying => (
                format!(
                    "Dispatched, but no run showed the distinct ID {id} within {seconds} s ({searched})"
                ),
                format!(
                    "The receiver has to show the input {} in its run-name, a step's name or its log, as early as \
                     possible; logs can be read only when their job is done, so \u{1}workflow_timeout_seconds must be \
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::{Caller, Inputs};

    fn settings() -> Settings {
        let inputs = Inputs {
            token: "t".into(),
            repo: "octo/target".into(),
            workflow: "ci.yml".into(),
            distinct_id: "abc-1".into(),
            workflow_timeout_seconds: "12".into(),
            ..Inputs::default()
        };
        Settings::new(&inputs, &Caller::default(), [0; 16]).unwrap()
    }

    /// What the error says in this stage, after what is done to the progress.
    fn said(stage: Stage, change: impl FnOnce(&Progress)) -> String {
        let progress = Progress::default();
        progress.enter(stage);
        change(&progress);
        let error = progress.timed_out(&settings(), Some("it hung"));
        let unknown = matches!(stage, Stage::Dispatching | Stage::Unanswered);
        assert_eq!(error.code == Code::OutcomeUnknown, unknown, "{error}");
        error.to_string()
    }

    #[test]
    fn the_first_look_and_every_change_is_news() {
        let progress = Progress::default();
        assert!(progress.looked(0, 0));
        assert!(!progress.looked(0, 0));
        assert!(progress.looked(1, 0));
        assert!(!progress.looked(1, 0));
        assert!(progress.looked(1, 1));
        assert!(progress.looked(0, 2));
        assert!(!progress.looked(0, 2));
    }

    #[test]
    fn the_error_says_how_far_the_call_got() {
        let nothing = |_: &Progress| {};
        let message = said(Stage::LookingUp, nothing);
        assert!(
            message.starts_with("Nothing was dispatched within 12 s"),
            "{message}"
        );
        assert!(message.contains("last trouble: it hung"), "{message}");
        let message = said(Stage::Dispatching, nothing);
        assert!(message.contains("not answered within 12 s"), "{message}");
        let message = said(Stage::Identifying, nothing);
        assert!(message.contains("the runs could not be read"), "{message}");
    }

    #[test]
    fn the_error_names_what_is_in_question() {
        let looked = |progress: &Progress| {
            progress.looked(2, 1);
        };
        let message = said(Stage::Unanswered, looked);
        assert!(
            message.contains("no run showed the distinct ID abc-1"),
            "{message}"
        );
        assert!(!message.contains("It was not repeated"), "{message}");
        assert!(
            message.contains("looked 1 time, 2 runs dispatched since, 1 log read"),
            "{message}"
        );
        let message = said(Stage::Unanswered, |progress| {
            looked(progress);
            progress.suspects(vec!["7".into()]);
        });
        assert!(message.contains("as this may be its run: 7 ("), "{message}");
        let message = said(Stage::Unanswered, |progress| {
            looked(progress);
            progress.suspects(vec!["7".into(), "8".into()]);
        });
        assert!(
            message.contains("as one of these may be its run: 7, 8 ("),
            "{message}"
        );
        let message = said(Stage::Unanswered, |progress| {
            progress.shown_by(Some("7".into()));
        });
        assert!(
            message.contains("whose run shows the distinct ID abc-1: 7."),
            "{message}"
        );
        let message = said(Stage::Identifying, |progress| {
            progress.shown_by(Some("7".into()));
        });
        assert!(
            message.contains("7 shows the supplied distinct_id abc-1"),
            "{message}"
        );
        let message = said(Stage::Identifying, |progress| {
            progress.looked(0, 0);
        });
        assert!(message.contains("no new run appeared"), "{message}");
        let message = said(Stage::Identifying, looked);
        assert!(
            message.contains("no run showed the distinct ID abc-1"),
            "{message}"
        );
    }
}
