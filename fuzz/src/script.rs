//! A world in which answers are read off a script.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::Future;
use std::time::Duration;

use return_dispatch::Settings;
use return_dispatch::deadline::Deadline;
use return_dispatch::event::Event;
use return_dispatch::github::Client;
use return_dispatch::host::{Body, Host, Request, Response, TransportError};
use return_dispatch::settings::{Caller, Inputs};
use return_dispatch::time::Moment;

use simulation::time::Clock;

/// One way to the server and back takes this long.
const LATENCY: Duration = Duration::from_millis(50);

/// The token of all calls: not to be found by chance.
pub(crate) const TOKEN: &str = "ghs_Zp3fKq8vXw5nTb1LrYd6";

/// An answer of a server.
#[derive(Debug, Clone, Default)]
pub(crate) struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

/// Requests get these answers one after another, and then from the first again.
pub(crate) struct Script {
    answers: Vec<Answer>,
    /// Bodies arrive in pieces of this size.
    piece: usize,
    clock: Clock,
    answered: Cell<usize>,
    /// How often others got their turn.
    pub breaths: Cell<usize>,
    /// The requests, and what each was answered with.
    pub requests: RefCell<Vec<(Request, u16)>>,
    pub events: RefCell<Vec<Event>>,
}

impl Script {
    pub fn new(answers: Vec<Answer>, piece: usize) -> Self {
        Self {
            answers,
            piece: piece.max(1),
            clock: Clock::default(),
            answered: Cell::new(0),
            breaths: Cell::new(0),
            requests: RefCell::default(),
            events: RefCell::default(),
        }
    }

    /// A server that gives this body to any request.
    pub fn of_body(body: &[u8], piece: usize) -> Self {
        let answer = Answer {
            status: 200,
            headers: Vec::new(),
            body: body.to_vec(),
        };
        Self::new(vec![answer], piece)
    }

    /// Runs to the end, in virtual time.
    pub fn block_on<T>(&self, work: impl Future<Output = T>) -> T {
        self.clock.block_on(work)
    }

    /// The time since the start.
    pub fn elapsed(&self) -> Duration {
        self.clock.now()
    }
}

impl Host for Script {
    type Body = Pieces;

    async fn send(&self, request: Request) -> Result<Response<Pieces>, TransportError> {
        self.clock.sleep(LATENCY).await;
        let number = self.answered.replace(self.answered.get() + 1);
        let answer = match number.checked_rem(self.answers.len()) {
            Some(index) => self.answers[index].clone(),
            None => Answer::default(),
        };
        let known = (request, answer.status);
        self.requests.borrow_mut().push(known);
        // As in HTTP, 0 is no status.
        if answer.status == 0 {
            return Err(TransportError {
                message: "the connection was closed".into(),
                code: Some("ECONNRESET".into()),
                ..TransportError::default()
            });
        }
        Ok(Response {
            status: answer.status,
            headers: answer.headers.into_iter().collect(),
            body: Pieces {
                left: answer.body.into(),
                piece: self.piece,
            },
        })
    }

    async fn sleep(&self, duration: Duration) {
        if duration.is_zero() {
            self.breaths.set(self.breaths.get() + 1);
        }
        self.clock.sleep(duration).await;
    }

    fn now(&self) -> Moment {
        Moment::from_zero(self.clock.now())
    }

    fn random(&self) -> [u8; 16] {
        [7; 16]
    }

    fn report(&self, event: Event) {
        self.events.borrow_mut().push(event);
    }
}

pub(crate) struct Pieces {
    left: VecDeque<u8>,
    piece: usize,
}

impl Body for Pieces {
    async fn chunk(&mut self) -> Result<Option<Vec<u8>>, TransportError> {
        let size = self.piece.min(self.left.len());
        let piece: Vec<u8> = self.left.drain(..size).collect();
        Ok((!piece.is_empty()).then_some(piece))
    }
}

/// The inputs of a plain call.
pub(crate) fn inputs() -> Inputs {
    Inputs {
        token: TOKEN.into(),
        repo: "octo/receiver".into(),
        workflow: "ci.yml".into(),
        r#ref: "main".into(),
        workflow_timeout_seconds: "20".into(),
        ..Inputs::default()
    }
}

/// The settings of a plain call.
pub(crate) fn settings() -> Settings {
    Settings::new(&inputs(), &Caller::default(), [7; 16]).expect("they are valid")
}

/// Those of a call on a Gitea, whose logs can be read while they grow.
pub(crate) fn on_gitea() -> Settings {
    let inputs = Inputs {
        api_url: "https://gitea.example/api/v1".into(),
        ..inputs()
    };
    Settings::new(&inputs, &Caller::default(), [7; 16]).expect("they are valid")
}

/// Asserts that nobody but the API of this URL got the token.
pub(crate) fn assert_the_token_stayed_with(api_url: &str, script: &Script) {
    let api = url::Url::parse(api_url);
    for (request, _) in script.requests.borrow().iter() {
        let fields = || request.headers.iter().map(|(_, value)| value.as_bytes());
        let elsewhere = fields()
            .chain([request.url.as_bytes()])
            .chain(request.body.as_deref());
        for text in elsewhere {
            let shows = text
                .windows(TOKEN.len())
                .any(|part| part == TOKEN.as_bytes());
            assert!(!shows, "the token beside its field: {request:?}");
        }
        if request.authorization.is_none() {
            continue;
        }
        // What `fetch` does not take for a URL goes nowhere.
        let (Ok(api), Ok(url)) = (&api, url::Url::parse(&request.url)) else {
            continue;
        };
        assert_eq!(api.origin(), url.origin(), "the token's origin: {url}");
        let beneath = format!("{}/repos", api.path().trim_end_matches('/'));
        assert!(url.path().starts_with(&beneath), "the token's path: {url}");
    }
}

/// A client of this world.
pub fn client<'s>(script: &'s Script, settings: &Settings) -> Client<'s, Script> {
    Client::new(script, settings, Deadline::after(script, settings.timeout))
}
