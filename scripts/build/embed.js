/** WebAssembly as a module of JavaScript, for places without files. */
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Writes bytes.js beside a wasm file: the file compressed, in base64.
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
