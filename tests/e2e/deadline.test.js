/** `workflow_timeout_seconds` is kept, through the built action. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertFailed, call, RECEIVERS, receiver } from './support.js';

const LIMIT = 3;

/**
 * @param {import('./support.js').Ended} ended
 * @param {...string} words
 */
function assertGivenUp(ended, ...words) {
  assertFailed(ended, ...words);
  assert.equal(ended.dispatched.length, 1);
  // Within a second, exact in virtual time (tests/deadline.rs); here the process has to start and end as well.
  assert.ok(ended.milliseconds >= LIMIT * 1000, `${ended.milliseconds} ms`);
  assert.ok(ended.milliseconds < (LIMIT + 5) * 1000, `${ended.milliseconds} ms`);
}

const inputs = { workflow_timeout_seconds: String(LIMIT) };

test('a run that never shows', async () => {
  const workflow = { ...RECEIVERS.title, listingDelay: 1000 };
  assertGivenUp(await call({ server: 'ghes-3.19', workflow }, inputs), 'no new run appeared');
});

test('a run that never matches', async () => {
  const ended = await call({ server: 'ghes-3.19', workflow: receiver() }, inputs);
  assertGivenUp(ended, 'no run showed the distinct ID', '1 run dispatched since');
});

test('a server that hangs in the middle of its answer', async () => {
  /** @type {(method: string, pathContains: string) => Parameters<typeof call>[0]} */
  const stall = (method, pathContains) => ({
    server: 'ghes-3.19',
    workflow: RECEIVERS.log,
    faults: [{ method, pathContains, times: null, effect: { type: 'stall', afterBytes: 20 } }],
  });
  assertGivenUp(await call(stall('GET', '/runs?'), inputs), 'the runs could not be read');
  assertGivenUp(await call(stall('GET', '/logs'), inputs), '0 logs read');
});

test('a server that never answers the dispatch', async () => {
  /** @type {import('./support.js').Fault[]} */
  const faults = [{ method: 'POST', times: null, acted: true, effect: { type: 'noAnswer' } }];
  const ended = await call({ server: 'github.com', faults }, inputs);
  assertGivenUp(ended, 'whether it happened is unknown', 'before you dispatch again');
});
