import { randomUUID } from 'node:crypto';

import { StoreError } from '../storage/stores';
import { isObject } from '../../base/json';
import { DynamodbError, invalid } from './dynamodb-error';
import type { Table, TableFacts } from './table';
import type { TableStore } from './table-store';

export type Request = Readonly<Record<string, unknown>>;

/** Where a request acts: region and account of its signature. */
export interface Scope {
  readonly region: string;
  readonly account: string;
}

/** The table that a request names, by name or ARN. */
export function tableOf(store: TableStore, request: Request, scope: Scope): Table {
  const named = request.TableName ?? request.ResourceArn;
  if (typeof named !== 'string') throw invalid('The parameter TableName is required but was not present in the request');
  const arn = /^arn:aws[\w-]*:dynamodb:([\w-]+):(\d{12}):table\/([\w.-]+)/.exec(named);
  const [region, account, name] = arn === null ? [scope.region, scope.account, named] : [arn[1] ?? '', arn[2] ?? '', arn[3] ?? ''];
  if (account !== scope.account)
    throw new DynamodbError('AccessDeniedException', `Account ${scope.account} is not authorized to perform this on ${named}`);
  return store.table(name, region, account);
}

export function createTable(store: TableStore, request: Request, scope: Scope): unknown {
  const definitions = records(request.AttributeDefinitions);
  const schema = records(request.KeySchema).toSorted((left) => (left.KeyType === 'HASH' ? -1 : 1));
  const keys = schema.map(({ AttributeName }) => {
    const type = definitions.find((one) => one.AttributeName === AttributeName)?.AttributeType;
    if (type !== 'S' && type !== 'N' && type !== 'B')
      throw invalid('One or more parameter values were invalid: Some index key attributes are not defined in AttributeDefinitions.');
    return { name: String(AttributeName), type } as const;
  });
  if (schema[0]?.KeyType !== 'HASH' || keys.length > 2)
    throw invalid('Invalid KeySchema: The first KeySchemaElement is not a HASH key type');
  const table = store.add({
    ...scope,
    name: String(request.TableName ?? ''),
    keys,
    billing: request.BillingMode === 'PAY_PER_REQUEST' ? 'PAY_PER_REQUEST' : 'PROVISIONED',
    deletionProtection: request.DeletionProtectionEnabled === true,
    sse: sseOf(request.SSESpecification, scope),
    tags: tagsOf(request.Tags),
  });
  return { TableDescription: describe(table) };
}

export function deleteTable(store: TableStore, request: Request, scope: Scope): unknown {
  const table = tableOf(store, request, scope);
  store.delete(table.facts.name, table.facts.region, table.facts.account);
  return { TableDescription: { ...describe(table), TableStatus: 'DELETING' } };
}

export function describeTable(store: TableStore, request: Request, scope: Scope): unknown {
  return { Table: describe(tableOf(store, request, scope)) };
}

export function updateTable(store: TableStore, request: Request, scope: Scope): unknown {
  const table = tableOf(store, request, scope);
  const { DeletionProtectionEnabled: protection, SSESpecification: specification } = request;
  const billing = (['PAY_PER_REQUEST', 'PROVISIONED'] as const).find((mode) => mode === request.BillingMode);
  table.change({
    ...(billing === undefined ? {} : { billing }),
    ...(typeof protection === 'boolean' ? { deletionProtection: protection } : {}),
    ...(specification === undefined ? {} : { sse: sseOf(specification, scope) }),
  });
  return { TableDescription: describe(table) };
}

export function listTables(store: TableStore, request: Request, scope: Scope): unknown {
  const names = store
    .list()
    .filter(({ facts }) => facts.region === scope.region && facts.account === scope.account)
    .map(({ facts }) => facts.name);
  const start = typeof request.ExclusiveStartTableName === 'string' ? request.ExclusiveStartTableName : '';
  const rest = names.filter((name) => name > start);
  const page = rest.slice(0, typeof request.Limit === 'number' ? request.Limit : 100);
  return { TableNames: page, ...(page.length < rest.length ? { LastEvaluatedTableName: page.at(-1) } : {}) };
}

export function continuousBackups(store: TableStore, request: Request, scope: Scope): unknown {
  const table = tableOf(store, request, scope);
  const specification = request.PointInTimeRecoverySpecification;
  if (isObject(specification)) table.change({ pointInTimeRecovery: specification.PointInTimeRecoveryEnabled === true });
  const enabled = table.facts.pointInTimeRecovery;
  return {
    ContinuousBackupsDescription: {
      ContinuousBackupsStatus: 'ENABLED',
      PointInTimeRecoveryDescription: {
        PointInTimeRecoveryStatus: enabled ? 'ENABLED' : 'DISABLED',
        ...(enabled
          ? {
              RecoveryPeriodInDays: 35,
              EarliestRestorableDateTime: table.facts.created,
              LatestRestorableDateTime: Math.floor(Date.now() / 1000),
            }
          : {}),
      },
    },
  };
}

export function timeToLive(store: TableStore, request: Request, scope: Scope): unknown {
  const table = tableOf(store, request, scope);
  const specification = request.TimeToLiveSpecification;
  if (isObject(specification)) {
    const attribute = String(specification.AttributeName);
    table.change({ ttlAttribute: specification.Enabled === true ? attribute : null });
    return { TimeToLiveSpecification: { AttributeName: attribute, Enabled: specification.Enabled === true } };
  }
  const { ttlAttribute } = table.facts;
  return {
    TimeToLiveDescription:
      ttlAttribute === null ? { TimeToLiveStatus: 'DISABLED' } : { TimeToLiveStatus: 'ENABLED', AttributeName: ttlAttribute },
  };
}

export function listTags(store: TableStore, request: Request, scope: Scope): unknown {
  return { Tags: Object.entries(tableOf(store, request, scope).facts.tags).map(([Key, Value]) => ({ Key, Value })) };
}

export function changeTags(store: TableStore, request: Request, scope: Scope): unknown {
  const table = tableOf(store, request, scope);
  const removed = new Set(Array.isArray(request.TagKeys) ? request.TagKeys.map(String) : []);
  const tags = Object.entries({ ...table.facts.tags, ...tagsOf(request.Tags) }).filter(([key]) => !removed.has(key));
  table.change({ tags: Object.fromEntries(tags) });
  return {};
}

function describe(table: Table): Request {
  const { facts } = table;
  return {
    TableName: facts.name,
    TableArn: arnOf(facts),
    TableId: facts.id,
    TableStatus: 'ACTIVE',
    CreationDateTime: facts.created,
    AttributeDefinitions: facts.keys.map(({ name, type }) => ({ AttributeName: name, AttributeType: type })),
    KeySchema: facts.keys.map(({ name }, index) => ({ AttributeName: name, KeyType: index === 0 ? 'HASH' : 'RANGE' })),
    ItemCount: table.size,
    TableSizeBytes: table.all().reduce((sum, item) => sum + Buffer.byteLength(JSON.stringify(item)), 0),
    BillingModeSummary: { BillingMode: facts.billing },
    ProvisionedThroughput: { NumberOfDecreasesToday: 0, ReadCapacityUnits: 0, WriteCapacityUnits: 0 },
    DeletionProtectionEnabled: facts.deletionProtection,
    ...(facts.sse === null ? {} : { SSEDescription: { Status: 'ENABLED', SSEType: 'KMS', KMSMasterKeyArn: facts.sse.keyArn } }),
    TableClassSummary: { TableClass: 'STANDARD' },
  };
}

function arnOf(facts: TableFacts): string {
  return `arn:aws:dynamodb:${facts.region}:${facts.account}:table/${facts.name}`;
}

function sseOf(specification: unknown, scope: Scope): TableFacts['sse'] {
  if (!isObject(specification) || specification.Enabled !== true) return null;
  const key = specification.KMSMasterKeyId;
  return { keyArn: typeof key === 'string' ? key : `arn:aws:kms:${scope.region}:${scope.account}:key/${randomUUID()}` };
}

function tagsOf(tags: unknown): Readonly<Record<string, string>> {
  return Object.fromEntries(records(tags).map(({ Key, Value }) => [String(Key), String(Value)]));
}

function records(list: unknown): readonly Request[] {
  return Array.isArray(list) ? list.filter(isObject) : [];
}

/** A store's refusal in DynamoDB's own form. */
export function asDynamodbError(error: unknown): unknown {
  return error instanceof StoreError ? new DynamodbError(error.code, error.message) : error;
}
