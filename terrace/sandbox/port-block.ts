import { randomInt } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';

/** Ports of one block: the front and every simulated provider, with room for more. */
const blockSize = 32;
/** Below the range from which systems take the ports of outgoing connections (32768 and up on Linux, 49152 and up elsewhere). */
const firstPort = 20_000;
const blocks = 390;
/** How long a claim counts without settings, in milliseconds. */
const newFor = 60_000;

/**
 * Claims a block of loopback ports for a sandbox's folder and gives its first port. The claim is a file beside other sandboxes' claims,
 * so that a stopped sandbox finds its ports free again; one whose folder is gone, or has other ports by now, is void.
 * `isClaimed` says whether the sandbox in a folder still has that first port.
 */
export async function claimPorts(dir: string, isClaimed: IsClaimed): Promise<number> {
  const claims = path.join(tmpdir(), `terrace-sandbox-ports-${userInfo().uid}`);
  mkdirSync(claims, { recursive: true, mode: 0o700 });
  const offset = randomInt(blocks);
  for (let index = 0; index < blocks; index += 1) {
    const port = firstPort + ((offset + index) % blocks) * blockSize;
    const claim = path.join(claims, String(port));
    if (!takeClaim(claim, dir, port, isClaimed)) continue;
    if (await isFreePort(port)) return port;
    rmSync(claim, { force: true });
  }
  throw new Error(`every block of loopback ports from ${firstPort} is claimed by another sandbox; ${claims} holds the claims`);
}

/** The next port of a block that is neither used by the sandbox itself nor listened on. */
export async function nextPort(front: number, used: readonly number[]): Promise<number> {
  for (let port = front + 1; port < front + blockSize; port += 1) if (!used.includes(port) && (await isFreePort(port))) return port;
  throw new Error(`no free port between ${front} and ${front + blockSize}`);
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
