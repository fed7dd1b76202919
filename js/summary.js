/**
 * The job summary: a page of Markdown about the run that was waited for.
 *
 * All texts in it come from another workflow, so none of them means anything to Markdown, HTML or Mermaid here.
 */

import { durationOf } from './duration.js';

/** @typedef {import('./types/events.d.ts').Summary} Summary */

/** A summary holds 1 MiB in UTF-8, and other steps of the job may add to it only up to that. */
const MOST_BYTES = 512 * 1024;

/** Rows of the table, and bars of the chart; the run's page has the others. */
const MOST_JOBS = 200;
const MOST_BARS = 60;

/** Of the returned values. */
const MOST_VALUES = 64 * 1024;

/**
 * @param {Summary} summary
 * @returns {string}
 */
export function summaryOf(summary) {
  const { runId, runUrl, conclusion, seconds, jobs, outputs } = summary;
  const run = link(`Run ${runId}`, runUrl);
  const time = seconds === null ? '' : ` in ${durationOf(seconds)}`;
  const head = `### ${symbolOf(conclusion)} ${run} ended with ${plain(conclusion || 'no conclusion')}${time}\n`;
  const failedFirst = [...jobs.filter(hasFailed), ...jobs.filter((job) => !hasFailed(job))];
  const parts = [table(failedFirst), chart(jobs, failedFirst), values(outputs)];
  let text = head;
  for (const part of parts) {
    if (part && Buffer.byteLength(text) + Buffer.byteLength(part) < MOST_BYTES) text += `\n${part}`;
  }
  return text;
}

/** @param {Summary['jobs'][number]} job */
function hasFailed(job) {
  return symbolOf(job.conclusion) === '❌';
}

/** @param {Summary['jobs']} jobs */
function table(jobs) {
  if (jobs.length === 0) return '';
  const rows = jobs
    .slice(0, MOST_JOBS)
    .map(
      ({ name, url, conclusion, seconds }) =>
        `| ${symbolOf(conclusion)} ${link(name, url)} | ${plain(conclusion)} | ${seconds === null ? '' : durationOf(seconds)} |`,
    );
  const more = jobs.length - rows.length;
  if (more > 0) rows.push(`| and ${more} more | | |`);
  return ['| job | conclusion | duration |', '| --- | --- | --- |', ...rows, ''].join('\n');
}

/**
 * @param {Summary['jobs']} jobs in the order of the chart
 * @param {Summary['jobs']} wanted the same, those first for which there has to be room
 */
function chart(jobs, wanted) {
  const shown = new Set();
  let bars = 0;
  for (const job of wanted) {
    // What never ran took no time.
    if (job.seconds === null || bars >= MOST_BARS) continue;
    shown.add(job);
    bars += 1 + job.steps.length;
  }
  const lines = [];
  for (const job of jobs) {
    const { name, conclusion, began, ended, steps } = job;
    if (!shown.has(job) || began === null || ended === null) continue;
    lines.push(`section ${label(name)}`, bar(name, conclusion, began, ended));
    for (const step of steps) {
      if (step.began === null || step.ended === null) continue;
      lines.push(bar(step.name, step.conclusion, step.began, step.ended));
    }
  }
  if (lines.length === 0) return '';
  // Mermaid takes numbers for milliseconds, even where its format says seconds.
  const head = [
    '```mermaid',
    '%%{init: {"gantt": {"leftPadding": 160}}}%%',
    'gantt',
    'dateFormat x',
    'axisFormat %H:%M:%S',
    'todayMarker off',
  ];
  return [...head, ...lines, '```', ''].join('\n');
}

/**
 * @param {string} name
 * @param {string} conclusion
 * @param {number} began
 * @param {number} ended
 */
function bar(name, conclusion, began, ended) {
  const look = symbolOf(conclusion) === '❌' ? 'crit' : 'done';
  const [from, to] = [began * 1000, Math.max(ended, began + 1) * 1000];
  return `${label(name)} :${look}, ${from}, ${to}`;
}

/** @param {string} outputs one JSON object */
function values(outputs) {
  if (outputs === '{}') return '';
  if (outputs.length > MOST_VALUES)
    return `The run returned ${outputs.length} characters of values.\n`;
  return `<details><summary>Returned values</summary>\n<pre>${plain(outputs)}</pre>\n</details>\n`;
}

/** @param {string} conclusion */
function symbolOf(conclusion) {
  if (conclusion === 'success' || conclusion === 'neutral') return '✅';
  return conclusion === 'skipped' ? '⏭️' : '❌';
}

/**
 * @param {string} text
 * @param {string} url of the server; only a plain one becomes a link
 */
function link(text, url) {
  return /^https?:\/\/[\w.:/-]+$/.test(url) ? `[${plain(text)}](${url})` : plain(text);
}

/**
 * Every character that may mean something becomes a reference to itself.
 *
 * @param {string} text
 */
function plain(text) {
  // GitHub makes links of what begins with `www.`.
  return text.replace(/[^\p{L}\p{N} .,-]|(?<=www)\./giu, (character) =>
    /\p{Cc}/u.test(character) ? ' ' : `&#${character.codePointAt(0)};`,
  );
}

/** What Mermaid does not take for text at the beginning of a line, in any case; numbers it sorts, and loses `__proto__`. */
const MEANS_SOMETHING =
  /^(acc|axisformat|call|click|dateformat|excludes|gantt|href|includes|inclusive|section|tickinterval|title|today|topaxis|week|\d|__)/i;

/**
 * Mermaid has no way to write its own marks in a name.
 *
 * @param {string} text
 */
function label(text) {
  const kept = text.replace(/[^\p{L}\p{N} ._()/-]+|\s+/gu, ' ').trim();
  const name = kept.slice(0, 60) || 'step';
  return MEANS_SOMETHING.test(name) ? `· ${name}` : name;
}
