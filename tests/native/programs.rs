//! Calls of a program: it gets the run in its hands, and has time.

use std::time::Duration;

use return_dispatch::Settings;
use return_dispatch::call::{call_and_return, cancel, wait};
use return_dispatch::error::{Code, Error};
use return_dispatch::event::{Cancelled, Ended, Event, Identified};
use return_dispatch::settings::{By, Caller, Inputs, Logs};
use simulation::world::World;
use simulator::{Conclusion, DispatchedBy, Effect, Fault, GitHub, RunFacts, Scenario, Server};

use crate::support::{inputs, scenario};
use crate::waiting::taking;

/// A program and the GitHub that it talks to.
struct Program {
    world: World,
    inputs: Inputs,
}

impl Program {
    fn against(scenario: Scenario) -> Self {
        Self {
            inputs: inputs(&scenario),
            world: World::new(GitHub::new(scenario)),
        }
    }

    fn settings(&self) -> Settings {
        let caller = Caller {
            by: By::Program,
            ..Caller::default()
        };
        Settings::new(&self.inputs, &caller, self.world.draw()).unwrap()
    }

    fn dispatch(&self) -> Result<(Identified, bool), Error> {
        let settings = self.settings();
        let call = Box::pin(call_and_return(&self.world, &settings));
        self.world.clock().block_on(call)
    }

    fn wait(&self, page: Option<&str>) -> Result<Ended, Error> {
        let settings = self.settings();
        let call = Box::pin(wait(&self.world, &settings, page.map(Into::into)));
        self.world.clock().block_on(call)
    }

    fn cancel(&self) -> Result<Cancelled, Error> {
        let settings = self.settings();
        let call = Box::pin(cancel(&self.world, &settings));
        self.world.clock().block_on(call)
    }

    /// Dispatches, and takes the run for what follows.
    fn dispatch_and_keep(&mut self) -> (Identified, bool) {
        let (run, returns_values) = self.dispatch().unwrap();
        self.inputs.run_id = run.run_id.to_string().as_str().into();
        if returns_values {
            self.inputs.distinct_id = run.distinct_id.as_str().into();
        }
        (run, returns_values)
    }

    fn now(&self) -> Duration {
        self.world.clock().now()
    }

    /// The runs that it dispatched, as they are in the end.
    fn runs_in_the_end(&self) -> Vec<RunFacts> {
        let end = self.now() + Duration::from_hours(1);
        let mut runs = self.world.take_github().runs(end);
        runs.retain(|run| run.dispatched_by == DispatchedBy::Client);
        runs
    }
}

#[test]
fn a_program_waits_for_the_run_that_it_dispatched_and_gets_its_values() {
    let mut receiver = taking(20.0);
    receiver.jobs[0].steps[0] = receiver.jobs[0].steps[0]
        .clone()
        .printing("${{ inputs.distinct_id }} version=1.2.3");
    for server in [Server::GitHubCom, Server::Ghes319] {
        let mut program = Program::against(scenario(server, receiver.clone()));
        program.inputs.cancel_on_cancel = "true".into();
        let (run, returns_values) = program.dispatch_and_keep();
        assert!(returns_values);
        let mut events = program.world.take_events();
        let ended = program.wait(Some(&run.run_url)).unwrap();
        assert_eq!(ended.run_id, run.run_id);
        assert_eq!(ended.outputs, r#"{"version":"1.2.3"}"#);
        let of_waiting = program.world.take_events();
        // Its page is known: the run is not looked up first, and nothing is left to a `post` step.
        assert!(
            matches!(&of_waiting[0], Event::Following { run_url, .. } if *run_url == run.run_url),
            "{of_waiting:?}"
        );
        events.extend(of_waiting);
        assert!(!events.iter().any(|event| matches!(
            event,
            Event::Unfollowed {} | Event::LeftBehind { .. } | Event::Sought { .. }
        )));
        assert!(events.iter().any(
            |event| matches!(event, Event::Step { conclusion, .. } if conclusion == "in_progress")
        ));
    }
}

#[test]
fn a_run_that_was_not_given_the_id_returns_no_values() {
    let mut receiver = taking(5.0);
    receiver.inputs.clear();
    let mut program = Program::against(scenario(Server::GitHubCom, receiver));
    let (_, returns_values) = program.dispatch_and_keep();
    assert!(!returns_values);
}

#[test]
fn an_abort_leaves_the_run_alone_unless_it_is_to_be_cancelled() {
    for (cancels, expected, within) in [
        ("", Conclusion::Success, Duration::from_millis(1)),
        ("true", Conclusion::Cancelled, Duration::from_mins(2)),
    ] {
        let mut program = Program::against(scenario(Server::GitHubCom, taking(600.0)));
        program.inputs.cancel_on_cancel = cancels.into();
        program.dispatch_and_keep();
        let abort = program.now() + Duration::from_secs(30);
        program.world.cancel_at(abort);
        let error = program.wait(None).unwrap_err();
        assert_eq!(error.code, Code::Cancelled);
        assert!(program.now() <= abort + within, "{:?}", program.now());
        assert_eq!(program.runs_in_the_end()[0].conclusion, Some(expected));
    }
}

#[test]
fn a_run_that_ignores_its_cancellation_is_forced_to_end_as_there_is_time() {
    let mut receiver = taking(3600.0);
    receiver.ignores_cancel = true;
    let mut program = Program::against(scenario(Server::GitHubCom, receiver));
    program.inputs.cancel_on_cancel = "true".into();
    program.dispatch_and_keep();
    let abort = program.now() + Duration::from_secs(30);
    program.world.cancel_at(abort);
    let error = program.wait(None).unwrap_err();
    assert!(
        error.to_string().contains("it has been cancelled"),
        "{error}"
    );
    let now = program.now();
    assert!(
        now > abort + Duration::from_mins(1) && now < abort + Duration::from_mins(2),
        "{now:?}"
    );
}

#[test]
fn a_dispatch_that_is_aborted_is_not_left_behind_where_its_run_is_to_be_cancelled() {
    for server in [Server::GitHubCom, Server::Ghes319] {
        // The dispatch is answered, or the run is to be seen, some time after the abort.
        let mut receiver = taking(3600.0);
        receiver.listing_delay = 20.0;
        let late = Fault::on("POST", "/dispatches", Effect::Late { seconds: 3.0 });
        let mut scenario = scenario(server, receiver);
        if server == Server::GitHubCom {
            scenario = scenario.with_fault(late);
        }
        for cancels in ["false", "true"] {
            let mut program = Program::against(scenario.clone());
            program.inputs.cancel_on_cancel = cancels.into();
            let abort = program.now() + Duration::from_secs(1);
            program.world.cancel_at(abort);
            let error = program.dispatch().unwrap_err();
            assert_eq!(error.code, Code::Cancelled, "{error}");
            if cancels == "false" {
                assert!(program.now() < abort + Duration::from_millis(1));
                continue;
            }
            assert!(
                error.to_string().contains("it has been cancelled"),
                "{error}"
            );
            let runs = program.runs_in_the_end();
            assert_eq!(runs.len(), 1);
            assert_eq!(runs[0].conclusion, Some(Conclusion::Cancelled));
        }
    }
}

#[test]
fn a_program_cancels_a_run_and_learns_how_it_ended() {
    let mut program = Program::against(scenario(Server::GitHubCom, taking(3600.0)));
    program.dispatch_and_keep();
    let cancelled = program.cancel().unwrap();
    assert_eq!(cancelled.conclusion, "cancelled");
    // Once more: it had ended.
    let cancelled = program.cancel().unwrap();
    assert_eq!(cancelled.conclusion, "cancelled");

    let mut program = Program::against(scenario(Server::GitHubCom, taking(1.0)));
    program.dispatch_and_keep();
    program.wait(None).unwrap();
    let cancelled = program.cancel().unwrap();
    assert_eq!(cancelled.conclusion, "success");
    assert!(
        cancelled.message.contains("before it could be cancelled"),
        "{}",
        cancelled.message
    );
}

#[test]
fn a_run_that_may_not_be_cancelled_is_an_error() {
    let mut scenario = scenario(Server::GitHubCom, taking(60.0));
    let mut reader = scenario.tokens[0].clone();
    reader.token = "ghs_reader".into();
    reader.can_write = false;
    scenario.tokens.push(reader);
    let mut program = Program::against(scenario);
    program.dispatch_and_keep();
    program.inputs.token = "ghs_reader".into();
    let error = program.cancel().unwrap_err();
    assert_eq!(error.code, Code::Forbidden);
    assert_eq!(error.status, Some(403));
    program.inputs.run_id = "".into();
    assert_eq!(program.cancel().unwrap_err().code, Code::InvalidInput);
    assert_eq!(program.wait(None).unwrap_err().code, Code::InvalidInput);
}

#[test]
fn what_asks_for_a_cancellation_can_be_aborted_too() {
    let mut receiver = taking(3600.0);
    receiver.ignores_cancel = true;
    let mut program = Program::against(scenario(Server::GitHubCom, receiver));
    program.dispatch_and_keep();
    let abort = program.now() + Duration::from_secs(5);
    program.world.cancel_at(abort);
    let error = program.cancel().unwrap_err();
    assert_eq!(error.code, Code::Cancelled);
    assert_eq!(program.now(), abort);
}

#[test]
fn a_program_is_shown_no_logs_unless_it_asks_for_them() {
    let scenario = scenario(Server::GitHubCom, taking(1.0));
    let mut inputs = inputs(&scenario);
    inputs.wait = "true".into();
    let logs = |by| {
        let caller = Caller {
            by,
            ..Caller::default()
        };
        let settings = Settings::new(&inputs, &caller, [0; 16]).unwrap();
        (settings.waiting.unwrap().logs, settings.cancels)
    };
    assert_eq!(logs(By::Program), (Logs::None, false));
    assert_eq!(logs(By::Step), (Logs::Failed, true));
}
