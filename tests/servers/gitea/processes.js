/** Stopping programs together with all that they have started: steps of a job run in process groups of their own. */
import { execFileSync } from 'node:child_process';

/**
 * Kills the processes that a folder shows up in, among their arguments or in their environment: by that they are told from
 * all others, even when what started them is gone.
 *
 * @param {string} folder a temporary one, by its full path
 */
export function killThoseOf(folder) {
  const listed = execFileSync('ps', ['axeww', '-o', 'pid=,args='], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  for (const line of listed.split('\n')) {
    const pid = Number.parseInt(line, 10);
    if (!line.includes(folder) || pid === process.pid) continue;
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }
}
