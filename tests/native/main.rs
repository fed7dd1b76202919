//! What the core does with the embedded GitHub as its network, in time that passes only where
//! the core waits.
//!
//! One program, since each of its own would be linked with all that the tests share.

mod archives;
mod brought_home;
mod candidates;
mod clocks;
mod conditional;
mod deadline;
mod denials;
mod fidelity;
mod gitea;
mod gitea_otherwise;
mod identification;
mod limits;
mod logs;
mod masks;
mod odd_answers;
mod odd_lists;
mod programs;
mod reads;
mod redirects;
mod refusals;
mod settling;
mod shared_ids;
mod stores;
mod storms;
mod support;
mod waiting;
mod workflow_names;
