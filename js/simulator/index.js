// A GitHub on this machine: two HTTP servers in front of the state machine in simulator/, which
// makes every decision. Here bytes are carried, the clock is read, and `delivery` is honoured.

import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { brotliDecompressSync } from 'node:zlib';
import { EmbeddedGitHub, initSync } from '../../simulator/pkg/simulator.js';

/**
 * @typedef {import('../api/simulator.d.ts').GitHubOptions} GitHubOptions
 * @typedef {import('../api/simulator.d.ts').LocalGitHub} LocalGitHub
 * @typedef {import('../../simulator/pkg/simulator.js').EmbeddedResponse} EmbeddedResponse
 * @typedef {import('node:http').IncomingMessage} IncomingMessage
 * @typedef {import('node:http').ServerResponse} ServerResponse
 * @typedef {import('node:http').Server} Server
 */

// How much of a body is handed to a socket at once, so that one which nobody reads holds little.
const CHUNK = 64 * 1024;

// Where the API lies, by how the server's name begins; GitHub's own has a host for itself.
const PATHS = [
  ['ghes-', '/api/v3'],
  ['gitea', '/api/v1'],
];

let loaded = false;

/** Loads the state machine, which lies beside this file once it is bundled. */
function load() {
  if (!loaded) {
    const file = new URL('./simulator_bg.wasm.br', import.meta.url);
    initSync({ module: brotliDecompressSync(readFileSync(file)) });
    loaded = true;
  }
}

/**
 * Starts a GitHub.
 *
 * @param {GitHubOptions} [options]
 * @returns {Promise<LocalGitHub>}
 */
export async function startGitHub(options = {}) {
  load();
  const { clockSkewSeconds = 0, ...scenario } = options;

  /** @type {(origin: string, request: IncomingMessage, response: ServerResponse) => void} */
  let answer = () => {};
  const api = createServer((request, response) => answer(apiOrigin, request, response));
  const logs = createServer((request, response) => answer(logsUrl, request, response));
  const servers = [api, logs];
  const htmlUrl = await listen(api);
  const logsUrl = await listen(logs);
  const server = String(scenario.server ?? '');
  const [, path = ''] = PATHS.find(([name = '']) => server.startsWith(name)) ?? [];
  const apiUrl = htmlUrl + path;
  let apiOrigin = htmlUrl;
  // What is under way ends with it.
  const stopping = new AbortController();
  /** @type {() => Promise<void>} */
  const stop = async () => {
    stopping.abort();
    await Promise.all(servers.map(close));
  };

  /** @type {EmbeddedGitHub} */
  let github;
  try {
    const startTime = Math.round(Date.now() + clockSkewSeconds * 1000);
    const shown = { apiUrl: scenario.apiUrl ?? apiUrl, htmlUrl: scenario.htmlUrl ?? htmlUrl };
    // By whichever name a request comes, the state machine knows only this one.
    apiOrigin = new URL(shown.apiUrl).origin;
    github = new EmbeddedGitHub({ ...scenario, ...shown, logsUrl, startTime });
  } catch (error) {
    await stop();
    throw error;
  }
  const started = performance.now();
  const now = () => performance.now() - started;
  let bytesWritten = 0;

  answer = async (origin, request, response) => {
    const body = await read(request).catch(() => undefined);
    if (!body) return; // The client has gone.
    const headers = headersOf(request);
    const method = request.method ?? 'GET';
    const target = request.url ?? '/';
    // A client that takes this for its proxy names the whole URL.
    const url = target.startsWith('/') ? origin + target : target;
    const result = github.handle({ method, url, headers, body }, now());
    try {
      await deliver(response, result, stopping.signal, (bytes) => {
        bytesWritten += bytes;
      });
    } catch {
      response.destroy(); // The client has gone, or this has been stopped.
    }
  };

  return {
    apiUrl,
    htmlUrl,
    logsUrl,
    now,
    requests: () => github.requests(),
    runs: () => github.runs(now()),
    clueVisibleAt: (runId, text) => github.clueVisibleAt(runId, text),
    bytesWritten: () => bytesWritten,
    stop,
  };
}

/**
 * @param {Server} server
 * @returns {Promise<string>} Its origin.
 */
function listen(server) {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = address && typeof address === 'object' ? address.port : 0;
      resolve(`http://127.0.0.1:${port}`);
    });
  });
}

/**
 * @param {Server} server
 * @returns {Promise<void>}
 */
function close(server) {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

/**
 * @param {IncomingMessage} request
 * @returns {Promise<Uint8Array>}
 */
async function read(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/**
 * @param {IncomingMessage} request
 * @returns {[string, string][]}
 */
function headersOf(request) {
  const { rawHeaders } = request;
  /** @type {[string, string][]} */
  const headers = [];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    headers.push([rawHeaders[at] ?? '', rawHeaders[at + 1] ?? '']);
  }
  return headers;
}

/**
 * @param {ServerResponse} response
 * @param {EmbeddedResponse} answer
 * @param {AbortSignal} signal
 * @param {(bytes: number) => void} written
 */
async function deliver(response, answer, signal, written) {
  const { status, headers, body, delivery, lateMs, trickleMs } = answer;
  if (lateMs > 0) await pause(lateMs, undefined, { signal });
  switch (delivery.type) {
    case 'refused': // whoever listens has accepted it by now; to reset it is the nearest
    case 'reset':
      response.socket?.resetAndDestroy();
      return;
    case 'noAnswer':
      return;
  }
  response.sendDate = false;
  response.writeHead(status, headers.flat());
  // Sent at once, even if no byte of the body ever follows.
  response.flushHeaders();
  const bytes = 'bytes' in delivery ? Math.min(delivery.bytes, body.length) : body.length;
  for (let at = 0; at < bytes; at += CHUNK) {
    const chunk = body.subarray(at, Math.min(at + CHUNK, bytes));
    if (trickleMs > 0) await pause((trickleMs * chunk.length) / bytes, undefined, { signal });
    await new Promise((resolve, reject) => {
      response.once('close', reject);
      response.write(chunk, (error) => {
        response.off('close', reject);
        error ? reject(error) : resolve(undefined);
      });
    });
    written(chunk.length);
  }
  if (delivery.type === 'whole') response.end();
  if (delivery.type === 'cutAfter') response.destroy();
}
