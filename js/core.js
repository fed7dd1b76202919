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

/** Resolves when the functions of this module can be called. */
export async function load() {
  const compressed = Uint8Array.from(atob(bytes), (character) => character.charCodeAt(0));
  const stream = new Blob([compressed]).stream().pipeThrough(new DecompressionStream('gzip'));
  await initialise({ module_or_path: await new Response(stream).arrayBuffer() });
}
