/** Runs what everything.ts was compiled to. */
import { everything } from './compiled/everything.js';

for (const line of await everything()) console.log(line);
