/** The built action behind a proxy, and in front of a server whose certificate only its owner vouches for. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { after, before, test } from 'node:test';
import { runAction } from '../../js/runner.js';
import { makeCertificates, NAME, startNamedGitHub, startProxy } from './proxy-support.js';
import { assertFailed, assertRefused, assertRight, NODE, RECEIVERS, TOKEN } from './support.js';

/** @type {ReturnType<typeof makeCertificates>} */
let certificates;
before(() => {
  certificates = makeCertificates();
});
after(() => certificates?.remove());

/**
 * @param {import('node:test').TestContext} t
 * @param {{ https?: boolean, server?: import('./support.js').Server, answers?: import('./proxy-support.js').Answers }} world
 * @param {(proxy: { url: string, host: string }) => Record<string, string>} env
 * @param {Record<string, string>} [inputs]
 */
async function callBehindProxy(t, { https = true, server = 'github.com', answers }, env, inputs) {
  if (https && !certificates) {
    t.skip('there is no openssl to make certificates with');
    return undefined;
  }
  const tls = https && certificates && read(certificates);
  const repository = { owner: 'octo', name: 'receiver', workflows: [RECEIVERS.log] };
  const named = await startNamedGitHub({ server, repositories: [repository] }, tls || undefined);
  const proxy = await startProxy({ ports: named.ports, ...(answers ? { answers } : {}) });
  try {
    const ended = await runAction({
      inputs: {
        token: TOKEN,
        repo: 'octo/receiver',
        workflow: 'ci.yml',
        ref: 'main',
        workflow_timeout_seconds: '60',
        ...inputs,
      },
      apiUrl: named.apiUrl,
      node: NODE,
      env: {
        ...(tls ? { NODE_EXTRA_CA_CERTS: certificates?.authority ?? '' } : {}),
        ...env(proxy),
      },
    });
    const runs = named.github.runs();
    const dispatched = runs.filter((run) => run.dispatchedBy.type === 'client');
    const requests = named.github.requests();
    return {
      ...ended,
      identifiedAt: 0,
      visibleAt: 0,
      runs,
      dispatched,
      requests,
      seen: proxy.seen,
    };
  } finally {
    await proxy.stop();
    await named.stop();
  }
}

/** @param {NonNullable<ReturnType<typeof makeCertificates>>} files */
function read({ key, certificate }) {
  return { key: readFileSync(key), cert: readFileSync(certificate) };
}

for (const variable of ['https_proxy', 'HTTPS_PROXY']) {
  test(`${variable}: a proxy gets to know the server's name, and nothing of what is said`, async (t) => {
    const ended = await callBehindProxy(t, { server: 'ghes-3.20' }, ({ url }) => ({
      [variable]: url,
    }));
    if (!ended) return;
    assertRight(ended, 'log');
    const [first] = ended.seen;
    assert.deepEqual([first?.method, first?.target], ['CONNECT', `${NAME}:443`]);
    assert.equal(first?.credentials, undefined);
    assert.ok(ended.requests.length > 3);
    // The store of logs is reached without it: it is on this machine.
    assert.equal(ended.seen.length, 1, 'one connection is used again and again');
    assert.ok(!JSON.stringify(ended.seen).includes(TOKEN));
  });
}

for (const variable of ['http_proxy', 'HTTP_PROXY']) {
  test(`${variable}: a server without TLS is reached through the proxy, too`, async (t) => {
    const ended = await callBehindProxy(t, { https: false }, ({ host }) => ({ [variable]: host }));
    assert.ok(ended);
    assertRight(ended, 'response');
    const path = '/repos/octo/receiver/actions/workflows/ci.yml/dispatches';
    assert.deepEqual(
      ended.seen.map(({ method, target }) => [method, target]),
      [['POST', `http://${NAME}${path}`]],
    );
  });
}

for (const https of [true, false]) {
  const scheme = https ? 'https' : 'http';
  test(`a proxy gets its credentials, decoded, and they never show (${scheme})`, async (t) => {
    const ended = await callBehindProxy(t, { https }, ({ host }) => ({
      [`${scheme}_proxy`]: `http://us%40er:pass%3Aword@${host}`,
    }));
    if (!ended) return;
    assertRight(ended, 'response');
    const expected = `Basic ${Buffer.from('us@er:pass:word').toString('base64')}`;
    assert.deepEqual(
      ended.seen.map(({ credentials }) => credentials),
      [expected],
    );
    assert.ok(!/pass(%3A|:)word/.test(ended.log + ended.files));
    assert.ok(!JSON.stringify(ended.requests).toLowerCase().includes('proxy-authorization'));
  });

  test(`a proxy that refuses is one error at once, and not a server's (${scheme})`, async (t) => {
    const ended = await callBehindProxy(t, { https, answers: () => 407 }, ({ host }) => ({
      [`${scheme}_proxy`]: `http://user:secret@${host}`,
    }));
    if (!ended) return;
    assertRefused(ended, '407', 'https_proxy, http_proxy or no_proxy', 'Nothing was dispatched');
    assert.equal(ended.seen.length, 1);
    assert.ok(!ended.log.includes('secret'));
    assert.ok(!ended.log.includes('permission'));
  });
}

test('what a proxy says of a server that it does not reach passes, and nothing was dispatched', async (t) => {
  let times = 0;
  const answers = () => {
    times += 1;
    return times < 3 ? 502 : undefined;
  };
  const ended = await callBehindProxy(t, { answers }, ({ url }) => ({ https_proxy: url }));
  if (!ended) return;
  // Without that proof, a dispatch that may have arrived would be looked for first.
  assertRight(ended, 'response');
  assert.match(ended.log, /^Trying again: .*the proxy http:\/\/127\.0\.0\.1:\d+ answered 502/m);
  assert.equal(ended.seen.length, 3);
  assert.equal(ended.requests.length, 1);
});

test('a proxy that is not there is named, without its credentials', async (t) => {
  const env = () => ({ https_proxy: 'http://user:secret@127.0.0.1:9' });
  const ended = await callBehindProxy(t, {}, env, { workflow_timeout_seconds: '10' });
  if (!ended) return;
  assertRefused(ended, 'the proxy http://127.0.0.1:9 failed: connect ECONNREFUSED');
  assert.ok(!ended.log.includes('secret'));
});

test('a proxy of another kind is refused before anything is sent', async (t) => {
  const env = () => ({ https_proxy: 'socks5://127.0.0.1:1080' });
  const ended = await callBehindProxy(t, {}, env);
  if (!ended) return;
  assertRefused(ended, 'socks5://', 'http:// and https://', 'Nothing was dispatched');
  assert.ok(!ended.log.includes('Trying again'));
});

test('a proxy that is no URL is refused at once, and not shown', async (t) => {
  for (const value of ['http://user:secret@[proxy', 'secret proxy:3128', 'http://:secret']) {
    const ended = await callBehindProxy(t, {}, () => ({ https_proxy: value }));
    if (!ended) return;
    assertRefused(ended, 'is not a URL', 'Set https_proxy', 'Nothing was dispatched');
    assert.ok(!ended.log.includes('Trying again'), ended.log);
    assert.ok(!ended.log.includes('secret'), ended.log);
  }
});

test('where no_proxy has the server, the proxy is left alone', async (t) => {
  const ended = await callBehindProxy(t, { https: false }, ({ url }) => ({
    http_proxy: url,
    no_proxy: 'example.com, .github.test',
    // Nobody knows this name but the proxy.
  }));
  assert.ok(ended);
  assertRefused(ended, NAME, 'Nothing was dispatched');
  assert.equal(ended.seen.length, 0);
});

test('a server whose certificate nobody vouches for gets nothing', async (t) => {
  const ended = await callBehindProxy(t, {}, ({ url }) => ({
    https_proxy: url,
    NODE_EXTRA_CA_CERTS: '',
  }));
  if (!ended) return;
  assertRefused(ended, /self.signed|unable to verify/i, 'Nothing was dispatched');
  assert.ok(!ended.log.includes('Trying again'));
  assert.equal(ended.requests.length, 0);
});

test('a connection that breaks before TLS is made has dispatched nothing', async () => {
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.once('data', () => socket.destroy());
    socket.on('error', () => {});
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  try {
    const ended = await runAction({
      inputs: {
        token: TOKEN,
        repo: 'octo/receiver',
        workflow: 'ci.yml',
        ref: 'main',
        workflow_timeout_seconds: '8',
      },
      apiUrl: `https://127.0.0.1:${port}`,
      node: NODE,
    });
    const nothing = { identifiedAt: 0, visibleAt: 0, runs: [], dispatched: [], requests: [] };
    assertFailed({ ...ended, ...nothing }, 'Nothing was dispatched');
    assert.ok(connections > 1, 'it is tried again');
    assert.ok(!ended.log.includes('may have been dispatched'), ended.log);
  } finally {
    server.close();
  }
});
