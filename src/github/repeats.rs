//! Repeating what failed and may be repeated, ever more slowly.

use std::time::Duration;

use super::client::Client;
use super::failure::Failure;
use crate::host::Host;
use crate::time::Moment;

/// Pauses between repetitions, each with up to as much again by chance, so that
/// many callers do not come back at once.
const SHORTEST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// A name that does not exist will mostly not come to exist: a typing error
/// should not take minutes to be told.
const MOST_LOOK_UPS: u8 = 4;

/// For so long, requests are retried whose token is denied: servers that lag deny fresh installation tokens for some
/// seconds (octokit/auth-app.js#65, #163, #589; akuity/kargo#6630).
pub const DENIED_FOR: Duration = Duration::from_secs(5);

/// The same once the run is dispatched: the token was accepted before.
pub const DENIED_MEANWHILE: Duration = Duration::from_secs(30);

/// GitHub blocks clients that fail to authenticate too often, so retries after a denial are at least so far apart.
const BETWEEN_DENIALS: Duration = Duration::from_millis(1_500);

/// The retries of one request.
#[derive(Debug)]
pub struct Repeats {
    next_pause: Duration,
    /// What chance adds is made of this.
    seed: u64,
    looked_up: u8,
    is_new: bool,
    denials: Option<Denials>,
}

/// Denials of a token, one after another.
#[derive(Debug, Default)]
pub struct Denials {
    since: Option<Moment>,
    /// When the request was sent that may be denied next, if that is known: what was true then is answered.
    sent: Option<Moment>,
}

impl Denials {
    /// Whether a failure is a denial that may pass: since the first one after the last success, less than this had
    /// passed when the request was sent.
    pub fn may_pass<H: Host>(
        &mut self,
        client: &Client<'_, H>,
        failure: &Failure,
        within: Duration,
    ) -> bool {
        let now = client.host().now();
        let sent = self.sent.take().unwrap_or(now);
        client.may_be_denied_yet(failure) && sent - *self.since.get_or_insert(now) < within
    }

    /// A request succeeded.
    pub fn end(&mut self) {
        self.since = None;
    }
}

impl Repeats {
    /// None so far.
    pub fn new<H: Host>(host: &H) -> Self {
        let seed = host
            .random()
            .iter()
            .fold(0, |seed: u64, byte| seed.rotate_left(8) ^ u64::from(*byte));
        Self {
            next_pause: SHORTEST_PAUSE,
            seed,
            looked_up: 0,
            is_new: false,
            denials: Some(Denials::default()),
        }
    }

    /// Of a request that a valid token may be denied for good.
    pub fn unless_denied<H: Host>(host: &H) -> Self {
        Self {
            denials: None,
            ..Self::new(host)
        }
    }

    /// Of a request about something so new that it may be unknown yet (404).
    pub fn about_something_new<H: Host>(host: &H) -> Self {
        Self {
            is_new: true,
            ..Self::new(host)
        }
    }

    /// The pause before the next one, after this failure.
    pub fn pause_after<H: Host>(&mut self, client: &Client<'_, H>, failure: &Failure) -> Duration {
        let pause = self.pause();
        if client.may_be_denied_yet(failure) {
            pause.max(BETWEEN_DENIALS)
        } else {
            pause
        }
    }

    /// The pause before the next one.
    pub fn pause(&mut self) -> Duration {
        let pause = self.next_pause;
        self.next_pause = (pause * 3 / 2).min(LONGEST_PAUSE);
        // A linear congruential generator, by its upper bits.
        self.seed = self
            .seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        let share = u32::from((self.seed >> 48) as u16);
        pause + pause * share / (1 << 16)
    }

    /// Waits before a request that failed is sent again; `doing` is what it
    /// did, as in "could not {doing}".
    ///
    /// # Errors
    /// The failure, if it will not pass or there is no time for another try.
    pub async fn wait<H: Host>(
        &mut self,
        client: &Client<'_, H>,
        doing: &str,
        failure: Failure,
    ) -> Result<(), Failure> {
        if failure.is_unknown_host() {
            self.looked_up += 1;
        }
        let denials = self.denials.as_mut();
        let is_denied =
            denials.is_some_and(|denials| denials.may_pass(client, &failure, DENIED_FOR));
        let pause = self.pause_after(client, &failure);
        // What the API asks for, or the store of logs, is waited for before the next request.
        let asked = client.quiet_for().max(failure.wait().unwrap_or_default());
        let needed = asked.max(pause);
        let passes = failure.is_transient() || is_denied || self.is_new && failure.may_pass();
        let worth_it = passes
            && self.looked_up < MOST_LOOK_UPS
            && needed < client.deadline().remaining(client.host());
        if !worth_it {
            return Err(failure);
        }
        client.note(doing, &failure);
        client.host().sleep(pause).await;
        if let Some(denials) = &mut self.denials {
            denials.sent = Some(client.host().now());
        }
        Ok(())
    }
}

impl<H: Host> Client<'_, H> {
    /// Sends a request that does no harm when repeated, until it succeeds.
    ///
    /// # Errors
    /// A failure that will not pass, or for which there is no time.
    pub async fn persist<T>(
        &self,
        doing: &str,
        mut repeats: Repeats,
        mut request: impl AsyncFnMut() -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        loop {
            match request().await {
                Ok(value) => return Ok(value),
                Err(failure) => repeats.wait(self, doing, failure).await?,
            }
        }
    }
}
