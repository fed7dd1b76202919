/** The bundle of library.js that is named on the command line, with the installed copy beside it. */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as imported from 'return-dispatch';
import * as simulator from 'return-dispatch/simulator';
import { call } from './call.js';

const bundle = await import(pathToFileURL(resolve(process.argv[2] ?? '')).href);
await call(bundle.default ?? bundle, imported, simulator);
