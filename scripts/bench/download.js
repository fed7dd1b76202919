/** What a runner downloads for a step: the compressed tree that a tag names. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { inRoot, ROOT } from '../lib/paths.js';
import { assembleRelease, FILES } from '../release/tree.js';

/** @typedef {import('./report.js').Comparison} Comparison */

/** @returns {Comparison[]} */
export function measureDownload() {
  const folder = mkdtempSync(join(tmpdir(), 'return-dispatch-bench-'));
  try {
    assembleRelease(folder, '0'.repeat(40));
    const all = output('git', '-C', ROOT, 'archive', '--format=tar', 'HEAD');
    const own = output('tar', '-C', folder, '-c', '.');
    const rows = [
      { name: 'all of main', bytes: gzipSync(all).length },
      { name: 'this action', bytes: gzipSync(own).length },
      ...FILES.filter((file) => file.startsWith('dist/')).map((file) => ({
        name: `of which ${file}`,
        bytes: gzipSync(readFileSync(inRoot(file))).length,
      })),
    ];
    return [
      {
        title: 'What a runner downloads for a step, compressed',
        unit: 'KB',
        base: 'all of main',
        rows: rows.map(({ name, bytes }) => ({ name, samples: [bytes / 1000] })),
      },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @param {string} program
 * @param {...string} args
 */
const output = (program, ...args) => execFileSync(program, args, { maxBuffer: 2 ** 28 });
