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
import { installGitea, installGiteaRunner } from './servers/gitea.js';
import { buildGoGithub } from './servers/go-github.js';
import { installOctokit } from './servers/octokit.js';
import { installNode } from './setup/node.js';
import { installGithubkit, installPyGithub } from './setup/python.js';

await runMain(async () => {
  if (!existsSync(inRoot('dist', 'action.cjs'))) {
    throw new Problem('dist/ is missing: run `npm run build`, then `npm run test:servers` again.');
  }
  const hasGo = which('go') !== undefined;
  const act = hasGo ? await installAct() : undefined;
  if (!act) {
    console.log(
      'The action is not tested under a real runner and on a real Gitea: that needs Go. Install it from https://go.dev, then run `npm run test:servers` again.',
    );
  }
  await test((name) => !name.startsWith('gitea') && (hasGo || name !== 'act.test.js'), {
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
    RETURN_DISPATCH_GO_GITHUB: await buildGoGithub(),
    RETURN_DISPATCH_PYGITHUB: await installPyGithub(),
    RETURN_DISPATCH_GITHUBKIT: await installGithubkit(),
  });
  if (!act) return;
  // Each server with a runner of its own.
  await test((name) => name.startsWith('gitea'), {
    RETURN_DISPATCH_GITEA: await installGitea('older'),
    RETURN_DISPATCH_GITEA_PROFILE: 'gitea-1.26',
    RETURN_DISPATCH_ACT: act,
  });
  await test((name) => name.startsWith('gitea'), {
    RETURN_DISPATCH_GITEA: await installGitea('newer'),
    RETURN_DISPATCH_GITEA_PROFILE: 'gitea',
    RETURN_DISPATCH_GITEA_RUNNER: await installGiteaRunner(),
  });
});

/**
 * @param {(name: string) => boolean} isRun by its file's name
 * @param {NodeJS.ProcessEnv} env
 */
async function test(isRun, env) {
  const tests = readdirSync(inRoot('tests', 'servers'))
    .filter((name) => name.endsWith('.test.js') && isRun(name))
    .map((name) => `tests/servers/${name}`);
  await run(process.execPath, ['--test', '--test-reporter=spec', ...tests], { env });
}
