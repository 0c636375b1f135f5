import type { BackendModel, LockKind } from '../model/model';
import { defaultKeyTemplate, stateKeyOf } from './state-key';

/** What encrypts states: the alias of a key in the state's account and region, a key's ARN, or S3's own keys. */
export type StateEncryption = `alias/${string}` | `arn:${string}` | 'sse-s3';

/**
 * Names of a backend, with `{account}` and `{region}` (those that hold the state), `{system}` and `{environment}` in them; the key, behind
 * the root's `keyPrefix`, with `{environment}`, `{region}` (the folder), `{layer}` and `{unit}`.
 */
export interface BackendNames {
  readonly bucket: string;
  readonly lockTable: string;
  readonly key: string;
  readonly encryption: StateEncryption;
}

/** The names where a root says nothing else. */
export const defaultNames: BackendNames = {
  bucket: 'terraform-state-{account}-{region}',
  lockTable: 'terraform-locks-{account}',
  key: defaultKeyTemplate,
  encryption: 'alias/terraform-state',
};

/** What the placeholders of a backend's names stand for, by their names. */
export interface BackendPlace {
  /** 12 digits. */
  readonly account: string;
  readonly region: string;
  readonly system: string;
  readonly environment: string;
}

const placeholders = ['account', 'region', 'system', 'environment'] as const;

/** A name with its placeholders filled in; what `fill` does not give stays. Pure. */
export function filledName(name: string, fill: Partial<BackendPlace>): string {
  return placeholders.reduce((text, one) => (fill[one] === undefined ? text : text.replaceAll(`{${one}}`, fill[one])), name);
}

/** Literal `kms_key_id` of the backend; undefined where S3's own keys encrypt. */
export function kmsKeyIdOf(encryption: StateEncryption, place: BackendPlace): string | undefined {
  if (encryption === 'sse-s3') return undefined;
  const name = filledName(encryption, place);
  return encryption.startsWith('alias/') ? `arn:aws:kms:${place.region}:${place.account}:${name}` : name;
}

export interface BackendOptions {
  readonly names: BackendNames;
  readonly keyPrefix: string;
  readonly place: BackendPlace;
  /** `<system>/<environment>/<region>/<layer>/<unit>` */
  readonly unit: string;
  readonly lock: LockKind;
}

/** Where a unit's state and lock are; pure. */
export function backendOf({ names, keyPrefix, place, unit, lock }: BackendOptions): BackendModel {
  const kmsKeyId = kmsKeyIdOf(names.encryption, place);
  const template = `${keyPrefix}${names.key}`;
  return {
    bucket: filledName(names.bucket, place),
    key: stateKeyOf(template, unit),
    region: place.region,
    ...(kmsKeyId === undefined ? {} : { kmsKeyId }),
    ...(lock === 's3' ? {} : { dynamodbTable: filledName(names.lockTable, place) }),
    useLockfile: lock !== 'dynamodb',
    ...(names.key === defaultKeyTemplate ? {} : { keyTemplate: template }),
  };
}

/** A name that cannot be one: the setting, what it is, what it may be. */
export interface NameProblem {
  readonly setting: keyof BackendNames;
  readonly found: string;
  readonly expected: string;
}

const sample: BackendPlace = { account: '123456789012', region: 'eu-central-1', system: 'system', environment: 'environment' };

/** What is wrong with the names of a backend; pure. */
export function nameProblems(names: BackendNames): readonly NameProblem[] {
  const checks: readonly (readonly [keyof BackendNames, RegExp, string])[] = [
    ['bucket', /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'a name of S3 (3 to 63 lower-case letters, digits, - and .)'],
    ['lockTable', /^[A-Za-z0-9_.-]{3,255}$/, 'a name of DynamoDB (3 to 255 letters, digits, _, . and -)'],
    [
      'encryption',
      /^(?:alias\/(?!aws\/)[A-Za-z0-9/_-]{1,250}|arn:aws:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]+|sse-s3)$/,
      "'alias/…' (not alias/aws/…), the ARN of a key, or 'sse-s3'",
    ],
  ];
  const wrong = checks.flatMap(([setting, pattern, expected]) =>
    pattern.test(filledName(names[setting], sample))
      ? []
      : [
          {
            setting,
            found: names[setting],
            expected: `${expected}; {account}, {region}, {system} and {environment} stand for those of the state`,
          },
        ],
  );
  const key = stateKeyOf(names.key, 's/e/r/l/u');
  return names.key.includes('{unit}') && key.length <= 900 && /^[A-Za-z0-9_.=:-]+(?:\/[A-Za-z0-9_.=:-]+)*$/.test(key)
    ? wrong
    : [
        ...wrong,
        {
          setting: 'key',
          found: names.key,
          expected:
            'folders and a name of letters, digits, _, ., =, : and -, with {unit}, and {environment}, {region}, {layer} as it needs them',
        },
      ];
}
