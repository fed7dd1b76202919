/** go-github, Google's client for Go, in a program of the tests. */
import { join } from 'node:path';
import { inRoot, TOOLS } from '../lib/paths.js';
import { capture, run } from '../lib/run.js';
import { which } from '../lib/which.js';

/**
 * Builds the program, which costs next to nothing where nothing has changed.
 *
 * @returns {Promise<string | undefined>} its file; undefined after a message that says why there is none
 */
export async function buildGoGithub() {
  if (!which('go')) {
    console.log('go-github is not tested: that needs Go.');
    return undefined;
  }
  const program = join(TOOLS, 'bin', process.platform === 'win32' ? 'go-github.exe' : 'go-github');
  const options = {
    cwd: inRoot('tests', 'servers', 'go-github'),
    env: { CGO_ENABLED: '0', GOWORK: 'off', GOFLAGS: undefined },
  };
  const { code, output } = await capture('go', ['mod', 'download'], options);
  if (code !== 0) {
    console.log(`go-github is not tested: it cannot be downloaded.\n${output}`);
    return undefined;
  }
  await run('go', ['build', '-o', program, '.'], options);
  return program;
}
