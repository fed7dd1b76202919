//! The checks of an answer.

use serde_json::{Value, json};

use crate::{
    exchange::Exchange,
    mismatch::{Mismatch, Problem},
    operation::Operation,
    source::Description,
};

/// What every error looks like, where an operation does not say otherwise.
const ERROR: &str = "#/components/schemas/basic-error";

pub(crate) fn check(
    description: &Description,
    operation: &Operation,
    exchange: &Exchange<'_>,
    found: &mut Vec<Mismatch>,
) {
    let mut add = |problem| found.push(Mismatch::of(exchange, problem));
    let status = exchange.status;
    let declared = description.resolve(&operation.definition["responses"][status.to_string()]);
    if declared.is_null() {
        add(Problem::Status(status));
    }
    if matches!(status, 301 | 302 | 307 | 308) && exchange.answered("location").is_none() {
        add(Problem::Header {
            name: "location".into(),
            reason: "a redirect has to have it".into(),
        });
    }
    // An error that an operation does not declare has to be an error all the same.
    let (schema, name) = if declared.is_null() && status >= 400 {
        (json!({ "$ref": ERROR }), "an error".to_owned())
    } else {
        (
            declared["content"]["application/json"]["schema"].clone(),
            format!("{} {status}", operation.name),
        )
    };
    body(description, &schema, &name, exchange, &mut add);
}

fn body(
    description: &Description,
    schema: &Value,
    name: &str,
    exchange: &Exchange<'_>,
    add: &mut impl FnMut(Problem),
) {
    let mut wrong = |at: &str, reason: String| {
        add(Problem::ResponseBody {
            at: at.to_owned(),
            reason,
        });
    };
    if schema.is_null() {
        if !exchange.response_body.is_empty() {
            wrong("", "there should be none".to_owned());
        }
        return;
    }
    let media_type = exchange.answered("content-type").unwrap_or_default();
    if media_type.split(';').next() != Some("application/json") {
        return add(Problem::Header {
            name: "content-type".into(),
            reason: format!("{media_type:?} instead of application/json"),
        });
    }
    match serde_json::from_slice::<Value>(exchange.response_body) {
        Err(error) => wrong("", format!("not JSON: {error}")),
        Ok(value) => {
            let schema = description.schema(name, schema);
            // To see that all is well is quicker than to look for errors.
            if schema.is_valid(&value) {
                return;
            }
            for error in schema.iter_errors(&value) {
                wrong(
                    error.instance_path().as_str(),
                    shortened(&error.to_string()),
                );
            }
        }
    }
}

/// A message can quote a whole answer.
fn shortened(message: &str) -> String {
    const MOST: usize = 400;
    match message.char_indices().nth(MOST) {
        None => message.to_owned(),
        Some((end, _)) => format!("{} …", &message[..end]),
    }
}
