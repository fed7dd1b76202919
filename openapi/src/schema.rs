//! From schemas of `OpenAPI` 3.0 to JSON Schema.
//!
//! `OpenAPI` 3.0 builds on a draft between 4 and 5 of JSON Schema, so draft 4 it is. Three things
//! are not JSON Schema's: `nullable`, where components are found, and what is only there for people.

use std::collections::BTreeSet;

use jsonschema::{Draft, Validator};
use serde_json::{Map, Value, json};

use crate::source::Description;

/// What people read, and validators would only look at.
const NO_RULES: [&str; 6] = [
    "description",
    "title",
    "example",
    "examples",
    "default",
    "deprecated",
];

impl Description {
    /// The validator of a schema; `name` tells it from all others.
    pub(crate) fn schema(&self, name: &str, schema: &Value) -> std::sync::Arc<Validator> {
        self.validator(name, || self.compile(name, schema))
    }

    fn compile(&self, name: &str, schema: &Value) -> Validator {
        let mut translation = Translation::default();
        let mut root = translation.schema(schema, Fields::Listed);
        let mut definitions = Map::new();
        while let Some((reference, fields)) = translation.open.pop_first() {
            let name = definition_name(&reference, fields);
            if definitions.contains_key(&name) {
                continue;
            }
            let schema = translation.schema(&self.component(&reference), fields);
            definitions.insert(name, schema);
        }
        if let Value::Object(root) = &mut root
            && !definitions.is_empty()
        {
            // A reference takes no company in draft 4, so it moves one step down.
            let inner = std::mem::take(root);
            *root = Map::from_iter([("allOf".to_owned(), json!([inner]))]);
            root.insert("definitions".into(), definitions.into());
        }
        jsonschema::options()
            .with_draft(Draft::Draft4)
            .should_validate_formats(true)
            .build(&root)
            .unwrap_or_else(|error| panic!("the schema of {name} is not understood: {error}"))
    }
}

/// Which fields an object may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fields {
    /// Only those that its schema lists.
    Listed,
    /// Others too: another part of an `allOf` may list them.
    Others,
}

#[derive(Debug, Default)]
struct Translation {
    /// References met, which still have to be translated.
    open: BTreeSet<(String, Fields)>,
}

impl Translation {
    fn schema(&mut self, schema: &Value, fields: Fields) -> Value {
        let Value::Object(schema) = schema else {
            return schema.clone();
        };
        if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
            self.open.insert((reference.to_owned(), fields));
            let name = definition_name(reference, fields);
            return json!({ "$ref": format!("#/definitions/{name}") });
        }
        let mut translated = Map::new();
        for (keyword, value) in schema {
            let value = match keyword.as_str() {
                "nullable" => continue,
                keyword if keyword.starts_with("x-") || NO_RULES.contains(&keyword) => continue,
                "properties" => self.properties(value),
                "items" | "not" | "additionalProperties" => self.schema(value, Fields::Listed),
                "allOf" => self.list(value, Fields::Others),
                "anyOf" | "oneOf" => self.list(value, fields),
                _ => value.clone(),
            };
            translated.insert(keyword.clone(), value);
        }
        let is_part = ["allOf", "anyOf", "oneOf", "additionalProperties"]
            .iter()
            .any(|keyword| schema.contains_key(*keyword));
        if fields == Fields::Listed && schema.contains_key("properties") && !is_part {
            translated.insert("additionalProperties".into(), false.into());
        }
        if schema.get("nullable") == Some(&Value::Bool(true)) {
            return json!({ "anyOf": [{ "type": "null" }, translated] });
        }
        translated.into()
    }

    fn properties(&mut self, properties: &Value) -> Value {
        let properties = properties.as_object().into_iter().flatten();
        properties
            .map(|(name, schema)| (name.clone(), self.schema(schema, Fields::Listed)))
            .collect::<Map<_, _>>()
            .into()
    }

    fn list(&mut self, schemas: &Value, fields: Fields) -> Value {
        let schemas = schemas.as_array().into_iter().flatten();
        schemas.map(|schema| self.schema(schema, fields)).collect()
    }
}

fn definition_name(reference: &str, fields: Fields) -> String {
    let name = reference.rsplit('/').next().unwrap_or_default();
    match fields {
        Fields::Listed => name.to_owned(),
        Fields::Others => format!("{name}.part"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn translated(schema: &Value) -> Value {
        Translation::default().schema(schema, Fields::Listed)
    }

    #[test]
    fn what_is_nullable_may_be_null_whatever_else_it_must_be() {
        let schema = translated(&json!({ "type": "string", "enum": ["a"], "nullable": true }));
        let validator = jsonschema::options()
            .with_draft(Draft::Draft4)
            .build(&schema)
            .unwrap();
        assert!(validator.is_valid(&json!(null)));
        assert!(validator.is_valid(&json!("a")));
        assert!(!validator.is_valid(&json!("b")));
    }

    #[test]
    fn fields_that_are_not_listed_are_not_allowed() {
        let schema = translated(&json!({ "properties": { "a": { "description": "A." } } }));
        assert_eq!(
            schema,
            json!({ "properties": { "a": {} }, "additionalProperties": false })
        );
    }

    #[test]
    fn parts_of_one_object_leave_room_for_each_other() {
        let part = json!({ "properties": { "a": {} } });
        let schema = translated(&json!({ "allOf": [part] }));
        assert_eq!(schema, json!({ "allOf": [part] }));
    }

    #[test]
    fn a_field_may_be_called_like_a_keyword() {
        let schema = translated(&json!({ "properties": { "description": { "type": "string" } } }));
        assert_eq!(schema["properties"]["description"]["type"], "string");
    }
}
