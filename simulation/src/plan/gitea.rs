//! Worlds on a Gitea: some of those on a GitHub, moved there.
//!
//! They are drawn apart from the rest, which stays what a seed stood for before.

use simulator::{Archive, Server};

use super::{Plan, Shown};
use crate::chance::Chance;

/// The others are on a GitHub.
const OFTEN: f64 = 0.2;

/// Of those on a Gitea that names runs, so many are on the newest.
const OFTEN_NEWEST: f64 = 0.5;

pub(super) fn draw(plan: &mut Plan) {
    let mut chance = Chance::seeded(plan.seed ^ 0x6769_7465_6121);
    if !chance.with(OFTEN) {
        return;
    }
    plan.scenario.server = chance.one_of(&[Server::Gitea126, Server::Gitea125]);
    let mut newest = Chance::seeded(plan.seed ^ 0x312e_3237_2121_2121);
    if plan.scenario.server == Server::Gitea126 && newest.with(OFTEN_NEWEST) {
        plan.scenario.server = Server::Gitea;
    }
    let receiver = &mut plan.receiver;
    // Names of steps are shown as they are written, and there are no archives.
    if matches!(receiver.shown, Shown::InStepName | Shown::InArchiveOnly) {
        receiver.shown = Shown::InLog;
    }
    receiver.archive = Archive::Normal;
    plan.scenario.archive = Archive::Normal;
    receiver.listing_delay = 0.0;
    receiver.life.environment = None;
    // It is what the jobs make of it.
    receiver.life.conclusion = None;
    plan.scenario.repositories[0].workflows = plan.receiver.workflows();
}
