/** The npm package with the embedded GitHub, beside the one that dispatches: dist/simulator/. */
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inRoot } from '../lib/paths.js';
import { Problem } from '../lib/problem.js';

/** What it is called. */
export const SIMULATOR = 'return-dispatch-simulator';

/**
 * Writes all of it that is not built from sources.
 *
 * @param {string} folder
 * @throws {Problem} if the two would not be of one version
 */
export function writeSimulatorPackage(folder) {
  const { version, license, repository, engines, publishConfig, optionalDependencies } = JSON.parse(
    readFileSync(inRoot('package.json'), 'utf8'),
  );
  if (optionalDependencies[SIMULATOR] !== version) {
    throw new Problem(
      `package.json depends on ${SIMULATOR} ${optionalDependencies[SIMULATOR]}, but is ${version} itself: they are published together.`,
    );
  }
  const manifest = {
    name: SIMULATOR,
    version,
    description: 'A GitHub for tests: workflows, their runs and their logs, on this machine.',
    license,
    repository: { ...repository, directory: 'dist/simulator' },
    type: 'module',
    keywords: ['github', 'github-actions', 'simulator', 'mock', 'testing', 'workflow'],
    exports: {
      '.': {
        import: { types: './index.d.ts', default: './index.js' },
        require: { types: './index.d.cts', default: './index.cjs' },
      },
      './package.json': './package.json',
    },
    main: './index.cjs',
    module: './index.js',
    types: './index.d.cts',
    sideEffects: false,
    publishConfig,
    engines,
  };
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  copyFileSync(inRoot('simulator', 'README.md'), join(folder, 'README.md'));
  copyFileSync(inRoot('LICENSE'), join(folder, 'LICENSE'));
}
