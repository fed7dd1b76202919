/** What the package is tested with, besides what the project itself uses. */
import { join } from 'node:path';
import { capture } from '../lib/run.js';
import { installNode } from '../setup/node.js';
import { forgetUnlessThere, installLocked } from '../setup/npm.js';
import { findChromium } from './chromium.js';

/**
 * npm packages that carry the program, by platform, and its file in them. Of Bun's, those for processors without AVX2,
 * where there is a choice.
 */
const BUNS = new Map([
  ['linux-x64', ['@oven/bun-linux-x64-baseline', 'bin/bun']],
  ['linux-arm64', ['@oven/bun-linux-aarch64', 'bin/bun']],
  ['darwin-x64', ['@oven/bun-darwin-x64-baseline', 'bin/bun']],
  ['darwin-arm64', ['@oven/bun-darwin-aarch64', 'bin/bun']],
  ['win32-x64', ['@oven/bun-windows-x64-baseline', 'bin/bun.exe']],
]);
const DENOS = new Map([
  ['linux-x64', ['@deno/linux-x64-glibc', 'deno']],
  ['linux-arm64', ['@deno/linux-arm64-glibc', 'deno']],
  ['darwin-x64', ['@deno/darwin-x64', 'deno']],
  ['darwin-arm64', ['@deno/darwin-arm64', 'deno']],
  ['win32-x64', ['@deno/win32-x64', 'deno.exe']],
]);

/**
 * The programs' files and the packages' folders; null for what is not to be had here.
 *
 * @typedef {Awaited<ReturnType<typeof installTools>>} Tools
 */

/** Installs what is missing, and says what is not to be had. */
export async function installTools() {
  const tools = await installLocked('tools');
  const inTools = (/** @type {string[]} */ ...path) => tools && join(tools, ...path);
  return {
    node20: await installNode(20),
    node22: await installNode(22),
    node24: await installNode(24),
    bun: tools && (await programIn(tools, 'Bun', BUNS)),
    deno: tools && (await programIn(tools, 'Deno', DENOS)),
    chromium: await findChromium(),
    // The oldest that knows what the declarations use; the newest is the project's own.
    typescript: inTools('typescript'),
    esbuild: inTools('esbuild'),
    vite: inTools('vite'),
    webpack: inTools('webpack'),
    publint: inTools('publint'),
    attw: inTools('@arethetypeswrong', 'cli'),
  };
}

/**
 * @param {string} tools
 * @param {string} called
 * @param {Map<string, string[]>} packages
 * @returns {Promise<string | null>}
 */
async function programIn(tools, called, packages) {
  const platform = `${process.platform}-${process.arch}`;
  const [name, file] = packages.get(platform) ?? [];
  if (name === undefined || file === undefined) {
    console.log(`${called}: no npm package for ${platform}.`);
    return null;
  }
  const program = join(tools, name, file);
  const { code, output } = await capture(program, ['--version']);
  if (code === 0) return program;
  forgetUnlessThere(tools, program);
  console.log(`${called} does not start here: ${output.trim()}`);
  return null;
}
