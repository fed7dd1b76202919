/**
 * The `post` step. What a step leaves behind for it is the run that it waited for, or looked for, when it was killed, or
 * was cancelled and had no more time; one that came to its own end leaves nothing, and nothing is loaded for it.
 *
 * It says that it is one before it loads action.js, which must not dispatch then: runners have handed over other state
 * than the step's own (https://github.com/actions/runner/issues/1947).
 */
if (process.env.STATE_run_id || process.env.STATE_sought) {
  Reflect.set(globalThis, Symbol.for('return-dispatch.post'), true);
  import('./action.js');
}
