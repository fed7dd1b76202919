//! The port, implemented over the embedded GitHub.

use std::cell::{Cell, RefCell};
use std::future::pending;
use std::rc::Rc;
use std::time::Duration;

use return_dispatch::event::Event;
use return_dispatch::host::{Body, Host, Request, Response, TransportError};
use return_dispatch::time::Moment;
use simulator::{Delivery, GitHub, Scenario};

use super::time::Clock;

/// One way to the server.
const LATENCY: Duration = Duration::from_millis(25);

/// Bodies arrive in pieces of this size.
const PIECE: usize = 16 << 10;

pub struct World {
    clock: Rc<Clock>,
    github: RefCell<Option<GitHub>>,
    events: RefCell<Vec<Event>>,
    exchanges: RefCell<Vec<(simulator::Request, simulator::Response)>>,
    drawn: Cell<u8>,
    /// Bytes of bodies that were read.
    received: Rc<Cell<usize>>,
}

impl World {
    pub fn new(github: GitHub) -> Self {
        Self {
            clock: Rc::default(),
            github: RefCell::new(Some(github)),
            events: RefCell::default(),
            exchanges: RefCell::default(),
            drawn: Cell::new(0),
            received: Rc::default(),
        }
    }

    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    pub fn draw(&self) -> [u8; 16] {
        self.drawn.set(self.drawn.get() + 1);
        [self.drawn.get(); 16]
    }

    pub fn received(&self) -> usize {
        self.received.get()
    }

    /// What was sent and answered, in order.
    pub fn take_exchanges(&self) -> Vec<(simulator::Request, simulator::Response)> {
        self.exchanges.take()
    }

    pub fn take_events(&self) -> Vec<Event> {
        self.events.take()
    }

    pub fn take_github(&self) -> GitHub {
        self.github
            .take()
            .unwrap_or_else(|| GitHub::new(Scenario::default()))
    }
}

pub struct Pieces {
    clock: Rc<Clock>,
    left: std::vec::IntoIter<u8>,
    end: Delivery,
    received: Rc<Cell<usize>>,
}

impl Host for World {
    type Body = Pieces;

    async fn send(&self, request: Request) -> Result<Response<Pieces>, TransportError> {
        self.clock.sleep(LATENCY).await;
        let mut headers: Vec<_> = request
            .headers
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone()))
            .collect();
        if let Some(token) = &request.authorization {
            headers.push(("authorization".into(), format!("Bearer {}", token.expose())));
        }
        let request = simulator::Request {
            method: request.method.name().into(),
            url: request.url,
            headers,
            body: request.body.unwrap_or_default(),
        };
        let answer = {
            let mut github = self.github.borrow_mut();
            let github = github.as_mut().expect("the server runs");
            github.handle(&request, self.clock.now())
        };
        let exchange = (request, answer.clone());
        self.exchanges.borrow_mut().push(exchange);
        self.clock.sleep(LATENCY).await;
        match answer.delivery {
            Delivery::NoAnswer => pending().await,
            Delivery::Reset => Err(reset()),
            end => Ok(Response {
                status: answer.status,
                body: Pieces {
                    clock: self.clock.clone(),
                    left: answer.delivered().to_vec().into_iter(),
                    end,
                    received: self.received.clone(),
                },
                headers: answer.headers.into_iter().collect(),
            }),
        }
    }

    async fn sleep(&self, duration: Duration) {
        self.clock.sleep(duration).await;
    }

    fn now(&self) -> Moment {
        Moment::from_zero(self.clock.now())
    }

    fn random(&self) -> [u8; 16] {
        self.draw()
    }

    fn report(&self, event: Event) {
        self.events.borrow_mut().push(event);
    }
}

impl Body for Pieces {
    async fn chunk(&mut self) -> Result<Option<Vec<u8>>, TransportError> {
        let piece: Vec<u8> = self.left.by_ref().take(PIECE).collect();
        if !piece.is_empty() {
            self.clock.sleep(Duration::from_micros(100)).await;
            self.received.set(self.received.get() + piece.len());
            return Ok(Some(piece));
        }
        match self.end {
            Delivery::StallsAfter(_) => pending().await,
            Delivery::CutAfter(_) => Err(reset()),
            _ => Ok(None),
        }
    }
}

fn reset() -> TransportError {
    TransportError {
        message: "fetch failed: the connection was closed".into(),
        code: Some("ECONNRESET".into()),
    }
}
