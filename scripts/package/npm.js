/** Programs from npm that the package is tested with, outside the checkout, so that a new clone finds them. */
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CACHE } from '../lib/paths.js';
import { capture } from '../lib/run.js';

/**
 * Installs a package unless it is there.
 *
 * @param {string} name
 * @param {string} version
 * @returns {Promise<string | null>} its folder, or null, after a message that says why
 */
export async function installFromNpm(name, version) {
  const folder = join(CACHE, 'npm', `${name.replace('/', '+')}-${version}`);
  const installed = join(folder, 'node_modules', name);
  if (existsSync(installed)) return installed;

  console.log(`Installing ${name} ${version} to test with.`);
  // Only a whole installation gets the name by which it is found.
  const part = `${folder}.${process.pid}`;
  mkdirSync(part, { recursive: true });
  writeFileSync(join(part, 'package.json'), '{ "private": true }\n');
  const options = ['--no-save', '--no-package-lock', '--ignore-scripts', '--no-audit', '--no-fund'];
  const wanted = `${name}@${version}`;
  const args = ['install', ...options, '--prefer-offline', '--loglevel=error', wanted];
  const { code, output } = await capture('npm', args, { cwd: part });
  if (code !== 0) {
    rmSync(part, { recursive: true, force: true });
    console.log(`\`npm install ${wanted}\` failed: what needs it is skipped.\n${output}`);
    return null;
  }
  rmSync(folder, { recursive: true, force: true });
  renameSync(part, folder);
  return installed;
}
