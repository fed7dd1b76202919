/** What the embedded GitHub simulates for every program here. */

export const TOKEN = 'ghs_simulated';

const ID = '${{ inputs.distinct_id }}';

/**
 * @param {string} file
 * @param {object} last more of the last step
 */
const receiver = (file, last) => ({
  file,
  inputs: { distinct_id: {}, environment: {} },
  runName: `Deploy [${ID}]`,
  listingDelay: 0.1,
  queueDelay: 0.1,
  jobs: [
    {
      name: 'deploy',
      steps: [
        { run: 'make', seconds: 0.1, prints: [`${ID} version=1.2.3`, `${ID} files:json=["a"]`] },
        { run: 'ship', seconds: 0.1, ...last },
      ],
    },
  ],
});

/** @param {'github.com' | 'ghes-3.19'} server */
export const scenario = (server) => ({
  server,
  seed: 5,
  crowd: { before: 2, after: 2, spreadSeconds: 0.2 },
  repositories: [
    {
      owner: 'octo',
      name: 'receiver',
      workflows: [
        receiver('ci.yml', {}),
        receiver('fails.yml', { conclusion: /** @type {const} */ ('failure') }),
        receiver('endless.yml', { seconds: 600 }),
      ],
    },
  ],
});
