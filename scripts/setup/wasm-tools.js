/**
 * wasm-pack and wasm-bindgen, built from source into .tools/.
 *
 * The npm package of wasm-pack downloads a program when it is installed, and wasm-pack downloads wasm-bindgen; both
 * fail behind a registry mirror. Cargo needs nothing but its registry.
 */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { inRoot, TOOLS } from '../lib/paths.js';
import { Problem } from '../lib/problem.js';
import { run } from '../lib/run.js';

const WASM_PACK = '0.15.1';

/** Installs what is missing. */
export async function installWasmTools() {
  const wanted = [`wasm-pack@${WASM_PACK}`, `wasm-bindgen-cli@${lockedWasmBindgen()}`];
  const installed = installedCrates();
  if (wanted.every((crate) => installed.includes(crate))) return;

  const target = join(TOOLS, 'target');
  console.log(`Building ${wanted.join(' and ')}: once, about two minutes.`);
  await run(
    'cargo',
    ['install', '--locked', '--no-default-features', '--quiet', '--root', TOOLS, ...wanted],
    {
      env: {
        CARGO_TARGET_DIR: target,
        // They run for seconds, so compiling them quickly matters more than their speed: half the time.
        CARGO_PROFILE_RELEASE_OPT_LEVEL: '0',
        CARGO_PROFILE_RELEASE_CODEGEN_UNITS: '256',
        CARGO_PROFILE_RELEASE_STRIP: 'true',
      },
    },
  );
  rmSync(target, { recursive: true, force: true });
}

/** wasm-bindgen's command must be of the very version of the crate. */
function lockedWasmBindgen() {
  const lock = readFileSync(inRoot('Cargo.lock'), 'utf8');
  const version = /name = "wasm-bindgen"\r?\nversion = "([^"]+)"/.exec(lock)?.[1];
  if (!version) throw new Problem('Cargo.lock names no wasm-bindgen: restore it from git.');
  return version;
}

/**
 * What cargo's own record of the folder says.
 *
 * @returns {string[]} as `name@version`
 */
function installedCrates() {
  try {
    const record = readFileSync(join(TOOLS, '.crates.toml'), 'utf8');
    return [...record.matchAll(/^"(\S+) (\S+) /gm)].map(
      ([, name, version]) => `${name}@${version}`,
    );
  } catch {
    return [];
  }
}
