/**
 * The demonstration (`npm start`): the built action against the embedded GitHub, nothing installed, nothing sent
 * beyond this machine. `npm start -- --server gitea` has it against the embedded Gitea, `--all` shows also what takes
 * long, and numbers show those demonstrations alone.
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

/** Nothing is to be seen for no longer than this without a word. */
const SILENCE_MS = 1_800;

try {
  const { values, positionals } = parseArgs({
    options: { server: { type: 'string' }, all: { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  const all = demonstrationsOn(values.server);
  const chosen = choose(all, positionals, values.all);
  const began = performance.now();
  let right = 0;
  for (const demonstration of chosen) right += (await demonstrate(demonstration)) ? 1 : 0;
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  const others = all.filter((demonstration) => !chosen.includes(demonstration));
  if (others.length > 0) {
    const again = `npm start --${values.server ? ` --server ${values.server}` : ''}`;
    const number = Number.parseInt(others[0]?.title ?? '', 10);
    console.log(`\n${bold('Not shown')} (${again} --all, or by number: ${again} ${number})`);
    for (const { title, takes } of others) console.log(`  ${title}${takes ? ` (${takes})` : ''}`);
  }
  console.log(
    `\n${bold(right === chosen.length ? '✓' : '✗')} ${right} of ${chosen.length} demonstrations went as they have to, in ${seconds} s.`,
  );
  if (right < chosen.length) process.exitCode = 1;
} catch (error) {
  console.error(/** @type {Error} */ (error).message);
  process.exitCode = 2;
}

/**
 * @param {import('./demonstrations.js').Demonstration[]} all
 * @param {string[]} numbers
 * @param {boolean} isAll whether those that take long are shown as well
 */
function choose(all, numbers, isAll) {
  if (numbers.length === 0) return all.filter(({ takes }) => isAll || !takes);
  return numbers.map((number) => {
    const found = all.find(({ title }) => title.startsWith(`${number}. `));
    if (!found)
      throw new Error(`There is no demonstration ${number}: they go from 1 to ${all.length}.`);
    return found;
  });
}

/**
 * @param {import('./demonstrations.js').Demonstration} demonstration
 * @returns {Promise<boolean>} whether it went as it has to
 */
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
  const own = () => github.runs().find((run) => run.dispatchedBy.type === 'client');
  const silence = breakSilence(() => `the run is ${own()?.status ?? 'not there yet'}`);
  try {
    console.log(`\n${bold('The action’s log')}`);
    const ended = await runAction({
      inputs: given,
      apiUrl: github.apiUrl,
      onLine(line, kill) {
        if (print(line)) silence.broken();
        if (cancelAt && line.includes(cancelAt)) {
          console.log(dim('  (the runner sends SIGINT)'));
          kill('SIGINT');
        }
      },
    });
    if (leaves) {
      console.log(`\n${bold('The log of its post step')}`);
      const { apiUrl } = github;
      const onLine = (/** @type {string} */ line) => print(line) && silence.broken();
      await runAction({ inputs: given, apiUrl, state: ended.state, onLine });
    }
    silence.end();
    console.log(`\n${bold('Outputs')}`);
    for (const [name, value] of Object.entries(ended.outputs)) {
      console.log(`  ${name.padEnd(13)} ${value}`);
    }
    if (ended.summary) {
      console.log(`\n${bold('Job summary')}`);
      for (const line of ended.summary.trimEnd().split('\n')) console.log(dim(`  ${line}`));
    }
    showRequests(github.requests());
    const truth = own();
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
    return right;
  } finally {
    silence.end();
    await github.stop();
  }
}

/**
 * Says how things are while nothing else is said.
 *
 * @param {() => string} state
 */
function breakSilence(state) {
  let since = performance.now();
  const timer = setInterval(() => {
    const seconds = (performance.now() - since) / 1000;
    console.log(dim(`  … ${state()} (${seconds.toFixed(0)} s)`));
  }, SILENCE_MS);
  return {
    /** Something was said. */
    broken() {
      since = performance.now();
      timer.refresh();
    },
    end: () => clearInterval(timer),
  };
}

/**
 * Shows a line as a runner does: its commands are for the runner, and debug output only for those who ask for it.
 *
 * @param {string} line
 * @returns {boolean} whether there is something to be seen of it
 */
function print(line) {
  const command = /^::(\w[\w-]*)[^:]*::(.*)$/.exec(line);
  if (!command) console.log(`  ${line}`);
  else if (command[1] === 'group') console.log(dim(`  ▾ ${command[2]}`));
  else if (['error', 'warning', 'notice'].includes(command[1] ?? '')) {
    console.log(`  ${command[1]}: ${command[2]}`);
  } else return false;
  return true;
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
