/** An archive of logs like those of a run of many jobs, the same each time. */
import { zipSync } from 'fflate';

/** The ID that is looked for. */
export const ID = '0f0e0d0c-1111-4222-8333-444455556666';

const JOBS = 20;
const STEPS = 10;

/** Of a step's log. All steps stand in the archive twice, by themselves and in the log of their job. */
const STEP_LENGTH = 1_000_000;

/** @returns {{ bytes: Uint8Array, textLength: number }} */
export function archiveOfLogs() {
  const random = generator();
  /** @type {Record<string, Uint8Array>} */
  const top = {};
  /** @type {Record<string, Uint8Array>} */
  const inFolders = {};
  let textLength = 0;
  for (let job = 0; job < JOBS; job += 1) {
    const steps = Array.from({ length: STEPS }, () => stepLog(random));
    top[`${job}_build (${job}).txt`] = Buffer.from(steps.join(''));
    for (const [step, text] of steps.entries()) {
      // At the very end, so that everything has to be read.
      const isLast = job === JOBS - 1 && step === STEPS - 1;
      const log = Buffer.from(isLast ? `${text}${ID}\n` : text);
      inFolders[`build (${job})/${step + 1}_Run step ${step}.txt`] = log;
      textLength += 2 * text.length;
    }
  }
  return { bytes: zipSync({ ...top, ...inFolders }, { level: 6 }), textLength };
}

/** What builds print: times, paths, versions, sums. */
const WORDS =
  'Compiling Downloading Running unit tests src lib main warning unused variable target debug deps node_modules dist test ok passed failed in of the cache restored from key Linux runner tool bin install added packages audited found vulnerabilities'.split(
    ' ',
  );

/** @param {() => number} random */
function stepLog(random) {
  let text = '';
  let second = 0;
  while (text.length < STEP_LENGTH) {
    second += 1;
    const time = new Date(1_767_225_600_000 + second * 97).toISOString().slice(0, -1);
    const words = Array.from({ length: 3 + (random() % 9) }, () => WORDS[random() % WORDS.length]);
    const sum =
      random() % 4 === 0 ? ` sha256:${random().toString(16)}${random().toString(16)}` : '';
    text += `${time}${String(random() % 10_000).padStart(4, '0')}Z ${words.join(' ')}${sum} (${random() % 1_000} ms)\n`;
  }
  return text;
}

/** @returns {() => number} numbers of 31 bits */
function generator() {
  let state = 1;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7f_ff_ff_ff;
    return state >>> 4;
  };
}
