//! How often a run is looked at.

use std::time::Duration;

/// However young a run is.
const SHORTEST_PAUSE: Duration = Duration::from_secs(2);
/// However old it is.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// The pause before the next look at a run of this age: a twentieth of it, so
/// that its end is noticed within a twentieth of its length.
pub(super) fn pause(age: Duration) -> Duration {
    (age / 20).clamp(SHORTEST_PAUSE, LONGEST_PAUSE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pause_grows_with_the_runs_age_within_bounds() {
        let pause = |seconds| pause(Duration::from_secs(seconds)).as_millis();
        assert_eq!(pause(0), 2_000);
        assert_eq!(pause(40), 2_000);
        assert_eq!(pause(100), 5_000);
        assert_eq!(pause(3_600), 30_000);
    }
}
