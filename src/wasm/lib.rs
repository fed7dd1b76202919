//! The boundary to JavaScript: settings in, events and a run or an error out.
#![cfg(target_arch = "wasm32")]
#![forbid(unsafe_code)]

mod error;
mod host;
#[cfg(test)]
mod tests;

use serde::Serialize;
use wasm_bindgen::prelude::*;

pub use host::{JsHost, World};
use return_dispatch::abandon::Left;
use return_dispatch::settings::{Caller, Inputs};
use return_dispatch::{Host, Settings, abandon, call_and_wait};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** What a runner tells an action. */
export interface JsRunner {
  /** An input by its name, as it is; undefined where it is not given at all, which is not the same as empty. */
  input(name: string): string | undefined;
  /** An environment variable. */
  variable(name: string): string | undefined;
  /** What an earlier process of the step has saved; empty where that is nothing. */
  state(name: string): string;
}
"#;

#[wasm_bindgen]
extern "C" {
    /// What a runner tells an action.
    #[wasm_bindgen(typescript_type = "JsRunner")]
    pub type JsRunner;

    #[wasm_bindgen(method)]
    fn input(this: &JsRunner, name: &str) -> Option<String>;
    #[wasm_bindgen(method)]
    fn variable(this: &JsRunner, name: &str) -> Option<String>;
    #[wasm_bindgen(method)]
    fn state(this: &JsRunner, name: &str) -> String;
}

/// What a step of a runner is given, as the core takes it.
fn settings(runner: &JsRunner, world: &World) -> Result<Settings, JsValue> {
    let inputs = Inputs::read(|name| runner.input(name));
    let caller = Caller {
        repository: runner.variable("GITHUB_REPOSITORY"),
        run_id: runner.variable("GITHUB_RUN_ID"),
        api_url: runner.variable("GITHUB_API_URL"),
    };
    Settings::new(&inputs, &caller, world.random()).map_err(error::to_js)
}

/// Does what the inputs of the action say. All that comes of it is reported.
///
/// # Errors
/// A `ReturnDispatchError` as a JavaScript value.
#[wasm_bindgen(js_name = callFromAction)]
pub async fn call_from_action(runner: JsRunner, host: JsHost) -> Result<(), JsValue> {
    let world = World::new(host);
    let settings = settings(&runner, &world)?;
    let called = call_and_wait(&world, &settings).await;
    called.map(drop).map_err(error::to_js)
}

/// Cancels the run that a step left behind, and resolves to what became of it.
///
/// # Errors
/// A `ReturnDispatchError` as a JavaScript value.
#[wasm_bindgen(js_name = cancelFromAction)]
pub async fn cancel_from_action(runner: JsRunner, host: JsHost) -> Result<String, JsValue> {
    let world = World::new(host);
    let settings = settings(&runner, &world)?;
    let left = Left::read(|name| runner.state(name));
    Ok(abandon(&world, &settings, &left).await)
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
