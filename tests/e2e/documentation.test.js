/** Every example of the documentation runs as it stands there, with the package's name for what is in dist/. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { startGitHub } from '../../dist/simulator/index.js';
import { NODE, TOKEN } from './support.js';

const SIMULATOR = new URL('../../dist/simulator/index.js', import.meta.url).href;
const PACKAGE = new URL('../../dist/index.js', import.meta.url).href;

/** Each page, and how many examples it has at least. */
const PAGES = {
  'docs/simulator.md': 8,
  'docs/package.md': 4,
  'simulator/README.md': 1,
  'README.md': 1,
};

const root = mkdtempSync(join(tmpdir(), 'return-dispatch-docs-'));
after(() => rmSync(root, { recursive: true, force: true }));
writeFileSync(join(root, 'package.json'), '{ "type": "module" }');

/**
 * What examples print, by their number on the page.
 *
 * @type {Record<string, Record<number, RegExp>>}
 */
const SHOWN = {
  'simulator/README.md': { 1: /^204 1\n$/ },
  'docs/package.md': {
    1: /^\d+ http:.*\nsuccess 1\.2\.3\n$/,
    2: /^success\n$/,
    3: /^failure http:.*\n$/,
    4: /^cancelled .*: it has been cancelled\.\n$/,
  },
  'README.md': { 1: /^http:.* 1\.2\.3\n$/ },
};

/** The package, of which nothing is different but where its server is. */
const STAND_IN = `
import * as real from '${PACKAGE}';
const there = (options) => ({ apiUrl: process.env.API_URL, ...options });
export const dispatch = (options) => real.dispatch(there(options));
export const waitForRun = (options) => real.waitForRun(there(options));
export const { ReturnDispatchError } = real;
`;

/**
 * @param {string} file
 * @param {import('../../dist/simulator/index.js').Step} step
 */
const workflow = (file, step) => ({
  file,
  name: file,
  inputs: { distinct_id: {}, environment: {} },
  queueDelay: 0.1,
  listingDelay: 0.1,
  jobs: [
    {
      name: 'deploy',
      steps: [
        {
          run: 'make',
          seconds: 0.2,
          prints: [`\${{ inputs.distinct_id }} version=1.2.3`],
          ...step,
        },
      ],
    },
  ],
});

/** What the examples speak of. */
const github = await startGitHub({
  seed: 1,
  repositories: [
    {
      owner: 'octo-org',
      name: 'deployments',
      workflows: [
        workflow('deploy.yml', {}),
        workflow('failing.yml', { conclusion: 'failure' }),
        workflow('slow.yml', { seconds: 600 }),
      ],
    },
  ],
  existingRuns: [{ id: 42, workflow: 'deploy.yml', createdAt: -60 }],
});
after(() => github.stop());

for (const [page, least] of Object.entries(PAGES)) {
  const text = readFileSync(new URL(`../../${page}`, import.meta.url), 'utf8');
  const folder = join(root, page);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'stand-in.js'), STAND_IN);
  let count = 0;
  for (const [, code = ''] of text.matchAll(/^```js\n(.*?)^```$/gms)) {
    const program = code
      .replaceAll(/'return-dispatch[-/]simulator'/g, `'${SIMULATOR}'`)
      .replaceAll("'return-dispatch'", "'./stand-in.js'");
    // A block that begins with a file's name is imported by those that follow.
    const name = /^\/\/ (\S+\.js)\n/.exec(code)?.[1];
    const file = join(folder, name ?? `example-${++count}.js`);
    writeFileSync(file, program);
    if (name) continue;
    const title = /^test\('(.*)', /m.exec(code)?.[1] ?? `example ${count}`;
    const shown = SHOWN[page]?.[count];
    test(`${page}: ${title}`, async () => {
      // As a test of its own, not as one that reports to this.
      /** @type {NodeJS.ProcessEnv} */
      const env = { ...process.env, API_URL: github.apiUrl, GH_TOKEN: TOKEN };
      delete env.NODE_TEST_CONTEXT;
      const child = spawn(NODE, [file], { env, timeout: 60_000 });
      let printed = '';
      let complained = '';
      child.stdout.on('data', (text) => {
        printed += text;
      });
      child.stderr.on('data', (text) => {
        complained += text;
      });
      const [code] = await once(child, 'close');
      assert.equal(code, 0, printed + complained);
      if (shown) assert.match(printed, shown);
    });
  }
  test(`${page} has examples`, () => {
    assert.ok(count >= least, `${count}`);
  });
}
