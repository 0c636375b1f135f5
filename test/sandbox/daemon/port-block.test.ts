import { readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import path from 'node:path';

import { afterAll, expect, test } from '@jest/globals';

import { claimPorts, isFreePort, nextPort } from '../../../terrace/sandbox/daemon/port-block';
import { temporaryFolder } from '../../_helpers/sandbox';

const claims = temporaryFolder('terrace-claims-');
const servers: Server[] = [];
afterAll(() => {
  for (const server of servers) server.close();
  rmSync(claims, { recursive: true });
});

const listenOn = (port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      servers.push(server);
      resolve((server.address() as AddressInfo).port);
    });
  });

/** First ports of all blocks. */
const all = Array.from({ length: 390 }, (_, index) => 20_000 + index * 32);

/** A block of which nobody on this computer listens on the first port just now. */
async function freeBlock(): Promise<number> {
  for (const port of all) if (await isFreePort(port)) return port;
  throw new Error('no block is free');
}

test('no two sandboxes get the same block, as long as they keep it', async () => {
  const claimed = await Promise.all(Array.from({ length: 60 }, (_, index) => claimPorts(`/sandbox/${index}`, () => true, claims)));
  expect(new Set(claimed).size).toBe(60);
  for (const port of claimed) expect((port - 20_000) % 32).toBe(0);
  expect(Math.max(...claimed)).toBeLessThan(32_768);
});

test('a claim of a sandbox that is gone is taken over, one of a sandbox that keeps its ports is not', async () => {
  const folder = temporaryFolder('terrace-claims-');
  const long = new Date(Date.now() - 120_000);
  const claimAll = (owner: (port: number) => string): void => {
    for (const port of all) {
      writeFileSync(path.join(folder, String(port)), owner(port));
      utimesSync(path.join(folder, String(port)), long, long);
    }
  };
  const gone = await freeBlock();
  claimAll((port) => (port === gone ? '/gone' : '/kept'));
  expect(await claimPorts('/sandbox/new', (owner) => owner === '/kept', folder)).toBe(gone);
  expect(readFileSync(path.join(folder, String(gone)), 'utf8')).toBe('/sandbox/new');
  rmSync(folder, { recursive: true });
});

test('with every block claimed, the oldest claim that nothing listens on is taken over', async () => {
  const folder = temporaryFolder('terrace-claims-');
  const held = await listenOn(await freeBlock());
  const free = await freeBlock();
  for (const port of all) {
    writeFileSync(path.join(folder, String(port)), `/kept/${port}`);
    const claimed = new Date(Date.now() - 120_000 - (port === held ? 3_600_000 : port === free ? 1_800_000 : 0));
    utimesSync(path.join(folder, String(port)), claimed, claimed);
  }
  expect(await claimPorts('/sandbox/new', () => true, folder)).toBe(free);
  expect(readFileSync(path.join(folder, String(free)), 'utf8')).toBe('/sandbox/new');
  expect(readFileSync(path.join(folder, String(held)), 'utf8')).toBe(`/kept/${held}`);
  rmSync(folder, { recursive: true });
});

test('with every block just claimed, there is none left (E5007)', async () => {
  const folder = temporaryFolder('terrace-claims-');
  for (const port of all) writeFileSync(path.join(folder, String(port)), '/kept');
  await expect(claimPorts('/sandbox/new', () => true, folder)).rejects.toThrow(/^E5007 /);
  rmSync(folder, { recursive: true });
});

test('ports of a block are taken in order, past those in use and those that others listen on', async () => {
  const first = await claimPorts('/sandbox/ordered', () => true, claims);
  expect(await nextPort(first, [])).toBe(first + 1);
  expect(await nextPort(first, [first + 1])).toBe(first + 2);
  await listenOn(first + 1);
  expect(await isFreePort(first + 1)).toBe(false);
  expect(await nextPort(first, [first + 2])).toBe(first + 3);
});

test('a block without a free port is an error', async () => {
  const used = Array.from({ length: 31 }, (_, index) => 20_001 + index);
  await expect(nextPort(20_000, used)).rejects.toThrow('no free port between 20000 and 20032');
});
