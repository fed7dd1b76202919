//! Clocks that disagree, lists that lag, dispatches that are acted upon late, children of the same actor:
//! some of the worlds, drawn apart from the rest, which stays what a seed stood for before.
//!
//! The server that stamps runs is the clock of reference, if it is one machine: the front end that writes `Date`, the
//! gateways that answer in its place and the runners that stamp jobs are seconds to hours off. What
//! the caller's own clock shows is part of each program's [`View`](crate::world::View).

use simulator::ExistingRun;

use super::Plan;
use crate::chance::Chance;

/// The clocks of the other worlds agree.
const OFTEN_DISAGREE: f64 = 0.3;
const OFTEN_LAG: f64 = 0.15;
const OFTEN_MISLED: f64 = 0.04;
/// The machines that stamp runs differ.
const OFTEN_APART: f64 = 0.1;
/// A dispatch whose answer is lost is acted upon when it has been given up, or later.
const OFTEN_LATE: f64 = 0.2;

pub(super) fn draw(plan: &mut Plan) {
    let mut chance = Chance::seeded(plan.seed ^ 0x636c_6f63_6b73_2121);
    let chance = &mut chance;
    if chance.with(0.5) {
        others(chance, plan);
    }
    if chance.with(OFTEN_DISAGREE) {
        if chance.with(0.7) {
            plan.scenario.front_end_ahead = off_by(chance);
        }
        if chance.with(0.7) {
            plan.scenario.gateways_ahead = off_by(chance);
        }
        if chance.with(0.5) {
            plan.scenario.runners_ahead = off_by(chance);
        }
    }
    if chance.with(OFTEN_LAG) {
        plan.scenario.lists_lag = match chance.whole(0, 9) {
            0..5 => chance.between(0.0, 10.0),
            5..8 => chance.between(10.0, 120.0),
            _ => chance.between(120.0, 1_000.0),
        };
    }
    if chance.with(OFTEN_LAG) {
        plan.scenario.search_lag = match chance.whole(0, 3) {
            0 => chance.between(0.0, 60.0),
            1..3 => chance.between(60.0, 1_000.0),
            _ => 172_800.0,
        };
    }
    if chance.with(OFTEN_MISLED) {
        misled(chance, plan);
    }
    let mut chance = Chance::seeded(plan.seed ^ 0x7374_616d_7073_2121);
    if chance.with(OFTEN_APART) {
        let most = chance.one_of(&[3.0, 25.0, 180.0, 300.0]);
        plan.scenario.stamps_differ_by = chance.between(0.0, most);
    }
    let mut chance = Chance::seeded(plan.seed ^ 0x6163_746f_7273_2121);
    if chance.with(0.5) {
        keep_actors(plan);
    }
    let mut chance = Chance::seeded(plan.seed ^ 0x6c61_7465_2121_2121);
    if chance.with(OFTEN_LATE) {
        let seconds = chance.between(40.0, 150.0);
        for fault in &mut plan.scenario.faults {
            if fault.acts_after > 0.0 {
                fault.acts_after = seconds;
            }
        }
    }
}

/// What passes the ID on does so with a token of the caller's.
fn keep_actors(plan: &mut Plan) {
    let repositories = plan.scenario.repositories.iter_mut();
    let workflows = repositories.flat_map(|repository| &mut repository.workflows);
    let steps =
        workflows.flat_map(|workflow| workflow.jobs.iter_mut().flat_map(|job| &mut job.steps));
    for dispatch in steps.filter_map(|step| step.dispatches.as_mut()) {
        dispatch.keeps_actor = true;
    }
}

/// Lists lag for longer than it settles, and seem to be current: a run that was there before the
/// dispatch is listed after it, and by a `Date` that is behind it is newer. What runs are stamped
/// with may show that this `Date` is behind, or may not.
fn misled(chance: &mut Chance, plan: &mut Plan) {
    plan.scenario.lists_lag = chance.between(65.0, 120.0);
    plan.scenario.front_end_ahead = -chance.between(600.0, 7_200.0);
    let created_before = chance.between(0.0, 30.0);
    if chance.with(0.5) {
        let listed_after = plan.scenario.lists_lag - created_before;
        plan.scenario.front_end_ahead = -(created_before + chance.between(0.0, listed_after));
    }
    plan.scenario.existing_runs.push(ExistingRun {
        workflow: "other.yml".into(),
        event: Some("push".into()),
        created_at: -created_before,
        ..ExistingRun::default()
    });
}

/// Runs of another workflow, which show that lists are current, or seem to where clocks disagree.
fn others(chance: &mut Chance, plan: &mut Plan) {
    for _ in 0..chance.whole(1, 4) {
        plan.scenario.existing_runs.push(ExistingRun {
            workflow: "other.yml".into(),
            event: Some("push".into()),
            created_at: chance.between(-30.0, 300.0),
            ..ExistingRun::default()
        });
    }
}

/// Seconds, minutes, or hours, ahead or behind.
fn off_by(chance: &mut Chance) -> f64 {
    let most = chance.one_of(&[10.0, 120.0, 1_800.0, 43_200.0]);
    chance.between(-most, most)
}
