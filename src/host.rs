//! The port to the world: send a request, sleep, read the clock, draw random
//! bytes, report an event. Nothing else in this crate touches the outside.

use std::fmt;
use std::time::Duration;

use crate::event::Event;
use crate::time::Moment;
use crate::token::Token;

/// What the core needs from the world.
///
/// Futures are driven on one thread; dropping one abandons what it was doing
/// (a request in flight is aborted, a body is no longer read).
#[expect(
    async_fn_in_trait,
    reason = "everything runs on one thread, in JavaScript as in tests: no future needs to be Send"
)]
pub trait Host {
    /// The body of an answer, read chunk by chunk.
    type Body: Body;

    /// Sends a request and waits for the head of its answer. Redirects are not
    /// followed: the core decides where the token may go.
    ///
    /// # Errors
    /// [`TransportError`] if no answer arrived.
    async fn send(&self, request: Request) -> Result<Response<Self::Body>, TransportError>;

    /// Waits for this long.
    async fn sleep(&self, duration: Duration);

    /// The monotonic clock. Never compared with a server's clock.
    fn now(&self) -> Moment;

    /// Sixteen random bytes, unpredictable enough for a version 4 UUID.
    fn random(&self) -> [u8; 16];

    /// Comes back when the caller does not want to go on (a signal of the
    /// runner, for one); mostly never.
    async fn cancelled(&self) {
        std::future::pending::<()>().await;
    }

    /// Tells the front end what happened.
    fn report(&self, event: Event);
}

/// The body of an answer as it arrives.
#[expect(async_fn_in_trait, reason = "see Host")]
pub trait Body {
    /// The next piece, or `None` at the end.
    ///
    /// # Errors
    /// [`TransportError`] if the connection broke before the end.
    async fn chunk(&mut self) -> Result<Option<Vec<u8>>, TransportError>;
}

/// The methods in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Reads; may be repeated.
    Get,
    /// Dispatches or cancels; a dispatch is repeated only where nothing came of it.
    Post,
}

impl Method {
    /// The name on the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A request to send. `Debug` shows no token: it has a field of its own type.
#[derive(Debug, Clone)]
pub struct Request {
    /// Method.
    pub method: Method,
    /// Absolute URL.
    pub url: String,
    /// Header fields, names in lower case, without `authorization`.
    pub headers: Vec<(&'static str, String)>,
    /// Sent as `authorization: Bearer …` where present.
    pub authorization: Option<Token>,
    /// Body, if any.
    pub body: Option<Vec<u8>>,
}

/// The head of an answer, and its body to read.
#[derive(Debug)]
pub struct Response<B> {
    /// Status code.
    pub status: u16,
    /// Header fields.
    pub headers: Headers,
    /// Body.
    pub body: B,
}

/// Header fields of an answer.
#[derive(Debug, Clone, Default)]
pub struct Headers(Vec<(String, String)>);

impl Headers {
    /// The first field of this name (lower case).
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(n, _)| n.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }
}

impl FromIterator<(String, String)> for Headers {
    fn from_iter<T: IntoIterator<Item = (String, String)>>(fields: T) -> Self {
        Self(fields.into_iter().collect())
    }
}

/// No answer, or no whole answer.
#[derive(Debug, Clone, Default)]
pub struct TransportError {
    /// What the platform says, for people.
    pub message: String,
    /// The platform's code, such as `ECONNREFUSED`, if it gave one. What a
    /// proxy answers instead of making a connection is `ERR_PROXY_407` and the
    /// like.
    pub code: Option<String>,
    /// Whether the platform knows that no connection was made.
    pub unconnected: bool,
}

impl TransportError {
    /// Whether this failure proves that the server never saw the request: the
    /// connection was not made at all. Codes prove nothing: a connection that was made can
    /// end with `EHOSTUNREACH` or `ECONNREFUSED` as well.
    #[must_use]
    pub fn never_sent(&self) -> bool {
        self.unconnected || self.is_distrust()
    }

    /// Whether a proxy will not do what is asked of it: it wants other
    /// credentials, forbids the server, or is none that is supported. That does
    /// not pass, other than what it says of servers (5xx).
    #[must_use]
    pub fn is_refusal_of_proxy(&self) -> bool {
        let code = self.code.as_deref().unwrap_or_default();
        code.strip_prefix("ERR_PROXY_").is_some_and(|answer| {
            matches!(answer, "UNSUPPORTED" | "INVALID")
                || answer.starts_with('4') && !matches!(answer, "408" | "425" | "429")
        })
    }

    /// Whether a proxy is set that cannot be one: a matter of settings.
    #[must_use]
    pub fn is_of_settings(&self) -> bool {
        let code = self.code.as_deref();
        matches!(code, Some("ERR_PROXY_UNSUPPORTED" | "ERR_PROXY_INVALID"))
    }

    /// Whether the server could not prove who it is. That does not pass.
    ///
    /// Codes: OpenSSL verification errors as Node.js names them.
    #[must_use]
    pub fn is_distrust(&self) -> bool {
        matches!(
            self.code.as_deref(),
            Some(
                "DEPTH_ZERO_SELF_SIGNED_CERT"
                    | "SELF_SIGNED_CERT_IN_CHAIN"
                    | "UNABLE_TO_VERIFY_LEAF_SIGNATURE"
                    | "UNABLE_TO_GET_ISSUER_CERT_LOCALLY"
                    | "CERT_HAS_EXPIRED"
                    | "ERR_TLS_CERT_ALTNAME_INVALID"
            )
        )
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        match &self.code {
            Some(code) if !self.message.contains(code.as_str()) => write!(f, " ({code})"),
            _ => Ok(()),
        }
    }
}

impl std::error::Error for TransportError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(message: &str, code: Option<&str>) -> TransportError {
        TransportError {
            message: message.into(),
            code: code.map(Into::into),
            ..TransportError::default()
        }
    }

    #[test]
    fn an_error_shows_its_code_once() {
        let shown = |message, code| error(message, code).to_string();
        assert_eq!(shown("fetch failed", None), "fetch failed");
        assert_eq!(
            shown("fetch failed", Some("ECONNRESET")),
            "fetch failed (ECONNRESET)"
        );
        assert_eq!(
            shown("read ECONNRESET", Some("ECONNRESET")),
            "read ECONNRESET"
        );
    }

    #[test]
    fn a_server_that_is_not_trusted_got_nothing() {
        for code in ["CERT_HAS_EXPIRED", "SELF_SIGNED_CERT_IN_CHAIN"] {
            let error = error("", Some(code));
            assert!(error.is_distrust() && error.never_sent());
        }
        let unconnected = TransportError {
            unconnected: true,
            ..error("", Some("ECONNREFUSED"))
        };
        assert!(!unconnected.is_distrust() && unconnected.never_sent());
        for code in [
            None,
            Some("ECONNRESET"),
            Some("ECONNREFUSED"),
            Some("EHOSTUNREACH"),
        ] {
            let error = error("", code);
            assert!(!error.is_distrust() && !error.never_sent());
        }
    }

    #[test]
    fn a_method_is_written_as_it_is_sent() {
        assert_eq!(Method::Get.to_string(), "GET");
        assert_eq!(Method::Post.to_string(), "POST");
    }
}
