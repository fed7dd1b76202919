/**
 * A runner of Gitea's: it takes tasks by the protocol of Gitea's own runner, which is Connect with JSON.
 *
 * The messages are those of `code.gitea.io/actions-proto-go`, `runner/v1/messages.proto`; what Gitea does with them is in
 * `routers/api/actions/runner/runner.go`.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { startJob } from './job.js';

/** Gitea's own runner asks every two seconds; tests have no time. */
const IDLE_MS = 150;

/** How often it tells what a job has written since. */
const REPORT_MS = 250;

/** How often it tells of a job where there is nothing to tell, in order to learn that it is cancelled. */
const HEARTBEAT_MS = 1_000;

/**
 * @typedef {object} Task
 * @property {string} id
 * @property {string} workflowPayload the workflow with this one job, in base64
 * @property {Record<string, unknown>} context
 * @property {Record<string, string>} [secrets]
 * @property {Record<string, string>} [vars]
 *
 * @typedef {'RESULT_SUCCESS' | 'RESULT_FAILURE' | 'RESULT_CANCELLED' | 'RESULT_SKIPPED'} Result
 *
 * @typedef {object} StepState
 * @property {number} id its place in the job
 * @property {Result} [result]
 * @property {string} [startedAt]
 * @property {string} [stoppedAt]
 * @property {number} logIndex the row of the log that is its first
 * @property {number} logLength
 *
 * @typedef {object} Row
 * @property {string} time
 * @property {string} content
 *
 * @typedef {object} Runner
 * @property {() => Promise<void>} stop ends the jobs that are running
 */

/**
 * @param {object} options
 * @param {string} options.url Gitea's
 * @param {string} options.token a registration token
 * @param {number} options.capacity how many jobs run at once
 * @param {Omit<import('./job.js').Setting, 'url' | 'task'>} options.setting
 * @returns {Promise<Runner>}
 */
export async function startRunner({ url, token, capacity, setting }) {
  const labels = ['ubuntu-latest'];
  const { runner } = await call(url, {}, 'Register', {
    name: 'tests',
    token,
    version: '1',
    labels,
  });
  const headers = { 'x-runner-uuid': runner.uuid, 'x-runner-token': runner.token };
  /** @type {Call} */
  const connected = (method, message) => call(url, headers, method, message);
  await connected('Declare', { version: '1', labels });

  /** @type {Map<Promise<void>, () => void>} */
  const running = new Map();
  let stopped = false;
  const polling = poll();

  return {
    async stop() {
      stopped = true;
      await polling;
      for (const end of running.values()) end();
      await Promise.all(running.keys());
    },
  };

  async function poll() {
    while (!stopped) {
      const task = running.size < capacity ? await fetchTask() : undefined;
      if (task) start(task);
      else await sleep(IDLE_MS);
    }
  }

  /** @returns {Promise<Task | undefined>} */
  async function fetchTask() {
    try {
      // The version tells Gitea what the runner has seen; with 0 it always looks for another task.
      return (await connected('FetchTask', { tasksVersion: '0' })).task;
    } catch (error) {
      console.error(`FetchTask: ${error}`);
      return undefined;
    }
  }

  /** @param {Task} task */
  function start(task) {
    const job = startJob({ ...setting, url, task });
    const reported = report(task, job, connected)
      .catch((error) => console.error(`Task ${task.id}: ${error.stack}`))
      .finally(() => running.delete(reported));
    running.set(reported, job.end);
  }
}

/**
 * Tells Gitea of a job, as it goes on, until it has ended.
 *
 * @param {Task} task
 * @param {import('./job.js').Job} job
 * @param {Call} connected
 */
async function report(task, job, connected) {
  const startedAt = new Date().toISOString();
  let acknowledged = 0;
  let toldAt = 0;

  const tellRows = async (/** @type {boolean} */ noMore) => {
    const rows = job.rows.slice(acknowledged);
    if (rows.length === 0) return;
    const answer = await connected('UpdateLog', {
      taskId: task.id,
      index: String(acknowledged),
      rows,
      noMore,
    });
    acknowledged = Number(answer.ackIndex ?? 0);
  };

  const tellState = async (/** @type {Result | undefined} */ result) => {
    toldAt = Date.now();
    const steps = job.steps.map((step) => ({ ...step, id: String(step.id) }));
    const stoppedAt = result && new Date().toISOString();
    const { state } = await connected('UpdateTask', {
      state: { id: task.id, result, startedAt, stoppedAt, steps },
    });
    if (state?.result === 'RESULT_CANCELLED') job.end();
  };

  let ended = false;
  const over = job.result.finally(() => {
    ended = true;
  });
  while (!ended) {
    await Promise.race([over, sleep(REPORT_MS)]);
    const news = job.rows.length > acknowledged;
    // A request that fails is repeated by the next round.
    try {
      if (!ended) await tellRows(false);
      if (!ended && (news || Date.now() - toldAt > HEARTBEAT_MS)) await tellState(undefined);
    } catch (error) {
      console.error(`Task ${task.id}: ${error}`);
    }
  }
  const result = await over;
  // The last rows go with the word that they are the last, which Gitea ignores where there are none.
  job.rows.push({ time: new Date().toISOString(), content: 'Task ended' });
  await tellRows(true);
  await tellState(result);
}

/**
 * @typedef {(method: string, message: object) => Promise<any>} Call
 */

/**
 * @param {string} url
 * @param {Record<string, string>} headers
 * @param {string} method
 * @param {object} message
 * @returns {Promise<any>}
 */
async function call(url, headers, method, message) {
  const response = await fetch(`${url}api/actions/runner.v1.RunnerService/${method}`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(message),
  });
  if (!response.ok) throw new Error(`${method}: ${response.status} ${await response.text()}`);
  return response.json();
}
