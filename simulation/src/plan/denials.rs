//! Tokens that are denied for some seconds although they are valid: some of the worlds, drawn apart from the rest, which
//! stays what a seed stood for before.

use std::time::Duration;

use simulator::Denial;

use super::Plan;
use crate::chance::Chance;

const OFTEN_DENIED: f64 = 0.05;

/// A program retries for a second longer than this.
const LONGEST: f64 = 4.0;

pub(super) fn draw(plan: &mut Plan) {
    let mut chance = Chance::seeded(plan.seed ^ 0x6465_6e69_616c_7321);
    let chance = &mut chance;
    if !chance.with(OFTEN_DENIED) {
        return;
    }
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
