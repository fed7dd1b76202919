//! Requests that did not bring what was asked for, and what they mean.

use std::time::Duration;

use super::limits::asked_wait;
use super::server::Family;
use crate::error::{Code, Error};
use crate::host::{Headers, TransportError};
use crate::json::{Object, cut};
use crate::settings::Repository;
use crate::time::Seconds;

/// What to do about a proxy that refuses.
const HINT_OF_PROXIES: &str =
    "Check the proxy (\u{1}proxy) and its credentials. Nothing was dispatched.";

/// What to do about a proxy that cannot be one.
const HINT_OF_PROXY_VARIABLES: &str = "Set https_proxy or http_proxy to a URL such as http://proxy.example:3128. Nothing was dispatched.";

/// What to do where no connection was made.
const HINT_OF_CONNECTIONS: &str = "Check \u{1}api_url, whether this machine may reach that server, and by which proxy \
                                   (\u{1}proxy). Nothing was dispatched.";

/// Why a request brought nothing.
#[derive(Debug, Clone)]
pub enum Failure {
    /// No answer, or only part of one.
    Transport(Box<TransportError>),
    /// No whole answer within the time one request is given.
    TooSlow,
    /// An answer that says no.
    Refused(Box<Refusal>),
    /// A redirect that is not followed, and why.
    Astray(String),
    /// An answer that makes no sense: not JSON, or not the JSON that was asked for.
    Malformed(String),
    /// Too much to be read at all.
    TooLarge(String),
}

impl From<TransportError> for Failure {
    fn from(error: TransportError) -> Self {
        Self::Transport(Box::new(error))
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(Box::new(refusal))
    }
}

/// An answer with a status that is not the expected one.
#[derive(Debug, Clone)]
pub struct Refusal {
    /// Status code.
    pub status: u16,
    /// What the server says.
    pub message: String,
    /// `X-Accepted-GitHub-Permissions`: what a fine-grained token needs.
    pub permissions: Option<String>,
    /// Whether it is about too many requests.
    pub rate_limited: bool,
    /// How long the server asks to be left alone, if it says so.
    pub wait: Option<Duration>,
    /// Whether it is about what was asked for, though its status blames the server.
    pub is_final: bool,
    /// Whether it is the API's own answer: JSON with a message and a page about it (`documentation_url`; Gitea:
    /// `url`). Gateways that answer in JSON (Kong, Amazon's) have no such page.
    pub is_own: bool,
    /// `X-GitHub-SSO`: the page where the token has to be authorised.
    pub sso: Option<String>,
}

impl Refusal {
    /// Reads an answer that is not the expected one.
    #[must_use]
    pub fn read(status: u16, headers: &Headers, body: &[u8]) -> Self {
        let said = Object::parse(body).ok().and_then(|error| {
            let has_page = ["documentation_url", "url"]
                .iter()
                .any(|page| error.text(page).is_some());
            Some((error.text("message")?, error.texts("errors"), has_page))
        });
        let is_own = said.as_ref().is_some_and(|(_, _, has_page)| *has_page);
        let message = match said {
            Some((message, details, _)) => {
                let message = if details.is_empty() {
                    message
                } else {
                    format!("{} ({})", message.trim_end_matches('.'), details.join("; "))
                };
                let message = message.split_whitespace().collect::<Vec<_>>().join(" ");
                cut(message, LONGEST_MESSAGE)
            }
            None => match headers.get("content-type") {
                Some(kind) if !kind.contains("json") => {
                    format!(
                        "an answer of the type {}, not GitHub's",
                        kind.split(';').next().unwrap_or(kind)
                    )
                }
                _ => "an answer without an explanation".to_owned(),
            },
        };
        let exhausted = headers.get("x-ratelimit-remaining") == Some("0");
        let lower = message.to_ascii_lowercase();
        let rate_limited = status == 429
            || status == 403
                && (exhausted
                    || headers.get("retry-after").is_some()
                    || lower.contains("rate limit")
                    || lower.contains("abuse detection"));
        Self {
            status,
            message,
            permissions: headers
                .get("x-accepted-github-permissions")
                .filter(|permissions| !permissions.is_empty())
                .map(str::to_owned),
            rate_limited,
            wait: asked_wait(status, headers),
            is_final: false,
            is_own,
            sso: headers.get("x-github-sso").and_then(sso_page),
        }
    }
}

/// What a server explains in more bytes is no explanation.
const LONGEST_MESSAGE: usize = 2 << 10;

/// `required; url=https://github.com/orgs/…/sso?…` → the page.
fn sso_page(field: &str) -> Option<String> {
    let url = field
        .split(';')
        .find_map(|part| part.trim().strip_prefix("url="))?;
    url.starts_with("https://").then(|| url.to_owned())
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Transport(error) => write!(f, "no complete answer: {error}"),
            Self::TooSlow => f.write_str("no complete answer in time"),
            Self::Refused(refusal) => write!(f, "{} {}", refusal.status, refusal.message),
            Self::Astray(problem) | Self::Malformed(problem) | Self::TooLarge(problem) => {
                f.write_str(problem)
            }
        }
    }
}

impl Failure {
    /// How long the server asks to be left alone, if it says so.
    #[must_use]
    pub fn wait(&self) -> Option<Duration> {
        match self {
            Self::Refused(refusal) => refusal.wait,
            _ => None,
        }
    }

    /// Whether the same request may well succeed a little later.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Transport(error) => !error.is_distrust() && !error.is_refusal_of_proxy(),
            Self::TooSlow | Self::Malformed(_) => true,
            Self::Astray(_) | Self::TooLarge(_) => false,
            // 304: some cache's answer to a question that was not asked.
            Self::Refused(refusal) if refusal.is_final => false,
            Self::Refused(refusal) => {
                refusal.rate_limited || matches!(refusal.status, 304 | 408 | 425 | 500..)
            }
        }
    }

    /// Whether reading something that was just created may well succeed a
    /// little later: it may be unknown yet.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        self.is_transient() || self.is_not_yet()
    }

    /// Whether what was asked for may be unknown yet.
    #[must_use]
    pub fn is_not_yet(&self) -> bool {
        matches!(self, Self::Refused(refusal) if refusal.status == 404)
    }

    /// Whether it is the API's own answer.
    #[must_use]
    pub fn is_own(&self) -> bool {
        matches!(self, Self::Refused(refusal) if refusal.is_own)
    }

    /// Whether what was asked for is not to be had for good.
    #[must_use]
    pub fn is_gone(&self) -> bool {
        match self {
            Self::Refused(refusal) => refusal.status == 410,
            Self::TooLarge(_) => true,
            _ => false,
        }
    }

    /// Whether the API denied the request for its token (401, 403, and where denials are masked 404), without words
    /// that say that this is for good. What else denies a request may have passed it on.
    #[must_use]
    pub fn is_denial(&self, family: &Family, are_masked: bool) -> bool {
        let Self::Refused(refusal) = self else {
            return false;
        };
        (matches!(refusal.status, 401 | 403) || are_masked && refusal.status == 404)
            && refusal.is_own
            && !refusal.rate_limited
            && refusal.sso.is_none()
            && hint_at(&refusal.message, family.refusals).is_none()
    }

    /// Whether the server's name is not known.
    #[must_use]
    pub fn is_unknown_host(&self) -> bool {
        matches!(self, Self::Transport(error) if error.code.as_deref() == Some("ENOTFOUND"))
    }

    /// Whether it proves that the request was never acted upon.
    #[must_use]
    pub fn proves_nothing_happened(&self) -> bool {
        match self {
            Self::Transport(error) => error.never_sent(),
            Self::Refused(refusal) if refusal.is_final => true,
            // 408: the server gave up waiting, for whatever it had by then.
            Self::Refused(refusal) => (400..500).contains(&refusal.status) && refusal.status != 408,
            // A redirect may come from something in between, after the server has acted.
            Self::TooSlow | Self::Astray(_) | Self::Malformed(_) | Self::TooLarge(_) => false,
        }
    }

    /// The error for a user, of a failed request that did `doing` (as in
    /// "could not {doing}") in this repository of a server of this family.
    #[must_use]
    pub fn into_error(self, doing: &str, repository: &Repository, family: &Family) -> Error {
        let message = format!("Could not {doing}: {self}");
        match self {
            Self::Transport(cause) => {
                let (code, hint) = if cause.is_of_settings() {
                    (Code::InvalidInput, HINT_OF_PROXY_VARIABLES)
                } else if cause.is_refusal_of_proxy() {
                    (Code::Unreachable, HINT_OF_PROXIES)
                } else if cause.never_sent() {
                    (Code::Unreachable, HINT_OF_CONNECTIONS)
                } else {
                    (Code::ServerError, "The connection failed; try again.")
                };
                Error::new(code, message).hint(hint).caused_by(*cause)
            }
            Self::TooSlow => Error::new(Code::ServerError, message)
                .hint("The server may be overloaded; try again later."),
            Self::Astray(_) | Self::Malformed(_) | Self::TooLarge(_) => Error::new(Code::ServerError, message)
                .hint("Check that \u{1}api_url is the base URL of a REST API of GitHub or Gitea and that no proxy answers in its place."),
            Self::Refused(refusal) => refusal.into_error(message, repository, family),
        }
    }
}

impl Refusal {
    fn into_error(self, message: String, repository: &Repository, family: &Family) -> Error {
        let permission = self.permissions.as_deref().map_or_else(
            || family.permission.to_owned(),
            |permissions| {
                let accepted = permissions.replace(';', " or ").replace('=', ": ");
                format!("the permission {accepted}")
            },
        );
        let own_repository_only = "GITHUB_TOKEN reaches only the repository it was made for; for another one pass a personal \
             access token or an App's token";
        let server = family.name;
        let (code, hint) = match self.status {
            _ if self.rate_limited => (
                Code::RateLimited,
                match self.wait {
                    Some(wait) => format!(
                        "Too many requests were made with this token; try again in {} s, when its limit is reset.",
                        Seconds(wait)
                    ),
                    None => "Too many requests were made with this token; try again when its limit is reset."
                        .to_owned(),
                },
            ),
            _ if self.is_final => (Code::Refused, refused_hint(&self.message)),
            401 => (
                Code::Unauthorized,
                "The token is wrong, expired or revoked, or belongs to another server than \u{1}api_url.".to_owned(),
            ),
            403 | 404 if let Some(hint) = hint_at(&self.message, family.refusals) => {
                (Code::Refused, hint.to_owned())
            }
            403 if let Some(page) = &self.sso => (
                Code::Forbidden,
                format!("Authorise the token for the organisation's single sign-on: {page}"),
            ),
            403 => (
                Code::Forbidden,
                format!("The token needs {permission} for {repository}. {own_repository_only}; an organisation \
                         may also have to approve it or to authorise it for SSO."),
            ),
            407 => (Code::Unreachable, HINT_OF_PROXIES.to_owned()),
            404 if !self.is_own => (Code::NotFound, hint_of_servers(repository)),
            404 => (
                Code::NotFound,
                format!("Check \u{1}owner, \u{1}repo and \u{1}workflow, that the workflow file is on the default branch, and that \
                         the token may see {repository}: {server} answers 404 for what a token may not see. \
                         {own_repository_only}."),
            ),
            413 => (Code::Refused, TOO_LARGE.to_owned()),
            400..500 if !self.is_own && hint_at(&self.message, &HINTS).is_none() => {
                (Code::Refused, hint_of_servers(repository))
            }
            400..500 => (Code::Refused, refused_hint(&self.message)),
            _ => (
                Code::ServerError,
                "The server failed to answer properly; try again later.".to_owned(),
            ),
        };
        Error::new(code, message).hint(hint).status(self.status)
    }
}

/// What to do where something else than the API says that there is nothing.
fn hint_of_servers(repository: &Repository) -> String {
    format!(
        "Check \u{1}api_url: it is the base URL of a REST API, as https://HOST/api/v3 on GitHub Enterprise Server and \
         https://HOST/api/v1 on Gitea. If it is right, check that {repository} is."
    )
}

/// What to do about a refused dispatch, by the server's own words.
fn refused_hint(message: &str) -> String {
    hint_at(message, &HINTS)
        .unwrap_or("The server refused the request as it is.")
        .to_owned()
}

fn hint_at(message: &str, hints: &[(&str, &'static str)]) -> Option<&'static str> {
    let hint = hints.iter().find(|(words, _)| message.contains(words));
    hint.map(|(_, hint)| *hint)
}

pub(super) const NO_SUCH_REF: &str = "The repository has no such branch or tag.";
const TOO_LARGE: &str = "Pass large data as an artifact or a file instead.";
pub(super) const DISABLED: &str = "Enable the workflow on the Actions page of its repository.";

/// By GitHub's words, and Gitea's.
const HINTS: [(&str, &str); 9] = [
    ("No ref found", NO_SUCH_REF),
    (
        "does not have 'workflow_dispatch' trigger",
        "Add workflow_dispatch to the receiver's on:, in the file at ref and on the default branch.",
    ),
    (
        "Unexpected inputs",
        "The receiver does not declare them under on.workflow_dispatch.inputs in the file at ref: declare them, or \
         leave them out of \u{1}workflow_inputs (the distinct ID's is named by \u{1}distinct_id_input).",
    ),
    (
        "failed to unmarshal workflow",
        "The workflow file at ref is not valid: mend it.",
    ),
    ("Required input", "Add it to \u{1}workflow_inputs."),
    (
        "not in the list of allowed values",
        "The receiver declares this input as a choice or a boolean: pass one of its options, or true or false.",
    ),
    ("disabled", DISABLED),
    (
        "properties are allowed",
        "This server takes fewer inputs (GHES before 3.20: 10, the distinct ID's included): combine some of them \
         into one, for example as JSON.",
    ),
    ("too large", TOO_LARGE),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::github::Server;
    use crate::settings::Software;

    fn github() -> &'static Family {
        Server::new(Software::GitHub).family()
    }

    fn refusal(status: u16, fields: &[(&str, &str)], body: &str) -> Refusal {
        let headers = fields
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        Refusal::read(status, &headers, body.as_bytes())
    }

    #[test]
    fn github_s_words_are_kept_on_one_line() {
        let refusal = refusal(
            422,
            &[],
            r#"{"message":"Invalid request.\n\nNo more","errors":[{"message":"a"},{"code":"b"}]}"#,
        );
        assert_eq!(refusal.message, "Invalid request. No more (a; b)");
    }

    #[test]
    fn a_refusal_says_how_long_to_wait_and_nothing_else_does() {
        let asks = refusal(429, &[("retry-after", "20")], "{}");
        assert_eq!(Failure::from(asks).wait(), Some(Duration::from_secs(20)));
        let asks_not = refusal(502, &[], "{}");
        assert_eq!(Failure::from(asks_not).wait(), None);
        assert_eq!(Failure::TooSlow.wait(), None);
    }

    #[test]
    fn a_page_of_a_proxy_is_not_printed() {
        let refusal = refusal(
            502,
            &[("content-type", "text/html; charset=x")],
            "<html>…</html>",
        );
        assert_eq!(
            refusal.message,
            "an answer of the type text/html, not GitHub's"
        );
    }

    #[test]
    fn rate_limits_are_told_from_missing_permissions() {
        assert!(refusal(429, &[], "{}").rate_limited);
        assert!(refusal(403, &[("x-ratelimit-remaining", "0")], "{}").rate_limited);
        assert!(refusal(403, &[("retry-after", "60")], "{}").rate_limited);
        assert!(
            refusal(
                403,
                &[],
                r#"{"message":"You have exceeded a secondary rate limit"}"#
            )
            .rate_limited
        );
        assert!(!refusal(403, &[("x-ratelimit-remaining", "7")], "{}").rate_limited);
    }

    #[test]
    fn a_missing_permission_is_named() {
        let repository = Repository {
            owner: "o".into(),
            name: "r".into(),
        };
        let refusal = refusal(
            403,
            &[("x-accepted-github-permissions", "actions=write")],
            r#"{"message":"no"}"#,
        );
        let error = Failure::from(refusal).into_error("dispatch", &repository, github());
        assert_eq!(error.code, Code::Forbidden);
        assert!(
            error
                .to_string()
                .contains("permission actions: write for o/r"),
            "{error}"
        );
    }

    #[test]
    fn only_proof_counts_as_proof() {
        let transport = |code: &str| {
            Failure::from(TransportError {
                message: "x".into(),
                code: Some(code.into()),
                ..TransportError::default()
            })
        };
        for code in ["ECONNREFUSED", "EHOSTUNREACH", "ENOTFOUND", "ECONNRESET"] {
            assert!(!transport(code).proves_nothing_happened(), "{code}");
        }
        let unconnected = TransportError {
            unconnected: true,
            ..TransportError::default()
        };
        assert!(Failure::from(unconnected).proves_nothing_happened());
        assert!(!Failure::Astray("a redirect".into()).proves_nothing_happened());
        assert!(!Failure::TooSlow.proves_nothing_happened());
        let proves = |status| Failure::from(refusal(status, &[], "{}")).proves_nothing_happened();
        assert!(proves(422) && proves(404) && proves(429));
        assert!(!proves(500) && !proves(502) && !proves(408) && !proves(303));
    }

    #[test]
    fn a_proxy_that_refuses_is_not_asked_again_and_nothing_happened() {
        let proxy = |code: &str| {
            Failure::from(TransportError {
                message: "the proxy http://proxy:3128 answered".into(),
                code: Some(code.into()),
                unconnected: true,
            })
        };
        for (code, passes) in [
            ("ERR_PROXY_407", false),
            ("ERR_PROXY_403", false),
            ("ERR_PROXY_UNSUPPORTED", false),
            ("ERR_PROXY_INVALID", false),
            ("ERR_PROXY_429", true),
            ("ERR_PROXY_502", true),
            ("ECONNRESET", true),
        ] {
            assert!(proxy(code).proves_nothing_happened(), "{code}");
            assert_eq!(proxy(code).is_transient(), passes, "{code}");
        }
        let repository = Repository {
            owner: "o".into(),
            name: "r".into(),
        };
        let answered =
            Failure::from(refusal(407, &[], "")).into_error("dispatch", &repository, github());
        for error in [
            proxy("ERR_PROXY_407").into_error("dispatch", &repository, github()),
            answered,
        ] {
            assert_eq!(error.code, Code::Unreachable);
            assert!(
                error
                    .to_string()
                    .contains("Check the proxy (https_proxy, http_proxy or no_proxy)"),
                "{error}"
            );
        }
    }

    #[test]
    fn an_answer_in_json_without_a_message_has_no_explanation() {
        let refusal = refusal(500, &[("content-type", "application/json")], "{");
        assert_eq!(refusal.message, "an answer without an explanation");
    }

    #[test]
    fn a_connection_that_failed_is_the_errors_cause() {
        let repository = Repository {
            owner: "o".into(),
            name: "r".into(),
        };
        for (code, unconnected, expected, hint) in [
            (
                "ECONNREFUSED",
                true,
                Code::Unreachable,
                "Nothing was dispatched",
            ),
            ("ECONNREFUSED", false, Code::ServerError, "try again"),
            ("ECONNRESET", false, Code::ServerError, "try again"),
        ] {
            let failure = Failure::from(TransportError {
                message: "x".into(),
                code: Some(code.into()),
                unconnected,
            });
            let error = failure.into_error("dispatch", &repository, github());
            assert_eq!(error.code, expected);
            assert!(error.to_string().contains(hint), "{error}");
            assert_eq!(error.cause.as_ref().unwrap().code.as_deref(), Some(code));
        }
    }

    #[test]
    fn a_name_that_is_not_known_is_told_from_other_failures() {
        let transport = |code: Option<&str>| {
            Failure::from(TransportError {
                message: "x".into(),
                code: code.map(Into::into),
                ..TransportError::default()
            })
        };
        assert!(transport(Some("ENOTFOUND")).is_unknown_host());
        assert!(!transport(Some("ECONNREFUSED")).is_unknown_host());
        assert!(!transport(None).is_unknown_host());
        assert!(!Failure::TooSlow.is_unknown_host());
    }
}
