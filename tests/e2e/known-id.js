/** Loaded into the action's process before it: nothing is random there, so that its distinct ID is known. */
const { webcrypto } = await import('node:crypto');

webcrypto.getRandomValues = (array) => {
  if (array) new Uint8Array(array.buffer).fill(7);
  return array;
};
