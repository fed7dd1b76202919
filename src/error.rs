//! What a caller gets instead of a run: what happened, to which request, what
//! it means, what to do.

use std::fmt;
use std::ops::{Deref, DerefMut};

use serde::Serialize;

use crate::host::TransportError;
use crate::names::{self, MARK};

/// A stable code for programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// A setting is missing or impossible. Nothing was sent.
    InvalidInput,
    /// 401: the token is wrong, expired or revoked.
    Unauthorized,
    /// 403: the token may not do this.
    Forbidden,
    /// 404: the repository or the workflow does not exist, or the token cannot see it.
    NotFound,
    /// The server refused the dispatch. Nothing was dispatched.
    Refused,
    /// The server gives no run IDs, and the run could not be found by its distinct
    /// ID: the receiver does not declare the input, or a supplied ID leaves too little
    /// time. Nothing was dispatched.
    ReceiverUnprepared,
    /// 403 or 429: too many requests.
    RateLimited,
    /// The server failed to answer properly and nothing was dispatched.
    ServerError,
    /// The server could not be reached and nothing was dispatched.
    Unreachable,
    /// No clear answer to the dispatch: it may or may not have happened.
    OutcomeUnknown,
    /// Dispatched, but the run cannot be told from others.
    NotIdentified,
    /// Several runs show the distinct ID.
    Ambiguous,
    /// The time limit passed.
    TimedOut,
    /// The run ended with another conclusion than `success`.
    Unsuccessful,
    /// The run returned more than outputs can hold.
    OutputsTooLarge,
    /// The caller was cancelled.
    Cancelled,
}

impl Code {
    /// Every code.
    pub const ALL: [Self; 16] = [
        Self::InvalidInput,
        Self::Unauthorized,
        Self::Forbidden,
        Self::NotFound,
        Self::Refused,
        Self::ReceiverUnprepared,
        Self::RateLimited,
        Self::ServerError,
        Self::Unreachable,
        Self::OutcomeUnknown,
        Self::NotIdentified,
        Self::Ambiguous,
        Self::TimedOut,
        Self::Unsuccessful,
        Self::OutputsTooLarge,
        Self::Cancelled,
    ];

    /// The code as it stands in `ReturnDispatchError.code`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InvalidInput => "invalid_input",
            Self::Unauthorized => "unauthorized",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not_found",
            Self::Refused => "refused",
            Self::ReceiverUnprepared => "receiver_unprepared",
            Self::RateLimited => "rate_limited",
            Self::ServerError => "server_error",
            Self::Unreachable => "unreachable",
            Self::OutcomeUnknown => "outcome_unknown",
            Self::NotIdentified => "not_identified",
            Self::Ambiguous => "ambiguous",
            Self::TimedOut => "timed_out",
            Self::Unsuccessful => "unsuccessful",
            Self::OutputsTooLarge => "outputs_too_large",
            Self::Cancelled => "cancelled",
        }
    }
}

/// Why a call failed.
///
/// Boxed: errors are returned through many functions, and one word keeps the code that copies them small, which
/// engines compile during a call.
#[derive(Debug, Clone)]
pub struct Error(Box<Details>);

/// The contents of an [`Error`].
#[derive(Debug, Clone)]
pub struct Details {
    /// For programs.
    pub code: Code,
    /// What happened, to which request. Names of settings are marked by [`MARK`].
    pub message: String,
    /// What to do about it. Names of settings are marked likewise.
    pub hint: Option<String>,
    /// The HTTP status, where an answer of the server is the reason.
    pub status: Option<u16>,
    /// What the platform said, where that is the reason.
    pub cause: Option<TransportError>,
    /// Whether something was dispatched, or may have been.
    pub may_have_dispatched: bool,
}

impl Error {
    /// An error with a message alone.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self(Box::new(Details {
            code,
            message: message.into(),
            hint: None,
            status: None,
            cause: None,
            may_have_dispatched: false,
        }))
    }

    /// An impossible setting: `problem` continues the sentence that begins with
    /// the setting's name.
    pub fn invalid(setting: &str, problem: impl fmt::Display, remedy: &str) -> Self {
        Self::new(Code::InvalidInput, format!("{MARK}{setting} {problem}")).hint(remedy)
    }

    /// The error as one text, with the names of settings as its reader knows them.
    #[must_use]
    pub fn said_by(&self, write: names::Write) -> String {
        let message = names::with(write, self.message.trim_end_matches('.'));
        match &self.hint {
            Some(hint) => format!("{message}. {}", names::with(write, hint)),
            None => format!("{message}."),
        }
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Adds another sentence about what to do.
    #[must_use]
    pub fn and_hint(mut self, more: &str) -> Self {
        let hint = self.hint.take().unwrap_or_default();
        self.hint(format!("{hint} {more}").trim())
    }

    /// Adds the platform's own error.
    #[must_use]
    pub fn caused_by(mut self, cause: TransportError) -> Self {
        self.cause = Some(cause);
        self
    }

    /// Replaces the message.
    #[must_use]
    pub fn message(mut self, message: String) -> Self {
        self.message = message;
        self
    }

    /// Adds whether something was dispatched, or may have been.
    #[must_use]
    pub fn dispatched(mut self, may_have: bool) -> Self {
        self.may_have_dispatched = may_have;
        self
    }

    /// Adds the HTTP status.
    #[must_use]
    pub fn status(mut self, status: u16) -> Self {
        self.status = Some(status);
        self
    }
}

impl Deref for Error {
    type Target = Details;
    fn deref(&self) -> &Details {
        &self.0
    }
}

impl DerefMut for Error {
    fn deref_mut(&mut self) -> &mut Details {
        &mut self.0
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.said_by(names::as_inputs))
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.cause
            .as_ref()
            .map(|cause| cause as &(dyn std::error::Error + 'static))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_written_the_same_everywhere() {
        for code in Code::ALL {
            assert_eq!(serde_json::to_value(code).unwrap(), code.as_str());
        }
    }

    #[test]
    fn an_error_is_a_sentence_a_hint_and_a_cause() {
        let mut error = Error::new(Code::Unreachable, "it broke.").hint("Mend it.");
        assert_eq!(error.to_string(), "it broke. Mend it.");
        assert!(std::error::Error::source(&error).is_none());
        error.cause = Some(TransportError {
            message: "no route".into(),
            ..TransportError::default()
        });
        let source = std::error::Error::source(&error).unwrap();
        assert_eq!(source.to_string(), "no route");
    }
}
