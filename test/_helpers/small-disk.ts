import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';

import { expect, test } from '@jest/globals';

/** A folder that is a disk of its own, of a given size, for one program only. */
export interface SmallDisk {
  readonly folder: string;
  /** Bytes; rounded up to whole pages of 4096. */
  readonly bytes: number;
}

/** Words before a program so that it sees the disk. */
export type OnSmallDisk = (disk: SmallDisk) => readonly string[];

/** Ways to a mount of one's own: as root, in a user namespace, through sudo. */
const ways: readonly (readonly string[])[] = [
  ['unshare', '--mount'],
  ['unshare', '--map-root-user', '--mount'],
  ['sudo', '-n', '--preserve-env', 'unshare', '--mount'],
];

/**
 * Registers tests that fill a real disk: a tmpfs in a mount namespace of the program under test, so that nothing else sees it. Where no way
 * leads there, as in a container without rights, one test takes their place; it fails for who may mount and yet could not.
 */
export function whereDisksCanBeMounted(register: (on: OnSmallDisk) => void): void {
  const way = ways.find(([program = '', ...args]) => spawnSync(program, [...args, 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0);
  if (way !== undefined) return register((disk) => wordsFor(way, disk));
  test('no disk can be mounted here: what needs a full one is left out', () => {
    process.stderr.write('left out: the tests that fill a disk; neither root, nor user namespaces, nor sudo may mount one here\n');
    expect(mayMount()).toBe(false);
  });
}

/** CAP_SYS_ADMIN among the effective capabilities of this process. */
function mayMount(): boolean {
  try {
    const set = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0';
    return (BigInt(`0x${set}`) & (1n << 21n)) !== 0n;
  } catch {
    return false;
  }
}

function wordsFor(way: readonly string[], { folder, bytes }: SmallDisk): readonly string[] {
  mkdirSync(folder, { recursive: true });
  const [user, group] = [process.getuid?.() ?? 0, process.getgid?.() ?? 0];
  const sudo = way[0] === 'sudo';
  const owner = sudo ? `,uid=${user},gid=${group}` : '';
  // Through sudo the program must not be root: what it writes elsewhere belongs to who runs the tests.
  const as = sudo ? `env PATH="$TEST_PATH" setpriv --reuid=${user} --regid=${group} --clear-groups` : '';
  const script = `mount -t tmpfs -o size=${bytes},mode=0700${owner} tmpfs "$0" && exec ${as} "$@"`;
  return [...(sudo ? ['env', `TEST_PATH=${process.env['PATH'] ?? ''}`] : []), ...way, 'sh', '-c', script, folder];
}
