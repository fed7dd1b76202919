/** Reading from what a test runner printed how many tests it ran. */

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/** The closing lines of `cargo test`: one for each test program. */
const CARGO = /^test result: .*? (\d+) passed; (\d+) failed; (\d+) ignored/gm;

/** The closing lines of `node --test`: one per count. */
const NODE = /^ℹ (pass|fail|cancelled|skipped|todo) (\d+)$/gm;

/** A terminal's colours. */
const ESCAPES = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');

/**
 * @param {string} output
 * @returns {Counts | undefined} nothing where no runner said anything
 */
export function countTests(output) {
  const text = output.replace(ESCAPES, '');
  const counts = { passed: 0, failed: 0, skipped: 0 };
  let found = false;
  for (const [, passed, failed, ignored] of text.matchAll(CARGO)) {
    found = true;
    counts.passed += Number(passed);
    counts.failed += Number(failed);
    counts.skipped += Number(ignored);
  }
  for (const [, name, count] of text.matchAll(NODE)) {
    found = true;
    if (name === 'pass') counts.passed += Number(count);
    else if (name === 'fail' || name === 'cancelled') counts.failed += Number(count);
    else counts.skipped += Number(count);
  }
  return found ? counts : undefined;
}
