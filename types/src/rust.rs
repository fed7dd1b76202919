//! From Rust's syntax to the model.

use std::collections::BTreeMap;

use syn::{
    Attribute, Fields, GenericArgument, Ident, Item as Syntax, LitStr, Meta, PathArguments,
    spanned::Spanned,
};

use crate::{
    Result,
    case::Case,
    docs,
    model::{Field, Item, Shape, Type, Variant, Word},
};

/// How the interfaces of an enum's variants are called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Naming {
    /// The variant's name first: `StartedEvent`.
    VariantFirst,
    /// The enum's name first: `DispatchedByClient`.
    EnumFirst,
}

/// A function that a field is serialized with.
#[derive(Debug, Clone)]
pub struct Serializer {
    /// Its name.
    pub name: &'static str,
    /// What it writes.
    pub writes: Type,
    /// A sentence about that.
    pub docs: &'static str,
}

/// What cannot be seen in the sources.
#[derive(Debug, Clone, Default)]
pub struct Knowledge {
    /// Enums whose names come first.
    pub enum_first: Vec<&'static str>,
    /// Functions that fields are serialized with.
    pub serializers: Vec<Serializer>,
}

/// The types in some files, by their names.
pub struct Sources {
    types: BTreeMap<String, (String, Syntax)>,
    knowledge: Knowledge,
}

impl Sources {
    /// Reads files, given as their paths and texts.
    ///
    /// # Errors
    /// For what is not Rust, and for two types of one name.
    pub fn read(files: &[(String, String)], knowledge: Knowledge) -> Result<Self> {
        let mut types = BTreeMap::new();
        for (path, text) in files {
            let file = syn::parse_file(text).map_err(|error| format!("{path}: {error}"))?;
            for item in file.items {
                let name = match &item {
                    Syntax::Struct(item) => item.ident.to_string(),
                    Syntax::Enum(item) => item.ident.to_string(),
                    _ => continue,
                };
                if types.insert(name.clone(), (path.clone(), item)).is_some() {
                    return Err(format!("{path}: there are two types {name}"));
                }
            }
        }
        Ok(Self { types, knowledge })
    }

    /// These types and all that they use, each before what it uses.
    ///
    /// # Errors
    /// For what is not understood.
    pub fn items(&self, roots: &[&str]) -> Result<Vec<Item>> {
        let mut items: Vec<Item> = Vec::new();
        let mut wanted: Vec<String> = roots.iter().rev().map(|&root| root.into()).collect();
        while let Some(name) = wanted.pop() {
            if items.iter().any(|item| item.name == name) {
                continue;
            }
            let item = self.item(&name)?;
            let used = uses(&item);
            items.push(item);
            wanted.extend(used.into_iter().rev());
        }
        Ok(items)
    }

    /// The type of this name.
    ///
    /// # Errors
    /// Where it is unknown or not understood.
    pub fn item(&self, name: &str) -> Result<Item> {
        let (path, syntax) = self
            .types
            .get(name)
            .ok_or_else(|| format!("there is no type {name} in the files that are read"))?;
        let reader = Reader {
            sources: self,
            path,
            name,
        };
        match syntax {
            Syntax::Struct(item) => reader.a_struct(item),
            Syntax::Enum(item) => reader.an_enum(item),
            _ => Err(format!("{path}: {name} is neither a struct nor an enum")),
        }
    }

    /// What something that a comment in `within` links to is called in JavaScript.
    fn name_of(&self, within: &str, target: &str) -> Result<String> {
        let unknown = || format!("a comment links to {target}, which is not known here");
        let (owner, member) = target.split_once("::").unwrap_or((target, ""));
        let owner = if owner == "Self" { within } else { owner };
        let (_, syntax) = self.types.get(owner).ok_or_else(unknown)?;
        match syntax {
            _ if member.is_empty() => Ok(owner.to_owned()),
            Syntax::Struct(item) => {
                let container = self.attributes(owner, &item.attrs)?;
                let mut fields = item.fields.iter().filter_map(|field| field.ident.as_ref());
                fields
                    .find(|ident| *ident == member)
                    .map(|ident| field_name(ident, container.rename_all))
                    .ok_or_else(unknown)
            }
            Syntax::Enum(item) => {
                let container = self.attributes(owner, &item.attrs)?;
                let variant = item.variants.iter().find(|variant| variant.ident == member);
                let variant = variant.ok_or_else(unknown)?;
                let own = self.attributes(owner, &variant.attrs)?;
                Ok(variant_name(&variant.ident, &own, container.rename_all))
            }
            _ => Err(unknown()),
        }
    }

    fn attributes(&self, owner: &str, attributes: &[Attribute]) -> Result<Attributes> {
        let path = self.types.get(owner).map_or("", |(path, _)| path);
        Attributes::read(attributes).map_err(|error| format!("{path}:{error} ({owner})"))
    }
}

/// The names of the types that a type uses, in their order.
fn uses(item: &Item) -> Vec<String> {
    fn of(holds: &Type, names: &mut Vec<String>) {
        match holds {
            Type::String | Type::Number | Type::Boolean => {}
            Type::Nullable(inner) | Type::Array(inner) | Type::Record(inner) => of(inner, names),
            Type::Tuple(inner) => inner.iter().for_each(|inner| of(inner, names)),
            Type::Named(name) => names.push(name.clone()),
        }
    }
    let mut names = Vec::new();
    match &item.shape {
        Shape::Words(_) => {}
        Shape::Fields(fields) => fields.iter().for_each(|field| of(&field.holds, &mut names)),
        Shape::Union { variants, .. } => {
            for variant in variants {
                names.extend(variant.extends.clone());
                let fields = variant.fields.iter();
                fields.for_each(|field| of(&field.holds, &mut names));
            }
        }
    }
    names
}

/// Reads one type.
struct Reader<'a> {
    sources: &'a Sources,
    path: &'a str,
    name: &'a str,
}

impl Reader<'_> {
    fn a_struct(&self, item: &syn::ItemStruct) -> Result<Item> {
        let container = self.attributes(
            &item.attrs,
            &["default", "rename_all", "deny_unknown_fields"],
        )?;
        self.no_generics(&item.generics)?;
        let Fields::Named(fields) = &item.fields else {
            return Err(self.at(item.ident.span(), "a struct must have named fields"));
        };
        let fields = self.fields(fields, &container, container.rename_all)?;
        Ok(Item {
            name: self.name.into(),
            docs: self.docs(item.ident.span(), &container)?,
            is_input: container.is_input,
            shape: Shape::Fields(fields),
        })
    }

    fn an_enum(&self, item: &syn::ItemEnum) -> Result<Item> {
        let container = self.attributes(
            &item.attrs,
            &[
                "tag",
                "rename_all",
                "rename_all_fields",
                "deny_unknown_fields",
            ],
        )?;
        self.no_generics(&item.generics)?;
        let shape = match &container.tag {
            None => Shape::Words(
                item.variants
                    .iter()
                    .map(|variant| self.word(variant, &container))
                    .collect::<Result<_>>()?,
            ),
            Some(tag) => Shape::Union {
                tag: tag.clone(),
                variants: item
                    .variants
                    .iter()
                    .map(|variant| self.variant(variant, &container))
                    .collect::<Result<_>>()?,
            },
        };
        Ok(Item {
            name: self.name.into(),
            docs: self.docs(item.ident.span(), &container)?,
            is_input: container.is_input,
            shape,
        })
    }

    fn word(&self, variant: &syn::Variant, container: &Attributes) -> Result<Word> {
        let own = self.attributes(&variant.attrs, &["rename"])?;
        if !matches!(variant.fields, Fields::Unit) {
            let problem = "an enum without `tag` must have variants without fields";
            return Err(self.at(variant.ident.span(), problem));
        }
        Ok(Word {
            word: variant_name(&variant.ident, &own, container.rename_all),
            docs: self.docs(variant.ident.span(), &own)?,
        })
    }

    fn variant(&self, variant: &syn::Variant, container: &Attributes) -> Result<Variant> {
        let own = self.attributes(&variant.attrs, &["rename", "rename_all"])?;
        let span = variant.ident.span();
        let mut extends = None;
        let fields = match &variant.fields {
            Fields::Unit => Vec::new(),
            Fields::Named(fields) => {
                let case = own.rename_all.or(container.rename_all_fields);
                self.fields(fields, container, case)?
            }
            Fields::Unnamed(fields) => {
                let mut only = fields.unnamed.iter();
                let (Some(field), None) = (only.next(), only.next()) else {
                    return Err(self.at(span, "a variant must have named fields, or one type"));
                };
                let Type::Named(name) = self.holds(&field.ty)? else {
                    return Err(self.at(span, "a variant's one type must be a struct"));
                };
                extends = Some(name);
                Vec::new()
            }
        };
        let (first, second) = if self.sources.knowledge.enum_first.contains(&self.name) {
            (self.name.to_owned(), variant.ident.to_string())
        } else {
            (variant.ident.to_string(), self.name.to_owned())
        };
        Ok(Variant {
            name: first + &second,
            word: variant_name(&variant.ident, &own, container.rename_all),
            docs: self.docs(span, &own)?,
            extends,
            fields,
        })
    }

    fn fields(
        &self,
        fields: &syn::FieldsNamed,
        container: &Attributes,
        case: Option<Case>,
    ) -> Result<Vec<Field>> {
        let mut read = Vec::new();
        for field in &fields.named {
            let own = self.attributes(&field.attrs, &["default", "skip", "serialize_with"])?;
            if own.skip {
                continue;
            }
            let Some(ident) = &field.ident else { continue };
            let mut docs = self.docs(ident.span(), &own)?;
            let holds = match &own.serialize_with {
                None => self.holds(&field.ty)?,
                Some(name) => {
                    let known = &self.sources.knowledge.serializers;
                    let serializer = known
                        .iter()
                        .find(|serializer| serializer.name == name)
                        .ok_or_else(|| {
                            let problem = format!("serialize_with = {name:?} is not known");
                            self.at(ident.span(), &problem)
                        })?;
                    let last = docs.len() - 1;
                    docs[last] = format!("{} {}", docs[last], serializer.docs);
                    serializer.writes.clone()
                }
            };
            // serde takes a missing field that may be `None` for that.
            let may_be_missing = matches!(holds, Type::Nullable(_)) && own.serialize_with.is_none();
            read.push(Field {
                name: field_name(ident, case),
                docs,
                optional: container.is_input
                    && (own.default || container.default || may_be_missing),
                holds,
            });
        }
        Ok(read)
    }

    fn holds(&self, ty: &syn::Type) -> Result<Type> {
        let unknown = || self.at(ty.span(), "this type of a field is not known");
        match ty {
            syn::Type::Reference(reference) => match &*reference.elem {
                syn::Type::Path(path) if path.path.is_ident("str") => Ok(Type::String),
                _ => Err(unknown()),
            },
            syn::Type::Tuple(tuple) if !tuple.elems.is_empty() => {
                let parts = tuple.elems.iter().map(|part| self.holds(part));
                Ok(Type::Tuple(parts.collect::<Result<_>>()?))
            }
            syn::Type::Path(path) if path.qself.is_none() && path.path.segments.len() == 1 => {
                let segment = &path.path.segments[0];
                let arguments = self.arguments(&segment.arguments)?;
                let name = segment.ident.to_string();
                match (name.as_str(), arguments.as_slice()) {
                    ("String", []) => Ok(Type::String),
                    ("bool", []) => Ok(Type::Boolean),
                    (
                        "u8" | "u16" | "u32" | "u64" | "usize" | "i8" | "i16" | "i32" | "i64"
                        | "isize" | "f32" | "f64",
                        [],
                    ) => Ok(Type::Number),
                    // Of which serde would make the same `null` twice.
                    ("Option", [Type::Nullable(_)]) => Err(unknown()),
                    ("Option", [inner]) => Ok(Type::Nullable(Box::new(inner.clone()))),
                    ("Vec", [inner]) => Ok(Type::Array(Box::new(inner.clone()))),
                    ("BTreeMap", [Type::String, inner]) => {
                        Ok(Type::Record(Box::new(inner.clone())))
                    }
                    (_, []) if self.sources.types.contains_key(&name) => Ok(Type::Named(name)),
                    _ => Err(unknown()),
                }
            }
            _ => Err(unknown()),
        }
    }

    fn arguments(&self, arguments: &PathArguments) -> Result<Vec<Type>> {
        match arguments {
            PathArguments::None => Ok(Vec::new()),
            PathArguments::AngleBracketed(arguments) => arguments
                .args
                .iter()
                .map(|argument| match argument {
                    GenericArgument::Type(ty) => self.holds(ty),
                    other => Err(self.at(other.span(), "this argument of a type is not known")),
                })
                .collect(),
            PathArguments::Parenthesized(other) => {
                Err(self.at(other.span(), "this type of a field is not known"))
            }
        }
    }

    fn no_generics(&self, generics: &syn::Generics) -> Result<()> {
        if generics.params.is_empty() {
            return Ok(());
        }
        Err(self.at(generics.span(), "types with parameters are not known"))
    }

    /// The attributes, of which serde's must be among these.
    fn attributes(&self, attributes: &[Attribute], allowed: &[&str]) -> Result<Attributes> {
        let read = Attributes::read(attributes);
        let read = read.map_err(|problem| format!("{}:{problem}", self.path))?;
        let unknown = read
            .serde
            .iter()
            .find(|(name, _)| !allowed.contains(&name.as_str()));
        match unknown {
            None => Ok(read),
            Some((name, line)) => Err(format!(
                "{}:{line}: serde's attribute {name} is not known here, of {}",
                self.path, self.name
            )),
        }
    }

    fn docs(&self, span: proc_macro2::Span, attributes: &Attributes) -> Result<Vec<String>> {
        docs::paragraphs(&attributes.docs, &|target| {
            self.sources.name_of(self.name, target)
        })
        .map_err(|problem| self.at(span, &problem))
    }

    fn at(&self, span: proc_macro2::Span, problem: &str) -> String {
        let line = span.start().line;
        format!("{}:{line}: {problem}, in {}", self.path, self.name)
    }
}

fn field_name(ident: &Ident, case: Option<Case>) -> String {
    let name = ident.to_string();
    let name = name.strip_prefix("r#").unwrap_or(&name);
    case.map_or_else(|| name.to_owned(), |case| case.field(name))
}

fn variant_name(ident: &Ident, own: &Attributes, case: Option<Case>) -> String {
    let name = ident.to_string();
    own.rename
        .clone()
        .unwrap_or_else(|| case.map_or_else(|| name.clone(), |case| case.variant(&name)))
}

/// What the attributes of something say.
#[derive(Debug, Default)]
struct Attributes {
    docs: Vec<String>,
    is_input: bool,
    /// The names of serde's attributes that are there, and their lines.
    serde: Vec<(String, usize)>,
    default: bool,
    rename: Option<String>,
    rename_all: Option<Case>,
    rename_all_fields: Option<Case>,
    tag: Option<String>,
    skip: bool,
    serialize_with: Option<String>,
}

impl Attributes {
    fn read(attributes: &[Attribute]) -> Result<Self> {
        let mut read = Self::default();
        for attribute in attributes {
            let line = attribute.span().start().line;
            let path = attribute.path();
            let understood = if path.is_ident("doc") {
                read.doc(attribute)
            } else if path.is_ident("derive") {
                attribute.parse_nested_meta(|meta| {
                    let name = meta.path.segments.last().map(|segment| &segment.ident);
                    read.is_input |= name.is_some_and(|name| name == "Deserialize");
                    Ok(())
                })
            } else if path.is_ident("serde") {
                read.serde(attribute)
            } else if path.is_ident("default")
                || path.is_ident("allow")
                || path.is_ident("must_use")
            {
                Ok(())
            } else {
                let name = path
                    .segments
                    .last()
                    .map(|segment| segment.ident.to_string());
                let name = name.unwrap_or_default();
                return Err(format!("{line}: the attribute {name} is not known"));
            };
            understood.map_err(|error| format!("{line}: {error}"))?;
        }
        Ok(read)
    }

    fn doc(&mut self, attribute: &Attribute) -> syn::Result<()> {
        if let Meta::NameValue(pair) = &attribute.meta
            && let syn::Expr::Lit(literal) = &pair.value
            && let syn::Lit::Str(text) = &literal.lit
        {
            self.docs.push(text.value());
            return Ok(());
        }
        Err(syn::Error::new(attribute.span(), "only comments are known"))
    }

    fn serde(&mut self, attribute: &Attribute) -> syn::Result<()> {
        attribute.parse_nested_meta(|meta| {
            let name = meta.path.require_ident()?.to_string();
            let line = meta.path.span().start().line;
            let value = match meta.value() {
                Ok(value) => Some(value.parse::<LitStr>()?.value()),
                Err(_) => None,
            };
            let case = |value: &str| Case::parse(value).map_err(|problem| meta.error(problem));
            match (name.as_str(), value) {
                ("default", _) => self.default = true,
                ("deny_unknown_fields", None) => {}
                ("skip", None) => self.skip = true,
                ("rename", Some(value)) => self.rename = Some(value),
                ("rename_all", Some(value)) => self.rename_all = Some(case(&value)?),
                ("rename_all_fields", Some(value)) => self.rename_all_fields = Some(case(&value)?),
                ("tag", Some(value)) => self.tag = Some(value),
                ("serialize_with", Some(value)) => self.serialize_with = Some(value),
                _ => return Err(meta.error(format!("serde's attribute {name} is not known"))),
            }
            self.serde.push((name, line));
            Ok(())
        })
    }
}
