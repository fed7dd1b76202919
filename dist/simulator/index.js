// Built by `npm run build` from js/, src/ and simulator/: change those, not this file.
// @ts-nocheck
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { setTimeout } from "node:timers/promises";
import { brotliDecompressSync } from "node:zlib";

// simulator/pkg/simulator.js
var EmbeddedGitHub = class {
	__destroy_into_raw() {
		const ptr = this.__wbg_ptr;
		this.__wbg_ptr = 0;
		EmbeddedGitHubFinalization.unregister(this);
		return ptr;
	}
	free() {
		const ptr = this.__destroy_into_raw();
		wasm.__wbg_embeddedgithub_free(ptr, 0);
	}
	clueVisibleAt(runId, text) {
		const ptr0 = passStringToWasm0(text, wasm.__wbindgen_export, wasm.__wbindgen_export2);
		const len0 = WASM_VECTOR_LEN;
		const ret = wasm.embeddedgithub_clueVisibleAt(this.__wbg_ptr, runId, ptr0, len0);
		return ret[0] === 0 ? void 0 : ret[1];
	}
	handle(request, nowMs) {
		const ret = wasm.embeddedgithub_handle(this.__wbg_ptr, request, nowMs);
		if (ret[2]) throw takeFromExternrefTable0(ret[1]);
		return takeFromExternrefTable0(ret[0]);
	}
	constructor(scenario) {
		const ret = wasm.embeddedgithub_new(scenario);
		if (ret[2]) throw takeFromExternrefTable0(ret[1]);
		this.__wbg_ptr = ret[0];
		EmbeddedGitHubFinalization.register(this, this.__wbg_ptr, this);
		return this;
	}
	requests() {
		const ret = wasm.embeddedgithub_requests(this.__wbg_ptr);
		if (ret[2]) throw takeFromExternrefTable0(ret[1]);
		return takeFromExternrefTable0(ret[0]);
	}
	runs(nowMs) {
		const ret = wasm.embeddedgithub_runs(this.__wbg_ptr, nowMs);
		if (ret[2]) throw takeFromExternrefTable0(ret[1]);
		return takeFromExternrefTable0(ret[0]);
	}
};
if (Symbol.dispose) EmbeddedGitHub.prototype[Symbol.dispose] = EmbeddedGitHub.prototype.free;
function __wbg_get_imports() {
	return {
		__proto__: null,
		"./simulator_bg.js": {
			__proto__: null,
			__wbg_Error_30c8987f7c2ed4e2: function(arg0, arg1) {
				return Error(getStringFromWasm0(arg0, arg1));
			},
			__wbg_String_8564e559799eccda: function(arg0, arg1) {
				const ptr1 = passStringToWasm0(String(arg1), wasm.__wbindgen_export, wasm.__wbindgen_export2);
				const len1 = WASM_VECTOR_LEN;
				getDataViewMemory0().setInt32(arg0 + 4, len1, true);
				getDataViewMemory0().setInt32(arg0 + 0, ptr1, true);
			},
			__wbg___wbindgen_is_string_90b56bc79aad6f6c: function(arg0) {
				return typeof arg0 === "string";
			},
			__wbg___wbindgen_is_undefined_8865fb403f8fe9d8: function(arg0) {
				return arg0 === void 0;
			},
			__wbg___wbindgen_string_get_0380ccaa2f57f0d9: function(arg0, arg1) {
				const obj = arg1;
				const ret = typeof obj === "string" ? obj : void 0;
				var ptr1 = isLikeNone(ret) ? 0 : passStringToWasm0(ret, wasm.__wbindgen_export, wasm.__wbindgen_export2);
				var len1 = WASM_VECTOR_LEN;
				getDataViewMemory0().setInt32(arg0 + 4, len1, true);
				getDataViewMemory0().setInt32(arg0 + 0, ptr1, true);
			},
			__wbg___wbindgen_throw_41e9ee4f547fc59a: function(arg0, arg1) {
				throw new Error(getStringFromWasm0(arg0, arg1));
			},
			__wbg_body_dbc43ab806797afc: function(arg0) {
				return arg0.body;
			},
			__wbg_getRandomValues_436a51d0629d84e1: function() {
				return handleError(function(arg0, arg1) {
					globalThis.crypto.getRandomValues(getArrayU8FromWasm0(arg0, arg1));
				}, arguments);
			},
			__wbg_get_6c896e0571ddae51: function(arg0, arg1) {
				return arg0[arg1 >>> 0];
			},
			__wbg_get_unchecked_288889d017702237: function(arg0, arg1) {
				return arg0[arg1 >>> 0];
			},
			__wbg_headers_ab850bd30a74e406: function(arg0) {
				return arg0.headers;
			},
			__wbg_isArray_e15a2ff68ffdbef2: function(arg0) {
				return Array.isArray(arg0);
			},
			__wbg_length_7f3c00c40364105e: function(arg0) {
				return arg0.length;
			},
			__wbg_length_d4bdea10311bd9cf: function(arg0) {
				return arg0.length;
			},
			__wbg_method_7befde56c4970d98: function(arg0, arg1) {
				const ret = arg1.method;
				const ptr1 = passStringToWasm0(ret, wasm.__wbindgen_export, wasm.__wbindgen_export2);
				const len1 = WASM_VECTOR_LEN;
				getDataViewMemory0().setInt32(arg0 + 4, len1, true);
				getDataViewMemory0().setInt32(arg0 + 0, ptr1, true);
			},
			__wbg_new_28744009d011f847: function() {
				return /* @__PURE__ */ new Map();
			},
			__wbg_new_343a093a3c2ffb4e: function(arg0, arg1) {
				return new Error(getStringFromWasm0(arg0, arg1));
			},
			__wbg_new_617a8cdb8bb1130e: function() {
				return /* @__PURE__ */ new Object();
			},
			__wbg_new_ee2291f50781bf1d: function() {
				return new Array();
			},
			__wbg_new_from_slice_9a868026ffa4208a: function(arg0, arg1) {
				return new Uint8Array(getArrayU8FromWasm0(arg0, arg1));
			},
			__wbg_of_20798cb14708764f: function(arg0, arg1) {
				return Array.of(arg0, arg1);
			},
			__wbg_prototypesetcall_bc27214492979395: function(arg0, arg1, arg2) {
				Uint8Array.prototype.set.call(getArrayU8FromWasm0(arg0, arg1), arg2);
			},
			__wbg_push_2baf45db356cf468: function(arg0, arg1) {
				return arg0.push(arg1);
			},
			__wbg_set_145a351398b48c65: function() {
				return handleError(function(arg0, arg1, arg2) {
					return Reflect.set(arg0, arg1, arg2);
				}, arguments);
			},
			__wbg_set_6ae97e73113c4f0b: function(arg0, arg1, arg2) {
				return arg0.set(arg1, arg2);
			},
			__wbg_set_6be42768c690e380: function(arg0, arg1, arg2) {
				arg0[arg1] = arg2;
			},
			__wbg_set_bea140a88be9b277: function(arg0, arg1, arg2) {
				arg0[arg1 >>> 0] = arg2;
			},
			__wbg_stringify_52ff602c1cc4fbb6: function() {
				return handleError(function(arg0) {
					return JSON.stringify(arg0);
				}, arguments);
			},
			__wbg_url_2b98689675ea4853: function(arg0, arg1) {
				const ret = arg1.url;
				const ptr1 = passStringToWasm0(ret, wasm.__wbindgen_export, wasm.__wbindgen_export2);
				const len1 = WASM_VECTOR_LEN;
				getDataViewMemory0().setInt32(arg0 + 4, len1, true);
				getDataViewMemory0().setInt32(arg0 + 0, ptr1, true);
			},
			__wbindgen_generic_0000000000000001: function(arg0) {
				return arg0;
			},
			__wbindgen_generic_0000000000000002: function(arg0, arg1) {
				return getStringFromWasm0(arg0, arg1);
			},
			__wbindgen_generic_0000000000000003: function(arg0) {
				return BigInt.asUintN(64, arg0);
			},
			__wbindgen_init_externref_table: function() {
				const table = wasm.__wbindgen_externrefs;
				const offset = table.grow(4);
				table.set(0, void 0);
				table.set(offset + 0, void 0);
				table.set(offset + 1, null);
				table.set(offset + 2, true);
				table.set(offset + 3, false);
			}
		}
	};
}
const EmbeddedGitHubFinalization = typeof FinalizationRegistry === "undefined" ? {
	register: () => {},
	unregister: () => {}
} : new FinalizationRegistry((ptr) => wasm.__wbg_embeddedgithub_free(ptr, 1));
function addToExternrefTable0(obj) {
	const idx = wasm.__wbindgen_export4();
	wasm.__wbindgen_externrefs.set(idx, obj);
	return idx;
}
function getArrayU8FromWasm0(ptr, len) {
	ptr = ptr >>> 0;
	return getUint8ArrayMemory0().subarray(ptr / 1, ptr / 1 + len);
}
let cachedDataViewMemory0 = null;
function getDataViewMemory0() {
	if (cachedDataViewMemory0 === null || cachedDataViewMemory0.buffer.detached === true || cachedDataViewMemory0.buffer.detached === void 0 && cachedDataViewMemory0.buffer !== wasm.memory.buffer) cachedDataViewMemory0 = new DataView(wasm.memory.buffer);
	return cachedDataViewMemory0;
}
function getStringFromWasm0(ptr, len) {
	return decodeText(ptr >>> 0, len);
}
let cachedUint8ArrayMemory0 = null;
function getUint8ArrayMemory0() {
	if (cachedUint8ArrayMemory0 === null || cachedUint8ArrayMemory0.byteLength === 0) cachedUint8ArrayMemory0 = new Uint8Array(wasm.memory.buffer);
	return cachedUint8ArrayMemory0;
}
function handleError(f, args) {
	try {
		return f.apply(this, args);
	} catch (e) {
		const idx = addToExternrefTable0(e);
		wasm.__wbindgen_export3(idx);
	}
}
function isLikeNone(x) {
	return x === void 0 || x === null;
}
function passStringToWasm0(arg, malloc, realloc) {
	if (realloc === void 0) {
		const buf = cachedTextEncoder.encode(arg);
		const ptr = malloc(buf.length, 1) >>> 0;
		getUint8ArrayMemory0().subarray(ptr, ptr + buf.length).set(buf);
		WASM_VECTOR_LEN = buf.length;
		return ptr;
	}
	let len = arg.length;
	let ptr = malloc(len, 1) >>> 0;
	const mem = getUint8ArrayMemory0();
	let offset = 0;
	for (; offset < len; offset++) {
		const code = arg.charCodeAt(offset);
		if (code > 127) break;
		mem[ptr + offset] = code;
	}
	if (offset !== len) {
		if (offset !== 0) arg = arg.slice(offset);
		ptr = realloc(ptr, len, len = offset + arg.length * 3, 1) >>> 0;
		const view = getUint8ArrayMemory0().subarray(ptr + offset, ptr + len);
		const ret = cachedTextEncoder.encodeInto(arg, view);
		offset += ret.written;
		ptr = realloc(ptr, len, offset, 1) >>> 0;
	}
	WASM_VECTOR_LEN = offset;
	return ptr;
}
function takeFromExternrefTable0(idx) {
	const value = wasm.__wbindgen_externrefs.get(idx);
	wasm.__wbindgen_export5(idx);
	return value;
}
let cachedTextDecoder = new TextDecoder("utf-8", {
	ignoreBOM: true,
	fatal: true
});
cachedTextDecoder.decode();
const MAX_SAFARI_DECODE_BYTES = 2146435072;
let numBytesDecoded = 0;
function decodeText(ptr, len) {
	numBytesDecoded += len;
	if (numBytesDecoded >= MAX_SAFARI_DECODE_BYTES) {
		cachedTextDecoder = new TextDecoder("utf-8", {
			ignoreBOM: true,
			fatal: true
		});
		cachedTextDecoder.decode();
		numBytesDecoded = len;
	}
	return cachedTextDecoder.decode(getUint8ArrayMemory0().subarray(ptr, ptr + len));
}
const cachedTextEncoder = new TextEncoder();
if (!("encodeInto" in cachedTextEncoder)) cachedTextEncoder.encodeInto = function(arg, view) {
	const buf = cachedTextEncoder.encode(arg);
	view.set(buf);
	return {
		read: arg.length,
		written: buf.length
	};
};
let WASM_VECTOR_LEN = 0;
let wasm;
function __wbg_finalize_init(instance, module) {
	wasm = instance.exports;
	cachedDataViewMemory0 = null;
	cachedUint8ArrayMemory0 = null;
	wasm.__wbindgen_start();
	return wasm;
}
function initSync(module) {
	if (wasm !== void 0) return wasm;
	if (module !== void 0) {
		if (Object.getPrototypeOf(module) === Object.prototype) ({module} = module);
		else console.warn("using deprecated parameters for `initSync()`; pass a single object instead");
	}
	const imports = __wbg_get_imports();
	if (!(module instanceof WebAssembly.Module)) module = new WebAssembly.Module(module);
	return __wbg_finalize_init(new WebAssembly.Instance(module, imports), module);
}

// js/simulator/index.js
const CHUNK = 65536;
const PATHS = [["ghes-", "/api/v3"], ["gitea", "/api/v1"]];
let loaded = false;
function load() {
	if (!loaded) {
		const file = new URL("./simulator_bg.wasm.br", import.meta.url);
		initSync({ module: brotliDecompressSync(readFileSync(file)) });
		loaded = true;
	}
}
async function startGitHub(options = {}) {
	load();
	const { clockSkewSeconds = 0, ...scenario } = options;
	let answer = () => {};
	const api = createServer((request, response) => answer(apiOrigin, request, response));
	const logs = createServer((request, response) => answer(logsUrl, request, response));
	const servers = [api, logs];
	const htmlUrl = await listen(api);
	const logsUrl = await listen(logs);
	const server = String(scenario.server ?? "");
	const [, path = ""] = PATHS.find(([name = ""]) => server.startsWith(name)) ?? [];
	const apiUrl = htmlUrl + path;
	let apiOrigin = htmlUrl;
	const stopping = new AbortController();
	const stop = async () => {
		stopping.abort();
		await Promise.all(servers.map(close));
	};
	let github;
	try {
		const startTime = Math.round(Date.now() + clockSkewSeconds * 1e3);
		const shown = {
			apiUrl: scenario.apiUrl ?? apiUrl,
			htmlUrl: scenario.htmlUrl ?? htmlUrl
		};
		apiOrigin = new URL(shown.apiUrl).origin;
		github = new EmbeddedGitHub({
			...scenario,
			...shown,
			logsUrl,
			startTime
		});
	} catch (error) {
		await stop();
		throw error;
	}
	const started = performance.now();
	const now = () => performance.now() - started;
	let bytesWritten = 0;
	answer = async (origin, request, response) => {
		const body = await read(request).catch(() => void 0);
		if (!body) return;
		const headers = headersOf(request);
		const method = request.method ?? "GET";
		const target = request.url ?? "/";
		const url = target.startsWith("/") ? origin + target : target;
		const result = github.handle({
			method,
			url,
			headers,
			body
		}, now());
		try {
			await deliver(response, result, stopping.signal, (bytes) => {
				bytesWritten += bytes;
			});
		} catch {
			response.destroy();
		}
	};
	return {
		apiUrl,
		htmlUrl,
		logsUrl,
		now,
		requests: () => github.requests(),
		runs: () => github.runs(now()),
		clueVisibleAt: (runId, text) => github.clueVisibleAt(runId, text),
		bytesWritten: () => bytesWritten,
		stop
	};
}
function listen(server) {
	return new Promise((resolve, reject) => {
		server.once("error", reject);
		server.listen(0, "127.0.0.1", () => {
			const address = server.address();
			resolve(`http://127.0.0.1:${address && typeof address === "object" ? address.port : 0}`);
		});
	});
}
function close(server) {
	return new Promise((resolve) => {
		server.close(() => resolve());
		server.closeAllConnections();
	});
}
async function read(request) {
	const chunks = [];
	for await (const chunk of request) chunks.push(chunk);
	return Buffer.concat(chunks);
}
function headersOf(request) {
	const { rawHeaders } = request;
	const headers = [];
	for (let at = 0; at < rawHeaders.length; at += 2) headers.push([rawHeaders[at] ?? "", rawHeaders[at + 1] ?? ""]);
	return headers;
}
async function deliver(response, answer, signal, written) {
	const { status, headers, body, delivery, lateMs, trickleMs } = answer;
	if (lateMs > 0) await setTimeout(lateMs, void 0, { signal });
	switch (delivery.type) {
		case "refused":
		case "reset":
			response.socket?.resetAndDestroy();
			return;
		case "noAnswer": return;
	}
	response.sendDate = false;
	response.writeHead(status, headers.flat());
	response.flushHeaders();
	const bytes = "bytes" in delivery ? Math.min(delivery.bytes, body.length) : body.length;
	for (let at = 0; at < bytes; at += CHUNK) {
		const chunk = body.subarray(at, Math.min(at + CHUNK, bytes));
		if (trickleMs > 0) await setTimeout(trickleMs * chunk.length / bytes, void 0, { signal });
		await new Promise((resolve, reject) => {
			response.once("close", reject);
			response.write(chunk, (error) => {
				response.off("close", reject);
				error ? reject(error) : resolve(void 0);
			});
		});
		written(chunk.length);
	}
	if (delivery.type === "whole") response.end();
	if (delivery.type === "cutAfter") response.destroy();
}

export { startGitHub };