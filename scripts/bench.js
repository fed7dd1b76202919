/**
 * Measures what the docs claim, side by side, against the embedded GitHub (`npm run bench`): prints a table, and writes
 * docs/benchmarks.md and docs/benchmarks.svg.
 *
 *     node scripts/bench.js [--rounds N] [--only download|start|delay|price|scan]… [--dry]
 */
import { existsSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { measureDownload } from './bench/download.js';
import { measureDelay, measurePrice } from './bench/find.js';
import { pageOf, plotOf, tableOf } from './bench/report.js';
import { measureScan } from './bench/scan.js';
import { measureStart } from './bench/start.js';
import { inRoot } from './lib/paths.js';
import { Problem, runMain } from './lib/problem.js';

/** @typedef {import('./bench/report.js').Comparison} Comparison */

/** @type {Record<string, { title: string, measure: (rounds: number) => Promise<Comparison[]> }>} */
const PARTS = {
  download: { title: 'Download', measure: async () => measureDownload() },
  start: { title: 'Start-up and memory', measure: (rounds) => measureStart(rounds) },
  // These take many seconds a round, mostly of waiting.
  delay: {
    title: 'Time to the ID',
    measure: async (rounds) => [await measureDelay(Math.ceil(rounds / 4))],
  },
  price: {
    title: 'Requests and bytes',
    measure: (rounds) => measurePrice(Math.ceil(rounds / 8)),
  },
  scan: {
    title: 'Reading logs',
    measure: async (rounds) => [await measureScan(Math.ceil(rounds / 3))],
  },
};

await runMain(async () => {
  const { rounds, parts, dry } = options();
  if (!existsSync(inRoot('dist', 'action.cjs'))) {
    throw new Problem('dist/ is missing: run `npm run build` first.');
  }
  /** @type {Comparison[]} */
  const comparisons = [];
  for (const { title, measure } of parts) {
    console.error(`${title} …`);
    comparisons.push(...(await measure(rounds)));
  }
  console.log(`\n${tableOf(comparisons)}`);
  if (dry || parts.length < Object.keys(PARTS).length) {
    console.log('\nNothing was written: that takes all parts.');
    return;
  }
  const node = process.versions.node;
  const cores = availableParallelism();
  const machine = `${process.platform} ${process.arch}, ${cores} cores`;
  const circumstances = `Node.js ${node}, ${machine}; the servers run on it, too.`;
  writeFileSync(inRoot('docs', 'benchmarks.md'), pageOf(comparisons, circumstances));
  writeFileSync(inRoot('docs', 'benchmarks.svg'), plotOf(comparisons));
  console.log('\nWrote docs/benchmarks.md and docs/benchmarks.svg.');
});

function options() {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '21' },
      only: { type: 'string', multiple: true, default: Object.keys(PARTS) },
      dry: { type: 'boolean', default: false },
    },
  });
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) {
    throw new Problem(`--rounds takes a number from 1, not ${values.rounds}.`);
  }
  const parts = values.only.map((name) => {
    const part = PARTS[name];
    if (!part) throw new Problem(`--only takes ${Object.keys(PARTS).join(', ')}, not ${name}.`);
    return part;
  });
  return { rounds, parts, dry: values.dry };
}
