/** go-github, Google's client for Go, in a program of the tests. */
import { join } from 'node:path';
import { inRoot, TOOLS } from '../lib/paths.js';
import { capture } from '../lib/run.js';
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
  const { code, output } = await capture('go', ['build', '-o', program, '.'], {
    cwd: inRoot('tests', 'servers', 'go-github'),
    env: { CGO_ENABLED: '0', GOWORK: 'off', GOFLAGS: undefined },
  });
  if (code === 0) return program;
  console.log(`go-github is not tested: \`go build\` failed.\n${output}`);
  return undefined;
}
