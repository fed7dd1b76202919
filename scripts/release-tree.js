/**
 * Assembles what a tag of a release names (`npm run release:tree -- FOLDER`): the files that a step needs, built from the
 * commit that is checked out.
 */
import { existsSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT } from './lib/paths.js';
import { Problem, runMain } from './lib/problem.js';
import { capture, read } from './lib/run.js';
import { assembleRelease, FILES } from './release/tree.js';

await runMain(async () => {
  const [name, ...others] = parseArgs({ allowPositionals: true }).positionals;
  if (name === undefined || others.length > 0) {
    throw new Problem('Name one folder for the files: `npm run release:tree -- FOLDER`.');
  }
  const folder = resolve(name);
  if (existsSync(folder) && readdirSync(folder).length > 0) {
    throw new Problem(`${name} is not empty: name a new folder, or empty it first.`);
  }
  const commit = await checkedOut();
  assembleRelease(folder, commit);
  console.log(`Assembled ${name} from commit ${commit}: ${FILES.length + 1} files.`);
});

/**
 * @returns {Promise<string>} the commit that is checked out
 * @throws {Problem} if files of a release are not as they are in it
 */
async function checkedOut() {
  const { code } = await capture('git', ['-C', ROOT, 'rev-parse', '--git-dir']);
  if (code !== 0) throw new Problem('A release is made from a clone: this is none.');
  const changed = await read('git', ['status', '--porcelain', '--', ...FILES, 'README.md']);
  if (changed.trim()) {
    throw new Problem(`Commit these first, as a release names its commit:\n${changed.trimEnd()}`);
  }
  return (await read('git', ['rev-parse', 'HEAD'])).trim();
}
