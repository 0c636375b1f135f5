import { either, exactly, listOf, mapOf, oneOf, only, type Schema } from '../bundle/typed-schema';
import { readAs } from '../bundle/validate';
import { refused } from '../problems';
import { messageOf } from '../../base/message';
import { parseStrictJson } from '../../base/strict-json';

import { keyId, publicKeyFrom } from './keys';

/** Someone who may approve, and the key that proves it. */
export interface PolicyKey {
  /** Address; compared with the authors of a change. */
  readonly identity: string;
  /** PEM of an ed25519 public key. */
  readonly publicKey: string;
}

/** A time in which nothing is applied. */
export type FreezeWindow =
  | { readonly from: string; readonly to: string; readonly reason: string }
  | {
      readonly days: readonly Day[];
      /** `HH:MM`; a window whose end is not after its start goes on until the next day. */
      readonly start: string;
      readonly end: string;
      readonly timeZone: string;
      readonly reason: string;
    };

export type Day = 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun';
export const days: readonly Day[] = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/** What one environment asks for. */
export interface EnvironmentPolicy {
  /** Number of different people. */
  readonly approvals: number;
  /** Identities; only these count. */
  readonly approvers: readonly string[];
  /** True where an author of the change may approve it. @default false */
  readonly ownChange?: boolean;
  /** An approval older than this is worth nothing. @default 24 */
  readonly maxAgeHours?: number;
  /** @default none */
  readonly freeze?: readonly FreezeWindow[];
  /** Ids of findings (`*` at the end stands for any rest) that need one approver more than `approvals`. @default none */
  readonly secondApproverFindings?: readonly string[];
  /** True where `terrace deploy --auto-approve` is allowed. @default false */
  readonly autoApprove?: boolean;
  /** Age recipients (age1…) of its plans; no other can open them. @default those that the planner names */
  readonly recipients?: readonly string[];
  /** Identities of engines: what their keys say about who opened a gate counts. @default none */
  readonly gateKeys?: readonly string[];
}

/** `terrace.approvals.json`: who may approve what. Read from the protected branch, never from the change. */
export interface ApprovalPolicy {
  readonly version: 1;
  readonly keys: readonly PolicyKey[];
  /** Who somebody is at the engine: login, and the identity it belongs to. @default none */
  readonly logins?: { readonly [login: string]: string };
  /** `<system>/<environment>`, `<system>/*`, any system's environment (a star before the slash) or `*`; the first of these that matches counts. */
  readonly environments: { readonly [pattern: string]: EnvironmentPolicy };
}

export const policyFile = 'terrace.approvals.json';

const text: Schema<string> = { type: 'string', minLength: 1 };
const flag: Schema<boolean> = { type: 'boolean' };
const instant: Schema<string> = { type: 'string', format: 'date-time' };
const people: Schema<number> = { type: 'integer', minimum: 1 };
const hours: Schema<number> = { type: 'number', exclusiveMinimum: 0 };
const day: Schema<Day> = oneOf(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']);
const recipients: Schema<readonly string[]> = { type: 'array', minItems: 1, items: { type: 'string', pattern: '^age1[a-z0-9]+$' } };
const clock: Schema<string> = { type: 'string', pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$' };

/** JSON Schema of `terrace.approvals.json`; published as docs/schemas/approvals.v1.json. */
export const policySchema: Schema<ApprovalPolicy> = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:terrace:schema:approvals:1',
  title: 'Terrace approval rules',
  ...exactly(
    {
      $schema: text,
      version: only(1),
      keys: listOf(exactly({ identity: text, publicKey: text })),
      logins: mapOf('^[A-Za-z0-9-]+(\\[bot\\])?$', text),
      environments: mapOf(
        '^(\\*|[a-z0-9-]+/(\\*|[a-z0-9-]+)|\\*/[a-z0-9-]+)$',
        exactly(
          {
            approvals: people,
            approvers: listOf(text),
            ownChange: flag,
            maxAgeHours: hours,
            freeze: listOf(
              either(
                exactly({ from: instant, to: instant, reason: text }),
                exactly({ days: listOf(day), start: clock, end: clock, timeZone: text, reason: text }),
              ),
            ),
            secondApproverFindings: listOf(text),
            autoApprove: flag,
            gateKeys: listOf(text),
            recipients,
          },
          ['ownChange', 'maxAgeHours', 'freeze', 'secondApproverFindings', 'autoApprove', 'gateKeys', 'recipients'],
        ),
      ),
    },
    ['$schema', 'logins'],
  ),
};

/** Reads and checks a policy. Raises E6013 with every problem in it. */
export async function parsePolicy(json: string, place: string): Promise<ApprovalPolicy> {
  let value: unknown;
  try {
    value = parseStrictJson(json);
  } catch (cause) {
    throw unusable(place, `not JSON: ${messageOf(cause)}`, cause);
  }
  const read = await readAs(policySchema, value);
  if ('problems' in read) throw unusable(place, read.problems.join('\n'));
  const policy = read.value;
  const problems: string[] = [];
  const identities = new Set(policy.keys.map((key) => key.identity));
  const named = new Set(Object.values(policy.logins ?? {}));
  const ids = new Map<string, string>();
  for (const key of policy.keys) {
    const id = keyId(publicKeyFrom(key.publicKey, `${place}: key of ${key.identity}`));
    const other = ids.get(id);
    if (other !== undefined && other.toLowerCase() !== key.identity.toLowerCase())
      problems.push(`one key belongs to both ${other} and ${key.identity}`);
    ids.set(id, key.identity);
  }
  for (const [pattern, environment] of Object.entries(policy.environments)) {
    for (const approver of environment.approvers)
      if (!identities.has(approver) && !named.has(approver)) problems.push(`${pattern}: approver ${approver} has neither key nor login`);
    for (const engine of environment.gateKeys ?? [])
      if (!identities.has(engine)) problems.push(`${pattern}: the engine ${engine} has no key`);
    for (const window of environment.freeze ?? [])
      if ('timeZone' in window && !isTimeZone(window.timeZone)) problems.push(`${pattern}: unknown time zone ${window.timeZone}`);
  }
  if (problems.length > 0) throw unusable(place, problems.join('\n'));
  return policy;
}

/** The rules of one environment, undefined where none match: then nothing can be approved. */
export function environmentPolicy(policy: ApprovalPolicy, system: string, environment: string): EnvironmentPolicy | undefined {
  for (const pattern of [`${system}/${environment}`, `${system}/*`, `*/${environment}`, '*']) {
    if (Object.hasOwn(policy.environments, pattern)) return policy.environments[pattern];
  }
  return undefined;
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

function unusable(place: string, found: string, cause?: unknown) {
  return refused('E6013', { place, found, todo: 'see docs/delivery.md and docs/schemas/approvals.v1.json for the format' }, cause);
}
