//! What must be true whatever happens. One module each; its name says the rule.

pub use runs_are_found_once_all_is_well::ending;

use crate::story::Story;

mod a_conclusion_is_never_wrong;
mod a_run_that_is_cancelled_ends;
mod calls_end_by_their_deadline;
mod ends_are_noticed_in_time;
mod no_wrong_run_is_named;
mod nothing_is_told_twice;
mod one_live_run_per_call;
mod requests_and_memory_are_bounded;
mod runs_are_found_once_all_is_well;
mod the_token_stays_at_home;
mod values_are_what_was_printed;
mod waits_are_over_in_time;
mod waits_asked_for_are_kept;

/// A rule: nothing if a story keeps it, and otherwise what was wrong.
type Rule = fn(&Story) -> Result<(), String>;

/// The rules and their names.
pub const RULES: [(&str, Rule); 13] = [
    ("no wrong run is named", no_wrong_run_is_named::check),
    ("one live run per call", one_live_run_per_call::check),
    (
        "calls end by their deadline",
        calls_end_by_their_deadline::check,
    ),
    (
        "runs are found once all is well",
        runs_are_found_once_all_is_well::check,
    ),
    ("waits asked for are kept", waits_asked_for_are_kept::check),
    ("the token stays at home", the_token_stays_at_home::check),
    (
        "requests and memory are bounded",
        requests_and_memory_are_bounded::check,
    ),
    (
        "a conclusion is never wrong",
        a_conclusion_is_never_wrong::check,
    ),
    (
        "values are what was printed",
        values_are_what_was_printed::check,
    ),
    (
        "a run that is cancelled ends",
        a_run_that_is_cancelled_ends::check,
    ),
    ("waits are over in time", waits_are_over_in_time::check),
    ("ends are noticed in time", ends_are_noticed_in_time::check),
    ("nothing is told twice", nothing_is_told_twice::check),
];

/// Every rule that a story breaks: its name, and how.
#[must_use]
pub fn broken(story: &Story) -> Vec<(&'static str, String)> {
    RULES
        .iter()
        .filter_map(|(name, rule)| Some((*name, rule(story).err()?)))
        .collect()
}
