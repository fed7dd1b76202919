/** The npm package. Its types, and what everything means, are in api/index.d.ts. */
import * as program from './program.js';

export { ReturnDispatchError } from './program.js';

/** @param {Record<string, unknown>} options */
export function dispatch(options) {
  return program.dispatch(options);
}

/** @param {Record<string, unknown>} options */
export function waitForRun(options) {
  return program.waitForRun(options);
}
