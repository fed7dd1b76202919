/** The page's script as it stands, without a bundler: the package's file is named in full. */
// @ts-expect-error: to the server of the page it is a file, to the compiler a folder that is not there
import * as program from './node_modules/return-dispatch/dist/index.js';
import { show } from './show.js';

show(program);
