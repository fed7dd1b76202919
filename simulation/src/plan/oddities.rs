//! Answers that are odd, and say nothing final: tokens that are denied for some seconds although they are valid,
//! conclusions that are null at first, lists that fall behind, stores of logs that keep silent; both spellings of names
//! in archives; and secrets that stand in IDs. Some of the worlds, drawn apart from the rest, which stays what a seed
//! stood for before.

use std::time::Duration;

use simulator::{ArchiveNames, Denial, Effect, Fault};

use super::Plan;
use crate::chance::Chance;

const OFTEN_DENIED: f64 = 0.05;
const OFTEN_LATE: f64 = 0.05;
const OFTEN_BEHIND: f64 = 0.05;
const OFTEN_SILENT: f64 = 0.04;
const OFTEN_SECRET: f64 = 0.05;

/// Secrets that nearly all generated IDs contain, or most, or some. No line of the receiver contains one otherwise.
const SECRETS: [&str; 8] = ["b", "d", "f", "ab", "ce", "-4", "fed", "d-"];

/// A program retries for a second longer than this.
const LONGEST: f64 = 4.0;

/// How long a conclusion is null, at most: less than a program waits for it.
const LONGEST_LAG: f64 = 40.0;

pub(super) fn draw(plan: &mut Plan) {
    let mut chance = Chance::seeded(plan.seed ^ 0x6465_6e69_616c_7321);
    if chance.with(OFTEN_DENIED) {
        deny(&mut chance, plan);
    }
    let mut chance = Chance::seeded(plan.seed ^ 0x7370_656c_6c69_6e67);
    if chance.with(0.5) {
        plan.scenario.archive_names = ArchiveNames::Removed;
    }
    let mut chance = Chance::seeded(plan.seed ^ 0x6672_6565_7a65_2121);
    if chance.with(OFTEN_BEHIND) {
        fall_behind(&mut chance, plan);
    }
    let mut chance = Chance::seeded(plan.seed ^ 0x7369_6c65_6e74_2121);
    if chance.with(OFTEN_SILENT) {
        silence(&mut chance, plan);
    }
    let mut chance = Chance::seeded(plan.seed ^ 0x7365_6372_6574_2121);
    if chance.with(OFTEN_SECRET) {
        plan.receiver.secret = Some(chance.one_of(&SECRETS));
    }
    let mut chance = Chance::seeded(plan.seed ^ 0x636f_6e63_6c75_6465);
    if !plan.is_on_gitea() && chance.with(OFTEN_LATE) {
        let most = chance.one_of(&[1.0, 10.0, LONGEST_LAG]);
        plan.scenario.conclusions_lag = chance.between(0.0, most);
    }
}

/// The store of logs keeps silent, or drips, for long.
fn silence(chance: &mut Chance, plan: &mut Plan) {
    let effect = if chance.with(0.5) {
        Effect::NoAnswer
    } else {
        Effect::Trickle {
            seconds: chance.between(20.0, 2_000.0),
        }
    };
    let from = chance.between(0.0, 60.0);
    let until = from + chance.between(10.0, 600.0);
    for path in ["logs.txt", "logs.zip", "/actions/jobs/"] {
        let fault = Fault::on("GET", path, effect.clone()).times(None);
        plan.scenario.faults.push(fault.between(from, until));
    }
    plan.well_at = plan
        .well_at
        .map(|well_at| well_at.max(Duration::from_secs_f64(until)));
}

/// The replica that lists are read from falls behind, for a while.
fn fall_behind(chance: &mut Chance, plan: &mut Plan) {
    let from = chance.between(0.0, 100.0);
    let most = chance.one_of(&[10.0, 60.0, 300.0]);
    let until = from + chance.between(0.0, most);
    // It stands still, or follows more slowly than things happen.
    let by = if chance.with(0.5) {
        1.0
    } else {
        chance.between(0.05, 1.0)
    };
    let behind = Fault::on("GET", "/runs?", Effect::FallsBehind { by }).times(None);
    plan.scenario.faults.push(behind.between(from, until));
    plan.well_at = plan
        .well_at
        .map(|well_at| well_at.max(Duration::from_secs_f64(until)));
}

fn deny(chance: &mut Chance, plan: &mut Plan) {
    let is_fresh = chance.with(0.4);
    let from = match chance.whole(0, 2) {
        _ if is_fresh => 0.0,
        0 => chance.between(0.0, 5.0),
        1 => chance.between(0.0, 60.0),
        _ => chance.between(0.0, 600.0),
    };
    let until = from + chance.between(0.2, LONGEST);
    // A 404 stands for a denial only where the token has never been accepted.
    let status = match chance.whole(0, 2) {
        0 if is_fresh => 404,
        1 => 403,
        _ => 401,
    };
    for token in &mut plan.scenario.tokens {
        token.denials.push(Denial {
            status,
            from,
            until: Some(until),
        });
    }
    plan.well_at = plan
        .well_at
        .map(|well_at| well_at.max(Duration::from_secs_f64(until)));
}
