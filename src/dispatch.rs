//! The one POST. Its answer either names the run, or proves that nothing was
//! dispatched and which lesser request may be tried, or leaves the run to be
//! found by the distinct ID.
//!
//! | answer | proves | next |
//! | --- | --- | --- |
//! | 200 with a run | dispatched | done |
//! | 204 | dispatched | identify by the distinct ID |
//! | 400 or 410 about the API version | nothing dispatched, an older server | the same without the version |
//! | 422 unexpected input, the distinct ID's alone | nothing dispatched | where the server returns run IDs: the same without it; elsewhere: stop |
//! | 404 for a name that Gitea takes for a branch's | nothing dispatched | the same as that of a tag |
//! | no connection, a rate limit | nothing dispatched | the same again, when that makes sense |
//! | another 4xx | nothing dispatched | stop |
//! | 5xx, a broken connection, silence | nothing | find out by the distinct ID |

use std::borrow::Cow;
use std::time::Duration;

use futures_util::future::FutureExt;

use crate::error::{Code, Error};
use crate::event::{Event, IdentifiedBy};
use crate::github::{Client, Dispatch, Failure, Refusal, Repeats, RunUnknown};
use crate::host::Host;
use crate::identify::{Found, Search};
use crate::progress::{Progress, Stage, where_to_look};
use crate::receiver;
use crate::settings::{By, GitRef, MOST_INPUTS, Settings};
use crate::target::Target;
use crate::time::Seconds;

/// What a dispatch led to.
#[derive(Debug)]
pub enum Outcome {
    /// The server named the run.
    Named(Found),
    /// It has a run, which has to be found by the distinct ID.
    Accepted,
    /// It may or may not have a run.
    Unclear,
}

/// Dispatches exactly once, or not at all. After a dispatch that was unclear
/// and has been found not to have arrived, it does so again.
///
/// # Errors
/// If nothing was dispatched, or if the run of what was cannot be found.
pub async fn dispatch<H: Host>(
    client: &Client<'_, H>,
    settings: &Settings,
    target: &Target,
    progress: &Progress,
    search: &mut Search<'_, '_, H>,
) -> Result<Outcome, Error> {
    let host = client.host();
    let id_input = input_for_id(settings);
    if client.family().release_at.is_some() && !search.has_dispatched() {
        // Boxed: what is seldom needed is a function of its own, which engines compile when it is.
        receiver::look_ahead(client, target, id_input, search)
            .boxed_local()
            .await?;
    }
    announce(host, settings, target, id_input).await;
    let mut ladder = Ladder {
        client,
        settings,
        progress,
        id_input,
        git_ref: Cow::Borrowed(&target.git_ref),
        doing: format!("dispatch {} at {}", settings.workflow, target.git_ref),
        repeats: Repeats::new(host),
    };
    loop {
        if let Some(error) = in_vain(client, settings, search, ladder.id_input) {
            return Err(error);
        }
        client.hold().await;
        receiver::note_newest_before(client, search).await?;
        // Whoever does not want to go on wants no run either.
        if progress.cancelled_at().is_some() {
            return Err(progress.cancelled(settings));
        }
        if ladder.id_input.is_some() {
            search.tell_what_is_sought();
        }
        let before = progress.enter(Stage::Dispatching);
        let sent = host.now();
        match client.dispatch(&target.workflow, &ladder.body()).await {
            Ok(run) => {
                search.dispatched(sent, true);
                return Ok(Outcome::Named(Found {
                    id: run.id,
                    html_url: run.html_url,
                    api_url: run.api_url,
                    by: IdentifiedBy::Response,
                }));
            }
            // Boxed so that this cold path is a separate function, compiled lazily.
            Err(answer) => match ladder.step(answer, before).boxed_local().await? {
                Next::Again => {}
                Next::Find(outcome) => {
                    search.dispatched(sent, matches!(outcome, Outcome::Accepted));
                    return Ok(outcome);
                }
            },
        }
    }
}

/// The parts of a dispatch. Each rung of the ladder removes or changes one.
struct Ladder<'a, 'h, H: Host> {
    client: &'a Client<'h, H>,
    settings: &'a Settings,
    progress: &'a Progress,
    id_input: Option<&'a str>,
    git_ref: Cow<'a, GitRef>,
    doing: String,
    repeats: Repeats,
}

/// What to do after an answer without the run.
enum Next {
    /// Nothing was dispatched: send what is left.
    Again,
    /// There is a run, or may be: find it by the distinct ID.
    Find(Outcome),
}

impl<H: Host> Ladder<'_, '_, H> {
    fn body(&self) -> Dispatch<'_> {
        let given = self
            .settings
            .workflow_inputs
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()));
        let id = self
            .id_input
            .map(|input| (input, self.settings.distinct_id.as_str()));
        Dispatch {
            r#ref: self.git_ref.as_wire(),
            inputs: given.chain(id).collect(),
            return_run_info: self.client.family().asks_in_body,
        }
    }

    /// Decides by what the answer proves; `before` is the stage before this dispatch.
    async fn step(&mut self, answer: RunUnknown, before: Stage) -> Result<Next, Error> {
        let Self {
            client,
            settings,
            progress,
            id_input,
            ..
        } = *self;
        let host = client.host();
        match answer {
            RunUnknown::Accepted if id_input.is_some() => {
                progress.enter(Stage::Identifying);
                host.report(Event::Dispatched {});
                return Ok(Next::Find(Outcome::Accepted));
            }
            RunUnknown::Accepted => return Err(dispatched_without_id(settings)),
            RunUnknown::LargeId(id) => return Err(large_id(settings, id)),
            RunUnknown::UnknownVersion(refusal) => {
                // Once only: a version that was refused is not sent again.
                progress.enter(before);
                host.report(Event::OlderServer {
                    message: refusal.message,
                });
            }
            RunUnknown::Failed(Failure::Refused(refusal))
                if id_input.is_some_and(|input| is_undeclared(&refusal, input)) =>
            {
                progress.enter(before);
                let input = id_input.unwrap_or_default().to_owned();
                if !client.server().returns_run_ids() {
                    return Err(receiver_unprepared(&input).status(refusal.status));
                }
                progress.leave_id_out();
                host.report(Event::ReceiverWithoutDistinctId { input });
                self.id_input = None;
            }
            RunUnknown::Failed(Failure::Refused(refusal))
                if let Some(tag) = tag_instead(client, &self.git_ref, &refusal) =>
            {
                // Once only: a tag that was refused has no other name.
                progress.enter(before);
                self.git_ref = Cow::Owned(tag);
            }
            RunUnknown::Failed(failure) if failure.proves_nothing_happened() => {
                progress.enter(before);
                let waited = self.repeats.wait(client, &self.doing, failure).await;
                waited
                    .map_err(|failure| refused(failure, &self.doing, client, settings, before))?;
            }
            RunUnknown::Failed(failure) if id_input.is_some() => {
                progress.enter(Stage::Unanswered);
                host.report(Event::DispatchUnanswered {
                    message: failure.to_string(),
                });
                return Ok(Next::Find(Outcome::Unclear));
            }
            RunUnknown::Failed(failure) => return Err(outcome_unknown(settings, failure)),
        }
        Ok(Next::Again)
    }
}

/// The input that takes the distinct ID; a workflow declares no more than so many, and
/// none may be left.
fn input_for_id(settings: &Settings) -> Option<&str> {
    let has_room = settings.workflow_inputs.len() < MOST_INPUTS;
    settings.distinct_id_input.as_deref().filter(|_| has_room)
}

/// Why nothing is to be dispatched, if its run could not be found, or not in time.
fn in_vain<H: Host>(
    client: &Client<'_, H>,
    settings: &Settings,
    search: &Search<'_, '_, H>,
    id_input: Option<&str>,
) -> Option<Error> {
    if id_input.is_none() && !client.server().returns_run_ids() {
        return Some(no_id_on_an_older_server(settings));
    }
    let left = client.deadline().remaining(client.host());
    if client.quiet_for() > left && !search.has_dispatched() {
        return Some(left_alone(client));
    }
    search
        .has_too_little_time()
        .then(|| too_little_time(settings))
}

/// The error where the server is to be left alone for longer than the call lasts.
fn left_alone<H: Host>(client: &Client<'_, H>) -> Error {
    let wait = client.quiet_for().as_secs();
    Error::new(
        Code::RateLimited,
        format!("Nothing was dispatched: the server is to be left alone for {wait} s, as a rate limit is exhausted"),
    )
    .hint("Try again when the limit is reset, or with another token.")
}

/// The error of a dispatch that came to nothing, unless an earlier one may not
/// have.
fn refused<H: Host>(
    failure: Failure,
    doing: &str,
    client: &Client<'_, H>,
    settings: &Settings,
    before: Stage,
) -> Error {
    let mut error = client.error(failure, doing);
    if before != Stage::Unanswered {
        return error;
    }
    error.code = Code::OutcomeUnknown;
    let message = format!(
        "{}. An earlier try got no clear answer, and no run of it was seen: whether it happened is unknown",
        error.message.trim_end_matches('.')
    );
    error.message(message).hint(where_to_look(settings))
}

/// Says what is about to be dispatched.
async fn announce<H: Host>(host: &H, settings: &Settings, target: &Target, id_input: Option<&str>) {
    host.report(dispatching(settings, target, id_input));
    if settings.by == By::Program {
        // It may take that for its last chance to abort, which is heard where this waits.
        host.sleep(Duration::ZERO).await;
    }
}

fn dispatching(settings: &Settings, target: &Target, id_input: Option<&str>) -> Event {
    Event::Dispatching {
        repository: settings.repository.to_string(),
        workflow: settings.workflow.to_string(),
        r#ref: target.git_ref.to_string(),
        inputs: settings
            .workflow_inputs
            .iter()
            .map(|(name, _)| name.clone())
            .chain(id_input.map(str::to_owned))
            .collect(),
    }
}

/// The ref as a tag's, where a dispatch was refused as there is no branch of that name.
fn tag_instead<H: Host>(
    client: &Client<'_, H>,
    git_ref: &GitRef,
    refusal: &Refusal,
) -> Option<GitRef> {
    let words = client.family().refuses_bare_tag?;
    let is_unknown = refusal.status == 404 && refusal.message.starts_with(words);
    is_unknown.then(|| git_ref.as_tag()).flatten()
}

/// Whether a dispatch was refused for the distinct ID's input and for nothing
/// else: `Unexpected inputs provided: ["distinct_id"]`.
fn is_undeclared(refusal: &Refusal, input: &str) -> bool {
    let Some((_, names)) = refusal.message.split_once("Unexpected inputs provided:") else {
        return false;
    };
    refusal.status == 422
        && serde_json::Deserializer::from_str(names)
            .into_iter::<Vec<String>>()
            .next()
            .is_some_and(|names| names.is_ok_and(|names| names == [input]))
}

/// The error where the run would have to be found by an ID that the receiver does not
/// take.
#[must_use]
pub fn receiver_unprepared(input: &str) -> Error {
    Error::new(
        Code::ReceiverUnprepared,
        format!(
            "Nothing was dispatched: this server does not return run IDs, so the run has to be found by its \
             distinct ID, but the receiver does not declare the input {input}"
        ),
    )
    .hint(add_to_receiver(input))
}

fn add_to_receiver(input: &str) -> String {
    format!(
        "Add to the receiver: under on.workflow_dispatch.inputs \"{input}: {{ required: false }}\", and a first \
         step \"- {{ run: echo \"$ID\", env: {{ ID: \"${{{{ inputs.{input} }}}}\" }} }}\" (or show it in run-name)."
    )
}

fn too_little_time(settings: &Settings) -> Error {
    let seconds = Seconds(settings.timeout);
    Error::new(
        Code::ReceiverUnprepared,
        format!(
            "Nothing was dispatched: this server does not return run IDs, and another call may have the same \
             \u{1}distinct_id, so that finding the run takes more than two minutes, which {seconds} s do not leave"
        ),
    )
    .hint("Leave \u{1}distinct_id out, and a unique one is generated; or raise \u{1}workflow_timeout_seconds.")
}

fn no_id_on_an_older_server(settings: &Settings) -> Error {
    let (why, hint) = match &settings.distinct_id_input {
        None => (
            "\u{1}distinct_id_input is empty".to_owned(),
            "Set \u{1}distinct_id_input to the receiver's input that takes the ID.".to_owned(),
        ),
        Some(input) => (
            format!("the {MOST_INPUTS} \u{1}workflow_inputs leave no room for {input}"),
            "Combine some of them into one, for example as JSON.".to_owned(),
        ),
    };
    Error::new(
        Code::ReceiverUnprepared,
        format!(
            "Nothing was dispatched: this server does not return run IDs, so the run has to be found by its \
             distinct ID, but {why}"
        ),
    )
    .hint(hint)
}

fn dispatched_without_id(settings: &Settings) -> Error {
    let add = settings
        .distinct_id_input
        .as_deref()
        .map_or_else(String::new, add_to_receiver);
    Error::new(
        Code::NotIdentified,
        "Dispatched, but the server did not name the run and no distinct ID was sent to find it by; guessing could \
         name somebody else's run",
    )
    .hint(format!("{add} {}", where_to_look(settings)).trim())
}

fn large_id(settings: &Settings, id: u64) -> Error {
    let message = format!(
        "Dispatched, but the ID of the run, {id}, is not below 2^53, where JavaScript loses digits: it could name another run"
    );
    Error::new(Code::NotIdentified, message).hint(where_to_look(settings))
}

fn outcome_unknown(settings: &Settings, failure: Failure) -> Error {
    let message = format!(
        "The dispatch got no clear answer ({failure}) and no distinct ID was sent to find its run by: whether it \
         happened is unknown"
    );
    let mut error = Error::new(Code::OutcomeUnknown, message).hint(where_to_look(settings));
    match failure {
        Failure::Transport(cause) => error.cause = Some(*cause),
        Failure::Refused(refusal) => error.status = Some(refusal.status),
        Failure::TooSlow | Failure::Astray(_) | Failure::Malformed(_) | Failure::TooLarge(_) => {}
    }
    error
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_distinct_id_s_input_leads_down_the_ladder() {
        let undeclared = |status, message: &str| {
            let refusal = Refusal {
                status,
                message: message.to_owned(),
                permissions: None,
                rate_limited: false,
                wait: None,
                is_final: false,
                is_own: true,
                sso: None,
            };
            is_undeclared(&refusal, "distinct_id")
        };
        assert!(undeclared(
            422,
            r#"Unexpected inputs provided: ["distinct_id"]"#
        ));
        assert!(undeclared(
            422,
            r#"Unexpected inputs provided: ["distinct_id"] - see the docs"#
        ));
        assert!(!undeclared(
            422,
            r#"Unexpected inputs provided: ["foo", "distinct_id"]"#
        ));
        assert!(!undeclared(
            422,
            r#"Unexpected inputs provided: ["distinct_id2"]"#
        ));
        assert!(!undeclared(422, "Unexpected inputs provided: distinct_id"));
        assert!(!undeclared(
            422,
            "Required input 'distinct_id' not provided"
        ));
        assert!(!undeclared(
            400,
            r#"Unexpected inputs provided: ["distinct_id"]"#
        ));
    }
}
