import { readFileSync } from 'node:fs';
import path from 'node:path';

import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { startCli } from '../../_helpers/terrace-cli';
import { openShop, type Shop } from '../../_helpers/shop';
import { reads, shopAccount, shopPath, type ShopUnit } from '../../_helpers/shop-tree';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
}, 600_000);
afterAll(() => shop.dispose());

const aws = {
  terraform: { required_providers: { aws: { source: 'hashicorp/aws', version: '6.25.0' } } },
  provider: { aws: [{ region: 'eu-central-1' }] },
};

/** A first environment: a key; a secret that only its copy's unit would make, looked up; and what reads both, through states. */
const units: readonly ShopUnit[] = [
  {
    id: 'security/key',
    json: { ...aws, resource: { aws_kms_key: { key: { description: 'held' } } }, output: { key_arn: { value: '${aws_kms_key.key.arn}' } } },
  },
  {
    id: 'security/secrets',
    reads: { 'security/key': ['key_arn'] },
    json: {
      ...aws,
      data: { aws_secretsmanager_secret: { copy: { name: 'shop/copy' } }, aws_caller_identity: { me: {} } },
      resource: {
        aws_ssm_parameter: {
          pointer: {
            name: '/shop/pointer',
            type: 'String',
            value: '${data.aws_secretsmanager_secret.copy.arn}',
            key_id: reads('security/key', 'key_arn'),
          },
        },
      },
      output: {
        secret_arn: { value: '${data.aws_secretsmanager_secret.copy.arn}' },
        owner: { value: '${data.aws_caller_identity.me.account_id}' },
      },
    },
  },
  {
    id: 'compute/api',
    reads: { 'security/secrets': ['secret_arn'] },
    json: { resource: { terraform_data: { api: { input: reads('security/secrets', 'secret_arn') } } } },
  },
];

test('the first plan of a whole environment has every unit: states and data sources of what does not exist yet are mocked, and marked', async () => {
  const plan = await shop.plan(units, { mock: true });
  expect(plan.problems).toEqual([]);
  expect(plan.bundle.deferred).toEqual([]);
  expect(
    plan.bundle.units.map(({ unit, actions, mocks }) => [unit.path, actions.create, mocks.map((mock) => `${mock.unit} ${mock.output}`)]),
  ).toEqual([
    [shopPath('compute/api'), 1, [`${shopPath('security/secrets')} secret_arn`]],
    [shopPath('security/key'), 1, []],
    [
      shopPath('security/secrets'),
      1,
      [`${shopPath('security/secrets')} data aws_secretsmanager_secret_copy_arn`, `${shopPath('security/key')} key_arn`],
    ],
  ]);
  // What is there is still looked up: the account that the credentials are of.
  const { output_changes: outputs }: { readonly output_changes: Readonly<Record<string, { readonly after: unknown }>> } = JSON.parse(
    readFileSync(path.join(plan.place, 'units', shopPath('security/secrets'), 'plan.masked.json'), 'utf8'),
  );
  expect(outputs).toMatchObject({
    owner: { after: shopAccount },
  });
  const review = await startCli(['review', plan.place], shop.env).ended;
  expect(review.stdout).toContain('planned with mocks: this bundle can never be applied\n');
  expect(review.stdout).toMatch(/security\/secrets +1 to create, 2 outputs, 2 mocked\n/);
  await shop.approve(plan.place);
  await expect(shop.apply(plan.place)).rejects.toThrow('E6009');
}, 600_000);
