/**
 * Runs the built action as a runner does: a process of its own, inputs in its environment, outputs in a file.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const ACTION = fileURLToPath(new URL('../dist/action.cjs', import.meta.url));
const POST = fileURLToPath(new URL('../dist/post.cjs', import.meta.url));

/** The defaults in action.yml that the runner fills in. */
export const DEFAULTS = {
  workflow_timeout_seconds: '300',
  distinct_id_input: 'distinct_id',
  wait: 'false',
  wait_timeout_seconds: '0',
  cancel_on_timeout: 'false',
  cancel_on_cancel: 'true',
  fail_on_unsuccessful: 'true',
  logs: 'failed',
  summary: 'true',
};

/**
 * @typedef {object} Step
 * @property {Record<string, string>} inputs by their names, as under `with:`
 * @property {string} apiUrl the server that the runner belongs to
 * @property {Record<string, string>} [env] other variables of the runner
 * @property {string} [node] the Node.js that runs the action
 * @property {string} [action] its file; default: that of dist/
 * @property {Record<string, string>} [state] what the step has saved: its `post` step is run
 * @property {(line: string, kill: (signal: NodeJS.Signals) => void) => void} [onLine] is handed each line of the
 *   action's standard output as it comes, and a way to send signals
 *
 * @typedef {object} Ended
 * @property {number | null} code exit code; null if a signal ended it
 * @property {string} log what it printed, both streams
 * @property {Record<string, string>} outputs
 * @property {Record<string, string>} state what the action saved for its `post` step
 * @property {string} summary the job summary that it wrote
 * @property {string} files what it wrote to any of the runner's files
 * @property {number} milliseconds
 */

/**
 * @param {Step} step
 * @returns {Promise<Ended>}
 */
export async function runAction({
  inputs,
  apiUrl,
  env = {},
  state,
  node = process.execPath,
  action = state ? POST : ACTION,
  onLine,
}) {
  const folder = mkdtempSync(join(tmpdir(), 'return-dispatch-step-'));
  const files = ['GITHUB_OUTPUT', 'GITHUB_STATE', 'GITHUB_ENV', 'GITHUB_STEP_SUMMARY'].map(
    (name) => /** @type {const} */ ([name, join(folder, name)]),
  );
  for (const [, file] of files) writeFileSync(file, '');
  const given = Object.entries({ api_url: apiUrl, ...DEFAULTS, ...inputs });
  try {
    const began = performance.now();
    const { code, log } = await start(
      node,
      action,
      {
        PATH: process.env.PATH,
        HOME: folder,
        CI: 'true',
        GITHUB_ACTIONS: 'true',
        GITHUB_API_URL: apiUrl,
        GITHUB_REPOSITORY: 'octo/caller',
        GITHUB_RUN_ID: '1',
        ...Object.fromEntries(files),
        ...Object.fromEntries(
          given.map(([name, value]) => [`INPUT_${name.toUpperCase().replaceAll(' ', '_')}`, value]),
        ),
        ...Object.fromEntries(
          Object.entries(state ?? {}).map(([name, value]) => [`STATE_${name}`, value]),
        ),
        ...env,
      },
      onLine,
    );
    const written = files.map(([, file]) => readFileSync(file, 'utf8'));
    return {
      code,
      log,
      outputs: parseFile(written[0] ?? ''),
      state: parseFile(written[1] ?? ''),
      summary: written[3] ?? '',
      files: written.join('\n'),
      milliseconds: performance.now() - began,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @param {string} node
 * @param {string} action
 * @param {NodeJS.ProcessEnv} env
 * @param {Step['onLine']} [onLine]
 * @returns {Promise<{ code: number | null, log: string }>}
 */
function start(node, action, env, onLine) {
  return new Promise((resolve, reject) => {
    const child = spawn(node, [action], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let log = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        log += text;
      });
    }
    if (onLine) {
      const kill = (/** @type {NodeJS.Signals} */ signal) => child.kill(signal);
      createInterface({ input: child.stdout }).on('line', (line) => onLine(line, kill));
    }
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, log }));
  });
}

/**
 * @param {string} text of the file behind `GITHUB_OUTPUT` or `GITHUB_STATE`: `name<<delimiter`, lines, `delimiter`
 * @returns {Record<string, string>}
 */
function parseFile(text) {
  /** @type {Record<string, string>} */
  const values = {};
  for (const [, name, , value] of text.matchAll(/^(.+?)<<(.+)\r?\n([\s\S]*?)\r?\n\2\r?$/gm)) {
    if (name !== undefined && value !== undefined) values[name] = value;
  }
  return values;
}
