//! What every answer of the API has: errors, headers, conditional requests.

use std::time::Duration;

use serde::Serialize;

use crate::{
    http::{Delivery, Request, Response},
    profile::Profile,
    random::hex_digest,
};

/// A response that arrives whole.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn empty(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Vec::new(),
        }
    }

    pub(crate) fn text(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            headers: vec![("content-type".into(), content_type.into())],
            body: body.into(),
        }
    }

    pub(crate) fn json(status: u16, body: &impl Serialize) -> Self {
        // Every body is made of strings, numbers and maps with string keys, which cannot fail.
        let body = serde_json::to_vec(body).unwrap_or_default();
        Self::text(status, "application/json; charset=utf-8", body)
    }

    pub(crate) fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.headers.iter().any(|(known, _)| known == name)
    }

    /// Gives a successful GET its `ETag`, and turns it into 304 if the client has it already.
    ///
    /// GitHub's entity tags are weak and must be sent back verbatim: one without its quotes never
    /// matches.
    pub(crate) fn conditional(self, request: &Request) -> Self {
        if request.method != "GET" || self.status != 200 {
            return self;
        }
        let etag = format!("W/\"{}\"", hex_digest(0, &self.body, 64));
        if request.header("if-none-match") == Some(&etag) {
            let mut answer = Self::empty(304);
            answer.headers = self.headers;
            answer.headers.retain(|(name, _)| name != "content-type");
            return answer.with("etag", etag);
        }
        self.with("etag", etag)
    }

    pub(crate) fn into_response(mut self) -> Response {
        if !matches!(self.status, 204 | 304) && !self.has("content-length") {
            let length = self.body.len().to_string();
            self.headers.push(("content-length".into(), length));
        }
        Response {
            status: self.status,
            headers: self.headers,
            body: self.body,
            delivery: Delivery::Whole,
            late: Duration::ZERO,
            trickle: Duration::ZERO,
        }
    }
}

/// A request that the API refuses.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) status: u16,
    pub(crate) message: String,
}

impl Problem {
    pub(crate) fn new(status: u16, message: impl Into<String>) -> Self {
        Self {
            status,
            message: message.into(),
        }
    }

    pub(crate) fn not_found() -> Self {
        Self::new(404, "Not Found")
    }

    /// A request whose body does not fit the endpoint's schema.
    pub(crate) fn invalid(reason: &str) -> Self {
        Self::new(422, format!("Invalid request.\n\n{reason}"))
    }

    pub(crate) fn answer(&self, profile: &Profile, documentation: &str) -> Answer {
        let body = serde_json::json!({
            "message": self.message,
            "documentation_url": format!("{}{documentation}", profile.docs_url),
            "status": self.status.to_string(),
        });
        Answer::json(self.status, &body)
    }
}

/// The versions of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Version {
    V2022,
    V2026,
}

impl Version {
    /// The version that a request asks for; without the header it is 2022-11-28.
    pub(crate) fn asked(request: &Request, profile: &Profile) -> Result<Self, Problem> {
        match request.header("x-github-api-version") {
            None | Some("2022-11-28") => Ok(Self::V2022),
            Some("2026-03-10") if profile.knows_2026_03_10 => Ok(Self::V2026),
            Some(other) => Err(Problem::new(
                400,
                format!("\"{other}\" is not a supported version."),
            )),
        }
    }

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::V2022 => "2022-11-28",
            Self::V2026 => "2026-03-10",
        }
    }
}
