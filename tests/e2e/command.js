/** The command, as a process of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startGitHub } from '../../dist/simulator/index.js';
import { NODE, TOKEN } from './support.js';

export const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const ID = `\${{ inputs.distinct_id }}`;
export const FOLDER = mkdtempSync(join(tmpdir(), 'return-dispatch-command-'));
after(() => rmSync(FOLDER, { recursive: true, force: true }));

/**
 * @param {object} [step] the last one
 * @param {object} [more] of the workflow
 */
export const receiver = (step = {}, more = {}) => ({
  file: 'ci.yml',
  name: 'CI',
  inputs: { distinct_id: {}, environment: {}, size: {} },
  runName: `Deploy [${ID}]`,
  listingDelay: 0.1,
  queueDelay: 0.1,
  jobs: [
    { name: 'build', steps: [{ run: 'make', seconds: 0.2, prints: [`${ID} version=1.2.3`] }] },
    { name: 'deploy', steps: [{ run: 'ship', seconds: 0.2, ...step }] },
  ],
  ...more,
});

/**
 * @template T
 * @param {Record<string, any>} scenario
 * @param {(github: Awaited<ReturnType<typeof startGitHub>>) => Promise<T>} use
 */
export async function against({ workflow = receiver(), ...scenario }, use) {
  const repository = { owner: 'octo', name: 'receiver', workflows: [workflow] };
  const github = await startGitHub({ seed: 5, repositories: [repository], ...scenario });
  try {
    return await use(github);
  } finally {
    await github.stop();
  }
}

/**
 * @param {string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, input?: string, after?: number, onStart?: (kill: (signal: NodeJS.Signals) => void) => void, onOutput?: (text: string, kill: (signal: NodeJS.Signals) => void) => void }} [options]
 */
export async function run(
  args,
  { env = {}, input = '', onStart, onOutput, after: pause = 0 } = {},
) {
  const child = spawn(NODE, [CLI, ...args], {
    env: { PATH: dirname(NODE), HOME: FOLDER, GH_TOKEN: TOKEN, ...env },
  });
  const text = { stdout: '', stderr: '' };
  for (const name of /** @type {const} */ (['stdout', 'stderr'])) {
    child[name].setEncoding('utf8').on('data', (chunk) => {
      text[name] += chunk;
      onOutput?.(text[name], (signal) => child.kill(signal));
    });
  }
  onStart?.((signal) => child.kill(signal));
  // A pipe may fill later.
  setTimeout(() => child.stdin.end(input), pause);
  child.stdin.on('error', () => {});
  const [code] = await once(child, 'close');
  return { code, ...text };
}

export const CALL = ['octo/receiver', 'ci.yml'];

/** @param {Awaited<ReturnType<typeof startGitHub>>} github */
export const dispatched = (github) =>
  github.runs().filter((one) => one.dispatchedBy.type === 'client');
