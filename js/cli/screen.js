/** The rows at the end of a terminal that are drawn anew in place: ECMA-48's sequences, and DEC's for wrapping. */
import truncatedWidth from 'fast-string-truncated-width';

const ERASE_ROW = '\r\u001b[2K';
const ERASE_ROW_ABOVE = '\u001b[A\u001b[2K';
const NO_WRAPPING = '\u001b[?7l';
const WRAPPING = '\u001b[?7h';

/** How long nothing is drawn after the window was made narrower, as that may go on. In milliseconds. */
const RESIZING = 300;

/** After a longer pause the process was stopped, and others have used the terminal. In milliseconds. */
const STOPPED = 1000;

/** What is drawn, and how to take it back. The cursor stays: however the process ends, there is nothing to restore. */
export class Screen {
  #out;
  /** How many rows are drawn above the cursor's. */
  #drawn = 0;
  #columns;
  #resizingUntil = 0;
  #drawnAt = 0;

  #resize = () => {
    // Some terminals wrap what was drawn when they are made narrower, others cut it off: there is no telling how many
    // rows it takes, and what is above must not be erased.
    if (this.columns < this.#columns) {
      this.#drawn = 0;
      this.#resizingUntil = performance.now() + RESIZING;
    }
    this.#columns = this.columns;
  };

  /** @param {NodeJS.WriteStream} out */
  constructor(out) {
    this.#out = out;
    this.#columns = this.columns;
    out.on('resize', this.#resize);
  }

  get rows() {
    return this.#out.rows || 24;
  }

  get columns() {
    return this.#out.columns || 80;
  }

  /**
   * Draws lines in place of those that were drawn last, in one write: nobody sees half of it.
   *
   * @param {string[]} lines none longer than a row; where there is no room for all of them, the last are drawn
   * @param {string} [above] what is printed once and stays, with its line breaks
   */
  draw(lines, above = '') {
    const now = performance.now();
    // SIGCONT would be heard too late: after what was due in the meantime.
    if (now - this.#drawnAt > STOPPED) this.#drawn = 0;
    this.#drawnAt = now;
    // What has left the window at its top cannot be taken back. The cursor has a row as well.
    const room = now < this.#resizingUntil ? 0 : Math.max(0, this.rows - 1);
    const shown = lines.slice(Math.max(0, lines.length - room));
    const text = shown.map((line) => `${line}\n`).join('');
    // Terminals do not agree on the width of every character.
    this.#out.write(this.#erase() + above + (text && NO_WRAPPING + text + WRAPPING));
    this.#drawn = shown.length;
  }

  /** Takes away what was drawn. */
  close() {
    this.#out.write(this.#erase());
    this.#drawn = 0;
    this.#out.off('resize', this.#resize);
  }

  /** Row by row, as tmux keeps in its history what is erased from the window's top to its end. */
  #erase() {
    // In the cursor's own row stands what somebody has typed, such as ^C.
    return this.#drawn > 0 ? ERASE_ROW + ERASE_ROW_ABOVE.repeat(this.#drawn) : '';
  }
}

/**
 * @param {string} text
 * @param {number} cells how many there are for it: some characters take two, some none
 * @returns {string} as much of it as there is room for
 */
export function cut(text, cells) {
  const { index, ellipsed } = truncatedWidth(text, { limit: cells, ellipsis: '…' });
  return text.slice(0, index) + (ellipsed ? '…' : '');
}
