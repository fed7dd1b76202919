/** A CommonJS module, with the copy that is imported beside its own. */
const required = require('return-dispatch');
const simulator = require('return-dispatch/simulator');

Promise.all([import('./call.js'), import('return-dispatch')]).then(([{ call }, imported]) =>
  call(required, imported, simulator),
);
