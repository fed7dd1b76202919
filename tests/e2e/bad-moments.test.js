/** What passes by itself, through the built action: it is waited for, and the log says why. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { assertFailed, assertRight, call, RECEIVERS } from './support.js';

/**
 * @typedef {import('./support.js').Fault} Fault
 * @typedef {import('./support.js').Effect} Effect
 */

const body = JSON.stringify({ message: 'slow down' });

test('a rate limit is waited for as long as the server says', async () => {
  /** @type {Effect} */
  const effect = { type: 'answer', status: 429, headers: { 'retry-after': '2' }, body };
  const ended = await call({ server: 'github.com', faults: [{ method: 'POST', effect }] });
  assertRight(ended, 'response');
  assert.match(ended.log, /^Trying again: could not dispatch ci.yml at main: 429 slow down$/m);
  assert.match(ended.log, /^Waiting \d+\.\d s: the server asks for it \(429\)$/m);
  const [first, second] = ended.requests.map(({ at }) => at);
  assert.ok(Number(second) - Number(first) >= 2_000, `${first} ${second}`);
});

test('what is looked up before the dispatch is asked for again', async () => {
  /** @type {Effect} */
  const page = { type: 'answer', status: 502, body: '<html>Bad gateway</html>' };
  const faults = [{ method: 'GET', times: 2, effect: page }];
  const ended = await call({ server: 'github.com', faults }, { ref: '' });
  assertRight(ended, 'response');
  assert.match(ended.log, /^Trying again: could not look up the default branch: 502/m);
});

test('a dispatch whose connection breaks is found, and not repeated', async () => {
  /** @type {Fault[]} */
  const faults = [{ method: 'POST', acted: true, effect: { type: 'reset' } }];
  const ended = await call({ server: 'github.com', workflow: RECEIVERS.title, faults });
  assertRight(ended, 'title');
  assert.match(ended.log, /^::warning::The dispatch got no clear answer \(/m);
});

test('a run with a supplied ID is not taken for that of a dispatch whose connection breaks', async () => {
  /** @type {Fault[]} */
  const faults = [{ method: 'POST', acted: true, effect: { type: 'reset' } }];
  const inputs = { distinct_id: 'abc-1', workflow_timeout_seconds: '5' };
  const ended = await call({ server: 'github.com', workflow: RECEIVERS.title, faults }, inputs);
  assertFailed(ended, 'not certain whose run', String(ended.dispatched[0]?.id));
});

test('a server that comes up late is waited for', async () => {
  // Its port is known and closed: somebody else has it for a moment.
  const placeholder = createServer().listen(0, '127.0.0.1');
  await once(placeholder, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (placeholder.address());
  await new Promise((resolve) => placeholder.close(resolve));
  const late = createServer((socket) =>
    socket.end('HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\n\r\n'),
  );
  const timer = setTimeout(() => late.listen(port, '127.0.0.1'), 2_000);
  try {
    const inputs = { api_url: `http://127.0.0.1:${port}`, workflow_timeout_seconds: '30' };
    const ended = await call({ server: 'github.com' }, inputs);
    assertFailed(ended, '401', 'expired or revoked');
    assert.match(ended.log, /^Trying again: .*ECONNREFUSED/m);
  } finally {
    clearTimeout(timer);
    late.close();
  }
});
