/**
 * The process that holds Gitea and its runner: it stops them when the tests say so, and when these are no more, whatever
 * has ended them.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assembleRelease } from '../../../scripts/release/tree.js';
import { startOwnRunner } from './own-runner.js';
import { killThoseOf } from './processes.js';
import { publish } from './publish.js';
import { startRunner } from './runner.js';
import { startServer } from './server.js';

/** Ten callers at once, each of which waits for a job of its own, and some room. */
const CAPACITY = 24;

/**
 * @typedef {object} Setting
 * @property {string} gitea the folder of the program
 * @property {string} act
 * @property {string} [runner] Gitea's own, in place of act
 * @property {string} node
 */

const folder = mkdtempSync(join(tmpdir(), 'return-dispatch-gitea-'));
/** @type {(() => Promise<void>)[]} */
const stops = [];
let stopping = false;

async function stop() {
  if (stopping) return;
  stopping = true;
  // The runner before the server, to which it tells how its jobs have ended. What does not stop is stopped below.
  const patience = new Promise((resolve) => setTimeout(resolve, 20_000));
  const all = async () => {
    for (const each of stops.reverse()) await each().catch(console.error);
  };
  await Promise.race([all(), patience]);
  killThoseOf(folder);
  rmSync(folder, { recursive: true, force: true });
  process.exit();
}

// Nobody may be left to read what it writes.
process.stderr.on('error', () => {});
process.on('disconnect', stop);
process.on('SIGTERM', stop);
process.on('SIGINT', stop);
// Rather a message and an end than Gitea left behind.
process.on('uncaughtException', (error) => {
  console.error(error);
  process.exitCode = 1;
  stop();
});

process.once('message', async (/** @type {Setting} */ { gitea, act, runner, node }) => {
  const server = await startServer(gitea, folder);
  stops.push(server.stop);
  const action = join(folder, 'action');
  assembleRelease(action, '0'.repeat(40));
  const jobs = join(folder, 'jobs');
  const options = { url: server.url, token: await registrationToken(server), capacity: CAPACITY };
  if (runner) {
    await publish(action, server);
    const own = await startOwnRunner({ ...options, program: runner, node, folder: jobs });
    stops.push(own.stop);
  } else {
    mkdirSync(jobs);
    const actions = { 'octo/return-dispatch@v1': action };
    const byAct = await startRunner({ ...options, setting: { act, node, actions, folder: jobs } });
    stops.push(byAct.stop);
  }
  process.send?.({ url: server.url, token: server.token, folder });
});

/** @param {import('./server.js').Server} server */
async function registrationToken({ url, token }) {
  const response = await fetch(`${url}api/v1/admin/actions/runners/registration-token`, {
    method: 'POST',
    headers: { authorization: `token ${token}` },
  });
  if (!response.ok) throw new Error(`no registration token: ${response.status}`);
  return /** @type {{ token: string }} */ (await response.json()).token;
}
