/** Over which connections the built action sends: a POST does not go over one that has been idle. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { runAction } from '../../js/runner.js';
import { NODE, TOKEN } from './support.js';

/**
 * Runs a call against a server that answers each request with the next of these.
 *
 * @param {{ status: number, headers?: Record<string, string>, body: object, isLate?: boolean }[]} answers
 *   `isLate`: the body comes compressed, and a moment after the head
 * @param {Record<string, string>} inputs
 */
async function connectionsOf(answers, inputs) {
  /** @type {{ method: string | undefined, connection: import('node:net').Socket }[]} */
  const requests = [];
  const server = createServer((request, response) => {
    requests.push({ method: request.method, connection: request.socket });
    const answer = answers[requests.length - 1] ?? { status: 500, body: {} };
    const { status, headers, body, isLate } = answer;
    request.resume();
    request.on('end', () => {
      const text = JSON.stringify(body);
      const encoding = isLate && { 'content-encoding': 'gzip' };
      response.writeHead(status, { 'content-type': 'application/json', ...encoding, ...headers });
      if (!isLate) response.end(text);
      else setTimeout(() => response.end(gzipSync(text)), 20);
      response.flushHeaders();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  try {
    const ended = await runAction({
      inputs: { token: TOKEN, repo: 'octo/receiver', workflow: 'ci.yml', ...inputs },
      apiUrl: `http://127.0.0.1:${port}`,
      node: NODE,
    });
    return { ...ended, requests };
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const NAMED = { status: 200, body: { workflow_run_id: 7, html_url: 'https://github.test/7' } };

test('a dispatch goes over the connection of the look-up that came just before', async () => {
  const branch = { status: 200, body: { default_branch: 'main' } };
  const { code, log, requests } = await connectionsOf([branch, NAMED], {});
  assert.equal(code, 0, log);
  assert.deepEqual(
    requests.map(({ method }) => method),
    ['GET', 'POST'],
  );
  assert.equal(requests[0]?.connection, requests[1]?.connection);
});

test('a dispatch does not go over a connection that has been idle', async () => {
  const later = { status: 429, headers: { 'retry-after': '2' }, body: { message: 'slow down' } };
  const { code, log, requests } = await connectionsOf([later, NAMED], { ref: 'main' });
  assert.equal(code, 0, log);
  assert.deepEqual(
    requests.map(({ method }) => method),
    ['POST', 'POST'],
  );
  assert.notEqual(requests[0]?.connection, requests[1]?.connection);
});

// What nobody reads is ended, and that is nobody's error.
test('a redirect is followed before its compressed body has come', async () => {
  const location = '/repositories/1/actions/workflows/ci.yml/dispatches';
  const moved = { status: 307, headers: { location }, body: { message: 'moved' }, isLate: true };
  const { code, log, outputs, requests } = await connectionsOf([moved, NAMED], { ref: 'main' });
  assert.equal(code, 0, log);
  assert.equal(outputs.run_id, '7');
  assert.equal(requests.length, 2);
});
