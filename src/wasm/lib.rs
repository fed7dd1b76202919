//! The boundary to JavaScript: settings in, events and a run or an error out.
//!
//! Built once for each front end, so that neither carries what the other needs.
#![cfg(target_arch = "wasm32")]
#![forbid(unsafe_code)]

#[cfg(feature = "action")]
mod action;
mod error;
mod host;
#[cfg(feature = "program")]
mod program;
#[cfg(test)]
mod tests;

use serde::Serialize;
use wasm_bindgen::prelude::*;

pub use host::{JsHost, World};

/// Turns a value into plain JavaScript objects. IDs are below 2^53 (GitHub's
/// are at some 2^35) and become numbers.
///
/// # Errors
/// A `ReturnDispatchError`, if a number is too large for JavaScript.
fn to_js(value: &impl Serialize) -> Result<JsValue, JsValue> {
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    value.serialize(&serializer).map_err(|problem| {
        let message = format!("Could not hand a value over to JavaScript: {problem}.");
        error::error_value(&message, "server_error", None, None, None)
    })
}

/// Makes a panic an error with a message and a place, instead of a bare
/// `RuntimeError: unreachable` and a promise that never settles.
#[wasm_bindgen(start)]
pub fn start() {
    std::panic::set_hook(Box::new(|panic| {
        let message = format!("internal error in return-dispatch: {panic}");
        wasm_bindgen::throw_val(error::error_value(&message, "internal", None, None, None));
    }));
}
