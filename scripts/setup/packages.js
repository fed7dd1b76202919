/** The npm packages that package-lock.json names. */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { inRoot } from '../lib/paths.js';
import { run } from '../lib/run.js';

/** Says for which lock file node_modules/ was made. Lies in that folder, so that it goes when the folder goes. */
const MARKER = inRoot('node_modules', '.return-dispatch-lock');

/** Installs them when node_modules/ is missing or was made for another lock file. */
export async function installPackages() {
  const lock = createHash('sha256')
    .update(readFileSync(inRoot('package-lock.json')))
    .digest('hex');
  if (readMarker() === lock) return;
  console.log('Installing npm packages.');
  await run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  writeFileSync(MARKER, lock);
}

function readMarker() {
  try {
    return readFileSync(MARKER, 'utf8');
  } catch {
    return undefined;
  }
}
