//! A GitHub that fits in a test: deterministic, seeded, in virtual time.
//!
//! [`GitHub`] is a state machine: a [`Request`] and the time since the start go in, a [`Response`]
//! comes out. It has no clock, no network, no threads and no randomness but that of
//! [`Scenario::seed`]. Everything about a run is computed for the moment of the request: whether
//! lists show it yet, which step it is at, which logs can be read.
//!
//! ```
//! use std::time::Duration;
//! use simulator::{GitHub, Request, Scenario};
//!
//! let mut github = GitHub::new(Scenario::default().with_seed(42));
//! let call = |method: &str, path: &str| {
//!     Request::new(method, format!("https://api.github.com/repos/octo/receiver{path}"))
//!         .with_header("User-Agent", "example")
//!         .with_header("Authorization", "Bearer ghs_simulated")
//! };
//!
//! let dispatch = call("POST", "/actions/workflows/ci.yml/dispatches")
//!     .with_body(r#"{ "ref": "main", "inputs": { "distinct_id": "abc" } }"#);
//! assert_eq!(github.handle(&dispatch, Duration::ZERO).status, 204);
//!
//! // The run exists at once, but it takes half a second until a list shows it.
//! let run = github.runs(Duration::ZERO)[0].id;
//! let list = call("GET", "/actions/runs");
//! let early = github.handle(&list, Duration::from_millis(499));
//! let later = github.handle(&list, Duration::from_millis(500));
//! assert!(early.body.starts_with(br#"{"total_count":0"#));
//! assert!(later.body.starts_with(format!(r#"{{"total_count":1,"workflow_runs":[{{"id":{run}"#).as_bytes()));
//! ```
//!
//! # Where is what
//! | module | subject |
//! | --- | --- |
//! | `scenario`, `workflow`, `fault`, `profile` | what is configured, and what each server knows |
//! | `github` | the state machine |
//! | `route`, `dispatch`, `listing` | endpoints, the checks before a dispatch, filters and pages |
//! | `run`, `plan` | a run and its attempts over time, and the course of one attempt |
//! | `log`, `archive`, `store`, `range` | logs, their archive, and the other origin that hands them out |
//! | `answer`, `payload`, `limit` | errors and headers, JSON, the rate limits |
//! | `cors` | pages in browsers |
//! | `graphql` | the few questions that are asked in GraphQL |
//! | `gitea` | what is Gitea's own: endpoints, errors, payloads, lists, logs |
//! | `facts` | the truth, for whoever checks a client |
//!
//! Times in a scenario are in seconds; times that come out are since the start.

#![forbid(unsafe_code)]

mod answer;
mod archive;
mod cors;
mod dispatch;
mod facts;
mod fault;
mod gitea;
mod github;
mod graphql;
mod http;
mod limit;
mod listing;
mod log;
mod payload;
mod plan;
mod profile;
mod random;
mod range;
mod route;
mod run;
mod scenario;
mod store;
mod template;
mod time;
#[cfg(target_arch = "wasm32")]
pub mod wasm;
mod workflow;

pub use facts::{AttemptFacts, DispatchedBy, Origin, RequestFacts, RunFacts};
pub use fault::{Asks, Disorder, Effect, Fault};
pub use github::GitHub;
pub use http::{Delivery, Request, Response};
pub use profile::{Family, Gitea, Ids, Profile, Server};
pub use route::operations;
pub use scenario::{
    Archive, ArchiveNames, Crowd, Deletion, Denial, ExistingRun, Repository, Rerun, Scenario,
    SecondaryLimits, Token,
};
pub use workflow::{
    Conclusion, Concurrency, Dispatch, Environment, Input, Job, Logs, Status, Step, Workflow,
    WorkflowState,
};
