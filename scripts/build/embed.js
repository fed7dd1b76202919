/** WebAssembly for the npm package, where size matters more than the milliseconds to unpack it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { run } from '../lib/run.js';

/**
 * Writes a wasm file compressed, for Node.js and what has its modules.
 *
 * What Brotli makes of it may differ by the version of Node.js: the test `dist` compares what it unpacks to.
 *
 * @param {string} wasm
 * @param {string} file
 */
export function compress(wasm, file) {
  const bytes = readFileSync(wasm);
  const params = {
    [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  };
  writeFileSync(file, brotliCompressSync(bytes, { params }));
}

/**
 * Writes bytes.js beside a wasm file, a module for places without files: the file compressed, in base64.
 *
 * @param {string} wasm
 */
export async function embed(wasm) {
  // Not by Node.js: what its zlib makes of it differs by version and processor, and is a twentieth larger.
  const file = `${wasm}.gz`;
  await run('cargo', ['run', '--locked', '--quiet', '--package', 'gzip', '--', wasm, file]);
  const text = readFileSync(file).toString('base64');
  writeFileSync(join(dirname(wasm), 'bytes.js'), `export default '${text}';\n`);
}
