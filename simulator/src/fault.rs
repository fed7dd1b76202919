//! What goes wrong: answers replaced, delayed for ever, or cut off.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::http::Request;

/// Something that goes wrong with some requests.
///
/// Of several faults that fit a request the first in the list that is due strikes; the others
/// count the request nevertheless.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
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
    /// What happens.
    pub effect: Effect,
    /// Whether the request takes effect all the same: a run is created, but the answer is lost.
    /// [`Effect::Stall`] and [`Effect::Cut`] deliver a part of the real answer, so with them it
    /// always does.
    #[serde(default)]
    pub acted: bool,
}

#[allow(clippy::unnecessary_wraps)] // the type of the field
const fn once() -> Option<u32> {
    Some(1)
}

/// What a fault does to the answer.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
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
}

impl Effect {
    /// An answer with this status and a body of JSON with this message.
    #[must_use]
    pub fn problem(status: u16, message: &str) -> Self {
        Self::Answer {
            status,
            headers: BTreeMap::new(),
            body: serde_json::json!({ "message": message }).to_string(),
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
            effect,
            acted: false,
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

    /// Lets the request take effect although its answer is lost.
    #[must_use]
    pub fn acting(mut self) -> Self {
        self.acted = true;
        self
    }

    fn fits(&self, request: &Request, path: &str) -> bool {
        self.method
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

    /// The fault that strikes this request, if one does.
    pub(crate) fn strike(&mut self, request: &Request, path: &str) -> Option<Fault> {
        let mut striking = None;
        for progress in &mut self.0 {
            if !progress.fault.fits(request, path) {
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
                striking = Some(progress.fault.clone());
            }
        }
        striking
    }
}
