import type { Repository } from '../../git/repository';
import { unitPaths } from '../../delivery/bundle/bundle';
import type { VerifiedBundle } from '../../delivery/bundle/verify';

import { lockedProviders, lockedVersions } from './locked-versions';
import type { LockedVersion, SourceChange } from './source-change';

/** A commit as it is read here: the text of one of its files, undefined where it has none of that name. */
type FileOfBase = (file: string) => string | undefined;

/** What a commit says of the versions that the bundle was planned with. Raises E6030 where the commit cannot be read. */
export function compareWithBase(
  verified: VerifiedBundle,
  repository: Pick<Repository, 'fileAt'>,
  commit: string,
): Pick<SourceChange, 'lockedVersions' | 'terraform'> {
  const read: FileOfBase = (file) => repository.fileAt(commit, file);
  const terraform = changedTerraform(verified, read);
  return { lockedVersions: changedProviders(verified, read), ...(terraform === undefined ? {} : { terraform }) };
}

/** The terraform that planned, where the base pins another one. */
function changedTerraform({ bundle }: VerifiedBundle, read: FileOfBase): SourceChange['terraform'] {
  const pin = pinned(read);
  return pin === undefined || pin.version === bundle.terraform.version
    ? undefined
    : { file: pin.file, before: pin.version, after: bundle.terraform.version };
}

/** The terraform version that a commit pins in a file; undefined where it pins none. */
function pinned(read: FileOfBase): { readonly file: string; readonly version: string } | undefined {
  for (const file of ['.terraform-version', '.opentofu-version', '.tool-versions']) {
    const text = read(file);
    const version = file === '.tool-versions' ? /^(?:terraform|opentofu)\s+(\S+)/m.exec(text ?? '')?.[1] : text?.trim();
    if (version !== undefined && /^\d+\.\d+\.\d+/.test(version)) return { file, version };
  }
  return undefined;
}

/**
 * Providers whose version in the bundle's lock files differs from the one in the base's `stacks/<system>/.terraform.lock.hcl`.
 * Where the base has no such file, nothing can be compared and nothing is reported.
 */
function changedProviders({ bundle, content }: VerifiedBundle, read: FileOfBase): readonly LockedVersion[] {
  const systems = new Map<string, Map<string, string>>();
  for (const { unit } of bundle.units) {
    const bytes = content.files.get(`${unitPaths(unit.path).files}/.terraform.lock.hcl`);
    if (bytes === undefined) continue;
    const versions = systems.get(unit.system) ?? new Map<string, string>();
    for (const [provider, version] of lockedProviders(new TextDecoder().decode(bytes))) versions.set(provider, version);
    systems.set(unit.system, versions);
  }
  return [...systems].flatMap(([system, versions]) => {
    const file = `stacks/${system}/.terraform.lock.hcl`;
    const before = read(file);
    // A unit's file holds only the providers that it uses: one that is missing is not gone.
    return before === undefined
      ? []
      : lockedVersions(file, lockedProviders(before), versions).filter((change) => change.after !== undefined);
  });
}
