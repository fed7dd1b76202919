/** Stopping programs together with all that they have started: steps of a job run in process groups of their own. */
import { execFileSync } from 'node:child_process';

/**
 * The processes that a folder shows up in, among their arguments or in their environment: by that they are told from all
 * others, even when what started them is gone.
 *
 * @param {string} folder a temporary one, by its full path
 * @returns {number[]} without this one
 */
export function processesOf(folder) {
  const listed = execFileSync('ps', ['axeww', '-o', 'pid=,args='], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  return listed
    .split('\n')
    .filter((line) => line.includes(folder))
    .map((line) => Number.parseInt(line, 10))
    .filter((pid) => pid !== process.pid);
}

/** @param {string} folder */
export function killThoseOf(folder) {
  for (const pid of processesOf(folder)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }
}
