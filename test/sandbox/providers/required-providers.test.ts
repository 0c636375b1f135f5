import { expect, test } from '@jest/globals';

import { projectRoot } from '../../_helpers/project-root';
import { namesTerraform, providerNotes } from '../../../terrace/sandbox/providers/tools/provider-notes';
import { fits, requiredIn } from '../../../terrace/sandbox/providers/tools/required-providers';

test('required providers are read from HCL and JSON', () => {
  const hcl =
    'terraform {\n  required_providers {\n    aws = {\n      source  = "hashicorp/aws"\n      version = ">= 6.0, < 7.0"\n    }\n    utils = { source = "cloudposse/utils" }\n  }\n}\n';
  expect(requiredIn(hcl)).toEqual([
    { source: 'hashicorp/aws', constraint: '>= 6.0, < 7.0' },
    { source: 'cloudposse/utils', constraint: '' },
  ]);
  const json = JSON.stringify({
    terraform: { required_providers: { aws: { source: 'registry.terraform.io/hashicorp/aws', version: '6.25.0' } } },
  });
  expect(requiredIn(json)).toEqual([{ source: 'hashicorp/aws', constraint: '6.25.0' }]);
});

test('a provider without a source is one of HashiCorp, and a bare text is its version', () => {
  expect(
    requiredIn('terraform {\n  required_providers {\n    aws      = ">= 99.0"\n    template = { version = "~> 2.2" }\n  }\n}\n'),
  ).toEqual([
    { source: 'hashicorp/aws', constraint: '>= 99.0' },
    { source: 'hashicorp/template', constraint: '~> 2.2' },
  ]);
});

test.each([
  ['6.25.0', '>= 6.0', true],
  ['6.25.0', '>= 6.30', false],
  ['6.25.0', '~> 6.0', true],
  ['6.25.0', '~> 6.24.0', false],
  ['6.25.0', '~> 7.0', false],
  ['6.25.0', '>= 5.0, < 6.0', false],
  ['6.25.0', '6.25.0', true],
  ['6.25.0', '!= 6.25.0', false],
])('%s fits %s: %s', (version, constraint, expected) => {
  expect(fits(version, constraint)).toBe(expected);
});

test('a provider that is not simulated is named with its purpose, a later version with both versions', () => {
  expect(
    providerNotes(projectRoot, [
      { source: 'cloudposse/utils', constraint: '' },
      { source: 'hashicorp/aws', constraint: '>= 99.0' },
      { source: 'hashicorp/aws', constraint: '>= 5.0' },
    ]),
  ).toEqual([
    'cloudposse/utils is not simulated: it merges deep maps and YAML; merge with functions of terraform',
    expect.stringMatching(
      /^hashicorp\/aws is simulated as version \d+\.\d+\.\d+, the configuration asks for >= 99\.0: what came later is not there$/,
    ),
  ]);
});

test.each([
  [['terraform', 'init'], true],
  [['/usr/local/bin/tofu', 'plan'], true],
  [['sh', '-c', 'terraform init && terraform apply -auto-approve'], true],
  [['bash', '-ec', 'cd a; tofu plan'], true],
  [['sh', '-c', 'ls terraform-modules'], false],
  [['aws', 's3', 'ls', 'terraform '], false],
])('providers are told of where terraform runs, in a shell as well: %j', (command, expected) => {
  expect(namesTerraform(command)).toBe(expected);
});
