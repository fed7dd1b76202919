//! What the user asked for, validated once. A [`Settings`] cannot be wrong;
//! nothing below it validates again.

mod distinct_id;
mod git_ref;
mod repository;
mod workflow_inputs;
mod workflow_name;
mod yaml;

use std::time::Duration;

pub use distinct_id::DistinctId;
pub use git_ref::GitRef;
pub use repository::Repository;
pub use workflow_inputs::{MOST_INPUTS, WorkflowInputs, merge as merge_inputs};
pub use workflow_name::WorkflowName;

use crate::error::Error;
use crate::json::LARGEST_ID;
use crate::token::{Token, TokenError};
use crate::url::Url;

/// Declares [`Inputs`]: each name stands once, as its field and as what it is read by.
macro_rules! inputs {
    ($($field:ident = $name:literal),+ $(,)?) => {
        /// The action's inputs as they arrive: text, absent or empty where not given.
        #[derive(Debug, Clone, Default)]
        #[expect(missing_docs, reason = "each is the input of its name: see action.yml")]
        pub struct Inputs {
            $(pub $field: Text,)+
        }

        impl Inputs {
            /// The names of all inputs, as action.yml declares them.
            pub const NAMES: &[&str] = &[$($name),+];

            /// The inputs as `read` gives them by their names; `None`: not given
            /// at all, which is not the same as empty.
            pub fn read(read: impl Fn(&str) -> Option<String>) -> Self {
                Self {
                    $($field: Text(read($name)),)+
                }
            }
        }
    };
}

inputs! {
    token = "token",
    owner = "owner",
    repo = "repo",
    workflow = "workflow",
    r#ref = "ref",
    workflow_inputs = "workflow_inputs",
    workflow_timeout_seconds = "workflow_timeout_seconds",
    distinct_id = "distinct_id",
    distinct_id_input = "distinct_id_input",
    wait = "wait",
    wait_timeout_seconds = "wait_timeout_seconds",
    cancel_on_timeout = "cancel_on_timeout",
    cancel_on_cancel = "cancel_on_cancel",
    fail_on_unsuccessful = "fail_on_unsuccessful",
    logs = "logs",
    summary = "summary",
    run_id = "run_id",
    poll_interval_seconds = "poll_interval_seconds",
    workflow_job_steps_retry_seconds = "workflow_job_steps_retry_seconds",
    api_url = "api_url",
}

/// Text that may be absent; `Debug` shows none of it, as it may be the token
/// or a secret input.
#[derive(Clone, Default)]
pub struct Text(pub Option<String>);

impl std::fmt::Debug for Text {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.0.is_some() { "…" } else { "absent" })
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self(Some(text.to_owned()))
    }
}

impl Text {
    /// The text without space around it; `None` where there is nothing else.
    fn given(&self) -> Option<&str> {
        self.0
            .as_deref()
            .map(str::trim)
            .filter(|text| !text.is_empty())
    }
}

/// What the runner tells about the calling run (its `GITHUB_*` variables).
#[derive(Debug, Clone, Default)]
pub struct Caller {
    /// `GITHUB_REPOSITORY`: `owner/name`.
    pub repository: Option<String>,
    /// `GITHUB_RUN_ID`.
    pub run_id: Option<String>,
    /// `GITHUB_API_URL`.
    pub api_url: Option<String>,
    /// `GITEA_ACTIONS`: `true` on runners of Gitea and Forgejo.
    pub gitea: Option<String>,
    /// What kind of caller it is.
    pub by: By,
}

/// What makes a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum By {
    /// A step of a workflow. It is killed ten seconds after its signal, and its
    /// `post` step can go on.
    #[default]
    Step,
    /// A program, which lives as long as it likes. Nobody goes on after it.
    Program,
}

/// Whose API it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Software {
    /// github.com, GHE.com, GitHub Enterprise Server.
    GitHub,
    /// Gitea and Forgejo.
    Gitea,
}

impl Software {
    /// Told by where the API is: `/api/v1` is Gitea's, whatever comes before it.
    fn of(api_url: &Url) -> Self {
        if api_url.as_str().ends_with("/api/v1") {
            Self::Gitea
        } else {
            Self::GitHub
        }
    }
}

/// A valid call.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Whose API it is.
    pub software: Software,
    /// Base URL of the API, without a slash at the end.
    pub api_url: Url,
    /// Access token for that API.
    pub token: Token,
    /// Where the workflow is.
    pub repository: Repository,
    /// Which workflow.
    pub workflow: WorkflowName,
    /// Branch or tag; `None`: the repository's default branch.
    pub git_ref: Option<GitRef>,
    /// The receiver's inputs, without the distinct ID.
    pub workflow_inputs: WorkflowInputs,
    /// The value that marks this call.
    pub distinct_id: DistinctId,
    /// The receiver's input that gets it; `None`: none is sent.
    pub distinct_id_input: Option<String>,
    /// Limit for dispatching and identifying.
    pub timeout: Duration,
    /// A fixed pause between looks, instead of one that adapts itself.
    pub interval: Option<Duration>,
    /// Whether and how the run is waited for.
    pub waiting: Option<Waiting>,
    /// Whether the run is cancelled when the caller is.
    pub cancels: bool,
    /// What makes the call.
    pub by: By,
    /// The run this call is part of, if it is on the same server: never a candidate.
    pub callers_run: Option<u64>,
}

/// How a run is waited for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// The run to wait for; `None`: the one that is dispatched.
    pub run_id: Option<u64>,
    /// For how long; `None`: as long as it takes.
    pub timeout: Option<Duration>,
    /// Whether the run is cancelled when that has passed.
    pub cancel_on_timeout: bool,
    /// Whether any conclusion but `success` is an error.
    pub fail_on_unsuccessful: bool,
    /// What is printed of the run's logs.
    pub logs: Logs,
    /// Whether a summary is written.
    pub summary: bool,
}

/// What is printed of a run's logs once it has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Logs {
    /// Nothing.
    None,
    /// Those of the steps that failed.
    Failed,
    /// All.
    All,
}

/// Where the API is when nobody says.
const DEFAULT_API_URL: &str = "https://api.github.com";
const DEFAULT_DISTINCT_ID_INPUT: &str = "distinct_id";
const DEFAULT_TIMEOUT: Duration = Duration::from_mins(5);
/// 35 days: as long as GitHub lets a run wait for anything.
const LONGEST_TIMEOUT: Duration = Duration::from_hours(35 * 24);

impl Settings {
    /// Validates everything; `random` makes the distinct ID where none is given.
    ///
    /// # Errors
    /// The first setting that is missing or impossible.
    pub fn new(inputs: &Inputs, caller: &Caller, random: [u8; 16]) -> Result<Self, Error> {
        // A variable that is empty is as good as none.
        let set = |variable: &'_ Option<String>| variable.clone().filter(|text| !text.is_empty());
        let callers_api_url = set(&caller.api_url).unwrap_or_else(|| DEFAULT_API_URL.to_owned());
        let api_url = parse_api_url(inputs.api_url.given().unwrap_or(&callers_api_url))?;
        // Run IDs are unique on one server only.
        let same_server = parse_api_url(&callers_api_url).is_ok_and(|callers| callers == api_url);
        let software = match caller.gitea.as_deref() {
            Some("true") if same_server => Software::Gitea,
            _ => Software::of(&api_url),
        };
        let token = parse_token(inputs.token.0.as_deref().unwrap_or_default())?;
        let repository = Repository::parse(
            inputs.owner.given(),
            inputs.repo.given(),
            set(&caller.repository).as_deref(),
        )?;
        let cancels = parse_bool(
            "cancel_on_cancel",
            inputs.cancel_on_cancel.given(),
            // A program has its own ways to stop waiting for something that goes on.
            caller.by == By::Step,
        )?;
        let waiting = waiting(inputs, caller.by)?;
        let follows = waiting.as_ref().and_then(|waiting| waiting.run_id);
        let workflow = match (follows, inputs.workflow.given()) {
            // Nothing is dispatched, so no workflow need be named.
            (Some(run), None) => WorkflowName::Id(run),
            (_, given) => WorkflowName::parse(given.unwrap_or_default(), software)?,
        };
        let git_ref = inputs.r#ref.given().map(GitRef::parse).transpose()?;
        let workflow_inputs =
            workflow_inputs::parse(inputs.workflow_inputs.0.as_deref().unwrap_or_default())?;
        let distinct_id = match inputs.distinct_id.given() {
            Some(text) => DistinctId::supplied(text)?,
            None => DistinctId::draw(random),
        };
        let distinct_id_input =
            distinct_id_input(inputs.distinct_id_input.0.as_deref(), &workflow_inputs)?;
        let timeout = parse_seconds(
            "workflow_timeout_seconds",
            inputs.workflow_timeout_seconds.given(),
            DEFAULT_TIMEOUT,
        )?;
        let interval = interval(inputs)?;
        let callers_run = caller
            .run_id
            .as_deref()
            .filter(|_| same_server)
            .and_then(|id| id.parse().ok());
        Ok(Self {
            software,
            api_url,
            token,
            repository,
            workflow,
            git_ref,
            workflow_inputs,
            distinct_id,
            distinct_id_input,
            timeout,
            interval,
            // A step that does not wait has done its work.
            cancels: cancels && (waiting.is_some() || caller.by == By::Program),
            waiting,
            by: caller.by,
            callers_run,
        })
    }
}

fn waiting(inputs: &Inputs, by: By) -> Result<Option<Waiting>, Error> {
    let run_id = inputs.run_id.given().map(parse_run_id).transpose()?;
    let waits = parse_bool("wait", inputs.wait.given(), run_id.is_some())?;
    let waiting = Waiting {
        run_id,
        timeout: parse_limit("wait_timeout_seconds", inputs.wait_timeout_seconds.given())?,
        cancel_on_timeout: parse_bool(
            "cancel_on_timeout",
            inputs.cancel_on_timeout.given(),
            false,
        )?,
        fail_on_unsuccessful: parse_bool(
            "fail_on_unsuccessful",
            inputs.fail_on_unsuccessful.given(),
            true,
        )?,
        logs: parse_logs(inputs.logs.given(), by)?,
        summary: parse_bool("summary", inputs.summary.given(), true)?,
    };
    // To follow a run is to wait for it, whatever `wait` is by default.
    Ok((waits || run_id.is_some()).then_some(waiting))
}

fn interval(inputs: &Inputs) -> Result<Option<Duration>, Error> {
    let by_name = [
        ("poll_interval_seconds", &inputs.poll_interval_seconds),
        (
            "workflow_job_steps_retry_seconds",
            &inputs.workflow_job_steps_retry_seconds,
        ),
    ];
    for (name, input) in by_name {
        if let Some(text) = input.given() {
            return parse_seconds(name, Some(text), Duration::ZERO).map(Some);
        }
    }
    Ok(None)
}

fn parse_run_id(text: &str) -> Result<u64, Error> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let id = text.parse().ok();
    let id = id.filter(|id| digits && (1..=LARGEST_ID).contains(id));
    id.ok_or_else(|| {
        Error::invalid(
            "run_id",
            format_args!("\"{}\" is not the ID of a run", text.escape_debug()),
            "Give the number at the end of a run's address, or the output run_id of a step.",
        )
    })
}

fn parse_logs(text: Option<&str>, by: By) -> Result<Logs, Error> {
    match text {
        // A program shows nothing by itself.
        None if by == By::Program => Ok(Logs::None),
        None | Some("failed") => Ok(Logs::Failed),
        Some("none") => Ok(Logs::None),
        Some("all") => Ok(Logs::All),
        Some(text) => Err(Error::invalid(
            "logs",
            format_args!("\"{}\" is not known", text.escape_debug()),
            "Give none, failed or all.",
        )),
    }
}

/// A boolean as YAML writes it.
fn parse_bool(setting: &str, text: Option<&str>, default: bool) -> Result<bool, Error> {
    match text {
        None => Ok(default),
        Some("true" | "True" | "TRUE") => Ok(true),
        Some("false" | "False" | "FALSE") => Ok(false),
        Some(text) => Err(Error::invalid(
            setting,
            format_args!("\"{}\" is neither true nor false", text.escape_debug()),
            "Give true or false.",
        )),
    }
}

/// A limit in time; 0, or nothing: none.
fn parse_limit(setting: &str, text: Option<&str>) -> Result<Option<Duration>, Error> {
    if text.is_none_or(|text| decimal_seconds(text) == Some(Duration::ZERO)) {
        return Ok(None);
    }
    parse_seconds(setting, text, Duration::ZERO).map(Some)
}

fn parse_token(text: &str) -> Result<Token, Error> {
    Token::parse(text).map_err(|error| match error {
        TokenError::Empty => Error::invalid(
            "token",
            "is empty",
            "Pass a token that may run workflows in the target repository. In a pull request from a fork, and where a \
             secret is misspelt, secrets are empty.",
        ),
        TokenError::Character => Error::invalid(
            "token",
            "contains a space, a line break or another character that no token has",
            "Check how the secret was stored.",
        ),
    })
}

fn parse_api_url(text: &str) -> Result<Url, Error> {
    let remedy = "Give the base URL of a server's REST API: https://api.github.com, or \
                  https://HOST/api/v3 for GitHub Enterprise Server.";
    let invalid = |problem: &dyn std::fmt::Display| {
        Error::invalid("api_url", format_args!("\"{text}\" {problem}"), remedy)
    };
    // Text with credentials in it is not repeated.
    let url = Url::parse(text.trim_end_matches('/')).map_err(|error| match error {
        crate::url::UrlError::UserInfo => Error::invalid("api_url", error, remedy),
        _ => invalid(&error),
    })?;
    if url.after_authority().contains(['?', '#']) {
        return Err(invalid(&"has a query or a fragment"));
    }
    Ok(url)
}

fn distinct_id_input(
    text: Option<&str>,
    workflow_inputs: &WorkflowInputs,
) -> Result<Option<String>, Error> {
    let name = text.unwrap_or(DEFAULT_DISTINCT_ID_INPUT).trim();
    if name.is_empty() {
        return Ok(None);
    }
    if name.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return Err(Error::invalid(
            "distinct_id_input",
            format_args!("\"{}\" cannot be the name of an input", name.escape_debug()),
            "Give the name under on.workflow_dispatch.inputs that the receiver takes the distinct ID by.",
        ));
    }
    if workflow_inputs.iter().any(|(key, _)| key == name) {
        return Err(Error::invalid(
            "workflow_inputs",
            format_args!("sets \"{name}\", the input that gets the distinct ID"),
            "Set the value by \u{1}distinct_id, or name another input by \u{1}distinct_id_input (empty: none is sent).",
        ));
    }
    Ok(Some(name.to_owned()))
}

fn parse_seconds(setting: &str, text: Option<&str>, default: Duration) -> Result<Duration, Error> {
    let Some(text) = text else {
        return Ok(default);
    };
    decimal_seconds(text)
        .filter(|duration| !duration.is_zero() && *duration <= LONGEST_TIMEOUT)
        .ok_or_else(|| {
            Error::invalid(
                setting,
                format_args!("\"{text}\" is not a positive number of seconds of at most 35 days"),
                "Give a number without a unit, such as 300.",
            )
        })
}

/// Reads decimal seconds, such as `300` or `0.5`, down to the millisecond.
fn decimal_seconds(text: &str) -> Option<Duration> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole) || !digits(fraction) {
        return None;
    }
    let milliseconds: String = fraction.chars().chain("000".chars()).take(3).collect();
    let seconds = Duration::from_secs(whole.parse().ok()?);
    seconds.checked_add(Duration::from_millis(milliseconds.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inputs() -> Inputs {
        Inputs {
            token: "t".into(),
            repo: "octo/target".into(),
            workflow: "ci.yml".into(),
            ..Inputs::default()
        }
    }

    fn settings(change: impl FnOnce(&mut Inputs)) -> Result<Settings, Error> {
        let mut inputs = inputs();
        change(&mut inputs);
        Settings::new(&inputs, &Caller::default(), [7; 16])
    }

    #[test]
    fn defaults_are_the_contracts() {
        let settings = settings(|_| {}).unwrap();
        assert_eq!(settings.api_url.as_str(), "https://api.github.com");
        assert_eq!(settings.timeout, Duration::from_mins(5));
        assert_eq!(settings.distinct_id_input.as_deref(), Some("distinct_id"));
        assert!(settings.distinct_id.is_drawn());
        assert_eq!(settings.git_ref, None);
    }

    #[test]
    fn the_names_are_those_of_action_yml() {
        let (_, inputs) = include_str!("../../action.yml")
            .split_once("\ninputs:\n")
            .unwrap();
        let (inputs, _) = inputs.split_once("\noutputs:\n").unwrap();
        let declared: Vec<_> = inputs
            .lines()
            .filter_map(|line| line.strip_prefix("  ")?.strip_suffix(':'))
            .filter(|name| !name.starts_with(' '))
            .collect();
        assert_eq!(declared, Inputs::NAMES);
    }

    #[test]
    fn an_empty_variable_of_the_runner_is_as_good_as_none() {
        let caller = Caller {
            api_url: Some(String::new()),
            repository: Some(String::new()),
            run_id: Some(String::new()),
            ..Caller::default()
        };
        let settings = Settings::new(&inputs(), &caller, [0; 16]).unwrap();
        assert_eq!(settings.api_url.as_str(), DEFAULT_API_URL);
        assert_eq!(settings.callers_run, None);
    }

    #[test]
    fn an_empty_distinct_id_input_sends_none() {
        let settings = settings(|inputs| inputs.distinct_id_input = "".into()).unwrap();
        assert_eq!(settings.distinct_id_input, None);
    }

    #[test]
    fn setting_the_distinct_id_twice_is_refused() {
        let error =
            settings(|inputs| inputs.workflow_inputs = "distinct_id: x".into()).unwrap_err();
        assert!(error.to_string().contains("sets \"distinct_id\""));
        assert!(
            settings(|inputs| {
                inputs.workflow_inputs = "distinct_id: x".into();
                inputs.distinct_id_input = "marker".into();
            })
            .is_ok()
        );
    }

    #[test]
    fn numbers_are_numbers_of_seconds() {
        let timeout = |text: &str| {
            settings(|inputs| inputs.workflow_timeout_seconds = text.into())
                .map(|settings| settings.timeout)
        };
        assert_eq!(timeout("12").unwrap(), Duration::from_secs(12));
        assert_eq!(timeout(" 0.5 ").unwrap(), Duration::from_millis(500));
        assert_eq!(timeout("1.2345").unwrap(), Duration::from_millis(1234));
        for text in [
            "0",
            "-1",
            "5m",
            "NaN",
            "inf",
            "1e9",
            "one",
            "1.",
            ".5",
            "0.0001",
            "3024001",
            "99999999999999999999",
        ] {
            assert!(
                timeout(text)
                    .unwrap_err()
                    .to_string()
                    .starts_with("workflow_timeout_seconds ")
            );
        }
    }

    #[test]
    fn an_api_url_is_a_plain_base_url() {
        let api_url = |text: &str| settings(|inputs| inputs.api_url = text.into());
        assert_eq!(
            api_url("https://ghes.example/api/v3/")
                .unwrap()
                .api_url
                .as_str(),
            "https://ghes.example/api/v3"
        );
        for text in [
            "ghes.example",
            "ftp://x",
            "https://x?y",
            "https://x#y",
            "https://a b",
        ] {
            assert!(
                api_url(text)
                    .unwrap_err()
                    .to_string()
                    .starts_with("api_url "),
                "{text}"
            );
        }
        let error = api_url("https://me:hunter2@ghes.example")
            .unwrap_err()
            .to_string();
        assert!(!error.contains("hunter2"), "{error}");
    }

    #[test]
    fn the_callers_run_counts_on_its_own_server_only() {
        let caller = Caller {
            run_id: Some("42".into()),
            api_url: Some("https://api.github.com".into()),
            repository: None,
            ..Caller::default()
        };
        let mut inputs = inputs();
        assert_eq!(
            Settings::new(&inputs, &caller, [0; 16])
                .unwrap()
                .callers_run,
            Some(42)
        );
        inputs.api_url = "https://ghes.example/api/v3".into();
        assert_eq!(
            Settings::new(&inputs, &caller, [0; 16])
                .unwrap()
                .callers_run,
            None
        );
    }

    #[test]
    fn an_impossible_token_is_refused_without_showing_it() {
        for text in ["", "ghs secret", "ghs\nsecret"] {
            let error = settings(|inputs| inputs.token = text.into()).unwrap_err();
            assert!(error.to_string().starts_with("token "), "{error}");
            assert!(!error.to_string().contains("ghs"), "{error}");
        }
    }

    #[test]
    fn whose_api_it_is_is_told_by_its_address_or_by_the_runner_of_its_server() {
        let software = |runner: (&str, &str), api_url: &str| {
            let caller = Caller {
                api_url: Some(runner.0.into()),
                gitea: Some(runner.1.into()),
                ..Caller::default()
            };
            let inputs = Inputs {
                api_url: api_url.into(),
                ..inputs()
            };
            Settings::new(&inputs, &caller, [0; 16]).unwrap().software
        };
        let (gitea, github) = ("https://gitea.example/api/v1", "https://api.github.com");
        assert_eq!(software((gitea, "true"), ""), Software::Gitea);
        assert_eq!(software((github, ""), gitea), Software::Gitea);
        assert_eq!(
            software((github, ""), "https://x/git/api/v1/"),
            Software::Gitea
        );
        // Behind whatever address, its runner says so; of other servers it says nothing.
        let elsewhere = "https://ci.example/rest";
        assert_eq!(software((elsewhere, "true"), ""), Software::Gitea);
        assert_eq!(software((elsewhere, ""), ""), Software::GitHub);
        assert_eq!(software((gitea, "true"), github), Software::GitHub);
        assert_eq!(software((github, ""), ""), Software::GitHub);
    }

    #[test]
    fn debug_output_shows_no_secrets() {
        let inputs = Inputs {
            token: "hunter2".into(),
            ..inputs()
        };
        let settings = Settings::new(&inputs, &Caller::default(), [0; 16]).unwrap();
        assert!(!format!("{inputs:?} {settings:?}").contains("hunter2"));
    }

    #[test]
    fn the_longest_time_is_35_days() {
        let longest = settings(|inputs| inputs.workflow_timeout_seconds = "3024000".into());
        assert_eq!(longest.unwrap().timeout, Duration::from_hours(35 * 24));
    }

    #[test]
    fn an_input_has_no_space_in_its_name() {
        for name in ["a b", "a\nb", "a\u{7}b"] {
            let error = settings(|inputs| inputs.distinct_id_input = name.into()).unwrap_err();
            assert!(
                error.to_string().starts_with("distinct_id_input "),
                "{error}"
            );
        }
    }

    #[test]
    fn inputs_are_read_by_their_names_and_shown_by_none() {
        let inputs = Inputs::read(|name| (name != "ref").then(|| format!("the {name}")));
        assert_eq!(inputs.workflow.0.as_deref(), Some("the workflow"));
        assert_eq!(inputs.api_url.0.as_deref(), Some("the api_url"));
        assert_eq!(inputs.r#ref.0, None);
        let shown = format!("{inputs:?}");
        assert!(
            shown.contains("token: …") && shown.contains("ref: absent"),
            "{shown}"
        );
        assert!(!shown.contains("the token"), "{shown}");
    }
}
