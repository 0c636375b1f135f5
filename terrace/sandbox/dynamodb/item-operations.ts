import { type Item, readItem } from './attribute-value';
import { isObject } from '../../base/json';
import { DynamodbError, invalid } from './dynamodb-error';
import { fulfils, placeholdersOf, project } from './expression';
import type { Table } from './table';
import { type Request, type Scope, tableOf } from './table-operations';
import type { TableStore } from './table-store';
import { updated } from './update-expression';

export function getItem(store: TableStore, request: Request, scope: Scope): unknown {
  const item = tableOf(store, request, scope).get(readItem(request.Key));
  return item === undefined ? {} : { Item: project(request.ProjectionExpression, item, placeholdersOf(request)) };
}

export function putItem(store: TableStore, request: Request, scope: Scope): unknown {
  const table = tableOf(store, request, scope);
  const item = readItem(request.Item);
  const before = table.sameKey(item);
  checkCondition(request, before);
  table.put(item);
  return old(request, before);
}

export function deleteItem(store: TableStore, request: Request, scope: Scope): unknown {
  const table = tableOf(store, request, scope);
  const key = readItem(request.Key);
  const before = table.get(key);
  checkCondition(request, before);
  if (before !== undefined) table.remove(key);
  return old(request, before);
}

export function updateItem(store: TableStore, request: Request, scope: Scope): unknown {
  const table = tableOf(store, request, scope);
  const key = readItem(request.Key);
  const before = table.get(key);
  checkCondition(request, before);
  const after = updated(request.UpdateExpression, before ?? key, placeholdersOf(request));
  for (const name of Object.keys(key))
    if (JSON.stringify(after[name]) !== JSON.stringify(key[name]))
      throw invalid(`One or more parameter values were invalid: Cannot update attribute ${name}. This attribute is part of the key`);
  table.put(after);
  if (request.ReturnValues === 'ALL_NEW') return { Attributes: after };
  if (request.ReturnValues === 'UPDATED_NEW') return { Attributes: changed(after, before ?? {}) };
  if (request.ReturnValues === 'UPDATED_OLD') return { Attributes: changed(before ?? {}, after) };
  return old(request, before);
}

/** Query (with a key condition) and Scan. */
export function readItems(store: TableStore, request: Request, scope: Scope, operation: 'Query' | 'Scan'): unknown {
  const table = tableOf(store, request, scope);
  if (request.IndexName !== undefined) throw invalid(`The table does not have the specified index: ${String(request.IndexName)}`);
  if (operation === 'Query' && request.KeyConditionExpression === undefined)
    throw invalid('Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.');
  const placeholders = placeholdersOf(request);
  const all = request.ScanIndexForward === false ? table.all().toReversed() : table.all();
  const start = request.ExclusiveStartKey === undefined ? 0 : afterKey(table, all, readItem(request.ExclusiveStartKey));
  const limit = typeof request.Limit === 'number' ? request.Limit : Number.POSITIVE_INFINITY;
  const found: Item[] = [];
  let scanned = 0;
  let last: Item | undefined;
  for (const item of all.slice(start)) {
    if (!fulfils('KeyConditionExpression', operation === 'Query' ? request.KeyConditionExpression : undefined, item, placeholders))
      continue;
    if (scanned === limit) break;
    scanned += 1;
    last = item;
    if (fulfils('FilterExpression', request.FilterExpression, item, placeholders)) found.push(item);
  }
  const more = scanned === limit && last !== undefined;
  return {
    ...(request.Select === 'COUNT' ? {} : { Items: found.map((item) => project(request.ProjectionExpression, item, placeholders)) }),
    Count: found.length,
    ScannedCount: scanned,
    ...(more && last !== undefined ? { LastEvaluatedKey: table.keyOf(last) } : {}),
  };
}

export function batchGetItem(store: TableStore, request: Request, scope: Scope): unknown {
  const wanted = isObject(request.RequestItems) ? Object.entries(request.RequestItems) : [];
  const responses = wanted.map(([name, query]) => {
    const keys = isObject(query) && Array.isArray(query.Keys) ? query.Keys : [];
    const table = tableOf(store, { TableName: name }, scope);
    const items = keys.map((key) => table.get(readItem(key))).filter((item): item is Item => item !== undefined);
    const placeholders = placeholdersOf(isObject(query) ? query : {});
    return [name, items.map((item) => project(isObject(query) ? query.ProjectionExpression : undefined, item, placeholders))] as const;
  });
  return { Responses: Object.fromEntries(responses), UnprocessedKeys: {} };
}

export function batchWriteItem(store: TableStore, request: Request, scope: Scope): unknown {
  const wanted = isObject(request.RequestItems) ? Object.entries(request.RequestItems) : [];
  const writes = wanted.flatMap(([name, list]) => (Array.isArray(list) ? list.filter(isObject).map((write) => ({ name, write })) : []));
  if (writes.length === 0 || writes.length > 25) throw invalid('Between 1 and 25 items must be given in RequestItems');
  for (const { name, write } of writes) {
    const table = tableOf(store, { TableName: name }, scope);
    if (isObject(write.PutRequest)) table.put(readItem(write.PutRequest.Item));
    else if (isObject(write.DeleteRequest)) table.remove(readItem(write.DeleteRequest.Key));
  }
  return { UnprocessedItems: {} };
}

function checkCondition(request: Request, before: Item | undefined): void {
  if (request.Expected !== undefined) throw invalid('The sandbox supports condition expressions, not the older parameter Expected');
  if (fulfils('ConditionExpression', request.ConditionExpression, before ?? {}, placeholdersOf(request))) return;
  const details = request.ReturnValuesOnConditionCheckFailure === 'ALL_OLD' && before !== undefined ? { Item: before } : {};
  throw new DynamodbError('ConditionalCheckFailedException', 'The conditional request failed', details);
}

function old(request: Request, before: Item | undefined): unknown {
  return request.ReturnValues === 'ALL_OLD' && before !== undefined ? { Attributes: before } : {};
}

function changed(from: Item, compared: Item): Item {
  return Object.fromEntries(Object.entries(from).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(compared[name])));
}

function afterKey(table: Table, all: readonly Item[], key: Item): number {
  const wanted = JSON.stringify(table.keyOf(key));
  return all.findIndex((item) => JSON.stringify(table.keyOf(item)) === wanted) + 1;
}
