import type { TerraceError } from '../../base/errors';
import { exactly, listOf, oneOf, only, orNull, text, type Schema } from '../bundle/typed-schema';
import { readAs } from '../bundle/validate';
import { failed } from '../problems';
import { messageOf } from '../../base/message';
import { forgottenSchema, type ForgottenReader } from './forgotten';
import type { UnfinishedResource } from './unfinished';

/** What an apply took from one upstream. */
export interface RecordedInput {
  readonly unit: string;
  readonly lineage: string | null;
  readonly outputs: readonly string[];
  /** Keyed digest of their values; `salt` is the key. */
  readonly digest: string;
}

/** `applied.json` beside the state: what was applied last, written under the state's lock. */
export interface AppliedRecord {
  readonly version: 1;
  readonly unit: string;
  /** `applying` until terraform has ended: found later, it says that the apply was interrupted. */
  readonly status: 'applying' | 'applied' | 'failed' | 'destroyed';
  readonly commit: string | null;
  /** Digest of the content of its files (model/content-digest.ts). */
  readonly files: string;
  /** SHA-256 of `bundle.json`; `files` again for what `terrace backend bootstrap` applied, which has no bundle. */
  readonly bundle: string;
  /** Round in which it was applied, from 1. */
  readonly round: number;
  /** The state as it was left; as it was found while `applying`. */
  readonly state: { readonly lineage: string | null; readonly serial: number };
  readonly consumed: readonly RecordedInput[];
  /** Random, hex; key of the digests in `consumed`. The record is as private as the state beside it. */
  readonly salt: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly terraform: string;
  /** Outputs that its files declare, sorted: one that the state does not hold is null. Absent in records of older versions. */
  readonly outputs?: readonly string[];
  /** Resource blocks that its files protect with `prevent_destroy`, sorted. Absent in records of older versions. */
  readonly protects?: readonly string[];
  /** Optional variables of its files that had another value than their default, sorted. Absent where no plan of Terrace's says it. */
  readonly variables?: readonly string[];
  /**
   * What may exist and stand in no state: all that is planned to be made while `applying`; what terraform had begun or made, where it died
   * or could not upload its state. Absent where there is none.
   */
  readonly unfinished?: readonly UnfinishedResource[];
  /** True where units of other environments may have read it, now or before. Absent in others, and in records of older versions. */
  readonly shared?: boolean;
  /** Readers that were given up since: this unit's own, and itself as the reader of others. Absent where there are none. */
  readonly forgotten?: readonly ForgottenReader[];
}

const digest: Schema<string> = { type: 'string', pattern: '^[0-9a-f]{64}$' };
const hex: Schema<string> = { type: 'string', pattern: '^[0-9a-f]{32,}$' };
const instant: Schema<string> = { type: 'string', format: 'date-time' };
const round: Schema<number> = { type: 'integer', minimum: 1 };
const flag: Schema<boolean> = { type: 'boolean' };
const serial: Schema<number> = { type: 'integer', minimum: 0 };

/** JSON Schema of `applied.json`; published as docs/schemas/applied.v1.json. */
export const recordSchema: Schema<AppliedRecord> = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:terrace:schema:applied:1',
  title: 'Terrace record of an apply',
  ...exactly(
    {
      version: only(1),
      unit: text,
      status: oneOf(['applying', 'applied', 'failed', 'destroyed']),
      commit: orNull(text),
      files: digest,
      bundle: digest,
      round,
      state: exactly({ lineage: orNull(text), serial }),
      consumed: listOf(exactly({ unit: text, lineage: orNull(text), outputs: listOf(text), digest })),
      salt: hex,
      at: instant,
      terraform: text,
      outputs: listOf(text),
      protects: listOf(text),
      variables: listOf(text),
      unfinished: listOf(exactly({ address: text, id: text, replaces: text }, ['id', 'replaces'])),
      shared: flag,
      forgotten: forgottenSchema,
    },
    ['outputs', 'protects', 'variables', 'unfinished', 'shared', 'forgotten'],
  ),
};

/** Reads a record's text. Raises E6003 where it is of another version or form. */
export async function parseRecord(json: string, place: string): Promise<AppliedRecord> {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw unreadable(place, `not JSON: ${messageOf(cause)}`, cause);
  }
  const read = await readAs(recordSchema, value);
  if ('problems' in read) throw unreadable(place, read.problems.join('\n'));
  return read.value;
}

/** Without its record nobody would notice that a state is lost, so it is brought back and not removed. */
function unreadable(place: string, found: string, cause?: unknown): TerraceError {
  return failed(
    'E6003',
    {
      place,
      found,
      expected: 'docs/schemas/applied.v1.json',
      todo: 'use the version of Terrace that wrote it; otherwise copy its last readable version over it (aws s3api list-object-versions, then copy-object)',
    },
    1,
    cause,
  );
}
