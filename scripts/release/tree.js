/** What a release consists of: a runner downloads all of it with each job that uses the action, so it holds no more. */
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { inRoot } from '../lib/paths.js';

/** What a step needs, as it is in the checkout. */
export const FILES = [
  'action.yml',
  'node24/action.yml',
  'dist/action.cjs',
  'dist/post.cjs',
  'dist/proxy.cjs',
  'dist/return_dispatch_bg.wasm',
  'dist/THIRD-PARTY-NOTICES.txt',
  'LICENSE',
];

/**
 * Puts a release into a folder.
 *
 * @param {string} folder an empty one, or a new one
 * @param {string} commit what it is built from: where the README's links lead
 */
export function assembleRelease(folder, commit) {
  for (const file of FILES) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    copyFileSync(inRoot(file), join(folder, file));
  }
  const readme = readFileSync(inRoot('README.md'), 'utf8');
  writeFileSync(join(folder, 'README.md'), forRelease(readme, commit));
}

/**
 * @param {string} readme
 * @param {string} commit
 */
function forRelease(readme, commit) {
  const { repository } = JSON.parse(readFileSync(inRoot('package.json'), 'utf8'));
  const home = /https:.*(?=\.git$)/.exec(repository.url)?.[0];
  const note = `> Built from commit [${commit}](${home}/tree/${commit}), which has the sources, the documentation and the tests.`;
  const linked = readme.replaceAll(
    /\]\((?![a-z]+:|[#$])([^)]*)\)/g,
    (_, path) => `](${FILES.includes(path) ? path : `${home}/blob/${commit}/${path}`})`,
  );
  return linked.replace('\n', `\n\n${note}\n`);
}
