/** Where things lie. Everything else asks here, so a folder is renamed in one place. */
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');

/** @param {...string} parts */
export const inRoot = (...parts) => join(ROOT, ...parts);

/** The committed build that runners execute. */
export const DIST = inRoot('dist');

/** What the set-up installs for this checkout alone; ignored by git. */
export const TOOLS = inRoot('.tools');

/** Cargo's home: the registry's sources lie in it, and so do rustup's commands. */
export const CARGO_HOME = process.env.CARGO_HOME || join(homedir(), '.cargo');

/** What is too slow to build for every checkout anew. */
export const CACHE =
  process.env.RETURN_DISPATCH_CACHE ||
  join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'return-dispatch');
