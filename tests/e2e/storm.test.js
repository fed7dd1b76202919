/** Many callers at once, each a process of its own, on a server that does not say which run is whose. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startGitHub } from '../../dist/simulator/index.js';
import { runAction } from '../../js/runner.js';
import { NODE, RECEIVERS, TOKEN } from './support.js';

/** Each takes two cores a tenth of a second. */
const CALLERS = Number(process.env.RETURN_DISPATCH_CALLERS ?? 50);

test(`${CALLERS} processes at once get a run of their own each`, async () => {
  const github = await startGitHub({
    seed: 3,
    server: 'ghes-3.20',
    repositories: [{ owner: 'octo', name: 'receiver', workflows: [RECEIVERS.title] }],
  });
  try {
    const inputs = {
      token: TOKEN,
      repo: 'octo/receiver',
      workflow: 'ci.yml',
      ref: 'main',
      // However long this machine takes.
      workflow_timeout_seconds: '900',
    };
    const callers = Array.from({ length: CALLERS }, () =>
      runAction({ inputs, apiUrl: github.apiUrl, node: NODE }),
    );
    const ended = await Promise.all(callers);

    const runs = new Map(github.runs().map((run) => [String(run.id), run]));
    assert.equal(runs.size, CALLERS, 'each dispatches once');
    for (const { code, log, outputs } of ended) {
      assert.equal(code, 0, log);
      const run = runs.get(outputs.run_id ?? '');
      assert.equal(run?.inputs.distinct_id, outputs.distinct_id, log);
      assert.equal(outputs.identified_by, 'title');
    }
    const named = new Set(ended.map(({ outputs }) => outputs.run_id));
    assert.equal(named.size, CALLERS, 'no two callers get the same run');

    const requests = ended.map(({ log }) => Number(/(\d+) requests/.exec(log)?.[1]));
    requests.sort((one, other) => one - other);
    const median = requests[Math.floor(CALLERS / 2)] ?? Number.NaN;
    assert.ok(median < 12, `half of the callers send ${median} requests or more`);
    assert.ok(github.requests().length < 12 * CALLERS, 'nor does the server count more');
  } finally {
    await github.stop();
  }
});
