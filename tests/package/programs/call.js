/** Calls that every copy of the package has to get right, wherever it runs. */
import assert from 'node:assert/strict';
import { scenario, TOKEN } from './scenario.js';

/**
 * @typedef {typeof import('return-dispatch')} Package
 * @typedef {typeof import('return-dispatch/simulator')} Simulator
 */

/**
 * @param {Package} program the copy that is called
 * @param {Package} other another copy of the same
 * @param {Simulator} simulator
 */
export async function call(program, other, { startGitHub }) {
  assert.notEqual(program, other);
  for (const server of /** @type {const} */ (['github.com', 'ghes-3.19'])) {
    const github = await startGitHub(scenario(server));
    try {
      await callAt(github, program, other);
    } finally {
      await github.stop();
    }
  }
  console.log('done');
}

/**
 * @param {Awaited<ReturnType<Simulator['startGitHub']>>} github
 * @param {Package} program
 * @param {Package} other
 */
async function callAt(github, { dispatch, waitForRun, ReturnDispatchError }, other) {
  const { apiUrl } = github;
  const connection = { token: TOKEN, repo: 'octo/receiver', apiUrl };
  const options = { ...connection, ref: 'main', pollIntervalSeconds: 0.2 };
  const truth = (/** @type {number} */ id) => github.runs().find((run) => run.id === id);

  /** @type {string[]} */
  const types = [];
  const run = await dispatch({
    ...options,
    workflow: 'ci.yml',
    workflowInputs: { environment: 'staging' },
    onEvent: ({ type }) => types.push(type),
  });
  assert.equal(truth(run.id)?.inputs.environment, 'staging');
  assert.equal(truth(run.id)?.inputs.distinct_id, run.distinctId);
  const result = await run.wait();
  assert.equal(result.conclusion, 'success');
  assert.deepEqual(result.outputs, { version: '1.2.3', files: ['a'] });
  assert.deepEqual(run.outputs, result.outputs);
  for (const type of ['started', 'identified', 'job', 'step', 'ended']) {
    assert.ok(types.includes(type), `${type} in ${types}`);
  }

  const failing = await dispatch({ ...options, workflow: 'fails.yml' });
  const failed = await errorOf(failing.wait({ logs: 'all' }));
  assert.ok(failed instanceof ReturnDispatchError);
  assert.ok(failed instanceof other.ReturnDispatchError, 'known by the other copy, too');
  assert.ok(failed instanceof Error);
  assert.equal(failed.name, 'ReturnDispatchError');
  assert.equal(failed.code, 'unsuccessful');
  assert.equal(failed.result?.conclusion, 'failure');
  assert.deepEqual(failed.result?.outputs.files, ['a']);
  const runId = failing.id;
  const again = await waitForRun({ ...connection, runId, failOnUnsuccessful: false });
  assert.equal(again.conclusion, 'failure');

  const refused = await errorOf(dispatch({ ...options, workflow: 'ci.yml', ref: 'nowhere' }));
  assert.ok(refused instanceof ReturnDispatchError);
  assert.deepEqual([refused.code, refused.status], ['refused', 422]);
  assert.ok(!(new TypeError('no') instanceof ReturnDispatchError));

  const before = github.requests().length;
  const spent = await errorOf(
    dispatch({ ...options, workflow: 'ci.yml', signal: AbortSignal.abort('no') }),
  );
  assert.deepEqual([spent.code, spent.cause], ['cancelled', 'no']);
  assert.equal(github.requests().length, before, 'nothing is sent');

  const controller = new AbortController();
  const { signal } = controller;
  const endless = await dispatch({ ...options, workflow: 'endless.yml', signal });
  const waiting = errorOf(endless.wait());
  await new Promise((resolve) => setTimeout(resolve, 300));
  const aborted = performance.now();
  controller.abort(new Error('enough'));
  const cancelled = await waiting;
  assert.ok(performance.now() - aborted < 1000, 'an abort is heard at once');
  assert.equal(cancelled.code, 'cancelled');
  assert.equal(cancelled.cause.message, 'enough');
  assert.equal(truth(endless.id)?.conclusion ?? null, null, 'the run goes on');
  assert.equal((await endless.cancel()).conclusion, 'cancelled');
}

/**
 * @param {Promise<unknown>} promise
 * @returns {Promise<any>} what it is rejected with
 */
async function errorOf(promise) {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  assert.fail('it was not rejected');
}
