/** The embedded GitHub for programs that `require` it. */

/** @type {typeof import('./simulator.js').startGitHub} */
export async function startGitHub(options) {
  const module = await import('./simulator.js');
  return module.startGitHub(options);
}
