/**
 * What act tells, as the log and the states that Gitea's own runner makes of it: see `internal/pkg/report/reporter.go` in
 * gitea.com/gitea/act_runner.
 */

/**
 * @typedef {import('./runner.js').Result} Result
 * @typedef {import('./runner.js').Row} Row
 * @typedef {import('./runner.js').StepState} StepState
 *
 * @typedef {object} Entry a line of what act tells
 * @property {string} msg
 * @property {string} [level]
 * @property {boolean} [raw_output] whether a step has written it
 * @property {string} [command] what a step has written and act has taken for a command
 * @property {string[]} [stepID] with those of steps within it
 * @property {string} [stage] `Pre`, `Main` or `Post`
 * @property {string} [stepResult]
 * @property {string} [jobResult]
 */

/** @type {Record<string, Result>} */
const RESULTS = {
  success: 'RESULT_SUCCESS',
  failure: 'RESULT_FAILURE',
  cancelled: 'RESULT_CANCELLED',
  skipped: 'RESULT_SKIPPED',
};

/** @param {import('./runner.js').Task} task */
export function followLog(task) {
  const ids = stepIds(Buffer.from(task.workflowPayload, 'base64').toString());
  const steps = ids.map((_, id) => /** @type {StepState} */ ({ id, logIndex: 0, logLength: 0 }));
  /** @type {Row[]} */
  const rows = [];
  let result = '';
  add(`tests received task ${task.id} of job ${task.context.job}`);
  return {
    rows,
    steps,
    /** A job without a result was not executed: its condition did not hold, which act tells to those who debug only. */
    result: () => RESULTS[result || 'skipped'] ?? 'RESULT_FAILURE',

    /** @param {string} line */
    read(line) {
      const entry = parse(line);
      const step = entry.stage === 'Main' ? steps[ids.indexOf(entry.stepID?.[0] ?? '')] : undefined;
      if (!step) {
        result = entry.jobResult ?? result;
        if (!isWithinSteps()) add(entry.msg);
        return;
      }
      step.startedAt ??= now();
      const written = writtenBy(entry);
      if (written !== undefined) {
        if (step.logLength === 0) step.logIndex = rows.length;
        add(written);
        step.logLength = rows.length - step.logIndex;
      } else if (!isWithinSteps()) add(entry.msg);
      if (entry.stepResult && entry.stepID?.length === 1) {
        if (step.logLength === 0) step.logIndex = rows.length;
        step.result = RESULTS[entry.stepResult];
        step.stoppedAt = now();
      }
    },
  };

  /** @param {string} text */
  function add(text) {
    for (const content of text.replace(/\r?\n$/, '').split('\n')) {
      rows.push({ time: now(), content });
    }
  }

  /** Then only what the steps write is kept. */
  function isWithinSteps() {
    const [first, last] = [steps.at(0), steps.at(-1)];
    if (!first || !last) return false;
    return (first.result !== undefined || first.logLength > 0) && last.result === undefined;
  }
}

const now = () => new Date().toISOString();

/**
 * @param {string} line
 * @returns {Entry}
 */
function parse(line) {
  try {
    return JSON.parse(line);
  } catch {
    return { msg: line };
  }
}

/**
 * What a step has written, if anything. act tells of a command in words of its own, after a symbol; Gitea's runner keeps it
 * in the log as it is.
 *
 * @param {Entry} entry
 */
function writtenBy({ raw_output, level, command, msg }) {
  if (command === 'add-mask') return undefined;
  if (command !== undefined) return /^ {2}\S+ {2}(.*)$/su.exec(msg)?.[1];
  return raw_output || level === 'error' ? msg : undefined;
}

/**
 * How act calls the steps of a job: by their IDs, and those without one by their place. Gitea writes a workflow anew before
 * it hands it over, so it always looks the same.
 *
 * @param {string} workflow of one job
 */
function stepIds(workflow) {
  /** @type {string[]} */
  const ids = [];
  const lines = workflow.split('\n');
  const start = lines.findIndex((line) => line.trim() === 'steps:') + 1;
  const indent = lines[start]?.search(/\S/) ?? -1;
  if (start === 0 || indent < 0) return ids;
  for (const line of lines.slice(start)) {
    const depth = line.search(/\S/);
    if (depth < 0) continue;
    if (depth < indent) break;
    if (depth === indent) ids.push(String(ids.length));
    const id = /^id: *['"]?([\w-]+)['"]?$/.exec(line.slice(indent + 2))?.[1];
    if (id) ids[ids.length - 1] = id;
  }
  return ids;
}
