/** GitHub's command line, as Debian and its descendants package it. */
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { CACHE } from '../lib/paths.js';
import { capture } from '../lib/run.js';
import { which } from '../lib/which.js';

/**
 * Downloads the package and unpacks it outside the checkout, which takes no rights and leaves the machine as it is.
 * Where there is no apt, the gh on the path has to do.
 *
 * @returns {Promise<string | undefined>} the program's file; undefined after a message that says why there is none
 */
export async function installGh() {
  const folder = join(CACHE, 'gh');
  const program = join(folder, 'usr', 'bin', 'gh');
  if (existsSync(program)) return program;
  const own = which('gh');
  if (!which('apt-get') || !which('dpkg-deb')) {
    if (!own)
      console.log('gh is not tested: it is not on the path, and there is no apt to get it.');
    return own;
  }
  console.log('Downloading gh.');
  mkdirSync(folder, { recursive: true });
  const download = await capture('apt-get', ['download', 'gh'], { cwd: folder });
  const file = readdirSync(folder).find((name) => name.endsWith('.deb'));
  if (download.code === 0 && file) {
    const unpack = await capture('dpkg-deb', ['--extract', file, '.'], { cwd: folder });
    if (unpack.code === 0 && existsSync(program)) return program;
  }
  if (!own) console.log(`gh is not tested: \`apt-get download gh\` failed.\n${download.output}`);
  return own;
}
