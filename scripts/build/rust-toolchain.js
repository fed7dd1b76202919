/** What rustc says of itself. */
import { read } from '../lib/run.js';

/**
 * @typedef {object} RustToolchain
 * @property {string} sysroot its folder
 * @property {string} release its version
 * @property {string} commit the commit that it was built from
 */

/** @returns {Promise<RustToolchain>} */
export async function rustToolchain() {
  const version = await read('rustc', ['-vV']);
  const field = (/** @type {string} */ name) =>
    new RegExp(`^${name}: (\\S+)$`, 'm').exec(version)?.[1] ?? '';
  return {
    sysroot: (await read('rustc', ['--print', 'sysroot'])).trim(),
    release: field('release'),
    commit: field('commit-hash'),
  };
}
