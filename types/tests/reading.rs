//! What is understood of Rust becomes what serde does; all else is refused, with its place.

use types::{
    model::{Shape, Type},
    rust::{Knowledge, Serializer, Sources},
    typescript::declarations,
};

fn read(text: &str) -> types::Result<String> {
    let files = [("a.rs".to_owned(), text.to_owned())];
    let knowledge = Knowledge {
        enum_first: vec!["By"],
        serializers: vec![Serializer {
            name: "milliseconds",
            writes: Type::Number,
            docs: "In milliseconds.",
        }],
    };
    declarations(&Sources::read(&files, knowledge)?.items(&["Root"])?)
}

#[test]
fn what_javascript_reads_is_read_only_and_whole() {
    let source = r#"
        /// The root.
        #[derive(Debug, Serialize)]
        #[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
        pub enum Root {
            /// One.
            One {
                /// Its ref; `None`: it has none.
                r#ref: Option<String>,
                /// Of [`Self::TwoWords`].
                all_of_them: Vec<(u64, bool)>,
            },
            /// Two.
            #[serde(rename_all = "snake_case")]
            TwoWords {
                /// A field.
                a_field: BTreeMap<String, By>,
            },
            /// Three.
            Three(Other),
        }
        /// By.
        #[derive(Serialize)]
        #[serde(tag = "type")]
        pub enum By {
            /// Somebody.
            Somebody,
        }
        /// Another.
        #[derive(Serialize)]
        struct Other {
            /// When.
            #[serde(serialize_with = "milliseconds")]
            at: Duration,
            /// Not to be seen.
            #[serde(skip)]
            secret: Secret,
        }
    "#;
    let expected = "
/** The root. */
export type Root = OneRoot | TwoWordsRoot | ThreeRoot;

/** One. */
export interface OneRoot {
  readonly type: 'one';
  /** Its ref; `null`: it has none. */
  readonly ref: string | null;
  /** Of `twoWords`. */
  readonly allOfThem: readonly (readonly [number, boolean])[];
}

/** Two. */
export interface TwoWordsRoot {
  readonly type: 'twoWords';
  /** A field. */
  readonly a_field: Readonly<Record<string, By>>;
}

/** Three. */
export interface ThreeRoot extends Other {
  readonly type: 'three';
}

/** By. */
export type By = BySomebody;

/** Somebody. */
export interface BySomebody {
  readonly type: 'Somebody';
}

/** Another. */
export interface Other {
  /** When. In milliseconds. */
  readonly at: number;
}
";
    assert_eq!(read(source).unwrap(), expected);
}

#[test]
fn what_javascript_makes_may_be_left_out_where_serde_has_a_default() {
    let source = r#"
        /// The root.
        #[derive(Deserialize)]
        struct Root {
            /// Must be there.
            one: u8,
            /// Has a default.
            #[serde(default = "two")]
            two: u8,
            /// May be none.
            three: Option<u8>,
        }
    "#;
    let files = [("a.rs".to_owned(), source.to_owned())];
    let sources = Sources::read(&files, Knowledge::default()).unwrap();
    let item = sources.item("Root").unwrap();
    assert!(item.is_input);
    let Shape::Fields(fields) = item.shape else {
        panic!("a struct has fields");
    };
    let optional: Vec<bool> = fields.iter().map(|field| field.optional).collect();
    assert_eq!(optional, [false, true, true]);
}

#[test]
fn what_is_not_understood_is_refused() {
    for (source, problem) in [
        ("struct Root(u8);", "a struct must have named fields"),
        (
            "struct Root<T> { /// It.\n one: T }",
            "types with parameters",
        ),
        ("struct Root { one: u8 }", "there is no doc comment"),
        (
            "struct Root { /// It.\n one: Duration }",
            "a.rs:3: this type of a field",
        ),
        (
            "struct Root { /// It.\n one: std::string::String }",
            "this type of a field",
        ),
        (
            "struct Root { /// It.\n one: HashMap<String, u8> }",
            "this type of a field",
        ),
        (
            "struct Root { /// It.\n one: BTreeMap<u8, u8> }",
            "this type of a field",
        ),
        (
            "struct Root { /// It.\n one: Option<Option<u8>> }",
            "this type of a field",
        ),
        (
            "struct Root { /// It.\n one: u128 }",
            "this type of a field",
        ),
        (
            "struct Root { /// It.\n one: [u8; 4] }",
            "this type of a field",
        ),
        (
            "struct Root { /// [`Gone`]\n one: u8 }",
            "a comment links to Gone",
        ),
        (
            "struct Root { /// It.\n #[serde(flatten)] one: u8 }",
            "a.rs:3: serde's attribute flatten is not known",
        ),
        (
            "struct Root { /// It.\n #[serde(skip_serializing_if = \"x\")] one: u8 }",
            "skip_serializing_if is not known",
        ),
        (
            "struct Root { /// It.\n #[serde(serialize_with = \"x\")] one: u8 }",
            "serialize_with = \"x\" is not known",
        ),
        (
            "struct Root { /// It.\n #[cfg(test)] one: u8 }",
            "the attribute cfg is not known",
        ),
        (
            "#[serde(rename_all = \"kebab-case\")] struct Root {}",
            "rename_all = \"kebab-case\" is not known",
        ),
        (
            "#[serde(tag = \"type\")] struct Root {}",
            "serde's attribute tag is not known here",
        ),
        (
            "#[serde(untagged)] enum Root { /// It.\n One }",
            "serde's attribute untagged is not known",
        ),
        (
            "enum Root { /// It.\n One(u8) }",
            "an enum without `tag` must have variants without fields",
        ),
        (
            "#[serde(tag = \"type\")] enum Root { /// It.\n One(u8) }",
            "a variant's one type must be a struct",
        ),
        (
            "#[serde(tag = \"type\")] enum Root { /// It.\n One(Root, Root) }",
            "a variant must have named fields, or one type",
        ),
        (
            "#[serde(tag = \"type\")] enum Root { /// It.\n One } /// Two.\n struct Root {}",
            "there are two types Root",
        ),
        (
            "#[serde(tag = \"type\")] enum Root { /// It.\n One { /// It.\n a: OneRoot } } \
             /// Two.\n struct OneRoot {}",
            "there would be two types OneRoot",
        ),
        ("struct Other {}", "there is no type Root"),
        ("struct Root {", "a.rs: "),
    ] {
        let refused = read(&format!("/// It.\n{source}")).expect_err(source);
        assert!(refused.contains(problem), "{source}: {refused}");
    }
}
