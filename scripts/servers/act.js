/** nektos/act: a runner of workflows that works without GitHub, built from source by Go. */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { CACHE } from '../lib/paths.js';
import { run } from '../lib/run.js';

const VERSION = '0.2.89';

/**
 * Builds it unless it is there, outside the checkout, so that a new clone does not build it again.
 *
 * @returns {Promise<string>} the program's file
 */
export async function installAct() {
  const folder = join(CACHE, `act-${VERSION}`);
  const program = join(folder, process.platform === 'win32' ? 'act.exe' : 'act');
  if (!existsSync(program)) {
    console.log(`Building act ${VERSION}: once, about a minute.`);
    mkdirSync(folder, { recursive: true });
    await run('go', ['install', `github.com/nektos/act@v${VERSION}`], { env: { GOBIN: folder } });
  }
  return program;
}
