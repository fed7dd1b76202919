#!/usr/bin/env node
/** The command: arguments to options, events to a view, the end to an exit code. It decides nothing. */
import { readFileSync, writeSync } from 'node:fs';
import pico from 'picocolors';
import { Document } from './cli/document.js';
import { Interrupts } from './cli/interrupts.js';
import { liveView } from './cli/live.js';
import { lineOf, plainView } from './cli/plain.js';
import { serverOf, tokenNames } from './cli/server.js';
import { name } from './cli/text.js';
import { EXIT, HELP, parse, UsageError } from './cli/usage.js';
import { dispatch, mergeInputs, ReturnDispatchError, waitForRun } from './program.js';
import { send } from './transport.js';

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
  ['unauthorized', EXIT.refused],
  ['forbidden', EXIT.refused],
  ['not_found', EXIT.refused],
  ['refused', EXIT.refused],
  ['receiver_unprepared', EXIT.refused],
  ['rate_limited', EXIT.refused],
  ['server_error', EXIT.refused],
  ['unreachable', EXIT.refused],
  // Like a refusal: unless something was dispatched before.
  ['timed_out', EXIT.refused],
]);

const errors = coloursOn(process.stderr);

/** @type {Error | undefined} why something could not be written */
let unwritten;
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error) => {
    // Whoever reads may stop reading: `return-dispatch … | head -1`. A full disk must not end a call half-way either.
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EPIPE') unwritten ??= error;
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
        return await (await demonstration()).demonstrate(
          (args, env) => perform(parse(args, env), env),
          command.flags.server,
        );
      default:
        return await perform(command, process.env);
    }
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const message = `${error.message.replace(/\.$/, '')}. See return-dispatch --help.`;
    complain(message);
    const document = new Document();
    document.takeError({ code: 'invalid_input', message });
    if (args.includes('--json')) process.stdout.write(`${document}\n`);
    return EXIT.usage;
  }
}

async function demonstration() {
  try {
    return await import('./cli-demo.js');
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new UsageError(
      `the demonstration needs return-dispatch-simulator, which was left out when return-dispatch was installed: install it in the same place, by npm install return-dispatch-simulator@${version()} (with --global, if return-dispatch is global)`,
    );
  }
}

/**
 * @param {string | undefined} apiUrl
 * @param {Record<string, any>} flags
 * @param {NodeJS.ProcessEnv} env
 */
function noToken(apiUrl, flags, env) {
  const names = tokenNames(apiUrl, env);
  const place = apiUrl ? ` for ${apiUrl}` : '';
  const unused = ['GH_TOKEN', 'GITHUB_TOKEN'].find((name) => env[name]);
  const why =
    unused && !names.includes(unused) ? ` (${unused} is only sent to github.com and ghe.com)` : '';
  // The host of an address that was pasted gets no token of a variable.
  const byVariable =
    flags.addressHost && !flags['api-url']
      ? `name the server by GH_HOST and set ${names[0]}`
      : `set ${names[0]} to one that may run workflows in the target repository`;
  return `There is no token${place}${why}: ${byVariable}, or log in with gh`;
}

/**
 * @param {Command} command
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<number>} the exit code
 */
async function perform({ name: what, positionals, flags }, env) {
  const [repo = '', workflowOrRun = ''] = positionals;
  const { apiUrl, token } = serverOf(flags, env);
  if (!token) throw new UsageError(noToken(apiUrl, flags, env));
  const workflowInputs = what === 'dispatch' ? await inputsOf(flags) : undefined;
  const out = flags.json ? process.stderr : process.stdout;
  const view = viewOn(out, flags);
  const document = new Document();
  const interrupts = new Interrupts(view, Boolean(flags['cancel-on-interrupt']), () => {
    writeAtOnce(process.stderr.fd, complaint(document.endAtOnce()));
    if (flags.json) writeAtOnce(process.stdout.fd, `${document}\n`);
  });
  const common = {
    token,
    apiUrl,
    repo,
    signal: interrupts.signal,
    fetch: /** @type {any} */ (send),
    cancelOnAbort: flags['cancel-on-interrupt'],
    pollIntervalSeconds: flags['poll-interval-seconds'],
    onEvent(/** @type {import('./types/events.js').Event} */ event) {
      document.take(event);
      if (flags.quiet) tellAllTheSame(event, flags);
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
      document.takeRun(run);
      if (flags.wait) result = await run.wait();
    }
    if (result) {
      document.takeResult(result);
      showOutputs(view, result.outputs);
    }
  } catch (thrown) {
    if (!(thrown instanceof ReturnDispatchError)) throw thrown;
    const error = /** @type {import('./api/index.js').ReturnDispatchError} */ (
      /** @type {unknown} */ (thrown)
    );
    document.takeError(error);
    if (error.result) showOutputs(view, error.result.outputs);
    code = exitCode(error, interrupts);
    view.close();
    complain(error.message);
  } finally {
    view.close();
    interrupts.close();
  }
  if (flags.json) process.stdout.write(`${document}\n`);
  await written();
  if (!unwritten) return code;
  const { runId, runUrl } = document.facts;
  const run = runId === undefined ? '' : ` The run is ${runId}: ${runUrl ?? ''}`;
  complain(`What was to be written could not be: ${unwritten.message}.${run}`);
  return EXIT.internal;
}

/**
 * What must not be lost to whoever wants no progress.
 *
 * @param {import('./types/events.js').Event} event
 * @param {Record<string, any>} flags
 */
function tellAllTheSame(event, flags) {
  // At once, so that it survives whatever happens later.
  if (event.type === 'identified' && !flags.json) process.stdout.write(`${event.runId}\n`);
  // A second run is never kept quiet.
  if (event.type === 'duplicate' || event.type === 'duplicatePossible') {
    process.stderr.write(`${lineOf(event, errors, false)}\n`);
  }
}

/** Resolves when all that was printed has got out, or has not. */
async function written() {
  await new Promise((resolve) => process.stdout.write('', resolve));
  await new Promise((resolve) => setImmediate(resolve));
}

/**
 * @param {import('./api/index.js').ReturnDispatchError} error
 * @param {Interrupts} interrupts
 */
function exitCode({ code, runId, mayHaveDispatched }, interrupts) {
  if (code === 'cancelled') return interrupts.exitCode;
  if (code === 'timed_out' && runId !== undefined) return EXIT.unfinished;
  const exit = EXIT_OF.get(code) ?? EXIT.internal;
  // Whoever tries again after a refusal must not dispatch a second time.
  if (exit !== EXIT.refused || !mayHaveDispatched) return exit;
  return runId === undefined ? EXIT.unidentified : EXIT.unfinished;
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
  const colours = coloursOn(out);
  const options = { debug: Boolean(flags.debug), colours };
  const isLive = out.isTTY && process.env.TERM !== 'dumb' && !process.env.CI;
  return isLive ? liveView(out, options) : plainView(out, options);
}

/**
 * @param {Record<string, any>} flags
 * @returns {Promise<string | Record<string, string> | undefined>}
 */
async function inputsOf({ field = [], inputs }) {
  const pairs = field.map((/** @type {string} */ one) => {
    const at = one.indexOf('=');
    // What stands there may be a secret.
    if (at < 1) throw new UsageError('what follows -f is not KEY=VALUE');
    return [one.slice(0, at), one.slice(at + 1)];
  });
  const fields = Object.fromEntries(pairs);
  if (inputs === undefined) return pairs.length > 0 ? fields : undefined;
  const text = await readInputs(inputs);
  // The core reads it, so that it means the same with and without -f.
  if (pairs.length === 0) return text;
  try {
    return await mergeInputs(text, fields);
  } catch (error) {
    if (/** @type {any} */ (error).code !== 'invalid_input') throw error;
    throw new UsageError(/** @type {Error} */ (error).message);
  }
}

/** @param {string} file */
async function readInputs(file) {
  const text = file === '-' ? await readAll() : readFile(file);
  // Where what was to write them has failed, nothing must be deployed with defaults.
  if (!text.trim()) throw new UsageError(`--inputs ${file} has nothing in it; {} are no inputs`);
  return text;
}

/** @param {string} file */
function readFile(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(
      `--inputs ${file} cannot be read: ${/** @type {Error} */ (error).message}`,
    );
  }
}

/** @returns {Promise<string>} standard input */
async function readAll() {
  if (process.stdin.isTTY) process.stderr.write('Reading inputs; end them with Ctrl-D.\n');
  let text = '';
  try {
    for await (const chunk of process.stdin.setEncoding('utf8')) text += chunk;
  } catch (error) {
    throw new UsageError(`--inputs - cannot be read: ${/** @type {Error} */ (error).message}`);
  }
  return text;
}

/**
 * Colours, if there are any on this stream: see https://no-color.org and https://force-color.org
 *
 * @param {NodeJS.WriteStream} stream
 */
function coloursOn(stream) {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  const isForced = Boolean(FORCE_COLOR) && FORCE_COLOR !== '0';
  return pico.createColors(!NO_COLOR && (isForced || (Boolean(stream.isTTY) && TERM !== 'dumb')));
}

function version() {
  const file = new URL('../package.json', import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')).version;
}

/** @param {string} message */
function complain(message) {
  process.stderr.write(complaint(message));
}

/** @param {string} message */
function complaint(message) {
  return `${errors.red('error:')} ${name(message)}\n`;
}

/**
 * Writes before it returns, as the process is about to end.
 *
 * @param {number} fd
 * @param {string} text
 */
function writeAtOnce(fd, text) {
  try {
    writeSync(fd, text);
  } catch {
    // Nobody reads.
  }
}
