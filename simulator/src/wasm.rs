//! The same state machine for JavaScript.
//!
//! It stays one: whoever calls it brings the time, carries the bytes, and honours `delivery`.

use std::time::Duration;

use js_sys::{Array, Error, JSON, Object, Reflect, Uint8Array};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::{Delivery, GitHub, Request, Response, Scenario};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
import type { RequestFacts, RunFacts, Scenario } from "../../js/types/scenario.d.ts";

/** A request as the embedded GitHub receives it. */
export interface EmbeddedRequest {
  method: string;
  /** Absolute. */
  url: string;
  headers: [name: string, value: string][];
  body: Uint8Array;
}

/** What it answers. */
export interface EmbeddedResponse {
  /** 0 when nothing is ever answered. */
  status: number;
  /** Names in lower case. */
  headers: [name: string, value: string][];
  /** The whole body, even if only a part of it is to be delivered. */
  body: Uint8Array;
  delivery: EmbeddedDelivery;
  /** Milliseconds until the first byte. */
  lateMs: number;
  /** Milliseconds over which the body arrives. */
  trickleMs: number;
}

/** How much of a response is to reach the client; `bytes` counts those of the body. */
export type EmbeddedDelivery =
  | { type: "whole" }
  /** Then nothing comes, ever, and the connection stays open. */
  | { type: "stallsAfter"; bytes: number }
  /** Then the connection is closed. */
  | { type: "cutAfter"; bytes: number }
  /** Nothing comes, ever, and the connection stays open. */
  | { type: "noAnswer" }
  /** The connection is closed at once. */
  | { type: "reset" }
  /** The connection is not made at all. */
  | { type: "refused" };
"#;

#[wasm_bindgen]
extern "C" {
    /// An `EmbeddedRequest`.
    #[wasm_bindgen(typescript_type = "EmbeddedRequest")]
    pub type EmbeddedRequest;
    #[wasm_bindgen(method, getter, structural)]
    fn method(this: &EmbeddedRequest) -> String;
    #[wasm_bindgen(method, getter, structural)]
    fn url(this: &EmbeddedRequest) -> String;
    #[wasm_bindgen(method, getter, structural)]
    fn headers(this: &EmbeddedRequest) -> Array;
    #[wasm_bindgen(method, getter, structural)]
    fn body(this: &EmbeddedRequest) -> Uint8Array;

    /// An `EmbeddedResponse`.
    #[wasm_bindgen(typescript_type = "EmbeddedResponse")]
    pub type EmbeddedResponse;

    /// A list of `RunFacts`.
    #[wasm_bindgen(typescript_type = "RunFacts[]")]
    pub type ListOfRunFacts;

    /// A list of `RequestFacts`.
    #[wasm_bindgen(typescript_type = "RequestFacts[]")]
    pub type ListOfRequestFacts;
}

/// A simulated GitHub. Times are milliseconds since its start and must not go back.
#[wasm_bindgen]
#[derive(Debug)]
pub struct EmbeddedGitHub(GitHub);

#[wasm_bindgen]
impl EmbeddedGitHub {
    /// Starts a GitHub. `scenario` is an object with the fields of `Scenario` in camelCase; what
    /// is missing or `undefined` has its default.
    ///
    /// # Errors
    /// An `Error` that says which field is unknown or wrong, or what contradicts what.
    #[wasm_bindgen(constructor)]
    #[allow(clippy::needless_pass_by_value)] // a constructor's argument may be left out
    pub fn new(
        #[wasm_bindgen(unchecked_optional_param_type = "Scenario")] scenario: JsValue,
    ) -> Result<Self, Error> {
        let scenario = if scenario.is_undefined() {
            Scenario::default()
        } else {
            // By way of JSON, which drops what is `undefined`, and keeps fields that nobody asked
            // for, so that a misspelt one is refused rather than overlooked.
            let text = JSON::stringify(&scenario).map_err(|_| unusable(&"it is not plain data"))?;
            let text = text
                .as_string()
                .ok_or_else(|| unusable(&"it is no object"))?;
            serde_json::from_str(&text).map_err(|error| unusable(&error))?
        };
        scenario
            .check()
            .map_err(|contradiction| unusable(&contradiction))?;
        Ok(Self(GitHub::new(scenario)))
    }

    /// Answers a request that arrives now.
    ///
    /// # Errors
    /// An `Error` if the request is not an `EmbeddedRequest`.
    pub fn handle(
        &mut self,
        request: &EmbeddedRequest,
        #[wasm_bindgen(js_name = "nowMs")] now_ms: f64,
    ) -> Result<EmbeddedResponse, Error> {
        let request = Request {
            method: request.method(),
            url: request.url(),
            headers: pairs(&request.headers())?,
            body: request.body().to_vec(),
        };
        let response = self.0.handle(&request, milliseconds(now_ms));
        Ok(to_object(&response).unchecked_into())
    }

    /// Every run there is now, oldest first, as it really is.
    ///
    /// # Errors
    /// An `Error` if an ID is larger than JavaScript's numbers.
    pub fn runs(
        &mut self,
        #[wasm_bindgen(js_name = "nowMs")] now_ms: f64,
    ) -> Result<ListOfRunFacts, Error> {
        to_js(&self.0.runs(milliseconds(now_ms))).map(JsCast::unchecked_into)
    }

    /// Every request so far, in the order of arrival.
    ///
    /// # Errors
    /// Never, but the conversion could.
    pub fn requests(&self) -> Result<ListOfRequestFacts, Error> {
        to_js(self.0.requests()).map(JsCast::unchecked_into)
    }

    /// The first moment, in milliseconds since the start, at which the text can be read through
    /// the API in the title, the name of a step, or the log of a run; `undefined` if it never can.
    #[must_use]
    #[wasm_bindgen(js_name = "clueVisibleAt")]
    pub fn clue_visible_at(
        &self,
        #[wasm_bindgen(js_name = "runId")] run_id: f64,
        text: &str,
    ) -> Option<f64> {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // an ID
        let moment = self.0.clue_visible_at(run_id as u64, text)?;
        Some(moment.as_secs_f64() * 1000.0)
    }
}

fn unusable(reason: &dyn std::fmt::Display) -> Error {
    Error::new(&format!("The scenario cannot be used: {reason}"))
}

fn milliseconds(now: f64) -> Duration {
    Duration::try_from_secs_f64(now / 1000.0).unwrap_or_default()
}

fn pairs(headers: &Array) -> Result<Vec<(String, String)>, Error> {
    let pair = |value: JsValue| {
        let pair: Array = value.dyn_into().ok()?;
        Some((pair.get(0).as_string()?, pair.get(1).as_string()?))
    };
    headers
        .iter()
        .map(|value| {
            pair(value).ok_or_else(|| Error::new("headers must be pairs of name and value"))
        })
        .collect()
}

fn to_object(response: &Response) -> Object {
    let (delivery, bytes) = match response.delivery {
        Delivery::Whole => ("whole", None),
        Delivery::StallsAfter(bytes) => ("stallsAfter", Some(bytes)),
        Delivery::CutAfter(bytes) => ("cutAfter", Some(bytes)),
        Delivery::NoAnswer => ("noAnswer", None),
        Delivery::Reset => ("reset", None),
        Delivery::Refused => ("refused", None),
    };
    let how = object(&[("type", delivery.into())]);
    if let Some(bytes) = bytes {
        set(&how, "bytes", &bytes.into());
    }
    let headers: Array = response
        .headers
        .iter()
        .map(|(name, value)| Array::of2(&name.into(), &value.into()))
        .collect();
    object(&[
        ("status", response.status.into()),
        ("headers", headers.into()),
        ("body", Uint8Array::from(response.body.as_slice()).into()),
        ("delivery", how.into()),
        ("lateMs", (response.late.as_secs_f64() * 1000.0).into()),
        (
            "trickleMs",
            (response.trickle.as_secs_f64() * 1000.0).into(),
        ),
    ])
}

fn object(fields: &[(&str, JsValue)]) -> Object {
    let object = Object::new();
    for (name, value) in fields {
        set(&object, name, value);
    }
    object
}

fn set(object: &Object, name: &str, value: &JsValue) {
    // Setting a field of a plain object of our own does not fail.
    let _ = Reflect::set(object, &name.into(), value);
}

fn to_js<T: Serialize + ?Sized>(value: &T) -> Result<JsValue, Error> {
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    value
        .serialize(&serializer)
        .map_err(|error| Error::new(&error.to_string()))
}
