//! From a path to an endpoint.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

/// An endpoint of the API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Endpoint {
    Meta,
    Repository,
    Workflows,
    Workflow(WorkflowKey),
    Dispatch(WorkflowKey),
    WorkflowRuns(WorkflowKey),
    Runs,
    Run(u64),
    Jobs(u64),
    RunLogs(u64),
    Cancel { run: u64, force: bool },
    Job(u64),
    JobLogs(u64),
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
    /// Owner and name; none for `/meta`.
    pub(crate) repository: Option<(String, String)>,
    pub(crate) endpoint: Endpoint,
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
        let (owner, name, rest) = match segments.as_slice() {
            ["meta"] if method == "GET" => {
                return Some(Self {
                    repository: None,
                    endpoint: Endpoint::Meta,
                });
            }
            ["repos", owner, name, rest @ ..] => (*owner, *name, rest),
            _ => return None,
        };
        Some(Self {
            repository: Some((owner.into(), name.into())),
            endpoint: endpoint(method, rest)?,
        })
    }
}

fn endpoint(method: &str, path: &[&str]) -> Option<Endpoint> {
    let run = |id: &str| id.parse::<u64>().ok();
    Some(match (method, path) {
        ("GET", []) => Endpoint::Repository,
        ("GET", ["actions", "workflows"]) => Endpoint::Workflows,
        ("GET", ["actions", "workflows", key]) => Endpoint::Workflow(workflow_key(key)),
        ("GET", ["actions", "workflows", key, "runs"]) => Endpoint::WorkflowRuns(workflow_key(key)),
        ("POST", ["actions", "workflows", key, "dispatches"]) => {
            Endpoint::Dispatch(workflow_key(key))
        }
        ("GET", ["actions", "runs"]) => Endpoint::Runs,
        // Nothing here is ever re-run, so the first attempt is the only one.
        ("GET", ["actions", "runs", id] | ["actions", "runs", id, "attempts", "1"]) => {
            Endpoint::Run(run(id)?)
        }
        (
            "GET",
            ["actions", "runs", id, "jobs"] | ["actions", "runs", id, "attempts", "1", "jobs"],
        ) => Endpoint::Jobs(run(id)?),
        (
            "GET",
            ["actions", "runs", id, "logs"] | ["actions", "runs", id, "attempts", "1", "logs"],
        ) => Endpoint::RunLogs(run(id)?),
        ("POST", ["actions", "runs", id, "cancel"]) => Endpoint::Cancel {
            run: run(id)?,
            force: false,
        },
        ("POST", ["actions", "runs", id, "force-cancel"]) => Endpoint::Cancel {
            run: run(id)?,
            force: true,
        },
        ("GET", ["actions", "jobs", id]) => Endpoint::Job(run(id)?),
        ("GET", ["actions", "jobs", id, "logs"]) => Endpoint::JobLogs(run(id)?),
        _ => return None,
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
            Self::Repository => "rest/repos/repos#get-a-repository",
            Self::Workflows => "rest/actions/workflows#list-repository-workflows",
            Self::Workflow(_) => "rest/actions/workflows#get-a-workflow",
            Self::Dispatch(_) => "rest/actions/workflows#create-a-workflow-dispatch-event",
            Self::WorkflowRuns(_) => "rest/actions/workflow-runs#list-workflow-runs-for-a-workflow",
            Self::Runs => "rest/actions/workflow-runs#list-workflow-runs-for-a-repository",
            Self::Run(_) => "rest/actions/workflow-runs#get-a-workflow-run",
            Self::Jobs(_) => "rest/actions/workflow-jobs#list-jobs-for-a-workflow-run",
            Self::RunLogs(_) => "rest/actions/workflow-runs#download-workflow-run-logs",
            Self::Cancel { force: false, .. } => "rest/actions/workflow-runs#cancel-a-workflow-run",
            Self::Cancel { force: true, .. } => {
                "rest/actions/workflow-runs#force-cancel-a-workflow-run"
            }
            Self::Job(_) => "rest/actions/workflow-jobs#get-a-job-for-a-workflow-run",
            Self::JobLogs(_) => "rest/actions/workflow-jobs#download-job-logs-for-a-workflow-run",
        }
    }

    /// The permission that it needs, for `x-accepted-github-permissions`.
    pub(crate) fn permission(&self) -> Option<&'static str> {
        match self {
            Self::Meta => None,
            Self::Repository => Some("metadata=read"),
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
        assert_eq!(
            found("GET", "/repos/o/r/actions/runs/1/attempts/2/jobs"),
            None
        );
    }
}
