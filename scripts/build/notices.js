/** THIRD-PARTY-NOTICES.txt: whose code is in dist/, and on what terms. The same bytes wherever it is written. */

/**
 * @typedef {object} Notice
 * @property {string} name what it covers
 * @property {string} licence in SPDX's terms
 * @property {string} text the licence, with its copyright lines
 */

const RULE = '='.repeat(80);

/**
 * Prints each text once, above it everything that it covers. Texts that differ in nothing but their copyright
 * lines, title and line breaks are one text; the copyright lines stand with what they belong to.
 *
 * @param {Notice[]} notices
 */
export function writeNotices(notices) {
  const sorted = notices
    .map((notice) => ({ ...notice, ...splitCopyright(notice.text) }))
    .sort((a, b) => compare(a.name, b.name));
  /** @type {Map<string, typeof sorted>} */
  const groups = new Map();
  for (const notice of sorted) {
    const key = comparable(notice.body);
    groups.set(key, [...(groups.get(key) ?? []), notice]);
  }
  const sections = [...groups.values()].map((covered) => {
    const names = covered.map(({ name, licence, copyright }) =>
      [`${name} (${licence})`, ...copyright.map((line) => `    ${line}`)].join('\n'),
    );
    return [RULE, ...names, '', covered[0].body].join('\n');
  });
  return `The files beside this one contain code of others, on these terms.\n\n${sections.join('\n\n')}\n`;
}

/** @param {string} text */
function splitCopyright(text) {
  const lines = text
    .replace(/\r\n?/g, '\n')
    .split('\n')
    .map((line) => line.trimEnd());
  const isCopyright = (/** @type {string} */ line) => /^\s*(Copyright (\(c\)|©|\d)|©)/i.test(line);
  return {
    copyright: lines.filter(isCopyright).map((line) => line.trim()),
    body: lines
      .filter((line) => !isCopyright(line))
      .join('\n')
      .replace(/\n{3,}/g, '\n\n')
      .trim(),
  };
}

/** @param {string} body */
function comparable(body) {
  return body
    .replace(/^\W*(The )?MIT License( \(MIT\))?\W*$/im, '')
    .replace(/[\s"'*]+/g, ' ')
    .trim()
    .toLowerCase();
}

/**
 * Not by the machine's language.
 *
 * @param {string} a
 * @param {string} b
 */
function compare(a, b) {
  return a < b ? -1 : Number(a > b);
}
