/** Large logs: reading stops where the ID stands, and whatever their length, they do not take the memory. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { archive, plain, startStore } from './log-store.js';
import {
  assertFailed,
  assertRight,
  call,
  GENERATES_KNOWN_ID,
  KNOWN_ID,
  RECEIVERS,
} from './support.js';

/** @typedef {import('../../js/types/scenario.d.ts').Fault} Fault */

const LINE = `2026-01-01T00:00:00.0000000Z ${KNOWN_ID}`;

/** @type {Fault} */
const NO_LOGS_OF_JOBS = {
  method: 'GET',
  pathContains: '/actions/jobs/',
  times: null,
  effect: { type: 'answer', status: 404, body: '{"message":"Not Found"}' },
};

/**
 * What a long log may take beyond a short one, in MiB. Node.js frees what was received only when some amount of it has
 * gathered, however long the log is: up to 40 MiB in Node.js 20, 90 in Node.js 24 (`process.memoryUsage().arrayBuffers`).
 */
const GARBAGE = 128;

/** How many bytes are taken from a store, at most, where the ID stands on the first line. */
const MOST_TAKEN = 512 * 1024;

const KINDS = {
  'a log': { make: plain, workflow: RECEIVERS.log, faults: [] },
  'an archive': { make: archive, workflow: RECEIVERS.archive, faults: [NO_LOGS_OF_JOBS] },
};

/**
 * A call whose run has such a log.
 *
 * @param {keyof typeof KINDS} kind
 * @param {number} mebibytes
 * @param {{ first?: string, last?: string }} lines
 * @param {boolean} hasRanges
 * @param {Record<string, string>} [inputs]
 */
async function callWith(kind, mebibytes, lines, hasRanges, inputs = {}) {
  const { make, workflow, faults } = KINDS[kind];
  const store = await startStore(make(mebibytes, lines), { hasRanges });
  const folder = mkdtempSync(join(tmpdir(), 'return-dispatch-peak-'));
  try {
    const files = {
      PEAK_MEMORY_FILE: join(folder, 'peak'),
      RECEIVED_BYTES_FILE: join(folder, 'received'),
    };
    const hooks = ['./peak-memory.js', './received-bytes.js'].map(
      (path) => `--import=${new URL(path, import.meta.url).href}`,
    );
    const ended = await call(
      { server: 'ghes-3.19', workflow, faults: [...faults, store.fault] },
      { workflow_timeout_seconds: '300', ...inputs },
      { NODE_OPTIONS: [...hooks, GENERATES_KNOWN_ID].join(' '), ...files },
    );
    return {
      ended,
      peak: Number(readFileSync(files.PEAK_MEMORY_FILE, 'utf8')) / 1024,
      length: store.length,
      written: store.written(),
      received: JSON.parse(readFileSync(files.RECEIVED_BYTES_FILE, 'utf8'))[store.port],
      requests: store.requests(),
    };
  } finally {
    store.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

for (const kind of /** @type {(keyof typeof KINDS)[]} */ (Object.keys(KINDS))) {
  for (const hasRanges of [true, false]) {
    const store = hasRanges ? 'a store with ranges' : 'a store without ranges';

    test(`of 64 MiB in ${kind} from ${store}, what is behind the ID is not fetched`, async (t) => {
      const { ended, received, written, length } = await callWith(
        kind,
        64,
        { first: LINE },
        hasRanges,
      );
      assertRight(ended, 'log');
      assert.ok(length > 16 * 2 ** 20, `it has ${length} bytes`);
      const [taken, left] = [received, written].map((bytes) => `${Math.ceil(bytes / 1024)} KiB`);
      t.diagnostic(`${taken} were taken, ${left} had left the store`);
      assert.ok(received > LINE.length && received <= MOST_TAKEN, `${received} bytes`);
      assert.ok(written < length, 'the store was not asked to stop');
    });

    test(`1 GiB in ${kind} from ${store} takes no more memory than 1 MiB`, async (t) => {
      const small = await callWith(kind, 1, { last: LINE }, hasRanges);
      assertRight(small.ended, 'log');
      const large = await callWith(kind, 1024, { last: LINE }, hasRanges);
      assertRight(large.ended, 'log');
      assert.ok(large.received >= large.length - 2 ** 20, 'it was read to its last line');
      t.diagnostic(
        `${large.peak.toFixed(0)} MiB, and ${small.peak.toFixed(0)} MiB; ${large.requests} requests to the store`,
      );
      assert.ok(
        small.peak > 20 && large.peak < small.peak + GARBAGE,
        `${small.peak}, ${large.peak} MiB`,
      );
    });
  }
}

for (const hasRanges of [true, false]) {
  test(`an archive ${hasRanges ? 'with' : 'without'} ranges that does not show the ID is searched once`, async () => {
    const { ended, received, length } = await callWith('an archive', 32, {}, hasRanges, {
      workflow_timeout_seconds: '6',
    });
    assertFailed(ended, 'no run showed');
    assert.ok(!ended.log.includes('damaged'), ended.log);
    assert.ok(received >= length && received < length * 1.5, `${received} of ${length} bytes`);
  });
}
