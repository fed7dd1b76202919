/** The end of a test run: a table of the steps and one line that sums up. */

/**
 * @typedef {object} Result
 * @property {string} name
 * @property {'passed' | 'failed' | 'skipped' | 'not run'} outcome
 * @property {number} [seconds]
 * @property {import('./counts.js').Counts} [tests] as its runner counted
 * @property {string} [reason] why it was skipped
 */

/** @param {Result[]} results */
export function table(results) {
  const width = Math.max(...results.map(({ name }) => name.length));
  return results
    .map((result) =>
      [
        result.name.padEnd(width),
        result.outcome.padEnd('skipped'.length),
        (result.seconds === undefined ? '' : `${result.seconds.toFixed(1)} s`).padStart(8),
        details(result),
      ]
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** @param {Result} result */
function details({ tests, reason }) {
  if (reason) return reason;
  if (!tests) return '';
  const parts = [`${tests.passed} passed`];
  if (tests.failed > 0) parts.push(`${tests.failed} failed`);
  if (tests.skipped > 0) parts.push(`${tests.skipped} skipped`);
  return parts.join(', ');
}

/**
 * Counts what really ran: the tests of the steps that are test runs; each other step is one check. A test run that
 * fails without a failed test (it did not compile, say) is one failure.
 *
 * @param {Result[]} results
 */
export function total(results) {
  const sum = { passed: 0, failed: 0, skipped: 0 };
  for (const { outcome, tests } of results) {
    if (outcome === 'not run') continue;
    sum.passed += tests?.passed ?? Number(outcome === 'passed');
    sum.failed += tests?.failed || Number(outcome === 'failed');
    sum.skipped += tests?.skipped ?? Number(outcome === 'skipped');
  }
  return `${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`;
}
