//! Jobs that wait for the approval of an environment.

use serde_json::json;
use simulator::{Environment, Job, Status, Step, Workflow};

use crate::caller::{Caller, is, jobs, run_state, state, steps};

fn deploying(environment: Environment) -> Workflow {
    Workflow::new("ci.yml").with_jobs([
        Job::new("build", [Step::run("make").taking(5.0)]),
        Job::new("deploy", [Step::run("make deploy")])
            .needing("build")
            .with_environment(environment),
    ])
}

/// The names of the environments that a run waits for.
fn pending(caller: &mut Caller, run: u64, at: f64) -> Vec<String> {
    let list = caller.json(&format!("/actions/runs/{run}/pending_deployments"), at);
    let list = list.as_array().expect("a list");
    let name = |entry: &serde_json::Value| entry["environment"]["name"].as_str().map(Into::into);
    list.iter().filter_map(name).collect()
}

#[test]
fn a_run_waits_until_the_environment_of_its_job_is_approved() {
    let environment = Environment::new("production").approved_after(100.0);
    let mut caller = Caller::with_workflow(deploying(environment));
    let run = caller.dispatch(&json!({}), 0.0);
    assert_eq!(run_state(&mut caller, run, 3.0), is("in_progress", None));
    assert!(pending(&mut caller, run, 3.0).is_empty());
    // The first job ends after 1 + 0.2 + 5 + 0.1 seconds.
    assert_eq!(run_state(&mut caller, run, 6.3), is("waiting", None));
    assert_eq!(pending(&mut caller, run, 6.3), ["production"]);
    let waiting = &jobs(&mut caller, run, 106.2)[1];
    assert_eq!(state(waiting), is("waiting", None));
    assert_eq!(waiting["steps"], json!([]));
    assert_eq!(waiting["runner_name"], json!(null));
    assert_eq!(run_state(&mut caller, run, 106.2), is("waiting", None));
    let listed = caller.listed("/actions/runs?status=waiting", 106.2);
    assert_eq!(listed, [run]);

    assert_eq!(run_state(&mut caller, run, 106.3), is("in_progress", None));
    assert!(pending(&mut caller, run, 106.3).is_empty());
    let deploying = &jobs(&mut caller, run, 106.3)[1];
    assert_eq!(steps(deploying).len(), 3);
    assert_eq!(
        run_state(&mut caller, run, 107.6),
        is("completed", Some("success"))
    );
}

#[test]
fn a_first_job_looks_for_a_runner_once_it_is_approved() {
    let environment = Environment::new("staging").approved_after(10.0);
    let mut caller = Caller::with_workflow(
        Workflow::new("ci.yml")
            .with_jobs([Job::new("deploy", [Step::run("make")]).with_environment(environment)]),
    );
    let run = caller.dispatch(&json!({}), 0.0);
    assert_eq!(run_state(&mut caller, run, 9.9), is("waiting", None));
    assert_eq!(run_state(&mut caller, run, 10.0), is("queued", None));
    assert_eq!(run_state(&mut caller, run, 11.0), is("in_progress", None));
    let shown = caller.json(&format!("/actions/runs/{run}"), 10.5);
    assert_eq!(shown["updated_at"], "2026-01-01T00:00:10Z");
}

#[test]
fn while_another_job_runs_so_does_the_run() {
    let mut caller =
        Caller::with_workflow(
            Workflow::new("ci.yml").with_jobs([
                Job::new("deploy", [Step::run("make")])
                    .with_environment(Environment::new("production")),
                Job::new("test", [Step::run("make test").taking(60.0)]),
            ]),
        );
    let run = caller.dispatch(&json!({}), 0.0);
    assert_eq!(run_state(&mut caller, run, 30.0), is("in_progress", None));
    assert_eq!(pending(&mut caller, run, 30.0), ["production"]);
    assert_eq!(run_state(&mut caller, run, 70.0), is("waiting", None));
}

#[test]
fn a_rejection_fails_the_job_and_skips_what_needs_it() {
    let environment = Environment::new("production").rejected_after(100.0);
    let mut workflow = deploying(environment);
    workflow
        .jobs
        .push(Job::new("announce", [Step::run("mail")]).needing("deploy"));
    let mut caller = Caller::with_workflow(workflow);
    let run = caller.dispatch(&json!({}), 0.0);
    assert_eq!(run_state(&mut caller, run, 106.2), is("waiting", None));
    assert_eq!(
        run_state(&mut caller, run, 106.3),
        is("completed", Some("failure"))
    );
    let jobs = jobs(&mut caller, run, 107.0);
    assert_eq!(state(&jobs[1]), is("completed", Some("failure")));
    assert_eq!(jobs[1]["steps"], json!([]));
    assert_eq!(state(&jobs[2]), is("completed", Some("skipped")));
}

#[test]
fn what_nobody_approves_waits_for_ever_or_until_it_is_cancelled() {
    let mut caller = Caller::with_workflow(deploying(Environment::new("production")));
    let run = caller.dispatch(&json!({}), 0.0);
    let century = 3.0e9;
    assert_eq!(run_state(&mut caller, run, century), is("waiting", None));
    let path = format!("/actions/runs/{run}/cancel");
    assert_eq!(caller.post(&path, century).status, 202);
    assert_eq!(
        run_state(&mut caller, run, century + 1.0),
        is("completed", Some("cancelled"))
    );
    assert!(pending(&mut caller, run, century + 1.0).is_empty());
}

#[test]
fn jobs_that_wait_for_one_environment_wait_for_one_approval() {
    let waiting = |name: &str, environment: &str| {
        Job::new(name, [Step::run("make")]).with_environment(Environment::new(environment))
    };
    let mut caller = Caller::with_workflow(Workflow::new("ci.yml").with_jobs([
        waiting("a", "staging"),
        waiting("b", "production"),
        waiting("c", "staging"),
    ]));
    let run = caller.dispatch(&json!({}), 0.0);
    assert_eq!(pending(&mut caller, run, 1.0), ["staging", "production"]);
    assert_eq!(caller.runs(1.0)[0].status, Status::Waiting);
    let unknown = caller.get("/actions/runs/1/pending_deployments", 1.0);
    assert_eq!(unknown.status, 404);
}
