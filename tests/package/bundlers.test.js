/** The installed package in bundles: no configuration besides entry and output, no warnings, and what comes out runs. */
import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import { openPage } from './browser.js';
import { scenario } from './programs/scenario.js';
import { commandOf, missing, project, run, runCheck, simulatorOf, toolFile } from './support.js';

const folder = await project();

/** @param {...string} args */
async function esbuild(...args) {
  const options = [commandOf('esbuild', 'esbuild'), '--bundle', '--log-level=warning', ...args];
  const { code, output } = await run(process.execPath, options, { cwd: folder });
  assert.equal(output, '');
  assert.equal(code, 0);
}

/** @param {string} file */
const runBundle = (file) => runCheck(process.execPath, ['bundled.js', file], { cwd: folder });

for (const [what, file, args] of /** @type {const} */ ([
  ['browsers, as one file', 'one/library.js', ['--format=esm', '--outfile=one/library.js']],
  ['browsers, in parts', 'parts/library.js', ['--format=esm', '--splitting', '--outdir=parts']],
  ['Node.js', 'node/library.cjs', ['--platform=node', '--outfile=node/library.cjs']],
])) {
  test(`esbuild for ${what}`, { skip: missing('esbuild') }, async () => {
    await esbuild('library.js', ...args);
    await runBundle(file);
  });
}

/**
 * A bundler's page: that it is built, and that it works.
 *
 * @param {import('./support.js').Tool} tool
 * @param {() => Promise<void>} build into the folder that is called like the tool
 */
function page(tool, build) {
  const skip = missing(tool);
  test(`a page by ${tool} is built`, { skip }, build);
  test(`a page by ${tool} works`, { skip: skip || missing('chromium') }, async () => {
    const shown = await show({ folder: join(folder, tool) });
    assertShown(shown, 'response', 'success');
  });
}

page('esbuild', async () => {
  await esbuild('page.js', '--outfile=esbuild/page.js');
  copyPage('esbuild');
});

page('vite', async () => {
  const args = [commandOf('vite', 'vite'), 'build', '--outDir=vite', '--logLevel=warn'];
  const { code, output } = await run(process.execPath, args, { cwd: folder });
  assert.equal(output, '');
  assert.equal(code, 0);
});

page('webpack', async () => {
  const webpack = createRequire(import.meta.url)(toolFile('webpack'));
  const output = { path: join(folder, 'webpack'), filename: 'page.js' };
  const settings = { context: folder, mode: 'production', entry: './page.js', output };
  /** @type {any} */
  const stats = await new Promise((resolve, reject) =>
    webpack(settings, (/** @type {unknown} */ error, /** @type {any} */ done) =>
      error ? reject(error) : resolve(done),
    ),
  );
  assert.deepEqual(stats.compilation.errors, []);
  // It holds that no file of a page should have more than 244 KiB; the core has, and is loaded with the first call.
  const warnings = stats.compilation.warnings.map((/** @type {Error} */ { name }) => name);
  assert.deepEqual(warnings, ['AssetsOverSizeLimitWarning']);
  copyPage('webpack');
});

const skip = missing('chromium');

for (const server of /** @type {const} */ (['github.com', 'ghes-3.19'])) {
  test(`a page without a bundler works: ${server}`, { skip }, async () => {
    const shown = await show({ folder, file: 'unbundled.html', server });
    assertShown(shown, server === 'github.com' ? 'response' : 'title', 'success');
    assert.match(shown.document, /<p id="result"[^>]*>success: \{\}<\/p>/);
  });
}

test('a page is told that a run failed', { skip }, async () => {
  const shown = await show({ folder, file: 'unbundled.html', workflow: 'fails.yml' });
  assertShown(shown, 'response', 'failure');
  assert.match(shown.document, /<p id="result"[^>]*>unsuccessful: Run \d+ .* ended with failure/);
});

let profiles = 0;

/**
 * @param {{ folder: string, file?: string, server?: 'github.com' | 'ghes-3.19', workflow?: string }} page
 */
async function show({ server = 'github.com', file = 'index.html', workflow = 'ci.yml', ...page }) {
  const { startGitHub } = await simulatorOf(folder);
  const github = await startGitHub(scenario(server));
  profiles += 1;
  const profile = join(folder, `profile-${profiles}`);
  try {
    const { apiUrl } = github;
    const document = await openPage({ ...page, file, profile, apiUrl, workflow });
    return { document, runs: github.runs(), requests: github.requests() };
  } finally {
    await github.stop();
  }
}

/**
 * @param {Awaited<ReturnType<typeof show>>} shown
 * @param {string} by
 * @param {string} conclusion
 */
function assertShown({ document, runs, requests }, by, conclusion) {
  const dispatched = runs.filter(({ dispatchedBy }) => dispatchedBy.type === 'client');
  assert.equal(dispatched.length, 1, document);
  const id = dispatched[0]?.id;
  assert.equal(dispatched[0]?.inputs.environment, 'staging');
  for (const line of [
    'in octo/receiver',
    `Run ${id}, by ${by}`,
    'deploy: Run make: success',
    `deploy: ${conclusion}`,
    `Run ${id} ended with ${conclusion}`,
  ]) {
    assert.ok(document.includes(`${line}</li>`), `${line} in: ${document}`);
  }
  assert.ok(
    requests.some(({ method }) => method === 'OPTIONS'),
    'the browser asks whether a page may call the API',
  );
  // Logs are a redirect, which a page cannot follow by itself without giving the token away. That is found at once, and
  // is not tried again and again.
  assert.match(document, /<li class="problem">What deploy returned is missing: .*redirect/);
  const logs = requests.filter(({ method, path }) => method === 'GET' && /\/logs/.test(path));
  assert.equal(logs.length, 2, 'the log of the job, and the archive of all');
  assert.ok(!requests.some(({ origin }) => origin === 'logs'));
  const [, after] = /data-after="(\d+)"/.exec(document) ?? [];
  assert.ok(Number(after) < 2000, `${after} ms after the job's end`);
}

/** @param {string} built */
function copyPage(built) {
  for (const file of ['index.html', 'page.css']) {
    cpSync(join(folder, file), join(folder, built, file));
  }
}
