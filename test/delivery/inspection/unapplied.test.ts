import { expect, test } from '@jest/globals';

import { unappliedReasons, type UnappliedInput } from '../../../terrace/delivery/inspection/unapplied';
import { recordKey } from '../../../terrace/state/applied-record';
import { parseRecord, type AppliedRecord } from '../../../terrace/delivery/record/record';

const record: AppliedRecord = {
  version: 1,
  unit: 'shop/dev/eu-central-1/compute/api',
  status: 'applied',
  commit: 'c'.repeat(40),
  files: 'f'.repeat(64),
  bundle: 'b'.repeat(64),
  round: 1,
  state: { lineage: 'l', serial: 4 },
  consumed: [{ unit: 'vpc', lineage: 'v', outputs: ['subnet_id'], digest: 'd'.repeat(64) }],
  salt: 'a'.repeat(64),
  at: '2026-11-21T10:00:00.000Z',
  terraform: 'terraform 1.11.4',
};

const current: UnappliedInput = {
  files: record.files,
  record,
  state: { lineage: 'l', serial: 4 },
  inputs: new Map([['vpc', { lineage: 'v', digest: 'd'.repeat(64) }]]),
};

test('a unit that is as it was applied needs nothing', () => {
  expect(unappliedReasons(current)).toEqual([]);
  expect(unappliedReasons({ ...current, state: { lineage: 'l', serial: 5 } })).toEqual([]);
});

test.each<[string, Partial<UnappliedInput>, string]>([
  ['was never applied', { record: undefined, state: undefined }, 'it was never applied'],
  ['was applied by something else', { record: undefined }, 'it has a state, but no record of an apply'],
  ['was interrupted', { record: { ...record, status: 'applying' } }, 'an apply of bundle bbbbbbbbbbbb was interrupted'],
  ['failed', { record: { ...record, status: 'failed' } }, 'the last apply failed (bundle bbbbbbbbbbbb)'],
  ['was bootstrapped halfway', { record: { ...record, bundle: record.files, status: 'applying' } }, 'a bootstrap was interrupted'],
  ['was destroyed', { record: { ...record, status: 'destroyed' } }, 'it was destroyed, but is in the source again'],
  ['has other files', { files: '0'.repeat(64) }, 'its files differ from those that were applied at cccccccccccc'],
  ['has an older state', { state: { lineage: 'l', serial: 3 } }, 'its state is at serial 3, but Terrace left it at 4'],
  ['has another state', { state: { lineage: 'x', serial: 4 } }, 'the lineage of its state is not the one that was applied'],
  ['lost its state', { state: undefined }, 'its state is gone'],
  [
    'reads an output that changed',
    { inputs: new Map([['vpc', { lineage: 'v', digest: '0'.repeat(64) }]]) },
    'subnet_id of vpc changed since',
  ],
  [
    'reads an upstream made anew',
    { inputs: new Map([['vpc', { lineage: 'w', digest: 'd'.repeat(64) }]]) },
    'subnet_id of vpc changed since',
  ],
  ['reads an upstream that is gone', { inputs: new Map([['vpc', null]]) }, 'the state of vpc is gone'],
  [
    'reads something new',
    {
      inputs: new Map([
        ['vpc', { lineage: 'v', digest: 'd'.repeat(64) }],
        ['kms', { lineage: 'k', digest: 'e'.repeat(64) }],
      ]),
    },
    'it was applied without reading kms',
  ],
])('G11: a unit that %s is selected again', (_name, change, reason) => {
  expect(unappliedReasons({ ...current, ...change })).toEqual([reason]);
});

test('a record lies beside its state and is read strictly', async () => {
  expect(recordKey('dev/eu/network/vpc/terraform.tfstate')).toBe('dev/eu/network/vpc/applied.json');
  expect(await parseRecord(JSON.stringify(record), 'r')).toEqual(record);
  await expect(parseRecord(JSON.stringify({ ...record, version: 2 }), 'r')).rejects.toThrow('E6003');
  await expect(parseRecord('{', 'r')).rejects.toThrow('E6003');
});
