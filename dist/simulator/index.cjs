// Built by `npm run build` from js/, src/ and simulator/: change those, not this file.
// @ts-nocheck
Object.defineProperty(exports, Symbol.toStringTag, { value: 'Module' });
// js/simulator/require.js
async function startGitHub(options) {
	return (await import("./index.js")).startGitHub(options);
}

exports.startGitHub = startGitHub;