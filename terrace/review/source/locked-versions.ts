import type { LockedVersion } from './source-change';

/** Provider (`hashicorp/aws`, without its registry) → version of a `.terraform.lock.hcl`. */
export function lockedProviders(text: string): ReadonlyMap<string, string> {
  const blocks = text.matchAll(/^provider\s+"([^"]+)"\s*\{([^}]*)\}/gm);
  return new Map(
    [...blocks].flatMap(([, name = '', body = '']) => {
      const version = /^\s*version\s*=\s*"([^"]+)"/m.exec(body)?.[1];
      return version === undefined ? [] : [[name.replace(/^[^/]+\/(?=[^/]+\/)/, ''), version] as const];
    }),
  );
}

/** Providers whose version differs between two states of one lock file. */
export function lockedVersions(
  lockFile: string,
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): readonly LockedVersion[] {
  return [...new Set([...before.keys(), ...after.keys()])].toSorted().flatMap((provider): readonly LockedVersion[] => {
    const [from, to] = [before.get(provider), after.get(provider)];
    if (from === to) return [];
    return [{ lockFile, provider, ...(from === undefined ? {} : { before: from }), ...(to === undefined ? {} : { after: to }) }];
  });
}
