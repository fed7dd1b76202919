#!/usr/bin/env node
// Built by `npm run build` from js/, src/ and simulator/: change those, not this file.
// @ts-nocheck
import { readFileSync, writeSync } from "node:fs";
import { parseArgs } from "node:util";
import { execFileSync } from "node:child_process";
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
var Document = class {
	facts = {};
	#mayHaveDispatched = false;
	take(event) {
		switch (event.type) {
			case "started":
				this.facts.distinctId = event.distinctId;
				break;
			case "dispatching":
				this.#mayHaveDispatched = true;
				break;
			case "identified":
				this.facts.identifiedBy = event.identifiedBy;
				this.#takePlace(event);
				break;
			case "following": this.#takePlace(event);
		}
	}
	#takePlace({ runId, runUrl, runApiUrl }) {
		Object.assign(this.facts, {
			runId,
			...runUrl && { runUrl },
			runApiUrl
		});
	}
	takeRun({ duplicates, duplicatePossible }) {
		if (duplicates.length > 0) this.facts.duplicates = duplicates;
		if (duplicatePossible) this.facts.duplicatePossible = true;
	}
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
	endAtOnce() {
		const { runId, runUrl, distinctId } = this.facts;
		let left = "nothing was dispatched";
		if (runId !== void 0) left = `${runUrl ? `run ${runId} (${runUrl})` : `run ${runId}`} goes on, unless it is being cancelled`;
		else if (this.#mayHaveDispatched) left = `a run with the distinct ID ${distinctId} may have been dispatched: look at the Actions page`;
		const message = `Ended at once: ${left}.`;
		this.takeError({
			code: "cancelled",
			message,
			mayHaveDispatched: this.#mayHaveDispatched
		});
		return message;
	}
	toString() {
		return JSON.stringify(this.facts, null, 2).replaceAll(/[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
	}
};

// js/cli/server.js
const LOOPBACK = [
	"localhost",
	"127.0.0.1",
	"[::1]"
];
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
function apiUrlOf(flags, env) {
	if (flags["api-url"]) return flags["api-url"];
	if (flags.host) return ofHost(flags.host);
	return env.GH_HOST ? ofHost(env.GH_HOST) : env.GITHUB_API_URL || void 0;
}
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
function tokenOf(apiUrl, env) {
	const host = hostOf(apiUrl);
	const name = tokenNames(apiUrl, env).find((name) => env[name]);
	return name ? env[name] : fromGh(host);
}
function tokenNames(apiUrl, env) {
	const host = hostOf(apiUrl);
	const isGitHub = host === "github.com" || host?.endsWith(".ghe.com");
	const isOwn = LOOPBACK.includes(host ?? "") || host && host === hostOf(env.GITHUB_API_URL);
	return [
		...isGitea(apiUrl) ? ["GITEA_TOKEN"] : [],
		...isGitHub ? [] : ["GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN"],
		...isGitHub || isOwn ? ["GH_TOKEN", "GITHUB_TOKEN"] : []
	];
}
function isGitea(apiUrl) {
	return /\/api\/v1\/?$/.test(apiUrl ?? "");
}
function hostOf(apiUrl) {
	if (!apiUrl) return "github.com";
	if (!URL.canParse(apiUrl)) return void 0;
	const { hostname } = new URL(apiUrl);
	return hostname === "api.github.com" ? "github.com" : hostname.replace(/^api\.(?=.*\.ghe\.com$)/, "");
}
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

The token comes from GH_TOKEN or GITHUB_TOKEN (for other hosts than github.com and ghe.com, from
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
var UsageError = class extends Error {};
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
const OF_DISPATCH = [
	"ref",
	"field",
	"inputs",
	"workflow-timeout-seconds",
	"distinct-id-input",
	"wait"
];
const OF_WAITING = [
	"wait-timeout-seconds",
	"cancel-on-timeout",
	"logs"
];
const MAY_BE_EMPTY = ["distinct-id-input", "field"];
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
function demo(positionals, flags) {
	const { server = "github" } = flags;
	if (!["github", "gitea"].includes(server)) throw new UsageError(`--server takes github or gitea, not "${server}"`);
	return {
		name: "demo",
		positionals,
		flags
	};
}
function read(args) {
	try {
		return parseArgs({
			args,
			options: OPTIONS,
			allowPositionals: true
		});
	} catch (error) {
		const [sentence] = String(error.message).split(/(?<=')\. |\n/);
		throw new UsageError(sentence?.replace(/\.$/, ""));
	}
}
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
function refuseNonsense(flags) {
	const empty = Object.keys(flags).find((name) => typeof flags[name] === "string" && !flags[name].trim() && !MAY_BE_EMPTY.includes(name));
	if (empty) throw new UsageError(`--${empty} is empty: leave it out where it is not needed`);
}
function refuseMore(positionals, most) {
	if (positionals.length > most) throw new UsageError(`"${positionals[most]}" is one argument too many`);
}

// js/cli/interrupts.js
const EXIT_OF$1 = {
	SIGTERM: EXIT.terminated,
	SIGHUP: EXIT.hungUp
};
const SIGNALS = [
	"SIGINT",
	"SIGTERM",
	"SIGHUP"
];
var Interrupts = class {
	#controller = new AbortController();
	exitCode = EXIT.interrupted;
	constructor(view, cancels, tell) {
		this.signal = this.#controller.signal;
		this.take = (signal) => {
			this.exitCode = EXIT_OF$1[signal] ?? EXIT.interrupted;
			if (this.signal.aborted) {
				view.close();
				tell();
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

// js/duration.js
function durationOf(seconds) {
	const whole = Math.floor(seconds);
	const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
	return [...[hours > 0 ? `${hours} h` : "", minutes > 0 ? `${minutes} min` : ""], `${whole % 60} s`].filter(Boolean).join(" ");
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
		case "job": return info(`${symbolOf(event.state)} ${event.name}${timeOf(event.seconds)}`);
		case "step": return info(`  ${symbolOf(event.conclusion)} ${event.job}: ${event.name}${timeOf(event.seconds)}`);
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
			return info(`${`${symbolOf(event.conclusion)} Run ${event.runId} ended with ${how}`}${timeOf(event.seconds)}${attempt}: ${event.runUrl}`);
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
function symbolOf(state) {
	return SYMBOLS.get(state) ?? "X";
}
function timeOf(seconds) {
	if (seconds === null) return "";
	const minutes = Math.floor(seconds / 60);
	return minutes > 0 ? ` (${minutes} min ${seconds % 60} s)` : ` (${seconds} s)`;
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

// js/cli/text.js
const COLOUR = new RegExp(`(${String.fromCharCode(27)}\\[[\\d;:]*m)`);
function name(text) {
	return text.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, " ");
}
function logLine(text, colours) {
	const parts = text.split(COLOUR);
	return parts.map((part, at) => {
		if (at % 2 === 1) return colours ? part : "";
		return part.replaceAll("	", "    ").replaceAll(/[\p{Cc}\u2028\u2029]/gu, "");
	}).join("") + (colours && parts.length > 1 ? "\x1B[0m" : "");
}

// js/cli/plain.js
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

// node_modules/fast-string-truncated-width/dist/utils.js
const getCodePointsLength = (() => {
	const SURROGATE_PAIR_RE = /[\uD800-\uDBFF][\uDC00-\uDFFF]/g;
	return (input) => {
		let surrogatePairsNr = 0;
		SURROGATE_PAIR_RE.lastIndex = 0;
		while (SURROGATE_PAIR_RE.test(input)) surrogatePairsNr += 1;
		return input.length - surrogatePairsNr;
	};
})();
const isFullWidth = (x) => {
	return x === 12288 || x >= 65281 && x <= 65376 || x >= 65504 && x <= 65510;
};
const isWideNotCJKTNotEmoji = (x) => {
	return x === 8987 || x === 9001 || x >= 12272 && x <= 12287 || x >= 12289 && x <= 12350 || x >= 12441 && x <= 12543 || x >= 12549 && x <= 12591 || x >= 12593 && x <= 12686 || x >= 12688 && x <= 12771 || x >= 12783 && x <= 12830 || x >= 12832 && x <= 12871 || x >= 12880 && x <= 19903 || x >= 65040 && x <= 65049 || x >= 65072 && x <= 65106 || x >= 65108 && x <= 65126 || x >= 65128 && x <= 65131 || x >= 127488 && x <= 127490 || x >= 127504 && x <= 127547 || x >= 127552 && x <= 127560 || x >= 131072 && x <= 196605 || x >= 196608 && x <= 262141;
};

// node_modules/fast-string-truncated-width/dist/index.js
const ANSI_RE = /[\u001b\u009b][[()#;?]*(?:[0-9]{1,4}(?:;[0-9]{0,4})*)?[0-9A-ORZcf-nqry=><]|\u001b\]8;[^;]*;.*?(?:\u0007|\u001b\u005c)/y;
const CONTROL_RE = /[\x00-\x08\x0A-\x1F\x7F-\x9F]{1,1000}/y;
const CJKT_WIDE_RE = /(?:(?![\uFF61-\uFF9F\uFF00-\uFFEF])[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Tangut}]){1,1000}/uy;
const TAB_RE = /\t{1,1000}/y;
const EMOJI_RE = /[\u{1F1E6}-\u{1F1FF}]{2}|\u{1F3F4}[\u{E0061}-\u{E007A}]{2}[\u{E0030}-\u{E0039}\u{E0061}-\u{E007A}]{1,3}\u{E007F}|(?:\p{Emoji}\uFE0F\u20E3?|\p{Emoji_Modifier_Base}\p{Emoji_Modifier}?|\p{Emoji_Presentation})(?:\u200D(?:\p{Emoji_Modifier_Base}\p{Emoji_Modifier}?|\p{Emoji_Presentation}|\p{Emoji}\uFE0F\u20E3?))*/uy;
const LATIN_RE = /(?:[\x20-\x7E\xA0-\xFF](?!\uFE0F)){1,1000}/y;
const MODIFIER_RE = /\p{M}+/gu;
const NO_TRUNCATION = {
	limit: Infinity,
	ellipsis: ""
};
const getStringTruncatedWidth = (input, truncationOptions = {}, widthOptions = {}) => {
	const LIMIT = truncationOptions.limit ?? Infinity;
	const ELLIPSIS = truncationOptions.ellipsis ?? "";
	const ELLIPSIS_WIDTH = truncationOptions?.ellipsisWidth ?? (ELLIPSIS ? getStringTruncatedWidth(ELLIPSIS, NO_TRUNCATION, widthOptions).width : 0);
	const ANSI_WIDTH = 0;
	const CONTROL_WIDTH = widthOptions.controlWidth ?? 0;
	const TAB_WIDTH = widthOptions.tabWidth ?? 8;
	const EMOJI_WIDTH = widthOptions.emojiWidth ?? 2;
	const FULL_WIDTH_WIDTH = 2;
	const REGULAR_WIDTH = widthOptions.regularWidth ?? 1;
	const WIDE_WIDTH = widthOptions.wideWidth ?? FULL_WIDTH_WIDTH;
	const PARSE_BLOCKS = [
		[LATIN_RE, REGULAR_WIDTH],
		[ANSI_RE, ANSI_WIDTH],
		[CONTROL_RE, CONTROL_WIDTH],
		[TAB_RE, TAB_WIDTH],
		[EMOJI_RE, EMOJI_WIDTH],
		[CJKT_WIDE_RE, WIDE_WIDTH]
	];
	let indexPrev = 0;
	let index = 0;
	let length = input.length;
	let lengthExtra = 0;
	let truncationEnabled = false;
	let truncationIndex = length;
	let truncationLimit = Math.max(0, LIMIT - ELLIPSIS_WIDTH);
	let unmatchedStart = 0;
	let unmatchedEnd = 0;
	let width = 0;
	let widthExtra = 0;
	outer: while (true) {
		if (unmatchedEnd > unmatchedStart || index >= length && index > indexPrev) {
			const unmatched = input.slice(unmatchedStart, unmatchedEnd) || input.slice(indexPrev, index);
			lengthExtra = 0;
			for (const char of unmatched.replaceAll(MODIFIER_RE, "")) {
				const codePoint = char.codePointAt(0) || 0;
				if (isFullWidth(codePoint)) widthExtra = FULL_WIDTH_WIDTH;
				else if (isWideNotCJKTNotEmoji(codePoint)) widthExtra = WIDE_WIDTH;
				else widthExtra = REGULAR_WIDTH;
				if (width + widthExtra > truncationLimit) truncationIndex = Math.min(truncationIndex, Math.max(unmatchedStart, indexPrev) + lengthExtra);
				if (width + widthExtra > LIMIT) {
					truncationEnabled = true;
					break outer;
				}
				lengthExtra += char.length;
				width += widthExtra;
			}
			unmatchedStart = unmatchedEnd = 0;
		}
		if (index >= length) break outer;
		for (let i = 0, l = PARSE_BLOCKS.length; i < l; i++) {
			const [BLOCK_RE, BLOCK_WIDTH] = PARSE_BLOCKS[i];
			BLOCK_RE.lastIndex = index;
			if (BLOCK_RE.test(input)) {
				lengthExtra = BLOCK_RE === CJKT_WIDE_RE ? getCodePointsLength(input.slice(index, BLOCK_RE.lastIndex)) : BLOCK_RE === EMOJI_RE ? 1 : BLOCK_RE.lastIndex - index;
				widthExtra = lengthExtra * BLOCK_WIDTH;
				if (width + widthExtra > truncationLimit) truncationIndex = Math.min(truncationIndex, index + Math.floor((truncationLimit - width) / BLOCK_WIDTH));
				if (width + widthExtra > LIMIT) {
					truncationEnabled = true;
					break outer;
				}
				width += widthExtra;
				unmatchedStart = indexPrev;
				unmatchedEnd = index;
				index = indexPrev = BLOCK_RE.lastIndex;
				continue outer;
			}
		}
		index += 1;
	}
	return {
		width: truncationEnabled ? truncationLimit : width,
		index: truncationEnabled ? truncationIndex : length,
		truncated: truncationEnabled,
		ellipsed: truncationEnabled && LIMIT >= ELLIPSIS_WIDTH
	};
};

// js/cli/screen.js
const ERASE_ROW = "\r\x1B[2K";
const ERASE_ROW_ABOVE = "\x1B[A\x1B[2K";
const NO_WRAPPING = "\x1B[?7l";
const WRAPPING = "\x1B[?7h";
const RESIZING = 300;
const STOPPED = 1e3;
var Screen = class {
	#out;
	#drawn = 0;
	#columns;
	#resizingUntil = 0;
	#drawnAt = 0;
	#resize = () => {
		if (this.columns < this.#columns) {
			this.#drawn = 0;
			this.#resizingUntil = performance.now() + RESIZING;
		}
		this.#columns = this.columns;
	};
	constructor(out) {
		this.#out = out;
		this.#columns = this.columns;
		out.on("resize", this.#resize);
	}
	get rows() {
		return this.#out.rows || 24;
	}
	get columns() {
		return this.#out.columns || 80;
	}
	draw(lines, above = "") {
		const now = performance.now();
		if (now - this.#drawnAt > STOPPED) this.#drawn = 0;
		this.#drawnAt = now;
		const room = now < this.#resizingUntil ? 0 : Math.max(0, this.rows - 1);
		const shown = lines.slice(Math.max(0, lines.length - room));
		const text = shown.map((line) => `${line}\n`).join("");
		this.#out.write(this.#erase() + above + (text && NO_WRAPPING + text + WRAPPING));
		this.#drawn = shown.length;
	}
	close() {
		this.#out.write(this.#erase());
		this.#drawn = 0;
		this.#out.off("resize", this.#resize);
	}
	#erase() {
		return this.#drawn > 0 ? ERASE_ROW + ERASE_ROW_ABOVE.repeat(this.#drawn) : "";
	}
};
function cut(text, cells) {
	const { index, ellipsed } = getStringTruncatedWidth(text, {
		limit: cells,
		ellipsis: "…"
	});
	return text.slice(0, index) + (ellipsed ? "…" : "");
}

// js/cli/live.js
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
function liveView(out, { debug, colours }) {
	const screen = new Screen(out);
	const picture = new Picture(screen, colours);
	const draw = (above = "") => screen.draw(picture.lines(performance.now()), above);
	const redraw = () => draw();
	const timer = setInterval(redraw, BETWEEN_FRAMES);
	out.on("resize", redraw);
	return {
		show(event) {
			picture.take(event, performance.now());
			if (event.type === "ended") {
				const lines = picture.lines(performance.now(), true);
				picture.isOver = true;
				const line = lineOf(event, colours, debug);
				if (line) lines.push("", line);
				draw(lines.map((line) => `${line}\n`).join(""));
				return;
			}
			const text = DRAWN.includes(event.type) ? void 0 : lineOf(event, colours, debug);
			draw(text === void 0 ? "" : `${text}\n`);
		},
		note(text) {
			draw(`${text}\n`);
		},
		close() {
			clearInterval(timer);
			out.off("resize", redraw);
			screen.close();
		}
	};
}
var Picture = class {
	#jobs = /* @__PURE__ */ new Map();
	#doing = "";
	#since = performance.now();
	isOver = false;
	constructor(screen, colours) {
		this.screen = screen;
		this.colours = colours;
	}
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
	#do(doing, now) {
		this.#doing = doing;
		this.#since = now;
	}
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
	lines(now, isLast = false) {
		if (this.isOver) return [];
		const { colours } = this;
		const jobs = [...this.#jobs.values()];
		if (isLast) return jobs.flatMap((job) => this.#linesOf(job, now, true));
		const room = Math.max(3, this.screen.rows - 3);
		const seconds = ` ${durationOf((now - this.#since) / 1e3)}`;
		const doing = this.#fit(this.#doing || "Starting", `  ${seconds}`);
		const head = `${this.#spinner(now)} ${doing}${colours.dim(seconds)}`;
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
	#linesOf(job, now, isShort) {
		const running = job.steps.filter((step) => step.state === "in_progress");
		const failed = job.steps.filter((step) => isFailure(step.state));
		const few = job.state === "in_progress" && !isShort ? job.steps : [...failed, ...running];
		return [this.#line(job, now, ""), ...few.map((step) => this.#line(step, now, "    "))];
	}
	#line(part, now, indent) {
		const { colours } = this;
		const { state } = part;
		const seconds = state === "in_progress" ? (now - part.began) / 1e3 : part.seconds;
		const time = seconds === null ? "" : ` ${durationOf(seconds)}`;
		const shown = this.#fit(name(part.name), `${indent}  ${time}`);
		return `${indent}${this.#symbol(state, now)} ${shown}${colours.dim(time)}`;
	}
	#fit(text, rest) {
		return cut(text, Math.max(1, this.screen.columns - rest.length - 1));
	}
	#symbol(state, now) {
		const { colours } = this;
		if (state === "in_progress") return this.#spinner(now);
		const symbol = symbolOf(state);
		if (symbol === "✓") return colours.green(symbol);
		if (symbol === "-") return colours.dim(symbol);
		return symbol === "X" ? colours.red(symbol) : colours.yellow(symbol);
	}
	#spinner(now) {
		return this.colours.cyan(FRAMES[Math.floor(now / BETWEEN_FRAMES) % FRAMES.length] ?? "");
	}
};
function isFailure(state) {
	return symbolOf(state) === "X";
}
function isWell(state) {
	return [
		"✓",
		"-",
		"·"
	].includes(symbolOf(state));
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
		const route = (await import("./proxy.cjs")).routeTo(target, REUSED, isFresh);
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
		request,
		options: { agent: new Agent(REUSED) }
	};
	const https = await import("node:https");
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
		await once(response.resume(), "end");
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
	const { constants, createGunzip } = await import("node:zlib");
	const bytes = createGunzip({ finishFlush: response.headers["content-type"]?.includes("json") ? constants.Z_SYNC_FLUSH : constants.Z_FINISH });
	bytes.on("error", () => {});
	response.on("error", (error) => bytes.destroy(error)).pipe(bytes);
	return bytes;
}

// js/cli.js
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
let unwritten;
for (const stream of [process.stdout, process.stderr]) stream.on("error", (error) => {
	if (error.code !== "EPIPE") unwritten ??= error;
});
process.on("uncaughtException", (error) => {
	complain(error.message);
	process.exit(EXIT.internal);
});
process.exitCode = await main(process.argv.slice(2));
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
			case "demo": return await (await demonstration()).demonstrate((args, env) => perform(parse(args, env), env), command.flags.server);
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
async function demonstration() {
	try {
		return await import("./cli-demo.js");
	} catch (error) {
		if (error.code !== "ERR_MODULE_NOT_FOUND") throw error;
		throw new UsageError(`the demonstration needs return-dispatch-simulator, which was left out when return-dispatch was installed: install it in the same place, by npm install return-dispatch-simulator@${version()} (with --global, if return-dispatch is global)`);
	}
}
function noToken(apiUrl, flags, env) {
	const names = tokenNames(apiUrl, env);
	const place = apiUrl ? ` for ${apiUrl}` : "";
	const unused = ["GH_TOKEN", "GITHUB_TOKEN"].find((name) => env[name]);
	return `There is no token${place}${unused && !names.includes(unused) ? ` (${unused} is only sent to github.com and ghe.com)` : ""}: ${flags.addressHost && !flags["api-url"] ? `name the server by GH_HOST and set ${names[0]}` : `set ${names[0]} to one that may run workflows in the target repository`}, or log in with gh`;
}
async function perform({ name: what, positionals, flags }, env) {
	const [repo = "", workflowOrRun = ""] = positionals;
	const { apiUrl, token } = serverOf(flags, env);
	if (!token) throw new UsageError(noToken(apiUrl, flags, env));
	const workflowInputs = what === "dispatch" ? await inputsOf(flags) : void 0;
	const view = viewOn(flags.json ? process.stderr : process.stdout, flags);
	const document = new Document();
	const interrupts = new Interrupts(view, Boolean(flags["cancel-on-interrupt"]), () => {
		writeAtOnce(process.stderr.fd, complaint(document.endAtOnce()));
		if (flags.json) writeAtOnce(process.stdout.fd, `${document}\n`);
	});
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
function tellAllTheSame(event, flags) {
	if (event.type === "identified" && !flags.json) process.stdout.write(`${event.runId}\n`);
	if (event.type === "duplicate" || event.type === "duplicatePossible") process.stderr.write(`${lineOf(event, errors, false)}\n`);
}
async function written() {
	await new Promise((resolve) => process.stdout.write("", resolve));
	await new Promise((resolve) => setImmediate(resolve));
}
function exitCode({ code, runId, mayHaveDispatched }, interrupts) {
	if (code === "cancelled") return interrupts.exitCode;
	if (code === "timed_out" && runId !== void 0) return EXIT.unfinished;
	const exit = EXIT_OF.get(code) ?? EXIT.internal;
	if (exit !== EXIT.refused || !mayHaveDispatched) return exit;
	return runId === void 0 ? EXIT.unidentified : EXIT.unfinished;
}
function showOutputs(view, outputs) {
	for (const [key, value] of Object.entries(outputs)) view.note(`  ${name(key)} = ${name(typeof value === "string" ? value : JSON.stringify(value))}`);
}
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
		throw new UsageError(error.message);
	}
}
async function readInputs(file) {
	const text = file === "-" ? await readAll() : readFile(file);
	if (!text.trim()) throw new UsageError(`--inputs ${file} has nothing in it; {} are no inputs`);
	return text;
}
function readFile(file) {
	try {
		return readFileSync(file, "utf8");
	} catch (error) {
		throw new UsageError(`--inputs ${file} cannot be read: ${error.message}`);
	}
}
async function readAll() {
	if (process.stdin.isTTY) process.stderr.write("Reading inputs; end them with Ctrl-D.\n");
	let text = "";
	try {
		for await (const chunk of process.stdin.setEncoding("utf8")) text += chunk;
	} catch (error) {
		throw new UsageError(`--inputs - cannot be read: ${error.message}`);
	}
	return text;
}
function coloursOn(stream) {
	const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
	const isForced = Boolean(FORCE_COLOR) && FORCE_COLOR !== "0";
	return import_picocolors.default.createColors(!NO_COLOR && (isForced || Boolean(stream.isTTY) && TERM !== "dumb"));
}
function version() {
	const file = new URL("../package.json", import.meta.url);
	return JSON.parse(readFileSync(file, "utf8")).version;
}
function complain(message) {
	process.stderr.write(complaint(message));
}
function complaint(message) {
	return `${errors.red("error:")} ${name(message)}\n`;
}
function writeAtOnce(fd, text) {
	try {
		writeSync(fd, text);
	} catch {}
}

export {  };