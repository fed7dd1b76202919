/** A proxy that shows what it has seen, and a GitHub behind TLS, whose names only that proxy knows. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { startGitHub } from '../../dist/simulator/index.js';

/** What the GitHub is called. No other name server knows `.test` (RFC 6761). */
export const NAME = 'api.github.test';

/**
 * @typedef {import('node:net').AddressInfo} AddressInfo
 * @typedef {import('node:net').Server} Server
 * @typedef {import('node:net').Socket} Socket
 *
 * @typedef {object} Seen by a proxy
 * @property {string} method
 * @property {string} target as the request names it
 * @property {string | undefined} credentials
 * @property {string} headers all of them, as text
 *
 * @typedef {(seen: Seen) => number | undefined} Answers the status of an answer of the proxy's own, if there is to be one
 */

/**
 * @param {Server} server
 * @returns {Promise<number>} its port
 */
async function listen(server) {
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  return /** @type {AddressInfo} */ (server.address()).port;
}

/**
 * Starts a proxy that takes each name for one on this machine.
 *
 * @param {{ ports?: Record<number, number>, answers?: Answers }} [options] `ports`: where a port of a name is in truth
 */
export async function startProxy({ ports = {}, answers = () => undefined } = {}) {
  /** @type {Seen[]} */
  const seen = [];
  /** @type {Set<Socket>} */
  const open = new Set();
  /** @param {import('node:http').IncomingMessage} message */
  const note = ({ method = '', url = '', headers }) => {
    const credentials = headers['proxy-authorization'];
    const one = { method, target: url, credentials, headers: JSON.stringify(headers) };
    seen.push(one);
    return answers(one);
  };
  const portOf = (/** @type {number} */ port) => ports[port] ?? port;
  const server = createServer((incoming, outgoing) => {
    const status = note(incoming);
    const { host, port, pathname, search } = new URL(incoming.url ?? '');
    if (status !== undefined) {
      outgoing.writeHead(status).end();
      return;
    }
    const { 'proxy-authorization': _, ...headers } = incoming.headers;
    const { method } = incoming;
    const to = { port: portOf(Number(port || 80)), path: pathname + search };
    const onward = request({ host: '127.0.0.1', ...to, method, headers: { ...headers, host } });
    onward.on('response', (answer) => {
      outgoing.writeHead(answer.statusCode ?? 0, answer.rawHeaders);
      answer.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  });
  server.on('connect', (incoming, socket) => {
    const status = note(incoming);
    socket.on('error', () => {});
    if (status !== undefined) {
      socket.end(`HTTP/1.1 ${status} So be it\r\ncontent-length: 0\r\n\r\n`);
      return;
    }
    const port = Number(incoming.url?.split(':').at(-1));
    const onward = connect(portOf(port), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      socket.pipe(onward).pipe(socket);
    });
    onward.on('error', () => socket.destroy());
    socket.on('close', () => onward.destroy());
  });
  server.on('connection', (socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
  });
  const port = await listen(server);
  const stop = async () => {
    for (const socket of open) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://127.0.0.1:${port}`, host: `127.0.0.1:${port}`, seen, stop };
}

/**
 * A certificate authority and what it vouches for.
 *
 * @returns {{ authority: string, key: string, certificate: string, remove: () => void } | undefined} files;
 *   undefined where there is no OpenSSL to make them
 */
export function makeCertificates() {
  const folder = mkdtempSync(join(tmpdir(), 'return-dispatch-tls-'));
  const file = (/** @type {string} */ name) => join(folder, name);
  const openssl = (/** @type {string[]} */ ...args) =>
    execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const [caKey, authority, leafKey, request, certificate, extensions] = [
    ...['ca.key', 'ca.pem', 'leaf.key', 'leaf.csr', 'leaf.pem', 'leaf.ext'].map(file),
  ];
  if (!caKey || !authority || !leafKey || !request || !certificate || !extensions) return undefined;
  try {
    writeFileSync(extensions, `subjectAltName=DNS:${NAME}\n`);
    const of = (/** @type {string} */ name) => ['-subj', `/CN=${name}`];
    openssl('req', '-x509', ...key, '-keyout', caKey, '-out', authority, '-days', '2', ...of('CA'));
    openssl('req', '-new', ...key, '-keyout', leafKey, '-out', request, ...of(NAME));
    const signed = ['-CA', authority, '-CAkey', caKey, '-CAcreateserial', '-days', '2'];
    openssl('x509', '-req', '-in', request, ...signed, '-extfile', extensions, '-out', certificate);
  } catch (error) {
    remove();
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return undefined;
    throw error;
  }
  return { authority, key: leafKey, certificate, remove };
}

/**
 * An embedded GitHub that calls itself `http://api.github.test`, or `https://…` where it is given a certificate.
 *
 * @param {import('../../dist/simulator/index.js').GitHubOptions} scenario
 * @param {{ key: Buffer, cert: Buffer }} [tls]
 */
export async function startNamedGitHub(scenario, tls) {
  const origin = `http${tls ? 's' : ''}://${NAME}`;
  const path = String(scenario.server ?? '').startsWith('ghes-') ? '/api/v3' : '';
  const github = await startGitHub({ ...scenario, apiUrl: origin + path, htmlUrl: origin });
  const port = Number(new URL(github.apiUrl).port);
  if (!tls) return { github, apiUrl: origin + path, ports: { 80: port }, stop: github.stop };
  const front = createTlsServer(tls, (socket) => {
    const onward = connect(port, '127.0.0.1');
    for (const [one, other] of /** @type {const} */ ([
      [socket, onward],
      [onward, socket],
    ])) {
      one.pipe(other);
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
  });
  const ports = { 443: await listen(front) };
  const stop = async () => {
    await github.stop();
    await new Promise((resolve) => front.close(resolve));
  };
  return { github, apiUrl: origin + path, ports, stop };
}
