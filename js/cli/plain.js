/** Progress as lines, for pipes, files, and whoever reads later. */
import { messageOf } from '../render.js';
import { logLine, name } from './text.js';

/**
 * @typedef {import('../types/events.js').Event} Event
 * @typedef {ReturnType<typeof import('picocolors').createColors>} Colours
 */

/**
 * What shows the progress of a call.
 *
 * @typedef {object} View
 * @property {(event: Event) => void} show
 * @property {(text: string) => void} note a line that stays
 * @property {() => void} close
 */

/**
 * @param {NodeJS.WritableStream} out
 * @param {{ debug: boolean, colours: Colours }} options
 * @returns {View}
 */
export function plainView(out, { debug, colours }) {
  const write = (/** @type {string} */ text) => {
    out.write(`${text}\n`);
  };
  return {
    show(event) {
      const text = lineOf(event, colours, debug);
      if (text !== undefined) write(text);
    },
    note: write,
    close() {},
  };
}

/**
 * @param {Event} event
 * @param {Colours} colours
 * @param {boolean} debug
 * @returns {string | undefined} the line that an event is worth
 */
export function lineOf(event, colours, debug) {
  // Of steps, their ends.
  if (event.type === 'step' && event.conclusion === 'in_progress') return undefined;
  if (event.type === 'logLine') return `  ${logLine(event.text, colours.isColorSupported)}`;
  const message = messageOf(event);
  if (!message || message.level === 'endGroup') return undefined;
  const { level } = message;
  const text = name(message.text);
  if (level === 'debug') return debug ? colours.dim(text) : undefined;
  if (level === 'warning') return `${colours.yellow('warning:')} ${text}`;
  return level === 'startGroup' ? colours.bold(`\n${text}`) : text;
}
