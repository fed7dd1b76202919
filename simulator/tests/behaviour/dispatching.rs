//! Dispatches: what is answered, and what is refused with which words.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use simulator::{Input, Scenario, Server, Token, Workflow, WorkflowState};

use crate::caller::{Caller, body, message, on, text};

/// Dispatches with this body and API version.
fn answer(caller: &mut Caller, version: Option<&str>, dispatch: &Value) -> (u16, String) {
    let mut request = caller.dispatch_request(dispatch);
    if let Some(version) = version {
        request = request.with_header("X-GitHub-Api-Version", version);
    }
    let response = caller.send(&request, 0.0);
    (response.status, text(&response))
}

fn refusal(caller: &mut Caller, dispatch: &Value) -> (u16, String) {
    let request = caller.dispatch_request(dispatch);
    let response = caller.send(&request, 0.0);
    assert!(caller.runs(0.0).is_empty(), "nothing may be dispatched");
    assert_eq!(body(&response)["status"], response.status.to_string());
    assert!(body(&response)["documentation_url"].is_string());
    (response.status, message(&response))
}

fn many_inputs(number: usize) -> Value {
    let inputs: Map<_, _> = (0..number)
        .map(|index| (format!("i{index}"), json!("x")))
        .collect();
    json!({ "ref": "main", "inputs": inputs })
}

#[test]
fn the_newest_version_answers_with_the_run_where_it_is_known() {
    for server in [Server::GitHubCom, Server::Ghes321] {
        let mut caller = on(server);
        let (status, text) = answer(&mut caller, Some("2026-03-10"), &json!({ "ref": "main" }));
        assert_eq!(status, 200);
        let run: Value = serde_json::from_str(&text).expect("JSON");
        let id = caller.own_runs(0.0)[0].id;
        let profile = server.profile();
        assert_eq!(run["workflow_run_id"], id);
        assert_eq!(
            run["run_url"],
            format!("{}/repos/octo/receiver/actions/runs/{id}", profile.api_url)
        );
        assert_eq!(
            run["html_url"],
            format!("{}/octo/receiver/actions/runs/{id}", profile.html_url)
        );
    }
}

#[test]
fn an_older_server_refuses_the_newest_version_before_anything_happens() {
    for server in [Server::Ghes320, Server::Ghes319] {
        let mut caller = on(server);
        let (status, text) = answer(&mut caller, Some("2026-03-10"), &json!({ "ref": "main" }));
        assert_eq!(status, 400);
        assert!(
            text.contains(r#"\"2026-03-10\" is not a supported version."#),
            "{text}"
        );
        assert!(caller.runs(0.0).is_empty());
        let list = caller
            .bare("GET", "/repos/octo/receiver/actions/runs")
            .with_header("User-Agent", "tests")
            .with_header("X-GitHub-Api-Version", "2026-03-10");
        assert_eq!(
            caller.send(&list, 0.0).status,
            400,
            "before the token is looked at"
        );
    }
}

#[test]
fn the_older_version_answers_without_the_run() {
    for server in Server::GITHUBS {
        for version in [None, Some("2022-11-28")] {
            let mut caller = on(server);
            let (status, text) = answer(&mut caller, version, &json!({ "ref": "main" }));
            assert_eq!((status, text.as_str()), (204, ""));
            assert_eq!(caller.own_runs(0.0).len(), 1);
        }
    }
}

#[test]
fn the_older_version_answers_with_the_run_if_asked_where_that_is_known() {
    let asking = json!({ "ref": "main", "return_run_details": true });
    for server in [Server::GitHubCom, Server::Ghes321] {
        let (status, text) = answer(&mut on(server), None, &asking);
        assert_eq!(status, 200);
        assert!(text.contains("workflow_run_id"));
        let declining = json!({ "ref": "main", "return_run_details": false });
        assert_eq!(answer(&mut on(server), None, &declining).0, 204);
        let (status, text) = answer(&mut on(server), Some("2026-03-10"), &asking);
        assert_eq!(status, 422, "the newest version has dropped the parameter");
        assert!(text.contains("not a permitted key"));
    }
    for server in [Server::Ghes320, Server::Ghes319] {
        assert_eq!(
            refusal(&mut on(server), &asking),
            (
                422,
                "Invalid request.\n\n\"return_run_details\" is not a permitted key.".into()
            )
        );
    }
}

#[test]
fn a_workflow_can_be_named_by_its_id() {
    let mut caller = on(Server::GitHubCom);
    let workflow = caller.json("/actions/workflows/ci.yml", 0.0);
    let path = format!("/actions/workflows/{}/dispatches", workflow["id"]);
    let request = caller
        .request("POST", &format!("/repos/octo/receiver{path}"))
        .with_body(r#"{"ref":"main"}"#);
    assert_eq!(caller.send(&request, 0.0).status, 204);
}

#[test]
fn a_body_must_fit_the_schema() {
    let mut caller = on(Server::GitHubCom);
    let broken = caller.dispatch_request(&Value::Null).with_body("{");
    let response = caller.send(&broken, 0.0);
    assert_eq!(
        (response.status, message(&response).as_str()),
        (400, "Problems parsing JSON")
    );
    for (dispatch, reason) in [
        (json!({}), r#""ref" wasn't supplied."#),
        (
            json!({ "ref": 1 }),
            "For 'properties/ref', 1 is not a string.",
        ),
        (
            json!({ "ref": "main", "inputs": [] }),
            "For 'properties/inputs', [] is not an object.",
        ),
        (
            json!({ "ref": "main", "more": 1 }),
            r#""more" is not a permitted key."#,
        ),
        (
            json!({ "ref": "main", "a": 1, "b": 1 }),
            r#""a", "b" are not permitted keys."#,
        ),
    ] {
        assert_eq!(
            refusal(&mut caller, &dispatch),
            (422, format!("Invalid request.\n\n{reason}"))
        );
    }
}

#[test]
fn a_ref_is_a_branch_or_a_tag() {
    let mut scenario = Scenario::default();
    scenario.repositories[0].branches = vec!["main".into(), "feature/x".into()];
    scenario.repositories[0].tags = vec!["v1".into()];
    let accepted = [
        ("main", "main"),
        ("feature/x", "feature/x"),
        ("refs/heads/feature/x", "feature/x"),
        ("v1", "v1"),
        ("refs/tags/v1", "v1"),
    ];
    for (name, branch) in accepted {
        let mut caller = Caller::new(scenario.clone());
        assert_eq!(
            answer(&mut caller, None, &json!({ "ref": name })).0,
            204,
            "{name}"
        );
        let list = caller.json("/actions/runs", 1.0);
        assert_eq!(list["workflow_runs"][0]["head_branch"], branch);
    }
    let sha = "0123456789abcdef0123456789abcdef01234567";
    for name in ["none", "refs/heads/v1", "refs/tags/main", sha] {
        assert_eq!(
            refusal(&mut Caller::new(scenario.clone()), &json!({ "ref": name })),
            (422, format!("No ref found for: {name}"))
        );
    }
}

#[test]
fn a_workflow_must_be_active_and_have_the_trigger() {
    let disabled = Workflow {
        state: WorkflowState::DisabledManually,
        ..Workflow::default()
    };
    let other_trigger = Workflow {
        dispatchable: false,
        ..Workflow::default()
    };
    for (workflow, expected) in [
        (
            disabled,
            "Cannot trigger a 'workflow_dispatch' on a disabled workflow",
        ),
        (
            other_trigger,
            "Workflow does not have 'workflow_dispatch' trigger",
        ),
    ] {
        assert_eq!(
            refusal(
                &mut Caller::with_workflow(workflow),
                &json!({ "ref": "main" })
            ),
            (422, expected.into())
        );
    }
}

#[test]
fn a_workflow_must_exist_on_the_default_branch_and_at_the_ref() {
    let with_file_on = |branch: &str| {
        let mut scenario = Scenario::default().with_workflows([Workflow {
            branches_only: Some(vec![branch.into()]),
            ..Workflow::default()
        }]);
        scenario.repositories[0].branches.push("next".into());
        Caller::new(scenario)
    };
    assert_eq!(
        refusal(&mut with_file_on("next"), &json!({ "ref": "next" })).0,
        404
    );
    assert_eq!(
        refusal(&mut with_file_on("main"), &json!({ "ref": "next" })),
        (
            422,
            "Workflow does not have 'workflow_dispatch' trigger".into()
        )
    );
}

#[test]
fn inputs_must_be_declared() {
    let dispatch =
        json!({ "ref": "main", "inputs": { "foo": "1", "bar": "2", "distinct_id": "3" } });
    assert_eq!(
        refusal(&mut on(Server::GitHubCom), &dispatch),
        (422, r#"Unexpected inputs provided: ["bar", "foo"]"#.into())
    );
}

#[test]
fn required_inputs_must_be_provided_unless_they_have_a_default() {
    let required = |default: Option<&str>| {
        Caller::with_workflow(Workflow::new("ci.yml").with_declared_input(
            "x",
            Input {
                required: true,
                default: default.map(Into::into),
                options: None,
            },
        ))
    };
    let dispatch = json!({ "ref": "main" });
    assert_eq!(
        refusal(&mut required(None), &dispatch),
        (422, "Required input 'x' not provided".into())
    );
    let mut caller = required(Some("y"));
    assert_eq!(answer(&mut caller, None, &dispatch).0, 204);
    let expected = BTreeMap::from([("x".to_owned(), "y".to_owned())]);
    assert_eq!(caller.own_runs(0.0)[0].inputs, expected);
}

#[test]
fn a_choice_must_be_one_of_its_options() {
    let mut caller = Caller::with_workflow(Workflow::new("ci.yml").with_declared_input(
        "x",
        Input {
            options: Some(vec!["a".into(), "b".into()]),
            ..Input::default()
        },
    ));
    assert_eq!(
        refusal(
            &mut caller,
            &json!({ "ref": "main", "inputs": { "x": "" } })
        ),
        (
            422,
            "Provided value '' for input 'x' not in the list of allowed values".into()
        )
    );
    let dispatch = json!({ "ref": "main", "inputs": { "x": "b" } });
    assert_eq!(answer(&mut caller, None, &dispatch).0, 204);
}

#[test]
fn booleans_and_numbers_become_text() {
    let mut caller =
        Caller::with_workflow(Workflow::new("ci.yml").with_input("yes").with_input("n"));
    caller.dispatch(&json!({ "yes": true, "n": 2 }), 0.0);
    let inputs = &caller.own_runs(0.0)[0].inputs;
    assert_eq!(
        (inputs["yes"].as_str(), inputs["n"].as_str()),
        ("true", "2")
    );
}

#[test]
fn how_many_inputs_are_allowed_depends_on_the_server() {
    for (server, most) in [
        (Server::GitHubCom, 25),
        (Server::Ghes321, 25),
        (Server::Ghes320, 25),
        (Server::Ghes319, 10),
    ] {
        assert_eq!(
            refusal(&mut on(server), &many_inputs(most + 1)),
            (
                422,
                format!(
                    "Invalid request.\n\nNo more than {most} properties are allowed; {} were supplied.",
                    most + 1
                )
            )
        );
        let (_, reason) = refusal(&mut on(server), &many_inputs(most));
        assert!(reason.starts_with("Unexpected inputs"), "{reason}");
    }
}

#[test]
fn inputs_may_have_65_535_characters_together() {
    let dispatch = |length: usize| {
        // {"distinct_id":"…"} takes 18 characters around the value.
        json!({ "ref": "main", "inputs": { "distinct_id": "ü".repeat(length - 18) } })
    };
    assert_eq!(
        refusal(&mut on(Server::GitHubCom), &dispatch(65_536)),
        (422, "inputs are too large.".into())
    );
    assert_eq!(
        answer(&mut on(Server::GitHubCom), None, &dispatch(65_535)).0,
        204
    );
}

#[test]
fn a_token_that_may_only_read_cannot_dispatch() {
    let mut caller = Caller::new(Scenario {
        tokens: vec![Token {
            can_write: false,
            ..Token::default()
        }],
        ..Scenario::default()
    });
    let request = caller.dispatch_request(&json!({ "ref": "main" }));
    let response = caller.send(&request, 0.0);
    assert_eq!(response.status, 403);
    assert_eq!(message(&response), "Resource not accessible by integration");
    assert_eq!(
        response.header("x-accepted-github-permissions"),
        Some("actions=write")
    );
    assert_eq!(caller.get("/actions/runs", 0.0).status, 200);
}

#[test]
fn an_unknown_workflow_is_not_found() {
    let mut caller = on(Server::GitHubCom);
    for key in ["other.yml", "1", "CI.yml"] {
        let path = format!("/actions/workflows/{key}/dispatches");
        assert_eq!(caller.post(&path, 0.0).status, 404, "{key}");
    }
}
