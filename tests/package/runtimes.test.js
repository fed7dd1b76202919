/** The installed package where Node.js is not, but what it offers: Bun and Deno. */
import { test } from 'node:test';
import { missing, project, runCheck, toolFile } from './support.js';

const folder = await project();

/** Deno asks before anything is read or sent: the package needs the network, and its simulator a file beside it. */
const PERMISSIONS = ['run', '--no-prompt', '--allow-net=127.0.0.1', '--allow-read=.'];

for (const program of ['imports.js', 'requires.cjs']) {
  test(`Bun: ${program}`, { skip: missing('bun') }, () =>
    runCheck(toolFile('bun'), [program], { cwd: folder }),
  );

  test(`Deno: ${program}`, { skip: missing('deno') }, () =>
    runCheck(toolFile('deno'), [...PERMISSIONS, program], {
      cwd: folder,
      env: { DENO_NO_UPDATE_CHECK: '1' },
    }),
  );
}
