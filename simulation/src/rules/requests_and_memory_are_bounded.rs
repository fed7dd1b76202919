//! A call sends no more requests than its time, the other runs and their jobs explain, reads no more
//! bytes than these requests can bring, and holds no more memory than a page of runs, what it
//! remembers of each, and a few logs on their way.

use std::time::Duration;

use crate::story::{Call, Story};

/// Attempts at one log: ever fewer at first, then one each half minute.
const ATTEMPTS: usize = 14;
const BETWEEN_ATTEMPTS: u64 = 30;
const BETWEEN_EVIDENCE: u64 = 10;
/// How long a `post` step may look for a run that was not found in time.
const POST: Duration = Duration::from_mins(3);
/// Dispatches, their lookups, cancellations, and what repeats them.
const BESIDES: usize = 60;
/// A page of a hundred runs has less than this, in bytes; so has every log in the simulation.
const LARGEST_ANSWER: usize = 2 << 20;
/// What a call holds in any case, with its small answers and pieces of logs, in bytes.
const BASE: usize = 256 << 10;
/// A run has some 12 kB on a page, twice that while the page grows.
const A_RUN_ON_A_PAGE: usize = 32 << 10;
/// What is remembered of a run, and of each of its jobs with its steps.
const REMEMBERED: usize = 4 << 10;
/// Logs and archives that are read at once.
const READ_AT_ONCE: usize = 8;

pub(super) fn check(story: &Story) -> Result<(), String> {
    for call in &story.calls {
        let allowed = most_requests(story, call) + most_requests_of_a_wait(story, call);
        let sent = story.exchanges_of(call);
        let sent = sent.filter(|exchange| story.is_api(&exchange.url)).count();
        if sent > allowed {
            return Err(format!(
                "call {} sent {sent} requests to the API; {allowed} are explained",
                call.number()
            ));
        }
        if call.received > 2 * allowed * LARGEST_ANSWER {
            return Err(format!(
                "call {} read {} bytes",
                call.number(),
                call.received
            ));
        }
        let most = most_memory(story, call);
        if call.most_held > most {
            return Err(format!(
                "call {} held {} bytes at once; {most} are explained",
                call.number(),
                call.most_held
            ));
        }
        let largest = story.requests.iter().map(|request| request.bytes).max();
        if largest.is_some_and(|bytes| bytes > LARGEST_ANSWER) {
            return Err(format!("an answer had {largest:?} bytes"));
        }
    }
    Ok(())
}

/// A page is read as a whole into memory that grows by doubling, and so are archives; the newest runs
/// of all workflows are a page of their own. Of each run and each job something is remembered. Other
/// logs go by in pieces.
fn most_memory(story: &Story, call: &Call) -> usize {
    let runs = candidates(story, call);
    let jobs = story.plan.receiver.jobs + 2;
    let mut sent = story.exchanges_of(call);
    let asks_for_all = sent.any(|exchange| exchange.url.contains("/actions/runs?"));
    let of_all = if asks_for_all { story.runs.len() } else { 0 };
    BASE + A_RUN_ON_A_PAGE * (runs.min(100) + of_all.min(30))
        + REMEMBERED * runs * (1 + jobs)
        + 2 * READ_AT_ONCE * story.plan.receiver.padding
}

/// Runs that a list may have.
fn candidates(story: &Story, call: &Call) -> usize {
    story
        .runs
        .iter()
        .filter(|run| run.created_at + Duration::from_mins(1) >= call.began)
        .filter(|run| run.workflow == crate::plan::FILE)
        .count()
}

/// Each look reads the pages and the jobs of every run that may show something new; each log is
/// read once, and attempted a few times, where it is there when its job has ended.
fn most_requests(story: &Story, call: &Call) -> usize {
    let candidates = candidates(story, call);
    let jobs = story.plan.receiver.jobs + 2;
    let (page, logs) = if story.plan.is_on_gitea() {
        // A log is read on as long as its job runs.
        (50, candidates * (jobs + 1))
    } else {
        (100, 0)
    };
    let a_look = candidates / page + 1 + candidates + logs;
    let time = call.ended.saturating_sub(call.began);
    let late = usize::try_from(time.as_secs() / BETWEEN_ATTEMPTS).unwrap_or(usize::MAX);
    let later = match (&call.result, &call.post) {
        (Err(_), Some(_)) => {
            looks(call, POST) * a_look + candidates * (jobs + 1) * ATTEMPTS + 3 * 120 + BESIDES
        }
        _ => 0,
    };
    // After an unclear dispatch the newest runs of all workflows show whether lists are current.
    let evidence = usize::try_from(time.as_secs() / BETWEEN_EVIDENCE).unwrap_or(usize::MAX);
    looks_after_each_dispatch(story, call) * a_look
        + evidence
        + candidates * (jobs + 1) * (ATTEMPTS + late)
        + BESIDES
        + later
}

/// Each look at the run may read its jobs and what it waits for; in the end all logs, and an archive.
/// While a run is cancelled it is looked at each second, for two minutes at most, and as long
/// again by its `post` step.
fn most_requests_of_a_wait(story: &Story, call: &Call) -> usize {
    let (Some(waits), Some(waited)) = (&call.program.waits, &call.waited) else {
        return 0;
    };
    let jobs = story.plan.receiver.jobs + 5;
    let time = waited.ended.saturating_sub(call.ended);
    let looks = match waits.interval {
        Some(interval) => time.as_secs() / interval + 1,
        // Twice: what fails is tried again.
        None => 2 * (time.as_secs() / 2).min(40 + time.as_secs() / 30 + 60) + 2,
    };
    let looks = usize::try_from(looks).unwrap_or(usize::MAX);
    3 * looks + 2 * jobs * (ATTEMPTS + 2) + 2 * 3 * 120 + BESIDES
}

/// A search begins anew with each dispatch.
fn looks_after_each_dispatch(story: &Story, call: &Call) -> usize {
    let mut moments: Vec<Duration> = story
        .exchanges_of(call)
        .filter(|exchange| exchange.is_dispatch())
        .map(|exchange| exchange.sent)
        .collect();
    moments.insert(0, call.began);
    moments.push(call.ended);
    let spans = moments.windows(2);
    spans
        .map(|span| looks(call, span[1].saturating_sub(span[0])))
        .sum()
}

/// How often a search looks in this time: twice a second at first, every twentieth of the time
/// waited later, every ten seconds in the end; or as often as it is told to.
fn looks(call: &Call, time: Duration) -> usize {
    let interval = call.program.waits.as_ref().and_then(|waits| waits.interval);
    let (least, most) = match interval {
        Some(seconds) => (Duration::from_secs(seconds), Duration::from_secs(seconds)),
        None => (Duration::from_millis(500), Duration::from_secs(10)),
    };
    let mut at = Duration::ZERO;
    let mut looks = 1;
    while at < time {
        at += (at / 20).clamp(least, most);
        looks += 1;
    }
    looks
}
