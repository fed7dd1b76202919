/**
 * Builds dist/, which is committed, as runners execute it without building anything, and the types in js/types/.
 *
 *     node scripts/build.js [--out FOLDER]
 */
import { existsSync, readdirSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { replaceFolder, withBuild } from './build/assemble.js';
import { TYPES, withTypes } from './build/types.js';
import { DIST, inRoot } from './lib/paths.js';
import { Problem, runMain } from './lib/problem.js';
import { setup } from './setup.js';

await runMain(async () => {
  const { values } = parseArgs({ options: { out: { type: 'string' } } });
  const out = values.out === undefined ? DIST : resolve(values.out);
  // Stale files must go, but only out of the folder that is known to hold nothing else.
  if (out !== DIST && existsSync(out) && readdirSync(out).length > 0) {
    throw new Problem(`${values.out} is not empty: name a new folder, or empty it first.`);
  }
  await setup();
  if (out === DIST) {
    await withTypes((built) => {
      for (const folder of TYPES) replaceFolder(join(built, folder), inRoot(folder));
    });
  }
  await withBuild((folder) => replaceFolder(folder, out));
  console.log(`Built ${relative(process.cwd(), out)}.`);
});
