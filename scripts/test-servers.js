/** Runs the tests against real counterparts (`npm run test:servers`): a runner, a proxy, and clients of the embedded GitHub. */
import { existsSync, readdirSync } from 'node:fs';
import { inRoot } from './lib/paths.js';
import { Problem, runMain } from './lib/problem.js';
import { run } from './lib/run.js';
import { which } from './lib/which.js';
import { installAct } from './servers/act.js';
import { installFromDebian } from './servers/debian.js';
import { installOctokit } from './servers/octokit.js';
import { installPyGithub } from './servers/pygithub.js';
import { installNode } from './setup/node.js';

await runMain(async () => {
  if (!existsSync(inRoot('dist', 'action.cjs'))) {
    throw new Problem('dist/ is missing: run `npm run build`, then `npm run test:servers` again.');
  }
  const act = which('go') ? await installAct() : undefined;
  if (!act) {
    console.log(
      'The action is not tested under a real runner: that needs Go. Install it from https://go.dev, then run `npm run test:servers` again.',
    );
  }
  const tests = readdirSync(inRoot('tests', 'servers'))
    .filter((name) => name.endsWith('.test.js'))
    .filter((name) => act || name !== 'act.test.js')
    .map((name) => `tests/servers/${name}`);
  await run(process.execPath, ['--test', '--test-reporter=spec', ...tests], {
    env: {
      RETURN_DISPATCH_ACT: act,
      RETURN_DISPATCH_NODE24: (await installNode(24)) ?? undefined,
      RETURN_DISPATCH_GH: await installFromDebian('gh'),
      RETURN_DISPATCH_NODES: JSON.stringify([
        await installNode(20),
        await installNode(22),
        await installNode(24),
      ]),
      RETURN_DISPATCH_TINYPROXY: await installFromDebian('tinyproxy', 'tinyproxy-bin'),
      RETURN_DISPATCH_OCTOKIT: await installOctokit(),
      RETURN_DISPATCH_PYGITHUB: await installPyGithub(),
    },
  });
});
