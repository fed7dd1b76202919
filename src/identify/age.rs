//! Which runs are older than the dispatch, and so cannot be its run.
//!
//! The clock that stamps runs is the only one that counts: `Date` comes from front ends and
//! gateways, whose clocks have been seconds to hours off. What runs are stamped with tells the time
//! of that clock by itself: whatever is stamped was stamped by then. So when a list shows a stamp
//! `s`, and the dispatch was sent `e` ago by the local monotonic clock, the dispatched run was
//! created at `s - e` or later, whatever any `Date` says.
//!
//! `Date` alone excludes a run only if it is a day off, which no server survives; and it confirms
//! what stamps nearly prove.

use std::time::Duration;

use crate::github::Run;
use crate::time::ServerTime;

/// The machines that stamp runs may disagree by this much.
const STAMPS_DISAGREE_BY: Duration = Duration::from_mins(1);

/// The same where `Date` says so as well: stamps are whole seconds.
const ROUNDED: Duration = Duration::from_secs(2);

/// A clock that is further off breaks certificates and tokens first.
const DATES_ARE_WITHIN: Duration = Duration::from_hours(24);

/// The earliest moments, by the clock that stamps runs, at which the dispatch can have created its
/// run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Earliest {
    /// Beyond doubt.
    certain: Option<ServerTime>,
    /// If all who stamp runs agree about the time.
    likely: Option<ServerTime>,
    /// By the `Date` of answers.
    dated: Option<ServerTime>,
}

impl Earliest {
    /// How long before the newest stamp of a list a run was created that is older, this long after
    /// the dispatch.
    pub fn before_newest(elapsed: Duration) -> Duration {
        elapsed.saturating_add(STAMPS_DISAGREE_BY)
    }

    /// Takes note of the newest stamp that a list shows, this long after the dispatch.
    pub fn learn(&mut self, newest: ServerTime, elapsed: Duration) {
        let certain = newest.earlier_by(Self::before_newest(elapsed));
        let likely = newest.earlier_by(elapsed.saturating_add(ROUNDED));
        self.certain = self.certain.max(Some(certain));
        self.likely = self.likely.max(Some(likely));
    }

    /// Takes note of when the dispatch was sent, by the `Date` of answers.
    pub fn learn_date(&mut self, dated: Option<ServerTime>) {
        self.dated = dated;
    }

    /// Whether a run existed before the dispatch was sent.
    pub fn is_older(&self, run: &Run) -> bool {
        let is_before = |time: Option<ServerTime>| {
            let times = run.created_at.zip(time);
            times.is_some_and(|(created, time)| created < time)
        };
        let long_before = self.dated.map(|dated| dated.earlier_by(DATES_ARE_WITHIN));
        is_before(self.certain)
            || is_before(self.likely) && is_before(self.dated)
            || is_before(long_before)
    }

    /// Whether `Date` alone says that a run is older: a reason to look at others first.
    pub fn seems_older(&self, run: &Run) -> bool {
        let times = run.created_at.zip(self.dated);
        times.is_some_and(|(created, dated)| created < dated)
    }

    /// The time before which all runs are older.
    pub fn bound(&self) -> Option<ServerTime> {
        self.certain
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::json::read;

    fn at(seconds: u64) -> ServerTime {
        ServerTime::from_unix(1_800_000_000 + seconds)
    }

    fn created(seconds: u64) -> Run {
        read(&json!({ "id": 1, "created_at": at(seconds).to_string() }))
    }

    /// Seconds of creation before which runs are older.
    fn first_possible(earliest: &Earliest) -> u64 {
        (0..200_000)
            .find(|seconds| !earliest.is_older(&created(*seconds)))
            .unwrap()
    }

    #[test]
    fn stamps_tell_the_time_of_the_clock_that_stamps() {
        let mut earliest = Earliest::default();
        assert_eq!(first_possible(&earliest), 0);
        earliest.learn(at(1_000), Duration::from_secs(10));
        assert_eq!(first_possible(&earliest), 930);
        // Later lists that show nothing newer prove nothing more.
        earliest.learn(at(1_000), Duration::from_secs(200));
        assert_eq!(first_possible(&earliest), 930);
        earliest.learn(at(1_100), Duration::from_secs(100));
        assert_eq!(first_possible(&earliest), 940);
    }

    #[test]
    fn a_date_confirms_what_stamps_nearly_prove() {
        let mut earliest = Earliest::default();
        earliest.learn(at(1_000), Duration::from_secs(10));
        earliest.learn_date(Some(at(985)));
        assert_eq!(first_possible(&earliest), 985);
        earliest.learn_date(Some(at(5_000)));
        assert_eq!(first_possible(&earliest), 988);
        earliest.learn_date(Some(at(10)));
        assert_eq!(first_possible(&earliest), 930);
    }

    #[test]
    fn a_date_alone_excludes_what_is_a_day_off() {
        let mut earliest = Earliest::default();
        earliest.learn_date(Some(at(100_000)));
        assert_eq!(first_possible(&earliest), 100_000 - 86_400);
        assert!(earliest.seems_older(&created(99_999)));
        assert!(!earliest.seems_older(&created(100_000)));
    }
}
