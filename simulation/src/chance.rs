//! Chance, all of it from one seed.

use std::time::Duration;

/// A small generator (SplitMix64): the same seed gives the same numbers on every platform.
#[derive(Debug, Clone)]
pub struct Chance(u64);

impl Chance {
    /// The generator of this seed.
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        // Neighbouring seeds are to have nothing in common.
        let mut chance = Self(seed ^ 0x5851_f42d_4c95_7f2d);
        chance.0 = chance.next();
        chance
    }

    /// The next 64 bits.
    #[expect(
        clippy::should_implement_trait,
        reason = "a generator has no end, so it makes a poor iterator"
    )]
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let value = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        value ^ (value >> 31)
    }

    /// A number from 0 to just below 1.
    #[expect(clippy::cast_precision_loss, reason = "53 bits fit")]
    pub fn fraction(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A number from `least` to just below `most`.
    pub fn between(&mut self, least: f64, most: f64) -> f64 {
        least + (most - least) * self.fraction()
    }

    /// A whole number from `least` to `most`, both included.
    pub fn whole(&mut self, least: u64, most: u64) -> u64 {
        least + self.next() % (most - least + 1)
    }

    /// The same for counts.
    pub fn count(&mut self, least: usize, most: usize) -> usize {
        usize::try_from(self.whole(least as u64, most as u64)).unwrap_or(least)
    }

    /// A duration between these numbers of milliseconds.
    pub fn milliseconds(&mut self, least: u64, most: u64) -> Duration {
        Duration::from_millis(self.whole(least, most))
    }

    /// True this often.
    pub fn with(&mut self, probability: f64) -> bool {
        self.fraction() < probability
    }

    /// One of these.
    ///
    /// # Panics
    /// If there are none.
    pub fn one_of<T: Copy>(&mut self, several: &[T]) -> T {
        several[self.count(0, several.len() - 1)]
    }
}
