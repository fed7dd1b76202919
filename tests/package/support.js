/** Throw-away projects that have the packed package installed, and programs that run in them. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { after } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';

const PROGRAMS = fileURLToPath(new URL('programs', import.meta.url));

const given = JSON.parse(process.env.RETURN_DISPATCH_PACKAGE ?? 'null');
if (given === null) {
  throw new Error(
    'Run `npm test -- --only package`: it packs the package and has what these tests need.',
  );
}

/** @type {import('../../scripts/package/tools.js').Tools} */
export const tools = given.tools;

/** @type {string} */
export const tarball = given.tarball;

/** The embedded GitHub's, which a registry would give along with it. @type {string} */
export const simulatorTarball = given.simulator;

/** @typedef {keyof typeof tools} Tool */

/**
 * For the option `skip` of a test.
 *
 * @param {Tool} tool
 */
export function missing(tool) {
  return tools[tool] === null && `${tool} is not to be had here`;
}

/**
 * @param {Tool} tool one that is not missing
 * @param {...string} file in it
 */
export function toolFile(tool, ...file) {
  const place = tools[tool];
  assert.ok(place !== null);
  return join(place, ...file);
}

/**
 * Makes a project, installs the package as users do, and gives it the programs. It is gone after the tests.
 *
 * @param {'module' | 'commonjs'} [type]
 * @param {string[]} [what] is installed
 * @returns {Promise<string>} its folder
 */
export async function project(type = 'module', what = [tarball, simulatorTarball]) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'return-dispatch-package-')));
  // A browser may still write when it has been told to end.
  after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 }));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type }));
  const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'];
  const { code, output } = await run('npm', ['install', ...options, ...what], { cwd: folder });
  assert.equal(code, 0, output);
  cpSync(PROGRAMS, folder, { recursive: true });
  return folder;
}

/**
 * The embedded GitHub of the installed package, as this process imports it.
 *
 * @param {string} folder
 * @returns {Promise<typeof import('../../dist/simulator/index.js')>}
 */
export function simulatorOf(folder) {
  const file = join(folder, 'node_modules', 'return-dispatch', 'dist', 'simulator.js');
  return import(pathToFileURL(file).href);
}

/**
 * @typedef {object} Finished
 * @property {number | null} code
 * @property {string} stdout
 * @property {string} stderr
 * @property {string} output both
 */

/**
 * Runs a program, for two minutes at most.
 *
 * @param {string} program
 * @param {string[]} args
 * @param {{ cwd: string, env?: NodeJS.ProcessEnv, node?: string }} options `node` is found first on the path
 * @returns {Promise<Finished>}
 */
export function run(program, args, { cwd, env = {}, node }) {
  const path = node === undefined ? [] : [dirname(node)];
  const child = spawn(program, args, {
    cwd,
    // What the runner of these tests told this process is not meant for others.
    env: {
      ...process.env,
      NODE_TEST_CONTEXT: undefined,
      FORCE_COLOR: undefined,
      NO_COLOR: '1',
      PATH: [...path, process.env.PATH].join(delimiter),
      ...env,
    },
    // On Windows npm is a batch file, which only a shell starts.
    shell: process.platform === 'win32' && ['npm', 'npx'].includes(program),
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 120_000,
    killSignal: 'SIGKILL',
  });
  const text = { stdout: '', stderr: '', output: '' };
  for (const name of /** @type {const} */ (['stdout', 'stderr'])) {
    child[name].setEncoding('utf8').on('data', (chunk) => {
      text[name] += chunk;
      text.output += chunk;
    });
  }
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ code: null, ...text, output: String(error) }));
    child.on('close', (code) => resolve({ code, ...text }));
  });
}

/**
 * Runs a program that checks something and says `done` when all of it holds.
 *
 * @param {string} program
 * @param {string[]} args
 * @param {Parameters<typeof run>[2]} options
 */
export async function runCheck(program, args, options) {
  const { code, output } = await run(program, args, options);
  assert.equal(output.trim(), 'done');
  assert.equal(code, 0);
}

/**
 * The file that a tool's package names as its command.
 *
 * @param {Tool} tool one that is not missing
 * @param {string} command
 */
export function commandOf(tool, command) {
  const { bin } = JSON.parse(readFileSync(toolFile(tool, 'package.json'), 'utf8'));
  return toolFile(tool, typeof bin === 'string' ? bin : bin[command]);
}
