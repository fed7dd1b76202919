/**
 * Rust to WebAssembly, by wasm-pack: the same bytes in any folder, for any user, with any CARGO_HOME.
 *
 * The test `dist` compares the committed build with one made anew, so nothing of the machine may get into it.
 */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { inRoot, ROOT } from '../lib/paths.js';
import { Problem } from '../lib/problem.js';
import { run } from '../lib/run.js';
import { foreignCrates, TARGET } from './crates.js';
import { rustToolchain } from './rust-toolchain.js';

/**
 * @typedef {object} WasmCrate
 * @property {string} name the crate's name
 * @property {string} folder the crate's folder
 * @property {string} output what its files are called
 * @property {string} wasm the file that wasm-pack writes
 * @property {string} [feature] the crate's feature that is built, where it has some
 */

/** @type {WasmCrate[]} */
export const CRATES = [
  {
    name: 'return-dispatch-wasm',
    folder: inRoot('src', 'wasm'),
    output: 'return_dispatch',
    wasm: inRoot('pkg', 'return_dispatch_bg.wasm'),
    feature: 'action',
  },
  {
    name: 'return-dispatch-wasm',
    folder: inRoot('src', 'wasm'),
    output: 'return_dispatch',
    wasm: inRoot('pkg', 'program', 'return_dispatch_bg.wasm'),
    feature: 'program',
  },
  {
    name: 'simulator',
    folder: inRoot('simulator'),
    output: 'simulator',
    wasm: inRoot('simulator', 'pkg', 'simulator_bg.wasm'),
  },
];

/** Builds each crate. */
export async function buildWasm() {
  const flags = await remappings();
  for (const { folder, output, wasm, feature } of CRATES) {
    await run(
      'wasm-pack',
      [
        ...['--log-level', 'error', 'build', folder],
        ...['--release', '--target', 'web', '--out-name', output, '--out-dir', dirname(wasm)],
        // The tools are there already: looking for others would download them.
        ...['--mode', 'no-install'],
        // Added to the flags of .cargo/config.toml, as arrays in Cargo's configuration are joined.
        ...['--', '--locked', '--config', `target.${TARGET}.rustflags=${JSON.stringify(flags)}`],
        ...(feature ? ['--no-default-features', '--features', feature] : []),
      ],
      { env: withoutOverrides() },
    );
    if (!existsSync(wasm))
      throw new Problem(`wasm-pack wrote no ${wasm}: is the name of the crate still the same?`);
  }
}

/** Panic messages name source files: these flags make their paths the same everywhere. */
async function remappings() {
  const { sysroot, commit } = await rustToolchain();
  // Where crates lie differs by CARGO_HOME, and by the registry or mirror that they came from.
  const crates = (await foreignCrates()).map(({ manifest_path }) =>
    dirname(dirname(manifest_path)),
  );
  const folders = [
    ...[...new Set(crates)].map((folder) => [folder, 'crates']),
    // Where the component rust-src is installed, the standard library's paths lead into it.
    [join(sysroot, 'lib', 'rustlib', 'src', 'rust'), `/rustc/${commit}`],
    // Cargo names the project's own files relative to its folder, but macros may not.
    [ROOT, '.'],
  ];
  return folders.map(([from, to]) => `--remap-path-prefix=${from}=${to}`);
}

/**
 * Variables with which a developer's shell could change what is built.
 *
 * @returns {NodeJS.ProcessEnv}
 */
function withoutOverrides() {
  const override =
    /^(CARGO_ENCODED_RUSTFLAGS|RUSTFLAGS|RUSTC|RUSTC_.*|CARGO_(BUILD|PROFILE|TARGET)_.*)$/;
  const names = Object.keys(process.env).filter(
    (name) => override.test(name) && name !== 'CARGO_TARGET_DIR',
  );
  return Object.fromEntries(names.map((name) => [name, undefined]));
}
