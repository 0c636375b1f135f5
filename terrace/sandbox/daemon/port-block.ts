import { randomInt } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';

import { TerraceError } from '../../base/errors';

/** Ports of one block: the gateway and every simulated provider, with room for more. */
const blockSize = 32;
/** Below the range from which systems take the ports of outgoing connections (32768 and up on Linux, 49152 and up elsewhere). */
const firstPort = 20_000;
const blocks = 390;
/** How long a claim counts without settings, in milliseconds. */
const newFor = 60_000;

/** Where this user's sandboxes keep their claims, one file a block. */
export function claimsFolder(): string {
  return path.join(tmpdir(), `terrace-sandbox-ports-${userInfo().uid}`);
}

/**
 * Claims a block of loopback ports for a sandbox's folder and gives its first port. The claim is a file in `claims`, beside those of
 * other sandboxes, so that a stopped sandbox finds its ports free again; one whose folder is gone, or has other ports by now, is void.
 * When all blocks are claimed, the oldest claim that nothing listens on goes to the new sandbox: the other one has been stopped for
 * long, shares the block from then on, and is told to take new ports if both ever run at once (E5003).
 * `isClaimed` says whether the sandbox in a folder still has that first port. Raises E5007 when every block is in use.
 */
export async function claimPorts(dir: string, isClaimed: IsClaimed, claims: string): Promise<number> {
  mkdirSync(claims, { recursive: true, mode: 0o700 });
  const offset = randomInt(blocks);
  for (let index = 0; index < blocks; index += 1) {
    const port = firstPort + ((offset + index) % blocks) * blockSize;
    const claim = path.join(claims, String(port));
    if (!takeClaim(claim, dir, port, isClaimed)) continue;
    if (await isFreePort(port)) return port;
    rmSync(claim, { force: true });
  }
  for (const port of oldestFirst(claims)) {
    if (!(await isFreePort(port))) continue;
    rmSync(path.join(claims, String(port)), { force: true });
    if (write(path.join(claims, String(port)), dir)) return port;
  }
  throw new TerraceError({
    code: 'E5007',
    title: 'no ports left for a sandbox',
    place: dir,
    found: `all ${blocks} blocks of loopback ports from ${firstPort} are in use; they are listed in ${claims}`,
    todo: 'stop sandboxes that you no longer need: npx --no terrace sandbox stop',
  });
}

function oldestFirst(claims: string): number[] {
  return readdirSync(claims)
    .filter((name) => /^\d+$/.test(name))
    .map((name) => ({ port: Number(name), claimed: statSync(path.join(claims, name), { throwIfNoEntry: false })?.mtimeMs ?? 0 }))
    .filter(({ claimed }) => Date.now() - claimed > newFor)
    .sort((a, b) => a.claimed - b.claimed)
    .map(({ port }) => port);
}

/** The next port of a block that is neither used by the sandbox itself nor listened on. */
export async function nextPort(first: number, used: readonly number[]): Promise<number> {
  for (let port = first + 1; port < first + blockSize; port += 1) if (!used.includes(port) && (await isFreePort(port))) return port;
  throw new Error(`no free port between ${first} and ${first + blockSize}`);
}

/** True while nothing listens on a loopback port. */
export function isFreePort(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}

type IsClaimed = (dir: string, port: number) => boolean;

function takeClaim(claim: string, dir: string, port: number, isClaimed: IsClaimed): boolean {
  if (write(claim, dir)) return true;
  if (!isVoid(claim, port, isClaimed)) return false;
  rmSync(claim, { force: true });
  return write(claim, dir);
}

function write(claim: string, dir: string): boolean {
  try {
    writeFileSync(claim, dir, { flag: 'wx', mode: 0o600 });
    return true;
  } catch {
    return false;
  }
}

/** A claim just made has no settings behind it yet. */
function isVoid(claim: string, port: number, isClaimed: IsClaimed): boolean {
  try {
    return Date.now() - statSync(claim).mtimeMs > newFor && !isClaimed(readFileSync(claim, 'utf8'), port);
  } catch {
    return false;
  }
}
