//! A limit in time that travels as a value.

use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use futures_util::future::{Either, select};

use crate::host::Host;
use crate::time::Moment;

/// The moment at which a call gives up.
#[derive(Debug, Clone, Copy)]
pub struct Deadline {
    /// When the call began.
    pub began: Moment,
    /// How long it may take.
    pub limit: Duration,
}

impl Deadline {
    /// A deadline this long from now.
    pub fn after<H: Host>(host: &H, limit: Duration) -> Self {
        Self {
            began: host.now(),
            limit,
        }
    }

    /// The time left; zero once it has passed.
    pub fn remaining<H: Host>(&self, host: &H) -> Duration {
        (self.began + self.limit) - host.now()
    }

    /// Runs `work` to its end, or abandons it when the time is up.
    ///
    /// # Errors
    /// [`Passed`] when the time is up first.
    pub async fn bound<H: Host, T>(
        &self,
        host: &H,
        work: impl Future<Output = T>,
    ) -> Result<T, Passed> {
        let alarm = pin!(host.sleep(self.remaining(host)));
        // `work` comes first: what is done at the very moment counts.
        match select(pin!(work), alarm).await {
            Either::Left((done, _)) => Ok(done),
            Either::Right(((), _)) => Err(Passed),
        }
    }
}

/// The deadline has passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Passed;
