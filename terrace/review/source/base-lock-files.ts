import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { unitPaths } from '../../delivery/bundle/bundle';
import type { VerifiedBundle } from '../../delivery/bundle/verify';

import { lockedProviders, lockedVersions } from './locked-versions';
import type { LockedVersion } from './source-change';

const run = promisify(execFile);

/** A file of a commit; undefined where the commit has none of that name. */
async function fileAt(repository: string, ref: string, file: string): Promise<string | undefined> {
  try {
    const { stdout } = await run('git', ['-C', repository, 'show', `${ref}:${file}`], { maxBuffer: 16 * 1024 * 1024 });
    return stdout;
  } catch {
    return undefined;
  }
}

/**
 * Providers whose version in the bundle's lock files differs from the one in the base's `stacks/<system>/.terraform.lock.hcl`.
 * Where the base has no such file, or there is no repository, nothing can be compared and nothing is reported.
 */
export async function changedProviders({ bundle, content }: VerifiedBundle, repository: string, base: string): Promise<readonly LockedVersion[]> {
  const systems = new Map<string, Map<string, string>>();
  for (const { unit } of bundle.units) {
    const bytes = content.files.get(`${unitPaths(unit.path).files}/.terraform.lock.hcl`);
    if (bytes === undefined) continue;
    const versions = systems.get(unit.system) ?? new Map<string, string>();
    for (const [provider, version] of lockedProviders(new TextDecoder().decode(bytes))) versions.set(provider, version);
    systems.set(unit.system, versions);
  }
  const found = await Promise.all(
    [...systems].map(async ([system, versions]) => {
      const file = `stacks/${system}/.terraform.lock.hcl`;
      const before = await fileAt(repository, base, file);
      if (before === undefined) return [];
      const after = [...versions].map(([provider, version]) => `provider "x/${provider}" {\n  version = "${version}"\n}`).join('\n');
      // A unit's file holds only the providers that it uses: one that is missing is not gone.
      return lockedVersions(file, before, after).filter((change) => change.after !== undefined);
    }),
  );
  return found.flat();
}
