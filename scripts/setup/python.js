/** Programs from PyPI, each in an environment of its own. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CACHE, inRoot } from '../lib/paths.js';
import { capture } from '../lib/run.js';
import { which } from '../lib/which.js';

export const installPyGithub = () => install('PyGithub');

/** It finds what is unsafe in workflows. */
export const installZizmor = () => install('zizmor');

/** It has models of all that GitHub describes, and refuses answers that do not fit. */
export const installGithubkit = () => install('githubkit');

/**
 * Installs a package and what it needs, as a file in locks/ names them, unless it is there, outside the checkout.
 *
 * @param {string} name
 * @returns {Promise<string | undefined>} a Python that has it; undefined after a message that says why there is none
 */
async function install(name) {
  const locked = inRoot('scripts', 'setup', 'locks', `${name.toLowerCase()}.txt`);
  const hash = createHash('sha256').update(readFileSync(locked)).digest('hex').slice(0, 16);
  const folder = join(CACHE, `${name.toLowerCase()}-${hash}`);
  const python =
    process.platform === 'win32'
      ? join(folder, 'Scripts', 'python.exe')
      : join(folder, 'bin', 'python');
  const check = `from importlib.metadata import version; version("${name}")`;
  if ((await capture(python, ['-c', check])).code === 0) return python;
  const base = which('python3') ?? which('python');
  if (!base) {
    console.log(`${name} is left out: there is no Python.`);
    return undefined;
  }
  console.log(`Installing ${name}.`);
  mkdirSync(CACHE, { recursive: true });
  for (const [program, args] of /** @type {const} */ ([
    [base, ['-m', 'venv', '--clear', folder]],
    [python, ['-m', 'pip', 'install', '--quiet', '--require-hashes', '--requirement', locked]],
  ])) {
    const { code, output } = await capture(program, [...args]);
    if (code !== 0) {
      console.log(`${name} is left out: \`${args.slice(1).join(' ')}\` failed.\n${output}`);
      return undefined;
    }
  }
  return python;
}
