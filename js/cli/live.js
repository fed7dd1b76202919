/** Progress on a terminal: what goes on is drawn anew in place, what is over stays above. */
import { durationOf } from '../duration.js';
import { symbolOf } from '../render.js';
import { lineOf } from './plain.js';
import { cut, Screen } from './screen.js';
import { name } from './text.js';

/**
 * @typedef {import('../types/events.js').Event} Event
 * @typedef {{ name: string, state: string, began: number, seconds: number | null, url: string, steps: Part[] }} ShownJob
 * @typedef {{ name: string, state: string, began: number, seconds: number | null }} Part
 */

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const BETWEEN_FRAMES = 80;

/** Events that the picture shows, so that they need no line of their own. */
const DRAWN = [
  'job',
  'step',
  'following',
  'looked',
  'runWaits',
  'dispatching',
  'dispatched',
  'ended',
];

/**
 * @param {NodeJS.WriteStream} out
 * @param {{ debug: boolean, colours: import('./plain.js').Colours }} options
 * @returns {import('./plain.js').View}
 */
export function liveView(out, { debug, colours }) {
  const screen = new Screen(out);
  const picture = new Picture(screen, colours);
  const draw = (above = '') => screen.draw(picture.lines(performance.now()), above);
  const redraw = () => draw();
  const timer = setInterval(redraw, BETWEEN_FRAMES);
  out.on('resize', redraw);
  return {
    show(event) {
      picture.take(event, performance.now());
      if (event.type === 'ended') {
        // What is drawn last stays.
        const lines = picture.lines(performance.now(), true);
        picture.isOver = true;
        const line = lineOf(event, colours, debug);
        if (line) lines.push('', line);
        draw(lines.map((line) => `${line}\n`).join(''));
        return;
      }
      const text = DRAWN.includes(event.type) ? undefined : lineOf(event, colours, debug);
      draw(text === undefined ? '' : `${text}\n`);
    },
    note(text) {
      draw(`${text}\n`);
    },
    close() {
      clearInterval(timer);
      out.off('resize', redraw);
      screen.close();
    },
  };
}

/** What is drawn. */
class Picture {
  /** @type {Map<number, ShownJob>} by their IDs, as several may have the same name */
  #jobs = new Map();
  #doing = '';
  #since = performance.now();
  isOver = false;

  /**
   * @param {Screen} screen
   * @param {import('./plain.js').Colours} colours
   */
  constructor(screen, colours) {
    this.screen = screen;
    this.colours = colours;
  }

  /**
   * @param {Event} event
   * @param {number} now
   */
  take(event, now) {
    switch (event.type) {
      case 'dispatching':
        return this.#do(
          `Dispatching ${name(event.workflow)} at ${name(event.ref)} in ${event.repository}`,
          now,
        );
      case 'dispatched':
        return this.#do('Looking for the run', now);
      case 'looked':
        this.#doing = `Looking for the run among ${event.candidates} that were dispatched since`;
        return;
      case 'following':
        return this.#do(`Waiting for run ${event.runId}`, now);
      case 'runWaits':
        this.#doing = `The run waits for ${name(event.reason)}`;
        return;
      case 'attempt':
        this.#jobs.clear();
        return;
      case 'cancelling':
        return this.#do(event.force ? 'Forcing the run to end' : 'Cancelling the run', now);
      case 'job': {
        const job = this.#job(event.id, event.name, now);
        if (event.state === 'in_progress' && job.state !== 'in_progress') job.began = now;
        Object.assign(job, { state: event.state, seconds: event.seconds, url: event.url });
        if (this.#doing.startsWith('The run waits')) this.#doing = 'Waiting for the run';
        return;
      }
      case 'step': {
        const { steps } = this.#job(event.jobId, event.job, now);
        const known = steps.find(
          (step) => step.name === event.name && step.state === 'in_progress',
        );
        const { name, conclusion: state, seconds } = event;
        if (known) Object.assign(known, { state, seconds });
        else steps.push({ name, state, seconds, began: now });
      }
    }
  }

  /**
   * @param {string} doing
   * @param {number} now
   */
  #do(doing, now) {
    this.#doing = doing;
    this.#since = now;
  }

  /**
   * @param {number} id
   * @param {string} name
   * @param {number} now
   */
  #job(id, name, now) {
    const known = this.#jobs.get(id);
    if (known) return known;
    const job = { name, state: 'waiting', began: now, seconds: null, url: '', steps: [] };
    this.#jobs.set(id, job);
    return job;
  }

  /**
   * @param {number} now
   * @param {boolean} [isLast] whether nothing goes on any more
   */
  lines(now, isLast = false) {
    if (this.isOver) return [];
    const { colours } = this;
    const jobs = [...this.#jobs.values()];
    if (isLast) return jobs.flatMap((job) => this.#linesOf(job, now, true));
    const room = Math.max(3, this.screen.rows - 3);
    const seconds = ` ${durationOf((now - this.#since) / 1000)}`;
    const doing = this.#fit(this.#doing || 'Starting', `  ${seconds}`);
    const head = `${this.#spinner(now)} ${doing}${colours.dim(seconds)}`;
    const lines = jobs.flatMap((job) => this.#linesOf(job, now, jobs.length * 3 > room));
    if (lines.length <= room) return [...lines, head];
    // What is over and well gives way to what is not.
    const others = jobs.filter((job) => !isWell(job.state));
    const done = jobs.length - others.length;
    const left = others.flatMap((job) => this.#linesOf(job, now, true));
    const more = left.length - (room - 2);
    return [
      ...(done > 0 ? [`${colours.green('✓')} ${done} done`] : []),
      ...left.slice(0, room - 2),
      ...(more > 0 ? [`… ${more} more`] : []),
      head,
    ];
  }

  /**
   * @param {ShownJob} job
   * @param {number} now
   * @param {boolean} isShort
   */
  #linesOf(job, now, isShort) {
    const running = job.steps.filter((step) => step.state === 'in_progress');
    const failed = job.steps.filter((step) => isFailure(step.state));
    // Of what is over, only what matters.
    const few = job.state === 'in_progress' && !isShort ? job.steps : [...failed, ...running];
    return [this.#line(job, now, ''), ...few.map((step) => this.#line(step, now, '    '))];
  }

  /**
   * @param {Part} part
   * @param {number} now
   * @param {string} indent
   */
  #line(part, now, indent) {
    const { colours } = this;
    const { state } = part;
    const seconds = state === 'in_progress' ? (now - part.began) / 1000 : part.seconds;
    const time = seconds === null ? '' : ` ${durationOf(seconds)}`;
    const shown = this.#fit(name(part.name), `${indent}  ${time}`);
    return `${indent}${this.#symbol(state, now)} ${shown}${colours.dim(time)}`;
  }

  /**
   * One row each, or there would be no telling how many there are.
   *
   * @param {string} text
   * @param {string} rest what stands with it in its row
   */
  #fit(text, rest) {
    return cut(text, Math.max(1, this.screen.columns - rest.length - 1));
  }

  /**
   * @param {string} state
   * @param {number} now
   */
  #symbol(state, now) {
    const { colours } = this;
    if (state === 'in_progress') return this.#spinner(now);
    const symbol = symbolOf(state);
    if (symbol === '✓') return colours.green(symbol);
    if (symbol === '-') return colours.dim(symbol);
    return symbol === 'X' ? colours.red(symbol) : colours.yellow(symbol);
  }

  /** @param {number} now */
  #spinner(now) {
    return this.colours.cyan(FRAMES[Math.floor(now / BETWEEN_FRAMES) % FRAMES.length] ?? '');
  }
}

/** @param {string} state */
function isFailure(state) {
  return symbolOf(state) === 'X';
}

/** @param {string} state */
function isWell(state) {
  return ['✓', '-', '·'].includes(symbolOf(state));
}
