/** The licences of the npm packages in the bundles. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Problem } from '../lib/problem.js';
import { ownLicenceTexts } from './licence-text.js';

/**
 * @param {string[]} files the files that were bundled
 * @returns {import('./notices.js').Notice[]}
 */
export function npmLicences(files) {
  const folders = files.map(packageFolder).filter((folder) => folder !== undefined);
  return [...new Set(folders)].flatMap((folder) => {
    const { name, version, license } = JSON.parse(
      readFileSync(join(folder, 'package.json'), 'utf8'),
    );
    const texts = ownLicenceTexts({ name, folder, licence: license });
    if (texts.length === 0) {
      throw new Problem(`${name} (${license}) carries no licence file: do without it.`);
    }
    return texts.map((text) => ({ name: `${name} ${version}`, licence: license, text }));
  });
}

/** @param {string} file */
function packageFolder(file) {
  return /^(.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+)[\\/]/.exec(file)?.[1];
}
