import { sha256 } from '../../terrace/base/canonical';
import type { AcceptedCommit } from '../../terrace/delivery/accepted/accepted-commit';
import { acceptedUrl, type AcceptedStore } from '../../terrace/state/accepted-object';

/** Accepted commits in memory, by `s3://bucket/key`. */
export interface MemoryAccepted extends AcceptedStore {
  readonly objects: Map<string, string>;
  /** What an environment accepts at a place, as a first set-up leaves it. */
  put(url: string, environment: string, commit: string, change?: Partial<AcceptedCommit>): void;
}

export function memoryAccepted(): MemoryAccepted {
  const objects = new Map<string, string>();
  return {
    objects,
    put: (url, environment, commit, change = {}) => {
      const accepted: AcceptedCommit = {
        version: 1,
        environment,
        commit,
        by: 'bootstrap',
        at: '2026-11-21T10:00:00.000Z',
        bundle: null,
        before: null,
        ...change,
      };
      objects.set(url, JSON.stringify(accepted));
    },
    read: async (object) => {
      const text = objects.get(acceptedUrl(object));
      return text === undefined ? undefined : { text, etag: sha256(text) };
    },
    write: async (object, _env, text, before) => {
      const now = objects.get(acceptedUrl(object));
      if ((now === undefined ? undefined : sha256(now)) !== before?.etag) return false;
      objects.set(acceptedUrl(object), text);
      return true;
    },
  };
}
