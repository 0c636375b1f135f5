import type { AppliedRecord } from '../record/record';

/** Why a unit has to be planned, seen from what was applied last; undefined where nothing says so. */
export interface UnappliedInput {
  /** Digest of its files now. */
  readonly files: string;
  /** Undefined where there is none. */
  readonly record: AppliedRecord | undefined;
  /** The state's lineage and serial now; undefined where there is no state. */
  readonly state: { readonly lineage: string | null; readonly serial: number } | undefined;
  /** For each upstream it reads, what its state gives now by the record's salt; null where that state is gone. Sorted by unit. */
  readonly inputs: ReadonlyMap<string, { readonly lineage: string | null; readonly digest: string } | null>;
}

/** Pure; the sentences are shown beside the unit. */
export function unappliedReasons(input: UnappliedInput): readonly string[] {
  const { record, state } = input;
  if (record === undefined) return [state === undefined ? 'it was never applied' : 'it has a state, but no record of an apply'];
  if (record.status === 'destroyed') return ['it was destroyed, but is in the source again'];
  if (record.status === 'applying') return [`${applyOf(record)} was interrupted`];
  if (record.status === 'failed')
    return [`the last apply failed (${record.bundle === record.files ? 'a bootstrap' : `bundle ${record.bundle.slice(0, 12)}`})`];
  const reasons: string[] = [];
  if (record.files !== input.files)
    reasons.push(`its files differ from those that were applied${record.commit === null ? '' : ` at ${record.commit.slice(0, 12)}`}`);
  if (state === undefined) reasons.push('its state is gone');
  else if (state.lineage !== record.state.lineage) reasons.push('the lineage of its state is not the one that was applied');
  // A higher one was written by another tool, which is a note and no reason.
  else if (state.serial < record.state.serial)
    reasons.push(`its state is at serial ${state.serial}, but Terrace left it at ${record.state.serial}`);
  for (const [upstream, now] of input.inputs) {
    const recorded = record.consumed.find((one) => one.unit === upstream);
    if (recorded === undefined) reasons.push(`it was applied without reading ${upstream}`);
    else if (now === null) reasons.push(`the state of ${upstream} is gone`);
    else if (now.lineage !== recorded.lineage || now.digest !== recorded.digest)
      reasons.push(`${recorded.outputs.join(', ')} of ${upstream} changed since`);
  }
  return reasons;
}

function applyOf(record: AppliedRecord): string {
  return record.bundle === record.files ? 'a bootstrap' : `an apply of bundle ${record.bundle.slice(0, 12)}`;
}
