//! What a field is when it is left out.
//!
//! Nothing is guessed from the sources: the real type reads an object that has only what it must,
//! and writes what it made of it.

use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value, json};

use crate::{
    Result,
    model::{Field, Item, Shape, Type, Variant},
};

/// Reads a value as the real type of this name does, and writes it again.
///
/// # Errors
/// Where it refuses the value, or no such type is listed here.
pub fn through_rust(name: &str, value: Value) -> Result<Value> {
    fn pass<T: DeserializeOwned + Serialize>(name: &str, value: Value) -> Result<Value> {
        let refused = |error| format!("{name} does not read what its declaration says: {error}");
        let read: T = serde_json::from_value(value).map_err(refused)?;
        serde_json::to_value(read).map_err(|error| format!("{name}: {error}"))
    }
    macro_rules! listed {
        ($($known:ident),* $(,)?) => {
            match name {
                $(stringify!($known) => pass::<simulator::$known>(name, value),)*
                _ => Err(format!("{name} is missing from the list in types/src/defaults.rs")),
            }
        };
    }
    listed!(
        Archive,
        ArchiveNames,
        Asks,
        Conclusion,
        Concurrency,
        Crowd,
        Deletion,
        Denial,
        Disorder,
        Dispatch,
        Effect,
        Environment,
        ExistingRun,
        Fault,
        Input,
        Job,
        Logs,
        Repository,
        Rerun,
        Scenario,
        SecondaryLimits,
        Server,
        Status,
        Step,
        Token,
        Workflow,
        WorkflowState,
    )
}

/// The types among which values are made.
#[derive(Debug, Clone, Copy)]
pub struct Values<'a>(pub &'a [Item]);

/// How much of an object there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Extent {
    /// Only what must be there.
    Least,
    /// Everything that can be there.
    Most,
}

impl Values<'_> {
    /// What the optional fields of an object are when they are left out, each written as shortly as
    /// it could be given. A union's objects are of one variant.
    ///
    /// # Errors
    /// Where the real type contradicts its declaration.
    pub fn defaults(&self, item: &Item, variant: Option<&Variant>) -> Result<Map<String, Value>> {
        let fields = match (&item.shape, variant) {
            (Shape::Fields(fields), _) => fields,
            (_, Some(variant)) => &variant.fields,
            _ => return Ok(Map::new()),
        };
        if !fields.iter().any(|field| field.optional) {
            return Ok(Map::new());
        }
        let least = self.object(item, variant, Extent::Least)?;
        let whole = through_rust(&item.name, least)?;
        fields
            .iter()
            .filter(|field| field.optional)
            .map(|field| {
                let value = whole
                    .get(&field.name)
                    .ok_or_else(|| format!("{} does not write {}", item.name, field.name))?;
                Ok((field.name.clone(), self.shortened(value, &field.holds)?))
            })
            .collect()
    }

    /// An object with every field that it can have, as the real type writes it after reading it.
    ///
    /// # Errors
    /// Where the real type contradicts its declaration.
    pub fn whole(&self, item: &Item, variant: Option<&Variant>) -> Result<Value> {
        let given = self.object(item, variant, Extent::Most)?;
        let written = through_rust(&item.name, given.clone())?;
        if same(&given, &written) {
            Ok(written)
        } else {
            Err(format!("{} reads {given} and writes {written}", item.name))
        }
    }

    fn item(&self, name: &str) -> Result<&Item> {
        self.0
            .iter()
            .find(|item| item.name == name)
            .ok_or_else(|| format!("there is no type {name}"))
    }

    fn object(&self, item: &Item, variant: Option<&Variant>, extent: Extent) -> Result<Value> {
        match &item.shape {
            Shape::Fields(fields) => Ok(Value::Object(self.fields(fields, extent)?)),
            Shape::Words(words) => {
                let first = words.first().ok_or("there is no word")?;
                Ok(first.word.clone().into())
            }
            Shape::Union { tag, variants } => {
                let variant = variant.or(variants.first()).ok_or("there is no variant")?;
                let mut object = match &variant.extends {
                    None => Map::new(),
                    Some(name) => match self.object(self.item(name)?, None, extent)? {
                        Value::Object(object) => object,
                        _ => return Err(format!("{name} is no struct")),
                    },
                };
                object.insert(tag.clone(), variant.word.clone().into());
                object.extend(self.fields(&variant.fields, extent)?);
                Ok(Value::Object(object))
            }
        }
    }

    fn fields(&self, fields: &[Field], extent: Extent) -> Result<Map<String, Value>> {
        fields
            .iter()
            .filter(|field| extent == Extent::Most || !field.optional)
            .map(|field| Ok((field.name.clone(), self.value(&field.holds, extent)?)))
            .collect()
    }

    fn value(&self, holds: &Type, extent: Extent) -> Result<Value> {
        Ok(match holds {
            Type::String => "text".into(),
            Type::Number => 1.into(),
            Type::Boolean => true.into(),
            Type::Nullable(inner) => match extent {
                Extent::Least => Value::Null,
                Extent::Most => self.value(inner, extent)?,
            },
            Type::Array(inner) => json!([self.value(inner, extent)?]),
            Type::Record(inner) => json!({ "name": self.value(inner, extent)? }),
            Type::Tuple(parts) => {
                let parts = parts.iter().map(|part| self.value(part, extent));
                Value::Array(parts.collect::<Result<_>>()?)
            }
            Type::Named(name) => self.object(self.item(name)?, None, extent)?,
        })
    }

    /// The value without what it would have anyway.
    fn shortened(&self, value: &Value, holds: &Type) -> Result<Value> {
        Ok(match (holds, value) {
            (Type::Nullable(inner), value) if !value.is_null() => self.shortened(value, inner)?,
            (Type::Array(inner), Value::Array(values)) => {
                let values = values.iter().map(|value| self.shortened(value, inner));
                Value::Array(values.collect::<Result<_>>()?)
            }
            (Type::Record(inner), Value::Object(values)) => {
                let values = values
                    .iter()
                    .map(|(name, value)| Ok((name.clone(), self.shortened(value, inner)?)));
                Value::Object(values.collect::<Result<_>>()?)
            }
            (Type::Named(name), Value::Object(values)) => {
                let item = self.item(name)?;
                let Shape::Fields(fields) = &item.shape else {
                    return Ok(value.clone());
                };
                let defaults = self.defaults(item, None)?;
                let mut short = Map::new();
                for field in fields {
                    let value = values.get(&field.name).unwrap_or(&Value::Null);
                    let value = self.shortened(value, &field.holds)?;
                    if defaults.get(&field.name) != Some(&value) {
                        short.insert(field.name.clone(), value);
                    }
                }
                Value::Object(short)
            }
            _ => value.clone(),
        })
    }
}

/// Whether two values are the same to JavaScript, which has one kind of number.
fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one.as_f64() == other.as_f64(),
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one
                    .iter()
                    .all(|(name, value)| other.get(name).is_some_and(|other| same(value, other)))
        }
        _ => one == other,
    }
}
