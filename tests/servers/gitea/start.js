/** A Gitea with a runner, for tests, and what they do to it. */
import { fork } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { ADMIN, PASSWORD } from './server.js';

/**
 * @typedef {Awaited<ReturnType<typeof startGitea>>} Gitea
 *
 * @typedef {object} Answer
 * @property {number} status
 * @property {Headers} headers
 * @property {string} body
 *
 * @typedef {object} RequestOptions
 * @property {unknown} [body] sent as JSON
 * @property {string | null} [token] default: the administrator's; null sends none
 * @property {Record<string, string>} [headers]
 *
 * @typedef {object} Run of what Gitea says of one, what tests ask
 * @property {number} id
 * @property {string} status
 * @property {string} [conclusion]
 * @property {string} display_title
 * @property {string} event
 * @property {string} html_url
 * @property {string} url
 */

/** Starts it. The tests stop it, or end. */
export async function startGitea() {
  const host = fork(fileURLToPath(new URL('host.js', import.meta.url)), {
    // Signals for the tests are not for it: it ends when they have.
    detached: true,
    execArgv: [],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const exited = new Promise((resolve) => host.once('exit', resolve));
  const { url, token, folder } = await new Promise((resolve, reject) => {
    host.once('message', resolve);
    host.once('exit', () => reject(new Error('Gitea could not be started: see above.')));
    host.send({
      gitea: process.env.RETURN_DISPATCH_GITEA,
      act: process.env.RETURN_DISPATCH_ACT,
      runner: process.env.RETURN_DISPATCH_GITEA_RUNNER,
      node: process.execPath,
    });
  });
  // Tests that forget to stop it end nevertheless, and it with them.
  host.unref();
  host.channel?.unref();
  const apiUrl = `${url}api/v1`;

  /**
   * @param {string} method
   * @param {string} path below `/api/v1`
   * @param {RequestOptions} [options]
   * @returns {Promise<Answer>}
   */
  async function request(method, path, { body, token: own = token, headers = {} } = {}) {
    const response = await fetch(`${apiUrl}${path}`, {
      method,
      headers: {
        ...(own === null ? {} : { authorization: `Bearer ${own}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    return { status: response.status, headers: response.headers, body: await response.text() };
  }

  /**
   * A request that must succeed.
   *
   * @param {string} method
   * @param {string} path
   * @param {RequestOptions} [options]
   */
  async function api(method, path, options) {
    const { status, body } = await request(method, path, options);
    if (status >= 300) throw new Error(`${method} ${path}: ${status} ${body}`);
    return body && JSON.parse(body);
  }

  const basic = (/** @type {string} */ user) => ({
    authorization: `Basic ${Buffer.from(`${user}:${PASSWORD}`).toString('base64')}`,
  });

  return {
    url,
    apiUrl,
    token: /** @type {string} */ (token),
    /** Where all of it is. @type {string} */
    folder,
    request,
    api,

    /**
     * Creates a repository of the administrator's with these files in its branch `main`.
     *
     * @param {string} name
     * @param {Record<string, string>} files their texts by their paths
     */
    async createRepository(name, files) {
      await api('POST', '/user/repos', {
        body: { name, auto_init: true, default_branch: 'main', private: true },
      });
      await this.addFiles(name, files);
    },

    /**
     * @param {string} name
     * @param {Record<string, string>} files
     */
    addFiles: (name, files) =>
      api('POST', `/repos/${ADMIN}/${name}/contents`, {
        body: {
          branch: 'main',
          message: 'Files',
          files: Object.entries(files).map(([path, text]) => ({
            operation: 'create',
            path,
            content: Buffer.from(text).toString('base64'),
          })),
        },
      }),

    /**
     * Creates a user who has rights to nothing that is there.
     *
     * @param {string} username
     */
    createUser: (username) =>
      api('POST', '/admin/users', {
        body: {
          username,
          password: PASSWORD,
          email: `${username}@example.com`,
          must_change_password: false,
        },
      }),

    /**
     * @param {string} user
     * @param {string[]} scopes as `write:repository`
     * @returns {Promise<string>}
     */
    async createToken(user, scopes) {
      const body = { name: `${scopes.join()} ${Math.random()}`, scopes };
      const headers = basic(user);
      return (await api('POST', `/users/${user}/tokens`, { body, token: null, headers })).sha1;
    },

    /**
     * Sets a secret for all repositories of the administrator.
     *
     * @param {string} name
     * @param {string} data
     */
    setSecret: (name, data) => api('PUT', `/user/actions/secrets/${name}`, { body: { data } }),

    /**
     * @param {string} name
     * @param {string} file
     * @param {boolean} enabled
     */
    setWorkflowEnabled: (name, file, enabled) =>
      api(
        'PUT',
        `/repos/${ADMIN}/${name}/actions/workflows/${file}/${enabled ? 'enable' : 'disable'}`,
      ),

    /**
     * @param {string} name
     * @param {string} workflow
     * @param {Record<string, string>} [inputs]
     * @returns {Promise<number>} the ID of the run
     */
    async dispatch(name, workflow, inputs = {}) {
      const path = `/repos/${ADMIN}/${name}/actions/workflows/${workflow}/dispatches`;
      const body = { ref: 'main', inputs };
      return (await api('POST', `${path}?return_run_details=true`, { body })).workflow_run_id;
    },

    /**
     * @param {string} name
     * @returns {Promise<Run[]>} the newest first
     */
    runs: async (name) =>
      (await api('GET', `/repos/${ADMIN}/${name}/actions/runs?limit=50`)).workflow_runs,

    /**
     * @param {string} name
     * @param {number} id
     * @returns {Promise<Run>}
     */
    run: (name, id) => api('GET', `/repos/${ADMIN}/${name}/actions/runs/${id}`),

    /**
     * @param {string} name
     * @param {number} id
     */
    jobs: async (name, id) =>
      (await api('GET', `/repos/${ADMIN}/${name}/actions/runs/${id}/jobs`)).jobs,

    /**
     * What the jobs of a run have written so far.
     *
     * @param {string} name
     * @param {number} id
     */
    async log(name, id) {
      const jobs = await this.jobs(name, id);
      const paths = jobs.map(
        (/** @type {{ id: number }} */ job) =>
          `/repos/${ADMIN}/${name}/actions/jobs/${job.id}/logs`,
      );
      const answers = await Promise.all(
        paths.map((/** @type {string} */ path) => request('GET', path)),
      );
      return answers
        .filter(({ status }) => status === 200)
        .map(({ body }) => body)
        .join('');
    },

    /**
     * Waits for a run.
     *
     * @param {string} name
     * @param {number} id
     * @param {(run: Run) => boolean} [condition] default: that it has ended
     */
    async waitFor(name, id, condition = ({ status }) => status === 'completed') {
      const deadline = Date.now() + 120_000;
      for (;;) {
        const run = await this.run(name, id);
        if (condition(run)) return run;
        if (Date.now() > deadline) {
          throw new Error(`${JSON.stringify(run)}\n${await this.log(name, id)}`);
        }
        await sleep(200);
      }
    },

    /**
     * Cancels a run as a person does it: the API of 1.26 has nothing for it.
     *
     * @param {string} name
     * @param {number} id
     */
    async cancel(name, id) {
      const login = await fetch(`${url}user/login`, {
        method: 'POST',
        redirect: 'manual',
        body: new URLSearchParams({ user_name: ADMIN, password: PASSWORD }),
      });
      // Of two with one name, the later counts: signing in changes the session.
      const cookies = new Map(
        login.headers.getSetCookie().map((each) => {
          const [pair = ''] = each.split(';');
          return [pair.split('=')[0], pair];
        }),
      );
      const cancelled = await fetch(`${url}${ADMIN}/${name}/actions/runs/${id}/cancel`, {
        method: 'POST',
        redirect: 'manual',
        headers: { cookie: [...cookies.values()].join('; ') },
      });
      if (!cancelled.ok) throw new Error(`cancel: ${cancelled.status} ${await cancelled.text()}`);
    },

    async stop() {
      host.ref();
      if (host.connected) host.disconnect();
      await exited;
    },
  };
}
