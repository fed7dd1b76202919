//! From the model to declarations, formatted as Biome would.

use std::fmt::Write;

use serde_json::{Map, Value};

use crate::{
    Result,
    defaults::Values,
    docs::{WIDTH, comment},
    literal::{literal, quoted},
    model::{Field, Item, Shape, Type, Variant},
};

/// The declarations of some types.
///
/// # Errors
/// Where a real type contradicts its declaration, or two types have one name.
pub fn declarations(items: &[Item]) -> Result<String> {
    let mut declared: Vec<String> = Vec::new();
    let mut text = String::new();
    for item in items {
        for (name, declaration) in declare(item, Values(items))? {
            if declared.contains(&name) {
                return Err(format!("there would be two types {name}"));
            }
            declared.push(name);
            text.push('\n');
            text.push_str(&declaration);
        }
    }
    Ok(text)
}

/// The names and declarations that a type becomes.
fn declare(item: &Item, values: Values<'_>) -> Result<Vec<(String, String)>> {
    let name = &item.name;
    Ok(match &item.shape {
        Shape::Fields(fields) => {
            let defaults = values.defaults(item, None)?;
            let fields = members(fields, item, &defaults);
            let interface = interface(name, &item.docs, None, &fields);
            vec![(name.clone(), interface)]
        }
        Shape::Words(words) => {
            // In the comment of the type: editors show none of a member.
            let mut lines = separated(&item.docs);
            lines.push(String::new());
            for word in words {
                lines.push(format!("- `{}`: {}", word.word, word.docs.join(" ")));
            }
            let members: Vec<String> = words.iter().map(|word| quoted(&word.word)).collect();
            let alias = comment(&lines, "") + &union(name, &members);
            vec![(name.clone(), alias)]
        }
        Shape::Union { tag, variants } => {
            let names: Vec<String> = variants.iter().map(|kind| kind.name.clone()).collect();
            let alias = comment(&separated(&item.docs), "") + &union(name, &names);
            let mut declarations = vec![(name.clone(), alias)];
            for variant in variants {
                let defaults = values.defaults(item, Some(variant))?;
                let interface = kind(variant, tag, item, &defaults);
                declarations.push((variant.name.clone(), interface));
            }
            declarations
        }
    })
}

fn kind(variant: &Variant, tag: &str, item: &Item, defaults: &Map<String, Value>) -> String {
    let readonly = if item.is_input { "" } else { "readonly " };
    let tag = format!("  {readonly}{tag}: {};\n", quoted(&variant.word));
    let fields = tag + &members(&variant.fields, item, defaults);
    let extends = variant.extends.as_deref();
    interface(&variant.name, &variant.docs, extends, &fields)
}

fn interface(name: &str, docs: &[String], extends: Option<&str>, fields: &str) -> String {
    let extends = extends.map_or(String::new(), |other| format!(" extends {other}"));
    let head = comment(&separated(docs), "");
    format!("{head}export interface {name}{extends} {{\n{fields}}}\n")
}

fn members(fields: &[Field], item: &Item, defaults: &Map<String, Value>) -> String {
    let mut text = String::new();
    for field in fields {
        let mut lines = separated(&field.docs);
        if let Some(value) = defaults.get(&field.name) {
            const TAG: &str = "@default ";
            let value = literal(value, WIDTH - "   * ".len(), 0, TAG.len());
            lines.push(String::new());
            lines.extend(format!("{TAG}{value}").lines().map(Into::into));
        }
        text.push_str(&comment(&lines, "  "));
        let readonly = if item.is_input { "" } else { "readonly " };
        let holds = expression(&field.holds, item.is_input);
        let name = &field.name;
        // What is `undefined` counts as left out.
        let (mark, or) = if field.optional {
            ("?", " | undefined")
        } else {
            ("", "")
        };
        let _ = writeln!(text, "  {readonly}{name}{mark}: {holds}{or};");
    }
    text
}

/// A type where it is used. Lists may be read-only ones even where JavaScript makes them.
fn expression(holds: &Type, is_input: bool) -> String {
    match holds {
        Type::String => "string".into(),
        Type::Number => "number".into(),
        Type::Boolean => "boolean".into(),
        Type::Named(name) => name.clone(),
        Type::Nullable(inner) => format!("{} | null", expression(inner, is_input)),
        Type::Array(inner) => {
            let element = expression(inner, is_input);
            match **inner {
                Type::Nullable(_) | Type::Tuple(_) => format!("readonly ({element})[]"),
                _ => format!("readonly {element}[]"),
            }
        }
        Type::Tuple(parts) => {
            let parts = parts.iter().map(|part| expression(part, is_input));
            format!("readonly [{}]", parts.collect::<Vec<_>>().join(", "))
        }
        Type::Record(inner) => {
            let record = format!("Record<string, {}>", expression(inner, is_input));
            if is_input {
                record
            } else {
                format!("Readonly<{record}>")
            }
        }
    }
}

fn union(name: &str, members: &[String]) -> String {
    let short = format!("export type {name} = {};\n", members.join(" | "));
    if short.trim_end().chars().count() <= WIDTH {
        return short;
    }
    format!("export type {name} =\n  | {};\n", members.join("\n  | "))
}

/// Paragraphs with empty lines between them.
fn separated(paragraphs: &[String]) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in paragraphs {
        if !lines.is_empty() {
            lines.push(String::new());
        }
        lines.push(paragraph.clone());
    }
    lines
}
