/** What the tarball holds, and what those say who check packages. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { commandOf, missing, project, run, tarball } from './support.js';

const FILES = [
  'LICENSE',
  'README.md',
  'dist/THIRD-PARTY-NOTICES.txt',
  'dist/cli-demo.js',
  'dist/cli.js',
  'dist/core.js',
  'dist/index.cjs',
  'dist/index.d.cts',
  'dist/index.d.ts',
  'dist/index.js',
  'dist/program.js',
  'dist/proxy.cjs',
  'dist/simulator.cjs',
  'dist/simulator.d.cts',
  'dist/simulator.d.ts',
  'dist/simulator.js',
  'dist/simulator_bg.wasm.br',
  'package.json',
];

/** Of this, the two WebAssembly modules alone are some 560 kB, compressed. */
const LIMIT = 865_000;

const folder = join(await project(), 'node_modules', 'return-dispatch');

test('the tarball holds what is expected, and not more', () => {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
  assert.deepEqual(files.map((file) => file.replaceAll('\\', '/')).sort(), FILES);
  const bytes = files.reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);
  assert.ok(bytes <= LIMIT, `${bytes} bytes unpacked, more than ${LIMIT}`);
});

test('it depends on nothing and runs nothing when it is installed', () => {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  for (const field of ['dependencies', 'optionalDependencies', 'peerDependencies']) {
    assert.equal(manifest[field], undefined, field);
  }
  for (const script of ['preinstall', 'install', 'postinstall', 'prepare']) {
    assert.equal(manifest.scripts?.[script], undefined, script);
  }
  assert.deepEqual(
    readdirSync(join(folder, '..')).filter((name) => !name.startsWith('.')),
    ['return-dispatch'],
  );
});

test('publint finds nothing', { skip: missing('publint') }, async () => {
  const args = [commandOf('publint', 'publint'), '--strict', tarball];
  const { code, output } = await run(process.execPath, args, { cwd: folder });
  assert.equal(code, 0, output);
  assert.match(output, /All good!/);
});

test('the types are right for every way of importing', { skip: missing('attw') }, async () => {
  const args = [commandOf('attw', 'attw'), '--no-emoji', '--format', 'json', tarball];
  const { code, stdout, output } = await run(process.execPath, args, { cwd: folder });
  assert.equal(code, 0, output);
  const { analysis, problems } = JSON.parse(stdout);
  assert.deepEqual(problems, {}, output);
  assert.deepEqual(Object.keys(analysis.entrypoints).sort(), [
    '.',
    './package.json',
    './simulator',
  ]);
});
