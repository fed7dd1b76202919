/** The crates that WebAssembly is built from, as Cargo tells. */
import { read } from '../lib/run.js';

/** What the wasm files are compiled for. */
export const TARGET = 'wasm32-unknown-unknown';

/**
 * What `cargo metadata` says of a crate.
 *
 * @typedef {object} Crate
 * @property {string} name
 * @property {string} version
 * @property {string} license
 * @property {string[]} authors
 * @property {string} manifest_path
 */

/**
 * The crates of others. Those that are not on the machine yet are downloaded.
 *
 * @returns {Promise<Crate[]>}
 */
export async function foreignCrates() {
  const options = ['--format-version', '1', '--locked', '--filter-platform', TARGET];
  /** @type {{ packages: (Crate & { source: string | null })[] }} */
  const { packages } = JSON.parse(await read('cargo', ['metadata', ...options]));
  return packages.filter(({ source }) => source !== null);
}

/**
 * What is linked into one of the project's crates. Procedural macros and build scripts run while compiling; none of
 * their code is in the result.
 *
 * @param {string} name
 * @returns {Promise<string[]>} as `name version`
 */
export async function linkedCrates(name) {
  const tree = await read('cargo', [
    ...['tree', '--locked', '--package', name, '--target', TARGET],
    ...['--edges', 'normal,no-proc-macro', '--prefix', 'none', '--format', '{p}'],
  ]);
  return [...tree.matchAll(/^(\S+) v(\S+)/gm)].map(([, crate, version]) => `${crate} ${version}`);
}
