/** The npm packages, as they would be published. */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { TOOLS } from '../lib/paths.js';
import { read } from '../lib/run.js';

/** @returns {Promise<{ tarball: string, simulator: string }>} the files: the package's, and the embedded GitHub's */
export async function pack() {
  const folder = join(TOOLS, 'package');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const packed = async (/** @type {string} */ what) => {
    const options = ['--silent', '--ignore-scripts', `--pack-destination=${folder}`];
    return join(folder, (await read('npm', ['pack', what, ...options])).trim());
  };
  return { tarball: await packed('.'), simulator: await packed('./dist/simulator') };
}
