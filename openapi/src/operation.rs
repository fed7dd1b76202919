//! From a method and a path to what the description says about them.

use percent_encoding::percent_decode_str;
use serde_json::Value;

use crate::source::Description;

/// An operation, and the values in the path that led to it.
#[derive(Debug)]
pub(crate) struct Operation {
    /// Its method and the template of its path.
    pub(crate) name: String,
    pub(crate) definition: Value,
    /// Name and value of each parameter in the path.
    pub(crate) in_path: Vec<(String, String)>,
}

impl Description {
    /// The operation for a path beneath the base URL, without a query.
    pub(crate) fn operation(&self, method: &str, path: &str) -> Option<Operation> {
        // Of several templates that fit, the one that leaves least open is meant.
        let (template, in_path) = self
            .templates()
            .filter_map(|template| Some((template, fit(template, path)?)))
            .min_by_key(|(_, values)| values.len())?;
        let definition = self
            .path(template)
            .get(method.to_ascii_lowercase())?
            .clone();
        Some(Operation {
            name: format!("{method} {template}"),
            definition,
            in_path,
        })
    }
}

impl Operation {
    /// Its parameters, references resolved.
    pub(crate) fn parameters(&self, description: &Description) -> Vec<Value> {
        let listed = self.definition["parameters"].as_array();
        listed
            .into_iter()
            .flatten()
            .map(|parameter| description.resolve(parameter))
            .collect()
    }
}

fn fit(template: &str, path: &str) -> Option<Vec<(String, String)>> {
    let mut values = Vec::new();
    let mut segments = path.split('/');
    for expected in template.split('/') {
        let segment = segments.next()?;
        let name = expected
            .strip_prefix('{')
            .and_then(|rest| rest.strip_suffix('}'));
        match name {
            Some(_) if segment.is_empty() => return None,
            Some(name) => values.push((
                name.to_owned(),
                percent_decode_str(segment).decode_utf8_lossy().into_owned(),
            )),
            None if expected != segment => return None,
            None => {}
        }
    }
    segments.next().is_none().then_some(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_fits_a_template_with_something_in_every_place() {
        let values = fit("/repos/{owner}/x/{id}", "/repos/octo/x/a%20b").unwrap();
        let names: Vec<_> = values.iter().map(|(n, v)| (&**n, &**v)).collect();
        assert_eq!(names, [("owner", "octo"), ("id", "a b")]);
        assert_eq!(fit("/repos/{owner}", "/repos/"), None);
        assert_eq!(fit("/repos/{owner}", "/repos/octo/x"), None);
        assert_eq!(fit("/repos/{owner}/x", "/repos/octo"), None);
    }
}
