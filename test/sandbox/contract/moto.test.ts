import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { contract } from './contract';
import type { Endpoint } from './endpoint';

// A second opinion on the contract itself: a rule that AWS does not have would fail here.
const present = spawnSync('moto_server', ['--help'], { stdio: 'ignore' }).status === 0;
const required = process.env['CI'] === 'true';

let server: ChildProcess | undefined;
let url = '';

beforeAll(async () => {
  if (!present) return;
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  server = spawn('moto_server', ['-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
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
}, 60_000);
afterAll(() => void server?.kill());

test('moto_server is there wherever CI runs', () => {
  if (!present)
    process.stderr.write('left out: the contract against moto_server, which is not on PATH (pip install "moto[server]==5.2.1")\n');
  expect(present || !required).toBe(true);
});

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}

const keys = { accessKeyId: 'SANDBOX123456789012', secretAccessKey: 'sandbox' };

const moto: Endpoint = {
  name: 'moto',
  s3: async (region) => new S3Client({ region, endpoint: url, forcePathStyle: true, credentials: keys }),
  dynamodb: async (region) => new DynamoDBClient({ region, endpoint: url, credentials: keys }),
  sts: async (region, own) => new STSClient({ region, endpoint: url, credentials: own ?? keys }),
};

if (present) {
  describe('moto', () => {
    contract(moto);
  });
}
