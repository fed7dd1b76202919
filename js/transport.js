/**
 * `fetch` as the core needs it, over Node.js's own clients of HTTP: the platform's `fetch` takes longer to load than
 * all else that the action does, and in Node.js 20 it knows no proxies.
 */
import { once } from 'node:events';
import { Agent, request } from 'node:http';

/**
 * @typedef {import('node:http').ClientRequest} ClientRequest
 * @typedef {import('node:http').IncomingMessage} IncomingMessage
 * @typedef {import('node:http').RequestOptions} RequestOptions
 *
 * @typedef {object} Route a way to a server
 * @property {typeof request} request
 * @property {RequestOptions} options what differs from the URL's own
 * @typedef {import('../pkg/return_dispatch.js').JsRequest} JsRequest
 * @typedef {import('../pkg/return_dispatch.js').JsResponse} JsResponse
 */

/** Name look-up, the proxy and TLS included. As undici's `fetch` has it: connectTimeout. */
const CONNECTS_WITHIN_MS = 10_000;

/**
 * Connections are used again, unless nothing was sent for so long that something in between may have closed one: what
 * is sent over such a connection may be lost, or may not. As undici's `fetch` has it: keepAliveTimeout.
 */
const REUSED = { keepAlive: true, timeout: 4_000 };

/** A POST does not go over a connection that was idle for longer: something in between may have given it up. */
const IDLE_AFTER_SECONDS = 1;

/** @type {Map<string, number>} when the last answer of an origin came, in seconds of `process.hrtime` */
const answeredAt = new Map();

/** Only where one of these is set is what deals with proxies loaded. */
const NAMES_A_PROXY = ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY'];

/** @type {Map<string, Promise<Route>>} by protocol */
const direct = new Map();

/**
 * Sends a request. Redirects are not followed.
 *
 * Errors say by `connected` whether a connection was made: if not, nothing was sent.
 *
 * @param {string} url
 * @param {JsRequest} init
 * @returns {Promise<JsResponse>}
 */
export async function send(url, { method, headers, body, signal }) {
  const target = new URL(url);
  const isIdle =
    process.hrtime()[0] - (answeredAt.get(target.origin) ?? Infinity) > IDLE_AFTER_SECONDS;
  const { request, options } = await routeTo(target, method === 'POST' && isIdle, signal);
  signal.throwIfAborted();
  const outgoing = request(target, {
    method,
    ...options,
    headers: {
      // A range counts the bytes that are transferred.
      'accept-encoding': 'range' in headers ? 'identity' : 'gzip',
      ...headers,
      ...options.headers,
    },
  });
  // The option `signal` of `request` does the same, and loads a module for it.
  signal.addEventListener('abort', () => outgoing.destroy());
  const response = await answerTo(outgoing, body);
  answeredAt.set(target.origin, process.hrtime()[0]);
  return {
    status: response.statusCode ?? 0,
    headers: Object.entries(response.headers),
    body: await bodyOf(response),
  };
}

/**
 * @param {URL} target
 * @param {boolean} isFresh whether by a connection of its own
 * @param {AbortSignal} signal ends the request to a proxy, too
 * @returns {Promise<Route>}
 */
async function routeTo(target, isFresh, signal) {
  if (NAMES_A_PROXY.some((name) => process.env[name])) {
    const proxies = await import('./proxy.js');
    const route = proxies.routeTo(target, REUSED, isFresh);
    if (route) return { ...route, options: { ...route.options, signal } };
  }
  if (isFresh) direct.delete(target.protocol);
  let route = direct.get(target.protocol);
  if (!route) {
    route = routeOver(target.protocol);
    direct.set(target.protocol, route);
  }
  return route;
}

/**
 * @param {string} protocol
 * @returns {Promise<Route>}
 */
async function routeOver(protocol) {
  if (protocol !== 'https:') return { request, options: { agent: new Agent(REUSED) } };
  const https = await import('node:https');
  return { request: https.request, options: { agent: new https.Agent(REUSED) } };
}

/**
 * @param {ClientRequest} outgoing
 * @param {Uint8Array} [body]
 * @returns {Promise<IncomingMessage>} its head
 */
function answerTo(outgoing, body) {
  return new Promise((resolve, reject) => {
    let connected = false;
    const patience = setTimeout(() => {
      const seconds = CONNECTS_WITHIN_MS / 1_000;
      outgoing.destroy(
        Object.assign(new Error(`no connection within ${seconds} s`), { code: 'ETIMEDOUT' }),
      );
    }, CONNECTS_WITHIN_MS);
    function connects() {
      connected = true;
      clearTimeout(patience);
    }
    outgoing.on('socket', (socket) => {
      if (outgoing.reusedSocket) {
        connects();
        return;
      }
      // Of an abort between the end of an answer and the return of its connection, nobody else would hear.
      socket.on('error', () => {});
      socket.once('encrypted' in socket ? 'secureConnect' : 'connect', connects);
    });
    outgoing.on('response', resolve);
    // Stays: an error after the head is told by the body.
    outgoing.on('error', (error) => {
      clearTimeout(patience);
      reject(Object.assign(error, { connected }));
    });
    outgoing.end(body);
  });
}

/**
 * @param {IncomingMessage} response
 * @returns {Promise<JsResponse['body']>}
 */
async function bodyOf(response) {
  const { 'content-encoding': encoding, 'content-length': length } = response.headers;
  if (response.statusCode === 204 || response.statusCode === 304 || length === '0') {
    await once(response.resume(), 'end');
    await connectionIsFree();
    return null;
  }
  const bytes = encoding === 'gzip' ? await unzipped(response) : response;
  return {
    getReader() {
      const chunks = bytes[Symbol.asyncIterator]();
      return {
        async read() {
          const chunk = await chunks.next().catch((error) => {
            // Some servers call gzip what is empty.
            if ('bytesWritten' in bytes && bytes.bytesWritten === 0 && response.complete)
              return NOTHING;
            throw error;
          });
          if (chunk.done) await connectionIsFree();
          return chunk;
        },
      };
    },
  };
}

/** @type {IteratorReturnResult<undefined>} */
const NOTHING = { done: true, value: undefined };

/** Resolves a moment after the end of an answer: a request that is made before takes a connection of its own. */
function connectionIsFree() {
  return new Promise((resolve) => setImmediate(resolve));
}

/** @param {IncomingMessage} response */
async function unzipped(response) {
  const { constants, createGunzip } = await import('node:zlib');
  // JSON shows itself whether it is whole, and some servers send no end of what is compressed (`fetch` takes it, too). Of a
  // log, nothing else would show that it was cut.
  const isJson = response.headers['content-type']?.includes('json');
  const finishFlush = isJson ? constants.Z_SYNC_FLUSH : constants.Z_FINISH;
  const bytes = createGunzip({ finishFlush });
  // Of an answer that nobody reads, nobody hears that it was ended.
  bytes.on('error', () => {});
  // Errors of either come out of what is read.
  response.on('error', (error) => bytes.destroy(error)).pipe(bytes);
  return bytes;
}
