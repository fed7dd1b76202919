/** What @actions/core takes of Node.js's module `os`, which takes a while to load. */

export const EOL = process.platform === 'win32' ? '\r\n' : '\n';

// Imported by what the action does not use, and no bundle contains.
export default undefined;
