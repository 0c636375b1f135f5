import { messageOf } from '../../base/message';
import { parseStrictJson } from '../../base/strict-json';
import type { Credentials, LockKind } from '../../model/model';
import { either, exactly, listOf, mapOf, oneOf, only, type Schema } from '../bundle/typed-schema';
import { readAs } from '../bundle/validate';
import { refused } from '../problems';

/** A bucket that holds states of an environment, with what guards them. */
export interface StateBucketFacts {
  readonly bucket: string;
  readonly region: string;
  /** What states are encrypted with: the ARN of a key or of an alias; absent where the bucket's own keys do it. */
  readonly kmsKeyId?: string;
  /** Absent with `lock: s3`. */
  readonly lockTable?: string;
}

/** What of an environment is taken from the commit that was accepted last, never from the change that is judged. */
export interface EnvironmentFacts {
  /** Account, subscription or project in which it is built. */
  readonly account: string;
  /** AWS account (12 digits) that holds states and locks. */
  readonly stateAccount: string;
  /** How terraform reaches it. */
  readonly credentials: Credentials;
  /** Roles of its pipeline: who plans, and who applies. Absent where it has none. */
  readonly roles?: { readonly plan: string; readonly apply: string };
  readonly lock: LockKind;
  /** Sorted by bucket. */
  readonly states: readonly StateBucketFacts[];
  /** Where it is kept which commit was accepted last: one of the buckets. */
  readonly accepted: { readonly bucket: string; readonly region: string; readonly key: string };
  /** Key of a unit's state, with `{environment}`, `{region}`, `{layer}` and `{unit}`. */
  readonly stateKey: string;
  /** Cloud regions of the default provider, sorted. */
  readonly regions: readonly string[];
  readonly protected: boolean;
  readonly planned: boolean;
  /** Variables of the shell, and files, that terraform may have besides its own; sorted. */
  readonly pass: { readonly variables: readonly string[]; readonly files: readonly string[] };
  /** Addresses that providers may be pointed at besides their own, by provider (`hashicorp/helm`). */
  readonly addresses: { readonly [provider: string]: readonly string[] };
}

export interface EnvironmentsFile {
  readonly $schema?: string;
  readonly version: 1;
  /** By `<system>/<environment>`. */
  readonly environments: { readonly [environment: string]: EnvironmentFacts };
}

/** Name of the file at the project's root. */
export const environmentsFile = 'terrace.environments.json';

const text: Schema<string> = { type: 'string', minLength: 1 };
const account: Schema<string> = { type: 'string', pattern: '^[0-9]{12}$' };
const flag: Schema<boolean> = { type: 'boolean' };
const texts = listOf(text);

const credentials: Schema<Credentials> = either(
  exactly({ kind: only('ambient') }),
  exactly({ kind: only('profile'), profile: text }),
  exactly({ kind: only('role'), roleArn: text }),
);

const facts: Schema<EnvironmentFacts> = exactly(
  {
    account: text,
    stateAccount: account,
    credentials,
    roles: exactly({ plan: text, apply: text }),
    lock: oneOf<LockKind>(['dynamodb', 'both', 's3']),
    states: listOf(exactly({ bucket: text, region: text, kmsKeyId: text, lockTable: text }, ['kmsKeyId', 'lockTable'])),
    accepted: exactly({ bucket: text, region: text, key: text }),
    stateKey: text,
    regions: texts,
    protected: flag,
    planned: flag,
    pass: exactly({ variables: texts, files: texts }),
    addresses: mapOf('^[a-z0-9.-]+(/[a-z0-9._-]+){1,2}$', texts),
  },
  ['roles'],
);

/** JSON Schema of `terrace.environments.json`; published as docs/schemas/environments.v1.json. */
export const environmentsSchema: Schema<EnvironmentsFile> = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:terrace:schema:environments:1',
  title: 'Terrace facts of environments',
  ...exactly({ $schema: text, version: only(1), environments: mapOf('^[a-z0-9-]+/[a-z0-9-]+$', facts) }, ['$schema']),
};

/** Reads and checks the facts. Raises E6042 (exit 3) with every problem in them. */
export async function parseEnvironments(json: string, place: string): Promise<EnvironmentsFile> {
  let value: unknown;
  try {
    value = parseStrictJson(json);
  } catch (cause) {
    throw unusable(place, `not JSON: ${messageOf(cause)}`);
  }
  const read = await readAs(environmentsSchema, value);
  if ('problems' in read) throw unusable(place, read.problems.join('\n'));
  return read.value;
}

function unusable(place: string, found: string) {
  return refused('E6042', { place, found, todo: 'run `terrace synth` and commit what it writes; this file is never edited by hand' });
}
