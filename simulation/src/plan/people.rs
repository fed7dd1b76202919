//! The server, the programs, and other people.

use std::time::Duration;

use simulator::{Crowd, Server};

use super::receiver::{FILE, NAME};
use super::{Program, Receiver};
use crate::chance::Chance;
use crate::world::View;

pub(super) fn server(chance: &mut Chance) -> Server {
    // Half of them tell which run they created, half do not: the latter have more to go wrong.
    match chance.whole(0, 99) {
        0..30 => Server::GitHubCom,
        30..45 => Server::Ghes321,
        45..75 => Server::Ghes320,
        _ => Server::Ghes319,
    }
}

pub(super) fn programs(chance: &mut Chance, receiver: &Receiver) -> Vec<Program> {
    let number = match chance.whole(0, 99) {
        0..65 => 1,
        65..95 => chance.whole(2, 4),
        _ => chance.whole(5, 12),
    };
    // Several may share an ID: the legs of a matrix, or a careless constant.
    let shared = chance
        .with(0.3)
        .then(|| format!("shared-{}", chance.whole(1, 999)));
    let together = chance.with(0.5);
    (1..=number)
        .map(|number| {
            let least = chance.milliseconds(1, 80);
            let jitter = if chance.with(0.9) { 100 } else { 3_000 };
            let timeout = match chance.whole(0, 9) {
                0..4 => chance.whole(10, 60),
                4..8 => chance.whole(60, 180),
                _ => chance.whole(180, 600),
            };
            let mut starts = chance.milliseconds(0, if together { 300 } else { 20_000 });
            if number == 1 {
                starts = Duration::ZERO;
            }
            let distinct_id = match &shared {
                Some(id) if chance.with(0.6) => Some(id.clone()),
                _ if chance.with(0.1) => Some(format!("call-{number}")),
                _ => None,
            };
            let number = u32::try_from(number).unwrap_or(1);
            Program {
                view: View {
                    number,
                    latency: (least, least + chance.milliseconds(0, jitter)),
                    zero: Duration::from_secs(chance.whole(0, 10_000_000)),
                    seed: Some(chance.next()),
                },
                starts,
                timeout,
                workflow: if chance.with(0.9) { FILE } else { NAME },
                git_ref: chance.with(0.9).then_some("main"),
                distinct_id,
                sends_id: receiver.declares || chance.with(0.8),
                waits: None,
                cancelled_after: None,
            }
        })
        .collect()
}

/// Others, rarely many: each of them makes every page larger.
pub(super) fn crowd(chance: &mut Chance) -> Crowd {
    let most = match chance.whole(0, 999) {
        0..500 => 0,
        500..850 => 5,
        850..975 => 30,
        975..997 => 120,
        _ => 300,
    };
    let total = chance.count(0, most);
    let before = chance.count(0, total);
    Crowd {
        before,
        after: total - before,
        spread_seconds: chance.between(0.0, 30.0),
        ..Crowd::default()
    }
}
