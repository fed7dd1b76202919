//! Fuzz targets: whatever arrives from outside, some properties hold.
//!
//! Each target is one function that takes any bytes and panics where a property
//! is violated. Two runs use them:
//!
//! | run | inputs |
//! | --- | --- |
//! | short: `tests/short.rs`, a part of `npm test` | all in `seeds/` and `regressions/`, and a fixed number of mutations of the seeds, by a fixed seed of chance |
//! | long: `npm run fuzz` | libFuzzer, guided by coverage, as long as asked for |
//!
//! An input by which the long run violates a property lies in `regressions/`
//! afterwards, where the short run repeats it for ever.

mod bytes;
mod mutate;
mod script;
mod targets;
mod word;

pub use mutate::mutations;
pub use targets::{TARGETS, Target, target};
