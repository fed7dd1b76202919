/** The page's script, for bundlers. */
import * as program from 'return-dispatch';
import { show } from './show.js';

show(program);
