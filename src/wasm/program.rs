//! The calls of a program: options by the names of inputs, and what comes of them
//! returned.

use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::{JsHost, World, error, to_js};
use return_dispatch::call::{call_and_return, cancel, wait};
use return_dispatch::event::Identified;
use return_dispatch::names;
use return_dispatch::settings::{By, Caller, Inputs};
use return_dispatch::{Error, Host, Settings};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** What a program asks for. */
export interface JsOptions {
  /** An option by the name of its input, as text; undefined where it is not given. */
  option(name: string): string | undefined;
  /** Whether messages call options by the flags of the command. */
  readonly asFlags: boolean;
  /** The page of the run that is waited for, where it is known. */
  readonly page: string | undefined;
}
"#;

#[wasm_bindgen]
extern "C" {
    /// What a program asks for.
    #[wasm_bindgen(typescript_type = "JsOptions")]
    pub type JsOptions;

    #[wasm_bindgen(method)]
    fn option(this: &JsOptions, name: &str) -> Option<String>;
    #[wasm_bindgen(method, getter, js_name = asFlags)]
    fn as_flags(this: &JsOptions) -> bool;
    #[wasm_bindgen(method, getter)]
    fn page(this: &JsOptions) -> Option<String>;
}

impl JsOptions {
    fn settings(&self, world: &World) -> Result<Settings, JsValue> {
        let inputs = Inputs::read(|name| self.option(name));
        let caller = Caller {
            by: By::Program,
            ..Caller::default()
        };
        self.settle(Settings::new(&inputs, &caller, world.random()))
    }

    fn settle<T>(&self, result: Result<T, Error>) -> Result<T, JsValue> {
        let write = if self.as_flags() {
            names::as_flags
        } else {
            names::as_options
        };
        result.map_err(|error| error::to_js(&error, write))
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Dispatched {
    #[serde(flatten)]
    run: Identified,
    /// Whether the run has the ID by which it can return values.
    returns_values: bool,
}

/// Inputs of a workflow as text, with others put over them: one JSON object.
///
/// # Errors
/// A `ReturnDispatchError` as a JavaScript value.
#[wasm_bindgen(js_name = mergeInputs)]
pub fn merge_inputs(text: &str, over: &str) -> Result<String, JsValue> {
    let merged = return_dispatch::settings::merge_inputs(text, over);
    merged.map_err(|error| error::to_js(&error, names::as_flags))
}

/// Dispatches a workflow, and resolves to the run that this created.
///
/// # Errors
/// A `ReturnDispatchError` as a JavaScript value.
#[wasm_bindgen(js_name = dispatchFromProgram)]
pub async fn dispatch(options: JsOptions, host: JsHost) -> Result<JsValue, JsValue> {
    let world = World::new(host);
    let settings = options.settings(&world)?;
    let (run, returns_values) = options.settle(call_and_return(&world, &settings).await)?;
    to_js(&Dispatched {
        run,
        returns_values,
    })
}

/// Waits for a run, and resolves to how it ended.
///
/// # Errors
/// A `ReturnDispatchError` as a JavaScript value.
#[wasm_bindgen(js_name = waitFromProgram)]
pub async fn wait_for_run(options: JsOptions, host: JsHost) -> Result<JsValue, JsValue> {
    let world = World::new(host);
    let settings = options.settings(&world)?;
    let ended = options.settle(wait(&world, &settings, options.page()).await)?;
    to_js(&ended)
}

/// Cancels a run, and resolves to what became of it once it has ended.
///
/// # Errors
/// A `ReturnDispatchError` as a JavaScript value.
#[wasm_bindgen(js_name = cancelFromProgram)]
pub async fn cancel_run(options: JsOptions, host: JsHost) -> Result<JsValue, JsValue> {
    let world = World::new(host);
    let settings = options.settings(&world)?;
    let cancelled = options.settle(cancel(&world, &settings).await)?;
    to_js(&cancelled)
}
