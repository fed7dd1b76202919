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
use return_dispatch::settings::{Caller, Inputs};
use return_dispatch::{Host, Settings, call};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** What a runner tells an action. */
export interface JsRunner {
  /** An input by its name, as it is; undefined where it is not given at all, which is not the same as empty. */
  input(name: string): string | undefined;
  /** An environment variable. */
  variable(name: string): string | undefined;
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
}

/// Dispatches a workflow as the action does, and resolves to the identified run.
///
/// # Errors
/// A `ReturnDispatchError` as a JavaScript value.
#[wasm_bindgen(js_name = callFromAction)]
pub async fn call_from_action(runner: JsRunner, host: JsHost) -> Result<JsValue, JsValue> {
    let inputs = Inputs::read(|name| runner.input(name));
    let caller = Caller {
        repository: runner.variable("GITHUB_REPOSITORY"),
        run_id: runner.variable("GITHUB_RUN_ID"),
        api_url: runner.variable("GITHUB_API_URL"),
    };
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
