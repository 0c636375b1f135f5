import { recordKey } from '../state/applied-record';
import type { Conditions } from './access';
import type { PolicyStatement } from './statements';

/** Where one unit's state and lock are. */
export interface StateKey {
  /** Account that holds it. @default the environment's own */
  readonly account?: string;
  readonly bucket: string;
  readonly key: string;
  readonly region: string;
  /** ARN of a key or of an alias; absent where S3's own keys encrypt. */
  readonly kmsKeyId?: string;
  /** Absent with `lock: s3`. */
  readonly dynamodbTable?: string;
  /** Whether the lock is (also) an object `<key>.tflock`. */
  readonly useLockfile: boolean;
}

export interface StateAccessNeeds {
  readonly account: string;
  /** States that are read. */
  readonly read: readonly StateKey[];
  /** States that are written, and so also read: none for a role that plans. */
  readonly written: readonly StateKey[];
  /** States whose lock is taken. */
  readonly locked: readonly StateKey[];
  /** Object that says which commit was accepted last; moved by a role that writes states. */
  readonly accepted: { readonly bucket: string; readonly key: string };
}

/**
 * The statements for states and locks: exactly the given keys, with the records of applies beside them, read; the written ones also
 * written; of the lock table exactly their items, and never the digest of a state that is not written. The state's key may be used through S3 and DynamoDB only.
 */
export function stateStatements(needs: StateAccessNeeds): readonly PolicyStatement[] {
  const { account, read, written, locked } = needs;
  const buckets = unique(read.map(({ bucket }) => `arn:aws:s3:::${bucket}`));
  const tables = unique(
    read.flatMap(({ dynamodbTable, region }) =>
      dynamodbTable === undefined ? [] : [`arn:aws:dynamodb:${region}:${account}:table/${dynamodbTable}`],
    ),
  );
  const onlyRead = read.filter((state) => !written.some(({ bucket, key }) => bucket === state.bucket && key === state.key));
  const lockObjects = locked.filter(({ useLockfile }) => useLockfile).map((state) => `${objectArn(state)}.tflock`);
  return [
    allow('StateBuckets', ['s3:ListBucket'], buckets),
    ...(onlyRead.length === 0
      ? []
      : [
          allow(
            'ReadStates',
            ['s3:GetObject'],
            onlyRead.flatMap((state) => [objectArn(state), recordArn(state)]),
          ),
        ]),
    ...(written.length === 0
      ? []
      : [
          allow(
            'WriteStates',
            ['s3:DeleteObject', 's3:GetObject', 's3:PutObject'],
            written.flatMap((state) => [objectArn(state), recordArn(state)]),
          ),
        ]),
    allow(
      written.length === 0 ? 'ReadAccepted' : 'MoveAccepted',
      written.length === 0 ? ['s3:GetObject'] : ['s3:GetObject', 's3:PutObject'],
      [`arn:aws:s3:::${needs.accepted.bucket}/${needs.accepted.key}`],
    ),
    ...(lockObjects.length === 0 ? [] : [allow('LockObjects', ['s3:DeleteObject', 's3:GetObject', 's3:PutObject'], lockObjects)]),
    ...tables.flatMap((table) => tableStatements(table, needs)),
    ...keyStatements(needs, lockObjects.length > 0),
  ];
}

/** One set for each table, because the items are named by bucket and key, and a bucket's states lock in its region's table. */
function tableStatements(table: string, needs: StateAccessNeeds): readonly PolicyStatement[] {
  const region = table.split(':')[3] ?? '';
  const itemsOf = (states: readonly StateKey[]) =>
    states.filter((state) => state.region === region).map(({ bucket, key }) => `${bucket}/${key}`);
  const written = itemsOf(needs.written);
  const onlyRead = itemsOf(needs.read).filter((item) => !written.includes(item));
  const onlyLocked = itemsOf(needs.locked).filter((item) => !written.includes(item));
  const place = region.replaceAll('-', '');
  const withDigests = (names: readonly string[]) => items(names.map((name) => `${name}*`));
  return [
    allow(`LockTable${place}`, ['dynamodb:DescribeTable'], [table]),
    ...(written.length === 0
      ? []
      : [allow(`LocksAndDigests${place}`, ['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem'], [table], withDigests(written))]),
    ...(onlyRead.length === 0 ? [] : [allow(`ReadLocksAndDigests${place}`, ['dynamodb:GetItem'], [table], withDigests(onlyRead))]),
    ...(onlyLocked.length === 0
      ? []
      : [allow(`TakeLocks${place}`, ['dynamodb:DeleteItem', 'dynamodb:PutItem'], [table], items(onlyLocked))]),
  ];
}

/** Items whose hash key is one of these; one that ends in `*` is the lock and its digest, whose name only adds `-md5`. A request without a hash key matches none. */
function items(keys: readonly string[]): Conditions {
  return { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [...keys].sort() }, Null: { 'dynamodb:LeadingKeys': 'false' } };
}

/** A key by its alias is any of the account that bears it; one by its ARN is that one. Through S3 and DynamoDB alone. */
function keyStatements({ account, read, written }: StateAccessNeeds, writesLocks: boolean): readonly PolicyStatement[] {
  const actions = written.length > 0 || writesLocks ? ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey'] : ['kms:Decrypt'];
  const named = read.flatMap(({ kmsKeyId, region, account: owner = account }) =>
    kmsKeyId === undefined ? [] : [{ kmsKeyId, region, owner }],
  );
  const aliased = named.filter(({ kmsKeyId }) => aliasIn(kmsKeyId) !== undefined);
  const keys = named.filter(({ kmsKeyId }) => aliasIn(kmsKeyId) === undefined);
  const regionsOf = (states: typeof named) => unique(states.map(({ region }) => region));
  const through = (states: typeof named) => ({
    StringEquals: {
      'kms:ViaService': regionsOf(states).flatMap((region) => [`dynamodb.${region}.amazonaws.com`, `s3.${region}.amazonaws.com`]),
    },
  });
  const aliases = unique(aliased.flatMap(({ kmsKeyId }) => aliasIn(kmsKeyId) ?? []));
  const [alias] = aliases;
  return [
    ...(alias === undefined
      ? []
      : [
          allow('StateKey', actions, unique(aliased.map(({ region, owner }) => `arn:aws:kms:${region}:${owner}:key/*`)), {
            'ForAnyValue:StringEquals': { 'kms:ResourceAliases': aliases.length === 1 ? alias : aliases },
            ...through(aliased),
          }),
        ]),
    ...(keys.length === 0
      ? []
      : [allow(aliases.length === 0 ? 'StateKey' : 'StateKeys', actions, unique(keys.map(({ kmsKeyId }) => kmsKeyId)), through(keys))]),
  ];
}

function aliasIn(arn: string): string | undefined {
  const name = arn.split(':').slice(5).join(':');
  return name.startsWith('alias/') ? name : undefined;
}

function objectArn({ bucket, key }: StateKey): string {
  return `arn:aws:s3:::${bucket}/${key}`;
}

/** The record of the last apply stands beside the state. */
function recordArn({ bucket, key }: StateKey): string {
  return `arn:aws:s3:::${bucket}/${recordKey(key)}`;
}

function allow(sid: string, actions: readonly string[], resources: readonly string[], conditions?: Conditions): PolicyStatement {
  return {
    Sid: sid,
    Effect: 'Allow',
    Action: actions,
    Resource: [...resources].sort(),
    ...(conditions === undefined ? {} : { Condition: conditions }),
  };
}

function unique(values: readonly string[]): readonly string[] {
  return [...new Set(values)].sort();
}
