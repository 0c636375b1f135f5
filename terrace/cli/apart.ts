import { spawnSync } from 'node:child_process';

/** A person may do this without being root: namespaces of users and of processes, and a /proc that shows only the latter. */
const unshare = ['/usr/bin/unshare', '--user', '--map-current-user', '--pid', '--fork', '--kill-child', '--mount-proc', '--'] as const;

let words: readonly string[] | undefined;

/**
 * The words before a program that make it see no other process. On Linux it could read in `/proc/<id>/environ` what whoever started it
 * signs in with, whatever its own environment holds. None where the kernel does not allow that (many containers, some distributions) and on other systems,
 * where nothing shows another process's environment as a file.
 */
export function apart(): readonly string[] {
  words ??= isAllowed() ? unshare : [];
  return words;
}

function isAllowed(): boolean {
  if (process.platform !== 'linux') return false;
  const [program, ...options] = unshare;
  return spawnSync(program, [...options, process.execPath, '--version'], { stdio: 'ignore', timeout: 10_000 }).status === 0;
}
