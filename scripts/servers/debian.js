/** Programs as Debian and its descendants package them. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CACHE, inRoot } from '../lib/paths.js';
import { capture } from '../lib/run.js';
import { which } from '../lib/which.js';

/**
 * Downloads a package and unpacks it outside the checkout, which takes no rights and leaves the machine as it is. Where
 * there is no apt, or another version than those in locks/debian.json, the program on the path has to do.
 *
 * @param {string} name of the program
 * @param {string} [debian] what its package is called, if not the same
 * @returns {Promise<string | undefined>} the program's file; undefined after a message that says why there is none
 */
export async function installFromDebian(name, debian = name) {
  const folder = join(CACHE, name);
  const program = join(folder, 'usr', 'bin', name);
  if (existsSync(program)) return program;
  const own = which(name);
  if (!which('apt-get') || !which('dpkg-deb')) {
    if (!own) {
      console.log(`${name} is not tested: it is not on the path, and there is no apt to get it.`);
    }
    return own;
  }
  console.log(`Downloading ${name}.`);
  mkdirSync(folder, { recursive: true });
  const download = await capture('apt-get', ['download', debian], { cwd: folder });
  const file = readdirSync(folder).find((name) => name.endsWith('.deb'));
  if (file && !isLocked(join(folder, file), file)) {
    console.log(`${file} is not the version that scripts/setup/locks/debian.json has.`);
    if (!own) console.log(`${name} is not tested.`);
    return own;
  }
  if (download.code === 0 && file) {
    const unpack = await capture('dpkg-deb', ['--extract', file, '.'], { cwd: folder });
    if (unpack.code === 0 && existsSync(program)) return program;
  }
  if (!own) {
    console.log(
      `${name} is not tested: \`apt-get download ${debian}\` failed.\n${download.output}`,
    );
  }
  return own;
}

/**
 * @param {string} file
 * @param {string} name of the package's file
 */
function isLocked(file, name) {
  const locks = JSON.parse(
    readFileSync(inRoot('scripts', 'setup', 'locks', 'debian.json'), 'utf8'),
  );
  return locks[name] === createHash('sha256').update(readFileSync(file)).digest('hex');
}
