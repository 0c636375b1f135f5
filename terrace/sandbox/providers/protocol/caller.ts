import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { Socket } from 'node:net';

import type { Caller } from '../engine/context';

const nobody: Caller = { environment: {}, known: false };
/** Another user of this machine, whose variables nobody may read. */
const stranger: Caller = { environment: {}, known: true };

/**
 * The terraform process behind a connection, by its environment and directory: a daemon serves many shells, and the account of a shell
 * or what a relative path means stands nowhere else. Linux tells which process owns the other end of a loopback connection; elsewhere the caller stays unknown.
 */
export function callerOf(socket: Socket): Caller {
  if (process.platform !== 'linux' || socket.remotePort === undefined) return nobody;
  try {
    const found = socketOf(socket.remotePort, socket.localPort ?? 0);
    if (found !== undefined && found.user !== String(process.getuid?.())) return stranger;
    const pid = found === undefined ? undefined : ownerOf(found.inode);
    return pid === undefined
      ? nobody
      : {
          environment: environmentOf(pid),
          directory: readlinkSync(`/proc/${pid}/cwd`),
          command: readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1),
          process: `${pid} ${startOf(pid)}`,
          known: true,
        };
  } catch {
    return nobody;
  }
}

interface KernelSocket {
  readonly inode: string;
  /** User id of its owner. */
  readonly user: string;
}

/** The socket whose local end is the given port, from the kernel's table; ports are hexadecimal there. */
function socketOf(local: number, remote: number): KernelSocket | undefined {
  const suffix = (port: number): string => `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const line of readFileSync(table, 'utf8').split('\n')) {
      const fields = line.trim().split(/\s+/);
      if (fields[1]?.endsWith(suffix(local)) === true && fields[2]?.endsWith(suffix(remote)) === true)
        return { inode: fields[9] ?? '', user: fields[7] ?? '' };
    }
  }
  return undefined;
}

function ownerOf(inode: string): string | undefined {
  const wanted = `socket:[${inode}]`;
  const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && name !== String(process.pid));
  // The newest process is the likeliest.
  return processes
    .sort((left, right) => Number(right) - Number(left))
    .find((pid) => {
      try {
        return readdirSync(`/proc/${pid}/fd`).some((descriptor) => {
          try {
            return readlinkSync(`/proc/${pid}/fd/${descriptor}`) === wanted;
          } catch {
            return false;
          }
        });
      } catch {
        return false;
      }
    });
}

/** When a process began, in clock ticks: a process id is given again. */
function startOf(pid: string): string {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

function environmentOf(pid: string): Readonly<Record<string, string>> {
  const pairs = readFileSync(`/proc/${pid}/environ`, 'utf8')
    .split('\0')
    .filter((pair) => pair.includes('='));
  return Object.fromEntries(pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]));
}
