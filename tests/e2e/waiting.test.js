/** Waiting for the run through the built action: its end, its values, and signals of the runner. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { startGitHub } from '../../dist/simulator/index.js';
import { runAction } from '../../js/runner.js';
import { NODE, TOKEN } from './support.js';

/**
 * @typedef {import('./support.js').Workflow} Workflow
 * @typedef {import('./support.js').Step} Step
 * @typedef {import('./support.js').Server} Server
 * @typedef {import('./support.js').Fault} Fault
 */

const ID = `\${{ inputs.distinct_id }}`;

/** @param {Step} [deploy] the last step */
const workflow = (deploy = {}) => ({
  file: 'ci.yml',
  name: 'CI',
  inputs: { distinct_id: {} },
  runName: `Deploy [${ID}]`,
  listingDelay: 0.1,
  queueDelay: 0.1,
  jobs: [
    { name: 'build', steps: [{ run: 'make', seconds: 0.3, prints: [`${ID} version=1.2.3`] }] },
    {
      name: 'deploy',
      needs: ['build'],
      steps: [{ name: 'ship', run: 'make deploy', seconds: 0.3, ...deploy }],
    },
  ],
});

const INPUTS = {
  token: TOKEN,
  repo: 'octo/receiver',
  workflow: 'ci.yml',
  ref: 'main',
  wait: 'true',
};

/**
 * @template T
 * @param {Step} deploy
 * @param {(github: Awaited<ReturnType<typeof startGitHub>>) => Promise<T>} use
 * @param {Server} [server]
 * @param {Fault[]} [faults]
 */
function against(deploy, use, server = 'github.com', faults = []) {
  return againstWorkflow(workflow(deploy), use, server, faults);
}

/**
 * @template T
 * @param {Workflow} receiver
 * @param {(github: Awaited<ReturnType<typeof startGitHub>>) => Promise<T>} use
 * @param {Server} server
 * @param {Fault[]} [faults]
 */
async function againstWorkflow(receiver, use, server, faults = []) {
  const repository = { owner: 'octo', name: 'receiver', workflows: [receiver] };
  const github = await startGitHub({ server, seed: 5, faults, repositories: [repository] });
  try {
    return await use(github);
  } finally {
    await github.stop();
  }
}

/**
 * The step, to which this signal is sent at the first line with this text.
 *
 * @param {NodeJS.Signals} signal
 * @param {string} text
 * @param {string} apiUrl
 */
function endedBy(signal, text, apiUrl) {
  return runAction({
    inputs: INPUTS,
    apiUrl,
    node: NODE,
    onLine: (line, kill) => {
      if (line.includes(text)) kill(signal);
    },
  });
}

/**
 * The step's `post` step.
 *
 * @param {{ state: Record<string, string> }} step
 * @param {string} apiUrl
 */
function postOf({ state }, apiUrl) {
  return runAction({ inputs: INPUTS, apiUrl, node: NODE, state });
}

// Each has a server of its own, and mostly waits for it.
describe('waiting', { concurrency: 4 }, () => {
  for (const server of /** @type {const} */ (['github.com', 'ghes-3.19'])) {
    test(`${server}: the run is followed to its end, and its values come back`, async () => {
      const prints = [`${ID} files:json=["a","b"]`, '::set-output name=x::y'];
      const { code, log, outputs, state, summary } = await against(
        { prints },
        (github) => runAction({ inputs: INPUTS, apiUrl: github.apiUrl, node: NODE }),
        server,
      );
      assert.equal(code, 0, log);
      assert.equal(outputs.status, 'completed');
      assert.equal(outputs.conclusion, 'success');
      assert.deepEqual(JSON.parse(outputs.outputs ?? ''), { version: '1.2.3', files: ['a', 'b'] });
      assert.equal(outputs.run_id, outputs.runId);
      assert.match(log, /^✓ build \(\d+ s\)$/m);
      assert.match(log, /^ {2}✓ deploy: ship \(\d+ s\)$/m);
      assert.match(log, /^✓ Run \d+ ended with success/m);
      assert.match(summary, /^### ✅ \[Run \d+\]\(http.*\) ended with success in/);
      assert.match(summary, /^\| ✅ \[deploy\]\(http.*\) \| success \|/m);
      // The post step has nothing to do.
      assert.equal(state.run_id, '');
    });
  }

  test('a run that fails fails the step, with one error and all outputs', async () => {
    const { code, log, outputs } = await against({ conclusion: 'failure' }, (github) =>
      runAction({ inputs: INPUTS, apiUrl: github.apiUrl, node: NODE }),
    );
    assert.equal(code, 1);
    const errors = log.split('\n').filter((line) => line.startsWith('::error::'));
    assert.equal(errors.length, 1, log);
    assert.match(
      errors[0] ?? '',
      /ended with failure: job "deploy" failure \(http\S+\) in step "ship" \(http\S+#step:2:1\)/,
    );
    assert.equal(outputs.conclusion, 'failure');
    assert.deepEqual(JSON.parse(outputs.outputs ?? ''), { version: '1.2.3' });
  });

  test('the log of a step that failed is printed, and gives the runner no commands', async () => {
    const prints = ['bad things', '::set-output name=x::y', 'a ##[add-path]b'];
    const { code, log } = await against({ conclusion: 'failure', prints }, (github) =>
      runAction({ inputs: INPUTS, apiUrl: github.apiUrl, node: NODE }),
    );
    assert.equal(code, 1);
    const lines = log.split('\n');
    const begin = lines.indexOf('::group::deploy: ship');
    const end = lines.indexOf('::endgroup::');
    assert.ok(begin >= 0 && end > begin, log);
    const printed = lines.slice(begin + 1, end);
    assert.ok(printed.includes('bad things'), log);
    for (const line of printed) assert.doesNotMatch(line, /^\s*::|##\[/);
    assert.ok(printed.some((line) => line.includes('::set-output name=x::y')));
  });

  test('names from the run give the runner no commands either', async () => {
    const { code, log } = await against({ name: 'ship ##[add-path]x ::error::y' }, (github) =>
      runAction({ inputs: INPUTS, apiUrl: github.apiUrl, node: NODE }),
    );
    assert.equal(code, 0, log);
    assert.match(log, /deploy: ship #\u200b#\[add-path\]x ::error::y/);
    for (const line of log.split('\n').filter((line) => line.includes('ship')))
      assert.doesNotMatch(line, /^\s*::(?!debug::)|##\[/);
  });

  test('a run may be waited for by another step than the one that dispatched it', async () => {
    const { first, second } = await against({}, async (github) => {
      const { apiUrl } = github;
      const dispatched = await runAction({
        inputs: { ...INPUTS, wait: 'false' },
        apiUrl,
        node: NODE,
      });
      const { run_id = '', distinct_id = '' } = dispatched.outputs;
      const { token, repo } = INPUTS;
      const inputs = { token, repo, run_id, distinct_id };
      return { first: dispatched, second: await runAction({ inputs, apiUrl, node: NODE }) };
    });
    assert.equal(second.code, 0, second.log);
    assert.equal(second.outputs.run_id, first.outputs.run_id);
    assert.equal(second.outputs.conclusion, 'success');
    assert.deepEqual(JSON.parse(second.outputs.outputs ?? ''), { version: '1.2.3' });
  });

  for (const cancels of ['true', 'false']) {
    test(`SIGINT with cancel_on_cancel: ${cancels}`, async () => {
      await against({ seconds: 600 }, async (github) => {
        const { code, log, state } = await runAction({
          inputs: { ...INPUTS, cancel_on_cancel: cancels },
          apiUrl: github.apiUrl,
          node: NODE,
          onLine: (line, kill) => {
            if (line.startsWith('* deploy')) kill('SIGINT');
          },
        });
        assert.equal(code, 1, log);
        assert.match(log, /^::error::Cancelled while waiting for run \d+/m);
        assert.equal(state.run_id ?? '', '');
        const [run] = github.runs();
        assert.equal(run?.conclusion ?? null, cancels === 'true' ? 'cancelled' : null, log);
      });
    });
  }

  test('a step that was killed leaves the cancellation to its post step', async () => {
    await against({ seconds: 600 }, async (github) => {
      const killed = await endedBy('SIGKILL', '* deploy', github.apiUrl);
      assert.equal(killed.code, null);
      assert.equal(killed.state.run_id, killed.outputs.run_id);
      const post = await postOf(killed, github.apiUrl);
      assert.equal(post.code, 0, post.log);
      assert.match(post.log, /^::warning::.*: it has been cancelled\.$/m);
      assert.equal(github.runs()[0]?.conclusion, 'cancelled');
    });
  });

  test('a step that was killed while it looked for its run leaves that to its post step', async () => {
    const say = { name: 'say', run: 'echo', seconds: 2, prints: [ID] };
    const jobs = [
      { name: 'build', steps: [{ run: 'sleep', seconds: 3 }, say] },
      { name: 'deploy', steps: [{ name: 'ship', run: 'make deploy', seconds: 600 }] },
    ];
    const { runName, ...unnamed } = workflow();
    await againstWorkflow(
      { ...unnamed, jobs },
      async (github) => {
        const killed = await endedBy('SIGKILL', 'dispatched since', github.apiUrl);
        assert.equal(killed.code, null, killed.log);
        assert.equal(killed.state.sought, killed.outputs.distinct_id);
        assert.equal(killed.state.run_id ?? '', '');
        const post = await postOf(killed, github.apiUrl);
        assert.equal(post.code, 0, post.log);
        assert.match(post.log, /^::warning::The step ended before .*: it has been cancelled\.$/m);
        assert.equal(github.runs()[0]?.conclusion, 'cancelled');
      },
      'ghes-3.19',
    );
  });

  test('a server that does not answer to a cancellation in time leaves it to the post step', async () => {
    /** @type {Fault} */
    const silent = {
      method: 'POST',
      pathContains: '/cancel',
      times: 1,
      effect: { type: 'noAnswer' },
    };
    const use = async (/** @type {Awaited<ReturnType<typeof startGitHub>>} */ github) => {
      const cancelled = await endedBy('SIGINT', '* deploy', github.apiUrl);
      assert.equal(cancelled.code, 1);
      assert.match(cancelled.log, /^::error::.*is not known yet/m);
      const post = await postOf(cancelled, github.apiUrl);
      assert.match(post.log, /^::warning::.*: it has been cancelled\.$/m);
      assert.equal(github.runs()[0]?.conclusion, 'cancelled');
    };
    await against({ seconds: 600 }, use, 'github.com', [silent]);
  });

  test('a run that has more to do than the runner waits for is left to it, and to the post step', async () => {
    const ship = { name: 'ship', run: 'make deploy', seconds: 600 };
    const cleanUp = { name: 'clean up', run: 'make clean', seconds: 15, always: true };
    const jobs = [{ name: 'deploy', steps: [ship, cleanUp] }];
    await againstWorkflow(
      { ...workflow(), jobs },
      async (github) => {
        const cancelled = await endedBy('SIGINT', '* deploy', github.apiUrl);
        assert.equal(cancelled.code, 1);
        assert.match(
          cancelled.log,
          /^::error::Cancelled .* told to cancel, and has not ended yet/m,
        );
        assert.equal(cancelled.state.quiet_seconds, '0');
        assert.equal(github.runs()[0]?.conclusion, null);
        const post = await postOf(cancelled, github.apiUrl);
        assert.equal(post.code, 0);
        assert.match(post.log, /^::warning::.*: it has been cancelled\.$/m);
        const forced = github.requests().filter(({ path }) => path.endsWith('/force-cancel'));
        assert.deepEqual(forced, []);
        assert.equal(github.runs()[0]?.conclusion, 'cancelled');
      },
      'github.com',
    );
  });

  test('a post step does and prints nothing where nothing is left, or where the runner has lost its state', async () => {
    await against({}, async (github) => {
      const { apiUrl } = github;
      const step = await runAction({ inputs: INPUTS, apiUrl, node: NODE });
      const requests = github.requests().length;
      for (const state of [step.state, {}]) {
        const post = await postOf({ state }, apiUrl);
        assert.equal(post.code, 0);
        assert.equal(post.log, '');
        assert.equal(github.requests().length, requests);
        assert.deepEqual(post.outputs, {});
      }
    });
  });
});
