//! How often a run is looked at.

use std::time::Duration;

/// What part of its age, and however young and however old a run is.
struct Pace {
    part: u32,
    shortest: Duration,
    longest: Duration,
}

/// Where it costs nothing to see that a run has not changed.
const FREE: Pace = Pace {
    part: 40,
    shortest: Duration::from_secs(2),
    longest: Duration::from_secs(10),
};

/// Where each look counts against a rate limit.
const AT_A_COST: Pace = Pace {
    part: 20,
    shortest: Duration::from_secs(3),
    longest: Duration::from_secs(30),
};

/// The pause before the next look at a run of this age: a fortieth of it, so
/// that its end is noticed within a fortieth of its length; a twentieth where
/// looks are not free.
pub(super) fn pause(age: Duration, is_free: bool) -> Duration {
    let pace = if is_free { FREE } else { AT_A_COST };
    (age / pace.part).clamp(pace.shortest, pace.longest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pause_grows_with_the_runs_age_within_bounds() {
        let free = |seconds| pause(Duration::from_secs(seconds), true).as_millis();
        assert_eq!(free(0), 2_000);
        assert_eq!(free(80), 2_000);
        assert_eq!(free(200), 5_000);
        assert_eq!(free(3_600), 10_000);
        let at_a_cost = |seconds| pause(Duration::from_secs(seconds), false).as_millis();
        assert_eq!(at_a_cost(0), 3_000);
        assert_eq!(at_a_cost(60), 3_000);
        assert_eq!(at_a_cost(200), 10_000);
        assert_eq!(at_a_cost(3_600), 30_000);
    }
}
