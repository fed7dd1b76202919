/** The npm package's functions, as dist/ has them, against the embedded GitHub. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import * as esm from '../../dist/index.js';
import { startGitHub } from '../../dist/simulator/index.js';
import { NODE, TOKEN } from './support.js';

const cjs = createRequire(import.meta.url)('../../dist/index.cjs');
const { dispatch, waitForRun } = esm;
/** @type {any} */
const ReturnDispatchError = esm.ReturnDispatchError;
const ID = `\${{ inputs.distinct_id }}`;

/**
 * @param {number} seconds of the last step
 * @param {object} [step] more of it
 * @param {object} [more] of the workflow
 */
const receiver = (seconds, step = {}, more = {}) => ({
  file: 'ci.yml',
  name: 'CI',
  inputs: { distinct_id: {}, environment: {} },
  runName: `Deploy [${ID}]`,
  listingDelay: 0.1,
  queueDelay: 0.1,
  jobs: [
    {
      name: 'deploy',
      steps: [
        { run: 'make', seconds: 0.2, prints: [`${ID} version=1.2.3`, `${ID} files:json=["a"]`] },
        { run: 'ship', seconds, ...step },
      ],
    },
  ],
  ...more,
});

/**
 * @template T
 * @param {Record<string, any>} scenario
 * @param {(options: any, github: Awaited<ReturnType<typeof startGitHub>>) => Promise<T>} use
 */
async function against({ workflow = receiver(0.2), ...scenario }, use) {
  const repository = { owner: 'octo', name: 'receiver', workflows: [workflow] };
  const github = await startGitHub({ seed: 5, repositories: [repository], ...scenario });
  const { apiUrl } = github;
  try {
    return await use(
      { token: TOKEN, repo: 'octo/receiver', workflow: 'ci.yml', ref: 'main', apiUrl },
      github,
    );
  } finally {
    await github.stop();
  }
}

/** @param {Awaited<ReturnType<typeof startGitHub>>} github */
const dispatched = (github) => github.runs().filter((run) => run.dispatchedBy.type === 'client');

/**
 * What a promise is rejected with.
 *
 * @param {Promise<unknown>} promise
 * @returns {Promise<any>}
 */
async function errorOf(promise) {
  try {
    await promise;
  } catch (error) {
    assert.ok(error instanceof ReturnDispatchError, String(error));
    return error;
  }
  assert.fail('it was not rejected');
}

/** @returns {Promise<string>} where nobody listens */
async function nowhere() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  server.close();
  await once(server, 'close');
  // At another address of this machine: at this one, another test may have got the port by now.
  return `http://127.0.0.2:${port}`;
}

for (const [name, module] of Object.entries({ imported: esm, required: cjs })) {
  for (const server of ['github.com', 'ghes-3.19']) {
    test(`a run is dispatched, waited for, and returns values: ${name}, ${server}`, () =>
      against(
        { server, crowd: { before: 2, after: 2, spreadSeconds: 0.2 } },
        async (options, github) => {
          const workflowInputs = { environment: 'staging' };
          const run = await module.dispatch({ ...options, workflowInputs });
          const [truth, ...others] = dispatched(github);
          assert.deepEqual(others, []);
          assert.equal(run.id, truth?.id);
          assert.equal(truth?.inputs.environment, 'staging');
          assert.equal(run.url, `${github.htmlUrl}/octo/receiver/actions/runs/${run.id}`);
          assert.equal(run.apiUrl, `${github.apiUrl}/repos/octo/receiver/actions/runs/${run.id}`);
          assert.equal(run.identifiedBy, server === 'github.com' ? 'response' : 'title');
          assert.equal(run.outputs, undefined);
          const result = await run.wait();
          assert.equal(result.conclusion, 'success');
          assert.deepEqual(result.outputs, { version: '1.2.3', files: ['a'] });
          assert.deepEqual(run.outputs, result.outputs);
          assert.equal(result.runId, run.id);
        },
      ));
  }
}

test('a run that fails is an error with all that is known of it, unless it need not succeed', () =>
  against({ workflow: receiver(0.2, { conclusion: 'failure' }) }, async (options) => {
    const run = await dispatch(options);
    const error = await errorOf(run.wait());
    assert.equal(error.code, 'unsuccessful');
    assert.equal(error.name, 'ReturnDispatchError');
    assert.ok(error instanceof cjs.ReturnDispatchError, 'known by the other copy, too');
    assert.equal(error.runId, run.id);
    assert.equal(error.runUrl, run.url);
    assert.equal(error.result.conclusion, 'failure');
    assert.deepEqual(error.result.outputs, { version: '1.2.3', files: ['a'] });
    assert.deepEqual(run.outputs, error.result.outputs);
    const result = await run.wait({ failOnUnsuccessful: false });
    assert.equal(result.conclusion, 'failure');
    const { runId, distinctId } = { runId: run.id, distinctId: run.distinctId };
    const { workflow, ref, ...connection } = options;
    const again = await waitForRun({ ...connection, runId, distinctId, failOnUnsuccessful: false });
    assert.deepEqual(again.outputs, result.outputs);
    assert.equal(again.runUrl, run.url);
  }));

test('what is wrong with the options is said by their names, before anything is sent', () =>
  against({}, async (options, github) => {
    const wrong = {
      token: { token: '' },
      'waitTimeoutSeconds "-1"': { waitTimeoutSeconds: -1 },
      'logs "some"': { logs: 'some' },
      'workflowTimeoutSeconds "soon"': { workflowTimeoutSeconds: 'soon' },
      'workflowInputs has an object': { workflowInputs: { a: { b: 1 } } },
      'ref "': { ref: 'f'.repeat(40) },
      'owner is missing': { repo: undefined },
      'workflow is missing': { workflow: ' ' },
      'cancelOnAbort "maybe"': { cancelOnAbort: 'maybe' },
      'pollIntervalSeconds "-1"': { pollIntervalSeconds: -1 },
      'apiUrl "ftp:': { apiUrl: 'ftp://example' },
      'workflow has half of a character': { workflow: 'a\ud800.yml' },
      surrogate: { workflowInputs: { a: 'b\udc00' } },
      'no option "inputs"': { inputs: {} },
    };
    for (const [words, change] of Object.entries(wrong)) {
      const error = await errorOf(dispatch({ ...options, ...change }));
      assert.equal(error.code, 'invalid_input', words);
      assert.ok(error.message.includes(words), `${words} in: ${error.message}`);
      assert.ok(!error.message.includes('_'), error.message);
    }
    const circle = /** @type {any} */ ({});
    circle.self = circle;
    const error = await errorOf(dispatch({ ...options, workflowInputs: circle }));
    assert.match(error.message, /workflowInputs has an object as the value of "self"/);
    assert.equal((await errorOf(dispatch(/** @type {any} */ (undefined)))).code, 'invalid_input');
    assert.equal((await errorOf(waitForRun(options))).code, 'invalid_input');
    assert.deepEqual(github.requests(), []);
  }));

test('what the server refuses has its status', () =>
  against({}, async (options) => {
    const refused = await errorOf(dispatch({ ...options, ref: 'nowhere' }));
    assert.deepEqual([refused.code, refused.status], ['refused', 422]);
    assert.match(refused.hint, /no such branch/);
    const unknown = await errorOf(dispatch({ ...options, token: 'ghs_other' }));
    assert.deepEqual([unknown.code, unknown.status], ['unauthorized', 401]);
    const apiUrl = await nowhere();
    // With one second, the last retry of a machine at work may still be under way when it is over.
    const unreachable = await errorOf(dispatch({ ...options, apiUrl, workflowTimeoutSeconds: 5 }));
    assert.ok(['unreachable', 'timed_out'].includes(unreachable.code), unreachable.code);
    for (const error of [refused, unknown, unreachable]) {
      assert.ok(!JSON.stringify([error, error.message, error.stack]).includes('ghs_'));
    }
  }));

/** Moments at which a call is aborted, by the request that is under way then. */
const MOMENTS = {
  'while the dispatch is answered late': {
    faults: [{ method: 'POST', pathContains: '/dispatches', effect: { type: 'late', seconds: 5 } }],
    at: 'POST /dispatches',
  },
  'while the runs are listed late': {
    server: 'ghes-3.19',
    faults: [{ method: 'GET', pathContains: '/runs?', effect: { type: 'late', seconds: 5 } }],
    at: 'GET /runs?',
  },
  'while it pauses between two looks': {
    server: 'ghes-3.19',
    workflow: receiver(0.2, {}, { runName: 'Deploy' }),
    at: 'GET /jobs',
  },
  'while the server wants to be left alone': {
    faults: [
      {
        method: 'POST',
        pathContains: '/dispatches',
        effect: { type: 'limited', status: 429, asks: { type: 'seconds', seconds: 60 } },
      },
    ],
    at: 'POST /dispatches',
  },
};

for (const [moment, { at, ...scenario }] of Object.entries(MOMENTS)) {
  test(`an abort is heard within 100 ms: ${moment}`, () =>
    against(scenario, async (options) => {
      const controller = new AbortController();
      let aborted = Number.NaN;
      const [method = '', path = ''] = at.split(' ');
      const send = (/** @type {string} */ url, /** @type {RequestInit} */ init) => {
        if (init.method === method && url.includes(path) && Number.isNaN(aborted)) {
          setTimeout(() => {
            aborted = performance.now();
            controller.abort(new Error('enough'));
          }, 150);
        }
        return fetch(url, init);
      };
      const error = await errorOf(dispatch({ ...options, fetch: send, signal: controller.signal }));
      const took = performance.now() - aborted;
      assert.equal(error.code, 'cancelled');
      assert.equal(error.cause.message, 'enough');
      // The promise is 100 ms; a machine that is busy with other tests has more.
      assert.ok(took < 1000, `${took} ms`);
    }));
}

test('an abort while waiting leaves the run alone, or cancels it', () =>
  against({ workflow: receiver(600) }, async (options, github) => {
    for (const cancelOnAbort of [false, true]) {
      const controller = new AbortController();
      const run = await dispatch({ ...options, cancelOnAbort, signal: controller.signal });
      setTimeout(() => controller.abort(), 300);
      const error = await errorOf(run.wait());
      assert.equal(error.code, 'cancelled');
      assert.equal(error.cause.name, 'AbortError');
      assert.equal(error.runId, run.id);
      const truth = github.runs().find(({ id }) => id === run.id);
      assert.equal(truth?.conclusion ?? null, cancelOnAbort ? 'cancelled' : null);
      // The signal is spent, and the handle still works.
      const cancelled = await run.cancel();
      assert.equal(cancelled.conclusion, 'cancelled');
    }
  }));

test('whoever imports it and whoever requires it share one core and its connections', () =>
  against({}, async (options) => {
    // Of its own, as here the core is loaded already.
    const at = (/** @type {string} */ file) =>
      JSON.stringify(new URL(`../../dist/${file}`, import.meta.url).href);
    const program = `
      import { createRequire } from 'node:module';
      import { createServer } from 'node:http';
      import * as imported from ${at('index.js')};
      const required = createRequire(${at('index.js')})('./index.cjs');
      let instances = 0;
      const { instantiate } = WebAssembly;
      WebAssembly.instantiate = (...args) => {
        // What fetch is made of has a module of its own, compiled before.
        if (!(args[0] instanceof WebAssembly.Module)) instances += 1;
        return instantiate.apply(WebAssembly, args);
      };
      const options = ${JSON.stringify(options)};
      const calls = [imported, required, imported, required].map(({ dispatch }) => dispatch(options));
      const ids = new Set((await Promise.all(calls)).map(({ id }) => id));

      let connections = 0;
      let requests = 0;
      const server = createServer((request, response) => {
        requests += 1;
        response.writeHead(401).end('{}');
      });
      server.on('connection', () => { connections += 1; });
      await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
      const apiUrl = 'http://127.0.0.1:' + server.address().port;
      for (let at = 0; at < 10; at += 1) {
        const { dispatch } = at % 2 === 0 ? imported : required;
        await dispatch({ ...options, apiUrl }).catch(() => {});
      }
      server.close();
      server.closeAllConnections();
      console.log(JSON.stringify({ instances, ids: ids.size, connections, requests }));
    `;
    const child = spawn(NODE, ['--input-type=module', '--eval', program]);
    let printed = '';
    child.stdout.on('data', (text) => {
      printed += text;
    });
    const [code] = await once(child, 'close');
    assert.equal(code, 0);
    const { instances, ids, connections, requests } = JSON.parse(printed);
    assert.deepEqual([instances, ids], [1, 4]);
    // fetch opens another where the first is not free again yet.
    assert.ok(requests >= 10 && connections <= 2, `${connections} for ${requests}`);
  }));

test('a signal that was aborted before sends nothing', () =>
  against({}, async (options, github) => {
    const signal = AbortSignal.abort('no');
    const { workflow, ref, ...connection } = options;
    const run = await dispatch(options);
    const before = github.requests().length;
    for (const promise of [
      dispatch({ ...options, signal }),
      run.wait({ signal }),
      run.cancel({ signal }),
      waitForRun({ ...connection, runId: run.id, signal }),
    ]) {
      const error = await errorOf(promise);
      assert.equal(error.code, 'cancelled');
      assert.equal(error.cause, 'no');
    }
    assert.equal(github.requests().length, before);
  }));

test('an abort before the dispatch is sent sends nothing', () =>
  against({}, async (options, github) => {
    for (const cancelOnAbort of [false, true]) {
      const { signal, abort } = controller();
      const onEvent = (/** @type {any} */ told) => told.type === 'dispatching' && abort();
      const error = await errorOf(dispatch({ ...options, signal, onEvent, cancelOnAbort }));
      assert.equal(error.code, 'cancelled');
      assert.ok(!error.mayHaveDispatched);
      assert.match(error.message, /before anything was dispatched/);
    }
    // Nor later.
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.deepEqual(dispatched(github), []);
  }));

test('an abort never cancels a run that is not to be cancelled', () =>
  against({}, async (options, github) => {
    for (const event of ['dispatching', 'request', 'identified']) {
      const { signal, abort } = controller();
      const onEvent = (/** @type {any} */ told) => told.type === event && abort();
      const error = await dispatch({ ...options, signal, onEvent }).catch((reason) => reason);
      if (event !== 'identified') assert.equal(error.code, 'cancelled', event);
      if (event === 'dispatching') assert.deepEqual(dispatched(github), [], 'nothing was sent yet');
    }
    // In the very moments around the answer.
    const calls = Array.from({ length: 40 }, (_, at) => {
      const { signal, abort } = controller();
      setTimeout(abort, at / 4);
      return dispatch({ ...options, signal }).catch((reason) => reason);
    });
    await Promise.all(calls);
    assert.deepEqual(
      github.requests().filter(({ path }) => path.includes('/cancel')),
      [],
    );
  }));

/** An AbortController whose parts need no `this`. */
function controller() {
  const made = new AbortController();
  return { signal: made.signal, abort: () => made.abort() };
}

test('an error says whether something may have been dispatched', () =>
  against({ server: 'ghes-3.19' }, async (options) => {
    const early = await errorOf(dispatch({ ...options, signal: AbortSignal.abort() }));
    assert.equal(early.mayHaveDispatched, undefined);
    const { signal, abort } = controller();
    const onEvent = (/** @type {any} */ told) => told.type === 'dispatched' && abort();
    const late = await errorOf(dispatch({ ...options, signal, onEvent }));
    assert.deepEqual([late.code, late.mayHaveDispatched], ['cancelled', true]);
    assert.ok(late.distinctId);
  }));

test('what is no fetch, no signal or no listener is an error at once, or fails the call', () =>
  against({}, async (options, github) => {
    for (const change of [
      { signal: new AbortController() },
      { signal: true },
      { fetch: null },
      { fetch: 'x' },
      { onEvent: 'x' },
    ]) {
      const error = await errorOf(dispatch({ ...options, ...change }));
      assert.equal(error.code, 'invalid_input', JSON.stringify(change));
    }
    assert.deepEqual(github.requests(), []);
    const read = async (/** @type {string} */ url, /** @type {RequestInit} */ init) => {
      const response = await fetch(url, init);
      await response.text();
      return response;
    };
    for (const send of [
      () => {
        throw new Error('blocked');
      },
      () => undefined,
      () => new Response('{}', { status: 500 }),
      async () => undefined,
      async () => ({ status: 200 }),
      async () => ({ status: 200, headers: [], body: { pipe() {} } }),
      read,
    ]) {
      const given = { ...options, fetch: /** @type {any} */ (send), workflowTimeoutSeconds: 0.3 };
      const error = await errorOf(dispatch(given));
      assert.ok(['outcome_unknown', 'timed_out', 'server_error'].includes(error.code), error.code);
    }
  }));

test('no input is lost', () =>
  against({}, async (options, github) => {
    for (const [inputs, words] of /** @type {[any, string][]} */ ([
      [{ environment: undefined }, 'has undefined as the value of "environment"'],
      [{ environment: () => 1 }, 'has a function'],
      [{ environment: Number.NaN }, 'has NaN'],
      [{ environment: null }, 'has null'],
      [new Map([['environment', 'production']]), 'is not a plain object'],
      [new URLSearchParams('environment=production'), 'is not a plain object'],
    ])) {
      const error = await errorOf(dispatch({ ...options, workflowInputs: inputs }));
      assert.equal(error.code, 'invalid_input');
      assert.ok(error.message.includes(words), error.message);
    }
    assert.match((await errorOf(dispatch({ ...options, ref: '' }))).message, /ref is empty/);
    assert.deepEqual(github.requests(), []);
    await dispatch({ ...options, workflowInputs: { environment: 5n } });
    assert.equal(dispatched(github)[0]?.inputs.environment, '5');
  }));

test('a server that sends the token back does not get it shown', () =>
  against(
    {
      faults: [
        {
          method: 'POST',
          pathContains: '/dispatches',
          effect: { type: 'answer', status: 422, body: `{"message":"Bearer ${TOKEN}?"}` },
        },
      ],
    },
    async (options) => {
      const error = await errorOf(dispatch(options));
      assert.match(error.message, /Bearer \*\*\*\?/);
    },
  ));

test('a listener that rejects, and many calls by one signal, are nobody else’s business', () =>
  against({}, async (options) => {
    const { signal } = new AbortController();
    /** @type {unknown[]} */
    const warnings = [];
    const listener = (/** @type {unknown} */ warning) => warnings.push(warning);
    process.on('warning', listener);
    const onEvent = async () => {
      throw new Error('logger down');
    };
    await Promise.all(Array.from({ length: 15 }, () => dispatch({ ...options, signal, onEvent })));
    await new Promise((resolve) => setTimeout(resolve, 20));
    process.off('warning', listener);
    assert.deepEqual(warnings, []);
  }));

test('what is undefined is as it was, and what is known stays', () =>
  against({ workflow: receiver(600) }, async (options) => {
    const run = await dispatch({ ...options, waitTimeoutSeconds: 0.5, cancelOnTimeout: true });
    Object.freeze(run);
    const nothing = {
      waitTimeoutSeconds: undefined,
      cancelOnTimeout: undefined,
      signal: undefined,
    };
    const error = await errorOf(run.wait(nothing));
    assert.equal(error.code, 'timed_out');
    assert.match(error.message, /it has been cancelled/);
    assert.deepEqual([error.runId, error.distinctId], [run.id, run.distinctId]);
    // There is a run: whoever asks only this must not dispatch again.
    assert.equal(error.mayHaveDispatched, true);
    await run.wait({ failOnUnsuccessful: false });
    assert.equal(run.outputs?.version, '1.2.3');
    await errorOf(run.wait({ signal: AbortSignal.abort() }));
    assert.equal(run.outputs?.version, '1.2.3');
    const { workflow, ref, ...connection } = options;
    const began = performance.now();
    const unknown = await errorOf(
      waitForRun({ ...connection, runId: 99, waitTimeoutSeconds: 0.5 }),
    );
    assert.deepEqual([unknown.code, unknown.runId], ['not_found', 99]);
    // The minute that a new run may take to appear is not waited for.
    assert.ok(performance.now() - began < 30_000);
  }));

test('many calls at once get each its own run', () =>
  against({ server: 'ghes-3.19' }, async (options, github) => {
    const calls = Array.from({ length: 20 }, () => dispatch(options));
    const ids = (await Promise.all(calls)).map(({ id }) => id);
    assert.equal(new Set(ids).size, 20);
    assert.deepEqual(
      [...ids].sort(),
      dispatched(github)
        .map(({ id }) => id)
        .sort(),
    );
  }));

test('nothing is written, nothing global is touched, and no listener stays', () =>
  against({}, async (options) => {
    // Of its own, since the test runner writes and touches.
    const program = `
      import { dispatch } from ${JSON.stringify(new URL('../../dist/index.js', import.meta.url).href)};
      const names = () => Object.getOwnPropertyNames(globalThis).join();
      const state = () => [names(), process.eventNames().length, process.listenerCount('exit')].join();
      const before = state();
      const { signal } = new AbortController();
      let listeners = 0;
      const add = signal.addEventListener.bind(signal);
      signal.addEventListener = (...args) => {
        listeners += 1;
        return add(...args);
      };
      const remove = signal.removeEventListener.bind(signal);
      signal.removeEventListener = (...args) => {
        listeners -= 1;
        return remove(...args);
      };
      const run = await dispatch({ ...${JSON.stringify(options)}, signal });
      await run.wait();
      process.exitCode = state() === before && listeners === 0 ? 0 : 9;
    `;
    const args = ['--input-type=module', '--eval', program];
    const child = spawn(NODE, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let written = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        written += text;
      });
    }
    const [code] = await once(child, 'close');
    assert.equal(written, '');
    assert.equal(code, 0);
  }));

test('events tell what happens, and what a listener throws is its own', () =>
  against({}, async (options) => {
    /** @type {string[]} */
    const types = [];
    const run = await dispatch({
      ...options,
      onEvent(event) {
        types.push(event.type);
        throw new Error('not yours');
      },
    });
    await run.wait({ logs: 'all' });
    for (const type of [
      'started',
      'dispatching',
      'identified',
      'following',
      'job',
      'step',
      'ended',
      'summary',
      'logLine',
    ]) {
      assert.ok(types.includes(type), `${type} in ${types}`);
    }
    assert.equal(types.filter((type) => type === 'started').length, 1);
  }));

test('an embedded GitHub that is stopped keeps no process alive', async () => {
  const effects = [
    { type: 'late', seconds: 600 },
    { type: 'trickle', seconds: 600 },
  ];
  for (const effect of effects) {
    const program = `
      import { startGitHub } from ${JSON.stringify(new URL('../../dist/simulator/index.js', import.meta.url).href)};
      const github = await startGitHub({ faults: [{ method: 'GET', effect: ${JSON.stringify(effect)} }] });
      const answer = fetch(github.apiUrl + '/repos/octo/receiver').then((response) => response.text());
      answer.catch(() => {});
      while (github.requests().length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
      await github.stop();
      await answer.catch(() => console.log('stopped'));
    `;
    const child = spawn(NODE, ['--input-type=module', '--eval', program], { timeout: 60_000 });
    let printed = '';
    child.stdout.on('data', (text) => {
      printed += text;
    });
    const [code] = await once(child, 'close');
    assert.deepEqual([code, printed], [0, 'stopped\n'], effect.type);
  }
});
