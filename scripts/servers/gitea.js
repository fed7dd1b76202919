/** Gitea: a real server whose API speaks of Actions, and its own runner, both built from source by Go. */
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { CACHE } from '../lib/paths.js';
import { read, run } from '../lib/run.js';

/**
 * @typedef {object} Release
 * @property {string} name what the program's file and the folder in the cache are called
 * @property {string} module Go's
 * @property {string} version
 * @property {string} takes about how long building it takes on two cores
 * @property {string[]} flags of `go build`
 * @property {string[]} beside folders that it reads beside itself when it runs
 * @property {string[]} replace what is served under another path than the one that its go.mod names
 */

/** @type {(version: string, replace: string[]) => Release} */
const server = (version, replace) => ({
  name: 'gitea',
  module: 'code.gitea.io/gitea',
  version,
  takes: 'four minutes',
  flags: ['-tags', 'sqlite sqlite_unlock_notify', '-ldflags', `-s -w -X main.Version=${version}`],
  // Built without its front end, it has them not within.
  beside: ['options', 'public', 'templates'],
  replace,
});

const SERVERS = {
  older: server('1.26.0', []),
  // It calls itself gitea.dev, but neither it nor the first two of these are served under that name.
  newer: server('1.27.3', [
    'gitea.dev/actions-proto-go=code.gitea.io/actions-proto-go@v0.6.0',
    'gitea.dev/sdk=code.gitea.io/sdk@v1.2.0',
    'gitlab.com/gitlab-org/api/client-go/v2=gitlab.com/gitlab-org/api/client-go/v2@v2.43.0',
  ]),
};

/** @type {Release} */
const RUNNER = {
  name: 'gitea-runner',
  module: 'gitea.com/gitea/runner',
  version: '1.0.8',
  takes: 'a minute',
  flags: ['-ldflags', '-s -w'],
  beside: [],
  replace: [],
};

/**
 * Builds a server.
 *
 * @param {keyof typeof SERVERS} which
 * @returns {Promise<string>} the folder with the program `gitea` and what it reads
 */
export const installGitea = (which) => install(SERVERS[which]);

/**
 * Builds Gitea's own runner.
 *
 * @returns {Promise<string>} the program's file
 */
export const installGiteaRunner = async () => join(await install(RUNNER), RUNNER.name);

/**
 * Builds a program unless it is there, outside the checkout, so that a new clone does not build it again.
 *
 * @param {Release} release
 * @returns {Promise<string>} its folder
 */
async function install(release) {
  const { name, version, takes, beside } = release;
  const folder = join(CACHE, `${name}-${version}`);
  if (existsSync(folder)) return folder;

  console.log(`Building ${name} ${version}: once, about ${takes} on two cores.`);
  mkdirSync(dirname(folder), { recursive: true });
  // What is interrupted must not be taken for what is finished, so the folder gets its name at the end.
  const unfinished = mkdtempSync(`${folder}.`);
  const source = join(unfinished, 'source');
  try {
    copyWritable(await download(release), source);
    await build(release, source, join(unfinished, name));
    for (const each of beside) renameSync(join(source, each), join(unfinished, each));
    rmSync(source, { recursive: true });
    chmodSync(unfinished, 0o755);
    // Somebody else may have been quicker.
    if (!existsSync(folder)) renameSync(unfinished, folder);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  return folder;
}

/**
 * @param {Release} release
 * @returns {Promise<string>} the folder of its source, in Go's own cache
 */
async function download({ module, version }) {
  return JSON.parse(await read('go', ['mod', 'download', '-json', `${module}@v${version}`])).Dir;
}

/**
 * Within its own module: `go install` refuses it for the `replace` lines of its go.mod, which count only there. With them
 * count the checksums of what it is made of.
 *
 * @param {Release} release
 * @param {string} source
 * @param {string} program
 */
async function build({ flags, replace }, source, program) {
  // A workspace or flags of the person who builds have nothing to say here.
  const options = { cwd: source, env: { CGO_ENABLED: '1', GOWORK: 'off', GOFLAGS: undefined } };
  for (const each of replace) await run('go', ['mod', 'edit', '-replace', each], options);
  const always = ['-mod=mod', '-trimpath', '-buildvcs=false', '-v'];
  await run('go', ['build', ...always, ...flags, '-o', program, '.'], options);
}

/**
 * Go writes its cache for reading only, folders and files too: as such they could not be changed or removed.
 *
 * @param {string} from
 * @param {string} to
 */
function copyWritable(from, to) {
  cpSync(from, to, { recursive: true });
  for (const entry of readdirSync(to, { recursive: true, withFileTypes: true })) {
    chmodSync(join(entry.parentPath, entry.name), entry.isDirectory() ? 0o755 : 0o644);
  }
  chmodSync(to, 0o755);
}
