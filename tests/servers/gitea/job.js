/** One job, executed by nektos/act with what Gitea's own runner would hand over. */
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { followLog } from './log.js';
import { killThoseOf } from './processes.js';

/** How long a job that is ended may take for what it still has to do: the `post` of its actions. */
const GRACE_MS = 20_000;

/**
 * @typedef {object} Setting
 * @property {string} act the program
 * @property {string} node the Node.js that runs JavaScript actions: act takes the one on the path
 * @property {Record<string, string>} actions folders that are actions, by `OWNER/NAME@REF`
 * @property {string} folder where jobs lie
 * @property {string} url Gitea's
 * @property {import('./runner.js').Task} task
 *
 * @typedef {object} Job
 * @property {import('./runner.js').Row[]} rows what it has written so far
 * @property {import('./runner.js').StepState[]} steps
 * @property {Promise<import('./runner.js').Result>} result
 * @property {() => void} end cancels it
 */

/**
 * @param {Setting} setting
 * @returns {Job}
 */
export function startJob(setting) {
  const { act, task } = setting;
  const folder = mkdtempSync(join(setting.folder, `task-${task.id}-`));
  const { args, env } = prepare(setting, folder);
  const child = spawn(act, args, {
    cwd: join(folder, 'repository'),
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    // Signals for those who run the tests are not for a job.
    detached: true,
  });

  const log = followLog(task);
  createInterface({ input: child.stdout }).on('line', log.read);
  createInterface({ input: child.stderr }).on('line', log.read);

  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  let ended = false;
  /** @type {Promise<import('./runner.js').Result>} */
  const result = new Promise((resolve) => {
    child.once('error', (error) => log.read(String(error)));
    child.once('close', () => {
      clearTimeout(timer);
      // What a step has left running, as a runner does.
      killThoseOf(folder);
      rmSync(folder, { recursive: true, force: true });
      resolve(ended ? 'RESULT_CANCELLED' : log.result());
    });
  });
  return {
    rows: log.rows,
    steps: log.steps,
    result,
    end() {
      if (ended) return;
      ended = true;
      // act kills the step, as Gitea's own runner does, and goes on with what is always done.
      child.kill('SIGINT');
      timer = setTimeout(() => killThoseOf(folder), GRACE_MS);
    },
  };
}

/**
 * Lays out the job's files and says how act is called.
 *
 * @param {Setting} setting
 * @param {string} folder
 * @returns {{ args: string[], env: NodeJS.ProcessEnv }}
 */
function prepare({ url, task, actions, node }, folder) {
  const { event, token, ...context } = task.context;
  const text = (/** @type {string} */ key) => String(context[key] ?? '');
  const write = (/** @type {string} */ name, /** @type {string} */ content) => {
    const file = join(folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    return file;
  };
  const workflow = write(
    'repository/.github/workflows/job.yml',
    Buffer.from(task.workflowPayload, 'base64').toString(),
  );
  createRepository(join(folder, 'repository'), text('repositoryUrl'));

  // JSON is YAML, and act takes a file of this name for that.
  const values = {
    GITEA_ACTIONS: 'true',
    GITHUB_API_URL: text('api_url'),
    GITHUB_SERVER_URL: text('server_url').replace(/\/$/, ''),
    GITHUB_REPOSITORY: text('repository'),
    GITHUB_REPOSITORY_OWNER: text('repository_owner'),
    GITHUB_RUN_ID: text('run_id'),
    GITHUB_RUN_NUMBER: text('run_number'),
    GITHUB_RUN_ATTEMPT: text('run_attempt'),
    GITHUB_REF: text('ref'),
    GITHUB_REF_NAME: text('ref_name'),
    GITHUB_REF_TYPE: text('ref_type'),
    GITHUB_RETENTION_DAYS: text('retention_days'),
    // act's name of it.
    SHA_REF: text('sha'),
    ACTIONS_RUNTIME_URL: `${url}api/actions_pipeline/`,
    ACTIONS_RUNTIME_TOKEN: text('gitea_runtime_token'),
    ACTIONS_RESULTS_URL: url.replace(/\/$/, ''),
  };
  const secrets = { GITHUB_TOKEN: token, GITEA_TOKEN: token, ...task.secrets };
  return {
    args: [
      ...[text('event_name'), '--json', '--workflows', workflow, '--actor', text('actor')],
      ...['--eventpath', write('event.json', JSON.stringify(event ?? {}))],
      ...['--env-file', write('env.yml', JSON.stringify(values))],
      ...['--secret-file', write('secrets.yml', JSON.stringify(secrets))],
      ...['--var-file', write('vars.yml', JSON.stringify(task.vars ?? {}))],
      ...['--platform', 'ubuntu-latest=-self-hosted', '--no-cache-server'],
      ...['--action-cache-path', join(folder, 'cache')],
      ...Object.entries(actions).flatMap(([name, path]) => [
        '--local-repository',
        `${name}=${path}`,
      ]),
    ],
    // Settings of the person who runs the tests stay out of it.
    env: {
      HOME: folder,
      XDG_CONFIG_HOME: folder,
      PATH: [dirname(node), process.env.PATH].join(delimiter),
    },
  };
}

/**
 * act wants a repository with a commit.
 *
 * @param {string} folder
 * @param {string} url
 */
function createRepository(folder, url) {
  const git = (/** @type {string[]} */ ...args) => execFileSync('git', args, { cwd: folder });
  git('init', '--quiet');
  git('remote', 'add', 'origin', url);
  git('add', '.');
  const author = ['-c', 'user.name=octo', '-c', 'user.email=octo@example.com'];
  git(...author, '-c', 'commit.gpgsign=false', 'commit', '--quiet', '--message', 'Job');
}
