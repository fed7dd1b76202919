//! Which file describes which server, and reading it.

use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
    sync::{Arc, LazyLock, Mutex, PoisonError},
};

use jsonschema::Validator;
use serde::Deserialize;
use serde_json::{Value, value::RawValue};

/// A server whose API is described.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Server {
    /// github.com.
    GitHubCom,
    /// GitHub Enterprise Server 3.21.
    Ghes321,
    /// GitHub Enterprise Server 3.20.
    Ghes320,
    /// GitHub Enterprise Server 3.19.
    Ghes319,
}

impl Server {
    /// Every server, newest first.
    pub const ALL: [Self; 4] = [Self::GitHubCom, Self::Ghes321, Self::Ghes320, Self::Ghes319];

    /// The file with its own description, and the one to take where the package has none.
    ///
    /// The package ends at GHES 3.19. For the operations in use, the descriptions of the others
    /// (github/rest-api-description, `descriptions/ghes-3.20` and `descriptions/ghes-3.21`) are those
    /// of the stand-ins but for the [differences](crate::DIFFERENCES): 3.20 is 3.19 with 25 inputs,
    /// 3.21 is github.com with `installed_version`.
    const fn files(self) -> (&'static str, Option<&'static str>) {
        match self {
            Self::GitHubCom => ("api.github.com.json", None),
            Self::Ghes321 => ("ghes-3.21.json", Some("api.github.com.json")),
            Self::Ghes320 => ("ghes-3.20.json", Some("ghes-3.19.json")),
            Self::Ghes319 => ("ghes-3.19.json", None),
        }
    }

    /// The name of the file that describes it: its own, or that of its stand-in.
    #[must_use]
    pub fn file(self) -> &'static str {
        let (own, stand_in) = self.files();
        stand_in
            .filter(|_| !folder().join(own).exists())
            .unwrap_or(own)
    }

    pub(crate) fn description(self) -> &'static Description {
        static ALL: [LazyLock<Description>; 4] = [
            LazyLock::new(|| Description::read(Server::GitHubCom.file())),
            LazyLock::new(|| Description::read(Server::Ghes321.file())),
            LazyLock::new(|| Description::read(Server::Ghes320.file())),
            LazyLock::new(|| Description::read(Server::Ghes319.file())),
        ];
        &ALL[self as usize]
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../node_modules/@octokit/openapi/generated")
}

/// A description. Of its megabytes only what is asked for is ever looked into.
#[derive(Debug)]
pub(crate) struct Description {
    file: File,
    validators: Mutex<HashMap<String, Arc<Validator>>>,
}

#[derive(Debug, Deserialize)]
struct File {
    paths: HashMap<String, Box<RawValue>>,
    components: HashMap<String, HashMap<String, Box<RawValue>>>,
}

impl Description {
    fn read(name: &str) -> Self {
        let path = folder().join(name);
        let text = fs::read(&path).unwrap_or_else(|error| {
            panic!(
                "{} describes the API, and cannot be read ({error}): run `npm ci`",
                path.display()
            )
        });
        let file = serde_json::from_slice(&text).unwrap_or_else(|error| {
            panic!("{} is no description of an API: {error}", path.display())
        });
        Self {
            file,
            validators: Mutex::default(),
        }
    }

    pub(crate) fn templates(&self) -> impl Iterator<Item = &str> {
        self.file.paths.keys().map(String::as_str)
    }

    /// What it says about a path that it has.
    pub(crate) fn path(&self, template: &str) -> Value {
        self.file
            .paths
            .get(template)
            .map_or(Value::Null, |raw| parse(raw))
    }

    /// The component that a reference such as `#/components/schemas/job` leads to.
    pub(crate) fn component(&self, reference: &str) -> Value {
        let mut names = reference.trim_start_matches("#/components/").split('/');
        let found = names
            .next()
            .and_then(|kind| self.file.components.get(kind))
            .zip(names.next())
            .and_then(|(components, name)| components.get(name));
        match found {
            Some(raw) => parse(raw),
            None => panic!("the description refers to {reference}, which it does not have"),
        }
    }

    /// The value itself, or the component that it refers to.
    pub(crate) fn resolve(&self, value: &Value) -> Value {
        match value.get("$ref").and_then(Value::as_str) {
            Some(reference) => self.component(reference),
            None => value.clone(),
        }
    }

    /// The validator of that name, made on first use.
    pub(crate) fn validator(&self, name: &str, make: impl FnOnce() -> Validator) -> Arc<Validator> {
        let mut known = self
            .validators
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        known
            .entry(name.to_owned())
            .or_insert_with(|| Arc::new(make()))
            .clone()
    }
}

fn parse(raw: &RawValue) -> Value {
    serde_json::from_str(raw.get()).expect("raw JSON has been read once")
}
