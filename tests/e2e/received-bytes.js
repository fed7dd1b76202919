/**
 * Loaded into the process under test: writes down at its end how many bytes it took from each server, by port, as JSON.
 * What a server has sent says less: operating systems hold some megabytes that nobody has read.
 */
import { subscribe } from 'node:diagnostics_channel';
import { writeFileSync } from 'node:fs';

/** @typedef {import('node:net').Socket} Socket */

/** @type {{ socket: Socket, port: number }[]} */
const connections = [];

subscribe('net.client.socket', (message) => {
  const { socket } = /** @type {{ socket: Socket }} */ (message);
  socket.once('connect', () => connections.push({ socket, port: socket.remotePort ?? 0 }));
});

process.on('exit', () => {
  /** @type {Record<string, number>} */
  const received = {};
  for (const { socket, port } of connections) {
    received[port] = (received[port] ?? 0) + socket.bytesRead;
  }
  const { RECEIVED_BYTES_FILE } = process.env;
  if (RECEIVED_BYTES_FILE) writeFileSync(RECEIVED_BYTES_FILE, JSON.stringify(received));
});
