import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { unitPaths } from '../../delivery/bundle/bundle';
import type { VerifiedBundle } from '../../delivery/bundle/verify';

import { lockedProviders, lockedVersions as differing } from './locked-versions';
import type { LockedVersion, SourceChange } from './source-change';

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

/** The terraform version that a commit pins in a file; undefined where it pins none. */
async function pinned(repository: string, ref: string): Promise<{ readonly file: string; readonly version: string } | undefined> {
  for (const file of ['.terraform-version', '.opentofu-version', '.tool-versions']) {
    const text = await fileAt(repository, ref, file);
    const version = file === '.tool-versions' ? /^(?:terraform|opentofu)\s+(\S+)/m.exec(text ?? '')?.[1] : text?.trim();
    if (version !== undefined && /^\d+\.\d+\.\d+/.test(version)) return { file, version };
  }
  return undefined;
}

/** The terraform that planned, where the base pins another one. */
async function changedTerraform({ bundle }: VerifiedBundle, repository: string, base: string): Promise<SourceChange['terraform']> {
  const pin = await pinned(repository, base);
  return pin === undefined || pin.version === bundle.terraform.version
    ? undefined
    : { file: pin.file, before: pin.version, after: bundle.terraform.version };
}

/**
 * Providers whose version in the bundle's lock files differs from the one in the base's `stacks/<system>/.terraform.lock.hcl`.
 * Where the base has no such file, or there is no repository, nothing can be compared and nothing is reported.
 */
async function changedProviders({ bundle, content }: VerifiedBundle, repository: string, base: string): Promise<readonly LockedVersion[]> {
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
      return differing(file, before, after).filter((change) => change.after !== undefined);
    }),
  );
  return found.flat();
}

/** What git says of the versions that the bundle was planned with, compared with the base. */
export async function compareWithBase(
  verified: VerifiedBundle,
  repository: string,
  base: string,
): Promise<Pick<SourceChange, 'lockedVersions' | 'terraform'>> {
  const [lockedVersions, terraform] = await Promise.all([
    changedProviders(verified, repository, base),
    changedTerraform(verified, repository, base),
  ]);
  return { lockedVersions, ...(terraform === undefined ? {} : { terraform }) };
}
