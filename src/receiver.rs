//! Whether the receiver takes the distinct ID, where the server would drop it without
//! a word: then it has to be known before anything is dispatched.

use std::time::Duration;

use futures_util::future::FutureExt;

use crate::dispatch::receiver_unprepared;
use crate::error::Error;
use crate::github::{Client, Failure, Repeats};
use crate::host::Host;
use crate::identify::Search;
use crate::target::Target;

/// A list of runs that is not there before the dispatch is asked for again for so long, if the run
/// could not be found without.
const PASSES_WITHIN: Duration = Duration::from_secs(45);

/// Finds out whether the server answers a dispatch with its run, and what runs there were
/// before. Where it does not, makes sure that the run can be found by the ID in this
/// input: that the workflow declares it.
///
/// What cannot be read is taken for well: the dispatch itself will tell.
///
/// # Errors
/// If the run could not be found.
pub async fn look_ahead<H: Host>(
    client: &Client<'_, H>,
    target: &Target,
    id_input: Option<&str>,
    search: &mut Search<'_, '_, H>,
) -> Result<(), Error> {
    let repeats = Repeats::new(client.host());
    let doing = "ask for the server's release";
    let learning = client.persist(doing, repeats, async || client.learn_release().await);
    if let Err(failure) = learning.await {
        client.note(doing, &failure);
    }
    let Some(input) = id_input else {
        return Ok(());
    };
    let is_needed = !client.server().returns_run_ids();
    if is_needed
        && let Some(file) = workflow_file(client, target).await
        && !declares(&file, input)
    {
        return Err(receiver_unprepared(input));
    }
    // Should the dispatch get no clear answer, this tells as well which runs are none of it.
    let doing = "list the runs";
    match newest_run(client, doing, is_needed).await {
        Ok(newest) => search.comes_after(newest),
        Err(failure) if is_needed && !failure.is_transient() => {
            return Err(could_not_be_found(client, failure, doing));
        }
        Err(failure) => client.note(doing, &failure),
    }
    Ok(())
}

/// Notes the newest run before the dispatch, where its run has to be found by an ID that other calls may
/// share: theirs may be listed first. No run up to that is this call's, whatever clocks say.
///
/// # Errors
/// If runs cannot be listed.
pub async fn note_newest_before<H: Host>(
    client: &Client<'_, H>,
    search: &mut Search<'_, '_, H>,
) -> Result<(), Error> {
    if client.server().returns_run_ids() || !search.needs_newest_before() {
        return Ok(());
    }
    let doing = "list the runs";
    let newest = newest_run(client, doing, true).boxed_local().await;
    search.comes_after(newest.map_err(|failure| could_not_be_found(client, failure, doing))?);
    Ok(())
}

fn could_not_be_found<H: Host>(client: &Client<'_, H>, failure: Failure, doing: &str) -> Error {
    let error = client.error(failure, doing);
    let message = format!(
        "Nothing was dispatched, as its run could not be found. {}",
        error.message
    );
    error.message(message)
}

/// The newest run of the repository. A 404 may pass; it is tried again for a while.
async fn newest_run<H: Host>(
    client: &Client<'_, H>,
    doing: &str,
    is_needed: bool,
) -> Result<Option<u64>, Failure> {
    let host = client.host();
    let began = host.now();
    let mut repeats = Repeats::about_something_new(host);
    loop {
        let failure = match client.newest_run().await {
            Ok(newest) => return Ok(newest),
            Err(failure) => failure,
        };
        let is_over = !is_needed || host.now() - began >= PASSES_WITHIN;
        if failure.is_not_yet() && is_over {
            return Err(failure);
        }
        repeats.wait(client, doing, failure).await?;
    }
}

/// The text of the workflow at the ref; `None` where it is not to be had.
async fn workflow_file<H: Host>(client: &Client<'_, H>, target: &Target) -> Option<String> {
    let folders = client.family().workflow_folders.iter();
    let paths = match &target.path {
        Some(path) => vec![path.clone()],
        None => folders
            .map(|folder| format!("{folder}/{}", target.workflow))
            .collect(),
    };
    let git_ref = target.git_ref.as_wire();
    for path in paths {
        let doing = format!("read {path}");
        // The token need not be one that may read files: the dispatch needs no such permission.
        let repeats = Repeats::unless_denied(client.host());
        let reading = client.persist(&doing, repeats, async || client.file(&path, git_ref).await);
        match reading.await {
            Ok(file) => return Some(String::from_utf8_lossy(&file).into_owned()),
            Err(failure) if failure.is_not_yet() => {}
            Err(failure) => {
                client.note(&doing, &failure);
                return None;
            }
        }
    }
    None
}

/// Whether a workflow declares an input of its dispatch. In doubt, it does.
fn declares(workflow: &str, input: &str) -> bool {
    let lines: Vec<&str> = workflow
        .lines()
        .filter(|line| !line.trim_start().starts_with('#'))
        .collect();
    // Other lines may speak of it, too.
    let named = (0..lines.len()).filter(|at| lines[*at].contains("workflow_dispatch"));
    named
        .flat_map(|at| part_at(&lines, at))
        .any(|line| has_key(line, input) || line.contains('*') || line.contains("<<"))
}

/// The lines of what begins in this one: those that are further in, or up to the bracket
/// that closes what it opens.
fn part_at<'l>(lines: &'l [&'l str], at: usize) -> &'l [&'l str] {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let brackets = |line: &str| {
        line.chars().fold(0, |open, c| match c {
            '{' | '[' => open + 1,
            '}' | ']' => open - 1,
            _ => open,
        })
    };
    let mut open = brackets(lines[at]);
    let rest = lines[at + 1..].iter().take_while(|line| {
        let belongs = open > 0 || line.trim().is_empty() || indent(line) > indent(lines[at]);
        open += brackets(line);
        belongs
    });
    &lines[at..=at + rest.count()]
}

/// Whether this name stands in a line as that of a field.
fn has_key(line: &str, name: &str) -> bool {
    line.match_indices(name).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + name.len()..]
            .trim_start_matches(['"', '\''])
            .trim_start();
        before.is_none_or(|c| c.is_whitespace() || "{,\"'".contains(c)) && after.starts_with(':')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_input_may_be_declared_in_many_ways() {
        for workflow in [
            "on:\n  workflow_dispatch:\n    inputs:\n      distinct_id:\n",
            "name: by workflow_dispatch\non:\n  workflow_dispatch:\n    inputs:\n      distinct_id:\n",
            "on:\n  push:\n  workflow_dispatch:\n    inputs:\n\n      # the ID\n      greeting: {}\n      distinct_id: { required: false }\njobs: {}\n",
            "\"on\":\r\n  \"workflow_dispatch\":\r\n    inputs:\r\n      'distinct_id' : {}\r\n",
            "on: { workflow_dispatch: { inputs: { distinct_id: {} } } }\n",
            "on: {\n workflow_dispatch: {\n inputs: {\n distinct_id: {}\n} } }\n",
            "on:\n  workflow_dispatch: { inputs: { greeting: {}, \"distinct_id\": {} } }\n",
            "on:\n  workflow_dispatch:\n    inputs: *common\n",
            "on:\n  workflow_dispatch:\n    inputs:\n      <<: *common\n",
        ] {
            assert!(declares(workflow, "distinct_id"), "{workflow}");
        }
    }

    #[test]
    fn what_stands_elsewhere_declares_nothing() {
        for workflow in [
            "",
            "on: workflow_dispatch\nenv:\n  distinct_id: 1\n",
            "on: [push, workflow_dispatch]\njobs:\n  a:\n    env:\n      distinct_id: 1\n",
            "on:\n  workflow_dispatch:\n  workflow_call:\n    inputs:\n      distinct_id: {}\n",
            "on:\n  workflow_dispatch:\n    inputs:\n      distinct_id2: {}\n      my_distinct_id: {}\n",
            "on:\n  workflow_dispatch:\n    inputs:\n      # distinct_id: {}\n      id:\n        description: the distinct_id\n",
            "on:\n  workflow_call:\n    inputs:\n      distinct_id: {}\n",
            "on: { workflow_dispatch: {} }\nenv: { distinct_id: 1 }\n",
        ] {
            assert!(!declares(workflow, "distinct_id"), "{workflow}");
        }
    }
}
