//! What GitHub checks before it dispatches a workflow, in its order.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::{
    answer::{Problem, Version},
    profile::Profile,
    run::Reference,
    scenario::Repository,
    workflow::{Workflow, WorkflowState},
};

/// How many characters the inputs may have together.
const MOST_CHARACTERS: usize = 65_535;

/// A dispatch that has passed all checks.
#[derive(Debug)]
pub(crate) struct Order {
    pub(crate) reference: Reference,
    pub(crate) inputs: BTreeMap<String, String>,
    /// Whether the answer tells which run was created.
    pub(crate) tells_run: bool,
}

impl Order {
    pub(crate) fn check(
        body: &[u8],
        version: Version,
        profile: &Profile,
        repository: &Repository,
        workflow: &Workflow,
    ) -> Result<Self, Problem> {
        let Ok(Value::Object(body)) = serde_json::from_slice(body) else {
            return Err(Problem::new(400, "Problems parsing JSON"));
        };
        let tells_run = check_keys(&body, version, profile)?;
        let reference = find_reference(&body, repository)?;
        if workflow.state != WorkflowState::Active {
            return Err(Problem::new(
                422,
                "Cannot trigger a 'workflow_dispatch' on a disabled workflow",
            ));
        }
        if !workflow.dispatchable || !workflow.exists_at(&reference.name) {
            return Err(Problem::new(
                422,
                "Workflow does not have 'workflow_dispatch' trigger",
            ));
        }
        let nothing = Map::new();
        let inputs = match body.get("inputs") {
            None | Some(Value::Null) => &nothing,
            Some(Value::Object(inputs)) => inputs,
            Some(other) => {
                return Err(Problem::invalid(&format!(
                    "For 'properties/inputs', {other} is not an object."
                )));
            }
        };
        Ok(Self {
            reference,
            inputs: check_inputs(inputs, profile, workflow)?,
            tells_run,
        })
    }
}

/// Checks that only known keys are there; whether the answer is to tell the run.
fn check_keys(
    body: &Map<String, Value>,
    version: Version,
    profile: &Profile,
) -> Result<bool, Problem> {
    // Version 2026-03-10 always tells, and has dropped the parameter that asks for it (github/docs,
    // breaking changes); servers that do not know that version do not know the parameter either.
    let may_ask = version == Version::V2022 && profile.knows_2026_03_10;
    let refused: Vec<String> = body
        .keys()
        .filter(|key| !matches!(key.as_str(), "ref" | "inputs"))
        .filter(|key| !(may_ask && *key == "return_run_details"))
        .map(|key| format!("{key:?}"))
        .collect();
    match refused.len() {
        0 => {}
        1 => {
            return Err(Problem::invalid(&format!(
                "{} is not a permitted key.",
                refused[0]
            )));
        }
        _ => {
            return Err(Problem::invalid(&format!(
                "{} are not permitted keys.",
                refused.join(", ")
            )));
        }
    }
    match body.get("return_run_details") {
        None => Ok(version == Version::V2026),
        Some(Value::Bool(tells)) => Ok(*tells),
        Some(other) => Err(Problem::invalid(&format!(
            "For 'properties/return_run_details', {other} is not a boolean."
        ))),
    }
}

fn find_reference(
    body: &Map<String, Value>,
    repository: &Repository,
) -> Result<Reference, Problem> {
    let name = match body.get("ref") {
        Some(Value::String(name)) => name,
        Some(other) => {
            return Err(Problem::invalid(&format!(
                "For 'properties/ref', {other} is not a string."
            )));
        }
        None => return Err(Problem::invalid("\"ref\" wasn't supplied.")),
    };
    repository
        .find_reference(name)
        .ok_or_else(|| Problem::new(422, format!("No ref found for: {name}")))
}

fn check_inputs(
    supplied: &Map<String, Value>,
    profile: &Profile,
    workflow: &Workflow,
) -> Result<BTreeMap<String, String>, Problem> {
    if supplied.len() > profile.most_inputs {
        return Err(Problem::invalid(&format!(
            "No more than {} properties are allowed; {} were supplied.",
            profile.most_inputs,
            supplied.len()
        )));
    }
    let characters = serde_json::to_string(supplied).map_or(0, |text| text.chars().count());
    if characters > MOST_CHARACTERS {
        return Err(Problem::new(422, "inputs are too large."));
    }
    let unexpected: Vec<String> = supplied
        .keys()
        .filter(|name| !workflow.inputs.contains_key(*name))
        .map(|name| format!("{name:?}"))
        .collect();
    if !unexpected.is_empty() {
        return Err(Problem::new(
            422,
            format!("Unexpected inputs provided: [{}]", unexpected.join(", ")),
        ));
    }
    let mut inputs = BTreeMap::new();
    for (name, input) in &workflow.inputs {
        let value = match supplied.get(name) {
            Some(Value::String(text)) => Some(text.clone()),
            Some(value @ (Value::Bool(_) | Value::Number(_))) => Some(value.to_string()),
            Some(Value::Null) | None => None,
            Some(other) => {
                return Err(Problem::invalid(&format!(
                    "For 'properties/inputs/{name}', {other} is not a string."
                )));
            }
        };
        if value.is_none() && input.required && input.default.is_none() {
            return Err(Problem::new(
                422,
                format!("Required input '{name}' not provided"),
            ));
        }
        if let (Some(value), Some(options)) = (&value, &input.options)
            && !options.contains(value)
        {
            return Err(Problem::new(
                422,
                format!(
                    "Provided value '{value}' for input '{name}' not in the list of allowed values"
                ),
            ));
        }
        inputs.insert(
            name.clone(),
            value.or_else(|| input.default.clone()).unwrap_or_default(),
        );
    }
    Ok(inputs)
}
