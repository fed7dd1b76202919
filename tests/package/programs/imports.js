/** An ES module, with the copy that is required beside its own. */
import { createRequire } from 'node:module';
import * as imported from 'return-dispatch';
import * as simulator from 'return-dispatch/simulator';
import { call } from './call.js';

await call(imported, createRequire(import.meta.url)('return-dispatch'), simulator);
