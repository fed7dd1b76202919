//! Writes the TypeScript declarations of what Rust and JavaScript exchange, from the Rust types
//! themselves: their doc comments, and the attributes by which serde names their fields.
//!
//! Only what stands in those sources is understood that is written here; anything else is an error
//! with its place, so that no declaration is wrong unnoticed.
//!
//! | module | subject |
//! | --- | --- |
//! | [`outputs`] | which types go where, in which order |
//! | [`rust`] | from Rust's syntax to a [`model`] |
//! | [`case`](mod@case), [`docs`] | names as serde writes them, doc comments as JavaScript's |
//! | [`defaults`] | what a field is when it is left out, as the real type has it |
//! | [`typescript`], [`literal`] | from the model to text |
//! | [`samples`] | real values of every type, which the compiler holds against the declarations |

#![forbid(unsafe_code)]

pub mod case;
pub mod defaults;
pub mod docs;
pub mod literal;
pub mod model;
pub mod outputs;
pub mod rust;
pub mod samples;
pub mod typescript;

/// What cannot be understood, and where.
pub type Result<T> = std::result::Result<T, String>;
