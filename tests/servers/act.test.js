/** The action as workflows use it, executed by a real runner against the embedded GitHub. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { startGitHub } from '../../dist/simulator/index.js';
import { runUnderAct } from './act.js';

/**
 * @typedef {import('../../js/types/scenario.d.ts').Server} Server
 * @typedef {import('../../js/types/scenario.d.ts').Conclusion} Conclusion
 */

/**
 * A receiver that only echoes the ID: the clue that takes the longest to find.
 *
 * @param {Server} server
 */
const scenario = (server) => ({
  server,
  repositories: [
    {
      owner: 'octo',
      name: 'receiver',
      workflows: [
        {
          file: 'receive.yml',
          inputs: { distinct_id: { required: true }, greeting: {} },
          jobs: [
            {
              name: 'greet',
              steps: [
                {
                  // Without a name, the step would be called by its first line, which shows the ID.
                  name: 'Greet',
                  run: 'echo "${{ inputs.distinct_id }}"\necho "${{ inputs.greeting }}"',
                  prints: ['${{ inputs.distinct_id }}', '${{ inputs.greeting }}'],
                },
              ],
            },
          ],
        },
      ],
    },
  ],
});

/**
 * A caller whose second step uses what the first gives back.
 *
 * @param {string} action
 */
const caller = (action) => `
name: Caller
on: push
jobs:
  call:
    runs-on: ubuntu-latest
    steps:
      - id: dispatch
        uses: ${action}
        with:
          token: ghs_simulated
          owner: octo
          repo: receiver
          workflow: receive.yml
          ref: main
          workflow_inputs: '{ "greeting": "hello" }'
      - run: 'echo "outputs=$OUTPUTS"'
        env:
          OUTPUTS: >-
            { "run_id": "\${{ steps.dispatch.outputs.run_id }}",
            "runId": "\${{ steps.dispatch.outputs.runId }}",
            "run_url": "\${{ steps.dispatch.outputs.run_url }}",
            "identified_by": "\${{ steps.dispatch.outputs.identified_by }}",
            "distinct_id": "\${{ steps.dispatch.outputs.distinct_id }}" }
      - run: echo "node=$(node --version)"
`;

/** @type {{ action: string, node: string | undefined, version: string }[]} */
const ACTIONS = [
  { action: 'octo/return-dispatch@v1', node: process.execPath, version: process.versions.node },
  {
    action: 'octo/return-dispatch/node24@v1',
    node: process.env.RETURN_DISPATCH_NODE24,
    version: '24',
  },
];

/** @type {{ server: Server, identifiedBy: string }[]} */
const SERVERS = [
  { server: 'github.com', identifiedBy: 'response' },
  { server: 'ghes-3.19', identifiedBy: 'log' },
];

for (const { action, node, version } of ACTIONS) {
  for (const { server, identifiedBy } of SERVERS) {
    const title = `on ${server}, a step \`uses: ${action}\` on Node.js ${version} and the next has the run's ID`;
    test(title, { skip: node ? false : 'Node.js 24 is not to be had here' }, async () => {
      const github = await startGitHub(scenario(server));
      try {
        const { succeeded, log, transcript } = await runUnderAct({
          workflow: caller(action),
          apiUrl: github.apiUrl,
          node: node ?? process.execPath,
        });
        assert.ok(succeeded, transcript);
        assert.match(log, new RegExp(`^node=v${version}`, 'm'));

        const runs = github.runs();
        assert.equal(runs.length, 1, 'exactly one run was dispatched');
        const [run] = runs;
        const outputs = JSON.parse(/^outputs=(.*)$/m.exec(log)?.[1] ?? 'null');
        assert.equal(outputs.run_id, String(run.id));
        assert.equal(outputs.runId, String(run.id));
        assert.match(outputs.run_url, new RegExp(`/octo/receiver/actions/runs/${run.id}$`));
        assert.equal(outputs.identified_by, identifiedBy);
        assert.equal(outputs.distinct_id, run.inputs.distinct_id);
        assert.equal(run.inputs.greeting, 'hello');
      } finally {
        await github.stop();
      }
    });
  }
}

const ID = '${{ inputs.distinct_id }}';

/** @param {Conclusion} conclusion of the last step */
const deploy = (conclusion) => ({
  file: `${conclusion}.yml`,
  inputs: { distinct_id: {} },
  runName: `Deploy ${ID}`,
  jobs: [
    { name: 'build', steps: [{ run: 'make', prints: [`${ID} version=1.2.3`, '::error::no'] }] },
    { name: 'deploy', needs: ['build'], steps: [{ name: 'ship', run: 'make deploy', conclusion }] },
  ],
});

const waiting = (/** @type {string} */ id, /** @type {string} */ workflow) => `
      - id: ${id}
        uses: octo/return-dispatch@v1
        continue-on-error: true
        with:
          token: ghs_simulated
          repo: octo/receiver
          workflow: ${workflow}
          ref: main
          wait: true`;

const WAITING_CALLER = `
name: Caller
on: push
jobs:
  call:
    runs-on: ubuntu-latest
    steps:${waiting('good', 'success.yml')}${waiting('bad', 'failure.yml')}
      - run: 'echo "outputs=$OUTPUTS"'
        env:
          OUTPUTS: >-
            { "version": "\${{ fromJSON(steps.good.outputs.outputs).version }}",
            "good": "\${{ steps.good.outcome }} \${{ steps.good.outputs.conclusion }}",
            "bad": "\${{ steps.bad.outcome }} \${{ steps.bad.outputs.conclusion }}" }
`;

for (const { server } of SERVERS) {
  test(`on ${server}, a step waits, returns values, and fails with its run`, async () => {
    const workflows = [deploy('success'), deploy('failure')];
    const github = await startGitHub({
      server,
      repositories: [{ owner: 'octo', name: 'receiver', workflows }],
    });
    try {
      const { succeeded, log, transcript } = await runUnderAct({
        workflow: WAITING_CALLER,
        apiUrl: github.apiUrl,
        node: process.execPath,
      });
      assert.ok(succeeded, transcript);
      const outputs = JSON.parse(/^outputs=(.*)$/m.exec(log)?.[1] ?? 'null');
      assert.deepEqual(outputs, {
        version: '1.2.3',
        good: 'success success',
        bad: 'failure failure',
      });
    } finally {
      await github.stop();
    }
  });
}
