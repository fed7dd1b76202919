/** A workflow under nektos/act: a real runner, but no GitHub and no Docker. */
import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { assembleRelease } from '../../scripts/release/tree.js';

/**
 * @typedef {object} Call
 * @property {string} workflow the caller's workflow
 * @property {string} apiUrl what the runner gives to steps as `GITHUB_API_URL` and `github.api_url`
 * @property {string} node the Node.js that runs JavaScript actions: act takes the one on the path, whatever they ask for
 *
 * @typedef {object} Outcome
 * @property {boolean} succeeded
 * @property {string} log what the steps wrote
 * @property {string} transcript everything that act said
 */

/**
 * Executes a workflow in a repository of its own. In it, `octo/return-dispatch@v1` is a release of this checkout.
 *
 * @param {Call} call
 * @returns {Promise<Outcome>}
 */
export async function runUnderAct({ workflow, apiUrl, node }) {
  const folder = mkdtempSync(join(tmpdir(), 'return-dispatch-act-'));
  try {
    const action = join(folder, 'action');
    assembleRelease(action, '0'.repeat(40));
    const repository = join(folder, 'caller');
    const workflows = join(repository, '.github', 'workflows');
    mkdirSync(workflows, { recursive: true });
    writeFileSync(join(workflows, 'caller.yml'), workflow);
    createRepository(repository);
    return await runAct({
      cwd: repository,
      args: [
        ...['push', '--json', '--platform', 'ubuntu-latest=-self-hosted'],
        ...['--local-repository', `octo/return-dispatch@v1=${action}`],
        ...['--env', `GITHUB_API_URL=${apiUrl}`],
        ...['--no-cache-server', '--action-cache-path', join(folder, 'cache')],
      ],
      // Settings of the person who runs the tests stay out of them.
      env: {
        ...process.env,
        HOME: folder,
        XDG_CONFIG_HOME: folder,
        PATH: [dirname(node), process.env.PATH].join(delimiter),
      },
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Makes of a folder what act wants: a repository with a commit.
 *
 * @param {string} folder
 */
export function createRepository(folder) {
  const git = (/** @type {string[]} */ ...args) => execFileSync('git', args, { cwd: folder });
  git('init', '--quiet');
  git('add', '.');
  const author = ['-c', 'user.name=octo', '-c', 'user.email=octo@example.com'];
  git(...author, '-c', 'commit.gpgsign=false', 'commit', '--quiet', '--message', 'Call');
}

/**
 * @param {{ args: string[], cwd: string, env: NodeJS.ProcessEnv }} options
 * @returns {Promise<Outcome>}
 */
function runAct({ args, cwd, env }) {
  const program = process.env.RETURN_DISPATCH_ACT ?? 'act';
  return new Promise((resolve) => {
    execFile(program, args, { cwd, env, timeout: 120_000 }, (error, stdout, stderr) => {
      const lines = stdout.split('\n').filter((line) => line.startsWith('{'));
      const log = lines
        .map((line) => /** @type {{ msg: string, raw_output?: boolean }} */ (JSON.parse(line)))
        .filter(({ raw_output }) => raw_output)
        .map(({ msg }) => msg)
        .join('');
      resolve({ succeeded: error === null, log, transcript: `${stdout}\n${stderr}\n${error}` });
    });
  });
}
