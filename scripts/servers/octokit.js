/** Octokit, GitHub's client for JavaScript: nineteen megabytes, so it is no dependency of the project. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CACHE } from '../lib/paths.js';
import { capture } from '../lib/run.js';
import { which } from '../lib/which.js';

const VERSION = '22.0.1';

/**
 * Installs it unless it is there, outside the checkout.
 *
 * @returns {Promise<string | undefined>} the module's file; undefined after a message that says why there is none
 */
export async function installOctokit() {
  const folder = join(CACHE, `octokit-${VERSION}`);
  const module = join(folder, 'node_modules', '@octokit', 'rest', 'dist-src', 'index.js');
  if (existsSync(module)) return module;
  if (!which('npm')) {
    console.log('Octokit is not tested: it takes npm to install it.');
    return undefined;
  }
  console.log(`Installing Octokit ${VERSION}.`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  const options = ['--no-save', '--no-package-lock', '--ignore-scripts', '--no-audit', '--no-fund'];
  const name = `@octokit/rest@${VERSION}`;
  const { code, output } = await capture('npm', ['install', ...options, name], { cwd: folder });
  if (code === 0 && existsSync(module)) return module;
  console.log(`Octokit is not tested: \`npm install ${name}\` failed.\n${output}`);
  return undefined;
}
