//! Gitea's API: what of it does not depend on the state of the server.
//!
//! All of it as Gitea's own source has it (release 1.26.0 of <https://github.com/go-gitea/gitea>),
//! whose files are named where a fact comes from.

mod answer;
mod dispatch;
mod file;
mod listing;
mod log;
mod payload;
mod route;
mod state;

pub(crate) use answer::{Problem, page_not_found, with_headers};
pub(crate) use dispatch::{Order, is_true};
pub(crate) use file::file_of;
pub(crate) use listing::{Filter, Page, states_asked};
pub(crate) use log::{LiveLog, readable_at};
pub(crate) use payload::{Permissions, Place, Site, blob_sha};
pub(crate) use route::{Endpoint, Route};
pub(crate) use state::State;
