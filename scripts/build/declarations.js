/** The types of the npm packages, each entry's in one file. */
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { inRoot } from '../lib/paths.js';
import { Problem } from '../lib/problem.js';
import { SIMULATOR } from './simulator-package.js';

/**
 * Each file, what it is made of, and the file that says the same to who imports what others require.
 *
 * An ES module may take its types from a CommonJS module, but not the other way round.
 */
const ENTRIES = [
  { parts: ['types/events.d.ts', 'api/index.d.ts'], types: 'index.d.cts', again: 'index.d.ts' },
  {
    parts: ['types/scenario.d.ts', 'api/simulator.d.ts'],
    types: 'simulator/index.d.cts',
    again: 'simulator/index.d.ts',
  },
];

/** The entry that is another package. */
const ELSEWHERE = ['simulator.d.cts', 'simulator.d.ts'];

/** @param {string} folder */
export function writeDeclarations(folder) {
  for (const { parts, types, again } of ENTRIES) {
    const text = parts.map((part) => withoutImports(readFileSync(inRoot('js', part), 'utf8')));
    writeFileSync(join(folder, types), text.join('\n'));
    const source = basename(types).replace(/\.d\.cts$/, '.cjs');
    writeFileSync(join(folder, again), `export * from './${source}';\n`);
  }
  for (const file of ELSEWHERE) {
    writeFileSync(join(folder, file), `export * from '${SIMULATOR}';\n`);
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
