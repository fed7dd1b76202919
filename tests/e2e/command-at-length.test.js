/** What the command takes long for: a file of its own, as files run side by side. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { against, CALL, dispatched, run } from './command.js';

/**
 * How the runs of a demonstration ended, and what the command said of them.
 *
 * @param {string[]} flags
 */
async function demonstration(...flags) {
  const { code, stdout, stderr } = await run(['demo', ...flags], { env: { GH_TOKEN: '' } });
  assert.equal(code, 0, stdout + stderr);
  const ends = stdout.matchAll(/^✓ Run \d+ was created by this, and ended with (\w+)\.$/gm);
  const codes = stdout.matchAll(/^\$ echo \$\?\n(\d+)$/gm);
  return { ends: [...ends].map(([, end]) => end), codes: [...codes].map(([, shown]) => shown) };
}

// They wait for a minute, side by side.
describe('what takes long', { concurrency: true }, () => {
  test('a second run that cannot be cancelled is reported even with --quiet', () =>
    against(
      {
        faults: [
          {
            method: 'POST',
            pathContains: '/dispatches',
            effect: { type: 'reset' },
            acted: true,
            // After the retry, which is sent within three seconds of a minute.
            actsAfter: 66,
          },
          {
            method: 'POST',
            pathContains: '/cancel',
            times: null,
            effect: { type: 'answer', status: 403 },
          },
        ],
        // Nothing is retried unless a newer run shows that lists are current.
        existingRuns: [{ workflow: 'ci.yml', event: 'push', createdAt: 20 }],
      },
      async (github) => {
        const { code, stdout, stderr } = await run([
          ...CALL,
          '--api-url',
          github.apiUrl,
          '--json',
          '-q',
        ]);
        assert.equal(code, 0, stderr);
        const document = JSON.parse(stdout);
        const others = dispatched(github)
          .map(({ id }) => id)
          .filter((id) => id !== document.runId);
        assert.equal(others.length, 1);
        const reported = document.duplicates?.map((/** @type {any} */ one) => one.runId) ?? [];
        assert.ok(document.duplicatePossible || reported[0] === others[0], stdout);
        assert.match(stderr, /second run/);
      },
    ));

  test('the demonstration shows what it says', async () => {
    const { ends, codes } = await demonstration();
    assert.deepEqual(ends, ['success', 'success', 'success', 'failure', 'cancelled', 'success']);
    assert.deepEqual(codes, ['0', '0', '0', '1', '130', '0']);
  });

  test('so does the one on Gitea', async () => {
    const { ends, codes } = await demonstration('--server', 'gitea');
    assert.deepEqual(ends, ['success', 'success', 'success', 'failure']);
    assert.deepEqual(codes, ['0', '0', '0', '1']);
    const unknown = await run(['demo', '--server', 'gitlab']);
    assert.equal(unknown.code, 2);
    assert.match(unknown.stderr, /--server takes github or gitea, not "gitlab"/);
    const elsewhere = await run([...CALL, '--server', 'gitea']);
    assert.equal(elsewhere.code, 2);
    assert.match(elsewhere.stderr, /--server is for the demonstration/);
  });
});
