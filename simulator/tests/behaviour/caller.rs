//! A client for tests: it sends what is needed and reads what comes back.

use std::time::Duration;

use serde_json::{Value, json};
use simulator::{
    DispatchedBy, GitHub, Job, Request, Response, RunFacts, Scenario, Server, Step, Workflow,
};

/// A GitHub and somebody who calls it.
pub struct Caller {
    pub github: GitHub,
    api: String,
}

impl Caller {
    pub fn new(scenario: Scenario) -> Self {
        Self {
            api: scenario.api_base().to_owned(),
            github: GitHub::new(scenario),
        }
    }

    /// A GitHub whose only workflow is this.
    pub fn with_workflow(workflow: Workflow) -> Self {
        Self::new(Scenario::default().with_workflows([workflow]))
    }

    /// A request beneath the API's base URL, without any of the usual headers.
    pub fn bare(&self, method: &str, path: &str) -> Request {
        Request::new(method, format!("{}{path}", self.api))
    }

    /// A request beneath the API's base URL.
    pub fn request(&self, method: &str, path: &str) -> Request {
        self.bare(method, path)
            .with_header("User-Agent", "tests")
            .with_header("Authorization", "Bearer ghs_simulated")
    }

    pub fn send(&mut self, request: &Request, at: f64) -> Response {
        self.github.handle(request, seconds(at))
    }

    /// A GET beneath the default repository.
    pub fn get(&mut self, path: &str, at: f64) -> Response {
        let request = self.request("GET", &format!("/repos/octo/receiver{path}"));
        self.send(&request, at)
    }

    pub fn json(&mut self, path: &str, at: f64) -> Value {
        let response = self.get(path, at);
        assert_eq!(response.status, 200, "{path}: {}", text(&response));
        body(&response)
    }

    pub fn post(&mut self, path: &str, at: f64) -> Response {
        let request = self.request("POST", &format!("/repos/octo/receiver{path}"));
        self.send(&request, at)
    }

    pub fn dispatch_request(&self, body: &Value) -> Request {
        self.request(
            "POST",
            "/repos/octo/receiver/actions/workflows/ci.yml/dispatches",
        )
        .with_body(body.to_string())
    }

    /// Dispatches `ci.yml` and returns the run that this created.
    pub fn dispatch(&mut self, inputs: &Value, at: f64) -> u64 {
        let request = self.dispatch_request(&json!({ "ref": "main", "inputs": inputs }));
        let response = self.send(&request, at);
        assert_eq!(response.status, 204, "{}", text(&response));
        self.own_runs(at).pop().expect("a run").id
    }

    pub fn runs(&mut self, at: f64) -> Vec<RunFacts> {
        self.github.runs(seconds(at))
    }

    /// The runs that the client has dispatched.
    pub fn own_runs(&mut self, at: f64) -> Vec<RunFacts> {
        let mut runs = self.runs(at);
        runs.retain(|run| run.dispatched_by == DispatchedBy::Client);
        runs
    }

    /// The IDs on a page of a list of runs.
    pub fn listed(&mut self, path: &str, at: f64) -> Vec<u64> {
        let list = self.json(path, at);
        ids(&list["workflow_runs"])
    }

    /// Follows a redirect without the token, as one must.
    pub fn follow(&mut self, redirect: &Response, at: f64) -> Response {
        assert_eq!(redirect.status, 302, "{}", text(redirect));
        let location = redirect.header("location").expect("a location");
        self.send(&Request::new("GET", location), at)
    }

    /// The log of the n-th job of a run.
    pub fn job_log(&mut self, run: u64, job: usize, at: f64) -> Response {
        let jobs = self.json(&format!("/actions/runs/{run}/jobs"), at);
        let id = jobs["jobs"][job]["id"].as_u64().expect("an ID");
        let redirect = self.get(&format!("/actions/jobs/{id}/logs"), at);
        self.follow(&redirect, at)
    }

    pub fn archive(&mut self, run: u64, at: f64) -> Response {
        let redirect = self.get(&format!("/actions/runs/{run}/logs"), at);
        self.follow(&redirect, at)
    }
}

pub fn on(server: Server) -> Caller {
    Caller::new(Scenario::on(server))
}

/// A workflow whose one job has these steps.
pub fn workflow(steps: impl IntoIterator<Item = Step>) -> Workflow {
    Workflow::new("ci.yml")
        .with_input("distinct_id")
        .with_jobs([Job::new("build", steps)])
}

pub fn seconds(number: f64) -> Duration {
    Duration::from_secs_f64(number)
}

pub fn body(response: &Response) -> Value {
    serde_json::from_slice(&response.body).expect("JSON")
}

pub fn text(response: &Response) -> String {
    String::from_utf8_lossy(&response.body).into_owned()
}

pub fn message(response: &Response) -> String {
    let message = &body(response)["message"];
    message.as_str().expect("a message").to_owned()
}

pub fn ids(list: &Value) -> Vec<u64> {
    let list = list.as_array().expect("a list");
    list.iter().filter_map(|item| item["id"].as_u64()).collect()
}

/// Status and conclusion.
pub fn state(run: &Value) -> (String, Option<String>) {
    let text = |field: &str| run[field].as_str().map(str::to_owned);
    (text("status").expect("a status"), text("conclusion"))
}

pub fn run_state(caller: &mut Caller, run: u64, at: f64) -> (String, Option<String>) {
    state(&caller.json(&format!("/actions/runs/{run}"), at))
}

pub fn is(status: &str, conclusion: Option<&str>) -> (String, Option<String>) {
    (status.into(), conclusion.map(Into::into))
}

pub fn jobs(caller: &mut Caller, run: u64, at: f64) -> Vec<Value> {
    let list = caller.json(&format!("/actions/runs/{run}/jobs"), at);
    let jobs = list["jobs"].as_array().expect("jobs").clone();
    assert_eq!(list["total_count"], jobs.len());
    jobs
}

pub fn steps(job: &Value) -> Vec<(String, Option<String>)> {
    job["steps"]
        .as_array()
        .expect("steps")
        .iter()
        .map(state)
        .collect()
}
