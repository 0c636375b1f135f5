import { expect, test } from '@jest/globals';

import { TerraceError } from '../../../terrace/base/errors';
import { requiredProviders } from '../../../terrace/synth/providers/required-providers';

const unit = (path: string, required: unknown) => ({ path, json: { terraform: { required_providers: required } } });

test('every provider is taken once, by its full address, sorted; built-in ones are not', () => {
  const units = [
    unit('b', { aws: { source: 'hashicorp/aws', version: '6.25.0' }, random: { version: '3.7.2' } }),
    unit('a', {
      aws: { source: 'registry.terraform.io/hashicorp/aws', version: '6.25.0' },
      hcloud: { source: 'hetznercloud/hcloud', version: '1.68.0' },
    }),
    unit('c', { terraform: { source: 'terraform.io/builtin/terraform' } }),
    { path: 'd', json: {} },
  ];
  expect([...requiredProviders(units)]).toEqual([
    ['registry.terraform.io/hashicorp/aws', '6.25.0'],
    ['registry.terraform.io/hashicorp/random', '3.7.2'],
    ['registry.terraform.io/hetznercloud/hcloud', '1.68.0'],
  ]);
});

test('every provider in two versions is reported with both places', () => {
  const units = [
    unit('a', { aws: { source: 'hashicorp/aws', version: '6.25.0' } }),
    unit('b', { aws: { source: 'hashicorp/aws', version: '6.26.0' } }),
    unit('c', { aws: { source: 'hashicorp/aws', version: '6.27.0' } }),
  ];
  try {
    requiredProviders(units);
  } catch (error) {
    if (!(error instanceof TerraceError)) throw error;
    expect(error.problems.map(({ code, place, found, expected }) => [code, place, found, expected])).toEqual([
      ['E4607', 'b', 'registry.terraform.io/hashicorp/aws 6.26.0', '6.25.0, as a requires'],
      ['E4607', 'c', 'registry.terraform.io/hashicorp/aws 6.27.0', '6.25.0, as a requires'],
    ]);
    return;
  }
  throw new Error('nothing was refused');
});
