//! The endpoints of Gitea.

use serde::Serialize;
use serde_json::json;

use super::{Arrival, BOT, GitHub, NewRun, SOMEBODY};
use crate::{
    answer::Answer,
    facts::DispatchedBy,
    fault::Disorder,
    gitea::{
        Endpoint, Filter, LiveLog, Order, Page, Permissions, Place, Problem, Route, Site, State,
        blob_sha, file_of, is_true, page_not_found, states_asked, with_headers,
    },
    http::Request,
    listing::Query,
    log::JobLog,
    profile::Gitea,
    range::Range,
    run::{Attempt, Reference, Run},
    scenario::{Repository, Token},
    time::Moment,
    workflow::{Logs, WorkflowState},
};

/// A job's log at some moment: the job's ID, the number of the attempt, and what has arrived.
pub(super) type LogKey = (u64, u32, Moment);

/// A request to an endpoint.
struct Call<'a> {
    request: &'a Request,
    path: &'a str,
    query: Query,
    now: Moment,
    /// The moment whose state is read.
    seen: Moment,
    disorder: Option<Disorder>,
}

impl GitHub {
    pub(super) fn answer_gitea(
        &mut self,
        gitea: Gitea,
        arrival: &Arrival<'_>,
        path: &str,
        query: &str,
    ) -> Answer {
        let request = arrival.request;
        let Some(route) = Route::find(gitea, &request.method, path) else {
            return match Route::method_of(gitea, path) {
                Some(method) => Answer::empty(405).with("allow", method),
                None => page_not_found(),
            };
        };
        let call = Call {
            request,
            path,
            query: Query::parse(query),
            now: arrival.now,
            seen: arrival.seen,
            disorder: arrival.disorder,
        };
        let answer = self
            .answer_gitea_route(gitea, &route, &call)
            .unwrap_or_else(|problem| problem.answer(gitea, self.scenario.html_base()));
        with_headers(answer)
    }

    fn answer_gitea_route(
        &mut self,
        gitea: Gitea,
        route: &Route,
        call: &Call<'_>,
    ) -> Result<Answer, Problem> {
        // Without a token, a request is nobody's; only a token that is wrong is refused at once.
        let token = self.token(call.request, call.now).ok();
        if token.is_none() && call.request.header("authorization").is_some() {
            return Err(Problem::new(401, "invalid username, password or token"));
        }
        let Some((owner, name)) = &route.repository else {
            let site = Site::of(&self.scenario, gitea, self.clock);
            return match (&route.endpoint, token) {
                (Endpoint::Version, _) => Ok(Answer::gitea_json(
                    200,
                    &json!({ "version": gitea.version }),
                )),
                (_, Some(token)) => Ok(Answer::gitea_json(200, &site.oneself(&token.actor))),
                (_, None) => Err(Problem::new(401, "token is required")),
            };
        };
        let repository = match &token {
            Some(token) => self.find_repository(owner, name, token),
            None => None,
        };
        let Some(token) = token else {
            return Err(self.no_repository(gitea, owner));
        };
        let Some(repository) = repository else {
            return self
                .moved(owner, name, &token, call)
                .ok_or_else(|| self.no_repository(gitea, owner));
        };
        if let Endpoint::Dispatch(file) = &route.endpoint {
            return self.dispatch_on_gitea(gitea, repository, file, &token, call);
        }
        if let Endpoint::JobLogs(id) = &route.endpoint {
            return self.live_log(repository, *id, call);
        }
        self.read_gitea(gitea, repository, &route.endpoint, &token, call)
    }

    fn read_gitea(
        &self,
        gitea: Gitea,
        repository: usize,
        endpoint: &Endpoint,
        token: &Token,
        call: &Call<'_>,
    ) -> Result<Answer, Problem> {
        let site = Site::of(&self.scenario, gitea, self.clock);
        let known = &self.scenario.repositories[repository];
        match endpoint {
            Endpoint::Repository => {
                let may = Permissions {
                    admin: false,
                    push: token.can_write,
                    pull: true,
                };
                Ok(Answer::gitea_json(200, &site.repository(known, may)))
            }
            Endpoint::Workflows => {
                let workflows: Vec<_> = files_at(known, &known.default_branch)
                    .map(|index| site.workflow(known, &known.workflows[index]))
                    .collect();
                let body = json!({ "workflows": workflows, "total_count": workflows.len() });
                Ok(Answer::gitea_json(200, &body))
            }
            Endpoint::Workflow(file) => {
                let workflow = site.workflow(known, &known.workflows[find_file(known, file)?]);
                Ok(Answer::gitea_json(200, &workflow))
            }
            Endpoint::Runs => self.list_runs_of_gitea(&site, repository, None, call),
            Endpoint::RunsOf(file) => {
                find_file(known, file)?;
                self.list_runs_of_gitea(&site, repository, Some(file), call)
            }
            Endpoint::Run(id) => {
                let run = self
                    .run_of_gitea(repository, *id, call.seen)
                    .ok_or_else(|| no_such_run(*id))?;
                let common = site.common(known);
                let run = site.run((known, &common), run, self.workflow(run), call.seen);
                Ok(Answer::gitea_json(200, &run))
            }
            Endpoint::Jobs(id) => self.list_jobs_of_gitea(&site, repository, *id, call),
            Endpoint::Job(id) => {
                let of @ (run, ..) = self
                    .job_of_gitea(repository, *id, call.seen)
                    .ok_or_else(|| Problem::missing("resource does not exist"))?;
                let job = site.job(known, of, self.workflow(run), call.seen);
                Ok(Answer::gitea_json(200, &job))
            }
            Endpoint::Contents(path) => contents(&site, known, path, &call.query),
            Endpoint::Raw(path) => raw(known, path, call),
            Endpoint::Version | Endpoint::User | Endpoint::Dispatch(_) | Endpoint::JobLogs(_) => {
                Err(Problem::not_found())
            }
        }
    }

    fn dispatch_on_gitea(
        &mut self,
        gitea: Gitea,
        repository: usize,
        file: &str,
        token: &Token,
        call: &Call<'_>,
    ) -> Result<Answer, Problem> {
        if !token.can_write {
            let reason = "user should have a permission to write to a repo";
            return Err(Problem::new(403, reason));
        }
        let order = Order::check(call.request, file, &self.scenario.repositories[repository])?;
        let new = NewRun {
            id: None,
            repository,
            workflow: order.workflow,
            inputs: order.inputs,
            event: "workflow_dispatch".into(),
            reference: order.reference,
            actor: token.actor.clone(),
            dispatched_by: DispatchedBy::Client,
        };
        let index = self.create_for_client(new, call.now);
        let asked = call.query.get("return_run_details").is_some_and(is_true);
        if !(gitea.tells_run && asked) {
            return Ok(Answer::empty(204));
        }
        let run = &self.runs[index];
        let site = Site::of(&self.scenario, gitea, self.clock);
        let (run_url, html_url) = site.run_urls(self.repository_of(run), run);
        let body = json!({
            "workflow_run_id": run.id,
            "run_url": run_url,
            "html_url": html_url,
        });
        Ok(Answer::gitea_json(200, &body))
    }

    fn list_runs_of_gitea(
        &self,
        site: &Site<'_>,
        repository: usize,
        workflow: Option<&str>,
        call: &Call<'_>,
    ) -> Result<Answer, Problem> {
        #[derive(Serialize)]
        struct List<T> {
            workflow_runs: Vec<T>,
            total_count: usize,
        }
        let filter = Filter::asked(site.gitea, &call.query)?;
        if filter.actor.is_some_and(|actor| !self.has_user(actor)) {
            return Err(Problem::new(500, ""));
        }
        let seen = call.seen.plus(-self.scenario.lists_lag);
        let all: Vec<&Run> = self
            .runs
            .iter()
            .rev()
            .filter(|run| run.repository == repository && run.is_visible(seen))
            .filter(|run| workflow.is_none_or(|file| self.workflow(run).file == file))
            .filter(|run| filter.passes(run, seen))
            .collect();
        let page = Page::asked(&call.query);
        let mut entries = page.of(Disorder::listed(call.disorder, &all)).to_vec();
        if let Some(disorder) = call.disorder {
            disorder.apply(&mut entries);
        }
        let known = &self.scenario.repositories[repository];
        let common = site.common(known);
        let body = List {
            workflow_runs: entries
                .iter()
                .map(|run| site.run((known, &common), run, self.workflow(run), seen))
                .collect(),
            total_count: all.len(),
        };
        Ok(self.with_page(Answer::gitea_json(200, &body), &page, call, all.len()))
    }

    /// The jobs of a run: before there were attempts, none of one that does not exist.
    fn list_jobs_of_gitea(
        &self,
        site: &Site<'_>,
        repository: usize,
        id: u64,
        call: &Call<'_>,
    ) -> Result<Answer, Problem> {
        #[derive(Serialize)]
        struct List<T> {
            jobs: Vec<T>,
            total_count: usize,
        }
        if id == 0 {
            return Err(Problem::new(400, "runID must be a positive integer"));
        }
        let states = states_asked(site.gitea, &call.query)?;
        let run = self.run_of_gitea(repository, id, call.seen);
        if run.is_none() && site.gitea.has_attempts {
            return Err(no_such_run(id));
        }
        let jobs = run.map(|run| {
            let attempt = run.at(call.seen);
            let jobs = attempt.plan.jobs.iter().enumerate();
            let asked = jobs.filter(|(_, job)| {
                let state = State::of_job(job, attempt, call.seen);
                states.is_empty() || states.contains(&state)
            });
            asked
                .map(|(index, _)| (run, attempt, index))
                .collect::<Vec<_>>()
        });
        let all = jobs.unwrap_or_default();
        let page = Page::asked(&call.query);
        let mut entries = page.of(Disorder::listed(call.disorder, &all)).to_vec();
        if let Some(disorder) = call.disorder {
            disorder.apply(&mut entries);
        }
        let known = &self.scenario.repositories[repository];
        let body = List {
            jobs: entries
                .iter()
                .map(|of @ (run, ..)| site.job(known, *of, self.workflow(run), call.seen))
                .collect(),
            total_count: all.len(),
        };
        Ok(self.with_page(Answer::gitea_json(200, &body), &page, call, all.len()))
    }

    /// `DownloadActionsRunJobLogs` of `routers/common/actions.go`.
    fn live_log(&mut self, repository: usize, id: u64, call: &Call<'_>) -> Result<Answer, Problem> {
        let (run, attempt, index) =
            self.job_of_gitea(repository, id, call.seen)
                .ok_or_else(|| {
                    Problem::missing(format!("run job with id {id}: resource does not exist"))
                })?;
        let workflow = self.workflow(run);
        let log = JobLog::of(run, attempt, workflow, index)
            .filter(|log| log.plan.has_started(call.seen))
            .ok_or_else(|| Problem::missing("job not started"))?;
        if log.job.logs != Logs::Available {
            return Err(Problem::missing("logs have been cleaned up"));
        }
        // Its file is made when the runner sends the first lines; `OpenLogs` of
        // modules/actions/log.go fails until then.
        let live = LiveLog::at(log, call.seen).ok_or_else(|| Problem::new(500, ""))?;
        let name = workflow.file.split('.').next().unwrap_or_default();
        let shown = format!("{name}-{}-{id}.log", attempt.plan.jobs[index].name);
        let key = (id, attempt.number, live.until);
        if self.last_log.as_ref().is_none_or(|(last, _)| *last != key) {
            let text = live.text(self.clock);
            self.last_log = Some((key, text));
        }
        let content = self.last_log.as_ref().map_or(&[][..], |(_, text)| text);
        Ok(attached(served(content, call.request), &shown))
    }

    fn run_of_gitea(&self, repository: usize, id: u64, seen: Moment) -> Option<&Run> {
        let run = &self.runs[*self.run_by_id.get(&id)?];
        (run.repository == repository && run.is_visible(seen)).then_some(run)
    }

    /// A job's run, its attempt, and its index in that: the attempt at hand where jobs keep their IDs.
    fn job_of_gitea(
        &self,
        repository: usize,
        id: u64,
        seen: Moment,
    ) -> Option<(&Run, &Attempt, usize)> {
        let place = self.job_by_id.get(&id)?;
        let run = &self.runs[place.run];
        let latest = run.at(seen);
        let attempt = if self.profile.jobs_keep_ids {
            latest
        } else {
            &run.attempts[place.attempt]
        };
        let is_there = run.repository == repository
            && run.is_visible(seen)
            && attempt.number <= latest.number
            && place.job < attempt.plan.jobs.len();
        is_there.then_some((run, attempt, place.job))
    }

    /// `repoAssignment` of `routers/api/v1/api.go`: it tells whether there is such an owner.
    fn no_repository(&self, gitea: Gitea, owner: &str) -> Problem {
        if self.has_user(owner) || !gitea.has_errors_apart {
            return Problem::not_found();
        }
        Problem::missing(format!("user redirect does not exist [name: {owner}]"))
            .about("GetUserByName")
    }

    fn has_user(&self, login: &str) -> bool {
        let people = self.scenario.tokens.iter().map(|token| &*token.actor);
        let owners = self.scenario.repositories.iter();
        let owners = owners.map(|known| &*known.owner);
        let mut known = people.chain(owners).chain([SOMEBODY, BOT]);
        known.any(|known| known.eq_ignore_ascii_case(login))
    }

    /// `RedirectToRepo` of `services/context/repo.go`: the answer for whoever uses the former name of a
    /// repository, 301 for every method.
    fn moved(&self, owner: &str, name: &str, token: &Token, call: &Call<'_>) -> Option<Answer> {
        let former = format!("{owner}/{name}");
        let mut repositories = self.scenario.repositories.iter();
        let found = repositories.find(|known| {
            let mut names = known.former_names.iter();
            token.can_read && names.any(|known| known.eq_ignore_ascii_case(&former))
        })?;
        let now = call.request.url.replacen(&former, &found.full_name(), 1);
        let origin = self.scenario.api_base().find("://").map_or(0, |at| at + 3);
        let path = now[origin..]
            .find('/')
            .map_or("/", |at| &now[origin + at..]);
        Some(Answer::empty(301).with("location", path))
    }

    fn with_page(&self, answer: Answer, page: &Page, call: &Call<'_>, items: usize) -> Answer {
        let url = format!("{}{}", self.scenario.api_base(), call.path);
        let answer = match page.link(&url, &call.query, items) {
            Some(link) => answer
                .with("link", link)
                .with("access-control-expose-headers", "Link, X-Total-Count"),
            None => answer.with("access-control-expose-headers", "X-Total-Count"),
        };
        answer.with("x-total-count", items.to_string())
    }
}

/// The index of the workflow that the default branch has in this file.
fn find_file(repository: &Repository, file: &str) -> Result<usize, Problem> {
    files_at(repository, &repository.default_branch)
        .find(|index| repository.workflows[*index].file == file)
        .ok_or_else(|| Problem::new(404, format!("workflow {file:?} not found")))
}

fn no_such_run(id: u64) -> Problem {
    Problem::missing(format!("run with id {id}: resource does not exist"))
}

/// Indices of the workflows whose files are on this branch or tag.
fn files_at<'a>(
    repository: &'a Repository,
    reference: &'a str,
) -> impl Iterator<Item = usize> + 'a {
    let workflows = repository.workflows.iter().enumerate();
    workflows
        .filter(move |(_, workflow)| {
            workflow.exists_at(reference) && workflow.state != WorkflowState::Deleted
        })
        .map(|(index, _)| index)
}

/// `GetContents` of `routers/api/v1/repo/file.go`. Of files there are only workflows.
fn contents(
    site: &Site<'_>,
    repository: &Repository,
    path: &str,
    query: &Query,
) -> Result<Answer, Problem> {
    let missing = |id: &str, path: &str| {
        Problem::missing(format!(
            "object does not exist [id: {id}, rel_path: {path}]"
        ))
    };
    let asked = query.get("ref").unwrap_or(&repository.default_branch);
    let reference = commit_of(repository, asked).ok_or_else(|| missing(asked, ""))?;
    let content = content_of(repository, path, &reference)
        .ok_or_else(|| missing("", path).about("GetContentsOrList"))?;
    let place = Place {
        path,
        asked,
        reference,
    };
    let body = site.contents(repository, &place, &content);
    Ok(Answer::gitea_json(200, &body))
}

/// `GetRawFile` of `routers/api/v1/repo/file.go`, at the default branch where there is no such branch,
/// tag or commit (`getRefNameLegacy` of `services/context/repo.go`).
fn raw(repository: &Repository, path: &str, call: &Call<'_>) -> Result<Answer, Problem> {
    let asked = call.query.get("ref").unwrap_or_default();
    let reference = repository
        .find_reference(asked)
        .or_else(|| commit_of(repository, asked))
        .unwrap_or_else(|| repository.default_reference());
    let content = content_of(repository, path, &reference).ok_or_else(Problem::not_found)?;
    let etag = format!("\"{}\"", blob_sha(&content));
    let is_unchanged = call.request.header("if-none-match") == Some(&etag);
    let answer = if is_unchanged {
        Answer::empty(304)
    } else {
        let name = path.rsplit('/').next().unwrap_or_default();
        Answer::text(200, "text/plain; charset=utf-8", content)
            .with("cache-control", "private, max-age=21600, no-transform")
            .with("content-disposition", format!("inline; filename={name}"))
    };
    Ok(answer
        .with("etag", etag)
        .with("x-gitea-object-type", "file"))
}

/// `ResolveRefCommit` of `routers/api/v1/utils/git.go`: the short name of a branch or tag, or a commit.
fn commit_of(repository: &Repository, name: &str) -> Option<Reference> {
    let of_commit = || {
        let branches = [&repository.default_branch];
        let branches = branches.into_iter().chain(&repository.branches);
        let branches = branches.filter_map(|name| repository.branch(name));
        let tags = repository.tags.iter();
        let tags = tags.filter_map(|name| repository.tag(name));
        branches.chain(tags).find(|known| known.sha == name)
    };
    repository
        .branch(name)
        .or_else(|| repository.tag(name))
        .or_else(of_commit)
}

fn content_of(repository: &Repository, path: &str, reference: &Reference) -> Option<String> {
    files_at(repository, &reference.name)
        .map(|index| &repository.workflows[index])
        .find(|workflow| workflow.path() == path)
        .map(file_of)
}

/// `ServeSetHeaders` of `modules/httplib/serve.go`.
fn attached(answer: Answer, file: &str) -> Answer {
    // As mime.FormatMediaType of Go has it.
    let is_token = |one: char| one.is_ascii_graphic() && !"()<>@,;:\\\"/[]?=".contains(one);
    let name = if file.chars().all(is_token) {
        file.to_owned()
    } else {
        format!("{file:?}")
    };
    answer
        .with(
            "content-disposition",
            format!("attachment; filename={name}"),
        )
        .with("access-control-expose-headers", "Content-Disposition")
        .with(
            "content-security-policy",
            "default-src 'none'; style-src 'unsafe-inline'; sandbox",
        )
}

/// `ServeContent` of Go's net/http.
fn served(content: &[u8], request: &Request) -> Answer {
    let length = content.len();
    let range = request.header("range").filter(|_| length > 0);
    let (status, part, of) = match range.map(|range| Range::parse(range, length)) {
        None => (200, content, None),
        Some(Some(Range::Of { first, last })) => {
            let of = format!("bytes {first}-{last}/{length}");
            (206, &content[first..=last], Some(of))
        }
        Some(Some(Range::Unsatisfiable)) => {
            let problem = "invalid range: failed to overlap\n";
            return Answer::text(416, "text/plain; charset=utf-8", problem)
                .with("content-range", format!("bytes */{length}"));
        }
        Some(None) => {
            return Answer::text(416, "text/plain; charset=utf-8", "invalid range\n");
        }
    };
    let answer =
        Answer::text(status, "text/plain; charset=utf-8", part).with("accept-ranges", "bytes");
    match of {
        Some(of) => answer.with("content-range", of),
        None => answer,
    }
}
