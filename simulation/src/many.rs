//! A range of seeds, on all cores.

use std::any::Any;
use std::cell::Cell;
use std::collections::BTreeMap;
use std::ops::Range;
use std::panic::{self, AssertUnwindSafe, catch_unwind};
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

/// What came of a range of seeds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tried {
    /// The seeds that fail, in their order.
    pub failures: Vec<Failure>,
    /// How many calls ended in which way (see [`rules::ending`]).
    pub endings: BTreeMap<&'static str, u64>,
}

thread_local! {
    static AT_HAND: Cell<Option<u64>> = const { Cell::new(None) };
}

/// Makes a panic say which seed it belongs to and how to replay that: where panics abort, as in the
/// release profile, nobody else could.
pub fn let_panics_name_their_seed() {
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        usual(info);
        if let Some(seed) = AT_HAND.get() {
            eprintln!("seed {seed} panics\n  {}", Plan::drawn(seed).replay());
        }
    }));
}

/// Tries one seed.
#[must_use]
pub fn try_seed(seed: u64) -> Tried {
    AT_HAND.set(Some(seed));
    let judged = catch_unwind(AssertUnwindSafe(|| {
        let story = Story::of(Plan::drawn(seed));
        let mut endings = BTreeMap::new();
        for call in &story.calls {
            *endings.entry(rules::ending(&story, call)).or_default() += 1;
        }
        (rules::broken(&story), endings)
    }));
    let (broken, endings) = judged.unwrap_or_else(|panic| {
        let panicked = vec![("nothing panics", words_of(&*panic))];
        (panicked, BTreeMap::new())
    });
    let failures = if broken.is_empty() {
        Vec::new()
    } else {
        vec![Failure { seed, broken }]
    };
    Tried { failures, endings }
}

fn words_of(panic: &(dyn Any + Send)) -> String {
    panic
        .downcast_ref::<String>()
        .cloned()
        .or_else(|| panic.downcast_ref::<&str>().map(ToString::to_string))
        .unwrap_or_default()
}

/// Tries all of these seeds; `done` is told of each, from any thread.
pub fn try_seeds(seeds: Range<u64>, done: impl Fn(&Tried) + Sync) -> Tried {
    let next = AtomicU64::new(seeds.start);
    let work = || {
        let mut all = Tried::default();
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= seeds.end {
                return all;
            }
            let one = try_seed(seed);
            done(&one);
            all.add(one);
        }
    };
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let mut all = Tried::default();
    thread::scope(|scope| {
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        for thread in threads {
            // What a seed panics with is its failure, so no thread ends by one.
            all.add(thread.join().unwrap_or_default());
        }
    });
    all.failures.sort_by_key(|failure| failure.seed);
    all
}

impl Tried {
    /// The failures, those that break the gravest rule first (the order of [`rules::RULES`]; a panic
    /// is graver than all of them).
    #[must_use]
    pub fn gravest_first(&self) -> Vec<&Failure> {
        let gravity = |failure: &&Failure| {
            let broken = failure.broken.iter();
            let places = broken.map(|(name, _)| {
                let place = rules::RULES.iter().position(|(rule, _)| rule == name);
                place.map_or(0, |place| place + 1)
            });
            (places.min(), failure.seed)
        };
        let mut failures: Vec<_> = self.failures.iter().collect();
        failures.sort_by_key(gravity);
        failures
    }

    fn add(&mut self, other: Self) {
        self.failures.extend(other.failures);
        for (ending, number) in other.endings {
            *self.endings.entry(ending).or_default() += number;
        }
    }
}
