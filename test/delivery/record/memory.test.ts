import { expect, test } from '@jest/globals';

import { compareWithRecord, notInBranch, type History } from '../../../terrace/delivery/record/memory';
import type { AppliedRecord } from '../../../terrace/delivery/record/record';
import { appliedRecord } from '../../_helpers/record-text';

const unit = 'shop/dev/eu-central-1/network/vpc';
const record = appliedRecord(unit, {}, { state: { lineage: 'l', serial: 4 } });

test('G14: a state that is gone, older or another one is never taken for the one that was left; a newer one is, and that is said', () => {
  const found = (state: { readonly lineage: string; readonly serial: number } | undefined, of: AppliedRecord | undefined = record) => {
    const remembered = compareWithRecord(unit, of, state);
    return remembered.kind === 'lost' ? remembered.problem.found.split(';')[0] : remembered.kind;
  };
  expect(found(undefined)).toBe('its state is gone');
  expect(found({ lineage: 'l', serial: 3 })).toBe('its state is older than what was applied (serial 3)');
  expect(found({ lineage: 'x', serial: 9 })).toBe('it has a different state (serial 9 of lineage x)');
  expect([found({ lineage: 'l', serial: 4 }), found({ lineage: 'l', serial: 5 })]).toEqual(['fits', 'newer']);
  expect(found(undefined, { ...record, status: 'destroyed' })).toBe('fits');
});

test('G14: a unit that another branch applied is not planned from one that never had its commit nor its files', async () => {
  const history = (includes: boolean, had: boolean): History => ({
    includes: () => includes,
    had: async () => had,
    branchOf: () => undefined,
    earlierPlaces: async () => [],
  });
  const other = '0'.repeat(64);
  expect(await notInBranch(unit, other, record, history(false, false))).toBe(record.commit);
  expect(await notInBranch(unit, other, record, history(true, false))).toBeUndefined();
  expect(await notInBranch(unit, other, record, history(false, true))).toBeUndefined();
  expect(await notInBranch(unit, record.files, record, history(false, false))).toBeUndefined();
});
