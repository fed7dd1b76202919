//! Errors, and what every answer has.

use serde::Serialize;
use serde_json::{Value, json};

use crate::{answer::Answer, profile::Gitea};

/// A request that Gitea refuses.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    status: u16,
    message: String,
    /// What `APIErrorNotFound` of `services/context/api.go` adds: a list, or `null` for an empty one. Since 1.27 the
    /// first is the message.
    errors: Option<Vec<String>>,
}

impl Problem {
    /// `APIError` of `services/context/api.go`.
    pub(crate) fn new(status: u16, message: impl Into<String>) -> Self {
        Self {
            status,
            message: message.into(),
            errors: None,
        }
    }

    /// `APIErrorNotFound` of `services/context/api.go`, with a reason.
    pub(crate) fn missing(reason: impl Into<String>) -> Self {
        Self {
            errors: Some(vec![reason.into()]),
            ..Self::not_found()
        }
    }

    /// The same without a reason.
    pub(crate) fn not_found() -> Self {
        Self {
            errors: Some(Vec::new()),
            ..Self::new(404, "not found")
        }
    }

    /// The same about something, in the place of its message.
    pub(crate) fn about(self, what: &str) -> Self {
        Self {
            message: what.into(),
            ..self
        }
    }

    pub(crate) fn answer(&self, gitea: Gitea, html_base: &str) -> Answer {
        let reason = self.errors.iter().flatten().next();
        let reason = reason.filter(|_| !gitea.has_errors_apart);
        let mut body = json!({
            "message": reason.unwrap_or(&self.message),
            "url": format!("{html_base}/api/swagger"),
        });
        let errors = self.errors.as_ref().filter(|_| gitea.has_errors_apart);
        if let Some(errors) = errors {
            body["errors"] = match errors.as_slice() {
                [] => Value::Null,
                errors => json!(errors),
            };
        }
        Answer::gitea_json(self.status, &body)
    }
}

impl Answer {
    /// `JSON` of `services/context/base.go`.
    pub(crate) fn gitea_json(status: u16, body: &impl Serialize) -> Self {
        let mut answer = Self::json(status, body);
        answer.body.push(b'\n');
        answer.headers = vec![(
            "content-type".into(),
            "application/json;charset=utf-8".into(),
        )];
        answer
    }
}

/// Go's own answer where there is no such path.
pub(crate) fn page_not_found() -> Answer {
    Answer::text(404, "text/plain; charset=utf-8", "404 page not found\n")
        .with("x-content-type-options", "nosniff")
}

/// Adds what every answer of a known path has, unless it has its own, or is Go's: `APIContexter` of
/// `services/context/api.go`.
pub(crate) fn with_headers(mut answer: Answer) -> Answer {
    let is_gos = matches!(answer.status, 405 | 416);
    if !is_gos && !answer.has("cache-control") {
        let value = "max-age=0, private, must-revalidate, no-transform";
        answer = answer.with("cache-control", value);
    }
    answer.with("x-content-type-options", "nosniff")
}
