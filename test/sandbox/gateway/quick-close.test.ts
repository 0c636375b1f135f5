import { existsSync, readFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

import { expect, test } from '@jest/globals';

import { closeQuickly } from '../../../terrace/sandbox/gateway/quick-close';

const listen = (server: Server): Promise<number> =>
  new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)));
const closing = (socket: Socket): Promise<unknown> => new Promise((resolve) => socket.once('close', resolve));

/** Connections to or from a port that the kernel still remembers, but for the listening one. */
function remembered(port: number): readonly string[] {
  if (!existsSync('/proc/net/tcp')) return [];
  const end = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const lines = readFileSync('/proc/net/tcp', 'utf8').split('\n');
  return lines
    .map((line) => line.trim().split(/\s+/))
    .flatMap(([, local = '', remote = '', state = '']) =>
      state !== '0A' && (local.endsWith(end) || remote.endsWith(end)) ? [`${local} ${remote} ${state}`] : [],
    );
}

test('a connection that its client has ended is forgotten at once', async () => {
  const ended: Promise<unknown>[] = [];
  const server = createServer((socket) => {
    closeQuickly(socket);
    ended.push(closing(socket));
    socket.on('data', (bytes) => socket.write(bytes));
  });
  const port = await listen(server);
  for (let round = 0; round < 3; round += 1) {
    const client = connect(port, '127.0.0.1');
    client.write('x');
    await new Promise((resolve) => client.once('data', resolve));
    client.destroy();
    await ended[round];
  }
  server.close();
  expect(remembered(port)).toEqual([]);
});

test('a client that ends its side before it has its answer gets the answer', async () => {
  let owed = 0;
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    closeQuickly(socket, () => owed === 0);
    owed += 1;
    socket.resume();
    setTimeout(() => socket.end('answer', () => (owed -= 1)), 50);
  });
  const port = await listen(server);
  const client = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  let answer = '';
  client.on('data', (bytes) => (answer += bytes.toString()));
  client.end('question');
  await closing(client);
  server.close();
  expect(answer).toBe('answer');
});
