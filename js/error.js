/** What a program gets instead of a run. */

/** By this any copy of the module knows the errors of any other: one was imported, and one required. */
const BRAND = Symbol.for('return-dispatch.error');

/** What an error has besides its message. */
const FACTS = [
  'code',
  'status',
  'hint',
  'mayHaveDispatched',
  'distinctId',
  'runId',
  'runUrl',
  'result',
];

export class ReturnDispatchError extends Error {
  /**
   * @override
   * @param {unknown} value
   */
  static [Symbol.hasInstance](value) {
    return typeof value === 'object' && value !== null && BRAND in value;
  }

  /**
   * @param {string} message
   * @param {Record<string, any>} facts
   */
  constructor(message, { cause, ...facts }) {
    super(message, cause === undefined ? undefined : { cause });
    for (const name of FACTS) {
      if (facts[name] !== undefined) Object.assign(this, { [name]: facts[name] });
    }
  }

  /**
   * @param {any} thrown
   * @param {Record<string, any>} known of its run
   * @param {AbortSignal} [signal]
   * @param {string} [token]
   */
  static from(thrown, known, signal, token = '') {
    const { duplicates, duplicatePossible, ...facts } = known;
    const isOurs = thrown?.name === 'ReturnDispatchError';
    // Where the core cannot even be loaded, for one.
    const message = isOurs ? thrown.message : `internal error in return-dispatch: ${thrown}`;
    const { code, status, hint } = isOurs ? thrown : { code: 'internal' };
    const mayHaveDispatched = thrown?.mayHaveDispatched ?? known.mayHaveDispatched;
    const cause = !isOurs ? thrown : code === 'cancelled' ? signal?.reason : thrown.cause;
    const all = { ...facts, code, status, hint, mayHaveDispatched, cause };
    return new ReturnDispatchError(hide(message, token), hide(all, token));
  }
}

/**
 * Hides the token wherever it stands in a value: in texts, lists and plain objects, and in errors with all their causes.
 *
 * @template T
 * @param {T} value
 * @param {string} token
 * @returns {T} what does not show the token; what did not is the same
 */
export function hide(value, token) {
  return token ? /** @type {T} */ (hidden(value, token, new Map())) : value;
}

/**
 * @param {unknown} value
 * @param {string} token
 * @param {Map<object, unknown>} known what was dealt with already: causes may go round in a circle
 * @returns {unknown}
 */
function hidden(value, token, known) {
  if (typeof value === 'string') return value.replaceAll(token, '***');
  if (typeof value !== 'object' || value === null) return value;
  const isError = value instanceof Error;
  const isPlain =
    Array.isArray(value) || [Object.prototype, null].includes(Object.getPrototypeOf(value));
  if (!isError && !isPlain) return value;
  if (known.has(value)) return known.get(value);
  known.set(value, value);
  const names = isError
    ? [...new Set(['message', 'stack', ...Object.getOwnPropertyNames(value)])]
    : Object.keys(value);
  /** @type {Record<string, unknown>} */
  const changed = {};
  for (const name of names) {
    const own = /** @type {Record<string, unknown>} */ (value)[name];
    const kept = hidden(own, token, known);
    if (kept !== own) changed[name] = kept;
  }
  if (Object.keys(changed).length === 0) return value;
  // Errors of others stay as they are: what is handed on is a copy.
  const copy = Array.isArray(value)
    ? [...value]
    : Object.create(Object.getPrototypeOf(value), Object.getOwnPropertyDescriptors(value));
  known.set(value, copy);
  for (const [name, kept] of Object.entries(changed)) {
    Object.defineProperty(copy, name, {
      value: kept,
      writable: true,
      configurable: true,
      enumerable: Object.prototype.propertyIsEnumerable.call(value, name),
    });
  }
  return copy;
}

Object.defineProperty(ReturnDispatchError.prototype, 'name', { value: 'ReturnDispatchError' });
Object.defineProperty(ReturnDispatchError.prototype, BRAND, { value: true });
