/** Log archives that are damaged, hostile, or huge: an understandable result, bounded memory, no crash. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { assertFailed, assertRight, call, RECEIVERS } from './support.js';

/** @typedef {import('../../js/types/scenario.d.ts').Archive} Archive */

const scenario = (/** @type {Archive} */ archive) => ({
  server: /** @type {const} */ ('ghes-3.19'),
  workflow: RECEIVERS.archive,
  archive,
});

/** @type {Archive[]} */
const READABLE = ['missingEntry', 'pathTraversal', 'wrongSize'];
for (const archive of READABLE) {
  test(`an archive with ${archive} is still searched`, async () => {
    assertRight(await call(scenario(archive)), 'log');
  });
}

/** @type {[Archive, string][]} */
const UNREADABLE = [
  ['truncated', 'the log archive cannot be read'],
  ['notAZip', 'the log archive cannot be read'],
  ['empty', 'no run showed'],
];
for (const [archive, words] of UNREADABLE) {
  test(`an archive that is ${archive} ends in an error that says so`, async () => {
    const ended = await call(scenario(archive), { workflow_timeout_seconds: '5' });
    assertFailed(ended, words);
    assert.equal(ended.dispatched.length, 1);
  });
}

test('an archive that inflates to half a gigabyte does not take the memory', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'return-dispatch-peak-'));
  try {
    const file = join(folder, 'peak');
    const hook = new URL('./peak-memory.js', import.meta.url).href;
    const env = { NODE_OPTIONS: `--import=${hook}`, PEAK_MEMORY_FILE: file };
    const ended = await call(scenario('bomb'), { workflow_timeout_seconds: '5' }, env);
    assertFailed(ended, 'no run showed');
    // It was searched to its end; its one file is not the log of every job.
    assert.match(ended.log, /archive is damaged: the logs of some jobs are missing/);
    const mebibytes = Number(readFileSync(file, 'utf8')) / 1024;
    // Node.js itself takes some 80.
    assert.ok(mebibytes > 20 && mebibytes < 250, `${mebibytes} MiB`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
