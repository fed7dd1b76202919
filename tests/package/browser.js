/** A page in a real browser, served from another origin than the API that it calls. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, extname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { toolFile } from './support.js';

const TYPES = new Map([
  ['.html', 'text/html'],
  ['.js', 'text/javascript'],
  ['.css', 'text/css'],
]);

/** Nothing is on the network but what is on this machine, and the browser is not to ask for anything of its own. */
const FLAGS = [
  '--headless',
  '--disable-gpu',
  // What the page writes to its console, where it says nothing else.
  '--enable-logging=stderr',
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
  // Its sandbox does not work for root and in containers, and only files of the test are opened.
  '--no-sandbox',
];

/**
 * Opens a page and waits until it hands itself over.
 *
 * @param {object} page
 * @param {string} page.folder with the page and what it loads
 * @param {string} page.file
 * @param {string} page.profile a folder for the browser, beside which it may leave more
 * @param {string} page.apiUrl
 * @param {string} page.workflow
 * @returns {Promise<string>} its document as HTML
 */
export async function openPage({ folder, file, profile, apiUrl, workflow }) {
  const api = new URL(apiUrl).origin;
  // What a page has to allow: WebAssembly, and the API.
  const policy = `default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self' ${api}`;
  /** @type {(shown: string) => void} */
  let resolveShown = () => {};
  /** @type {Promise<string>} */
  const shown = new Promise((resolve) => {
    resolveShown = resolve;
  });
  const server = createServer(async (request, response) => {
    if (request.method === 'POST') {
      resolveShown(await text(request));
      response.end();
      return;
    }
    const { pathname } = new URL(request.url ?? '/', 'http://page');
    try {
      const content = readFileSync(join(folder, pathname));
      const type = TYPES.get(extname(pathname)) ?? 'application/octet-stream';
      response.writeHead(200, { 'content-type': type, 'content-security-policy': policy });
      response.end(content);
    } catch {
      response.writeHead(404).end();
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  const query = new URLSearchParams({ api: apiUrl, workflow });
  const args = [`--user-data-dir=${profile}`, `http://127.0.0.1:${port}/${file}?${query}`];
  const browser = spawn(toolFile('chromium'), [...FLAGS, ...args], {
    // What it leaves in the system's temporary folder goes with the profile.
    env: { ...process.env, TMPDIR: dirname(profile) },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let log = '';
  browser.stderr.setEncoding('utf8').on('data', (chunk) => {
    log += chunk;
  });
  // A machine without a desktop makes it complain of that on many lines.
  const complaints = () => log.replaceAll(/^.*dbus.*\n/gm, '');
  const closed = new Promise((resolve) => {
    browser.on('error', resolve);
    browser.on('close', resolve);
  });
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  try {
    return await Promise.race([
      shown,
      closed.then((code) => {
        throw new Error(`The browser has ended (${code}):\n${complaints()}`);
      }),
      new Promise((_, reject) => {
        timer = setTimeout(
          () => reject(new Error(`The page says nothing:\n${complaints()}`)),
          30_000,
        );
      }),
    ]);
  } finally {
    clearTimeout(timer);
    browser.kill();
    await closed;
    server.close();
    server.closeAllConnections();
  }
}
