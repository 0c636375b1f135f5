import { firstLines } from '../../base/plural';
import { isSandbox } from '../../base/sandbox-shell';
import { refused } from '../problems';

/** Raises E6020 for a work tree that differs from its commit, but in the sandbox; `changedFiles` says where. */
export function refuseDirty(
  { dirty, changedFiles }: { readonly dirty: boolean; readonly changedFiles?: () => readonly string[] },
  env: NodeJS.ProcessEnv,
): void {
  if (!dirty || isSandbox(env)) return;
  throw refused('E6020', {
    found: firstLines(['uncommitted changes: the plan could not be tied to a commit', ...(changedFiles?.() ?? [])], 11),
    todo: 'commit, then plan',
  });
}
