/** Gitea's own runner, with the settings that it has by itself: without Docker, it executes jobs on this machine. */
import { execFile, spawn } from 'node:child_process';
import { mkdirSync, openSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';

/**
 * @param {object} options
 * @param {string} options.program its file
 * @param {string} options.url Gitea's
 * @param {string} options.token a registration token
 * @param {number} options.capacity how many jobs run at once
 * @param {string} options.node the Node.js that runs JavaScript actions: the runner takes the one on the path
 * @param {string} options.folder an empty one, for all that it writes
 * @returns {Promise<import('./runner.js').Runner>}
 */
export async function startOwnRunner({ program, url, token, capacity, node, folder }) {
  mkdirSync(folder);
  const config = join(folder, 'config.yaml');
  // JSON is YAML.
  const settings = {
    runner: { file: join(folder, 'runner'), capacity },
    cache: { enabled: false },
  };
  writeFileSync(config, JSON.stringify(settings));
  const options = {
    cwd: folder,
    // Settings of the person who runs the tests stay out of it.
    env: { HOME: folder, PATH: [dirname(node), process.env.PATH].join(delimiter) },
  };
  await promisify(execFile)(
    program,
    [
      ...['register', '--no-interactive', '--config', config, '--name', 'tests'],
      ...['--instance', url, '--token', token, '--labels', 'ubuntu-latest:host'],
    ],
    options,
  );
  const output = openSync(join(folder, 'runner.log'), 'a');
  const child = spawn(program, ['daemon', '--config', config], {
    ...options,
    stdio: ['ignore', output, output],
    detached: true,
  });
  const ended = new Promise((resolve) => child.once('close', resolve));
  return {
    async stop() {
      child.kill('SIGINT');
      await ended;
    },
  };
}
