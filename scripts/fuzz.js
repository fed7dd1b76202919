/**
 * The long run of the fuzz targets (`npm run fuzz`): libFuzzer, guided by coverage. What fuzz/ is says fuzz/src/lib.rs.
 *
 *     node scripts/fuzz.js [--target NAME]… [--seconds N]
 *
 * Without `--target`: all, one after another. What it learns stays in fuzz/corpus/, which git ignores; an input that
 * violates a property is written to fuzz/regressions/, where `npm test` finds it from then on.
 */
import { mkdirSync, readdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { inRoot } from './lib/paths.js';
import { Problem, runMain } from './lib/problem.js';
import { read, run, watch } from './lib/run.js';
import { installCargoFuzz } from './setup/cargo-fuzz.js';
import { installToolchain } from './setup/rust.js';

/** Time for each target unless said otherwise. */
const SECONDS = 60;

const TARGET_DIR = inRoot('target', 'fuzz');

/** It runs for minutes, so it is built for speed and not for size; crashes are caught, and told with names. */
const PROFILE = {
  CARGO_PROFILE_RELEASE_OPT_LEVEL: '2',
  CARGO_PROFILE_RELEASE_LTO: 'off',
  CARGO_PROFILE_RELEASE_CODEGEN_UNITS: '16',
  CARGO_PROFILE_RELEASE_PANIC: 'unwind',
  CARGO_PROFILE_RELEASE_STRIP: 'none',
};

await runMain(async () => {
  const { targets, seconds } = options();
  await installToolchain();
  await installCargoFuzz();
  const program = await build();

  /** @type {string[]} */
  const failed = [];
  for (const target of targets) {
    console.log(`\n=== ${target}, ${seconds} s`);
    if (!(await fuzz(program, target, seconds))) failed.push(target);
  }
  if (failed.length > 0) {
    throw new Problem(
      `Properties are violated: ${failed.join(', ')}. The inputs lie in fuzz/regressions/ now; \`cargo test -p return-dispatch-fuzz\` repeats them. Commit them together with the fix.`,
    );
  }
  console.log(`\n${targets.length} targets, no property violated.`);
});

function options() {
  const known = readdirSync(inRoot('fuzz', 'seeds')).sort();
  const { values } = parseArgs({
    options: { target: { type: 'string', multiple: true }, seconds: { type: 'string' } },
  });
  const targets = values.target ?? known;
  const unknown = targets.find((target) => !known.includes(target));
  if (unknown !== undefined) {
    throw new Problem(`There is no target "${unknown}". The targets are: ${known.join(', ')}.`);
  }
  const seconds = Number(values.seconds ?? SECONDS);
  if (!Number.isInteger(seconds) || seconds < 1) {
    throw new Problem(`--seconds "${values.seconds}" is not a number of whole seconds.`);
  }
  return { targets, seconds };
}

/**
 * Sanitizers need a nightly compiler, and there is no unsafe code here for them to look at.
 *
 * @returns {Promise<string>} the program's file
 */
async function build() {
  const options = ['--sanitizer', 'none', '--target-dir', TARGET_DIR];
  await run('cargo', ['fuzz', 'build', ...options, 'long-run'], { env: PROFILE });
  const host = /^host: (.+)$/m.exec(await read('rustc', ['-vV']))?.[1] ?? '';
  return inRoot('target', 'fuzz', host, 'release', 'long-run');
}

/**
 * @param {string} program
 * @param {string} target
 * @param {number} seconds
 * @returns {Promise<boolean>} whether all properties held
 */
async function fuzz(program, target, seconds) {
  const folder = (/** @type {string} */ kind) => inRoot('fuzz', kind, target);
  for (const kind of ['corpus', 'regressions']) mkdirSync(folder(kind), { recursive: true });
  const { code } = await watch(
    program,
    [
      folder('corpus'),
      folder('seeds'),
      `-artifact_prefix=${folder('regressions')}/`,
      `-max_total_time=${seconds}`,
      '-max_len=16384',
      '-timeout=10',
      '-rss_limit_mb=1024',
      '-print_final_stats=1',
    ],
    { env: { FUZZ_TARGET: target } },
  );
  return code === 0;
}
