import { expect, test } from '@jest/globals';

import { accessOf } from '../../../terrace/delivery/target/plan-target';
import { seededAccounts } from '../../../terrace/rehearse/world/seeded-accounts';
import type { SeededVariables } from '../../../terrace/sandbox/environment/seeded-variables';
import { shopModel, shopPath } from '../../_helpers/shop-tree';

const variable = (name: string, required: boolean) => ({ name, required, type: 'string', sensitive: false, description: '' });
const variables = [variable('certificate', true), variable('domain', true), variable('channel', false)];
const model = shopModel(['one', 'two', 'added'].map((name) => ({ id: `network/${name}`, json: {}, variables })));
const account = '123456789012';
const seeded: readonly SeededVariables[] = [
  { unit: shopPath('network/one'), account, variables: { certificate: 'first', domain: 'shop.example', channel: 'C1' } },
  { unit: shopPath('network/two'), account, variables: { certificate: 'second' } },
];
const shell = { TF_VAR_certificate: 'generated', TF_VAR_domain: 'generated', TF_VAR_channel: 'of a shell', PATH: '/bin' };
const accounts = seededAccounts({ environmentFor: async () => shell }, seeded, model);

test('each unit has the variables it was applied with; what it requires beside them is what its environment has', async () => {
  const given = async (name: string) => {
    const unit = model.units.find((one) => one.name === name);
    return unit === undefined ? {} : accounts.environmentFor(unit, accessOf(model, unit));
  };
  expect(await given('one')).toEqual({ PATH: '/bin', TF_VAR_certificate: 'first', TF_VAR_domain: 'shop.example', TF_VAR_channel: 'C1' });
  expect(await given('two')).toEqual({ PATH: '/bin', TF_VAR_certificate: 'second', TF_VAR_domain: 'shop.example' });
  expect(await given('added')).toMatchObject({ TF_VAR_certificate: 'second', TF_VAR_domain: 'shop.example', TF_VAR_channel: 'C1' });
});
