/** The whole build: everything of dist/, into any folder. */
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { bundle } from './bundle.js';
import { writeDeclarations } from './declarations.js';
import { compress, embed } from './embed.js';
import { writeNotices } from './notices.js';
import { npmLicences } from './npm-licences.js';
import { rustLicences } from './rust-licences.js';
import { SIMULATOR, writeSimulatorPackage } from './simulator-package.js';
import { checkSizes } from './sizes.js';
import { buildWasm, CRATES } from './wasm.js';

/**
 * The files of js/ that are bundled.
 *
 * @type {import('./bundle.js').Entry[]}
 */
const ENTRIES = [
  // Loading modules by `import` takes Node.js longer than loading them by `require`.
  {
    source: 'action.js',
    file: 'action.cjs',
    format: 'cjs',
    requires: true,
  },
  { source: 'post.js', file: 'post.cjs', format: 'cjs', requires: true },
  { source: 'proxy.js', file: 'proxy.cjs', format: 'cjs' },
  { source: 'core.js', platform: 'neutral' },
  { source: 'program.js', platform: 'neutral', beside: ['./core.js'] },
  { source: 'index.js', platform: 'neutral', beside: ['./program.js'] },
  {
    source: 'index.js',
    file: 'index.cjs',
    format: 'cjs',
    platform: 'neutral',
    beside: ['./core.js'],
  },
  { source: 'simulator.js', beside: [SIMULATOR] },
  { source: 'simulator.js', file: 'simulator.cjs', format: 'cjs', beside: [SIMULATOR] },
  { source: 'cli.js', beside: ['./program.js', './cli-demo.js'] },
  { source: 'cli-demo.js', beside: [SIMULATOR] },
];

/**
 * Those of the package with the embedded GitHub.
 *
 * @type {import('./bundle.js').Entry[]}
 */
const SIMULATOR_ENTRIES = [
  { source: 'simulator/index.js' },
  {
    source: 'simulator/require.js',
    file: 'simulator/index.cjs',
    format: 'cjs',
    beside: ['./index.js'],
  },
];

/**
 * Builds everything, then hands over the folder that holds it, which is gone afterwards: nothing is replaced by half
 * a build.
 *
 * @template T
 * @param {(folder: string) => T} use
 * @returns {Promise<T>}
 */
export async function withBuild(use) {
  const folder = mkdtempSync(join(tmpdir(), 'return-dispatch-build-'));
  try {
    await buildWasm();
    mkdirSync(join(folder, 'simulator'));
    for (const { wasm, feature } of CRATES) {
      if (feature === 'action') copyFileSync(wasm, join(folder, basename(wasm)));
      else if (feature === 'program') await embed(wasm);
      else compress(wasm, join(folder, 'simulator', `${basename(wasm)}.br`));
    }
    await bundleAll(ENTRIES, 'return-dispatch-wasm', folder, '.');
    await bundleAll(SIMULATOR_ENTRIES, 'simulator', folder, 'simulator');
    writeDeclarations(folder);
    writeSimulatorPackage(join(folder, 'simulator'));
    checkSizes(folder);
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Bundles what becomes one npm package, and tells whose code is in it.
 *
 * @param {import('./bundle.js').Entry[]} entries
 * @param {string} crate what they load as WebAssembly
 * @param {string} folder where the bundles go
 * @param {string} place the package's folder in it
 */
async function bundleAll(entries, crate, folder, place) {
  const bundled = [];
  for (const entry of entries) bundled.push(...(await bundle(entry, folder)));
  const notices = writeNotices([...(await rustLicences(crate)), ...npmLicences(bundled)]);
  writeFileSync(join(folder, place, 'THIRD-PARTY-NOTICES.txt'), notices);
}

/**
 * Makes `to` a copy of `from`, without whatever else was in it.
 *
 * @param {string} from
 * @param {string} to
 */
export function replaceFolder(from, to) {
  rmSync(to, { recursive: true, force: true });
  cpSync(from, to, { recursive: true });
}
