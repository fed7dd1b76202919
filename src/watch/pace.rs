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
    part: 20,
    shortest: Duration::from_secs(2),
    longest: Duration::from_secs(30),
};

/// Where each look costs two requests.
const AT_A_COST: Pace = Pace {
    part: 10,
    shortest: Duration::from_secs(3),
    longest: Duration::from_mins(1),
};

/// The pause before the next look at a run of this age: a twentieth of it, so
/// that its end is noticed within a twentieth of its length; a tenth where looks
/// are not free.
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
        assert_eq!(free(40), 2_000);
        assert_eq!(free(100), 5_000);
        assert_eq!(free(3_600), 30_000);
        let at_a_cost = |seconds| pause(Duration::from_secs(seconds), false).as_millis();
        assert_eq!(at_a_cost(0), 3_000);
        assert_eq!(at_a_cost(30), 3_000);
        assert_eq!(at_a_cost(100), 10_000);
        assert_eq!(at_a_cost(3_600), 60_000);
    }
}
