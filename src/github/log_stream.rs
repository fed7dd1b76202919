//! Reading a log: from any place where its store knows ranges, and otherwise
//! from the beginning.

use std::ops::Range;
use std::time::Duration;

use super::client::{Client, PATIENCE};
use super::failure::{Failure, Refusal};
use crate::deadline::{Deadline, Passed};
use crate::host::{Body, Headers, Host, Response};
use crate::time::Moment;
use crate::url::Url;

/// How much is asked for first. What is looked for stands at the beginning,
/// mostly, and what has been asked for is on its way before reading stops:
/// systems keep some megabytes ready. Each further range is twice as long.
pub(super) const FIRST_RANGE: u64 = 256 << 10;

/// A log that arrives with fewer bytes in a second drips.
const SLOWEST: u64 = 8 << 10;

/// A log or an archive of logs on its way.
#[derive(Debug)]
pub struct LogStream<'c, H: Host> {
    client: &'c Client<'c, H>,
    /// Where the API has it, and where it is kept, for as long as the link lives.
    path: String,
    url: Url,
    body: H::Body,
    opened: Moment,
    /// For how long it may drip.
    patience: Duration,
    /// How much has arrived.
    read: u64,
    /// Where the next piece begins.
    at: u64,
    length: Option<u64>,
    ranges: Option<Ranges>,
    /// Whether what follows is not of the log.
    is_over: bool,
}

/// Of a log that is read by ranges.
#[derive(Debug)]
struct Ranges {
    /// Where the open one ends.
    end: u64,
    /// How long the next one is.
    next: u64,
}

impl<'c, H: Host> LogStream<'c, H> {
    /// A log by the answer to the request for its first range, which begins here.
    pub(super) fn new(
        client: &'c Client<'c, H>,
        path: &str,
        url: Url,
        response: Response<H::Body>,
        from: u64,
    ) -> Result<Self, Failure> {
        let mut stream = Self {
            client,
            path: path.to_owned(),
            url,
            opened: client.host.now(),
            patience: Duration::MAX,
            read: 0,
            at: 0,
            length: None,
            ranges: None,
            is_over: false,
            body: response.body,
        };
        if response.status == 206 {
            let (range, length) = range_of(&response.headers, from)?;
            stream.at = from;
            stream.length = Some(length);
            stream.ranges = Some(Ranges {
                end: range.end,
                next: 2 * FIRST_RANGE,
            });
        } else {
            let length = response.headers.get("content-length");
            stream.length = length.and_then(|length| length.parse().ok());
        }
        Ok(stream)
    }

    /// A log in which nothing is behind this place, by the answer that says so.
    pub(super) fn at_its_end(
        client: &'c Client<'c, H>,
        path: &str,
        url: Url,
        response: Response<H::Body>,
        at: u64,
    ) -> Self {
        Self {
            client,
            path: path.to_owned(),
            url,
            opened: client.host.now(),
            patience: Duration::MAX,
            read: 0,
            at,
            length: Some(at),
            ranges: None,
            is_over: true,
            body: response.body,
        }
    }

    /// The next piece, or `None` at the end.
    ///
    /// # Errors
    /// [`Failure`] if the log broke off, hangs, or drips for too long.
    pub async fn chunk(&mut self) -> Result<Option<Vec<u8>>, Failure> {
        loop {
            if self.is_over {
                return Ok(None);
            }
            let patience = Deadline::after(self.client.host, PATIENCE);
            let piece = match patience.bound(self.client.host, self.body.chunk()).await {
                Ok(piece) => piece?,
                Err(Passed) => return Err(Failure::TooSlow),
            };
            let end = self.ranges.as_ref().map(|ranges| ranges.end);
            match piece {
                Some(piece) => {
                    self.at += piece.len() as u64;
                    self.read += piece.len() as u64;
                    if self.drips() {
                        return Err(Failure::TooSlow);
                    }
                    if end.is_some_and(|end| self.at > end) {
                        return Err(misplaced());
                    }
                    return Ok(Some(piece));
                }
                None if end.is_some_and(|end| self.at < end) => return Err(misplaced()),
                None if end.is_some() && self.length > Some(self.at) => self.seek(self.at).await?,
                None => return Ok(None),
            }
        }
    }

    /// Goes on at this place, which is not the end, if the store knows ranges.
    ///
    /// # Errors
    /// [`Failure`] if the range is not to be had.
    pub async fn seek(&mut self, at: u64) -> Result<(), Failure> {
        let (Some(ranges), Some(length)) = (&mut self.ranges, self.length) else {
            return Ok(());
        };
        let range = at..at.saturating_add(ranges.next).min(length);
        ranges.next = ranges.next.saturating_mul(2);
        let is_read = self.at == ranges.end;
        let opening = async {
            if is_read {
                // Whoever has seen its end has the connection for the next one.
                let _ = self.body.chunk().await;
            }
            let response = self.client.log_range(&self.url, &range).await?;
            if response.status == 206 {
                return Ok((self.url.clone(), response));
            }
            // A link lives for a minute; the API has another.
            self.client.find_log(&self.path, range.clone()).await
        };
        let patience = Deadline::after(self.client.host, PATIENCE);
        let (url, mut response) = match patience.bound(self.client.host, opening).await {
            Ok(opened) => opened?,
            Err(Passed) => return Err(Failure::TooSlow),
        };
        if response.status != 206 {
            let start = response.body.chunk().await.ok().flatten();
            return Err(Failure::from(Refusal::read(
                response.status,
                &response.headers,
                &start.unwrap_or_default(),
            )));
        }
        let (opened, whole) = range_of(&response.headers, at)?;
        if whole != length {
            return Err(misplaced());
        }
        self.url = url;
        self.body = response.body;
        self.at = at;
        if let Some(ranges) = &mut self.ranges {
            ranges.end = opened.end;
        }
        Ok(())
    }

    /// The same, given up where it drips for longer than this: another answer may be faster.
    #[must_use]
    pub fn dripping_for(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    fn drips(&self) -> bool {
        let open = self.client.host.now() - self.opened;
        open > self.patience && self.read < SLOWEST * open.as_secs()
    }

    /// Where the next piece begins.
    #[must_use]
    pub fn position(&self) -> u64 {
        self.at
    }

    /// Its whole length in bytes, if the server says so.
    #[must_use]
    pub fn length(&self) -> Option<u64> {
        self.length
    }

    /// Whether it can be read from any place.
    #[must_use]
    pub fn has_ranges(&self) -> bool {
        self.ranges.is_some()
    }

    /// Lets timers and deadlines have their turn in the middle of long work.
    pub async fn breathe(&self) {
        self.client.host.sleep(Duration::ZERO).await;
    }
}

fn misplaced() -> Failure {
    Failure::Malformed("the answer is another part of the log than was asked for".to_owned())
}

/// The range that an answer has, which has to begin here, and the whole length.
fn range_of(headers: &Headers, at: u64) -> Result<(Range<u64>, u64), Failure> {
    let read = || {
        let (range, length) = headers
            .get("content-range")?
            .strip_prefix("bytes ")?
            .split_once('/')?;
        let (first, last) = range.split_once('-')?;
        let (first, last): (u64, u64) = (first.parse().ok()?, last.parse().ok()?);
        let length = length.parse().ok()?;
        (first == at && first <= last && last < length).then(|| (first..last + 1, length))
    };
    read().ok_or_else(misplaced)
}
