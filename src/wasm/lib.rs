//! The boundary to JavaScript: settings in, events and a run or an error out.
#![cfg(target_arch = "wasm32")]
#![forbid(unsafe_code)]

mod error;
mod host;

use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;

pub use host::{JsHost, World};
use return_dispatch::settings::{Caller, Inputs};
use return_dispatch::{Host, Settings, call};

/// What the action hands over.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ActionCall {
    /// The action's inputs by their names.
    inputs: Inputs,
    /// What the runner tells about the calling run.
    caller: Caller,
}

/// Dispatches a workflow as the action does, and resolves to the identified
/// run. Rejects with a `ReturnDispatchError`.
///
/// # Errors
/// A `ReturnDispatchError` as a JavaScript value.
#[wasm_bindgen(js_name = callFromAction)]
pub async fn call_from_action(options: JsValue, host: JsHost) -> Result<JsValue, JsValue> {
    let ActionCall { inputs, caller } = serde_wasm_bindgen::from_value(options)?;
    let world = World::new(host);
    let settings = Settings::new(&inputs, &caller, world.random()).map_err(error::to_js)?;
    let identified = call(&world, &settings).await.map_err(error::to_js)?;
    Ok(to_js(&identified))
}

/// Turns a value into plain JavaScript objects. IDs are below 2^53 (GitHub's
/// are at some 2^35) and become numbers.
fn to_js(value: &impl Serialize) -> JsValue {
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    value.serialize(&serializer).unwrap_or(JsValue::UNDEFINED)
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
