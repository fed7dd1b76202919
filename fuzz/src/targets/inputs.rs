//! Inputs: settings are valid, and the same when they are written down and
//! read again; or the error begins with the input's name and shows no token.
//!
//! Input: lines `name=value`; other lines belong to the value above.

use std::time::Duration;

use return_dispatch::Settings;
use return_dispatch::settings::{Caller, Inputs, Text, WorkflowName};
use return_dispatch::time::Seconds;
use return_dispatch::url::encode;

use crate::script::TOKEN;

/// 35 days.
const LONGEST: Duration = Duration::from_hours(840);

pub(super) fn check(input: &[u8]) {
    let input = String::from_utf8_lossy(input);
    let mut given: Vec<(&str, String)> = Vec::new();
    for line in input.split('\n') {
        match line.split_once('=') {
            Some((name, value)) if is_known(name) => given.push((name, value.to_owned())),
            _ => {
                if let Some((_, value)) = given.last_mut() {
                    value.push('\n');
                    value.push_str(line);
                }
            }
        }
    }
    let read = |name: &str| {
        let found = given.iter().find(|(given, _)| *given == name);
        found.map(|(_, value)| value.clone())
    };
    let caller = Caller {
        repository: read("GITHUB_REPOSITORY"),
        run_id: read("GITHUB_RUN_ID"),
        api_url: read("GITHUB_API_URL"),
        gitea: read("GITEA_ACTIONS"),
        ..Caller::default()
    };
    let inputs = Inputs::read(|name| match name {
        // With a token that is known, it is seen where it must not be.
        "token" => read(name).or_else(|| Some(TOKEN.to_owned())),
        _ => read(name),
    });
    match Settings::new(&inputs, &caller, [7; 16]) {
        Err(error) => {
            let error = error.to_string();
            let first = error.split(' ').next().unwrap_or_default();
            assert!(Inputs::NAMES.contains(&first), "{error}");
            assert!(input.contains(TOKEN) || !error.contains(TOKEN), "{error}");
        }
        Ok(settings) => {
            assert_valid(&settings);
            assert_the_same_when_written(&settings);
        }
    }
}

fn is_known(name: &str) -> bool {
    Inputs::NAMES.contains(&name)
        || [
            "GITHUB_REPOSITORY",
            "GITHUB_RUN_ID",
            "GITHUB_API_URL",
            "GITEA_ACTIONS",
        ]
        .contains(&name)
}

fn assert_valid(settings: &Settings) {
    let token = settings.token.expose();
    assert!(!token.is_empty() && token.bytes().all(|b| b.is_ascii_graphic()));
    assert!(settings.timeout > Duration::ZERO && settings.timeout <= LONGEST);
    let inputs = &settings.workflow_inputs;
    let characters: usize = inputs.iter().map(|(_, value)| value.chars().count()).sum();
    assert!(inputs.len() <= 25 && characters <= 65_535);
    for (index, (key, _)) in inputs.iter().enumerate() {
        assert!(!key.is_empty() && !inputs[..index].iter().any(|(known, _)| known == key));
        assert_ne!(Some(key), settings.distinct_id_input.as_ref());
    }
    let id = settings.distinct_id.as_str();
    assert!(id.len() <= 256 && !id.contains(char::is_whitespace));
    // Nothing in it leads out of where the request belongs.
    if let WorkflowName::File(file) = &settings.workflow
        && let Ok(api) = url::Url::parse(settings.api_url.as_str())
    {
        let below = format!(
            "/repos/{}/actions/workflows/{}/dispatches",
            settings.repository,
            encode(file)
        );
        let url = url::Url::parse(&format!("{}{below}", settings.api_url.as_str()));
        let url = url.expect("the base is a URL");
        assert_eq!(url.origin(), api.origin());
        let path = format!("{}{below}", api.path().trim_end_matches('/'));
        assert_eq!(url.path(), path);
    }
}

fn assert_the_same_when_written(settings: &Settings) {
    let workflow_inputs: Vec<_> = settings
        .workflow_inputs
        .iter()
        .map(|(key, value)| {
            let quoted = |text: &str| serde_json::Value::from(text).to_string();
            format!("{}:{}", quoted(key), quoted(value))
        })
        .collect();
    let workflow = match &settings.workflow {
        // A name may begin with a space, but an input may not.
        WorkflowName::File(file) => format!(".github/workflows/{file}"),
        other => other.to_string(),
    };
    let waiting = settings.waiting.as_ref();
    let seconds = |duration| Seconds(duration).to_string();
    let text = |text: &dyn std::fmt::Display| Text(Some(text.to_string()));
    let written = Inputs {
        token: text(&settings.token.expose()),
        owner: text(&settings.repository.owner),
        repo: text(&settings.repository.name),
        workflow: text(&workflow),
        r#ref: Text(settings.git_ref.as_ref().map(ToString::to_string)),
        workflow_inputs: text(&format_args!("{{{}}}", workflow_inputs.join(","))),
        workflow_timeout_seconds: text(&Seconds(settings.timeout)),
        distinct_id: text(&settings.distinct_id),
        distinct_id_input: Text(Some(settings.distinct_id_input.clone().unwrap_or_default())),
        wait: text(&waiting.is_some()),
        wait_timeout_seconds: Text(waiting.and_then(|it| it.timeout).map(seconds)),
        cancel_on_timeout: Text(waiting.map(|it| it.cancel_on_timeout.to_string())),
        cancel_on_cancel: Text(waiting.map(|_| settings.cancels.to_string())),
        fail_on_unsuccessful: Text(waiting.map(|it| it.fail_on_unsuccessful.to_string())),
        logs: Text(waiting.map(|it| format!("{:?}", it.logs).to_lowercase())),
        summary: Text(waiting.map(|it| it.summary.to_string())),
        run_id: Text(waiting.and_then(|it| it.run_id).map(|id| id.to_string())),
        poll_interval_seconds: Text(settings.interval.map(seconds)),
        workflow_job_steps_retry_seconds: Text(None),
        api_url: text(&settings.api_url.as_str()),
    };
    let again = Settings::new(&written, &Caller::default(), [7; 16]);
    let again = again.expect("what is valid is valid again");
    assert_eq!(again.token, settings.token);
    assert_eq!(again.repository, settings.repository);
    assert_eq!(again.workflow, settings.workflow);
    assert_eq!(again.git_ref, settings.git_ref);
    assert_eq!(again.workflow_inputs, settings.workflow_inputs);
    assert_eq!(again.timeout, settings.timeout);
    assert_eq!(again.distinct_id.as_str(), settings.distinct_id.as_str());
    assert_eq!(again.distinct_id_input, settings.distinct_id_input);
    assert_eq!(again.waiting, settings.waiting);
    assert_eq!(again.interval, settings.interval);
    assert_eq!(again.api_url, settings.api_url);
}
