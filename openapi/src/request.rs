//! The checks of a request.

use serde_json::Value;

use crate::{
    exchange::Exchange,
    mismatch::{Mismatch, Problem},
    operation::Operation,
    source::Description,
};

pub(crate) fn check(
    description: &Description,
    operation: &Operation,
    exchange: &Exchange<'_>,
    found: &mut Vec<Mismatch>,
) {
    let mut add = |problem| found.push(Mismatch::of(exchange, problem));
    parameters(description, operation, exchange, &mut add);
    body(description, operation, exchange, &mut add);
}

fn parameters(
    description: &Description,
    operation: &Operation,
    exchange: &Exchange<'_>,
    add: &mut impl FnMut(Problem),
) {
    let in_query: Vec<(String, String)> = form_urlencoded::parse(exchange.query().as_bytes())
        .into_owned()
        .collect();
    let declared = operation.parameters(description);
    let mut check = |place: &str, name: &str, value: &str| {
        let parameter = declared
            .iter()
            .find(|parameter| parameter["in"] == place && parameter["name"] == name);
        let problem = match parameter {
            None => Some(format!("not declared for the {place}")),
            Some(parameter) => {
                let key = format!("{} parameter {name}", operation.name);
                let schema = description.schema(&key, &parameter["schema"]);
                (!readings(value).iter().any(|value| schema.is_valid(value)))
                    .then(|| format!("{value:?} does not fit {}", parameter["schema"]))
            }
        };
        if let Some(reason) = problem {
            let name = name.to_owned();
            add(Problem::Parameter { name, reason });
        }
    };
    for (name, value) in &operation.in_path {
        check("path", name, value);
    }
    for (name, value) in &in_query {
        check("query", name, value);
    }
    for parameter in &declared {
        let name = parameter["name"].as_str().unwrap_or_default();
        let count = in_query.iter().filter(|(known, _)| known == name).count();
        let is_missing = parameter["in"] == "query" && parameter["required"] == true && count == 0;
        if is_missing || count > 1 {
            add(Problem::Parameter {
                name: name.to_owned(),
                reason: format!("there {count} times"),
            });
        }
    }
}

/// What a parameter's text may stand for.
fn readings(text: &str) -> Vec<Value> {
    let as_number = text.parse::<u64>().ok().map(Value::from);
    let as_boolean = text.parse::<bool>().ok().map(Value::from);
    [Some(text.into()), as_number, as_boolean]
        .into_iter()
        .flatten()
        .collect()
}

fn body(
    description: &Description,
    operation: &Operation,
    exchange: &Exchange<'_>,
    add: &mut impl FnMut(Problem),
) {
    let mut wrong = |at: &str, reason: String| {
        add(Problem::RequestBody {
            at: at.to_owned(),
            reason,
        });
    };
    let declared = description.resolve(&operation.definition["requestBody"]);
    if exchange.request_body.is_empty() {
        if declared["required"] == true {
            wrong("", "there is none".to_owned());
        }
        return;
    }
    if declared.is_null() {
        return wrong("", "the operation takes none".to_owned());
    }
    let media_type = exchange.asked("content-type").unwrap_or("application/json");
    if media_type != "application/json" {
        return wrong("", format!("it is {media_type}"));
    }
    match serde_json::from_slice::<Value>(exchange.request_body) {
        Err(error) => wrong("", format!("not JSON: {error}")),
        Ok(value) => {
            let schema = description.schema(
                &format!("{} request", operation.name),
                &declared["content"]["application/json"]["schema"],
            );
            // To see that all is well is quicker than to look for errors.
            if schema.is_valid(&value) {
                return;
            }
            for error in schema.iter_errors(&value) {
                wrong(error.instance_path().as_str(), error.to_string());
            }
        }
    }
}
