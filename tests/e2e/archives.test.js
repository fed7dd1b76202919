/** Log archives that are damaged, hostile, or huge: an understandable result, bounded memory, no crash. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertFailed, assertRight, call, RECEIVERS } from './support.js';

const scenario = (/** @type {string} */ archive) => ({
  server: 'ghes-3.19',
  workflow: RECEIVERS.archive,
  archive,
});

for (const archive of ['missingEntry', 'pathTraversal']) {
  test(`an archive with ${archive} is still searched`, async () => {
    assertRight(await call(scenario(archive)), 'log');
  });
}

for (const [archive, words] of [
  ['truncated', 'the log archive cannot be read'],
  ['notAZip', 'the log archive cannot be read'],
  ['bomb', 'no run showed'],
  ['empty', 'no run showed'],
]) {
  test(`an archive that is ${archive} ends in an error that says so`, async () => {
    const ended = await call(scenario(archive ?? ''), { workflow_timeout_seconds: '5' });
    assertFailed(ended, words ?? '');
    assert.equal(ended.dispatched.length, 1);
    // With 512 MiB in memory a process of this heap would have been killed, with another message.
    assert.ok(!ended.log.includes('heap'), ended.log);
  });
}

test('an archive with wrong sizes gives the run or names the damage', async () => {
  const ended = await call(scenario('wrongSize'), { workflow_timeout_seconds: '5' });
  if (ended.code === 0) assertRight(ended, 'log');
  else assertFailed(ended, 'the log archive');
});
