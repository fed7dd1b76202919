//! Errors as JavaScript sees them.

use js_sys::{Error, Reflect};
use wasm_bindgen::prelude::*;

use return_dispatch::host::TransportError;
use return_dispatch::names;

/// The error of a call, for a reader who knows settings by these names.
pub(super) fn to_js(error: &return_dispatch::Error, write: names::Write) -> JsValue {
    let value = error_value(
        &error.said_by(write),
        error.code.as_str(),
        error.status,
        error
            .hint
            .as_ref()
            .map(|hint| names::with(write, hint))
            .as_deref(),
        error.cause.as_ref(),
    );
    if error.may_have_dispatched {
        // Setting a property of an error that was just made cannot fail.
        let _ = Reflect::set(&value, &"mayHaveDispatched".into(), &true.into());
    }
    value
}

/// An `Error` named `ReturnDispatchError`, with `code`, and `status`, `hint`
/// and `cause` where there are any.
pub(super) fn error_value(
    message: &str,
    code: &str,
    status: Option<u16>,
    hint: Option<&str>,
    cause: Option<&TransportError>,
) -> JsValue {
    let error = Error::new(message);
    error.set_name("ReturnDispatchError");
    set(&error, "code", &code.into());
    if let Some(status) = status {
        set(&error, "status", &status.into());
    }
    if let Some(hint) = hint {
        set(&error, "hint", &hint.into());
    }
    if let Some(cause) = cause {
        let value = Error::new(&cause.message);
        if let Some(code) = &cause.code {
            set(&value, "code", &code.as_str().into());
        }
        error.set_cause(&value);
    }
    error.into()
}

fn set(object: &Error, key: &str, value: &JsValue) {
    // Setting a property of an error that was just made cannot fail.
    let _ = Reflect::set(object, &key.into(), value);
}
