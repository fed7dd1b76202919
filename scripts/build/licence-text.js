/** Finding the text of a package's licence. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Problem } from '../lib/problem.js';

/**
 * @typedef {object} Licensed
 * @property {string} name the package's name
 * @property {string} folder the package's folder
 * @property {string} licence what its manifest says, in SPDX's terms
 */

/**
 * The texts in the package's own folder. Where it leaves the choice, MIT (or MIT-0) is taken: the shortest.
 *
 * @param {Licensed} licensed
 * @returns {string[]} none where the package carries no such file
 */
export function ownLicenceTexts({ folder, licence }) {
  const files = licenceFiles(folder);
  const chosen = licence.split(/ AND /).flatMap((part) => {
    const word = /\bMIT\b/.test(part) ? /mit/i : new RegExp(/[a-z]+/i.exec(part)?.[0] ?? '', 'i');
    const named = files.filter((file) => word.test(file));
    return named.length > 0 ? named : files.slice(0, 1);
  });
  return [...new Set(chosen)].map((file) => readFileSync(join(folder, file), 'utf8'));
}

/** @param {string} folder */
function licenceFiles(folder) {
  const own = readdirSync(folder).filter((file) =>
    /^(licen[cs]e[-._]|licen[cs]e$|copying|unlicense)/i.test(file),
  );
  // A package with several authors may keep their texts in folders.
  const deeper = ['licenses', '.licenses', 'LICENSES']
    .filter((name) => existsSync(join(folder, name)))
    .flatMap((name) => readdirSync(join(folder, name)).map((file) => join(name, file)));
  return [...own, ...deeper].sort();
}

/**
 * MIT's own text, for packages that offer it and forgot the file.
 *
 * @param {Licensed} licensed
 * @param {string} mit the licence without the copyright line
 * @param {string} holders
 * @throws {Problem} for another licence, so that none is lost silently
 */
export function standardLicenceText({ name, licence }, mit, holders) {
  if (offersMit(licence) && holders) return withHolders(mit, holders);
  throw new Problem(
    `${name} (${licence}) carries no licence file: teach scripts/build/licence-text.js its text, or do without the package.`,
  );
}

/**
 * @param {string} mit
 * @param {string} holders
 */
export function withHolders(mit, holders) {
  return mit.replace('<year> <copyright holders>', holders);
}

/** @param {string} licence */
function offersMit(licence) {
  return /\bMIT\b(?!-)/.test(licence);
}
