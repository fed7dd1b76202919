/** PyGithub, a client for Python, in an environment of its own. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { CACHE } from '../lib/paths.js';
import { capture } from '../lib/run.js';
import { which } from '../lib/which.js';

const VERSION = '2.10.0';

/**
 * Installs it unless it is there, outside the checkout.
 *
 * @returns {Promise<string | undefined>} a Python that has it; undefined after a message that says why there is none
 */
export async function installPyGithub() {
  const folder = join(CACHE, `pygithub-${VERSION}`);
  const python =
    process.platform === 'win32'
      ? join(folder, 'Scripts', 'python.exe')
      : join(folder, 'bin', 'python');
  if ((await capture(python, ['-c', 'import github'])).code === 0) return python;
  const base = which('python3') ?? which('python');
  if (!base) {
    console.log('PyGithub is not tested: there is no Python.');
    return undefined;
  }
  console.log(`Installing PyGithub ${VERSION}.`);
  mkdirSync(CACHE, { recursive: true });
  for (const [program, args] of /** @type {const} */ ([
    [base, ['-m', 'venv', '--clear', folder]],
    [python, ['-m', 'pip', 'install', '--quiet', `PyGithub==${VERSION}`]],
  ])) {
    const { code, output } = await capture(program, [...args]);
    if (code !== 0) {
      console.log(`PyGithub is not tested: \`${args.slice(1).join(' ')}\` failed.\n${output}`);
      return undefined;
    }
  }
  return python;
}
