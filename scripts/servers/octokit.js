/** Octokit, GitHub's client for JavaScript: nineteen megabytes, so it is no dependency of the project. */
import { join } from 'node:path';
import { which } from '../lib/which.js';
import { installLocked } from '../setup/npm.js';

/**
 * Installs it unless it is there, outside the checkout.
 *
 * @returns {Promise<string | undefined>} the module's file; undefined after a message that says why there is none
 */
export async function installOctokit() {
  if (!which('npm')) {
    console.log('Octokit is not tested: it takes npm to install it.');
    return undefined;
  }
  const modules = await installLocked('octokit');
  return modules === null ? undefined : join(modules, '@octokit', 'rest', 'dist-src', 'index.js');
}
