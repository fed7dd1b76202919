/** Progress on a terminal: what goes on is drawn anew in place, what is over stays above. */
import { createLogUpdate } from 'log-update';
import { durationOf } from '../duration.js';
import { symbolOf } from '../render.js';
import { lineOf } from './plain.js';
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
  const update = createLogUpdate(out);
  const picture = new Picture(out, colours);
  const draw = () => {
    // Drawn whole, in one write: log-update's way of changing only what differs loses lines where others are inserted.
    out.cork();
    update.clear();
    const lines = picture.lines(performance.now());
    if (lines.length > 0) update(lines.join('\n'));
    out.uncork();
  };
  const timer = setInterval(draw, BETWEEN_FRAMES);
  out.on('resize', draw);
  const note = (/** @type {string} */ text) => {
    update.clear();
    out.write(`${text}\n`);
  };
  return {
    show(event) {
      picture.take(event, performance.now());
      const text = DRAWN.includes(event.type) ? undefined : lineOf(event, colours, debug);
      if (event.type === 'ended') {
        // What is drawn last stays.
        update.clear();
        out.write(`${picture.lines(performance.now(), true).join('\n')}\n`);
        picture.isOver = true;
        const line = lineOf(event, colours, debug);
        if (line) out.write(`\n${line}\n`);
      } else if (text !== undefined) note(text);
      draw();
    },
    note(text) {
      note(text);
      draw();
    },
    close() {
      clearInterval(timer);
      out.off('resize', draw);
      update.clear();
      update.done();
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
   * @param {NodeJS.WriteStream} out
   * @param {import('./plain.js').Colours} colours
   */
  constructor(out, colours) {
    this.out = out;
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
    const room = Math.max(3, (this.out.rows ?? 24) - 3);
    const seconds = durationOf((now - this.#since) / 1000);
    const head = `${this.#spinner(now)} ${this.#doing || 'Starting'} ${colours.dim(seconds)}`;
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
    const time = seconds === null ? '' : ` ${colours.dim(durationOf(seconds))}`;
    // One row each, or there would be no telling how many there are.
    const width = Math.max(10, (this.out.columns ?? 80) - indent.length - 20);
    return `${indent}${this.#symbol(state, now)} ${name(part.name).slice(0, width)}${time}`;
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
