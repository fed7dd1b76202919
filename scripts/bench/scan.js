/** How fast an archive of logs is searched from end to end: by this program, by other ways of reading zip files. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { read } from '../lib/run.js';
import { archiveOfLogs, ID } from './scan/archive.js';

/** @typedef {import('./report.js').Comparison} Comparison */

/** Others than this program, in these versions; only this needs them, so no contributor has to install them. */
const PACKAGES = ['adm-zip@0.6.1', 'jszip@3.10.2'];

const CONTENDER = fileURLToPath(new URL('./scan/contender.js', import.meta.url));

/** By name, the arguments of the contender's process. */
const CONTENDERS = {
  'this action': 'product',
  'adm-zip': 'adm-zip',
  jszip: 'jszip',
  'node:zlib (limit)': 'zlib',
  'native Rust (limit)': 'native',
};

/**
 * Searches one archive of 400 MB of text for an ID that stands at its very end. Each search has a process of its own,
 * and all take turns, so that a busy moment of the machine hits all alike: compare within one measurement only.
 *
 * @param {number} rounds
 * @returns {Promise<Comparison>}
 */
export async function measureScan(rounds) {
  const folder = mkdtempSync(join(tmpdir(), 'return-dispatch-scan-'));
  try {
    const { bytes, textLength } = archiveOfLogs();
    const archive = join(folder, 'logs.zip');
    writeFileSync(archive, bytes);
    writeFileSync(join(folder, 'package.json'), '{"private":true}');
    const quietly = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
    await read('npm', ['install', ...quietly, '--prefix', folder, ...PACKAGES]);
    const native = ['--release', '--locked', '--example', 'scan'];
    await read('cargo', ['build', '--quiet', ...native]);

    /** @type {Map<string, number[]>} */
    const speeds = new Map(Object.keys(CONTENDERS).map((name) => [name, []]));
    for (let round = 0; round < rounds; round += 1) {
      for (const [name, way] of Object.entries(CONTENDERS)) {
        const milliseconds =
          way === 'native'
            ? await read('cargo', ['run', '--quiet', ...native, '--', archive, ID])
            : await read(process.execPath, [CONTENDER, way, folder]);
        speeds.get(name)?.push(textLength / 1e3 / Number(milliseconds));
      }
    }
    return {
      title: 'Text of an archive of logs, searched to its end',
      unit: 'MB/s',
      base: 'adm-zip',
      more: true,
      rows: [...speeds].map(([name, samples]) => ({ name, samples })),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
