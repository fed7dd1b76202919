/**
 * Random bytes, and what @actions/core takes of Node.js's module `crypto`: to load it, or `globalThis.crypto`, takes two
 * of the fifty milliseconds of a step.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** The operating system's own generator, where that is a file. */
const GENERATOR = '/dev/urandom';

/** @returns {Uint8Array} sixteen bytes that nobody can predict */
export function random() {
  const bytes = new Uint8Array(16);
  if (process.platform === 'win32' || !read(bytes)) globalThis.crypto.getRandomValues(bytes);
  return bytes;
}

/** @param {Uint8Array} bytes */
function read(bytes) {
  try {
    const file = openSync(GENERATOR, 'r');
    try {
      // Where somebody has written a file of that name, it is the same for everybody.
      return fstatSync(file).isCharacterDevice() && readSync(file, bytes) === bytes.length;
    } finally {
      closeSync(file);
    }
  } catch {
    return false;
  }
}

/** In the place of `crypto.randomUUID`: @actions/core makes a delimiter of it that no value contains. */
export function randomUUID() {
  return Buffer.from(random()).toString('hex');
}
