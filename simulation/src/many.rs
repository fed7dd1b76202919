//! A range of seeds, on all cores.

use std::any::Any;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use crate::{Plan, Story, rules};

/// A seed whose story breaks rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The seed.
    pub seed: u64,
    /// The rules that it breaks, and how.
    pub broken: Vec<(&'static str, String)>,
}

impl Failure {
    /// What to show of it: the rules, and the command that replays it.
    #[must_use]
    pub fn report(&self) -> String {
        let rules = self.broken.iter();
        let mut lines: Vec<String> = rules
            .map(|(rule, how)| format!("seed {}: {rule}: {how}", self.seed))
            .collect();
        lines.push(format!("  {}", Plan::drawn(self.seed).replay()));
        lines.join("\n")
    }
}

/// Tries one seed.
#[must_use]
pub fn try_seed(seed: u64) -> Option<Failure> {
    let judged = catch_unwind(AssertUnwindSafe(|| {
        rules::broken(&Story::of(Plan::drawn(seed)))
    }));
    let broken = judged.unwrap_or_else(|panic| vec![("nothing panics", words_of(&*panic))]);
    (!broken.is_empty()).then_some(Failure { seed, broken })
}

fn words_of(panic: &(dyn Any + Send)) -> String {
    panic
        .downcast_ref::<String>()
        .cloned()
        .or_else(|| panic.downcast_ref::<&str>().map(ToString::to_string))
        .unwrap_or_default()
}

/// Tries all of these seeds; `done` is told of each, from any thread. The failures, in the order of
/// their seeds.
pub fn try_seeds(seeds: Range<u64>, done: impl Fn(Option<&Failure>) + Sync) -> Vec<Failure> {
    let next = AtomicU64::new(seeds.start);
    let failures = Mutex::new(Vec::new());
    let threads = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= seeds.end {
                        break;
                    }
                    let failure = try_seed(seed);
                    done(failure.as_ref());
                    if let (Some(failure), Ok(mut failures)) = (failure, failures.lock()) {
                        failures.push(failure);
                    }
                }
            });
        }
    });
    let mut failures = failures.into_inner().unwrap_or_default();
    failures.sort_by_key(|failure| failure.seed);
    failures
}
