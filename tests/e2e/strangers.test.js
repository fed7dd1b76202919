/** What strangers send has bounds, and shows nothing of what it must not: texts, values, errors of others. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Document } from '../../js/cli/document.js';
import { hide } from '../../js/error.js';
import { summaryOf } from '../../js/summary.js';
import { call } from './support.js';

const SECRET = 'ghs_secret';

test('the token is hidden however deep it lies', () => {
  const inner = Object.assign(new TypeError(`bad header ${SECRET}`), { code: 'E' });
  const outer = new AggregateError([inner], 'several', { cause: inner });
  /** @type {any} */ (inner).cause = outer;
  const value = { jobs: [{ name: `a ${SECRET}`, steps: [[SECRET]] }], cause: outer, count: 1 };
  const hidden = hide(value, SECRET);
  const { cause } = hidden;
  assert.ok(cause instanceof AggregateError);
  assert.ok(cause.errors[0] instanceof TypeError);
  assert.equal(cause.errors[0].message, 'bad header ***');
  assert.equal(/** @type {any} */ (cause.errors[0]).code, 'E');
  assert.equal(/** @type {any} */ (cause).cause.message, 'bad header ***');
  const all = [
    hidden.jobs,
    cause.stack,
    cause.errors[0].stack,
    /** @type {any} */ (cause).cause.stack,
  ];
  assert.ok(!JSON.stringify(all).includes(SECRET), JSON.stringify(all));
  assert.deepEqual(hidden.jobs, [{ name: 'a ***', steps: [['***']] }]);
  // Round in the circle, too.
  assert.ok(!JSON.stringify(/** @type {any} */ (cause).cause.cause.message).includes(SECRET));
  const circle = Object.assign(new Error(SECRET), { cause: new Error('inner') });
  /** @type {any} */ (circle.cause).cause = circle;
  assert.equal(/** @type {any} */ (hide(circle, SECRET)).cause.cause.message, '***');
  const abort = hide(new DOMException(SECRET, 'AbortError'), SECRET);
  assert.deepEqual([abort.name, abort.message, abort.code], ['AbortError', '***', 20]);
  // What others hold stays as it is, and what shows nothing is handed on itself.
  assert.equal(inner.message, `bad header ${SECRET}`);
  const harmless = { a: [1, { b: 'c' }] };
  assert.equal(hide(harmless, SECRET), harmless);
});

test('--json has escapes for what terminals would carry out', () => {
  const document = new Document();
  const text = 'a\u009b31m\u202eb\u2066\u061c\u007f é';
  document.facts.outputs = { text };
  const printed = document.toString();
  assert.ok(!/[\u007f-\u009f\u061c\u202e\u2066]/u.test(printed), JSON.stringify(printed));
  assert.equal(JSON.parse(printed).outputs.text, text);
  assert.ok(printed.includes('é'));
});

test('a name in the summary becomes no link', () => {
  const text = summaryOf({
    runId: 1,
    runUrl: 'https://github.com/o/r/actions/runs/1',
    conclusion: 'success',
    seconds: 1,
    outputs: '{}',
    jobs: [
      {
        name: 'see WWW.example.com or www.example.org v1.2',
        url: '',
        conclusion: 'success',
        began: null,
        ended: null,
        seconds: null,
        steps: [],
      },
    ],
  });
  assert.ok(text.includes('see WWW&#46;example.com or www&#46;example.org v1.2'), text);
});

/** @param {string} line that the run prints as a value */
const returning = (line) => ({
  repositories: [
    {
      owner: 'octo',
      name: 'receiver',
      workflows: [
        {
          file: 'ci.yml',
          inputs: { distinct_id: {} },
          jobs: [
            { name: 'a', steps: [{ run: 'x', prints: [`\${{ inputs.distinct_id }} ${line}`] }] },
          ],
        },
      ],
    },
  ],
});

test('JSON that is deeper than programs read is taken as text', async () => {
  const deep = '['.repeat(50_000) + ']'.repeat(50_000);
  const ended = await call(returning(`deep:json=${deep}`), { wait: 'true' });
  assert.equal(ended.code, 0, ended.log.slice(0, 2_000));
  assert.deepEqual(JSON.parse(ended.outputs.outputs), { deep });
  assert.match(ended.log, /The value deep is said to be JSON and is not/);
});

test('what a server explains at length is cut', async () => {
  const body = JSON.stringify({ message: 'no '.repeat(1 << 20), documentation_url: 'https://x' });
  /** @type {import('../../js/types/scenario.d.ts').Effect} */
  const effect = { type: 'answer', status: 422, body };
  const scenario = { faults: [{ method: 'POST', effect, times: null }] };
  const ended = await call({ ...returning('a=1'), ...scenario }, {});
  assert.equal(ended.code, 1);
  const longest = Math.max(...ended.log.split('\n').map((line) => line.length));
  assert.ok(longest < 4_096, `${longest} characters`);
});
