/** A Chromium: the one that is there, or else one from npm. */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { capture } from '../lib/run.js';
import { which } from '../lib/which.js';
import { installLocked } from '../setup/npm.js';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

const APPLICATION = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';

/** @returns {Promise<string | null>} the program's file, or null, after a message that says why */
export async function findChromium() {
  const own = process.env.CHROME || NAMES.map((name) => which(name)).find(Boolean);
  if (own) return own;
  if (existsSync(APPLICATION)) return APPLICATION;
  if (`${process.platform}-${process.arch}` === 'linux-x64') {
    const program = await unpackChromium();
    if (program !== null) return program;
  }
  console.log('There is no Chromium here: install one, or name it in the variable CHROME.');
  return null;
}

/** The package is made for places that have next to nothing, and so is compressed. */
async function unpackChromium() {
  const modules = await installLocked('chromium');
  if (modules === null) return null;
  const folder = join(modules, '@sparticuz', 'chromium');
  const program = join(folder, 'chromium');
  if (!existsSync(program)) {
    const part = `${program}.${process.pid}`;
    const bytes = brotliDecompressSync(readFileSync(join(folder, 'bin', 'chromium.br')));
    writeFileSync(part, bytes, { mode: 0o755 });
    renameSync(part, program);
  }
  const { code, output } = await capture(program, ['--version']);
  if (code === 0) return program;
  console.log(`The Chromium of npm does not start here: ${output.trim()}`);
  return null;
}
