/** Programs from PyPI, each in an environment of its own. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { CACHE } from '../lib/paths.js';
import { capture } from '../lib/run.js';
import { which } from '../lib/which.js';

export const installPyGithub = () => install('PyGithub', '2.10.0');

/** It finds what is unsafe in workflows. */
export const installZizmor = () => install('zizmor', '1.32.0');

/** It has models of all that GitHub describes, and refuses answers that do not fit. */
export const installGithubkit = () =>
  // It cannot be imported beside hishel 2.
  install('githubkit', '0.16.1', ['hishel==1.4.0']);

/**
 * Installs a package unless it is there, outside the checkout.
 *
 * @param {string} name
 * @param {string} version
 * @param {string[]} [beside] versions of what it needs
 * @returns {Promise<string | undefined>} a Python that has it; undefined after a message that says why there is none
 */
async function install(name, version, beside = []) {
  const folder = join(CACHE, `${name.toLowerCase()}-${version}`);
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
  console.log(`Installing ${name} ${version}.`);
  mkdirSync(CACHE, { recursive: true });
  for (const [program, args] of /** @type {const} */ ([
    [base, ['-m', 'venv', '--clear', folder]],
    [python, ['-m', 'pip', 'install', '--quiet', `${name}==${version}`, ...beside]],
  ])) {
    const { code, output } = await capture(program, [...args]);
    if (code !== 0) {
      console.log(`${name} is left out: \`${args.slice(1).join(' ')}\` failed.\n${output}`);
      return undefined;
    }
  }
  return python;
}
