/** The npm package, as it would be published. */
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { TOOLS } from '../lib/paths.js';
import { read } from '../lib/run.js';

/** @returns {Promise<string>} the tarball's file */
export async function pack() {
  const folder = join(TOOLS, 'package');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await read('npm', ['pack', '--silent', '--ignore-scripts', `--pack-destination=${folder}`]);
  return join(folder, readdirSync(folder)[0]);
}
