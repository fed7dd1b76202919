//! What the simulated GitHub does, from outside.

// One test writes a whole scenario by `json!`.
#![recursion_limit = "256"]

mod approvals;
mod caller;
mod cancelling;
mod clients;
mod conclusions;
mod concurrency;
mod dispatching;
mod faults;
mod gitea;
mod listing;
mod logs;
mod manners;
mod matrix;
mod others;
mod over_time;
mod pages;
mod questions;
mod reruns;
mod scenarios;
