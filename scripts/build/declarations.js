/** The types of the npm package: js/types/, each entry in one file. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inRoot } from '../lib/paths.js';
import { Problem } from '../lib/problem.js';

/**
 * Each file, what it is made of, and the file that says the same to who imports what others require.
 *
 * An ES module may take its types from a CommonJS module, but not the other way round.
 */
const ENTRIES = [
  { parts: ['events.d.ts', 'index.d.ts'], types: 'index.d.cts', again: 'index.d.ts' },
];

/** @param {string} folder */
export function writeDeclarations(folder) {
  for (const { parts, types, again } of ENTRIES) {
    const text = parts.map((part) =>
      withoutImports(readFileSync(inRoot('js', 'types', part), 'utf8')),
    );
    writeFileSync(join(folder, types), text.join('\n'));
    const source = types.replace(/\.d\.cts$/, '.cjs');
    writeFileSync(join(folder, again), `export * from './${source}';\n`);
  }
}

/** @param {string} text what stands in the other parts is imported from nowhere any more */
function withoutImports(text) {
  const rest = text.replace(/^(import type .*|export type \*) from '\.\/[a-z]+\.js';\n/gm, '');
  if (/^(import|export) .* from /m.test(rest)) {
    throw new Problem(
      'js/types imports what is not put into dist/: see scripts/build/declarations.js.',
    );
  }
  return rest;
}
