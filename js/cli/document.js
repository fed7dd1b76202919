/** What `--json` prints, as docs/command.md has it. */

/**
 * @typedef {import('../types/events.js').Event} Event
 * @typedef {Partial<import('../api/index.js').ReturnDispatchError>} Failure
 */

/** What is known of a call, gathered while it goes on. What is not known is left out. */
export class Document {
  /** @type {Record<string, unknown>} */
  facts = {};
  #mayHaveDispatched = false;

  /** @param {Event} event */
  take(event) {
    switch (event.type) {
      case 'started':
        this.facts.distinctId = event.distinctId;
        break;
      case 'dispatching':
        this.#mayHaveDispatched = true;
        break;
      case 'identified':
        this.facts.identifiedBy = event.identifiedBy;
        this.#takePlace(event);
        break;
      case 'following':
        this.#takePlace(event);
    }
  }

  /** @param {{ runId: number, runUrl: string, runApiUrl: string }} place */
  #takePlace({ runId, runUrl, runApiUrl }) {
    Object.assign(this.facts, { runId, ...(runUrl && { runUrl }), runApiUrl });
  }

  /** @param {Pick<import('../api/index.js').Run, 'duplicates' | 'duplicatePossible'>} run */
  takeRun({ duplicates, duplicatePossible }) {
    if (duplicates.length > 0) this.facts.duplicates = duplicates;
    if (duplicatePossible) this.facts.duplicatePossible = true;
  }

  /** @param {import('../api/index.js').RunResult} result */
  takeResult({ runUrl, status, conclusion, attempt, seconds, outputs }) {
    Object.assign(this.facts, { runUrl, status, conclusion, attempt, seconds, outputs });
  }

  /** @param {Failure} error */
  takeError({ code, message, hint, status, mayHaveDispatched, result }) {
    if (result) this.takeResult(result);
    this.facts.error = { code, message, hint, status, mayHaveDispatched };
  }

  /** Takes note that nobody waits for what comes of the call, and says what is left behind. */
  endAtOnce() {
    const { runId, runUrl, distinctId } = this.facts;
    let left = 'nothing was dispatched';
    if (runId !== undefined) {
      const run = runUrl ? `run ${runId} (${runUrl})` : `run ${runId}`;
      left = `${run} goes on, unless it is being cancelled`;
    } else if (this.#mayHaveDispatched) {
      left = `a run with the distinct ID ${distinctId} may have been dispatched: look at the Actions page`;
    }
    const message = `Ended at once: ${left}.`;
    this.takeError({ code: 'cancelled', message, mayHaveDispatched: this.#mayHaveDispatched });
    return message;
  }

  toString() {
    // As escapes: a terminal may take them for commands, or write backwards.
    return JSON.stringify(this.facts, null, 2).replaceAll(
      /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
  }
}
