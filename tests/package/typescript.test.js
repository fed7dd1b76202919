/** The declarations, as strict programs see them, in projects of every kind. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { missing, project, run, tools } from './support.js';

const MODULES = fileURLToPath(new URL('../../node_modules', import.meta.url));

/** Where the types of the platform come from. */
const PLATFORMS = {
  'lib.dom': { lib: ['ES2023', 'DOM'], types: [] },
  '@types/node': { lib: ['ES2023'], types: ['node'] },
  both: { lib: ['ES2023', 'DOM'], types: ['node'] },
};

/** The newest is the project's own. */
const COMPILERS = {
  newest: {
    compiler: join(MODULES, 'typescript', 'bin', 'tsc'),
    skip: false,
    platforms: Object.entries(PLATFORMS),
  },
  // It takes seconds for each.
  oldest: {
    compiler: join(tools.typescript ?? '', 'bin', 'tsc'),
    skip: missing('typescript'),
    platforms: Object.entries(PLATFORMS).filter(([name]) => name === '@types/node'),
  },
};

/**
 * @type {Record<string, {
 *   type: 'module' | 'commonjs', options: object, compilers?: (keyof typeof COMPILERS)[], runs: boolean }>}
 */
const PROJECTS = {
  'ES modules in Node.js': { type: 'module', options: { module: 'nodenext' }, runs: true },
  'CommonJS in Node.js': { type: 'commonjs', options: { module: 'nodenext' }, runs: true },
  'a bundler': {
    type: 'module',
    options: { module: 'esnext', moduleResolution: 'bundler' },
    runs: false,
  },
  // The newest TypeScript has it no more.
  'CommonJS as it was': {
    type: 'commonjs',
    options: { module: 'commonjs', moduleResolution: 'node' },
    compilers: ['oldest'],
    runs: true,
  },
};

const STRICT = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: false,
  target: 'es2022',
  outDir: 'compiled',
  typeRoots: [join(MODULES, '@types')],
};

for (const [kind, { type, options, compilers, runs }] of Object.entries(PROJECTS)) {
  const folder = await project(type);

  for (const age of compilers ?? /** @type {const} */ (['newest', 'oldest'])) {
    const { compiler, skip, platforms } = COMPILERS[age];
    for (const [platform, types] of platforms) {
      test(`the ${age} TypeScript for ${kind}, with ${platform}`, { skip }, async () => {
        const config = {
          compilerOptions: { ...STRICT, ...options, ...types },
          files: ['everything.ts'],
        };
        writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
        const args = [compiler, '--project', '.'];
        const { code, output } = await run(process.execPath, args, { cwd: folder });
        assert.equal(output, '');
        assert.equal(code, 0);
      });
    }
  }

  if (!runs) continue;
  const skip = compilers?.every((age) => COMPILERS[age].skip) && missing('typescript');
  test(`what was compiled for ${kind} runs`, { skip }, async () => {
    const { code, output } = await run(process.execPath, ['typed.mjs'], { cwd: folder });
    assert.equal(code, 0, output);
    for (const line of ['unsuccessful: failure', '1.2.3', 'failure 1.2.3 true 1', 'true staging']) {
      assert.ok(output.split('\n').includes(line), `${line} in: ${output}`);
    }
  });
}
