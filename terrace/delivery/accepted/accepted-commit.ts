import { messageOf } from '../../base/message';
import { parseStrictJson } from '../../base/strict-json';
import { exactly, oneOf, only, orNull, text, type Schema } from '../bundle/typed-schema';
import { readAs } from '../bundle/validate';
import { refused } from '../problems';

/** `accepted.json` of an environment: the commit that was applied last there with its approvals in order, and so what judges the next change. */
export interface AcceptedCommit {
  readonly version: 1;
  /** `<system>/<environment>`. */
  readonly environment: string;
  readonly commit: string;
  /** Who moved it: the first set-up, an apply that left nothing to do, or an administrator without anybody's approval. */
  readonly by: 'bootstrap' | 'apply' | 'rules accept';
  /** ISO 8601, UTC. */
  readonly at: string;
  /** Hash of the bundle that was applied; null where none was. */
  readonly bundle: string | null;
  /** Commit that was accepted before; null at the first set-up. */
  readonly before: string | null;
  /** Where it went (`s3://bucket/key`), when the environment's states moved; then this one counts no more. */
  readonly movedTo?: string;
}

const commit: Schema<string> = { type: 'string', pattern: '^[0-9a-f]{40}([0-9a-f]{24})?$' };
const environment: Schema<string> = { type: 'string', pattern: '^[a-z0-9-]+/[a-z0-9-]+$' };
const digest: Schema<string> = { type: 'string', pattern: '^[0-9a-f]{64}$' };
const instant: Schema<string> = { type: 'string', format: 'date-time' };

/** JSON Schema of `accepted.json`; published as docs/schemas/accepted.v1.json. */
export const acceptedSchema: Schema<AcceptedCommit> = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:terrace:schema:accepted:1',
  title: 'Terrace accepted commit of an environment',
  ...exactly(
    {
      version: only(1),
      environment,
      commit,
      by: oneOf(['bootstrap', 'apply', 'rules accept']),
      at: instant,
      bundle: orNull(digest),
      before: orNull(commit),
      movedTo: text,
    },
    ['movedTo'],
  ),
};

/** Reads it. Raises E6073 (exit 3) where it is none, or another environment's. */
export async function parseAccepted(json: string, place: string, environment: string): Promise<AcceptedCommit> {
  const unusable = (found: string, cause?: unknown) =>
    refused('E6073', { place, found, todo: `let an administrator repair it: terrace rules accept <commit> ${environment}` }, cause);
  let value: unknown;
  try {
    value = parseStrictJson(json);
  } catch (cause) {
    throw unusable(`not JSON: ${messageOf(cause)}`, cause);
  }
  const read = await readAs(acceptedSchema, value);
  if ('problems' in read) throw unusable(read.problems.join('\n'));
  if (read.value.environment !== environment) throw unusable(`it is the one of ${read.value.environment}`);
  return read.value;
}
