/** The built action and the command behind a proxy that we did not write, on each Node.js, with TLS inside. */
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { runAction } from '../../js/runner.js';
import { makeCertificates, NAME, startNamedGitHub, startProxy } from '../e2e/proxy-support.js';
import { RECEIVERS, TOKEN } from '../e2e/support.js';

const { RETURN_DISPATCH_TINYPROXY: TINYPROXY, RETURN_DISPATCH_NODES = '[]' } = process.env;
const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

/** @type {string[]} */
const nodes = JSON.parse(RETURN_DISPATCH_NODES).filter(Boolean);
const certificates = makeCertificates();
const skip =
  (!TINYPROXY && 'there is no tinyproxy') || (!certificates && 'there is no openssl') || false;

/** @type {{ proxy: string, apiUrl: string, log: string, stop: () => Promise<void> }} */
let world;
/** @type {Awaited<ReturnType<typeof startNamedGitHub>>['github']} */
let github;

before(async () => {
  if (!TINYPROXY || !certificates) return;
  const tls = { key: readFileSync(certificates.key), cert: readFileSync(certificates.certificate) };
  const repository = { owner: 'octo', name: 'receiver', workflows: [RECEIVERS.log] };
  const named = await startNamedGitHub({ server: 'ghes-3.20', repositories: [repository] }, tls);
  // It knows the name; tinyproxy, like a proxy in an office, has only the next one.
  const next = await startProxy({ ports: named.ports });
  const folder = mkdtempSync(join(tmpdir(), 'return-dispatch-tinyproxy-'));
  const port = await freePort();
  const log = join(folder, 'log');
  const settings = [
    `Port ${port}`,
    'Listen 127.0.0.1',
    'Timeout 60',
    'LogLevel Info',
    `LogFile "${log}"`,
    'BasicAuth someone secret-word',
    `Upstream http ${next.host}`,
  ];
  writeFileSync(join(folder, 'settings'), `${settings.join('\n')}\n`);
  const child = spawn(TINYPROXY, ['-d', '-c', join(folder, 'settings')], { stdio: 'inherit' });
  await answers(port);
  ({ github } = named);
  world = {
    proxy: `127.0.0.1:${port}`,
    apiUrl: named.apiUrl,
    log,
    async stop() {
      child.kill('SIGKILL');
      await once(child, 'exit');
      await next.stop();
      await named.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
});

after(async () => {
  await world?.stop();
  certificates?.remove();
});

for (const node of nodes) {
  const version = /node(\d+)/.exec(node)?.[1] ?? process.versions.node;

  test(`the action finds its run through tinyproxy, Node.js ${version}`, { skip }, async () => {
    const ended = await call(node, `http://someone:secret-word@${world.proxy}`);
    assert.equal(ended.code, 0, ended.log);
    assert.equal(ended.outputs.identified_by, 'log');
    const run = github.runs().find(({ id }) => String(id) === ended.outputs.run_id);
    assert.ok(run);
    assert.match(readFileSync(world.log, 'utf8'), new RegExp(`CONNECT ${NAME}:443`));
    assert.ok(!ended.log.includes('secret-word'));
  });

  test(`wrong credentials are told at once, Node.js ${version}`, { skip }, async () => {
    const before = github.requests().length;
    const ended = await call(node, `http://someone:wrong-word@${world.proxy}`);
    assert.equal(ended.code, 1);
    assert.match(ended.log, /::error::.*the proxy http:\/\/127\.0\.0\.1:\d+ answered 40[137]/);
    assert.match(ended.log, /Nothing was dispatched/);
    assert.doesNotMatch(ended.log, /wrong-word|Trying again|may have been/);
    assert.equal(github.requests().length, before);
  });

  test(`the command goes through it, too, Node.js ${version}`, { skip }, async () => {
    const args = [CLI, 'octo/receiver', 'ci.yml', '--ref', 'main', '--quiet'];
    const env = {
      PATH: process.env.PATH,
      GH_ENTERPRISE_TOKEN: TOKEN,
      GITHUB_API_URL: world.apiUrl,
      GH_HOST: NAME,
      HTTPS_PROXY: `http://someone:secret-word@${world.proxy}`,
      NODE_EXTRA_CA_CERTS: certificates?.authority,
    };
    const { stdout } = await promisify(execFile)(node, args, { env });
    assert.ok(
      github.runs().some(({ id }) => String(id) === stdout.trim()),
      stdout,
    );
  });
}

/**
 * @param {string} node
 * @param {string} proxy
 */
function call(node, proxy) {
  return runAction({
    inputs: { token: TOKEN, repo: 'octo/receiver', workflow: 'ci.yml', ref: 'main' },
    apiUrl: world.apiUrl,
    node,
    env: { https_proxy: proxy, NODE_EXTRA_CA_CERTS: certificates?.authority ?? '' },
  });
}

/** @returns {Promise<number>} a port that nobody uses */
async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** @param {number} port */
async function answers(port) {
  for (let tries = 0; tries < 200; tries += 1) {
    const socket = connect(port, '127.0.0.1');
    const connected = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (connected) return;
    await pause(50);
  }
  throw new Error('tinyproxy does not start');
}
