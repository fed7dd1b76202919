// Built by `npm run build` from js/, src/ and simulator/: change those, not this file.
// @ts-nocheck
// js/error.js
const BRAND = Symbol.for("return-dispatch.error");
const FACTS = [
	"code",
	"status",
	"hint",
	"mayHaveDispatched",
	"distinctId",
	"runId",
	"runUrl",
	"result"
];
var ReturnDispatchError = class ReturnDispatchError extends Error {
	static [Symbol.hasInstance](value) {
		return typeof value === "object" && value !== null && BRAND in value;
	}
	constructor(message, { cause, ...facts }) {
		super(message, cause === void 0 ? void 0 : { cause });
		for (const name of FACTS) if (facts[name] !== void 0) Object.assign(this, { [name]: facts[name] });
	}
	static from(thrown, known, signal, token = "") {
		const { duplicates, duplicatePossible, ...facts } = known;
		const isOurs = thrown?.name === "ReturnDispatchError";
		const message = isOurs ? thrown.message : `internal error in return-dispatch: ${thrown}`;
		const { code, status, hint } = isOurs ? thrown : { code: "internal" };
		const mayHaveDispatched = thrown?.mayHaveDispatched ?? known.mayHaveDispatched;
		const cause = !isOurs ? thrown : code === "cancelled" ? signal?.reason : thrown.cause;
		const all = {
			...facts,
			code,
			status,
			hint,
			mayHaveDispatched,
			cause
		};
		return new ReturnDispatchError(hide(message, token), hide(all, token));
	}
};
function hide(value, token) {
	if (!token || !shows(value, token, /* @__PURE__ */ new Set())) return value;
	return hidden(value, token, /* @__PURE__ */ new Map());
}
function shows(value, token, seen) {
	if (typeof value === "string") return value.includes(token);
	const names = namesIn(value);
	if (names.length === 0) return false;
	const container = value;
	if (seen.has(container)) return false;
	seen.add(container);
	return names.some((name) => shows(container[name], token, seen));
}
function hidden(value, token, copies) {
	if (typeof value === "string") return value.replaceAll(token, "***");
	const names = namesIn(value);
	if (names.length === 0) return value;
	const original = value;
	if (copies.has(original)) return copies.get(original);
	const copy = Array.isArray(value) ? [] : Object.create(Object.getPrototypeOf(original));
	copies.set(original, copy);
	for (const name of names) Object.defineProperty(copy, name, {
		value: hidden(original[name], token, copies),
		writable: true,
		configurable: true,
		enumerable: Object.prototype.propertyIsEnumerable.call(original, name)
	});
	return copy;
}
function namesIn(value) {
	if (typeof value !== "object" || value === null) return [];
	if (value instanceof Error) {
		const own = [
			"name",
			"message",
			"stack",
			"code"
		].filter((name) => name in value);
		return [.../* @__PURE__ */ new Set([...own, ...Object.getOwnPropertyNames(value)])];
	}
	return [
		Object.prototype,
		Array.prototype,
		null
	].includes(Object.getPrototypeOf(value)) ? Object.keys(value) : [];
}
Object.defineProperty(ReturnDispatchError.prototype, "name", { value: "ReturnDispatchError" });
Object.defineProperty(ReturnDispatchError.prototype, BRAND, { value: true });

// js/program.js
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
const MAY_BE_EMPTY = [
	"token",
	"distinctIdInput",
	"workflowInputs"
];
const KEPT = [
	...OWN,
	...CONNECTION,
	...WAIT,
	...BOTH
];
async function core() {
	const module = await import("./core.js");
	await module.load();
	return module;
}
async function mergeInputs(base, over) {
	try {
		return (await core()).mergeInputs(base, JSON.stringify(over));
	} catch (thrown) {
		throw ReturnDispatchError.from(thrown, {});
	}
}
async function dispatch(options, asFlags = false) {
	check(options, [
		...OWN,
		...CONNECTION,
		...DISPATCH,
		...WAIT,
		...BOTH
	]);
	const known = {};
	const facts = await call("dispatchFromProgram", options, {
		asFlags,
		known
	});
	return new Run(facts, known, pick(options, KEPT), asFlags);
}
async function waitForRun(options, asFlags = false) {
	check(options, [
		...OWN,
		...CONNECTION,
		...WAIT,
		...BOTH,
		"runId",
		"distinctId"
	]);
	return resultOf(await call("waitFromProgram", options, {
		asFlags,
		known: knownOf(options)
	}));
}
var Run = class {
	#options;
	#returnsValues;
	#asFlags;
	#outputs;
	constructor(facts, { duplicates = [], duplicatePossible = false }, options, asFlags) {
		this.id = facts.runId;
		this.url = facts.runUrl;
		this.apiUrl = facts.runApiUrl;
		this.distinctId = facts.distinctId;
		this.identifiedBy = facts.identifiedBy;
		this.duplicates = duplicates;
		this.duplicatePossible = duplicatePossible;
		this.#options = options;
		this.#returnsValues = facts.returnsValues;
		this.#asFlags = asFlags;
	}
	get outputs() {
		return this.#outputs;
	}
	get #known() {
		const { id: runId, url: runUrl, distinctId } = this;
		return {
			runId,
			runUrl,
			distinctId,
			mayHaveDispatched: true
		};
	}
	async wait(options = {}) {
		check(options, [
			...OWN,
			...WAIT,
			...BOTH
		]);
		const all = {
			...this.#options,
			...pick(options, KEPT),
			runId: this.id,
			...this.#returnsValues && { distinctId: this.distinctId }
		};
		const how = {
			asFlags: this.#asFlags,
			page: this.url,
			known: this.#known
		};
		try {
			const result = resultOf(await call("waitFromProgram", all, how));
			this.#outputs = result.outputs;
			return result;
		} catch (error) {
			this.#outputs = error.result?.outputs ?? this.#outputs;
			throw error;
		}
	}
	async cancel(options = {}) {
		check(options, OWN);
		const { signal, ...kept } = this.#options;
		return call("cancelFromProgram", {
			...kept,
			...pick(options, OWN),
			runId: this.id
		}, {
			asFlags: this.#asFlags,
			known: this.#known
		});
	}
};
async function call(what, options, { asFlags, page, known }) {
	const { signal, onEvent, fetch: send = globalThis.fetch } = options;
	const token = String(options.token ?? "");
	const [cancelled, forget] = abortOf(signal);
	const host = {
		async fetch(url, init) {
			if (init.method === "POST" && signal?.aborted && !options.cancelOnAbort) return never();
			return responseOf(await send(url, init));
		},
		now: () => performance.now(),
		random: () => globalThis.crypto.getRandomValues(/* @__PURE__ */ new Uint8Array(16)),
		cancelled: () => cancelled,
		report(reported) {
			take(known, reported);
			const told = onEvent?.(hide(reported, token));
			if (typeof told?.then === "function") told.then(void 0, () => {});
		}
	};
	try {
		const given = texts(options);
		const program = {
			option: (name) => given.get(name),
			asFlags,
			page
		};
		await Promise.race([core(), cancelled]);
		const isInVain = what !== "waitFromProgram" || !options.cancelOnAbort;
		if (signal?.aborted && isInVain) throw inVain(what);
		return await (await core())[what](program, host);
	} catch (thrown) {
		throw ReturnDispatchError.from(thrown, known, signal, token);
	} finally {
		forget();
	}
}
const signals = /* @__PURE__ */ new WeakMap();
function abortOf(signal) {
	if (!signal) return [never(), () => {}];
	if (signal.aborted) return [Promise.resolve(), () => {}];
	const { calls, listener } = signals.get(signal) ?? listenTo(signal);
	let abort = () => {};
	const cancelled = new Promise((resolve) => {
		abort = resolve;
	});
	calls.add(abort);
	const forget = () => {
		calls.delete(abort);
		if (calls.size > 0) return;
		signal.removeEventListener("abort", listener);
		signals.delete(signal);
	};
	return [cancelled, forget];
}
function listenTo(signal) {
	const calls = /* @__PURE__ */ new Set();
	const listener = () => {
		for (const abort of calls) abort();
	};
	signal.addEventListener("abort", listener);
	const listened = {
		calls,
		listener
	};
	signals.set(signal, listened);
	return listened;
}
function never() {
	return new Promise(() => {});
}
function responseOf(response) {
	const body = response?.body;
	const isReadable = !body || typeof body.getReader === "function" && !body.locked;
	if (typeof response?.status === "number" && typeof response.headers?.[Symbol.iterator] === "function" && isReadable) return response;
	throw new TypeError("fetch did not resolve to a Response whose body can be read");
}
function inVain(what) {
	return new ReturnDispatchError(`Cancelled before ${what === "dispatchFromProgram" ? "anything was dispatched" : "anything was sent"}.`, { code: "cancelled" });
}
function take(known, event) {
	switch (event.type) {
		case "started":
			known.distinctId = event.distinctId;
			break;
		case "identified":
		case "following":
			known.runId = event.runId;
			known.runUrl = event.runUrl || known.runUrl;
			break;
		case "duplicate":
			known.duplicates = [...known.duplicates ?? [], {
				runId: event.runId,
				runUrl: event.runUrl,
				problem: event.problem
			}];
			break;
		case "duplicatePossible":
			known.duplicatePossible = true;
			break;
		case "ended": known.result = resultOf(event);
	}
}
function knownOf({ runId, distinctId }) {
	const id = Number(runId);
	return {
		...Number.isSafeInteger(id) && id > 0 && { runId: id },
		...typeof distinctId === "string" && { distinctId }
	};
}
function resultOf({ type, ...ended }) {
	return {
		...ended,
		outputs: JSON.parse(ended.outputs)
	};
}
function texts(options) {
	const given = Object.entries(options).filter(([name]) => !OWN.includes(name));
	return new Map(given.flatMap(([name, value]) => value === void 0 || value === null ? [] : [[inputOf(name), text(name, value)]]));
}
function inputOf(name) {
	if (name === "cancelOnAbort") return "cancel_on_cancel";
	return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
function text(name, value) {
	if (name === "workflowInputs" && typeof value === "object") return mapping(value);
	if (value === "" && !MAY_BE_EMPTY.includes(name)) throw invalid(`${name} is empty: leave it out where it is not needed`);
	if (typeof value === "string" && /\p{Surrogate}/u.test(value)) throw invalid(`${name} has half of a character in it`);
	if ([
		"string",
		"number",
		"boolean",
		"bigint"
	].includes(typeof value)) return String(value);
	throw invalid(`${name} is neither text nor a number nor a boolean`);
}
function mapping(inputs) {
	const prototype = Object.getPrototypeOf(inputs);
	if (prototype !== null && Object.getPrototypeOf(prototype) !== null) throw invalid("workflowInputs is not a plain object");
	const entries = Object.entries(inputs).map(([name, value]) => {
		if ([
			"string",
			"boolean",
			"bigint"
		].includes(typeof value) || Number.isFinite(value)) return [name, typeof value === "bigint" ? String(value) : value];
		throw invalid(`workflowInputs has ${kindOf(value)} as the value of "${name}"; only strings, numbers and booleans can be passed`);
	});
	return JSON.stringify(Object.fromEntries(entries));
}
function kindOf(value) {
	if (Array.isArray(value)) return "an array";
	if (value === null || value === void 0 || typeof value === "number") return String(value);
	return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
function check(options, names) {
	if (typeof options !== "object" || options === null) throw invalid("The options are missing: give them as an object");
	const unknown = Object.keys(options).find((name) => !names.includes(name));
	if (unknown !== void 0) throw invalid(`There is no option "${unknown}" here. There are: ${names.join(", ")}`);
	const { signal, onEvent, fetch: send } = options;
	if (signal !== void 0 && typeof signal?.addEventListener !== "function") throw invalid("signal is not an AbortSignal");
	if (onEvent !== void 0 && typeof onEvent !== "function") throw invalid("onEvent is not a function");
	if (send !== void 0 && typeof send !== "function") throw invalid("fetch is not a function");
}
function invalid(message) {
	return new ReturnDispatchError(`${message}.`, { code: "invalid_input" });
}
function pick(options, names) {
	const given = Object.entries(options).filter(([, value]) => value !== void 0);
	return Object.fromEntries(given.filter(([name]) => names.includes(name)));
}

export { ReturnDispatchError, dispatch, mergeInputs, waitForRun };