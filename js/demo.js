/**
 * The demonstration (`npm start`): the built action against the embedded GitHub, nothing installed, nothing sent
 * beyond this machine.
 */
import { startGitHub } from '../dist/simulator.js';
import { runAction } from './runner.js';

const COLOURS = process.stdout.isTTY && !process.env.NO_COLOR;

const SENDER = {
  token: 'ghs_simulated',
  repo: 'octo/receiver',
  workflow: 'deploy.yml',
  ref: 'main',
  workflow_inputs: 'environment: staging',
};

/**
 * A receiver that declares the distinct ID's input. `announce` says how it shows it, `deploying` is its last step,
 * `deploy` that step's job.
 */
const receiver = (/** @type {object} */ announce, deploying = {}, deploy = {}) => ({
  file: 'deploy.yml',
  name: 'Deploy',
  inputs: { environment: {}, distinct_id: {} },
  queueDelay: 1,
  listingDelay: 0.7,
  jobs: [
    { name: 'announce', steps: [announce] },
    {
      name: 'deploy',
      needs: ['announce'],
      steps: [{ run: 'make deploy', seconds: 30, ...deploying }],
      ...deploy,
    },
  ],
});

await demonstrate({
  title: '1. github.com: the server names the run',
  server: 'github.com',
  workflow: receiver({ name: 'Announce', run: 'true' }),
  others: 0,
});
await demonstrate({
  title:
    '2. GHES 3.19: the server says nothing; the receiver only echoes the ID, among 20 other runs',
  server: 'ghes-3.19',
  workflow: receiver({
    name: 'Announce',
    run: 'echo "$ID"',
    prints: [`\${{ inputs.distinct_id }}`],
    seconds: 1.5,
  }),
  others: 20,
});

await demonstrate({
  title: '3. github.com again: wait for the run through an approval, and take what it returns',
  server: 'github.com',
  workflow: receiver(
    { name: 'Announce', run: 'true' },
    { seconds: 2, prints: [`\${{ inputs.distinct_id }} version=1.2.3`] },
    { environment: { name: 'production', approvedAfter: 2 } },
  ),
  others: 0,
  inputs: { wait: 'true' },
});
await demonstrate({
  title: '4. A run that fails: the step fails with it, and shows why',
  server: 'github.com',
  workflow: receiver(
    { name: 'Announce', run: 'true' },
    {
      seconds: 1,
      prints: ['compiling 214 files', 'src/lock.rs:12: not on our watch'],
      conclusion: 'failure',
    },
    { matrix: ['eu', 'us'] },
  ),
  others: 0,
  inputs: { wait: 'true' },
  ends: { code: 1, conclusion: 'failure' },
});
await demonstrate({
  title: '5. The caller is cancelled: so is its run',
  server: 'github.com',
  workflow: receiver({ name: 'Announce', run: 'true' }, { seconds: 600 }),
  others: 0,
  inputs: { wait: 'true' },
  cancelAt: '* deploy',
  ends: { code: 1, conclusion: 'cancelled' },
});
await demonstrate({
  title: '6. A run that waits for its turn, fails, and is started again by somebody',
  server: 'github.com',
  workflow: {
    ...receiver(
      { name: 'Announce', run: 'true' },
      { seconds: 2, conclusionsByAttempt: ['failure', 'success'] },
    ),
    concurrency: { group: 'deploy' },
  },
  others: 0,
  earlier: 1,
  reruns: [{ run: 0, after: 0.1 }],
  inputs: { wait: 'true' },
});
await demonstrate({
  title:
    '7. A run that ignores its cancellation: the post step forces it to end (this takes over a minute)',
  server: 'github.com',
  workflow: {
    ...receiver({ name: 'Announce', run: 'true' }, { seconds: 600 }),
    ignoresCancel: true,
  },
  others: 0,
  inputs: { wait: 'true' },
  cancelAt: '* deploy',
  leaves: true,
  ends: { code: 1, conclusion: 'cancelled' },
});

/**
 * @typedef {object} Demonstration
 * @property {string} title
 * @property {string} server
 * @property {object} workflow
 * @property {number} others how many others dispatch it at the same time
 * @property {Record<string, string>} [inputs]
 * @property {string} [cancelAt] the line of its log at which the runner cancels the step
 * @property {number} [earlier] how many others dispatched it a little before
 * @property {object[]} [reruns] who starts runs again
 * @property {boolean} [leaves] whether there is something left for the post step
 * @property {{ code: number, conclusion?: string }} [ends] how the action and the run end
 */

/** @param {Demonstration} demonstration */
async function demonstrate({
  title,
  server,
  workflow,
  others,
  inputs = {},
  cancelAt,
  earlier = 0,
  reruns = [],
  leaves = false,
  ends = { code: 0 },
}) {
  const given = { ...SENDER, ...inputs };
  console.log(`\n${bold(title)}`);
  console.log(dim('\n  - uses: OWNER/return-dispatch@v1\n    with:'));
  for (const [name, value] of Object.entries(given)) {
    const shown = name === 'token' ? `\${{ secrets.DISPATCH_TOKEN }}` : value;
    console.log(dim(`      ${name}: ${name === 'workflow_inputs' ? `'${shown}'` : shown}`));
  }
  const github = await startGitHub({
    server,
    seed: 1,
    crowd: { before: earlier + others / 2, after: others / 2, spreadSeconds: 1 },
    reruns,
    repositories: [{ owner: 'octo', name: 'receiver', workflows: [workflow] }],
  });
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

/** @param {import('../dist/simulator.js').RequestFacts[]} requests */
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
