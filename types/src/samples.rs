//! Real values of every type, as serde writes them. They become a file of TypeScript, and the
//! compiler holds them against the declarations: a field too much, a missing one, another name, and
//! another type are errors there.
//!
//! What JavaScript makes is filled by its declaration, read by the real type, and written by it
//! again. What it only reads stands here.

use std::{fmt::Write, time::Duration};

use return_dispatch::{
    Code, Event,
    event::{Ended, Identified, IdentifiedBy, Span, Summary},
};
use serde::Serialize;
use serde_json::{Map, Value, json};
use simulator::{DispatchedBy, GitHub, Origin, Request, Scenario};

use crate::{
    Result,
    case::Case,
    defaults::{Values, through_rust},
    docs::WIDTH,
    literal::literal,
    model::{Item, Shape},
};

/// The text of the file, from the paths of declarations and their types.
///
/// # Errors
/// For a type that has no values here, and where a real type contradicts its declaration.
pub fn file(declared: &[(&str, Vec<Item>)]) -> Result<String> {
    let mut text = String::new();
    for (path, items) in declared {
        let mut names: Vec<&str> = items.iter().map(|item| item.name.as_str()).collect();
        names.sort_by_key(|name| name.to_ascii_lowercase());
        let names = names.join(",\n  ");
        let _ = write!(
            text,
            "import type {{\n  {names},\n}} from '../../{path}';\n"
        );
    }
    text.push_str(
        "\n/** One of each kind, by its `type`, with all that it can have. */\n\
         type Each<T extends { type: string }> = {\n  \
           [K in T['type']]: Required<Extract<T, { type: K }>>;\n\
         };\n",
    );
    for (_, items) in declared {
        for item in items {
            let values = values(item, Values(items))?;
            text.push_str(&constant(item, values)?);
        }
    }
    Ok(text)
}

/// Values of a type: one, or one for each word or kind.
fn values(item: &Item, values: Values<'_>) -> Result<Vec<Value>> {
    if !item.is_input {
        return real(&item.name);
    }
    match &item.shape {
        Shape::Fields(_) => Ok(vec![values.whole(item, None)?]),
        Shape::Words(words) => words
            .iter()
            .map(|word| through_rust(&item.name, word.word.clone().into()))
            .collect(),
        Shape::Union { variants, .. } => variants
            .iter()
            .map(|variant| values.whole(item, Some(variant)))
            .collect(),
    }
}

fn constant(item: &Item, values: Vec<Value>) -> Result<String> {
    let name = &item.name;
    let (of, value) = match &item.shape {
        Shape::Fields(_) => {
            let value = values.into_iter().next();
            let value = value.ok_or_else(|| format!("there is no value of {name}"))?;
            (format!("Required<{name}>"), value)
        }
        Shape::Words(_) => {
            let word = |value: Value| Some((value.as_str()?.to_owned(), true.into()));
            let words = values.into_iter().map(word).collect::<Option<_>>();
            let words = words.ok_or_else(|| format!("{name} is not written as words"))?;
            (format!("Record<{name}, true>"), Value::Object(words))
        }
        Shape::Union { .. } => {
            let kind = |value: Value| Some((value.get("type")?.as_str()?.to_owned(), value));
            let kinds = values.into_iter().map(kind).collect::<Option<Map<_, _>>>();
            let kinds = kinds.ok_or_else(|| format!("{name} is written without `type`"))?;
            (format!("Each<{name}>"), Value::Object(kinds))
        }
    };
    let start = format!("export const {}: {of} = ", Case::Camel.variant(name));
    let value = literal(&value, WIDTH - 1, 0, start.chars().count());
    Ok(format!("\n{start}{value};\n"))
}

/// Values of a type that JavaScript only reads.
fn real(name: &str) -> Result<Vec<Value>> {
    match name {
        "Event" => all(events()),
        "Identified" => all([identified()]),
        "Ended" => all([ended()]),
        "Summary" => all([summary()]),
        "Span" => all([span()]),
        "IdentifiedBy" => all([
            IdentifiedBy::Response,
            IdentifiedBy::Title,
            IdentifiedBy::Step,
            IdentifiedBy::Log,
        ]),
        "Code" => all(Code::ALL),
        "RunFacts" => all(facts().runs(Duration::from_mins(1))),
        "AttemptFacts" => {
            let runs = facts().runs(Duration::from_mins(1));
            all(runs.into_iter().flat_map(|run| run.attempts))
        }
        "RequestFacts" => all(facts().requests()),
        "DispatchedBy" => all([
            DispatchedBy::Client,
            DispatchedBy::Crowd,
            DispatchedBy::Run { id: 1 },
        ]),
        "Origin" => all([Origin::Api, Origin::Logs, Origin::Elsewhere]),
        _ => Err(format!(
            "there is no value of {name} yet: add one in types/src/samples.rs"
        )),
    }
}

fn all<T: Serialize>(values: impl IntoIterator<Item = T>) -> Result<Vec<Value>> {
    values
        .into_iter()
        .map(|value| serde_json::to_value(value).map_err(|error| error.to_string()))
        .collect()
}

/// A GitHub to which something has happened.
fn facts() -> GitHub {
    let mut github = GitHub::new(Scenario::default());
    let url = "https://api.github.com/repos/octo/receiver/actions/workflows/ci.yml/dispatches";
    let body = json!({ "ref": "main", "inputs": { "distinct_id": "abc" } }).to_string();
    let dispatch = Request::new("POST", url)
        .with_header("User-Agent", "example")
        .with_header("Authorization", "Bearer ghs_simulated")
        .with_body(body);
    github.handle(&dispatch, Duration::ZERO);
    github
}

fn identified() -> Identified {
    Identified {
        run_id: 1,
        run_url: text(),
        run_api_url: text(),
        distinct_id: text(),
        identified_by: IdentifiedBy::Title,
        requests: 2,
        seconds: 0.5,
    }
}

fn ended() -> Ended {
    Ended {
        run_id: 1,
        run_url: text(),
        status: text(),
        conclusion: text(),
        attempt: Some(1),
        seconds: Some(2),
        outputs: text(),
        requests: 3,
        counted: 2,
    }
}

fn summary() -> Summary {
    Summary {
        run_id: 1,
        run_url: text(),
        conclusion: text(),
        seconds: None,
        outputs: text(),
        jobs: vec![span()],
    }
}

fn span() -> Span {
    let step = Span {
        name: text(),
        url: text(),
        conclusion: text(),
        began: None,
        ended: None,
        seconds: None,
        steps: Vec::new(),
    };
    Span {
        began: Some(1),
        ended: Some(3),
        seconds: Some(2),
        steps: vec![step.clone()],
        ..step
    }
}

fn text() -> String {
    "text".into()
}

/// One of each.
#[rustfmt::skip] // one line for each
fn events() -> Vec<Event> {
    vec![
        Event::Started { distinct_id: text() },
        Event::Dispatching { repository: text(), workflow: text(), r#ref: text(), inputs: vec![text()] },
        Event::OlderServer { message: text() },
        Event::ReceiverWithoutDistinctId { input: text() },
        Event::Dispatched {},
        Event::DispatchUnanswered { message: text() },
        Event::Looked { candidates: 1, logs: 2, seconds: 0.5 },
        Event::Trouble { message: text(), trying_again: true },
        Event::Waiting { reason: text(), seconds: 0.5 },
        Event::DispatchRepeated { seconds: 0.5 },
        Event::Duplicate { kept: 1, run_id: 2, run_url: text(), problem: Some(text()) },
        Event::DuplicatePossible { kept: 1, runs: vec![text()] },
        Event::SuppliedId {},
        Event::Identified(identified()),
        Event::Following { run_id: 1, run_url: text(), run_api_url: text(), cancel_on_cancel: true },
        Event::Sought { distinct_id: text() },
        Event::Unfollowed {},
        Event::LeftBehind { run_id: None, quiet_seconds: 1 },
        Event::RunWaits { reason: text() },
        Event::Attempt { number: 2 },
        Event::Job { id: 1, name: text(), state: text(), url: text(), seconds: Some(1) },
        Event::Step { job_id: 1, job: text(), name: text(), conclusion: text(), seconds: None },
        Event::Cancelling { run_id: 1, force: true },
        Event::IdMasked {},
        Event::ValuesNotRead {},
        Event::ValueMasked { name: text() },
        Event::ValueNotJson { name: text() },
        Event::JobsMissing { problem: text() },
        Event::ValuesMissing { jobs: vec![text()], problem: text() },
        Event::Concluded { status: text(), conclusion: text() },
        Event::Ended(ended()),
        Event::Summary(summary()),
        Event::LogBegins { title: text() },
        Event::LogLine { text: text() },
        Event::LogEnds {},
        Event::Request { method: "GET", url: text(), status: Some(200), milliseconds: 0.5 },
    ]
}
