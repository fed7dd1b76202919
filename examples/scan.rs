//! Searches an archive of logs for an ID, as it is done behind the port to the
//! world, and prints how many milliseconds that took: the limit of what the same
//! code can reach as WebAssembly. See `scripts/bench/scan.js`.

use std::error::Error;
use std::ops::Range;
use std::time::{Duration, Instant};

use return_dispatch::deadline::Deadline;
use return_dispatch::event::Event;
use return_dispatch::github::Client;
use return_dispatch::host::{Body, Host, Request, Response, TransportError};
use return_dispatch::logs::in_archive;
use return_dispatch::settings::{Caller, DistinctId, Inputs, Settings};
use return_dispatch::time::Moment;
use return_dispatch::word::Word;

/// How much a socket hands over at once.
const PIECE: usize = 64 << 10;

/// A store that has one archive, at hand.
struct Store {
    archive: Vec<u8>,
    began: Instant,
}

impl Host for Store {
    type Body = Pieces;

    async fn send(&self, request: Request) -> Result<Response<Pieces>, TransportError> {
        let redirected = request.authorization.is_none();
        if !redirected {
            let location = ("location".to_owned(), "https://logs.example/".to_owned());
            return Ok(Response {
                status: 302,
                headers: [location].into_iter().collect(),
                body: Pieces(Vec::new(), 0),
            });
        }
        let length = self.archive.len();
        let range = range(&request).unwrap_or(0..length);
        let range = range.start..range.end.min(length);
        let place = format!("bytes {}-{}/{length}", range.start, range.end - 1);
        Ok(Response {
            status: 206,
            headers: [("content-range".to_owned(), place)].into_iter().collect(),
            body: Pieces(self.archive[range].to_vec(), 0),
        })
    }

    async fn sleep(&self, _: Duration) {}

    fn now(&self) -> Moment {
        Moment::from_zero(self.began.elapsed())
    }

    fn random(&self) -> [u8; 16] {
        [7; 16]
    }

    fn report(&self, _: Event) {}
}

fn range(request: &Request) -> Option<Range<usize>> {
    let (_, range) = request.headers.iter().find(|(name, _)| *name == "range")?;
    let (first, last) = range.strip_prefix("bytes=")?.split_once('-')?;
    Some(first.parse().ok()?..last.parse::<usize>().ok()? + 1)
}

/// A body, and how much of it has been read.
struct Pieces(Vec<u8>, usize);

impl Body for Pieces {
    async fn chunk(&mut self) -> Result<Option<Vec<u8>>, TransportError> {
        let rest = &self.0[self.1..];
        let piece = rest[..rest.len().min(PIECE)].to_vec();
        self.1 += piece.len();
        Ok((!piece.is_empty()).then_some(piece))
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(file), Some(id)) = (arguments.next(), arguments.next()) else {
        return Err("usage: scan ARCHIVE ID".into());
    };
    let store = Store {
        archive: std::fs::read(file)?,
        began: Instant::now(),
    };
    let inputs = Inputs {
        token: "ghs_simulated".into(),
        repo: "octo/receiver".into(),
        workflow: "ci.yml".into(),
        workflow_timeout_seconds: "300".into(),
        ..Inputs::default()
    };
    let settings = Settings::new(&inputs, &Caller::default(), [7; 16])?;
    let word = Word::new(&DistinctId::supplied(&id)?);
    let client = Client::new(&store, &settings, Deadline::after(&store, settings.timeout));
    let began = Instant::now();
    let search = async { in_archive(client.log_archive(1).await?, 1, &word).await };
    // Nothing here is ever waited for.
    let found = futures_util::FutureExt::now_or_never(search).ok_or("it waits")?;
    let took = began.elapsed();
    match found {
        Ok(Some(_)) => println!("{}", took.as_secs_f64() * 1e3),
        Ok(None) => return Err("the ID is not there".into()),
        Err(failure) => return Err(failure.to_string().into()),
    }
    Ok(())
}
