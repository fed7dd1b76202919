/** The demonstration (`npm start`). */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { NODE } from './support.js';

const DEMO = fileURLToPath(new URL('../../js/demo.js', import.meta.url));

/** @param {string[]} args */
const start = (...args) =>
  spawnSync(NODE, [DEMO, ...args], { encoding: 'utf8', env: { NO_COLOR: '1' } });

test('a demonstration is shown by its number, and the last line counts', () => {
  const { status, stdout } = start('1');
  assert.equal(status, 0, stdout);
  assert.match(stdout, /^1\. github\.com: the server names the run$/m);
  assert.match(stdout, /^✓ Run \d+ is the one that this call created; \d+\.\d s\.$/m);
  assert.match(stdout, /^ {2}7\. .*\(over a minute\)$/m);
  assert.match(stdout, /\n✓ 1 of 1 demonstrations went as they have to, in \d+ s\.\n$/);
});

test('of a failure, what shows why and the job summary are there', () => {
  const { status, stdout } = start('4');
  assert.equal(status, 0, stdout);
  assert.match(stdout, /src\/lock\.rs:12: not on our watch/);
  assert.match(stdout, /^Job summary\n {2}### ❌ .* ended with failure/m);
  // Nothing is silent for more than two seconds.
  assert.match(stdout, /^ {2}… the run is \w+ \(\d+ s\)$/m);
});

for (const args of [['8'], ['deploy'], ['--server', 'gitlab'], ['--al']]) {
  test(`${args.join(' ')} is an error in one line`, () => {
    const { status, stdout, stderr } = start(...args);
    assert.equal(status, 2);
    assert.equal(stdout, '');
    assert.equal(stderr.trim().split('\n').length, 1, stderr);
  });
}
