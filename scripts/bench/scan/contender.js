/**
 * Searches the archive in a folder once, in one way, and prints how many milliseconds that took, from its bytes to
 * whether it has the ID.
 *
 *     node scripts/bench/scan/contender.js WAY FOLDER
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { ID } from './archive.js';

const [way = '', folder = ''] = process.argv.slice(2);
const bytes = readFileSync(join(folder, 'logs.zip'));
const fromFolder = createRequire(join(folder, 'package.json'));

/** @type {Record<string, () => Promise<number>>} each says how many milliseconds it took */
const WAYS = {
  async product() {
    const { searchByProduct } = await import('./product.js');
    return searchByProduct(bytes);
  },

  async 'adm-zip'() {
    const AdmZip = fromFolder('adm-zip');
    return timed(async () => {
      for (const entry of new AdmZip(bytes).getEntries()) {
        if (entry.getData().includes(ID)) return true;
      }
      return false;
    });
  },

  async jszip() {
    const JSZip = fromFolder('jszip');
    return timed(async () => {
      const { files } = await JSZip.loadAsync(bytes);
      for (const file of Object.values(files)) {
        if ((await file.async('nodebuffer')).includes(ID)) return true;
      }
      return false;
    });
  },

  async zlib() {
    return timed(async () => {
      for (const packed of entries()) {
        if (inflateRawSync(packed).includes(ID)) return true;
      }
      return false;
    });
  },
};

/** What the directory lists, as it lies there: no more than this archive needs. */
function* entries() {
  const end = bytes.lastIndexOf('PK\x05\x06');
  let at = bytes.readUInt32LE(end + 16);
  while (at < end) {
    const [size, header] = [bytes.readUInt32LE(at + 20), bytes.readUInt32LE(at + 42)];
    const start = header + 30 + bytes.readUInt16LE(header + 26) + bytes.readUInt16LE(header + 28);
    yield bytes.subarray(start, start + size);
    const [name, extra, comment] = [28, 30, 32].map((field) => bytes.readUInt16LE(at + field));
    at += 46 + Number(name) + Number(extra) + Number(comment);
  }
}

/** @param {() => Promise<boolean>} search */
async function timed(search) {
  const began = performance.now();
  assert.ok(await search(), 'the ID is there');
  return performance.now() - began;
}

const search = WAYS[way];
if (!search) throw new Error(`there is no way "${way}"`);
console.log(await search());
