import type { Repository } from '../../git/repository';
import type { Model } from '../../model/model';
import { selectorPath } from '../../model/select';
import { historyOf } from '../affected/history';
import type { MemoryRequest } from './standing';

/** What a plan of a model remembers, by its repository and the flags of the command. */
export function memoryOf(
  { commit, dirty }: Pick<Model, 'commit' | 'dirty'>,
  repository: Repository | undefined,
  flags: { readonly leaveOut?: boolean; readonly startEmpty?: readonly string[] },
): MemoryRequest {
  const isKnown = repository !== undefined && commit !== null && repository.has(commit);
  return {
    ...(isKnown ? { history: historyOf(repository, commit, dirty) } : {}),
    leaveOut: flags.leaveOut ?? false,
    startEmpty: (flags.startEmpty ?? []).map(selectorPath),
  };
}
