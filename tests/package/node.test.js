/** The installed package on every Node.js that is supported: imported, required, and as a command. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { scenario, TOKEN } from './programs/scenario.js';
import { missing, project, run, runCheck, simulatorOf, toolFile } from './support.js';

/** @typedef {Awaited<ReturnType<typeof import('../../dist/simulator/index.js').startGitHub>>} GitHub */

const folder = await project();

/** @type {GitHub} */
let github;
before(async () => {
  const { startGitHub } = await simulatorOf(folder);
  github = await startGitHub(scenario('github.com'));
});
after(() => github.stop());

for (const tool of /** @type {const} */ (['node20', 'node22', 'node24'])) {
  for (const program of ['imports.js', 'requires.cjs']) {
    test(`${tool}: ${program}`, { skip: missing(tool) }, () =>
      runCheck(toolFile(tool), [program], { cwd: folder }),
    );
  }

  test(`${tool}: npx return-dispatch`, { skip: missing(tool) }, async () => {
    const env = { GH_TOKEN: TOKEN };
    const npx = (/** @type {string[]} */ ...args) =>
      run('npx', ['--no', '--', 'return-dispatch', ...args], {
        cwd: folder,
        env,
        node: toolFile(tool),
      });
    const manifest = join(folder, 'node_modules', 'return-dispatch', 'package.json');
    const { version } = JSON.parse(readFileSync(manifest, 'utf8'));
    assert.equal((await npx('--version')).stdout, `${version}\n`);
    assert.match((await npx('--help')).stdout, /^return-dispatch calls a GitHub Actions workflow/);

    const to = ['octo/receiver', '--ref', 'main', '--api-url', github.apiUrl, '--wait', '--json'];
    const good = await npx(...to, 'ci.yml', '-f', 'environment=staging');
    assert.equal(good.code, 0, good.output);
    const { runId, conclusion, outputs } = JSON.parse(good.stdout);
    const truth = github.runs().find((one) => one.id === runId);
    assert.equal(truth?.inputs.environment, 'staging');
    assert.equal(conclusion, 'success');
    assert.deepEqual(outputs, { version: '1.2.3', files: ['a'] });

    const bad = await npx(...to, 'fails.yml');
    assert.equal(bad.code, 1, bad.output);
    assert.equal(JSON.parse(bad.stdout).error.code, 'unsuccessful');
  });
}
