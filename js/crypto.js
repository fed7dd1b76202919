/** In the place of Node.js's module of that name, which takes a while to load. */

export const randomUUID = () => globalThis.crypto.randomUUID();
