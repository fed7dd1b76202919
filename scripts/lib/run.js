/** Starting other programs: shown or captured, always awaited, never through a shell where it can be helped. */
import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { CARGO_HOME, ROOT, TOOLS } from './paths.js';
import { Problem } from './problem.js';

/**
 * @typedef {object} RunOptions
 * @property {string} [cwd] default: the checkout
 * @property {NodeJS.ProcessEnv} [env] added to the environment; `undefined` removes a variable
 *
 * @typedef {object} Finished
 * @property {number} code the exit code; 127 when the program could not be started
 * @property {string} output what it wrote, both streams
 */

/**
 * Runs a program, passing on what it prints.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {RunOptions} [options]
 * @throws {Problem} unless it exits with 0
 */
export async function run(command, args, options) {
  const { code } = await start(command, args, options, show);
  if (code !== 0) {
    throw new Problem(`\`${[command, ...args].join(' ')}\` failed (exit code ${code}): see above.`);
  }
}

/**
 * Runs a program, passing on what it prints and keeping it, whatever its exit code.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<Finished>}
 */
export const watch = (command, args, options) => start(command, args, options, show);

/**
 * Runs a program in silence.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<Finished>}
 */
export const capture = (command, args, options) => start(command, args, options, () => {});

/**
 * Runs a program in silence for what it writes to its standard output.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {RunOptions} [options]
 * @throws {Problem} unless it exits with 0
 */
export async function read(command, args, options) {
  let output = '';
  const finished = await start(command, args, options, (text, stream) => {
    if (stream === process.stdout) output += text;
  });
  if (finished.code !== 0) {
    throw new Problem(
      `\`${[command, ...args].join(' ')}\` failed (exit code ${finished.code}):\n${finished.output}`,
    );
  }
  return output;
}

/**
 * The environment in which the project's tools are found first, and rustup's even right after it
 * was installed, when its folder is not on the path yet.
 *
 * @returns {NodeJS.ProcessEnv}
 */
export function environment() {
  const own = [join(TOOLS, 'bin'), join(ROOT, 'node_modules', '.bin')];
  const path = [...own, process.env.PATH, join(CARGO_HOME, 'bin')];
  return { ...process.env, PATH: path.filter(Boolean).join(delimiter) };
}

/**
 * @param {string} text
 * @param {NodeJS.WriteStream} stream
 */
function show(text, stream) {
  stream.write(text);
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {RunOptions} options
 * @param {(text: string, stream: NodeJS.WriteStream) => void} onText
 * @returns {Promise<Finished>}
 */
function start(command, args, { cwd = ROOT, env } = {}, onText) {
  // On Windows npm is a batch file, which only a shell starts.
  const shell = process.platform === 'win32' && command === 'npm';
  return new Promise((resolve) => {
    let output = '';
    const child = spawn(command, args, {
      cwd,
      env: { ...environment(), ...env },
      shell,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const [from, to] of /** @type {const} */ ([
      [child.stdout, process.stdout],
      [child.stderr, process.stderr],
    ])) {
      from.setEncoding('utf8');
      from.on('data', (text) => {
        output += text;
        onText(text, to);
      });
    }
    child.on('error', (error) => resolve({ code: 127, output: `${output}${error.message}\n` }));
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}
