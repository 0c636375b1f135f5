import { exactly, published, listOf, only, text, type Schema } from '../bundle/typed-schema';
import { isObject } from '../../base/json';
import { parseStrictJson } from '../../base/strict-json';
import { refused } from '../problems';
import { messageOf } from '../../base/message';

import type { Envelope } from './envelope';

/** What an approver signs: this bundle, these units, at this time. */
export interface Approval {
  /** SHA-256 of `bundle.json`. */
  readonly bundle: string;
  /** Paths of all units in it, sorted. */
  readonly units: readonly string[];
  /** ISO 8601, UTC. */
  readonly approvedAt: string;
  /** What the approver wants to be remembered; may be empty. */
  readonly comment: string;
}

/** Type of every statement that is signed here. */
export const statementType = 'https://in-toto.io/Statement/v1';
/** Type of the predicate: an approval as in docs/schemas/approval.v1.json. */
export const predicateType = 'urn:terrace:predicate:approval:1';

const digest: Schema<string> = { type: 'string', pattern: '^[0-9a-f]{64}$' };
const instant: Schema<string> = { type: 'string', format: 'date-time' };

/** JSON Schema of the statement that an approval's envelope carries; published as docs/schemas/approval.v1.json. */
export const predicateSchema = published(
  {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'urn:terrace:schema:approval:1',
    title: 'Terrace approval: the in-toto statement in a DSSE envelope',
  },
  exactly({
    _type: only(statementType),
    subject: {
      ...listOf(exactly({ name: only('bundle.json'), digest: exactly({ sha256: digest }) })),
      minItems: 1,
      maxItems: 1,
    },
    predicateType: only(predicateType),
    predicate: exactly({
      units: listOf(text),
      approvedAt: instant,
      comment: text,
    }),
  }),
);

/** The in-toto statement of an approval. */
export function statementOf(approval: Approval): object {
  return {
    _type: statementType,
    subject: [{ name: 'bundle.json', digest: { sha256: approval.bundle } }],
    predicateType,
    predicate: { units: approval.units, approvedAt: approval.approvedAt, comment: approval.comment },
  };
}

/** The statement in an envelope whose signature was checked. Raises E6017 where there is none. */
export function payloadStatement(envelope: Envelope, place: string): { readonly [name: string]: unknown } {
  let statement: unknown;
  try {
    statement = parseStrictJson(Buffer.from(envelope.payload, 'base64').toString('utf8'));
  } catch (cause) {
    throw notApproval(place, messageOf(cause), cause);
  }
  if (!isObject(statement) || statement['_type'] !== statementType) throw notApproval(place, 'a statement of another type');
  return statement;
}

/** Reads the statement of an envelope whose signature was checked. Raises E6017 where it is no approval. */
export function approvalOf(envelope: Envelope, place: string): Approval {
  const statement = payloadStatement(envelope, place);
  if (statement['predicateType'] !== predicateType) throw notApproval(place, 'a statement of another type');
  const { subject, predicate } = statement;
  if (!Array.isArray(subject) || subject.length !== 1 || !isObject(predicate))
    throw notApproval(place, 'not exactly one subject and a predicate');
  const first: unknown = subject[0];
  const digest = isObject(first) && isObject(first['digest']) ? first['digest']['sha256'] : undefined;
  const { units, approvedAt, comment } = predicate;
  if (
    typeof digest !== 'string' ||
    !isTextList(units) ||
    typeof approvedAt !== 'string' ||
    Number.isNaN(Date.parse(approvedAt)) ||
    typeof comment !== 'string'
  )
    throw notApproval(place, 'digest, units, approvedAt or comment is missing or of another type');
  return { bundle: digest, units, approvedAt, comment };
}

function isTextList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function notApproval(place: string, found: string, cause?: unknown) {
  return refused('E6017', { place, found, todo: 'approve the bundle again with `terrace approve`' }, cause);
}
