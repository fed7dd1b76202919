/** Checks that the committed dist/ is what the sources build to, byte for byte. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { withBuild } from './build/assemble.js';
import { DIST } from './lib/paths.js';
import { Problem, runMain } from './lib/problem.js';
import { setup } from './setup.js';

await runMain(async () => {
  await setup();
  const differences = await withBuild(compareWithDist);
  if (differences.length > 0) {
    throw new Problem(
      [
        'dist/ is not what the sources build to:',
        ...differences.map((difference) => `  ${difference}`),
        'Run `npm run build` and commit dist/ together with the sources.',
      ].join('\n'),
    );
  }
  console.log('dist/ is what the sources build to.');
});

/** @param {string} built */
function compareWithDist(built) {
  const names = (/** @type {string} */ folder) => (existsSync(folder) ? readdirSync(folder) : []);
  return [...new Set([...names(built), ...names(DIST)])].sort().flatMap((name) => {
    const [ours, theirs] = [join(DIST, name), join(built, name)];
    if (!existsSync(ours)) return [`${name} is missing`];
    if (!existsSync(theirs)) return [`${name} is built no more`];
    return readFileSync(ours).equals(readFileSync(theirs)) ? [] : [`${name} differs`];
  });
}
