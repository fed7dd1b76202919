/** The declarations in TypeScript of what Rust and JavaScript exchange: js/types/, and samples that hold them to it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../lib/run.js';

/** The folders that hold nothing else. */
export const TYPES = [join('js', 'types'), join('tests', 'types')];

/**
 * Writes them, then hands over the folder that holds theirs, which is gone afterwards.
 *
 * @template T
 * @param {(folder: string) => T} use
 * @returns {Promise<T>}
 */
export async function withTypes(use) {
  const folder = mkdtempSync(join(tmpdir(), 'return-dispatch-types-'));
  try {
    await run('cargo', ['run', '--locked', '--quiet', '--package', 'types', '--', folder]);
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
