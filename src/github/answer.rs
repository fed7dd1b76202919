//! Whole answers of the API.

use super::failure::{Failure, Refusal};
use crate::host::Headers;
use crate::json::{FromJson, Object};

/// A whole answer of the API.
#[derive(Debug)]
pub(super) struct Answer {
    pub status: u16,
    pub headers: Headers,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn refusal(&self) -> Refusal {
        Refusal::read(self.status, &self.headers, &self.body)
    }

    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// Reads the JSON body.
    pub fn json<T: FromJson>(&self) -> Result<T, Failure> {
        let problem = match Object::parse(&self.body) {
            Ok(object) => match T::from_json(&object) {
                Some(value) => return Ok(value),
                None => "it lacks what it should say".to_owned(),
            },
            Err(error) => error.to_string(),
        };
        let kind = self.headers.get("content-type").unwrap_or("no type");
        Err(Failure::Malformed(format!(
            "{} with an answer ({kind}) that is not the JSON asked for: {problem}",
            self.status
        )))
    }
}
