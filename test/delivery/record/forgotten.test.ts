import { expect, test } from '@jest/globals';

import { refuseUnsaidForgotten } from '../../../terrace/delivery/apply/comparison';
import { secondApprover } from '../../../terrace/delivery/approval/second-approver';
import { forgottenRemarks, type ForgottenReader } from '../../../terrace/delivery/record/forgotten';
import { readersIn } from '../../../terrace/delivery/record/readers';
import { parseRecord } from '../../../terrace/delivery/record/record';
import { begunRecord } from '../../../terrace/delivery/record/record-of';
import { movedRecord } from '../../../terrace/state/applied-record';
import { appliedRecord } from '../../_helpers/record-text';
import { codesOf } from '../../_helpers/state-sandbox';

const [site, zone] = ['shop/dev/eu/web/site', 'hub/production/eu/dns/zone'];
const forgotten: ForgottenReader = {
  reader: site,
  unit: zone,
  outputs: ['id', 'name'],
  resources: 2,
  by: 'arn:aws:iam::123456789012:user/ana',
  at: '2026-12-01T10:00:00.000Z',
  commit: 'e'.repeat(40),
};
const read = appliedRecord(zone, {}, { forgotten: [forgotten] });
const reader = appliedRecord(site, {}, { forgotten: [forgotten] });

/** Of a bundle with these remarks. */
const refusal = (...texts: readonly string[]): Promise<string> => {
  const remarks = texts.map((text) => ({ kind: 'reader-forgotten' as const, unit: zone, text }));
  return codesOf((async () => refuseUnsaidForgotten({ remarks }, zone, read))());
};

test('one sentence says who forgot which reader of what, and what of it may still exist', () => {
  const text = (resources: number | null): string =>
    forgottenRemarks(zone, { ...read, forgotten: [{ ...forgotten, resources }] })[0]?.text ?? '';
  expect(text(2)).toBe(
    'arn:aws:iam::123456789012:user/ana forgot shop/dev/eu/web/site at 2026-12-01T10:00:00.000Z: it read id, name, and its environment was gone from eeeeeeeeeeee; its state still held 2 resources',
  );
  expect([text(1), text(0), text(null)].map((one) => one.split('; ')[1])).toEqual([
    'its state still held 1 resource',
    'its state held no resources',
    'its state could not be read, so nobody knows what still exists',
  ]);
  expect(forgottenRemarks(site, reader)).toEqual([]);
});

test('G15: what a bundle does not say of a forgotten reader refuses its apply, whatever else it says', async () => {
  const [{ text } = { text: '' }] = forgottenRemarks(zone, read);
  expect([await refusal(), await refusal('something else'), await refusal(text)]).toEqual(['3 E6096', '3 E6096', 'done']);
});

test('G15: a forgotten reader needs the second approver, whatever the rules ask for', () => {
  const rules = { approvals: 1, approvers: ['ana'] };
  const finding = { id: 'reader-forgotten', place: zone };
  expect(secondApprover(rules, 'hub/production', [finding])).toEqual([finding]);
});

test('G15: an apply that failed does not settle who was forgotten; one that ended does, in the record that it writes', () => {
  expect(begunRecord(appliedRecord(zone), read).forgotten).toEqual([forgotten]);
  expect(appliedRecord(zone).forgotten).toBeUndefined();
});

test('G15: a forgotten reader counts again where its environment is back, and nowhere else', () => {
  const readers = (living: boolean) => readersIn([reader, read], zone, () => living);
  expect([readers(true), readers(false)]).toEqual([[{ unit: site, outputs: ['id', 'name'] }], []]);
});

test('a record that moves takes along who was forgotten, under the new path of the unit that moved', async () => {
  const moved = async (record: typeof read, to: string) =>
    (await parseRecord(movedRecord(JSON.stringify(record), to, { lineage: 'l', before: 1, serial: 2 }), to)).forgotten;
  expect(await moved(read, 'hub/production/eu/dns/other')).toEqual([{ ...forgotten, unit: 'hub/production/eu/dns/other' }]);
  expect(await moved(reader, 'shop/dev/eu/web/page')).toEqual([{ ...forgotten, reader: 'shop/dev/eu/web/page' }]);
  expect(await moved(appliedRecord(zone), zone)).toBeUndefined();
});
