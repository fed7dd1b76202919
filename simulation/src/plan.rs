//! What a seed stands for: a server, a receiver, programs that call it, other people, and faults.

use std::time::Duration;

use simulator::{Crowd, Deletion, Family, Scenario};

use crate::world::View;

mod clocks;
mod faults;
mod gitea;
mod oddities;
mod people;
mod receiver;
mod waits;

pub use receiver::{FILE, Life, PassesOn, Receiver, Shown, VALUE};
pub use waits::Waits;

use crate::chance::Chance;

/// Everything that a seed decides.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The seed.
    pub seed: u64,
    /// The server.
    pub scenario: Scenario,
    /// What is called.
    pub receiver: Receiver,
    /// Who calls it.
    pub programs: Vec<Program>,
    /// When the last fault ends; none: never.
    pub well_at: Option<Duration>,
}

/// One instance of the program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Program {
    /// How it sees the world.
    pub view: View,
    /// When it starts.
    pub starts: Duration,
    /// `workflow_timeout_seconds`.
    pub timeout: u64,
    /// `workflow`.
    pub workflow: &'static str,
    /// `ref`; none: the default branch, which it has to look up.
    pub git_ref: Option<&'static str>,
    /// `distinct_id`; none: one is drawn.
    pub distinct_id: Option<String>,
    /// Whether the ID is sent at all.
    pub sends_id: bool,
    /// How it waits for its run, if it does.
    pub waits: Option<Waits>,
    /// How long after its start it is cancelled, if it is.
    pub cancelled_after: Option<Duration>,
}

impl Plan {
    /// Draws what this seed stands for.
    #[must_use]
    pub fn drawn(seed: u64) -> Self {
        let mut chance = Chance::seeded(seed);
        let receiver = Receiver::drawn(&mut chance);
        let server = people::server(&mut chance);
        let mut scenario = Scenario::on(server)
            .with_seed(chance.next())
            .with_workflows(receiver.workflows());
        scenario.start_time += i64::from(u32::try_from(chance.whole(0, 999)).unwrap_or(0));
        scenario.archive = receiver.archive;
        scenario.history = if chance.with(0.2) {
            chance.count(1, 20)
        } else {
            0
        };
        scenario.clocks_differ_by = if chance.with(0.3) {
            chance.fraction()
        } else {
            0.0
        };
        if chance.with(0.02) {
            scenario.tokens[0].rate_limit = u32::try_from(chance.whole(3, 60)).unwrap_or(60);
        }
        let programs = people::programs(&mut chance, &receiver);
        let crowd = people::crowd(&mut chance);
        if crowd.before + crowd.after > 0 {
            scenario.crowd = Some(crowd);
        }
        if chance.with(0.02) {
            scenario.deletions.push(Deletion {
                run: chance.count(0, programs.len()),
                after: chance.between(0.0, 30.0),
            });
        }
        let well_at = faults::draw(&mut chance, &receiver, &mut scenario);
        let mut plan = Self {
            seed,
            scenario,
            receiver,
            programs,
            well_at,
        };
        waits::draw(&mut plan);
        gitea::draw(&mut plan);
        clocks::draw(&mut plan);
        oddities::draw(&mut plan);
        plan
    }

    /// The command that replays it.
    #[must_use]
    pub fn replay(&self) -> String {
        format!(
            "cargo run --profile simulation -p simulation -- --seed {}",
            self.seed
        )
    }

    /// Other people.
    #[must_use]
    pub fn crowd(&self) -> Crowd {
        self.scenario.crowd.clone().unwrap_or_default()
    }

    /// Whether the server tells which run a dispatch created.
    #[must_use]
    pub fn returns_run_ids(&self) -> bool {
        let profile = self.scenario.server.profile();
        match profile.family {
            Family::GitHub => profile.knows_2026_03_10,
            Family::Gitea(gitea) => gitea.tells_run,
        }
    }

    /// Whether the server is a Gitea.
    #[must_use]
    pub fn is_on_gitea(&self) -> bool {
        self.scenario.server.profile().family != Family::GitHub
    }

    /// Whether what is left of a rate limit is spread over the time until it is reset.
    #[must_use]
    pub fn has_small_limit(&self) -> bool {
        let mut tokens = self.scenario.tokens.iter();
        tokens.any(|token| token.rate_limit < 1_000)
    }

    /// The program of this number.
    #[must_use]
    pub fn program(&self, number: u32) -> Option<&Program> {
        self.programs
            .iter()
            .find(|program| program.view.number == number)
    }

    /// Whether a run's title tells whose it is, whatever its jobs do.
    #[must_use]
    pub fn titles_tell(&self) -> bool {
        self.receiver.declares && self.receiver.shown == Shown::InTitle
    }

    /// Whether another program has the same supplied ID.
    #[must_use]
    pub fn shares_its_id(&self, program: &Program) -> bool {
        program.distinct_id.is_some()
            && self
                .programs
                .iter()
                .filter(|other| other.distinct_id == program.distinct_id)
                .count()
                > 1
    }
}
