//! Where the server becomes well and enough time is left, the run is found. The exceptions, each a
//! function, are the cases in which no program could know which run is its own.

use std::time::Duration;

use simulator::{Effect, RunFacts};

use crate::exchange::Exchange;
use crate::plan::{FILE, PassesOn, Shown};
use crate::story::{Call, Story};

/// How long a program looks for what an indeterminate dispatch may have created.
const SETTLING: Duration = Duration::from_mins(1);
/// How long a program waits for one answer.
const PATIENCE: Duration = Duration::from_secs(30);
/// The longest pause between looks.
const PAUSE: Duration = Duration::from_secs(10);
/// For so long, a list that is needed before a dispatch may not be there.
const LISTED_WITHIN: Duration = Duration::from_secs(45);
/// GitHub's wait where a server does not say how long, doubled each time.
const UNKNOWN_WAIT: Duration = Duration::from_mins(1);

type Exception = fn(&Story, &Call) -> bool;

const EXCEPTIONS: [(&str, Exception); 10] = [
    ("it was cancelled", it_was_cancelled),
    ("the ID is to be seen nowhere", the_id_is_to_be_seen_nowhere),
    (
        "a supplied ID proves too little",
        a_supplied_id_proves_too_little,
    ),
    (
        "an unclear dispatch may have run",
        an_unclear_dispatch_may_have_run,
    ),
    (
        "nothing shows that lists are current",
        nothing_shows_that_lists_are_current,
    ),
    ("a retry came late", a_retry_came_late),
    ("the ID is passed on in doubt", the_id_is_passed_on_in_doubt),
    ("a run is deleted", a_run_is_deleted),
    ("the server said no", the_server_said_no),
    ("the limit lasts an hour", the_limit_lasts_an_hour),
];

/// How a call ended, as far as this rule is concerned.
pub fn ending(story: &Story, call: &Call) -> &'static str {
    if call.result.is_ok() {
        return "found";
    }
    let excused = EXCEPTIONS
        .iter()
        .find(|(_, exception)| exception(story, call));
    match (excused, story.plan.well_at) {
        (Some((name, _)), _) => name,
        (None, None) => "faults never end",
        (None, Some(well_at)) if !has_time(story, call, well_at) => "too little time",
        (None, Some(_)) => "not found",
    }
}

pub(super) fn check(story: &Story) -> Result<(), String> {
    for call in &story.calls {
        if let (Err(error), Some(well_at), "not found") =
            (&call.result, story.plan.well_at, ending(story, call))
        {
            return Err(format!(
                "all was well at {well_at:?}, call {} was asked to wait until {:?}, needed {:?} from there and had \
                 until {:?}, but ended at {:?} with {}: {error}",
                call.number(),
                resumes(story, call, well_at),
                needed(story, call),
                call.deadline(),
                call.ended,
                error.code.as_str(),
            ));
        }
    }
    Ok(())
}

fn has_time(story: &Story, call: &Call, well_at: Duration) -> bool {
    resumes(story, call, well_at).saturating_add(needed(story, call)) <= call.deadline()
}

/// When a call can go on: the server is well, and every wait that it asked for is over.
fn resumes(story: &Story, call: &Call, well_at: Duration) -> Duration {
    let mut resumes = well_at.max(call.began);
    let mut unknown = UNKNOWN_WAIT;
    for exchange in story.exchanges_of(call) {
        let Some(at) = exchange.answered else {
            continue;
        };
        if let Some(wait) = exchange.asked_wait {
            resumes = resumes.max(at.saturating_add(wait));
        } else if exchange.is_limited() {
            resumes = resumes.max(at.saturating_add(unknown));
            unknown = unknown.saturating_mul(2);
        }
    }
    resumes
}

/// How long a call takes from there, at most.
fn needed(story: &Story, call: &Call) -> Duration {
    let plan = &story.plan;
    let crowd = plan.crowd();
    // An earlier run may have dispatched what shows the ID: until those of the same moment are past
    // the place where it stands, nothing is certain.
    let reruns = plan.scenario.reruns.iter();
    let again: f64 = reruns
        .map(|rerun| rerun.after + plan.receiver.course())
        .sum();
    let course = plan.receiver.course()
        + 2.0 * (plan.receiver.listing_delay + plan.scenario.lists_lag)
        + long_look(story, call)
        + crowd.spread_seconds
        + again;
    let runs = u32::try_from(story.runs.len()).unwrap_or(u32::MAX);
    let jobs = u32::try_from(plan.receiver.jobs).unwrap_or(0) + 2;
    // Lists, jobs, and logs with their redirects, eight at once.
    let round_trip = 2 * call.program.view.latency.1 + Duration::from_millis(20);
    let reading = round_trip * (10 + runs * (1 + 2 * jobs) / 4);
    let unclear = story.exchanges_of(call).any(is_unclear);
    let settling = if unclear { SETTLING } else { Duration::ZERO };
    PATIENCE
        + settling
        + acts_after(story)
        + Duration::from_secs_f64(course)
        + 2 * PAUSE
        + 2 * reading
}

/// How long after its request a dispatch is acted upon, at most.
fn acts_after(story: &Story) -> Duration {
    let faults = story.plan.scenario.faults.iter();
    let seconds = faults.map(|fault| fault.acts_after).fold(0.0, f64::max);
    Duration::from_secs_f64(seconds)
}

/// Seconds for which other calls' runs are looked for that share a supplied ID: as long again as it took
/// until lists could be read.
fn long_look(story: &Story, call: &Call) -> f64 {
    let plan = &story.plan;
    if call.program.distinct_id.is_none() || plan.returns_run_ids() {
        return 0.0;
    }
    let well_at = plan.well_at.unwrap_or_default();
    let readable_after = resumes(story, call, well_at).saturating_sub(call.began);
    130.0 + readable_after.as_secs_f64() + plan.receiver.course()
}

fn is_unclear(exchange: &Exchange) -> bool {
    exchange.is_dispatch() && !exchange.is_clear()
}

fn has_not_dispatched(story: &Story, call: &Call) -> bool {
    story.runs_of(call).next().is_none()
}

/// The call has no clear answer to one of its dispatches.
fn has_unclear_dispatch(story: &Story, call: &Call) -> bool {
    story.exchanges_of(call).any(is_unclear)
}

/// What is cancelled need not find anything any more.
fn it_was_cancelled(_: &Story, call: &Call) -> bool {
    call.cancelled().is_some()
}

/// A server that does not return run IDs leaves nothing but the ID to find a run by. Where that is
/// not sent, not declared or not shown, there is nothing to see.
fn the_id_is_to_be_seen_nowhere(story: &Story, call: &Call) -> bool {
    let shown = call.program.sends_id && story.plan.receiver.shows_its_id();
    !shown && !story.plan.returns_run_ids()
}

/// Two runs that show a supplied ID may belong to two calls; and after an unclear answer a run that
/// shows it may be another call's, of which this one knows nothing. Where secrets are masked in it, no run is known by it.
fn a_supplied_id_proves_too_little(story: &Story, call: &Call) -> bool {
    call.program.distinct_id.is_some()
        && (has_unclear_dispatch(story, call)
            || story.plan.shares_its_id(&call.program) && !story.plan.returns_run_ids()
            // By a `Date` that is wrong, older runs look like this call's, or this call's like an older one.
            || date_may_be_wrong(story) && !story.plan.returns_run_ids()
            || story.plan.receiver.passes_on == PassesOn::ToItself && !story.plan.returns_run_ids()
            || story.plan.receiver.secret.is_some() && !story.plan.returns_run_ids())
}

/// Whether `Date` may be seconds away from what a run is stamped with.
fn date_may_be_wrong(story: &Story) -> bool {
    let scenario = &story.plan.scenario;
    scenario.front_end_ahead.abs() + scenario.clocks_differ_by + scenario.stamps_differ_by > 1.0
}

/// While a run is in sight that may be what an unclear dispatch created, another
/// dispatch might run the workflow twice. Only a title that shows the ID of another call tells them
/// apart; on Gitea a single one does not, which may be that of the commit.
fn an_unclear_dispatch_may_have_run(story: &Story, call: &Call) -> bool {
    let receiver = &story.plan.receiver;
    let shown = call.program.sends_id && receiver.shows_its_id();
    let is_told_apart = |run: &RunFacts| {
        let mut programs = story.plan.programs.iter();
        let its = programs.find(|program| run.client == Some(program.view.number));
        receiver.shown == Shown::InTitle
            && receiver.declares
            && !story.plan.is_on_gitea()
            && its.is_some_and(|its| its.sends_id && its.distinct_id.is_none())
    };
    let others = || {
        let mut runs = story.runs.iter();
        runs.any(|run| {
            run.workflow == FILE && run.client != Some(call.number()) && !is_told_apart(run)
        })
    };
    has_unclear_dispatch(story, call) && (!shown || others())
}

/// A dispatch that came to nothing is retried only if a run that is newer shows that lists are current, by
/// the clocks that there are.
fn nothing_shows_that_lists_are_current(story: &Story, call: &Call) -> bool {
    if story.runs_of(call).next().is_some() {
        return false;
    }
    let scenario = &story.plan.scenario;
    let lag = Duration::from_secs_f64(scenario.lists_lag + story.plan.receiver.listing_delay);
    let is_newer = |exchange: &Exchange| {
        let ended = exchange.answered.unwrap_or(exchange.sent + PATIENCE);
        let mut runs = story.runs.iter();
        runs.any(|run| {
            run.client != Some(call.number())
                && run.created_at > ended + Duration::from_secs(6)
                && run.created_at + lag + 2 * SETTLING < call.deadline()
        })
    };
    let mut unclear = story.exchanges_of(call).filter(|one| is_unclear(one));
    // Two seconds prove that `Date` is behind, and then it is no evidence.
    let clocks_agree = scenario.front_end_ahead == 0.0
        && scenario.clocks_differ_by + scenario.stamps_differ_by < 1.5;
    unclear.any(|exchange| !clocks_agree || !is_newer(exchange))
}

/// Lists have to come to show the run of a retry. Where no answer names it, it takes as long
/// again as the first took to know that they do: until then, the run that is found may be that of either
/// dispatch.
fn a_retry_came_late(story: &Story, call: &Call) -> bool {
    let dispatches = story
        .exchanges_of(call)
        .filter(|exchange| exchange.is_dispatch() && exchange.status != 400);
    let sent: Vec<&Exchange> = dispatches.collect();
    let (Some(first), Some(latest)) = (sent.first(), sent.last()) else {
        return false;
    };
    // What got no clear answer may be acted upon for as long as it settles, or longer.
    let settling = if is_unclear(latest) {
        SETTLING.max(acts_after(story))
    } else {
        Duration::ZERO
    };
    let (first, last) = (&first.sent, &latest.sent);
    let lag =
        Duration::from_secs_f64(story.plan.receiver.listing_delay + story.plan.scenario.lists_lag);
    let is_named = story.plan.returns_run_ids() && !is_unclear(latest);
    let known = if is_named {
        *last + lag + PAUSE + PATIENCE
    } else {
        *first + 2 * last.saturating_sub(*first) + settling + 2 * lag + 3 * PAUSE + PATIENCE
    };
    last > first && known > call.deadline()
}

/// Where a receiver passes the ID on to its own workflow, a second run that shows it may be what a
/// repeated dispatch created, or the child of the first: to cancel it might stop what is wanted, and
/// to leave it might run the workflow twice. After a clear answer the earliest of them is the one.
fn the_id_is_passed_on_in_doubt(story: &Story, call: &Call) -> bool {
    story.plan.receiver.passes_on == PassesOn::ToItself && has_unclear_dispatch(story, call)
}

/// What is deleted cannot be found; and what another call's run showed, before it was deleted, stays
/// in question.
fn a_run_is_deleted(story: &Story, call: &Call) -> bool {
    let mut own = story.runs_of(call);
    let is_deleted = |run: &RunFacts| run.deleted_at.is_some_and(|at| at < call.ended);
    own.any(|run| run.deleted_at.is_some())
        || !story.plan.returns_run_ids() && story.runs.iter().any(is_deleted)
}

/// A refusal for a reason (the token, a name, a setting) is an answer, and to report it is right.
/// A 404 to a read may mean that something is not there yet.
fn the_server_said_no(story: &Story, call: &Call) -> bool {
    let mut struck = story
        .exchanges_of(call)
        .filter(|exchange| exchange.fault.is_some() && story.is_api(&exchange.url));
    struck.any(|exchange| {
        let waits = exchange.asked_wait.is_some() || is_unexplained_limit(story, exchange);
        match exchange.status {
            408 | 425 | 429 => false,
            403 => !waits,
            404 => {
                exchange.method == "POST"
                    || !exchange.url.contains("/runs")
                    // Before a dispatch, it is not asked for longer.
                    || exchange.sent >= call.began + LISTED_WITHIN && has_not_dispatched(story, call)
            }
            400..500 => true,
            _ => false,
        }
    })
}

/// Whether an answer is one of too many requests that does not say how long to wait.
fn is_unexplained_limit(story: &Story, exchange: &Exchange) -> bool {
    let fault = exchange
        .fault
        .and_then(|index| story.plan.scenario.faults.get(index));
    fault.is_some_and(|fault| matches!(fault.effect, Effect::Limited { .. }))
}

/// A primary limit is reset after an hour, which no call waits for.
fn the_limit_lasts_an_hour(story: &Story, call: &Call) -> bool {
    story
        .exchanges_of(call)
        .any(|exchange| exchange.fault.is_none() && exchange.is_limited())
}
