/** The embedded GitHub: a package of its own, as who only dispatches has no use for it. */
export { startGitHub } from 'return-dispatch-simulator';
