/**
 * The demonstration (`npm start`): the built action against the embedded GitHub, nothing installed, nothing sent
 * beyond this machine. `npm start -- --server gitea` has it against the embedded Gitea.
 */
import { parseArgs } from 'node:util';
import { startGitHub } from '../dist/simulator/index.js';
import { demonstrationsOn, scenarioOf } from './demonstrations.js';
import { runAction } from './runner.js';

const COLOURS = process.stdout.isTTY && !process.env.NO_COLOR;

const SENDER = {
  token: 'ghs_simulated',
  repo: 'octo/receiver',
  workflow: 'deploy.yml',
  ref: 'main',
  workflow_inputs: 'environment: staging',
};

try {
  const { values } = parseArgs({ options: { server: { type: 'string' } } });
  for (const demonstration of demonstrationsOn(values.server)) await demonstrate(demonstration);
} catch (error) {
  console.error(/** @type {Error} */ (error).message);
  process.exitCode = 2;
}

/** @param {import('./demonstrations.js').Demonstration} demonstration */
async function demonstrate(demonstration) {
  const { title, inputs = {}, cancelAt, leaves = false, ends = { code: 0 } } = demonstration;
  const given = { ...SENDER, ...inputs };
  console.log(`\n${bold(title)}`);
  console.log(dim('\n  - uses: OWNER/return-dispatch@v1\n    with:'));
  for (const [name, value] of Object.entries(given)) {
    const shown = name === 'token' ? `\${{ secrets.DISPATCH_TOKEN }}` : value;
    console.log(dim(`      ${name}: ${name === 'workflow_inputs' ? `'${shown}'` : shown}`));
  }
  const github = await startGitHub(scenarioOf(demonstration));
  try {
    console.log(`\n${bold('The action’s log')}`);
    const ended = await runAction({
      inputs: given,
      apiUrl: github.apiUrl,
      onLine(line, kill) {
        print(line);
        if (cancelAt && line.includes(cancelAt)) {
          console.log(dim('  (the runner sends SIGINT)'));
          kill('SIGINT');
        }
      },
    });
    if (leaves) {
      console.log(`\n${bold('The log of its post step')}`);
      const { apiUrl } = github;
      await runAction({ inputs: given, apiUrl, state: ended.state, onLine: print });
    }
    console.log(`\n${bold('Outputs')}`);
    for (const [name, value] of Object.entries(ended.outputs)) {
      console.log(`  ${name.padEnd(13)} ${value}`);
    }
    showRequests(github.requests());
    const truth = github.runs().find((run) => run.dispatchedBy.type === 'client');
    const right =
      ended.code === ends.code &&
      ended.outputs.run_id === String(truth?.id) &&
      (!ends.conclusion || truth?.conclusion === ends.conclusion);
    const end = ends.conclusion ? ` and ended with ${ends.conclusion}` : '';
    console.log(
      right
        ? `\n${bold('✓')} Run ${truth?.id} is the one that this call created${end}; ${(ended.milliseconds / 1000).toFixed(1)} s.`
        : `\n${bold('✗')} The call ended with ${ended.code}; the run that it created is ${truth?.id}, ${truth?.conclusion}.`,
    );
    if (!right) process.exitCode = 1;
  } finally {
    await github.stop();
  }
}

/**
 * Shows a line as a runner does: its commands are for the runner, and debug output only for those who ask for it.
 *
 * @param {string} line
 */
function print(line) {
  const command = /^::(\w[\w-]*)[^:]*::(.*)$/.exec(line);
  if (!command) console.log(`  ${line}`);
  else if (command[1] === 'group') console.log(dim(`  ▾ ${command[2]}`));
  else if (['error', 'warning', 'notice'].includes(command[1] ?? '')) {
    console.log(`  ${command[1]}: ${command[2]}`);
  }
}

/** @param {import('../dist/simulator/index.js').RequestFacts[]} requests */
function showRequests(requests) {
  /** @type {Map<string, { free: number, all: number }>} */
  const kinds = new Map();
  for (const { method, path, origin, status } of requests) {
    const place = path
      .replace(/\?.*/, '')
      .replace(/\/repos\/octo\/receiver/, '')
      .replaceAll(/\/\d+/g, '/{id}');
    const what =
      origin === 'logs' ? 'the store for logs, without the token' : `${method} …${place}`;
    const kind = kinds.get(what) ?? { free: 0, all: 0 };
    kind.all += 1;
    if (status === 304) kind.free += 1;
    kinds.set(what, kind);
  }
  console.log(`\n${bold(`Requests: ${requests.length}`)}`);
  for (const [what, { free, all }] of kinds) {
    const note = free > 0 ? dim(` (${free} unchanged, free of the rate limit)`) : '';
    console.log(`  ${String(all).padStart(3)} × ${what}${note}`);
  }
}

/** @param {string} text */
function bold(text) {
  return COLOURS ? `\x1b[1m${text}\x1b[22m` : text;
}

/** @param {string} text */
function dim(text) {
  return COLOURS ? `\x1b[2m${text}\x1b[22m` : text;
}
