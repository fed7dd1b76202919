/**
 * A store of logs that are too long to be held: what they consist of is repeated as it is sent. The embedded GitHub
 * redirects to it, as GitHub does to a store of its own.
 */
import { createServer } from 'node:http';
import { constants, deflateRawSync } from 'node:zlib';

/**
 * @typedef {{ bytes: Uint8Array, times: number }} Part of a content: some bytes, so many times
 * @typedef {import('../../js/types/scenario.d.ts').Fault} Fault
 * @typedef {import('node:http').ServerResponse} ServerResponse
 */

const MEBIBYTE = 2 ** 20;

/** How much is written at once: what nobody reads is not made. */
const PIECE = 64 * 1024;

/** A mebibyte of lines as builds write them; no other than these digits make them hard to compress. */
const LINES = (() => {
  let seed = 1;
  const word = () => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return seed.toString(16).padStart(8, '0');
  };
  let text = '';
  while (text.length < MEBIBYTE) {
    text += `2026-01-01T00:00:00.0000000Z building object ${word()} ${word()} ${word()} ${word()}\n`;
  }
  return Buffer.from(text.slice(0, MEBIBYTE));
})();

/**
 * @param {number} mebibytes
 * @param {{ first?: string, last?: string }} lines
 * @returns {Part[]}
 */
export function plain(mebibytes, { first = '', last = '' }) {
  return [once(`${first}\n`), { bytes: LINES, times: mebibytes }, once(`${last}\n`)];
}

/**
 * The archive of a run of two jobs, of which the first has that log; written in one go, as GitHub does.
 *
 * @param {number} mebibytes
 * @param {{ first?: string, last?: string }} lines
 * @returns {Part[]}
 */
export function archive(mebibytes, { first = '', last = '' }) {
  const content = [
    once(deflated(`${first}\n`)),
    { bytes: deflated(LINES), times: mebibytes },
    once(deflated(`${last}\n`)),
    LAST_BLOCK,
  ];
  const files = [
    {
      name: '0_announce.txt',
      content,
      text: mebibytes * MEBIBYTE + first.length + last.length + 2,
    },
    { name: '1_build.txt', content: [once(deflated('made\n')), LAST_BLOCK], text: 5 },
  ];
  /** @type {Part[]} */
  const parts = [];
  const directory = [];
  for (const { name, content, text } of files) {
    const header = lengthOf(parts);
    const packed = lengthOf(content);
    // Version 2.0, sizes behind the content, deflated. Nobody needs the checksum here.
    const common = [20, 0, 8, 0, 8, 0, 0, 0, 0x21, 0];
    const sizes = [...number(0), ...number(packed), ...number(text)];
    const named = [...number(name.length), ...Buffer.from(name)];
    parts.push(once([...Buffer.from('PK\x03\x04'), ...common, ...new Array(12).fill(0), ...named]));
    parts.push(...content, once([...Buffer.from('PK\x07\x08'), ...sizes]));
    directory.push(
      ...[...Buffer.from('PK\x01\x02'), 20, 0, ...common, ...sizes, ...number(name.length)],
      ...[...new Array(10).fill(0), ...number(header), ...Buffer.from(name)],
    );
  }
  const at = lengthOf(parts);
  const count = [files.length, 0, files.length, 0];
  const end = [...number(0), ...count, ...number(directory.length), ...number(at), 0, 0];
  return [...parts, once([...directory, ...Buffer.from('PK\x05\x06'), ...end])];
}

const LAST_BLOCK = once([0x03, 0x00]);

/** @param {string | Uint8Array} text */
function deflated(text) {
  // It ends on a byte and refers to nothing before it, so that it can be repeated.
  return deflateRawSync(text, { finishFlush: constants.Z_FULL_FLUSH });
}

/**
 * @param {string | number[] | Uint8Array} bytes
 * @returns {Part}
 */
function once(bytes) {
  return { bytes: Buffer.from(bytes), times: 1 };
}

/** @param {number} value */
function number(value) {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

/** @param {Part[]} parts */
function lengthOf(parts) {
  return parts.reduce((length, { bytes, times }) => length + bytes.length * times, 0);
}

/**
 * @param {Part[]} content
 * @param {{ hasRanges: boolean }} options
 */
export async function startStore(content, { hasRanges }) {
  const length = lengthOf(content);
  let written = 0;
  let requests = 0;
  const server = createServer(async (request, response) => {
    requests += 1;
    const range = hasRanges && /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
    const [first, last] = range
      ? [Number(range[1]), Math.min(Number(range[2]), length - 1)]
      : [0, length - 1];
    response.writeHead(range ? 206 : 200, {
      'content-length': last - first + 1,
      ...(range ? { 'content-range': `bytes ${first}-${last}/${length}` } : {}),
    });
    for (const piece of slice(content, first, last + 1)) {
      if (!(await write(response, piece))) return;
      written += piece.length;
    }
    response.end();
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const address = server.address();
  const port = address && typeof address === 'object' ? address.port : 0;
  const location = `http://127.0.0.1:${port}/log?sig=secret`;
  return {
    length,
    port,
    /** Redirects to it, wherever the embedded GitHub is asked for a log. */
    fault: /** @type {Fault} */ ({
      method: 'GET',
      pathContains: '/logs',
      times: null,
      effect: { type: 'answer', status: 302, headers: { location } },
    }),
    /** How many bytes of content have left this process; the system may still have some of them. */
    written: () => written,
    requests: () => requests,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/**
 * @param {Part[]} parts
 * @param {number} from
 * @param {number} to
 */
function* slice(parts, from, to) {
  let begins = 0;
  for (const { bytes, times } of parts) {
    const ends = begins + bytes.length * times;
    let at = Math.max(from, begins);
    while (at < Math.min(to, ends)) {
      const within = (at - begins) % bytes.length;
      const piece = bytes.subarray(within, Math.min(within + PIECE, within + to - at));
      yield piece;
      at += piece.length;
    }
    begins = ends;
  }
}

/**
 * @param {ServerResponse} response
 * @param {Uint8Array} piece
 * @returns {Promise<boolean>} whether the client is still there
 */
function write(response, piece) {
  return new Promise((resolve) => {
    const gone = () => resolve(false);
    response.once('close', gone);
    response.write(piece, (error) => {
      response.off('close', gone);
      resolve(!error);
    });
  });
}
