//! Sending requests: the token, the dialect, redirects, whole answers.

use std::cell::{Cell, RefCell};
use std::ops::Range;
use std::rc::Rc;
use std::time::Duration;

use super::answer::Answer;
use super::cache::Cache;
use super::failure::{Failure, Refusal};
use super::limits::Limits;
use super::log_stream::{FIRST_RANGE, LogStream};
use super::server::{Family, Server};
use crate::deadline::{Deadline, Passed};
use crate::error::Error;
use crate::event::Event;
use crate::host::{Body, Host, Method, Request, Response};
use crate::json::FromJson;
use crate::settings::{Repository, Settings};
use crate::time::{Moment, Reading, ServerTime};
use crate::token::Token;
use crate::url::Url;

/// One request, or the next piece of a log, may take this long. A server that
/// hangs must not use up a call's whole time.
pub(super) const PATIENCE: Duration = Duration::from_secs(30);

/// A page of a hundred runs has about 1.5 MB.
const LARGEST_ANSWER: usize = 32 << 20;

const MOST_REDIRECTS: usize = 5;

/// Says who is asking; GitHub refuses requests without it.
const USER_AGENT: &str = concat!("return-dispatch/", env!("CARGO_PKG_VERSION"));

/// A client for one repository on one server.
#[derive(Debug)]
pub struct Client<'h, H> {
    pub(super) host: &'h H,
    api_url: Url,
    token: Token,
    pub(super) repository: Repository,
    pub(super) server: Server,
    cache: Cache,
    limits: Limits,
    deadline: Cell<Deadline>,
    requests: Cell<u32>,
    /// Of these, what the server counts: not what was unchanged.
    counted: Cell<u32>,
    /// Whether lists of runs have turned out to need large pages.
    pub(super) lists_are_long: Cell<bool>,
    /// Whether an answer has shown that the token is accepted.
    is_accepted: Cell<bool>,
    /// The server's clock when it last answered.
    clock: Cell<Option<Reading>>,
    /// What went wrong last, what is not to be had for good, and what was
    /// merely not there yet, for people.
    trouble: RefCell<Option<String>>,
    gone: RefCell<Option<String>>,
    not_yet: RefCell<Option<String>>,
}

impl<'h, H: Host> Client<'h, H> {
    /// A client for the repository of these settings, which does not repeat
    /// what cannot be answered before the deadline.
    pub fn new(host: &'h H, settings: &Settings, deadline: Deadline) -> Self {
        let limits = Limits::default();
        limits.set_end(deadline.began + deadline.limit);
        Self {
            host,
            api_url: settings.api_url.clone(),
            token: settings.token.clone(),
            repository: settings.repository.clone(),
            server: Server::new(settings.software),
            cache: Cache::default(),
            limits,
            deadline: Cell::new(deadline),
            requests: Cell::new(0),
            counted: Cell::new(0),
            lists_are_long: Cell::new(false),
            is_accepted: Cell::new(false),
            clock: Cell::new(None),
            trouble: RefCell::default(),
            gone: RefCell::default(),
            not_yet: RefCell::default(),
        }
    }

    /// The host it talks through.
    pub fn host(&self) -> &'h H {
        self.host
    }

    /// The repository it asks about.
    pub fn repository(&self) -> &Repository {
        &self.repository
    }

    /// What is known about the server.
    pub fn server(&self) -> &Server {
        &self.server
    }

    /// What servers of this kind have in common.
    pub fn family(&self) -> &'static Family {
        self.server.family()
    }

    /// The error for a user, of a failed request that did `doing`.
    pub fn error(&self, failure: Failure, doing: &str) -> Error {
        failure.into_error(doing, &self.repository, self.family())
    }

    /// Requests to the API so far.
    pub fn requests(&self) -> u32 {
        self.requests.get()
    }

    /// Requests that count against the rate limit so far.
    pub fn counted(&self) -> u32 {
        self.counted.get()
    }

    /// Whether the server has said that requests are limited.
    pub fn is_limited(&self) -> bool {
        self.limits.is_known()
    }

    /// When the call gives up.
    pub fn deadline(&self) -> Deadline {
        self.deadline.get()
    }

    /// Sets another deadline: for waiting, after the run is known.
    pub fn set_deadline(&self, deadline: Deadline) {
        self.limits.set_end(deadline.began + deadline.limit);
        self.deadline.set(deadline);
    }

    /// How much longer the server wants to be left alone. Whatever is sent
    /// before waits by itself.
    pub fn quiet_for(&self) -> Duration {
        let left = self.limits.quiet_for(self.host.now());
        left.unwrap_or_default()
    }

    /// Leaves the server alone for so long, as it wanted before this client was.
    pub fn be_quiet(&self, duration: Duration) {
        self.limits.inherit(duration, self.host.now());
    }

    /// Waits for as long as the server wants to be left alone.
    pub async fn hold(&self) {
        self.limits.hold(self.host).await;
    }

    /// The pause that spares what is left of the rate limit, before what will
    /// cost about so many requests again.
    pub fn sparing_pause(&self, cost: u32) -> Duration {
        self.limits.spread(self.host, cost).unwrap_or_default()
    }

    /// Takes note of a failure after which the call goes on, and reports it if
    /// it is news; `doing` is what failed, as in "could not {doing}".
    pub fn note(&self, doing: &str, failure: &Failure) {
        let message = format!("could not {doing}: {failure}");
        let place = if failure.is_gone() {
            &self.gone
        } else if failure.is_not_yet() {
            &self.not_yet
        } else {
            &self.trouble
        };
        let mut last = place.borrow_mut();
        if last.as_ref() != Some(&message) {
            self.host.report(Event::Trouble {
                message: message.clone(),
                trying_again: !failure.is_gone(),
            });
            *last = Some(message);
        }
    }

    /// Whether the token may have been denied only for now. Servers mask denials as 404 on private repositories;
    /// an installation token that has not been accepted yet may be that fresh.
    pub fn may_be_denied_yet(&self, failure: &Failure) -> bool {
        let may_be_fresh = !self.is_accepted.get() && self.token.is_of_installation();
        failure.is_denial(self.family(), may_be_fresh)
    }

    /// The last trouble that was taken note of. What was merely not there yet
    /// does not displace what went wrong.
    pub fn trouble(&self) -> Option<String> {
        let trouble = self.trouble.borrow().clone();
        let trouble = trouble.or_else(|| self.not_yet.borrow().clone());
        match (trouble, self.gone.borrow().clone()) {
            (Some(trouble), Some(gone)) => Some(format!("{gone}; {trouble}")),
            (trouble, gone) => gone.or(trouble),
        }
    }

    /// The earliest time, by the server's clock, at which a request sent at
    /// `sent` can have been acted upon; `None` before the server has answered
    /// with a date at all.
    pub fn earliest_effect(&self, sent: Moment) -> Option<ServerTime> {
        Some(self.clock.get()?.earliest(sent))
    }

    /// The latest time that the server's clock can show at this moment; `None`
    /// before the server has answered with a date at all.
    pub fn latest_time(&self, moment: Moment) -> Option<ServerTime> {
        Some(self.clock.get()?.latest(moment))
    }

    /// The URL of something in the repository.
    pub(super) fn url(&self, path: &str) -> String {
        let Repository { owner, name } = &self.repository;
        self.api_url_of(&format!("/repos/{owner}/{name}{path}"))
    }

    /// The URL of something in the API.
    pub(super) fn api_url_of(&self, path: &str) -> String {
        format!("{}{path}", self.api_url.as_str())
    }

    /// Reads JSON; what is unchanged comes from the cache.
    pub(super) async fn get<T: FromJson>(&self, path: &str) -> Result<Rc<T>, Failure> {
        let url = self.url(path);
        let answer = self.read(&url).await?;
        self.cache.resolve(&url, &answer)
    }

    /// Reads from the API, conditionally where the cache knows the URL.
    pub(super) async fn read(&self, url: &str) -> Result<Answer, Failure> {
        let etag = self.cache.etag(url);
        let conditional = etag.is_some();
        let answer = self.ask_in_either_version(Method::Get, url, etag).await?;
        if answer.is_success() || conditional && answer.status == 304 {
            Ok(answer)
        } else {
            Err(answer.refusal().into())
        }
    }

    /// Asks once more, at most, when the server turns out not to know the API
    /// version: what was asked for has not been looked at then.
    pub(super) async fn ask_in_either_version(
        &self,
        method: Method,
        url: &str,
        etag: Option<String>,
    ) -> Result<Answer, Failure> {
        loop {
            let answer = self.ask(method, url, None, etag.clone()).await?;
            let refuses_version = answer.status >= 400 && {
                let Refusal {
                    status, message, ..
                } = answer.refusal();
                self.server.learn_from_refusal(status, &message)
            };
            if !refuses_version {
                return Ok(answer);
            }
        }
    }

    /// Sends a request to the API and reads the whole answer, whatever its status.
    pub(super) async fn ask(
        &self,
        method: Method,
        url: &str,
        body: Option<Vec<u8>>,
        etag: Option<String>,
    ) -> Result<Answer, Failure> {
        self.hold().await;
        let exchange = async {
            let (_, mut response) = self
                .follow(method, url, body, etag, Beyond::Nothing)
                .await?;
            let mut whole = Vec::new();
            while let Some(chunk) = response.body.chunk().await? {
                if whole.len() + chunk.len() > LARGEST_ANSWER {
                    return Err(Failure::Malformed(format!(
                        "an answer of more than {LARGEST_ANSWER} bytes"
                    )));
                }
                whole.extend(chunk);
            }
            let answer = Answer {
                status: response.status,
                headers: response.headers,
                body: whole,
            };
            if answer.status >= 400 {
                self.limits
                    .learn_from_refusal(&answer.refusal(), self.host.now(), || self.chance());
            }
            Ok(answer)
        };
        let patience = Deadline::after(self.host, PATIENCE);
        match patience.bound(self.host, exchange).await {
            Ok(answer) => answer,
            Err(Passed) => Err(Failure::TooSlow),
        }
    }

    /// Opens a log, at this place where it can grow. The API answers with a redirect to
    /// where logs are kept, by a link that is signed: the token never goes along. Where
    /// logs can be read while they grow, it has them itself.
    pub(super) async fn open_log(
        &self,
        path: &str,
        from: u64,
    ) -> Result<LogStream<'_, H>, Failure> {
        let is_live = self.family().has_live_logs;
        let range = if is_live {
            // Whatever there is: the next range would be one of a longer log.
            from..u64::MAX
        } else {
            0..FIRST_RANGE
        };
        // The archive of a run and that of its attempt are the same file, mostly.
        let kept = path.match_indices('/').nth(3);
        let kept = kept.map_or(path, |(end, _)| &path[..end]);
        let left = self.limits.log_quiet_for(kept, self.host.now());
        if left > self.deadline().remaining(self.host) {
            return Err(Failure::TooSlow);
        }
        self.host.sleep(left).await;
        self.hold().await;
        let opening = async {
            let (url, mut response) = self.find_log(path, range.clone()).await?;
            if response.status == 416 && is_live {
                return Ok(LogStream::at_its_end(self, path, url, response, from));
            }
            if response.status == 416 {
                // Of what is empty there is no range.
                response = self.send(Method::Get, &url, Vec::new(), None, None).await?;
            }
            if matches!(response.status, 200 | 206) {
                return LogStream::new(self, path, url, response, range.start);
            }
            let start = response.body.chunk().await.ok().flatten();
            let mut refusal = Refusal::read(
                response.status,
                &response.headers,
                &start.unwrap_or_default(),
            );
            if refusal.status == 500 && is_live {
                // As good as one that is not there: it has written nothing yet.
                refusal.status = 404;
            }
            let now = self.host.now();
            self.limits
                .learn_from_refusal(&refusal, now, || self.chance());
            if let Some(wait) = refusal.wait {
                self.limits.leave_log(kept, now + wait);
            }
            Err(refusal.into())
        };
        let patience = Deadline::after(self.host, PATIENCE);
        match patience.bound(self.host, opening).await {
            Ok(stream) => stream,
            Err(Passed) => Err(Failure::TooSlow),
        }
    }

    /// Where a log is kept, and its answer to the request for a range.
    pub(super) async fn find_log(
        &self,
        path: &str,
        range: Range<u64>,
    ) -> Result<(Url, Response<H::Body>), Failure> {
        let beyond = Beyond::Logs(range);
        self.follow(Method::Get, &self.url(path), None, None, beyond)
            .await
    }

    /// Asks the store of logs for a range, without the token.
    pub(super) async fn log_range(
        &self,
        url: &Url,
        range: &Range<u64>,
    ) -> Result<Response<H::Body>, Failure> {
        let field = ("range", bytes_of(range));
        self.send(Method::Get, url, vec![field], None, None).await
    }

    /// Sends to the API and follows redirects with the same method and body, as
    /// GitHub asks for (renamed repositories). Where a redirect leaves the API,
    /// the token stays behind; only [`Beyond::Logs`] can be had without it.
    async fn follow(
        &self,
        method: Method,
        url: &str,
        body: Option<Vec<u8>>,
        etag: Option<String>,
        beyond: Beyond,
    ) -> Result<(Url, Response<H::Body>), Failure> {
        let mut url = Url::parse(url).map_err(|error| Failure::Astray(error.to_string()))?;
        for _ in 0..=MOST_REDIRECTS {
            let response = if self.is_api(&url) {
                let range = match &beyond {
                    Beyond::Logs(range) if self.family().has_live_logs => Some(bytes_of(range)),
                    _ => None,
                };
                self.send_to_api(method, &url, body.clone(), etag.clone(), range)
                    .await?
            } else {
                match &beyond {
                    Beyond::Logs(range) => self.log_range(&url, range).await?,
                    Beyond::Nothing => {
                        return Err(Failure::Astray(format!(
                            "a redirect out of the API, to {}, where the token must not go",
                            url.without_query()
                        )));
                    }
                }
            };
            // A redirect that is not to be followed has no status in a browser, and no address
            // (the Fetch Standard's "opaque-redirect filtered response").
            if response.status == 0 {
                return Err(Failure::Astray(
                    "a redirect, which browsers hide from programs".into(),
                ));
            }
            if !matches!(response.status, 301 | 302 | 307 | 308) {
                return Ok((url, response));
            }
            let location = response.headers.get("location").unwrap_or_default();
            let next = redirect(method, response.status, location, &url)?;
            // Any other comes from something in between, which may have passed the request on.
            if method == Method::Post && self.is_api(&next) && !is_of_a_rename(&url, &next) {
                return Err(Failure::Astray(
                    "a redirect in answer to a POST, and not to the repository's new name".into(),
                ));
            }
            url = next;
        }
        Err(Failure::Astray("a circle of redirects".into()))
    }

    /// Whether a URL is the API's: its origin, and beneath its path where that
    /// speaks of repositories (a renamed one is reached by `/repositories/ID`).
    fn is_api(&self, url: &Url) -> bool {
        url.origin() == self.api_url.origin()
            && url
                .after_authority()
                .strip_prefix(self.api_url.after_authority())
                .is_some_and(|path| {
                    path.starts_with("/repos/")
                        || path.starts_with("/repositories/")
                        || Some(path) == self.family().release_at
                })
    }

    async fn send_to_api(
        &self,
        method: Method,
        url: &Url,
        body: Option<Vec<u8>>,
        etag: Option<String>,
        range: Option<String>,
    ) -> Result<Response<H::Body>, Failure> {
        self.requests.set(self.requests.get() + 1);
        let mut headers = vec![("accept", "application/vnd.github+json".to_owned())];
        if let Some(version) = self.server.version() {
            headers.push(("x-github-api-version", version.to_owned()));
        }
        if let Some(etag) = etag {
            headers.push(("if-none-match", etag));
        }
        if let Some(range) = range {
            headers.push(("range", range));
        }
        if body.is_some() {
            headers.push(("content-type", "application/json".to_owned()));
        }
        let sent = self.host.now();
        let response = self
            .send(method, url, headers, Some(self.token.clone()), body)
            .await?;
        let answered = self.host.now();
        let counts = u32::from(response.status != 304);
        self.counted.set(self.counted.get() + counts);
        if response.status < 400 {
            self.is_accepted.set(true);
        }
        self.server.learn(&response.headers);
        self.limits
            .learn(response.status, &response.headers, answered, || {
                self.chance()
            });
        let date = response.headers.get("date");
        if let Some(date) = date.and_then(ServerTime::from_http_date)
            && is_own_answer(&response)
        {
            self.clock.set(Some(Reading {
                date,
                sent,
                answered,
            }));
        }
        Ok(response)
    }

    /// A number from 0 to 1.
    fn chance(&self) -> f64 {
        f64::from(self.host.random()[0]) / f64::from(u8::MAX)
    }

    async fn send(
        &self,
        method: Method,
        url: &Url,
        mut headers: Vec<(&'static str, String)>,
        authorization: Option<Token>,
        body: Option<Vec<u8>>,
    ) -> Result<Response<H::Body>, Failure> {
        headers.push(("user-agent", USER_AGENT.to_owned()));
        let shown = match authorization {
            Some(_) => url.as_str(),
            None => url.without_query(),
        };
        let report = |status, since| {
            self.host.report(Event::Request {
                method: method.name(),
                url: shown.to_owned(),
                status,
                milliseconds: (self.host.now() - since).as_secs_f64() * 1e3,
            });
        };
        let sent = self.host.now();
        let request = Request {
            method,
            url: url.as_str().to_owned(),
            headers,
            authorization,
            body,
        };
        match self.host.send(request).await {
            Ok(response) => {
                report(Some(response.status), sent);
                Ok(response)
            }
            Err(error) => {
                report(None, sent);
                Err(error.into())
            }
        }
    }
}

/// The target of a redirect, if it may be followed.
fn redirect(method: Method, status: u16, location: &str, from: &Url) -> Result<Url, Failure> {
    // 307 and 308 ask for the same request elsewhere, which GitHub does; what a POST came
    // to that is answered otherwise is not known (RFC 9110, section 15.4).
    if method == Method::Post && !matches!(status, 307 | 308) {
        return Err(Failure::Astray("a redirect in answer to a POST".into()));
    }
    from.redirect(location)
        .map_err(|error| Failure::Astray(format!("a redirect to an address that {error}")))
}

/// Whether a redirect leads to the same thing in a repository that was renamed: GitHub's lead from
/// `/repos/OWNER/NAME/…` to `/repositories/ID/…`
/// (<https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#follow-redirects>).
fn is_of_a_rename(from: &Url, next: &Url) -> bool {
    let by_name = from.after_authority().split_once("/repos/");
    let by_id = next.after_authority().split_once("/repositories/");
    by_name
        .zip(by_id)
        .is_some_and(|((base, named), (its_base, numbered))| {
            let thing = named.splitn(3, '/').nth(2);
            let (id, its_thing) = numbered.split_once('/').unwrap_or_default();
            let is_id = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
            base == its_base && is_id && thing == Some(its_thing)
        })
}

/// Whether an answer looks like the API's own, not like one of a gateway that stands before it
/// and has a clock of its own.
fn is_own_answer<B>(response: &Response<B>) -> bool {
    let is_json = || {
        let kind = response.headers.get("content-type");
        kind.is_some_and(|kind| kind.contains("json"))
    };
    match response.status {
        200..=399 => true,
        400..=499 => is_json(),
        _ => false,
    }
}

/// A range as HTTP writes it: the last byte belongs to it.
fn bytes_of(range: &Range<u64>) -> String {
    if range.end == u64::MAX {
        format!("bytes={}-", range.start)
    } else {
        format!("bytes={}-{}", range.start, range.end.saturating_sub(1))
    }
}

/// What may be fetched beyond the API, without the token.
#[derive(Debug, Clone)]
enum Beyond {
    /// Nothing.
    Nothing,
    /// This range of a log, by a link that is signed.
    Logs(Range<u64>),
}
