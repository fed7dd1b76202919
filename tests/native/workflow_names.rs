//! A workflow is named exactly: never by a part of its name, never beyond its
//! repository.

use crate::support::{Shown, run, scenario};
use return_dispatch::Code;
use simulator::{Scenario, Server, Workflow};

fn with_workflows(files: &[(&str, Option<&str>)]) -> Scenario {
    let workflows: Vec<_> = files
        .iter()
        .map(|(file, name)| Workflow {
            file: (*file).to_owned(),
            name: name.map(str::to_owned),
            ..Shown::InLog.receiver()
        })
        .collect();
    scenario(Server::GitHubCom, Shown::InLog.receiver()).with_workflows(workflows)
}

fn dispatched_file(scenario: Scenario, workflow: &str) -> String {
    let mut ended = run(scenario, |inputs| inputs.workflow = workflow.into());
    ended.assert_right("response");
    ended.only_run().workflow
}

#[test]
fn a_file_is_not_another_file_that_ends_alike() {
    let both = || with_workflows(&[("nightly-ci.yml", None), ("ci.yml", None)]);
    assert_eq!(dispatched_file(both(), "ci.yml"), "ci.yml");
    assert_eq!(
        dispatched_file(both(), ".github/workflows/ci.yml"),
        "ci.yml"
    );
    let mut ended = run(with_workflows(&[("nightly-ci.yml", None)]), |_| {});
    assert_eq!(ended.error().code, Code::NotFound);
    assert_eq!(ended.dispatched().len(), 0);
}

#[test]
fn a_file_that_begins_with_a_number_is_a_file() {
    let mut both = with_workflows(&[("first.yml", None), ("01-build.yml", None)]);
    both.repositories[0].workflows[0].id = Some(1);
    assert_eq!(
        dispatched_file(both.clone(), "01-build.yml"),
        "01-build.yml"
    );
    assert_eq!(dispatched_file(both, "1"), "first.yml");
}

#[test]
fn names_with_spaces_and_other_letters_reach_their_own_workflow() {
    for file in [
        "a b.yml",
        "größe.yml",
        "a%2Fb.yml",
        "x?y#z.yaml",
        "a..b.yml",
    ] {
        let both = with_workflows(&[("b.yml", None), (file, None)]);
        assert_eq!(dispatched_file(both, file), file);
    }
}

#[test]
fn a_display_name_is_resolved_exactly() {
    let several = || {
        with_workflows(&[
            ("ci.yml", Some("Build")),
            ("nightly.yml", Some("Build nightly")),
            ("deploy.yml", Some("Build / deploy.yml")),
        ])
    };
    assert_eq!(dispatched_file(several(), "Build"), "ci.yml");
    assert_eq!(
        dispatched_file(several(), "Build / deploy.yml"),
        "deploy.yml"
    );
    let mut ended = run(several(), |inputs| inputs.workflow = "build".into());
    assert_eq!(ended.error().code, Code::NotFound);
    assert!(
        ended
            .error()
            .to_string()
            .contains("\"Build\" (.github/workflows/ci.yml)"),
        "{}",
        ended.error()
    );
    assert_eq!(ended.dispatched().len(), 0);
}

#[test]
fn a_name_that_two_workflows_have_is_an_error_that_lists_both() {
    let mut ended = run(
        with_workflows(&[("a.yml", Some("Build")), ("b.yml", Some("Build"))]),
        |inputs| {
            inputs.workflow = "Build".into();
        },
    );
    assert_eq!(ended.error().code, Code::InvalidInput);
    let message = ended.error().to_string();
    assert!(
        message.contains(".github/workflows/a.yml, .github/workflows/b.yml"),
        "{message}"
    );
    assert_eq!(ended.dispatched().len(), 0);
}

#[test]
fn no_name_reaches_another_url() {
    for name in [
        "..",
        "../x",
        "../../../other/repo/actions/workflows/ci.yml",
        "ci.yml/../nightly.yml",
        ".",
        "%2e%2e",
    ] {
        let mut ended = run(with_workflows(&[("ci.yml", None)]), |inputs| {
            inputs.workflow = name.into();
        });
        assert!(ended.result.is_err(), "{name}");
        assert_eq!(ended.dispatched().len(), 0);
        for request in ended.github.requests() {
            assert!(
                request
                    .path
                    .starts_with("/repos/octo/receiver/actions/workflows"),
                "{}",
                request.path
            );
            assert!(!request.path.contains(".."), "{}", request.path);
        }
    }
}

#[test]
fn a_display_name_on_a_later_page_is_found() {
    let ws = (0..150).map(|i| Workflow {
        file: format!("w{i}.yml"),
        name: Some(format!("W {i}")),
        ..Shown::InLog.receiver()
    });
    let s = scenario(Server::GitHubCom, Shown::InLog.receiver()).with_workflows(ws);
    let mut ended = run(s, |i| i.workflow = "W 149".into());
    ended.assert_right("response");
    assert_eq!(ended.only_run().workflow, "w149.yml");
}
