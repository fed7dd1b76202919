/**
 * What a program calls. It carries options to the core and what comes back; it decides nothing.
 */
import { ReturnDispatchError } from './error.js';

/**
 * @typedef {import('./api/index.js').RunResult} RunResult
 * @typedef {import('./api/index.js').CancelResult} CancelResult
 * @typedef {import('./api/index.js').Event} Event
 * @typedef {Record<string, unknown>} Options
 */

/** The options that are not inputs. */
const OWN = ['signal', 'onEvent', 'fetch'];
const CONNECTION = ['token', 'apiUrl', 'owner', 'repo'];
const DISPATCH = [
  'workflow',
  'ref',
  'workflowInputs',
  'workflowTimeoutSeconds',
  'distinctId',
  'distinctIdInput',
];
const WAIT = ['waitTimeoutSeconds', 'cancelOnTimeout', 'failOnUnsuccessful', 'logs'];
const BOTH = ['cancelOnAbort', 'pollIntervalSeconds'];

/** What a handle hands on to `wait()` and `cancel()`. */
const KEPT = [...OWN, ...CONNECTION, ...WAIT, ...BOTH];

/** @type {Promise<typeof import('./core.js')> | undefined} */
let loading;

/** @returns {Promise<typeof import('./core.js')>} the one core of this process */
function core() {
  loading ??= import('./core.js').then(async (module) => {
    await module.load();
    return module;
  });
  // What failed once may work the next time: a chunk that was not to be had, for one.
  loading.catch(() => {
    loading = undefined;
  });
  return loading;
}

/**
 * @param {Options} options
 * @param {boolean} [asFlags] whether messages call options by the flags of the command
 */
export async function dispatch(options, asFlags = false) {
  check(options, [...OWN, ...CONNECTION, ...DISPATCH, ...WAIT, ...BOTH]);
  const facts = await call('dispatchFromProgram', options, { asFlags });
  return new Run(facts, pick(options, KEPT), asFlags);
}

/**
 * @param {Options} options
 * @param {boolean} [asFlags]
 * @returns {Promise<RunResult>}
 */
export async function waitForRun(options, asFlags = false) {
  check(options, [...OWN, ...CONNECTION, ...WAIT, ...BOTH, 'runId', 'distinctId']);
  return resultOf(await call('waitFromProgram', options, { asFlags }));
}

/** A run that was dispatched. */
class Run {
  /** @type {Options} */
  #options;
  #returnsValues;
  #asFlags;

  /**
   * @param {any} facts
   * @param {Options} options
   * @param {boolean} asFlags
   */
  constructor(facts, options, asFlags) {
    this.id = facts.runId;
    this.url = facts.runUrl;
    this.apiUrl = facts.runApiUrl;
    this.distinctId = facts.distinctId;
    this.identifiedBy = facts.identifiedBy;
    /** @type {RunResult['outputs'] | undefined} */
    this.outputs = undefined;
    this.#options = options;
    this.#returnsValues = facts.returnsValues;
    this.#asFlags = asFlags;
  }

  /**
   * @param {Options} [options]
   * @returns {Promise<RunResult>}
   */
  async wait(options = {}) {
    check(options, [...OWN, ...WAIT, ...BOTH]);
    const all = {
      ...this.#options,
      ...options,
      runId: this.id,
      ...(this.#returnsValues && { distinctId: this.distinctId }),
    };
    try {
      const how = { asFlags: this.#asFlags, page: this.url };
      const result = resultOf(await call('waitFromProgram', all, how));
      this.outputs = result.outputs;
      return result;
    } catch (error) {
      this.outputs = /** @type {any} */ (error).result?.outputs;
      throw error;
    }
  }

  /**
   * @param {Options} [options]
   * @returns {Promise<CancelResult>}
   */
  async cancel(options = {}) {
    check(options, OWN);
    // What aborted the wait does not abort what is done about it.
    const all = { ...this.#options, signal: undefined, ...options, runId: this.id };
    return call('cancelFromProgram', all, { asFlags: this.#asFlags });
  }
}

/**
 * @param {'dispatchFromProgram' | 'waitFromProgram' | 'cancelFromProgram'} what
 * @param {Options} options
 * @param {{ asFlags: boolean, page?: string }} how
 */
async function call(what, options, { asFlags, page }) {
  const { signal, onEvent, fetch: send = globalThis.fetch } = /** @type {any} */ (options);
  const done = new AbortController();
  /** @type {Record<string, any>} */
  const known = {};
  const cancelled = new Promise((resolve) => {
    if (signal?.aborted) resolve(undefined);
    else signal?.addEventListener('abort', () => resolve(undefined), { signal: done.signal });
  });
  const host = {
    fetch: (/** @type {string} */ url, /** @type {RequestInit} */ init) => send(url, init),
    cancelled: () => cancelled,
    report(/** @type {any} */ reported) {
      take(known, reported);
      onEvent?.(reported);
    },
  };
  try {
    const given = texts(options);
    const program = { option: (/** @type {string} */ name) => given.get(name), asFlags, page };
    if (what === 'dispatchFromProgram') {
      await Promise.race([core(), cancelled]);
      if (signal?.aborted) throw tooEarly();
    }
    return await (await core())[what](program, host);
  } catch (thrown) {
    throw ReturnDispatchError.from(thrown, known, signal);
  } finally {
    done.abort();
  }
}

/** The core would be told of it a moment after its first request. */
function tooEarly() {
  const message = 'Cancelled before anything was dispatched.';
  return Object.assign(new Error(message), { name: 'ReturnDispatchError', code: 'cancelled' });
}

/**
 * Keeps what an error has to say of its run.
 *
 * @param {Record<string, any>} known
 * @param {Event} event
 */
function take(known, event) {
  if (event.type === 'started') known.distinctId = event.distinctId;
  if (event.type === 'identified' || event.type === 'following') {
    known.runId = event.runId;
    known.runUrl = event.runUrl || undefined;
  }
  if (event.type === 'ended') known.result = resultOf(event);
}

/**
 * @param {any} ended
 * @returns {RunResult}
 */
function resultOf({ type, ...ended }) {
  return { ...ended, outputs: JSON.parse(ended.outputs) };
}

/**
 * The options as the core reads inputs: as text, by the names of inputs.
 *
 * @param {Options} options
 * @returns {Map<string, string>}
 */
function texts(options) {
  const given = Object.entries(options).filter(([name]) => !OWN.includes(name));
  return new Map(
    given.flatMap(([name, value]) =>
      value === undefined || value === null ? [] : [[inputOf(name), text(name, value)]],
    ),
  );
}

/** @param {string} name */
function inputOf(name) {
  if (name === 'cancelOnAbort') return 'cancel_on_cancel';
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/**
 * @param {string} name
 * @param {{}} value
 */
function text(name, value) {
  try {
    return typeof value === 'object' ? JSON.stringify(value) : String(value);
  } catch (cause) {
    throw invalid(`${name} cannot be written as text`, cause);
  }
}

/**
 * A misspelt option would be lost without a word.
 *
 * @param {unknown} options
 * @param {string[]} names
 */
function check(options, names) {
  if (typeof options !== 'object' || options === null) {
    throw invalid('The options are missing: give them as an object');
  }
  const unknown = Object.keys(options).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw invalid(`There is no option "${unknown}" here. There are: ${names.join(', ')}`);
  }
}

/**
 * @param {string} message
 * @param {unknown} [cause]
 */
function invalid(message, cause) {
  return new ReturnDispatchError(`${message}.`, { code: 'invalid_input', cause });
}

/**
 * @param {Options} options
 * @param {string[]} names
 */
function pick(options, names) {
  return Object.fromEntries(Object.entries(options).filter(([name]) => names.includes(name)));
}
