/** The licences of the Rust code in a wasm file. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { foreignCrates, linkedCrates } from './crates.js';
import { ownLicenceTexts, standardLicenceText, withHolders } from './licence-text.js';
import { rustToolchain } from './rust-toolchain.js';

/** @typedef {import('./notices.js').Notice} Notice */

/**
 * @param {string} crate which one of the project's is in it
 * @returns {Promise<Notice[]>}
 */
export async function rustLicences(crate) {
  const { sysroot, release } = await rustToolchain();
  const text = (/** @type {string} */ licence) =>
    readFileSync(join(sysroot, 'share', 'doc', 'rust', 'licenses', `${licence}.txt`), 'utf8');
  return [...standardLibrary(release, text), ...(await crates(crate, text('MIT')))];
}

/**
 * @param {string} crate
 * @param {string} mit
 */
async function crates(crate, mit) {
  const linked = new Set(await linkedCrates(crate));
  return (await foreignCrates())
    .filter(({ name, version }) => linked.has(`${name} ${version}`))
    .flatMap(({ name, version, license, authors, manifest_path }) => {
      const crate = { name, folder: dirname(manifest_path), licence: license };
      const own = ownLicenceTexts(crate);
      const texts = own.length > 0 ? own : [standardLicenceText(crate, mit, authors.join(', '))];
      return texts.map((text) => ({ name: `${name} ${version}`, licence: license, text }));
    });
}

/**
 * The parts of the standard library that WebAssembly gets, as its COPYRIGHT-library.html names them.
 *
 * @param {string} release
 * @param {(licence: string) => string} text
 * @returns {Notice[]}
 */
function standardLibrary(release, text) {
  const dual = (/** @type {string} */ what, /** @type {string} */ holders) => ({
    name: `The Rust standard library ${release}${what}`,
    licence: 'MIT OR Apache-2.0',
    text: withHolders(text('MIT'), holders),
  });
  return [
    dual('', 'The Rust Project Developers (see https://thanks.rust-lang.org)'),
    dual(': cfg-if and dlmalloc', '2014 Alex Crichton'),
    dual(': hashbrown', "2016 Amanieu d'Antras"),
    {
      name: `The Rust standard library ${release}: Unicode data`,
      licence: 'Unicode-3.0',
      text: text('Unicode-3.0'),
    },
  ];
}
