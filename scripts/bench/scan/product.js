/** The package as it is shipped, calling a run whose archive of logs is at hand. */
import assert from 'node:assert/strict';
import { dispatch } from '../../../dist/index.js';
import { startGitHub } from '../../../dist/simulator/index.js';
import { ID } from './archive.js';

/** How much a socket hands over at once. */
const PIECE = 64 * 1024;

const ARCHIVE = 'https://logs.example/logs.zip';

/**
 * @param {Buffer} bytes
 * @returns {Promise<number>} milliseconds from the first byte of the archive until its last piece is asked for
 */
export async function searchByProduct(bytes) {
  const github = await startGitHub({
    server: 'ghes-3.19',
    repositories: [
      {
        owner: 'octo',
        name: 'receiver',
        workflows: [
          {
            file: 'ci.yml',
            inputs: { distinct_id: {} },
            listingDelay: 0,
            queueDelay: 0,
            jobs: [{ name: 'build', steps: [{ name: 'build', run: 'make', seconds: 0.1 }] }],
          },
        ],
      },
    ],
  });
  // Of a supplied ID the program waits for other runs that show it: what counts ends with the last piece.
  let ended = Number.NaN;
  let began = Number.NaN;
  try {
    const { identifiedBy } = await dispatch({
      token: 'ghs_simulated',
      apiUrl: github.apiUrl,
      repo: 'octo/receiver',
      workflow: 'ci.yml',
      ref: 'main',
      distinctId: ID,
      fetch: async (url, init) => {
        if (url === ARCHIVE) {
          if (Number.isNaN(began)) began = performance.now();
          const range = new Headers(init.headers).get('range');
          return part(bytes, range, () => {
            ended = performance.now();
          });
        }
        if (/\/actions\/jobs\/\d+\/logs$/.test(url)) return new Response('{}', { status: 404 });
        if (/\/logs$/.test(url)) {
          return new Response(null, { status: 302, headers: { location: ARCHIVE } });
        }
        return fetch(url, init);
      },
      onEvent: () => {},
    });
    assert.equal(identifiedBy, 'log');
    return ended - began;
  } finally {
    await github.stop();
  }
}

/**
 * @param {Buffer} bytes
 * @param {string | null} range
 * @param {() => void} onPull
 */
function part(bytes, range, onPull) {
  const asked = /^bytes=(\d+)-(\d+)$/.exec(range ?? '');
  assert.ok(asked, `it asks for a range: ${range}`);
  let at = Number(asked[1]);
  const end = Math.min(Number(asked[2]) + 1, bytes.length);
  const headers = { 'content-range': `bytes ${at}-${end - 1}/${bytes.length}` };
  const body = new ReadableStream({
    pull(controller) {
      onPull();
      if (at >= end) return controller.close();
      // As it lies there: the other ways do not copy it either.
      controller.enqueue(bytes.subarray(at, Math.min(at + PIECE, end)));
      at = Math.min(at + PIECE, end);
    },
  });
  return new Response(body, { status: 206, headers });
}
