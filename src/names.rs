//! The names of settings in texts: each front end has names of its own.

/// Stands in front of each name of a setting in the texts of an
/// [`Error`](crate::Error). No text of others brings it along: it is a control
/// character, and those are escaped.
pub const MARK: char = '\u{1}';

/// Writes a name, given as that of an input, as a front end knows it.
///
/// A function, so that a build for one front end has no names of the others.
pub type Write = fn(&mut String, &str);

/// The text with its marked names as they are written there.
#[must_use]
pub fn with(write: Write, text: &str) -> String {
    let mut parts = text.split(MARK);
    let mut written = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part.find(|c: char| !c.is_ascii_lowercase() && c != '_');
        let (name, rest) = part.split_at(end.unwrap_or(part.len()));
        write(&mut written, name);
        written.push_str(rest);
    }
    written
}

/// Inputs of the action: `wait_timeout_seconds`.
pub fn as_inputs(text: &mut String, name: &str) {
    text.push_str(if name == "proxy" { PROXY } else { name });
}

/// The variables that name proxies, where they are honoured.
const PROXY: &str = "https_proxy, http_proxy or no_proxy";

/// Options of a function: `waitTimeoutSeconds`.
pub fn as_options(text: &mut String, name: &str) {
    match name {
        "cancel_on_cancel" => return text.push_str("cancelOnAbort"),
        // The platform's own `fetch` knows no such variable in most versions of Node.js, and none elsewhere.
        "proxy" => return text.push_str("option fetch"),
        _ => {}
    }
    for (nth, word) in name.split('_').enumerate() {
        let first = word.get(..1).filter(|_| nth > 0).unwrap_or_default();
        text.push_str(&first.to_ascii_uppercase());
        text.push_str(&word[first.len()..]);
    }
}

/// Flags and arguments of the command: `--wait-timeout-seconds`.
pub fn as_flags(text: &mut String, name: &str) {
    match name {
        "owner" => text.push_str("OWNER"),
        "repo" => text.push_str("REPO"),
        "workflow" => text.push_str("WORKFLOW"),
        "run_id" => text.push_str("RUN_ID"),
        "workflow_inputs" => text.push_str("-f/--inputs"),
        "token" => text.push_str("GH_TOKEN"),
        "proxy" => text.push_str(PROXY),
        "cancel_on_cancel" => text.push_str("--cancel-on-interrupt"),
        _ => {
            text.push_str("--");
            text.push_str(&name.replace('_', "-"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Error;

    #[test]
    fn a_name_is_written_as_its_reader_knows_it() {
        let error = Error::invalid("wait_timeout_seconds", "\"api_url\" is not it", "")
            .hint("Check \u{1}api_url, \u{1}cancel_on_cancel, \u{1}workflow_inputs (\u{1}proxy).");
        assert_eq!(
            error.to_string(),
            "wait_timeout_seconds \"api_url\" is not it. Check api_url, cancel_on_cancel, workflow_inputs (https_proxy, http_proxy or no_proxy)."
        );
        assert_eq!(
            error.said_by(as_options),
            "waitTimeoutSeconds \"api_url\" is not it. Check apiUrl, cancelOnAbort, workflowInputs (option fetch)."
        );
        assert_eq!(
            error.said_by(as_flags),
            "--wait-timeout-seconds \"api_url\" is not it. Check --api-url, --cancel-on-interrupt, -f/--inputs (https_proxy, http_proxy or no_proxy)."
        );
    }
}
