/** What the command takes, and what it says of that. */
import { parseArgs } from 'node:util';
import { isGitea } from './server.js';

/** The exit codes, as `--help` has them. */
export const EXIT = {
  success: 0,
  unsuccessful: 1,
  usage: 2,
  unidentified: 3,
  refused: 4,
  unfinished: 5,
  internal: 70,
  interrupted: 130,
  hungUp: 129,
  terminated: 143,
};

export const HELP = `return-dispatch calls a GitHub Actions workflow in another repository like a function:
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

/** The command was not written right. */
export class UsageError extends Error {}

/** @satisfies {NonNullable<import('node:util').ParseArgsConfig['options']>} */
const OPTIONS = {
  ref: { type: 'string', short: 'r' },
  field: { type: 'string', short: 'f', multiple: true },
  inputs: { type: 'string' },
  'workflow-timeout-seconds': { type: 'string' },
  'distinct-id': { type: 'string' },
  'distinct-id-input': { type: 'string' },
  wait: { type: 'boolean', short: 'w' },
  'wait-timeout-seconds': { type: 'string' },
  'cancel-on-timeout': { type: 'boolean' },
  'cancel-on-interrupt': { type: 'boolean' },
  logs: { type: 'string' },
  'poll-interval-seconds': { type: 'string' },
  json: { type: 'boolean' },
  quiet: { type: 'boolean', short: 'q' },
  debug: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
  'api-url': { type: 'string' },
  server: { type: 'string' },
};

/** Only where something is dispatched. */
const OF_DISPATCH = [
  'ref',
  'field',
  'inputs',
  'workflow-timeout-seconds',
  'distinct-id-input',
  'wait',
];

/** Only where a run is waited for. */
const OF_WAITING = ['wait-timeout-seconds', 'cancel-on-timeout', 'logs'];

/** An empty variable of a script is not what it was to say. */
const MAY_BE_EMPTY = ['distinct-id-input', 'field'];

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
export function parse(args, env) {
  const { values: flags, positionals } = read(args);
  const [first = ''] = positionals;
  if (flags.help || first === 'help') return { name: 'help', positionals, flags };
  if (flags.version) return { name: 'version', positionals, flags };
  refuseNonsense(flags);
  if (first === 'demo') return demo(positionals.slice(1), flags);
  if ('server' in flags) throw new UsageError('--server is for the demonstration: give --api-url');
  if (first === 'watch') return watch(positionals.slice(1), flags, env);
  return dispatch(first === 'dispatch' ? positionals.slice(1) : positionals, flags);
}

/**
 * @param {string[]} positionals
 * @param {Record<string, any>} flags
 * @returns {Command}
 */
function demo(positionals, flags) {
  const { server = 'github' } = flags;
  if (!['github', 'gitea'].includes(server)) {
    throw new UsageError(`--server takes github or gitea, not "${server}"`);
  }
  return { name: 'demo', positionals, flags };
}

/** @param {string[]} args */
function read(args) {
  try {
    return parseArgs({ args, options: OPTIONS, allowPositionals: true });
  } catch (error) {
    // What follows the first sentence is about options that begin with a dash.
    const [sentence] = String(/** @type {Error} */ (error).message).split(/(?<=')\. |\n/);
    throw new UsageError(sentence?.replace(/\.$/, ''));
  }
}

/**
 * @param {string[]} positionals
 * @param {Record<string, any>} flags
 * @returns {Command}
 */
function dispatch(positionals, flags) {
  if (positionals.length < 2) {
    throw new UsageError(
      'Name the repository and the workflow: return-dispatch OWNER/REPO WORKFLOW',
    );
  }
  refuseMore(positionals, 2);
  const idle = flags.wait ? undefined : OF_WAITING.find((name) => name in flags);
  if (idle) throw new UsageError(`--${idle} is for waiting: give --wait as well`);
  return { name: 'dispatch', positionals, flags };
}

/**
 * @param {string[]} positionals
 * @param {Record<string, any>} flags
 * @param {NodeJS.ProcessEnv} env
 * @returns {Command}
 */
function watch(positionals, flags, env) {
  const foreign = OF_DISPATCH.find((name) => name in flags && name !== 'wait');
  if (foreign) throw new UsageError(`--${foreign} is for dispatching; watch dispatches nothing`);
  refuseMore(positionals, 2);
  if (positionals.length === 2) return { name: 'watch', positionals, flags };
  const [address = ''] = positionals;
  // GH_REPO is that of gh: https://cli.github.com/manual/gh_help_environment
  const here = /^(?:([^/]+)\/)?([^/]+\/[^/]+)$/.exec(env.GH_REPO || env.GITHUB_REPOSITORY || '');
  if (/^\d+$/.test(address) && here?.[2]) {
    return { name: 'watch', positionals: [here[2], address], flags: { host: here[1], ...flags } };
  }
  const [, host, repository, run] =
    /^https?:\/\/([^/]+)\/([^/]+\/[^/]+)\/actions\/runs\/(\d+)(?:[/?#].*)?$/.exec(address) ?? [];
  if (!host || !repository || !run) {
    throw new UsageError(
      'Name the repository and the run: return-dispatch watch OWNER/REPO RUN_ID, or the address of its page',
    );
  }
  if (isGitea(flags['api-url'])) {
    // Before 1.26, it numbered its pages in another way than its runs.
    throw new UsageError(
      `Of Gitea, name the repository and the run's ID: return-dispatch watch ${repository} RUN_ID`,
    );
  }
  return { name: 'watch', positionals: [repository, run], flags: { addressHost: host, ...flags } };
}

/** @param {Record<string, any>} flags */
function refuseNonsense(flags) {
  const empty = Object.keys(flags).find(
    (name) =>
      typeof flags[name] === 'string' && !flags[name].trim() && !MAY_BE_EMPTY.includes(name),
  );
  if (empty) throw new UsageError(`--${empty} is empty: leave it out where it is not needed`);
}

/**
 * @param {string[]} positionals
 * @param {number} most
 */
function refuseMore(positionals, most) {
  if (positionals.length > most) {
    throw new UsageError(`"${positionals[most]}" is one argument too many`);
  }
}
