/** cargo-fuzz, which drives libFuzzer, built from source into .tools/ for the long run. */
import { Problem } from '../lib/problem.js';
import { which } from '../lib/which.js';
import { installCrates } from './crates.js';

const CARGO_FUZZ = '0.13.2';

/** @throws {Problem} where libFuzzer cannot be built */
export async function installCargoFuzz() {
  if (process.platform === 'win32') {
    throw new Problem(
      'The long run needs Linux or macOS. The short one runs everywhere: `cargo test -p return-dispatch-fuzz`.',
    );
  }
  const compiler = process.env.CXX || 'c++';
  if (!which(compiler)) {
    throw new Problem(
      `The long run needs a C++ compiler for libFuzzer, and there is no \`${compiler}\`: install one (Debian: \`apt-get install g++\`, macOS: \`xcode-select --install\`), or name yours in the variable CXX. The short run needs none: \`cargo test -p return-dispatch-fuzz\`.`,
    );
  }
  await installCrates([`cargo-fuzz@${CARGO_FUZZ}`]);
}
