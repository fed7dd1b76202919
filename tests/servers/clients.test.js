/** Clients that know nothing of the embedded GitHub, and work with it as they do with the real one. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { startGitHub } from '../../dist/simulator/index.js';

/**
 * @typedef {import('../../dist/simulator/index.js').LocalGitHub} LocalGitHub
 * @typedef {import('../../dist/simulator/index.js').GitHubOptions} Scenario
 */

const {
  RETURN_DISPATCH_OCTOKIT,
  RETURN_DISPATCH_GH,
  RETURN_DISPATCH_PYGITHUB,
  RETURN_DISPATCH_GITHUBKIT,
  RETURN_DISPATCH_GO_GITHUB,
} = process.env;

const TOKEN = 'ghs_simulated';
const AT = { owner: 'octo', repo: 'receiver' };

/**
 * @param {string} file
 * @param {string} name
 * @param {object[]} jobs
 */
const workflow = (file, name, jobs) => ({
  file,
  name,
  inputs: { environment: { default: 'none' } },
  listingDelay: 0.1,
  queueDelay: 0.1,
  jobs,
});

const WORKFLOWS = [
  workflow('deploy.yml', 'Deploy', [
    { name: 'build', steps: [{ run: 'make', seconds: 0.3, prints: ['compiling'] }] },
    {
      name: 'ship',
      needs: ['build'],
      steps: [
        { name: 'Ship', run: 'make ship', seconds: 2, prints: ['to ${{ inputs.environment }}'] },
      ],
    },
  ]),
  workflow('broken.yml', 'Broken', [
    {
      name: 'test',
      steps: [
        { name: 'Check', run: 'make check', seconds: 2, prints: ['no!'], conclusion: 'failure' },
      ],
    },
  ]),
  workflow('slow.yml', 'Slow', [{ name: 'sleep', steps: [{ run: 'sleep 600', seconds: 600 }] }]),
];

/**
 * @param {Scenario} scenario
 * @param {(github: LocalGitHub) => Promise<void>} use
 */
async function onGitHub(scenario, use) {
  const repository = { owner: 'octo', name: 'receiver', workflows: WORKFLOWS };
  const github = await startGitHub({ seed: 7, repositories: [repository], ...scenario });
  try {
    await use(github);
  } finally {
    await github.stop();
  }
}

/**
 * The last run, as it really is, once it is as asked.
 *
 * @param {LocalGitHub} github
 * @param {string} [status]
 */
async function lastRun(github, status = 'completed') {
  while (github.now() < 30_000) {
    const run = github.runs().at(-1);
    if (run?.status === status && run.visibleAt <= github.now()) return run;
    await pause(50);
  }
  assert.fail(`no run that is ${status}: ${JSON.stringify(github.runs())}`);
}

/**
 * @param {string | undefined} installed
 * @param {string} name
 */
const skip = (installed, name) =>
  installed ? false : `${name} is not to be had here; \`npm run test:servers\` says why`;

/**
 * @param {LocalGitHub} github
 * @param {string} [auth]
 */
async function octokitFor(github, auth = TOKEN) {
  const { Octokit } = await import(pathToFileURL(String(RETURN_DISPATCH_OCTOKIT)).href);
  /** @type {string[]} */
  const warnings = [];
  const log = { debug() {}, info() {}, error() {}, warn: warnings.push.bind(warnings) };
  const octokit = new Octokit({ auth, baseUrl: github.apiUrl, log, request: { log } });
  return { octokit, actions: octokit.rest.actions, warnings };
}

/**
 * What an error of Octokit's says of the answer.
 *
 * @param {Promise<unknown>} call
 */
async function refusal(call) {
  const error = await call.then(
    () => assert.fail('it was not refused'),
    (error) => error,
  );
  return [error.status, error.response?.data.message, error.message];
}

for (const server of /** @type {const} */ (['github.com', 'ghes-3.21', 'ghes-3.19'])) {
  test(`Octokit on ${server}`, { skip: skip(RETURN_DISPATCH_OCTOKIT, 'Octokit') }, async (t) => {
    await t.test('dispatches a workflow', () =>
      onGitHub({ server }, async (github) => {
        const { actions } = await octokitFor(github);
        const inputs = { environment: 'staging' };
        const call = { ...AT, workflow_id: 'deploy.yml', ref: 'main', inputs };
        const { status } = await actions.createWorkflowDispatch(call);
        assert.equal(status, 204);
        assert.deepEqual(github.runs()[0]?.inputs, inputs);
        const asking = actions.createWorkflowDispatch({ ...call, return_run_details: true });
        if (server === 'ghes-3.19') {
          const [status, message] = await refusal(asking);
          assert.equal(status, 422);
          assert.match(message, /"return_run_details" is not a permitted key/);
          assert.equal(github.runs().length, 1);
          return;
        }
        const { data } = await asking;
        const { id } = await lastRun(github);
        assert.equal(github.runs().length, 2);
        const path = `octo/receiver/actions/runs/${id}`;
        assert.deepEqual(data, {
          workflow_run_id: id,
          run_url: `${github.apiUrl}/repos/${path}`,
          html_url: `${github.htmlUrl}/${path}`,
        });
      }),
    );

    await t.test('goes through the pages of a list', () =>
      onGitHub({ server, history: 7 }, async (github) => {
        const { octokit, actions, warnings } = await octokitFor(github);
        const call = { ...AT, workflow_id: 'deploy.yml', per_page: 3 };
        const runs = await octokit.paginate(actions.listWorkflowRuns, call);
        const truth = github.runs().map(({ id }) => id);
        assert.deepEqual(
          runs.map((/** @type {{ id: number }} */ { id }) => id),
          truth.reverse(),
        );
        assert.equal(github.requests().length, 3);
        // It reads `deprecation` and `sunset`, which servers send that know the next version.
        assert.equal(warnings.length, server === 'ghes-3.19' ? 0 : 3);
      }),
    );

    await t.test('reads a run, its jobs and its logs', () =>
      onGitHub({ server }, async (github) => {
        const { actions } = await octokitFor(github);
        const inputs = { environment: 'staging' };
        const call = { ...AT, workflow_id: 'deploy.yml', ref: 'main', inputs };
        await actions.createWorkflowDispatch(call);
        const { id: run_id } = await lastRun(github);
        const { data: run } = await actions.getWorkflowRun({ ...AT, run_id });
        assert.deepEqual(
          [run.id, run.status, run.conclusion, run.path, run.actor.login],
          [run_id, 'completed', 'success', '.github/workflows/deploy.yml', 'octocat'],
        );
        const { data: list } = await actions.listJobsForWorkflowRun({ ...AT, run_id });
        /** @type {{ id: number, name: string }[]} */
        const jobs = list.jobs;
        assert.deepEqual(
          jobs.map(({ name }) => name),
          ['build', 'ship'],
        );
        const job_id = jobs[1]?.id;
        const log = await actions.downloadJobLogsForWorkflowRun({ ...AT, job_id });
        assert.match(log.data, /^\S+Z to staging$/m);
        assert.ok(log.url.startsWith(github.logsUrl), 'it followed the link');
        const archive = await actions.downloadWorkflowRunLogs({ ...AT, run_id });
        const zip = Buffer.from(archive.data);
        assert.equal(zip.toString('latin1', 0, 4), 'PK\x03\x04');
        for (const name of ['0_build.txt', 'ship/2_Ship.txt']) assert.ok(zip.includes(name), name);
        const toStore = github.requests().filter(({ origin }) => origin === 'logs');
        assert.deepEqual(
          toStore.map(({ status, hadAuthorization }) => [status, hadAuthorization]),
          [
            [200, false],
            [200, false],
          ],
        );
      }),
    );

    await t.test('cancels a run, once', () =>
      onGitHub({ server }, async (github) => {
        const { actions } = await octokitFor(github);
        await actions.createWorkflowDispatch({ ...AT, workflow_id: 'slow.yml', ref: 'main' });
        const { id: run_id } = await lastRun(github, 'in_progress');
        assert.equal((await actions.cancelWorkflowRun({ ...AT, run_id })).status, 202);
        assert.equal((await lastRun(github)).conclusion, 'cancelled');
        const [status, message] = await refusal(actions.cancelWorkflowRun({ ...AT, run_id }));
        assert.equal(status, 409);
        assert.equal(message, 'Cannot cancel a workflow run that is completed.');
      }),
    );

    await t.test('makes errors of what is refused', () =>
      onGitHub({ server }, async (github) => {
        const { octokit, actions } = await octokitFor(github);
        const [notFound, ...words] = await refusal(actions.getWorkflowRun({ ...AT, run_id: 1 }));
        assert.equal(notFound, 404);
        assert.equal(words[0], 'Not Found');
        assert.match(words[1], /^Not Found - https:\/\/docs\.github\.com\/.*#get-a-workflow-run$/);
        const call = { ...AT, workflow_id: 'deploy.yml', ref: 'gone' };
        const [invalid, reason] = await refusal(actions.createWorkflowDispatch(call));
        assert.deepEqual([invalid, reason], [422, 'No ref found for: gone']);
        const stranger = await octokitFor(github, 'ghs_other');
        const [unknown] = await refusal(stranger.octokit.rest.repos.get(AT));
        assert.equal(unknown, 401);
        await assert.rejects(octokit.graphql('{ viewer { stars } }'), {
          name: 'GraphqlResponseError',
          message: /Field 'stars' doesn't exist on type 'User'/,
        });
        assert.equal(github.runs().length, 0);
      }),
    );

    await t.test('asks who it is, in REST and in GraphQL', () =>
      onGitHub({ server }, async (github) => {
        const { octokit } = await octokitFor(github);
        const { data } = await octokit.rest.users.getAuthenticated();
        const { viewer } = await octokit.graphql('{ viewer { login } }');
        assert.deepEqual([data.login, viewer.login], ['octocat', 'octocat']);
        if (server !== 'github.com') return;
        const { data: limits } = await octokit.rest.rateLimit.get();
        assert.deepEqual(
          [limits.resources.core.used, limits.resources.graphql.used],
          [1, 1],
          'each counts apart, and to look counts nothing',
        );
      }),
    );
  });
}

/**
 * A GitHub that gh can talk to: it takes no address but only a name, and speaks plain HTTP with
 * `github.localhost` alone. To that, it comes through its proxy.
 *
 * @param {(github: LocalGitHub, gh: (...args: string[]) => Promise<Ended>) => Promise<void>} use
 */
function onLocalhost(use) {
  const names = { apiUrl: 'http://api.github.localhost', htmlUrl: 'http://github.localhost' };
  return onGitHub(names, async (github) => {
    const folder = mkdtempSync(join(tmpdir(), 'return-dispatch-gh-'));
    // No settings of the person who runs the tests, and no token for enterprise servers: gh would
    // send it to the store for logs, which refuses it as Azure does.
    const env = {
      PATH: process.env.PATH,
      HOME: folder,
      GH_CONFIG_DIR: folder,
      GH_HOST: 'github.localhost',
      GH_TOKEN: TOKEN,
      GH_REPO: 'github.localhost/octo/receiver',
      HTTP_PROXY: github.apiUrl,
      GH_NO_UPDATE_NOTIFIER: '1',
      TZ: 'UTC',
    };
    try {
      await use(github, (...args) => execute(String(RETURN_DISPATCH_GH), args, env));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
}

/**
 * @typedef {object} Ended
 * @property {number} code
 * @property {string} stdout
 * @property {string} stderr
 *
 * @param {string} program
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<Ended>}
 */
function execute(program, args, env) {
  return new Promise((resolve) => {
    const child = execFile(program, args, { env, timeout: 60_000 }, (error, stdout, stderr) => {
      const code = error ? Number(error.code ?? 1) : 0;
      resolve({ code, stdout, stderr });
    });
    child.stdin?.end();
  });
}

/**
 * The cells of what gh prints where nobody looks: columns between tabs.
 *
 * @param {Ended} ended
 */
function cells({ code, stdout, stderr }) {
  assert.equal(code, 0, stderr);
  const lines = stdout.trimEnd().split('\n');
  return lines.map((line) => line.split('\t'));
}

test('gh', { skip: skip(RETURN_DISPATCH_GH, 'gh') }, async (t) => {
  await t.test('workflow list', () =>
    onLocalhost(async (_, gh) => {
      const list = cells(await gh('workflow', 'list'));
      assert.deepEqual(
        list.map(([name, state]) => [name, state]),
        [
          ['Deploy', 'active'],
          ['Broken', 'active'],
          ['Slow', 'active'],
        ],
      );
    }),
  );

  await t.test('workflow run FILE -f NAME=VALUE --ref BRANCH, and run list', () =>
    onLocalhost(async (github, gh) => {
      const ran = await gh('workflow', 'run', 'deploy.yml', '-f', 'environment=a b', '--ref=main');
      assert.equal(ran.code, 0, ran.stderr);
      const run = await lastRun(github);
      assert.deepEqual(run.inputs, { environment: 'a b' });
      assert.deepEqual(run.dispatchedBy, { type: 'client' });
      const [line, ...others] = cells(await gh('run', 'list'));
      assert.deepEqual(others, []);
      assert.deepEqual(line?.slice(0, 7), [
        'completed',
        'success',
        'Deploy',
        'Deploy',
        'main',
        'workflow_dispatch',
        String(run.id),
      ]);
    }),
  );

  await t.test('workflow run without a branch asks for the default branch', () =>
    onLocalhost(async (github, gh) => {
      const ran = await gh('workflow', 'run', 'Deploy', '-f', 'environment=x');
      assert.equal(ran.code, 0, ran.stderr);
      const run = await lastRun(github);
      assert.equal(run.workflow, 'deploy.yml');
      assert.ok(github.requests().some(({ path }) => path === '/graphql'));
    }),
  );

  await t.test('workflow run says what is refused', () =>
    onLocalhost(async (github, gh) => {
      const ran = await gh('workflow', 'run', 'deploy.yml', '--ref', 'gone');
      assert.equal(ran.code, 1);
      assert.match(ran.stderr, /HTTP 422: No ref found for: gone/);
      assert.equal(github.runs().length, 0);
    }),
  );

  await t.test('run view ID shows jobs, and what went wrong', () =>
    onLocalhost(async (github, gh) => {
      await gh('workflow', 'run', 'broken.yml', '--ref', 'main');
      const { id } = await lastRun(github);
      const { code, stdout, stderr } = await gh('run', 'view', String(id));
      assert.equal(code, 0, stderr);
      assert.match(stdout, /^X main Broken · \d+$/m);
      assert.match(stdout, /^X test in \S+ \(ID \d+\)$/m);
      assert.match(stdout, /^ {2}X Check$/m);
      assert.match(stdout, /^X Process completed with exit code 1\.\ntest: \.github#1$/m);
      assert.match(stdout, new RegExp(`http://github.localhost/octo/receiver/actions/runs/${id}`));
      assert.equal((await gh('run', 'view', String(id), '--exit-status')).code, 1);
    }),
  );

  await t.test('run view ID --log', () =>
    onLocalhost(async (github, gh) => {
      await gh('workflow', 'run', 'deploy.yml', '-f', 'environment=prod', '--ref', 'main');
      const { id } = await lastRun(github);
      const log = cells(await gh('run', 'view', String(id), '--log'));
      const said = log.map(
        ([job, step, line]) => `${job} | ${step} | ${line?.replace(/^\S+ /, '')}`,
      );
      assert.ok(said.includes('build | Run make | compiling'), said.join('\n'));
      assert.ok(said.includes('ship | Ship | to prod'), said.join('\n'));
      const store = github.requests().filter(({ origin }) => origin === 'logs');
      assert.deepEqual(
        store.map(({ status, hadAuthorization }) => [status, hadAuthorization]),
        [[200, false]],
      );
    }),
  );

  await t.test('run view ID --log-failed', () =>
    onLocalhost(async (github, gh) => {
      await gh('workflow', 'run', 'broken.yml', '--ref', 'main');
      const { id } = await lastRun(github);
      const { stdout, stderr } = await gh('run', 'view', String(id), '--log-failed');
      assert.match(stdout, /^test\tCheck\t\S+ no!$/m, stderr);
      assert.doesNotMatch(stdout, /Set up job/);
    }),
  );

  await t.test('run watch ID --exit-status ends as the run does', () =>
    onLocalhost(async (github, gh) => {
      for (const [file, conclusion, code, shown] of /** @type {const} */ ([
        ['deploy.yml', 'success', 0, /^✓ main Deploy .*\n(.*\n)*✓ ship in /m],
        ['broken.yml', 'failure', 1, /^X main Broken .*\n(.*\n)*X test in /m],
      ])) {
        await gh('workflow', 'run', file, '--ref', 'main');
        const { id } = await lastRun(github, 'in_progress');
        const watched = await gh('run', 'watch', String(id), '--exit-status', '--interval', '1');
        assert.equal(watched.code, code, watched.stderr);
        assert.match(watched.stdout, shown);
        assert.equal((await lastRun(github)).conclusion, conclusion);
      }
    }),
  );

  await t.test('run cancel ID', () =>
    onLocalhost(async (github, gh) => {
      await gh('workflow', 'run', 'slow.yml', '--ref', 'main');
      const { id } = await lastRun(github, 'in_progress');
      const cancelled = await gh('run', 'cancel', String(id));
      assert.equal(cancelled.code, 0, cancelled.stderr);
      assert.equal((await lastRun(github)).conclusion, 'cancelled');
      const again = await gh('run', 'cancel', String(id));
      assert.equal(again.code, 1);
      assert.match(again.stderr, /Cannot cancel a workflow run that is completed/);
    }),
  );

  await t.test('api', () =>
    onLocalhost(async (_, gh) => {
      assert.deepEqual(cells(await gh('api', 'user', '--jq', '.login')), [['octocat']]);
      const runs = await gh('api', 'repos/{owner}/{repo}/actions/runs', '--jq', '.total_count');
      assert.deepEqual(cells(runs), [['0']]);
    }),
  );
});

for (const server of /** @type {const} */ (['github.com', 'ghes-3.19'])) {
  const title = `PyGithub on ${server} dispatches, reads and cancels`;
  test(title, { skip: skip(RETURN_DISPATCH_PYGITHUB, 'PyGithub') }, () =>
    onGitHub({ server }, async (github) => {
      const script = fileURLToPath(new URL('./python/with_pygithub.py', import.meta.url));
      const tells = server === 'github.com' ? 'tells' : 'says nothing';
      const { code, stdout, stderr } = await execute(
        String(RETURN_DISPATCH_PYGITHUB),
        [script, github.apiUrl, tells],
        { PATH: process.env.PATH },
      );
      assert.equal(code, 0, stderr);
      const seen = JSON.parse(stdout);
      const runs = github.runs();
      const first = runs[0]?.id;
      const slow = runs.at(-1)?.id;
      assert.equal(seen.user, 'octocat');
      assert.equal(seen.branch, 'main');
      assert.deepEqual(seen.workflow, ['Deploy', 'active']);
      assert.deepEqual(seen.workflows, ['Deploy', 'Broken', 'Slow']);
      assert.equal(seen.dispatched, true);
      assert.equal(seen.told, server === 'github.com' ? runs[1]?.id : undefined);
      assert.deepEqual(runs[0]?.inputs, { environment: 'staging' });
      assert.deepEqual(seen.run, [first, 'completed', 'success', 'workflow_dispatch', 'main']);
      assert.deepEqual(seen.jobs, [
        ['build', 'success'],
        ['ship', 'success'],
      ]);
      assert.equal(
        seen.logs_url,
        `${github.apiUrl}/repos/octo/receiver/actions/runs/${first}/logs`,
      );
      assert.match(seen.log, /^\S+Z compiling$/m);
      assert.deepEqual(seen.cancelled, [slow, true, 'cancelled']);
      assert.equal(runs.at(-1)?.conclusion, 'cancelled');
      assert.deepEqual(seen.runs, runs.map(({ id }) => id).reverse());
      assert.deepEqual(seen.missing, [404, 'Not Found']);
      assert.deepEqual(seen.ref, [422, 'No ref found for: gone']);
    }),
  );
}

for (const server of /** @type {const} */ (['github.com', 'ghes-3.19'])) {
  const title = `go-github on ${server} dispatches, lists, waits, reads logs and archives, and cancels`;
  test(title, { skip: skip(RETURN_DISPATCH_GO_GITHUB, 'go-github') }, () =>
    onGitHub({ server }, async (github) => {
      const tells = server === 'github.com';
      const { code, stdout, stderr } = await execute(
        String(RETURN_DISPATCH_GO_GITHUB),
        [github.apiUrl, tells ? 'tells' : 'says nothing'],
        { PATH: process.env.PATH },
      );
      assert.equal(code, 0, stderr);
      const seen = JSON.parse(stdout);
      const [deploy, slow] = github.runs();
      assert.equal(seen.user, 'octocat');
      assert.deepEqual(seen.workflows, ['Deploy', 'Broken', 'Slow']);
      assert.equal(seen.named, tells ? deploy?.id : undefined);
      assert.deepEqual(deploy?.inputs, { environment: 'staging' });
      assert.deepEqual(seen.run, [deploy?.id, 'success', 'workflow_dispatch', 'main', 1]);
      assert.deepEqual(seen.jobs, [
        ['build', 'success', 1, ['Set up job', 'Run make', 'Complete job']],
        ['ship', 'success', 1, ['Set up job', 'Ship', 'Complete job']],
      ]);
      assert.match(seen.log, /^\S+Z compiling$/m);
      assert.match(seen.archive, /^0_build\.txt$/m);
      assert.match(seen.archive, /^1_ship\.txt$/m);
      assert.deepEqual(seen.cancelled, [slow?.id, 202, 'cancelled']);
      assert.deepEqual(seen.again, [409, 'Cannot cancel a workflow run that is completed.', 409]);
      assert.deepEqual(seen.missing, [404, 'Not Found']);
      assert.deepEqual(seen.ref, [422, 'No ref found for: gone']);
      assert.equal(seen.remaining > 0, tells, 'the limit that every answer tells');
    }),
  );
}

for (const server of /** @type {const} */ (['github.com', 'ghes-3.21'])) {
  const title = `githubkit on ${server} finds that every answer fits GitHub's description`;
  test(title, { skip: skip(RETURN_DISPATCH_GITHUBKIT, 'githubkit') }, () =>
    onGitHub({ server }, async (github) => {
      const script = fileURLToPath(new URL('./python/with_githubkit.py', import.meta.url));
      const { code, stdout, stderr } = await execute(
        String(RETURN_DISPATCH_GITHUBKIT),
        [script, github.apiUrl],
        { PATH: process.env.PATH },
      );
      assert.equal(code, 0, stderr);
      const seen = JSON.parse(stdout);
      const [deploy, slow] = github.runs();
      assert.equal(seen.user, 'octocat');
      assert.equal(seen.branch, 'main');
      assert.deepEqual(seen.workflows, ['Deploy', 'Broken', 'Slow']);
      assert.equal(seen.named, deploy?.id);
      const { id } = deploy ?? {};
      assert.deepEqual(seen.run, [id, 'completed', 'success', 'workflow_dispatch', 'main', 1]);
      assert.deepEqual(seen.jobs, [
        ['build', 'success', ['Set up job', 'Run make', 'Complete job']],
        ['ship', 'success', ['Set up job', 'Ship', 'Complete job']],
      ]);
      assert.match(seen.log, /^\S+Z compiling$/m);
      assert.ok(seen.archive.includes('1_ship.txt'), seen.archive);
      assert.deepEqual(seen.cancelled, [slow?.id, 202, 'cancelled']);
      assert.deepEqual(seen.again, [409, 'Cannot cancel a workflow run that is completed.']);
      assert.deepEqual(seen.missing, [404, 'Not Found']);
      assert.deepEqual(seen.ref, [422, 'No ref found for: gone']);
    }),
  );
}
