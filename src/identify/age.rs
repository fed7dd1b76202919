//! Which runs are older than the dispatch, and so cannot be its run.
//!
//! The clock that stamps runs is the only one that counts: `Date` comes from front ends and
//! gateways, whose clocks have been seconds to hours off. What runs are stamped with tells the time
//! of that clock by itself: whatever is stamped was stamped by then. So when a list shows a stamp
//! `s`, and the dispatch was sent `e` ago by the local monotonic clock, the dispatched run was
//! created at `s - e` or later, whatever any `Date` says.
//!
//! Where several machines stamp runs, their clocks differ. So a run is out of the question only if it
//! is older by many minutes; one that merely seems to be older, by stamps or by `Date`, is read later
//! than others. A run whose title shows a generated ID needs no such bound at all.
//!
//! A clock may be off by more, or be set after the dispatch. So a run is not out of the question if it was
//! created after another one that is not, as its larger ID tells, or about when the dispatch was sent by the
//! `Date` of that time.

use std::time::Duration;

use crate::github::Run;
use crate::time::ServerTime;

/// Runs that are older by more than this are out of the question, as the clocks of the machines that
/// stamp runs differ by less.
const CERTAINLY: Duration = Duration::from_mins(10);

/// Runs that are older by more than this seem to be: the clocks of such machines rarely differ by more.
pub(super) const LIKELY: Duration = Duration::from_mins(1);

/// The same where `Date` and stamps agree: both are whole seconds.
pub(super) const ROUNDED: Duration = Duration::from_secs(2);

/// Runs that seem to be older are not read before half of the time is over in which the run has to be
/// identified; those that seem so by `Date` alone, not before this.
const OLDER_BY_DATE_FOR: Duration = Duration::from_secs(5);

/// What is known of the moment at which the dispatch can have created its run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Earliest {
    /// By the clock that stamps runs, if only one does.
    stamped: Option<ServerTime>,
    /// By the `Date` of answers.
    dated: Option<ServerTime>,
    /// The earliest of these: a later `Date` may be of a clock that has been set since.
    first_dated: Option<ServerTime>,
    /// By how much the clocks of the machines that stamp runs differ, as far as lists have shown it.
    apart: Duration,
}

impl Earliest {
    /// Takes note of the newest stamp that a list shows, this long after the dispatch.
    pub fn learn(&mut self, newest: ServerTime, elapsed: Duration) {
        self.stamped = self.stamped.max(Some(newest.earlier_by(elapsed)));
    }

    /// Takes note of by how much the stamps of a list contradict each other.
    pub fn learn_apart(&mut self, apart: Duration) {
        self.apart = self.apart.max(apart);
    }

    /// Takes note of when the dispatch was sent, by the `Date` of answers.
    pub fn learn_date(&mut self, dated: Option<ServerTime>) {
        self.dated = dated;
        self.first_dated = [self.first_dated, dated].into_iter().flatten().min();
    }

    /// When the dispatch was sent, by the `Date` of answers.
    pub fn dated(&self) -> Option<ServerTime> {
        self.dated
    }

    /// Whether a run existed before the dispatch was sent.
    pub fn is_older(&self, run: &Run) -> bool {
        let is_older_by_date = self
            .first_dated
            .is_none_or(|dated| is_before(run, Some(dated), LIKELY));
        is_before(run, self.stamped, CERTAINLY + self.apart) && is_older_by_date
    }

    /// Whether a run was created before the dispatch by the clock that stamps runs, unless the
    /// machines that do so differ.
    pub fn seems_older(&self, run: &Run) -> bool {
        is_before(run, self.stamped, LIKELY + self.apart)
    }

    /// When the dispatch was sent, by the clock that stamps runs.
    pub fn stamped(&self) -> Option<ServerTime> {
        self.stamped
    }

    /// Whether a run is to be read, this long after the dispatch, with so much time for it in all.
    pub fn is_worth_reading(&self, run: &Run, elapsed: Duration, limit: Duration) -> bool {
        let is_older_by_both =
            is_before(run, self.stamped, ROUNDED) && is_before(run, self.dated, Duration::ZERO);
        if self.seems_older(run) || is_older_by_both {
            elapsed >= limit / 2
        } else {
            elapsed >= OLDER_BY_DATE_FOR || !is_before(run, self.dated, Duration::ZERO)
        }
    }

    /// The time before which all runs seem to be older.
    pub fn bound(&self) -> Option<ServerTime> {
        self.stamped.map(|stamped| stamped.earlier_by(LIKELY))
    }
}

/// Whether a run was created before this moment, by more than this. It was not before a run with a smaller ID.
fn is_before(run: &Run, moment: Option<ServerTime>, by: Duration) -> bool {
    let created = run.created_at.map(|at| Some(at).max(run.created_after));
    let times = created.flatten().zip(moment);
    times.is_some_and(|(created, moment)| created < moment.earlier_by(by))
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

    /// Seconds of creation from which on a run is not this any more.
    fn first_that_is_not(is: impl Fn(&Run) -> bool) -> u64 {
        (0..200_000)
            .find(|seconds| !is(&created(*seconds)))
            .unwrap()
    }

    #[test]
    fn stamps_tell_the_time_of_the_clock_that_stamps() {
        let mut earliest = Earliest::default();
        let older = |earliest: &Earliest| first_that_is_not(|run| earliest.is_older(run));
        let seem_older = |earliest: &Earliest| first_that_is_not(|run| earliest.seems_older(run));
        assert_eq!((older(&earliest), seem_older(&earliest)), (0, 0));
        earliest.learn(at(1_000), Duration::from_secs(10));
        assert_eq!((older(&earliest), seem_older(&earliest)), (390, 930));
        // Later lists that show nothing newer prove nothing more.
        earliest.learn(at(1_000), Duration::from_secs(200));
        assert_eq!((older(&earliest), seem_older(&earliest)), (390, 930));
        earliest.learn(at(1_100), Duration::from_secs(100));
        assert_eq!((older(&earliest), seem_older(&earliest)), (400, 940));
    }

    #[test]
    fn a_date_excludes_nothing_and_confirms_what_stamps_nearly_prove() {
        let mut earliest = Earliest::default();
        earliest.learn(at(1_000), Duration::from_secs(10));
        let [later, limit] = [10, 300].map(Duration::from_secs);
        for (dated, expected, older) in [(985, 985, 390), (1_020, 988, 390), (10, 930, 0)] {
            let mut earliest = earliest;
            earliest.learn_date(Some(at(dated)));
            let is_read = |run: &Run| earliest.is_worth_reading(run, later, limit);
            assert_eq!(first_that_is_not(|run| !is_read(run)), expected);
            assert_eq!(first_that_is_not(|run| earliest.seems_older(run)), 930);
            assert_eq!(first_that_is_not(|run| earliest.is_older(run)), older);
        }
    }

    #[test]
    fn a_clock_that_is_set_after_the_dispatch_makes_its_run_no_older() {
        let mut earliest = Earliest::default();
        // The dispatch was sent at 5,000 by a clock that was set an hour ahead afterwards.
        earliest.learn_date(Some(at(4_998)));
        earliest.learn(at(8_640), Duration::from_secs(40));
        earliest.learn_date(Some(at(8_598)));
        assert!(!earliest.is_older(&created(5_000)));
        assert!(earliest.is_older(&created(4_000)));
    }

    #[test]
    fn a_run_is_not_older_than_one_with_a_smaller_id() {
        let mut earliest = Earliest::default();
        earliest.learn(at(5_000), Duration::ZERO);
        let mut run = created(1_000);
        assert!(earliest.is_older(&run) && earliest.seems_older(&run));
        run.created_after = Some(at(4_990));
        assert!(!earliest.is_older(&run) && !earliest.seems_older(&run));
    }

    #[test]
    fn stamps_that_contradict_each_other_exclude_less() {
        let mut earliest = Earliest::default();
        earliest.learn(at(10_000), Duration::ZERO);
        let bounds = |earliest: &Earliest| {
            let older = first_that_is_not(|run| earliest.is_older(run));
            (older, first_that_is_not(|run| earliest.seems_older(run)))
        };
        assert_eq!(bounds(&earliest), (9_400, 9_940));
        earliest.learn_apart(Duration::from_secs(200));
        earliest.learn_apart(Duration::from_secs(100));
        assert_eq!(bounds(&earliest), (9_200, 9_740));
    }

    #[test]
    fn what_seems_older_is_read_later() {
        let mut earliest = Earliest::default();
        earliest.learn_date(Some(at(1_000)));
        let is_read = |earliest: &Earliest, created_at, elapsed| {
            let [elapsed, limit] = [elapsed, 300].map(Duration::from_secs);
            earliest.is_worth_reading(&created(created_at), elapsed, limit)
        };
        assert!(is_read(&earliest, 1_000, 0));
        assert!(!is_read(&earliest, 999, 4));
        assert!(is_read(&earliest, 999, 5));
        earliest.learn(at(1_000), Duration::ZERO);
        assert!(!is_read(&earliest, 997, 149));
        assert!(is_read(&earliest, 997, 150));
    }
}
