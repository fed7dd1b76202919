/**
 * wasm-pack and wasm-bindgen.
 *
 * The npm package of wasm-pack downloads a program when it is installed, and wasm-pack downloads wasm-bindgen; both
 * fail behind a registry mirror.
 */
import { readFileSync } from 'node:fs';
import { inRoot } from '../lib/paths.js';
import { Problem } from '../lib/problem.js';
import { installCrates } from './crates.js';

const WASM_PACK = '0.15.1';

/** Installs what is missing. */
export async function installWasmTools() {
  await installCrates([`wasm-pack@${WASM_PACK}`, `wasm-bindgen-cli@${lockedWasmBindgen()}`]);
}

/** wasm-bindgen's command must be of the very version of the crate. */
function lockedWasmBindgen() {
  const lock = readFileSync(inRoot('Cargo.lock'), 'utf8');
  const version = /name = "wasm-bindgen"\r?\nversion = "([^"]+)"/.exec(lock)?.[1];
  if (!version) throw new Problem('Cargo.lock names no wasm-bindgen: restore it from git.');
  return version;
}
