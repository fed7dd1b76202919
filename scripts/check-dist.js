/** Checks that the committed dist/ and types are what the sources build to, byte for byte. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { withBuild } from './build/assemble.js';
import { TYPES, withTypes } from './build/types.js';
import { DIST, inRoot } from './lib/paths.js';
import { Problem, runMain } from './lib/problem.js';
import { setup } from './setup.js';

await runMain(async () => {
  await setup();
  const differences = [
    ...(await withTypes((built) =>
      TYPES.flatMap((folder) => compare(inRoot(folder), join(built, folder), folder)),
    )),
    ...(await withBuild((built) => compare(DIST, built, 'dist'))),
  ];
  if (differences.length > 0) {
    throw new Problem(
      [
        'What is committed is not what the sources build to:',
        ...differences.map((difference) => `  ${difference}`),
        'Run `npm run build` and commit these files together with the sources.',
      ].join('\n'),
    );
  }
  console.log('dist/ and the types are what the sources build to.');
});

/**
 * @param {string} committed
 * @param {string} built
 * @param {string} called how the folder is called
 */
function compare(committed, built, called) {
  const names = (/** @type {string} */ folder) =>
    existsSync(folder) ? readdirSync(folder, { recursive: true }).map(String) : [];
  return [...new Set([...names(built), ...names(committed)])].sort().flatMap((name) => {
    const [ours, theirs] = [join(committed, name), join(built, name)];
    const file = `${called}/${name}`.replaceAll('\\', '/');
    if (!existsSync(ours)) return [`${file} is missing`];
    if (!existsSync(theirs)) return [`${file} is built no more`];
    if (statSync(ours).isDirectory()) return [];
    return read(ours).equals(read(theirs)) ? [] : [`${file} differs`];
  });
}

/**
 * What a file holds: versions of Node.js may differ in how they compress it.
 *
 * @param {string} file
 */
function read(file) {
  const bytes = readFileSync(file);
  return file.endsWith('.br') ? brotliDecompressSync(bytes) : bytes;
}
