//! Who waits for their runs, what these go through meanwhile, and what goes wrong then.
//!
//! All of it is drawn apart from the rest, which stays what a seed stood for before.

use std::time::Duration;

use simulator::{Conclusion, Concurrency, Effect, Environment, Fault, Rerun};

use super::receiver::Life;
use super::{Plan, faults};
use crate::chance::Chance;

/// How a program waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waits {
    /// `wait_timeout_seconds`; none: without a limit.
    pub timeout: Option<u64>,
    /// `cancel_on_timeout`.
    pub cancel_on_timeout: bool,
    /// `cancel_on_cancel`.
    pub cancel_on_cancel: bool,
    /// `fail_on_unsuccessful`.
    pub fail_on_unsuccessful: bool,
    /// `logs`.
    pub logs: &'static str,
    /// `poll_interval_seconds`.
    pub interval: Option<u64>,
}

/// Nobody waits in the other worlds.
const OFTEN: f64 = 0.3;

pub(super) fn draw(plan: &mut Plan) {
    let mut chance = Chance::seeded(plan.seed ^ 0x7761_6974_696e_6721);
    let chance = &mut chance;
    if !chance.with(OFTEN) {
        return;
    }
    plan.receiver.life = life(chance, plan.titles_tell());
    plan.receiver.life.cleans_up = clean_up(&mut Chance::seeded(plan.seed ^ 0x636C_6561_6E21));
    plan.scenario.repositories[0].workflows = plan.receiver.workflows();
    let environment = plan.receiver.life.environment.as_ref();
    if environment.is_some_and(|environment| environment.approved_after.is_none()) {
        // What waits for ever is no history.
        plan.scenario.history = 0;
    }
    for program in &mut plan.programs {
        if chance.with(0.85) {
            program.waits = Some(waits(chance));
        }
        let is_endless = program
            .waits
            .as_ref()
            .is_some_and(|waits| waits.timeout.is_none());
        // A run may never end, so somebody has to.
        if is_endless || chance.with(0.3) {
            program.cancelled_after =
                Some(chance.milliseconds(0, if is_endless { 600_000 } else { 120_000 }));
        }
    }
    if chance.with(0.2) {
        plan.scenario.reruns.push(Rerun {
            run: chance.count(0, plan.programs.len()),
            after: chance.between(0.0, 40.0),
            ..Rerun::default()
        });
    }
    for _ in 0..chance.whole(0, 2) {
        if chance.with(0.6) {
            fault(chance, plan);
        }
    }
}

fn life(chance: &mut Chance, titles_tell: bool) -> Life {
    let mut life = Life {
        has_matrix: chance.with(0.3),
        ignores_cancel: chance.with(0.2),
        returns: chance.with(0.6),
        fails_at_first: chance.with(0.2),
        ..Life::default()
    };
    if chance.with(0.4) {
        life.cancelling_takes = Some(chance.between(0.0, 20.0));
    }
    // Where a run is only to be told by what its jobs show, these have to come to it.
    if !titles_tell {
        return life;
    }
    if chance.with(0.25) {
        let environment = Environment::new("production");
        let seconds = chance.between(0.0, 120.0);
        life.environment = Some(match chance.whole(0, 9) {
            0 => environment,
            1..3 => environment.rejected_after(seconds),
            _ => environment.approved_after(seconds),
        });
    }
    if chance.with(0.2) {
        let mut concurrency = Concurrency::group("deploy");
        concurrency.cancel_in_progress = chance.with(0.3);
        life.concurrency = Some(concurrency);
    }
    if chance.with(0.15) {
        life.conclusion = Some(chance.one_of(&[
            Conclusion::Failure,
            Conclusion::TimedOut,
            Conclusion::Neutral,
            Conclusion::Skipped,
            Conclusion::Stale,
            Conclusion::ActionRequired,
            Conclusion::StartupFailure,
        ]));
    }
    life
}

/// Some take longer than anybody has patience.
fn clean_up(chance: &mut Chance) -> Option<f64> {
    chance.with(0.25).then(|| chance.between(0.0, 300.0))
}

fn waits(chance: &mut Chance) -> Waits {
    Waits {
        timeout: chance.with(0.9).then(|| chance.whole(5, 900)),
        cancel_on_timeout: chance.with(0.5),
        cancel_on_cancel: chance.with(0.8),
        fail_on_unsuccessful: chance.with(0.7),
        logs: chance.one_of(&["none", "failed", "all"]),
        interval: chance.with(0.1).then(|| chance.whole(1, 20)),
    }
}

/// What goes wrong while somebody waits or cancels.
fn fault(chance: &mut Chance, plan: &mut Plan) {
    let mut fault = if chance.with(0.4) {
        let fault = Fault::on("POST", "cancel", faults::at_cancelling(chance));
        if chance.with(0.5) && is_unclear(&fault.effect) {
            fault.acting()
        } else {
            fault
        }
    } else {
        faults::at_reading_of(
            chance,
            &["", "/actions/runs/", "/jobs?", "/logs", "logs.txt"],
        )
    };
    let lasts = chance.between(0.0, 60.0);
    fault.from = chance.between(0.0, 200.0);
    fault.skip = u32::try_from(chance.whole(0, 2)).unwrap_or(0);
    fault.times = chance
        .with(0.6)
        .then(|| u32::try_from(chance.whole(1, 4)).unwrap_or(1));
    fault.until = Some(fault.from + lasts);
    let until = Duration::from_secs_f64(fault.from + lasts);
    plan.well_at = plan.well_at.map(|well_at| well_at.max(until));
    plan.scenario.faults.push(fault);
}

fn is_unclear(effect: &Effect) -> bool {
    match effect {
        Effect::Reset | Effect::NoAnswer => true,
        Effect::Answer { status, .. } => *status >= 500,
        _ => false,
    }
}
