/** What `npm test` does, in order: what fails soonest comes first. */
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { inRoot } from '../lib/paths.js';
import { pack } from '../package/pack.js';
import { installTools } from '../package/tools.js';
import { installNode } from '../setup/node.js';
import { installZizmor } from '../setup/python.js';
import { writeExamples } from './examples.js';

/**
 * @typedef {object} Command
 * @property {string} program
 * @property {string[]} args
 * @property {NodeJS.ProcessEnv} [env]
 *
 * @typedef {object} Step
 * @property {string} name for `--only`
 * @property {string} title
 * @property {() => Promise<Command | string>} command what to run, or why it is skipped
 * @property {boolean} [beside] whether it runs at the same time as the step before
 * @property {string} [remedy] what to do when it fails, where its output does not say so
 */

/** @type {Step[]} */
export const STEPS = [
  {
    name: 'rustfmt',
    title: 'Formatting of the Rust code',
    command: async () => cargo('fmt', '--all', '--check'),
    remedy: 'Run `npm run format`.',
  },
  {
    name: 'biome',
    title: 'Formatting and lints of the JavaScript and JSON',
    command: async () =>
      node('node_modules/@biomejs/biome/bin/biome', 'ci', '--error-on-warnings', ...colours()),
    remedy: 'Run `npm run format`; what is left needs a look.',
  },
  {
    name: 'zizmor',
    title: 'Examples of workflows, and the own ones, as zizmor sees them',
    command: auditWorkflows,
  },
  {
    name: 'clippy',
    title: 'Lints of the Rust code',
    command: async () =>
      cargo('clippy', '--locked', '--workspace', '--all-targets', '--', '-D', 'warnings'),
  },
  {
    name: 'clippy-wasm',
    title: 'Lints of the Rust code that is for WebAssembly only',
    command: async () =>
      cargo('clippy', '--locked', ...WASM, ...WASM_CRATES, '--all-targets', '--', '-D', 'warnings'),
  },
  {
    name: 'doc',
    title: 'Documentation of the Rust code',
    command: async () => ({
      ...cargo('doc', '--locked', '--workspace', '--no-deps'),
      env: { RUSTDOCFLAGS: '-D warnings' },
    }),
  },
  {
    name: 'rust',
    title: 'Tests of the Rust code',
    command: async () => cargo('test', '--locked', '--workspace'),
  },
  {
    name: 'dist',
    title: 'dist/ and the types are what the sources build to',
    command: async () => node('scripts/check-dist.js'),
  },
  {
    name: 'boundary',
    title: 'Tests of the boundary between Rust and JavaScript, as WebAssembly in Node.js',
    command: async () => cargo('test', '--locked', ...WASM, '--package', 'return-dispatch-wasm'),
    // What `dist` builds is linked by one thread.
    beside: true,
  },
  {
    name: 'package',
    title: 'The npm package, packed and installed, wherever it is used',
    command: testPackage,
    beside: true,
  },
  {
    name: 'e2e-node20',
    title: 'End-to-end tests, the action on Node.js 20',
    command: () => endToEnd(20),
    // Mostly waits, while `dist` and `package` compile.
    beside: true,
  },
  {
    name: 'e2e-node24',
    title: 'End-to-end tests, the action on Node.js 24',
    command: () => endToEnd(24),
    beside: true,
  },
  {
    // After `dist`, as the sources import what that builds.
    name: 'types',
    title: 'Types of the JavaScript',
    command: async () =>
      node('node_modules/typescript/bin/tsc', '--project', '.', '--pretty', `${isTerminal()}`),
    remedy: 'See above. Where it misses files in pkg/ or dist/, run `npm run build` first.',
  },
];

const WASM = ['--target', 'wasm32-unknown-unknown'];

/** The crates that have code for WebAssembly. */
const WASM_CRATES = ['--package', 'return-dispatch-wasm', '--package', 'simulator'];

/**
 * @param {20 | 24} major of the Node.js that runs dist/action.cjs
 * @returns {Promise<Command | string>}
 */
async function endToEnd(major) {
  const program = await installNode(major);
  if (program === null) return `Node.js ${major} is not to be had here`;
  // They mostly wait, for a server in real time.
  return tests('e2e', 6, { RETURN_DISPATCH_NODE: program });
}

/** @returns {Promise<Command | string>} */
async function auditWorkflows() {
  const python = await installZizmor();
  if (!python) return 'zizmor could not be installed, see above';
  const folder = inRoot('target', 'examples');
  writeExamples(folder);
  // Pedantic: what a run returned is a danger in a script, too.
  const options = ['--offline', '--no-progress', '--pedantic', '--strict-collection'];
  const config = inRoot('scripts', 'test', 'zizmor.yml');
  const own = ['.github/workflows', 'action.yml', 'node24/action.yml'];
  const zizmor = join(dirname(python), 'zizmor');
  return { program: zizmor, args: [...options, `--config=${config}`, folder, ...own] };
}

/** @returns {Promise<Command | string>} */
async function testPackage() {
  const given = { ...(await pack()), tools: await installTools() };
  // They partly wait, and partly compile.
  return tests('package', 2, { RETURN_DISPATCH_PACKAGE: JSON.stringify(given) });
}

/**
 * @param {string} name of the folder in tests/
 * @param {number} concurrency
 * @param {NodeJS.ProcessEnv} env
 * @returns {Command | string}
 */
function tests(name, concurrency, env) {
  const folder = inRoot('tests', name);
  const names = existsSync(folder)
    ? readdirSync(folder).filter((file) => file.endsWith('.test.js'))
    : [];
  // Without files, `node --test` would look for tests everywhere.
  if (names.length === 0) return `there is no tests/${name}/*.test.js`;
  const files = names.sort().map((file) => `tests/${name}/${file}`);
  const options = ['--test-reporter=spec', `--test-concurrency=${concurrency}`];
  const command = node('--test', ...options, ...files);
  return { ...command, env: { ...command.env, ...env } };
}

/**
 * @param {...string} args
 * @returns {Command}
 */
function cargo(...args) {
  return {
    program: 'cargo',
    args,
    env: isTerminal() ? { CARGO_TERM_COLOR: 'always' } : {},
  };
}

/**
 * @param {...string} args
 * @returns {Command}
 */
function node(...args) {
  return { program: process.execPath, args, env: isTerminal() ? { FORCE_COLOR: '1' } : {} };
}

/** Programs see a pipe, so they are told whether there are colours. */
function isTerminal() {
  return process.stdout.isTTY === true;
}

function colours() {
  return isTerminal() ? ['--colors=force'] : ['--colors=off'];
}
