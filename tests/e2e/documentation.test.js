/** Every example of docs/simulator.md runs as it stands there, with the package's name for what is in dist/. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

const NODE = process.env.RETURN_DISPATCH_NODE ?? process.execPath;
const SIMULATOR = new URL('../../dist/simulator.js', import.meta.url).href;

const page = readFileSync(new URL('../../docs/simulator.md', import.meta.url), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'return-dispatch-docs-'));
after(() => rmSync(folder, { recursive: true, force: true }));
writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');

let count = 0;
for (const [, code = ''] of page.matchAll(/^```js\n(.*?)^```$/gms)) {
  const text = code.replaceAll("'return-dispatch/simulator'", `'${SIMULATOR}'`);
  // A block that begins with a file's name is imported by those that follow.
  const name = /^\/\/ (\S+\.js)\n/.exec(code)?.[1];
  const file = join(folder, name ?? `example-${++count}.js`);
  writeFileSync(file, text);
  if (name) continue;
  const title = /^test\('(.*)', /m.exec(code)?.[1] ?? `example ${count}`;
  test(title, () => {
    // As a test of its own, not as one that reports to this.
    const env = { ...process.env, NODE_TEST_CONTEXT: undefined };
    const { status, stdout } = spawnSync(NODE, [file], { env, encoding: 'utf8' });
    assert.equal(status, 0, stdout);
  });
}

test('the page has examples', () => {
  assert.ok(count >= 8, `${count}`);
});
