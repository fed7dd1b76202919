/** WebAssembly for the npm package, where size matters more than the milliseconds to unpack it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';

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
  // Not by Node.js: what its zlib makes of it differs by version and processor.
  const { gzipSync } = await import('fflate');
  const compressed = gzipSync(readFileSync(wasm), { level: 9, mem: 12, mtime: 0 });
  const text = Buffer.from(compressed).toString('base64');
  writeFileSync(join(dirname(wasm), 'bytes.js'), `export default '${text}';\n`);
}
