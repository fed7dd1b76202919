//! The truth about what happened, for whoever checks a client's conclusions.

use std::{collections::BTreeMap, time::Duration};

use serde::{Serialize, Serializer};

use crate::workflow::{Conclusion, Status};

/// A run as it really is, whether the API shows it yet or not.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RunFacts {
    /// Its ID.
    pub id: u64,
    /// Its run number. Pages of runs are addressed by it on Gitea up to 1.25.
    pub number: u64,
    /// `owner/name` of its repository.
    pub repository: String,
    /// File name of its workflow.
    pub workflow: String,
    /// Its inputs, defaults filled in.
    pub inputs: BTreeMap<String, String>,
    /// When it was created, since the start; zero for an older run.
    #[serde(serialize_with = "milliseconds")]
    pub created_at: Duration,
    /// From when on the API shows it, since the start.
    #[serde(serialize_with = "milliseconds")]
    pub visible_at: Duration,
    /// Who dispatched it.
    pub dispatched_by: DispatchedBy,
    /// How far it is.
    pub status: Status,
    /// How it has ended, if it has.
    pub conclusion: Option<Conclusion>,
    /// The number of the attempt that status and conclusion are of.
    pub attempt: u32,
    /// Every attempt that has started, the first one first.
    pub attempts: Vec<AttemptFacts>,
    /// The client whose request created it, as [`crate::GitHub::handle_from`] was told. Not in
    /// JavaScript, like the next.
    #[serde(skip)]
    pub client: Option<u32>,
    /// The client whose request cancelled it.
    #[serde(skip)]
    pub cancelled_by: Option<u32>,
    /// When it was or will be deleted.
    #[serde(skip)]
    pub deleted_at: Option<Duration>,
}

/// An attempt at a run as it really is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AttemptFacts {
    /// Its number; the first is 1.
    pub number: u32,
    /// How far it is.
    pub status: Status,
    /// How it has ended, if it has.
    pub conclusion: Option<Conclusion>,
    /// When it started, since the start of the simulation; zero for an older one.
    #[serde(serialize_with = "milliseconds")]
    pub started_at: Duration,
    /// When it ended, since the same, if it has.
    #[serde(serialize_with = "milliseconds_if_any")]
    pub ended_at: Option<Duration>,
}

/// Who dispatched a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "camelCase")]
pub enum DispatchedBy {
    /// A request during the simulation.
    Client,
    /// Somebody else.
    Crowd,
    /// A step of another run.
    Run {
        /// The ID of that run.
        id: u64,
    },
}

/// A request as it was received, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RequestFacts {
    /// When, since the start.
    #[serde(serialize_with = "milliseconds")]
    pub at: Duration,
    /// Its method.
    pub method: String,
    /// Its path with the query, without the base URL.
    pub path: String,
    /// Where it was sent.
    pub origin: Origin,
    /// The status answered; 0 if nothing was.
    pub status: u16,
    /// How many bytes of the body were sent.
    pub bytes: usize,
    /// Whether it carried a token.
    pub had_authorization: bool,
    /// Its headers, as pairs of name and value.
    pub headers: Vec<(String, String)>,
    /// The client that sent it. Not in JavaScript, like the next.
    #[serde(skip)]
    pub client: u32,
    /// Which of the scenario's faults struck it.
    #[serde(skip)]
    pub fault: Option<usize>,
    /// The run that it created, whatever was answered.
    #[serde(skip)]
    pub created: Option<u64>,
}

/// Where a request was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Origin {
    /// The API.
    Api,
    /// The store that hands out logs.
    Logs,
    /// Neither.
    Elsewhere,
}

#[allow(clippy::ref_option)] // the signature that serde calls
fn milliseconds_if_any<S: Serializer>(
    duration: &Option<Duration>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match duration {
        Some(duration) => milliseconds(duration, serializer),
        None => serializer.serialize_none(),
    }
}

fn milliseconds<S: Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(duration.as_secs_f64() * 1000.0)
}
