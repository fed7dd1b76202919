/**
 * Runs every test (`npm test`), and stops at the first step that fails.
 *
 *     node scripts/test.js [--only STEP]…
 */
import { parseArgs } from 'node:util';
import { Problem, runMain } from './lib/problem.js';
import { watch } from './lib/run.js';
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
  for (const step of steps) {
    const result = failed ? notRun(step) : await perform(step);
    if (result.outcome === 'failed') failed = step;
    results.push(result);
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
 * @param {Step} step
 * @returns {Promise<Result>}
 */
async function perform({ name, title, command }) {
  console.log(`\n=== ${title} (${name})`);
  const start = performance.now();
  const todo = await command();
  if (typeof todo === 'string') {
    console.log(`Skipped: ${todo}.`);
    return { name, outcome: 'skipped', reason: todo };
  }
  const { code, output } = await watch(todo.program, todo.args, { env: todo.env });
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
