//! From a path to an endpoint.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

/// An endpoint of the API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Endpoint {
    Meta,
    User,
    RateLimit,
    Repository,
    Workflows,
    Workflow(WorkflowKey),
    Dispatch(WorkflowKey),
    WorkflowRuns(WorkflowKey),
    Runs,
    Run(RunKey),
    Jobs(RunKey),
    RunLogs(RunKey),
    Artifacts(u64),
    PendingDeployments(u64),
    Cancel { run: u64, force: bool },
    Job(u64),
    JobLogs(u64),
    Annotations(u64),
}

/// How a path names a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RunKey {
    pub(crate) id: u64,
    /// The number of an attempt; none: the latest.
    pub(crate) attempt: Option<u32>,
}

/// How a path names a workflow: `01-build.yml` is a file name, not the number 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum WorkflowKey {
    Id(u64),
    File(String),
}

/// A path that the API knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Route {
    /// Owner and name; none for what lies beneath no repository, such as `/meta`.
    pub(crate) repository: Option<(String, String)>,
    pub(crate) endpoint: Endpoint,
}

/// Makes an endpoint of what a path has in the places of a template's parameters, after owner and
/// name.
type Made = fn(&[&str]) -> Option<Endpoint>;

/// Every operation that the API knows: the method, the path as GitHub describes it, and the
/// endpoint.
const ROUTES: &[(&str, &str, Made)] = &[
    ("GET", "/meta", |_| Some(Endpoint::Meta)),
    ("GET", "/user", |_| Some(Endpoint::User)),
    ("GET", "/rate_limit", |_| Some(Endpoint::RateLimit)),
    ("GET", "/repos/{owner}/{repo}", |_| {
        Some(Endpoint::Repository)
    }),
    ("GET", "/repos/{owner}/{repo}/actions/workflows", |_| {
        Some(Endpoint::Workflows)
    }),
    (
        "GET",
        "/repos/{owner}/{repo}/actions/workflows/{workflow_id}",
        |of| Some(Endpoint::Workflow(workflow_key(of[0]))),
    ),
    (
        "GET",
        "/repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs",
        |of| Some(Endpoint::WorkflowRuns(workflow_key(of[0]))),
    ),
    (
        "POST",
        "/repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches",
        |of| Some(Endpoint::Dispatch(workflow_key(of[0]))),
    ),
    ("GET", "/repos/{owner}/{repo}/actions/runs", |_| {
        Some(Endpoint::Runs)
    }),
    ("GET", "/repos/{owner}/{repo}/actions/runs/{run_id}", |of| {
        Some(Endpoint::Run(latest(of[0])?))
    }),
    (
        "GET",
        "/repos/{owner}/{repo}/actions/runs/{run_id}/jobs",
        |of| Some(Endpoint::Jobs(latest(of[0])?)),
    ),
    (
        "GET",
        "/repos/{owner}/{repo}/actions/runs/{run_id}/logs",
        |of| Some(Endpoint::RunLogs(latest(of[0])?)),
    ),
    (
        "GET",
        "/repos/{owner}/{repo}/actions/runs/{run_id}/attempts/{attempt_number}",
        |of| Some(Endpoint::Run(attempt(of)?)),
    ),
    (
        "GET",
        "/repos/{owner}/{repo}/actions/runs/{run_id}/attempts/{attempt_number}/jobs",
        |of| Some(Endpoint::Jobs(attempt(of)?)),
    ),
    (
        "GET",
        "/repos/{owner}/{repo}/actions/runs/{run_id}/attempts/{attempt_number}/logs",
        |of| Some(Endpoint::RunLogs(attempt(of)?)),
    ),
    (
        "GET",
        "/repos/{owner}/{repo}/actions/runs/{run_id}/artifacts",
        |of| Some(Endpoint::Artifacts(id(of[0])?)),
    ),
    (
        "GET",
        "/repos/{owner}/{repo}/actions/runs/{run_id}/pending_deployments",
        |of| Some(Endpoint::PendingDeployments(id(of[0])?)),
    ),
    (
        "POST",
        "/repos/{owner}/{repo}/actions/runs/{run_id}/cancel",
        |of| {
            Some(Endpoint::Cancel {
                run: id(of[0])?,
                force: false,
            })
        },
    ),
    (
        "POST",
        "/repos/{owner}/{repo}/actions/runs/{run_id}/force-cancel",
        |of| {
            Some(Endpoint::Cancel {
                run: id(of[0])?,
                force: true,
            })
        },
    ),
    ("GET", "/repos/{owner}/{repo}/actions/jobs/{job_id}", |of| {
        Some(Endpoint::Job(id(of[0])?))
    }),
    (
        "GET",
        "/repos/{owner}/{repo}/actions/jobs/{job_id}/logs",
        |of| Some(Endpoint::JobLogs(id(of[0])?)),
    ),
    (
        "GET",
        "/repos/{owner}/{repo}/check-runs/{check_run_id}/annotations",
        |of| Some(Endpoint::Annotations(id(of[0])?)),
    ),
];

/// Every operation that the API knows: its method, and its path as GitHub describes it.
pub fn operations() -> impl Iterator<Item = (&'static str, &'static str)> {
    ROUTES.iter().map(|(method, path, _)| (*method, *path))
}

impl Route {
    /// The route of a path beneath the API's base URL, without the query.
    pub(crate) fn find(method: &str, path: &str) -> Option<Self> {
        let segments: Vec<Cow<'_, str>> = path
            .trim_matches('/')
            .split('/')
            .map(|segment| percent_decode_str(segment).decode_utf8_lossy())
            .collect();
        let segments: Vec<&str> = segments.iter().map(AsRef::as_ref).collect();
        ROUTES
            .iter()
            .filter(|(known, _, _)| *known == method)
            .find_map(|(_, template, made)| {
                let parameters = parameters(template, &segments)?;
                let (repository, rest) = match parameters.as_slice() {
                    [owner, name, rest @ ..] => {
                        (Some(((*owner).to_owned(), (*name).to_owned())), rest)
                    }
                    _ => (None, &[][..]),
                };
                Some(Self {
                    repository,
                    endpoint: made(rest)?,
                })
            })
    }
}

/// What a path has in the places of a template's parameters; none if it does not fit.
fn parameters<'a>(template: &str, segments: &[&'a str]) -> Option<Vec<&'a str>> {
    let mut parameters = Vec::new();
    let mut given = segments.iter();
    for expected in template.trim_start_matches('/').split('/') {
        let segment = *given.next()?;
        if expected.starts_with('{') {
            parameters.push(segment);
        } else if segment != expected {
            return None;
        }
    }
    given.next().is_none().then_some(parameters)
}

fn id(segment: &str) -> Option<u64> {
    segment.parse().ok()
}

fn latest(segment: &str) -> Option<RunKey> {
    Some(RunKey {
        id: id(segment)?,
        attempt: None,
    })
}

/// A run's ID and the number of an attempt.
fn attempt(segments: &[&str]) -> Option<RunKey> {
    let [run, number] = segments else { return None };
    Some(RunKey {
        id: id(run)?,
        attempt: Some(number.parse().ok()?),
    })
}

fn workflow_key(segment: &str) -> WorkflowKey {
    segment
        .parse()
        .map_or_else(|_| WorkflowKey::File(segment.into()), WorkflowKey::Id)
}

impl Endpoint {
    /// The endpoint's place in GitHub's documentation, for errors.
    pub(crate) fn documentation(&self) -> &'static str {
        match self {
            Self::Meta => "rest/meta/meta#get-github-meta-information",
            Self::User => "rest/users/users#get-the-authenticated-user",
            Self::RateLimit => {
                "rest/rate-limit/rate-limit#get-rate-limit-status-for-the-authenticated-user"
            }
            Self::Repository => "rest/repos/repos#get-a-repository",
            Self::Workflows => "rest/actions/workflows#list-repository-workflows",
            Self::Workflow(_) => "rest/actions/workflows#get-a-workflow",
            Self::Dispatch(_) => "rest/actions/workflows#create-a-workflow-dispatch-event",
            Self::WorkflowRuns(_) => "rest/actions/workflow-runs#list-workflow-runs-for-a-workflow",
            Self::Runs => "rest/actions/workflow-runs#list-workflow-runs-for-a-repository",
            Self::Run(RunKey { attempt: None, .. }) => {
                "rest/actions/workflow-runs#get-a-workflow-run"
            }
            Self::Run(_) => "rest/actions/workflow-runs#get-a-workflow-run-attempt",
            Self::Jobs(RunKey { attempt: None, .. }) => {
                "rest/actions/workflow-jobs#list-jobs-for-a-workflow-run"
            }
            Self::Jobs(_) => "rest/actions/workflow-jobs#list-jobs-for-a-workflow-run-attempt",
            Self::RunLogs(RunKey { attempt: None, .. }) => {
                "rest/actions/workflow-runs#download-workflow-run-logs"
            }
            Self::RunLogs(_) => "rest/actions/workflow-runs#download-workflow-run-attempt-logs",
            Self::Artifacts(_) => "rest/actions/artifacts#list-workflow-run-artifacts",
            Self::PendingDeployments(_) => {
                "rest/actions/workflow-runs#get-pending-deployments-for-a-workflow-run"
            }
            Self::Cancel { force: false, .. } => "rest/actions/workflow-runs#cancel-a-workflow-run",
            Self::Cancel { force: true, .. } => {
                "rest/actions/workflow-runs#force-cancel-a-workflow-run"
            }
            Self::Job(_) => "rest/actions/workflow-jobs#get-a-job-for-a-workflow-run",
            Self::JobLogs(_) => "rest/actions/workflow-jobs#download-job-logs-for-a-workflow-run",
            Self::Annotations(_) => "rest/checks/runs#list-check-run-annotations",
        }
    }

    /// The permission that it needs, for `x-accepted-github-permissions`.
    pub(crate) fn permission(&self) -> Option<&'static str> {
        match self {
            Self::Meta | Self::User | Self::RateLimit => None,
            Self::Repository => Some("metadata=read"),
            Self::Annotations(_) => Some("checks=read"),
            Self::Dispatch(_) | Self::Cancel { .. } => Some("actions=write"),
            _ => Some("actions=read"),
        }
    }

    pub(crate) fn writes(&self) -> bool {
        self.permission() == Some("actions=write")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(method: &str, path: &str) -> Option<Endpoint> {
        Route::find(method, path).map(|route| route.endpoint)
    }

    #[test]
    fn a_workflow_is_named_by_its_id_or_its_file() {
        let dispatch = |key| {
            found(
                "POST",
                &format!("/repos/o/r/actions/workflows/{key}/dispatches"),
            )
        };
        let file = |name: &str| Some(Endpoint::Dispatch(WorkflowKey::File(name.into())));
        assert_eq!(
            dispatch("12"),
            Some(Endpoint::Dispatch(WorkflowKey::Id(12)))
        );
        assert_eq!(dispatch("01-build.yml"), file("01-build.yml"));
        assert_eq!(dispatch("a%20b.yml"), file("a b.yml"));
    }

    #[test]
    fn what_the_api_does_not_know_has_no_route() {
        assert_eq!(found("GET", "/nothing"), None);
        assert_eq!(found("GET", "/repos/o/r/actions/runs/none"), None);
        assert_eq!(found("PUT", "/repos/o/r/actions/runs/1/cancel"), None);
        assert_eq!(found("GET", "/repos/o/r/actions/runs/1/attempts/x"), None);
    }

    #[test]
    fn a_run_is_named_by_its_id_and_an_attempt_by_its_number() {
        let key = |attempt| RunKey { id: 1, attempt };
        assert_eq!(
            found("GET", "/repos/o/r/actions/runs/1/jobs"),
            Some(Endpoint::Jobs(key(None)))
        );
        assert_eq!(
            found("GET", "/repos/o/r/actions/runs/1/attempts/2/jobs"),
            Some(Endpoint::Jobs(key(Some(2))))
        );
    }
}
