// Built by `npm run build` from js/, src/ and simulator/: change those, not this file.
// @ts-nocheck
import * as program from "./program.js";
import { ReturnDispatchError } from "./program.js";

// js/index.js
function dispatch(options) {
	return program.dispatch(options);
}
function waitForRun(options) {
	return program.waitForRun(options);
}

export { ReturnDispatchError, dispatch, waitForRun };