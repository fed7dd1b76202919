/** The token: masked first of all, and nowhere else. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { call, receiver, TOKEN } from './support.js';

/** @param {import('./support.js').Ended} ended */
function assertKept(ended) {
  const [first, ...rest] = ended.log.split('\n');
  assert.equal(first, `::add-mask::${TOKEN}`);
  assert.ok(!rest.join('\n').includes(TOKEN), ended.log);
  assert.ok(!ended.files.includes(TOKEN));
  assert.ok(ended.log.includes('::debug::'), 'debug output was looked at as well');
  for (const request of ended.requests) {
    const headers = JSON.stringify(request.headers);
    assert.equal(headers.includes(TOKEN), request.origin === 'api', request.path);
    assert.ok(!request.path.includes(TOKEN));
  }
}

test('in a call that succeeds, the token goes to the API alone', async () => {
  for (const server of /** @type {const} */ (['github.com', 'ghes-3.19'])) {
    const ended = await call({ server });
    assert.equal(ended.code, 0, ended.log);
    assertKept(ended);
  }
});

test('in a call that reads archives, too', async () => {
  const workflow = receiver({
    step: { prints: [`\${{ inputs.distinct_id }}`] },
    logs: 'missing',
    last: 0.2,
  });
  const ended = await call({ server: 'ghes-3.20', workflow });
  assert.equal(ended.code, 0, ended.log);
  assert.ok(ended.requests.some((request) => request.origin === 'logs'));
  assertKept(ended);
});

test('in calls that fail, too', async () => {
  /** @type {Parameters<typeof call>[0][]} */
  const scenarios = [
    { tokens: [{ token: TOKEN, canWrite: false }] },
    {
      faults: [
        { method: 'POST', effect: { type: 'answer', status: 422, body: '{"message":"no"}' } },
      ],
    },
    { faults: [{ method: 'POST', effect: { type: 'reset' } }] },
  ];
  for (const scenario of scenarios) {
    const ended = await call(
      { server: 'github.com', ...scenario },
      { workflow_timeout_seconds: '8' },
    );
    assert.equal(ended.code, 1, ended.log);
    assertKept(ended);
  }
});

test('a redirect to another server does not take the token along', async () => {
  const location = 'http://127.0.0.1:9/';
  /** @type {import('./support.js').Effect} */
  const effect = { type: 'answer', status: 307, headers: { location }, body: '' };
  const faults = [{ method: 'POST', effect }];
  const inputs = { workflow_timeout_seconds: '5' };
  const ended = await call({ server: 'github.com', faults }, inputs);
  assert.equal(ended.code, 1);
  assert.match(ended.log, /where the token must not go/);
  assert.equal(ended.dispatched.length, 0);
  assertKept(ended);
});
