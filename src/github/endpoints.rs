//! The endpoints in use.

use std::collections::BTreeSet;
use std::rc::Rc;
use std::time::Duration;

use serde::Serialize;

use super::answer::Answer;
use super::client::Client;
use super::failure::{Failure, Refusal};
use super::log_stream::LogStream;
use super::model::{Job, Listed, Page, Release, RepositoryObject, Run, Workflow};
use crate::host::{Host, Method};
use crate::json::{FromJson, LARGEST_ID, Object};
use crate::time::{Moment, ServerTime};
use crate::url::encode;

/// Of what is listed, so many pages are read.
const MOST_PAGES: u64 = 100;

/// So many runs with the lowest IDs have to be older than the dispatch for a list to go back enough.
const PROVE_THAT_IT_IS_ENOUGH: usize = 3;

/// Stamps and `Date` differ by less, where both are right.
const AHEAD: Duration = Duration::from_mins(1);

/// Clocks of the machines that stamp runs differ by less.
const FAR_AHEAD: Duration = Duration::from_mins(10);

/// Body of a dispatch.
#[derive(Debug, Clone, Serialize)]
pub struct Dispatch<'a> {
    /// Branch or tag.
    pub r#ref: &'a str,
    /// The receiver's inputs.
    #[serde(serialize_with = "as_map")]
    pub inputs: Vec<(&'a str, &'a str)>,
    /// Whether to answer with the run, where that is asked for here (Forgejo).
    #[serde(skip_serializing_if = "is_false")]
    pub return_run_info: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's way")]
fn is_false(value: &bool) -> bool {
    !value
}

fn as_map<S: serde::Serializer>(inputs: &[(&str, &str)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(inputs.iter().copied())
}

/// A list, all its pages together.
#[derive(Debug, Clone)]
pub struct List<T> {
    /// What it has.
    pub entries: Vec<T>,
    /// Whether that is as much as it counts.
    pub is_whole: bool,
    /// Whether there may be more than can be listed.
    pub goes_on: bool,
    /// Whether one of its pages was of an earlier state than the one before: what came between
    /// them may be missing, though the list goes back as far as it was to.
    pub is_torn: bool,
    /// Of runs, the latest time that any of them is stamped with, those included that are left out.
    pub newest: Option<ServerTime>,
    /// Of runs, by how much their stamps contradict each other at most: the machines that make them
    /// have clocks that differ by this or more.
    pub apart: Duration,
}

/// The attempts at a run whose jobs are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attempts {
    /// The latest one.
    Latest,
    /// All of them.
    All,
}

/// How far back runs are listed: to the first that is older than the dispatch.
#[derive(Debug, Clone, Copy)]
pub struct Reach {
    /// Runs up to this one are older.
    pub after: Option<u64>,
    /// Runs that were created before this are older.
    pub since: Option<ServerTime>,
    /// When the dispatch was sent; `None`: now.
    pub sent: Option<Moment>,
    /// Runs that were created before the newest stamp of the list by more than the time since then and
    /// this are older.
    pub tolerance: Duration,
}

/// The newest stamp that a list shows. One run alone that is far ahead of all others counts only if
/// `now`, the time by `Date`, has come to that: its stamps may be of a clock that has been set since.
pub fn newest_stamp(runs: &[Run], now: Option<ServerTime>) -> Option<ServerTime> {
    let (mut newest, mut second) = (None, None);
    for stamp in runs.iter().map(Run::newest_stamp) {
        second = second.max(stamp.min(newest));
        newest = newest.max(stamp);
    }
    let is_ahead = |of: ServerTime| newest.is_some_and(|newest| newest.earlier_by(FAR_AHEAD) > of);
    if second.is_some_and(is_ahead) && now.is_some_and(is_ahead) {
        second
    } else {
        newest
    }
}

/// What a newest stamp is taken for where it tells the time of now, which is this by `Date`. One that is
/// ahead of that may be wrong, and so may `Date`: to take the earlier of both only leaves more runs in
/// question.
#[must_use]
pub fn believed(newest: ServerTime, dated: Option<ServerTime>) -> ServerTime {
    match dated {
        Some(dated) if newest.earlier_by(AHEAD) > dated => dated,
        _ => newest,
    }
}

impl Reach {
    /// Whether a run is older than the dispatch, by a list that has this newest stamp, is read now, and whose stamps
    /// contradict each other by so much.
    fn is_beyond(
        &self,
        run: &Run,
        newest: Option<ServerTime>,
        now: Moment,
        apart: Duration,
    ) -> bool {
        let elapsed = self.sent.map_or(Duration::ZERO, |sent| now - sent);
        let within = elapsed.saturating_add(self.tolerance);
        let by_newest = newest.map(|newest| newest.earlier_by(within));
        let since = self.since.max(by_newest);
        let since = since.map(|since| since.earlier_by(apart));
        let times = run.created_by().zip(since);
        times.is_some_and(|(at, since)| at < since)
    }
}

/// The places of runs in the order of their IDs.
fn by_id(runs: &[Run]) -> impl Iterator<Item = usize> + use<> {
    let ids = runs.iter().map(|run| run.id);
    let mut places: Vec<(u64, usize)> = ids.zip(0..).collect();
    places.sort_unstable();
    places.into_iter().map(|(_, place)| place)
}

/// By how much the stamps of these runs contradict each other at most.
fn apart(runs: &[Run]) -> Duration {
    let mut newest = None;
    let contradictions = by_id(runs).map(|at| {
        let contradiction = runs[at].contradiction(newest);
        newest = newest.max(runs[at].created_at);
        contradiction
    });
    contradictions.max().unwrap_or_default()
}

/// Notes for each run after which time it was created by the order of IDs, which grow. Where a server hands them out
/// in another order, an older run counts as a newer one: it is suspected for longer, and nothing is retried.
fn note_order(runs: &mut [Run]) {
    let mut newest = None;
    for at in by_id(runs) {
        runs[at].created_after = newest;
        newest = newest.max(runs[at].created_at);
    }
}

/// The run in the answer to a dispatch (200).
#[derive(Debug)]
pub struct CreatedRun {
    /// Its ID.
    pub id: u64,
    /// Its page; empty where the server does not say.
    pub html_url: String,
    /// Its place in the API.
    pub api_url: String,
}

/// An answer to a dispatch without its run.
#[derive(Debug)]
pub enum RunUnknown {
    /// 204, or a success without a run: dispatched, to be found by its distinct ID.
    Accepted,
    /// Dispatched, but the run has an ID that cannot be handed on: above [`LARGEST_ID`].
    LargeId(u64),
    /// The server does not know the API version. Nothing was dispatched.
    UnknownVersion(Refusal),
    /// Refused, or indeterminate.
    Failed(Failure),
}

/// The body of a successful dispatch.
struct RunDetails {
    workflow_run_id: u64,
    run_url: Option<String>,
    html_url: Option<String>,
}

impl RunDetails {
    /// The ID, however large. Forgejo: `id`, `run_number` and `jobs`.
    fn id(object: &Object) -> Option<u64> {
        let forgejos = || {
            object
                .number("run_number")
                .and_then(|_| object.number("id"))
        };
        object.number("workflow_run_id").or_else(forgejos)
    }
}

impl FromJson for RunDetails {
    fn from_json(object: &Object) -> Option<Self> {
        Some(Self {
            workflow_run_id: Self::id(object).filter(|id| (1..=LARGEST_ID).contains(id))?,
            run_url: object.text("run_url"),
            html_url: object.text("html_url"),
        })
    }
}

/// The name of an environment, in a pending deployment.
struct Environment(String);

impl FromJson for Environment {
    fn from_json(object: &Object) -> Option<Self> {
        object.object("environment")?.text("name").map(Self)
    }
}

impl<H: Host> Client<'_, H> {
    /// The repository's default branch.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn default_branch(&self) -> Result<String, Failure> {
        let repository = self.get::<RepositoryObject>("").await?;
        Ok(repository.default_branch.clone())
    }

    /// Asks which release the server is of, where it does not say so in each answer.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn learn_release(&self) -> Result<(), Failure> {
        if let Some(path) = self.family().release_at {
            let answer = self.read(&self.api_url_of(path)).await?;
            self.server.learn_release(&answer.json::<Release>()?.0);
        }
        Ok(())
    }

    /// All workflows of the repository.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn workflows(&self) -> Result<Vec<Workflow>, Failure> {
        let list = self.all_pages("/actions/workflows?").await?;
        Ok(list.entries)
    }

    /// A file at a branch or tag.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn file(&self, path: &str, git_ref: &str) -> Result<Vec<u8>, Failure> {
        let names: Vec<_> = path
            .split('/')
            .map(|name| encode(name).to_string())
            .collect();
        let path = names.join("/");
        let url = self.url(&format!("/raw/{path}?ref={}", encode(git_ref)));
        Ok(self.read(&url).await?.body)
    }

    /// The newest run of the repository, whatever it is of. Runs that are created later
    /// have larger IDs.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn newest_run(&self) -> Result<Option<u64>, Failure> {
        let (size, _) = self.family().page;
        let page: Rc<Page<Run>> = self.get(&format!("/actions/runs?{size}=1")).await?;
        Ok(page.entries.iter().map(|run| run.id).max())
    }

    /// The workflow's dispatched runs, the newest first, as far back as `reach` says.
    ///
    /// Nothing is filtered by GitHub: filtered lists come from a search index, which has lagged by
    /// minutes and by days, while unfiltered ones were right
    /// (<https://github.com/dawidd6/action-download-artifact/issues/147>, GitHub's support;
    /// <https://github.com/cli/cli/issues/5440>, <https://github.com/cli/cli/issues/7341>). A filter by
    /// `created` would also let the clock that writes `Date` decide which runs are seen at all.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn dispatched_runs(
        &self,
        workflow: &str,
        reach: &Reach,
    ) -> Result<List<Run>, Failure> {
        let path = if self.family().lists_by_workflow {
            format!("/actions/workflows/{}/runs?", encode(workflow))
        } else {
            "/actions/runs?event=workflow_dispatch&".to_owned()
        };
        let goes_back_enough = |runs: &[Run]| {
            let is_before = |run: &Run| reach.after.is_some_and(|after| run.id <= after);
            if runs.iter().any(is_before) {
                return true;
            }
            // A rate limit may have held up the request for long.
            let now = self.host().now();
            let dated = self.latest_time(now);
            let newest = newest_stamp(runs, dated).map(|newest| believed(newest, dated));
            // One alone may have been stamped by another clock.
            let earliest = by_id(runs).take(PROVE_THAT_IT_IS_ENOUGH);
            let apart = apart(runs);
            let mut are_beyond = earliest.map(|at| reach.is_beyond(&runs[at], newest, now, apart));
            !runs.is_empty() && are_beyond.all(|is_beyond| is_beyond)
        };
        let (small, largest) = (self.family().runs_at_first, self.family().page.1);
        let mut list = loop {
            let is_long = small == largest || self.lists_are_long.get();
            let (size, most) = if is_long {
                (largest, MOST_PAGES)
            } else {
                (small, 1)
            };
            let list = self.pages(&path, size, most, &goes_back_enough).await?;
            if is_long || !list.goes_on {
                break list;
            }
            self.lists_are_long.set(true);
        };
        let now = self.latest_time(self.host().now());
        list.newest = newest_stamp(&list.entries, now);
        list.apart = apart(&list.entries);
        note_order(&mut list.entries);
        list.entries.retain(|run| {
            let is_of_it = self.family().lists_by_workflow || run.is_of(workflow);
            is_of_it && run.is_dispatched() && reach.after.is_none_or(|after| run.id > after)
        });
        Ok(list)
    }

    /// The newest runs of the repository, whatever they are of.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn newest_runs(&self) -> Result<Vec<Run>, Failure> {
        let (size, _) = self.family().page;
        let most = self.family().runs_at_first;
        let page: Rc<Page<Run>> = self.get(&format!("/actions/runs?{size}={most}")).await?;
        let mut runs = page.entries.clone();
        note_order(&mut runs);
        Ok(runs)
    }

    /// A run.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn run(&self, run: u64) -> Result<Rc<Run>, Failure> {
        let answer: Rc<Run> = self.get(&format!("/actions/runs/{run}")).await?;
        if answer.id != run {
            let problem = format!("an answer about run {}, not about run {run}", answer.id);
            return Err(Failure::Malformed(problem));
        }
        Ok(answer)
    }

    /// The environments that a run waits for, by their names.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn pending_environments(&self, run: u64) -> Result<Vec<String>, Failure> {
        let url = self.url(&format!("/actions/runs/{run}/pending_deployments"));
        let answer = self.read(&url).await?;
        // A bare list, which is read here as that of an object.
        let list = [b"{\"list\":", answer.body.as_slice(), b"}"].concat();
        let pending = Object::parse(&list).ok();
        let pending = pending.and_then(|object| object.list::<Environment>("list"));
        let names = pending.unwrap_or_default().into_iter();
        Ok(names.map(|environment| environment.0).collect())
    }

    /// The jobs of a run's latest attempt, all of them.
    ///
    /// # Errors
    /// [`Failure`], also where the list lacks jobs that it counts.
    pub async fn jobs(&self, run: u64) -> Result<Vec<Job>, Failure> {
        let list = self.listed_jobs(run, Attempts::Latest).await?;
        if list.is_whole {
            Ok(list.entries)
        } else {
            Err(Failure::Malformed(
                "a list that lacks jobs which it counts".to_owned(),
            ))
        }
    }

    /// The jobs of these attempts at a run, also where the list lacks jobs that it counts.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn listed_jobs(&self, run: u64, of: Attempts) -> Result<List<Job>, Failure> {
        let filter = match of {
            Attempts::Latest => "latest",
            Attempts::All => "all",
        };
        let path = format!("/actions/runs/{run}/jobs?filter={filter}&");
        let mut list: List<Job> = self.all_pages(&path).await?;
        if !self.family().tells_steps {
            let jobs = list.entries.iter_mut();
            jobs.for_each(Job::read_steps_by_their_times);
        }
        Ok(list)
    }

    /// All entries of a list; `path` ends where its query goes on.
    async fn all_pages<T: Listed + Clone>(&self, path: &str) -> Result<List<T>, Failure> {
        let (_, largest) = self.family().page;
        self.pages(path, largest, MOST_PAGES, &|_| false).await
    }

    /// All entries of a list, by pages of this size, or those up to the first page with which they
    /// are enough; `list` ends where its query goes on.
    async fn pages<T: Listed + Clone>(
        &self,
        list: &str,
        mut page_size: u64,
        most: u64,
        is_enough: &dyn Fn(&[T]) -> bool,
    ) -> Result<List<T>, Failure> {
        let (size, _) = self.family().page;
        let mut all = Vec::new();
        let mut known = BTreeSet::new();
        let mut counted = 0;
        let mut goes_on = true;
        let mut has_enough = false;
        let mut is_torn = false;
        let mut is_thin = false;
        for page in 1..=most {
            let path = format!("{list}{size}={page_size}&page={page}");
            let part: Rc<Page<T>> = match self.get(&path).await {
                Ok(part) => part,
                // There is a limit to how far lists go (GitHub's search ends like that).
                Err(Failure::Refused(refusal)) if page > 1 && refusal.status == 422 => break,
                Err(failure) => return Err(failure),
            };
            // Pages that change in between, or are not in order, repeat entries.
            for entry in &part.entries {
                if known.insert(entry.id()) {
                    let mut entry = entry.clone();
                    entry.is_on(page);
                    all.push(entry);
                }
            }
            // Lists grow, and some servers answer out of caches, each page for itself.
            if part.total_count < counted {
                is_torn = true;
                break;
            }
            counted = part.total_count;
            has_enough = is_enough(&all);
            // Not full, or the count says so. Entries may be left out of a page in the middle.
            let read = part.entries.len() as u64;
            let (is_short, had) = if self.family().caps_pages && part.total_count > 0 {
                let had = all.len() as u64;
                let is_cut = read < page_size && had < part.total_count;
                if is_cut && page == 1 && read > 0 {
                    // The server's pages are as short as this one: then it fills one of that length, and another
                    // follows. Or entries that are counted are left out, of each page or of the whole list.
                    let again: Rc<Page<T>> =
                        self.get(&format!("{list}{size}={read}&page=1")).await?;
                    is_thin = (again.entries.len() as u64) < read;
                    page_size = read;
                    has_enough = false;
                } else {
                    is_thin |= is_cut;
                }
                (read == 0, had)
            } else {
                let had = page * page_size;
                let is_full = read >= page_size || part.total_count > had;
                is_thin |= read < page_size.min(part.total_count.saturating_sub(had - page_size));
                (read == 0 || !is_full, had)
            };
            let is_last = part.total_count > 0 && had >= part.total_count;
            if is_short || is_last || has_enough {
                goes_on = false;
                break;
            }
        }
        Ok(List {
            is_whole: !is_torn && !is_thin && (has_enough || all.len() as u64 >= counted),
            goes_on,
            is_torn,
            newest: None,
            apart: Duration::ZERO,
            entries: all,
        })
    }

    /// The log of a job from this place on; on GitHub, there is none before the job is
    /// done.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn job_log(&self, job: u64, from: u64) -> Result<LogStream<'_, H>, Failure> {
        self.open_log(&format!("/actions/jobs/{job}/logs"), from)
            .await
    }

    /// The archive of all logs of a run; there is none before the run is done.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn log_archive(&self, run: u64) -> Result<LogStream<'_, H>, Failure> {
        self.open_log(&format!("/actions/runs/{run}/logs"), 0).await
    }

    /// The archive of one attempt's logs, whatever attempts followed.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn log_archive_of(
        &self,
        run: u64,
        attempt: u64,
    ) -> Result<LogStream<'_, H>, Failure> {
        self.open_log(&format!("/actions/runs/{run}/attempts/{attempt}/logs"), 0)
            .await
    }

    /// Dispatches, once.
    ///
    /// # Errors
    /// [`RunUnknown`] if the answer is without the run.
    pub async fn dispatch(
        &self,
        workflow: &str,
        dispatch: &Dispatch<'_>,
    ) -> Result<CreatedRun, RunUnknown> {
        let url = self.url(&format!(
            "/actions/workflows/{}/dispatches{}",
            encode(workflow),
            self.family().dispatch_query
        ));
        let body = serde_json::to_vec(dispatch)
            .map_err(|error| RunUnknown::Failed(Failure::Malformed(error.to_string())))?;
        let asked = self.ask(Method::Post, &url, Some(body), None).await;
        let answer = asked.map_err(RunUnknown::Failed)?;
        if !answer.is_success() {
            return Err(self.refused_dispatch(&answer));
        }
        // github.com may leave the run out "for any reason" (cli/cli,
        // pkg/cmd/workflow/run/run.go); then it is looked for. A page that
        // some proxy shows in GitHub's place proves nothing.
        let Ok(details) = answer.json::<RunDetails>() else {
            let object = Object::parse(&answer.body).ok();
            let id = object.as_ref().and_then(RunDetails::id);
            if let Some(id) = id.filter(|id| *id > LARGEST_ID) {
                return Err(RunUnknown::LargeId(id));
            }
            let is_githubs = answer.body.is_empty() || object.is_some();
            return Err(if is_githubs {
                RunUnknown::Accepted
            } else {
                RunUnknown::Failed(Failure::Malformed(format!(
                    "{} with an answer that is not GitHub's",
                    answer.status
                )))
            });
        };
        let id = details.workflow_run_id;
        Ok(CreatedRun {
            id,
            html_url: details.html_url.unwrap_or_default(),
            api_url: details.run_url.unwrap_or_else(|| self.run_api_url(id)),
        })
    }

    fn refused_dispatch(&self, answer: &Answer) -> RunUnknown {
        let mut refusal = answer.refusal();
        let final_words = self.family().refuses_with_500;
        refusal.is_final = refusal.status == 500
            && final_words.is_some_and(|words| refusal.message.starts_with(words));
        let (status, message) = (refusal.status, &refusal.message);
        if self.server.learn_from_refusal(status, message) {
            RunUnknown::UnknownVersion(refusal)
        } else {
            RunUnknown::Failed(refusal.into())
        }
    }

    /// Asks for a run to be cancelled; with force, also if its jobs do not
    /// react. False if it cannot be (409): mostly because it has ended by itself,
    /// and is none the worse for it.
    ///
    /// # Errors
    /// [`Failure`], which does not pass where the server cannot cancel runs at all.
    pub async fn cancel(&self, run: u64, force: bool) -> Result<bool, Failure> {
        let how = if force { "force-cancel" } else { "cancel" };
        let url = self.url(&format!("/actions/runs/{run}/{how}"));
        let answer = self.ask_in_either_version(Method::Post, &url, None).await?;
        if answer.is_success() || answer.status == 409 {
            return Ok(answer.status != 409);
        }
        // Of a run that is not there, Gitea says so in JSON.
        let has_no_such_path =
            matches!(answer.status, 404 | 405) && Object::parse(&answer.body).is_err();
        if has_no_such_path && self.family().may_lack_cancel {
            return Err(Failure::Astray(format!(
                "this {} has no way to cancel runs in its API",
                self.family().name
            )));
        }
        Err(answer.refusal().into())
    }

    /// A run's place in the API.
    #[must_use]
    pub fn run_api_url(&self, run: u64) -> String {
        self.url(&format!("/actions/runs/{run}"))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::json::read;

    #[test]
    fn one_run_alone_whose_stamps_are_far_ahead_does_not_tell_the_time() {
        let at = |minute: u64| ServerTime::from_unix(1_800_000_000 + 60 * minute);
        let newest = |minutes: &[u64], now: Option<u64>| {
            let run = |minute| read(&json!({ "id": minute, "created_at": at(minute).to_string() }));
            let runs: Vec<Run> = minutes.iter().map(|minute| run(*minute)).collect();
            newest_stamp(&runs, now.map(at))
        };
        assert_eq!(newest(&[], Some(0)), None);
        assert_eq!(newest(&[90], Some(0)), Some(at(90)));
        assert_eq!(newest(&[1, 90, 2], Some(3)), Some(at(2)));
        // `Date` has come to that, so that it is of now.
        assert_eq!(newest(&[1, 90, 2], Some(80)), Some(at(90)));
        assert_eq!(newest(&[1, 90, 2], None), Some(at(90)));
        // Two agree; and clocks differ by minutes.
        assert_eq!(newest(&[1, 85, 90], Some(3)), Some(at(90)));
        assert_eq!(newest(&[1, 11, 2], Some(1)), Some(at(11)));
    }

    #[test]
    fn a_stamp_that_is_ahead_of_the_date_is_not_believed() {
        let at = |second: u64| ServerTime::from_unix(1_800_000_000 + second);
        assert_eq!(believed(at(100), None), at(100));
        assert_eq!(believed(at(100), Some(at(500))), at(100));
        assert_eq!(believed(at(100), Some(at(40))), at(100));
        assert_eq!(believed(at(100), Some(at(39))), at(39));
    }

    /// What a list is to show is reckoned when it is read: a wait that the server asked for may have
    /// come before.
    #[test]
    fn a_list_that_was_held_up_goes_back_to_the_dispatch() {
        let at = |second: u64| ServerTime::from_unix(1_800_000_000 + second);
        let after = |seconds| Moment::from_zero(Duration::from_secs(seconds));
        let reach = Reach {
            after: None,
            since: None,
            sent: Some(after(3)),
            tolerance: Duration::from_mins(1),
        };
        let run: Run = read(&json!({ "id": 1, "created_at": at(103).to_string() }));
        let is_beyond = |now, apart| {
            reach.is_beyond(&run, Some(at(195)), after(now), Duration::from_secs(apart))
        };
        assert!(!is_beyond(98, 0));
        assert!(is_beyond(4, 0));
        // The machines that stamp runs differ by more than the run seems to be older.
        assert!(!is_beyond(4, 40));
    }
}
