/** The command, as a process of its own, against the embedded GitHub. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, openSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';
import pico from 'picocolors';
import { liveView } from '../../js/cli/live.js';
import { lineOf } from '../../js/cli/plain.js';
import { apiUrlOf, serverOf, tokenOf } from '../../js/cli/server.js';
import { logLine, name as nameOf } from '../../js/cli/text.js';
import { against, CALL, CLI, dispatched, FOLDER, receiver, run } from './command.js';
import { NODE, TOKEN } from './support.js';

test('the run is dispatched, and its ID is the answer', () =>
  against({}, async (github) => {
    const server = ['--api-url', github.apiUrl];
    const loud = await run([...CALL, ...server, '-f', 'environment=a=b', '--ref', 'main']);
    const quiet = await run(['dispatch', ...CALL, ...server, '--quiet']);
    const json = await run([...CALL, ...server, '--json', '--distinct-id', 'one-1']);
    const [first, second, third] = dispatched(github);
    assert.deepEqual([loud.code, quiet.code, json.code], [0, 0, 0], loud.stderr);
    assert.ok(loud.stdout.includes(`Run ${first?.id}, named by the server`), loud.stdout);
    assert.equal(loud.stderr, '');
    assert.equal(first?.inputs.environment, 'a=b');
    assert.equal(quiet.stdout, `${second?.id}\n`);
    assert.equal(quiet.stderr, '');
    assert.deepEqual(JSON.parse(json.stdout), {
      distinctId: 'one-1',
      runId: third?.id,
      runUrl: `${github.htmlUrl}/octo/receiver/actions/runs/${third?.id}`,
      runApiUrl: `${github.apiUrl}/repos/octo/receiver/actions/runs/${third?.id}`,
      identifiedBy: 'response',
    });
    assert.ok(json.stderr.includes('Dispatching ci.yml'), 'progress goes to standard error');
    assert.equal(dispatched(github).length, 3);
  }));

test('inputs come from flags, a file and standard input', () =>
  against({}, async (github) => {
    const file = join(FOLDER, 'inputs.json');
    writeFileSync(file, '{"environment": "file", "size": 2}');
    const server = [...CALL, '--api-url', github.apiUrl, '--quiet'];
    await run([...server, '--inputs', file]);
    await run([...server, '--inputs', file, '-f', 'environment=flag']);
    await run([...server, '--inputs', '-'], { input: 'environment: yaml', after: 300 });
    const exact = '{"environment": 1.10, "size": 12345678901234567890}';
    await run([...server, '--inputs', '-', '-f', 'distinct=1'], { input: exact });
    writeFileSync(file, exact);
    await run([...server, '--inputs', file, '-f', 'environment=1.10']);
    const inputs = dispatched(github).map(({ inputs: { environment, size } }) => [
      environment,
      size,
    ]);
    assert.deepEqual(
      inputs.map(([environment]) => environment),
      ['file', 'flag', 'yaml', '1.10'],
    );
    assert.deepEqual(
      inputs.slice(0, 2).map(([, size]) => size),
      ['2', '2'],
    );
  }));

test('a run that is waited for tells what it does and returns', () =>
  against({}, async (github) => {
    const call = [...CALL, '--api-url', github.apiUrl, '--wait'];
    const plain = await run(call);
    assert.equal(plain.code, 0, plain.stderr);
    for (const line of [
      '✓ build (',
      '  ✓ deploy: Run ship',
      'ended with success',
      '  version = 1.2.3',
    ]) {
      assert.ok(plain.stdout.includes(line), `${line} in ${plain.stdout}`);
    }
    assert.ok(!plain.stdout.includes('\u001b'), 'no colours in a pipe');
    const json = await run([...call, '--json', '--quiet']);
    const { outputs, conclusion, status, attempt } = JSON.parse(json.stdout);
    assert.deepEqual(
      [outputs, conclusion, status, attempt],
      [{ version: '1.2.3' }, 'success', 'completed', 1],
    );
    assert.equal(json.stderr, '');
  }));

test('a run that fails shows the logs of its failed steps, and is exit code 1', () =>
  against(
    {
      workflow: receiver({
        conclusion: 'failure',
        prints: ['::warning::it broke', '\u001b[31mred\u001b[0m'],
      }),
    },
    async (github) => {
      const call = [...CALL, '--api-url', github.apiUrl, '--wait'];
      const failed = await run(call);
      assert.equal(failed.code, 1);
      assert.match(
        failed.stderr,
        /^error: Run \d+ \(.*\) ended with failure: job "deploy" failure/,
      );
      assert.match(failed.stdout, /deploy: Run ship\n(.*\n)*.*it broke\n {2}red\n/);
      const document = JSON.parse((await run([...call, '--json', '--logs', 'none'])).stdout);
      assert.equal(document.conclusion, 'failure');
      assert.equal(document.error.code, 'unsuccessful');
      assert.deepEqual(document.outputs, { version: '1.2.3' });
      const [{ id } = { id: 0 }] = dispatched(github);
      const watched = await run([
        'watch',
        'octo/receiver',
        String(id),
        '--api-url',
        github.apiUrl,
        '--logs',
        'all',
      ]);
      assert.equal(watched.code, 1);
      assert.ok(
        watched.stdout.includes('make') && watched.stdout.includes('it broke'),
        watched.stdout,
      );
      const address = `${github.htmlUrl}/octo/receiver/actions/runs/${id}/job/1?pr=2`;
      for (const env of [{ GH_REPO: 'octo/receiver' }, { GITHUB_REPOSITORY: 'octo/receiver' }]) {
        const here = await run(['watch', `${id}`, '--api-url', github.apiUrl, '--quiet'], { env });
        assert.equal(here.code, 1, here.stderr);
      }
      const byAddress = await run(['watch', address, '--api-url', github.apiUrl, '--quiet']);
      assert.deepEqual([byAddress.code, byAddress.stdout], [1, '']);
    },
  ));

test('what is not written right is exit code 2, and nothing is sent', () =>
  against({}, async (github) => {
    const server = ['--api-url', github.apiUrl];
    /** @type {[string[], RegExp][]} */
    const wrong = [
      [[], /Name the repository and the workflow/],
      [['octo/receiver'], /Name the repository and the workflow/],
      [[...CALL, 'more'], /"more" is one argument too many/],
      [[...CALL, '--wiat'], /Unknown option '--wiat'/],
      [[...CALL, '--ref'], /Option '--ref' argument is ambiguous\. See/],
      [[...CALL, '-f', 'secret'], /what follows -f is not KEY=VALUE/],
      [[...CALL, '--ref', ''], /--ref is empty/],
      [[...CALL, '--logs', 'all'], /--logs is for waiting: give --wait as well/],
      [[...CALL, '--inputs', '-'], /--inputs - has nothing in it/],
      [[...CALL, '--inputs', join(FOLDER, 'none.json')], /--inputs .* cannot be read: ENOENT/],
      [[...CALL, '--workflow-timeout-seconds', '5m'], /--workflow-timeout-seconds "5m" is not/],
      [[...CALL, '--wait', '--logs', 'some'], /--logs "some" is not known/],
      [[...CALL, '--wait', '--wait-timeout-seconds', '-1'], /wait-timeout-seconds/],
      [['receiver', 'ci.yml'], /OWNER is missing/],
      [['watch', '12'], /Name the repository and the run/],
      [['watch', 'octo/receiver', 'latest'], /RUN_ID "latest" is not the ID of a run/],
      [['watch', 'octo/receiver', '1', '--ref', 'main'], /--ref is for dispatching/],
    ];
    for (const [args, message] of wrong) {
      const { code, stdout, stderr } = await run([...args, ...server]);
      assert.equal(code, 2, `${args}: ${stderr}`);
      assert.match(stderr, message);
      assert.equal(stdout, '');
      assert.ok(!stderr.includes('    at ') && !stderr.includes('secret'), stderr);
      const json = await run([...args, ...server, '--json', '--quiet']);
      assert.equal(JSON.parse(json.stdout).error.code, 'invalid_input');
    }
    const without = await run([...CALL, ...server], { env: { GH_TOKEN: '' } });
    assert.equal(without.code, 2);
    assert.match(without.stderr, /There is no token for http/);
    const elsewhere = await run([...CALL, '--api-url', 'https://ghes.invalid/api/v3'], {
      env: { GH_TOKEN: TOKEN },
    });
    assert.equal(elsewhere.code, 2);
    assert.match(
      elsewhere.stderr,
      /no token for https:\/\/ghes\.invalid\/api\/v3 \(GH_TOKEN is only sent to github\.com and ghe\.com\): set GH_ENTERPRISE_TOKEN/,
    );
    const watched = await run(['watch', 'https://ghes.invalid/o/r/actions/runs/1'], {
      env: { GH_TOKEN: TOKEN },
    });
    assert.equal(watched.code, 2);
    assert.match(
      watched.stderr,
      /GH_TOKEN is only sent to github\.com and ghe\.com\): name the server by GH_HOST and set GH_ENTERPRISE_TOKEN/,
    );
    assert.deepEqual(github.requests(), []);
  }));

test('what the server refuses is exit code 4, what is not found 3', async () => {
  await against({}, async (github) => {
    const server = ['--api-url', github.apiUrl];
    const refused = await run([...CALL, ...server, '--ref', 'nowhere']);
    assert.equal(refused.code, 4);
    assert.match(refused.stderr, /^error: Could not dispatch .* 422 No ref found/);
    const unknown = await run([...CALL, ...server, '--json', '--quiet'], {
      env: { GH_TOKEN: 'ghs_other' },
    });
    assert.equal(unknown.code, 4);
    const { error } = JSON.parse(unknown.stdout);
    assert.deepEqual([error.code, error.status], ['unauthorized', 401]);
    assert.ok(!`${unknown.stdout}${unknown.stderr}`.includes('ghs_'));
  });
  const silent = receiver(
    {},
    { runName: 'Deploy', jobs: [{ name: 'j', steps: [{ run: 'x', seconds: 60 }] }] },
  );
  await against({ server: 'ghes-3.19', workflow: silent }, async (github) => {
    const args = [...CALL, '--api-url', github.apiUrl, '--workflow-timeout-seconds', '3'];
    const { code, stderr } = await run(args);
    assert.equal(code, 3, stderr);
    assert.match(stderr, /--workflow-timeout-seconds must be longer/);
  });
});

test('a run that is known but cannot be followed is not exit code 4', () =>
  against(
    {
      faults: [
        {
          method: 'GET',
          pathContains: '/actions/runs/',
          times: null,
          effect: { type: 'answer', status: 401 },
        },
      ],
    },
    async (github) => {
      const { code, stderr } = await run([...CALL, '--api-url', github.apiUrl, '--wait']);
      assert.equal(code, 5, stderr);
    },
  ));

test('a server that does not answer before the dispatch is exit code 4', () =>
  against(
    {
      faults: [
        { method: 'GET', pathContains: '/repos/', times: null, effect: { type: 'noAnswer' } },
      ],
    },
    async (github) => {
      // Without --ref the default branch is looked up first.
      const args = [
        ...CALL,
        '--api-url',
        github.apiUrl,
        '--workflow-timeout-seconds',
        '0.5',
        '--json',
      ];
      const { code, stdout, stderr } = await run(args);
      assert.equal(code, 4, stderr);
      assert.equal(JSON.parse(stdout).error.mayHaveDispatched, undefined);
      assert.deepEqual(dispatched(github), []);
    },
  ));

test('runs that may not be read after the dispatch are exit code 3', () =>
  against(
    {
      server: 'ghes-3.19',
      faults: [
        {
          method: 'GET',
          pathContains: '/runs?',
          times: null,
          effect: { type: 'answer', status: 403 },
        },
      ],
    },
    async (github) => {
      const { code, stdout } = await run([...CALL, '--api-url', github.apiUrl, '--json', '-q']);
      assert.equal(code, 3);
      const { error } = JSON.parse(stdout);
      assert.deepEqual(
        [error.code, error.status, error.mayHaveDispatched],
        ['not_identified', 403, true],
      );
    },
  ));

test(
  'what cannot be written does not end the call half-way, and the run is told',
  { skip: process.platform !== 'linux' && '/dev/full is of Linux' },
  () =>
    against({}, async (github) => {
      const child = spawn(NODE, [CLI, ...CALL, '--api-url', github.apiUrl, '--quiet'], {
        env: { GH_TOKEN: TOKEN },
        stdio: ['ignore', openSync('/dev/full', 'w'), 'pipe'],
      });
      let stderr = '';
      child.stderr?.on('data', (text) => {
        stderr += text;
      });
      const [code] = await once(child, 'close');
      assert.equal(code, 70);
      assert.ok(stderr.includes(`The run is ${dispatched(github)[0]?.id}`), stderr);
    }),
);

test('a wait that takes too long is exit code 5', () =>
  against({ workflow: receiver({ seconds: 600 }) }, async (github) => {
    const wait = [...CALL, '--api-url', github.apiUrl, '--wait', '--wait-timeout-seconds', '1'];
    const left = await run(wait);
    assert.equal(left.code, 5, left.stderr);
    assert.match(left.stderr, /has not ended within 1 s: it goes on. Raise --wait-timeout-seconds/);
    const cancelled = await run([...wait, '--cancel-on-timeout', '--json']);
    assert.equal(cancelled.code, 5);
    assert.equal(JSON.parse(cancelled.stdout).error.code, 'timed_out');
    assert.deepEqual(
      dispatched(github).map(({ conclusion }) => conclusion ?? null),
      [null, 'cancelled'],
    );
  }));

for (const [signal, code] of /** @type {const} */ ([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
])) {
  test(`${signal} leaves the run alone, or cancels it where that is asked for`, () =>
    against({ workflow: receiver({ seconds: 600 }) }, async (github) => {
      const wait = [...CALL, '--api-url', github.apiUrl, '--wait'];
      for (const more of [[], ['--cancel-on-interrupt']]) {
        let sent = false;
        const interrupted = await run([...wait, ...more], {
          onOutput(text, kill) {
            if (!sent && text.includes('* deploy')) {
              sent = true;
              kill(signal);
            }
          },
        });
        assert.equal(interrupted.code, code, interrupted.stderr);
        const end = more.length > 0 ? /: it has been cancelled/ : /: it goes on/;
        assert.match(interrupted.stderr, end);
      }
      assert.deepEqual(
        dispatched(github).map(({ conclusion }) => conclusion ?? null),
        [null, 'cancelled'],
      );
    }));
}

test('a second Ctrl-C ends at once', () =>
  against({ workflow: receiver({ seconds: 600 }, { ignoresCancel: true }) }, async (github) => {
    let sent = 0;
    const args = [...CALL, '--api-url', github.apiUrl, '--wait', '--cancel-on-interrupt'];
    const began = performance.now();
    const { code } = await run(args, {
      onOutput(text, kill) {
        if (sent === 0 && text.includes('* deploy')) {
          sent = 1;
          kill('SIGINT');
        }
        if (sent === 1 && text.includes('Cancelling run')) {
          sent = 2;
          kill('SIGINT');
        }
      },
    });
    assert.equal(code, 130);
    assert.equal(sent, 2);
    // Otherwise it would be a minute until force is used.
    assert.ok(performance.now() - began < 40_000);
  }));

test('whoever ends at once is told what may have been dispatched', () =>
  against(
    { server: 'ghes-3.20', workflow: { ...receiver(), listingDelay: 30 } },
    async (github) => {
      const args = [...CALL, '--api-url', github.apiUrl, '--json', '--quiet'];
      const { code, stdout, stderr } = await run([...args, '--cancel-on-interrupt'], {
        async onStart(kill) {
          while (github.runs().length === 0) await sleep(20);
          kill('SIGINT');
          await sleep(200);
          kill('SIGINT');
        },
      });
      assert.equal(code, 130);
      const { distinctId, error } = JSON.parse(stdout);
      const [one] = github.runs();
      assert.equal(one?.inputs.distinct_id, distinctId);
      assert.match(
        error.message,
        new RegExp(`^Ended at once: a run with the distinct ID ${distinctId} may`),
      );
      assert.deepEqual([error.code, error.mayHaveDispatched], ['cancelled', true]);
      assert.equal(stderr, `error: ${error.message}\n`);
    },
  ));

test('whoever stops reading ends nothing', () =>
  against({}, async (github) => {
    const args = [CLI, ...CALL, '--api-url', github.apiUrl, '--wait'];
    const child = spawn(NODE, args, { env: { GH_TOKEN: TOKEN } });
    child.stdout.once('data', () => child.stdout.destroy());
    let stderr = '';
    child.stderr.on('data', (text) => {
      stderr += text;
    });
    const [code] = await once(child, 'close');
    assert.equal(code, 0);
    assert.equal(stderr, '');
  }));

test('there are colours where they are asked for, and none where they are not wanted', async () => {
  const isColoured = async (/** @type {NodeJS.ProcessEnv} */ env) =>
    (await run(['--none'], { env })).stderr.includes('\u001b[31m');
  assert.equal(await isColoured({}), false, 'in a pipe');
  assert.equal(await isColoured({ FORCE_COLOR: '1' }), true);
  assert.equal(await isColoured({ FORCE_COLOR: '0' }), false);
  assert.equal(await isColoured({ FORCE_COLOR: '1', NO_COLOR: '1' }), false);
});

test('help and version', async () => {
  const help = await run(['--help']);
  assert.equal(help.code, 0);
  assert.match(help.stdout, /^return-dispatch calls a GitHub Actions workflow/);
  assert.ok(help.stdout.split('\n').every((line) => line.length <= 110));
  assert.match((await run(['--version'])).stdout, /^\d+\.\d+\.\d+\n$/);
});

test('the token is the one for its server', {
  skip: process.platform === 'win32' && 'a shell script',
}, () => {
  const both = { GH_TOKEN: 'cloud', GITHUB_TOKEN: 'actions', GH_ENTERPRISE_TOKEN: 'own' };
  assert.equal(tokenOf(undefined, both), 'cloud');
  assert.equal(tokenOf('https://api.github.com', { ...both, GH_TOKEN: '' }), 'actions');
  assert.equal(tokenOf('https://api.octo.ghe.com', both), 'cloud');
  assert.equal(tokenOf('https://ghes.example/api/v3', both), 'own');
  // As with gh, no other host gets the token for github.com.
  for (const apiUrl of ['https://ghes.example/api/v3', 'https://gitea.example/api/v1']) {
    assert.equal(tokenOf(apiUrl, { GH_TOKEN: 'cloud', GITHUB_TOKEN: 'actions' }), undefined);
  }
  for (const apiUrl of ['http://localhost:3000/api/v1', 'http://127.0.0.1:1', 'http://[::1]:1']) {
    assert.equal(tokenOf(apiUrl, { GH_TOKEN: 'cloud' }), 'cloud', apiUrl);
  }
  const host = { flags: { host: 'evil.example' }, env: { GH_TOKEN: 'cloud' } };
  assert.equal(serverOf(host.flags, host.env).token, undefined);
  assert.equal(serverOf({}, { GH_HOST: 'evil.example', GH_TOKEN: 'cloud' }).token, undefined);
  assert.equal(tokenOf('https://notghe.com/api/v3', both), 'own');
  assert.equal(apiUrlOf({}, {}), undefined);
  assert.equal(apiUrlOf({}, { GH_HOST: 'github.com' }), undefined);
  assert.equal(apiUrlOf({}, { GH_HOST: 'octo.ghe.com' }), 'https://api.octo.ghe.com');
  assert.equal(
    apiUrlOf({}, { GH_HOST: 'a.example', GITHUB_API_URL: 'https://b' }),
    'https://a.example/api/v3',
  );
  for (const host of ['GitHub.com', 'github.com:443', 'www.github.com', 'https://github.com/']) {
    assert.equal(apiUrlOf({}, { GH_HOST: host }), undefined, host);
  }
  assert.equal(apiUrlOf({}, { GH_HOST: 'api.Octo.GHE.com' }), 'https://api.octo.ghe.com');
  assert.equal(apiUrlOf({}, { GH_HOST: 'ghes.example/' }), 'https://ghes.example/api/v3');
  assert.equal(
    apiUrlOf({ host: 'ghes.example' }, { GITHUB_API_URL: 'https://b' }),
    'https://ghes.example/api/v3',
  );

  // The host of an address gets no token of another.
  const address = { addressHost: 'pasted.example' };
  assert.deepEqual(serverOf(address, both), {
    apiUrl: 'https://pasted.example/api/v3',
    token: undefined,
  });
  assert.equal(
    serverOf({ ...address, 'api-url': 'https://pasted.example/api' }, both).token,
    'own',
  );
  assert.equal(serverOf(address, { ...both, GH_HOST: 'pasted.example' }).token, 'own');
  const onServer = { GITHUB_API_URL: 'https://ghes.example/api/v3', GITHUB_TOKEN: 'actions' };
  assert.equal(serverOf({ addressHost: 'ghes.example' }, onServer).token, 'actions');
  assert.deepEqual(serverOf({ addressHost: 'github.com' }, onServer), {
    apiUrl: undefined,
    token: undefined,
  });
  assert.deepEqual(serverOf({ addressHost: 'github.com' }, both), {
    apiUrl: undefined,
    token: 'cloud',
  });

  const gh = join(FOLDER, 'gh');
  writeFileSync(gh, '#!/bin/sh\n[ "$*" = "auth token --hostname github.com" ] && echo gho_found\n');
  chmodSync(gh, 0o755);
  const path = process.env.PATH;
  process.env.PATH = `${FOLDER}${delimiter}${path}`;
  try {
    assert.equal(tokenOf(undefined, {}), 'gho_found');
    assert.equal(tokenOf('https://ghes.example/api/v3', {}), undefined, 'not logged in there');
  } finally {
    process.env.PATH = path;
  }
});

test('text of others does nothing to a terminal', () => {
  const hostile = 'a\u001b]52;c;aGk=\u0007b\u001b[2Jc\rd\u009b31me\u202ef';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  const harmful = /[\u0000-\u001f\u007f-\u009f\u202e]/;
  assert.doesNotMatch(nameOf(hostile), harmful);
  /** @type {any} */
  const job = { type: 'job', id: 1, name: hostile, state: 'success', url: '', seconds: 1 };
  assert.doesNotMatch(lineOf(job, pico.createColors(false), false) ?? '', harmful);
  assert.equal(
    logLine('\u001b[31mred\u001b[0m\u001b[2J', true),
    '\u001b[31mred\u001b[0m[2J\u001b[0m',
  );
  assert.equal(logLine('\u001b[31mred\u001b[0m\t.', false), 'red    .');
});

test('the live view draws jobs and steps in place, within the window', () => {
  const out = Object.assign(new PassThrough(), { isTTY: true, rows: 10, columns: 80 });
  const stream = /** @type {any} */ (out);
  const written = () => String(out.read() ?? '');
  const view = liveView(stream, { debug: false, colours: pico.createColors(false) });
  try {
    view.show({
      type: 'following',
      runId: 7,
      runUrl: 'https://x/7',
      runApiUrl: '',
      cancelOnCancel: false,
    });
    view.show({ type: 'job', id: 1, name: 'deploy', state: 'in_progress', url: '', seconds: null });
    view.show({
      type: 'step',
      jobId: 1,
      job: 'deploy',
      name: 'make',
      conclusion: 'success',
      seconds: 61,
    });
    written();
    view.show({
      type: 'step',
      jobId: 1,
      job: 'deploy',
      name: 'ship',
      conclusion: 'in_progress',
      seconds: null,
    });
    const drawn = written();
    assert.match(
      drawn,
      /deploy 0 s\n {4}✓ make 1 min 1 s\n {4}\S ship 0 s\n\S Waiting for run 7 0 s\n\S*$/,
    );
    assert.doesNotMatch(drawn, /\[[\d;]*m/, 'no colours');
    for (let at = 0; at < 40; at += 1) {
      view.show({
        type: 'job',
        id: at + 2,
        name: `leg ${at}`,
        state: 'in_progress',
        url: '',
        seconds: null,
      });
    }
    written();
    out.emit('resize');
    const many = written();
    assert.match(many, /… 3\d more\n/);
    assert.ok(many.split('\n').length <= 10, many);
    // What is over gives way to what is not; of the same name there may be several.
    for (let at = 0; at < 39; at += 1) {
      view.show({ type: 'job', id: at + 2, name: 'leg', state: 'success', url: '', seconds: 1 });
    }
    written();
    out.emit('resize');
    const few = written();
    assert.ok(few.includes('✓ 39 done') && few.includes('leg 39') && few.includes('ship'), few);
  } finally {
    view.close();
  }
});

test('the live view keeps each name in its row, and takes back what it drew, and nothing else', (context) => {
  const out = Object.assign(new PassThrough(), { isTTY: true, rows: 24, columns: 30 });
  const stream = /** @type {any} */ (out);
  const written = () => String(out.read() ?? '');
  const view = liveView(stream, { debug: false, colours: pico.createColors(true) });
  let now = performance.now();
  context.mock.method(performance, 'now', () => now);
  const erased = (/** @type {number} */ rows) => `\r\u001b[2K${'\u001b[A\u001b[2K'.repeat(rows)}`;
  const resize = (/** @type {number} */ columns) => {
    out.columns = columns;
    out.emit('resize');
  };
  try {
    // Each of these takes two cells: 2 for the symbol, 24 for the name, 3 for `…` and what is left, and its time.
    const name = '部署'.repeat(20);
    view.show({ type: 'job', id: 1, name, state: 'in_progress', url: '', seconds: null });
    const drawn = written();
    const [, row = ''] = /^.*? (部.*)$/m.exec(stripVTControlCharacters(drawn)) ?? [];
    const [, shown = '', rest = ''] = /^([部署]+)(… 0 s)$/.exec(row) ?? [];
    const cells = 2 + shown.length * 2 + rest.length;
    assert.ok(cells === 28 || cells === 29, `${cells} cells: ${row}`);
    // Where a terminal takes a character for wider, it is cut off.
    assert.ok(drawn.startsWith('\u001b[?7l') && drawn.endsWith('\n\u001b[?7h'), drawn);

    resize(40);
    assert.ok(written().startsWith(`${erased(2)}\u001b[?7l`));
    // What that makes of the rows only the terminal knows.
    resize(15);
    resize(14);
    assert.equal(written(), '');
    view.note('It stays.');
    assert.equal(written(), 'It stays.\n');
    now += 299;
    out.emit('resize');
    assert.equal(written(), '');
    now += 1;
    out.emit('resize');
    assert.ok(written().startsWith('\u001b[?7l'));

    // One row for what is drawn, and one for the cursor.
    out.rows = 2;
    view.note('It stays, too.');
    const [above, low = ''] = written().split('It stays, too.\n');
    assert.equal(above, erased(2));
    assert.match(stripVTControlCharacters(low), /^\S Starti… \d s\n$/);

    // No row at all: what is drawn in the cursor's row would leave the window.
    out.rows = 1;
    view.note('It is seen.');
    assert.equal(written(), `${erased(1)}It is seen.\n`);
    out.rows = 2;
    out.emit('resize');
    assert.match(stripVTControlCharacters(written()), /^\S Star/);

    // While it was stopped, the shell has written.
    now += 1001;
    view.note('It goes on.');
    assert.ok(written().startsWith('It goes on.\n'));
  } finally {
    view.close();
  }
  assert.equal(written(), erased(1));
  view.close();
  assert.equal(written(), '');
});
