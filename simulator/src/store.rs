//! The store that hands out logs: a blob store of another origin, with links that expire.
//!
//! Azure's blob store has no CORS headers unless the account's owner sets rules
//! (<https://learn.microsoft.com/en-us/rest/api/storageservices/cross-origin-resource-sharing--cors--support-for-the-azure-storage-services>).
//! Whether GitHub has set any for other pages than its own is not known, so this one answers without
//! them: a page in a browser cannot read a log.

use crate::{
    answer::Answer,
    http::Request,
    listing::Query,
    random::hex_digest,
    range::Range,
    time::{Clock, Moment},
};

/// Seconds that a link is good for.
const LINK_LIVES: f64 = 60.0;

/// A log that the store has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Blob {
    /// The log of the job with this ID.
    Job(u64),
    /// The archive of an attempt at the run with this ID.
    Run { id: u64, attempt: u32 },
}

impl Blob {
    fn path(self) -> String {
        match self {
            Self::Job(id) => format!("/jobs/{id}/logs.txt"),
            Self::Run { id, attempt: 1 } => format!("/runs/{id}/logs.zip"),
            Self::Run { id, attempt } => format!("/runs/{id}/attempts/{attempt}/logs.zip"),
        }
    }

    fn find(path: &str) -> Option<Self> {
        let segments: Vec<&str> = path.strip_prefix('/')?.split('/').collect();
        match segments[..] {
            ["jobs", id, "logs.txt"] => Some(Self::Job(id.parse().ok()?)),
            ["runs", id, "logs.zip"] => Some(Self::Run {
                id: id.parse().ok()?,
                attempt: 1,
            }),
            ["runs", id, "attempts", attempt, "logs.zip"] => Some(Self::Run {
                id: id.parse().ok()?,
                attempt: attempt.parse().ok()?,
            }),
            _ => None,
        }
    }

    /// A link to it, signed, that expires after a minute.
    pub(crate) fn link(self, base: &str, seed: u64, clock: Clock, now: Moment) -> String {
        let path = self.path();
        let expiry = clock.unix_milliseconds(now.plus(LINK_LIVES)).to_string();
        let signature = sign(seed, &path, &expiry);
        format!("{base}{path}?se={expiry}&sp=r&sr=b&sig={signature}")
    }

    /// The log that a request asks for, if it may have it.
    pub(crate) fn asked(
        request: &Request,
        path: &str,
        query: &str,
        seed: u64,
        (clock, now): (Clock, Moment),
    ) -> Result<Self, Answer> {
        if request.method == "OPTIONS" {
            return Err(refuse(403, "CorsPreflightFailure"));
        }
        if request.method != "GET" {
            return Err(refuse(405, "UnsupportedHttpVerb"));
        }
        // Azure takes the header for its own and refuses it, whatever the link's signature says.
        if request.header("authorization").is_some() {
            return Err(refuse(400, "InvalidAuthenticationInfo"));
        }
        let query = Query::parse(query);
        let expiry = query.get("se").unwrap_or_default();
        let signed = query.get("sig") == Some(&sign(seed, path, expiry));
        let alive = expiry
            .parse::<i64>()
            .is_ok_and(|expiry| clock.unix_milliseconds(now) <= expiry);
        if !signed || !alive {
            return Err(refuse(403, "AuthenticationFailed"));
        }
        Self::find(path).ok_or_else(Self::not_found)
    }

    pub(crate) fn not_found() -> Answer {
        refuse(404, "BlobNotFound")
    }

    /// The content, or the range of it that is asked for.
    pub(crate) fn answer(self, request: &Request, content: &[u8]) -> Answer {
        let length = content.len();
        let range = request
            .header("range")
            .and_then(|range| Range::parse(range, length));
        let answer = match range {
            None => Answer {
                body: content.to_vec(),
                ..Answer::empty(200)
            },
            Some(Range::Unsatisfiable) => {
                return refuse(416, "InvalidRange")
                    .with("content-range", format!("bytes */{length}"));
            }
            Some(Range::Of { first, last }) => Answer {
                body: content[first..=last].to_vec(),
                ..Answer::empty(206)
            }
            .with("content-range", format!("bytes {first}-{last}/{length}")),
        };
        let etag = hex_digest(length as u64, self.path().as_bytes(), 15).to_ascii_uppercase();
        answer
            .with(
                "content-type",
                match self {
                    Self::Job(_) => "text/plain; charset=utf-8",
                    Self::Run { .. } => "application/zip",
                },
            )
            .with("accept-ranges", "bytes")
            .with("etag", format!("\"0x{etag}\""))
    }
}

fn sign(seed: u64, path: &str, expiry: &str) -> String {
    hex_digest(seed, format!("{path}?{expiry}").as_bytes(), 40)
}

fn refuse(status: u16, code: &str) -> Answer {
    let body = format!(
        "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>{code}</Code>\
         <Message>The request was refused by the store.</Message></Error>"
    );
    Answer::text(status, "application/xml", body).with("x-ms-error-code", code)
}
