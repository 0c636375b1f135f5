import type { Remark } from '../bundle/remark';
import { exactly, listOf, orNull, text, type Schema } from '../bundle/typed-schema';

/**
 * That somebody gave up a reader whose environment is gone (`terrace state forget-reader`). It stands in the record of the reader, which no
 * longer counts, and in that of the unit which it read, until that unit is applied by a bundle that says so.
 */
export interface ForgottenReader {
  /** Path of the unit that read. */
  readonly reader: string;
  /** Path of the unit that it read. */
  readonly unit: string;
  readonly outputs: readonly string[];
  /** How many resources the reader's state still held; null where it could not be read. */
  readonly resources: number | null;
  /** ARN of whoever forgot it, as AWS says. */
  readonly by: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** Commit of the protected branch that no longer had the reader's environment. */
  readonly commit: string;
}

const instant: Schema<string> = { type: 'string', format: 'date-time' };
const count: Schema<number> = { type: 'integer', minimum: 0 };

export const forgottenSchema: Schema<readonly ForgottenReader[]> = listOf(
  exactly({
    reader: text,
    unit: text,
    outputs: listOf(text),
    resources: orNull(count),
    by: text,
    at: instant,
    commit: text,
  }),
);

/** A record as far as it says who was forgotten. */
interface ForgettingRecord {
  readonly unit: string;
  readonly forgotten?: readonly ForgottenReader[];
}

/** What a bundle has to say of a unit before it is applied: which of its readers were forgotten since its last apply, and by whom. Pure. */
export function forgottenRemarks(unit: string, record: ForgettingRecord | undefined): readonly Remark[] {
  return (record?.forgotten ?? [])
    .filter(({ reader }) => reader !== record?.unit)
    .map((one): Remark => ({ kind: 'reader-forgotten', unit, text: forgottenText(one) }));
}

/** One sentence on a reader that was given up, and on what of it may still exist. Pure. */
export function forgottenText({ reader, outputs, resources, by, at, commit }: ForgottenReader): string {
  const left =
    resources === null
      ? 'its state could not be read, so nobody knows what still exists'
      : resources === 0
        ? 'its state held no resources'
        : `its state still held ${resources === 1 ? '1 resource' : `${resources} resources`}`;
  return `${by} forgot ${reader} at ${at}: it read ${outputs.join(', ')}, and its environment was gone from ${commit.slice(0, 12)}; ${left}`;
}
