// Built by `npm run build` from js/, src/ and simulator/: change those, not this file.
// @ts-nocheck
Object.defineProperty(exports, Symbol.toStringTag, { value: 'Module' });
let return_dispatch_simulator = require("return-dispatch-simulator");

Object.defineProperty(exports, "startGitHub", {
  enumerable: true,
  get: function () {
    return return_dispatch_simulator.startGitHub;
  }
});