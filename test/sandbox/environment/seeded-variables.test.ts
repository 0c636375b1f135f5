import { rmSync } from 'node:fs';

import { afterAll, expect, test } from '@jest/globals';

import {
  differingNames,
  readSeededVariables,
  seededAccount,
  seededValues,
  writeSeededVariables,
  type SeededVariables,
} from '../../../terrace/sandbox/environment/seeded-variables';
import { temporaryFolder } from '../../_helpers/sandbox';

const dir = temporaryFolder('terrace-seeded-');
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const [own, other] = ['111111111111', '222222222222'];
const seeded: readonly SeededVariables[] = [
  { unit: 'shop/prod/eu/network/alb', account: own, variables: { certificate: 'eu', domain: 'shop.example' } },
  { unit: 'shop/prod/us/network/alb', account: own, variables: { certificate: 'us', domain: 'shop.example' } },
  { unit: 'shop/tools/eu/network/alb', account: other, variables: { certificate: 'tools', token: 't' } },
];
const variable = (name: string, required: boolean) => ({ name, required, type: 'string', sensitive: false, description: '' });
const units = [
  { path: 'shop/prod/eu/network/alb', variables: [variable('certificate', true), variable('channel', false)] },
  { path: 'shop/dev/eu/network/alb', variables: [variable('size', false)] },
];

test('a shell of a seeded sandbox has what the units of its account were applied with, and the variables of the others', () => {
  expect(seededValues(seeded, { account: own, units: [] })).toEqual({ certificate: 'us', domain: 'shop.example', token: 't' });
  expect(seededValues(seeded, { account: other, units: [] })['certificate']).toBe('tools');
});

test('a shell of a seeded sandbox has the key of the account that most units are of, or of the one that is named', () => {
  expect(seededAccount(seeded)).toBe(own);
  expect(seededAccount(seeded, 'shop/tools/eu/network/alb')).toBe(other);
  expect(seededAccount([])).toBeUndefined();
});

test('where units differ, those of one unit are given where it is named', () => {
  expect(differingNames(seeded)).toEqual(['certificate']);
  expect(seededValues(seeded, { account: own, unit: 'shop/prod/eu/network/alb', units: [] })['certificate']).toBe('eu');
});

test('an optional variable that was not given to a seeded environment is unset in its shell, others are left alone', () => {
  const values = seededValues(seeded, { account: own, units });
  expect(values['channel']).toBe('');
  expect('size' in values).toBe(false);
  expect(seededValues([], { account: own, units })).toEqual({});
});

test('the variables are kept with the data of the sandbox', () => {
  expect(readSeededVariables(dir)).toEqual([]);
  writeSeededVariables(dir, seeded);
  expect(readSeededVariables(dir)).toEqual(seeded);
});
