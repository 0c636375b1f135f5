import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { openRepository, type Repository } from '../../../terrace/git/repository';
import { verifyContent, type VerifiedBundle } from '../../../terrace/delivery/bundle/verify';
import { compareWithBase } from '../../../terrace/review/source/compare-with-base';
import { newCast, sealedBundle } from '../../_helpers/sealed-bundle';
import { scratchRepository, type ScratchRepository } from '../../_helpers/scratch-repository';
import { network } from '../../_helpers/shop-tree';

const lockFile = (versions: Readonly<Record<string, string>>, registry = 'registry.terraform.io'): string =>
  Object.entries(versions)
    .map(([provider, version]) => `provider "${registry}/${provider}" {\n  version = "${version}"\n  hashes = [\n    "h1:x=",\n  ]\n}\n`)
    .join('\n');

let scratch: ScratchRepository;
let repository: Repository;
let bundle: VerifiedBundle;
beforeAll(async () => {
  scratch = scratchRepository();
  const opened = openRepository(scratch.root);
  if (opened === undefined) throw new Error(scratch.root);
  repository = opened;
  bundle = await verifyContent(
    await sealedBundle(
      {
        units: [
          { unit: network(), lockFile: lockFile({ 'hashicorp/aws': '6.25.0' }, 'registry.opentofu.org') },
          { unit: { ...network(), id: 'network/dns' }, lockFile: lockFile({ 'hashicorp/aws': '6.25.0', 'hashicorp/random': '3.7.2' }) },
        ],
      },
      await newCast(),
    ),
  );
}, 600_000);
afterAll(() => scratch.dispose());

const compared = (files: Readonly<Record<string, string>>) => {
  for (const [name, content] of Object.entries(files)) scratch.file(name, content);
  const commit = scratch.commit('base');
  for (const name of Object.keys(files)) scratch.git('rm', '--quiet', name);
  return compareWithBase(bundle, repository, commit);
};

test('providers of another version than the base’s lock file are named with both, those that a unit does not use are not', () => {
  const base = lockFile({ 'hashicorp/aws': '6.20.0', 'hashicorp/tls': '4.1.0' });
  expect(compared({ 'stacks/shop/.terraform.lock.hcl': base })).toEqual({
    lockedVersions: [
      { lockFile: 'stacks/shop/.terraform.lock.hcl', provider: 'hashicorp/aws', before: '6.20.0', after: '6.25.0' },
      { lockFile: 'stacks/shop/.terraform.lock.hcl', provider: 'hashicorp/random', after: '3.7.2' },
    ],
  });
});

test('the same versions are no change, whatever the registry and the hashes', () => {
  const base = lockFile({ 'hashicorp/aws': '6.25.0', 'hashicorp/random': '3.7.2' });
  expect(compared({ 'stacks/shop/.terraform.lock.hcl': base })).toEqual({ lockedVersions: [] });
});

test('a base without a lock file or a pinned terraform gives nothing to compare with', () => {
  expect(compared({ 'README.md': 'shop\n' })).toEqual({ lockedVersions: [] });
});

test.each([
  ['.terraform-version', '1.10.5\n'],
  ['.opentofu-version', '1.10.5'],
  ['.tool-versions', 'nodejs 20.19.0\nterraform 1.10.5\n'],
])('another terraform than the one that %s of the base pins is named', (file, text) => {
  expect(compared({ [file]: text }).terraform).toEqual({ file, before: '1.10.5', after: '1.11.4' });
});

test('the pinned terraform, and a pin that is no version, are no change', () => {
  expect(compared({ '.terraform-version': '1.11.4\n' }).terraform).toBeUndefined();
  expect(compared({ '.terraform-version': 'latest\n' }).terraform).toBeUndefined();
});

test('a name that git would take for an option is no commit', () => {
  expect(() => repository.commitOf('--output=/nonexistent/taken')).toThrow('E6030');
});
