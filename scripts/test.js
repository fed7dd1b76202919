/**
 * Runs every test (`npm test`), and stops at the first step that fails.
 *
 *     node scripts/test.js [--only STEP]…
 */
import { parseArgs } from 'node:util';
import { Problem, runMain } from './lib/problem.js';
import { capture, watch } from './lib/run.js';
import { setup } from './setup.js';
import { countTests } from './test/counts.js';
import { table, total } from './test/report.js';
import { STEPS } from './test/steps.js';

/**
 * @typedef {import('./test/report.js').Result} Result
 * @typedef {import('./test/steps.js').Step} Step
 */

await runMain(async () => {
  const steps = chosenSteps();
  await setup();

  /** @type {Result[]} */
  const results = [];
  /** @type {Step | undefined} */
  let failed;
  for (const group of groups(STEPS)) {
    const together = group.filter((step) => steps.includes(step));
    const isAlone = together.length === 1;
    const ended = await Promise.all(
      together.map((step) => (failed ? notRun(step) : perform(step, isAlone))),
    );
    failed ??= together.find((_, index) => ended[index]?.outcome === 'failed');
    results.push(...ended);
  }

  console.log(`\n${table(results)}\n`);
  if (failed) console.log(`${failed.title}: failed. ${failed.remedy ?? 'See above.'}`);
  console.log(total(results));
  if (failed) process.exitCode = 1;
});

/** @returns {Step[]} */
function chosenSteps() {
  const { values } = parseArgs({ options: { only: { type: 'string', multiple: true } } });
  const { only } = values;
  if (!only) return STEPS;
  const unknown = only.find((name) => !STEPS.some((step) => step.name === name));
  if (unknown !== undefined) {
    const names = STEPS.map(({ name }) => name).join(', ');
    throw new Problem(`There is no step "${unknown}". The steps are: ${names}.`);
  }
  return STEPS.filter(({ name }) => only.includes(name));
}

/**
 * Steps that run at the same time, group by group.
 *
 * @param {Step[]} steps
 */
function groups(steps) {
  /** @type {Step[][]} */
  const groups = [];
  for (const step of steps) {
    const before = groups.at(-1);
    if (step.beside && before) before.push(step);
    else groups.push([step]);
  }
  return groups;
}

/**
 * @param {Step} step
 * @param {boolean} isAlone whether what it prints is shown as it comes; otherwise, when it has ended
 * @returns {Promise<Result>}
 */
async function perform({ name, title, command }, isAlone) {
  console.log(`\n=== ${title} (${name})`);
  const start = performance.now();
  const todo = await command();
  if (typeof todo === 'string') {
    console.log(`Skipped: ${todo}.`);
    return { name, outcome: 'skipped', reason: todo };
  }
  const run = isAlone ? watch : capture;
  const { code, output } = await run(todo.program, todo.args, { env: todo.env });
  if (!isAlone) console.log(`\n=== ${title} (${name})\n${output.trimEnd()}`);
  const seconds = (performance.now() - start) / 1000;
  console.log(`=== ${code === 0 ? 'passed' : 'FAILED'} after ${seconds.toFixed(1)} s`);
  return { name, outcome: code === 0 ? 'passed' : 'failed', seconds, tests: countTests(output) };
}

/**
 * @param {Step} step
 * @returns {Result}
 */
function notRun({ name }) {
  return { name, outcome: 'not run' };
}
