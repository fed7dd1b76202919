/**
 * The action: hands the inputs to the core, writes what comes back. It decides nothing.
 */
import { accessSync, appendFileSync, constants, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  debug,
  endGroup,
  error,
  getInput,
  getState,
  info,
  saveState,
  setOutput,
  setSecret,
  startGroup,
  warning,
} from '@actions/core';
import { callFromAction, cancelFromAction, initSync } from '../pkg/return_dispatch.js';
import { random } from './random.js';
import { messageOf, outputsOf, stateOf } from './render.js';
import { summaryOf } from './summary.js';
import { send } from './transport.js';

/** @typedef {import('./types/events.d.ts').Event} Event */

// Compiled beside what follows, where the machine has another processor.
const core = compile();
core.catch(() => {});

// Before anything else can be written, by this program or by the runner.
const token = getInput('token');
if (token) setSecret(token);

const RUNNER = {
  input,
  variable: (/** @type {string} */ name) => process.env[name],
  state: getState,
};

/** @type {Promise<void> | undefined} */
let signalled;

/** @type {Error | undefined} why an output could not be written */
let unwritten;

process.on('uncaughtException', (reason) => {
  fail(reason);
  end();
});
const isPost = Symbol.for('return-dispatch.post') in globalThis;
(isPost ? post() : main()).catch(fail).finally(end);

async function main() {
  // A run whose ID cannot be handed on must not be dispatched in the first place.
  if (process.env.GITHUB_OUTPUT) accessSync(process.env.GITHUB_OUTPUT, constants.W_OK);
  await load();
  await callFromAction(RUNNER, { fetch: send, now, random, cancelled, report });
  if (unwritten) throw unwritten;
}

async function post() {
  await load();
  warning(await cancelFromAction(RUNNER, { fetch: send, now, random, cancelled: never, report }));
}

async function load() {
  initSync({ module: await core });
}

async function compile() {
  const bytes = readFileSync(join(import.meta.dirname, 'return_dispatch_bg.wasm'));
  return /** @type {any} */ (globalThis).WebAssembly.compile(bytes);
}

/** `performance.now()` would load what the action needs nothing of. */
function now() {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1e3 + nanoseconds / 1e6;
}

/** @returns {Promise<void>} when the runner cancels the step */
function cancelled() {
  signalled ??= new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => resolve());
  });
  return signalled;
}

/** @returns {Promise<void>} */
function never() {
  return new Promise(() => {});
}

/** @param {string} name */
function input(name) {
  if (process.env[`INPUT_${name.toUpperCase()}`] === undefined) return undefined;
  // The core trims where it may: in YAML, space in front means something.
  return getInput(name, { trimWhitespace: false });
}

/** @param {unknown} reported */
function report(reported) {
  const event = /** @type {Event} */ (reported);
  const message = messageOf(event);
  if (message) ({ debug, endGroup, info, startGroup, warning })[message.level](message.text);
  if (event.type === 'summary') writeSummary(event);
  // At once, so that outputs survive whatever happens later.
  try {
    for (const [name, value] of Object.entries(outputsOf(event))) setOutput(name, value);
    for (const [name, value] of Object.entries(stateOf(event))) saveState(name, value);
  } catch (reason) {
    unwritten ??= new Error(`The outputs could not be written: ${reason}. ${message?.text ?? ''}`);
  }
}

/** @param {import('./types/events.d.ts').Summary} event */
function writeSummary(event) {
  const file = process.env.GITHUB_STEP_SUMMARY;
  if (!file) return;
  try {
    appendFileSync(file, summaryOf(event));
  } catch (reason) {
    warning(`The job summary could not be written: ${reason}`);
  }
}

/** Connections that are kept open, and whatever an error left behind, are for nobody; what was printed has to get out. */
function end() {
  process.stdout.write('', () => process.exit());
}

/** @param {unknown} reason */
function fail(reason) {
  process.exitCode = 1;
  error(reason instanceof Error ? reason.message : String(reason));
}
