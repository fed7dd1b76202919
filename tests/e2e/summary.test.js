/** The job summary: what it says, and that nothing from another workflow means anything in it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { summaryOf } from '../../js/summary.js';

/** @param {Partial<import('../../js/types/events.d.ts').Span>} [change] */
const span = (change = {}) => ({
  name: 'build',
  url: 'https://github.com/o/r/actions/runs/1/job/2',
  conclusion: 'success',
  began: 1_767_225_600,
  ended: 1_767_225_662,
  seconds: 62,
  steps: [],
  ...change,
});

/** @param {Partial<import('../../js/types/events.d.ts').Summary>} [change] */
const summary = (change = {}) =>
  summaryOf({
    runId: 1,
    runUrl: 'https://github.com/o/r/actions/runs/1',
    conclusion: 'failure',
    seconds: 3_723,
    outputs: '{}',
    jobs: [span()],
    ...change,
  });

test('it has the run, its jobs and their course', () => {
  const step = span({ name: 'make', conclusion: 'failure', began: 1_767_225_601 });
  const text = summary({
    outputs: '{"version":"1.2.3"}',
    jobs: [span({ steps: [step] }), span({ name: 'lint', conclusion: 'skipped', seconds: null })],
  });
  const lines = text.split('\n');
  assert.equal(
    lines[0],
    '### ❌ [Run 1](https://github.com/o/r/actions/runs/1) ended with failure in 1 h 2 min 3 s',
  );
  assert.ok(
    lines.includes(
      '| ✅ [build](https://github.com/o/r/actions/runs/1/job/2) | success | 1 min 2 s |',
    ),
    text,
  );
  assert.ok(lines.includes('section build'));
  // Mermaid takes numbers for milliseconds.
  assert.ok(lines.includes('dateFormat x'));
  assert.ok(lines.includes('build :done, 1767225600000, 1767225662000'));
  assert.ok(lines.includes('make :crit, 1767225601000, 1767225662000'));
  assert.ok(!lines.includes('section lint'), 'what never ran has no bar');
  assert.match(text, /<pre>&#123;&#34;version&#34;/);
});

test('no name means anything to Markdown, HTML or Mermaid', () => {
  const name = '</pre><script>x</script> | [a](b) `c` ```\n# :crit, 1; %% {{x}} ![i](j) @all <!--';
  const text = summary({
    conclusion: name,
    outputs: JSON.stringify({ name }),
    jobs: [span({ name, conclusion: name, url: 'javascript:alert(1)', steps: [span({ name })] })],
  });
  const rows = text.split('\n').filter((line) => line.startsWith('| ❌'));
  assert.equal(rows.length, 1);
  assert.equal(rows[0]?.split('|').length, 5);
  assert.doesNotMatch(text, /script>|\]\(b\)|!\[|@all|<!--|javascript:/);
  assert.equal(text.split('```').length, 3, 'one block of code');
  const chart = text.split('```')[1] ?? '';
  for (const line of chart.split('\n').filter((line) => / :/.test(line))) {
    assert.match(line, /^[\p{L}\p{N} ._()/·-]+ :(done|crit), \d+, \d+$/u);
  }
});

test('no bar begins with a word that Mermaid knows', () => {
  for (const name of [
    'Section 2',
    'title',
    'click here',
    '2026-01-01 release',
    'todayMarker',
    '1',
    '__proto__',
  ]) {
    const lines = summary({ jobs: [span({ name })] }).split('\n');
    assert.ok(lines.includes(`· ${name} :done, 1767225600000, 1767225662000`), lines.join('\n'));
  }
});

test('what failed stands first, and has its bar however many jobs there are', () => {
  const jobs = Array.from({ length: 300 }, (_, number) => span({ name: `leg ${number}` }));
  jobs[250] = span({ name: 'the last straw', conclusion: 'failure' });
  const lines = summary({ jobs }).split('\n');
  const rows = lines.filter((line) => /^\| [✅❌]/u.test(line));
  assert.match(rows[0] ?? '', /the last straw/);
  assert.match(rows[1] ?? '', /leg 0/);
  const sections = lines.filter((line) => line.startsWith('section '));
  assert.equal(sections.at(0), 'section leg 0', 'the chart is in the order of the run');
  assert.equal(sections.at(-1), 'section the last straw');
});

test('it stays below its limit, however large the run', () => {
  const name = '<'.repeat(200);
  const steps = Array.from({ length: 3 }, () => span({ name }));
  const jobs = Array.from({ length: 5_000 }, () => span({ name, steps }));
  const text = summary({ jobs, outputs: JSON.stringify({ x: 'y'.repeat(1 << 20) }) });
  assert.ok(Buffer.byteLength(text) < 1 << 20, `${Buffer.byteLength(text)}`);
  assert.match(text, /and 4800 more/);
  assert.match(text, /The run returned \d+ characters of values/);
});
