/** Gitea: a real server whose API speaks of Actions, built from source by Go. */
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

const MODULE = 'code.gitea.io/gitea';

/** The last that is to be had as a Go module: 1.27 moved to another path. */
const VERSION = '1.26.0';

/** What the program reads beside itself when it runs: built without its front end, it has them not within. */
const ASSETS = ['options', 'public', 'templates'];

/**
 * Builds it unless it is there, outside the checkout, so that a new clone does not build it again.
 *
 * @returns {Promise<string>} the folder with the program `gitea` and what it reads
 */
export async function installGitea() {
  const folder = join(CACHE, `gitea-${VERSION}`);
  if (existsSync(folder)) return folder;

  console.log(`Building Gitea ${VERSION}: once, about four minutes on two cores.`);
  mkdirSync(dirname(folder), { recursive: true });
  // What is interrupted must not be taken for what is finished, so the folder gets its name at the end.
  const unfinished = mkdtempSync(`${folder}.`);
  try {
    const source = await download();
    await build(source, join(unfinished, 'gitea'));
    for (const name of ASSETS) copyWritable(join(source, name), join(unfinished, name));
    chmodSync(unfinished, 0o755);
    renameSync(unfinished, folder);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  return folder;
}

/** @returns {Promise<string>} the folder of its source, in Go's own cache */
async function download() {
  const module = JSON.parse(
    await read('go', ['mod', 'download', '-json', `${MODULE}@v${VERSION}`]),
  );
  return module.Dir;
}

/**
 * Within its own module: `go install` refuses it for the `replace` lines of its go.mod, which count only there. With them
 * count the checksums of everything it is made of.
 *
 * @param {string} source
 * @param {string} program
 */
async function build(source, program) {
  const flags = ['-mod=readonly', '-trimpath', '-buildvcs=false', '-v'];
  const tags = ['-tags', 'sqlite sqlite_unlock_notify'];
  const link = ['-ldflags', `-s -w -X main.Version=${VERSION}`];
  await run('go', ['build', ...flags, ...tags, ...link, '-o', program, '.'], {
    cwd: source,
    // SQLite is in C; a workspace of the person who builds has nothing to say here.
    env: { CGO_ENABLED: '1', GOWORK: 'off', GOFLAGS: undefined },
  });
}

/**
 * Go writes its cache for reading only, folders too: as such they could not be removed.
 *
 * @param {string} from
 * @param {string} to
 */
function copyWritable(from, to) {
  cpSync(from, to, { recursive: true });
  for (const entry of readdirSync(to, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory()) chmodSync(join(entry.parentPath, entry.name), 0o755);
  }
  chmodSync(to, 0o755);
}
