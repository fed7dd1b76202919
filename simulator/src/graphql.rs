//! The little of GraphQL that clients need besides the REST API: gh asks in it for a repository's
//! default branch, and for the pull request that a run belongs to.
//!
//! A field that is not known here is an error, in the words that GitHub has for one that it does not
//! know itself: better than an answer that nobody can rely on.

mod document;

use serde_json::{Map, Value, json};

use document::{Argument, Field, Place};

/// Something that can be asked for.
pub(crate) enum Node {
    /// A scalar, null, or an empty list.
    Leaf(Value),
    /// An object: the name of its type, and its fields.
    Object(&'static str, Vec<(&'static str, Node)>),
}

impl Node {
    pub(crate) fn leaf(value: impl Into<Value>) -> Self {
        Self::Leaf(value.into())
    }
}

/// Where every question begins.
pub(crate) trait Root {
    /// Who asks.
    fn viewer(&self) -> Node;

    /// The repository of this owner and name; none if there is none that the token may read.
    fn repository(&self, owner: &str, name: &str) -> Option<Node>;
}

/// The answer to the body of a request; none if that is no question. What is wrong with the question
/// stands in the answer, whose status is 200 all the same.
pub(crate) fn answer(body: &[u8], root: &dyn Root) -> Option<Value> {
    let body: Value = serde_json::from_slice(body).ok()?;
    let fields = match document::read(body["query"].as_str()?) {
        Ok(fields) => fields,
        Err((reason, place)) => {
            let error = json!({ "message": reason, "locations": [location(place)] });
            return Some(json!({ "errors": [error] }));
        }
    };
    let mut answers = Answers {
        variables: &body["variables"],
        root,
        wrong: Vec::new(),
        missing: Vec::new(),
    };
    let data = answers.of_root(&fields);
    Some(if !answers.wrong.is_empty() {
        json!({ "errors": answers.wrong })
    } else if !answers.missing.is_empty() {
        json!({ "data": data, "errors": answers.missing })
    } else {
        json!({ "data": data })
    })
}

struct Answers<'a> {
    variables: &'a Value,
    root: &'a dyn Root,
    /// What is wrong with the question: nothing is answered then.
    wrong: Vec<Value>,
    /// What could not be found.
    missing: Vec<Value>,
}

impl Answers<'_> {
    fn of_root(&mut self, fields: &[Field]) -> Value {
        let mut data = Map::new();
        for field in fields {
            let path = vec!["query", field.shown()];
            let node = match field.name.as_str() {
                "viewer" => self.root.viewer(),
                "repository" => self.repository(field, &path),
                _ => self.unknown(field, &path, "Query"),
            };
            data.insert(field.shown().into(), self.of_node(&node, field, &path));
        }
        data.into()
    }

    fn repository(&mut self, field: &Field, path: &[&str]) -> Node {
        let text = |name| match field.arguments.get(name)? {
            Argument::Text(text) => Some(text.as_str()),
            Argument::Variable(variable) => self.variables[variable].as_str(),
            Argument::Other => None,
        };
        let (Some(owner), Some(name)) = (text("owner"), text("name")) else {
            let reason = "Field 'repository' is missing required arguments: owner, name";
            return self.refuse(field, path, "missingRequiredArguments", reason);
        };
        let found = self.root.repository(owner, name);
        if found.is_none() {
            self.missing.push(json!({
                "type": "NOT_FOUND",
                "path": &path[1..],
                "locations": [location(field.place)],
                "message": format!("Could not resolve to a Repository with the name '{owner}/{name}'."),
            }));
        }
        found.unwrap_or(Node::Leaf(Value::Null))
    }

    fn of_node(&mut self, node: &Node, field: &Field, path: &[&str]) -> Value {
        let (kind, known) = match node {
            Node::Leaf(value @ (Value::Null | Value::Array(_))) => return value.clone(),
            Node::Leaf(value) => {
                if !field.of.is_empty() {
                    let reason = format!("Selections can't be made on scalars ('{}')", field.name);
                    self.refuse(field, path, "selectionMismatch", &reason);
                }
                return value.clone();
            }
            Node::Object(kind, known) => (*kind, known),
        };
        if field.of.is_empty() {
            let reason = format!("Field must have selections ('{}' is a {kind})", field.name);
            self.refuse(field, path, "selectionMismatch", &reason);
        }
        let mut object = Map::new();
        for part in &field.of {
            let path = [path, &[part.shown()]].concat();
            let Some((_, node)) = known.iter().find(|(name, _)| *name == part.name) else {
                self.unknown(part, &path, kind);
                continue;
            };
            let value = self.of_node(node, part, &path);
            object.insert(part.shown().into(), value);
        }
        object.into()
    }

    fn unknown(&mut self, field: &Field, path: &[&str], kind: &str) -> Node {
        let reason = format!("Field '{}' doesn't exist on type '{kind}'", field.name);
        let node = self.refuse(field, path, "undefinedField", &reason);
        if let Some(error) = self.wrong.last_mut() {
            error["extensions"]["typeName"] = kind.into();
            error["extensions"]["fieldName"] = field.name.as_str().into();
        }
        node
    }

    fn refuse(&mut self, field: &Field, path: &[&str], code: &str, reason: &str) -> Node {
        self.wrong.push(json!({
            "path": path,
            "extensions": { "code": code },
            "locations": [location(field.place)],
            "message": reason,
        }));
        Node::Leaf(Value::Null)
    }
}

fn location(place: Place) -> Value {
    json!({ "line": place.line, "column": place.column })
}
