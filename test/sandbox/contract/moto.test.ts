import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { freePort } from '../../_helpers/free-port';
import { tool } from '../../_helpers/tools';
import { contract } from './contract';
import type { Endpoint } from './endpoint';

// A second opinion on the contract itself: a rule that AWS does not have would fail here.
// With CI=true its absence is an error.
const program = tool('moto_server');

let server: ChildProcess | undefined;
let url = '';

beforeAll(async () => {
  if (program === undefined) return;
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  server = spawn(program, ['-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
  for (let attempt = 0; attempt < 300; attempt += 1) {
    if (
      await fetch(`${url}/moto-api/`).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      return;
    await sleep(100);
  }
  throw new Error('moto_server does not answer');
}, 600_000);
afterAll(() => void server?.kill());

test('what is left out without moto_server is said', () => {
  const note =
    program === undefined ? 'left out: the contract against moto_server, which is not on PATH (pip install "moto[server]==5.2.1")\n' : '';
  process.stderr.write(note);
  expect(note === '').toBe(program !== undefined);
});

const keys = { accessKeyId: 'SANDBOX123456789012', secretAccessKey: 'sandbox' };

const moto: Endpoint = {
  name: 'moto',
  s3: async (region) => new S3Client({ region, endpoint: url, forcePathStyle: true, credentials: keys }),
  dynamodb: async (region) => new DynamoDBClient({ region, endpoint: url, credentials: keys }),
  sts: async (region, own) => new STSClient({ region, endpoint: url, credentials: own ?? keys }),
};

if (program !== undefined) {
  describe('moto', () => {
    contract(moto);
  });
}
