/**
 * Runs the tests against real counterparts (`npm run test:servers`): a runner, a server, a proxy, and clients of the
 * embedded GitHub.
 */
import { existsSync, readdirSync } from 'node:fs';
import { inRoot } from './lib/paths.js';
import { Problem, runMain } from './lib/problem.js';
import { run } from './lib/run.js';
import { which } from './lib/which.js';
import { installAct } from './servers/act.js';
import { installFromDebian } from './servers/debian.js';
import { installGitea } from './servers/gitea.js';
import { installOctokit } from './servers/octokit.js';
import { installPyGithub } from './servers/pygithub.js';
import { installNode } from './setup/node.js';

/** What is built by Go. */
const NEED_GO = ['act.test.js', 'gitea.test.js', 'gitea-profile.test.js'];

await runMain(async () => {
  if (!existsSync(inRoot('dist', 'action.cjs'))) {
    throw new Problem('dist/ is missing: run `npm run build`, then `npm run test:servers` again.');
  }
  const act = which('go') ? await installAct() : undefined;
  // Together, they are a server and what its runner executes jobs by.
  const gitea = act && (await installGitea());
  if (!act) {
    console.log(
      'The action is not tested under a real runner and on a real Gitea: that needs Go. Install it from https://go.dev, then run `npm run test:servers` again.',
    );
  }
  const tests = readdirSync(inRoot('tests', 'servers'))
    .filter((name) => name.endsWith('.test.js'))
    .filter((name) => act || !NEED_GO.includes(name))
    .map((name) => `tests/servers/${name}`);
  await run(process.execPath, ['--test', '--test-reporter=spec', ...tests], {
    env: {
      RETURN_DISPATCH_ACT: act,
      RETURN_DISPATCH_GITEA: gitea,
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
