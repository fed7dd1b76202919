/**
 * The action: hands the inputs to the core, writes what comes back. It decides nothing.
 */
import { readFileSync } from 'node:fs';
import { debug, error, getInput, info, setOutput, setSecret, warning } from '@actions/core';
import { callFromAction, initSync } from '../pkg/return_dispatch.js';
import { messageOf, outputsOf } from './render.js';

/** @typedef {import('./events.js').Event} Event */

// Before anything else can be written, by this program or by the runner.
const token = getInput('token');
if (token) setSecret(token);

const INPUTS = [
  'owner',
  'repo',
  'workflow',
  'ref',
  'workflow_inputs',
  'workflow_timeout_seconds',
  'distinct_id',
  'distinct_id_input',
  'api_url',
];

process.on('uncaughtException', fail);
await main().catch(fail);

async function main() {
  const wasm = new URL('./return_dispatch_bg.wasm', import.meta.url);
  initSync({ module: readFileSync(wasm) });
  await callFromAction(
    {
      inputs: { token, ...Object.fromEntries(INPUTS.map((name) => [name, givenInput(name)])) },
      caller: {
        repository: process.env.GITHUB_REPOSITORY,
        run_id: process.env.GITHUB_RUN_ID,
        api_url: process.env.GITHUB_API_URL,
      },
    },
    { fetch: (url, init) => fetch(url, init), report },
  );
}

/**
 * @param {string} name
 * @returns {string | undefined} undefined where it is not given at all, which is not the same as empty
 */
function givenInput(name) {
  if (process.env[`INPUT_${name.toUpperCase()}`] === undefined) return undefined;
  // The core trims what it may; in YAML, space in front means something.
  return getInput(name, { trimWhitespace: false });
}

/** @param {unknown} reported */
function report(reported) {
  const event = /** @type {Event} */ (reported);
  // At once, so that outputs survive whatever happens later.
  for (const [name, value] of Object.entries(outputsOf(event))) setOutput(name, value);
  const message = messageOf(event);
  if (message) ({ debug, info, warning })[message.level](message.text);
}

/** @param {unknown} reason */
function fail(reason) {
  process.exitCode = 1;
  error(reason instanceof Error ? reason.message : String(reason));
}
