/** Measurements as a table for a terminal, a page for the docs, and a plot. */
import { median, quantile, ratio } from './statistics.js';

/**
 * @typedef {object} Comparison
 * @property {string} title
 * @property {string} unit of the samples; empty: a number of things
 * @property {string} [base] the name of the row that the others are compared with
 * @property {boolean} [more] whether more is better
 * @property {{ name: string, samples: number[] }[]} rows samples of the same rounds
 *
 * @typedef {object} Line of a table
 * @property {string} name
 * @property {string} median
 * @property {string} spread of the middle half of the samples
 * @property {number | undefined} ratio to the base
 */

/**
 * @param {Comparison} comparison
 * @returns {Line[]}
 */
function linesOf({ base, rows }) {
  const compared = rows.find(({ name }) => name === base)?.samples;
  return rows.map(({ name, samples }) => ({
    name,
    median: written(median(samples)),
    spread: `${written(quantile(samples, 0.25))} to ${written(quantile(samples, 0.75))}`,
    ratio: compared && ratio(samples, compared),
  }));
}

/**
 * @param {Comparison[]} comparisons
 * @returns {string}
 */
export function tableOf(comparisons) {
  return comparisons
    .map((comparison) => {
      const lines = linesOf(comparison);
      const rows = [
        [headOf(comparison), 'median', 'middle half', comparison.base ? 'ratio' : ''],
        ...lines.map(({ name, median, spread, ratio }) => [name, median, spread, times(ratio)]),
      ];
      const widths = [0, 1, 2, 3].map((column) =>
        Math.max(...rows.map((row) => row[column]?.length ?? 0)),
      );
      return rows
        .map((row) =>
          row
            .map((cell, column) =>
              column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
            )
            .join('   ')
            .trimEnd(),
        )
        .join('\n');
    })
    .join('\n\n');
}

/**
 * @param {Comparison[]} comparisons
 * @param {string} circumstances
 * @returns {string} Markdown
 */
export function pageOf(comparisons, circumstances) {
  const tables = comparisons.map((comparison) => {
    const lines = linesOf(comparison);
    const rows = lines.map(
      ({ name, median, spread, ratio }) =>
        `| ${name} | ${median} | ${spread} |${comparison.base ? ` ${times(ratio)} |` : ''}`,
    );
    return [
      `## ${comparison.title}`,
      '',
      `| | ${comparison.unit || 'number'} | middle half |${comparison.base ? ' ratio |' : ''}`,
      `| --- | ---: | ---: |${comparison.base ? ' ---: |' : ''}`,
      ...rows,
    ].join('\n');
  });
  return `# Benchmarks

<!-- Written by \`npm run bench\`: change scripts/bench/, not this file. -->

${circumstances} Each row is measured in turn with the others, round by
round. Absolute times say more about the machine than about the programs: what counts are the ratios, which are medians
of the ratios of each round.

*Top ten, every log* is how a run used to be found: every five seconds, the logs of the newest ten runs are downloaded,
until one has the ID. That has to wait for the run's end. Here a run takes some nine seconds, its ID is printed after
three, and all runs go on at once; what has not changed since it was last read (by its \`ETag\`) does not count.

![Ratios, as bars](benchmarks.svg)

${tables.join('\n\n')}
`;
}

const WIDTH = 760;
const NAMES = 250;
const BAR = 18;
const COLOURS = {
  text: '#1f2328',
  quiet: '#59636e',
  bar: '#afb8c1',
  own: '#0969da',
  base: '#6e7781',
};

/**
 * Bars for the ratios of each comparison that has a base.
 *
 * @param {Comparison[]} comparisons
 * @returns {string} SVG
 */
export function plotOf(comparisons) {
  /** @type {string[]} */
  const parts = [];
  let y = 24;
  for (const comparison of comparisons) {
    if (!comparison.base) continue;
    const lines = linesOf(comparison);
    const greatest = Math.max(...lines.map(({ ratio = 0 }) => ratio));
    const better = comparison.more ? 'more is better' : 'less is better';
    parts.push(text(16, y, `${comparison.title} (${better})`, COLOURS.text, 'font-weight="600"'));
    y += 14;
    for (const { name, ratio = 0 } of lines) {
      const width = Math.max(1, ((WIDTH - NAMES - 90) * ratio) / greatest);
      const colour = colourOf(name, comparison);
      parts.push(text(NAMES - 10, y + 13, name, COLOURS.quiet, 'text-anchor="end"'));
      parts.push(
        `<rect x="${NAMES}" y="${y}" width="${width.toFixed(1)}" height="${BAR - 4}" rx="2" fill="${colour}"/>`,
      );
      parts.push(text(NAMES + width + 8, y + 13, times(ratio), COLOURS.text));
      y += BAR;
    }
    y += 30;
  }
  const height = y - 10;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="Ratios of the benchmarks" font-family="system-ui, sans-serif" font-size="13">
<rect width="100%" height="100%" fill="#ffffff"/>
${parts.join('\n')}
</svg>
`;
}

/**
 * @param {string} name
 * @param {Comparison} comparison
 */
function colourOf(name, { base }) {
  if (name === base) return COLOURS.base;
  return /^(this|by the)/.test(name) ? COLOURS.own : COLOURS.bar;
}

/**
 * @param {number} x
 * @param {number} y
 * @param {string} content
 * @param {string} fill
 * @param {string} [attributes]
 */
function text(x, y, content, fill, attributes = '') {
  const escaped = content.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text x="${x.toFixed(1)}" y="${y}" fill="${fill}" ${attributes}>${escaped}</text>`;
}

/** @param {Comparison} comparison */
function headOf({ title, unit }) {
  return unit ? `${title} (${unit})` : title;
}

/** @param {number} number */
function written(number) {
  if (Number.isInteger(number) || number >= 100) return number.toFixed(0);
  return number.toFixed(number >= 10 ? 1 : 2);
}

/** @param {number | undefined} ratio */
function times(ratio) {
  return ratio === undefined ? '' : `× ${ratio.toFixed(2)}`;
}
