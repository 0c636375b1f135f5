import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { S3Client } from '@aws-sdk/client-s3';
import type { STSClient } from '@aws-sdk/client-sts';
import { test } from '@jest/globals';

/** A service under the contract: clients of it, for an account and a region. */
export interface Endpoint {
  readonly name: 'sandbox' | 'moto';
  s3(region: string): Promise<S3Client>;
  dynamodb(region: string): Promise<DynamoDBClient>;
  sts(region: string, keys?: Keys): Promise<STSClient>;
}

export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/** Account that the endpoints' own key belongs to. */
export const account = '123456789012';

/** Registers one rule of the contract as a test; `moto` says in which way moto 5.2 departs from AWS there, so that it is not asked. */
export function rule(endpoint: Endpoint['name'], name: string, body: () => Promise<void>, departs: { readonly moto?: string } = {}): void {
  if (endpoint === 'moto' && departs.moto !== undefined) return;
  // oxlint-disable-next-line jest/expect-expect, jest/valid-title -- the rule's body asserts, and its name is a sentence of the contract
  test(name, body, 60_000);
}

/** Error name and HTTP status of a refused call; throws when it is not refused. */
export async function refusal(call: Promise<unknown>): Promise<{ readonly name: string; readonly status: number | undefined }> {
  try {
    await call;
  } catch (error) {
    if (error instanceof Error && '$metadata' in error) {
      const { httpStatusCode } = error.$metadata as { readonly httpStatusCode?: number };
      return { name: error.name, status: httpStatusCode };
    }
    throw error;
  }
  throw new Error('the call was not refused');
}

let counter = 0;

/** A bucket or table name that no other rule uses. */
export function freshName(): string {
  counter += 1;
  return `contract-${process.pid}-${Date.now().toString(36)}-${counter}`;
}
