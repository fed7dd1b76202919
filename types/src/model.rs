//! What a declaration says, between Rust and TypeScript.

/// A type with a name.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// Its name, the same in both languages.
    pub name: String,
    /// Its paragraphs.
    pub docs: Vec<String>,
    /// Whether JavaScript makes its values. Otherwise it only reads them.
    pub is_input: bool,
    /// What its values are.
    pub shape: Shape,
}

/// What the values of a type are.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// Objects.
    Fields(Vec<Field>),
    /// Some words.
    Words(Vec<Word>),
    /// Objects of several kinds.
    Union {
        /// The field that tells them apart.
        tag: String,
        /// Each kind.
        variants: Vec<Variant>,
    },
}

/// A word that stands for a variant without fields.
#[derive(Debug, Clone, PartialEq)]
pub struct Word {
    /// The word.
    pub word: String,
    /// Its paragraphs.
    pub docs: Vec<String>,
}

/// A kind of object.
#[derive(Debug, Clone, PartialEq)]
pub struct Variant {
    /// The name of its interface.
    pub name: String,
    /// The value of the field that tells kinds apart.
    pub word: String,
    /// Its paragraphs.
    pub docs: Vec<String>,
    /// The other type whose fields it has too.
    pub extends: Option<String>,
    /// Its own fields, without the one that tells kinds apart.
    pub fields: Vec<Field>,
}

/// A field of an object.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// Its name in JavaScript.
    pub name: String,
    /// Its paragraphs.
    pub docs: Vec<String>,
    /// What it holds.
    pub holds: Type,
    /// Whether it may be left out.
    pub optional: bool,
}

/// What a field holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Type {
    /// Text.
    String,
    /// A number, whole or not.
    Number,
    /// Yes or no.
    Boolean,
    /// Something or `null`.
    Nullable(Box<Type>),
    /// Any number of the same.
    Array(Box<Type>),
    /// As many as there are here.
    Tuple(Vec<Type>),
    /// Something for each of any names.
    Record(Box<Type>),
    /// A type with a name.
    Named(String),
}
