/** What the tarballs hold, and what those say who check packages. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { commandOf, missing, project, run, simulatorTarball, tarball } from './support.js';

const folder = join(await project(), 'node_modules');

/**
 * The packages. Of the limit of the first, in bytes unpacked, the core takes some 330,000: WebAssembly, compressed, in
 * base64, as that is what works in every bundler and every browser.
 */
const PACKAGES = {
  'return-dispatch': {
    packed: tarball,
    limit: 500 * 1024,
    files: [
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
      'package.json',
    ],
    entries: ['.', './package.json', './simulator'],
  },
  'return-dispatch-simulator': {
    packed: simulatorTarball,
    limit: 320 * 1024,
    files: [
      'LICENSE',
      'README.md',
      'THIRD-PARTY-NOTICES.txt',
      'index.cjs',
      'index.d.cts',
      'index.d.ts',
      'index.js',
      'package.json',
      'simulator_bg.wasm.br',
    ],
    entries: ['.', './package.json'],
  },
};

/** @param {string} name */
const manifestOf = (name) => JSON.parse(readFileSync(join(folder, name, 'package.json'), 'utf8'));

for (const [name, { packed, limit, files, entries }] of Object.entries(PACKAGES)) {
  test(`the tarball of ${name} holds what is expected, and not more`, () => {
    const place = join(folder, name);
    const found = readdirSync(place, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(place.length + 1));
    assert.deepEqual(found.map((file) => file.replaceAll('\\', '/')).sort(), files);
    const bytes = found.reduce((sum, file) => sum + statSync(join(place, file)).size, 0);
    assert.ok(bytes <= limit, `${bytes} bytes unpacked, more than ${limit}`);
  });

  test(`publint finds nothing in ${name}`, { skip: missing('publint') }, async () => {
    const args = [commandOf('publint', 'publint'), '--strict', packed];
    const { code, output } = await run(process.execPath, args, { cwd: folder });
    assert.equal(code, 0, output);
    assert.match(output, /All good!/);
  });

  test(`the types of ${name} are right for every way of importing`, {
    skip: missing('attw'),
  }, async () => {
    const args = [commandOf('attw', 'attw'), '--no-emoji', '--format', 'json', packed];
    const { code, stdout, output } = await run(process.execPath, args, { cwd: folder });
    assert.equal(code, 0, output);
    const { analysis, problems } = JSON.parse(stdout);
    assert.deepEqual(problems, {}, output);
    assert.deepEqual(Object.keys(analysis.entrypoints).sort(), entries);
  });
}

test('nothing else comes along, and nothing runs when they are installed', () => {
  const { version } = manifestOf('return-dispatch');
  for (const name of Object.keys(PACKAGES)) {
    const manifest = manifestOf(name);
    assert.equal(manifest.version, version);
    for (const field of ['dependencies', 'peerDependencies']) {
      assert.equal(manifest[field], undefined, field);
    }
    const optional =
      name === 'return-dispatch' ? { 'return-dispatch-simulator': version } : undefined;
    assert.deepEqual(manifest.optionalDependencies, optional);
    for (const script of ['preinstall', 'install', 'postinstall', 'prepare']) {
      assert.equal(manifest.scripts?.[script], undefined, script);
    }
  }
  const installed = readdirSync(folder).filter((name) => !name.startsWith('.'));
  assert.deepEqual(installed, Object.keys(PACKAGES));
});

test('the demonstration is there, and comes out right', async () => {
  const command = join(folder, 'return-dispatch', 'dist', 'cli.js');
  // The first of several: it takes seconds.
  const child = spawn(process.execPath, [command, 'demo']);
  let printed = '';
  for await (const text of child.stdout.setEncoding('utf8')) {
    printed += text;
    if (/ was created by this.*\n/.test(printed)) break;
  }
  child.kill('SIGKILL');
  assert.match(printed, /^✓ Run \d+ was created by this, and ended with success\.$/m);
});

test('the embedded GitHub is a package for itself', async () => {
  const alone = await project('module', [simulatorTarball]);
  assert.ok(!existsSync(join(alone, 'node_modules', 'return-dispatch')));
  const readme = join(alone, 'node_modules', 'return-dispatch-simulator', 'README.md');
  const [, example = ''] = /```js\n(.*?)```/s.exec(readFileSync(readme, 'utf8')) ?? [];
  const required = [
    "const { startGitHub } = require('return-dispatch-simulator');",
    'startGitHub().then(async (github) => {',
    '  console.log(github.runs().length);',
    '  await github.stop();',
    '});',
  ].join('\n');
  const node = (/** @type {string[]} */ ...args) => run(process.execPath, args, { cwd: alone });
  assert.equal((await node('--input-type=module', '--eval', example)).output, '204 1\n');
  assert.equal((await node('--input-type=commonjs', '--eval', required)).output, '0\n');
});

test('without the optional one, all works but the demonstration, which says so', async () => {
  const alone = await project('module', ['--omit=optional', tarball]);
  assert.ok(!existsSync(join(alone, 'node_modules', 'return-dispatch-simulator')));
  const node = (/** @type {string[]} */ ...args) => run(process.execPath, args, { cwd: alone });
  const program = [
    "import { dispatch, ReturnDispatchError } from 'return-dispatch';",
    "const call = dispatch({ token: 'ghs_x', repo: 'octo/receiver', workflow: 'ci.yml', ref: '' });",
    'console.log(await call.catch((error) => [error instanceof ReturnDispatchError, error.code]));',
  ].join('\n');
  const called = await node('--input-type=module', '--eval', program);
  assert.equal(called.output, "[ true, 'invalid_input' ]\n");
  const command = join('node_modules', 'return-dispatch', 'dist', 'cli.js');
  assert.equal((await node(command, '--version')).code, 0);
  const { code, stdout, stderr } = await node(command, 'demo');
  assert.equal(stdout, '');
  assert.match(
    stderr,
    /^error: the demonstration needs return-dispatch-simulator, .*npm install return-dispatch-simulator@\d/,
  );
  assert.equal(code, 2);
});
