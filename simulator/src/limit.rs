//! The primary rate limit, so many requests per token and hour, and the secondary ones.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::{
    answer::Answer,
    scenario::{SecondaryLimits, Token},
};

const SECONDS_PER_MINUTE: i64 = 60;
const SECONDS_PER_HOUR: i64 = 3600;
/// What a request costs that changes something; others cost one point.
const POINTS_OF_A_CHANGE: u32 = 5;

/// How much each token has used of a resource: that is what GitHub calls the requests that count
/// together.
#[derive(Debug)]
pub(crate) struct RateLimits {
    resource: &'static str,
    windows: BTreeMap<String, Window>,
}

#[derive(Debug)]
struct Window {
    /// Unix time at which the count starts anew.
    reset: i64,
    used: u32,
}

/// How much a token has left after a request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Balance {
    resource: &'static str,
    limit: u32,
    used: u32,
    reset: i64,
}

impl RateLimits {
    pub(crate) fn of(resource: &'static str) -> Self {
        Self {
            resource,
            windows: BTreeMap::new(),
        }
    }

    /// Counts a request at this Unix time.
    pub(crate) fn count(&mut self, token: &Token, now: i64) -> Balance {
        self.add(token, now, 1)
    }

    /// What a token has left at this Unix time.
    pub(crate) fn look(&mut self, token: &Token, now: i64) -> Balance {
        self.add(token, now, 0)
    }

    fn add(&mut self, token: &Token, now: i64, requests: u32) -> Balance {
        let fresh = || Window {
            reset: now + SECONDS_PER_HOUR,
            used: 0,
        };
        let window = self
            .windows
            .entry(token.token.clone())
            .or_insert_with(fresh);
        if window.reset <= now {
            *window = fresh();
        }
        window.used = window.used.saturating_add(requests);
        Balance {
            resource: self.resource,
            limit: token.rate_limit,
            used: window.used,
            reset: window.reset,
        }
    }

    /// Takes the last count back.
    pub(crate) fn refund(&mut self, token: &Token) {
        if let Some(window) = self.windows.get_mut(&token.token) {
            window.used = window.used.saturating_sub(1);
        }
    }
}

impl Balance {
    pub(crate) fn is_exceeded(self) -> bool {
        self.used > self.limit
    }

    pub(crate) fn refunded(self) -> Self {
        Self {
            used: self.used.saturating_sub(1),
            ..self
        }
    }

    /// As its own endpoint shows it.
    pub(crate) fn payload(self) -> Value {
        let used = self.used.min(self.limit);
        json!({
            "limit": self.limit,
            "used": used,
            "remaining": self.limit - used,
            "reset": self.reset,
        })
    }

    pub(crate) fn write(self, answer: Answer) -> Answer {
        let used = self.used.min(self.limit);
        answer
            .with("x-ratelimit-limit", self.limit.to_string())
            .with("x-ratelimit-remaining", (self.limit - used).to_string())
            .with("x-ratelimit-reset", self.reset.to_string())
            .with("x-ratelimit-used", used.to_string())
            .with("x-ratelimit-resource", self.resource)
    }
}

/// How much each token has used of the secondary limits. What is refused uses nothing.
#[derive(Debug, Default)]
pub(crate) struct SecondaryUse(BTreeMap<String, Used>);

#[derive(Debug, Default)]
struct Used {
    points: Span,
    runs_in_minute: Span,
    runs_in_hour: Span,
}

#[derive(Debug, Default)]
struct Span {
    /// Unix time at which the count starts anew.
    reset: i64,
    used: u32,
}

impl Span {
    fn begin_anew(&mut self, now: i64, seconds: i64) {
        if self.reset <= now {
            *self = Self {
                reset: now + seconds,
                used: 0,
            };
        }
    }

    /// How many seconds are left until so much more fits, if it does not.
    fn lacks(&self, now: i64, more: u32, most: u32) -> Option<i64> {
        (self.used.saturating_add(more) > most).then_some(self.reset - now)
    }
}

impl SecondaryUse {
    /// Counts a request at this Unix time, which makes a run if it `creates`; or says for how
    /// many seconds the token is to leave the server alone.
    pub(crate) fn count(
        &mut self,
        limits: &SecondaryLimits,
        token: &Token,
        now: i64,
        (changes, creates): (bool, bool),
    ) -> Result<(), i64> {
        let used = self.0.entry(token.token.clone()).or_default();
        used.points.begin_anew(now, SECONDS_PER_MINUTE);
        used.runs_in_minute.begin_anew(now, SECONDS_PER_MINUTE);
        used.runs_in_hour.begin_anew(now, SECONDS_PER_HOUR);
        let points = if changes { POINTS_OF_A_CHANGE } else { 1 };
        let runs = u32::from(creates);
        let lacks = [
            used.points.lacks(now, points, limits.points_per_minute),
            used.runs_in_minute
                .lacks(now, runs, limits.content_per_minute),
            used.runs_in_hour.lacks(now, runs, limits.content_per_hour),
        ];
        if let Some(seconds) = lacks.into_iter().flatten().max() {
            return Err(seconds);
        }
        used.points.used += points;
        used.runs_in_minute.used += runs;
        used.runs_in_hour.used += runs;
        Ok(())
    }
}
