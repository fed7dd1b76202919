//! What the program sends, and what it is answered, is as GitHub describes it.
//!
//! The calls of all other tests are held against the description as well (`support/fidelity.rs`);
//! this one makes sure that every way of going about it is there on every server, and that the
//! differences it rests on are those that are known.

use std::collections::BTreeSet;

use crate::support::{Ended, Shown, crowd, run, scenario};
use simulator::{Server, Workflow, WorkflowState};

/// Calls every receiver, also by its name and its ID, and among many others.
fn calls(server: Server) -> Vec<Ended> {
    let mut all = Vec::new();
    for shown in Shown::FINDABLE {
        all.push(run(scenario(server, shown.receiver()), |_| {}));
        let busy = scenario(server, shown.receiver()).with_crowd(crowd(120, 120, 5.0));
        all.push(run(busy, |inputs| {
            inputs.workflow_inputs = "environment: a/b & c=d".into();
        }));
    }
    for name in ["ci.yml", ".github/workflows/ci.yml", "The receiver"] {
        for git_ref in ["", "v1", "refs/heads/next"] {
            let mut receiver = Shown::InTitle.receiver();
            receiver.name = Some("The receiver".into());
            all.push(run(scenario(server, receiver), |inputs| {
                inputs.workflow = name.into();
                inputs.r#ref = git_ref.into();
            }));
        }
    }
    for ended in &all {
        ended.identified();
    }
    all
}

/// Calls what cannot be called.
fn refusals(server: Server) -> Vec<Ended> {
    let mut disabled = Shown::InTitle.receiver();
    disabled.state = WorkflowState::DisabledManually;
    let receiver = || scenario(server, Shown::InTitle.receiver());
    let mut hidden = receiver();
    hidden.tokens[0].can_read = false;
    let mut read_only = receiver();
    read_only.tokens[0].can_write = false;
    let all = vec![
        run(scenario(server, disabled), |_| {}),
        run(hidden, |_| {}),
        run(read_only, |_| {}),
        run(receiver(), |inputs| inputs.token = "ghs_other".into()),
        run(receiver(), |inputs| inputs.r#ref = "gone".into()),
        run(receiver(), |inputs| inputs.workflow = "gone.yml".into()),
        run(receiver(), |inputs| inputs.workflow = "Not there".into()),
        run(receiver(), |inputs| inputs.repo = "octo/nowhere".into()),
        run(receiver(), |inputs| {
            inputs.workflow_inputs = "colour: red".into();
        }),
        run(scenario(server, Workflow::new("ci.yml")), |inputs| {
            let many: Vec<_> = (0..30).map(|number| format!("i{number}: x\n")).collect();
            inputs.workflow_inputs = many.concat().as_str().into();
        }),
    ];
    for ended in &all {
        ended.error();
    }
    all
}

fn met(calls: &[Ended]) -> BTreeSet<&'static str> {
    let all = calls.iter().flat_map(|ended| &ended.differences);
    all.copied().collect()
}

#[test]
fn a_server_that_names_the_run_is_asked_in_its_version_only() {
    for server in [Server::GitHubCom, Server::Ghes321] {
        let met = met(&calls(server));
        let version = "run details come with version 2026-03-10, or where they are asked for";
        assert_eq!(met, BTreeSet::from([version]));
    }
}

#[test]
fn an_older_server_is_polled_by_conditional_requests_and_no_search() {
    for server in [Server::Ghes320, Server::Ghes319] {
        let met = met(&calls(server));
        for difference in [
            "400 for a version that the server does not know",
            "304 where the client has it already",
        ] {
            assert!(met.contains(difference), "{difference:?} in {met:?}");
        }
        assert!(
            !met.contains("created takes a search, not a date"),
            "{met:?}"
        );
    }
}

#[test]
fn refusals_are_those_that_are_known() {
    for server in Server::GITHUBS {
        let met = met(&refusals(server));
        for difference in [
            "401 for a token that is not known",
            "403 for a token that may not write",
            "404 for what is not there, or must not be seen",
            "422 for a dispatch that is refused",
        ] {
            assert!(met.contains(difference), "{difference:?} in {met:?}");
        }
    }
}
