/** What a `uses:` step sees: two files, as runners of different ages know different Node.js versions. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import test from 'node:test';
import { DEFAULTS } from '../../js/runner.js';

const root = new URL('../../', import.meta.url);

/** @param {string} file */
const lines = (file) => readFileSync(new URL(file, root), 'utf8').split('\n');

test('action.yml and node24/action.yml differ in nothing but the Node.js they run on', () => {
  const ours = lines('action.yml');
  const theirs = lines('node24/action.yml');
  assert.equal(theirs.length, ours.length);
  const differing = ours.flatMap((line, index) =>
    line === theirs[index] ? [] : [[line.trim(), theirs[index].trim()]],
  );
  assert.deepEqual(differing, [
    ['using: node20', 'using: node24'],
    ['main: dist/action.cjs', 'main: ../dist/action.cjs'],
    ['post: dist/post.cjs', 'post: ../dist/post.cjs'],
  ]);
});

for (const file of ['action.yml', 'node24/action.yml']) {
  test(`${file} names programs that are there`, () => {
    const programs = lines(file).flatMap(
      (line) => /^ {2}(?:main|post): (.+)$/.exec(line)?.[1] ?? [],
    );
    assert.equal(programs.length, 2);
    for (const program of programs) {
      assert.ok(existsSync(new URL(program, new URL(file, root))), program);
    }
  });
}

test('the defaults that the tests fill in for the runner are those of action.yml', () => {
  const text = lines('action.yml').join('\n');
  for (const [name, value] of Object.entries(DEFAULTS)) {
    const declared = new RegExp(`^  ${name}:\\n(?: {4}.*\\n)*? {4}default: '?(.*?)'?$`, 'm').exec(
      text,
    )?.[1];
    assert.equal(declared, value, name);
  }
});
