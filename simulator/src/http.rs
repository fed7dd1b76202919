//! A request and its response, as the state machine sees them.

use std::time::Duration;

/// A request as it leaves a client.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Request {
    /// The method in capitals: `GET`, `POST`.
    pub method: String,
    /// The absolute URL.
    pub url: String,
    /// Header names (any case) and values, in the order sent.
    pub headers: Vec<(String, String)>,
    /// The body; empty when there is none.
    pub body: Vec<u8>,
}

impl Request {
    /// A request without headers or body.
    #[must_use]
    pub fn new(method: impl Into<String>, url: impl Into<String>) -> Self {
        Self {
            method: method.into(),
            url: url.into(),
            ..Self::default()
        }
    }

    /// Adds a header.
    #[must_use]
    pub fn with_header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Sets the body.
    #[must_use]
    pub fn with_body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// The value of the first header of that name, whatever its case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        find(&self.headers, name)
    }
}

/// What a server answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// The status code; 0 when nothing is ever answered (see [`Response::delivery`]).
    pub status: u16,
    /// Header names in lower case, and values.
    pub headers: Vec<(String, String)>,
    /// The whole body, even if only a part of it is delivered.
    pub body: Vec<u8>,
    /// How much of the response reaches the client.
    pub delivery: Delivery,
    /// How long the server keeps the client waiting for the first byte.
    pub late: Duration,
    /// Over how long the body arrives, piece by piece.
    pub trickle: Duration,
}

impl Response {
    /// The value of the first header of that name.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        find(&self.headers, name)
    }

    /// The part of the body that reaches the client.
    #[must_use]
    pub fn delivered(&self) -> &[u8] {
        let length = match self.delivery {
            Delivery::Whole => self.body.len(),
            Delivery::StallsAfter(bytes) | Delivery::CutAfter(bytes) => bytes.min(self.body.len()),
            Delivery::NoAnswer | Delivery::Reset | Delivery::Refused => 0,
        };
        &self.body[..length]
    }
}

/// How much of a [`Response`] reaches the client. Whoever carries the response must honour it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    /// Everything.
    Whole,
    /// Status, headers and this many bytes of the body arrive, then nothing, ever; the connection
    /// stays open.
    StallsAfter(usize),
    /// Status, headers and this many bytes of the body arrive, then the connection is closed.
    CutAfter(usize),
    /// Nothing ever arrives; the connection stays open.
    NoAnswer,
    /// The connection is closed before anything has arrived.
    Reset,
    /// The connection is not made at all: the client knows that nothing was sent.
    Refused,
}

fn find<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    headers
        .iter()
        .find(|(candidate, _)| candidate.eq_ignore_ascii_case(name))
        .map(|(_, value)| value.as_str())
}
