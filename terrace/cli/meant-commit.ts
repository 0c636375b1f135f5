import { openRepository } from '../git/repository';

/**
 * The commit that `--commit` means: a branch, `HEAD` or short id is looked up in the repository, a whole id is taken as it is, for a
 * bundle may be of a commit that this clone does not hold. Without a repository the words themselves are compared. Raises E6030.
 */
export function meantCommit(name: string, root: string): string {
  if (/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(name)) return name;
  return openRepository(root)?.commitOf(name) ?? name;
}
