//! The state machine: requests in, responses out, and what happens in between.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    time::Duration,
};

use crate::{
    answer::{Answer, Problem, Version},
    archive,
    dispatch::Order,
    facts::{DispatchedBy, Origin, RequestFacts, RunFacts},
    fault::{Effect, Fault, Faults},
    http::{Delivery, Request, Response},
    limit::{Balance, RateLimits},
    listing::{Filter, Page, Query},
    log::JobLog,
    payload::{COMMIT_MESSAGE, Payloads},
    profile::Profile,
    random::{Random, hex_digest},
    route::{Endpoint, Route, WorkflowKey},
    run::{Plan, Reference, Run, StepKind},
    scenario::{Crowd, Repository, Scenario, Token},
    store::Blob,
    template,
    time::{Clock, Moment},
    workflow::{Conclusion, Logs, Status, Workflow},
};

/// Who creates the runs of history and crowd.
const SOMEBODY: &str = "hubot";
/// Who dispatches from within a run.
const BOT: &str = "github-actions[bot]";
/// Seconds until runners notice that their run is cancelled.
const CANCELLING: f64 = 1.0;
/// Seconds, at least, between the runs of history.
const BETWEEN_HISTORY: f64 = 60.0;

/// A simulated GitHub.
///
/// Time comes in with each call, as the time since the start, and must not go back. See the
/// [crate's documentation](crate) for an example.
#[derive(Debug)]
pub struct GitHub {
    scenario: Scenario,
    profile: Profile,
    clock: Clock,
    random: Random,
    payloads: Payloads,
    faults: Faults,
    limits: RateLimits,
    /// The IDs of each repository's workflows.
    workflow_ids: Vec<Vec<u64>>,
    /// In the order of their creation.
    runs: Vec<Run>,
    run_by_id: HashMap<u64, usize>,
    /// For each job its run and its place in the run.
    job_by_id: HashMap<u64, (usize, usize)>,
    next_run_id: u64,
    next_job_id: u64,
    /// The last run number of each workflow.
    numbers: BTreeMap<(usize, usize), u64>,
    /// What is going to happen by itself. The number keeps apart what happens at the same moment.
    future: BTreeMap<(Moment, u64), Event>,
    /// How many events have been planned.
    planned: u64,
    /// Workflows that a crowd has already descended upon.
    crowded: BTreeSet<(usize, usize)>,
    requests: Vec<RequestFacts>,
    /// The log handed out last: a client that reads by ranges asks for it again and again.
    last_blob: Option<(Blob, Vec<u8>)>,
}

#[derive(Debug)]
enum Event {
    Create(Box<NewRun>),
    /// A step that dispatches starts.
    StepStarts {
        run: usize,
        job: usize,
        step: usize,
    },
}

#[derive(Debug, Clone)]
struct NewRun {
    id: Option<u64>,
    repository: usize,
    workflow: usize,
    inputs: BTreeMap<String, String>,
    event: String,
    reference: Reference,
    actor: String,
    dispatched_by: DispatchedBy,
}

/// Where a URL leads.
enum Place<'a> {
    Api(&'a str),
    Logs(&'a str),
    Elsewhere(&'a str),
}

impl GitHub {
    /// Starts a GitHub.
    ///
    /// # Panics
    /// If the scenario contradicts itself, with the sentence that [`Scenario::check`] gives.
    #[must_use]
    pub fn new(scenario: Scenario) -> Self {
        if let Err(contradiction) = scenario.check() {
            panic!("{contradiction}");
        }
        let clock = Clock::starting_at(scenario.start_time);
        let mut random = Random::seeded(scenario.seed);
        let mut next_workflow_id = 60_000_000 + random.below(1_000_000);
        let workflow_ids = scenario
            .repositories
            .iter()
            .map(|repository| {
                let id = |workflow: &Workflow| {
                    next_workflow_id += 1 + random.below(1000);
                    workflow.id.unwrap_or(next_workflow_id)
                };
                repository.workflows.iter().map(id).collect()
            })
            .collect();
        let actors = scenario.tokens.iter().map(|token| token.actor.as_str());
        let mut github = Self {
            profile: scenario.server.profile(),
            clock,
            payloads: Payloads::new(&scenario, clock, actors.chain([SOMEBODY, BOT])),
            faults: Faults::new(&scenario.faults),
            limits: RateLimits::default(),
            workflow_ids,
            runs: Vec::new(),
            run_by_id: HashMap::new(),
            job_by_id: HashMap::new(),
            next_run_id: 19_000_000_000 + random.below(1_000_000_000),
            next_job_id: 54_000_000_000 + random.below(1_000_000_000),
            numbers: BTreeMap::new(),
            future: BTreeMap::new(),
            planned: 0,
            crowded: BTreeSet::new(),
            requests: Vec::new(),
            last_blob: None,
            random,
            scenario,
        };
        github.prepare_past();
        github
    }

    /// Answers a request that arrives at `now`, the time since the start.
    pub fn handle(&mut self, request: &Request, now: Duration) -> Response {
        let at = now;
        let now = Moment::at(now);
        self.advance(now);
        let (origin, path) = match self.place(&request.url) {
            Place::Api(path) => (Origin::Api, path.to_owned()),
            Place::Logs(path) => (Origin::Logs, path.to_owned()),
            Place::Elsewhere(path) => (Origin::Elsewhere, path.to_owned()),
        };
        let response = match self.faults.strike(request, &path) {
            None => self.answer(request, origin, &path, now).into_response(),
            Some(fault) => self.fail(&fault, request, origin, &path, now),
        };
        self.requests.push(RequestFacts {
            at,
            method: request.method.clone(),
            path,
            origin,
            status: response.status,
            bytes: response.delivered().len(),
            had_authorization: request.header("authorization").is_some(),
            headers: request.headers.clone(),
        });
        response
    }

    /// Every run there is at `now`, oldest first, as it really is: what a check compares a client's
    /// conclusion with.
    pub fn runs(&mut self, now: Duration) -> Vec<RunFacts> {
        let now = Moment::at(now);
        self.advance(now);
        let facts = |run: &Run| {
            let repository = &self.scenario.repositories[run.repository];
            RunFacts {
                id: run.id,
                repository: repository.full_name(),
                workflow: repository.workflows[run.workflow].file.clone(),
                inputs: run.inputs.clone(),
                created_at: run.created.since_start(),
                visible_at: run.visible.since_start(),
                dispatched_by: run.dispatched_by,
                status: run.status(now),
                conclusion: run.conclusion(now),
            }
        };
        self.runs.iter().map(facts).collect()
    }

    /// The first moment at which `text` can be read through the API in the title, the name of a
    /// step, or the log of this run; none if it never can be, or the run does not exist yet.
    ///
    /// It takes the run's course as it is planned: a later cancellation may change it. Archives
    /// that are broken count as unreadable.
    #[must_use]
    pub fn clue_visible_at(&self, run_id: u64, text: &str) -> Option<Duration> {
        let run = &self.runs[*self.run_by_id.get(&run_id)?];
        let workflow = self.workflow(run);
        let mut moments = Vec::new();
        if run.title.contains(text) {
            moments.push(run.visible);
        }
        let mut expired = false;
        let mut archived = false;
        for (index, job) in run.plan.jobs.iter().enumerate() {
            let Some(log) = JobLog::of(run, workflow, index) else {
                continue;
            };
            moments.extend(
                job.started
                    .filter(|_| job.steps.iter().any(|step| step.name.contains(text))),
            );
            if log.contains(text) {
                archived = true;
                if log.job.logs == Logs::Available {
                    moments.push(job.ended);
                }
            }
            expired |= log.job.logs == Logs::Expired;
        }
        if archived && !expired && self.scenario.archive.is_readable() {
            moments.push(run.plan.ended);
        }
        let first = moments.into_iter().min()?;
        Some(first.max(run.visible).since_start())
    }

    /// Every request so far, in the order of arrival.
    #[must_use]
    pub fn requests(&self) -> &[RequestFacts] {
        &self.requests
    }

    fn place<'a>(&self, url: &'a str) -> Place<'a> {
        let beneath = |base: &str| {
            url.strip_prefix(base)
                .filter(|path| path.is_empty() || path.starts_with(['/', '?']))
        };
        if let Some(path) = beneath(self.scenario.api_base()) {
            Place::Api(path)
        } else if let Some(path) = beneath(self.scenario.logs_base()) {
            Place::Logs(path)
        } else {
            let start = url.find("://").map_or(0, |at| at + 3);
            let path = url[start..].find('/').map_or("", |at| &url[start + at..]);
            Place::Elsewhere(path)
        }
    }

    fn fail(
        &mut self,
        fault: &Fault,
        request: &Request,
        origin: Origin,
        path: &str,
        now: Moment,
    ) -> Response {
        let (answer, delivery) = match &fault.effect {
            Effect::Stall { after_bytes } => (
                self.answer(request, origin, path, now),
                Delivery::StallsAfter(*after_bytes),
            ),
            Effect::Cut { after_bytes } => (
                self.answer(request, origin, path, now),
                Delivery::CutAfter(*after_bytes),
            ),
            lost => {
                if fault.acted {
                    self.answer(request, origin, path, now);
                }
                match lost {
                    Effect::NoAnswer => (Answer::empty(0), Delivery::NoAnswer),
                    Effect::Reset => (Answer::empty(0), Delivery::Reset),
                    Effect::Answer {
                        status,
                        headers,
                        body,
                    } => (
                        self.faulty_answer(*status, headers, body, now),
                        Delivery::Whole,
                    ),
                    Effect::Stall { .. } | Effect::Cut { .. } => unreachable!("handled above"),
                }
            }
        };
        if matches!(delivery, Delivery::NoAnswer | Delivery::Reset) {
            return Response {
                status: 0,
                headers: Vec::new(),
                body: Vec::new(),
                delivery,
            };
        }
        Response {
            delivery,
            ..answer.into_response()
        }
    }

    fn faulty_answer(
        &self,
        status: u16,
        headers: &BTreeMap<String, String>,
        body: &str,
        now: Moment,
    ) -> Answer {
        let mut answer = Answer::empty(status);
        answer.body = body.into();
        for (name, value) in headers {
            answer = answer.with(&name.to_ascii_lowercase(), value);
        }
        if !answer.has("content-type") && !body.is_empty() {
            // Proxies in between answer with a page.
            let json = body.starts_with(['{', '[']);
            answer = answer.with(
                "content-type",
                if json {
                    "application/json; charset=utf-8"
                } else {
                    "text/html; charset=utf-8"
                },
            );
        }
        self.finish(answer, now)
    }

    /// Adds what every answer carries.
    fn finish(&self, mut answer: Answer, now: Moment) -> Answer {
        if !answer.has("date") {
            answer = answer.with("date", self.clock.http_date(now));
        }
        let number = self.requests.len() as u64;
        let id = hex_digest(self.scenario.seed, &number.to_le_bytes(), 24).to_uppercase();
        answer.with(
            "x-github-request-id",
            format!("{}:{}:{}", &id[..4], &id[4..10], &id[10..]),
        )
    }

    fn answer(&mut self, request: &Request, origin: Origin, path: &str, now: Moment) -> Answer {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let answer = match origin {
            Origin::Api => self.answer_api(request, path, query, now),
            Origin::Logs => self.answer_store(request, path, query, now),
            Origin::Elsewhere => Answer::text(
                404,
                "text/html; charset=utf-8",
                "<!DOCTYPE html><html><body>Page not found</body></html>",
            ),
        };
        self.finish(answer, now)
    }

    fn answer_store(&mut self, request: &Request, path: &str, query: &str, now: Moment) -> Answer {
        let seed = self.scenario.seed;
        let blob = match Blob::asked(request, path, query, seed, (self.clock, now)) {
            Ok(blob) => blob,
            Err(answer) => return answer,
        };
        if self
            .last_blob
            .as_ref()
            .is_none_or(|(last, _)| *last != blob)
        {
            let Some(content) = self.content(blob) else {
                return Blob::not_found();
            };
            self.last_blob = Some((blob, content));
        }
        match &self.last_blob {
            Some((_, content)) => blob.answer(request, content),
            None => Blob::not_found(),
        }
    }

    /// The content of a log. Links are given out for finished ones only, so it never changes.
    fn content(&self, blob: Blob) -> Option<Vec<u8>> {
        match blob {
            Blob::Job(id) => {
                let (run, index) = self.job_by_id.get(&id)?;
                let run = &self.runs[*run];
                let log = JobLog::of(run, self.workflow(run), *index)?;
                Some(log.text(self.clock))
            }
            Blob::Run(id) => {
                let run = &self.runs[*self.run_by_id.get(&id)?];
                let workflow = self.workflow(run);
                let logs: Vec<_> = (0..workflow.jobs.len())
                    .filter_map(|index| JobLog::of(run, workflow, index))
                    .collect();
                Some(archive::build(self.scenario.archive, &logs, self.clock))
            }
        }
    }

    fn answer_api(&mut self, request: &Request, path: &str, query: &str, now: Moment) -> Answer {
        if request.header("user-agent").is_none_or(str::is_empty) {
            return Answer::text(
                403,
                "text/plain; charset=utf-8",
                "\r\nRequest forbidden by administrative rules. \
                 Please make sure your request has a User-Agent header.\r\n",
            );
        }
        // A version that the server does not know is refused before it looks at anything else.
        let version = match Version::asked(request, &self.profile) {
            Ok(version) => version,
            Err(problem) => {
                let answer = problem.answer(&self.profile, "rest/about-the-rest-api/api-versions");
                return self.with_server_headers(answer);
            }
        };
        let answer = self
            .answer_version(request, path, query, version, now)
            .with("x-github-api-version-selected", version.as_str());
        let answer = if version == Version::V2022 && self.profile.knows_2026_03_10 {
            // It is superseded, and goes two years after its successor came.
            answer
                .with("deprecation", "Tue, 10 Mar 2026 00:00:00 GMT")
                .with("sunset", "Fri, 10 Mar 2028 00:00:00 GMT")
        } else {
            answer
        };
        self.with_server_headers(answer)
    }

    fn with_server_headers(&self, answer: Answer) -> Answer {
        let answer = answer
            .with("server", "github.com")
            .with("x-github-media-type", "github.v3; format=json");
        match self.profile.enterprise_version {
            Some(version) => answer.with(
                "x-github-enterprise-version",
                format!("enterprise-server@{version}"),
            ),
            None => answer,
        }
    }

    fn answer_version(
        &mut self,
        request: &Request,
        path: &str,
        query: &str,
        version: Version,
        now: Moment,
    ) -> Answer {
        let route = Route::find(&request.method, path);
        let endpoint = route.as_ref().map(|route| &route.endpoint);
        let documentation = endpoint.map_or("rest", Endpoint::documentation);
        let is_public =
            endpoint == Some(&Endpoint::Meta) && request.header("authorization").is_none();
        if is_public {
            return self.meta().conditional(request);
        }
        let Some(token) = self.token(request) else {
            return Problem::new(401, "Bad credentials").answer(&self.profile, "rest");
        };
        let limit = self
            .profile
            .counts_requests
            .then(|| self.limits.count(&token, self.clock.unix_seconds(now)));
        let mut answer = if limit.is_some_and(Balance::is_exceeded) {
            Problem::new(
                403,
                format!("API rate limit exceeded for user {}.", token.actor),
            )
            .answer(
                &self.profile,
                "rest/using-the-rest-api/rate-limits-for-the-rest-api",
            )
        } else {
            let call = Call {
                request,
                path,
                query: Query::parse(query),
                version,
                now,
            };
            let result = match &route {
                Some(route) => self.answer_route(route, &token, &call),
                None => Err(Problem::not_found()),
            };
            result
                .unwrap_or_else(|problem| problem.answer(&self.profile, documentation))
                .conditional(request)
        };
        if let Some(limit) = limit {
            // An answer that has not changed costs nothing.
            let limit = if answer.status == 304 {
                self.limits.refund(&token);
                limit.refunded()
            } else {
                limit
            };
            answer = limit.write(answer);
        }
        match endpoint.and_then(Endpoint::permission) {
            Some(permission) => answer.with("x-accepted-github-permissions", permission),
            None => answer,
        }
    }

    fn token(&self, request: &Request) -> Option<Token> {
        let (scheme, secret) = request.header("authorization")?.split_once(' ')?;
        let known = scheme.eq_ignore_ascii_case("bearer") || scheme.eq_ignore_ascii_case("token");
        self.scenario
            .tokens
            .iter()
            .find(|token| known && token.token == secret.trim())
            .cloned()
    }

    fn meta(&self) -> Answer {
        let body = match self.profile.enterprise_version {
            Some(version) => serde_json::json!({
                "verifiable_password_authentication": true,
                "installed_version": version,
            }),
            None => serde_json::json!({ "verifiable_password_authentication": false }),
        };
        Answer::json(200, &body)
    }

    fn answer_route(
        &mut self,
        route: &Route,
        token: &Token,
        call: &Call<'_>,
    ) -> Result<Answer, Problem> {
        let Some((owner, name)) = &route.repository else {
            return Ok(self.meta());
        };
        let repositories = &self.scenario.repositories;
        let repository = repositories
            .iter()
            .position(|known| {
                known.owner.eq_ignore_ascii_case(owner) && known.name.eq_ignore_ascii_case(name)
            })
            // GitHub does not admit that a repository exists which the token may not read.
            .filter(|_| token.can_read)
            .ok_or_else(Problem::not_found)?;
        if route.endpoint.writes() && !token.can_write {
            return Err(Problem::new(403, "Resource not accessible by integration"));
        }
        match &route.endpoint {
            Endpoint::Meta => Ok(self.meta()),
            Endpoint::Repository => Ok(Answer::json(200, self.payloads.repository(repository))),
            Endpoint::Workflows => Ok(self.list_workflows(repository, call)),
            Endpoint::Workflow(key) => {
                let workflow = self.find_workflow(repository, key)?;
                Ok(Answer::json(
                    200,
                    &self.workflow_payload(repository, workflow),
                ))
            }
            Endpoint::Dispatch(key) => {
                let workflow = self.find_workflow(repository, key)?;
                self.dispatch(repository, workflow, token, call)
            }
            Endpoint::WorkflowRuns(key) => {
                let workflow = self.find_workflow(repository, key)?;
                self.list_runs(repository, Some(workflow), call)
            }
            Endpoint::Runs => self.list_runs(repository, None, call),
            Endpoint::Run(id) => {
                let run = &self.runs[self.find_run(repository, *id, call.now)?];
                Ok(Answer::json(200, &self.run_payload(run, call.now)))
            }
            Endpoint::Jobs(id) => {
                let run = self.find_run(repository, *id, call.now)?;
                Ok(self.list_jobs(run, call))
            }
            Endpoint::Job(id) => {
                let (run, index) = self.find_job(repository, *id, call.now)?;
                let run = &self.runs[run];
                let job = self.payloads.job(run, self.workflow(run), index, call.now);
                Ok(Answer::json(200, &job))
            }
            Endpoint::JobLogs(id) => self.job_logs(repository, *id, call.now),
            Endpoint::RunLogs(id) => self.run_logs(repository, *id, call.now),
            Endpoint::Cancel { run, force } => {
                let run = self.find_run(repository, *run, call.now)?;
                self.cancel(run, *force, call.now)
            }
        }
    }

    fn repository_of(&self, run: &Run) -> &Repository {
        &self.scenario.repositories[run.repository]
    }

    fn workflow(&self, run: &Run) -> &Workflow {
        &self.repository_of(run).workflows[run.workflow]
    }

    fn find_workflow(&self, repository: usize, key: &WorkflowKey) -> Result<usize, Problem> {
        let workflows = &self.scenario.repositories[repository].workflows;
        let found = match key {
            WorkflowKey::Id(id) => self.workflow_ids[repository]
                .iter()
                .position(|known| known == id),
            WorkflowKey::File(file) => workflows.iter().position(|known| known.file == *file),
        };
        let default_branch = &self.scenario.repositories[repository].default_branch;
        // GitHub knows workflows from the default branch only.
        found
            .filter(|index| workflows[*index].exists_at(default_branch))
            .ok_or_else(Problem::not_found)
    }

    fn find_run(&self, repository: usize, id: u64, now: Moment) -> Result<usize, Problem> {
        self.run_by_id
            .get(&id)
            .copied()
            .filter(|index| {
                let run = &self.runs[*index];
                run.repository == repository && run.is_visible(now)
            })
            .ok_or_else(Problem::not_found)
    }

    fn find_job(&self, repository: usize, id: u64, now: Moment) -> Result<(usize, usize), Problem> {
        self.job_by_id
            .get(&id)
            .copied()
            .filter(|(run, index)| {
                let run = &self.runs[*run];
                run.repository == repository
                    && run.is_visible(now)
                    && run.plan.jobs[*index].is_listed(now)
            })
            .ok_or_else(Problem::not_found)
    }

    fn workflow_payload(&self, repository: usize, workflow: usize) -> serde_json::Value {
        let id = self.workflow_ids[repository][workflow];
        let repository = &self.scenario.repositories[repository];
        self.payloads
            .workflow(repository, &repository.workflows[workflow], id)
    }

    fn run_payload<'a>(&'a self, run: &'a Run, now: Moment) -> impl serde::Serialize + 'a {
        let id = self.workflow_ids[run.repository][run.workflow];
        self.payloads.run(run, self.workflow(run), id, now)
    }

    fn list_workflows(&self, repository: usize, call: &Call<'_>) -> Answer {
        let known = &self.scenario.repositories[repository];
        let all: Vec<usize> = (0..known.workflows.len())
            .filter(|index| known.workflows[*index].exists_at(&known.default_branch))
            .collect();
        let page = Page::asked(&call.query);
        let workflows: Vec<_> = page
            .of(&all)
            .iter()
            .map(|index| self.workflow_payload(repository, *index))
            .collect();
        let body = serde_json::json!({ "total_count": all.len(), "workflows": workflows });
        self.with_links(Answer::json(200, &body), &page, call, all.len())
    }

    fn list_runs(
        &self,
        repository: usize,
        workflow: Option<usize>,
        call: &Call<'_>,
    ) -> Result<Answer, Problem> {
        #[derive(serde::Serialize)]
        struct List<T> {
            total_count: usize,
            workflow_runs: Vec<T>,
        }
        let filter = Filter::asked(&call.query)?;
        let all: Vec<&Run> = self
            .runs
            .iter()
            .rev()
            .filter(|run| run.repository == repository)
            .filter(|run| workflow.is_none_or(|workflow| run.workflow == workflow))
            .filter(|run| run.is_visible(call.now))
            .filter(|run| filter.passes(run, self.clock, call.now))
            .collect();
        let reachable = &all[..all.len().min(filter.limit())];
        let page = Page::asked(&call.query);
        let list = List {
            total_count: all.len(),
            workflow_runs: page
                .of(reachable)
                .iter()
                .map(|run| self.run_payload(run, call.now))
                .collect(),
        };
        Ok(self.with_links(Answer::json(200, &list), &page, call, reachable.len()))
    }

    fn list_jobs(&self, run: usize, call: &Call<'_>) -> Answer {
        let run = &self.runs[run];
        let all: Vec<usize> = (0..run.plan.jobs.len())
            .filter(|index| run.plan.jobs[*index].is_listed(call.now))
            .collect();
        let page = Page::asked(&call.query);
        let jobs: Vec<_> = page
            .of(&all)
            .iter()
            .map(|index| self.payloads.job(run, self.workflow(run), *index, call.now))
            .collect();
        let body = serde_json::json!({ "total_count": all.len(), "jobs": jobs });
        self.with_links(Answer::json(200, &body), &page, call, all.len())
    }

    fn with_links(&self, answer: Answer, page: &Page, call: &Call<'_>, items: usize) -> Answer {
        let url = format!("{}{}", self.scenario.api_base(), call.path);
        match page.link(&url, &call.query, items) {
            Some(link) => answer.with("link", link),
            None => answer,
        }
    }

    fn job_logs(&self, repository: usize, id: u64, now: Moment) -> Result<Answer, Problem> {
        let (run, index) = self.find_job(repository, id, now)?;
        let run = &self.runs[run];
        let plan = &run.plan.jobs[index];
        let logs = self.workflow(run).jobs[index].logs;
        let finished = plan.status(now) == Status::Completed && plan.started.is_some();
        match logs {
            Logs::Available if finished => Ok(self.redirect(Blob::Job(id), now)),
            Logs::Expired if finished => Err(Problem::new(410, "Gone")),
            _ => Err(Problem::not_found()),
        }
    }

    fn run_logs(&self, repository: usize, id: u64, now: Moment) -> Result<Answer, Problem> {
        let run = &self.runs[self.find_run(repository, id, now)?];
        if run.status(now) != Status::Completed {
            return Err(Problem::not_found());
        }
        let jobs = &self.workflow(run).jobs;
        if jobs.iter().any(|job| job.logs == Logs::Expired) {
            return Err(Problem::new(410, "Gone"));
        }
        Ok(self.redirect(Blob::Run(id), now))
    }

    fn redirect(&self, blob: Blob, now: Moment) -> Answer {
        let link = blob.link(
            self.scenario.logs_base(),
            self.scenario.seed,
            self.clock,
            now,
        );
        Answer::text(302, "text/html;charset=utf-8", "").with("location", link)
    }

    fn cancel(&mut self, index: usize, force: bool, now: Moment) -> Result<Answer, Problem> {
        let run = &mut self.runs[index];
        if run.status(now) == Status::Completed {
            return Err(Problem::new(
                409,
                "Cannot cancel a workflow run that is completed.",
            ));
        }
        let takes_effect = if force { now } else { now.plus(CANCELLING) };
        run.cancelled = Some(
            run.cancelled
                .map_or(takes_effect, |earlier| earlier.min(takes_effect)),
        );
        let workflow = &self.scenario.repositories[run.repository].workflows[run.workflow];
        run.replan(workflow);
        Ok(Answer::json(202, &serde_json::json!({})))
    }

    fn dispatch(
        &mut self,
        repository: usize,
        workflow: usize,
        token: &Token,
        call: &Call<'_>,
    ) -> Result<Answer, Problem> {
        let definition = &self.scenario.repositories[repository];
        let order = Order::check(
            &call.request.body,
            call.version,
            &self.profile,
            definition,
            &definition.workflows[workflow],
        )?;
        let new = NewRun {
            id: None,
            repository,
            workflow,
            inputs: order.inputs,
            event: "workflow_dispatch".into(),
            reference: order.reference,
            actor: token.actor.clone(),
            dispatched_by: DispatchedBy::Client,
        };
        let crowd = self
            .scenario
            .crowd
            .clone()
            .filter(|_| self.crowded.insert((repository, workflow)));
        if let Some(crowd) = &crowd {
            self.crowd_in(crowd, &new, call.now);
        }
        let index = self.create(new, call.now);
        if !order.tells_run {
            return Ok(Answer::empty(204));
        }
        let run = &self.runs[index];
        let (run_url, html_url) = self.payloads.run_urls(run);
        Ok(Answer::json(
            200,
            &serde_json::json!({
                "workflow_run_id": run.id,
                "run_url": run_url,
                "html_url": html_url,
            }),
        ))
    }

    /// Creates the runs of other people before a client's, and plans those after it.
    fn crowd_in(&mut self, crowd: &Crowd, client: &NewRun, now: Moment) {
        // Older runs keep lower IDs, so nobody gets in between those that exist.
        let newest = self.runs.last().map_or(Moment::START, |run| run.created);
        let earliest = newest.max(Moment::START);
        let mut before: Vec<Moment> = (0..crowd.before)
            .map(|_| now.plus(-crowd.spread_seconds * self.random.fraction()))
            .map(|moment| moment.max(earliest).min(now))
            .collect();
        before.sort_unstable();
        for moment in before {
            let run = self.somebodys(crowd, client);
            self.create(run, moment);
        }
        for _ in 0..crowd.after {
            let moment = now.plus(crowd.spread_seconds * self.random.fraction());
            let run = self.somebodys(crowd, client);
            self.plan(moment, Event::Create(Box::new(run)));
        }
    }

    /// Somebody else's run of the workflow that a client dispatches.
    fn somebodys(&mut self, crowd: &Crowd, client: &NewRun) -> NewRun {
        let id = self.random.uuid();
        let mut inputs = self.plausible_inputs(client.repository, client.workflow, &id);
        for (name, text) in &crowd.inputs {
            let value = template::fill(text, |name| (name == "crowd.id").then(|| id.clone()));
            inputs.insert(name.clone(), value);
        }
        NewRun {
            id: None,
            inputs,
            actor: SOMEBODY.into(),
            dispatched_by: DispatchedBy::Crowd,
            ..client.clone()
        }
    }

    /// Inputs that the workflow accepts, with this distinct ID.
    fn plausible_inputs(
        &self,
        repository: usize,
        workflow: usize,
        id: &str,
    ) -> BTreeMap<String, String> {
        let declared = &self.scenario.repositories[repository].workflows[workflow].inputs;
        let value = |(name, input): (&String, &crate::workflow::Input)| {
            let value = if name == "distinct_id" {
                id.to_owned()
            } else {
                let options = input.options.as_ref();
                input
                    .default
                    .clone()
                    .or_else(|| options.and_then(|options| options.first().cloned()))
                    .unwrap_or_default()
            };
            (name.clone(), value)
        };
        declared.iter().map(value).collect()
    }

    /// Creates history, and plans or creates the runs that exist.
    fn prepare_past(&mut self) {
        let mut past: Vec<(Moment, NewRun)> = Vec::new();
        let mut moment = Moment::START;
        for _ in 0..self.scenario.history {
            let Some(repository) = self.scenario.repositories.first() else {
                break;
            };
            let Some(workflow) = repository.workflows.first() else {
                break;
            };
            // Each ends before the next one starts.
            let plan = Plan::of(workflow, Moment::START);
            let length = plan.ended.since_start().as_secs_f64();
            let pause = BETWEEN_HISTORY * (1.0 + self.random.fraction());
            moment = moment.plus(-length - workflow.listing_delay - pause);
            let reference = repository.reference(&repository.default_branch);
            let id = self.random.uuid();
            let inputs = self.plausible_inputs(0, 0, &id);
            past.push((moment, NewRun::somebodys(0, 0, inputs, reference)));
        }
        for existing in self.scenario.existing_runs.clone() {
            let Some((repository, workflow)) = self.scenario.find_existing(&existing) else {
                continue;
            };
            let definition = &self.scenario.repositories[repository];
            let reference = definition.reference(&definition.default_branch);
            let mut run = NewRun::somebodys(repository, workflow, existing.inputs, reference);
            run.id = existing.id;
            run.event = existing.event.unwrap_or(run.event);
            past.push((Moment::START.plus(existing.created_at), run));
        }
        past.sort_by_key(|(moment, _)| *moment);
        for (moment, run) in past {
            if moment <= Moment::START {
                self.create(run, moment);
            } else {
                self.plan(moment, Event::Create(Box::new(run)));
            }
        }
    }

    /// Lets everything happen that happens by itself until `now`.
    fn advance(&mut self, now: Moment) {
        while let Some(entry) = self.future.first_entry() {
            let (moment, _) = *entry.key();
            if moment > now {
                break;
            }
            match entry.remove() {
                Event::Create(run) => {
                    self.create(*run, moment);
                }
                Event::StepStarts { run, job, step } => self.dispatch_from(run, job, step, moment),
            }
        }
    }

    fn plan(&mut self, moment: Moment, event: Event) {
        self.planned += 1;
        self.future.insert((moment, self.planned), event);
    }

    fn create(&mut self, new: NewRun, created: Moment) -> usize {
        let index = self.runs.len();
        let id = new.id.unwrap_or_else(|| self.new_run_id());
        self.next_run_id = self.next_run_id.max(id + 1);
        let number = self
            .numbers
            .entry((new.repository, new.workflow))
            .and_modify(|number| *number += 1)
            .or_insert(1);
        let workflow = &self.scenario.repositories[new.repository].workflows[new.workflow];
        let mut run = Run {
            id,
            repository: new.repository,
            workflow: new.workflow,
            number: *number,
            inputs: new.inputs,
            event: new.event,
            reference: new.reference,
            actor: new.actor,
            dispatched_by: new.dispatched_by,
            created,
            visible: created.plus(workflow.listing_delay),
            cancelled: None,
            job_ids: Vec::new(),
            title: String::new(),
            plan: Plan::default(),
        };
        run.title = workflow
            .run_name
            .as_ref()
            .map(|template| run.fill(workflow, template))
            .filter(|title| !title.trim().is_empty())
            .unwrap_or_else(|| match run.event.as_str() {
                "workflow_dispatch" => workflow.display_name(),
                _ => COMMIT_MESSAGE.into(),
            });
        run.replan(workflow);
        for job in 0..workflow.jobs.len() {
            self.next_job_id += 1 + self.random.below(500);
            run.job_ids.push(self.next_job_id);
            self.job_by_id.insert(self.next_job_id, (index, job));
        }
        self.run_by_id.insert(id, index);
        self.runs.push(run);
        self.plan_steps(index);
        index
    }

    /// The next ID: IDs grow, with gaps, because other repositories have runs too.
    fn new_run_id(&mut self) -> u64 {
        loop {
            self.next_run_id += 1 + self.random.below(5000);
            let taken = |id: u64| {
                let mut existing = self.scenario.existing_runs.iter();
                existing.any(|run| run.id == Some(id))
            };
            if !taken(self.next_run_id) {
                return self.next_run_id;
            }
        }
    }

    /// Plans what the steps of a run are going to dispatch.
    fn plan_steps(&mut self, run: usize) {
        let mut dispatching = Vec::new();
        let workflow = self.workflow(&self.runs[run]);
        for (job, plan) in self.runs[run].plan.jobs.iter().enumerate() {
            for step in &plan.steps {
                if let StepKind::Defined(index) = step.kind
                    && workflow.jobs[job].steps[index].dispatches.is_some()
                    && step.conclusion != Conclusion::Skipped
                    && step.started >= Moment::START
                {
                    let event = Event::StepStarts {
                        run,
                        job,
                        step: index,
                    };
                    dispatching.push((step.started, event));
                }
            }
        }
        for (moment, event) in dispatching {
            self.plan(moment, event);
        }
    }

    /// Lets a step that starts dispatch its run, unless its own run has been cancelled before.
    fn dispatch_from(&mut self, run: usize, job: usize, step: usize, moment: Moment) {
        let parent = &self.runs[run];
        let workflow = self.workflow(parent);
        let still_planned = parent.plan.jobs[job].steps.iter().any(|planned| {
            planned.kind == StepKind::Defined(step)
                && planned.started == moment
                && planned.conclusion != Conclusion::Skipped
        });
        let repository = self.repository_of(parent);
        let Some(dispatch) = workflow.jobs[job].steps[step]
            .dispatches
            .as_ref()
            .filter(|_| still_planned)
        else {
            return;
        };
        let Some(target) = repository.workflow(&dispatch.workflow) else {
            return;
        };
        let inputs: serde_json::Map<_, _> = dispatch
            .inputs
            .iter()
            .map(|(name, text)| (name.clone(), parent.fill(workflow, text).into()))
            .collect();
        let body = serde_json::json!({ "ref": repository.default_branch, "inputs": inputs });
        let order = Order::check(
            body.to_string().as_bytes(),
            Version::V2022,
            &self.profile,
            repository,
            &repository.workflows[target],
        );
        // Refused, it only fails for the step, which nobody looks at.
        let Ok(order) = order else { return };
        let child = NewRun {
            id: None,
            repository: parent.repository,
            workflow: target,
            inputs: order.inputs,
            event: "workflow_dispatch".into(),
            reference: order.reference,
            actor: BOT.into(),
            dispatched_by: DispatchedBy::Run { id: parent.id },
        };
        self.create(child, moment);
    }
}

/// A request to an endpoint.
struct Call<'a> {
    request: &'a Request,
    path: &'a str,
    query: Query,
    version: Version,
    now: Moment,
}

impl NewRun {
    fn somebodys(
        repository: usize,
        workflow: usize,
        inputs: BTreeMap<String, String>,
        reference: Reference,
    ) -> Self {
        Self {
            id: None,
            repository,
            workflow,
            inputs,
            event: "workflow_dispatch".into(),
            reference,
            actor: SOMEBODY.into(),
            dispatched_by: DispatchedBy::Crowd,
        }
    }
}
