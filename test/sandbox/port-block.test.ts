import { type AddressInfo, createServer, type Server } from 'node:net';

import { afterAll, expect, test } from '@jest/globals';

import { claimPorts, isFreePort, nextPort } from '../../terrace/sandbox/port-block';
import { temporaryFolder } from '../_helpers/sandbox';

const before = process.env['TMPDIR'];
process.env['TMPDIR'] = temporaryFolder('terrace-claims-');
const servers: Server[] = [];
afterAll(() => {
  if (before === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = before;
  for (const server of servers) server.close();
});

const listenOn = (port: number): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer();
    servers.push(server);
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });

test('no two sandboxes get the same block, as long as they keep it', async () => {
  const claimed = await Promise.all(Array.from({ length: 60 }, (_, index) => claimPorts(`/sandbox/${index}`, () => true)));
  expect(new Set(claimed).size).toBe(60);
  for (const port of claimed) expect((port - 20_000) % 32).toBe(0);
  expect(Math.max(...claimed)).toBeLessThan(32_768);
});

test('ports of a block are taken in order, past those in use and those that others listen on', async () => {
  const front = await claimPorts('/sandbox/ordered', () => true);
  expect(await nextPort(front, [])).toBe(front + 1);
  expect(await nextPort(front, [front + 1])).toBe(front + 2);
  await listenOn(front + 1);
  expect(await isFreePort(front + 1)).toBe(false);
  expect(await nextPort(front, [front + 2])).toBe(front + 3);
});

test('a block without a free port is an error', async () => {
  const used = Array.from({ length: 31 }, (_, index) => 20_001 + index);
  await expect(nextPort(20_000, used)).rejects.toThrow('no free port between 20000 and 20032');
});
