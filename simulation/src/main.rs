//! Tries many seeds, or replays one.

use std::process::ExitCode;

use indicatif::{ProgressBar, ProgressStyle};
use simulation::{Plan, Story, many, rules, trace};

#[global_allocator]
static ALLOCATOR: simulation::memory::Noting = simulation::memory::Noting;

const USAGE: &str = "\
cargo run --profile simulation -p simulation -- --seeds NUMBER [--from SEED]   tries so many seeds
cargo run --profile simulation -p simulation -- --seed SEED                    replays one, with its trace";

/// How many lines of progress there are without a terminal.
const LINES: u64 = 20;

fn main() -> ExitCode {
    many::let_panics_name_their_seed();
    match Task::asked() {
        Ok(Task::Replay(seed)) => replay(seed),
        Ok(Task::Try { from, number }) => try_many(from, number),
        Err(error) => {
            eprintln!("{error}\n\n{USAGE}");
            ExitCode::from(2)
        }
    }
}

enum Task {
    Replay(u64),
    Try { from: u64, number: u64 },
}

impl Task {
    fn asked() -> Result<Self, lexopt::Error> {
        use lexopt::prelude::*;
        let (mut seed, mut from, mut number) = (None, 0, 20_000);
        let mut arguments = lexopt::Parser::from_env();
        while let Some(argument) = arguments.next()? {
            match argument {
                Long("seed") => seed = Some(arguments.value()?.parse()?),
                Long("seeds") => number = arguments.value()?.parse()?,
                Long("from") => from = arguments.value()?.parse()?,
                other => return Err(other.unexpected()),
            }
        }
        Ok(seed.map_or(Self::Try { from, number }, Self::Replay))
    }
}

fn replay(seed: u64) -> ExitCode {
    let story = Story::of(Plan::drawn(seed));
    println!("{}", trace::of(&story));
    let broken = rules::broken(&story);
    for (rule, how) in &broken {
        println!("BROKEN: {rule}: {how}");
    }
    if broken.is_empty() {
        println!("all rules are kept");
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn try_many(from: u64, number: u64) -> ExitCode {
    let bar = ProgressBar::new(number);
    let style = "{elapsed_precise} {wide_bar} {pos}/{len} seeds, {per_sec}, {eta} left{msg}";
    if let Ok(style) = ProgressStyle::with_template(style) {
        bar.set_style(style);
    }
    let tried = many::try_seeds(from..from.saturating_add(number), |tried| {
        if let Some(failure) = tried.failures.first() {
            bar.set_message(format!(", seed {} fails", failure.seed));
            if bar.is_hidden() {
                eprintln!("seed {} fails", failure.seed);
            }
        }
        bar.inc(1);
        // Where no terminal shows the bar, a line now and then does.
        let done = bar.position();
        if bar.is_hidden() && done.is_multiple_of((number / LINES).max(1)) {
            eprintln!("{done} of {number} seeds");
        }
    });
    bar.finish();
    let failures = &tried.failures;
    for failure in tried.gravest_first() {
        println!("{}", failure.report());
    }
    println!("{} of {number} seeds from {from} on fail", failures.len());
    for (rule, _) in rules::RULES {
        let breaks =
            |failure: &&many::Failure| failure.broken.iter().any(|(name, _)| *name == rule);
        println!("  {:6} {rule}", failures.iter().filter(breaks).count());
    }
    println!("how the calls ended:");
    for (ending, number) in &tried.endings {
        println!("  {number:6} {ending}");
    }
    if failures.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
