import { randomUUID } from 'node:crypto';
import { crc32 } from 'node:zlib';

import type { DirectRequest, DirectService } from '../http/direct-service';
import type { Reply } from '../http/reply';
import { isObject } from '../../base/json';
import { DynamodbError } from './dynamodb-error';
import { batchGetItem, batchWriteItem, deleteItem, getItem, putItem, readItems, updateItem } from './item-operations';
import {
  asDynamodbError,
  changeTags,
  continuousBackups,
  createTable,
  deleteTable,
  describeTable,
  listTables,
  listTags,
  type Request,
  type Scope,
  timeToLive,
  updateTable,
} from './table-operations';
import type { TableStore } from './table-store';

type Operation = (store: TableStore, request: Request, scope: Scope) => unknown;

const operations: Readonly<Record<string, Operation>> = {
  CreateTable: createTable,
  DeleteTable: deleteTable,
  DescribeTable: describeTable,
  UpdateTable: updateTable,
  ListTables: listTables,
  DescribeContinuousBackups: continuousBackups,
  UpdateContinuousBackups: continuousBackups,
  DescribeTimeToLive: timeToLive,
  UpdateTimeToLive: timeToLive,
  ListTagsOfResource: listTags,
  TagResource: changeTags,
  UntagResource: changeTags,
  GetItem: getItem,
  PutItem: putItem,
  DeleteItem: deleteItem,
  UpdateItem: updateItem,
  Query: (store, request, scope) => readItems(store, request, scope, 'Query'),
  Scan: (store, request, scope) => readItems(store, request, scope, 'Scan'),
  BatchGetItem: batchGetItem,
  BatchWriteItem: batchWriteItem,
};

/** DynamoDB as far as locks and their table need it, for every region: the region and the account are those of the signature. */
export function dynamodbService(store: TableStore): DirectService {
  return (request) => {
    let reply: Reply;
    try {
      reply = { status: 200, headers: { 'content-type': 'application/x-amz-json-1.0' }, body: JSON.stringify(perform(store, request)) };
    } catch (error) {
      const refusal = asDynamodbError(error);
      if (!(refusal instanceof DynamodbError)) throw error;
      reply = refusal.reply();
    }
    return {
      ...reply,
      headers: { ...reply.headers, 'x-amzn-requestid': randomUUID(), 'x-amz-crc32': String(crc32(Buffer.from(reply.body ?? ''))) },
    };
  };
}

function perform(store: TableStore, request: DirectRequest): unknown {
  const name = /^DynamoDB_20120810\.(\w+)$/.exec(request.headers['x-amz-target'] ?? '')?.[1] ?? '';
  const { caller } = request;
  if (caller === undefined) throw new DynamodbError('MissingAuthenticationTokenException', 'Request is missing Authentication Token');
  if (caller.account === undefined)
    throw new DynamodbError(
      'UnrecognizedClientException',
      'The access key id is not one of the Terrace sandbox (SANDBOX and 12 digits). Real credentials are of no use here.',
    );
  const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
  if (operation === undefined)
    throw new DynamodbError('UnknownOperationException', `The Terrace sandbox does not have the operation ${name} of DynamoDB.`);
  let body: unknown;
  try {
    body = JSON.parse(request.body.toString('utf8'));
  } catch {
    body = undefined;
  }
  if (!isObject(body)) throw new DynamodbError('SerializationException', 'The body is not a JSON object');
  return operation(store, body, { region: caller.region, account: caller.account });
}
