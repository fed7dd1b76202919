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
        // Boxed: what is seldom needed is a function of its own, which engines compile when it is.
        let workflow = match &settings.workflow {
            WorkflowName::Id(id) => id.to_string(),
            WorkflowName::File(file) => file.clone(),
            WorkflowName::Display(name) => {
                let id = id_by_name(client, name, settings);
                id.boxed_local().await?.to_string()
            }
        };
        let git_ref = match &settings.git_ref {
            Some(git_ref) => git_ref.clone(),
            None => default_branch(client).boxed_local().await?,
        };
        Ok(Self { workflow, git_ref })
    }
}

async fn default_branch<H: Host>(client: &Client<'_, H>) -> Result<GitRef, Error> {
    let doing = "look up the default branch";
    let branch = client
        .persist(doing, Repeats::new(client.host()), async || {
            client.default_branch().await
        })
        .await
        .map_err(|failure| failure.into_error(doing, client.repository()))?;
    GitRef::parse(&branch)
}

async fn id_by_name<H: Host>(
    client: &Client<'_, H>,
    name: &str,
    settings: &Settings,
) -> Result<u64, Error> {
    let doing = "list the workflows";
    let workflows = client
        .persist(doing, Repeats::new(client.host()), async || {
            client.workflows().await
        })
        .await
        .map_err(|failure| failure.into_error(doing, client.repository()))?;
    by_name(&workflows, name, settings).map(|workflow| workflow.id)
}

/// The one workflow of exactly this name.
fn by_name<'w>(
    workflows: &'w [Workflow],
    name: &str,
    settings: &Settings,
) -> Result<&'w Workflow, Error> {
    let repository = &settings.repository;
    let matches: Vec<_> = workflows
        .iter()
        .filter(|workflow| workflow.name == name)
        .collect();
    match matches.as_slice() {
        [only] => Ok(only),
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
                format!("{repository} has no workflow of the name \"{name}\""),
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
