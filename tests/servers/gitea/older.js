/** An older Gitea: the real one, behind a proxy that keeps from it the wish for run details. */
import { createServer, request } from 'node:http';

/**
 * @typedef {object} Older
 * @property {string} apiUrl
 * @property {{ method: string, path: string }[]} requests those that have come so far
 * @property {() => Promise<void>} stop
 */

/**
 * @param {string} url Gitea's
 * @param {string} [release] what it says it is; default: what it is
 * @returns {Promise<Older>}
 */
export async function startOlder(url, release) {
  /** @type {Older['requests']} */
  const requests = [];
  const proxy = createServer((from, to) => {
    const { method = '' } = from;
    const target = new URL(from.url ?? '', url);
    // The addresses in its answers are those by which it is asked.
    const headers = { ...from.headers, host: target.host };
    requests.push({ method, path: `${target.pathname}${target.search}` });
    target.searchParams.delete('return_run_details');
    if (release && target.pathname === '/api/v1/version') {
      to.writeHead(200, { 'content-type': 'application/json;charset=utf-8' });
      to.end(JSON.stringify({ version: release }));
      return;
    }
    const forward = request(target, { method, headers }, (answer) => {
      to.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(to);
    });
    forward.on('error', () => to.destroy());
    from.pipe(forward);
  });
  await new Promise((resolve) => proxy.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (proxy.address());
  return {
    apiUrl: `http://127.0.0.1:${port}/api/v1`,
    requests,
    async stop() {
      proxy.closeAllConnections();
      await new Promise((resolve) => proxy.close(resolve));
    },
  };
}
