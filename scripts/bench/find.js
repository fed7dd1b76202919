/** Finding a run on a server that does not name it: how soon, and at what price. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { startGitHub } from '../../dist/simulator/index.js';
import { runAction } from '../../js/runner.js';
import { Problem } from '../lib/problem.js';

/**
 * @typedef {import('./report.js').Comparison} Comparison
 * @typedef {import('../../js/types/scenario.d.ts').Workflow} Workflow
 */

const TOKEN = 'ghs_simulated';
const ID = `\${{ inputs.distinct_id }}`;

/** Ways of showing the ID. Its first job takes two seconds, the run ten. */
const RECEIVERS = {
  title: receiver({ runName: `Deploy ${ID}` }),
  'step name': receiver({ step: `call ${ID}` }),
  log: receiver({ prints: ID }),
};

const TOP_TEN = fileURLToPath(new URL('programs/top-ten.mjs', import.meta.url));

/**
 * How long after the moment at which the ID can first be read it is known.
 *
 * @param {number} rounds
 * @returns {Promise<Comparison>}
 */
export async function measureDelay(rounds) {
  const rows = Object.keys(RECEIVERS).map((name) => ({
    name: `shown in the ${name}`,
    samples: /** @type {number[]} */ ([]),
  }));
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, workflow] of Object.values(RECEIVERS).entries()) {
      const { delay } = await find(workflow, round);
      rows[index]?.samples.push(delay);
    }
  }
  return { title: 'From the first moment at which the ID can be read', unit: 's', rows };
}

/**
 * What it takes, among other people's runs, compared with downloading every log.
 *
 * @param {number} rounds
 * @returns {Promise<Comparison[]>}
 */
export async function measurePrice(rounds) {
  const names = ['top ten, every log', ...Object.keys(RECEIVERS).map((name) => `by the ${name}`)];
  const empty = () => names.map((name) => ({ name, samples: /** @type {number[]} */ ([]) }));
  const [times, requests, bytes] = [empty(), empty(), empty()];
  for (let round = 0; round < rounds; round += 1) {
    const prices = [await findByTopTen(RECEIVERS.log, round)];
    for (const workflow of Object.values(RECEIVERS)) prices.push(await find(workflow, round));
    for (const [index, price] of prices.entries()) {
      times[index]?.samples.push(price.seconds);
      requests[index]?.samples.push(price.requests);
      bytes[index]?.samples.push(price.bytes / 1024);
    }
  }
  const base = names[0];
  return [
    { title: 'A run among 8 others: time to its ID', unit: 's', base, rows: times },
    { title: 'The same: requests that count', unit: '', base, rows: requests },
    { title: 'The same: bodies that were sent', unit: 'KiB', base, rows: bytes },
  ];
}

/**
 * @param {{ runName?: string, step?: string, prints?: string }} shown
 * @returns {Workflow}
 */
function receiver({ runName, step = 'announce', prints = 'nothing' }) {
  const text = Array.from({ length: 400 }, (_, line) => `line ${line} of what a build prints`);
  const announce = { name: step, run: 'true', seconds: 2, prints: [prints] };
  return {
    file: 'ci.yml',
    name: 'CI',
    inputs: { distinct_id: {} },
    ...(runName ? { runName } : {}),
    jobs: [
      { name: 'announce', steps: [announce] },
      { name: 'build', needs: ['announce'], steps: [{ run: 'make', seconds: 6, prints: text }] },
    ],
  };
}

/**
 * @param {Workflow} workflow
 * @param {number} seed
 */
function start(workflow, seed) {
  return startGitHub({
    seed,
    server: 'ghes-3.20',
    repositories: [{ owner: 'octo', name: 'receiver', workflows: [workflow] }],
    crowd: { before: 4, after: 4, spreadSeconds: 4 },
  });
}

/**
 * @param {Workflow} workflow
 * @param {number} seed
 */
async function find(workflow, seed) {
  const github = await start(workflow, seed);
  try {
    let known = Number.NaN;
    const { code, log, outputs } = await runAction({
      inputs: { token: TOKEN, repo: 'octo/receiver', workflow: 'ci.yml', ref: 'main' },
      apiUrl: github.apiUrl,
      onLine(line) {
        if (/^Run \d+, /.test(line)) known = github.now();
      },
    });
    if (code !== 0) throw new Problem(`The action ended with ${code}:\n${log}`);
    const visible = github.clueVisibleAt(Number(outputs.run_id), outputs.distinct_id ?? '');
    const delay = (known - (visible ?? Number.NaN)) / 1_000;
    return { delay, seconds: known / 1_000, ...priceOf(github) };
  } finally {
    await github.stop();
  }
}

/**
 * @param {Workflow} workflow
 * @param {number} seed
 */
async function findByTopTen(workflow, seed) {
  const github = await start(workflow, seed);
  try {
    const env = { ...process.env, API_URL: github.apiUrl, DISPATCH_TOKEN: TOKEN };
    const child = spawn(process.execPath, [TOP_TEN], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    /** @type {string[]} */
    const lines = [];
    createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
    const [code] = await once(child, 'close');
    const own = github.runs().find((run) => run.dispatchedBy.type === 'client');
    if (code !== 0 || lines[0] !== String(own?.id)) throw new Problem('The top ten have no ID.');
    return { seconds: github.now() / 1_000, ...priceOf(github) };
  } finally {
    await github.stop();
  }
}

/** @param {import('../../dist/simulator/index.js').LocalGitHub} github */
function priceOf(github) {
  // An answer that has not changed is free, and the store of logs counts nothing.
  const counted = github
    .requests()
    .filter(({ origin, status }) => origin === 'api' && status !== 304);
  return { requests: counted.length, bytes: github.bytesWritten() };
}
