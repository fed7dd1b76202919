//! What does not fit.

use std::fmt;

use crate::exchange::Exchange;

/// Something in an exchange that does not fit the description.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    /// The method and the path of the exchange, and the status answered.
    pub exchange: String,
    /// What it is.
    pub problem: Problem,
}

/// What may not fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// No such method and path.
    UnknownOperation,
    /// A parameter in the path or the query that is not declared, or whose value does not fit.
    Parameter {
        /// Its name.
        name: String,
        /// What is wrong.
        reason: String,
    },
    /// The body of the request.
    RequestBody {
        /// JSON pointer to the place.
        at: String,
        /// What is wrong there.
        reason: String,
    },
    /// A status that the operation does not declare.
    Status(u16),
    /// A header of the answer.
    Header {
        /// Its name.
        name: String,
        /// What is wrong.
        reason: String,
    },
    /// The body of the answer.
    ResponseBody {
        /// JSON pointer to the place.
        at: String,
        /// What is wrong there.
        reason: String,
    },
}

impl Problem {
    /// Whether it is the client's, not the server's.
    #[must_use]
    pub fn is_in_request(&self) -> bool {
        matches!(
            self,
            Self::UnknownOperation | Self::Parameter { .. } | Self::RequestBody { .. }
        )
    }
}

impl Mismatch {
    pub(crate) fn of(exchange: &Exchange<'_>, problem: Problem) -> Self {
        Self {
            exchange: format!("{} {}: {}", exchange.method, exchange.path, exchange.status),
            problem,
        }
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.exchange, self.problem)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownOperation => f.write_str("there is no such operation"),
            Self::Parameter { name, reason } => write!(f, "parameter {name}: {reason}"),
            Self::RequestBody { at, reason } => {
                write!(f, "body of the request, at {at:?}: {reason}")
            }
            Self::Status(status) => write!(f, "status {status} is not declared"),
            Self::Header { name, reason } => write!(f, "header {name} of the answer: {reason}"),
            Self::ResponseBody { at, reason } => {
                write!(f, "body of the answer, at {at:?}: {reason}")
            }
        }
    }
}
