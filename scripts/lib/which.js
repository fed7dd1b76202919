/** Finding a command without starting it: the set-up must cost next to nothing when it has nothing to do. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const WINDOWS = process.platform === 'win32';

/**
 * @param {string} command
 * @param {string} [path] folders to search, as in the variable `PATH`
 * @returns {string | undefined} the command's file
 */
export function which(command, path = process.env.PATH ?? '') {
  const names = WINDOWS ? [`${command}.exe`, `${command}.cmd`] : [command];
  return path
    .split(delimiter)
    .filter(Boolean)
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .find(isExecutable);
}

/** @param {string} file */
function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
