//! Whole answers of the API.

use super::failure::{Failure, Refusal};
use super::model::BARE_LIST;
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

    /// Reads the JSON body; a bare list as that of an object, by the name [`BARE_LIST`].
    pub fn json<T: FromJson>(&self) -> Result<T, Failure> {
        let list;
        let body = if self.body.trim_ascii_start().starts_with(b"[") {
            list = [b"{\"", BARE_LIST.as_bytes(), b"\":", &self.body, b"}"].concat();
            &list
        } else {
            &self.body
        };
        let problem = match Object::parse(body) {
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
