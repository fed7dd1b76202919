/** The program Gitea on loopback, with a data folder of its own. */
import { execFile, spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

/** The administrator, and the owner of the repositories. */
export const ADMIN = 'octo';

/** For the web pages, which do what the API of 1.26 does not. */
export const PASSWORD = 'a password for tests';

/** How long it may take until it answers; two seconds do on a machine with nothing else to do. */
const PATIENCE_MS = 60_000;

/** Gitea refuses to run as root. This user is without rights everywhere, by a number that needs no entry anywhere. */
const NOBODY = 65534;

/**
 * @typedef {object} Server
 * @property {string} url ends with a slash
 * @property {string} token of the administrator, for everything
 * @property {() => Promise<void>} stop
 */

/**
 * @param {string} installed what `installGitea` returned
 * @param {string} folder an empty one that is removed by the caller
 * @returns {Promise<Server>}
 */
export async function startServer(installed, folder) {
  const asNobody = process.getuid?.() === 0;
  const identity = asNobody ? { uid: NOBODY, gid: NOBODY } : {};
  // Root's cache is for root alone, and what the server reads must be readable by the user that it runs as.
  const program = asNobody ? join(folder, 'program') : installed;
  if (asNobody) cpSync(installed, program, { recursive: true });

  const data = join(folder, 'data');
  const port = await freePort();
  const config = join(data, 'custom', 'conf', 'app.ini');
  mkdirSync(dirname(config), { recursive: true });
  writeFileSync(config, settings({ data, program, port }));
  if (asNobody) {
    chmodSync(folder, 0o755);
    for (const name of ['', ...readdirSync(data, { recursive: true, encoding: 'utf8' })]) {
      chownSync(join(data, name), NOBODY, NOBODY);
    }
  }

  const options = {
    cwd: data,
    // Settings of the person who runs the tests stay out of it.
    env: { PATH: process.env.PATH, HOME: data, USER: 'gitea', TMPDIR: data, GITEA_WORK_DIR: data },
    ...identity,
  };
  const file = join(program, 'gitea');
  const command = async (/** @type {string[]} */ ...args) =>
    (await promisify(execFile)(file, args, options)).stdout;
  await command('migrate');
  const created = await command(
    ...['admin', 'user', 'create', '--admin', '--username', ADMIN, '--password', PASSWORD],
    ...['--email', `${ADMIN}@example.com`, '--must-change-password=false'],
    ...['--access-token', '--access-token-name', 'tests', '--access-token-scopes', 'all'],
  );
  const token = /\b[0-9a-f]{40}\b/.exec(created)?.[0];
  if (!token) throw new Error(`Gitea created no token:\n${created}`);

  const log = join(folder, 'gitea.log');
  const output = openSync(log, 'a');
  const child = spawn(file, ['web'], { ...options, stdio: ['ignore', output, output] });
  const ended = new Promise((resolve) => child.once('close', resolve));
  const server = {
    url: `http://127.0.0.1:${port}/`,
    token,
    async stop() {
      child.kill('SIGTERM');
      // It waits for what it is doing, for a minute by itself. Nothing of it is needed any more.
      const timer = setTimeout(() => child.kill('SIGKILL'), 5_000);
      await ended;
      clearTimeout(timer);
    },
  };
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await answers(`${server.url}api/healthz`))) {
    if (child.exitCode !== null || Date.now() > deadline) {
      await server.stop();
      throw new Error(`Gitea does not answer:\n${readFileSync(log, 'utf8')}`);
    }
    await sleep(100);
  }
  return server;
}

/** @param {{ data: string, program: string, port: number }} server */
const settings = ({ data, program, port }) => `
RUN_MODE = prod
WORK_PATH = ${data}
[server]
HTTP_ADDR = 127.0.0.1
HTTP_PORT = ${port}
ROOT_URL = http://127.0.0.1:${port}/
STATIC_ROOT_PATH = ${program}
DISABLE_SSH = true
OFFLINE_MODE = true
[database]
DB_TYPE = sqlite3
SQLITE_JOURNAL_MODE = WAL
SQLITE_TIMEOUT = 20000
[security]
INSTALL_LOCK = true
[repository]
DEFAULT_BRANCH = main
[actions]
ENABLED = true
DEFAULT_ACTIONS_URL = self
[indexer]
ISSUE_INDEXER_TYPE = db
[cron.update_checker]
ENABLED = false
[log]
MODE = console
LEVEL = Warn
`;

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = /** @type {import('node:net').AddressInfo} */ (probe.address());
      probe.close(() => resolve(port));
    });
  });
}

/** @param {string} url */
async function answers(url) {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}
