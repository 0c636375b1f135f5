import { isObject } from '../../base/json';
import { messageOf } from '../../base/message';
import { exactly, listOf, only, text, type Schema } from '../bundle/typed-schema';
import { refused } from '../problems';

import { payloadStatement, statementType } from './statement';
import type { Envelope } from './envelope';

/** What an engine says about who let a bundle through its gates; signed with the key of the deployment environment. */
export interface GateReview {
  /** SHA-256 of `bundle.json`. */
  readonly bundle: string;
  /** Paths of all units in it, sorted. */
  readonly units: readonly string[];
  /** ISO 8601, UTC. */
  readonly approvedAt: string;
  /** Who opened a gate and named this bundle, each once, lower case, sorted. */
  readonly logins: readonly string[];
  /** Who proposed what is in it, whoever committed that: authors of the change, each once, lower case, sorted. */
  readonly proposedBy: readonly string[];
  /** The run and its attempt. */
  readonly run: string;
  readonly attempt: string;
  readonly commit: string;
}

/** Type of the predicate: who reviewed, as GitHub's API tells it. */
export const reviewPredicateType = 'urn:terrace:predicate:github-review:1';

/** How many digits of the bundle's hash a reviewer names. */
export const namedDigits = 12;

/** JSON Schema of the statement; published as docs/schemas/github-review.v1.json. */
export const reviewSchema: Schema<unknown> = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:terrace:schema:github-review:1',
  title: 'Terrace review: the in-toto statement that an engine signs about who let a bundle through its gates',
  ...exactly({
    _type: only(statementType),
    subject: {
      ...listOf(exactly({ name: only('bundle.json'), digest: exactly({ sha256: { type: 'string', pattern: '^[0-9a-f]{64}$' } }) })),
      minItems: 1,
      maxItems: 1,
    },
    predicateType: only(reviewPredicateType),
    predicate: exactly({
      units: listOf(text),
      approvedAt: text,
      logins: listOf(text),
      proposedBy: listOf(text),
      run: text,
      attempt: text,
      commit: text,
    }),
  }),
};

export function reviewStatement({ bundle, ...predicate }: GateReview): object {
  return {
    _type: statementType,
    subject: [{ name: 'bundle.json', digest: { sha256: bundle } }],
    predicateType: reviewPredicateType,
    predicate,
  };
}

/**
 * The logins that count among a run's approvals, as GitHub's API lists them: an approval, of one of the gates of this environment
 * (`<place>`, `<place>-2`, …), whose comment names the bundle. A run has one list, which survives its re-runs, so that what was said about an earlier
 * plan names another bundle. Raises E6024 for anything but such a list.
 */
export function countingLogins(list: string, place: string, hash: string): readonly string[] {
  const entries = entriesOf(list, place, 'GET /repos/…/actions/runs/…/approvals');
  const gate = new RegExp(`^${place.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?:-\\d+)?$`);
  const named = hash.slice(0, namedDigits);
  const logins = entries.flatMap((entry: unknown) => {
    if (!isObject(entry) || entry['state'] !== 'approved' || typeof entry['comment'] !== 'string') return [];
    const places: readonly unknown[] = Array.isArray(entry['environments']) ? entry['environments'] : [];
    const user = entry['user'];
    const isHere = places.some((one) => isObject(one) && typeof one['name'] === 'string' && gate.test(one['name']));
    const words = entry['comment'].toLowerCase().split(/[^0-9a-f]+/);
    return isHere &&
      words.some((word) => word.length >= namedDigits && hash.startsWith(word)) &&
      named !== '' &&
      isObject(user) &&
      typeof user['login'] === 'string'
      ? [user['login'].toLowerCase()]
      : [];
  });
  return [...new Set(logins)].toSorted();
}

/**
 * Who proposed a change, of the pull requests that its commits came by, as GitHub's API lists them. Raises E6024 for anything but such a list:
 * somebody could be missing.
 */
export function proposingLogins(list: string, place: string): readonly string[] {
  const logins = entriesOf(list, place, 'GET /repos/…/commits/…/pulls').map((entry) => {
    const user = isObject(entry) ? entry['user'] : undefined;
    // An account that is gone opens no gate.
    if (user === null) return '';
    if (isObject(user) && typeof user['login'] === 'string') return user['login'].toLowerCase();
    throw refused('E6024', {
      place,
      found: 'a pull request without its author',
      todo: 'pass the responses of GET /repos/…/commits/…/pulls',
    });
  });
  return [...new Set(logins)].filter((login) => login !== '').toSorted();
}

/** Reads the statement of an envelope whose signature was checked; undefined where it is of another type. Raises E6017 where it is damaged. */
export function gateReviewOf(envelope: Envelope, place: string): GateReview | undefined {
  const statement = payloadStatement(envelope, place);
  if (statement['predicateType'] !== reviewPredicateType) return undefined;
  const { subject, predicate } = statement;
  const first: unknown = Array.isArray(subject) && subject.length === 1 ? subject[0] : undefined;
  const digest = isObject(first) && isObject(first['digest']) ? first['digest']['sha256'] : undefined;
  if (!isObject(predicate) || typeof digest !== 'string') throw damaged(place);
  const { units, approvedAt, logins, proposedBy, run, attempt, commit } = predicate;
  if (
    !isTextList(units) ||
    !isTextList(logins) ||
    !isTextList(proposedBy) ||
    typeof approvedAt !== 'string' ||
    Number.isNaN(Date.parse(approvedAt)) ||
    typeof run !== 'string' ||
    typeof attempt !== 'string' ||
    typeof commit !== 'string'
  )
    throw damaged(place);
  return { bundle: digest, units, approvedAt, logins, proposedBy, run, attempt, commit };
}

function entriesOf(list: string, place: string, question: string): readonly unknown[] {
  const todo = `pass the response of ${question}`;
  let entries: unknown;
  try {
    entries = JSON.parse(list);
  } catch (cause) {
    throw refused('E6024', { place, found: messageOf(cause), todo }, cause);
  }
  if (!Array.isArray(entries)) throw refused('E6024', { place, found: 'no list', todo });
  return entries;
}

function isTextList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function damaged(place: string) {
  return refused('E6017', {
    place,
    found: 'a review without digest, units, time, logins, authors of pull requests, run or commit',
    todo: 'let the run review it again',
  });
}
