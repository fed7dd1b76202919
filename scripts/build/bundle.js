/** The JavaScript of js/ and what it imports, each entry as one readable file that stands alone. */
import { join, sep } from 'node:path';
import { inRoot, ROOT } from '../lib/paths.js';
import { Problem } from '../lib/problem.js';

/** The first lines of each bundle. */
const BANNER = [
  '// Built by `npm run build` from js/, src/ and simulator/: change those, not this file.',
  // The sources are checked; the compiler reads the types of this file when a test imports it.
  '// @ts-nocheck',
].join('\n');

/**
 * Bundles one file of js/.
 *
 * @param {string} entry its name, as `action.js`
 * @param {string} folder where the bundle goes, under the same name
 * @returns {Promise<string[]>} the files that went into it
 */
export async function bundle(entry, folder) {
  // Not installed yet when this module is loaded on a fresh clone.
  const { rolldown } = await import('rolldown');
  const build = await rolldown({
    // Comments in the bundle name the sources relative to this folder.
    cwd: ROOT,
    input: inRoot('js', entry),
    platform: 'node',
    treeshake: {
      // @actions/core loads undici, half a megabyte, for functions that the action does not use. Importing these
      // packages does nothing by itself, which they do not declare.
      moduleSideEffects: [
        { test: /node_modules[\\/](@actions|undici|tunnel)[\\/]/, sideEffects: false },
      ],
    },
    onLog(level, log, handle) {
      // A warning here is a bundle that may not work: unresolved imports, for one.
      if (level === 'warn') throw new Problem(`js/${entry} cannot be bundled: ${log.message}`);
      handle(level, log);
    },
  });
  try {
    const { output } = await build.write({
      file: join(folder, entry),
      format: 'esm',
      codeSplitting: false,
      minify: false,
      comments: true,
      banner: BANNER,
    });
    const [chunk, ...others] = output;
    if (others.length > 0) {
      throw new Problem(`js/${entry} became ${output.length} files: it must be one.`);
    }
    if (chunk.code.includes(ROOT + sep)) {
      throw new Problem(`dist/${entry} contains a path of this machine: ${ROOT}`);
    }
    return Object.entries(chunk.modules)
      .filter(([, module]) => module.renderedLength > 0)
      .map(([file]) => file);
  } finally {
    await build.close();
  }
}
