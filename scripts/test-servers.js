/** Runs the tests against real counterparts (`npm run test:servers`). They need Go, to build the counterparts. */
import { existsSync, readdirSync } from 'node:fs';
import { inRoot } from './lib/paths.js';
import { Problem, runMain } from './lib/problem.js';
import { run } from './lib/run.js';
import { which } from './lib/which.js';
import { installAct } from './servers/act.js';
import { installNode } from './setup/node.js';

await runMain(async () => {
  if (!which('go')) {
    console.log(
      'skipped: the tests against real servers and runners need Go. Install it from https://go.dev, then run `npm run test:servers` again.',
    );
    return;
  }
  if (!existsSync(inRoot('dist', 'action.js'))) {
    throw new Problem('dist/ is missing: run `npm run build`, then `npm run test:servers` again.');
  }
  const tests = readdirSync(inRoot('tests', 'servers'))
    .filter((name) => name.endsWith('.test.js'))
    .map((name) => `tests/servers/${name}`);
  await run(process.execPath, ['--test', '--test-reporter=spec', ...tests], {
    env: {
      RETURN_DISPATCH_ACT: await installAct(),
      RETURN_DISPATCH_NODE24: (await installNode(24)) ?? undefined,
    },
  });
});
