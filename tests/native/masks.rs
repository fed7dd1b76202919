//! Secrets of the receiver that stand in the distinct ID: its runner masks them wherever it writes the ID
//! (actions/runner#326, #507).

use return_dispatch::Code;
use return_dispatch::event::Event;
use simulator::{ExistingRun, Job, Server, Step, Workflow};

use crate::support::{Shown, run, scenario};

/// Whether the call says that its ID is masked; it does so once.
fn says_so(events: &[Event]) -> bool {
    let said = events
        .iter()
        .filter(|event| matches!(event, Event::IdMasked {}));
    let times = said.count();
    assert!(times <= 1, "said {times} times");
    times == 1
}

/// All clues on a GitHub, and those that there are on a Gitea.
const SERVERS: [(Server, &[Shown]); 2] = [
    (Server::Ghes319, &Shown::FINDABLE),
    (Server::Gitea125, &[Shown::InTitle, Shown::InLog]),
];

#[test]
fn a_run_is_found_by_an_id_in_which_secrets_stand() {
    for (server, findable) in SERVERS {
        for shown in findable {
            for secrets in [&["c"] as &[&str], &["ab", "d", "-4"]] {
                let mut receiver = shown.receiver();
                receiver.secrets = secrets.iter().map(|&secret| secret.into()).collect();
                let mut ended = run(scenario(server, receiver), |_| {});
                ended.assert_right(shown.clue());
                let is_masked = *shown != Shown::InTitle;
                let case = format!("{server:?} {shown:?} {secrets:?}");
                assert_eq!(says_so(&ended.events), is_masked, "{case}");
            }
        }
    }
}

/// An environment's secrets are masked in the jobs of that environment alone.
#[test]
fn a_run_that_may_show_a_supplied_id_stays_in_question_where_another_shows_the_whole() {
    for (server, as_step) in [
        (Server::Ghes320, true),
        (Server::Ghes319, false),
        (Server::Gitea125, false),
    ] {
        for masked in ["run-***-7", "run***"] {
            let shown = "${{ inputs.environment }}";
            let step = Step::run("true").named("announce").taking(2.0);
            let step = if as_step {
                step.named(format!("call {shown}"))
            } else {
                step.printing(format!("ID: {shown}"))
            };
            let receiver = Workflow::new("ci.yml")
                .with_input("distinct_id")
                .with_input("environment")
                .with_jobs([Job::new("announce", [step])]);
            let another =
                ["distinct_id", "environment"].map(|name| (name.to_owned(), "run-22-7".to_owned()));
            let scenario = scenario(server, receiver).with_existing_run(ExistingRun {
                workflow: "ci.yml".into(),
                created_at: 0.3,
                inputs: another.into(),
                ..ExistingRun::default()
            });
            let ended = run(scenario, |inputs| {
                inputs.distinct_id = "run-22-7".into();
                inputs.workflow_inputs = format!("environment: {masked}").as_str().into();
                inputs.workflow_timeout_seconds = "600".into();
            });
            let error = ended.error();
            assert_eq!(error.code, Code::Ambiguous, "{server:?} {masked}: {error}");
        }
    }
}

/// A step of another call's may look as if it showed this call's ID; no server masks what stands in titles.
#[test]
fn where_titles_tell_masks_put_nothing_in_question() {
    let id = "${{ inputs.distinct_id }}";
    let step = Step::run("true").named("Login to deploy-***").taking(2.0);
    let receiver = Workflow::new("ci.yml")
        .with_input("distinct_id")
        .with_run_name(format!("Deploy [{id}]"))
        .with_jobs([Job::new("announce", [step])]);
    let scenario = scenario(Server::Ghes320, receiver).with_existing_run(ExistingRun {
        workflow: "ci.yml".into(),
        created_at: 0.3,
        inputs: [("distinct_id".to_owned(), "deploy-124-1".to_owned())].into(),
        ..ExistingRun::default()
    });
    let mut ended = run(scenario, |inputs| {
        inputs.distinct_id = "deploy-123-1".into();
        inputs.workflow_timeout_seconds = "600".into();
    });
    ended.assert_right("title");
}

/// Another call's may be masked in the same place.
#[test]
fn by_what_masks_leave_of_a_supplied_id_no_run_is_known() {
    for (server, findable) in SERVERS {
        for shown in &findable[1..] {
            let receiver = shown.receiver().with_secret("22").with_secret("33");
            let scenario = scenario(server, receiver).with_existing_run(ExistingRun {
                workflow: "ci.yml".into(),
                created_at: 0.3,
                inputs: [("distinct_id".to_owned(), "run-33-7".to_owned())].into(),
                ..ExistingRun::default()
            });
            let ended = run(scenario, |inputs| {
                inputs.distinct_id = "run-22-7".into();
                inputs.workflow_timeout_seconds = "300".into();
            });
            let case = format!("{server:?} {shown:?}");
            let error = ended.error();
            assert_eq!(error.code, Code::TimedOut, "{case}: {error}");
            assert!(says_so(&ended.events), "{case}");
        }
    }
}
