//! Answers that faults replace, cut off, or hold back.

use std::collections::BTreeMap;

use super::GitHub;
use crate::{
    answer::Answer,
    facts::Origin,
    fault::{Effect, Fault},
    http::{Delivery, Request, Response},
    time::Moment,
};

impl GitHub {
    pub(super) fn fail(
        &mut self,
        fault: &Fault,
        request: &Request,
        origin: Origin,
        path: &str,
        now: Moment,
    ) -> Response {
        let (answer, delivery) = match &fault.effect {
            Effect::Stall { after_bytes } => (
                self.answer(request, origin, path, now),
                Delivery::StallsAfter(*after_bytes),
            ),
            Effect::Cut { after_bytes } => (
                self.answer(request, origin, path, now),
                Delivery::CutAfter(*after_bytes),
            ),
            lost => {
                if fault.acted {
                    self.answer(request, origin, path, now);
                }
                match lost {
                    Effect::NoAnswer => (Answer::empty(0), Delivery::NoAnswer),
                    Effect::Reset => (Answer::empty(0), Delivery::Reset),
                    Effect::Answer {
                        status,
                        headers,
                        body,
                    } => (
                        self.faulty_answer(*status, headers, body, now),
                        Delivery::Whole,
                    ),
                    Effect::Stall { .. } | Effect::Cut { .. } => unreachable!("handled above"),
                }
            }
        };
        if matches!(delivery, Delivery::NoAnswer | Delivery::Reset) {
            return Response {
                status: 0,
                headers: Vec::new(),
                body: Vec::new(),
                delivery,
            };
        }
        Response {
            delivery,
            ..answer.into_response()
        }
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
