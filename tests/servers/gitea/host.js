/**
 * The process that holds Gitea and its runner: it stops them when the tests say so, and when these are no more, whatever
 * has ended them.
 */
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { killThoseOf } from './processes.js';
import { startRunner } from './runner.js';
import { startServer } from './server.js';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** What of the repository a runner needs. */
const ACTION = ['action.yml', 'node24', 'dist', 'package.json'];

/** Ten callers at once, each of which waits for a job of its own, and some room. */
const CAPACITY = 24;

/**
 * @typedef {object} Setting
 * @property {string} gitea the folder of the program
 * @property {string} act
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

process.on('disconnect', stop);
process.on('SIGTERM', stop);
process.on('SIGINT', stop);
// Rather a message and an end than Gitea left behind.
process.on('uncaughtException', (error) => {
  console.error(error);
  process.exitCode = 1;
  stop();
});

process.once('message', async (/** @type {Setting} */ { gitea, act, node }) => {
  const server = await startServer(gitea, folder);
  stops.push(server.stop);
  const action = join(folder, 'action');
  for (const name of ACTION) cpSync(join(ROOT, name), join(action, name), { recursive: true });
  const jobs = join(folder, 'jobs');
  mkdirSync(jobs);
  const runner = await startRunner({
    url: server.url,
    token: await registrationToken(server),
    capacity: CAPACITY,
    setting: { act, node, actions: { 'octo/return-dispatch@v1': action }, folder: jobs },
  });
  stops.push(runner.stop);
  process.send?.({ url: server.url, token: server.token });
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
