#!/usr/bin/env node
/** The command: arguments to options, events to a view, the end to an exit code. It decides nothing. */
import { readFileSync } from 'node:fs';
import pico from 'picocolors';
import { Interrupts } from './cli/interrupts.js';
import { liveView } from './cli/live.js';
import { plainView } from './cli/plain.js';
import { serverOf } from './cli/server.js';
import { name } from './cli/text.js';
import { EXIT, HELP, parse, UsageError } from './cli/usage.js';
import { ReturnDispatchError } from './error.js';
import { dispatch, waitForRun } from './program.js';

/**
 * @typedef {import('./cli/usage.js').Command} Command
 * @typedef {import('./cli/plain.js').View} View
 */

/** By what ended a call, the exit code. */
const EXIT_OF = new Map([
  ['unsuccessful', EXIT.unsuccessful],
  ['outputs_too_large', EXIT.unsuccessful],
  ['invalid_input', EXIT.usage],
  ['outcome_unknown', EXIT.unidentified],
  ['not_identified', EXIT.unidentified],
  ['ambiguous', EXIT.unidentified],
  ['timed_out', EXIT.unidentified],
  ['unauthorized', EXIT.refused],
  ['forbidden', EXIT.refused],
  ['not_found', EXIT.refused],
  ['refused', EXIT.refused],
  ['receiver_unprepared', EXIT.refused],
  ['rate_limited', EXIT.refused],
  ['server_error', EXIT.refused],
  ['unreachable', EXIT.refused],
]);

const errors = pico.createColors(process.stderr.isTTY && pico.isColorSupported);

// Whoever reads may stop reading: `return-dispatch … | head -1`.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error) => {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EPIPE') throw error;
  });
}
process.on('uncaughtException', (error) => {
  complain(error.message);
  process.exit(EXIT.internal);
});
process.exitCode = await main(process.argv.slice(2));

/** @param {string[]} args */
async function main(args) {
  try {
    const command = parse(args, process.env);
    switch (command.name) {
      case 'help':
        process.stdout.write(HELP);
        return EXIT.success;
      case 'version':
        process.stdout.write(`${version()}\n`);
        return EXIT.success;
      case 'demo':
        return await (await import('./cli-demo.js')).demonstrate((args, env) =>
          perform(parse(args, env), env),
        );
      default:
        return await perform(command, process.env);
    }
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    complain(`${error.message}. See return-dispatch --help.`);
    return EXIT.usage;
  }
}

/**
 * @param {Command} command
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<number>} the exit code
 */
async function perform({ name: what, positionals, flags }, env) {
  const [repo = '', workflowOrRun = ''] = positionals;
  const { apiUrl, token } = serverOf(flags, env);
  if (!token) {
    throw new UsageError(
      apiUrl
        ? `There is no token for ${apiUrl}: log in there with gh, or give one by GH_ENTERPRISE_TOKEN and --api-url`
        : 'There is no token: set GH_TOKEN to one that may run workflows in the target repository, or log in with gh',
    );
  }
  const workflowInputs = what === 'dispatch' ? inputsOf(flags) : undefined;
  const out = flags.json ? process.stderr : process.stdout;
  const view = viewOn(out, flags);
  const interrupts = new Interrupts(view, Boolean(flags['cancel-on-interrupt']));
  /** @type {Record<string, unknown>} */
  const document = {};
  const common = {
    token,
    apiUrl,
    repo,
    signal: interrupts.signal,
    cancelOnAbort: flags['cancel-on-interrupt'],
    pollIntervalSeconds: flags['poll-interval-seconds'],
    onEvent(/** @type {import('./types/events.js').Event} */ event) {
      if (event.type === 'started') document.distinctId = event.distinctId;
      if (event.type === 'identified') {
        const { runId, runUrl, runApiUrl, identifiedBy } = event;
        Object.assign(document, { runId, runUrl, runApiUrl, identifiedBy });
        // At once, so that it survives whatever happens later.
        if (flags.quiet && !flags.json) process.stdout.write(`${runId}\n`);
      }
      if (event.type === 'following') {
        const { runId, runUrl, runApiUrl } = event;
        Object.assign(document, { runId, ...(runUrl && { runUrl }), runApiUrl });
      }
      view.show(event);
    },
  };
  const waiting = {
    waitTimeoutSeconds: flags['wait-timeout-seconds'],
    cancelOnTimeout: flags['cancel-on-timeout'],
    logs: flags.logs ?? (flags.quiet ? 'none' : 'failed'),
  };
  let code = EXIT.success;
  try {
    let result;
    if (what === 'watch') {
      const distinctId = flags['distinct-id'];
      result = await waitForRun({ ...common, ...waiting, runId: workflowOrRun, distinctId }, true);
    } else {
      const run = await dispatch(
        {
          ...common,
          ...waiting,
          workflow: workflowOrRun,
          ref: flags.ref,
          workflowInputs,
          workflowTimeoutSeconds: flags['workflow-timeout-seconds'],
          distinctId: flags['distinct-id'],
          distinctIdInput: flags['distinct-id-input'],
        },
        true,
      );
      if (flags.wait) result = await run.wait();
    }
    if (result) {
      take(document, result);
      showOutputs(view, result.outputs);
    }
  } catch (thrown) {
    if (!(thrown instanceof ReturnDispatchError)) throw thrown;
    const error = /** @type {import('./api/index.js').ReturnDispatchError} */ (
      /** @type {unknown} */ (thrown)
    );
    if (error.result) {
      take(document, error.result);
      showOutputs(view, error.result.outputs);
    }
    const { code: reason, message, hint, status } = error;
    document.error = { code: reason, message, hint, status };
    code = exitCode(error, interrupts);
    view.close();
    complain(message);
  } finally {
    view.close();
    interrupts.close();
  }
  if (flags.json) process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
  return code;
}

/**
 * @param {import('./api/index.js').ReturnDispatchError} error
 * @param {Interrupts} interrupts
 */
function exitCode({ code, runId }, interrupts) {
  if (code === 'cancelled') return interrupts.exitCode;
  // It has been found: what took too long is its end.
  if (code === 'timed_out' && runId !== undefined) return EXIT.timedOut;
  return EXIT_OF.get(code) ?? EXIT.internal;
}

/**
 * @param {Record<string, unknown>} document
 * @param {import('./api/index.js').RunResult} result
 */
function take(document, { runUrl, status, conclusion, attempt, seconds, outputs }) {
  Object.assign(document, { runUrl, status, conclusion, attempt, seconds, outputs });
}

/**
 * @param {View} view
 * @param {Readonly<Record<string, unknown>>} outputs
 */
function showOutputs(view, outputs) {
  for (const [key, value] of Object.entries(outputs)) {
    view.note(
      `  ${name(key)} = ${name(typeof value === 'string' ? value : JSON.stringify(value))}`,
    );
  }
}

/**
 * @param {NodeJS.WriteStream} out
 * @param {Record<string, any>} flags
 * @returns {View}
 */
function viewOn(out, flags) {
  if (flags.quiet) return { show() {}, note() {}, close() {} };
  const colours = pico.createColors(Boolean(out.isTTY) && pico.isColorSupported);
  const options = { debug: Boolean(flags.debug), colours };
  const isLive = out.isTTY && process.env.TERM !== 'dumb' && !process.env.CI;
  return isLive ? liveView(out, options) : plainView(out, options);
}

/**
 * @param {Record<string, any>} flags
 * @returns {string | Record<string, string> | undefined}
 */
function inputsOf({ field = [], inputs }) {
  const text = inputs === undefined ? undefined : readInputs(inputs);
  if (field.length === 0) return text;
  /** @type {Record<string, string>} */
  const all = text === undefined ? {} : parseMapping(text);
  for (const one of field) {
    const at = one.indexOf('=');
    if (at < 1) throw new UsageError(`-f ${one} is not KEY=VALUE`);
    all[one.slice(0, at)] = one.slice(at + 1);
  }
  return all;
}

/** @param {string} file */
function readInputs(file) {
  try {
    return readFileSync(file === '-' ? process.stdin.fd : file, 'utf8');
  } catch (error) {
    throw new UsageError(
      `--inputs ${file} cannot be read: ${/** @type {Error} */ (error).message}`,
    );
  }
}

/** @param {string} text */
function parseMapping(text) {
  try {
    const mapping = JSON.parse(text);
    if (typeof mapping === 'object' && mapping !== null && !Array.isArray(mapping)) return mapping;
  } catch {}
  throw new UsageError('--inputs must be one JSON object where there is -f as well');
}

function version() {
  const file = new URL('../package.json', import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')).version;
}

/** @param {string} message */
function complain(message) {
  process.stderr.write(`${errors.red('error:')} ${name(message)}\n`);
}
