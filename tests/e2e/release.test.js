/** What a tag of a release names: the files that a step needs, and no others. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import test, { after, before } from 'node:test';
import { gzipSync } from 'node:zlib';
import { inRoot } from '../../scripts/lib/paths.js';
import { assembleRelease, FILES } from '../../scripts/release/tree.js';
import { assertRefused, assertRight, call, receiver } from './support.js';

const COMMIT = '0123456789abcdef0123456789abcdef01234567';

/** @type {string} */
let folder;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'return-dispatch-release-'));
  assembleRelease(folder, COMMIT);
});
after(() => rmSync(folder, { recursive: true, force: true }));

for (const place of ['.', 'node24']) {
  test(`the action of a release runs out of ${place}`, async () => {
    const [action = '', post = ''] = ['main', 'post'].map((name) => {
      const text = readFileSync(join(folder, place, 'action.yml'), 'utf8');
      const file = new RegExp(`^  ${name}: (.+)$`, 'm').exec(text)?.[1];
      assert.ok(file, name);
      return resolve(folder, place, file);
    });
    const inputs = { wait: 'true' };
    const ended = await call({ workflow: receiver({ last: 0.2 }), action }, inputs);
    assertRight(ended, 'response');
    assert.equal(ended.outputs.conclusion, 'success');
    const after = await call({ action: post, state: { run_id: '7', quiet_seconds: '200' } });
    assert.match(after.log, /^::warning::The step ended while run 7 went on/m);
    assert.equal(after.dispatched.length, 0);
  });
}

test('the action of a release finds what it needs for a proxy', async () => {
  const action = join(folder, 'dist', 'action.cjs');
  const env = { http_proxy: 'http://127.0.0.1:9/' };
  const inputs = { api_url: 'http://github.example/api/v3', workflow_timeout_seconds: '10' };
  const ended = await call({ action }, inputs, env);
  assertRefused(ended, 'Nothing was dispatched', 'proxy');
});

test('a release is at most 15 files and 300 KB, and names its commit', () => {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  assert.ok(files.length <= 15, `${files.length} files`);
  const archive = execFileSync('tar', ['-C', folder, '-c', '.'], { maxBuffer: 2 ** 26 });
  const { length } = gzipSync(archive);
  assert.ok(length <= 300_000, `${length} bytes`);
  const readme = readFileSync(join(folder, 'README.md'), 'utf8');
  assert.ok(readme.includes(`/tree/${COMMIT})`));
  // Whatever is not there is linked to where it is.
  const links = [...readme.matchAll(/\]\((?![a-z]+:|[#$])([^)]+)\)/g)].map(([, path]) => path);
  assert.deepEqual(new Set(links), new Set(['LICENSE']));
});

test('the release workflow commits the tree to a branch of its own, and tags that', (t) => {
  const place = mkdtempSync(join(tmpdir(), 'return-dispatch-tagging-'));
  t.after(() => rmSync(place, { recursive: true, force: true }));
  const checkout = join(place, 'checkout');
  const origin = join(place, 'origin');
  const env = {
    PATH: process.env.PATH,
    HOME: place,
    GIT_CONFIG_NOSYSTEM: '1',
    RUNNER_TEMP: place,
    ...{ GIT_AUTHOR_NAME: 'a', GIT_AUTHOR_EMAIL: 'a@example.com' },
    ...{ GIT_COMMITTER_NAME: 'a', GIT_COMMITTER_EMAIL: 'a@example.com' },
  };
  /** @type {(program: string, ...args: string[]) => string} */
  const run = (program, ...args) =>
    execFileSync(program, args, { cwd: checkout, env, encoding: 'utf8', stdio: 'pipe' }).trim();
  mkdirSync(checkout);
  run('git', 'init', '--quiet', '--bare', origin);
  run('git', 'init', '--quiet', '--initial-branch=main');
  run('git', 'remote', 'add', 'origin', origin);
  cpSync(folder, join(place, 'tree'), { recursive: true });

  /** @type {(version: string) => string} what the release of this version is built from */
  const release = (version) => {
    writeFileSync(join(checkout, 'package.json'), JSON.stringify({ version }));
    writeFileSync(join(place, 'tree', 'README.md'), version);
    run('git', 'add', '.');
    run('git', 'commit', '--quiet', '--message', version);
    run('git', 'push', '--quiet', 'origin', 'main');
    // As often as somebody runs it.
    for (let time = 0; time < 2; time += 1)
      run('bash', '-e', '-c', scriptOf('Commit and tag the tree'));
    return run('git', 'rev-parse', 'HEAD');
  };
  /** @type {(...args: string[]) => string} */
  const inOrigin = (...args) => run('git', '--git-dir', origin, ...args);
  const first = release('1.0.0');
  const second = release('1.1.0');
  assert.equal(
    inOrigin('log', '--format=%s %b', 'releases/v1').replaceAll('\n', ''),
    `v1.1.0 Built from ${second}v1.0.0 Built from ${first}`,
  );
  for (const name of ['v1', 'v1.1.0', 'releases/v1']) {
    assert.equal(inOrigin('show', `${name}:README.md`), '1.1.0', name);
  }
  assert.equal(inOrigin('show', 'v1.0.0:README.md'), '1.0.0');
  const files = inOrigin('ls-tree', '-r', '--name-only', 'v1').split('\n');
  assert.deepEqual(files.sort(), [...FILES, 'README.md'].sort());
});

test('the release workflow publishes what is not published yet, and first what the other package needs', (t) => {
  const place = mkdtempSync(join(tmpdir(), 'return-dispatch-publishing-'));
  t.after(() => rmSync(place, { recursive: true, force: true }));
  for (const name of ['return-dispatch-1.2.0.tgz', 'return-dispatch-simulator-1.2.0.tgz'])
    writeFileSync(join(place, name), '');
  // It knows what was published before.
  const npm = `#!/bin/sh\nif [ "$1" = view ]; then grep -x "$2" known; else shift; echo "$*" >> published; fi\n`;
  writeFileSync(join(place, 'npm'), npm, { mode: 0o755 });
  const env = { PATH: `${place}:${process.env.PATH}` };
  for (const [known, expected] of /** @type {const} */ ([
    ['', ['return-dispatch-simulator-1.2.0.tgz', 'return-dispatch-1.2.0.tgz']],
    ['return-dispatch-simulator@1.2.0', ['return-dispatch-1.2.0.tgz']],
    ['return-dispatch-simulator@1.2.0\nreturn-dispatch@1.2.0', []],
  ])) {
    writeFileSync(join(place, 'known'), known);
    writeFileSync(join(place, 'published'), '');
    execFileSync('bash', ['-e', '-c', scriptOf('Publish both packages')], { cwd: place, env });
    const published = readFileSync(join(place, 'published'), 'utf8').split('\n').slice(0, -1);
    assert.deepEqual(
      published,
      expected.map((name) => `--ignore-scripts ./${name}`),
    );
  }
});

test('nothing of the project runs where the release workflow may publish', () => {
  const workflow = readFileSync(inRoot('.github', 'workflows', 'release.yml'), 'utf8');
  const jobs = workflow.slice(workflow.indexOf('\njobs:\n')).split(/\n {2}(?=[a-z]+:\n)/);
  const publishing = jobs.filter((job) => job.includes('id-token: write'));
  assert.equal(publishing.length, 1);
  assert.ok(publishing[0]?.includes('\n    environment: '), publishing[0]);
  assert.doesNotMatch(publishing[0] ?? '', /checkout|npm (?:ci|install|test|run|exec)|npx|node /);
});

/**
 * @param {string} step its name in the release workflow
 * @returns {string} what it runs
 */
function scriptOf(step) {
  const workflow = readFileSync(inRoot('.github', 'workflows', 'release.yml'), 'utf8');
  const lines = workflow.split(`- name: ${step}\n        run: |\n`)[1]?.split('\n') ?? [];
  const indent = ' '.repeat(10);
  const end = lines.findIndex((line) => !line.startsWith(indent));
  assert.ok(end > 0, step);
  return lines
    .slice(0, end)
    .map((line) => line.slice(indent.length))
    .join('\n');
}
