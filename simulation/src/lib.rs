//! Calls in a world of chance, each drawn from one seed, and the rules that hold in all of them.
//!
//! A seed stands for a [`Plan`]: a server, a receiver, several instances of the program and other
//! people who dispatch the same workflow, latencies, clocks, and what goes wrong. [`Story::of`]
//! lets it happen in virtual time: the real core talks to the embedded GitHub. [`rules::broken`]
//! says which rules the story breaks; [`trace::of`] writes it down for people.
//!
//! | module | subject |
//! | --- | --- |
//! | [`plan`] | what a seed stands for |
//! | [`story`] | what happens under a plan |
//! | [`rules`] | what must be true whatever happens |
//! | [`many`] | a range of seeds, on all cores |
//! | [`trace`] | a story for people to read |
//! | [`world`], [`time`], [`exchange`] | the port over the embedded GitHub, virtual time, what was sent |
//! | [`memory`] | how much of it each program holds |
//! | [`chance`] | chance, all of it from one seed |
//!
//! `cargo test -p simulation` tries 4,000 seeds, or `RETURN_DISPATCH_WORLDS`,
//! `cargo run --profile simulation -p simulation -- --seeds 1000000` as many as asked, and `--seed S` replays
//! a single one with its trace.
//!
//! What is not simulated: archives that inflate to gigabytes, which the core's own tests have.

#![deny(unsafe_code)]

pub mod chance;
pub mod exchange;
pub mod many;
pub mod memory;
pub mod plan;
pub mod rules;
pub mod story;
pub mod time;
pub mod trace;
pub mod world;

pub use plan::Plan;
pub use story::Story;
