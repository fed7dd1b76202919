//! JSON objects, read field by field.
//!
//! Objects of an API that changes with every release are read leniently: what
//! is missing or of another kind is `None`. (Derived readers are strict, and
//! one for each kind of object adds a tenth to the size of the program.)

use std::borrow::Cow;
use std::fmt;

use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

/// The largest ID that every language can represent: numbers above 2^53 lose digits in JavaScript.
pub const LARGEST_ID: u64 = (1 << 53) - 1;

/// An object with its order and its repetitions, and its values as written.
#[derive(Debug)]
pub struct Object<'j>(Vec<(Cow<'j, str>, &'j RawValue)>);

impl<'j> Object<'j> {
    /// Reads the outline of an object.
    ///
    /// # Errors
    /// If it is not JSON, or not an object.
    pub fn parse(json: &'j [u8]) -> serde_json::Result<Self> {
        serde_json::from_slice(json)
    }

    /// All fields.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &'j str)> {
        self.0.iter().map(|(name, value)| (&**name, value.get()))
    }

    fn raw(&self, name: &str) -> Option<&'j str> {
        let mut fields = self.fields();
        fields.find(|(field, _)| *field == name).map(|(_, raw)| raw)
    }

    /// A text, or the beginning of a very long one.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<String> {
        let text = serde_json::from_str(self.raw(name)?).ok()?;
        Some(cut(text, LONGEST_TEXT))
    }

    /// A number that is not negative and whole, as IDs and counts are.
    #[must_use]
    pub fn number(&self, name: &str) -> Option<u64> {
        self.raw(name)?.parse().ok()
    }

    /// An ID: a number from 1 to [`LARGEST_ID`].
    #[must_use]
    pub fn id(&self, name: &str) -> Option<u64> {
        self.number(name).filter(|id| (1..=LARGEST_ID).contains(id))
    }

    /// An object in it.
    #[must_use]
    pub fn object(&self, name: &str) -> Option<Object<'j>> {
        Object::parse(self.raw(name)?.as_bytes()).ok()
    }

    /// What can be read of a list of objects; `None` if it is no list.
    #[must_use]
    pub fn list<T: FromJson>(&self, name: &str) -> Option<Vec<T>> {
        let objects: Vec<Object> = serde_json::from_str(self.raw(name)?).ok()?;
        Some(objects.iter().filter_map(T::from_json).collect())
    }

    /// The texts in a list, or in the fields `message` or `code` of its objects.
    #[must_use]
    pub fn texts(&self, name: &str) -> Vec<String> {
        let Some(raw) = self.raw(name) else {
            return Vec::new();
        };
        if let Ok(single) = serde_json::from_str(raw) {
            return vec![single];
        }
        if let Ok(texts) = serde_json::from_str(raw) {
            return texts;
        }
        let objects: Vec<Object> = serde_json::from_str(raw).unwrap_or_default();
        objects
            .iter()
            .filter_map(|object| object.text("message").or_else(|| object.text("code")))
            .collect()
    }
}

/// Names, titles and addresses are shorter; whatever is printed of others has a bound.
const LONGEST_TEXT: usize = 64 << 10;

/// The beginning of a text, of so many bytes at most; `…` stands for the rest.
pub(crate) fn cut(mut text: String, most: usize) -> String {
    if text.len() > most {
        text.truncate(text.floor_char_boundary(most));
        text.push('…');
    }
    text
}

/// What can be made of an object.
pub trait FromJson: Sized + 'static {
    /// `None` where something indispensable is missing.
    fn from_json(object: &Object) -> Option<Self>;
}

impl<'de: 'j, 'j> Deserialize<'de> for Object<'j> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Fields;
        impl<'de> Visitor<'de> for Fields {
            type Value = Object<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object<'de>, A::Error> {
                let mut fields = Vec::new();
                while let Some(name) = map.next_key::<Name>()? {
                    fields.push((name.0, map.next_value()?));
                }
                Ok(Object(fields))
            }
        }
        deserializer.deserialize_map(Fields)
    }
}

/// A name that is borrowed unless it has escapes.
struct Name<'j>(Cow<'j, str>);

impl<'de: 'j, 'j> Deserialize<'de> for Name<'j> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl<'de> Visitor<'de> for Text {
            type Value = Name<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a name")
            }
            fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Name<'de>, E> {
                Ok(Name(Cow::Borrowed(text)))
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<Name<'de>, E> {
                Ok(Name(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(Text)
    }
}

/// What tests write as a JSON object.
///
/// # Panics
/// If it is none, or lacks what it has to have.
#[cfg(test)]
pub(crate) fn read<T: FromJson>(value: &serde_json::Value) -> T {
    let json = value.to_string();
    T::from_json(&Object::parse(json.as_bytes()).unwrap()).unwrap()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_and_what_does_not_fit_is_left_out() {
        let json =
            br#"{"a\u0062":"c\n","n":12,"f":1.5,"x":null,"e":[{"message":"m"},{"code":"c"},{}]}"#;
        let object = Object::parse(json).unwrap();
        assert_eq!(object.text("ab").as_deref(), Some("c\n"));
        assert_eq!(object.number("n"), Some(12));
        assert_eq!(object.number("f"), None);
        assert_eq!(object.number("ab"), None);
        assert_eq!(object.id("n"), Some(12));
        assert_eq!(object.text("n"), None);
        assert_eq!(object.text("x"), None);
        assert_eq!(object.text("nowhere"), None);
        assert_eq!(object.texts("e"), ["m", "c"]);
        assert_eq!(object.texts("ab"), ["c\n"]);
        assert!(object.texts("nowhere").is_empty());
        let json = br#"{"o":{"login":"octocat"},"l":[]}"#;
        let object = Object::parse(json).unwrap();
        let login = object.object("o").and_then(|inner| inner.text("login"));
        assert_eq!(login.as_deref(), Some("octocat"));
        assert!(object.object("l").is_none() && object.object("nowhere").is_none());
    }

    #[test]
    fn an_id_is_a_number_that_survives_everywhere() {
        let json = br#"{"zero":0,"most":9007199254740991,"more":9007199254740992}"#;
        let object = Object::parse(json).unwrap();
        assert_eq!(object.id("zero"), None);
        assert_eq!(object.id("most"), Some((1 << 53) - 1));
        assert_eq!(object.id("more"), None);
    }

    #[test]
    fn what_is_no_object_is_an_error() {
        for json in ["", "[]", "{", "{\"a\":}", "null", "<html>", "{} x"] {
            assert!(Object::parse(json.as_bytes()).is_err(), "{json}");
        }
    }

    #[test]
    fn an_error_says_what_was_expected() {
        let error = Object::parse(b"[]").map(drop).unwrap_err().to_string();
        assert!(error.contains("an object"), "{error}");
    }
}
