/** What signals do to the command. */
import { EXIT } from './usage.js';

/** @typedef {import('./plain.js').View} View */

/** @type {Partial<Record<NodeJS.Signals, number>>} */
const EXIT_OF = { SIGTERM: EXIT.terminated, SIGHUP: EXIT.hungUp };

const SIGNALS = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);

/** Ctrl-C: the first ends the call, and cancels the run where that is asked for; the second ends everything. */
export class Interrupts {
  #controller = new AbortController();
  exitCode = EXIT.interrupted;

  /**
   * @param {View} view
   * @param {boolean} cancels
   * @param {() => void} tell says what is left behind, before it returns
   */
  constructor(view, cancels, tell) {
    this.signal = this.#controller.signal;
    this.take = (/** @type {NodeJS.Signals} */ signal) => {
      this.exitCode = EXIT_OF[signal] ?? EXIT.interrupted;
      if (this.signal.aborted) {
        view.close();
        tell();
        process.exit(this.exitCode);
      }
      if (cancels)
        view.note('Interrupted: the run will be cancelled. Once more, and this ends at once.');
      this.#controller.abort(new Error(signal));
    };
    for (const signal of SIGNALS) process.on(signal, this.take);
  }

  close() {
    for (const signal of SIGNALS) process.off(signal, this.take);
  }
}
