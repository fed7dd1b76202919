//! Exactly the run that the call dispatched is identified, whatever the server,
//! the receiver, and whoever else is about.

use crate::support::{Shown, crowd, run, run_as, scenario};
use return_dispatch::Code;
use return_dispatch::settings::Caller;
use simulator::{Dispatch, Effect, ExistingRun, Fault, Job, Server, Step, Workflow};

const OLDER: [Server; 2] = [Server::Ghes319, Server::Ghes320];

#[test]
fn a_server_that_names_the_run_is_asked_once() {
    for server in [Server::GitHubCom, Server::Ghes321] {
        let mut ended = run(scenario(server, Shown::Nowhere.receiver()), |_| {});
        ended.assert_right("response");
        assert_eq!(ended.github.requests().len(), 1);
        assert_eq!(ended.identified().requests, 1);
    }
}

#[test]
fn a_receiver_without_the_input_costs_one_more_request_and_no_more_runs() {
    for server in [Server::GitHubCom, Server::Ghes321] {
        let mut ended = run(scenario(server, Workflow::new("ci.yml")), |_| {});
        ended.assert_right("response");
        assert_eq!(ended.github.requests().len(), 2);
    }
}

#[test]
fn on_older_servers_every_way_of_showing_the_id_leads_to_the_run_in_time() {
    for server in OLDER {
        for shown in Shown::FINDABLE {
            let mut ended = run(scenario(server, shown.receiver()), |_| {});
            ended.assert_right(shown.clue());
            ended.assert_in_time();
            assert_eq!(
                ended.count("POST", "/dispatches"),
                2,
                "one is refused for its version"
            );
        }
    }
}

#[test]
fn a_clue_that_takes_its_time_is_noticed_in_proportion() {
    for shown in Shown::FINDABLE {
        let mut receiver = shown.receiver();
        receiver.queue_delay = 400.0;
        receiver.listing_delay = 30.0;
        let mut ended = run(scenario(Server::Ghes319, receiver), |inputs| {
            inputs.workflow_timeout_seconds = "1000".into();
        });
        ended.assert_right(shown.clue());
        ended.assert_in_time();
    }
}

#[test]
fn two_hundred_other_runs_of_the_same_moment_make_no_difference() {
    for shown in Shown::FINDABLE {
        for spread in [0.0, 2.0] {
            let scenario =
                scenario(Server::Ghes319, shown.receiver()).with_crowd(crowd(200, 200, spread));
            let mut ended = run(scenario, |_| {});
            ended.assert_right(shown.clue());
        }
    }
}

#[test]
fn a_run_behind_two_hundred_newer_ones_is_found_in_time() {
    let scenario =
        scenario(Server::Ghes320, Shown::InTitle.receiver()).with_crowd(crowd(0, 250, 1.0));
    let mut ended = run(scenario, |_| {});
    ended.assert_right("title");
    ended.assert_in_time();
}

#[test]
fn the_server_s_clock_makes_no_difference() {
    for minutes in [-15, 15] {
        for shown in Shown::FINDABLE {
            let mut scenario = scenario(Server::Ghes319, shown.receiver());
            scenario.start_time += minutes * 60_000;
            let mut ended = run(scenario, |_| {});
            ended.assert_right(shown.clue());
            ended.assert_in_time();
        }
    }
}

#[test]
fn existing_receivers_are_found_however_they_write_the_id() {
    let id = "${{ inputs.distinct_id }}";
    let log = |line: String| Step::run("./announce").named("announce").printing(line);
    for (by, run_name, step) in [
        ("log", None, log(id.to_owned())),
        ("log", None, log(format!("ID: {id}"))),
        ("log", None, log(format!("[{id}] starting…"))),
        ("log", None, log(format!("{{\"distinct_id\":\"{id}\"}}"))),
        ("step", None, Step::run(format!("echo {id}")).printing(id)),
        (
            "step",
            None,
            Step::run("true").named(format!("return-dispatch {id}")),
        ),
        ("title", Some(format!("Deploy [{id}]")), Step::run("true")),
        ("title", Some(format!("deploy-{id}")), Step::run("true")),
    ] {
        let mut receiver = Workflow::new("ci.yml")
            .with_input("distinct_id")
            .with_jobs([Job::new("announce", [step.clone()])]);
        receiver.run_name = run_name;
        let mut ended = run(scenario(Server::Ghes319, receiver), |_| {});
        ended.assert_right(by);
    }
}

#[test]
fn an_id_inside_a_longer_word_is_another_id() {
    // Somebody else's run of the same moment shows abc-12.
    for shown in Shown::FINDABLE {
        let mut crowd = crowd(1, 1, 0.0);
        crowd.inputs.insert("distinct_id".into(), "abc-12".into());
        let scenario = scenario(Server::Ghes319, shown.receiver()).with_crowd(crowd);
        let mut ended = run(scenario, |inputs| {
            inputs.distinct_id = "abc-1".into();
            inputs.workflow_timeout_seconds = "300".into();
        });
        ended.assert_right(shown.clue());
    }
}

#[test]
fn a_child_that_passes_the_id_on_to_its_own_workflow_is_still_the_one() {
    let id = "${{ inputs.distinct_id }}";
    for (by, first, last) in [
        ("title", Step::run("true"), Step::run("true")),
        // The ID shows before or after the grandchild is dispatched, which is
        // quick to finish where its parent is slow.
        ("step", Step::run(format!("echo {id}")), Step::run("true")),
        ("step", Step::run("true"), Step::run(format!("echo {id}"))),
        (
            "log",
            Step::run("x").named("a").printing(id),
            Step::run("true"),
        ),
        (
            "log",
            Step::run("true"),
            Step::run("x").named("z").printing(id),
        ),
    ] {
        let mut dispatch = Dispatch {
            workflow: "ci.yml".into(),
            ..Dispatch::default()
        };
        dispatch.inputs.insert("distinct_id".into(), id.into());
        dispatch.inputs.insert("leaf".into(), "true".into());
        let mut receiver = Workflow::new("ci.yml")
            .with_input("distinct_id")
            .with_input("leaf")
            .with_jobs([Job::new(
                "announce",
                [
                    first,
                    Step::run("gh workflow run")
                        .named("pass on")
                        .dispatching(dispatch)
                        .taking(30.0),
                    last,
                ],
            )]);
        receiver.run_name = (by == "title").then(|| format!("Deploy {id}"));
        let mut ended = run(scenario(Server::Ghes319, receiver), |inputs| {
            inputs.workflow_timeout_seconds = "900".into();
        });
        ended.assert_right(by);
    }
}

#[test]
fn the_caller_s_own_run_is_never_a_candidate() {
    let existing = ExistingRun {
        id: Some(4711),
        workflow: "ci.yml".into(),
        created_at: 0.0,
        inputs: [("distinct_id".to_owned(), "abc-1".to_owned())].into(),
        ..ExistingRun::default()
    };
    for shown in Shown::FINDABLE {
        let scenario =
            scenario(Server::Ghes319, shown.receiver()).with_existing_run(existing.clone());
        let caller = Caller {
            run_id: Some("4711".into()),
            api_url: Some(scenario.api_base().to_owned()),
            ..Caller::default()
        };
        let mut ended = run_as(scenario, &caller, |inputs| {
            inputs.distinct_id = "abc-1".into();
            inputs.workflow_timeout_seconds = "300".into();
        });
        ended.assert_right(shown.clue());
    }
}

#[test]
fn a_supplied_id_that_two_runs_show_is_an_error_that_names_both() {
    for shown in Shown::FINDABLE {
        let mut crowd = crowd(1, 0, 0.5);
        crowd.inputs.insert("distinct_id".into(), "abc-1".into());
        let scenario = scenario(Server::Ghes319, shown.receiver()).with_crowd(crowd);
        let mut ended = run(scenario, |inputs| {
            inputs.distinct_id = "abc-1".into();
            inputs.workflow_timeout_seconds = "300".into();
        });
        assert_eq!(ended.error().code, Code::Ambiguous, "{}", ended.error());
        let message = ended.error().to_string();
        for run in ended.github.runs(ended.at) {
            assert!(message.contains(&run.id.to_string()), "{message}");
        }
    }
}

#[test]
fn a_supplied_id_that_one_run_shows_is_enough() {
    for shown in Shown::FINDABLE {
        let mut ended = run(scenario(Server::Ghes319, shown.receiver()), |inputs| {
            inputs.distinct_id = "call-42".into();
            inputs.workflow_timeout_seconds = "300".into();
        });
        ended.assert_right(shown.clue());
    }
}

#[test]
fn runs_at_other_branches_are_not_read() {
    let mut ended = run(
        scenario(Server::Ghes319, Shown::InLog.receiver()),
        |inputs| {
            inputs.r#ref = "refs/tags/v1".into();
        },
    );
    ended.assert_right("log");
    let mut ended = run(
        scenario(Server::Ghes319, Shown::InLog.receiver()),
        |inputs| {
            inputs.r#ref = "".into();
        },
    );
    ended.assert_right("log");
}

#[test]
fn nothing_is_searched_twice_for_the_same_clue() {
    let scenario =
        scenario(Server::Ghes319, Shown::InLog.receiver()).with_crowd(crowd(20, 20, 1.0));
    let mut ended = run(scenario, |_| {});
    ended.assert_right("log");
    let logs: Vec<_> = ended
        .api_requests()
        .iter()
        .filter(|request| request.path.contains("/logs"))
        .map(|request| request.path.clone())
        .collect();
    let mut once = logs.clone();
    once.sort();
    once.dedup();
    assert_eq!(once.len(), logs.len(), "{logs:?}");
}

#[test]
fn an_unchanged_list_is_free() {
    let mut receiver = Shown::InLog.receiver();
    receiver.queue_delay = 60.0;
    let mut ended = run(scenario(Server::Ghes319, receiver), |_| {});
    ended.assert_right("log");
    let lists: Vec<_> = ended
        .api_requests()
        .into_iter()
        .filter(|request| request.path.contains("/runs?"))
        .collect();
    let paid = lists.iter().filter(|request| request.status != 304).count();
    assert!(lists.len() > 20, "{}", lists.len());
    assert!(paid <= 5, "{paid} of {} lists were not free", lists.len());
}

#[test]
fn a_log_that_fails_for_a_while_does_not_lead_to_the_grandchild() {
    let id = "${{ inputs.distinct_id }}";
    let mut dispatch = Dispatch {
        workflow: "ci.yml".into(),
        ..Dispatch::default()
    };
    dispatch.inputs.insert("distinct_id".into(), id.into());
    let pass_on = Step::run("gh")
        .named("pass on")
        .dispatching(dispatch)
        .taking(5.0);
    let mut receiver = Workflow::new("ci.yml")
        .with_input("distinct_id")
        .with_jobs([
            Job::new("leaf", [Step::run("x").named("a").printing(id)]),
            Job::new("pass on", [pass_on]),
        ]);
    receiver.queue_delay = 0.5;
    for times in 1..20 {
        // The logs of the dispatched run fail while its child's can be read.
        let fault = Fault::on("GET", "/logs", Effect::problem(500, "no")).times(times);
        let scenario = scenario(Server::Ghes319, receiver.clone()).with_fault(fault);
        let mut ended = run(scenario, |inputs| {
            inputs.workflow_timeout_seconds = "60".into();
        });
        match &ended.result {
            Ok(_) => ended.assert_right("log"),
            Err(error) => assert_eq!(error.code, Code::TimedOut),
        }
    }
}
