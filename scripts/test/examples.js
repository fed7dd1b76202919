/** The workflows in the documentation, written into files as users would have them. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inRoot } from '../lib/paths.js';
import { Problem } from '../lib/problem.js';

const JOB = 'jobs:\n  example:\n    runs-on: ubuntu-latest\n    permissions: {}\n    steps:\n';
const HEAD = 'name: Example\non: workflow_dispatch\npermissions: {}\n';

/** Fewer would mean that they are not found any more. */
const LEAST = 6;

/**
 * Writes each example of YAML in README.md and docs/ as a whole workflow.
 *
 * @param {string} folder which holds nothing else afterwards
 */
export function writeExamples(folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, '.github', 'workflows'), { recursive: true });
  const pages = readdirSync(inRoot('docs')).filter((name) => name.endsWith('.md'));
  let count = 0;
  for (const page of ['README.md', ...pages.map((name) => `docs/${name}`)]) {
    const text = readFileSync(inRoot(page), 'utf8');
    for (const [, yaml = ''] of text.matchAll(/^```yaml\n(.*?)^```/gms)) {
      count += 1;
      const file = `${page.replace(/\W/g, '-')}-${count}.yml`;
      writeFileSync(join(folder, '.github', 'workflows', file), whole(yaml));
    }
  }
  if (count < LEAST) throw new Problem(`Only ${count} examples of workflows were found.`);
}

/** @param {string} yaml a workflow, its head alone, steps, or inputs of the action */
function whole(yaml) {
  if (/^jobs:/m.test(yaml)) return /^permissions:/m.test(yaml) ? yaml : `permissions: {}\n${yaml}`;
  if (/^on:/m.test(yaml)) return `permissions: {}\n${yaml}${JOB}      - run: make\n`;
  if (/^\w+:/.test(yaml)) {
    const inputs = yaml.replace(/^/gm, '          ');
    return `${HEAD}${JOB}      - uses: OWNER/return-dispatch@v1\n        with:\n${inputs}\n`;
  }
  return `${HEAD}${JOB}${yaml}`;
}
