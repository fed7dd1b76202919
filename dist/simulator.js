// Built by `npm run build` from js/, src/ and simulator/: change those, not this file.
// @ts-nocheck
import { startGitHub } from "return-dispatch-simulator";

export { startGitHub };