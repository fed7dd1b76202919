//! The call of an action: inputs by their names, and all that comes of it reported.

use wasm_bindgen::prelude::*;

use super::{JsHost, World, error};
use return_dispatch::abandon::Left;
use return_dispatch::names;
use return_dispatch::settings::{By, Caller, Inputs};
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
        gitea: runner.variable("GITEA_ACTIONS"),
        by: By::Step,
    };
    Settings::new(&inputs, &caller, world.random()).map_err(to_js)
}

#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
fn to_js(error: return_dispatch::Error) -> JsValue {
    error::to_js(&error, names::as_inputs)
}

/// Does what the inputs of the action say. All that comes of it is reported.
///
/// # Errors
/// A `ReturnDispatchError` as a JavaScript value.
#[wasm_bindgen(js_name = callFromAction)]
pub async fn call_from_action(runner: JsRunner, host: JsHost) -> Result<(), JsValue> {
    let world = World::new(host);
    let settings = settings(&runner, &world)?;
    call_and_wait(&world, &settings).await.map_err(to_js)?;
    world.check_reports()
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
