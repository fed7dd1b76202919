/** The demonstration of the command: against the embedded server, nothing sent beyond this machine. */
import { startGitHub } from 'return-dispatch-simulator';
import { demonstrationsOn, scenarioOf } from './demonstrations.js';

/**
 * @param {(args: string[], env: NodeJS.ProcessEnv) => Promise<number>} run the command
 * @param {string} [server] whose servers
 * @returns {Promise<number>} the exit code
 */
export async function demonstrate(run, server) {
  let code = 0;
  for (const demonstration of demonstrationsOn(server)) {
    const { title, leaves, cancelAt, ends } = demonstration;
    // What happens to a step that is killed is not this command's.
    if (leaves) continue;
    const github = await startGitHub(scenarioOf(demonstration));
    const cancels = cancelAt ? ['--cancel-on-interrupt'] : [];
    const args = ['octo/receiver', 'deploy.yml', '-f', 'environment=staging', '--wait', ...cancels];
    process.stdout.write(`\n${title}\n\n$ return-dispatch ${args.join(' ')}\n`);
    const interrupt = cancelAt ? interruptWhenRunning(github) : undefined;
    try {
      // It waits for the run, whatever the action does in its place.
      const { conclusion = 'success' } = ends ?? {};
      const ended = await run([...args, '--api-url', github.apiUrl], {
        GH_TOKEN: 'ghs_simulated',
      });
      const truth = github.runs().find(({ dispatchedBy }) => dispatchedBy.type === 'client');
      const right = truth?.conclusion === conclusion;
      if (!right) code = 1;
      // Whoever has enough has enough of all of it.
      if (!cancelAt && ended > 128) return ended;
      process.stdout.write(`$ echo $?\n${ended}\n`);
      process.stdout.write(
        `${right ? '✓' : '✗'} Run ${truth?.id} was created by this, and ended with ${truth?.conclusion}.\n`,
      );
    } finally {
      clearInterval(interrupt);
      await github.stop();
    }
  }
  return code;
}

/** @param {Awaited<ReturnType<typeof startGitHub>>} github */
function interruptWhenRunning(github) {
  const timer = setInterval(() => {
    const read = github.requests().some(({ path }) => path.includes('/jobs'));
    if (!read || github.now() < 6000) return;
    clearInterval(timer);
    process.stdout.write('^C');
    process.kill(process.pid, 'SIGINT');
  }, 200);
  return timer;
}
