/** Exactly the run that was dispatched, through the built action. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  assertFailed,
  assertRight,
  CLUES,
  call,
  countRequests,
  GENERATES_KNOWN_ID,
  KNOWN_ID,
  RECEIVERS,
  receiver,
} from './support.js';

/** @typedef {import('./support.js').Server} Server */

const STYLES = /** @type {(keyof typeof RECEIVERS)[]} */ (Object.keys(RECEIVERS));
/** @type {Server[]} */
const NEWER = ['github.com', 'ghes-3.21'];
/** @type {Server[]} */
const OLDER = ['ghes-3.19', 'ghes-3.20'];
const ID = `\${{ inputs.distinct_id }}`;

for (const server of NEWER) {
  test(`${server} names the run in its answer to the one request`, async () => {
    const ended = await call({ server });
    assertRight(ended, 'response');
    assert.equal(ended.requests.length, 1);
  });

  test(`${server}: a receiver without distinct_id costs a second request, not a second run`, async () => {
    const ended = await call({ server, workflow: receiver({ inputs: {} }) });
    assertRight(ended, 'response');
    assert.equal(ended.requests.length, 2);
  });
}

for (const server of OLDER) {
  for (const style of STYLES) {
    test(`${server}: a receiver that shows the ID in its ${style} is found soon after that is visible`, async () => {
      const ended = await call({ server, workflow: RECEIVERS[style] });
      assertRight(ended, CLUES[style]);
      // Within a second, exact in virtual time (tests/identification.rs); here other tests run at the same time.
      const late = ended.identifiedAt - (ended.visibleAt ?? Number.NaN);
      assert.ok(late < 2000, `${late} ms after the clue was visible`);
    });
  }
}

for (const style of STYLES) {
  test(`200 other runs before and after make no difference to a receiver that shows the ID in its ${style}`, async () => {
    const crowd = { before: 200, after: 200, spreadSeconds: 0.3 };
    const ended = await call({ server: 'ghes-3.19', workflow: RECEIVERS[style], crowd });
    assertRight(ended, CLUES[style]);
    assert.equal(ended.runs.length, 401);
  });

  for (const clockSkewSeconds of [-900, 900]) {
    test(`a server's clock that is off by ${clockSkewSeconds} s makes no difference (${style})`, async () => {
      const ended = await call({
        server: 'ghes-3.20',
        workflow: RECEIVERS[style],
        clockSkewSeconds,
      });
      assertRight(ended, CLUES[style]);
    });
  }
}

test('an ID is not in a longer word', async () => {
  for (const style of STYLES) {
    const crowd = { before: 1, after: 1, inputs: { distinct_id: `${KNOWN_ID}2` } };
    const workflow = RECEIVERS[style];
    const env = { NODE_OPTIONS: GENERATES_KNOWN_ID };
    const ended = await call({ server: 'ghes-3.19', workflow, crowd }, {}, env);
    assertRight(ended, CLUES[style]);
    assert.equal(ended.outputs.distinct_id, KNOWN_ID);
  }
});

/** @type {[string, string, Parameters<typeof receiver>[0]][]} */
const WAYS = [
  ['an unquoted echo', 'step', { step: { name: null, run: `echo ${ID}`, prints: [ID] } }],
  [
    'echo "ID: …"',
    'step',
    { step: { name: null, run: `echo "ID: ${ID}"`, prints: [`ID: ${ID}`] } },
  ],
  ['a line of a script’s output', 'log', { step: { prints: [`[${ID}] starting…`] } }],
  ['run-name: Deploy [<id>]', 'title', { runName: `Deploy [${ID}]` }],
  ['a step named with it', 'step', { step: { name: `return-dispatch ${ID}` } }],
];
for (const [way, by, shown] of WAYS) {
  test(`a receiver is found by ${way}`, async () => {
    assertRight(await call({ server: 'ghes-3.19', workflow: receiver(shown) }), by);
  });
}

test('a child that passes its ID on to a grandchild of the same workflow is still the one', async () => {
  // The grandchild is done before the child that waits for it.
  const dispatches = { workflow: 'ci.yml', inputs: { distinct_id: ID, leaf: 'yes' } };
  const workflow = {
    ...receiver({ inputs: { distinct_id: {}, leaf: {} } }),
    jobs: [
      {
        name: 'announce',
        steps: [
          { name: 'a', run: 'x', prints: [ID], seconds: 0.2 },
          { name: 'pass on', run: 'gh workflow run', dispatches, seconds: 3 },
        ],
      },
    ],
  };
  assertRight(await call({ server: 'ghes-3.19', workflow }), 'log');
});

test('the caller’s own run is never a candidate', async () => {
  const existingRuns = [
    { id: 4711, workflow: 'ci.yml', createdAt: 0, inputs: { distinct_id: KNOWN_ID } },
  ];
  const ended = await call(
    { server: 'ghes-3.19', workflow: RECEIVERS.title, existingRuns },
    {},
    { GITHUB_RUN_ID: '4711', NODE_OPTIONS: GENERATES_KNOWN_ID },
  );
  assertRight(ended, 'title');
});

test('a supplied ID that two runs show is an error that names both', async () => {
  for (const style of STYLES) {
    const ended = await call(
      {
        server: 'ghes-3.19',
        workflow: RECEIVERS[style],
        crowd: { before: 1, spreadSeconds: 0.1, inputs: { distinct_id: 'abc-1' } },
      },
      { distinct_id: 'abc-1', workflow_timeout_seconds: '200' },
    );
    assertFailed(ended, ...ended.runs.map((run) => String(run.id)), 'abc-1');
    assert.match(ended.log, /^::warning::Another call may have the same distinct_id/m);
    assert.equal(ended.runs.length, 2);
  }
});

test('JSON and YAML inputs arrive as they were written', async () => {
  const workflow = receiver({ inputs: { distinct_id: {}, environment: {}, region: {} } });
  for (const workflow_inputs of [
    '{"environment": "a b", "region": "eu"}',
    'environment: a b\nregion: eu\n',
    // In YAML, space in front means something.
    '  environment: a b\n  region: eu\n',
    "{environment: 'a b', region: eu}",
  ]) {
    const ended = await call({ server: 'github.com', workflow }, { workflow_inputs });
    assertRight(ended, 'response');
    assert.equal(ended.dispatched[0]?.inputs.environment, 'a b');
    assert.equal(ended.dispatched[0]?.inputs.region, 'eu');
    assert.ok(!ended.log.includes('a b'), 'values are not printed');
  }
});

test('without a ref, the default branch is looked up', async () => {
  const ended = await call({ server: 'github.com' }, { ref: '' });
  assertRight(ended, 'response');
  assert.equal(ended.requests.length, 2);
  assert.equal(countRequests(ended, 'POST'), 1);
});

test('a file is that file: ci.yml is not nightly-ci.yml, 01-build.yml is not workflow 1', async () => {
  const named = (/** @type {string} */ file, /** @type {number} */ id) => ({
    ...receiver(),
    file,
    id,
  });
  const workflows = [named('nightly-ci.yml', 1), named('ci.yml', 2), named('01-build.yml', 3)];
  for (const [workflow, file] of [
    ['ci.yml', 'ci.yml'],
    ['.github/workflows/ci.yml', 'ci.yml'],
    ['01-build.yml', '01-build.yml'],
    ['1', 'nightly-ci.yml'],
  ]) {
    const ended = await call({ server: 'github.com', workflows }, { workflow: workflow ?? '' });
    assertRight(ended, 'response');
    assert.equal(ended.dispatched[0]?.workflow, file);
  }
});
