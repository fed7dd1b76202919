//! Finding the dispatched run among others, by the distinct ID that it shows.
//!
//! Never by time or order: these only narrow down where to look. The workflow's
//! runs since the dispatch are looked through again and again, at first twice a
//! second, later less often; in each look the cheapest clue comes first:
//!
//! 1. the title, which the list itself shows;
//! 2. the names of the steps, one request a run;
//! 3. the log of each job that is done, once;
//! 4. the archive of a finished run's logs, where a job's log is not to be had.
//!
//! A run whose title shows an ID that was drawn for another call is left alone, so
//! that two hundred who call at once cost no more each than one.
//!
//! | module | question |
//! | --- | --- |
//! | `age` | which runs are older than the dispatch? |
//! | `search` | what do the runs show? |
//! | `verdict` | which of those that show the ID is the one? |
//! | `settle` | did a dispatch without a clear answer arrive? |
//! | `duplicates` | did a repeated dispatch make two runs? |

mod age;
mod candidate;
mod duplicates;
mod search;
mod settle;
mod verdict;

pub use search::Search;

use search::Looks;
use verdict::Verdict;

use crate::error::{Code, Error};
use crate::event::{Event, IdentifiedBy};
use crate::github::Run;
use crate::host::Host;
use crate::settings::Settings;

/// A run that is the dispatched one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Its ID.
    pub id: u64,
    /// Its page.
    pub html_url: String,
    /// Its place in the API.
    pub api_url: String,
    /// By what it was identified.
    pub by: IdentifiedBy,
}

impl<H: Host> Search<'_, '_, H> {
    /// Looks for the run of a dispatch that was accepted, until it is found. Has
    /// no limit of its own in time.
    ///
    /// # Errors
    /// If the ID is ambiguous, or the server will not let the runs be read.
    pub async fn find(&mut self) -> Result<Found, Error> {
        if !self.settings().distinct_id.is_drawn() {
            self.client().host().report(Event::SuppliedId {});
        }
        let mut looks = Looks::default();
        loop {
            match self.look_again(&mut looks).await?.0 {
                Verdict::Found(run, by) => return Ok(self.found(*run, by)),
                Verdict::Ambiguous(runs) => return Err(ambiguous(self.settings(), &runs)),
                Verdict::Undecided(shown_by) => self.progress().shown_by(shown_by),
            }
        }
    }
}

fn ambiguous(settings: &Settings, runs: &[String]) -> Error {
    Error::new(
        Code::Ambiguous,
        format!(
            "Dispatched, but {} runs show the supplied \u{1}distinct_id {}, and nothing tells which of them is this \
             call's: {}",
            runs.len(),
            settings.distinct_id,
            runs.join(", ")
        ),
    )
    .hint(OF_ITS_OWN)
}

/// What helps against a supplied ID that others may have too.
const OF_ITS_OWN: &str = "Give each call a value of its own, without a secret in it (in a matrix, add its values; on \
                          re-runs, github.run_attempt), or leave \u{1}distinct_id out to have one drawn.";

/// How errors name a run.
fn name_of(run: &Run) -> String {
    match &run.html_url {
        Some(url) => format!("{} ({url})", run.id),
        None => run.id.to_string(),
    }
}
