/** How large the action is: a runner downloads it with each job that uses it. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { Problem } from '../lib/problem.js';

/** What a `uses:` step runs. The rest of dist/ is notices, and what serves tests. */
const ACTION = ['action.cjs', 'return_dispatch_bg.wasm'];

/**
 * Dispatching and identifying take 399 KiB of it, of which the readers of archives, JSON and logs are some 110; a client
 * of HTTP that starts fast takes 5, reading parts of logs that do not fit into memory 18, and waiting the rest.
 */
const LIMIT = 640 * 1024;

/**
 * Prints the sizes.
 *
 * @param {string} folder
 * @throws {Problem} above the limit
 */
export function checkSizes(folder) {
  const sizes = ACTION.map((file) => ({ file, bytes: statSync(join(folder, file)).size }));
  const total = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
  const width = Math.max(...ACTION.map((file) => file.length));
  for (const { file, bytes } of sizes) console.log(`  ${file.padEnd(width)} ${kibibytes(bytes)}`);
  console.log(`  ${'the action'.padEnd(width)} ${kibibytes(total)} of ${kibibytes(LIMIT).trim()}`);
  if (total > LIMIT) {
    throw new Problem(
      `The action is ${kibibytes(total).trim()}, more than ${kibibytes(LIMIT).trim()}: see by the comments in dist/action.cjs what it bundles, and with \`cargo tree\` what it links.`,
    );
  }
}

/** @param {number} bytes */
function kibibytes(bytes) {
  return `${(bytes / 1024).toFixed(1).padStart(6)} KiB`;
}
