//! The boundary, in Node.js: what crosses it arrives as it should, in both
//! directions.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use js_sys::{Array, Function, Object, Promise, Reflect};
use return_dispatch::event::{Event, Identified, IdentifiedBy};
use return_dispatch::host::{Body, Host, Method, Request};
use return_dispatch::token::Token;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use super::action::{JsRunner, call_from_action};
use super::{JsHost, World, to_js};

#[wasm_bindgen(inline_js = r#"
export function host(fetch, events) {
  const now = () => performance.now();
  const random = () => crypto.getRandomValues(new Uint8Array(16));
  return { fetch, now, random, cancelled: () => new Promise(() => {}), report: (event) => events.push(event) };
}
export function answer(status, headers, chunks) {
  const body = new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(new TextEncoder().encode(chunk));
      controller.close();
    },
  });
  return new Response(body, { status, headers });
}
export function failure(code) {
  const syscall = code === 'ENOTFOUND' ? 'getaddrinfo' : undefined;
  const cause = Object.assign(new Error('connect failed'), { code, syscall });
  return new TypeError('fetch failed', { cause: new AggregateError([cause], '') });
}
export function hanging(seen) {
  return (url, init) => {
    seen.signal = init.signal;
    return new Promise((_, reject) => init.signal.addEventListener('abort', () => reject(init.signal.reason)));
  };
}
export function runner(variables) {
  return { input: (name) => variables[name], variable: (name) => variables[name] };
}
"#)]
extern "C" {
    fn host(fetch: &JsValue, events: &Array) -> JsHost;
    fn answer(status: u16, headers: &JsValue, chunks: &Array) -> JsValue;
    fn failure(code: &str) -> JsValue;
    fn hanging(seen: &Object) -> Function;
    fn runner(variables: &Object) -> JsRunner;
}

fn get(value: &JsValue, key: &str) -> JsValue {
    Reflect::get(value, &key.into()).unwrap()
}

fn text(value: &JsValue, key: &str) -> String {
    get(value, key).as_string().unwrap_or_default()
}

fn object(fields: &[(&str, &str)]) -> Object {
    let object = Object::new();
    for (key, value) in fields {
        Reflect::set(&object, &(*key).into(), &(*value).into()).unwrap();
    }
    object
}

fn request() -> Request {
    Request {
        method: Method::Post,
        url: "https://api.example/x".to_owned(),
        headers: vec![("accept", "text/plain".to_owned())],
        authorization: Some(Token::parse("secret").unwrap()),
        body: Some(b"{}".to_vec()),
    }
}

type Fetch = Closure<dyn FnMut(JsValue, JsValue) -> Promise>;

/// A `fetch` that answers like this, and what it was called with.
fn fetch(result: Result<JsValue, JsValue>) -> (Fetch, Rc<RefCell<Vec<JsValue>>>) {
    let calls = Rc::new(RefCell::new(Vec::new()));
    let seen = Rc::clone(&calls);
    let closure = Closure::new(move |url: JsValue, init: JsValue| {
        seen.borrow_mut().extend([url, init]);
        match &result {
            Ok(answer) => Promise::resolve(answer),
            Err(error) => Promise::reject(error),
        }
    });
    (closure, calls)
}

#[wasm_bindgen_test]
async fn a_request_and_its_answer_cross_whole() {
    let chunks = Array::of2(&"one ".into(), &"two".into());
    let headers = object(&[("X-Some", "thing"), ("etag", "W/\"a\"")]);
    let (fetch, calls) = fetch(Ok(answer(201, &headers, &chunks)));
    let world = World::new(host(fetch.as_ref(), &Array::new()));

    let mut response = world.send(request()).await.ok().unwrap();
    assert_eq!(response.status, 201);
    assert_eq!(response.headers.get("x-some"), Some("thing"));
    assert_eq!(response.headers.get("etag"), Some("W/\"a\""));
    let mut body = Vec::new();
    while let Some(chunk) = response.body.chunk().await.unwrap() {
        body.extend(chunk);
    }
    assert_eq!(body, b"one two");

    let calls = calls.borrow();
    assert_eq!(calls[0].as_string().unwrap(), "https://api.example/x");
    assert_eq!(text(&calls[1], "method"), "POST");
    assert_eq!(text(&calls[1], "redirect"), "manual");
    let sent = get(&calls[1], "headers");
    assert_eq!(text(&sent, "accept"), "text/plain");
    assert_eq!(text(&sent, "authorization"), "Bearer secret");
    let signal = get(&calls[1], "signal");
    assert_eq!(
        get(&signal, "aborted").as_bool(),
        Some(false),
        "a body read to its end is not aborted"
    );
}

#[wasm_bindgen_test]
async fn a_failed_connection_keeps_its_code() {
    let (fetch, _) = fetch(Err(failure("ECONNREFUSED")));
    let world = World::new(host(fetch.as_ref(), &Array::new()));
    let error = world.send(request()).await.err().unwrap();
    assert_eq!(error.code.as_deref(), Some("ECONNREFUSED"));
    assert!(!error.never_sent(), "a code proves nothing");
    assert_eq!(error.message, "fetch failed: connect failed");
}

#[wasm_bindgen_test]
async fn an_abandoned_request_is_aborted() {
    let seen = Object::new();
    let world = World::new(host(hanging(&seen).as_ref(), &Array::new()));
    {
        let sending = std::pin::pin!(world.send(request()));
        let waiting = std::pin::pin!(world.sleep(Duration::from_millis(5)));
        futures_util::future::select(sending, waiting).await;
    }
    assert_eq!(get(&get(&seen, "signal"), "aborted").as_bool(), Some(true));
}

#[wasm_bindgen_test]
async fn a_body_dropped_half_read_is_aborted() {
    let chunks = Array::of2(&"one ".into(), &"two".into());
    let (fetch, calls) = fetch(Ok(answer(200, &Object::new(), &chunks)));
    let world = World::new(host(fetch.as_ref(), &Array::new()));
    let mut response = world.send(request()).await.ok().unwrap();
    response.body.chunk().await.unwrap();
    drop(response);
    let signal = get(&calls.borrow()[1], "signal");
    assert_eq!(get(&signal, "aborted").as_bool(), Some(true));
}

#[wasm_bindgen_test]
async fn time_passes_and_chance_differs() {
    let world = World::new(host(&JsValue::UNDEFINED, &Array::new()));
    let before = world.now();
    world.sleep(Duration::from_millis(20)).await;
    let passed = world.now() - before;
    assert!(passed >= Duration::from_millis(19), "{passed:?}");
    assert_ne!(world.random(), world.random());
}

#[wasm_bindgen_test]
fn events_arrive_as_plain_objects() {
    let events = Array::new();
    let world = World::new(host(&JsValue::UNDEFINED, &events));
    world.report(Event::Identified(Identified {
        run_id: 19_000_000_001,
        run_url: "https://github.example/r".to_owned(),
        run_api_url: "https://api.example/r".to_owned(),
        distinct_id: "abc".to_owned(),
        identified_by: IdentifiedBy::Step,
        requests: 3,
        seconds: 1.5,
    }));
    let event = events.get(0);
    assert_eq!(text(&event, "type"), "identified");
    assert_eq!(get(&event, "runId").as_f64(), Some(19_000_000_001.0));
    assert_eq!(text(&event, "identifiedBy"), "step");
    let dispatching = to_js(&Event::Dispatching {
        repository: "o/r".to_owned(),
        workflow: "ci.yml".to_owned(),
        r#ref: "main".to_owned(),
        inputs: vec!["a".to_owned()],
    });
    let dispatching = dispatching.unwrap();
    assert_eq!(text(&dispatching, "ref"), "main");
    assert_eq!(
        get(&get(&dispatching, "inputs"), "0").as_string().unwrap(),
        "a"
    );
}

#[wasm_bindgen_test]
fn an_event_that_cannot_be_reported_fails_the_step() {
    let events = Array::new();
    let world = World::new(host(&JsValue::UNDEFINED, &events));
    world.report(Event::Attempt { number: 2 });
    assert!(world.check_reports().is_ok());
    world.report(Event::Attempt { number: 1 << 60 });
    assert_eq!(events.length(), 1);
    let problem = world.check_reports().unwrap_err();
    assert!(text(&problem, "message").contains("Could not hand a value over"));
}

#[wasm_bindgen_test]
async fn errors_are_errors_with_a_code_and_a_hint() {
    let variables = object(&[
        ("token", "t"),
        ("repo", "o/r"),
        ("workflow", "ci.yml"),
        ("ref", "a b"),
    ]);
    let host = host(&JsValue::UNDEFINED, &Array::new());
    let error = call_from_action(runner(&variables), host)
        .await
        .unwrap_err();
    assert!(error.is_instance_of::<js_sys::Error>());
    assert_eq!(text(&error, "name"), "ReturnDispatchError");
    assert_eq!(text(&error, "code"), "invalid_input");
    assert!(text(&error, "message").contains("ref \"a b\""));
    assert!(text(&error, "hint").contains("branch or a tag"));
}

#[wasm_bindgen_test]
async fn an_error_keeps_its_status_and_its_cause() {
    let variables = object(&[
        ("token", "t"),
        ("repo", "o/r"),
        ("workflow", "ci.yml"),
        ("ref", "main"),
    ]);
    let call = |result| {
        let (fetch, _) = fetch(result);
        let host = host(fetch.as_ref(), &Array::new());
        let runner = runner(&variables);
        async move {
            let error = call_from_action(runner, host).await.unwrap_err();
            drop(fetch);
            error
        }
    };
    let refused = call(Ok(answer(
        422,
        &Object::new(),
        &Array::of1(&"{\"message\":\"no\"}".into()),
    )))
    .await;
    assert_eq!(text(&refused, "code"), "refused");
    assert_eq!(get(&refused, "status").as_f64(), Some(422.0));
    let unreachable = call(Err(failure("ENOTFOUND"))).await;
    assert_eq!(text(&unreachable, "code"), "unreachable");
    assert_eq!(text(&get(&unreachable, "cause"), "code"), "ENOTFOUND");
}
