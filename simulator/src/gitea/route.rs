//! From a path to an endpoint: `Routes` of `routers/api/v1/api.go`, so far as anybody here needs it.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use crate::profile::Gitea;

/// An endpoint of the API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Endpoint {
    Version,
    User,
    Repository,
    Workflows,
    Workflow(String),
    Dispatch(String),
    /// The runs of a workflow.
    RunsOf(String),
    Runs,
    Run(u64),
    Jobs(u64),
    Job(u64),
    JobLogs(u64),
    /// A file, described.
    Contents(String),
    /// A file itself.
    Raw(String),
}

/// A path that the API knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Route {
    /// Owner and name; none for what lies beneath no repository.
    pub(crate) repository: Option<(String, String)>,
    pub(crate) endpoint: Endpoint,
}

impl Route {
    /// The route of a path beneath the API's base URL, without the query.
    pub(crate) fn find(gitea: Gitea, method: &str, path: &str) -> Option<Self> {
        let segments: Vec<Cow<'_, str>> = path
            .strip_prefix('/')?
            .split('/')
            .map(|segment| percent_decode_str(segment).decode_utf8_lossy())
            .collect();
        let segments: Vec<&str> = segments.iter().map(AsRef::as_ref).collect();
        let (repository, endpoint) = match (method, segments.as_slice()) {
            ("GET", ["version"]) => (None, Endpoint::Version),
            ("GET", ["user"]) => (None, Endpoint::User),
            (_, ["repos", owner, name, rest @ ..]) => {
                let repository = ((*owner).to_owned(), (*name).to_owned());
                (Some(repository), beneath_repository(gitea, method, rest)?)
            }
            _ => return None,
        };
        Some(Self {
            repository,
            endpoint,
        })
    }

    /// The method that there is such a path for.
    pub(crate) fn method_of(gitea: Gitea, path: &str) -> Option<&'static str> {
        let mut methods = ["GET", "POST"].into_iter();
        methods.find(|method| Self::find(gitea, method, path).is_some())
    }
}

fn beneath_repository(gitea: Gitea, method: &str, rest: &[&str]) -> Option<Endpoint> {
    let owned = |text: &str| text.to_owned();
    Some(match (method, rest) {
        ("GET", []) => Endpoint::Repository,
        ("GET", ["contents", file @ ..]) if !file.is_empty() => Endpoint::Contents(file.join("/")),
        ("GET", ["raw", file @ ..]) if !file.is_empty() => Endpoint::Raw(file.join("/")),
        ("GET", ["actions", "workflows"]) => Endpoint::Workflows,
        ("GET", ["actions", "workflows", file]) => Endpoint::Workflow(owned(file)),
        ("POST", ["actions", "workflows", file, "dispatches"]) => Endpoint::Dispatch(owned(file)),
        ("GET", ["actions", "workflows", file, "runs"]) if gitea.has_attempts => {
            Endpoint::RunsOf(owned(file))
        }
        ("GET", ["actions", "runs"]) => Endpoint::Runs,
        ("GET", ["actions", "runs", run]) => Endpoint::Run(id(run)),
        ("GET", ["actions", "runs", run, "jobs"]) => Endpoint::Jobs(id(run)),
        ("GET", ["actions", "jobs", job]) => Endpoint::Job(id(job)),
        ("GET", ["actions", "jobs", job, "logs"]) => Endpoint::JobLogs(id(job)),
        _ => return None,
    })
}

/// What is no number counts as 0 (`PathParamInt64` of `services/context/base_path.go`).
fn id(segment: &str) -> u64 {
    segment.parse().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::{Family, Server};

    fn found(method: &str, path: &str) -> Option<Endpoint> {
        let Family::Gitea(gitea) = Server::Gitea126.profile().family else {
            return None;
        };
        Route::find(gitea, method, path).map(|route| route.endpoint)
    }

    #[test]
    fn a_workflow_is_named_by_its_file_even_if_that_looks_like_a_number() {
        let workflow = |name: &str| Some(Endpoint::Workflow(name.into()));
        let path = |name| format!("/repos/o/r/actions/workflows/{name}");
        assert_eq!(found("GET", &path("12")), workflow("12"));
        assert_eq!(
            found("GET", &path(".gitea%2Fworkflows%2Fci.yml")),
            workflow(".gitea/workflows/ci.yml")
        );
    }

    #[test]
    fn a_file_is_named_by_its_whole_path() {
        let contents = found("GET", "/repos/o/r/contents/.github/workflows/ci.yml");
        let path = ".github/workflows/ci.yml".to_owned();
        assert_eq!(contents, Some(Endpoint::Contents(path)));
        assert_eq!(found("GET", "/repos/o/r/contents"), None);
    }

    #[test]
    fn what_gitea_lacks_has_no_route() {
        for path in [
            "/meta",
            "/rate_limit",
            "/repos/o/r/actions/workflows/ci.yml/runs",
            "/repos/o/r/actions/runs/1/logs",
            "/repos/o/r/actions/runs/1/cancel",
        ] {
            assert_eq!(found("GET", path).or(found("POST", path)), None, "{path}");
        }
    }
}
