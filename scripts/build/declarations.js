/** The types of the npm package, each entry's in one file. */
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
  { parts: ['types/events.d.ts', 'api/index.d.ts'], types: 'index.d.cts', again: 'index.d.ts' },
  {
    parts: ['types/scenario.d.ts', 'api/simulator.d.ts'],
    types: 'simulator.d.cts',
    again: 'simulator.d.ts',
  },
];

/** @param {string} folder */
export function writeDeclarations(folder) {
  for (const { parts, types, again } of ENTRIES) {
    const text = parts.map((part) => withoutImports(readFileSync(inRoot('js', part), 'utf8')));
    writeFileSync(join(folder, types), text.join('\n'));
    const source = types.replace(/\.d\.cts$/, '.cjs');
    writeFileSync(join(folder, again), `export * from './${source}';\n`);
  }
}

/** @param {string} text what stands in the other parts is imported from nowhere any more */
function withoutImports(text) {
  const rest = text.replace(
    /^(import type .*|export type \*) from '\.\.\/types\/[a-z]+\.js';\n/gm,
    '',
  );
  if (/^(import|export) .* from /m.test(rest)) {
    throw new Problem(
      'js/api imports what is not put into dist/: see scripts/build/declarations.js.',
    );
  }
  return rest;
}
