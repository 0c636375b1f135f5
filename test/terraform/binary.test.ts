import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, expect, test } from '@jest/globals';

import { compareVersions, findTerraform } from '../../terrace/terraform/binary';

const folder = mkdtempSync(path.join(tmpdir(), 'terrace-binary-'));
afterAll(() => rmSync(folder, { recursive: true }));

function program(name: string, output: string): string {
  const file = path.join(folder, name);
  writeFileSync(file, `#!/bin/sh\n[ "$1 $2" = "version -json" ] || exit 9\nprintf '%s' '${output}'\n`);
  chmodSync(file, 0o755);
  return file;
}

const PATH = `${folder}${path.delimiter}/bin:/usr/bin`;

test('terraform is found on PATH, with its version', async () => {
  const file = program('terraform', '{"terraform_version": "1.11.4", "platform": "linux_amd64"}');
  expect(await findTerraform({ PATH })).toEqual({ path: file, name: 'terraform', version: '1.11.4' });
});

test('TERRAFORM_BINARY_NAME=tofu uses OpenTofu', async () => {
  const file = program('tofu', 'Warning: something\n{"terraform_version": "1.8.0"}');
  expect(await findTerraform({ PATH, TERRAFORM_BINARY_NAME: 'tofu' })).toEqual({ path: file, name: 'tofu', version: '1.8.0' });
});

test('TERRAFORM_BINARY_NAME may be a path', async () => {
  const file = program('terraform-next', '{"terraform_version": "1.12.0-beta1"}');
  expect(await findTerraform({ PATH: '', TERRAFORM_BINARY_NAME: file })).toEqual({
    path: file,
    name: 'terraform',
    version: '1.12.0-beta1',
  });
});

test('an absent program is E8001 and says where it was looked for and how to install it', async () => {
  const error = await findTerraform({ PATH: '/nonexistent/one:/nonexistent/two' }).catch((thrown: unknown) => thrown);
  expect(String(error)).toContain('E8001 no terraform');
  expect(String(error)).toContain('/nonexistent/two');
  expect(String(error)).toContain('developer.hashicorp.com/terraform/install');
  expect(String(await findTerraform({ PATH: '/x', TERRAFORM_BINARY_NAME: 'tofu' }).catch((thrown: unknown) => thrown))).toContain(
    'opentofu.org/docs/intro/install',
  );
});

test('a version below 1.6 is E8002', async () => {
  const old = program('terraform-old', '{"terraform_version": "1.5.7"}');
  await expect(findTerraform({ PATH, TERRAFORM_BINARY_NAME: old })).rejects.toThrow(
    /E8002 terraform too old[^]*terraform 1\.5\.7[^]*1\.6\.0 or newer/,
  );
});

test('a program that prints no version is E8003', async () => {
  const other = program('terraform-other', 'hello');
  await expect(findTerraform({ PATH, TERRAFORM_BINARY_NAME: other })).rejects.toThrow('E8003');
});

test('versions compare by number, a pre-release before its release', () => {
  const sorted = ['1.10.0', '1.6.0', '1.6.0-rc1', '1.6.0-beta2', '1.5.7', '1.11.4'].toSorted(compareVersions);
  expect(sorted).toEqual(['1.5.7', '1.6.0-beta2', '1.6.0-rc1', '1.6.0', '1.10.0', '1.11.4']);
});
