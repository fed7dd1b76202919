/** From the start of a process to its end, on a server that names the run; and how much memory it takes at most. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startGitHub } from '../../dist/simulator/index.js';
import { DEFAULTS } from '../../js/runner.js';
import { inRoot } from '../lib/paths.js';
import { Problem } from '../lib/problem.js';

/** @typedef {import('./report.js').Comparison} Comparison */

const TOKEN = 'ghs_simulated';

const PROGRAMS = [
  { name: 'an empty program', file: program('empty.cjs') },
  { name: 'a POST by node:http', file: program('post-by-http.cjs') },
  { name: 'the same, as an ES module', file: program('post-by-http.mjs') },
  { name: 'a POST by fetch', file: program('post-by-fetch.mjs') },
  { name: 'this action', file: inRoot('dist', 'action.cjs') },
];

const PEAK_MEMORY = program('peak-memory.cjs');

/**
 * @param {number} rounds
 * @returns {Promise<Comparison[]>}
 */
export async function measureStart(rounds) {
  const folder = mkdtempSync(join(tmpdir(), 'return-dispatch-bench-'));
  const github = await startGitHub();
  const times = PROGRAMS.map(() => /** @type {number[]} */ ([]));
  const sizes = PROGRAMS.map(() => /** @type {number[]} */ ([]));
  try {
    const env = environment(github.apiUrl, folder);
    const peak = { ...env, PEAK_MEMORY_FILE: join(folder, 'peak') };
    // The first round warms up whatever there is to warm up.
    for (let round = -1; round < rounds; round += 1) {
      for (const [index, { file }] of PROGRAMS.entries()) {
        const milliseconds = await run([file], env);
        await run(['--require', PEAK_MEMORY, file], peak);
        if (round < 0) continue;
        times[index]?.push(milliseconds);
        sizes[index]?.push(Number(readFileSync(peak.PEAK_MEMORY_FILE, 'utf8')) / 1024);
      }
    }
  } finally {
    await github.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  const rows = (/** @type {number[][]} */ samples) =>
    PROGRAMS.map(({ name }, index) => ({ name, samples: samples[index] ?? [] }));
  return [
    {
      title: 'A whole process, on a server that names the run',
      unit: 'ms',
      base: 'a POST by node:http',
      rows: rows(times),
    },
    {
      title: 'Its memory, at most',
      unit: 'MiB',
      base: 'a POST by fetch',
      rows: rows(sizes),
    },
  ];
}

/** @param {string} name */
function program(name) {
  return fileURLToPath(new URL(`programs/${name}`, import.meta.url));
}

/**
 * @param {string} apiUrl
 * @param {string} folder
 * @returns {Record<string, string>} as a runner has it, and for the other programs what they need
 */
function environment(apiUrl, folder) {
  const files = ['OUTPUT', 'STATE', 'STEP_SUMMARY'].map((name) => [
    `GITHUB_${name}`,
    join(folder, name),
  ]);
  for (const [, file] of files) writeFileSync(file ?? '', '');
  const inputs = {
    ...DEFAULTS,
    token: TOKEN,
    repo: 'octo/receiver',
    workflow: 'ci.yml',
    ref: 'main',
    api_url: apiUrl,
  };
  return {
    PATH: process.env.PATH ?? '',
    HOME: folder,
    GITHUB_ACTIONS: 'true',
    GITHUB_API_URL: apiUrl,
    GITHUB_REPOSITORY: 'octo/caller',
    ...Object.fromEntries(files),
    ...Object.fromEntries(
      Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]),
    ),
    DISPATCH_URL: `${apiUrl}/repos/octo/receiver/actions/workflows/ci.yml/dispatches`,
    DISPATCH_TOKEN: TOKEN,
  };
}

/**
 * @param {string[]} args
 * @param {Record<string, string>} env
 * @returns {Promise<number>} milliseconds
 */
async function run(args, env) {
  const began = performance.now();
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
  }
  const [code] = await once(child, 'close');
  const milliseconds = performance.now() - began;
  if (code !== 0) throw new Problem(`${args.at(-1)} ended with ${code}:\n${output}`);
  return milliseconds;
}
