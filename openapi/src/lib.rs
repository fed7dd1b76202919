//! Holds exchanges with GitHub against GitHub's own description of its API.
//!
//! The description is that of the npm package `@octokit/openapi`, as `npm ci` installs it. An
//! [`Exchange`] is a request to the API and its answer; [`check`] says what in it does not fit, and
//! which of the known [`DIFFERENCES`] between the description and what GitHub is seen to do it met.
//!
//! Stricter than the description in one respect: an object must not have fields that the
//! description does not list. A request with such a field is refused by GitHub, and an answer with
//! one would let a client rely on what no server sends.
//!
//! # Where is what
//! | module | subject |
//! | --- | --- |
//! | `exchange` | what is checked |
//! | `source` | which file describes which server, and reading it |
//! | `operation` | from a method and a path to what the description says about them |
//! | `schema` | from schemas of `OpenAPI` 3.0 to JSON Schema |
//! | `request`, `response` | the checks of each half |
//! | `mismatch` | what does not fit |
//! | `differences` | where GitHub is known not to do what it describes |

#![forbid(unsafe_code)]

mod differences;
mod exchange;
mod mismatch;
mod operation;
mod request;
mod response;
mod schema;
mod source;

pub use differences::{DIFFERENCES, Difference};
pub use exchange::Exchange;
pub use mismatch::{Mismatch, Problem};
pub use source::Server;

/// What became of a check.
#[derive(Debug, Default)]
pub struct Report {
    /// What does not fit, and is not known to differ.
    pub mismatches: Vec<Mismatch>,
    /// The names of the differences that the exchange met.
    pub differences: Vec<&'static str>,
}

/// Holds an exchange against the description of the server.
///
/// # Panics
/// If the description is not installed, or cannot be read.
#[must_use]
pub fn check(server: Server, exchange: &Exchange<'_>) -> Report {
    let description = server.description();
    let mut found = Vec::new();
    match description.operation(exchange.method, exchange.path_only()) {
        None => found.push(Mismatch::of(exchange, Problem::UnknownOperation)),
        Some(operation) => {
            request::check(description, &operation, exchange, &mut found);
            response::check(description, &operation, exchange, &mut found);
        }
    }
    differences::settle(server, exchange, found)
}
