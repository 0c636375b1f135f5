import { expect, test } from '@jest/globals';

import { reviewOf } from '../_fixtures/bundle-of';
import type { MadeChange } from '../_fixtures/plan-of';

const password: MadeChange = {
  address: 'random_password.db',
  before: { length: 20, result: 'x' },
  after: { length: 32 },
  unknown: ['result'],
  sensitive: ['result'],
  replace: ['length'],
};
const stored: MadeChange = {
  address: 'aws_secretsmanager_secret_version.db',
  before: { secret_string: 'x' },
  after: {},
  unknown: ['secret_string'],
  sensitive: ['secret_string'],
  refers: { secret_string: ['random_password.db.result', 'random_password.db'] },
};
const database: MadeChange = {
  address: 'aws_rds_cluster.main',
  before: { master_password: 'x' },
  after: { master_password: 'x' },
  sensitive: ['master_password'],
  refers: { master_password: ['random_password.db.result'] },
};

function said(changes: readonly MadeChange[]): readonly string[] {
  return reviewOf(changes)
    .findings.filter(({ rule }) => rule === 'generated-secret-replaced')
    .map(({ severity, reason }) => `${severity}: ${reason}`);
}

test('a replaced password says who reads it, and who ignores it and keeps the old one', () => {
  expect(said([password, stored, database])).toEqual([
    'critical: random_password.db: read by aws_secretsmanager_secret_version.db; ignored by aws_rds_cluster.main, which keeps the old value',
  ]);
  expect(said([password, stored])).toEqual(['high: random_password.db: read by aws_secretsmanager_secret_version.db']);
  expect(said([password])).toEqual(['high: random_password.db: nothing takes the new value']);
});

test('a password that stays, or is new, says nothing', () => {
  const { replace: _replace, ...kept } = password;
  expect(said([{ ...kept, after: { length: 20, result: 'x' }, unknown: [] }, stored])).toEqual([]);
  expect(said([{ address: 'random_password.db', after: { length: 32 }, unknown: ['result'] }])).toEqual([]);
});
