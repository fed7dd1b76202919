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
  if (!token || !shows(value, token, new Set())) return value;
  return /** @type {T} */ (hidden(value, token, new Map()));
}

/**
 * @param {unknown} value
 * @param {string} token
 * @param {Set<object>} seen causes may go round in a circle
 * @returns {boolean}
 */
function shows(value, token, seen) {
  if (typeof value === 'string') return value.includes(token);
  const names = namesIn(value);
  if (names.length === 0) return false;
  const container = /** @type {Record<string, unknown>} */ (value);
  if (seen.has(container)) return false;
  seen.add(container);
  return names.some((name) => shows(container[name], token, seen));
}

/**
 * Errors of others stay as they are: what is handed on is a copy.
 *
 * @param {unknown} value
 * @param {string} token
 * @param {Map<object, unknown>} copies
 * @returns {unknown}
 */
function hidden(value, token, copies) {
  if (typeof value === 'string') return value.replaceAll(token, '***');
  const names = namesIn(value);
  if (names.length === 0) return value;
  const original = /** @type {Record<string, unknown>} */ (value);
  if (copies.has(original)) return copies.get(original);
  const copy = Array.isArray(value) ? [] : Object.create(Object.getPrototypeOf(original));
  copies.set(original, copy);
  for (const name of names) {
    Object.defineProperty(copy, name, {
      value: hidden(original[name], token, copies),
      writable: true,
      configurable: true,
      enumerable: Object.prototype.propertyIsEnumerable.call(original, name),
    });
  }
  return copy;
}

/**
 * The names of what a value holds, if it is one of those that are looked into.
 *
 * @param {unknown} value
 * @returns {string[]}
 */
function namesIn(value) {
  if (typeof value !== 'object' || value === null) return [];
  if (value instanceof Error) {
    // Some have these by getters, which a copy would not.
    const own = ['name', 'message', 'stack', 'code'].filter((name) => name in value);
    return [...new Set([...own, ...Object.getOwnPropertyNames(value)])];
  }
  const isPlain = [Object.prototype, Array.prototype, null].includes(Object.getPrototypeOf(value));
  return isPlain ? Object.keys(value) : [];
}

Object.defineProperty(ReturnDispatchError.prototype, 'name', { value: 'ReturnDispatchError' });
Object.defineProperty(ReturnDispatchError.prototype, BRAND, { value: true });
