//! The port, implemented over JavaScript: the shim's `fetch` and `report`,
//! clock and random bytes, timers by gloo.

use std::cell::RefCell;
use std::time::Duration;

use gloo_timers::future::TimeoutFuture;
use js_sys::{Array, Object, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;

use super::to_js;
use return_dispatch::event::Event;
use return_dispatch::host::{Body, Headers, Host, Request, Response, TransportError};
use return_dispatch::time::Moment;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** What the core reads of a `Response`. */
export interface JsResponse {
  readonly status: number;
  /** Fields by lower-case names; what is no text is left out. */
  readonly headers: Iterable<readonly [string, unknown]>;
  readonly body: {
    getReader(): { read(): Promise<{ readonly done?: boolean; readonly value?: Uint8Array | undefined }> };
  } | null;
}

/** What the core says of a request, of a `RequestInit`. */
export interface JsRequest {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body?: Uint8Array<ArrayBuffer>;
  readonly signal: AbortSignal;
  readonly redirect: "manual";
}

/** What the core needs of the world. */
export interface JsHost {
  /**
   * The platform's `fetch`, or one that behaves like it. It may tell by `connected: false` in an error that the
   * connection was not made, so that nothing was sent.
   */
  fetch(url: string, init: JsRequest): Promise<JsResponse>;
  /** Milliseconds of a clock that nobody sets. */
  now(): number;
  /** Sixteen bytes that nobody can predict. */
  random(): Uint8Array;
  /** Resolves when the caller does not want to go on; mostly never. */
  cancelled(): Promise<void>;
  /** Is told what happens; see `Event`. */
  report(event: unknown): void;
}
"#;

#[wasm_bindgen]
extern "C" {
    /// What the core needs of the world, handed over by the shim.
    #[wasm_bindgen(typescript_type = "JsHost")]
    pub type JsHost;

    #[wasm_bindgen(method, catch)]
    async fn fetch(this: &JsHost, url: &str, init: &Object) -> Result<JsResponse, JsValue>;
    #[wasm_bindgen(method)]
    fn now(this: &JsHost) -> f64;
    #[wasm_bindgen(method)]
    fn random(this: &JsHost) -> Uint8Array;
    #[wasm_bindgen(method)]
    async fn cancelled(this: &JsHost);
    #[wasm_bindgen(method, catch)]
    fn report(this: &JsHost, event: &JsValue) -> Result<(), JsValue>;

    type JsResponse;
    #[wasm_bindgen(method, getter)]
    fn status(this: &JsResponse) -> u16;
    #[wasm_bindgen(method, getter)]
    fn headers(this: &JsResponse) -> Object;
    #[wasm_bindgen(method, getter)]
    fn body(this: &JsResponse) -> Option<JsStream>;

    type JsStream;
    #[wasm_bindgen(method, js_name = getReader)]
    fn get_reader(this: &JsStream) -> JsReader;

    type JsReader;
    #[wasm_bindgen(method, catch)]
    async fn read(this: &JsReader) -> Result<JsChunk, JsValue>;

    type JsChunk;
    #[wasm_bindgen(method, getter)]
    fn done(this: &JsChunk) -> bool;
    #[wasm_bindgen(method, getter)]
    fn value(this: &JsChunk) -> Option<Uint8Array>;

    type AbortController;
    #[wasm_bindgen(constructor)]
    fn new() -> AbortController;
    #[wasm_bindgen(method)]
    fn abort(this: &AbortController);
    #[wasm_bindgen(method, getter)]
    fn signal(this: &AbortController) -> JsValue;
}

/// The world behind a [`JsHost`].
#[expect(missing_debug_implementations, reason = "a JavaScript object")]
pub struct World {
    host: JsHost,
    /// Why an event could not be reported.
    unreported: RefCell<Option<JsValue>>,
}

impl World {
    /// The world as this host has it.
    #[must_use]
    pub fn new(host: JsHost) -> Self {
        Self {
            host,
            unreported: RefCell::new(None),
        }
    }

    /// Fails if an event could not be reported: its content, for example outputs, is lost.
    ///
    /// # Errors
    /// Why the first of them could not be reported.
    #[cfg(any(feature = "action", test))]
    pub fn check_reports(&self) -> Result<(), JsValue> {
        self.unreported.take().map_or(Ok(()), Err)
    }
}

/// Aborts a request when it is dropped before its end.
struct Abort {
    controller: AbortController,
    armed: bool,
}

impl Drop for Abort {
    fn drop(&mut self) {
        if self.armed {
            self.controller.abort();
        }
    }
}

/// A body that is read by a stream reader, and aborted when dropped half-read.
#[expect(missing_debug_implementations, reason = "a JavaScript object")]
pub struct JsBody {
    reader: Option<JsReader>,
    abort: Abort,
}

/// `setTimeout` counts in a signed 32-bit number of milliseconds.
const LONGEST_TIMEOUT: Duration = Duration::from_millis(i32::MAX as u64);

impl Host for World {
    type Body = JsBody;

    async fn send(&self, request: Request) -> Result<Response<JsBody>, TransportError> {
        let mut abort = Abort {
            controller: AbortController::new(),
            armed: true,
        };
        let init = Object::new();
        set(&init, "method", &request.method.name().into());
        set(&init, "redirect", &"manual".into());
        set(&init, "signal", &abort.controller.signal());
        let headers = Object::new();
        for (name, value) in &request.headers {
            set(&headers, name, &value.as_str().into());
        }
        if let Some(token) = &request.authorization {
            let value = format!("Bearer {}", token.expose());
            set(&headers, "authorization", &value.into());
        }
        set(&init, "headers", &headers);
        if let Some(body) = &request.body {
            set(&init, "body", &Uint8Array::from(body.as_slice()));
        }
        let response = self
            .host
            .fetch(&request.url, &init)
            .await
            .map_err(|error| transport_error(&error))?;
        let reader = response.body().map(|stream| stream.get_reader());
        abort.armed = reader.is_some();
        Ok(Response {
            status: response.status(),
            headers: read_headers(&response),
            body: JsBody { reader, abort },
        })
    }

    async fn sleep(&self, duration: Duration) {
        let mut left = duration;
        loop {
            let part = left.min(LONGEST_TIMEOUT);
            // Rounded up: waking early would only mean sleeping again.
            let milliseconds =
                part.as_secs() * 1_000 + u64::from(part.subsec_nanos().div_ceil(1_000_000));
            TimeoutFuture::new(u32::try_from(milliseconds).unwrap_or(u32::MAX)).await;
            left -= part;
            if left.is_zero() {
                return;
            }
        }
    }

    async fn cancelled(&self) {
        self.host.cancelled().await;
    }

    fn now(&self) -> Moment {
        // Not a number, and what is negative, become zero.
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "`as` saturates"
        )]
        let microseconds = (self.host.now() * 1e3) as u64;
        Moment::from_zero(Duration::from_micros(microseconds))
    }

    fn random(&self) -> [u8; 16] {
        let mut bytes = [0; 16];
        self.host.random().copy_to(&mut bytes);
        bytes
    }

    fn report(&self, event: Event) {
        // The call goes on: its run is there.
        if let Err(problem) = to_js(&event).and_then(|event| self.host.report(&event)) {
            self.unreported.borrow_mut().get_or_insert(problem);
        }
    }
}

impl Body for JsBody {
    async fn chunk(&mut self) -> Result<Option<Vec<u8>>, TransportError> {
        let Some(reader) = &self.reader else {
            return Ok(None);
        };
        let chunk = reader
            .read()
            .await
            .map_err(|error| transport_error(&error))?;
        if chunk.done() {
            self.abort.armed = false;
            self.reader = None;
            return Ok(None);
        }
        Ok(chunk.value().map(|bytes| bytes.to_vec()))
    }
}

fn read_headers(response: &JsResponse) -> Headers {
    let fields = js_sys::try_iter(&response.headers()).ok().flatten();
    fields
        .into_iter()
        .flatten()
        .filter_map(|field| {
            let field: Array = field.ok()?.dyn_into().ok()?;
            Some((field.get(0).as_string()?, field.get(1).as_string()?))
        })
        .collect()
}

/// `fetch` fails with "fetch failed" and hides the reason in `cause`, which may
/// be an `AggregateError` of one error per address.
fn transport_error(error: &JsValue) -> TransportError {
    let mut messages: Vec<String> = Vec::new();
    let mut code = None;
    let mut connected = None;
    let mut failed_to_connect = false;
    let mut current = error.clone();
    // A chain of causes may be a circle.
    for _ in 0..8 {
        if let Some(message) = text(&current, "message").filter(|message| !message.is_empty())
            && !messages.contains(&message)
        {
            messages.push(message);
        }
        code = code.or_else(|| text(&current, "code"));
        connected = connected.or_else(|| get(&current, "connected").as_bool());
        failed_to_connect |= is_of_connecting(&current);
        let cause = get(&current, "cause");
        current = if cause.is_object() {
            cause
        } else {
            get(&get(&current, "errors"), "0")
        };
        if !current.is_object() {
            break;
        }
    }
    if messages.is_empty() {
        messages.push(
            error
                .as_string()
                .unwrap_or_else(|| "unknown error".to_owned()),
        );
    }
    TransportError {
        message: messages.join(": "),
        code,
        unconnected: connected.map_or(failed_to_connect, |connected| !connected),
    }
}

/// Whether an error is that of making a connection: Node.js names the system call (`errno`
/// errors, `dns`), and undici has a code of its own for its time-out.
fn is_of_connecting(error: &JsValue) -> bool {
    let system_call = text(error, "syscall");
    matches!(system_call.as_deref(), Some("connect" | "getaddrinfo"))
        || text(error, "code").as_deref() == Some("UND_ERR_CONNECT_TIMEOUT")
}

fn get(value: &JsValue, key: &str) -> JsValue {
    Reflect::get(value, &key.into()).unwrap_or(JsValue::UNDEFINED)
}

fn text(value: &JsValue, key: &str) -> Option<String> {
    get(value, key).as_string()
}

fn set(object: &Object, key: &str, value: &JsValue) {
    // Setting a property of a plain object that was just made cannot fail.
    let _ = Reflect::set(object, &key.into(), value);
}
