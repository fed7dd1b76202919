/** What is said of a series of measurements. */

/**
 * @param {number[]} samples
 * @param {number} share 0 is the least, 1 the greatest
 * @returns {number} a quantile: one of the samples
 */
export function quantile(samples, share) {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.round((sorted.length - 1) * share)] ?? Number.NaN;
}

/** @param {number[]} samples */
export const median = (samples) => quantile(samples, 0.5);

/**
 * Compared pair by pair, as the machine's speed changes from one moment to the next.
 *
 * @param {number[]} samples
 * @param {number[]} base of the same rounds
 * @returns {number} the median of the ratios
 */
export function ratio(samples, base) {
  return median(samples.map((sample, round) => sample / (base[round] ?? Number.NaN)));
}
