//! What goes wrong: answers replaced, delayed for ever, or cut off.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{http::Request, time::Moment};

/// Something that goes wrong with some requests.
///
/// Of several faults that fit a request the first in the list that is due strikes; the others
/// count the request nevertheless.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Fault {
    /// Only requests with this method; none: all.
    #[serde(default)]
    pub method: Option<String>,
    /// Only requests whose path and query contain this; none: all.
    #[serde(default)]
    pub path_contains: Option<String>,
    /// How many requests that fit pass unharmed first.
    #[serde(default)]
    pub skip: u32,
    /// How many times it strikes; none (`null`): always.
    #[serde(default = "once")]
    pub times: Option<u32>,
    /// Only requests that arrive at least this many seconds after the start.
    #[serde(default)]
    pub from: f64,
    /// Only requests that arrive before so many seconds after the start; none: for ever.
    #[serde(default)]
    pub until: Option<f64>,
    /// What happens.
    pub effect: Effect,
    /// Whether the request takes effect all the same: a run is created, but the answer is lost.
    /// Where the real answer arrives, as a whole or in part, it always does; with
    /// [`Effect::Refused`] it never does.
    #[serde(default)]
    pub acted: bool,
    /// How many seconds later it takes effect, where it is [`acted`](Self::acted) upon although its
    /// answer is lost.
    #[serde(default)]
    pub acts_after: f64,
}

#[allow(clippy::unnecessary_wraps)] // the type of the field
const fn once() -> Option<u32> {
    Some(1)
}

/// What a fault does to the answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "camelCase", deny_unknown_fields)]
pub enum Effect {
    /// Another answer.
    #[serde(rename_all = "camelCase")]
    Answer {
        /// Its status.
        status: u16,
        /// Its headers, besides `Date` and the like.
        #[serde(default)]
        headers: BTreeMap<String, String>,
        /// Its body.
        #[serde(default)]
        body: String,
    },
    /// This many bytes of the body arrive, then nothing, ever.
    #[serde(rename_all = "camelCase")]
    Stall {
        /// How many bytes arrive.
        #[serde(default)]
        after_bytes: usize,
    },
    /// This many bytes of the body arrive, then the connection is closed.
    #[serde(rename_all = "camelCase")]
    Cut {
        /// How many bytes arrive.
        #[serde(default)]
        after_bytes: usize,
    },
    /// Nothing ever arrives.
    NoAnswer,
    /// The connection is closed at once.
    Reset,
    /// The connection is not made at all.
    Refused,
    /// The real answer, after so many seconds.
    #[serde(rename_all = "camelCase")]
    Late {
        /// How many seconds.
        seconds: f64,
    },
    /// The real answer, whose body takes so many seconds to arrive.
    #[serde(rename_all = "camelCase")]
    Trickle {
        /// How many seconds.
        seconds: f64,
    },
    /// A GET is answered as it would have been so many seconds ago.
    #[serde(rename_all = "camelCase")]
    Stale {
        /// How many seconds.
        seconds: f64,
    },
    /// A GET is answered by a replica that falls behind from when the fault begins.
    #[serde(rename_all = "camelCase")]
    FallsBehind {
        /// By how many seconds in each second: 1 stands still.
        by: f64,
    },
    /// The entries of a page of runs or jobs are not as they should be.
    #[serde(rename_all = "camelCase")]
    Disorder {
        /// What is wrong with them.
        how: Disorder,
    },
    /// The server wants to be left alone.
    #[serde(rename_all = "camelCase")]
    Limited {
        /// 403, 429 or 503.
        status: u16,
        /// How it says for how long; none: it does not say.
        #[serde(default)]
        asks: Option<Asks>,
    },
}

/// What is wrong with the entries of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Disorder {
    /// The first stands there twice.
    Duplicated,
    /// The last stands first.
    Reordered,
    /// The first is missing.
    Missing,
    /// The newest of all is on no page, though it is counted: the count and the entries come from two places.
    Hidden,
}

impl Disorder {
    /// What pages are made of.
    pub(crate) fn listed<T>(disorder: Option<Self>, all: &[T]) -> &[T] {
        match all {
            [_, listed @ ..] if disorder == Some(Self::Hidden) => listed,
            all => all,
        }
    }

    pub(crate) fn apply<T: Clone>(self, entries: &mut Vec<T>) {
        match self {
            Self::Duplicated => entries.extend(entries.first().cloned()),
            Self::Reordered => entries.reverse(),
            Self::Missing => {
                if !entries.is_empty() {
                    entries.remove(0);
                }
            }
            Self::Hidden => {}
        }
    }
}

/// How a server says how long it wants to be left alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "camelCase")]
pub enum Asks {
    /// By `Retry-After` in seconds.
    Seconds {
        /// How many.
        seconds: u32,
    },
    /// By `Retry-After` as a date, this many seconds ahead.
    Date {
        /// How many.
        seconds: u32,
    },
    /// By an exhausted `x-ratelimit-remaining`, and its reset this many seconds ahead.
    Reset {
        /// How many.
        seconds: u32,
    },
}

impl Effect {
    /// An answer of the API with this status and message.
    #[must_use]
    pub fn problem(status: u16, message: &str) -> Self {
        let documentation_url = "https://docs.github.com/rest";
        let body =
            serde_json::json!({ "message": message, "documentation_url": documentation_url });
        Self::Answer {
            status,
            headers: BTreeMap::new(),
            body: body.to_string(),
        }
    }
}

impl Fault {
    /// Strikes the first request with this method whose path contains this text.
    #[must_use]
    pub fn on(method: &str, path_contains: &str, effect: Effect) -> Self {
        Self {
            method: Some(method.into()),
            path_contains: Some(path_contains.into()),
            skip: 0,
            times: Some(1),
            from: 0.0,
            until: None,
            effect,
            acted: false,
            acts_after: 0.0,
        }
    }

    /// Lets this many requests pass first.
    #[must_use]
    pub fn after(mut self, skip: u32) -> Self {
        self.skip = skip;
        self
    }

    /// Sets how many times it strikes; none: always.
    #[must_use]
    pub fn times(mut self, times: impl Into<Option<u32>>) -> Self {
        self.times = times.into();
        self
    }

    /// Lets it strike in this span only, in seconds since the start.
    #[must_use]
    pub fn between(mut self, from: f64, until: f64) -> Self {
        self.from = from;
        self.until = Some(until);
        self
    }

    /// Lets the request take effect although its answer is lost.
    #[must_use]
    pub fn acting(mut self) -> Self {
        self.acted = true;
        self
    }

    /// Lets the request take effect so many seconds later, although its answer is lost.
    #[must_use]
    pub fn acting_after(mut self, seconds: f64) -> Self {
        self.acts_after = seconds;
        self.acting()
    }

    /// That the times make sense.
    pub(crate) fn check(&self) -> Result<(), String> {
        let seconds = match self.effect {
            Effect::Late { seconds } | Effect::Trickle { seconds } | Effect::Stale { seconds } => {
                seconds
            }
            _ => 0.0,
        };
        let sensible = |seconds: f64| (0.0..=3.2e9).contains(&seconds);
        if sensible(seconds)
            && sensible(self.from)
            && sensible(self.acts_after)
            && self.until.is_none_or(sensible)
        {
            Ok(())
        } else {
            Err("the times of a fault must be numbers of seconds, not negative".into())
        }
    }

    fn fits(&self, request: &Request, path: &str, now: Moment) -> bool {
        let at = |seconds: f64| Moment::START.plus(seconds);
        now >= at(self.from)
            && self.until.is_none_or(|until| now < at(until))
            && self
                .method
                .as_ref()
                .is_none_or(|method| method.eq_ignore_ascii_case(&request.method))
            && self
                .path_contains
                .as_ref()
                .is_none_or(|text| path.contains(text))
    }
}

/// The faults of a scenario and how often each has been due.
#[derive(Debug)]
pub(crate) struct Faults(Vec<Progress>);

#[derive(Debug)]
struct Progress {
    fault: Fault,
    skipped: u32,
    struck: u32,
}

impl Faults {
    pub(crate) fn new(faults: &[Fault]) -> Self {
        let progress = |fault: &Fault| Progress {
            fault: fault.clone(),
            skipped: 0,
            struck: 0,
        };
        Self(faults.iter().map(progress).collect())
    }

    /// The fault that strikes this request, if one does, and its place in the list.
    pub(crate) fn strike(
        &mut self,
        request: &Request,
        path: &str,
        now: Moment,
    ) -> Option<(usize, Fault)> {
        let mut striking = None;
        for (index, progress) in self.0.iter_mut().enumerate() {
            if !progress.fault.fits(request, path, now) {
                continue;
            }
            if progress.skipped < progress.fault.skip {
                progress.skipped += 1;
            } else if striking.is_none()
                && progress
                    .fault
                    .times
                    .is_none_or(|times| progress.struck < times)
            {
                progress.struck += 1;
                striking = Some((index, progress.fault.clone()));
            }
        }
        striking
    }
}
