//! GitHub's REST API, as much of it as a call needs: typed endpoints over a
//! [`Client`] that knows the server's dialect, follows redirects without
//! leaking the token, and makes unchanged answers free.

mod answer;
mod cache;
mod client;
mod endpoints;
mod failure;
mod limits;
mod log_stream;
mod model;
mod repeats;
mod server;

pub use client::Client;
pub use endpoints::{
    Attempts, CreatedRun, Dispatch, List, Reach, RunUnknown, believed, newest_stamp,
};
pub use failure::{Failure, Refusal};
pub use log_stream::LogStream;
pub use model::{Job, Run, Step, Workflow};
pub use repeats::{DENIED_FOR, DENIED_MEANWHILE, Denials, Repeats};
pub use server::{Family, Server};
