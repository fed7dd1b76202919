/** Failures that a person can do something about are told in words, without a stack trace. */

/** Its message says what is wrong and what to do next. */
export class Problem extends Error {
  /** @override */
  name = 'Problem';
}

/**
 * Runs a command's main function and turns its failure into a message and an exit code of 1.
 *
 * @param {() => Promise<void>} main
 */
export async function runMain(main) {
  try {
    await main();
  } catch (error) {
    console.error(isProblem(error) ? `\n${error.message}` : error);
    process.exitCode = 1;
  }
}

/**
 * Whether a person can do something about it; so it is, too, where a script was given an option that it does not have.
 *
 * @param {unknown} error
 * @returns {error is Error}
 */
function isProblem(error) {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? String(error.code) : '';
  return error instanceof Problem || code.startsWith('ERR_PARSE_ARGS_');
}
