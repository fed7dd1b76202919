// Built by `npm run build` from js/, src/ and simulator/: change those, not this file.
// @ts-nocheck
// \0rolldown/runtime.js
var __create = Object.create;
var __defProp = Object.defineProperty;
var __getOwnPropDesc = Object.getOwnPropertyDescriptor;
var __getOwnPropNames = Object.getOwnPropertyNames;
var __getProtoOf = Object.getPrototypeOf;
var __hasOwnProp = Object.prototype.hasOwnProperty;
var __copyProps = (to, from, except, desc) => {
	if (from && typeof from === "object" || typeof from === "function") {
		for (var keys = __getOwnPropNames(from), i = 0, n = keys.length, key; i < n; i++) {
			key = keys[i];
			if (!__hasOwnProp.call(to, key) && key !== except) {
				__defProp(to, key, {
					get: ((k) => from[k]).bind(null, key),
					enumerable: !(desc = __getOwnPropDesc(from, key)) || desc.enumerable
				});
			}
		}
	}
	return to;
};
var __toESM = (mod, isNodeMode, target) => (target = mod != null ? __create(__getProtoOf(mod)) : {}, __copyProps(isNodeMode || !mod || !mod.__esModule || !__hasOwnProp.call(mod, "default") ? __defProp(target, "default", {
	value: mod,
	enumerable: true
}) : target, mod));

let node_fs = require("node:fs");
let node_path = require("node:path");
let fs = require("fs");
fs = __toESM(fs, 1);
let node_http = require("node:http");
let node_events = require("node:events");

// js/os.js
const EOL = process.platform === "win32" ? "\r\n" : "\n";

// node_modules/@actions/core/lib/utils.js
function toCommandValue(input) {
	if (input === null || input === void 0) return "";
	else if (typeof input === "string" || input instanceof String) return input;
	return JSON.stringify(input);
}
function toCommandProperties(annotationProperties) {
	if (!Object.keys(annotationProperties).length) return {};
	return {
		title: annotationProperties.title,
		file: annotationProperties.file,
		line: annotationProperties.startLine,
		endLine: annotationProperties.endLine,
		col: annotationProperties.startColumn,
		endColumn: annotationProperties.endColumn
	};
}

// node_modules/@actions/core/lib/command.js
function issueCommand(command, properties, message) {
	const cmd = new Command(command, properties, message);
	process.stdout.write(cmd.toString() + EOL);
}
function issue(name, message = "") {
	issueCommand(name, {}, message);
}
const CMD_STRING = "::";
var Command = class {
	constructor(command, properties, message) {
		if (!command) command = "missing.command";
		this.command = command;
		this.properties = properties;
		this.message = message;
	}
	toString() {
		let cmdStr = CMD_STRING + this.command;
		if (this.properties && Object.keys(this.properties).length > 0) {
			cmdStr += " ";
			let first = true;
			for (const key in this.properties) if (this.properties.hasOwnProperty(key)) {
				const val = this.properties[key];
				if (val) {
					if (first) first = false;
					else cmdStr += ",";
					cmdStr += `${key}=${escapeProperty(val)}`;
				}
			}
		}
		cmdStr += `${CMD_STRING}${escapeData(this.message)}`;
		return cmdStr;
	}
};
function escapeData(s) {
	return toCommandValue(s).replace(/%/g, "%25").replace(/\r/g, "%0D").replace(/\n/g, "%0A");
}
function escapeProperty(s) {
	return toCommandValue(s).replace(/%/g, "%25").replace(/\r/g, "%0D").replace(/\n/g, "%0A").replace(/:/g, "%3A").replace(/,/g, "%2C");
}

// js/random.js
const GENERATOR = "/dev/urandom";
function random() {
	const bytes = /* @__PURE__ */ new Uint8Array(16);
	if (process.platform === "win32" || !read(bytes)) globalThis.crypto.getRandomValues(bytes);
	return bytes;
}
function read(bytes) {
	try {
		const file = (0, node_fs.openSync)(GENERATOR, "r");
		try {
			return (0, node_fs.fstatSync)(file).isCharacterDevice() && (0, node_fs.readSync)(file, bytes) === bytes.length;
		} finally {
			(0, node_fs.closeSync)(file);
		}
	} catch {
		return false;
	}
}
function randomUUID() {
	return Buffer.from(random()).toString("hex");
}

// node_modules/@actions/core/lib/file-command.js
function issueFileCommand(command, message) {
	const filePath = process.env[`GITHUB_${command}`];
	if (!filePath) throw new Error(`Unable to find environment variable for file command ${command}`);
	if (!fs.existsSync(filePath)) throw new Error(`Missing file at path: ${filePath}`);
	fs.appendFileSync(filePath, `${toCommandValue(message)}${EOL}`, { encoding: "utf8" });
}
function prepareKeyValueMessage(key, value) {
	const delimiter = `ghadelimiter_${randomUUID()}`;
	const convertedValue = toCommandValue(value);
	if (key.includes(delimiter)) throw new Error(`Unexpected input: name should not contain the delimiter "${delimiter}"`);
	if (convertedValue.includes(delimiter)) throw new Error(`Unexpected input: value should not contain the delimiter "${delimiter}"`);
	return `${key}<<${delimiter}${EOL}${convertedValue}${EOL}${delimiter}`;
}

// node_modules/@actions/core/lib/core.js
var __awaiter = void 0 && (void 0).__awaiter || function(thisArg, _arguments, P, generator) {
	function adopt(value) {
		return value instanceof P ? value : new P(function(resolve) {
			resolve(value);
		});
	}
	return new (P || (P = Promise))(function(resolve, reject) {
		function fulfilled(value) {
			try {
				step(generator.next(value));
			} catch (e) {
				reject(e);
			}
		}
		function rejected(value) {
			try {
				step(generator["throw"](value));
			} catch (e) {
				reject(e);
			}
		}
		function step(result) {
			result.done ? resolve(result.value) : adopt(result.value).then(fulfilled, rejected);
		}
		step((generator = generator.apply(thisArg, _arguments || [])).next());
	});
};
var ExitCode;
(function(ExitCode) {
	ExitCode[ExitCode["Success"] = 0] = "Success";
	ExitCode[ExitCode["Failure"] = 1] = "Failure";
})(ExitCode || (ExitCode = {}));
function setSecret(secret) {
	issueCommand("add-mask", {}, secret);
}
function getInput(name, options) {
	const val = process.env[`INPUT_${name.replace(/ /g, "_").toUpperCase()}`] || "";
	if (options && options.required && !val) throw new Error(`Input required and not supplied: ${name}`);
	if (options && options.trimWhitespace === false) return val;
	return val.trim();
}
function setOutput(name, value) {
	if (process.env["GITHUB_OUTPUT"] || "") return issueFileCommand("OUTPUT", prepareKeyValueMessage(name, value));
	process.stdout.write(EOL);
	issueCommand("set-output", { name }, toCommandValue(value));
}
function debug(message) {
	issueCommand("debug", {}, message);
}
function error(message, properties = {}) {
	issueCommand("error", toCommandProperties(properties), message instanceof Error ? message.toString() : message);
}
function warning$1(message, properties = {}) {
	issueCommand("warning", toCommandProperties(properties), message instanceof Error ? message.toString() : message);
}
function info$1(message) {
	process.stdout.write(message + EOL);
}
function startGroup(name) {
	issue("group", name);
}
function endGroup() {
	issue("endgroup");
}
function saveState(name, value) {
	if (process.env["GITHUB_STATE"] || "") return issueFileCommand("STATE", prepareKeyValueMessage(name, value));
	issueCommand("save-state", { name }, toCommandValue(value));
}
function getState(name) {
	return process.env[`STATE_${name}`] || "";
}

// pkg/return_dispatch.js
function callFromAction(runner, host) {
	return wasm.callFromAction(runner, host);
}
function cancelFromAction(runner, host) {
	return wasm.cancelFromAction(runner, host);
}
function __wbg_get_imports() {
	return {
		__proto__: null,
		"./return_dispatch_bg.js": {
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
			__wbg___wbindgen_boolean_get_5b446f51afd21013: function(arg0) {
				const v = arg0;
				const ret = typeof v === "boolean" ? v : void 0;
				return isLikeNone(ret) ? 16777215 : ret ? 1 : 0;
			},
			__wbg___wbindgen_debug_string_4687d8d8c2017d52: function(arg0, arg1) {
				const ptr1 = passStringToWasm0(debugString(arg1), wasm.__wbindgen_export, wasm.__wbindgen_export2);
				const len1 = WASM_VECTOR_LEN;
				getDataViewMemory0().setInt32(arg0 + 4, len1, true);
				getDataViewMemory0().setInt32(arg0 + 0, ptr1, true);
			},
			__wbg___wbindgen_is_function_1f9d30630b8b1d3d: function(arg0) {
				return typeof arg0 === "function";
			},
			__wbg___wbindgen_is_object_3c45d4f2dde4e749: function(arg0) {
				const val = arg0;
				return typeof val === "object" && val !== null;
			},
			__wbg___wbindgen_is_undefined_8865fb403f8fe9d8: function(arg0) {
				return arg0 === void 0;
			},
			__wbg___wbindgen_rethrow_cb2e88c6b2a16733: function(arg0) {
				throw arg0;
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
			__wbg__wbg_cb_unref_dcc1a90847f04c41: function(arg0) {
				arg0._wbg_cb_unref();
			},
			__wbg_abort_af19968e4f1b715d: function(arg0) {
				arg0.abort();
			},
			__wbg_body_dc058e0cfb57082f: function(arg0) {
				const ret = arg0.body;
				return isLikeNone(ret) ? 0 : addToExternrefTable0(ret);
			},
			__wbg_call_187d372bd5fdd4aa: function() {
				return handleError(function(arg0, arg1, arg2) {
					return arg0.call(arg1, arg2);
				}, arguments);
			},
			__wbg_call_6137034ef55c9d0f: function() {
				return handleError(function(arg0, arg1) {
					return arg0.call(arg1);
				}, arguments);
			},
			__wbg_cancelled_195bbbdb38628e86: function(arg0) {
				return arg0.cancelled();
			},
			__wbg_clearTimeout_3629d6209dfcc46e: function(arg0) {
				return clearTimeout(arg0);
			},
			__wbg_done_54d9fd5340c07dd9: function(arg0) {
				return arg0.done;
			},
			__wbg_done_b41a1d26cdb37fb6: function(arg0) {
				return arg0.done;
			},
			__wbg_fetch_bf532bb4f2c876b6: function() {
				return handleError(function(arg0, arg1, arg2, arg3) {
					return arg0.fetch(getStringFromWasm0(arg1, arg2), arg3);
				}, arguments);
			},
			__wbg_getReader_f849168a301a12ec: function(arg0) {
				return arg0.getReader();
			},
			__wbg_get_31af05bd4842a84f: function() {
				return handleError(function(arg0, arg1) {
					return Reflect.get(arg0, arg1);
				}, arguments);
			},
			__wbg_get_658f6698067d9515: function() {
				return handleError(function(arg0, arg1) {
					return Reflect.get(arg0, arg1);
				}, arguments);
			},
			__wbg_get_6c896e0571ddae51: function(arg0, arg1) {
				return arg0[arg1 >>> 0];
			},
			__wbg_headers_9aa214619691e5cf: function(arg0) {
				return arg0.headers;
			},
			__wbg_input_d9a17465767a5b98: function(arg0, arg1, arg2, arg3) {
				const ret = arg1.input(getStringFromWasm0(arg2, arg3));
				var ptr1 = isLikeNone(ret) ? 0 : passStringToWasm0(ret, wasm.__wbindgen_export, wasm.__wbindgen_export2);
				var len1 = WASM_VECTOR_LEN;
				getDataViewMemory0().setInt32(arg0 + 4, len1, true);
				getDataViewMemory0().setInt32(arg0 + 0, ptr1, true);
			},
			__wbg_isArray_e15a2ff68ffdbef2: function(arg0) {
				return Array.isArray(arg0);
			},
			__wbg_iterator_e3c31c892080e444: function() {
				return Symbol.iterator;
			},
			__wbg_length_7f3c00c40364105e: function(arg0) {
				return arg0.length;
			},
			__wbg_new_343a093a3c2ffb4e: function(arg0, arg1) {
				return new Error(getStringFromWasm0(arg0, arg1));
			},
			__wbg_new_617a8cdb8bb1130e: function() {
				return /* @__PURE__ */ new Object();
			},
			__wbg_new_a0a2a02af36bcfa1: function() {
				return new AbortController();
			},
			__wbg_new_ee2291f50781bf1d: function() {
				return new Array();
			},
			__wbg_new_from_slice_9a868026ffa4208a: function(arg0, arg1) {
				return new Uint8Array(getArrayU8FromWasm0(arg0, arg1));
			},
			__wbg_new_typed_b01cb72a8af741a3: function(arg0, arg1) {
				try {
					var state0 = {
						a: arg0,
						b: arg1
					};
					var cb0 = (arg0, arg1) => {
						const a = state0.a;
						state0.a = 0;
						try {
							return __wasm_bindgen_func_elem_1403(a, state0.b, arg0, arg1);
						} finally {
							state0.a = a;
						}
					};
					return new Promise(cb0);
				} finally {
					state0.a = 0;
				}
			},
			__wbg_next_33784799010f1bbe: function(arg0) {
				return arg0.next;
			},
			__wbg_next_f4aac29c42af995c: function() {
				return handleError(function(arg0) {
					return arg0.next();
				}, arguments);
			},
			__wbg_now_b9ab1cbe703c613f: function(arg0) {
				return arg0.now();
			},
			__wbg_prototypesetcall_bc27214492979395: function(arg0, arg1, arg2) {
				Uint8Array.prototype.set.call(getArrayU8FromWasm0(arg0, arg1), arg2);
			},
			__wbg_queueMicrotask_9833f9a49df95a49: function(arg0) {
				return arg0.queueMicrotask;
			},
			__wbg_queueMicrotask_a72f977e97f23c5f: function(arg0) {
				queueMicrotask(arg0);
			},
			__wbg_random_8a39a5f184190499: function(arg0) {
				return arg0.random();
			},
			__wbg_read_75728d9a55c253e9: function() {
				return handleError(function(arg0) {
					return arg0.read();
				}, arguments);
			},
			__wbg_report_10792ffaa85b82a9: function() {
				return handleError(function(arg0, arg1) {
					arg0.report(arg1);
				}, arguments);
			},
			__wbg_resolve_0076e10020304ede: function(arg0) {
				return Promise.resolve(arg0);
			},
			__wbg_setTimeout_56bcdccbad22fd44: function() {
				return handleError(function(arg0, arg1) {
					return setTimeout(arg0, arg1);
				}, arguments);
			},
			__wbg_set_145a351398b48c65: function() {
				return handleError(function(arg0, arg1, arg2) {
					return Reflect.set(arg0, arg1, arg2);
				}, arguments);
			},
			__wbg_set_6be42768c690e380: function(arg0, arg1, arg2) {
				arg0[arg1] = arg2;
			},
			__wbg_set_bea140a88be9b277: function(arg0, arg1, arg2) {
				arg0[arg1 >>> 0] = arg2;
			},
			__wbg_set_cause_e96bef7d80e07c69: function(arg0, arg1) {
				arg0.cause = arg1;
			},
			__wbg_set_name_2c630595dc90a7aa: function(arg0, arg1, arg2) {
				arg0.name = getStringFromWasm0(arg1, arg2);
			},
			__wbg_signal_82529f9263186e12: function(arg0) {
				return arg0.signal;
			},
			__wbg_state_ec91640801b7c640: function(arg0, arg1, arg2, arg3) {
				const ptr1 = passStringToWasm0(arg1.state(getStringFromWasm0(arg2, arg3)), wasm.__wbindgen_export, wasm.__wbindgen_export2);
				const len1 = WASM_VECTOR_LEN;
				getDataViewMemory0().setInt32(arg0 + 4, len1, true);
				getDataViewMemory0().setInt32(arg0 + 0, ptr1, true);
			},
			__wbg_static_accessor_GLOBAL_266715b9d96ba635: function() {
				const ret = typeof global === "undefined" ? null : global;
				return isLikeNone(ret) ? 0 : addToExternrefTable0(ret);
			},
			__wbg_static_accessor_GLOBAL_THIS_10fb7dc1ae063179: function() {
				const ret = typeof globalThis === "undefined" ? null : globalThis;
				return isLikeNone(ret) ? 0 : addToExternrefTable0(ret);
			},
			__wbg_static_accessor_SELF_0b583911f537483a: function() {
				const ret = typeof self === "undefined" ? null : self;
				return isLikeNone(ret) ? 0 : addToExternrefTable0(ret);
			},
			__wbg_static_accessor_WINDOW_d7f903d1508cbdc4: function() {
				const ret = typeof window === "undefined" ? null : window;
				return isLikeNone(ret) ? 0 : addToExternrefTable0(ret);
			},
			__wbg_status_3e6730d3579f36d1: function(arg0) {
				return arg0.status;
			},
			__wbg_then_c949d5a25a4e78f8: function(arg0, arg1, arg2) {
				return arg0.then(arg1, arg2);
			},
			__wbg_then_e71170d78fcf8954: function(arg0, arg1) {
				return arg0.then(arg1);
			},
			__wbg_value_bf8d12fd3fdfac30: function(arg0) {
				const ret = arg0.value;
				return isLikeNone(ret) ? 0 : addToExternrefTable0(ret);
			},
			__wbg_value_f3c585ee8f5ba40c: function(arg0) {
				return arg0.value;
			},
			__wbg_variable_a8d0888ebd6a27ec: function(arg0, arg1, arg2, arg3) {
				const ret = arg1.variable(getStringFromWasm0(arg2, arg3));
				var ptr1 = isLikeNone(ret) ? 0 : passStringToWasm0(ret, wasm.__wbindgen_export, wasm.__wbindgen_export2);
				var len1 = WASM_VECTOR_LEN;
				getDataViewMemory0().setInt32(arg0 + 4, len1, true);
				getDataViewMemory0().setInt32(arg0 + 0, ptr1, true);
			},
			__wbindgen_generic_0000000000000001: function(arg0, arg1) {
				return makeMutClosure(arg0, arg1, __wasm_bindgen_func_elem_245);
			},
			__wbindgen_generic_0000000000000002: function(arg0, arg1) {
				return makeMutClosure(arg0, arg1, __wasm_bindgen_func_elem_1325);
			},
			__wbindgen_generic_0000000000000003: function(arg0) {
				return arg0;
			},
			__wbindgen_generic_0000000000000004: function(arg0, arg1) {
				return getStringFromWasm0(arg0, arg1);
			},
			__wbindgen_generic_0000000000000005: function(arg0) {
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
function __wasm_bindgen_func_elem_1325(arg0, arg1) {
	wasm.__wasm_bindgen_func_elem_1325(arg0, arg1);
}
function __wasm_bindgen_func_elem_245(arg0, arg1, arg2) {
	const ret = wasm.__wasm_bindgen_func_elem_245(arg0, arg1, arg2);
	if (ret[1]) throw takeFromExternrefTable0(ret[0]);
}
function __wasm_bindgen_func_elem_1403(arg0, arg1, arg2, arg3) {
	wasm.__wasm_bindgen_func_elem_1403(arg0, arg1, arg2, arg3);
}
function addToExternrefTable0(obj) {
	const idx = wasm.__wbindgen_export3();
	wasm.__wbindgen_externrefs.set(idx, obj);
	return idx;
}
const CLOSURE_DTORS = typeof FinalizationRegistry === "undefined" ? {
	register: () => {},
	unregister: () => {}
} : new FinalizationRegistry((state) => wasm.__wbindgen_export5(state.a, state.b));
function debugString(val) {
	const type = typeof val;
	if (type == "number" || type == "boolean" || val == null) return `${val}`;
	if (type == "string") return `"${val}"`;
	if (type == "symbol") {
		const description = val.description;
		if (description == null) return "Symbol";
		else return `Symbol(${description})`;
	}
	if (type == "function") {
		const name = val.name;
		if (typeof name == "string" && name.length > 0) return `Function(${name})`;
		else return "Function";
	}
	if (Array.isArray(val)) {
		const length = val.length;
		let debug = "[";
		if (length > 0) debug += debugString(val[0]);
		for (let i = 1; i < length; i++) debug += ", " + debugString(val[i]);
		debug += "]";
		return debug;
	}
	const builtInMatches = /\[object ([^\]]+)\]/.exec(toString.call(val));
	let className;
	if (builtInMatches && builtInMatches.length > 1) className = builtInMatches[1];
	else return toString.call(val);
	if (className == "Object") try {
		return "Object(" + JSON.stringify(val) + ")";
	} catch (_) {
		return "Object";
	}
	if (val instanceof Error) return `${val.name}: ${val.message}\n${val.stack}`;
	return className;
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
		wasm.__wbindgen_export4(idx);
	}
}
function isLikeNone(x) {
	return x === void 0 || x === null;
}
function makeMutClosure(arg0, arg1, f) {
	const state = {
		a: arg0,
		b: arg1,
		cnt: 1
	};
	const real = (...args) => {
		state.cnt++;
		const a = state.a;
		state.a = 0;
		try {
			return f(a, state.b, ...args);
		} finally {
			state.a = a;
			real._wbg_cb_unref();
		}
	};
	real._wbg_cb_unref = () => {
		if (--state.cnt === 0) {
			wasm.__wbindgen_export5(state.a, state.b);
			state.a = 0;
			CLOSURE_DTORS.unregister(state);
		}
	};
	CLOSURE_DTORS.register(real, state, state);
	return real;
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
	wasm.__wbindgen_export6(idx);
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

// js/render.js
function messageOf(event) {
	switch (event.type) {
		case "dispatching": {
			const inputs = event.inputs.length > 0 ? ` with ${event.inputs.join(", ")}` : "";
			const { workflow, ref, repository } = event;
			return info(`Dispatching ${workflow} at ${ref} in ${repository}${inputs}`);
		}
		case "olderServer": return info(`This server does not return run IDs (${event.message}); the run will be found by its distinct ID`);
		case "receiverWithoutDistinctId": return info(`The receiver does not declare the input ${event.input}, and need not on this server; dispatching without it`);
		case "dispatched": return info("Dispatched; looking for the run that shows the distinct ID");
		case "suppliedId": return warning("Another call may have the same distinct_id, so finding the run takes two minutes or more: leave distinct_id out, and a unique one is generated");
		case "dispatchUnanswered": return warning(`The dispatch got no clear answer (${event.message}); looking for its run. It is retried only if there seems to be none`);
		case "looked": {
			const runs = count(event.candidates, "run");
			const logs = event.logs > 0 ? `, ${count(event.logs, "log")} searched` : "";
			return info(`${seconds(event.seconds)}: ${runs} dispatched since${logs}`);
		}
		case "trouble": return info(event.tryingAgain ? `Trying again: ${event.message}` : event.message);
		case "waiting": return info(`Waiting ${seconds(event.seconds)}: ${event.reason}`);
		case "dispatchRepeated": return warning(`No run of that dispatch has appeared for ${seconds(event.seconds)}; dispatching again, with the same distinct ID`);
		case "duplicate": {
			const fate = event.problem ? `could not be cancelled (${event.problem}): cancel it by hand` : "is being cancelled";
			return warning(`The dispatch was sent more than once and made a second run: ${event.kept} is kept, ${event.runId} ${fate}. ${event.runUrl}`);
		}
		case "duplicatePossible": return warning(event.runs.length > 0 ? `The dispatch was retried, and there may be a second run of this call beside ${event.kept}: check ${event.runs.join(", ")}` : `The dispatch was retried. No second run beside ${event.kept} was seen: cancel one that appears later`);
		case "identified": {
			const by = BY[event.identifiedBy];
			const cost = `${seconds(event.seconds)}, ${count(event.requests, "request")}`;
			return info(`Run ${event.runId}, ${by} (${cost}): ${event.runUrl}`);
		}
		case "following": return info(`Waiting for run ${event.runId} to end`);
		case "runWaits": return info(`  ⏸ The run waits for ${event.reason}`);
		case "attempt": return info(`The run has been started again: attempt ${event.number}`);
		case "job": return info(`${symbolOf$1(event.state)} ${event.name}${timeOf(event.seconds)}`);
		case "step": return info(`  ${symbolOf$1(event.conclusion)} ${event.job}: ${event.name}${timeOf(event.seconds)}`);
		case "cancelling": return warning(event.force ? `Run ${event.runId} does not react: forcing it to end` : `Cancelling run ${event.runId}`);
		case "idMasked": return warning("A secret is masked in the distinct ID where the receiver writes it, so values may be left out: a distinct_id of your own should contain no secret");
		case "valuesNotRead": return info("No distinct ID is given, so the values of the run are not read");
		case "valueMasked": return warning(`The value ${event.name} contains ***: GitHub masks secrets in logs, so it cannot be returned`);
		case "valueNotJson": return warning(`The value ${event.name} is said to be JSON and is not: it is taken as text`);
		case "jobsMissing": return warning(`The jobs of the run could not be read (${event.problem}): what they returned is missing`);
		case "valuesMissing": return warning(event.jobs.length === 1 ? `The log of ${event.jobs[0]} could not be read (${event.problem}): values in it are missing` : `The logs of ${namesOf(event.jobs)} could not be read (${event.problem}): values in them are missing`);
		case "ended": {
			const attempt = (event.attempt ?? 1) > 1 ? `, attempt ${event.attempt}` : "";
			const how = event.conclusion || "no conclusion";
			return info(`${`${symbolOf$1(event.conclusion)} Run ${event.runId} ended with ${how}`}${timeOf(event.seconds)}${attempt}: ${event.runUrl}`);
		}
		case "logBegins": return {
			level: "startGroup",
			text: onOneLine(event.title)
		};
		case "logLine": return {
			level: "info",
			text: event.text
		};
		case "logEnds": return {
			level: "endGroup",
			text: ""
		};
		case "request": {
			const { method, url, status, milliseconds } = event;
			return {
				level: "debug",
				text: onOneLine(`${method} ${url}: ${status ?? "no answer"} in ${milliseconds.toFixed(0)} ms`)
			};
		}
		default: return;
	}
}
const BY = {
	response: "named by the server",
	title: "identified by its title",
	step: "identified by a step name",
	log: "identified by its log"
};
const SYMBOLS = /* @__PURE__ */ new Map([
	["success", "✓"],
	["neutral", "✓"],
	["skipped", "-"],
	["completed", "·"],
	["in_progress", "*"],
	["waiting", "⏸"]
]);
function symbolOf$1(state) {
	return SYMBOLS.get(state) ?? "X";
}
function timeOf(seconds) {
	if (seconds === null) return "";
	const minutes = Math.floor(seconds / 60);
	return minutes > 0 ? ` (${minutes} min ${seconds % 60} s)` : ` (${seconds} s)`;
}
function outputsOf(event) {
	switch (event.type) {
		case "started": return { distinct_id: event.distinctId };
		case "identified": return {
			runId: event.runId,
			run_id: event.runId,
			run_url: event.runUrl,
			run_api_url: event.runApiUrl,
			identified_by: event.identifiedBy
		};
		case "following": return {
			runId: event.runId,
			run_id: event.runId,
			...event.runUrl && { run_url: event.runUrl },
			run_api_url: event.runApiUrl
		};
		case "concluded": return {
			status: event.status,
			conclusion: event.conclusion
		};
		case "ended": return {
			status: event.status,
			conclusion: event.conclusion,
			outputs: event.outputs
		};
		default: return {};
	}
}
function stateOf(event) {
	switch (event.type) {
		case "following": return event.cancelOnCancel ? {
			run_id: event.runId,
			sought: ""
		} : {};
		case "sought": return { sought: event.distinctId };
		case "attempt": return { run_attempt: event.number };
		case "unfollowed": return {
			run_id: "",
			sought: ""
		};
		case "leftBehind": return {
			...event.runId !== null && { run_id: event.runId },
			quiet_seconds: event.quietSeconds
		};
		default: return {};
	}
}
function info(text) {
	return {
		level: "info",
		text: onOneLine(text)
	};
}
function warning(text) {
	return {
		level: "warning",
		text: onOneLine(text)
	};
}
function onOneLine(text) {
	return text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, " ").replaceAll("##[", "#​#[");
}
function namesOf(names) {
	const first = names.slice(0, 10);
	const more = names.length - first.length;
	return more > 0 ? `${first.join(", ")} and ${more} more` : first.join(", ");
}
function count(n, what) {
	return `${n} ${what}${n === 1 ? "" : "s"}`;
}
function seconds(n) {
	return `${n.toFixed(1)} s`;
}

// js/duration.js
function durationOf(seconds) {
	const whole = Math.floor(seconds);
	const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
	return [...[hours > 0 ? `${hours} h` : "", minutes > 0 ? `${minutes} min` : ""], `${whole % 60} s`].filter(Boolean).join(" ");
}

// js/summary.js
const MOST_BYTES = 524288;
const MOST_JOBS = 200;
const MOST_BARS = 60;
const MOST_VALUES = 65536;
function summaryOf(summary) {
	const { runId, runUrl, conclusion, seconds, jobs, outputs } = summary;
	const run = link(`Run ${runId}`, runUrl);
	const time = seconds === null ? "" : ` in ${durationOf(seconds)}`;
	const head = `### ${symbolOf(conclusion)} ${run} ended with ${plain(conclusion || "no conclusion")}${time}\n`;
	const failedFirst = [...jobs.filter(hasFailed), ...jobs.filter((job) => !hasFailed(job))];
	const parts = [
		table(failedFirst),
		chart(jobs, failedFirst),
		values(outputs)
	];
	let text = head;
	for (const part of parts) if (part && Buffer.byteLength(text) + Buffer.byteLength(part) < MOST_BYTES) text += `\n${part}`;
	return text;
}
function hasFailed(job) {
	return symbolOf(job.conclusion) === "❌";
}
function table(jobs) {
	if (jobs.length === 0) return "";
	const rows = jobs.slice(0, MOST_JOBS).map(({ name, url, conclusion, seconds }) => `| ${symbolOf(conclusion)} ${link(name, url)} | ${plain(conclusion)} | ${seconds === null ? "" : durationOf(seconds)} |`);
	const more = jobs.length - rows.length;
	if (more > 0) rows.push(`| and ${more} more | | |`);
	return [
		"| job | conclusion | duration |",
		"| --- | --- | --- |",
		...rows,
		""
	].join("\n");
}
function chart(jobs, wanted) {
	const shown = /* @__PURE__ */ new Set();
	let bars = 0;
	for (const job of wanted) {
		if (job.seconds === null || bars >= MOST_BARS) continue;
		shown.add(job);
		bars += 1 + job.steps.length;
	}
	const lines = [];
	for (const job of jobs) {
		const { name, conclusion, began, ended, steps } = job;
		if (!shown.has(job) || began === null || ended === null) continue;
		lines.push(`section ${label(name)}`, bar(name, conclusion, began, ended));
		for (const step of steps) {
			if (step.began === null || step.ended === null) continue;
			lines.push(bar(step.name, step.conclusion, step.began, step.ended));
		}
	}
	if (lines.length === 0) return "";
	return [
		...[
			"```mermaid",
			"%%{init: {\"gantt\": {\"leftPadding\": 160}}}%%",
			"gantt",
			"dateFormat x",
			"axisFormat %H:%M:%S",
			"todayMarker off"
		],
		...lines,
		"```",
		""
	].join("\n");
}
function bar(name, conclusion, began, ended) {
	const look = symbolOf(conclusion) === "❌" ? "crit" : "done";
	const [from, to] = [began * 1e3, Math.max(ended, began + 1) * 1e3];
	return `${label(name)} :${look}, ${from}, ${to}`;
}
function values(outputs) {
	if (outputs === "{}") return "";
	if (outputs.length > MOST_VALUES) return `The run returned ${outputs.length} characters of values.\n`;
	return `<details><summary>Returned values</summary>\n<pre>${plain(outputs)}</pre>\n</details>\n`;
}
function symbolOf(conclusion) {
	if (conclusion === "success" || conclusion === "neutral") return "✅";
	return conclusion === "skipped" ? "⏭️" : "❌";
}
function link(text, url) {
	return /^https?:\/\/[\w.:/-]+$/.test(url) ? `[${plain(text)}](${url})` : plain(text);
}
function plain(text) {
	return text.replace(/[^\p{L}\p{N} .,-]|(?<=www)\./giu, (character) => /\p{Cc}/u.test(character) ? " " : `&#${character.codePointAt(0)};`);
}
const MEANS_SOMETHING = /^(acc|axisformat|call|click|dateformat|excludes|gantt|href|includes|inclusive|section|tickinterval|title|today|topaxis|week|\d|__)/i;
function label(text) {
	const name = text.replace(/[^\p{L}\p{N} ._()/-]+|\s+/gu, " ").trim().slice(0, 60) || "step";
	return MEANS_SOMETHING.test(name) ? `· ${name}` : name;
}

// js/transport.js
const CONNECTS_WITHIN_MS = 1e4;
const REUSED = {
	keepAlive: true,
	timeout: 4e3
};
const IDLE_AFTER_SECONDS = 1;
const answeredAt = /* @__PURE__ */ new Map();
const NAMES_A_PROXY = [
	"https_proxy",
	"HTTPS_PROXY",
	"http_proxy",
	"HTTP_PROXY"
];
const direct = /* @__PURE__ */ new Map();
async function send(url, { method, headers, body, signal }) {
	const target = new URL(url);
	const isIdle = process.hrtime()[0] - (answeredAt.get(target.origin) ?? Infinity) > IDLE_AFTER_SECONDS;
	const { request, options } = await routeTo(target, method === "POST" && isIdle, signal);
	signal.throwIfAborted();
	const outgoing = request(target, {
		method,
		...options,
		headers: {
			"accept-encoding": "range" in headers ? "identity" : "gzip",
			...headers,
			...options.headers
		}
	});
	signal.addEventListener("abort", () => outgoing.destroy());
	const response = await answerTo(outgoing, body);
	answeredAt.set(target.origin, process.hrtime()[0]);
	return {
		status: response.statusCode ?? 0,
		headers: Object.entries(response.headers),
		body: await bodyOf(response)
	};
}
async function routeTo(target, isFresh, signal) {
	if (NAMES_A_PROXY.some((name) => process.env[name])) {
		const route = (await Promise.resolve().then(() => /* @__PURE__ */ __toESM(require("./proxy.cjs"), 1))).routeTo(target, REUSED, isFresh);
		if (route) return {
			...route,
			options: {
				...route.options,
				signal
			}
		};
	}
	if (isFresh) direct.delete(target.protocol);
	let route = direct.get(target.protocol);
	if (!route) {
		route = routeOver(target.protocol);
		direct.set(target.protocol, route);
	}
	return route;
}
async function routeOver(protocol) {
	if (protocol !== "https:") return {
		request: node_http.request,
		options: { agent: new node_http.Agent(REUSED) }
	};
	const https = await Promise.resolve().then(() => /* @__PURE__ */ __toESM(require("node:https"), 1));
	return {
		request: https.request,
		options: { agent: new https.Agent(REUSED) }
	};
}
function answerTo(outgoing, body) {
	return new Promise((resolve, reject) => {
		let connected = false;
		const patience = setTimeout(() => {
			const seconds = CONNECTS_WITHIN_MS / 1e3;
			outgoing.destroy(Object.assign(/* @__PURE__ */ new Error(`no connection within ${seconds} s`), { code: "ETIMEDOUT" }));
		}, CONNECTS_WITHIN_MS);
		function connects() {
			connected = true;
			clearTimeout(patience);
		}
		outgoing.on("socket", (socket) => {
			if (outgoing.reusedSocket) {
				connects();
				return;
			}
			socket.on("error", () => {});
			socket.once("encrypted" in socket ? "secureConnect" : "connect", connects);
		});
		outgoing.on("response", resolve);
		outgoing.on("error", (error) => {
			clearTimeout(patience);
			reject(Object.assign(error, { connected }));
		});
		outgoing.end(body);
	});
}
async function bodyOf(response) {
	const { "content-encoding": encoding, "content-length": length } = response.headers;
	if (response.statusCode === 204 || response.statusCode === 304 || length === "0") {
		await (0, node_events.once)(response.resume(), "end");
		await connectionIsFree();
		return null;
	}
	const bytes = encoding === "gzip" ? await unzipped(response) : response;
	return { getReader() {
		const chunks = bytes[Symbol.asyncIterator]();
		return { async read() {
			const chunk = await chunks.next().catch((error) => {
				if ("bytesWritten" in bytes && bytes.bytesWritten === 0 && response.complete) return NOTHING;
				throw error;
			});
			if (chunk.done) await connectionIsFree();
			return chunk;
		} };
	} };
}
const NOTHING = {
	done: true,
	value: void 0
};
function connectionIsFree() {
	return new Promise((resolve) => setImmediate(resolve));
}
async function unzipped(response) {
	const { constants, createGunzip } = await Promise.resolve().then(() => /* @__PURE__ */ __toESM(require("node:zlib"), 1));
	const bytes = createGunzip({ finishFlush: response.headers["content-type"]?.includes("json") ? constants.Z_SYNC_FLUSH : constants.Z_FINISH });
	bytes.on("error", () => {});
	response.on("error", (error) => bytes.destroy(error)).pipe(bytes);
	return bytes;
}

// js/action.js
const core = compile();
core.catch(() => {});
const token = getInput("token");
if (token) setSecret(token);
const RUNNER = {
	input,
	variable: (name) => process.env[name],
	state: getState
};
let signalled;
let unwritten;
process.on("uncaughtException", (reason) => {
	fail(reason);
	end();
});
(Symbol.for("return-dispatch.post") in globalThis ? post() : main()).catch(fail).finally(end);
async function main() {
	if (process.env.GITHUB_OUTPUT) (0, node_fs.accessSync)(process.env.GITHUB_OUTPUT, node_fs.constants.W_OK);
	await load();
	await callFromAction(RUNNER, {
		fetch: send,
		now,
		random,
		cancelled,
		report
	});
	if (unwritten) throw unwritten;
}
async function post() {
	await load();
	warning$1(await cancelFromAction(RUNNER, {
		fetch: send,
		now,
		random,
		cancelled: never,
		report
	}));
}
async function load() {
	initSync({ module: await core });
}
async function compile() {
	const bytes = (0, node_fs.readFileSync)((0, node_path.join)(__dirname, "return_dispatch_bg.wasm"));
	return globalThis.WebAssembly.compile(bytes);
}
function now() {
	const [seconds, nanoseconds] = process.hrtime();
	return seconds * 1e3 + nanoseconds / 1e6;
}
function cancelled() {
	signalled ??= new Promise((resolve) => {
		for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => resolve());
	});
	return signalled;
}
function never() {
	return new Promise(() => {});
}
function input(name) {
	if (process.env[`INPUT_${name.toUpperCase()}`] === void 0) return void 0;
	return getInput(name, { trimWhitespace: false });
}
function report(reported) {
	const event = reported;
	const message = messageOf(event);
	if (message) ({
		debug,
		endGroup,
		info: info$1,
		startGroup,
		warning: warning$1
	})[message.level](message.text);
	if (event.type === "summary") writeSummary(event);
	try {
		for (const [name, value] of Object.entries(outputsOf(event))) setOutput(name, value);
		for (const [name, value] of Object.entries(stateOf(event))) saveState(name, value);
	} catch (reason) {
		unwritten ??= /* @__PURE__ */ new Error(`The outputs could not be written: ${reason}. ${message?.text ?? ""}`);
	}
}
function writeSummary(event) {
	const file = process.env.GITHUB_STEP_SUMMARY;
	if (!file) return;
	try {
		(0, node_fs.appendFileSync)(file, summaryOf(event));
	} catch (reason) {
		warning$1(`The job summary could not be written: ${reason}`);
	}
}
function end() {
	process.stdout.write("", () => process.exit());
}
function fail(reason) {
	process.exitCode = 1;
	error(reason instanceof Error ? reason.message : String(reason));
}
