//! What the server refuses: one error that says why and what to do, and
//! nothing dispatched.

use crate::support::{Ended, Shown, run, scenario};
use return_dispatch::{Code, Event};
use simulator::{Effect, Fault, Input, Server, Workflow, WorkflowState};

fn assert_refused(ended: &mut Ended, code: Code, says: &[&str]) {
    let error = ended.error();
    assert_eq!(error.code, code, "{error}");
    let message = error.to_string();
    for words in says {
        assert!(message.contains(words), "{words:?} in: {message}");
    }
    assert_eq!(ended.dispatched().len(), 0, "nothing is dispatched");
}

#[test]
fn a_wrong_token() {
    let mut ended = run(
        scenario(Server::GitHubCom, Shown::InLog.receiver()),
        |inputs| {
            inputs.token = "ghs_other".into();
        },
    );
    assert_refused(
        &mut ended,
        Code::Unauthorized,
        &["401 Bad credentials", "expired or revoked"],
    );
    assert_eq!(ended.error().status, Some(401));
}

#[test]
fn a_token_that_may_not_dispatch() {
    let mut scenario = scenario(Server::GitHubCom, Shown::InLog.receiver());
    scenario.tokens[0].can_write = false;
    let mut ended = run(scenario, |_| {});
    assert_refused(
        &mut ended,
        Code::Forbidden,
        &[
            "403 Resource not accessible",
            "actions: write for octo/receiver",
            "GITHUB_TOKEN reaches only",
        ],
    );
}

#[test]
fn a_token_that_may_not_read_and_a_repository_that_is_not_there() {
    let mut hidden = scenario(Server::Ghes319, Shown::InLog.receiver());
    hidden.tokens[0].can_read = false;
    let mut ended = run(hidden, |_| {});
    assert_refused(
        &mut ended,
        Code::NotFound,
        &["404 Not Found", "may see octo/receiver"],
    );

    let mut ended = run(
        scenario(Server::Ghes319, Shown::InLog.receiver()),
        |inputs| {
            inputs.repo = "octo/nowhere".into();
        },
    );
    assert_refused(
        &mut ended,
        Code::NotFound,
        &["Check owner, repo and workflow"],
    );
}

#[test]
fn what_the_dispatch_asks_for_does_not_exist() {
    let scenario = || scenario(Server::GitHubCom, Shown::InLog.receiver());
    let mut ended = run(scenario(), |inputs| inputs.r#ref = "gone".into());
    assert_refused(
        &mut ended,
        Code::Refused,
        &["No ref found for: gone", "no such branch or tag"],
    );

    let mut ended = run(scenario(), |inputs| inputs.workflow = "gone.yml".into());
    assert_refused(&mut ended, Code::NotFound, &["gone.yml"]);

    let mut ended = run(scenario(), |inputs| {
        inputs.workflow_inputs = "colour: red".into();
    });
    assert_refused(
        &mut ended,
        Code::Refused,
        &[
            "Unexpected inputs provided: [\"colour\"]",
            "declare them, or leave them out of workflow_inputs",
        ],
    );
}

/// cli/cli#5246
#[test]
fn a_boolean_that_was_left_out_is_not_called_a_choice() {
    let message = "Provided value '' for input 'debug' not in the list of allowed values";
    let fault = Fault::on("POST", "/dispatches", Effect::problem(422, message));
    let receiver = Shown::Nowhere.receiver();
    let mut ended = run(
        scenario(Server::GitHubCom, receiver).with_fault(fault),
        |_| {},
    );
    assert_refused(
        &mut ended,
        Code::Refused,
        &[message, "a choice or a boolean", "true or false"],
    );
}

#[test]
fn an_address_without_the_path_of_its_api_is_the_first_suspect() {
    for (server, api_url) in [
        (Server::Ghes319, "https://ghes.example"),
        (Server::GitHubCom, "https://github.com"),
    ] {
        let mut ended = run(scenario(server, Shown::InTitle.receiver()), |inputs| {
            inputs.api_url = api_url.into();
        });
        assert_refused(
            &mut ended,
            Code::NotFound,
            &["Check api_url", "https://HOST/api/v3"],
        );
    }
}

#[test]
fn an_undeclared_input_beside_the_distinct_id_is_the_user_s_to_mend() {
    let mut ended = run(
        scenario(Server::GitHubCom, Workflow::new("ci.yml")),
        |inputs| {
            inputs.workflow_inputs = "colour: red".into();
        },
    );
    assert_refused(&mut ended, Code::Refused, &["colour"]);
    assert_eq!(ended.github.requests().len(), 1);
}

#[test]
fn a_receiver_that_cannot_be_dispatched() {
    let mut disabled = Shown::InLog.receiver();
    disabled.state = WorkflowState::DisabledManually;
    let mut ended = run(scenario(Server::GitHubCom, disabled), |_| {});
    assert_refused(
        &mut ended,
        Code::Refused,
        &["disabled", "Enable the workflow"],
    );

    let mut other_trigger = Shown::InLog.receiver();
    other_trigger.dispatchable = false;
    let mut ended = run(scenario(Server::GitHubCom, other_trigger), |_| {});
    assert_refused(
        &mut ended,
        Code::Refused,
        &["workflow_dispatch", "receiver's on:"],
    );

    let choosy = Shown::InLog.receiver().with_declared_input(
        "stage",
        Input {
            required: true,
            options: Some(vec!["a".into()]),
            default: None,
        },
    );
    let mut ended = run(scenario(Server::GitHubCom, choosy.clone()), |_| {});
    assert_refused(&mut ended, Code::Refused, &["stage", "workflow_inputs"]);
    let mut ended = run(scenario(Server::GitHubCom, choosy), |inputs| {
        inputs.workflow_inputs = "stage: b".into();
    });
    assert_refused(
        &mut ended,
        Code::Refused,
        &["allowed values", "one of its options"],
    );
}

#[test]
fn an_older_server_and_a_receiver_without_the_input() {
    for server in [Server::Ghes319, Server::Ghes320] {
        let mut ended = run(scenario(server, Workflow::new("ci.yml")), |_| {});
        assert_refused(
            &mut ended,
            Code::ReceiverUnprepared,
            &[
                "Nothing was dispatched",
                "distinct_id: { required: false }",
                "{ run: echo \"$ID\", env: { ID: \"${{ inputs.distinct_id }}\" } }",
            ],
        );
    }
}

#[test]
fn an_older_server_and_no_distinct_id_to_send() {
    let mut ended = run(
        scenario(Server::Ghes319, Shown::InLog.receiver()),
        |inputs| {
            inputs.distinct_id_input = "".into();
        },
    );
    assert_refused(
        &mut ended,
        Code::ReceiverUnprepared,
        &["distinct_id_input is empty"],
    );
}

#[test]
fn more_inputs_than_an_older_server_takes() {
    let mut receiver = Shown::InLog.receiver();
    let inputs: Vec<_> = (0..11).map(|i| format!("k{i}: v")).collect();
    for i in 0..11 {
        receiver = receiver.with_input(format!("k{i}"));
    }
    let mut ended = run(scenario(Server::Ghes319, receiver.clone()), |given| {
        given.workflow_inputs = inputs.join("\n").as_str().into();
    });
    assert_refused(
        &mut ended,
        Code::Refused,
        &["No more than 10 properties", "the distinct ID's included"],
    );
    let mut ended = run(scenario(Server::Ghes320, receiver), |given| {
        given.workflow_inputs = inputs.join("\n").as_str().into();
    });
    ended.assert_right("log");
}

#[test]
fn twenty_five_inputs_leave_no_room_for_the_distinct_id() {
    let mut receiver = Workflow::new("ci.yml");
    let inputs: Vec<_> = (0..25).map(|i| format!("k{i}: v")).collect();
    for i in 0..25 {
        receiver = receiver.with_input(format!("k{i}"));
    }
    let call = |server| {
        run(scenario(server, receiver.clone()), |given| {
            given.workflow_inputs = inputs.join("\n").as_str().into();
        })
    };
    let mut ended = call(Server::GitHubCom);
    ended.assert_right("response");
    assert_eq!(ended.github.requests().len(), 1);
    let mut ended = call(Server::Ghes320);
    assert_refused(
        &mut ended,
        Code::ReceiverUnprepared,
        &["leave no room for distinct_id"],
    );
}

#[test]
fn a_success_without_a_run_is_looked_for_or_said_to_be_unknown_but_never_guessed() {
    let no_content = || {
        Fault::on(
            "POST",
            "/dispatches",
            Effect::Answer {
                status: 204,
                headers: std::collections::BTreeMap::default(),
                body: String::new(),
            },
        )
        .acting()
    };
    let mut ended = run(
        scenario(Server::GitHubCom, Shown::InTitle.receiver()).with_fault(no_content()),
        |_| {},
    );
    ended.assert_right("title");

    let mut ended = run(
        scenario(Server::GitHubCom, Shown::InTitle.receiver()).with_fault(no_content()),
        |inputs| inputs.distinct_id_input = "".into(),
    );
    assert_eq!(ended.error().code, Code::NotIdentified);
    assert!(ended.error().to_string().contains("guessing"));
    ended.only_run();
}

#[test]
fn without_an_id_a_dispatch_without_a_clear_answer_is_never_repeated() {
    for (effect, acted) in [
        (Effect::Reset, true),
        (Effect::Reset, false),
        (Effect::problem(502, "Bad gateway"), true),
        (Effect::problem(502, "Bad gateway"), false),
    ] {
        let mut fault = Fault::on("POST", "/dispatches", effect);
        fault.acted = acted;
        let mut ended = run(
            scenario(Server::GitHubCom, Shown::InStepName.receiver()).with_fault(fault),
            |inputs| inputs.distinct_id_input = "".into(),
        );
        assert_eq!(ended.error().code, Code::OutcomeUnknown);
        assert!(
            ended
                .error()
                .to_string()
                .contains("before you dispatch again")
        );
        assert_eq!(ended.github.requests().len(), 1);
        assert_eq!(ended.dispatched().len(), usize::from(acted));
    }
}

#[test]
fn progress_names_inputs_and_never_their_values() {
    let ended = run(
        scenario(Server::GitHubCom, Shown::InLog.receiver()),
        |inputs| {
            inputs.workflow_inputs = "environment: hunter2".into();
        },
    );
    assert!(ended.events.iter().any(|event| matches!(
        event,
        Event::Dispatching { inputs, .. } if inputs == &["environment", "distinct_id"]
    )));
    assert!(!format!("{:?}", ended.events).contains("hunter2"));
}
