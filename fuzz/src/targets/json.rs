//! JSON bodies: what is read of an object is what a reader of the whole value
//! reads, and what cannot be read is left out.

use return_dispatch::github::{Job, Run, Workflow};
use return_dispatch::json::{FromJson, Object};
use serde_json::Value;

/// IDs are below this.
const LIMIT: u64 = 1 << 53;

pub(super) fn check(input: &[u8]) {
    let value = serde_json::from_slice::<Value>(input);
    let Ok(object) = Object::parse(input) else {
        assert!(!matches!(value, Ok(Value::Object(_))), "an object is read");
        return;
    };
    // They are made of whatever there is.
    let (run, job) = (Run::from_json(&object), Job::from_json(&object));
    let workflow = Workflow::from_json(&object);
    let id = object.id("id");
    assert_eq!(run.as_ref().map(|run| run.id), id);
    assert_eq!(job.as_ref().map(|job| job.id), id);
    let number = id.map(|id| id.to_string());
    let workflows = number.or_else(|| object.text("id"));
    assert_eq!(workflow.map(|workflow| workflow.id), workflows);
    // The whole value may have what is wrong only where nobody looks: depth,
    // numbers beyond measure, halves of surrogate pairs.
    let Ok(Value::Object(value)) = value else {
        assert!(value.is_err(), "only an object is taken for one");
        return;
    };
    if names_twice(&object) {
        return;
    }
    assert_eq!(object.fields().count(), value.len(), "the same names");
    for (name, raw) in object.fields() {
        let inner: Vec<Object> = serde_json::from_str(raw).unwrap_or_default();
        if !inner.iter().any(names_twice) {
            agrees(&object, name, &value[name]);
        }
    }
    let text = |name| value.get(name).and_then(Value::as_str).map(str::to_owned);
    if let Some(run) = run {
        // Forgejo has one word for how far a run is and how it ended.
        let status = text("status").map(|status| match &*status {
            "success" | "failure" | "cancelled" | "skipped" => "completed".to_owned(),
            "running" => "in_progress".to_owned(),
            "blocked" => "waiting".to_owned(),
            _ => status,
        });
        assert_eq!(run.status, status);
        let title = text("display_title").or_else(|| text("title"));
        assert_eq!(run.display_title, title);
    }
    if let Some(job) = job {
        let steps = value.get("steps").and_then(Value::as_array);
        let objects = steps.filter(|steps| steps.iter().all(Value::is_object));
        assert_eq!(job.steps.len(), objects.map_or(0, Vec::len));
    }
}

/// Of a name given twice, one reader takes the first and one the last.
fn names_twice(object: &Object) -> bool {
    let names = || object.fields().map(|(name, _)| name);
    names()
        .enumerate()
        .any(|(index, name)| names().take(index).any(|known| known == name))
}

fn agrees(object: &Object, name: &str, value: &Value) {
    assert_eq!(object.text(name).as_deref(), value.as_str(), "{name}");
    assert_eq!(object.number(name), value.as_u64(), "{name}");
    let id = value.as_u64().filter(|id| (1..LIMIT).contains(id));
    assert_eq!(object.id(name), id, "{name}");
    assert_eq!(object.texts(name), texts(value), "{name}");
    let list = object.list::<Job>(name);
    let ids = list.map(|list| list.iter().map(|job| job.id).collect::<Vec<_>>());
    assert_eq!(ids, ids_in(value), "{name}");
}

fn texts(value: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Array(all) if all.iter().all(Value::is_string) => {
            all.iter().filter_map(text).collect()
        }
        Value::Array(all) if all.iter().all(Value::is_object) => all
            .iter()
            .filter_map(|object| text(&object["message"]).or_else(|| text(&object["code"])))
            .collect(),
        _ => Vec::new(),
    }
}

fn ids_in(value: &Value) -> Option<Vec<u64>> {
    let all = value.as_array()?;
    if !all.iter().all(Value::is_object) {
        return None;
    }
    let ids = all.iter().filter_map(|object| object["id"].as_u64());
    Some(ids.filter(|id| (1..LIMIT).contains(id)).collect())
}
