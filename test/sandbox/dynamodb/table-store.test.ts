import { rmSync } from 'node:fs';

import { afterEach, beforeEach, expect, test } from '@jest/globals';

import { TableStore } from '../../../terrace/sandbox/dynamodb/table-store';
import { StoreError } from '../../../terrace/sandbox/storage/stores';
import { temporaryFolder } from '../../_helpers/sandbox';

let folder: string;
beforeEach(() => {
  folder = temporaryFolder('terrace-tables-');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const lockTable = { name: 'locks', region: 'eu-central-1', account: '123456789012', hashKey: 'LockID', deletionProtection: false };
const codeOf = (call: () => unknown): string => {
  try {
    call();
  } catch (error) {
    if (error instanceof StoreError) return error.code;
    throw error;
  }
  return 'done';
};

test('tables and items are there when they are opened again', () => {
  const store = new TableStore(folder);
  store.create(lockTable);
  store.update('locks', 'eu-central-1', { pointInTimeRecovery: true });
  const table = store.table('locks', 'eu-central-1');
  for (let index = 0; index < 500; index += 1) table.put({ LockID: { S: `lock-${index}` }, Info: { S: 'x' } });
  table.remove({ LockID: { S: 'lock-7' } });
  const again = new TableStore(folder).table('locks', 'eu-central-1');
  expect(again.facts).toEqual(table.facts);
  expect(again.all()).toEqual(table.all());
  expect(again.size).toBe(499);
});

test('account, region and name together are a table', () => {
  const store = new TableStore(folder);
  store.create(lockTable);
  store.create({ ...lockTable, region: 'us-east-1' });
  store.create({ ...lockTable, account: '210987654321' });
  expect(codeOf(() => store.create(lockTable))).toBe('ResourceInUseException');
  expect(codeOf(() => store.delete('locks', 'eu-central-1'))).toBe('ValidationException');
  store.delete('locks', 'eu-central-1', '210987654321');
  expect([store.has('locks', 'eu-central-1'), store.has('locks', 'us-east-1'), store.has('locks', 'eu-west-1')]).toEqual([
    true,
    true,
    false,
  ]);
});

test('protection holds until it is taken off', () => {
  const store = new TableStore(folder);
  store.create({ ...lockTable, deletionProtection: true });
  expect(codeOf(() => store.delete('locks', 'eu-central-1'))).toBe('ValidationException');
  store.update('locks', 'eu-central-1', { deletionProtection: false });
  store.delete('locks', 'eu-central-1');
  expect(codeOf(() => store.delete('locks', 'eu-central-1'))).toBe('ResourceNotFoundException');
  expect(new TableStore(folder).list()).toEqual([]);
});

test.each(['ab', 'a b', '../x', 'a@b', 'x'.repeat(256)])("%s is no table's name", (name) => {
  expect(codeOf(() => new TableStore(folder).create({ ...lockTable, name }))).toBe('ValidationException');
});
