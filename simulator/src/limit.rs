//! The primary rate limit: so many requests per token and hour.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::{answer::Answer, scenario::Token};

const SECONDS_PER_HOUR: i64 = 3600;

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
