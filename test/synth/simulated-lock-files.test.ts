import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { expect, test } from '@jest/globals';

import { simulatedHash } from '../../terrace/terraform/simulated-provider';
import { providerPackages } from '../../terrace/terraform/provider-packages';
import { removeSimulatedLockFiles } from '../../terrace/synth/simulated-lock-files';
import { inTemporaryFolder } from '../_helpers/demo-project';

const lockFile = (hash: string): string =>
  `provider "registry.terraform.io/hashicorp/aws" {\n  version = "6.25.0"\n  hashes = [\n    "${hash}",\n  ]\n}\n`;

test('a lock file with the hash of a simulated provider is removed, one of a real provider stays byte for byte', () =>
  inTemporaryFolder(async (root) => {
    const aws = providerPackages.find(({ source }) => source === 'hashicorp/aws');
    if (aws === undefined) throw new Error('no simulated aws');
    const real = lockFile(`h1:${'A'.repeat(43)}=`);
    for (const [folder, text] of [
      ['simulated', lockFile(simulatedHash(aws))],
      ['real', real],
    ] as const) {
      mkdirSync(path.join(root, folder));
      writeFileSync(path.join(root, folder, '.terraform.lock.hcl'), text);
    }
    const removed = await removeSimulatedLockFiles(['simulated', 'real', 'absent'].map((folder) => path.join(root, folder)));
    expect(removed).toEqual([path.join(root, 'simulated/.terraform.lock.hcl')]);
    expect(existsSync(path.join(root, 'simulated/.terraform.lock.hcl'))).toBe(false);
    expect(readFileSync(path.join(root, 'real/.terraform.lock.hcl'), 'utf8')).toBe(real);
  }));
