/**
 * Brings a fresh clone to where everything can be built and tested. Idempotent, and quick when there is nothing to do.
 *
 * The other scripts call it; `node scripts/setup.js` does it alone. It needs nothing but Node.js itself, as it runs
 * before anything is installed.
 */
import { pathToFileURL } from 'node:url';
import { Problem, runMain } from './lib/problem.js';
import { installPackages } from './setup/packages.js';
import { installToolchain } from './setup/rust.js';
import { installWasmTools } from './setup/wasm-tools.js';

/** What building and testing need. */
export async function setup() {
  checkNode();
  await installToolchain();
  await Promise.all([installWasmTools(), installPackages()]);
}

function checkNode() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < 20) {
    throw new Problem(
      `Node.js 20 or newer is needed, and this is ${process.version}: install a newer one, then run the same command again.`,
    );
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  await runMain(async () => {
    await setup();
    console.log('Everything is there: run `npm run build` or `npm test`.');
  });
}
