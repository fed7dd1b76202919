//! What a dispatch needs and the user may have left to be looked up: the
//! default branch, and the workflow behind a display name.

use futures_util::future::FutureExt;

use crate::error::{Code, Error};
use crate::github::{Client, Repeats, Workflow};
use crate::host::Host;
use crate::settings::{GitRef, Settings, WorkflowName};

/// Which workflow at which ref, ready to dispatch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// File name or ID, as one path segment.
    pub workflow: String,
    /// Path of its file, where that had to be looked up.
    pub path: Option<String>,
    /// Branch or tag.
    pub git_ref: GitRef,
}

impl Target {
    /// Looks up what the settings leave open; asks nothing where they don't.
    ///
    /// # Errors
    /// If the repository or the workflow cannot be found, or the name is ambiguous.
    pub async fn look_up<H: Host>(
        client: &Client<'_, H>,
        settings: &Settings,
    ) -> Result<Self, Error> {
        let (workflow, path) = match &settings.workflow {
            WorkflowName::Id(id) => (id.to_string(), None),
            WorkflowName::File(file) => (file.clone(), None),
            WorkflowName::Path(_) | WorkflowName::Display(_) => {
                // Boxed: what is seldom needed is a function of its own, which engines compile when it is.
                let found = find(client, settings).boxed_local().await?;
                (found.id, Some(found.path))
            }
        };
        let git_ref = match &settings.git_ref {
            Some(git_ref) => git_ref.clone(),
            None => default_branch(client).boxed_local().await?,
        };
        Ok(Self {
            workflow,
            path,
            git_ref,
        })
    }
}

async fn default_branch<H: Host>(client: &Client<'_, H>) -> Result<GitRef, Error> {
    let doing = "look up the default branch";
    let branch = client
        .persist(doing, Repeats::new(client.host()), async || {
            client.default_branch().await
        })
        .await
        .map_err(|failure| client.error(failure, doing))?;
    GitRef::parse(&branch)
}

/// The one workflow of exactly this name or path.
async fn find<H: Host>(client: &Client<'_, H>, settings: &Settings) -> Result<Workflow, Error> {
    let doing = "list the workflows";
    let workflows = client
        .persist(doing, Repeats::new(client.host()), async || {
            client.workflows().await
        })
        .await
        .map_err(|failure| client.error(failure, doing))?;
    let repository = &settings.repository;
    let name = &settings.workflow;
    let (what, is_meant): (_, fn(&Workflow, &WorkflowName) -> bool) = match name {
        WorkflowName::Path(_) => ("at", |workflow, name| {
            *name == WorkflowName::Path(workflow.path.clone())
        }),
        _ => ("of the name", |workflow, name| {
            *name == WorkflowName::Display(workflow.name.clone())
        }),
    };
    let matches: Vec<_> = workflows
        .iter()
        .filter(|workflow| is_meant(workflow, name))
        .collect();
    match matches.as_slice() {
        [only] => Ok((*only).clone()),
        [] => {
            let known: Vec<_> = workflows
                .iter()
                .take(20)
                .map(|workflow| format!("\"{}\" ({})", workflow.name, workflow.path))
                .collect();
            let known = if known.is_empty() {
                "It has no workflows that this token can see.".to_owned()
            } else {
                format!("It has: {}.", known.join(", "))
            };
            Err(Error::new(
                Code::NotFound,
                format!("{repository} has no workflow {what} \"{name}\""),
            )
            .hint(known))
        }
        several => {
            let files: Vec<_> = several
                .iter()
                .map(|workflow| workflow.path.as_str())
                .collect();
            Err(Error::invalid(
                "workflow",
                format_args!(
                    "\"{name}\" is the name of {} workflows in {repository}: {}",
                    files.len(),
                    files.join(", ")
                ),
                "Give the file name of the one you mean.",
            ))
        }
    }
}
