//! What Gitea checks before it dispatches a workflow, in its order.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Problem;
use crate::{
    http::Request,
    run::Reference,
    scenario::Repository,
    workflow::{Workflow, WorkflowState},
};

/// A dispatch that has passed all checks.
#[derive(Debug)]
pub(crate) struct Order {
    /// Index of the workflow in its repository.
    pub(crate) workflow: usize,
    pub(crate) reference: Reference,
    pub(crate) inputs: BTreeMap<String, String>,
}

/// What a dispatch asks for: `CreateActionWorkflowDispatch` of `modules/structs/repo_actions.go`.
struct Wish {
    reference: String,
    inputs: BTreeMap<String, String>,
}

impl Order {
    /// `ActionsDispatchWorkflow` of `routers/api/v1/repo/action.go` and `DispatchActionWorkflow` of
    /// `services/actions/workflow.go`.
    pub(crate) fn check(
        request: &Request,
        file: &str,
        repository: &Repository,
    ) -> Result<Self, Problem> {
        let wish = Wish::read(request)?;
        let found = repository.workflow(file);
        let workflow = found.map(|index| &repository.workflows[index]);
        if workflow.is_some_and(|workflow| workflow.state != WorkflowState::Active) {
            return Err(Problem::new(403, "workflow is disabled"));
        }
        let reference = find_reference(repository, &wish.reference).ok_or_else(|| {
            let name = &wish.reference;
            Problem::new(404, format!("ref {name:?} doesn't exist"))
        })?;
        let (index, workflow) = found
            .zip(workflow)
            .filter(|(_, workflow)| workflow.exists_at(&reference.name))
            .ok_or_else(|| Problem::new(404, format!("workflow {file:?} doesn't exist")))?;
        Ok(Self {
            workflow: index,
            reference,
            inputs: accepted(&wish.inputs, workflow),
        })
    }
}

impl Wish {
    /// `Bind` of gitea.com/go-chi/binding, whose errors say what Go does.
    fn read(request: &Request) -> Result<Self, Problem> {
        let wrong = |what: &str| Problem::new(422, format!("[]: {what}"));
        match request.header("content-type") {
            None | Some("") => return Err(wrong("Empty Content-Type")),
            Some(kind) if !kind.contains("json") => return Err(wrong("Unsupported Content-Type")),
            Some(_) => {}
        }
        let empty = request.body.trim_ascii().is_empty();
        let body = if empty {
            Value::Object(serde_json::Map::new())
        } else {
            serde_json::from_slice(&request.body).map_err(|error| wrong(&error.to_string()))?
        };
        let type_name = "CreateActionWorkflowDispatch";
        let Value::Object(body) = body else {
            let kind = kind_of(&body);
            return Err(wrong(&format!(
                "json: cannot unmarshal {kind} into Go value of type structs.{type_name}"
            )));
        };
        let unfit = |value: &Value, field: &str, wanted: &str| {
            let kind = kind_of(value);
            wrong(&format!(
                "json: cannot unmarshal {kind} into Go struct field {type_name}.{field} of type {wanted}"
            ))
        };
        let reference = match body.get("ref") {
            None | Some(Value::Null) => String::new(),
            Some(Value::String(name)) => name.clone(),
            Some(other) => return Err(unfit(other, "ref", "string")),
        };
        let mut inputs = BTreeMap::new();
        match body.get("inputs") {
            None | Some(Value::Null) => {}
            Some(Value::Object(given)) => {
                for (name, value) in given {
                    let value = match value {
                        Value::Null => String::new(),
                        Value::String(text) => text.clone(),
                        other => return Err(unfit(other, "inputs", "string")),
                    };
                    inputs.insert(name.clone(), value);
                }
            }
            Some(other) => return Err(unfit(other, "inputs", "map[string]string")),
        }
        if reference.is_empty() {
            return Err(Problem::new(422, "[Ref]: Required"));
        }
        Ok(Self { reference, inputs })
    }
}

/// What Go calls a value of JSON.
fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// A branch, or a tag by its full name: a bare name is a branch's.
fn find_reference(repository: &Repository, name: &str) -> Option<Reference> {
    match name.strip_prefix("refs/tags/") {
        Some(tag) => repository.tag(tag),
        None => repository.branch(name.strip_prefix("refs/heads/").unwrap_or(name)),
    }
}

/// What the workflow declares, and nothing else. That it has the trigger is not checked: one
/// without declares no inputs.
fn accepted(given: &BTreeMap<String, String>, workflow: &Workflow) -> BTreeMap<String, String> {
    let declared = workflow.inputs.iter().filter(|_| workflow.dispatchable);
    declared
        .map(|(name, input)| {
            let value = given.get(name).or(input.default.as_ref());
            (name.clone(), value.cloned().unwrap_or_default())
        })
        .collect()
}

/// Whether a value in the query means yes: `FormBool` of `services/context/base_form.go`.
pub(crate) fn is_true(value: &str) -> bool {
    matches!(value, "1" | "t" | "T" | "TRUE" | "true" | "True") || value.eq_ignore_ascii_case("on")
}
