import { expect, test } from '@jest/globals';

import type { PlanJson, PlanResource } from '../../../terrace/terraform/plan-json';
import { beforeYes } from '../../../terrace/review/render/before-yes';

const bundle = {
  hash: 'a'.repeat(64),
  commit: null,
  dirty: false,
  round: 1,
  createdAt: '2026-11-21T10:00:00.000Z',
  expiresAt: '2026-11-22T10:00:00.000Z',
  terraform: 'terraform 1.11.4',
};

function shown(...resources: readonly Pick<PlanResource, 'address' | 'type' | 'change'>[]) {
  const plan: PlanJson = {
    format_version: '1.2',
    resource_changes: resources.map((one) => ({
      mode: 'managed',
      name: one.address.split('.')[1] ?? '',
      provider_name: 'registry.terraform.io/hashicorp/aws',
      ...one,
    })),
  };
  return beforeYes({ bundle, units: [{ path: 'shop/production/eu-central-1/data/db', plan }], source: { files: [], lockedVersions: [] } });
}

test('where nothing changes nobody is asked', () => {
  expect(shown({ address: 'aws_vpc.a', type: 'aws_vpc', change: { actions: ['no-op'], before: {}, after: {} } }).asks).toBe(false);
});

test('what is updated is shown with its attributes, masked, and `y` is enough', () => {
  const { asks, text, typed } = shown({
    address: 'aws_vpc.a',
    type: 'aws_vpc',
    change: {
      actions: ['update'],
      before: { enable_dns_support: false, token: 'before' },
      after: { enable_dns_support: true, token: 'after\u001b[2J' },
      before_sensitive: { token: true },
      after_sensitive: { token: true },
    },
  });
  expect([asks, typed]).toEqual([true, null]);
  expect(text).toContain('~ change shop/production/eu-central-1/data/db › aws_vpc.a\n');
  expect(text).toMatch(/\+ +enable_dns_support: true/);
  expect(text).not.toMatch(/before|after/);
});

test('a database that goes is named, and wants the name of the environment', () => {
  const { text, typed } = shown({
    address: 'aws_db_instance.main',
    type: 'aws_db_instance',
    change: { actions: ['delete'], before: { identifier: 'main' }, after: null },
  });
  expect(typed).toBe('shop/production');
  expect(text).toContain('- destroy shop/production/eu-central-1/data/db › aws_db_instance.main');
  expect(text).toContain('database-destroyed');
});
