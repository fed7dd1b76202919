// Built by `npm run build` from js/, src/ and simulator/: change those, not this file.
// @ts-nocheck
import * as program from "./program.js";
import { ReturnDispatchError } from "./program.js";

// js/index.js
/** The npm package. Its types, and what everything means, are in api/index.d.ts. */
/** @param {Record<string, unknown>} options */
function dispatch(options) {
	return program.dispatch(options);
}
/** @param {Record<string, unknown>} options */
function waitForRun(options) {
	return program.waitForRun(options);
}

export { ReturnDispatchError, dispatch, waitForRun };