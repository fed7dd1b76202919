/** What cannot be, through the built action: one error that names the input and the remedy, and nothing dispatched. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { assertRefused, call, receiver } from './support.js';

const SHA = '0123456789abcdef0123456789abcdef01234567';
const many = (/** @type {number} */ n) =>
  JSON.stringify(Object.fromEntries(Array.from({ length: n }, (_, i) => [`k${i}`, i])));

/** @type {[Record<string, string>, string][]} */
const BAD = [
  [{ workflow_inputs: '{"a": 1, "b"}' }, 'workflow_inputs is neither JSON nor YAML'],
  [{ workflow_inputs: '{"a": {"b": 1}}' }, 'an object as the value of "a"'],
  [{ workflow_inputs: 'a:\n  b: 1' }, 'an object as the value of "a"'],
  [{ workflow_inputs: '["a"]' }, 'workflow_inputs is an array'],
  [{ workflow_inputs: '{"a": [1]}' }, 'an array as the value of "a"'],
  [{ workflow_inputs: '{"a": null}' }, 'null as the value of "a"'],
  [{ workflow_inputs: 'just text' }, 'workflow_inputs is a single value'],
  [{ workflow_inputs: many(26) }, 'workflow_inputs has 26 keys'],
  [{ workflow_inputs: JSON.stringify({ a: 'x'.repeat(65_536) }) }, '65536 characters'],
  [{ workflow_inputs: 'distinct_id: x' }, 'workflow_inputs sets "distinct_id"'],
  [{ workflow: '' }, 'workflow is missing'],
  [{ workflow: '.github/workflows/../x.yml' }, 'workflow ".github/workflows/../x.yml"'],
  [{ repo: 'octo/re ceiver' }, 'repo "re ceiver"'],
  [{ repo: '..' }, 'repo ".."'],
  [{ owner: 'a/b', repo: 'c' }, 'owner "a/b"'],
  [{ owner: 'other' }, 'repo names the owner "octo"'],
  [{ ref: SHA }, 'is a commit SHA'],
  [{ ref: 'a..b' }, 'ref "a..b"'],
  [{ ref: 'refs/pull/1/merge' }, 'github.head_ref'],
  [{ workflow_timeout_seconds: '5m' }, 'workflow_timeout_seconds "5m"'],
  [{ workflow_timeout_seconds: '0' }, 'workflow_timeout_seconds "0"'],
  [{ distinct_id: 'a b' }, 'distinct_id contains a space'],
  [{ distinct_id_input: 'a b' }, 'distinct_id_input "a b"'],
  [{ api_url: 'api.example' }, 'api_url "api.example"'],
  [{ token: '' }, 'token is empty'],
  [{ token: 'a b' }, 'token contains a space'],
];
test('bad input is refused before anything is sent', async () => {
  for (const [inputs, words] of BAD) {
    const ended = await call({ server: 'github.com' }, inputs);
    assertRefused(ended, words);
    assert.equal(ended.requests.length, 0, `${words}: nothing is sent`);
  }
});

test('no workflow name reaches another URL', async () => {
  for (const workflow of ['..', '../../../other/x', 'a b/../c.yml', 'größe', '%2e%2e', 'x?y#z']) {
    const ended = await call({ server: 'github.com' }, { workflow });
    assertRefused(ended, 'no workflow of the name');
    for (const { path } of ended.requests) {
      assert.match(path, /^\/repos\/octo\/receiver\/actions\/workflows\?/);
    }
  }
});

test('a display name that two workflows have lists both files', async () => {
  const workflows = ['a.yml', 'b.yml'].map((file) => ({ ...receiver(), file, name: 'Build' }));
  const ended = await call({ server: 'github.com', workflows }, { workflow: 'Build' });
  assertRefused(ended, '.github/workflows/a.yml', '.github/workflows/b.yml');
});

test('what the server refuses is explained', async () => {
  const cannotWrite = { tokens: [{ token: 'ghs_simulated', canWrite: false }] };
  const cannotRead = { tokens: [{ token: 'ghs_simulated', canRead: false }] };
  /** @type {[object, Record<string, string>, ...string[]][]} */
  const cases = [
    [{}, { token: 'ghs_wrong' }, '401', 'expired or revoked'],
    [cannotWrite, {}, '403', 'actions: write'],
    [cannotRead, {}, '404', 'may see octo/receiver'],
    [{}, { workflow: 'gone.yml' }, '404', 'gone.yml'],
    [{}, { ref: 'gone' }, '422', 'No ref found for: gone', 'no such branch or tag'],
    [{}, { workflow_inputs: 'colour: red' }, '422', 'colour', 'workflow_inputs'],
  ];
  for (const server of /** @type {const} */ (['github.com', 'ghes-3.19'])) {
    for (const [scenario, inputs, ...words] of cases) {
      assertRefused(await call({ server, ...scenario }, inputs), ...words);
    }
  }
});

test('an older server and a receiver without distinct_id: nothing is dispatched, and what to add is said', async () => {
  for (const server of /** @type {const} */ (['ghes-3.19', 'ghes-3.20'])) {
    const ended = await call({ server, workflow: receiver({ inputs: {} }) });
    const step = `{ run: echo "$ID", env: { ID: "\${{ inputs.distinct_id }}" } }`;
    assertRefused(ended, 'Nothing was dispatched', step);
  }
});

test('a server that is not there', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  await new Promise((resolve) => server.close(resolve));
  const inputs = { api_url: `http://127.0.0.1:${port}`, workflow_timeout_seconds: '8' };
  const ended = await call({ server: 'github.com' }, inputs);
  assertRefused(ended, 'ECONNREFUSED', 'Check api_url', 'Nothing was dispatched');
});

test('outputs that cannot be written are found out before anything is dispatched', async () => {
  const env = { GITHUB_OUTPUT: join(tmpdir(), 'no-such-folder', 'output') };
  const ended = await call({ server: 'github.com' }, {}, env);
  assertRefused(ended, 'no-such-folder');
});

test('text from outside cannot give the runner commands', async () => {
  const body = JSON.stringify({ message: 'no', errors: ['a\n::set-output name=run_id::666'] });
  /** @type {import('./support.js').Fault[]} */
  const faults = [{ method: 'POST', effect: { type: 'answer', status: 422, body } }];
  const ended = await call({ server: 'github.com', faults });
  assertRefused(ended, 'set-output');
  assert.doesNotMatch(ended.log, /^::set-output/m);
});
