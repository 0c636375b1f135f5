import { beforeEach, expect, test } from '@jest/globals';

import { keyedDigest } from '../../../terrace/base/canonical';
import { moveAccepted, type Moving } from '../../../terrace/delivery/accepted/move-accepted';
import type { Bundle } from '../../../terrace/delivery/bundle/bundle';
import { verifyContent, type VerifiedBundle } from '../../../terrace/delivery/bundle/verify';
import type { AppliedRecord } from '../../../terrace/delivery/record/record';
import type { StateObject } from '../../../terrace/delivery/record/states';
import { factsIn } from '../../_helpers/environment-facts';
import { memoryAccepted, type MemoryAccepted } from '../../_helpers/memory-accepted';
import { newCast, sealedBundle } from '../../_helpers/sealed-bundle';
import { network, shopAccount, shopPath } from '../../_helpers/shop-tree';

const [before, commit] = ['a'.repeat(40), 'b'.repeat(40)];
const bucket = `terraform-state-${shopAccount}-eu-central-1`;
const [vpc, api] = [shopPath('network/vpc'), shopPath('compute/api')];
const salt = '0'.repeat(64);
const facts = factsIn(bucket, {
  account: shopAccount,
  stateAccount: shopAccount,
  lock: 'dynamodb',
  accepted: { bucket, region: 'eu-central-1', key: 'dev/accepted.json' },
});
const units = [
  { unit: api, files: '1'.repeat(64) },
  { unit: vpc, files: '2'.repeat(64) },
];

let verified: VerifiedBundle;
let accepted: MemoryAccepted;

/** A bundle whose planner names these units of the environment. */
async function covering(named: typeof units): Promise<VerifiedBundle> {
  const change = (bundle: Bundle): Bundle => ({ ...bundle, commit, covers: [{ environment: 'shop/dev', units: named }] });
  return await verifyContent(await sealedBundle({ units: [{ unit: network() }], change }, await newCast()));
}

beforeEach(async () => {
  verified = await covering(units);
  accepted = memoryAccepted();
  accepted.put(`s3://${bucket}/dev/accepted.json`, 'shop/dev', before);
});

const keyOf = (unit: string): string => `${unit.replace('shop/', '')}/terraform.tfstate`;

function record(unit: string, consumed: AppliedRecord['consumed'] = []): AppliedRecord {
  return {
    version: 1,
    unit,
    status: 'applied',
    commit,
    files: units.find((one) => one.unit === unit)?.files ?? '',
    bundle: 'f'.repeat(64),
    round: 1,
    state: { lineage: 'one', serial: 1 },
    consumed,
    salt,
    at: '2026-11-21T10:00:00.000Z',
    terraform: '1.11.4',
  };
}

/** The record of the service that read this subnet. */
const took = (subnet: string, lineage = 'one'): AppliedRecord =>
  record(api, [{ unit: vpc, lineage, outputs: ['subnet_id'], digest: keyedDigest(Buffer.from(salt, 'hex'), { subnet_id: subnet }) }]);

/** What happened after an apply that left these records, and a network that gives the subnet `new`. */
async function moved(...records: readonly AppliedRecord[]): Promise<readonly string[]> {
  const byKey = new Map(records.map((one) => [keyOf(one.unit), one]));
  const state: StateObject = { lineage: 'one', serial: 2, outputs: { subnet_id: { value: 'new', sensitive: false } }, text: '' };
  const moving: Moving = {
    accounts: { environmentFor: async () => ({}) },
    store: accepted,
    states: {
      keys: async () => [...byKey.keys()].map((key) => key.replace('terraform.tfstate', 'applied.json')),
      readRecord: async ({ backend }) => byKey.get(backend.key),
      read: async ({ backend }) => (backend.key === keyOf(vpc) ? state : undefined),
    },
    facts: async () => facts,
    isAncestor: () => true,
    now: () => new Date('2026-11-22T10:00:00.000Z'),
    unitsAt: async () => units.map((one) => ({ ...one, bootstrap: false })),
  };
  return await moveAccepted(verified, moving);
}

const stays = `shop/dev: ${before.slice(0, 12)} stays accepted until ${api} is applied`;

test('a unit that was put off because what it reads changed keeps its commit from being accepted, though its files are the same', async () => {
  expect(await moved(record(vpc), took('old'))).toEqual([stays]);
  expect(await moved(record(vpc), took('new', 'another'))).toEqual([stays]);
  expect(JSON.parse(accepted.objects.get(`s3://${bucket}/dev/accepted.json`) ?? '')).toMatchObject({ commit: before });
  expect(await moved(record(vpc), took('new'))).toEqual([`shop/dev: ${commit.slice(0, 12)} is now accepted`]);
  expect(JSON.parse(accepted.objects.get(`s3://${bucket}/dev/accepted.json`) ?? '')).toMatchObject({ commit, before });
});

test('what was never applied, and what another environment gives, is told apart from what was put off', async () => {
  expect(await moved(record(vpc))).toEqual([stays]);
  // The states of other environments are not read here: their changes are not this commit's.
  const elsewhere = record(api, [
    { unit: 'shop/shared/eu-central-1/network/vpc', lineage: 'one', outputs: ['id'], digest: '3'.repeat(64) },
  ]);
  expect(await moved(record(vpc), elsewhere)).toEqual([`shop/dev: ${commit.slice(0, 12)} is now accepted`]);
});

test('a unit that the commit has and the planner does not name is waited for all the same', async () => {
  verified = await covering(units.filter(({ unit }) => unit === vpc));
  expect(await moved(record(vpc))).toEqual([stays]);
});
