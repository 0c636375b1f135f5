import { spawnSync } from 'node:child_process';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';

import { packageRoot } from './package-file';
import { outOfReach } from './out-of-reach';

/**
 * How far a program is kept from what somebody signs in with: `out of reach` where it sees no other process, has no network, and finds
 * folders of credentials empty; `processes` where it sees no other process; `not` where the system gives a person no namespaces.
 */
export type Apartness = 'out of reach' | 'processes' | 'not';

/** Words before a program that set it apart, and how far that goes. */
export interface Apart {
  readonly how: Apartness;
  readonly words: readonly string[];
}

const program = '/usr/bin/unshare';
/** A person may do this without being root: namespaces of users and of processes, and a /proc that shows only the latter. */
const processes = [program, '--user', '--map-current-user', '--pid', '--fork', '--kill-child', '--mount-proc', '--'] as const;
/** The same with mounts of its own, and no network: its root may mount, which the program that is started in the end is not. */
const mounting = [
  program,
  '--user',
  '--map-root-user',
  '--mount',
  '--net',
  '--pid',
  '--fork',
  '--kill-child',
  '--mount-proc',
  '--',
] as const;

/**
 * Lays something empty over each place, then starts the rest as the person again. From a user namespace below that of the mounts nothing of
 * them can be taken away.
 */
const script = `while [ "$1" != -- ]; do
  if [ -d "$1" ]; then PATH=/usr/bin:/bin:/usr/sbin:/sbin mount -t tmpfs -o ro,mode=0555,size=4k none "$1"
  elif [ -e "$1" ]; then PATH=/usr/bin:/bin:/usr/sbin:/sbin mount --bind /dev/null "$1"; fi || exit 125
  shift
done
group=$2
shift 2
exec ${program} --user --map-user="$0" --map-group="$group" -- "$@"`;

const known = new Map<string, Apart>();

/**
 * The words before a program that keep it from what somebody signs in with, whatever its own environment holds. On Linux it could read in
 * `/proc/<id>/environ` what whoever started it was given, and files of their home by their paths. `root` is what it works on.
 * Less, or none, where the kernel does not allow that (many containers, some distributions) and on other systems.
 */
export function apart(root: string, env: NodeJS.ProcessEnv = process.env): Apart {
  const name = `${env['HOME'] ?? ''}\n${root}`;
  const found = known.get(name) ?? allowed(root, env);
  known.set(name, found);
  return found;
}

/** A program with its arguments, set apart as far as this computer lets it. */
export function commandApart(
  root: string,
  given: string,
  args: readonly string[],
): { readonly program: string; readonly args: readonly string[] } {
  const [first, ...words] = apart(root).words;
  return first === undefined ? { program: given, args } : { program: first, args: [...words, given, ...args] };
}

function allowed(root: string, env: NodeJS.ProcessEnv): Apart {
  if (process.platform !== 'linux') return { how: 'not', words: [] };
  const { uid, gid, homedir: home } = userInfo();
  const places = outOfReach({
    homes: [...new Set([home, ...(env['HOME'] === undefined ? [] : [env['HOME']])])],
    env,
    words: process.argv.slice(2),
    needed: neededBy(root, env),
  });
  const words = [...mounting, '/bin/sh', '-c', script, String(uid), ...places, '--', String(gid)];
  if (runs(words)) return { how: 'out of reach', words };
  return runs(processes) ? { how: 'processes', words: processes } : { how: 'not', words: [] };
}

/** Everything that lies where somebody may also keep what they sign in with, and without which nothing is built. */
function neededBy(root: string, env: NodeJS.ProcessEnv): readonly string[] {
  const named = ['TMPDIR', 'NODE_COMPILE_CACHE', 'GIT_CONFIG_GLOBAL', 'GIT_CONFIG_SYSTEM'].flatMap((name) => env[name] ?? []);
  const above: string[] = [];
  for (let at = path.resolve(root); ; at = path.dirname(at)) {
    above.push(path.join(at, '.git'), path.join(at, 'node_modules'));
    if (at === path.dirname(at)) break;
  }
  return [root, packageRoot(), process.execPath, tmpdir(), ...named, ...above];
}

function runs([first = '', ...rest]: readonly string[]): boolean {
  return spawnSync(first, [...rest, '/bin/true'], { stdio: 'ignore', timeout: 10_000 }).status === 0;
}
