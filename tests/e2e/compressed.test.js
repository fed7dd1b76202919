/** Compressed answers: one that was cut is not a whole one, though HTTP says that it is. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { send } from '../../js/transport.js';

const TEXT = Array.from({ length: 2_000 }, (_, line) => `line ${line * 7_919}\n`).join('');

/**
 * Reads an answer whose body is these bytes, said to be compressed.
 *
 * @param {Buffer} bytes
 * @param {string} [type]
 */
async function read(bytes, type = 'text/plain') {
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-encoding': 'gzip', 'content-type': type });
    response.end(bytes);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  try {
    const { signal } = new AbortController();
    const init = { method: 'GET', headers: {}, body: undefined, signal };
    const response = await send(`http://127.0.0.1:${port}/`, /** @type {any} */ (init));
    const reader = response.body?.getReader();
    let text = '';
    for (;;) {
      const chunk = await reader?.read();
      if (!chunk || chunk.done) return text;
      text += Buffer.from(chunk.value ?? []).toString();
    }
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

test('a compressed answer is read', async () => {
  assert.equal(await read(gzipSync(TEXT)), TEXT);
});

test('a compressed answer that was cut is an error', async () => {
  const whole = gzipSync(TEXT);
  for (const length of [1, 5, 12, 1_000, whole.length - 9, whole.length - 1]) {
    await assert.rejects(read(whole.subarray(0, length)), /unexpected end of file/u, `${length}`);
  }
});

test('JSON is read without the end of what is compressed', async () => {
  const json = JSON.stringify({ text: TEXT });
  const whole = gzipSync(json);
  assert.equal(await read(whole.subarray(0, -8), 'application/json; charset=utf-8'), json);
});

test('an empty answer that is said to be compressed is empty', async () => {
  assert.equal(await read(Buffer.alloc(0)), '');
});
