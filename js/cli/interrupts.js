/** What signals do to the command. */
import { EXIT } from './usage.js';

/** @typedef {import('./plain.js').View} View */

/** Ctrl-C: the first ends the call, and cancels the run where that is asked for; the second ends everything. */
export class Interrupts {
  #controller = new AbortController();
  exitCode = EXIT.interrupted;

  /**
   * @param {View} view
   * @param {boolean} cancels
   */
  constructor(view, cancels) {
    this.signal = this.#controller.signal;
    this.take = (/** @type {NodeJS.Signals} */ signal) => {
      this.exitCode = signal === 'SIGTERM' ? EXIT.terminated : EXIT.interrupted;
      if (this.signal.aborted) {
        view.close();
        process.exit(this.exitCode);
      }
      if (cancels)
        view.note('Interrupted: the run will be cancelled. Once more, and this ends at once.');
      this.#controller.abort(new Error(signal));
    };
    process.on('SIGINT', this.take);
    process.on('SIGTERM', this.take);
  }

  close() {
    process.off('SIGINT', this.take);
    process.off('SIGTERM', this.take);
  }
}
