import { readFileSync } from 'node:fs';

import { expect, test } from '@jest/globals';

const { complete }: { readonly complete: (lock: Lock) => Lock } = require('../../scripts/lock-file.js');

interface Lock {
  readonly packages: Readonly<
    Record<
      string,
      {
        readonly version?: string;
        readonly os?: readonly string[];
        readonly cpu?: readonly string[];
        readonly optionalDependencies?: Readonly<Record<string, string>>;
      }
    >
  >;
}

test('the binaries of other platforms are added with their version, system and processor; what is there stays', () => {
  const lock: Lock = {
    packages: {
      'node_modules/tool': {
        version: '1.0.0',
        optionalDependencies: {
          '@tool/linux-x64': '1.0.0',
          '@tool/binding-darwin-arm64': '1.0.0',
          '@tool/linux-arm-gnueabihf': '1.0.0',
          'fast-things': '^2.0.0',
        },
      },
      'node_modules/@tool/linux-x64': { version: '1.0.0', os: ['linux'], cpu: ['x64'] },
    },
  };
  const { packages } = complete(lock);
  expect(packages['node_modules/@tool/binding-darwin-arm64']).toEqual({ version: '1.0.0', cpu: ['arm64'], optional: true, os: ['darwin'] });
  expect(packages['node_modules/@tool/linux-arm-gnueabihf']).toEqual({ version: '1.0.0', cpu: ['arm'], optional: true, os: ['linux'] });
  expect(packages['node_modules/@tool/linux-x64']).toEqual(lock.packages['node_modules/@tool/linux-x64']);
  expect(packages['node_modules/fast-things']).toBeUndefined();
});

test('the lock file of this repository is whole', () => {
  const lock: Lock = JSON.parse(readFileSync('package-lock.json', 'utf8'));
  expect(Object.keys(complete(lock).packages)).toEqual(Object.keys(lock.packages));
});
