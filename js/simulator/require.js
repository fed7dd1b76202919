/** The embedded GitHub for programs that `require` it. */

/** @type {typeof import('./index.js').startGitHub} */
export async function startGitHub(options) {
  const module = await import('./index.js');
  return module.startGitHub(options);
}
