//! A tour of the embedded GitHub: every endpoint, with all that it answers.

use std::{sync::LazyLock, time::Duration};

use openapi::{Exchange, Server};
use serde_json::{Value, json};
use simulator::{
    Conclusion, Concurrency, Crowd, Dispatch, Environment, ExistingRun, GitHub, Input, Job, Logs,
    Repository, Request, Rerun, Response, Scenario, Step, Token, Workflow, WorkflowState,
};

/// A request and its answer.
#[derive(Clone)]
pub struct Visit {
    pub path: String,
    pub request: Request,
    pub response: Response,
}

impl Visit {
    pub fn exchange(&self) -> Exchange<'_> {
        Exchange {
            method: &self.request.method,
            path: &self.path,
            request_headers: &self.request.headers,
            request_body: &self.request.body,
            status: self.response.status,
            response_headers: &self.response.headers,
            response_body: &self.response.body,
        }
    }

    pub fn body(&self) -> Value {
        serde_json::from_slice(&self.response.body).expect("an answer in JSON")
    }
}

const V2026: (&str, &str) = ("X-GitHub-Api-Version", "2026-03-10");
const V2022: (&str, &str) = ("X-GitHub-Api-Version", "2022-11-28");

/// How a run can end besides the usual.
const ENDINGS: &[Conclusion] = &[
    Conclusion::TimedOut,
    Conclusion::Neutral,
    Conclusion::Skipped,
    Conclusion::ActionRequired,
    Conclusion::Stale,
    Conclusion::StartupFailure,
];

/// Everything on this server.
pub fn tour(server: Server) -> &'static [Visit] {
    static TOURS: LazyLock<[Vec<Visit>; 4]> = LazyLock::new(|| Server::ALL.map(guided));
    let index = Server::ALL.iter().position(|known| *known == server);
    &TOURS[index.expect("one of all servers")]
}

fn guided(server: Server) -> Vec<Visit> {
    let mut guide = Guide::new(scenario(server));
    guide.dispatches();
    guide.refused_dispatches();
    guide.reads();
    guide.conditional_reads();
    guide.logs();
    guide.cancellations();
    guide.approvals();
    guide.turns();
    guide.endings();
    guide.strangers();
    guide.rate_limit();
    let mut visits = guide.visits;
    // Elsewhere, the first run is re-run.
    let mut guide = Guide::new(scenario(server).with_rerun(Rerun {
        after: 25.0,
        ..Rerun::default()
    }));
    guide.reruns();
    visits.append(&mut guide.visits);
    visits
}

fn simulated(server: Server) -> simulator::Server {
    match server {
        Server::GitHubCom => simulator::Server::GitHubCom,
        Server::Ghes321 => simulator::Server::Ghes321,
        Server::Ghes320 => simulator::Server::Ghes320,
        Server::Ghes319 => simulator::Server::Ghes319,
    }
}

struct Guide {
    github: GitHub,
    base: String,
    now: Duration,
    visits: Vec<Visit>,
}

impl Guide {
    fn new(scenario: Scenario) -> Self {
        Self {
            base: scenario.api_base().to_owned(),
            github: GitHub::new(scenario),
            now: Duration::ZERO,
            visits: Vec::new(),
        }
    }

    fn send(&mut self, path: &str, request: Request) -> &Visit {
        self.now += Duration::from_millis(10);
        let response = self.github.handle(&request, self.now);
        self.visits.push(Visit {
            path: path.to_owned(),
            request,
            response,
        });
        &self.visits[self.visits.len() - 1]
    }

    fn request(&self, method: &str, path: &str) -> Request {
        Request::new(method, format!("{}{path}", self.base)).with_header("User-Agent", "tour")
    }

    fn ask(&mut self, method: &str, path: &str) -> &Visit {
        let request = self
            .request(method, path)
            .with_header("Authorization", "Bearer ghs_simulated");
        self.send(path, request)
    }

    fn get(&mut self, path: &str) -> &Visit {
        self.ask("GET", &format!("/repos/octo/receiver{path}"))
    }

    /// Dispatches, and says the status.
    fn dispatch(&mut self, workflow: &str, version: Option<(&str, &str)>, body: &str) -> u16 {
        let path = format!("/repos/octo/receiver/actions/workflows/{workflow}/dispatches");
        let mut request = self
            .request("POST", &path)
            .with_header("Authorization", "Bearer ghs_simulated")
            .with_header("Content-Type", "application/json")
            .with_body(body);
        if let Some((name, value)) = version {
            request = request.with_header(name, value);
        }
        self.send(&path, request).response.status
    }

    fn wait(&mut self, seconds: u64) {
        self.now += Duration::from_secs(seconds);
    }

    fn dispatches(&mut self) {
        let plain =
            json!({ "ref": "main", "inputs": { "colour": "red", "count": 3, "dry": true } });
        let asking = json!({ "ref": "v1", "return_run_details": true });
        let declining = json!({ "ref": "refs/heads/main", "return_run_details": false });
        for version in [None, Some(V2022), Some(V2026)] {
            for body in [&plain, &asking, &declining] {
                self.dispatch("ci.yml", version, &body.to_string());
            }
        }
        let id = self.get("/actions/workflows/ci.yml").body()["id"].clone();
        self.dispatch(&id.to_string(), None, r#"{ "ref": "main" }"#);
        for count in [10, 11, 25, 26] {
            let inputs: serde_json::Map<_, _> = (0..count)
                .map(|number| (format!("i{number}"), "x".into()))
                .collect();
            let body = json!({ "ref": "main", "inputs": inputs });
            self.dispatch("many.yml", None, &body.to_string());
        }
    }

    fn refused_dispatches(&mut self) {
        for body in [
            "{",
            "{}",
            r#"{ "ref": 7 }"#,
            r#"{ "ref": "gone" }"#,
            r#"{ "ref": "main", "colour": "red" }"#,
            r#"{ "ref": "main", "a": 1, "b": 2 }"#,
            r#"{ "ref": "main", "return_run_details": "yes" }"#,
            r#"{ "ref": "main", "inputs": [] }"#,
            r#"{ "ref": "main", "inputs": { "colour": {} } }"#,
            r#"{ "ref": "main", "inputs": { "colour": "mauve" } }"#,
            r#"{ "ref": "main", "inputs": { "unknown": "x" } }"#,
        ] {
            self.dispatch("ci.yml", None, body);
        }
        let large = json!({ "ref": "main", "inputs": { "count": "x".repeat(65_536) } });
        self.dispatch("ci.yml", None, &large.to_string());
        for workflow in ["picky.yml", "off.yml", "push.yml", "gone.yml"] {
            self.dispatch(workflow, None, r#"{ "ref": "main" }"#);
        }
    }

    fn reads(&mut self) {
        self.ask("GET", "/meta");
        let anonymous = self.request("GET", "/meta");
        self.send("/meta", anonymous);
        self.ask("GET", "/user");
        self.ask("GET", "/rate_limit");
        let early = self.newest_run();
        for path in [
            "",
            "/actions/workflows",
            "/actions/workflows?per_page=2&page=2",
        ] {
            self.get(path);
        }
        for workflow in ["ci.yml", "off.yml", "push.yml", "gone.yml", "1"] {
            self.get(&format!("/actions/workflows/{workflow}"));
            self.get(&format!("/actions/workflows/{workflow}/runs"));
        }
        // While runs are queued, running and completed.
        for seconds in [0, 3, 8, 60, 600] {
            self.wait(seconds);
            self.get("/actions/runs?per_page=100");
            for attempt in ["", "/attempts/1"] {
                self.get(&format!("/actions/runs/{early}{attempt}"));
                self.get(&format!("/actions/runs/{early}{attempt}/jobs"));
            }
        }
        for query in [
            "per_page=2",
            "per_page=2&page=2",
            "page=999",
            "event=workflow_dispatch",
            "branch=main",
            "actor=octocat",
            "status=completed",
            "status=success",
            "created=%3E%3D2026-01-01T00%3A00%3A00Z",
            "created=2026-01-01T00%3A00%3A00Z",
            "created=2026-01-01..2026-01-02",
            "created=soon",
            "head_sha=0000000000000000000000000000000000000000",
        ] {
            self.get(&format!("/actions/runs?{query}"));
            self.get(&format!("/actions/workflows/ci.yml/runs?{query}"));
        }
        for query in [
            "filter=latest",
            "filter=all&per_page=1",
            "per_page=1&page=2",
        ] {
            self.get(&format!("/actions/runs/{early}/jobs?{query}"));
        }
        self.get("/actions/runs/1");
        self.get("/actions/runs/1/jobs");
        self.get("/actions/jobs/1");
    }

    fn newest_run(&mut self) -> Value {
        self.newest_run_of("ci.yml")
    }

    /// The newest that nobody else has dispatched.
    fn newest_run_of(&mut self, workflow: &str) -> Value {
        self.wait(1);
        let path = format!("/actions/workflows/{workflow}/runs?actor=octocat");
        let runs = self.get(&path).body();
        runs["workflow_runs"][0]["id"].clone()
    }

    fn conditional_reads(&mut self) {
        for path in [
            "",
            "/actions/workflows",
            "/actions/workflows/ci.yml",
            "/actions/workflows/ci.yml/runs?per_page=1",
        ] {
            let answer = &self.get(path).response;
            let etag = answer.header("etag").expect("an entity tag").to_owned();
            let path = format!("/repos/octo/receiver{path}");
            let request = self
                .request("GET", &path)
                .with_header("Authorization", "Bearer ghs_simulated")
                .with_header("If-None-Match", etag);
            assert_eq!(self.send(&path, request).response.status, 304);
        }
    }

    fn logs(&mut self) {
        self.get("/actions/runs/1/logs");
        self.get("/actions/jobs/1/logs");
        for workflow in ["ci.yml", "old.yml"] {
            self.dispatch(workflow, None, r#"{ "ref": "main" }"#);
            self.wait(2);
            let runs = self.get(&format!("/actions/workflows/{workflow}/runs"));
            let run = runs.body()["workflow_runs"][0]["id"].clone();
            for seconds in [0, 600] {
                self.wait(seconds);
                self.get(&format!("/actions/runs/{run}/logs"));
                self.get(&format!("/actions/runs/{run}/attempts/1/logs"));
                self.get(&format!("/actions/runs/{run}/artifacts"));
                let jobs = self.get(&format!("/actions/runs/{run}/jobs")).body();
                for job in jobs["jobs"].as_array().into_iter().flatten() {
                    self.get(&format!("/actions/jobs/{}", job["id"]));
                    self.get(&format!("/actions/jobs/{}/logs", job["id"]));
                    self.get(&format!("/check-runs/{}/annotations", job["id"]));
                }
            }
        }
    }

    fn cancellations(&mut self) {
        for how in ["cancel", "force-cancel"] {
            self.dispatch("ci.yml", None, r#"{ "ref": "main" }"#);
            let run = self.newest_run();
            let path = format!("/repos/octo/receiver/actions/runs/{run}/{how}");
            self.ask("POST", &path);
            self.wait(60);
            self.get(&format!("/actions/runs/{run}"));
            self.get(&format!("/actions/runs/{run}/jobs"));
            self.ask("POST", &path);
            self.ask(
                "POST",
                &format!("/repos/octo/receiver/actions/runs/1/{how}"),
            );
        }
    }

    fn approvals(&mut self) {
        self.dispatch("gated.yml", None, r#"{ "ref": "main" }"#);
        let run = self.newest_run_of("gated.yml");
        // While it waits, once it is approved, and at its end.
        for seconds in [1, 30, 60] {
            self.wait(seconds);
            for path in ["", "/jobs", "/pending_deployments"] {
                self.get(&format!("/actions/runs/{run}{path}"));
            }
            self.get("/actions/runs?status=waiting");
        }
        self.get("/actions/runs/1/pending_deployments");
    }

    fn reruns(&mut self) {
        self.dispatch("flaky.yml", None, r#"{ "ref": "main" }"#);
        let run = self.newest_run_of("flaky.yml");
        // At the first attempt, before the second one, while it runs, and at its end.
        for seconds in [1, 10, 19, 60] {
            self.wait(seconds);
            for of in ["", "/attempts/1", "/attempts/2", "/attempts/3"] {
                for part in ["", "/jobs", "/jobs?per_page=1", "/logs"] {
                    self.get(&format!("/actions/runs/{run}{of}{part}"));
                }
            }
            self.get(&format!("/actions/runs/{run}/jobs?filter=all"));
            self.get("/actions/workflows/flaky.yml/runs");
        }
        let latest = self.get(&format!("/actions/runs/{run}")).body();
        assert_eq!(latest["run_attempt"], 2);
    }

    /// Of three runs of a concurrency group one is in progress and one waits.
    fn turns(&mut self) {
        for _ in 0..3 {
            self.dispatch("grouped.yml", None, r#"{ "ref": "main" }"#);
        }
        for seconds in [1, 5, 60] {
            self.wait(seconds);
            let runs = self.get("/actions/workflows/grouped.yml/runs").body();
            for run in runs["workflow_runs"].as_array().into_iter().flatten() {
                for path in ["", "/jobs", "/logs"] {
                    self.get(&format!("/actions/runs/{}{path}", run["id"]));
                }
            }
            self.get("/actions/runs?status=pending");
        }
    }

    fn endings(&mut self) {
        for conclusion in ENDINGS {
            let workflow = format!("{}.yml", conclusion.as_str());
            self.dispatch(&workflow, None, r#"{ "ref": "main" }"#);
            let run = self.newest_run_of(&workflow);
            self.wait(60);
            for path in ["", "/jobs", "/logs"] {
                self.get(&format!("/actions/runs/{run}{path}"));
            }
            self.get(&format!("/actions/workflows/{workflow}/runs"));
        }
    }

    /// Who is not known, may not, or does not say who it is.
    fn strangers(&mut self) {
        let paths = [
            "",
            "/actions/runs",
            "/actions/workflows",
            "/actions/runs/1/logs",
        ];
        for path in paths.map(|path| format!("/repos/octo/receiver{path}")) {
            for token in ["Bearer ghs_nobody", "Bearer ghs_blind"] {
                let request = self
                    .request("GET", &path)
                    .with_header("Authorization", token);
                self.send(&path, request);
            }
            let request = self.request("GET", &path);
            self.send(&path, request);
            let nameless = Request::new("GET", format!("{}{path}", self.base));
            self.send(&path, nameless);
            let futuristic = self
                .request("GET", &path)
                .with_header("X-GitHub-Api-Version", "2063-04-05");
            self.send(&path, futuristic);
        }
        let path = "/repos/octo/receiver/actions/workflows/ci.yml/dispatches";
        for token in ["ghs_nobody", "ghs_blind", "ghs_reader"] {
            let request = self
                .request("POST", path)
                .with_header("Authorization", format!("Bearer {token}"))
                .with_header("Content-Type", "application/json")
                .with_body(r#"{ "ref": "main" }"#);
            self.send(path, request);
        }
        self.ask("GET", "/repos/octo/nowhere");
    }

    fn rate_limit(&mut self) {
        let path = "/repos/octo/receiver/actions/runs";
        for _ in 0..3 {
            let request = self
                .request("GET", path)
                .with_header("Authorization", "Bearer ghs_busy");
            self.send(path, request);
        }
    }
}

fn scenario(server: Server) -> Scenario {
    let token = |token: &str| Token {
        token: token.into(),
        ..Token::default()
    };
    let mut scenario = Scenario::on(simulated(server)).with_seed(11);
    scenario.tokens = vec![
        Token::default(),
        Token {
            can_read: false,
            ..token("ghs_blind")
        },
        Token {
            can_write: false,
            ..token("ghs_reader")
        },
        Token {
            rate_limit: 2,
            ..token("ghs_busy")
        },
    ];
    scenario.history = 3;
    scenario
        .with_repository(Repository {
            tags: vec!["v1".into()],
            ..Repository::default()
        })
        .with_workflows(workflows())
        .with_existing_run(ExistingRun {
            workflow: "push.yml".into(),
            event: Some("push".into()),
            created_at: -5000.0,
            ..ExistingRun::default()
        })
        .with_crowd(Crowd {
            before: 2,
            after: 2,
            spread_seconds: 3.0,
            ..Crowd::default()
        })
}

fn workflows() -> Vec<Workflow> {
    let colour = Input {
        options: Some(vec!["red".into(), "blue".into()]),
        default: Some("red".into()),
        ..Input::default()
    };
    let required = Input {
        required: true,
        ..Input::default()
    };
    let echo = Step::echo("${{ inputs.count }}").taking(2.0);
    let failing = Step::run("false").ending(Conclusion::Failure);
    // What it dispatches is a bot's run.
    let passing_on = echo.clone().dispatching(Dispatch {
        workflow: "many.yml".into(),
        ..Dispatch::default()
    });
    let ci = Workflow::new("ci.yml")
        .with_declared_input("colour", colour)
        .with_input("count")
        .with_input("dry")
        .with_run_name("Build ${{ inputs.colour }}")
        .with_jobs([
            Job::new("build", [passing_on]),
            Job::new("test", [failing, echo.clone()]).needing("build"),
            Job::new("publish", [echo.clone()]).needing("test"),
        ]);
    let mut many = Workflow::new("many.yml");
    for number in 0..26 {
        many = many.with_input(format!("i{number}"));
    }
    let mut named = Workflow::new("off.yml");
    named.name = Some("Switched off, for now".into());
    named.state = WorkflowState::DisabledManually;
    let mut push = Workflow::new("push.yml");
    push.dispatchable = false;
    let mut old_job = Job::new("build", [echo]);
    old_job.logs = Logs::Expired;
    let gated =
        |name: &str, environment| Job::new(name, [Step::run("make")]).with_environment(environment);
    let gated = Workflow::new("gated.yml").with_jobs([
        gated("stage", Environment::new("staging").approved_after(20.0)),
        gated(
            "deploy",
            Environment::new("the real/one").rejected_after(60.0),
        ),
    ]);
    let flaky = Step::run("make ${{ matrix.value }}")
        .taking(3.0)
        .ending_by_attempt([Conclusion::Failure]);
    let flaky = Workflow::new("flaky.yml")
        .with_jobs([Job::new("build", [flaky]).with_matrix(["linux", "mac/os"])]);
    let grouped = Workflow {
        concurrency: Some(Concurrency::group("deploy")),
        ..Workflow::new("grouped.yml")
    };
    let mut workflows = vec![
        ci,
        gated,
        flaky,
        grouped,
        many,
        named,
        push,
        Workflow::new("picky.yml").with_declared_input("must", required),
        Workflow::new("old.yml").with_jobs([old_job]),
    ];
    workflows.extend(ENDINGS.iter().map(|conclusion| Workflow {
        conclusion: Some(*conclusion),
        ..Workflow::new(format!("{}.yml", conclusion.as_str()))
    }));
    workflows
}
