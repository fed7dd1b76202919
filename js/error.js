/** What a program gets instead of a run. */

/** By this any copy of the module knows the errors of any other: one was imported, and one required. */
const BRAND = Symbol.for('return-dispatch.error');

/** What an error has besides its message. */
const FACTS = ['code', 'status', 'hint', 'distinctId', 'runId', 'runUrl', 'result'];

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
   * @param {any} thrown by the core
   * @param {Record<string, any>} known of its run
   * @param {AbortSignal} [signal]
   */
  static from(thrown, known, signal) {
    if (thrown instanceof ReturnDispatchError) return thrown;
    // Anything else is not the core's to explain, nor ours.
    if (thrown?.name !== 'ReturnDispatchError') return thrown;
    const { message, code, status, hint } = thrown;
    const cause = code === 'cancelled' ? signal?.reason : thrown.cause;
    return new ReturnDispatchError(message, { ...known, code, status, hint, cause });
  }
}

Object.defineProperty(ReturnDispatchError.prototype, 'name', { value: 'ReturnDispatchError' });
Object.defineProperty(ReturnDispatchError.prototype, BRAND, { value: true });
