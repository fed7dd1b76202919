/** Text of others on a terminal. */

/** ECMA-48's "select graphic rendition". */
const COLOUR = new RegExp(`(${String.fromCharCode(27)}\\[[\\d;:]*m)`);

/**
 * A name, without anything that moves the cursor or does more.
 *
 * @param {string} text
 */
export function name(text) {
  return text.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ');
}

/**
 * A line of a log: its colours stay, where there are colours.
 *
 * @param {string} text
 * @param {boolean} colours
 */
export function logLine(text, colours) {
  const parts = text.split(COLOUR);
  const kept = parts.map((part, at) => {
    if (at % 2 === 1) return colours ? part : '';
    return part.replaceAll('\t', '    ').replaceAll(/[\p{Cc}\u2028\u2029]/gu, '');
  });
  return kept.join('') + (colours && parts.length > 1 ? '\u001b[0m' : '');
}
