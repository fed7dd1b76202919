/**
 * What a person, and the next step, see of an event.
 */

/** @typedef {import('./types/events.d.ts').Event} Event */

/**
 * @param {Event} event
 * @returns {{ level: 'debug' | 'endGroup' | 'info' | 'startGroup' | 'warning', text: string } | undefined}
 */
export function messageOf(event) {
  switch (event.type) {
    case 'dispatching': {
      const inputs = event.inputs.length > 0 ? ` with ${event.inputs.join(', ')}` : '';
      const { workflow, ref, repository } = event;
      return info(`Dispatching ${workflow} at ${ref} in ${repository}${inputs}`);
    }
    case 'olderServer':
      return info(
        `This server does not return run IDs (${event.message}); the run will be found by its distinct ID`,
      );
    case 'receiverWithoutDistinctId':
      return info(
        `The receiver does not declare the input ${event.input}, and need not on this server; dispatching without it`,
      );
    case 'dispatched':
      return info('Dispatched; looking for the run that shows the distinct ID');
    case 'suppliedId':
      return warning(
        'Another call may have the same distinct_id, so finding the run takes two minutes or more: leave distinct_id out, and a unique one is generated',
      );
    case 'dispatchUnanswered':
      return warning(
        `The dispatch got no clear answer (${event.message}); looking for its run. It is retried only if there seems to be none`,
      );
    case 'looked': {
      const runs = count(event.candidates, 'run');
      const logs = event.logs > 0 ? `, ${count(event.logs, 'log')} searched` : '';
      return info(`${seconds(event.seconds)}: ${runs} dispatched since${logs}`);
    }
    case 'trouble':
      return info(event.tryingAgain ? `Trying again: ${event.message}` : event.message);
    case 'waiting':
      return info(`Waiting ${seconds(event.seconds)}: ${event.reason}`);
    case 'dispatchRepeated':
      return warning(
        `No run of that dispatch has appeared for ${seconds(event.seconds)}; dispatching again, with the same distinct ID`,
      );
    case 'duplicate': {
      const fate = event.problem
        ? `could not be cancelled (${event.problem}): cancel it by hand`
        : 'is being cancelled';
      return warning(
        `The dispatch was sent more than once and made a second run: ${event.kept} is kept, ${event.runId} ${fate}. ${event.runUrl}`,
      );
    }
    case 'duplicatePossible':
      return warning(
        event.runs.length > 0
          ? `The dispatch was retried, and there may be a second run of this call beside ${event.kept}: check ${event.runs.join(', ')}`
          : `The dispatch was retried. No second run beside ${event.kept} was seen: cancel one that appears later`,
      );
    case 'identified': {
      const by = BY[event.identifiedBy];
      const cost = `${seconds(event.seconds)}, ${count(event.requests, 'request')}`;
      return info(`Run ${event.runId}, ${by} (${cost}): ${event.runUrl}`);
    }
    case 'following':
      return info(`Waiting for run ${event.runId} to end`);
    case 'runWaits':
      return info(`  ⏸ The run waits for ${event.reason}`);
    case 'attempt':
      return info(`The run has been started again: attempt ${event.number}`);
    case 'job':
      return info(`${symbolOf(event.state)} ${event.name}${timeOf(event.seconds)}`);
    case 'step':
      return info(
        `  ${symbolOf(event.conclusion)} ${event.job}: ${event.name}${timeOf(event.seconds)}`,
      );
    case 'cancelling':
      return warning(
        event.force
          ? `Run ${event.runId} does not react: forcing it to end`
          : `Cancelling run ${event.runId}`,
      );
    case 'idMasked':
      return warning(
        'A secret is masked in the distinct ID where the receiver writes it, so values may be left out: a distinct_id of your own should contain no secret',
      );
    case 'valuesNotRead':
      return info('No distinct ID is given, so the values of the run are not read');
    case 'valueMasked':
      return warning(
        `The value ${event.name} contains ***: GitHub masks secrets in logs, so it cannot be returned`,
      );
    case 'valueNotJson':
      return warning(`The value ${event.name} is said to be JSON and is not: it is taken as text`);
    case 'jobsMissing':
      return warning(
        `The jobs of the run could not be read (${event.problem}): what they returned is missing`,
      );
    case 'valuesMissing':
      return warning(
        event.jobs.length === 1
          ? `The log of ${event.jobs[0]} could not be read (${event.problem}): values in it are missing`
          : `The logs of ${namesOf(event.jobs)} could not be read (${event.problem}): values in them are missing`,
      );
    case 'ended': {
      const attempt = (event.attempt ?? 1) > 1 ? `, attempt ${event.attempt}` : '';
      const how = event.conclusion || 'no conclusion';
      const text = `${symbolOf(event.conclusion)} Run ${event.runId} ended with ${how}`;
      return info(`${text}${timeOf(event.seconds)}${attempt}: ${event.runUrl}`);
    }
    case 'logBegins':
      return { level: 'startGroup', text: onOneLine(event.title) };
    case 'logLine':
      // The core has made it fit to be printed; colours may stay.
      return { level: 'info', text: event.text };
    case 'logEnds':
      return { level: 'endGroup', text: '' };
    case 'request': {
      const { method, url, status, milliseconds } = event;
      const text = `${method} ${url}: ${status ?? 'no answer'} in ${milliseconds.toFixed(0)} ms`;
      return { level: 'debug', text: onOneLine(text) };
    }
    default:
      return undefined;
  }
}

const BY = {
  response: 'named by the server',
  title: 'identified by its title',
  step: 'identified by a step name',
  log: 'identified by its log',
};

/** The field's symbols: those of `gh run view`. */
const SYMBOLS = new Map([
  ['success', '✓'],
  ['neutral', '✓'],
  ['skipped', '-'],
  ['completed', '·'],
  ['in_progress', '*'],
  ['waiting', '⏸'],
]);

/**
 * @param {string} state of a job or a step, or how it ended
 */
export function symbolOf(state) {
  return SYMBOLS.get(state) ?? 'X';
}

/** @param {number | null} seconds */
function timeOf(seconds) {
  if (seconds === null) return '';
  const minutes = Math.floor(seconds / 60);
  return minutes > 0 ? ` (${minutes} min ${seconds % 60} s)` : ` (${seconds} s)`;
}

/**
 * @param {Event} event
 * @returns {Record<string, string | number>} outputs that are known now
 */
export function outputsOf(event) {
  switch (event.type) {
    case 'started':
      return { distinct_id: event.distinctId };
    case 'identified':
      return {
        runId: event.runId,
        run_id: event.runId,
        run_url: event.runUrl,
        run_api_url: event.runApiUrl,
        identified_by: event.identifiedBy,
      };
    case 'following':
      return {
        runId: event.runId,
        run_id: event.runId,
        // Not known yet, where somebody else has dispatched it.
        ...(event.runUrl && { run_url: event.runUrl }),
        run_api_url: event.runApiUrl,
      };
    case 'concluded':
      return { status: event.status, conclusion: event.conclusion };
    case 'ended':
      return { status: event.status, conclusion: event.conclusion, outputs: event.outputs };
    default:
      return {};
  }
}

/**
 * @param {Event} event
 * @returns {Record<string, string | number>} what the `post` step has to know
 */
export function stateOf(event) {
  switch (event.type) {
    case 'following':
      return event.cancelOnCancel ? { run_id: event.runId, sought: '' } : {};
    case 'sought':
      return { sought: event.distinctId };
    case 'attempt':
      return { run_attempt: event.number };
    case 'unfollowed':
      return { run_id: '', sought: '' };
    case 'leftBehind':
      return {
        ...(event.runId !== null && { run_id: event.runId }),
        quiet_seconds: event.quietSeconds,
      };
    default:
      return {};
  }
}

/** @param {string} text */
function info(text) {
  return { level: /** @type {const} */ ('info'), text: onOneLine(text) };
}

/** @param {string} text */
function warning(text) {
  return { level: /** @type {const} */ ('warning'), text: onOneLine(text) };
}

/**
 * A runner takes a line that begins with `::` for a command, so text from outside must not begin one; and what follows
 * `##[` anywhere in a line, so there is a space without width in it.
 *
 * @param {string} text
 */
function onOneLine(text) {
  return text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ').replaceAll('##[', '#\u200b#[');
}

/**
 * The first of many names; a run's page has the others.
 *
 * @param {readonly string[]} names
 */
function namesOf(names) {
  const first = names.slice(0, 10);
  const more = names.length - first.length;
  return more > 0 ? `${first.join(', ')} and ${more} more` : first.join(', ');
}

/**
 * @param {number} n
 * @param {string} what
 */
function count(n, what) {
  return `${n} ${what}${n === 1 ? '' : 's'}`;
}

/** @param {number} n */
function seconds(n) {
  return `${n.toFixed(1)} s`;
}
