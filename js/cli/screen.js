/** The rows at the end of a terminal that are drawn anew in place: ECMA-48's sequences, and DEC's for the cursor. */
import truncatedWidth from 'fast-string-truncated-width';

const HIDE_CURSOR = '\u001b[?25l';
const SHOW_CURSOR = '\u001b[?25h';
const ERASE_ROW_ABOVE = '\u001b[A\u001b[2K';

/** What is drawn, and how to take it back. */
export class Screen {
  #out;
  /** @type {number[]} how many cells each line that is drawn has */
  #drawn = [];
  #isHidden = false;
  #restore = () => {
    this.#out.write(SHOW_CURSOR);
  };

  /** @param {NodeJS.WriteStream} out */
  constructor(out) {
    this.#out = out;
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
    // What has left the window at its top cannot be taken back. The cursor has a row as well.
    const shown = lines.slice(-Math.max(1, this.rows - 1));
    const text = shown.map((line) => `${line}\n`).join('');
    this.#out.write((text && this.#hide()) + this.#erase() + above + text);
    this.#drawn = shown.map((line) => truncatedWidth(line).width);
  }

  /** Takes away what was drawn. */
  close() {
    this.#out.write(this.#erase() + (this.#isHidden ? SHOW_CURSOR : ''));
    this.#drawn = [];
    this.#isHidden = false;
    process.off('exit', this.#restore);
  }

  #hide() {
    if (this.#isHidden) return '';
    this.#isHidden = true;
    // Signals are heard elsewhere, so that every end of the process is one of these.
    process.on('exit', this.#restore);
    return HIDE_CURSOR;
  }

  #erase() {
    // Terminals wrap what was drawn before they were made narrower.
    const rows = this.#drawn.map((cells) => Math.max(1, Math.ceil(cells / this.columns)));
    const up = rows.reduce((sum, row) => sum + row, 0);
    // Row by row, as tmux keeps in its history what is erased from the window's top to its end.
    return up > 0 ? `\r${ERASE_ROW_ABOVE.repeat(up)}` : '';
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
