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
 * @typedef {object} Entry
 * @property {string} source its name in js/, as `action.js`
 * @property {string} [file] what the bundle is called, if not the same
 * @property {'esm' | 'cjs'} [format]
 * @property {'node' | 'neutral'} [platform] where it runs: in Node.js, or wherever there are web APIs
 * @property {string[]} [beside] what it imports from bundles beside it
 * @property {boolean} [requires] whether it loads by `require` what it imports later on
 */

/**
 * Bundles one file of js/.
 *
 * @param {Entry} entry
 * @param {string} folder where the bundle goes
 * @returns {Promise<string[]>} the files that went into it
 */
export async function bundle(
  { source, file = source, format = 'esm', platform = 'node', beside = [], requires = false },
  folder,
) {
  // Not installed yet when this module is loaded on a fresh clone.
  const { rolldown } = await import('rolldown');
  const build = await rolldown({
    // Comments in the bundle name the sources relative to this folder.
    cwd: ROOT,
    input: inRoot('js', source),
    platform,
    external: beside,
    plugins: [
      {
        name: 'beside',
        resolveId(source) {
          // What is called otherwise once it is bundled. (`output.paths` does nothing for a later import.)
          if (source === './proxy.js') return { id: './proxy.cjs', external: true };
          if (source === './action.js') return { id: './action.cjs', external: true };
          if (source === 'crypto') return inRoot('js', 'random.js');
          if (source === 'os') return inRoot('js', 'os.js');
          return null;
        },
      },
    ],
    treeshake: {
      // @actions/core loads undici, half a megabyte, for functions that the action does not use. Importing these
      // packages does nothing by itself, which they do not declare.
      moduleSideEffects: [
        { test: /node_modules[\\/](@actions|undici|tunnel)[\\/]/, sideEffects: false },
      ],
    },
    onLog(level, log, handle) {
      // A warning here is a bundle that may not work: unresolved imports, for one.
      if (level === 'warn') throw new Problem(`js/${source} cannot be bundled: ${log.message}`);
      handle(level, log);
    },
  });
  try {
    const { output } = await build.write({
      file: join(folder, file),
      format,
      codeSplitting: false,
      dynamicImportInCjs: !requires,
      minify: false,
      // Types and explanations are for readers of the sources, and a tenth of a bundle.
      comments: { jsdoc: false },
      banner: BANNER,
    });
    const [chunk, ...others] = output;
    if (others.length > 0) {
      throw new Problem(`js/${source} became ${output.length} files: it must be one.`);
    }
    if (chunk.code.includes(ROOT + sep)) {
      throw new Problem(`dist/${file} contains a path of this machine: ${ROOT}`);
    }
    return Object.entries(chunk.modules)
      .filter(([, module]) => module.renderedLength > 0)
      .map(([file]) => file);
  } finally {
    await build.close();
  }
}
