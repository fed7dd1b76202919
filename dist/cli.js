#!/usr/bin/env node
// Built by `npm run build` from js/, src/ and simulator/: change those, not this file.
// @ts-nocheck
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { execFileSync } from "node:child_process";
import process$1 from "node:process";
import os from "node:os";
import { ReturnDispatchError, dispatch, mergeInputs, waitForRun } from "./program.js";
import { once } from "node:events";
import { Agent, request } from "node:http";

// \0rolldown/runtime.js
var __create = Object.create;
var __defProp = Object.defineProperty;
var __getOwnPropDesc = Object.getOwnPropertyDescriptor;
var __getOwnPropNames = Object.getOwnPropertyNames;
var __getProtoOf = Object.getPrototypeOf;
var __hasOwnProp = Object.prototype.hasOwnProperty;
var __commonJSMin = (cb, mod) => () => (mod || (cb((mod = { exports: {} }).exports, mod, mod.exports), cb = null), mod.exports);
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

// node_modules/picocolors/picocolors.js
var require_picocolors = /* @__PURE__ */ __commonJSMin(((exports, module) => {
	let p = process || {};
	let argv = p.argv || [];
	let env = p.env || {};
	let isColorSupported = !(!!env.NO_COLOR || argv.includes("--no-color")) && (!!env.FORCE_COLOR || argv.includes("--color") || p.platform === "win32" || (p.stdout || {}).isTTY && env.TERM !== "dumb" || !!env.CI);
	let formatter = (open, close, replace = open) => (input) => {
		let string = "" + input, index = string.indexOf(close, open.length);
		return ~index ? open + replaceClose(string, close, replace, index) + close : open + string + close;
	};
	let replaceClose = (string, close, replace, index) => {
		let result = "", cursor = 0;
		do {
			result += string.substring(cursor, index) + replace;
			cursor = index + close.length;
			index = string.indexOf(close, cursor);
		} while (~index);
		return result + string.substring(cursor);
	};
	let createColors = (enabled = isColorSupported) => {
		let f = enabled ? formatter : () => String;
		return {
			isColorSupported: enabled,
			reset: f("\x1B[0m", "\x1B[0m"),
			bold: f("\x1B[1m", "\x1B[22m", "\x1B[22m\x1B[1m"),
			dim: f("\x1B[2m", "\x1B[22m", "\x1B[22m\x1B[2m"),
			italic: f("\x1B[3m", "\x1B[23m"),
			underline: f("\x1B[4m", "\x1B[24m"),
			inverse: f("\x1B[7m", "\x1B[27m"),
			hidden: f("\x1B[8m", "\x1B[28m"),
			strikethrough: f("\x1B[9m", "\x1B[29m"),
			black: f("\x1B[30m", "\x1B[39m"),
			red: f("\x1B[31m", "\x1B[39m"),
			green: f("\x1B[32m", "\x1B[39m"),
			yellow: f("\x1B[33m", "\x1B[39m"),
			blue: f("\x1B[34m", "\x1B[39m"),
			magenta: f("\x1B[35m", "\x1B[39m"),
			cyan: f("\x1B[36m", "\x1B[39m"),
			white: f("\x1B[37m", "\x1B[39m"),
			gray: f("\x1B[90m", "\x1B[39m"),
			bgBlack: f("\x1B[40m", "\x1B[49m"),
			bgRed: f("\x1B[41m", "\x1B[49m"),
			bgGreen: f("\x1B[42m", "\x1B[49m"),
			bgYellow: f("\x1B[43m", "\x1B[49m"),
			bgBlue: f("\x1B[44m", "\x1B[49m"),
			bgMagenta: f("\x1B[45m", "\x1B[49m"),
			bgCyan: f("\x1B[46m", "\x1B[49m"),
			bgWhite: f("\x1B[47m", "\x1B[49m"),
			blackBright: f("\x1B[90m", "\x1B[39m"),
			redBright: f("\x1B[91m", "\x1B[39m"),
			greenBright: f("\x1B[92m", "\x1B[39m"),
			yellowBright: f("\x1B[93m", "\x1B[39m"),
			blueBright: f("\x1B[94m", "\x1B[39m"),
			magentaBright: f("\x1B[95m", "\x1B[39m"),
			cyanBright: f("\x1B[96m", "\x1B[39m"),
			whiteBright: f("\x1B[97m", "\x1B[39m"),
			bgBlackBright: f("\x1B[100m", "\x1B[49m"),
			bgRedBright: f("\x1B[101m", "\x1B[49m"),
			bgGreenBright: f("\x1B[102m", "\x1B[49m"),
			bgYellowBright: f("\x1B[103m", "\x1B[49m"),
			bgBlueBright: f("\x1B[104m", "\x1B[49m"),
			bgMagentaBright: f("\x1B[105m", "\x1B[49m"),
			bgCyanBright: f("\x1B[106m", "\x1B[49m"),
			bgWhiteBright: f("\x1B[107m", "\x1B[49m")
		};
	};
	module.exports = createColors();
	module.exports.createColors = createColors;
}));

// js/cli/document.js
var import_picocolors = /* @__PURE__ */ __toESM(require_picocolors(), 1);
/** What `--json` prints, as docs/command.md has it. */
/**
* @typedef {import('../types/events.js').Event} Event
* @typedef {Partial<import('../api/index.js').ReturnDispatchError>} Failure
*/
/** What is known of a call, gathered while it goes on. What is not known is left out. */
var Document = class {
	/** @type {Record<string, unknown>} */
	facts = {};
	/** @param {Event} event */
	take(event) {
		switch (event.type) {
			case "started":
				this.facts.distinctId = event.distinctId;
				break;
			case "identified":
				this.facts.identifiedBy = event.identifiedBy;
				this.#takePlace(event);
				break;
			case "following": this.#takePlace(event);
		}
	}
	/** @param {{ runId: number, runUrl: string, runApiUrl: string }} place */
	#takePlace({ runId, runUrl, runApiUrl }) {
		Object.assign(this.facts, {
			runId,
			...runUrl && { runUrl },
			runApiUrl
		});
	}
	/** @param {Pick<import('../api/index.js').Run, 'duplicates' | 'duplicatePossible'>} run */
	takeRun({ duplicates, duplicatePossible }) {
		if (duplicates.length > 0) this.facts.duplicates = duplicates;
		if (duplicatePossible) this.facts.duplicatePossible = true;
	}
	/** @param {import('../api/index.js').RunResult} result */
	takeResult({ runUrl, status, conclusion, attempt, seconds, outputs }) {
		Object.assign(this.facts, {
			runUrl,
			status,
			conclusion,
			attempt,
			seconds,
			outputs
		});
	}
	/** @param {Failure} error */
	takeError({ code, message, hint, status, mayHaveDispatched, result }) {
		if (result) this.takeResult(result);
		this.facts.error = {
			code,
			message,
			hint,
			status,
			mayHaveDispatched
		};
	}
	toString() {
		return JSON.stringify(this.facts, null, 2);
	}
};

// js/cli/server.js
/** Which server is meant, and the token for it. */
/**
* The server that is meant, and the token for it.
*
* The host of an address that somebody has pasted gets no token that was meant for another: unless it is the host that
* is meant anyway, only what gh has for it.
*
* @param {Record<string, any>} flags
* @param {NodeJS.ProcessEnv} env
* @returns {{ apiUrl: string | undefined, token: string | undefined }} `apiUrl` where it is not the default
*/
function serverOf(flags, env) {
	const apiUrl = apiUrlOf(flags, env);
	const { addressHost } = flags;
	const addressed = addressHost && ofHost(addressHost);
	if (!addressHost || flags["api-url"] || hostOf(addressed) === hostOf(apiUrl)) return {
		apiUrl,
		token: tokenOf(apiUrl, env)
	};
	return {
		apiUrl: addressed,
		token: fromGh(hostOf(addressed))
	};
}
/**
* @param {Record<string, any>} flags
* @param {NodeJS.ProcessEnv} env
* @returns {string | undefined} the API's base URL, where it is not the default
*/
function apiUrlOf(flags, env) {
	if (flags["api-url"]) return flags["api-url"];
	if (flags.host) return ofHost(flags.host);
	return env.GH_HOST ? ofHost(env.GH_HOST) : env.GITHUB_API_URL || void 0;
}
/**
* Where a host has its API: see https://docs.github.com/en/rest/using-the-rest-api/getting-started-with-the-rest-api
*
* @param {string} given a host, with or without a port; somebody may have written a whole address
*/
function ofHost(given) {
	const address = given.includes("://") ? given : `https://${given}`;
	if (!URL.canParse(address)) return address;
	const { host, origin } = new URL(address);
	if ([
		"github.com",
		"www.github.com",
		"api.github.com"
	].includes(host)) return void 0;
	if (host.endsWith(".ghe.com")) return `https://api.${host.replace(/^api\./, "")}`;
	return `${origin}/api/v3`;
}
/**
* The token: those of an enterprise's server are for others than github.com and its subdomains of ghe.com, and that of
* Gitea for Gitea.
*
* @param {string | undefined} apiUrl
* @param {NodeJS.ProcessEnv} env
* @returns {string | undefined}
*/
function tokenOf(apiUrl, env) {
	const host = hostOf(apiUrl);
	const others = ["GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN"];
	if (isGitea(apiUrl)) others.unshift("GITEA_TOKEN");
	const name = [
		...host === "github.com" || host?.endsWith(".ghe.com") ? [] : others,
		"GH_TOKEN",
		"GITHUB_TOKEN"
	].find((name) => env[name]);
	return name ? env[name] : fromGh(host);
}
/**
* Whether an API's base URL is that of Gitea or Forgejo.
*
* @param {string | undefined} apiUrl
*/
function isGitea(apiUrl) {
	return /\/api\/v1\/?$/.test(apiUrl ?? "");
}
/** @param {string | undefined} apiUrl */
function hostOf(apiUrl) {
	if (!apiUrl) return "github.com";
	if (!URL.canParse(apiUrl)) return void 0;
	const { hostname } = new URL(apiUrl);
	return hostname === "api.github.com" ? "github.com" : hostname.replace(/^api\.(?=.*\.ghe\.com$)/, "");
}
/**
* @param {string | undefined} host
* @returns {string | undefined} none where gh is not installed, or not logged in there
*/
function fromGh(host) {
	if (!host) return void 0;
	try {
		return execFileSync("gh", [
			"auth",
			"token",
			"--hostname",
			host
		], {
			stdio: [
				"ignore",
				"pipe",
				"ignore"
			],
			timeout: 1e4
		}).toString().trim() || void 0;
	} catch {
		return;
	}
}

// js/cli/usage.js
/** What the command takes, and what it says of that. */
/** The exit codes, as `--help` has them. */
const EXIT = {
	success: 0,
	unsuccessful: 1,
	usage: 2,
	unidentified: 3,
	refused: 4,
	unfinished: 5,
	internal: 70,
	interrupted: 130,
	hungUp: 129,
	terminated: 143
};
const HELP = `return-dispatch calls a GitHub Actions workflow in another repository like a function:
it dispatches it, finds exactly the run that this created, and waits for what it returns.

Usage
  return-dispatch [dispatch] OWNER/REPO WORKFLOW [options]   dispatch, print the run's ID
  return-dispatch watch [OWNER/REPO] RUN_ID [options]        wait for a run that is there;
                                                             default: GH_REPO or GITHUB_REPOSITORY
  return-dispatch watch RUN_URL [options]                    the same, by the address of its page
  return-dispatch demo [--server github|gitea]               see it work, on this machine alone

  WORKFLOW is a file name (deploy.yml), a path, an ID, or a display name.

Dispatching
  -r, --ref REF                     branch or tag; default: the repository's default branch
  -f, --field KEY=VALUE             an input of the workflow; may be repeated, and wins over --inputs
      --inputs FILE                 inputs as a mapping in JSON or YAML; - reads standard input
      --workflow-timeout-seconds N  limit for dispatching and finding the run; default: 300
      --distinct-id ID              the value that marks this call; default: a random UUID
      --distinct-id-input NAME      the workflow's input that gets it; default: distinct_id

Waiting
  -w, --wait                        wait for the run to end (watch always does)
      --wait-timeout-seconds N      for how long; default: as long as it takes
      --cancel-on-timeout           cancel the run when that has passed
      --cancel-on-interrupt         cancel the run on Ctrl-C, SIGTERM or SIGHUP; a second one leaves at once
      --logs none|failed|all        what to print of its logs in the end; default: failed
      --poll-interval-seconds N     a fixed pause between looks; default: one that grows

Output
      --json                        one JSON document on standard output, progress on standard error
  -q, --quiet                       no progress: nothing but the ID of what is dispatched, or the document
      --debug                       also show each request
  -h, --help                        show this
      --version                     show the version

Server
      --api-url URL                 base URL of the REST API, as https://HOST/api/v3, or that of Gitea,
                                    https://HOST/api/v1; default: that of GH_HOST, GITHUB_API_URL, or
                                    https://api.github.com

The token comes from GH_TOKEN or GITHUB_TOKEN (for other hosts than github.com and ghe.com, first from
GH_ENTERPRISE_TOKEN or GITHUB_ENTERPRISE_TOKEN, and for Gitea first from GITEA_TOKEN), or else from
\`gh auth token\`. It needs actions: write on the target repository; on Gitea, the scope write:repository.

Exit code
  0    the run was dispatched and found; with --wait: its conclusion is success
  1    the run ended with another conclusion, or returned more than outputs can hold
  2    the command is not right; nothing was dispatched
  3    it is not known which run was created, or whether one was: look before you dispatch again
  4    nothing was dispatched, or (watch) there is no such run: the server refused, or was not reached
  5    the run is known, and was not seen to end: not within --wait-timeout-seconds, or not at all
  70   an error of this program
  130  interrupted by Ctrl-C (143: by SIGTERM, 129: by SIGHUP); the message says what may have been dispatched

Examples
  return-dispatch octo-org/deployments deploy.yml -f environment=staging --wait
  id=$(return-dispatch octo-org/deployments deploy.yml --quiet)
  return-dispatch watch https://github.com/octo-org/deployments/actions/runs/42 --logs all
  return-dispatch octo-org/builds build.yml --wait --json | jq -r .outputs.version
`;
/** The command was not written right. */
var UsageError = class extends Error {};
/** @satisfies {NonNullable<import('node:util').ParseArgsConfig['options']>} */
const OPTIONS = {
	ref: {
		type: "string",
		short: "r"
	},
	field: {
		type: "string",
		short: "f",
		multiple: true
	},
	inputs: { type: "string" },
	"workflow-timeout-seconds": { type: "string" },
	"distinct-id": { type: "string" },
	"distinct-id-input": { type: "string" },
	wait: {
		type: "boolean",
		short: "w"
	},
	"wait-timeout-seconds": { type: "string" },
	"cancel-on-timeout": { type: "boolean" },
	"cancel-on-interrupt": { type: "boolean" },
	logs: { type: "string" },
	"poll-interval-seconds": { type: "string" },
	json: { type: "boolean" },
	quiet: {
		type: "boolean",
		short: "q"
	},
	debug: { type: "boolean" },
	help: {
		type: "boolean",
		short: "h"
	},
	version: { type: "boolean" },
	"api-url": { type: "string" },
	server: { type: "string" }
};
/** Only where something is dispatched. */
const OF_DISPATCH = [
	"ref",
	"field",
	"inputs",
	"workflow-timeout-seconds",
	"distinct-id-input",
	"wait"
];
/** Only where a run is waited for. */
const OF_WAITING = [
	"wait-timeout-seconds",
	"cancel-on-timeout",
	"logs"
];
/** An empty variable of a script is not what it was to say. */
const MAY_BE_EMPTY = ["distinct-id-input", "field"];
/**
* @typedef {object} Command
* @property {'dispatch' | 'watch' | 'demo' | 'help' | 'version'} name
* @property {string[]} positionals
* @property {Record<string, any>} flags
*/
/**
* @param {string[]} args
* @param {NodeJS.ProcessEnv} env
* @returns {Command}
* @throws {UsageError}
*/
function parse(args, env) {
	const { values: flags, positionals } = read(args);
	const [first = ""] = positionals;
	if (flags.help || first === "help") return {
		name: "help",
		positionals,
		flags
	};
	if (flags.version) return {
		name: "version",
		positionals,
		flags
	};
	refuseNonsense(flags);
	if (first === "demo") return demo(positionals.slice(1), flags);
	if ("server" in flags) throw new UsageError("--server is for the demonstration: give --api-url");
	if (first === "watch") return watch(positionals.slice(1), flags, env);
	return dispatch$1(first === "dispatch" ? positionals.slice(1) : positionals, flags);
}
/**
* @param {string[]} positionals
* @param {Record<string, any>} flags
* @returns {Command}
*/
function demo(positionals, flags) {
	const { server = "github" } = flags;
	if (!["github", "gitea"].includes(server)) throw new UsageError(`--server takes github or gitea, not "${server}"`);
	return {
		name: "demo",
		positionals,
		flags
	};
}
/** @param {string[]} args */
function read(args) {
	try {
		return parseArgs({
			args,
			options: OPTIONS,
			allowPositionals: true
		});
	} catch (error) {
		const [sentence] = String(
			/** @type {Error} */
			error.message
		).split(/(?<=')\. |\n/);
		throw new UsageError(sentence?.replace(/\.$/, ""));
	}
}
/**
* @param {string[]} positionals
* @param {Record<string, any>} flags
* @returns {Command}
*/
function dispatch$1(positionals, flags) {
	if (positionals.length < 2) throw new UsageError("Name the repository and the workflow: return-dispatch OWNER/REPO WORKFLOW");
	refuseMore(positionals, 2);
	const idle = flags.wait ? void 0 : OF_WAITING.find((name) => name in flags);
	if (idle) throw new UsageError(`--${idle} is for waiting: give --wait as well`);
	return {
		name: "dispatch",
		positionals,
		flags
	};
}
/**
* @param {string[]} positionals
* @param {Record<string, any>} flags
* @param {NodeJS.ProcessEnv} env
* @returns {Command}
*/
function watch(positionals, flags, env) {
	const foreign = OF_DISPATCH.find((name) => name in flags && name !== "wait");
	if (foreign) throw new UsageError(`--${foreign} is for dispatching; watch dispatches nothing`);
	refuseMore(positionals, 2);
	if (positionals.length === 2) return {
		name: "watch",
		positionals,
		flags
	};
	const [address = ""] = positionals;
	const here = /^(?:([^/]+)\/)?([^/]+\/[^/]+)$/.exec(env.GH_REPO || env.GITHUB_REPOSITORY || "");
	if (/^\d+$/.test(address) && here?.[2]) return {
		name: "watch",
		positionals: [here[2], address],
		flags: {
			host: here[1],
			...flags
		}
	};
	const [, host, repository, run] = /^https?:\/\/([^/]+)\/([^/]+\/[^/]+)\/actions\/runs\/(\d+)(?:[/?#].*)?$/.exec(address) ?? [];
	if (!host || !repository || !run) throw new UsageError("Name the repository and the run: return-dispatch watch OWNER/REPO RUN_ID, or the address of its page");
	if (isGitea(flags["api-url"])) throw new UsageError(`Of Gitea, name the repository and the run's ID: return-dispatch watch ${repository} RUN_ID`);
	return {
		name: "watch",
		positionals: [repository, run],
		flags: {
			addressHost: host,
			...flags
		}
	};
}
/** @param {Record<string, any>} flags */
function refuseNonsense(flags) {
	const empty = Object.keys(flags).find((name) => typeof flags[name] === "string" && !flags[name].trim() && !MAY_BE_EMPTY.includes(name));
	if (empty) throw new UsageError(`--${empty} is empty: leave it out where it is not needed`);
}
/**
* @param {string[]} positionals
* @param {number} most
*/
function refuseMore(positionals, most) {
	if (positionals.length > most) throw new UsageError(`"${positionals[most]}" is one argument too many`);
}

// js/cli/interrupts.js
/** What signals do to the command. */
/** @typedef {import('./plain.js').View} View */
/** @type {Partial<Record<NodeJS.Signals, number>>} */
const EXIT_OF$1 = {
	SIGTERM: EXIT.terminated,
	SIGHUP: EXIT.hungUp
};
const SIGNALS = [
	"SIGINT",
	"SIGTERM",
	"SIGHUP"
];
/** Ctrl-C: the first ends the call, and cancels the run where that is asked for; the second ends everything. */
var Interrupts = class {
	#controller = new AbortController();
	exitCode = EXIT.interrupted;
	/**
	* @param {View} view
	* @param {boolean} cancels
	*/
	constructor(view, cancels) {
		this.signal = this.#controller.signal;
		this.take = (signal) => {
			this.exitCode = EXIT_OF$1[signal] ?? EXIT.interrupted;
			if (this.signal.aborted) {
				view.close();
				process.exit(this.exitCode);
			}
			if (cancels) view.note("Interrupted: the run will be cancelled. Once more, and this ends at once.");
			this.#controller.abort(new Error(signal));
		};
		for (const signal of SIGNALS) process.on(signal, this.take);
	}
	close() {
		for (const signal of SIGNALS) process.off(signal, this.take);
	}
};

// node_modules/environment/index.js
const isBrowser = globalThis.window?.document !== void 0;
const isNode = globalThis.process?.versions?.node !== void 0;
const isBun = globalThis.process?.versions?.bun !== void 0;
const isDeno = globalThis.Deno?.version?.deno !== void 0;
const isElectron = globalThis.process?.versions?.electron !== void 0;
const isJsDom = globalThis.navigator?.userAgent?.includes("jsdom") === true;
const isWebWorker = typeof WorkerGlobalScope !== "undefined" && globalThis instanceof WorkerGlobalScope;
const isDedicatedWorker = typeof DedicatedWorkerGlobalScope !== "undefined" && globalThis instanceof DedicatedWorkerGlobalScope;
const isSharedWorker = typeof SharedWorkerGlobalScope !== "undefined" && globalThis instanceof SharedWorkerGlobalScope;
const isServiceWorker = typeof ServiceWorkerGlobalScope !== "undefined" && globalThis instanceof ServiceWorkerGlobalScope;
const platform = globalThis.navigator?.userAgentData?.platform;
const isMacOs = platform === "macOS" || globalThis.navigator?.platform === "MacIntel" || globalThis.navigator?.userAgent?.includes(" Mac ") === true || globalThis.process?.platform === "darwin";
const isWindows$1 = platform === "Windows" || globalThis.navigator?.platform === "Win32" || globalThis.process?.platform === "win32";
const isLinux = platform === "Linux" || globalThis.navigator?.platform?.startsWith("Linux") === true || globalThis.navigator?.userAgent?.includes(" Linux ") === true || globalThis.process?.platform === "linux";
const isIos = platform === "iOS" || globalThis.navigator?.platform === "MacIntel" && globalThis.navigator?.maxTouchPoints > 1 || /iPad|iPhone|iPod/.test(globalThis.navigator?.platform);
const isAndroid = platform === "Android" || globalThis.navigator?.platform === "Android" || globalThis.navigator?.userAgent?.includes(" Android ") === true || globalThis.process?.platform === "android";

// node_modules/ansi-escapes/base.js
const ESC = "\x1B[";
const isTerminalApp = !isBrowser && process$1.env.TERM_PROGRAM === "Apple_Terminal";
const isWindows = !isBrowser && process$1.platform === "win32";
const isTmux = !isBrowser && (process$1.env.TERM?.startsWith("screen") || process$1.env.TERM?.startsWith("tmux") || process$1.env.TMUX !== void 0);
const cwdFunction = isBrowser ? () => {
	throw new Error("`process.cwd()` only works in Node.js, not the browser.");
} : process$1.cwd;
const cursorUp = (count = 1) => ESC + count + "A";
const cursorDown = (count = 1) => ESC + count + "B";
const cursorLeft = "\x1B[G";
const eraseLines = (count) => {
	let clear = "";
	for (let i = 0; i < count; i++) clear += eraseLine + (i < count - 1 ? cursorUp() : "");
	if (count) clear += "\x1B[G";
	return clear;
};
const eraseEndLine = "\x1B[K";
const eraseLine = "\x1B[2K";
const eraseScreen = "\x1B[2J";
const isOldWindows = () => {
	if (isBrowser || !isWindows) return false;
	const parts = os.release().split(".");
	const major = Number(parts[0]);
	const build = Number(parts[2] ?? 0);
	if (major < 10) return true;
	if (major === 10 && build < 10586) return true;
	return false;
};
const clearTerminal = isOldWindows() ? `${eraseScreen}${ESC}0f` : `${eraseScreen}${ESC}3J${ESC}H`;

// node_modules/mimic-function/index.js
const copyProperty = (to, from, property, ignoreNonConfigurable) => {
	if (property === "length" || property === "prototype") return;
	if (property === "arguments" || property === "caller") return;
	const toDescriptor = Object.getOwnPropertyDescriptor(to, property);
	const fromDescriptor = Object.getOwnPropertyDescriptor(from, property);
	if (!canCopyProperty(toDescriptor, fromDescriptor) && ignoreNonConfigurable) return;
	Object.defineProperty(to, property, fromDescriptor);
};
const canCopyProperty = function(toDescriptor, fromDescriptor) {
	return toDescriptor === void 0 || toDescriptor.configurable || toDescriptor.writable === fromDescriptor.writable && toDescriptor.enumerable === fromDescriptor.enumerable && toDescriptor.configurable === fromDescriptor.configurable && (toDescriptor.writable || toDescriptor.value === fromDescriptor.value);
};
const changePrototype = (to, from) => {
	const fromPrototype = Object.getPrototypeOf(from);
	if (fromPrototype === Object.getPrototypeOf(to)) return;
	Object.setPrototypeOf(to, fromPrototype);
};
const wrappedToString = (withName, fromBody) => `/* Wrapped ${withName}*/\n${fromBody}`;
const toStringDescriptor = Object.getOwnPropertyDescriptor(Function.prototype, "toString");
const toStringName = Object.getOwnPropertyDescriptor(Function.prototype.toString, "name");
const changeToString = (to, from, name) => {
	const withName = name === "" ? "" : `with ${name.trim()}() `;
	const newToString = wrappedToString.bind(null, withName, from.toString());
	Object.defineProperty(newToString, "name", toStringName);
	const { writable, enumerable, configurable } = toStringDescriptor;
	Object.defineProperty(to, "toString", {
		value: newToString,
		writable,
		enumerable,
		configurable
	});
};
function mimicFunction(to, from, { ignoreNonConfigurable = false } = {}) {
	const { name } = to;
	for (const property of Reflect.ownKeys(from)) copyProperty(to, from, property, ignoreNonConfigurable);
	changePrototype(to, from);
	changeToString(to, from, name);
	return to;
}

// node_modules/onetime/index.js
const calledFunctions = /* @__PURE__ */ new WeakMap();
const onetime = (function_, options = {}) => {
	if (typeof function_ !== "function") throw new TypeError("Expected a function");
	let returnValue;
	let callCount = 0;
	const functionName = function_.displayName || function_.name || "<anonymous>";
	const onetime = function(...arguments_) {
		calledFunctions.set(onetime, ++callCount);
		if (callCount === 1) {
			returnValue = function_.apply(this, arguments_);
			function_ = void 0;
		} else if (options.throw === true) throw new Error(`Function \`${functionName}\` can only be called once`);
		return returnValue;
	};
	mimicFunction(onetime, function_);
	calledFunctions.set(onetime, callCount);
	return onetime;
};
onetime.callCount = (function_) => {
	if (!calledFunctions.has(function_)) throw new Error(`The given function \`${function_.name}\` is not wrapped by the \`onetime\` package`);
	return calledFunctions.get(function_);
};

// node_modules/signal-exit/dist/mjs/signals.js
/**
* This is not the set of all possible signals.
*
* It IS, however, the set of all signals that trigger
* an exit on either Linux or BSD systems.  Linux is a
* superset of the signal names supported on BSD, and
* the unknown signals just fail to register, so we can
* catch that easily enough.
*
* Windows signals are a different set, since there are
* signals that terminate Windows processes, but don't
* terminate (or don't even exist) on Posix systems.
*
* Don't bother with SIGKILL.  It's uncatchable, which
* means that we can't fire any callbacks anyway.
*
* If a user does happen to register a handler on a non-
* fatal signal like SIGWINCH or something, and then
* exit, it'll end up firing `process.emit('exit')`, so
* the handler will be fired anyway.
*
* SIGBUS, SIGFPE, SIGSEGV and SIGILL, when not raised
* artificially, inherently leave the process in a
* state from which it is not safe to try and enter JS
* listeners.
*/
const signals = [];
signals.push("SIGHUP", "SIGINT", "SIGTERM");
if (process.platform !== "win32") signals.push("SIGALRM", "SIGABRT", "SIGVTALRM", "SIGXCPU", "SIGXFSZ", "SIGUSR2", "SIGTRAP", "SIGSYS", "SIGQUIT", "SIGIOT");
if (process.platform === "linux") signals.push("SIGIO", "SIGPOLL", "SIGPWR", "SIGSTKFLT");

// node_modules/signal-exit/dist/mjs/index.js
const processOk = (process) => !!process && typeof process === "object" && typeof process.removeListener === "function" && typeof process.emit === "function" && typeof process.reallyExit === "function" && typeof process.listeners === "function" && typeof process.kill === "function" && typeof process.pid === "number" && typeof process.on === "function";
const kExitEmitter = Symbol.for("signal-exit emitter");
const global = globalThis;
const ObjectDefineProperty = Object.defineProperty.bind(Object);
var Emitter = class {
	emitted = {
		afterExit: false,
		exit: false
	};
	listeners = {
		afterExit: [],
		exit: []
	};
	count = 0;
	id = Math.random();
	constructor() {
		if (global[kExitEmitter]) return global[kExitEmitter];
		ObjectDefineProperty(global, kExitEmitter, {
			value: this,
			writable: false,
			enumerable: false,
			configurable: false
		});
	}
	on(ev, fn) {
		this.listeners[ev].push(fn);
	}
	removeListener(ev, fn) {
		const list = this.listeners[ev];
		const i = list.indexOf(fn);
		/* c8 ignore start */
		if (i === -1) return;
		/* c8 ignore stop */
		if (i === 0 && list.length === 1) list.length = 0;
		else list.splice(i, 1);
	}
	emit(ev, code, signal) {
		if (this.emitted[ev]) return false;
		this.emitted[ev] = true;
		let ret = false;
		for (const fn of this.listeners[ev]) ret = fn(code, signal) === true || ret;
		if (ev === "exit") ret = this.emit("afterExit", code, signal) || ret;
		return ret;
	}
};
var SignalExitBase = class {};
const signalExitWrap = (handler) => {
	return {
		onExit(cb, opts) {
			return handler.onExit(cb, opts);
		},
		load() {
			return handler.load();
		},
		unload() {
			return handler.unload();
		}
	};
};
var SignalExitFallback = class extends SignalExitBase {
	onExit() {
		return () => {};
	}
	load() {}
	unload() {}
};
var SignalExit = class extends SignalExitBase {
	/* c8 ignore start */
	#hupSig = process$2.platform === "win32" ? "SIGINT" : "SIGHUP";
	/* c8 ignore stop */
	#emitter = new Emitter();
	#process;
	#originalProcessEmit;
	#originalProcessReallyExit;
	#sigListeners = {};
	#loaded = false;
	constructor(process) {
		super();
		this.#process = process;
		this.#sigListeners = {};
		for (const sig of signals) this.#sigListeners[sig] = () => {
			const listeners = this.#process.listeners(sig);
			let { count } = this.#emitter;
			/* c8 ignore start */
			const p = process;
			if (typeof p.__signal_exit_emitter__ === "object" && typeof p.__signal_exit_emitter__.count === "number") count += p.__signal_exit_emitter__.count;
			/* c8 ignore stop */
			if (listeners.length === count) {
				this.unload();
				const ret = this.#emitter.emit("exit", null, sig);
				/* c8 ignore start */
				const s = sig === "SIGHUP" ? this.#hupSig : sig;
				if (!ret) process.kill(process.pid, s);
			}
		};
		this.#originalProcessReallyExit = process.reallyExit;
		this.#originalProcessEmit = process.emit;
	}
	onExit(cb, opts) {
		/* c8 ignore start */
		if (!processOk(this.#process)) return () => {};
		/* c8 ignore stop */
		if (this.#loaded === false) this.load();
		const ev = opts?.alwaysLast ? "afterExit" : "exit";
		this.#emitter.on(ev, cb);
		return () => {
			this.#emitter.removeListener(ev, cb);
			if (this.#emitter.listeners["exit"].length === 0 && this.#emitter.listeners["afterExit"].length === 0) this.unload();
		};
	}
	load() {
		if (this.#loaded) return;
		this.#loaded = true;
		this.#emitter.count += 1;
		for (const sig of signals) try {
			const fn = this.#sigListeners[sig];
			if (fn) this.#process.on(sig, fn);
		} catch (_) {}
		this.#process.emit = (ev, ...a) => {
			return this.#processEmit(ev, ...a);
		};
		this.#process.reallyExit = (code) => {
			return this.#processReallyExit(code);
		};
	}
	unload() {
		if (!this.#loaded) return;
		this.#loaded = false;
		signals.forEach((sig) => {
			const listener = this.#sigListeners[sig];
			/* c8 ignore start */
			if (!listener) throw new Error("Listener not defined for signal: " + sig);
			/* c8 ignore stop */
			try {
				this.#process.removeListener(sig, listener);
			} catch (_) {}
			/* c8 ignore stop */
		});
		this.#process.emit = this.#originalProcessEmit;
		this.#process.reallyExit = this.#originalProcessReallyExit;
		this.#emitter.count -= 1;
	}
	#processReallyExit(code) {
		/* c8 ignore start */
		if (!processOk(this.#process)) return 0;
		this.#process.exitCode = code || 0;
		/* c8 ignore stop */
		this.#emitter.emit("exit", this.#process.exitCode, null);
		return this.#originalProcessReallyExit.call(this.#process, this.#process.exitCode);
	}
	#processEmit(ev, ...args) {
		const og = this.#originalProcessEmit;
		if (ev === "exit" && processOk(this.#process)) {
			if (typeof args[0] === "number") this.#process.exitCode = args[0];
			/* c8 ignore start */
			const ret = og.call(this.#process, ev, ...args);
			/* c8 ignore start */
			this.#emitter.emit("exit", this.#process.exitCode, null);
			/* c8 ignore stop */
			return ret;
		} else return og.call(this.#process, ev, ...args);
	}
};
const process$2 = globalThis.process;
const { onExit, load, unload } = signalExitWrap(processOk(process$2) ? new SignalExit(process$2) : new SignalExitFallback());

// node_modules/restore-cursor/index.js
const terminal = process$1.stderr.isTTY ? process$1.stderr : process$1.stdout.isTTY ? process$1.stdout : void 0;
const restoreCursor = terminal ? onetime(() => {
	onExit(() => {
		terminal.write("\x1B[?25h");
	}, { alwaysLast: true });
}) : () => {};

// node_modules/cli-cursor/index.js
let isHidden = false;
const cliCursor = {};
cliCursor.show = (writableStream = process$1.stderr) => {
	if (!writableStream.isTTY) return;
	isHidden = false;
	writableStream.write("\x1B[?25h");
};
cliCursor.hide = (writableStream = process$1.stderr) => {
	if (!writableStream.isTTY) return;
	restoreCursor();
	isHidden = true;
	writableStream.write("\x1B[?25l");
};
cliCursor.toggle = (force, writableStream) => {
	if (force !== void 0) isHidden = force;
	if (isHidden) cliCursor.show(writableStream);
	else cliCursor.hide(writableStream);
};

// node_modules/ansi-regex/index.js
const ST = String.raw`(?:\u001B\u005C|\u009C)`;
const stringControls = String.raw`\u0018\u001A\u001B\u0080-\u009F`;
const osc = String.raw`(?:\u001B\]|\u009D)[^\u0007${stringControls}]*(?:\u0007|${ST})`;
const controlString = String.raw`(?:\u001B[PX^_k]|[\u0090\u0098\u009E\u009F])[^${stringControls}]*${ST}`;
const pattern = `${String.raw`\u001B\](?:P[\dA-Fa-f]{7}|R)(?:\u0007|${ST})?`}|${osc}|${controlString}|${String.raw`(?:\u001B\[|\u009B)[\u0030-\u003F]*[\u0020-\u002F]*[\u0040-\u007E]`}|${String.raw`\u001B(?:[\u0020-\u002F]+[\u0030-\u007E]|[\dA-PR-TZcf-oq-uy=><~|}])`}`;
function ansiRegex({ onlyFirst = false } = {}) {
	return new RegExp(pattern, onlyFirst ? void 0 : "g");
}

// node_modules/strip-ansi/index.js
const regex = ansiRegex();
function stripAnsi(string) {
	if (typeof string !== "string") throw new TypeError(`Expected a \`string\`, got \`${typeof string}\``);
	if (!string.includes("\x1B") && !string.includes("")) return string;
	return string.replace(regex, "");
}

// node_modules/get-east-asian-width/lookup-data.js
const ambiguousMaximumCodePoint = 1114109;
const ambiguousRanges = [
	161,
	161,
	164,
	164,
	167,
	168,
	170,
	170,
	173,
	174,
	176,
	180,
	182,
	186,
	188,
	191,
	198,
	198,
	208,
	208,
	215,
	216,
	222,
	225,
	230,
	230,
	232,
	234,
	236,
	237,
	240,
	240,
	242,
	243,
	247,
	250,
	252,
	252,
	254,
	254,
	257,
	257,
	273,
	273,
	275,
	275,
	283,
	283,
	294,
	295,
	299,
	299,
	305,
	307,
	312,
	312,
	319,
	322,
	324,
	324,
	328,
	331,
	333,
	333,
	338,
	339,
	358,
	359,
	363,
	363,
	462,
	462,
	464,
	464,
	466,
	466,
	468,
	468,
	470,
	470,
	472,
	472,
	474,
	474,
	476,
	476,
	593,
	593,
	609,
	609,
	708,
	708,
	711,
	711,
	713,
	715,
	717,
	717,
	720,
	720,
	728,
	731,
	733,
	733,
	735,
	735,
	768,
	879,
	913,
	929,
	931,
	937,
	945,
	961,
	963,
	969,
	1025,
	1025,
	1040,
	1103,
	1105,
	1105,
	8208,
	8208,
	8211,
	8214,
	8216,
	8217,
	8220,
	8221,
	8224,
	8226,
	8228,
	8231,
	8240,
	8240,
	8242,
	8243,
	8245,
	8245,
	8251,
	8251,
	8254,
	8254,
	8308,
	8308,
	8319,
	8319,
	8321,
	8324,
	8364,
	8364,
	8451,
	8451,
	8453,
	8453,
	8457,
	8457,
	8467,
	8467,
	8470,
	8470,
	8481,
	8482,
	8486,
	8486,
	8491,
	8491,
	8531,
	8532,
	8539,
	8542,
	8544,
	8555,
	8560,
	8569,
	8585,
	8585,
	8592,
	8601,
	8632,
	8633,
	8658,
	8658,
	8660,
	8660,
	8679,
	8679,
	8704,
	8704,
	8706,
	8707,
	8711,
	8712,
	8715,
	8715,
	8719,
	8719,
	8721,
	8721,
	8725,
	8725,
	8730,
	8730,
	8733,
	8736,
	8739,
	8739,
	8741,
	8741,
	8743,
	8748,
	8750,
	8750,
	8756,
	8759,
	8764,
	8765,
	8776,
	8776,
	8780,
	8780,
	8786,
	8786,
	8800,
	8801,
	8804,
	8807,
	8810,
	8811,
	8814,
	8815,
	8834,
	8835,
	8838,
	8839,
	8853,
	8853,
	8857,
	8857,
	8869,
	8869,
	8895,
	8895,
	8978,
	8978,
	9312,
	9449,
	9451,
	9547,
	9552,
	9587,
	9600,
	9615,
	9618,
	9621,
	9632,
	9633,
	9635,
	9641,
	9650,
	9651,
	9654,
	9655,
	9660,
	9661,
	9664,
	9665,
	9670,
	9672,
	9675,
	9675,
	9678,
	9681,
	9698,
	9701,
	9711,
	9711,
	9733,
	9734,
	9737,
	9737,
	9742,
	9743,
	9756,
	9756,
	9758,
	9758,
	9792,
	9792,
	9794,
	9794,
	9824,
	9825,
	9827,
	9829,
	9831,
	9834,
	9836,
	9837,
	9839,
	9839,
	9886,
	9887,
	9919,
	9919,
	9926,
	9933,
	9935,
	9939,
	9941,
	9953,
	9955,
	9955,
	9960,
	9961,
	9963,
	9969,
	9972,
	9972,
	9974,
	9977,
	9979,
	9980,
	9982,
	9983,
	10045,
	10045,
	10102,
	10111,
	11094,
	11097,
	12872,
	12879,
	57344,
	63743,
	65024,
	65039,
	65533,
	65533,
	127232,
	127242,
	127248,
	127277,
	127280,
	127337,
	127344,
	127373,
	127375,
	127376,
	127387,
	127404,
	917760,
	917999,
	983040,
	1048573,
	1048576,
	1114109
];
const fullwidthMinimalCodePoint = 12288;
const fullwidthMaximumCodePoint = 65510;
const fullwidthRanges = [
	12288,
	12288,
	65281,
	65376,
	65504,
	65510
];
const wideMinimalCodePoint = 4352;
const wideMaximumCodePoint = 262141;
const wideRanges = [
	4352,
	4447,
	8986,
	8987,
	9001,
	9002,
	9193,
	9196,
	9200,
	9200,
	9203,
	9203,
	9725,
	9726,
	9748,
	9749,
	9776,
	9783,
	9800,
	9811,
	9855,
	9855,
	9866,
	9871,
	9875,
	9875,
	9889,
	9889,
	9898,
	9899,
	9917,
	9918,
	9924,
	9925,
	9934,
	9934,
	9940,
	9940,
	9962,
	9962,
	9970,
	9971,
	9973,
	9973,
	9978,
	9978,
	9981,
	9981,
	9989,
	9989,
	9994,
	9995,
	10024,
	10024,
	10060,
	10060,
	10062,
	10062,
	10067,
	10069,
	10071,
	10071,
	10133,
	10135,
	10160,
	10160,
	10175,
	10175,
	11035,
	11036,
	11088,
	11088,
	11093,
	11093,
	11904,
	11929,
	11931,
	12019,
	12032,
	12245,
	12272,
	12287,
	12289,
	12350,
	12353,
	12438,
	12441,
	12543,
	12549,
	12591,
	12593,
	12686,
	12688,
	12773,
	12783,
	12830,
	12832,
	12871,
	12880,
	42124,
	42128,
	42182,
	43360,
	43388,
	44032,
	55203,
	63744,
	64255,
	65040,
	65049,
	65072,
	65106,
	65108,
	65126,
	65128,
	65131,
	94176,
	94180,
	94192,
	94198,
	94208,
	101594,
	101631,
	101664,
	101760,
	101874,
	101888,
	102801,
	102816,
	102866,
	110576,
	110579,
	110581,
	110587,
	110589,
	110590,
	110592,
	110888,
	110898,
	110898,
	110928,
	110930,
	110933,
	110933,
	110948,
	110952,
	110960,
	111355,
	119552,
	119638,
	119648,
	119670,
	126980,
	126980,
	127183,
	127183,
	127374,
	127374,
	127377,
	127386,
	127406,
	127406,
	127488,
	127490,
	127504,
	127547,
	127552,
	127560,
	127568,
	127569,
	127584,
	127589,
	127744,
	127776,
	127789,
	127797,
	127799,
	127868,
	127870,
	127891,
	127904,
	127946,
	127951,
	127955,
	127968,
	127984,
	127988,
	127988,
	127992,
	128062,
	128064,
	128064,
	128066,
	128252,
	128255,
	128317,
	128331,
	128334,
	128336,
	128359,
	128378,
	128378,
	128405,
	128406,
	128420,
	128420,
	128507,
	128591,
	128640,
	128709,
	128716,
	128716,
	128720,
	128722,
	128725,
	128729,
	128732,
	128735,
	128747,
	128748,
	128756,
	128764,
	128986,
	128986,
	128992,
	129003,
	129008,
	129008,
	129292,
	129338,
	129340,
	129349,
	129351,
	129535,
	129648,
	129660,
	129664,
	129734,
	129736,
	129736,
	129740,
	129757,
	129759,
	129771,
	129775,
	129786,
	131072,
	196605,
	196608,
	262141
];

// node_modules/get-east-asian-width/utilities.js
/**
Binary search on a sorted flat array of [start, end] pairs.

@param {number[]} ranges - Flat array of inclusive [start, end] range pairs, e.g. [0, 5, 10, 20].
@param {number} codePoint - The value to search for.
@returns {boolean} Whether the value falls within any of the ranges.
*/
const isInRange = (ranges, codePoint) => {
	let low = 0;
	let high = Math.floor(ranges.length / 2) - 1;
	while (low <= high) {
		const mid = Math.floor((low + high) / 2);
		const i = mid * 2;
		if (codePoint < ranges[i]) high = mid - 1;
		else if (codePoint > ranges[i + 1]) low = mid + 1;
		else return true;
	}
	return false;
};

// node_modules/get-east-asian-width/lookup.js
const commonCjkCodePoint = 19968;
const [wideFastPathStart, wideFastPathEnd] = /* #__PURE__ */ findWideFastPathRange(wideRanges);
function findWideFastPathRange(ranges) {
	let fastPathStart = ranges[0];
	let fastPathEnd = ranges[1];
	for (let index = 0; index < ranges.length; index += 2) {
		const start = ranges[index];
		const end = ranges[index + 1];
		if (commonCjkCodePoint >= start && commonCjkCodePoint <= end) return [start, end];
		if (end - start > fastPathEnd - fastPathStart) {
			fastPathStart = start;
			fastPathEnd = end;
		}
	}
	return [fastPathStart, fastPathEnd];
}
const isAmbiguous = (codePoint) => {
	if (codePoint < 161 || codePoint > 1114109) return false;
	return isInRange(ambiguousRanges, codePoint);
};
const isFullwidth = (codePoint) => {
	if (codePoint < 12288 || codePoint > 65510) return false;
	return isInRange(fullwidthRanges, codePoint);
};
const isWide = (codePoint) => {
	if (codePoint >= wideFastPathStart && codePoint <= wideFastPathEnd) return true;
	if (codePoint < 4352 || codePoint > 262141) return false;
	return isInRange(wideRanges, codePoint);
};

// node_modules/get-east-asian-width/index.js
function validate(codePoint) {
	if (!Number.isSafeInteger(codePoint)) throw new TypeError(`Expected a code point, got \`${typeof codePoint}\`.`);
}
function eastAsianWidth(codePoint, { ambiguousAsWide = false } = {}) {
	validate(codePoint);
	if (isFullwidth(codePoint) || isWide(codePoint) || ambiguousAsWide && isAmbiguous(codePoint)) return 2;
	return 1;
}

// node_modules/emoji-regex/index.js
var require_emoji_regex = /* @__PURE__ */ __commonJSMin(((exports, module) => {
	module.exports = () => {
		return /[#*0-9]\uFE0F?\u20E3|[\xA9\xAE\u203C\u2049\u2122\u2139\u2194-\u2199\u21A9\u21AA\u231A\u231B\u2328\u23CF\u23ED-\u23EF\u23F1\u23F2\u23F8-\u23FA\u24C2\u25AA\u25AB\u25B6\u25C0\u25FB\u25FC\u25FE\u2600-\u2604\u260E\u2611\u2614\u2615\u2618\u2620\u2622\u2623\u2626\u262A\u262E\u262F\u2638-\u263A\u2640\u2642\u2648-\u2653\u265F\u2660\u2663\u2665\u2666\u2668\u267B\u267E\u267F\u2692\u2694-\u2697\u2699\u269B\u269C\u26A0\u26A7\u26AA\u26B0\u26B1\u26BD\u26BE\u26C4\u26C8\u26CF\u26D1\u26E9\u26F0-\u26F5\u26F7\u26F8\u26FA\u2702\u2708\u2709\u270F\u2712\u2714\u2716\u271D\u2721\u2733\u2734\u2744\u2747\u2757\u2763\u27A1\u2934\u2935\u2B05-\u2B07\u2B1B\u2B1C\u2B55\u3030\u303D\u3297\u3299]\uFE0F?|[\u261D\u270C\u270D](?:\uD83C[\uDFFB-\uDFFF]|\uFE0F)?|[\u270A\u270B](?:\uD83C[\uDFFB-\uDFFF])?|[\u23E9-\u23EC\u23F0\u23F3\u25FD\u2693\u26A1\u26AB\u26C5\u26CE\u26D4\u26EA\u26FD\u2705\u2728\u274C\u274E\u2753-\u2755\u2795-\u2797\u27B0\u27BF\u2B50]|\u26D3\uFE0F?(?:\u200D\uD83D\uDCA5)?|\u26F9(?:\uD83C[\uDFFB-\uDFFF]|\uFE0F)?(?:\u200D[\u2640\u2642]\uFE0F?)?|\u2764\uFE0F?(?:\u200D(?:\uD83D\uDD25|\uD83E\uDE79))?|\uD83C(?:[\uDC04\uDD70\uDD71\uDD7E\uDD7F\uDE02\uDE37\uDF21\uDF24-\uDF2C\uDF36\uDF7D\uDF96\uDF97\uDF99-\uDF9B\uDF9E\uDF9F\uDFCD\uDFCE\uDFD4-\uDFDF\uDFF5\uDFF7]\uFE0F?|[\uDF85\uDFC2\uDFC7](?:\uD83C[\uDFFB-\uDFFF])?|[\uDFC4\uDFCA](?:\uD83C[\uDFFB-\uDFFF])?(?:\u200D[\u2640\u2642]\uFE0F?)?|[\uDFCB\uDFCC](?:\uD83C[\uDFFB-\uDFFF]|\uFE0F)?(?:\u200D[\u2640\u2642]\uFE0F?)?|[\uDCCF\uDD8E\uDD91-\uDD9A\uDE01\uDE1A\uDE2F\uDE32-\uDE36\uDE38-\uDE3A\uDE50\uDE51\uDF00-\uDF20\uDF2D-\uDF35\uDF37-\uDF43\uDF45-\uDF4A\uDF4C-\uDF7C\uDF7E-\uDF84\uDF86-\uDF93\uDFA0-\uDFC1\uDFC5\uDFC6\uDFC8\uDFC9\uDFCF-\uDFD3\uDFE0-\uDFF0\uDFF8-\uDFFF]|\uDDE6\uD83C[\uDDE8-\uDDEC\uDDEE\uDDF1\uDDF2\uDDF4\uDDF6-\uDDFA\uDDFC\uDDFD\uDDFF]|\uDDE7\uD83C[\uDDE6\uDDE7\uDDE9-\uDDEF\uDDF1-\uDDF4\uDDF6-\uDDF9\uDDFB\uDDFC\uDDFE\uDDFF]|\uDDE8\uD83C[\uDDE6\uDDE8\uDDE9\uDDEB-\uDDEE\uDDF0-\uDDF7\uDDFA-\uDDFF]|\uDDE9\uD83C[\uDDEA\uDDEC\uDDEF\uDDF0\uDDF2\uDDF4\uDDFF]|\uDDEA\uD83C[\uDDE6\uDDE8\uDDEA\uDDEC\uDDED\uDDF7-\uDDFA]|\uDDEB\uD83C[\uDDEE-\uDDF0\uDDF2\uDDF4\uDDF7]|\uDDEC\uD83C[\uDDE6\uDDE7\uDDE9-\uDDEE\uDDF1-\uDDF3\uDDF5-\uDDFA\uDDFC\uDDFE]|\uDDED\uD83C[\uDDF0\uDDF2\uDDF3\uDDF7\uDDF9\uDDFA]|\uDDEE\uD83C[\uDDE8-\uDDEA\uDDF1-\uDDF4\uDDF6-\uDDF9]|\uDDEF\uD83C[\uDDEA\uDDF2\uDDF4\uDDF5]|\uDDF0\uD83C[\uDDEA\uDDEC-\uDDEE\uDDF2\uDDF3\uDDF5\uDDF7\uDDFC\uDDFE\uDDFF]|\uDDF1\uD83C[\uDDE6-\uDDE8\uDDEE\uDDF0\uDDF7-\uDDFB\uDDFE]|\uDDF2\uD83C[\uDDE6\uDDE8-\uDDED\uDDF0-\uDDFF]|\uDDF3\uD83C[\uDDE6\uDDE8\uDDEA-\uDDEC\uDDEE\uDDF1\uDDF4\uDDF5\uDDF7\uDDFA\uDDFF]|\uDDF4\uD83C\uDDF2|\uDDF5\uD83C[\uDDE6\uDDEA-\uDDED\uDDF0-\uDDF3\uDDF7-\uDDF9\uDDFC\uDDFE]|\uDDF6\uD83C\uDDE6|\uDDF7\uD83C[\uDDEA\uDDF4\uDDF8\uDDFA\uDDFC]|\uDDF8\uD83C[\uDDE6-\uDDEA\uDDEC-\uDDF4\uDDF7-\uDDF9\uDDFB\uDDFD-\uDDFF]|\uDDF9\uD83C[\uDDE6\uDDE8\uDDE9\uDDEB-\uDDED\uDDEF-\uDDF4\uDDF7\uDDF9\uDDFB\uDDFC\uDDFF]|\uDDFA\uD83C[\uDDE6\uDDEC\uDDF2\uDDF3\uDDF8\uDDFE\uDDFF]|\uDDFB\uD83C[\uDDE6\uDDE8\uDDEA\uDDEC\uDDEE\uDDF3\uDDFA]|\uDDFC\uD83C[\uDDEB\uDDF8]|\uDDFD\uD83C\uDDF0|\uDDFE\uD83C[\uDDEA\uDDF9]|\uDDFF\uD83C[\uDDE6\uDDF2\uDDFC]|\uDF44(?:\u200D\uD83D\uDFEB)?|\uDF4B(?:\u200D\uD83D\uDFE9)?|\uDFC3(?:\uD83C[\uDFFB-\uDFFF])?(?:\u200D(?:[\u2640\u2642]\uFE0F?(?:\u200D\u27A1\uFE0F?)?|\u27A1\uFE0F?))?|\uDFF3\uFE0F?(?:\u200D(?:\u26A7\uFE0F?|\uD83C\uDF08))?|\uDFF4(?:\u200D\u2620\uFE0F?|\uDB40\uDC67\uDB40\uDC62\uDB40(?:\uDC65\uDB40\uDC6E\uDB40\uDC67|\uDC73\uDB40\uDC63\uDB40\uDC74|\uDC77\uDB40\uDC6C\uDB40\uDC73)\uDB40\uDC7F)?)|\uD83D(?:[\uDC3F\uDCFD\uDD49\uDD4A\uDD6F\uDD70\uDD73\uDD76-\uDD79\uDD87\uDD8A-\uDD8D\uDDA5\uDDA8\uDDB1\uDDB2\uDDBC\uDDC2-\uDDC4\uDDD1-\uDDD3\uDDDC-\uDDDE\uDDE1\uDDE3\uDDE8\uDDEF\uDDF3\uDDFA\uDECB\uDECD-\uDECF\uDEE0-\uDEE5\uDEE9\uDEF0\uDEF3]\uFE0F?|[\uDC42\uDC43\uDC46-\uDC50\uDC66\uDC67\uDC6B-\uDC6D\uDC72\uDC74-\uDC76\uDC78\uDC7C\uDC83\uDC85\uDC8F\uDC91\uDCAA\uDD7A\uDD95\uDD96\uDE4C\uDE4F\uDEC0\uDECC](?:\uD83C[\uDFFB-\uDFFF])?|[\uDC6E-\uDC71\uDC73\uDC77\uDC81\uDC82\uDC86\uDC87\uDE45-\uDE47\uDE4B\uDE4D\uDE4E\uDEA3\uDEB4\uDEB5](?:\uD83C[\uDFFB-\uDFFF])?(?:\u200D[\u2640\u2642]\uFE0F?)?|[\uDD74\uDD90](?:\uD83C[\uDFFB-\uDFFF]|\uFE0F)?|[\uDC00-\uDC07\uDC09-\uDC14\uDC16-\uDC25\uDC27-\uDC3A\uDC3C-\uDC3E\uDC40\uDC44\uDC45\uDC51-\uDC65\uDC6A\uDC79-\uDC7B\uDC7D-\uDC80\uDC84\uDC88-\uDC8E\uDC90\uDC92-\uDCA9\uDCAB-\uDCFC\uDCFF-\uDD3D\uDD4B-\uDD4E\uDD50-\uDD67\uDDA4\uDDFB-\uDE2D\uDE2F-\uDE34\uDE37-\uDE41\uDE43\uDE44\uDE48-\uDE4A\uDE80-\uDEA2\uDEA4-\uDEB3\uDEB7-\uDEBF\uDEC1-\uDEC5\uDED0-\uDED2\uDED5-\uDED8\uDEDC-\uDEDF\uDEEB\uDEEC\uDEF4-\uDEFC\uDFE0-\uDFEB\uDFF0]|\uDC08(?:\u200D\u2B1B)?|\uDC15(?:\u200D\uD83E\uDDBA)?|\uDC26(?:\u200D(?:\u2B1B|\uD83D\uDD25))?|\uDC3B(?:\u200D\u2744\uFE0F?)?|\uDC41\uFE0F?(?:\u200D\uD83D\uDDE8\uFE0F?)?|\uDC68(?:\u200D(?:[\u2695\u2696\u2708]\uFE0F?|\u2764\uFE0F?\u200D\uD83D(?:\uDC8B\u200D\uD83D)?\uDC68|\uD83C[\uDF3E\uDF73\uDF7C\uDF93\uDFA4\uDFA8\uDFEB\uDFED]|\uD83D(?:[\uDC68\uDC69]\u200D\uD83D(?:\uDC66(?:\u200D\uD83D\uDC66)?|\uDC67(?:\u200D\uD83D[\uDC66\uDC67])?)|[\uDCBB\uDCBC\uDD27\uDD2C\uDE80\uDE92]|\uDC66(?:\u200D\uD83D\uDC66)?|\uDC67(?:\u200D\uD83D[\uDC66\uDC67])?)|\uD83E(?:[\uDDAF\uDDBC\uDDBD](?:\u200D\u27A1\uFE0F?)?|[\uDDB0-\uDDB3]))|\uD83C(?:\uDFFB(?:\u200D(?:[\u2695\u2696\u2708]\uFE0F?|\u2764\uFE0F?\u200D\uD83D(?:\uDC8B\u200D\uD83D)?\uDC68\uD83C[\uDFFB-\uDFFF]|\uD83C[\uDF3E\uDF73\uDF7C\uDF93\uDFA4\uDFA8\uDFEB\uDFED]|\uD83D(?:[\uDCBB\uDCBC\uDD27\uDD2C\uDE80\uDE92]|\uDC30\u200D\uD83D\uDC68\uD83C[\uDFFC-\uDFFF])|\uD83E(?:[\uDD1D\uDEEF]\u200D\uD83D\uDC68\uD83C[\uDFFC-\uDFFF]|[\uDDAF\uDDBC\uDDBD](?:\u200D\u27A1\uFE0F?)?|[\uDDB0-\uDDB3])))?|\uDFFC(?:\u200D(?:[\u2695\u2696\u2708]\uFE0F?|\u2764\uFE0F?\u200D\uD83D(?:\uDC8B\u200D\uD83D)?\uDC68\uD83C[\uDFFB-\uDFFF]|\uD83C[\uDF3E\uDF73\uDF7C\uDF93\uDFA4\uDFA8\uDFEB\uDFED]|\uD83D(?:[\uDCBB\uDCBC\uDD27\uDD2C\uDE80\uDE92]|\uDC30\u200D\uD83D\uDC68\uD83C[\uDFFB\uDFFD-\uDFFF])|\uD83E(?:[\uDD1D\uDEEF]\u200D\uD83D\uDC68\uD83C[\uDFFB\uDFFD-\uDFFF]|[\uDDAF\uDDBC\uDDBD](?:\u200D\u27A1\uFE0F?)?|[\uDDB0-\uDDB3])))?|\uDFFD(?:\u200D(?:[\u2695\u2696\u2708]\uFE0F?|\u2764\uFE0F?\u200D\uD83D(?:\uDC8B\u200D\uD83D)?\uDC68\uD83C[\uDFFB-\uDFFF]|\uD83C[\uDF3E\uDF73\uDF7C\uDF93\uDFA4\uDFA8\uDFEB\uDFED]|\uD83D(?:[\uDCBB\uDCBC\uDD27\uDD2C\uDE80\uDE92]|\uDC30\u200D\uD83D\uDC68\uD83C[\uDFFB\uDFFC\uDFFE\uDFFF])|\uD83E(?:[\uDD1D\uDEEF]\u200D\uD83D\uDC68\uD83C[\uDFFB\uDFFC\uDFFE\uDFFF]|[\uDDAF\uDDBC\uDDBD](?:\u200D\u27A1\uFE0F?)?|[\uDDB0-\uDDB3])))?|\uDFFE(?:\u200D(?:[\u2695\u2696\u2708]\uFE0F?|\u2764\uFE0F?\u200D\uD83D(?:\uDC8B\u200D\uD83D)?\uDC68\uD83C[\uDFFB-\uDFFF]|\uD83C[\uDF3E\uDF73\uDF7C\uDF93\uDFA4\uDFA8\uDFEB\uDFED]|\uD83D(?:[\uDCBB\uDCBC\uDD27\uDD2C\uDE80\uDE92]|\uDC30\u200D\uD83D\uDC68\uD83C[\uDFFB-\uDFFD\uDFFF])|\uD83E(?:[\uDD1D\uDEEF]\u200D\uD83D\uDC68\uD83C[\uDFFB-\uDFFD\uDFFF]|[\uDDAF\uDDBC\uDDBD](?:\u200D\u27A1\uFE0F?)?|[\uDDB0-\uDDB3])))?|\uDFFF(?:\u200D(?:[\u2695\u2696\u2708]\uFE0F?|\u2764\uFE0F?\u200D\uD83D(?:\uDC8B\u200D\uD83D)?\uDC68\uD83C[\uDFFB-\uDFFF]|\uD83C[\uDF3E\uDF73\uDF7C\uDF93\uDFA4\uDFA8\uDFEB\uDFED]|\uD83D(?:[\uDCBB\uDCBC\uDD27\uDD2C\uDE80\uDE92]|\uDC30\u200D\uD83D\uDC68\uD83C[\uDFFB-\uDFFE])|\uD83E(?:[\uDD1D\uDEEF]\u200D\uD83D\uDC68\uD83C[\uDFFB-\uDFFE]|[\uDDAF\uDDBC\uDDBD](?:\u200D\u27A1\uFE0F?)?|[\uDDB0-\uDDB3])))?))?|\uDC69(?:\u200D(?:[\u2695\u2696\u2708]\uFE0F?|\u2764\uFE0F?\u200D\uD83D(?:\uDC8B\u200D\uD83D)?[\uDC68\uDC69]|\uD83C[\uDF3E\uDF73\uDF7C\uDF93\uDFA4\uDFA8\uDFEB\uDFED]|\uD83D(?:[\uDCBB\uDCBC\uDD27\uDD2C\uDE80\uDE92]|\uDC66(?:\u200D\uD83D\uDC66)?|\uDC67(?:\u200D\uD83D[\uDC66\uDC67])?|\uDC69\u200D\uD83D(?:\uDC66(?:\u200D\uD83D\uDC66)?|\uDC67(?:\u200D\uD83D[\uDC66\uDC67])?))|\uD83E(?:[\uDDAF\uDDBC\uDDBD](?:\u200D\u27A1\uFE0F?)?|[\uDDB0-\uDDB3]))|\uD83C(?:\uDFFB(?:\u200D(?:[\u2695\u2696\u2708]\uFE0F?|\u2764\uFE0F?\u200D\uD83D(?:[\uDC68\uDC69]|\uDC8B\u200D\uD83D[\uDC68\uDC69])\uD83C[\uDFFB-\uDFFF]|\uD83C[\uDF3E\uDF73\uDF7C\uDF93\uDFA4\uDFA8\uDFEB\uDFED]|\uD83D(?:[\uDCBB\uDCBC\uDD27\uDD2C\uDE80\uDE92]|\uDC30\u200D\uD83D\uDC69\uD83C[\uDFFC-\uDFFF])|\uD83E(?:[\uDDAF\uDDBC\uDDBD](?:\u200D\u27A1\uFE0F?)?|[\uDDB0-\uDDB3]|\uDD1D\u200D\uD83D[\uDC68\uDC69]\uD83C[\uDFFC-\uDFFF]|\uDEEF\u200D\uD83D\uDC69\uD83C[\uDFFC-\uDFFF])))?|\uDFFC(?:\u200D(?:[\u2695\u2696\u2708]\uFE0F?|\u2764\uFE0F?\u200D\uD83D(?:[\uDC68\uDC69]|\uDC8B\u200D\uD83D[\uDC68\uDC69])\uD83C[\uDFFB-\uDFFF]|\uD83C[\uDF3E\uDF73\uDF7C\uDF93\uDFA4\uDFA8\uDFEB\uDFED]|\uD83D(?:[\uDCBB\uDCBC\uDD27\uDD2C\uDE80\uDE92]|\uDC30\u200D\uD83D\uDC69\uD83C[\uDFFB\uDFFD-\uDFFF])|\uD83E(?:[\uDDAF\uDDBC\uDDBD](?:\u200D\u27A1\uFE0F?)?|[\uDDB0-\uDDB3]|\uDD1D\u200D\uD83D[\uDC68\uDC69]\uD83C[\uDFFB\uDFFD-\uDFFF]|\uDEEF\u200D\uD83D\uDC69\uD83C[\uDFFB\uDFFD-\uDFFF])))?|\uDFFD(?:\u200D(?:[\u2695\u2696\u2708]\uFE0F?|\u2764\uFE0F?\u200D\uD83D(?:[\uDC68\uDC69]|\uDC8B\u200D\uD83D[\uDC68\uDC69])\uD83C[\uDFFB-\uDFFF]|\uD83C[\uDF3E\uDF73\uDF7C\uDF93\uDFA4\uDFA8\uDFEB\uDFED]|\uD83D(?:[\uDCBB\uDCBC\uDD27\uDD2C\uDE80\uDE92]|\uDC30\u200D\uD83D\uDC69\uD83C[\uDFFB\uDFFC\uDFFE\uDFFF])|\uD83E(?:[\uDDAF\uDDBC\uDDBD](?:\u200D\u27A1\uFE0F?)?|[\uDDB0-\uDDB3]|\uDD1D\u200D\uD83D[\uDC68\uDC69]\uD83C[\uDFFB\uDFFC\uDFFE\uDFFF]|\uDEEF\u200D\uD83D\uDC69\uD83C[\uDFFB\uDFFC\uDFFE\uDFFF])))?|\uDFFE(?:\u200D(?:[\u2695\u2696\u2708]\uFE0F?|\u2764\uFE0F?\u200D\uD83D(?:[\uDC68\uDC69]|\uDC8B\u200D\uD83D[\uDC68\uDC69])\uD83C[\uDFFB-\uDFFF]|\uD83C[\uDF3E\uDF73\uDF7C\uDF93\uDFA4\uDFA8\uDFEB\uDFED]|\uD83D(?:[\uDCBB\uDCBC\uDD27\uDD2C\uDE80\uDE92]|\uDC30\u200D\uD83D\uDC69\uD83C[\uDFFB-\uDFFD\uDFFF])|\uD83E(?:[\uDDAF\uDDBC\uDDBD](?:\u200D\u27A1\uFE0F?)?|[\uDDB0-\uDDB3]|\uDD1D\u200D\uD83D[\uDC68\uDC69]\uD83C[\uDFFB-\uDFFD\uDFFF]|\uDEEF\u200D\uD83D\uDC69\uD83C[\uDFFB-\uDFFD\uDFFF])))?|\uDFFF(?:\u200D(?:[\u2695\u2696\u2708]\uFE0F?|\u2764\uFE0F?\u200D\uD83D(?:[\uDC68\uDC69]|\uDC8B\u200D\uD83D[\uDC68\uDC69])\uD83C[\uDFFB-\uDFFF]|\uD83C[\uDF3E\uDF73\uDF7C\uDF93\uDFA4\uDFA8\uDFEB\uDFED]|\uD83D(?:[\uDCBB\uDCBC\uDD27\uDD2C\uDE80\uDE92]|\uDC30\u200D\uD83D\uDC69\uD83C[\uDFFB-\uDFFE])|\uD83E(?:[\uDDAF\uDDBC\uDDBD](?:\u200D\u27A1\uFE0F?)?|[\uDDB0-\uDDB3]|\uDD1D\u200D\uD83D[\uDC68\uDC69]\uD83C[\uDFFB-\uDFFE]|\uDEEF\u200D\uD83D\uDC69\uD83C[\uDFFB-\uDFFE])))?))?|\uDD75(?:\uD83C[\uDFFB-\uDFFF]|\uFE0F)?(?:\u200D[\u2640\u2642]\uFE0F?)?|\uDE2E(?:\u200D\uD83D\uDCA8)?|\uDE35(?:\u200D\uD83D\uDCAB)?|\uDE36(?:\u200D\uD83C\uDF2B\uFE0F?)?|\uDE42(?:\u200D[\u2194\u2195]\uFE0F?)?|\uDEB6(?:\uD83C[\uDFFB-\uDFFF])?(?:\u200D(?:[\u2640\u2642]\uFE0F?(?:\u200D\u27A1\uFE0F?)?|\u27A1\uFE0F?))?)|\uD83E(?:[\uDD0C\uDD0F\uDD18-\uDD1F\uDD30-\uDD34\uDD36\uDD77\uDDB5\uDDB6\uDDBB\uDDD2\uDDD3\uDDD5\uDEC3-\uDEC5\uDEF0\uDEF2-\uDEF8](?:\uD83C[\uDFFB-\uDFFF])?|[\uDD26\uDD35\uDD37-\uDD39\uDD3C-\uDD3E\uDDB8\uDDB9\uDDCD\uDDCF\uDDD4\uDDD6-\uDDDD](?:\uD83C[\uDFFB-\uDFFF])?(?:\u200D[\u2640\u2642]\uFE0F?)?|[\uDDDE\uDDDF](?:\u200D[\u2640\u2642]\uFE0F?)?|[\uDD0D\uDD0E\uDD10-\uDD17\uDD20-\uDD25\uDD27-\uDD2F\uDD3A\uDD3F-\uDD45\uDD47-\uDD76\uDD78-\uDDB4\uDDB7\uDDBA\uDDBC-\uDDCC\uDDD0\uDDE0-\uDDFF\uDE70-\uDE7C\uDE80-\uDE8A\uDE8E-\uDEC2\uDEC6\uDEC8\uDECD-\uDEDC\uDEDF-\uDEEA\uDEEF]|\uDDCE(?:\uD83C[\uDFFB-\uDFFF])?(?:\u200D(?:[\u2640\u2642]\uFE0F?(?:\u200D\u27A1\uFE0F?)?|\u27A1\uFE0F?))?|\uDDD1(?:\u200D(?:[\u2695\u2696\u2708]\uFE0F?|\uD83C[\uDF3E\uDF73\uDF7C\uDF84\uDF93\uDFA4\uDFA8\uDFEB\uDFED]|\uD83D[\uDCBB\uDCBC\uDD27\uDD2C\uDE80\uDE92]|\uD83E(?:[\uDDAF\uDDBC\uDDBD](?:\u200D\u27A1\uFE0F?)?|[\uDDB0-\uDDB3\uDE70]|\uDD1D\u200D\uD83E\uDDD1|\uDDD1\u200D\uD83E\uDDD2(?:\u200D\uD83E\uDDD2)?|\uDDD2(?:\u200D\uD83E\uDDD2)?))|\uD83C(?:\uDFFB(?:\u200D(?:[\u2695\u2696\u2708]\uFE0F?|\u2764\uFE0F?\u200D(?:\uD83D\uDC8B\u200D)?\uD83E\uDDD1\uD83C[\uDFFC-\uDFFF]|\uD83C[\uDF3E\uDF73\uDF7C\uDF84\uDF93\uDFA4\uDFA8\uDFEB\uDFED]|\uD83D(?:[\uDCBB\uDCBC\uDD27\uDD2C\uDE80\uDE92]|\uDC30\u200D\uD83E\uDDD1\uD83C[\uDFFC-\uDFFF])|\uD83E(?:[\uDDAF\uDDBC\uDDBD](?:\u200D\u27A1\uFE0F?)?|[\uDDB0-\uDDB3\uDE70]|\uDD1D\u200D\uD83E\uDDD1\uD83C[\uDFFB-\uDFFF]|\uDEEF\u200D\uD83E\uDDD1\uD83C[\uDFFC-\uDFFF])))?|\uDFFC(?:\u200D(?:[\u2695\u2696\u2708]\uFE0F?|\u2764\uFE0F?\u200D(?:\uD83D\uDC8B\u200D)?\uD83E\uDDD1\uD83C[\uDFFB\uDFFD-\uDFFF]|\uD83C[\uDF3E\uDF73\uDF7C\uDF84\uDF93\uDFA4\uDFA8\uDFEB\uDFED]|\uD83D(?:[\uDCBB\uDCBC\uDD27\uDD2C\uDE80\uDE92]|\uDC30\u200D\uD83E\uDDD1\uD83C[\uDFFB\uDFFD-\uDFFF])|\uD83E(?:[\uDDAF\uDDBC\uDDBD](?:\u200D\u27A1\uFE0F?)?|[\uDDB0-\uDDB3\uDE70]|\uDD1D\u200D\uD83E\uDDD1\uD83C[\uDFFB-\uDFFF]|\uDEEF\u200D\uD83E\uDDD1\uD83C[\uDFFB\uDFFD-\uDFFF])))?|\uDFFD(?:\u200D(?:[\u2695\u2696\u2708]\uFE0F?|\u2764\uFE0F?\u200D(?:\uD83D\uDC8B\u200D)?\uD83E\uDDD1\uD83C[\uDFFB\uDFFC\uDFFE\uDFFF]|\uD83C[\uDF3E\uDF73\uDF7C\uDF84\uDF93\uDFA4\uDFA8\uDFEB\uDFED]|\uD83D(?:[\uDCBB\uDCBC\uDD27\uDD2C\uDE80\uDE92]|\uDC30\u200D\uD83E\uDDD1\uD83C[\uDFFB\uDFFC\uDFFE\uDFFF])|\uD83E(?:[\uDDAF\uDDBC\uDDBD](?:\u200D\u27A1\uFE0F?)?|[\uDDB0-\uDDB3\uDE70]|\uDD1D\u200D\uD83E\uDDD1\uD83C[\uDFFB-\uDFFF]|\uDEEF\u200D\uD83E\uDDD1\uD83C[\uDFFB\uDFFC\uDFFE\uDFFF])))?|\uDFFE(?:\u200D(?:[\u2695\u2696\u2708]\uFE0F?|\u2764\uFE0F?\u200D(?:\uD83D\uDC8B\u200D)?\uD83E\uDDD1\uD83C[\uDFFB-\uDFFD\uDFFF]|\uD83C[\uDF3E\uDF73\uDF7C\uDF84\uDF93\uDFA4\uDFA8\uDFEB\uDFED]|\uD83D(?:[\uDCBB\uDCBC\uDD27\uDD2C\uDE80\uDE92]|\uDC30\u200D\uD83E\uDDD1\uD83C[\uDFFB-\uDFFD\uDFFF])|\uD83E(?:[\uDDAF\uDDBC\uDDBD](?:\u200D\u27A1\uFE0F?)?|[\uDDB0-\uDDB3\uDE70]|\uDD1D\u200D\uD83E\uDDD1\uD83C[\uDFFB-\uDFFF]|\uDEEF\u200D\uD83E\uDDD1\uD83C[\uDFFB-\uDFFD\uDFFF])))?|\uDFFF(?:\u200D(?:[\u2695\u2696\u2708]\uFE0F?|\u2764\uFE0F?\u200D(?:\uD83D\uDC8B\u200D)?\uD83E\uDDD1\uD83C[\uDFFB-\uDFFE]|\uD83C[\uDF3E\uDF73\uDF7C\uDF84\uDF93\uDFA4\uDFA8\uDFEB\uDFED]|\uD83D(?:[\uDCBB\uDCBC\uDD27\uDD2C\uDE80\uDE92]|\uDC30\u200D\uD83E\uDDD1\uD83C[\uDFFB-\uDFFE])|\uD83E(?:[\uDDAF\uDDBC\uDDBD](?:\u200D\u27A1\uFE0F?)?|[\uDDB0-\uDDB3\uDE70]|\uDD1D\u200D\uD83E\uDDD1\uD83C[\uDFFB-\uDFFF]|\uDEEF\u200D\uD83E\uDDD1\uD83C[\uDFFB-\uDFFE])))?))?|\uDEF1(?:\uD83C(?:\uDFFB(?:\u200D\uD83E\uDEF2\uD83C[\uDFFC-\uDFFF])?|\uDFFC(?:\u200D\uD83E\uDEF2\uD83C[\uDFFB\uDFFD-\uDFFF])?|\uDFFD(?:\u200D\uD83E\uDEF2\uD83C[\uDFFB\uDFFC\uDFFE\uDFFF])?|\uDFFE(?:\u200D\uD83E\uDEF2\uD83C[\uDFFB-\uDFFD\uDFFF])?|\uDFFF(?:\u200D\uD83E\uDEF2\uD83C[\uDFFB-\uDFFE])?))?)/g;
	};
}));

// node_modules/string-width/index.js
var import_emoji_regex = /* @__PURE__ */ __toESM(require_emoji_regex(), 1);
const segmenter = new Intl.Segmenter();
const defaultIgnorableCodePointRegex = /^\p{Default_Ignorable_Code_Point}$/u;
function stringWidth(string, options = {}) {
	if (typeof string !== "string" || string.length === 0) return 0;
	const { ambiguousIsNarrow = true, countAnsiEscapeCodes = false } = options;
	if (!countAnsiEscapeCodes) string = stripAnsi(string);
	if (string.length === 0) return 0;
	let width = 0;
	const eastAsianWidthOptions = { ambiguousAsWide: !ambiguousIsNarrow };
	for (const { segment: character } of segmenter.segment(string)) {
		const codePoint = character.codePointAt(0);
		if (codePoint <= 31 || codePoint >= 127 && codePoint <= 159) continue;
		if (codePoint >= 8203 && codePoint <= 8207 || codePoint === 65279) continue;
		if (codePoint >= 768 && codePoint <= 879 || codePoint >= 6832 && codePoint <= 6911 || codePoint >= 7616 && codePoint <= 7679 || codePoint >= 8400 && codePoint <= 8447 || codePoint >= 65056 && codePoint <= 65071) continue;
		if (codePoint >= 55296 && codePoint <= 57343) continue;
		if (codePoint >= 65024 && codePoint <= 65039) continue;
		if (defaultIgnorableCodePointRegex.test(character)) continue;
		if ((0, import_emoji_regex.default)().test(character)) {
			width += 2;
			continue;
		}
		width += eastAsianWidth(codePoint, eastAsianWidthOptions);
	}
	return width;
}

// node_modules/ansi-styles/index.js
const ANSI_BACKGROUND_OFFSET = 10;
const wrapAnsi16 = (offset = 0) => (code) => `\u001B[${code + offset}m`;
const wrapAnsi256 = (offset = 0) => (code) => `\u001B[${38 + offset};5;${code}m`;
const wrapAnsi16m = (offset = 0) => (red, green, blue) => `\u001B[${38 + offset};2;${red};${green};${blue}m`;
const styles = {
	modifier: {
		reset: [0, 0],
		bold: [1, 22],
		dim: [2, 22],
		italic: [3, 23],
		underline: [4, 24],
		overline: [53, 55],
		inverse: [7, 27],
		hidden: [8, 28],
		strikethrough: [9, 29]
	},
	color: {
		black: [30, 39],
		red: [31, 39],
		green: [32, 39],
		yellow: [33, 39],
		blue: [34, 39],
		magenta: [35, 39],
		cyan: [36, 39],
		white: [37, 39],
		blackBright: [90, 39],
		gray: [90, 39],
		grey: [90, 39],
		redBright: [91, 39],
		greenBright: [92, 39],
		yellowBright: [93, 39],
		blueBright: [94, 39],
		magentaBright: [95, 39],
		cyanBright: [96, 39],
		whiteBright: [97, 39]
	},
	bgColor: {
		bgBlack: [40, 49],
		bgRed: [41, 49],
		bgGreen: [42, 49],
		bgYellow: [43, 49],
		bgBlue: [44, 49],
		bgMagenta: [45, 49],
		bgCyan: [46, 49],
		bgWhite: [47, 49],
		bgBlackBright: [100, 49],
		bgGray: [100, 49],
		bgGrey: [100, 49],
		bgRedBright: [101, 49],
		bgGreenBright: [102, 49],
		bgYellowBright: [103, 49],
		bgBlueBright: [104, 49],
		bgMagentaBright: [105, 49],
		bgCyanBright: [106, 49],
		bgWhiteBright: [107, 49]
	}
};
const modifierNames = Object.keys(styles.modifier);
const foregroundColorNames = Object.keys(styles.color);
const backgroundColorNames = Object.keys(styles.bgColor);
const colorNames = [...foregroundColorNames, ...backgroundColorNames];
function assembleStyles() {
	const codes = /* @__PURE__ */ new Map();
	for (const [groupName, group] of Object.entries(styles)) {
		for (const [styleName, style] of Object.entries(group)) {
			styles[styleName] = {
				open: `\u001B[${style[0]}m`,
				close: `\u001B[${style[1]}m`
			};
			group[styleName] = styles[styleName];
			codes.set(style[0], style[1]);
		}
		Object.defineProperty(styles, groupName, {
			value: group,
			enumerable: false
		});
	}
	Object.defineProperty(styles, "codes", {
		value: codes,
		enumerable: false
	});
	styles.color.close = "\x1B[39m";
	styles.bgColor.close = "\x1B[49m";
	styles.color.ansi = wrapAnsi16();
	styles.color.ansi256 = wrapAnsi256();
	styles.color.ansi16m = wrapAnsi16m();
	styles.bgColor.ansi = wrapAnsi16(ANSI_BACKGROUND_OFFSET);
	styles.bgColor.ansi256 = wrapAnsi256(ANSI_BACKGROUND_OFFSET);
	styles.bgColor.ansi16m = wrapAnsi16m(ANSI_BACKGROUND_OFFSET);
	Object.defineProperties(styles, {
		rgbToAnsi256: {
			value(red, green, blue) {
				if (red === green && green === blue) {
					if (red < 8) return 16;
					if (red > 248) return 231;
					return Math.round((red - 8) / 247 * 24) + 232;
				}
				return 16 + 36 * Math.round(red / 255 * 5) + 6 * Math.round(green / 255 * 5) + Math.round(blue / 255 * 5);
			},
			enumerable: false
		},
		hexToRgb: {
			value(hex) {
				const matches = /[a-f\d]{6}|[a-f\d]{3}/i.exec(hex.toString(16));
				if (!matches) return [
					0,
					0,
					0
				];
				let [colorString] = matches;
				if (colorString.length === 3) colorString = [...colorString].map((character) => character + character).join("");
				const integer = Number.parseInt(colorString, 16);
				return [
					integer >> 16 & 255,
					integer >> 8 & 255,
					integer & 255
				];
			},
			enumerable: false
		},
		hexToAnsi256: {
			value: (hex) => styles.rgbToAnsi256(...styles.hexToRgb(hex)),
			enumerable: false
		},
		ansi256ToAnsi: {
			value(code) {
				if (code < 8) return 30 + code;
				if (code < 16) return 90 + (code - 8);
				let red;
				let green;
				let blue;
				if (code >= 232) {
					red = ((code - 232) * 10 + 8) / 255;
					green = red;
					blue = red;
				} else {
					code -= 16;
					const remainder = code % 36;
					red = Math.floor(code / 36) / 5;
					green = Math.floor(remainder / 6) / 5;
					blue = remainder % 6 / 5;
				}
				const value = Math.max(red, green, blue) * 2;
				if (value === 0) return 30;
				let result = 30 + (Math.round(blue) << 2 | Math.round(green) << 1 | Math.round(red));
				if (value === 2) result += 60;
				return result;
			},
			enumerable: false
		},
		rgbToAnsi: {
			value: (red, green, blue) => styles.ansi256ToAnsi(styles.rgbToAnsi256(red, green, blue)),
			enumerable: false
		},
		hexToAnsi: {
			value: (hex) => styles.ansi256ToAnsi(styles.hexToAnsi256(hex)),
			enumerable: false
		}
	});
	return styles;
}
const ansiStyles = assembleStyles();

// node_modules/wrap-ansi/index.js
const ESCAPES$1 = /* @__PURE__ */ new Set(["\x1B", ""]);
const END_CODE = 39;
const ANSI_ESCAPE_BELL = "\x07";
const ANSI_CSI = "[";
const ANSI_OSC = "]";
const ANSI_SGR_TERMINATOR = "m";
const ANSI_ESCAPE_LINK = `${ANSI_OSC}8;;`;
const wrapAnsiCode = (code) => `${ESCAPES$1.values().next().value}${ANSI_CSI}${code}${ANSI_SGR_TERMINATOR}`;
const wrapAnsiHyperlink = (url) => `${ESCAPES$1.values().next().value}${ANSI_ESCAPE_LINK}${url}${ANSI_ESCAPE_BELL}`;
const wordLengths = (string) => string.split(" ").map((character) => stringWidth(character));
const wrapWord = (rows, word, columns) => {
	const characters = [...word];
	let isInsideEscape = false;
	let isInsideLinkEscape = false;
	let visible = stringWidth(stripAnsi(rows.at(-1)));
	for (const [index, character] of characters.entries()) {
		const characterLength = stringWidth(character);
		if (visible + characterLength <= columns) rows[rows.length - 1] += character;
		else {
			rows.push(character);
			visible = 0;
		}
		if (ESCAPES$1.has(character)) {
			isInsideEscape = true;
			isInsideLinkEscape = characters.slice(index + 1, index + 1 + ANSI_ESCAPE_LINK.length).join("") === ANSI_ESCAPE_LINK;
		}
		if (isInsideEscape) {
			if (isInsideLinkEscape) {
				if (character === ANSI_ESCAPE_BELL) {
					isInsideEscape = false;
					isInsideLinkEscape = false;
				}
			} else if (character === ANSI_SGR_TERMINATOR) isInsideEscape = false;
			continue;
		}
		visible += characterLength;
		if (visible === columns && index < characters.length - 1) {
			rows.push("");
			visible = 0;
		}
	}
	if (!visible && rows.at(-1).length > 0 && rows.length > 1) rows[rows.length - 2] += rows.pop();
};
const stringVisibleTrimSpacesRight = (string) => {
	const words = string.split(" ");
	let last = words.length;
	while (last > 0) {
		if (stringWidth(words[last - 1]) > 0) break;
		last--;
	}
	if (last === words.length) return string;
	return words.slice(0, last).join(" ") + words.slice(last).join("");
};
const exec = (string, columns, options = {}) => {
	if (options.trim !== false && string.trim() === "") return "";
	let returnValue = "";
	let escapeCode;
	let escapeUrl;
	const lengths = wordLengths(string);
	let rows = [""];
	for (const [index, word] of string.split(" ").entries()) {
		if (options.trim !== false) rows[rows.length - 1] = rows.at(-1).trimStart();
		let rowLength = stringWidth(rows.at(-1));
		if (index !== 0) {
			if (rowLength >= columns && (options.wordWrap === false || options.trim === false)) {
				rows.push("");
				rowLength = 0;
			}
			if (rowLength > 0 || options.trim === false) {
				rows[rows.length - 1] += " ";
				rowLength++;
			}
		}
		if (options.hard && lengths[index] > columns) {
			const remainingColumns = columns - rowLength;
			const breaksStartingThisLine = 1 + Math.floor((lengths[index] - remainingColumns - 1) / columns);
			if (Math.floor((lengths[index] - 1) / columns) < breaksStartingThisLine) rows.push("");
			wrapWord(rows, word, columns);
			continue;
		}
		if (rowLength + lengths[index] > columns && rowLength > 0 && lengths[index] > 0) {
			if (options.wordWrap === false && rowLength < columns) {
				wrapWord(rows, word, columns);
				continue;
			}
			rows.push("");
		}
		if (rowLength + lengths[index] > columns && options.wordWrap === false) {
			wrapWord(rows, word, columns);
			continue;
		}
		rows[rows.length - 1] += word;
	}
	if (options.trim !== false) rows = rows.map((row) => stringVisibleTrimSpacesRight(row));
	const preString = rows.join("\n");
	const pre = [...preString];
	let preStringIndex = 0;
	for (const [index, character] of pre.entries()) {
		returnValue += character;
		if (ESCAPES$1.has(character)) {
			const { groups } = new RegExp(`(?:\\${ANSI_CSI}(?<code>\\d+)m|\\${ANSI_ESCAPE_LINK}(?<uri>.*)${ANSI_ESCAPE_BELL})`).exec(preString.slice(preStringIndex)) || { groups: {} };
			if (groups.code !== void 0) {
				const code = Number.parseFloat(groups.code);
				escapeCode = code === END_CODE ? void 0 : code;
			} else if (groups.uri !== void 0) escapeUrl = groups.uri.length === 0 ? void 0 : groups.uri;
		}
		const code = ansiStyles.codes.get(Number(escapeCode));
		if (pre[index + 1] === "\n") {
			if (escapeUrl) returnValue += wrapAnsiHyperlink("");
			if (escapeCode && code) returnValue += wrapAnsiCode(code);
		} else if (character === "\n") {
			if (escapeCode && code) returnValue += wrapAnsiCode(escapeCode);
			if (escapeUrl) returnValue += wrapAnsiHyperlink(escapeUrl);
		}
		preStringIndex += character.length;
	}
	return returnValue;
};
function wrapAnsi(string, columns, options) {
	return String(string).normalize().replaceAll("\r\n", "\n").split("\n").map((line) => exec(line, columns, options)).join("\n");
}

// node_modules/is-fullwidth-code-point/index.js
function isFullwidthCodePoint(codePoint) {
	if (!Number.isInteger(codePoint)) return false;
	return isFullwidth(codePoint) || isWide(codePoint);
}

// node_modules/slice-ansi/index.js
const ESCAPES = /* @__PURE__ */ new Set([27, 155]);
const CODE_POINT_0 = "0".codePointAt(0);
const CODE_POINT_9 = "9".codePointAt(0);
const MAX_ANSI_SEQUENCE_LENGTH = 19;
const endCodesSet = /* @__PURE__ */ new Set();
const endCodesMap = /* @__PURE__ */ new Map();
for (const [start, end] of ansiStyles.codes) {
	endCodesSet.add(ansiStyles.color.ansi(end));
	endCodesMap.set(ansiStyles.color.ansi(start), ansiStyles.color.ansi(end));
}
function getEndCode(code) {
	if (endCodesSet.has(code)) return code;
	if (endCodesMap.has(code)) return endCodesMap.get(code);
	code = code.slice(2);
	if (code.includes(";")) code = code[0] + "0";
	const returnValue = ansiStyles.codes.get(Number.parseInt(code, 10));
	if (returnValue) return ansiStyles.color.ansi(returnValue);
	return ansiStyles.reset.open;
}
function findNumberIndex(string) {
	for (let index = 0; index < string.length; index++) {
		const codePoint = string.codePointAt(index);
		if (codePoint >= CODE_POINT_0 && codePoint <= CODE_POINT_9) return index;
	}
	return -1;
}
function parseAnsiCode(string, offset) {
	string = string.slice(offset, offset + MAX_ANSI_SEQUENCE_LENGTH);
	const startIndex = findNumberIndex(string);
	if (startIndex !== -1) {
		let endIndex = string.indexOf("m", startIndex);
		if (endIndex === -1) endIndex = string.length;
		return string.slice(0, endIndex + 1);
	}
}
function tokenize(string, endCharacter = Number.POSITIVE_INFINITY) {
	const returnValue = [];
	let index = 0;
	let visibleCount = 0;
	while (index < string.length) {
		const codePoint = string.codePointAt(index);
		if (ESCAPES.has(codePoint)) {
			const code = parseAnsiCode(string, index);
			if (code) {
				returnValue.push({
					type: "ansi",
					code,
					endCode: getEndCode(code)
				});
				index += code.length;
				continue;
			}
		}
		const isFullWidth = isFullwidthCodePoint(codePoint);
		const character = String.fromCodePoint(codePoint);
		returnValue.push({
			type: "character",
			value: character,
			isFullWidth
		});
		index += character.length;
		visibleCount += isFullWidth ? 2 : character.length;
		if (visibleCount >= endCharacter) break;
	}
	return returnValue;
}
function reduceAnsiCodes(codes) {
	let returnValue = [];
	for (const code of codes) if (code.code === ansiStyles.reset.open) returnValue = [];
	else if (endCodesSet.has(code.code)) returnValue = returnValue.filter((returnValueCode) => returnValueCode.endCode !== code.code);
	else {
		returnValue = returnValue.filter((returnValueCode) => returnValueCode.endCode !== code.endCode);
		returnValue.push(code);
	}
	return returnValue;
}
function undoAnsiCodes(codes) {
	return reduceAnsiCodes(codes).map(({ endCode }) => endCode).reverse().join("");
}
function sliceAnsi(string, start, end) {
	const tokens = tokenize(string, end);
	let activeCodes = [];
	let position = 0;
	let returnValue = "";
	let include = false;
	for (const token of tokens) {
		if (end !== void 0 && position >= end) break;
		if (token.type === "ansi") {
			activeCodes.push(token);
			if (include) returnValue += token.code;
		} else {
			if (!include && position >= start) {
				include = true;
				activeCodes = reduceAnsiCodes(activeCodes);
				returnValue = activeCodes.map(({ code }) => code).join("");
			}
			if (include) returnValue += token.value;
			position += token.isFullWidth ? 2 : token.value.length;
		}
	}
	returnValue += undoAnsiCodes(activeCodes);
	return returnValue;
}

// node_modules/log-update/index.js
const getWidth = (stream, defaultWidth) => stream.columns ?? defaultWidth ?? 80;
const fitToTerminalHeight = (stream, wrappedText, defaultHeight) => {
	const terminalHeight = stream.rows ?? defaultHeight ?? 24;
	if (terminalHeight === void 0) return {
		text: wrappedText,
		wasClipped: false
	};
	if (terminalHeight === 0) return {
		text: "",
		wasClipped: wrappedText !== ""
	};
	const unstyled = stripAnsi(wrappedText);
	const linesCount = [...unstyled].filter((character) => character === "\n").length + 1;
	const toRemove = Math.max(0, linesCount - terminalHeight);
	if (toRemove === 0) return {
		text: wrappedText,
		wasClipped: false
	};
	let seen = 0;
	let cut = 0;
	for (const [index, character] of [...unstyled].entries()) if (character === "\n") {
		seen++;
		if (seen === toRemove) {
			cut = index + 1;
			break;
		}
	}
	return {
		text: sliceAnsi(wrappedText, cut),
		wasClipped: true
	};
};
/**
Find common prefix and suffix between frames.
*/
const diffFrames = (previousLines, nextLines) => {
	let start = 0;
	for (; start < previousLines.length && start < nextLines.length; start++) if (previousLines[start] !== nextLines[start]) break;
	let endPrevious = previousLines.length - 1;
	let endNext = nextLines.length - 1;
	while (endPrevious >= start && endNext >= start && previousLines[endPrevious] === nextLines[endNext]) {
		endPrevious--;
		endNext--;
	}
	return {
		start,
		endPrevious,
		endNext
	};
};
/**
Build a single escape sequence patch to transform previous -> next.
*/
const buildPatch = ({ prevCount, start, endPrevious, endNext, nextLines, nextWrappedEndsWithNewline }) => {
	let sequence = "";
	const upCount = Math.max(0, prevCount - 1 - start);
	if (upCount > 0) sequence += cursorUp(upCount);
	sequence += "\x1B[G";
	const linesToClear = Math.max(0, endPrevious - start + 1);
	for (let index = 0; index < linesToClear; index++) {
		sequence += eraseLine;
		if (index < linesToClear - 1) sequence += cursorDown();
	}
	if (linesToClear > 1) sequence += cursorUp(linesToClear - 1);
	sequence += "\x1B[G";
	const wroteSlice = nextLines.slice(start, endNext + 1);
	if (wroteSlice.length > 0) {
		const chunk = wroteSlice.join("\n");
		sequence += chunk;
		sequence += "\x1B[K";
		if (nextWrappedEndsWithNewline && !chunk.endsWith("\n")) sequence += "\n";
	}
	const currentLine = start + wroteSlice.length;
	const downCount = nextLines.length - 1 - currentLine;
	if (downCount > 0) sequence += cursorDown(downCount);
	return sequence;
};
function createLogUpdate(stream, { showCursor = false, defaultWidth, defaultHeight } = {}) {
	let previousLineCount = 0;
	let previousWidth = getWidth(stream, defaultWidth);
	let previousOutput = "";
	/**
	Normalize, wrap, and height-clip into a concrete frame.
	
	Returns both the wrapped string and an array of lines, where an empty frame (for `rows === 0`) is represented by `lines.length === 0`.
	*/
	const computeFrame = (text, width) => {
		const textString = String(text);
		const raw = textString.endsWith("\n") ? textString : `${textString}\n`;
		const wrapped = wrapAnsi(raw, width, {
			trim: false,
			hard: true,
			wordWrap: false
		});
		const { text: clippedText, wasClipped } = fitToTerminalHeight(stream, wrapped, defaultHeight);
		return {
			wrapped: clippedText,
			lines: clippedText === "" ? [] : clippedText.split("\n"),
			wasClipped
		};
	};
	const reset = () => {
		previousOutput = "";
		previousWidth = getWidth(stream, defaultWidth);
		previousLineCount = 0;
	};
	const render = (...arguments_) => {
		if (!showCursor) cliCursor.hide();
		const width = getWidth(stream, defaultWidth);
		const { wrapped, lines, wasClipped } = computeFrame(arguments_.join(" "), width);
		if (lines.length === 0) {
			previousOutput = wrapped;
			previousWidth = width;
			previousLineCount = 0;
			return;
		}
		if (wrapped === previousOutput && previousWidth === width) return;
		if (previousLineCount === 0) {
			stream.write(wrapped);
			previousOutput = wrapped;
			previousWidth = width;
			previousLineCount = lines.length;
			return;
		}
		if (previousWidth !== width || wasClipped) {
			stream.write(eraseLines(previousLineCount) + wrapped);
			previousOutput = wrapped;
			previousWidth = width;
			previousLineCount = lines.length;
			return;
		}
		const previousLines = previousOutput === "" ? [] : previousOutput.split("\n");
		const { start, endPrevious, endNext } = diffFrames(previousLines, lines);
		if (start === lines.length && previousLineCount === lines.length) return;
		if (start === 0) {
			stream.write(eraseLines(previousLineCount) + wrapped);
			previousOutput = wrapped;
			previousWidth = width;
			previousLineCount = lines.length;
			return;
		}
		const patch = buildPatch({
			prevCount: previousLineCount,
			start,
			endPrevious,
			endNext,
			nextLines: lines,
			nextWrappedEndsWithNewline: wrapped.endsWith("\n")
		});
		stream.write(patch);
		previousOutput = wrapped;
		previousWidth = width;
		previousLineCount = lines.length;
	};
	render.clear = () => {
		stream.write(eraseLines(previousLineCount));
		reset();
	};
	render.done = () => {
		reset();
		if (!showCursor) cliCursor.show();
	};
	render.persist = (...arguments_) => {
		if (previousLineCount > 0) {
			stream.write(eraseLines(previousLineCount));
			previousLineCount = 0;
		}
		const text = `${arguments_.join(" ")}`;
		const width = getWidth(stream, defaultWidth);
		const { wrapped: wrappedText } = computeFrame(text, width);
		stream.write(wrappedText);
		reset();
	};
	return render;
}
const logUpdate = createLogUpdate(process$1.stdout);
const logUpdateStderr = createLogUpdate(process$1.stderr);

// js/duration.js
/**
* A length of time, for people.
*
* @param {number} seconds
*/
function durationOf(seconds) {
	const whole = Math.floor(seconds);
	const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
	return [...[hours > 0 ? `${hours} h` : "", minutes > 0 ? `${minutes} min` : ""], `${whole % 60} s`].filter(Boolean).join(" ");
}

// js/render.js
/**
* What a person, and the next step, see of an event.
*/
/** @typedef {import('./types/events.d.ts').Event} Event */
/**
* @param {Event} event
* @returns {{ level: 'debug' | 'endGroup' | 'info' | 'startGroup' | 'warning', text: string } | undefined}
*/
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
		case "dispatchUnanswered": return warning(`The dispatch got no clear answer (${event.message}); the distinct ID will show whether it happened`);
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
			return warning(`The repeated dispatch made a second run: ${event.kept} is kept, ${event.runId} ${fate}. ${event.runUrl}`);
		}
		case "duplicatePossible": return warning(`The dispatch was repeated, and there may be a second run beside ${event.kept}: look at the Actions page`);
		case "identified": {
			const by = BY[event.identifiedBy];
			const cost = `${seconds(event.seconds)}, ${count(event.requests, "request")}`;
			return info(`Run ${event.runId}, ${by} (${cost}): ${event.runUrl}`);
		}
		case "following": return info(`Waiting for run ${event.runId} to end`);
		case "runWaits": return info(`  ⏸ The run waits for ${event.reason}`);
		case "attempt": return info(`The run has been started again: attempt ${event.number}`);
		case "job": return info(`${symbolOf(event.state)} ${event.name}${timeOf(event.seconds)}`);
		case "step": return info(`  ${symbolOf(event.conclusion)} ${event.job}: ${event.name}${timeOf(event.seconds)}`);
		case "cancelling": return warning(event.force ? `Run ${event.runId} does not react: forcing it to end` : `Cancelling run ${event.runId}`);
		case "valueMasked": return warning(`The value ${event.name} contains ***: GitHub masks secrets in logs, so it cannot be returned`);
		case "valueNotJson": return warning(`The value ${event.name} is said to be JSON and is not: it is taken as text`);
		case "jobsMissing": return warning(`The jobs of the run could not be read (${event.problem}): what they returned is missing`);
		case "valuesMissing": return warning(`The log of ${event.job} could not be read (${event.problem}): values in it are missing`);
		case "ended": {
			const attempt = event.attempt > 1 ? `, attempt ${event.attempt}` : "";
			return info(`${`${symbolOf(event.conclusion)} Run ${event.runId} ended with ${event.conclusion}`}${timeOf(event.seconds)}${attempt}: ${event.runUrl}`);
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
/** The field's symbols: those of `gh run view`. */
const SYMBOLS = /* @__PURE__ */ new Map([
	["success", "✓"],
	["neutral", "✓"],
	["skipped", "-"],
	["completed", "·"],
	["in_progress", "*"],
	["waiting", "⏸"]
]);
/**
* @param {string} state of a job or a step, or how it ended
*/
function symbolOf(state) {
	return SYMBOLS.get(state) ?? "X";
}
/** @param {number | null} seconds */
function timeOf(seconds) {
	if (seconds === null) return "";
	const minutes = Math.floor(seconds / 60);
	return minutes > 0 ? ` (${minutes} min ${seconds % 60} s)` : ` (${seconds} s)`;
}
/** @param {string} text */
function info(text) {
	return {
		level: "info",
		text: onOneLine(text)
	};
}
/** @param {string} text */
function warning(text) {
	return {
		level: "warning",
		text: onOneLine(text)
	};
}
/**
* A runner takes a line that begins with `::` for a command, so text from outside must not begin one; and what follows
* `##[` anywhere in a line, so there is a space without width in it.
*
* @param {string} text
*/
function onOneLine(text) {
	return text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, " ").replaceAll("##[", "#​#[");
}
/**
* @param {number} n
* @param {string} what
*/
function count(n, what) {
	return `${n} ${what}${n === 1 ? "" : "s"}`;
}
/** @param {number} n */
function seconds(n) {
	return `${n.toFixed(1)} s`;
}

// js/cli/text.js
/** Text of others on a terminal. */
/** ECMA-48's "select graphic rendition". */
const COLOUR = new RegExp(`(${String.fromCharCode(27)}\\[[\\d;:]*m)`);
/**
* A name, without anything that moves the cursor or does more.
*
* @param {string} text
*/
function name(text) {
	return text.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, " ");
}
/**
* A line of a log: its colours stay, where there are colours.
*
* @param {string} text
* @param {boolean} colours
*/
function logLine(text, colours) {
	const parts = text.split(COLOUR);
	return parts.map((part, at) => {
		if (at % 2 === 1) return colours ? part : "";
		return part.replaceAll("	", "    ").replaceAll(/[\p{Cc}\u2028\u2029]/gu, "");
	}).join("") + (colours && parts.length > 1 ? "\x1B[0m" : "");
}

// js/cli/plain.js
/** Progress as lines, for pipes, files, and whoever reads later. */
/**
* @typedef {import('../types/events.js').Event} Event
* @typedef {ReturnType<typeof import('picocolors').createColors>} Colours
*/
/**
* What shows the progress of a call.
*
* @typedef {object} View
* @property {(event: Event) => void} show
* @property {(text: string) => void} note a line that stays
* @property {() => void} close
*/
/**
* @param {NodeJS.WritableStream} out
* @param {{ debug: boolean, colours: Colours }} options
* @returns {View}
*/
function plainView(out, { debug, colours }) {
	const write = (text) => {
		out.write(`${text}\n`);
	};
	return {
		show(event) {
			const text = lineOf(event, colours, debug);
			if (text !== void 0) write(text);
		},
		note: write,
		close() {}
	};
}
/**
* @param {Event} event
* @param {Colours} colours
* @param {boolean} debug
* @returns {string | undefined} the line that an event is worth
*/
function lineOf(event, colours, debug) {
	if (event.type === "step" && event.conclusion === "in_progress") return void 0;
	if (event.type === "logLine") return `  ${logLine(event.text, colours.isColorSupported)}`;
	const message = messageOf(event);
	if (!message || message.level === "endGroup") return void 0;
	const { level } = message;
	const text = name(message.text);
	if (level === "debug") return debug ? colours.dim(text) : void 0;
	if (level === "warning") return `${colours.yellow("warning:")} ${text}`;
	return level === "startGroup" ? colours.bold(`\n${text}`) : text;
}

// js/cli/live.js
/** Progress on a terminal: what goes on is drawn anew in place, what is over stays above. */
/**
* @typedef {import('../types/events.js').Event} Event
* @typedef {{ name: string, state: string, began: number, seconds: number | null, url: string, steps: Part[] }} ShownJob
* @typedef {{ name: string, state: string, began: number, seconds: number | null }} Part
*/
const FRAMES = [
	"⠋",
	"⠙",
	"⠹",
	"⠸",
	"⠼",
	"⠴",
	"⠦",
	"⠧",
	"⠇",
	"⠏"
];
const BETWEEN_FRAMES = 80;
/** Events that the picture shows, so that they need no line of their own. */
const DRAWN = [
	"job",
	"step",
	"following",
	"looked",
	"runWaits",
	"dispatching",
	"dispatched",
	"ended"
];
/**
* @param {NodeJS.WriteStream} out
* @param {{ debug: boolean, colours: import('./plain.js').Colours }} options
* @returns {import('./plain.js').View}
*/
function liveView(out, { debug, colours }) {
	const update = createLogUpdate(out);
	const picture = new Picture(out, colours);
	const draw = () => {
		out.cork();
		update.clear();
		const lines = picture.lines(performance.now());
		if (lines.length > 0) update(lines.join("\n"));
		out.uncork();
	};
	const timer = setInterval(draw, BETWEEN_FRAMES);
	out.on("resize", draw);
	const note = (text) => {
		update.clear();
		out.write(`${text}\n`);
	};
	return {
		show(event) {
			picture.take(event, performance.now());
			const text = DRAWN.includes(event.type) ? void 0 : lineOf(event, colours, debug);
			if (event.type === "ended") {
				update.clear();
				out.write(`${picture.lines(performance.now(), true).join("\n")}\n`);
				picture.isOver = true;
				const line = lineOf(event, colours, debug);
				if (line) out.write(`\n${line}\n`);
			} else if (text !== void 0) note(text);
			draw();
		},
		note(text) {
			note(text);
			draw();
		},
		close() {
			clearInterval(timer);
			out.off("resize", draw);
			update.clear();
			update.done();
		}
	};
}
/** What is drawn. */
var Picture = class {
	/** @type {Map<number, ShownJob>} by their IDs, as several may have the same name */
	#jobs = /* @__PURE__ */ new Map();
	#doing = "";
	#since = performance.now();
	isOver = false;
	/**
	* @param {NodeJS.WriteStream} out
	* @param {import('./plain.js').Colours} colours
	*/
	constructor(out, colours) {
		this.out = out;
		this.colours = colours;
	}
	/**
	* @param {Event} event
	* @param {number} now
	*/
	take(event, now) {
		switch (event.type) {
			case "dispatching": return this.#do(`Dispatching ${name(event.workflow)} at ${name(event.ref)} in ${event.repository}`, now);
			case "dispatched": return this.#do("Looking for the run", now);
			case "looked":
				this.#doing = `Looking for the run among ${event.candidates} that were dispatched since`;
				return;
			case "following": return this.#do(`Waiting for run ${event.runId}`, now);
			case "runWaits":
				this.#doing = `The run waits for ${name(event.reason)}`;
				return;
			case "attempt":
				this.#jobs.clear();
				return;
			case "cancelling": return this.#do(event.force ? "Forcing the run to end" : "Cancelling the run", now);
			case "job": {
				const job = this.#job(event.id, event.name, now);
				if (event.state === "in_progress" && job.state !== "in_progress") job.began = now;
				Object.assign(job, {
					state: event.state,
					seconds: event.seconds,
					url: event.url
				});
				if (this.#doing.startsWith("The run waits")) this.#doing = "Waiting for the run";
				return;
			}
			case "step": {
				const { steps } = this.#job(event.jobId, event.job, now);
				const known = steps.find((step) => step.name === event.name && step.state === "in_progress");
				const { name, conclusion: state, seconds } = event;
				if (known) Object.assign(known, {
					state,
					seconds
				});
				else steps.push({
					name,
					state,
					seconds,
					began: now
				});
			}
		}
	}
	/**
	* @param {string} doing
	* @param {number} now
	*/
	#do(doing, now) {
		this.#doing = doing;
		this.#since = now;
	}
	/**
	* @param {number} id
	* @param {string} name
	* @param {number} now
	*/
	#job(id, name, now) {
		const known = this.#jobs.get(id);
		if (known) return known;
		const job = {
			name,
			state: "waiting",
			began: now,
			seconds: null,
			url: "",
			steps: []
		};
		this.#jobs.set(id, job);
		return job;
	}
	/**
	* @param {number} now
	* @param {boolean} [isLast] whether nothing goes on any more
	*/
	lines(now, isLast = false) {
		if (this.isOver) return [];
		const { colours } = this;
		const jobs = [...this.#jobs.values()];
		if (isLast) return jobs.flatMap((job) => this.#linesOf(job, now, true));
		const room = Math.max(3, (this.out.rows ?? 24) - 3);
		const seconds = durationOf((now - this.#since) / 1e3);
		const head = `${this.#spinner(now)} ${this.#doing || "Starting"} ${colours.dim(seconds)}`;
		const lines = jobs.flatMap((job) => this.#linesOf(job, now, jobs.length * 3 > room));
		if (lines.length <= room) return [...lines, head];
		const others = jobs.filter((job) => !isWell(job.state));
		const done = jobs.length - others.length;
		const left = others.flatMap((job) => this.#linesOf(job, now, true));
		const more = left.length - (room - 2);
		return [
			...done > 0 ? [`${colours.green("✓")} ${done} done`] : [],
			...left.slice(0, room - 2),
			...more > 0 ? [`… ${more} more`] : [],
			head
		];
	}
	/**
	* @param {ShownJob} job
	* @param {number} now
	* @param {boolean} isShort
	*/
	#linesOf(job, now, isShort) {
		const running = job.steps.filter((step) => step.state === "in_progress");
		const failed = job.steps.filter((step) => isFailure(step.state));
		const few = job.state === "in_progress" && !isShort ? job.steps : [...failed, ...running];
		return [this.#line(job, now, ""), ...few.map((step) => this.#line(step, now, "    "))];
	}
	/**
	* @param {Part} part
	* @param {number} now
	* @param {string} indent
	*/
	#line(part, now, indent) {
		const { colours } = this;
		const { state } = part;
		const seconds = state === "in_progress" ? (now - part.began) / 1e3 : part.seconds;
		const time = seconds === null ? "" : ` ${colours.dim(durationOf(seconds))}`;
		const width = Math.max(10, (this.out.columns ?? 80) - indent.length - 20);
		return `${indent}${this.#symbol(state, now)} ${name(part.name).slice(0, width)}${time}`;
	}
	/**
	* @param {string} state
	* @param {number} now
	*/
	#symbol(state, now) {
		const { colours } = this;
		if (state === "in_progress") return this.#spinner(now);
		const symbol = symbolOf(state);
		if (symbol === "✓") return colours.green(symbol);
		if (symbol === "-") return colours.dim(symbol);
		return symbol === "X" ? colours.red(symbol) : colours.yellow(symbol);
	}
	/** @param {number} now */
	#spinner(now) {
		return this.colours.cyan(FRAMES[Math.floor(now / BETWEEN_FRAMES) % FRAMES.length] ?? "");
	}
};
/** @param {string} state */
function isFailure(state) {
	return symbolOf(state) === "X";
}
/** @param {string} state */
function isWell(state) {
	return [
		"✓",
		"-",
		"·"
	].includes(symbolOf(state));
}

// js/transport.js
/**
* `fetch` as the core needs it, over Node.js's own clients of HTTP: the platform's `fetch` takes longer to load than
* all else that the action does, and in Node.js 20 it knows no proxies.
*/
/**
* @typedef {import('node:http').ClientRequest} ClientRequest
* @typedef {import('node:http').IncomingMessage} IncomingMessage
* @typedef {import('node:http').RequestOptions} RequestOptions
*
* @typedef {object} Route a way to a server
* @property {typeof request} request
* @property {RequestOptions} options what differs from the URL's own
* @typedef {import('../pkg/return_dispatch.js').JsRequest} JsRequest
* @typedef {import('../pkg/return_dispatch.js').JsResponse} JsResponse
*/
/** Name look-up, the proxy and TLS included. As undici's `fetch` has it: connectTimeout. */
const CONNECTS_WITHIN_MS = 1e4;
/**
* Connections are used again, unless nothing was sent for so long that something in between may have closed one: what
* is sent over such a connection may be lost, or may not. As undici's `fetch` has it: keepAliveTimeout.
*/
const REUSED = {
	keepAlive: true,
	timeout: 4e3
};
/** Only where one of these is set is what deals with proxies loaded. */
const NAMES_A_PROXY = [
	"https_proxy",
	"HTTPS_PROXY",
	"http_proxy",
	"HTTP_PROXY"
];
/** @type {Map<string, Promise<Route>>} by protocol */
const direct = /* @__PURE__ */ new Map();
/**
* Sends a request. Redirects are not followed.
*
* Errors that come before the connection was made, which proves that nothing was sent, have `connected: false`.
*
* @param {string} url
* @param {JsRequest} init
* @returns {Promise<JsResponse>}
*/
async function send(url, { method, headers, body, signal }) {
	const target = new URL(url);
	const { request, options } = await routeTo(target);
	const response = await answerTo(request(target, {
		method,
		signal,
		...options,
		headers: {
			"accept-encoding": "range" in headers ? "identity" : "gzip",
			...headers,
			...options.headers
		}
	}), body);
	return {
		status: response.statusCode ?? 0,
		headers: Object.entries(response.headers),
		body: await bodyOf(response)
	};
}
/**
* @param {URL} target
* @returns {Promise<Route>}
*/
async function routeTo(target) {
	if (NAMES_A_PROXY.some((name) => process.env[name])) {
		const route = (await import("./proxy.cjs")).routeTo(target, REUSED);
		if (route) return route;
	}
	let route = direct.get(target.protocol);
	if (!route) {
		route = routeOver(target.protocol);
		direct.set(target.protocol, route);
	}
	return route;
}
/**
* @param {string} protocol
* @returns {Promise<Route>}
*/
async function routeOver(protocol) {
	if (protocol !== "https:") return {
		request,
		options: { agent: new Agent(REUSED) }
	};
	const https = await import("node:https");
	return {
		request: https.request,
		options: { agent: new https.Agent(REUSED) }
	};
}
/**
* @param {ClientRequest} outgoing
* @param {Uint8Array} [body]
* @returns {Promise<IncomingMessage>} its head
*/
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
			reject(connected ? error : Object.assign(error, { connected }));
		});
		outgoing.end(body);
	});
}
/**
* @param {IncomingMessage} response
* @returns {Promise<JsResponse['body']>}
*/
async function bodyOf(response) {
	const { "content-encoding": encoding, "content-length": length } = response.headers;
	if (response.statusCode === 204 || response.statusCode === 304 || length === "0") {
		await once(response.resume(), "end");
		await connectionIsFree();
		return null;
	}
	const bytes = encoding === "gzip" ? await unzipped(response) : response;
	return { getReader() {
		const chunks = bytes[Symbol.asyncIterator]();
		return { async read() {
			const chunk = await chunks.next();
			if (chunk.done) await connectionIsFree();
			return chunk;
		} };
	} };
}
/** Resolves a moment after the end of an answer: a request that is made before takes a connection of its own. */
function connectionIsFree() {
	return new Promise((resolve) => setImmediate(resolve));
}
/** @param {IncomingMessage} response */
async function unzipped(response) {
	const { constants, createGunzip } = await import("node:zlib");
	const bytes = createGunzip({ finishFlush: constants.Z_SYNC_FLUSH });
	response.on("error", (error) => bytes.destroy(error)).pipe(bytes);
	return bytes;
}

// js/cli.js
/** The command: arguments to options, events to a view, the end to an exit code. It decides nothing. */
/**
* @typedef {import('./cli/usage.js').Command} Command
* @typedef {import('./cli/plain.js').View} View
*/
/** By what ended a call, the exit code. */
const EXIT_OF = /* @__PURE__ */ new Map([
	["unsuccessful", EXIT.unsuccessful],
	["outputs_too_large", EXIT.unsuccessful],
	["invalid_input", EXIT.usage],
	["outcome_unknown", EXIT.unidentified],
	["not_identified", EXIT.unidentified],
	["ambiguous", EXIT.unidentified],
	["unauthorized", EXIT.refused],
	["forbidden", EXIT.refused],
	["not_found", EXIT.refused],
	["refused", EXIT.refused],
	["receiver_unprepared", EXIT.refused],
	["rate_limited", EXIT.refused],
	["server_error", EXIT.refused],
	["unreachable", EXIT.refused],
	["timed_out", EXIT.refused]
]);
const errors = coloursOn(process.stderr);
/** @type {Error | undefined} why something could not be written */
let unwritten;
for (const stream of [process.stdout, process.stderr]) stream.on("error", (error) => {
	if (error.code !== "EPIPE") unwritten ??= error;
});
process.on("uncaughtException", (error) => {
	complain(error.message);
	process.exit(EXIT.internal);
});
process.exitCode = await main(process.argv.slice(2));
/** @param {string[]} args */
async function main(args) {
	try {
		const command = parse(args, process.env);
		switch (command.name) {
			case "help":
				process.stdout.write(HELP);
				return EXIT.success;
			case "version":
				process.stdout.write(`${version()}\n`);
				return EXIT.success;
			case "demo": return await (await import("./cli-demo.js")).demonstrate((args, env) => perform(parse(args, env), env), command.flags.server);
			default: return await perform(command, process.env);
		}
	} catch (error) {
		if (!(error instanceof UsageError)) throw error;
		const message = `${error.message.replace(/\.$/, "")}. See return-dispatch --help.`;
		complain(message);
		const document = new Document();
		document.takeError({
			code: "invalid_input",
			message
		});
		if (args.includes("--json")) process.stdout.write(`${document}\n`);
		return EXIT.usage;
	}
}
/**
* @param {Command} command
* @param {NodeJS.ProcessEnv} env
* @returns {Promise<number>} the exit code
*/
async function perform({ name: what, positionals, flags }, env) {
	const [repo = "", workflowOrRun = ""] = positionals;
	const { apiUrl, token } = serverOf(flags, env);
	if (!token) throw new UsageError(apiUrl ? `There is no token for ${apiUrl}: log in there with gh, or give one by GH_ENTERPRISE_TOKEN (Gitea: GITEA_TOKEN) and --api-url` : "There is no token: set GH_TOKEN to one that may run workflows in the target repository, or log in with gh");
	const workflowInputs = what === "dispatch" ? await inputsOf(flags) : void 0;
	const view = viewOn(flags.json ? process.stderr : process.stdout, flags);
	const interrupts = new Interrupts(view, Boolean(flags["cancel-on-interrupt"]));
	const document = new Document();
	const common = {
		token,
		apiUrl,
		repo,
		signal: interrupts.signal,
		fetch: send,
		cancelOnAbort: flags["cancel-on-interrupt"],
		pollIntervalSeconds: flags["poll-interval-seconds"],
		onEvent(event) {
			document.take(event);
			if (flags.quiet) tellAllTheSame(event, flags);
			view.show(event);
		}
	};
	const waiting = {
		waitTimeoutSeconds: flags["wait-timeout-seconds"],
		cancelOnTimeout: flags["cancel-on-timeout"],
		logs: flags.logs ?? (flags.quiet ? "none" : "failed")
	};
	let code = EXIT.success;
	try {
		let result;
		if (what === "watch") {
			const distinctId = flags["distinct-id"];
			result = await waitForRun({
				...common,
				...waiting,
				runId: workflowOrRun,
				distinctId
			}, true);
		} else {
			const run = await dispatch({
				...common,
				...waiting,
				workflow: workflowOrRun,
				ref: flags.ref,
				workflowInputs,
				workflowTimeoutSeconds: flags["workflow-timeout-seconds"],
				distinctId: flags["distinct-id"],
				distinctIdInput: flags["distinct-id-input"]
			}, true);
			document.takeRun(run);
			if (flags.wait) result = await run.wait();
		}
		if (result) {
			document.takeResult(result);
			showOutputs(view, result.outputs);
		}
	} catch (thrown) {
		if (!(thrown instanceof ReturnDispatchError)) throw thrown;
		const error = thrown;
		document.takeError(error);
		if (error.result) showOutputs(view, error.result.outputs);
		code = exitCode(error, interrupts);
		view.close();
		complain(error.message);
	} finally {
		view.close();
		interrupts.close();
	}
	if (flags.json) process.stdout.write(`${document}\n`);
	await written();
	if (!unwritten) return code;
	const { runId, runUrl } = document.facts;
	const run = runId === void 0 ? "" : ` The run is ${runId}: ${runUrl ?? ""}`;
	complain(`What was to be written could not be: ${unwritten.message}.${run}`);
	return EXIT.internal;
}
/**
* What must not be lost to whoever wants no progress.
*
* @param {import('./types/events.js').Event} event
* @param {Record<string, any>} flags
*/
function tellAllTheSame(event, flags) {
	if (event.type === "identified" && !flags.json) process.stdout.write(`${event.runId}\n`);
	if (event.type === "duplicate" || event.type === "duplicatePossible") process.stderr.write(`${lineOf(event, errors, false)}\n`);
}
/** Resolves when all that was printed has got out, or has not. */
async function written() {
	await new Promise((resolve) => process.stdout.write("", resolve));
	await new Promise((resolve) => setImmediate(resolve));
}
/**
* @param {import('./api/index.js').ReturnDispatchError} error
* @param {Interrupts} interrupts
*/
function exitCode({ code, runId, mayHaveDispatched }, interrupts) {
	if (code === "cancelled") return interrupts.exitCode;
	if (code === "timed_out" && runId !== void 0) return EXIT.unfinished;
	const exit = EXIT_OF.get(code) ?? EXIT.internal;
	if (exit !== EXIT.refused || !mayHaveDispatched) return exit;
	return runId === void 0 ? EXIT.unidentified : EXIT.unfinished;
}
/**
* @param {View} view
* @param {Readonly<Record<string, unknown>>} outputs
*/
function showOutputs(view, outputs) {
	for (const [key, value] of Object.entries(outputs)) view.note(`  ${name(key)} = ${name(typeof value === "string" ? value : JSON.stringify(value))}`);
}
/**
* @param {NodeJS.WriteStream} out
* @param {Record<string, any>} flags
* @returns {View}
*/
function viewOn(out, flags) {
	if (flags.quiet) return {
		show() {},
		note() {},
		close() {}
	};
	const colours = coloursOn(out);
	const options = {
		debug: Boolean(flags.debug),
		colours
	};
	return out.isTTY && process.env.TERM !== "dumb" && !process.env.CI ? liveView(out, options) : plainView(out, options);
}
/**
* @param {Record<string, any>} flags
* @returns {Promise<string | Record<string, string> | undefined>}
*/
async function inputsOf({ field = [], inputs }) {
	const pairs = field.map((one) => {
		const at = one.indexOf("=");
		if (at < 1) throw new UsageError("what follows -f is not KEY=VALUE");
		return [one.slice(0, at), one.slice(at + 1)];
	});
	const fields = Object.fromEntries(pairs);
	if (inputs === void 0) return pairs.length > 0 ? fields : void 0;
	const text = await readInputs(inputs);
	if (pairs.length === 0) return text;
	try {
		return await mergeInputs(text, fields);
	} catch (error) {
		if (error.code !== "invalid_input") throw error;
		throw new UsageError(
			/** @type {Error} */
			error.message
		);
	}
}
/** @param {string} file */
async function readInputs(file) {
	const text = file === "-" ? await readAll() : readFile(file);
	if (!text.trim()) throw new UsageError(`--inputs ${file} has nothing in it; {} are no inputs`);
	return text;
}
/** @param {string} file */
function readFile(file) {
	try {
		return readFileSync(file, "utf8");
	} catch (error) {
		throw new UsageError(`--inputs ${file} cannot be read: ${/** @type {Error} */ error.message}`);
	}
}
/** @returns {Promise<string>} standard input */
async function readAll() {
	if (process.stdin.isTTY) process.stderr.write("Reading inputs; end them with Ctrl-D.\n");
	let text = "";
	try {
		for await (const chunk of process.stdin.setEncoding("utf8")) text += chunk;
	} catch (error) {
		throw new UsageError(`--inputs - cannot be read: ${/** @type {Error} */ error.message}`);
	}
	return text;
}
/**
* Colours, if there are any on this stream: see https://no-color.org and https://force-color.org
*
* @param {NodeJS.WriteStream} stream
*/
function coloursOn(stream) {
	const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
	const isForced = Boolean(FORCE_COLOR) && FORCE_COLOR !== "0";
	return import_picocolors.default.createColors(!NO_COLOR && (isForced || Boolean(stream.isTTY) && TERM !== "dumb"));
}
function version() {
	const file = new URL("../package.json", import.meta.url);
	return JSON.parse(readFileSync(file, "utf8")).version;
}
/** @param {string} message */
function complain(message) {
	process.stderr.write(`${errors.red("error:")} ${name(message)}\n`);
}

export {  };