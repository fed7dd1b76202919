//! What goes wrong, and when it ends.

use std::collections::BTreeMap;
use std::time::Duration;

use simulator::{Asks, Disorder, Effect, Fault, Scenario};

use super::Receiver;
use crate::chance::Chance;

/// Seconds after which the run of a lost dispatch shows in lists at the latest, unless these are old.
const MOST_LATE: f64 = 35.0;

/// Draws the faults of a scenario. When the last of them ends; none: never.
pub(super) fn draw(
    chance: &mut Chance,
    receiver: &Receiver,
    scenario: &mut Scenario,
) -> Option<Duration> {
    let number = match chance.whole(0, 99) {
        0..35 => 0,
        35..65 => 1,
        65..90 => chance.count(2, 3),
        _ => chance.count(4, 8),
    };
    let forever = chance.with(0.15);
    let mut well_at = Duration::ZERO;
    for _ in 0..number {
        let fault = if chance.with(0.45) {
            at_dispatch(chance, receiver)
        } else {
            at_reading(chance)
        };
        let from = if chance.with(0.6) {
            0.0
        } else {
            chance.between(0.0, 30.0)
        };
        let lasts = if chance.with(0.8) {
            chance.between(0.0, 30.0)
        } else {
            chance.between(30.0, 120.0)
        };
        let mut fault = fault.after(u32::try_from(chance.whole(0, 2)).unwrap_or(0));
        let times = u32::try_from(chance.whole(1, 4)).unwrap_or(1);
        fault.times = chance.with(0.6).then_some(times);
        fault.from = from;
        if !forever {
            fault.until = Some(from + lasts);
            well_at = well_at.max(Duration::from_secs_f64(from + lasts));
        }
        scenario.faults.push(fault);
    }
    (!forever || number == 0).then_some(well_at)
}

fn at_dispatch(chance: &mut Chance, receiver: &Receiver) -> Fault {
    let effect = match chance.whole(0, 99) {
        0..10 => Effect::Refused,
        10..30 => Effect::Reset,
        30..45 => Effect::NoAnswer,
        45..70 => failure(chance),
        70..85 => limited(chance),
        85..90 => Effect::Cut {
            after_bytes: chance.count(0, 40),
        },
        90..94 => Effect::Stall {
            after_bytes: chance.count(0, 40),
        },
        94..97 => Effect::Late {
            seconds: chance.between(0.1, 45.0),
        },
        _ => refusal(chance),
    };
    // What says that nothing happened does not lie.
    let is_unclear = match &effect {
        Effect::Reset | Effect::NoAnswer => true,
        Effect::Answer { status, .. } | Effect::Limited { status, .. } => *status >= 500,
        _ => false,
    };
    let fault = Fault::on("POST", "/dispatches", effect);
    match chance.whole(0, 9) {
        0..5 if is_unclear => fault.acting(),
        5..7 if is_unclear => {
            // Together with what lists lag by, and with lists that are old, less than a program
            // waits for a run to appear.
            let most = f64::max(0.0, MOST_LATE - receiver.listing_delay);
            fault.acting_after(chance.between(0.0, most))
        }
        _ => fault,
    }
}

fn at_reading(chance: &mut Chance) -> Fault {
    let paths = [
        "",
        "/runs?",
        "/jobs?",
        "/logs",
        "/actions/jobs/",
        "logs.txt",
        "logs.zip",
    ];
    at_reading_of(chance, &paths)
}

/// What goes wrong with a request to cancel.
pub(super) fn at_cancelling(chance: &mut Chance) -> Effect {
    match chance.whole(0, 9) {
        0 => Effect::Refused,
        1..4 => Effect::Reset,
        4..6 => Effect::NoAnswer,
        6..8 => failure(chance),
        8 => limited(chance),
        _ => Effect::problem(403, "Resource not accessible by integration"),
    }
}

/// What goes wrong with reading one of these.
pub(super) fn at_reading_of(chance: &mut Chance, paths: &[&'static str]) -> Fault {
    let path = chance.one_of(paths);
    let effect = match chance.whole(0, 99) {
        0..5 => Effect::Refused,
        5..12 => Effect::Reset,
        12..18 => Effect::NoAnswer,
        18..32 => failure(chance),
        32..42 => limited(chance),
        42..50 => Effect::Cut {
            after_bytes: chance.count(0, 3_000),
        },
        50..54 => Effect::Stall {
            after_bytes: chance.count(0, 3_000),
        },
        54..62 => Effect::Late {
            seconds: chance.between(0.1, 45.0),
        },
        62..70 => Effect::Trickle {
            seconds: chance.between(0.1, 45.0),
        },
        70..83 => Effect::Stale {
            seconds: chance.between(0.0, 20.0),
        },
        83..98 => Effect::Disorder {
            how: chance.one_of(&[Disorder::Duplicated, Disorder::Reordered, Disorder::Missing]),
        },
        _ => refusal(chance),
    };
    Fault::on("GET", path, effect)
}

/// The server is broken, or something in front of it is.
fn failure(chance: &mut Chance) -> Effect {
    let status = chance.one_of(&[500, 502, 503, 504, 408]);
    if chance.with(0.5) {
        Effect::problem(status, "Failed to run workflow dispatch")
    } else {
        answer(status, "<html><body>Bad gateway</body></html>")
    }
}

/// A no for a reason.
fn refusal(chance: &mut Chance) -> Effect {
    match chance.whole(0, 3) {
        0 => Effect::problem(401, "Bad credentials"),
        1 => Effect::problem(403, "Resource not accessible by integration"),
        2 => Effect::problem(404, "Not Found"),
        _ => Effect::problem(422, "Workflow does not have 'workflow_dispatch' trigger"),
    }
}

fn limited(chance: &mut Chance) -> Effect {
    let seconds = u32::try_from(match chance.whole(0, 9) {
        0..6 => chance.whole(0, 10),
        6..9 => chance.whole(10, 60),
        _ => chance.whole(60, 300),
    })
    .unwrap_or(60);
    let (status, asks) = match chance.whole(0, 9) {
        0..4 => (chance.one_of(&[403, 429]), Some(Asks::Seconds { seconds })),
        4..6 => (chance.one_of(&[403, 429]), Some(Asks::Date { seconds })),
        6..8 => (chance.one_of(&[403, 429]), Some(Asks::Reset { seconds })),
        8 => (503, Some(Asks::Seconds { seconds })),
        _ => (chance.one_of(&[403, 429]), None),
    };
    Effect::Limited { status, asks }
}

fn answer(status: u16, body: &str) -> Effect {
    Effect::Answer {
        status,
        headers: BTreeMap::new(),
        body: body.into(),
    }
}
