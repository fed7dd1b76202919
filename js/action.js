/**
 * The action: hands the inputs to the core, writes what comes back. It decides nothing.
 */
import { accessSync, constants, readFileSync } from 'node:fs';
import { debug, error, getInput, info, setOutput, setSecret, warning } from '@actions/core';
import { callFromAction, initSync } from '../pkg/return_dispatch.js';
import { messageOf, outputsOf } from './render.js';

/** @typedef {import('./events.js').Event} Event */

// Before anything else can be written, by this program or by the runner.
const token = getInput('token');
if (token) setSecret(token);

/** @type {Error | undefined} why an output could not be written */
let unwritten;

process.on('uncaughtException', (reason) => {
  fail(reason);
  // Whatever threw left timers and connections behind; what was printed has to get out first.
  process.stdout.write('', () => process.exit());
});
await main().catch(fail);

async function main() {
  // A run whose ID cannot be handed on must not be dispatched in the first place.
  if (process.env.GITHUB_OUTPUT) accessSync(process.env.GITHUB_OUTPUT, constants.W_OK);
  const wasm = new URL('./return_dispatch_bg.wasm', import.meta.url);
  initSync({ module: readFileSync(wasm) });
  await callFromAction(
    { input, variable: (name) => process.env[name] },
    { fetch: (url, init) => fetch(url, init), report },
  );
  if (unwritten) throw unwritten;
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
  if (message) ({ debug, info, warning })[message.level](message.text);
  // At once, so that outputs survive whatever happens later.
  try {
    for (const [name, value] of Object.entries(outputsOf(event))) setOutput(name, value);
  } catch (reason) {
    unwritten ??= new Error(`The outputs could not be written: ${reason}. ${message?.text ?? ''}`);
  }
}

/** @param {unknown} reason */
function fail(reason) {
  process.exitCode = 1;
  error(reason instanceof Error ? reason.message : String(reason));
}
