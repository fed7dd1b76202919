/** What the tests install from npm besides the project's own packages, outside the checkout, so that a new clone finds it. */
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CACHE, inRoot } from '../lib/paths.js';
import { capture } from '../lib/run.js';

/** What lock files do not name is not installed, and no package runs a program of its own while it is. */
const OPTIONS = [
  '--ignore-scripts',
  '--no-audit',
  '--no-fund',
  '--prefer-offline',
  '--loglevel=error',
];

/**
 * Those that are there or being installed: several steps may want the same one at once.
 *
 * @type {Map<string, Promise<string | null>>}
 */
const installed = new Map();

/**
 * Installs what a folder of scripts/setup/locks/ names, unless it is there.
 *
 * @param {string} name of that folder
 * @returns {Promise<string | null>} the `node_modules` with it; null after a message that says why there is none
 */
export function installLocked(name) {
  const folder = installed.get(name) ?? install(name);
  installed.set(name, folder);
  return folder;
}

/**
 * Forgets an installation that lacks a program: npm leaves out what it could not download and may do without. The next
 * run tries again.
 *
 * @param {string} modules
 * @param {string} program
 */
export function forgetUnlessThere(modules, program) {
  if (!existsSync(program)) rmSync(dirname(modules), { recursive: true, force: true });
}

/**
 * @param {string} name
 * @returns {Promise<string | null>}
 */
async function install(name) {
  const source = inRoot('scripts', 'setup', 'locks', name);
  const lock = readFileSync(join(source, 'package-lock.json'));
  const hash = createHash('sha256').update(lock).digest('hex').slice(0, 16);
  const folder = join(CACHE, 'npm', `${name}-${hash}`);
  if (existsSync(folder)) return join(folder, 'node_modules');

  console.log(`Installing ${name} to test with.`);
  // Only a whole installation gets the name by which it is found.
  const part = `${folder}.${process.pid}`;
  mkdirSync(part, { recursive: true });
  for (const file of ['package.json', 'package-lock.json']) {
    cpSync(join(source, file), join(part, file));
  }
  const { code, output } = await capture('npm', ['ci', ...OPTIONS], { cwd: part });
  if (code === 0) {
    try {
      renameSync(part, folder);
    } catch (error) {
      // Another process may have been as fast.
      if (!existsSync(folder)) throw error;
    }
  }
  rmSync(part, { recursive: true, force: true });
  if (code === 0) return join(folder, 'node_modules');
  console.log(
    `\`npm ci\` in scripts/setup/locks/${name} failed: what needs it is skipped.\n${output}`,
  );
  return null;
}
