/** The embedded Gitea beside a real one: the same requests, and what of their answers a client can go by. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startGitHub } from '../../dist/simulator/index.js';
import { startGitea } from './gitea/start.js';

/**
 * @typedef {object} Side one of the two servers
 * @property {string} name
 * @property {string} apiUrl
 * @property {string} token
 * @property {Map<string, number>} ids what is called by which name in paths, as `{run}`
 *
 * @typedef {object} Asked
 * @property {string} [method]
 * @property {string} path below `/api/v1`
 * @property {unknown} [body] sent as JSON
 * @property {string | null} [token] another one, or none
 * @property {Record<string, string>} [headers]
 * @property {'text'} [text] of bodies that are no JSON, only that they are none is compared
 */

const WORKFLOW = `name: Receiver
run-name: Deploy [\${{ inputs.distinct_id }}]
on:
  workflow_dispatch:
    inputs:
      distinct_id: {}
jobs:
  announce:
    runs-on: ubuntu-latest
    steps:
      - name: announce
        run: echo "\${{ inputs.distinct_id }}"; sleep 8
  after:
    needs: announce
    runs-on: ubuntu-latest
    steps:
      - run: 'true'
`;

const PLAIN = `name: Plain
on: workflow_dispatch
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - run: 'true'
`;

/** @type {Parameters<typeof startGitHub>[0]} */
const SCENARIO = {
  server: /** @type {'gitea'} */ (process.env.RETURN_DISPATCH_GITEA_PROFILE),
  repositories: [
    {
      owner: 'octo',
      name: 'receiver',
      tags: ['v1'],
      workflows: [
        {
          file: 'ci.yml',
          name: 'Receiver',
          runName: 'Deploy [${{ inputs.distinct_id }}]',
          inputs: { distinct_id: {} },
          jobs: [
            {
              name: 'announce',
              steps: [
                {
                  name: 'announce',
                  run: 'echo "${{ inputs.distinct_id }}"; sleep 8',
                  prints: ['${{ inputs.distinct_id }}'],
                  seconds: 8,
                },
              ],
            },
            { name: 'after', needs: ['announce'], steps: [{ run: 'true' }] },
          ],
        },
        {
          file: 'off.yml',
          name: 'Plain',
          state: 'disabled_manually',
          jobs: [{ name: 'build', steps: [{ run: 'true' }] }],
        },
      ],
    },
  ],
};

/** @type {Awaited<ReturnType<typeof startGitea>>} */
let gitea;
/** @type {Awaited<ReturnType<typeof startGitHub>>} */
let embedded;
/** @type {[Side, Side]} */
let sides;

before(async () => {
  gitea = await startGitea();
  await gitea.createRepository('receiver', {
    '.github/workflows/ci.yml': WORKFLOW,
    '.github/workflows/off.yml': PLAIN,
  });
  await gitea.api('POST', '/repos/octo/receiver/tags', { body: { tag_name: 'v1' } });
  await gitea.setWorkflowEnabled('receiver', 'off.yml', false);
  embedded = await startGitHub(SCENARIO);
  const user = ['write:repository', 'read:user'];
  sides = [
    {
      name: 'real',
      apiUrl: gitea.apiUrl,
      token: await gitea.createToken('octo', user),
      ids: new Map(),
    },
    {
      name: 'embedded',
      apiUrl: embedded.apiUrl,
      token: 'ghs_simulated',
      ids: new Map(),
    },
  ];
});
after(() => Promise.all([gitea.stop(), embedded?.stop()]));

/**
 * @param {Side} side
 * @param {Asked} asked
 */
async function ask(side, { method = 'GET', path, body, token = side.token, headers = {} }) {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name) => String(side.ids.get(name)));
  const response = await fetch(`${side.apiUrl}${filled}`, {
    method,
    headers: {
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  return { status: response.status, headers: response.headers, body: await response.text() };
}

/** What clients go by; of the others it does not matter whether they are there. */
const HEADERS = [
  'accept-ranges',
  'allow',
  'content-disposition',
  'content-range',
  'content-type',
  'date',
  'etag',
  'link',
  'location',
  'retry-after',
  'x-github-enterprise-version',
  'x-ratelimit-remaining',
  'x-total-count',
];

/** Headers whose values are compared, and not only whether they are there. */
const BY_VALUE = new Map([
  ['accept-ranges', (/** @type {string} */ value) => value],
  ['content-type', (/** @type {string} */ value) => value.replace(/\s/g, '').toLowerCase()],
  [
    'link',
    (/** @type {string} */ value) =>
      [...value.matchAll(/rel="(\w+)"/g)].map(([, rel]) => rel).join(),
  ],
  ['x-total-count', (/** @type {string} */ value) => value],
]);

/** @param {Headers} headers */
function headersOf(headers) {
  return Object.fromEntries(
    HEADERS.map((name) => {
      const value = headers.get(name);
      return [name, value === null ? null : (BY_VALUE.get(name)?.(value) ?? 'there')];
    }),
  );
}

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/;

/**
 * What a value is made of: the names of an object's fields, the shapes of a list's elements taken together, and of a
 * text whether it is a time or an address.
 *
 * @param {unknown} value
 * @returns {unknown}
 */
function shape(value) {
  if (Array.isArray(value)) {
    const shapes = new Set(value.map((element) => JSON.stringify(shape(element))));
    return [...shapes].sort().map((element) => JSON.parse(element));
  }
  if (value !== null && typeof value === 'object') {
    const fields = Object.entries(value).map(([name, field]) => [name, shape(field)]);
    return Object.fromEntries(fields.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)));
  }
  if (typeof value !== 'string') return value === null ? null : typeof value;
  if (TIME.test(value)) return 'time';
  return /^https?:/.test(value) ? 'address' : 'text';
}

/** Values that are the same on both sides, wherever they stand. */
const SAME = [
  'attempt',
  'conclusion',
  'default_branch',
  'display_title',
  'event',
  'full_name',
  'head_branch',
  'labels',
  'message',
  'name',
  'path',
  'run_attempt',
  'state',
  'status',
  'total_count',
];

/**
 * @param {unknown} value
 * @returns {unknown[]} the values of these fields, in the order of their names, down to the third level
 */
function values(value, depth = 0) {
  if (depth > 3 || value === null || typeof value !== 'object') return [];
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return fields.flatMap(([name, field]) => {
    const own = SAME.includes(name) && typeof field !== 'object' ? [[name, field]] : [];
    return [...own, ...values(field, depth + 1)];
  });
}

/**
 * Asks both, and compares.
 *
 * @param {Asked} asked
 */
async function compare(asked) {
  const [real, own] = await Promise.all(sides.map((side) => ask(side, asked)));
  assert.ok(real && own);
  const said = `real: ${real.body.slice(0, 1000)}\nembedded: ${own.body.slice(0, 1000)}`;
  assert.equal(own.status, real.status, said);
  assert.deepEqual(headersOf(own.headers), headersOf(real.headers), said);
  if (asked.text || !real.headers.get('content-type')?.includes('json')) {
    assert.equal(own.body.length > 0, real.body.length > 0, said);
    return;
  }
  const [theirs, ours] = [JSON.parse(real.body), JSON.parse(own.body)];
  assert.deepEqual(shape(ours), shape(theirs), said);
  assert.deepEqual(values(ours), values(theirs), said);
}

const REPOSITORY = '/repos/octo/receiver';
const DISPATCHES = `${REPOSITORY}/actions/workflows/ci.yml/dispatches`;

describe('before anything is dispatched', () => {
  for (const path of [
    '/version',
    REPOSITORY,
    '/repos/octo/none',
    '/repos/nobody/none',
    `${REPOSITORY}/actions/workflows`,
    `${REPOSITORY}/actions/workflows/ci.yml`,
    `${REPOSITORY}/actions/workflows/none.yml`,
    `${REPOSITORY}/actions/runs`,
    `${REPOSITORY}/actions/runs/99999999`,
    `${REPOSITORY}/actions/runs/99999999/jobs`,
    `${REPOSITORY}/actions/jobs/99999999/logs`,
    `${REPOSITORY}/actions/runs/99999999/logs`,
    `${REPOSITORY}/actions/workflows/ci.yml/runs`,
    `${REPOSITORY}/actions/workflows/none.yml/runs`,
    `${REPOSITORY}/contents/.github/workflows/none.yml?ref=main`,
    `${REPOSITORY}/contents/.github/workflows/ci.yml?ref=none`,
    '/nothing',
    '/rate_limit',
  ]) {
    test(`GET ${path}`, () => compare({ path }));
  }
  test('a file', () =>
    compare({ path: `${REPOSITORY}/contents/.github/workflows/ci.yml?ref=main` }));
  test('a file at a tag', () =>
    compare({ path: `${REPOSITORY}/contents/.github/workflows/ci.yml?ref=v1` }));
  test('the text of a file', () =>
    compare({ path: `${REPOSITORY}/raw/.github/workflows/ci.yml?ref=main`, text: 'text' }));
  test('the text of a file that is not there', () =>
    compare({ path: `${REPOSITORY}/raw/.gitea/workflows/ci.yml?ref=main` }));
  test('who is asking', () => compare({ path: '/user' }));
  test('a wrong token', () => compare({ path: REPOSITORY, token: 'wrong' }));
  for (const path of ['cancel', 'force-cancel']) {
    test(`POST ${path}`, () =>
      compare({ method: 'POST', path: `${REPOSITORY}/actions/runs/99999999/${path}` }));
  }
});

describe('a dispatch is refused', () => {
  /** @type {Record<string, Asked>} */
  const refused = {
    'a bare tag': { path: DISPATCHES, body: { ref: 'v1' } },
    'a commit': { path: DISPATCHES, body: { ref: '0123456789abcdef0123456789abcdef01234567' } },
    'no ref': { path: DISPATCHES, body: { inputs: {} } },
    'a number as input': { path: DISPATCHES, body: { ref: 'main', inputs: { distinct_id: 7 } } },
    'a missing workflow': {
      path: `${REPOSITORY}/actions/workflows/none.yml/dispatches`,
      body: { ref: 'main' },
    },
    'a path': {
      path: `${REPOSITORY}/actions/workflows/.github%2Fworkflows%2Fci.yml/dispatches`,
      body: { ref: 'main' },
    },
    'a disabled workflow': {
      path: `${REPOSITORY}/actions/workflows/off.yml/dispatches`,
      body: { ref: 'main' },
    },
    'a missing repository': {
      path: '/repos/octo/none/actions/workflows/ci.yml/dispatches',
      body: { ref: 'main' },
    },
    'a wrong token': { path: DISPATCHES, body: { ref: 'main' }, token: 'wrong' },
  };
  for (const [name, asked] of Object.entries(refused)) {
    test(name, () => compare({ method: 'POST', ...asked }));
  }
});

/**
 * Waits until both say this of the run.
 *
 * @param {(run: any, jobs: any[]) => boolean} condition
 */
async function until(condition) {
  await Promise.all(
    sides.map(async (side) => {
      for (const began = Date.now(); ; await sleep(100)) {
        const run = JSON.parse(
          (await ask(side, { path: `${REPOSITORY}/actions/runs/{run}` })).body,
        );
        const jobs = await ask(side, { path: `${REPOSITORY}/actions/runs/{run}/jobs` });
        if (condition(run, JSON.parse(jobs.body).jobs)) return;
        assert.ok(Date.now() < began + 60_000, `${side.name}: ${JSON.stringify(run)}`);
      }
    }),
  );
}

/** Compares the run, its jobs, and the list. */
async function compareRun() {
  await compare({ path: `${REPOSITORY}/actions/runs/{run}` });
  await compare({ path: `${REPOSITORY}/actions/runs/{run}/jobs` });
  await compare({ path: `${REPOSITORY}/actions/runs?event=workflow_dispatch&limit=50&page=1` });
}

test('a run, from its dispatch to its end', async (t) => {
  const inputs = { distinct_id: 'release-1', undeclared: 'x' };
  const asking = `${DISPATCHES}?return_run_details=true`;
  await Promise.all(
    sides.map(async (side) => {
      const answer = await ask(side, {
        method: 'POST',
        path: asking,
        body: { ref: 'main', inputs, return_run_info: true },
      });
      assert.equal(answer.status, 200, answer.body);
      side.ids.set('run', JSON.parse(answer.body).workflow_run_id);
    }),
  );

  await t.test('while it runs', async () => {
    await until((run, jobs) => run.status === 'in_progress' && jobs.length === 2);
    await sleep(3_000);
    for (const side of sides) {
      const jobs = await ask(side, { path: `${REPOSITORY}/actions/runs/{run}/jobs` });
      const [first, second] = JSON.parse(jobs.body).jobs;
      side.ids.set('job', first.id).set('later', second.id);
    }
    await compareRun();
    const path = `${REPOSITORY}/actions/jobs/{job}/logs`;
    await compare({ path, text: 'text' });
    await compare({ path, headers: { range: 'bytes=0-' }, text: 'text' });
    await compare({ path, headers: { range: 'bytes=5-9' }, text: 'text' });
    await compare({ path, headers: { range: 'bytes=999999-' }, text: 'text' });
    await compare({ path: `${REPOSITORY}/actions/jobs/{later}/logs` });
  });

  await t.test('when it has ended', async () => {
    await until(
      (run, jobs) =>
        run.status === 'completed' && jobs.every(({ status }) => status === 'completed'),
    );
    await compareRun();
    for (const side of sides) {
      const log = await ask(side, { path: `${REPOSITORY}/actions/jobs/{job}/logs` });
      assert.match(log.body, /^\d{4}-\d\d-\d\dT[\d:]+\.\d{7}Z release-1$/m, side.name);
    }
  });
});

test('a dispatch that is answered without its run', async () => {
  for (const query of ['', '?return_run_details=false']) {
    await compare({
      method: 'POST',
      path: `${DISPATCHES}${query}`,
      body: { ref: 'refs/tags/v1', return_run_details: true },
    });
  }
});

describe('lists', () => {
  // Whichever of them a runner has taken by now.
  before(async () => {
    for (const side of sides) {
      for (const began = Date.now(); ; await sleep(200)) {
        const list = await ask(side, { path: `${REPOSITORY}/actions/runs` });
        /** @type {{ status: string }[]} */
        const runs = JSON.parse(list.body).workflow_runs;
        if (runs.every(({ status }) => status === 'completed')) break;
        assert.ok(Date.now() < began + 60_000, list.body);
      }
    }
  });

  for (const query of [
    'limit=1',
    'limit=1&page=2',
    'limit=2&page=2',
    'limit=50&page=7',
    'per_page=1',
    'event=nonsense',
    'event=push',
    'branch=main',
    'branch=none',
    'status=nonsense',
    'created=%3E%3D2040-01-01T00:00:00Z',
  ]) {
    test(query, () => compare({ path: `${REPOSITORY}/actions/runs?${query}` }));
  }

  test('of one workflow', () =>
    compare({ path: `${REPOSITORY}/actions/workflows/ci.yml/runs?limit=2` }));
});
