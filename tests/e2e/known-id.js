/** Loaded into the action's process before it: nothing is random there, so that its distinct ID is known. */
import fs from 'node:fs';

const { openSync } = fs;
fs.openSync = (path, flags, mode) =>
  openSync(path === '/dev/urandom' ? '/dev/zero' : path, flags, mode);
