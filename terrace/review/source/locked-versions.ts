import type { LockedVersion } from './source-change';

/** Provider → version of a `.terraform.lock.hcl`. */
export function lockedProviders(text: string): ReadonlyMap<string, string> {
  const blocks = text.matchAll(/^provider\s+"([^"]+)"\s*\{([^}]*)\}/gm);
  return new Map(
    [...blocks].flatMap(([, name = '', body = '']) => {
      const version = /^\s*version\s*=\s*"([^"]+)"/m.exec(body)?.[1];
      return version === undefined ? [] : [[name.replace(/^[^/]+\/(?=[^/]+\/)/, ''), version] as const];
    }),
  );
}

/** Providers whose version differs between two texts of one lock file; an absent text has none. */
export function lockedVersions(lockFile: string, before: string | undefined, after: string | undefined): readonly LockedVersion[] {
  const [old, now] = [lockedProviders(before ?? ''), lockedProviders(after ?? '')];
  return [...new Set([...old.keys(), ...now.keys()])].toSorted().flatMap((provider): readonly LockedVersion[] => {
    const [from, to] = [old.get(provider), now.get(provider)];
    if (from === to) return [];
    return [{ lockFile, provider, ...(from === undefined ? {} : { before: from }), ...(to === undefined ? {} : { after: to }) }];
  });
}
