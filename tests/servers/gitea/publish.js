/** An action as users have it: in a repository of the server itself, by a tag. */
import { execFileSync } from 'node:child_process';
import { createRepository } from '../act.js';
import { ADMIN } from './server.js';

/**
 * Publishes it as `octo/return-dispatch@v1`.
 *
 * @param {string} folder with its files
 * @param {import('./server.js').Server} server
 */
export async function publish(folder, { url, token }) {
  const created = await fetch(`${url}api/v1/user/repos`, {
    method: 'POST',
    headers: { authorization: `token ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'return-dispatch' }),
  });
  if (!created.ok) throw new Error(`no repository: ${created.status} ${await created.text()}`);
  createRepository(folder);
  const to = new URL(`${ADMIN}/return-dispatch.git`, url);
  to.username = ADMIN;
  to.password = token;
  execFileSync('git', ['push', '--quiet', to.href, 'HEAD:refs/heads/main', 'HEAD:refs/tags/v1'], {
    cwd: folder,
  });
}
