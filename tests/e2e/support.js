/** The built action, as a process of its own, against the embedded GitHub. */
import assert from 'node:assert/strict';
import { startGitHub } from '../../dist/simulator/index.js';
import { runAction } from '../../js/runner.js';

/** The Node.js under test: `npm test` runs these tests once for each that it knows. */
export const NODE = process.env.RETURN_DISPATCH_NODE ?? process.execPath;

export const TOKEN = 'ghs_simulated';

/** The distinct ID that is generated where known-id.js is loaded. */
export const KNOWN_ID = 'aaaaaaaa-aaaa-4aaa-aaaa-aaaaaaaaaaaa';
/** An option of Node.js that loads it. */
export const GENERATES_KNOWN_ID = `--import=${new URL('./known-id.js', import.meta.url).href}`;

const ID = `\${{ inputs.distinct_id }}`;

/**
 * @typedef {import('../../js/types/scenario.d.ts').Workflow} Workflow
 * @typedef {import('../../js/types/scenario.d.ts').Step} Step
 * @typedef {import('../../js/types/scenario.d.ts').Logs} Logs
 * @typedef {import('../../js/types/scenario.d.ts').Server} Server
 * @typedef {import('../../js/types/scenario.d.ts').Fault} Fault
 * @typedef {import('../../js/types/scenario.d.ts').Effect} Effect
 * @typedef {import('../../dist/simulator/index.js').GitHubOptions} Options
 */

/** Ways of showing the distinct ID, by what identifies the run then. */
export const RECEIVERS = {
  title: receiver({ runName: `Deploy [${ID}]` }),
  step: receiver({ step: { name: `call ${ID}` } }),
  log: receiver({ step: { prints: [`ID: ${ID}`] } }),
  archive: receiver({ step: { prints: [ID] }, logs: 'missing', last: 0.2 }),
};

/** What `identified_by` says for each of them. */
export const CLUES = { title: 'title', step: 'step', log: 'log', archive: 'log' };

/**
 * A receiver `ci.yml` of two jobs, the first of which shows the ID, or does not.
 *
 * @param {{ runName?: string, step?: Step, logs?: Logs, last?: number, inputs?: Workflow['inputs'] }} [shown]
 * @returns {Workflow}
 */
export function receiver({ runName, step = {}, logs = 'available', last = 20, inputs } = {}) {
  return {
    file: 'ci.yml',
    name: 'CI',
    inputs: inputs ?? { distinct_id: {}, environment: {} },
    ...(runName === undefined ? {} : { runName }),
    listingDelay: 0.2,
    queueDelay: 0.3,
    jobs: [
      { name: 'announce', logs, steps: [{ name: 'announce', run: 'true', seconds: 0.4, ...step }] },
      { name: 'build', needs: ['announce'], steps: [{ run: 'make', seconds: last }] },
    ],
  };
}

/**
 * @typedef {Awaited<ReturnType<typeof call>>} Ended
 */

/**
 * Calls `ci.yml` at `main`, unless the inputs say otherwise.
 *
 * @param {Options & { workflow?: Workflow, workflows?: Workflow[], action?: string, state?: Record<string, string> }} scenario
 *   `workflow` is the receiver; `action` the file of another build, `state` what its `post` step finds
 * @param {Record<string, string>} [inputs]
 * @param {Record<string, string>} [env]
 */
export async function call(
  { workflow, workflows, action, state, ...scenario },
  inputs = {},
  env = {},
) {
  const github = await startGitHub({
    seed: 3,
    repositories: [
      {
        owner: 'octo',
        name: 'receiver',
        branches: ['main', 'next'],
        tags: ['v1'],
        workflows: workflows ?? [workflow ?? RECEIVERS.log],
      },
    ],
    ...scenario,
  });
  let identifiedAt = Number.NaN;
  try {
    const ended = await runAction({
      inputs: {
        token: TOKEN,
        repo: 'octo/receiver',
        workflow: 'ci.yml',
        ref: 'main',
        workflow_timeout_seconds: '60',
        ...inputs,
      },
      apiUrl: github.apiUrl,
      env,
      node: NODE,
      ...(action === undefined ? {} : { action }),
      ...(state === undefined ? {} : { state }),
      onLine: (line) => {
        if (/^Run \d+, /.test(line)) identifiedAt = github.now();
      },
    });
    const runs = github.runs();
    const dispatched = runs.filter((run) => run.dispatchedBy.type === 'client');
    const visibleAt = dispatched.map((run) =>
      github.clueVisibleAt(run.id, ended.outputs.distinct_id ?? ''),
    )[0];
    return { ...ended, identifiedAt, runs, dispatched, visibleAt, requests: github.requests() };
  } finally {
    await github.stop();
  }
}

/**
 * Asserts that exactly one run was dispatched and that it is the one identified.
 *
 * @param {Ended} ended
 * @param {string} by
 */
export function assertRight(ended, by) {
  assert.equal(ended.code, 0, ended.log);
  assert.equal(ended.dispatched.length, 1, 'exactly one run is dispatched');
  const id = String(ended.dispatched[0]?.id);
  const { outputs } = ended;
  assert.equal(outputs.run_id, id);
  assert.equal(outputs.runId, id);
  assert.match(outputs.run_url ?? '', new RegExp(`/octo/receiver/actions/runs/${id}$`));
  assert.match(outputs.run_api_url ?? '', new RegExp(`/repos/octo/receiver/actions/runs/${id}$`));
  assert.equal(outputs.identified_by, by);
  assert.ok(outputs.distinct_id);
  assert.equal(errorsOf(ended).length, 0, ended.log);
}

/**
 * Asserts that the step failed with one error that says these words, and that no run was dispatched.
 *
 * @param {Ended} ended
 * @param {...(string | RegExp)} words
 */
export function assertRefused(ended, ...words) {
  assertFailed(ended, ...words);
  assert.equal(ended.dispatched.length, 0, 'nothing is dispatched');
}

/**
 * @param {Ended} ended
 * @param {...(string | RegExp)} words
 */
export function assertFailed(ended, ...words) {
  assert.equal(ended.code, 1, ended.log);
  const errors = errorsOf(ended);
  assert.equal(errors.length, 1, ended.log);
  for (const word of words) {
    const found = typeof word === 'string' ? errors[0]?.includes(word) : word.test(errors[0] ?? '');
    assert.ok(found, `${word} in: ${errors[0]}`);
  }
  assert.ok(!ended.log.includes('    at '), `no stack trace: ${ended.log}`);
  assert.equal(ended.outputs.run_id, undefined);
}

/** @param {Ended} ended */
function errorsOf({ log }) {
  return log
    .split('\n')
    .filter((line) => line.startsWith('::error'))
    .map((line) =>
      line
        .replace(/^::error[^:]*::/, '')
        .replaceAll('%0A', '\n')
        .replaceAll('%25', '%'),
    );
}

/**
 * @param {Ended} ended
 * @param {string} method
 */
export function countRequests({ requests }, method) {
  return requests.filter((request) => request.method === method).length;
}
