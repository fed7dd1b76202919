//! Answers that faults replace, cut off, or hold back.

use std::{collections::BTreeMap, time::Duration};

use super::{Arrival, GitHub};
use crate::{
    answer::Answer,
    cors,
    facts::Origin,
    fault::{Asks, Effect, Fault},
    http::{Delivery, Response},
    profile::Family,
    time::Moment,
};

impl GitHub {
    pub(super) fn fail(&mut self, fault: &Fault, arrival: &Arrival<'_>) -> Response {
        match &fault.effect {
            Effect::Refused => nothing(Delivery::Refused),
            Effect::Stall { after_bytes } => Response {
                delivery: Delivery::StallsAfter(*after_bytes),
                ..self.answer(arrival).into_response()
            },
            Effect::Cut { after_bytes } => Response {
                delivery: Delivery::CutAfter(*after_bytes),
                ..self.answer(arrival).into_response()
            },
            Effect::Late { seconds } => Response {
                late: Duration::from_secs_f64(*seconds),
                ..self.answer(arrival).into_response()
            },
            Effect::Trickle { seconds } => Response {
                trickle: Duration::from_secs_f64(*seconds),
                ..self.answer(arrival).into_response()
            },
            Effect::Stale { seconds } => self.answer_as_of(arrival.now.plus(-seconds), arrival),
            Effect::FallsBehind { by } => {
                let since = arrival.now.since_start().as_secs_f64() - fault.from;
                self.answer_as_of(arrival.now.plus(-by * since), arrival)
            }
            Effect::Disorder { how } => {
                let disorderly = Arrival {
                    disorder: Some(*how),
                    ..*arrival
                };
                self.answer(&disorderly).into_response()
            }
            Effect::NoAnswer => self.lose(fault, arrival, Delivery::NoAnswer),
            Effect::Reset => self.lose(fault, arrival, Delivery::Reset),
            Effect::Answer {
                status,
                headers,
                body,
            } => {
                self.lose(fault, arrival, Delivery::Whole);
                let now = if *status >= 500 {
                    arrival.now.plus(self.scenario.gateways_ahead)
                } else {
                    arrival.now
                };
                self.faulty_answer(*status, headers, body, now)
                    .into_response()
            }
            Effect::Limited { status, asks } => {
                self.lose(fault, arrival, Delivery::Whole);
                let answer = self.limited(*status, *asks, arrival.now);
                // It is GitHub itself that says so: a page may read it as it may all that the API
                // answers. Other answers come from somewhere in between, and have what they are given.
                match (arrival.origin, self.profile.family) {
                    (Origin::Api, Family::GitHub) => cors::open(answer),
                    _ => answer,
                }
                .into_response()
            }
        }
    }

    /// Reads are of an earlier moment; what is written is written now.
    fn answer_as_of(&mut self, seen: Moment, arrival: &Arrival<'_>) -> Response {
        let seen = match arrival.request.method.as_str() {
            "GET" => seen,
            _ => arrival.now,
        };
        self.answer(&Arrival { seen, ..*arrival }).into_response()
    }

    /// Lets the request take effect if it does, and nothing of its answer arrive.
    fn lose(&mut self, fault: &Fault, arrival: &Arrival<'_>, delivery: Delivery) -> Response {
        if fault.acted && fault.acts_after > 0.0 {
            self.postpone(arrival, fault.acts_after);
        } else if fault.acted {
            self.answer(arrival);
        }
        nothing(delivery)
    }

    fn limited(&self, status: u16, asks: Option<Asks>, now: Moment) -> Answer {
        let date = self.front_ends_time(now);
        let later = |seconds: u32| date.plus(f64::from(seconds));
        let mut headers = BTreeMap::new();
        let mut add = |name: &str, value: String| headers.insert(name.to_owned(), value);
        let limit = match asks {
            Some(Asks::Reset { .. }) => "an API rate limit",
            _ => "a secondary rate limit",
        };
        match asks {
            None => None,
            Some(Asks::Seconds { seconds }) => add("retry-after", seconds.to_string()),
            Some(Asks::Date { seconds }) => {
                // Both are whole seconds: rounded down alike, they lie as far apart as they should.
                add("retry-after", self.clock.http_date(later(seconds)))
            }
            Some(Asks::Reset { seconds }) => {
                add("x-ratelimit-remaining", "0".into());
                let reset = self.clock.unix_seconds(later(seconds));
                add("x-ratelimit-reset", reset.to_string())
            }
        };
        let message = match status {
            403 | 429 => format!("You have exceeded {limit}. Please wait before you try again."),
            _ => "Service unavailable".into(),
        };
        let body = serde_json::json!({ "message": message }).to_string();
        self.faulty_answer(status, &headers, &body, now)
    }

    fn faulty_answer(
        &self,
        status: u16,
        headers: &BTreeMap<String, String>,
        body: &str,
        now: Moment,
    ) -> Answer {
        let mut answer = Answer::empty(status);
        answer.body = body.into();
        for (name, value) in headers {
            answer = answer.with(&name.to_ascii_lowercase(), value);
        }
        if !answer.has("content-type") && !body.is_empty() {
            // Proxies in between answer with a page.
            let json = body.starts_with(['{', '[']);
            answer = answer.with(
                "content-type",
                if json {
                    "application/json; charset=utf-8"
                } else {
                    "text/html; charset=utf-8"
                },
            );
        }
        self.finish(answer, now)
    }
}

fn nothing(delivery: Delivery) -> Response {
    Response {
        status: 0,
        headers: Vec::new(),
        body: Vec::new(),
        delivery,
        late: Duration::ZERO,
        trickle: Duration::ZERO,
    }
}
