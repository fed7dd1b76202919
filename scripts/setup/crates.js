/** Programs that Cargo builds from source, into .tools/. It needs nothing but its registry. */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { TOOLS } from '../lib/paths.js';
import { run } from '../lib/run.js';

/**
 * Installs them unless all are there.
 *
 * @param {string[]} wanted as `name@version`
 */
export async function installCrates(wanted) {
  const installed = installedCrates();
  if (wanted.every((crate) => installed.includes(crate))) return;

  const target = join(TOOLS, 'target');
  console.log(`Building ${wanted.join(' and ')}: once, up to two minutes.`);
  await run(
    'cargo',
    ['install', '--locked', '--no-default-features', '--quiet', '--root', TOOLS, ...wanted],
    {
      env: {
        CARGO_TARGET_DIR: target,
        // They run for seconds, so compiling them quickly matters more than their speed: half the time.
        CARGO_PROFILE_RELEASE_OPT_LEVEL: '0',
        CARGO_PROFILE_RELEASE_CODEGEN_UNITS: '256',
        CARGO_PROFILE_RELEASE_STRIP: 'true',
      },
    },
  );
  rmSync(target, { recursive: true, force: true });
}

/**
 * What cargo's own record of the folder says.
 *
 * @returns {string[]} as `name@version`
 */
function installedCrates() {
  try {
    const record = readFileSync(join(TOOLS, '.crates.toml'), 'utf8');
    return [...record.matchAll(/^"(\S+) (\S+) /gm)].map(
      ([, name, version]) => `${name}@${version}`,
    );
  } catch {
    return [];
  }
}
