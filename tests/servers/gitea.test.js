/** The action, the package and the command on a real Gitea, whose jobs are executed by a real runner. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { dispatch, waitForRun } from '../../dist/index.js';
import { runAction } from '../../js/runner.js';
import { startOlder } from './gitea/older.js';
import { processesOf } from './gitea/processes.js';
import { startGitea } from './gitea/start.js';

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const ID = '${{ inputs.distinct_id }}';

/** @type {import('./gitea/start.js').Gitea} */
let gitea;
/** @type {string} what calls need: no more than this scope, of a user who may write */
let token;
before(async () => {
  gitea = await startGitea();
  token = await gitea.createToken('octo', ['write:repository']);
  await gitea.setSecret('CALL_TOKEN', token);
});
after(() => gitea.stop());

let names = 0;

/**
 * Creates a repository of a test's own.
 *
 * @param {Record<string, string>} workflows by their files' names
 * @returns {Promise<string>} its name
 */
async function repository(workflows) {
  names += 1;
  const name = `repository-${names}`;
  const files = Object.entries(workflows).map(([file, text]) => [`.gitea/workflows/${file}`, text]);
  await gitea.createRepository(name, Object.fromEntries(files));
  return name;
}

/**
 * A receiver that shows the distinct ID in its log, and returns its input `greeting`.
 *
 * @param {object} [shape]
 * @param {string} [shape.title] its `run-name`
 * @param {string} [shape.script] what else it does
 * @param {string} [shape.jobs] what else there is
 */
const receiver = ({ title, script = 'true', jobs = '' } = {}) => `
name: Receiver
${title ? `run-name: ${title}` : ''}
on:
  workflow_dispatch:
    inputs:
      distinct_id: {}
      greeting: {}
jobs:
  receive:
    runs-on: ubuntu-latest
    steps:
      - run: |
          echo "${ID}"
          echo "${ID} greeting=\${{ inputs.greeting }}"
          echo "${ID} version=1.2.3"
          ${script}
${jobs}
`;

/**
 * Waits until something holds, and not for ever.
 *
 * @param {() => Promise<boolean> | boolean} condition
 */
async function until(condition) {
  const deadline = Date.now() + 60_000;
  while (!(await condition())) {
    assert.ok(Date.now() < deadline, `never: ${condition}`);
    await sleep(100);
  }
}

/** act loses what a step writes right before it fails. */
const FAILING = 'echo "that went wrong"; sleep 0.5; exit 1';

/** The outputs of the step before, on one line. */
const SHOW =
  'node -e "console.log(\'outputs=\' + JSON.stringify(JSON.parse(process.env.OUTPUTS)))"';

/**
 * A caller, whose second step uses what the first gives back.
 *
 * @param {Record<string, string | number | boolean>} inputs of the action
 */
const caller = (inputs) => `
name: Caller
on:
  workflow_dispatch:
    inputs:
      greeting: {}
jobs:
  call:
    runs-on: ubuntu-latest
    steps:
      - id: call
        uses: octo/return-dispatch@v1
        with:
${Object.entries(inputs)
  .map(([name, value]) => `          ${name}: ${value}`)
  .join('\n')}
      - if: always()
        run: ${SHOW}
        env:
          OUTPUTS: \${{ toJSON(steps.call.outputs) }}
`;

/** What a caller in another repository hands over. */
const INPUTS = {
  token: '${{ secrets.CALL_TOKEN }}',
  workflow: 'ci.yml',
  workflow_inputs: `'{ "greeting": "\${{ inputs.greeting }}" }'`,
  wait: true,
};

/**
 * Starts a caller, in a repository of its own.
 *
 * @param {Record<string, string | number | boolean>} inputs of the action
 */
async function startCaller(inputs) {
  const name = await repository({ 'caller.yml': caller(inputs) });
  return { name, id: await gitea.dispatch(name, 'caller.yml', { greeting: 'hello' }) };
}

/**
 * Waits for a caller.
 *
 * @param {{ name: string, id: number }} caller its repository and its run
 */
async function finishCaller({ name, id }) {
  const { conclusion } = await gitea.waitFor(name, id);
  const log = await gitea.log(name, id);
  const outputs = JSON.parse(/^\S+ outputs=(\{.*)$/m.exec(log)?.[1] ?? '{}');
  return { conclusion, log, outputs };
}

/** @param {Record<string, string | number | boolean>} inputs of the action */
const callFromWorkflow = async (inputs) => finishCaller(await startCaller(inputs));

/**
 * The only run of a repository's workflow: it is not dispatched twice.
 *
 * @param {string} name
 */
async function onlyRun(name) {
  const runs = await dispatched(name);
  assert.equal(runs.length, 1, 'exactly one run is dispatched');
  return /** @type {import('./gitea/start.js').Run} */ (runs[0]);
}

/** @param {string} name */
const dispatched = async (name) =>
  (await gitea.runs(name)).filter(({ event }) => event === 'workflow_dispatch');

/**
 * @param {Record<string, string>} outputs of the action
 * @param {import('./gitea/start.js').Run} run the right one
 * @param {string} by what it was identified
 */
function assertIdentified(outputs, run, by) {
  assert.equal(outputs.run_id, String(run.id));
  assert.equal(outputs.runId, String(run.id));
  assert.equal(outputs.run_url, run.html_url);
  assert.equal(outputs.identified_by, by);
}

// A minute is long: the other tests go on meanwhile, one after the other.
describe('on a real Gitea', { concurrency: 2 }, () => {
  test('a run of a minute is found as soon as it shows its ID, and followed to its end', async () => {
    const older = await startOlder(gitea.url, '1.25.4');
    try {
      const script = 'for second in $(seq 60); do echo "second $second"; sleep 1; done';
      const name = await repository({ 'ci.yml': receiver({ script }) });
      const calling = await startCaller({
        ...INPUTS,
        repo: `octo/${name}`,
        api_url: older.apiUrl,
      });
      const seen = async (
        /** @type {string} */ repository,
        /** @type {number} */ id,
        /** @type {RegExp} */ what,
      ) => {
        await until(async () => what.test(await gitea.log(repository, id)));
        return Date.now();
      };
      await until(async () => (await dispatched(name)).length > 0);
      const run = await onlyRun(name);
      const shownAt = await seen(name, run.id, /second 1$/m);
      const foundAt = await seen(calling.name, calling.id, new RegExp(`Run ${run.id}\\b`));
      // A second or two until it is looked at again; the rest is the runner's, and the machine's.
      assert.ok(foundAt - shownAt < 10_000, `found ${foundAt - shownAt} ms after it was shown`);
      assert.equal((await gitea.run(name, run.id)).status, 'in_progress');

      const { log, outputs } = await finishCaller(calling);
      assertIdentified(outputs, run, 'log');
      assert.equal(outputs.conclusion, 'success', log);
      assert.equal(JSON.parse(outputs.outputs).version, '1.2.3');
      assert.match(log, /receive/, 'the caller tells how the job goes on');
      const dispatches = older.requests.filter(({ method }) => method === 'POST');
      assert.equal(dispatches.length, 1);
      assert.ok(older.requests.length < 100, `${older.requests.length} requests in a minute`);
    } finally {
      await older.stop();
    }
  });

  describe('meanwhile', { concurrency: 1 }, () => {
    test('a workflow calls another in another repository, and its next step has what that returned', async () => {
      const name = await repository({ 'ci.yml': receiver() });
      const { conclusion, log, outputs } = await callFromWorkflow({
        ...INPUTS,
        repo: `octo/${name}`,
      });
      assert.equal(conclusion, 'success', log);
      const run = await onlyRun(name);
      assertIdentified(outputs, run, 'response');
      assert.equal(outputs.run_api_url, run.url);
      assert.equal(outputs.status, 'completed');
      assert.equal(outputs.conclusion, 'success');
      assert.deepEqual(JSON.parse(outputs.outputs), { greeting: 'hello', version: '1.2.3' });
      assert.equal(run.conclusion, 'success');
    });

    test('the same by the variant for runners with Node.js 24', async () => {
      const name = await repository({ 'ci.yml': receiver() });
      const inputs = { ...INPUTS, repo: `octo/${name}` };
      const text = caller(inputs).replace('return-dispatch@', 'return-dispatch/node24@');
      const from = await repository({ 'caller.yml': text });
      const id = await gitea.dispatch(from, 'caller.yml', { greeting: 'hello' });
      const { conclusion, log, outputs } = await finishCaller({ name: from, id });
      assert.equal(conclusion, 'success', log);
      assertIdentified(outputs, await onlyRun(name), 'response');
      assert.deepEqual(JSON.parse(outputs.outputs), { greeting: 'hello', version: '1.2.3' });
      // act shows that the step masks its token; the post step has nothing to do, and nothing to say.
      assert.ok((log.match(/add-mask|\*\*\*/g) ?? []).length <= 1, log);
    });

    test('a caller fails with the workflow that it calls, and shows why that failed', async () => {
      const name = await repository({ 'ci.yml': receiver({ script: FAILING }) });
      const { conclusion, log, outputs } = await callFromWorkflow({
        ...INPUTS,
        repo: `octo/${name}`,
      });
      assert.equal(conclusion, 'failure', log);
      const run = await onlyRun(name);
      assertIdentified(outputs, run, 'response');
      assert.equal(outputs.conclusion, 'failure');
      assert.equal(JSON.parse(outputs.outputs).version, '1.2.3');
      assert.match(log, /that went wrong/, 'the log of the job that failed is shown');
      assert.equal(run.conclusion, 'failure');
    });

    test('a run whose failure is followed by a job that cleans up has ended when that has', async () => {
      const cleanup = `
  clean:
    needs: receive
    if: always()
    runs-on: ubuntu-latest
    steps:
      - run: |
          sleep 2
          echo "${ID} cleaned=yes"
`;
      const name = await repository({ 'ci.yml': receiver({ script: FAILING, jobs: cleanup }) });
      // The run is completed for a moment before it goes on, and is seen then only by who looks often.
      const { outputs, log } = await callFromWorkflow({
        ...INPUTS,
        repo: `octo/${name}`,
        poll_interval_seconds: 0.1,
      });
      assert.equal(outputs.conclusion, 'failure', log);
      assert.equal(JSON.parse(outputs.outputs).cleaned, 'yes', log);
    });

    test("with the job's own token, a workflow calls another in its own repository", async () => {
      const own = Object.fromEntries(Object.entries(INPUTS).filter(([key]) => key !== 'token'));
      const name = await repository({ 'ci.yml': receiver(), 'caller.yml': caller(own) });
      const id = await gitea.dispatch(name, 'caller.yml', { greeting: 'neighbour' });
      const { outputs, log } = await finishCaller({ name, id });
      const children = (await dispatched(name)).filter((run) => run.id !== id);
      assert.equal(children.length, 1, log);
      assertIdentified(
        outputs,
        /** @type {import('./gitea/start.js').Run} */ (children[0]),
        'response',
      );
      assert.equal(JSON.parse(outputs.outputs).greeting, 'neighbour');
    });

    describe('a server that returns no run details', () => {
      /** @type {{ by: string, title: string | undefined, release: string | undefined }[]} */
      const receivers = [
        { by: 'title', title: `Deploy [${ID}]`, release: '1.25.4' },
        { by: 'log', title: undefined, release: '1.25.4' },
        // Whatever it says it is.
        { by: 'title', title: `Deploy [${ID}]`, release: undefined },
        { by: 'log', title: undefined, release: undefined },
      ];
      for (const { by, title, release } of receivers) {
        const saying = release ? `says it is ${release}` : 'says it is a newer one';
        test(`that ${saying}: the run is identified by its ${by}`, async () => {
          const older = await startOlder(gitea.url, release);
          try {
            const name = await repository({ 'ci.yml': receiver({ ...(title && { title }) }) });
            const other = await gitea.dispatch(name, 'ci.yml', { distinct_id: 'another' });
            const { conclusion, log, outputs } = await callFromWorkflow({
              ...INPUTS,
              repo: `octo/${name}`,
              api_url: older.apiUrl,
            });
            assert.equal(conclusion, 'success', log);
            const runs = (await dispatched(name)).filter((run) => run.id !== other);
            assert.equal(runs.length, 1, 'exactly one run is dispatched');
            assertIdentified(outputs, /** @type {import('./gitea/start.js').Run} */ (runs[0]), by);
            assert.deepEqual(JSON.parse(outputs.outputs), { greeting: 'hello', version: '1.2.3' });
          } finally {
            await older.stop();
          }
        });
      }

      test('a receiver that does not take the ID is not dispatched', async () => {
        const older = await startOlder(gitea.url, '1.25.4');
        try {
          const workflow = receiver().replace('distinct_id: {}', 'id: {}');
          const name = await repository({ 'ci.yml': workflow });
          const ended = await runAction({
            inputs: {
              token,
              repo: `octo/${name}`,
              workflow: 'ci.yml',
              workflow_timeout_seconds: '20',
            },
            apiUrl: older.apiUrl,
          });
          assert.equal(ended.code, 1);
          assert.match(ended.log, /^::error.*does not declare the input distinct_id/m);
          assert.deepEqual(await dispatched(name), []);
        } finally {
          await older.stop();
        }
      });
    });

    for (const release of [undefined, '1.25.4']) {
      const on = release ? ' on an older server' : '';
      test(`of ten callers at once${on}, each has the run that it called`, async () => {
        const older = release ? await startOlder(gitea.url, release) : undefined;
        try {
          const name = await repository({ 'ci.yml': receiver() });
          const inputs = {
            ...INPUTS,
            repo: `octo/${name}`,
            ...(older && { api_url: older.apiUrl }),
          };
          const from = await repository({ 'caller.yml': caller(inputs) });
          const greetings = Array.from({ length: 10 }, (_, number) => `greeting-${number}`);
          const callers = await Promise.all(
            greetings.map(async (greeting) => ({
              name: from,
              id: await gitea.dispatch(from, 'caller.yml', { greeting }),
            })),
          );
          const ended = await Promise.all(callers.map(finishCaller));
          for (const [index, { outputs, log }] of ended.entries()) {
            assert.equal(outputs.conclusion, 'success', log);
            assert.equal(JSON.parse(outputs.outputs).greeting, greetings[index], log);
            const child = await gitea.log(name, Number(outputs.run_id));
            assert.ok(
              child.includes(`${outputs.distinct_id} greeting=${greetings[index]}\n`),
              child,
            );
          }
          assert.equal(new Set(ended.map(({ outputs }) => outputs.run_id)).size, 10);
          assert.equal((await dispatched(name)).length, 10, 'each dispatches one run');
        } finally {
          await older?.stop();
        }
      });
    }

    test('a caller that is cancelled says which run goes on, as that cannot be cancelled by the API', async () => {
      const name = await repository({ 'ci.yml': receiver({ script: 'sleep 100' }) });
      const calling = await startCaller({ ...INPUTS, repo: `octo/${name}` });
      await until(async () => (await dispatched(name)).length > 0);
      const run = await onlyRun(name);
      await gitea.waitFor(name, run.id, ({ status }) => status === 'in_progress');
      const toldOf = async (/** @type {string} */ words) =>
        (await gitea.log(calling.name, calling.id)).includes(words);
      await until(() => toldOf(`Run ${run.id}`));
      await gitea.cancel(calling.name, calling.id);
      assert.equal((await gitea.waitFor(calling.name, calling.id)).conclusion, 'cancelled');
      // Gitea's own runner kills the step at once, and shows nothing of what follows.
      if (!process.env.RETURN_DISPATCH_GITEA_RUNNER) {
        await until(() => toldOf('::warning'));
        const log = await gitea.log(calling.name, calling.id);
        assert.match(log, new RegExp(`::warning.*run ${run.id}\\b.*could not be cancelled`), log);
      }
      assert.equal((await onlyRun(name)).status, 'in_progress');
      await gitea.cancel(name, run.id);
      assert.equal((await gitea.waitFor(name, run.id)).conclusion, 'cancelled');
    });

    test('a run that somebody cancels is one that was cancelled', async () => {
      const name = await repository({ 'ci.yml': receiver({ script: 'sleep 100' }) });
      const run = await dispatch({
        apiUrl: gitea.apiUrl,
        token,
        repo: `octo/${name}`,
        workflow: 'ci.yml',
      });
      const waiting = run.wait({ failOnUnsuccessful: false });
      await gitea.waitFor(name, run.id, ({ status }) => status === 'in_progress');
      await gitea.cancel(name, run.id);
      assert.equal((await waiting).conclusion, 'cancelled');
    });

    test('the package dispatches a run, waits for it, and for one that is there', async () => {
      const name = await repository({ 'ci.yml': receiver() });
      const options = { apiUrl: gitea.apiUrl, token, repo: `octo/${name}` };
      const run = await dispatch({
        ...options,
        workflow: 'ci.yml',
        workflowInputs: { greeting: 'package' },
      });
      assert.equal(run.id, (await onlyRun(name)).id);
      const ended = await run.wait();
      assert.equal(ended.conclusion, 'success');
      assert.equal(ended.outputs.greeting, 'package');

      const failing = await repository({ 'ci.yml': receiver({ script: FAILING }) });
      const id = await gitea.dispatch(failing, 'ci.yml', {});
      const failed = waitForRun({ ...options, repo: `octo/${failing}`, runId: id });
      await assert.rejects(failed, { name: 'ReturnDispatchError', code: 'unsuccessful' });
    });

    /**
     * @param {string[]} args
     * @param {NodeJS.ProcessEnv} [env]
     */
    async function command(args, env = { GITEA_TOKEN: token }) {
      const child = spawn(process.execPath, [CLI, ...args, '--api-url', gitea.apiUrl], {
        env: { PATH: process.env.PATH, ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const text = { stdout: '', stderr: '' };
      for (const name of /** @type {const} */ (['stdout', 'stderr'])) {
        child[name].setEncoding('utf8').on('data', (chunk) => {
          text[name] += chunk;
        });
      }
      const [code] = await once(child, 'close');
      return { code, ...text };
    }

    test('the command dispatches a run and waits for it', async () => {
      const name = await repository({
        'ci.yml': receiver(),
        'failing.yml': receiver({ script: FAILING }),
      });
      const ended = await command([
        ...[
          `octo/${name}`,
          'ci.yml',
          '--ref',
          'main',
          '-f',
          'greeting=command',
          '--wait',
          '--json',
        ],
      ]);
      assert.equal(ended.code, 0, ended.stderr);
      const run = await onlyRun(name);
      const document = JSON.parse(ended.stdout);
      assert.equal(document.runId, run.id);
      assert.equal(document.runUrl, run.html_url);
      assert.equal(document.conclusion, 'success');
      assert.deepEqual(document.outputs, { greeting: 'command', version: '1.2.3' });

      const failed = await command([`octo/${name}`, 'failing.yml', '--wait']);
      assert.equal(failed.code, 1, failed.stderr);
      assert.match(failed.stdout + failed.stderr, /that went wrong/);
    });

    test('a tag, a path and a display name are understood', async () => {
      const name = await repository({ 'ci.yml': receiver() });
      await gitea.api('POST', `/repos/octo/${name}/tags`, {
        body: { tag_name: 'v1', target: 'main' },
      });
      for (const [workflow, ref] of [
        ['ci.yml', 'v1'],
        ['ci.yml', 'refs/heads/main'],
        ['.gitea/workflows/ci.yml', 'main'],
        ['Receiver', 'main'],
      ]) {
        const ended = await command([
          ...[`octo/${name}`, workflow ?? '', '--ref', ref ?? '', '--quiet'],
        ]);
        assert.equal(ended.code, 0, ended.stderr);
        const [newest] = await dispatched(name);
        assert.equal(ended.stdout, `${newest?.id}\n`);
      }
      assert.equal((await dispatched(name)).length, 4);
    });

    describe('what the server refuses is told with what to do', () => {
      /** @type {string} */
      let name;
      before(async () => {
        name = await repository({
          'ci.yml': receiver(),
          'disabled.yml': receiver(),
          'broken.yml': 'on: [workflow_dispatch\n',
        });
        await gitea.setWorkflowEnabled(name, 'disabled.yml', false);
        await gitea.createUser('stranger');
      });
      /** @type {{ what: string, inputs?: Record<string, string>, by?: () => Promise<string>, words: RegExp[] }[]} */
      const refusals = [
        {
          what: 'a wrong token',
          by: async () => 'a'.repeat(40),
          words: [
            /401 invalid username, password or token/,
            /The token is wrong, expired or revoked/,
          ],
        },
        {
          what: 'a token without the scope',
          by: () => gitea.createToken('octo', ['read:repository']),
          words: [/403 .*required=\[write:repository\]/, /needs the scope write:repository/],
        },
        {
          what: 'a token of somebody who may not see the repository',
          by: () => gitea.createToken('stranger', ['write:repository']),
          words: [/404 not found/, /the token may see octo\//],
        },
        {
          what: 'a missing repository',
          inputs: { repo: 'octo/none' },
          words: [/404 not found/, /Check owner, repo and workflow/],
        },
        {
          what: 'a missing owner',
          inputs: { repo: 'nobody/none' },
          words: [/404 /, /Check owner, repo and workflow/],
        },
        {
          what: 'a missing workflow',
          inputs: { workflow: 'none.yml' },
          words: [/404 workflow "none.yml" doesn't exist/, /Check owner, repo and workflow/],
        },
        {
          what: 'a workflow that is missing by its display name',
          inputs: { workflow: 'No such workflow' },
          words: [/No such workflow/, /Receiver/],
        },
        {
          what: 'a missing ref',
          inputs: { ref: 'none' },
          words: [
            /ref "(refs\/tags\/)?none" doesn't exist/,
            /The repository has no such branch or tag/,
          ],
        },
        {
          what: 'a disabled workflow',
          inputs: { workflow: 'disabled.yml' },
          words: [/403 workflow is disabled/, /Enable the workflow/],
        },
        {
          what: 'a workflow file that is not valid',
          inputs: { workflow: 'broken.yml' },
          words: [/failed to unmarshal workflow/, /not valid: mend it/],
        },
      ];
      for (const { what, inputs, by, words } of refusals) {
        test(what, async () => {
          const own = (await by?.()) ?? token;
          const ended = await runAction({
            inputs: {
              token: own,
              repo: `octo/${name}`,
              workflow: 'ci.yml',
              ref: 'main',
              ...inputs,
            },
            apiUrl: gitea.apiUrl,
            env: { GITEA_ACTIONS: 'true' },
          });
          assert.equal(ended.code, 1, ended.log);
          const errors = ended.log.split('\n').filter((line) => line.startsWith('::error'));
          assert.equal(errors.length, 1, ended.log);
          for (const word of words) assert.match(errors[0] ?? '', word);
          assert.ok(
            !ended.log.replaceAll(/^::add-mask::.*$/gm, '').includes(own),
            'no token is shown',
          );
          assert.deepEqual(await dispatched(name), []);
        });
      }

      test('and fails the step of a workflow', async () => {
        const { conclusion, log, outputs } = await callFromWorkflow({
          ...INPUTS,
          repo: `octo/${name}`,
          workflow: 'none.yml',
        });
        assert.equal(conclusion, 'failure');
        assert.match(log, /::error.*404 workflow "none.yml" doesn't exist/);
        assert.equal(outputs.run_id, undefined);
      });
    });

    test('a Gitea whose tests are killed ends, and so do the jobs that are running there', async () => {
      const start = new URL('gitea/start.js', import.meta.url);
      const workflow = receiver({ script: 'trap "" HUP INT TERM; sleep 100' });
      const program = `
    import { startGitea } from '${start}';
    const gitea = await startGitea();
    await gitea.createRepository('busy', { '.gitea/workflows/ci.yml': ${JSON.stringify(workflow)} });
    const run = await gitea.dispatch('busy', 'ci.yml');
    await gitea.waitFor('busy', run, ({ status }) => status === 'in_progress');
    while (!(await gitea.log('busy', run)).includes('version=1.2.3')) {}
    console.log(gitea.folder);
  `;
      const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const [line] = await once(child.stdout, 'data');
      const folder = String(line).trim();
      const processes = processesOf(folder);
      assert.ok(processes.length >= 3, `Gitea, its runner, and a step: ${processes}`);
      child.kill('SIGKILL');
      await until(() => !existsSync(folder) && processesOf(folder).length === 0);
    });
  });
});
