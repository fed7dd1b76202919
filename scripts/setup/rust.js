/** The Rust toolchain that rust-toolchain.toml names, with its components and targets. */
import { readFileSync } from 'node:fs';
import { inRoot } from '../lib/paths.js';
import { Problem } from '../lib/problem.js';
import { capture, environment, run } from '../lib/run.js';
import { which } from '../lib/which.js';

const NO_RUST =
  'Rust is needed to build and test: install rustup from https://rustup.rs, then run the same command again.';

/** @throws {Problem} when rustup or cargo is missing, or another cargo comes first on the path */
export async function installToolchain() {
  const path = environment().PATH;
  if (!which('rustup', path) || !which('cargo', path)) throw new Problem(NO_RUST);

  const wanted = readToolchainFile();
  // rustup installs a toolchain by itself only where RUSTUP_AUTO_INSTALL allows it, so this asks first.
  if (!(await isInstalled(wanted))) {
    const list = (/** @type {string} */ flag, /** @type {string[]} */ names) =>
      names.length > 0 ? [flag, names.join(',')] : [];
    console.log(`Installing Rust ${wanted.channel}.`);
    await run('rustup', [
      ...['toolchain', 'install', wanted.channel, '--profile', 'minimal', '--no-self-update'],
      ...list('--component', wanted.components),
      ...list('--target', wanted.targets),
    ]);
  }
  await checkCargo(wanted.channel);
}

/** @typedef {{ channel: string, components: string[], targets: string[] }} Toolchain */

/** @returns {Toolchain} */
function readToolchainFile() {
  const text = readFileSync(inRoot('rust-toolchain.toml'), 'utf8');
  const list = (/** @type {string} */ key) => {
    const items = new RegExp(`^${key} = \\[(.*)\\]`, 'm').exec(text)?.[1] ?? '';
    return [...items.matchAll(/"([^"]+)"/g)].map((match) => match[1]);
  };
  const channel = /^channel = "([^"]+)"/m.exec(text)?.[1];
  if (!channel) throw new Problem('rust-toolchain.toml names no channel: add `channel = "…"`.');
  return { channel, components: list('components'), targets: list('targets') };
}

/** @param {Toolchain} wanted */
async function isInstalled({ channel, components, targets }) {
  const { code, output } = await capture('rustup', [
    ...['component', 'list', '--installed', '--toolchain', channel],
  ]);
  const installed = output.split(/\s+/);
  const has = (/** @type {string} */ prefix) => installed.some((name) => name.startsWith(prefix));
  return code === 0 && components.every(has) && targets.every((name) => has(`rust-std-${name}`));
}

/**
 * dist/ is the same bytes only if everyone builds with one compiler.
 *
 * @param {string} channel
 */
async function checkCargo(channel) {
  const { output } = await capture('cargo', ['--version']);
  if (output.startsWith(`cargo ${channel} `)) return;
  throw new Problem(
    [
      `cargo ${channel} is needed here, but \`cargo --version\` says: ${output.trim()}`,
      process.env.RUSTUP_TOOLCHAIN
        ? 'The variable RUSTUP_TOOLCHAIN overrides rust-toolchain.toml: unset it, then run the same command again.'
        : "Put rustup's folder in front of the other cargo on the PATH, then run the same command again.",
    ].join('\n'),
  );
}
