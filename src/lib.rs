//! Call a GitHub Actions workflow in another repository like a function.
//!
//! This crate decides everything: what is sent, what an answer means, which
//! run is the one that was dispatched, when to give up. It knows no clock, no
//! network and no JavaScript: it reaches the world through one port, [`Host`].
//! `src/wasm/` implements that port over JavaScript, the tests implement it
//! over the embedded GitHub in virtual time.
//!
//! Read it top-down:
//!
//! | module | subject |
//! | --- | --- |
//! | [`call`](mod@call) | the story of one call, on one screen |
//! | [`settings`] | what the user asked for, validated once |
//! | [`target`] | the default branch and display names, looked up |
//! | [`receiver`] | whether the receiver takes the ID, where servers do not say |
//! | [`dispatch`](mod@dispatch) | the one POST, and what its answers prove |
//! | [`identify`](mod@identify) | finding the dispatched run among others, by the distinct ID; whether there is one, or are two |
//! | [`watch`](mod@watch) | waiting for the run, cancelling it, what it returns |
//! | [`progress`] | how far a call got, for the moment its time is up |
//! | [`logs`] | searching a job's log and a run's log archive as they arrive |
//! | [`github`] | typed endpoints, the server's dialect, conditional requests, limits, repetitions |
//! | [`word`] | the ID as a whole word, in text and in streams |
//! | [`deadline`], [`time`], [`token`], [`url`](mod@url) | limits, moments, the token and where it may go |
//! | [`names`] | what settings are called, by whoever reads an error |
//! | [`json`] | objects of the API, field by field |
//! | [`event`], [`error`](mod@error) | what the caller gets to see on the way and in the end |
//! | [`host`] | the port to the world |
//!
//! No module reaches upwards in this table.
#![forbid(unsafe_code)]

pub mod abandon;
pub mod call;
pub mod deadline;
pub mod dispatch;
pub mod error;
pub mod event;
pub mod github;
pub mod host;
pub mod identify;
pub mod json;
pub mod logs;
pub mod names;
pub mod progress;
pub mod receiver;
pub mod settings;
pub mod target;
pub mod time;
pub mod token;
pub mod url;
pub mod watch;
pub mod word;

pub use abandon::abandon;
pub use call::{call, call_and_wait};
pub use error::{Code, Error};
pub use event::Event;
pub use host::Host;
pub use settings::Settings;
