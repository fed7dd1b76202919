// Built by `npm run build` from js/, src/ and simulator/: change those, not this file.
// @ts-nocheck
// js/error.js
/** What a program gets instead of a run. */
/** By this any copy of the module knows the errors of any other: one was imported, and one required. */
const BRAND = Symbol.for("return-dispatch.error");
/** What an error has besides its message. */
const FACTS = [
	"code",
	"status",
	"hint",
	"distinctId",
	"runId",
	"runUrl",
	"result"
];
var ReturnDispatchError = class ReturnDispatchError extends Error {
	/**
	* @override
	* @param {unknown} value
	*/
	static [Symbol.hasInstance](value) {
		return typeof value === "object" && value !== null && BRAND in value;
	}
	/**
	* @param {string} message
	* @param {Record<string, any>} facts
	*/
	constructor(message, { cause, ...facts }) {
		super(message, cause === void 0 ? void 0 : { cause });
		for (const name of FACTS) if (facts[name] !== void 0) Object.assign(this, { [name]: facts[name] });
	}
	/**
	* @param {any} thrown by the core
	* @param {Record<string, any>} known of its run
	* @param {AbortSignal} [signal]
	*/
	static from(thrown, known, signal) {
		if (thrown instanceof ReturnDispatchError) return thrown;
		if (thrown?.name !== "ReturnDispatchError") return thrown;
		const { message, code, status, hint } = thrown;
		const cause = code === "cancelled" ? signal?.reason : thrown.cause;
		return new ReturnDispatchError(message, {
			...known,
			code,
			status,
			hint,
			cause
		});
	}
};
Object.defineProperty(ReturnDispatchError.prototype, "name", { value: "ReturnDispatchError" });
Object.defineProperty(ReturnDispatchError.prototype, BRAND, { value: true });

// js/program.js
/**
* What a program calls. It carries options to the core and what comes back; it decides nothing.
*/
/**
* @typedef {import('./api/index.js').RunResult} RunResult
* @typedef {import('./api/index.js').CancelResult} CancelResult
* @typedef {import('./api/index.js').Event} Event
* @typedef {Record<string, unknown>} Options
*/
/** The options that are not inputs. */
const OWN = [
	"signal",
	"onEvent",
	"fetch"
];
const CONNECTION = [
	"token",
	"apiUrl",
	"owner",
	"repo"
];
const DISPATCH = [
	"workflow",
	"ref",
	"workflowInputs",
	"workflowTimeoutSeconds",
	"distinctId",
	"distinctIdInput"
];
const WAIT = [
	"waitTimeoutSeconds",
	"cancelOnTimeout",
	"failOnUnsuccessful",
	"logs"
];
const BOTH = ["cancelOnAbort", "pollIntervalSeconds"];
/** What a handle hands on to `wait()` and `cancel()`. */
const KEPT = [
	...OWN,
	...CONNECTION,
	...WAIT,
	...BOTH
];
/** @type {Promise<typeof import('./core.js')> | undefined} */
let loading;
/** @returns {Promise<typeof import('./core.js')>} the one core of this process */
function core() {
	loading ??= import("./core.js").then(async (module) => {
		await module.load();
		return module;
	});
	loading.catch(() => {
		loading = void 0;
	});
	return loading;
}
/**
* @param {Options} options
* @param {boolean} [asFlags] whether messages call options by the flags of the command
*/
async function dispatch$1(options, asFlags = false) {
	check(options, [
		...OWN,
		...CONNECTION,
		...DISPATCH,
		...WAIT,
		...BOTH
	]);
	const facts = await call("dispatchFromProgram", options, { asFlags });
	return new Run(facts, pick(options, KEPT), asFlags);
}
/**
* @param {Options} options
* @param {boolean} [asFlags]
* @returns {Promise<RunResult>}
*/
async function waitForRun$1(options, asFlags = false) {
	check(options, [
		...OWN,
		...CONNECTION,
		...WAIT,
		...BOTH,
		"runId",
		"distinctId"
	]);
	return resultOf(await call("waitFromProgram", options, { asFlags }));
}
/** A run that was dispatched. */
var Run = class {
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
		this.outputs = void 0;
		this.#options = options;
		this.#returnsValues = facts.returnsValues;
		this.#asFlags = asFlags;
	}
	/**
	* @param {Options} [options]
	* @returns {Promise<RunResult>}
	*/
	async wait(options = {}) {
		check(options, [
			...OWN,
			...WAIT,
			...BOTH
		]);
		const all = {
			...this.#options,
			...options,
			runId: this.id,
			...this.#returnsValues && { distinctId: this.distinctId }
		};
		try {
			const result = resultOf(await call("waitFromProgram", all, {
				asFlags: this.#asFlags,
				page: this.url
			}));
			this.outputs = result.outputs;
			return result;
		} catch (error) {
			this.outputs = error.result?.outputs;
			throw error;
		}
	}
	/**
	* @param {Options} [options]
	* @returns {Promise<CancelResult>}
	*/
	async cancel(options = {}) {
		check(options, OWN);
		return call("cancelFromProgram", {
			...this.#options,
			signal: void 0,
			...options,
			runId: this.id
		}, { asFlags: this.#asFlags });
	}
};
/**
* @param {'dispatchFromProgram' | 'waitFromProgram' | 'cancelFromProgram'} what
* @param {Options} options
* @param {{ asFlags: boolean, page?: string }} how
*/
async function call(what, options, { asFlags, page }) {
	const { signal, onEvent, fetch: send = globalThis.fetch } = options;
	const done = new AbortController();
	/** @type {Record<string, any>} */
	const known = {};
	const cancelled = new Promise((resolve) => {
		if (signal?.aborted) resolve(void 0);
		else signal?.addEventListener("abort", () => resolve(void 0), { signal: done.signal });
	});
	const host = {
		fetch: (url, init) => send(url, init),
		cancelled: () => cancelled,
		report(reported) {
			take(known, reported);
			onEvent?.(reported);
		}
	};
	try {
		const given = texts(options);
		const program = {
			option: (name) => given.get(name),
			asFlags,
			page
		};
		if (what === "dispatchFromProgram") {
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
	return Object.assign(/* @__PURE__ */ new Error("Cancelled before anything was dispatched."), {
		name: "ReturnDispatchError",
		code: "cancelled"
	});
}
/**
* Keeps what an error has to say of its run.
*
* @param {Record<string, any>} known
* @param {Event} event
*/
function take(known, event) {
	if (event.type === "started") known.distinctId = event.distinctId;
	if (event.type === "identified" || event.type === "following") {
		known.runId = event.runId;
		known.runUrl = event.runUrl || void 0;
	}
	if (event.type === "ended") known.result = resultOf(event);
}
/**
* @param {any} ended
* @returns {RunResult}
*/
function resultOf({ type, ...ended }) {
	return {
		...ended,
		outputs: JSON.parse(ended.outputs)
	};
}
/**
* The options as the core reads inputs: as text, by the names of inputs.
*
* @param {Options} options
* @returns {Map<string, string>}
*/
function texts(options) {
	const given = Object.entries(options).filter(([name]) => !OWN.includes(name));
	return new Map(given.flatMap(([name, value]) => value === void 0 || value === null ? [] : [[inputOf(name), text(name, value)]]));
}
/** @param {string} name */
function inputOf(name) {
	if (name === "cancelOnAbort") return "cancel_on_cancel";
	return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
/**
* @param {string} name
* @param {{}} value
*/
function text(name, value) {
	try {
		return typeof value === "object" ? JSON.stringify(value) : String(value);
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
	if (typeof options !== "object" || options === null) throw invalid("The options are missing: give them as an object");
	const unknown = Object.keys(options).find((name) => !names.includes(name));
	if (unknown !== void 0) throw invalid(`There is no option "${unknown}" here. There are: ${names.join(", ")}`);
}
/**
* @param {string} message
* @param {unknown} [cause]
*/
function invalid(message, cause) {
	return new ReturnDispatchError(`${message}.`, {
		code: "invalid_input",
		cause
	});
}
/**
* @param {Options} options
* @param {string[]} names
*/
function pick(options, names) {
	return Object.fromEntries(Object.entries(options).filter(([name]) => names.includes(name)));
}

// js/index.js
/** The npm package. Its types, and what everything means, are in api/index.d.ts. */
/** @param {Record<string, unknown>} options */
function dispatch(options) {
	return dispatch$1(options);
}
/** @param {Record<string, unknown>} options */
function waitForRun(options) {
	return waitForRun$1(options);
}

export { ReturnDispatchError, dispatch, waitForRun };