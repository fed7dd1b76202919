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
    return new ReturnDispatchError(hide(message, token), {
      ...facts,
      code,
      status,
      hint: hide(hint, token),
      mayHaveDispatched,
      cause,
    });
  }
}

/**
 * @template T
 * @param {T} value
 * @param {string} token
 * @returns {T | string} what does not show the token
 */
export function hide(value, token) {
  return typeof value === 'string' && token ? value.replaceAll(token, '***') : value;
}

Object.defineProperty(ReturnDispatchError.prototype, 'name', { value: 'ReturnDispatchError' });
Object.defineProperty(ReturnDispatchError.prototype, BRAND, { value: true });
