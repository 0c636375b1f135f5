import type { AppliedRecord } from '../../terrace/delivery/record/record';

/** The record of a unit that was applied and reads these outputs of others, by their paths. */
export function appliedRecord(
  unit: string,
  reads: { readonly [unit: string]: readonly string[] } = {},
  more: Partial<AppliedRecord> = {},
): AppliedRecord {
  return {
    version: 1,
    unit,
    status: 'applied',
    commit: 'c'.repeat(40),
    files: 'f'.repeat(64),
    bundle: 'b'.repeat(64),
    round: 1,
    state: { lineage: 'l', serial: 1 },
    consumed: Object.entries(reads).map(([of, outputs]) => ({ unit: of, lineage: 'l', outputs, digest: 'd'.repeat(64) })),
    salt: 'a'.repeat(64),
    at: '2026-11-21T10:00:00.000Z',
    terraform: 'terraform 1.11.4',
    ...more,
  };
}
