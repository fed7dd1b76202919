//! The port, implemented over the embedded GitHub.
//!
//! A [`Network`] connects one GitHub with any number of programs; each of them has a [`World`] of
//! its own: its way to the server, its clock's zero, the IDs that it draws.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::future::pending;
use std::rc::Rc;
use std::time::Duration;

use return_dispatch::event::Event;
use return_dispatch::host::{Body, Host, Request, Response, TransportError};
use return_dispatch::time::Moment;
use simulator::{Delivery, GitHub, Scenario};

use crate::chance::Chance;
use crate::exchange::{Exchange, asked_wait};
use crate::memory::elsewhere;
use crate::time::Clock;

/// Bodies arrive in pieces of this size.
const PIECE: usize = 16 << 10;

/// What answers in the server's place, as it likes: it may ask the server, and change what is said.
pub type Proxy = dyn Fn(
    simulator::Request,
    &mut dyn FnMut(&simulator::Request) -> simulator::Response,
) -> simulator::Response;

/// One GitHub and the way to it, in virtual time.
pub struct Network {
    clock: Rc<Clock>,
    github: RefCell<Option<GitHub>>,
    exchanges: RefCell<Vec<Exchange>>,
    /// All that was sent and answered, where somebody wants to have it.
    recording: RefCell<Option<Vec<(simulator::Request, simulator::Response)>>>,
    proxy: RefCell<Option<Box<Proxy>>>,
}

impl fmt::Debug for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Network").finish_non_exhaustive()
    }
}

impl Network {
    /// Puts this GitHub on a network of its own.
    #[must_use]
    pub fn new(github: GitHub) -> Rc<Self> {
        Rc::new(Self {
            clock: Rc::default(),
            github: RefCell::new(Some(github)),
            exchanges: RefCell::default(),
            recording: RefCell::default(),
            proxy: RefCell::default(),
        })
    }

    /// Puts a proxy in front of the server.
    pub fn set_proxy(&self, proxy: Box<Proxy>) {
        *self.proxy.borrow_mut() = Some(proxy);
    }

    /// Keeps all that is sent and answered from now on, bodies included.
    pub fn record(&self) {
        *self.recording.borrow_mut() = Some(Vec::new());
    }

    /// Takes what was kept, in the order of arrival; nothing more is kept.
    pub fn take_recording(&self) -> Vec<(simulator::Request, simulator::Response)> {
        self.recording.take().unwrap_or_default()
    }

    /// Its time.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Takes the GitHub off the network; nothing can be sent any more.
    pub fn take_github(&self) -> GitHub {
        self.github
            .take()
            .unwrap_or_else(|| GitHub::new(Scenario::default()))
    }

    /// Takes every exchange so far, in the order of sending.
    pub fn take_exchanges(&self) -> Vec<Exchange> {
        self.exchanges.take()
    }
}

/// How one program sees the world.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct View {
    /// Its number, by which the truth tells programs apart.
    pub number: u32,
    /// The shortest and the longest time that a request or an answer is under way.
    pub latency: (Duration, Duration),
    /// What its clock shows at the start.
    pub zero: Duration,
    /// Where its latencies and IDs come from; none: the shortest latency always, and plain IDs.
    pub seed: Option<u64>,
}

impl Default for View {
    fn default() -> Self {
        let latency = Duration::from_millis(25);
        Self {
            number: 0,
            latency: (latency, latency),
            zero: Duration::ZERO,
            seed: None,
        }
    }
}

/// The world of one program.
#[derive(Debug)]
pub struct World {
    network: Rc<Network>,
    view: View,
    chance: RefCell<Chance>,
    events: RefCell<Vec<(Duration, Event)>>,
    drawn: Cell<u8>,
    /// Bytes of bodies that were read.
    received: Rc<Cell<usize>>,
    /// When its program is cancelled.
    cancelled_at: Cell<Option<Duration>>,
}

impl World {
    /// A world of one program and this GitHub.
    #[must_use]
    pub fn new(github: GitHub) -> Self {
        Self::on(&Network::new(github), View::default())
    }

    /// The world of one of several programs on a network.
    #[must_use]
    pub fn on(network: &Rc<Network>, view: View) -> Self {
        Self {
            network: Rc::clone(network),
            view,
            chance: RefCell::new(Chance::seeded(view.seed.unwrap_or_default())),
            events: RefCell::default(),
            drawn: Cell::new(0),
            received: Rc::default(),
            cancelled_at: Cell::new(None),
        }
    }

    /// Cancels its program at this moment.
    pub fn cancel_at(&self, moment: Duration) {
        self.cancelled_at.set(Some(moment));
    }

    /// Its network.
    #[must_use]
    pub fn network(&self) -> &Network {
        &self.network
    }

    /// Its time.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        self.network.clock()
    }

    /// Draws an ID's bytes.
    pub fn draw(&self) -> [u8; 16] {
        if self.view.seed.is_some() {
            let mut chance = self.chance.borrow_mut();
            let words = [chance.next().to_le_bytes(), chance.next().to_le_bytes()];
            return std::array::from_fn(|index| words[index / 8][index % 8]);
        }
        self.drawn.set(self.drawn.get() + 1);
        [self.drawn.get(); 16]
    }

    /// Bytes of bodies that were read.
    #[must_use]
    pub fn received(&self) -> usize {
        self.received.get()
    }

    /// Takes what was reported so far.
    pub fn take_events(&self) -> Vec<Event> {
        let events = self.take_timed_events();
        events.into_iter().map(|(_, event)| event).collect()
    }

    /// Takes what was reported so far, and when.
    pub fn take_timed_events(&self) -> Vec<(Duration, Event)> {
        self.events.take()
    }

    /// Takes the GitHub off the network; nothing can be sent any more.
    pub fn take_github(&self) -> GitHub {
        self.network.take_github()
    }

    async fn travel(&self) {
        let (least, most) = self.view.latency;
        let time = match self.view.seed {
            Some(_) => {
                least
                    + most
                        .saturating_sub(least)
                        .mul_f64(self.chance.borrow_mut().fraction())
            }
            None => least,
        };
        self.clock().sleep(time).await;
    }

    /// Notes that a request leaves; its place among all exchanges.
    fn note(&self, request: &Request) -> usize {
        let mut exchanges = self.network.exchanges.borrow_mut();
        exchanges.push(Exchange {
            program: self.view.number,
            sent: self.clock().now(),
            method: request.method.name(),
            url: request.url.clone(),
            had_token: request.authorization.is_some(),
            arrived: None,
            fault: None,
            number: None,
            created: None,
            answered: None,
            status: 0,
            refused: false,
            asked_wait: None,
            whole: false,
        });
        exchanges.len() - 1
    }

    fn with(&self, exchange: usize, change: impl FnOnce(&mut Exchange)) {
        change(&mut self.network.exchanges.borrow_mut()[exchange]);
    }
}

/// A body on its way.
#[derive(Debug)]
pub struct Pieces {
    network: Rc<Network>,
    exchange: usize,
    body: Vec<u8>,
    read: usize,
    pause: Duration,
    end: Delivery,
    received: Rc<Cell<usize>>,
}

impl Host for World {
    type Body = Pieces;

    async fn send(&self, request: Request) -> Result<Response<Pieces>, TransportError> {
        let exchange = elsewhere(|| self.note(&request));
        self.travel().await;
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
        let answer = elsewhere(|| {
            let mut github = self.network.github.borrow_mut();
            let github = github.as_mut().expect("the server runs");
            let now = self.clock().now();
            let mut ask = |request: &_| github.handle_from(self.view.number, request, now);
            let answer = match &*self.network.proxy.borrow() {
                Some(proxy) => proxy(request.clone(), &mut ask),
                None => ask(&request),
            };
            if let Some(facts) = github.requests().last() {
                self.with(exchange, |exchange| {
                    exchange.arrived = Some(now);
                    exchange.fault = facts.fault;
                    exchange.number = Some(github.requests().len() - 1);
                });
            }
            if let Some(recording) = self.network.recording.borrow_mut().as_mut() {
                recording.push((request, answer.clone()));
            }
            answer
        });
        if !answer.late.is_zero() {
            self.clock().sleep(answer.late).await;
        }
        self.travel().await;
        if answer.delivery == Delivery::NoAnswer {
            return pending().await;
        }
        self.with(exchange, |exchange| {
            exchange.answered = Some(self.clock().now());
            exchange.status = answer.status;
            exchange.refused = answer.delivery == Delivery::Refused;
            exchange.asked_wait = asked_wait(&answer);
        });
        match answer.delivery {
            // Whatever its code: a route may be lost, or a firewall refuse, in the middle.
            Delivery::Reset => {
                let codes = ["ECONNRESET", "EPIPE", "EHOSTUNREACH", "ECONNREFUSED"];
                Err(broken(
                    "the connection was closed",
                    codes[exchange % codes.len()],
                ))
            }
            Delivery::Refused => Err(TransportError {
                unconnected: true,
                ..broken("the connection was refused", "ECONNREFUSED")
            }),
            end => {
                let mut body = answer.body;
                if let Delivery::StallsAfter(bytes) | Delivery::CutAfter(bytes) = end {
                    body.truncate(bytes);
                }
                let pieces = u32::try_from(body.len() / PIECE + 1).unwrap_or(u32::MAX);
                Ok(Response {
                    status: answer.status,
                    body: Pieces {
                        network: Rc::clone(&self.network),
                        exchange,
                        body,
                        read: 0,
                        pause: answer.trickle / pieces,
                        end,
                        received: Rc::clone(&self.received),
                    },
                    headers: answer.headers.into_iter().collect(),
                })
            }
        }
    }

    async fn sleep(&self, duration: Duration) {
        self.clock().sleep(duration).await;
    }

    async fn cancelled(&self) {
        match self.cancelled_at.get() {
            Some(at) => {
                let left = at.saturating_sub(self.clock().now());
                self.clock().sleep(left).await;
            }
            None => pending().await,
        }
    }

    fn now(&self) -> Moment {
        Moment::from_zero(self.view.zero + self.clock().now())
    }

    fn random(&self) -> [u8; 16] {
        self.draw()
    }

    fn report(&self, event: Event) {
        // What is kept of it is not the program's.
        elsewhere(|| {
            let kept = event.clone();
            self.events.borrow_mut().push((self.clock().now(), kept));
        });
    }
}

impl Body for Pieces {
    async fn chunk(&mut self) -> Result<Option<Vec<u8>>, TransportError> {
        let end = self.body.len().min(self.read + PIECE);
        let piece = self.body[self.read..end].to_vec();
        if !piece.is_empty() {
            let pause = self.pause.max(Duration::from_micros(100));
            self.network.clock.sleep(pause).await;
            self.read = end;
            self.received.set(self.received.get() + piece.len());
            return Ok(Some(piece));
        }
        match self.end {
            Delivery::StallsAfter(_) => pending().await,
            Delivery::CutAfter(_) => Err(broken("the connection was closed", "ECONNRESET")),
            _ => {
                self.network.exchanges.borrow_mut()[self.exchange].whole = true;
                Ok(None)
            }
        }
    }
}

fn broken(how: &str, code: &str) -> TransportError {
    TransportError {
        message: format!("fetch failed: {how}"),
        code: Some(code.into()),
        ..TransportError::default()
    }
}
