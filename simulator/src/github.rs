//! The state machine: requests in, responses out.
//!
//! Its parts by subject: `reads` and `writes` are the endpoints, `logs` what lies behind their
//! links, `deployments` what waits for an approval, `concurrency` what waits for its turn, `reruns`
//! what follows an attempt, `happenings` what happens without a request, `faulty` what goes wrong on
//! the way, `graphql` what else can be asked for, `gitea` all of it in Gitea's words.

mod concurrency;
mod deployments;
mod faulty;
mod gitea;
mod graphql;
mod happenings;
mod logs;
mod reads;
mod reruns;
mod writes;

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet, HashMap},
    time::Duration,
};

use happenings::{Event, NewRun};

use crate::{
    answer::{Answer, Problem, Version},
    cors,
    facts::{AttemptFacts, Origin, RequestFacts, RunFacts},
    fault::{Disorder, Faults},
    gitea::readable_at,
    http::{Request, Response},
    limit::{Balance, RateLimits, SecondaryUse},
    listing::Query,
    log::JobLog,
    payload::Payloads,
    profile::{Family, Profile},
    random::{Random, hex_digest},
    route::{Endpoint, Route},
    run::{Attempt, Run},
    scenario::{Archive, Repository, Scenario, Token},
    store::Blob,
    time::{Clock, Moment},
    workflow::{Logs, Workflow},
};

/// Who creates the runs of history and crowd.
const SOMEBODY: &str = "hubot";
/// The path of questions in GraphQL.
const GRAPHQL: &str = "/graphql";
/// Who dispatches from within a run.
const BOT: &str = "github-actions[bot]";

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
    /// Those of questions in GraphQL, which count apart.
    question_limits: RateLimits,
    secondary_use: SecondaryUse,
    /// Where questions in GraphQL are put.
    graphql_url: String,
    /// The IDs of each repository's workflows.
    workflow_ids: Vec<Vec<u64>>,
    /// In the order of their creation.
    runs: Vec<Run>,
    run_by_id: HashMap<u64, usize>,
    job_by_id: HashMap<u64, JobPlace>,
    next_run_id: u64,
    next_job_id: u64,
    /// The last run number of each workflow, or of all of a repository.
    numbers: BTreeMap<(usize, Option<usize>), u64>,
    /// What is going to happen by itself. The number keeps apart what happens at the same moment.
    future: BTreeMap<(Moment, u64), Event>,
    /// How many events have been planned.
    planned: u64,
    /// Workflows that a crowd has already descended upon.
    crowded: BTreeSet<(usize, usize)>,
    requests: Vec<RequestFacts>,
    /// Who sends the request at hand, and the run it has created.
    client: u32,
    created: Option<u64>,
    /// How many runs requests have created.
    dispatched: usize,
    /// The log handed out last: a client that reads by ranges asks for it again and again.
    last_blob: Option<(Blob, Vec<u8>)>,
    /// The same on Gitea, where it grows.
    last_log: Option<(gitea::LogKey, Vec<u8>)>,
}

/// Where a job is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct JobPlace {
    /// Index of its run.
    run: usize,
    /// Index of its attempt in the run.
    attempt: usize,
    /// Index in the attempt's plan.
    job: usize,
}

/// A request as it arrives.
#[derive(Clone, Copy)]
struct Arrival<'a> {
    request: &'a Request,
    origin: Origin,
    /// With the query, without the base URL.
    path: &'a str,
    now: Moment,
    /// The moment whose state is read: an earlier one, if the answer is stale.
    seen: Moment,
    /// What is wrong with the page.
    disorder: Option<Disorder>,
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
        let profile = scenario.server.profile();
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
            profile,
            clock,
            payloads: Payloads::new(&scenario, clock, actors.chain([SOMEBODY, BOT])),
            faults: Faults::new(&scenario.faults),
            limits: RateLimits::of("core"),
            question_limits: RateLimits::of("graphql"),
            secondary_use: SecondaryUse::default(),
            graphql_url: graphql_url(scenario.api_base()),
            workflow_ids,
            runs: Vec::new(),
            run_by_id: HashMap::new(),
            job_by_id: HashMap::new(),
            next_run_id: profile.run_ids.first + random.below(profile.run_ids.spread),
            next_job_id: profile.job_ids.first + random.below(profile.job_ids.spread),
            numbers: BTreeMap::new(),
            future: BTreeMap::new(),
            planned: 0,
            crowded: BTreeSet::new(),
            requests: Vec::new(),
            client: 0,
            created: None,
            dispatched: 0,
            last_blob: None,
            last_log: None,
            random,
            scenario,
        };
        github.prepare_past();
        github
    }

    /// Answers a request that arrives at `now`, the time since the start.
    pub fn handle(&mut self, request: &Request, now: Duration) -> Response {
        self.handle_from(0, request, now)
    }

    /// Answers a request of one of several clients. The server itself cannot tell them apart; the
    /// number is for the truth that [`GitHub::runs`] and [`GitHub::requests`] tell.
    pub fn handle_from(&mut self, client: u32, request: &Request, now: Duration) -> Response {
        let at = now;
        let now = Moment::at(now);
        self.advance(now);
        self.client = client;
        self.created = None;
        let (origin, path) = match self.place(&request.url) {
            Place::Api(path) => (Origin::Api, path.to_owned()),
            Place::Logs(path) => (Origin::Logs, path.to_owned()),
            Place::Elsewhere(path) => (Origin::Elsewhere, path.to_owned()),
        };
        let struck = self.faults.strike(request, &path, now);
        let fault = struck.as_ref().map(|(index, _)| *index);
        let arrival = Arrival {
            request,
            origin,
            path: &path,
            now,
            seen: now,
            disorder: None,
        };
        let response = match struck {
            None => self.answer(&arrival).into_response(),
            Some((_, fault)) => self.fail(&fault, &arrival),
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
            client,
            fault,
            created: self.created,
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
                number: run.number,
                repository: repository.full_name(),
                workflow: repository.workflows[run.workflow].file.clone(),
                inputs: run.inputs.clone(),
                created_at: run.created.since_start(),
                visible_at: run.visible.since_start(),
                dispatched_by: run.dispatched_by,
                status: run.status(now),
                conclusion: run.conclusion(now),
                attempt: run.at(now).number,
                attempts: run
                    .attempts
                    .iter()
                    .map(|attempt| attempt_facts(attempt, now))
                    .collect(),
                client: run.client,
                cancelled_by: run.cancelled_by,
                deleted_at: run
                    .deleted
                    .and_then(Moment::if_ever)
                    .map(Moment::since_start),
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
        let mut moments = Vec::new();
        if run.title.contains(text) {
            moments.push(run.visible);
        }
        for attempt in &run.attempts {
            moments.extend(self.clue_in_attempt(run, attempt, text));
        }
        let first = moments.into_iter().min()?.if_ever()?;
        Some(first.max(run.visible).since_start())
    }

    /// The moments at which `text` can be read in the names of steps and the logs of an attempt.
    fn clue_in_attempt(&self, run: &Run, attempt: &Attempt, text: &str) -> Vec<Moment> {
        let mut moments = Vec::new();
        let mut expired = false;
        let mut archived = false;
        if self.profile.family != Family::GitHub {
            let logs = JobLog::all(run, attempt, self.workflow(run));
            let kept = logs.filter(|log| log.job.logs == Logs::Available);
            return kept.filter_map(|log| readable_at(&log, text)).collect();
        }
        for log in JobLog::all(run, attempt, self.workflow(run)) {
            let job = log.plan;
            moments.extend(
                job.started
                    .filter(|_| job.steps.iter().any(|step| step.name.contains(text))),
            );
            archived |= match self.scenario.archive {
                Archive::MissingEntry => log.files_contain(text),
                _ => log.contains(text),
            };
            if log.job.logs == Logs::Available && log.contains(text) {
                moments.push(job.ended);
            }
            expired |= log.job.logs == Logs::Expired;
        }
        if archived && !expired && self.scenario.archive.is_readable() {
            moments.push(attempt.plan.ended);
        }
        moments
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
        if url == self.graphql_url && self.profile.family == Family::GitHub {
            Place::Api(GRAPHQL)
        } else if let Some(path) = beneath(self.scenario.api_base()) {
            Place::Api(path)
        } else if let Some(path) = beneath(self.scenario.logs_base()) {
            Place::Logs(path)
        } else {
            let start = url.find("://").map_or(0, |at| at + 3);
            let path = url[start..].find('/').map_or("", |at| &url[start + at..]);
            Place::Elsewhere(path)
        }
    }

    /// Adds what every answer carries.
    fn finish(&self, mut answer: Answer, now: Moment) -> Answer {
        if !answer.has("date") {
            answer = answer.with("date", self.clock.http_date(self.front_ends_time(now)));
        }
        if self.profile.family != Family::GitHub {
            return answer;
        }
        let number = self.requests.len() as u64;
        let id = hex_digest(self.scenario.seed, &number.to_le_bytes(), 24).to_ascii_uppercase();
        answer.with(
            "x-github-request-id",
            format!("{}:{}:{}", &id[..4], &id[4..10], &id[10..]),
        )
    }

    /// The time by the clock of the front end that this request has come to.
    fn front_ends_time(&self, now: Moment) -> Moment {
        let now = now.plus(self.scenario.front_end_ahead);
        let most = self.scenario.clocks_differ_by;
        if most == 0.0 {
            return now;
        }
        let seed = self.scenario.seed ^ (self.requests.len() as u64) << 32;
        now.plus(most * (2.0 * Random::seeded(seed).fraction() - 1.0))
    }

    fn answer(&mut self, arrival: &Arrival<'_>) -> Answer {
        let Arrival { request, now, .. } = *arrival;
        let (path, query) = arrival.path.split_once('?').unwrap_or((arrival.path, ""));
        let answer = match (arrival.origin, self.profile.family) {
            (Origin::Api, Family::Gitea(gitea)) => self.answer_gitea(gitea, arrival, path, query),
            (Origin::Api, Family::GitHub) if request.method == "OPTIONS" => cors::preflight(),
            (Origin::Api, Family::GitHub) => cors::open(self.answer_api(arrival, path, query)),
            (Origin::Logs, _) => self.answer_store(request, path, query, now),
            (Origin::Elsewhere, _) => Answer::text(
                404,
                "text/html; charset=utf-8",
                "<!DOCTYPE html><html><body>Page not found</body></html>",
            ),
        };
        self.finish(answer, now)
    }

    fn answer_api(&mut self, arrival: &Arrival<'_>, path: &str, query: &str) -> Answer {
        let request = arrival.request;
        if request.header("user-agent").is_none_or(str::is_empty) {
            return Answer::text(
                403,
                "text/plain; charset=utf-8",
                "\r\nRequest forbidden by administrative rules. \
                 Please make sure your request has a User-Agent header.\r\n",
            );
        }
        if request.method == "POST" && request.url == self.graphql_url {
            let answer = self.answer_graphql(arrival);
            return self.with_server_headers(answer);
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
            .answer_version(arrival, path, query, version)
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
        arrival: &Arrival<'_>,
        path: &str,
        query: &str,
        version: Version,
    ) -> Answer {
        let Arrival { request, now, .. } = *arrival;
        let path = &*self.by_name(path);
        let route = Route::find(&request.method, path);
        let endpoint = route.as_ref().map(|route| &route.endpoint);
        let documentation = endpoint.map_or("rest", Endpoint::documentation);
        let is_public =
            endpoint == Some(&Endpoint::Meta) && request.header("authorization").is_none();
        if is_public {
            return self.meta().conditional(request);
        }
        let token = match self.token(request, now) {
            Ok(token) => token,
            Err(problem) => return problem.answer(&self.profile, "rest"),
        };
        if let Some(refusal) = self.secondary_refusal(&token, route.as_ref(), now) {
            return refusal;
        }
        // To ask for the limit costs nothing of it, and is answered beyond it too.
        let is_counted = endpoint != Some(&Endpoint::RateLimit);
        let second = self.clock.unix_seconds(now);
        let limit = self.profile.counts_requests.then(|| {
            if is_counted {
                self.limits.count(&token, second)
            } else {
                self.limits.look(&token, second)
            }
        });
        let mut answer = if limit.is_some_and(Balance::is_exceeded) && is_counted {
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
                now: arrival.seen,
                disorder: arrival.disorder,
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
            let limit = if answer.status == 304 && is_counted {
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

    /// The answer to a request beyond a secondary limit.
    fn secondary_refusal(
        &mut self,
        token: &Token,
        route: Option<&Route>,
        now: Moment,
    ) -> Option<Answer> {
        let limits = self.scenario.secondary_limits.as_ref()?;
        let endpoint = &route?.endpoint;
        let kind = (endpoint.writes(), matches!(endpoint, Endpoint::Dispatch(_)));
        let second = self.clock.unix_seconds(now);
        let counted = self.secondary_use.count(limits, token, second, kind);
        let seconds = counted.err()?;
        let answer = Problem::new(
            limits.status,
            "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
        )
        .answer(
            &self.profile,
            "rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits",
        );
        Some(if limits.says_how_long {
            answer.with("retry-after", seconds.to_string())
        } else {
            answer
        })
    }

    /// The token of a request, if it is accepted now.
    fn token(&self, request: &Request, now: Moment) -> Result<Token, Problem> {
        let wrong = || Problem::new(401, "Bad credentials");
        let field = request.header("authorization").ok_or_else(wrong)?;
        let (scheme, secret) = field.split_once(' ').ok_or_else(wrong)?;
        let known = scheme.eq_ignore_ascii_case("bearer") || scheme.eq_ignore_ascii_case("token");
        let mut tokens = self.scenario.tokens.iter();
        let token = tokens.find(|token| known && token.token == secret.trim());
        let token = token.ok_or_else(wrong)?;
        let mut denials = token.denials.iter();
        match denials.find_map(|denial| denial.problem(now)) {
            Some(problem) => Err(problem),
            None => Ok(token.clone()),
        }
    }

    fn answer_route(
        &mut self,
        route: &Route,
        token: &Token,
        call: &Call<'_>,
    ) -> Result<Answer, Problem> {
        let Some((owner, name)) = &route.repository else {
            return match route.endpoint {
                Endpoint::User => self.user(token),
                Endpoint::RateLimit => self.rate_limit(token, call.now),
                _ => Ok(self.meta()),
            };
        };
        let Some(repository) = self.find_repository(owner, name, token) else {
            return self
                .sent_on(owner, name, token, call)
                .ok_or_else(Problem::not_found);
        };
        if route.endpoint.writes() && !token.can_write {
            return Err(Problem::new(403, "Resource not accessible by integration"));
        }
        match &route.endpoint {
            Endpoint::Meta | Endpoint::User | Endpoint::RateLimit => Err(Problem::not_found()),
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
            Endpoint::Run(key) => {
                let (run, attempt) = self.find_attempt(repository, *key, call.now)?;
                Ok(Answer::json(200, &self.run_payload(run, attempt, call.now)))
            }
            Endpoint::Jobs(key) => {
                let (run, attempt) = self.find_attempt(repository, *key, call.now)?;
                let every = key.attempt.is_none() && call.query.get("filter") == Some("all");
                let attempts = run.attempts.iter();
                let attempts: Vec<&Attempt> = attempts
                    .filter(|known| every && known.started <= call.now)
                    .collect();
                let attempts = if every { attempts } else { vec![attempt] };
                Ok(self.list_jobs(run, &attempts, call))
            }
            Endpoint::Job(id) => {
                let (run, attempt, index) = self.find_job(repository, *id, call.now)?;
                let workflow = self.workflow(run);
                let job = self.payloads.job((run, attempt), workflow, index, call.now);
                Ok(Answer::json(200, &job))
            }
            Endpoint::JobLogs(id) => self.job_logs(repository, *id, call.now),
            Endpoint::RunLogs(key) => self.run_logs(repository, *key, call.now),
            Endpoint::Artifacts(id) => {
                self.find_run(repository, *id, call.now)?;
                Ok(GitHub::no_artifacts())
            }
            Endpoint::Annotations(id) => self.annotations(repository, *id, call),
            Endpoint::PendingDeployments(id) => {
                let run = self.find_run(repository, *id, call.now)?;
                Ok(self.pending_deployments(run, call.now))
            }
            Endpoint::Cancel { run, force } => {
                let run = self.find_run(repository, *run, call.now)?;
                self.cancel(run, *force, call.now)
            }
        }
    }

    fn find_repository(&self, owner: &str, name: &str, token: &Token) -> Option<usize> {
        let mut repositories = self.scenario.repositories.iter();
        let found = repositories.position(|known| {
            known.owner.eq_ignore_ascii_case(owner) && known.name.eq_ignore_ascii_case(name)
        });
        // GitHub does not admit that a repository exists which the token may not read.
        found.filter(|_| token.can_read)
    }

    /// The answer for whoever uses the former name of a repository:
    /// <https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#follow-redirects>.
    fn sent_on(&self, owner: &str, name: &str, token: &Token, call: &Call<'_>) -> Option<Answer> {
        let former = format!("{owner}/{name}");
        let mut repositories = self.scenario.repositories.iter();
        let index = repositories.position(|known| {
            let mut names = known.former_names.iter();
            token.can_read && names.any(|known| known.eq_ignore_ascii_case(&former))
        })?;
        let rest = call.path.trim_start_matches('/').splitn(4, '/').nth(3);
        let rest = rest.map_or_else(String::new, |rest| format!("/{rest}"));
        let query = call.request.url.split_once('?');
        let query = query.map_or_else(String::new, |(_, query)| format!("?{query}"));
        let id = &self.payloads.repository(index)["id"];
        let url = format!(
            "{}/repositories/{id}{rest}{query}",
            self.scenario.api_base()
        );
        let (status, message) = match call.request.method.as_str() {
            "GET" => (301, "Moved Permanently"),
            _ => (307, "Temporary Redirect"),
        };
        let body = serde_json::json!({
            "message": message,
            "url": url,
            "documentation_url": "https://docs.github.com/rest/guides/best-practices-for-using-the-rest-api#follow-redirects",
        });
        Some(Answer::json(status, &body).with("location", url))
    }

    /// A path that names its repository by owner and name, where it is by its ID: `/repositories/1234/actions/runs`.
    fn by_name<'p>(&self, path: &'p str) -> Cow<'p, str> {
        let named = path.strip_prefix("/repositories/").and_then(|path| {
            let (id, rest) = path.split_once('/').unwrap_or((path, ""));
            let mut repositories = self.scenario.repositories.iter().enumerate();
            let (_, found) = repositories.find(|(index, _)| {
                let known = self.payloads.repository(*index)["id"].as_u64();
                known.is_some() && known == id.parse().ok()
            })?;
            let path = format!("/repos/{}/{rest}", found.full_name());
            Some(path.trim_end_matches('/').to_owned())
        });
        named.map_or(Cow::Borrowed(path), Cow::Owned)
    }

    fn repository_of(&self, run: &Run) -> &Repository {
        &self.scenario.repositories[run.repository]
    }

    fn workflow(&self, run: &Run) -> &Workflow {
        &self.repository_of(run).workflows[run.workflow]
    }
}

/// `/graphql`, but beside the REST API on GHES, which is `/api/v3` there: see
/// <https://docs.github.com/en/enterprise-server@latest/graphql/guides/forming-calls-with-graphql>.
fn graphql_url(api_base: &str) -> String {
    let base = api_base.strip_suffix("/v3").unwrap_or(api_base);
    format!("{base}{GRAPHQL}")
}

fn attempt_facts(attempt: &Attempt, now: Moment) -> AttemptFacts {
    let ended = attempt.plan.ended;
    AttemptFacts {
        number: attempt.number,
        status: attempt.status(now),
        conclusion: attempt.conclusion(now),
        started_at: attempt.started.since_start(),
        ended_at: (ended <= now).then(|| ended.since_start()),
    }
}

/// A request to an endpoint.
struct Call<'a> {
    request: &'a Request,
    path: &'a str,
    query: Query,
    version: Version,
    /// The moment whose state is read.
    now: Moment,
    /// What is wrong with the page.
    disorder: Option<Disorder>,
}
