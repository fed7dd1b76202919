/**
 * The core for programs: WebAssembly and what it takes to run it, in one module, so that it works in every bundler and
 * wherever there is no file system. Loaded with the first call, once.
 */
import bytes from '../pkg/program/bytes.js';
import initialise, {
  cancelFromProgram,
  dispatchFromProgram,
  mergeInputs,
  waitFromProgram,
} from '../pkg/program/return_dispatch.js';

export { cancelFromProgram, dispatchFromProgram, mergeInputs, waitFromProgram };

/** @type {Promise<unknown> | undefined} */
let loading;

/**
 * Resolves when the functions of this module can be called.
 *
 * Whoever imports the package shares this module with whoever requires it: a second instance would take the place of the
 * first, whose calls are still under way.
 */
export function load() {
  loading ??= unpack().then((bytes) => initialise({ module_or_path: bytes }));
  return loading;
}

async function unpack() {
  // Where there are Node.js's modules, they take a tenth of the time. Asked for like this, no bundler looks for them.
  const { getBuiltinModule } = globalThis.process ?? {};
  if (getBuiltinModule) {
    const compressed = getBuiltinModule('node:buffer').Buffer.from(bytes, 'base64');
    return getBuiltinModule('node:zlib').gunzipSync(compressed);
  }
  const text = atob(bytes);
  const compressed = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at += 1) compressed[at] = text.charCodeAt(at);
  const stream = new Blob([compressed]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Response(stream).arrayBuffer();
}
