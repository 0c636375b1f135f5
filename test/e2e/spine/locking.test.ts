import { spawn } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, GetObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { DataResource } from 'cdktf';

import { dynamodbClient, s3Client } from '../../../terrace/aws/clients';
import { synthesizeProject } from '../../../terrace/synth/synthesize';
import { findTerraform, type TerraformBinary } from '../../../terrace/terraform/binary';
import type { Region } from '../../../terrace/tree/region';
import { Unit } from '../../../terrace/tree/unit';
import { demoProject } from '../../_helpers/demo-project';
import { temporaryFolder, testSandbox, type TestSandbox } from '../../_helpers/sandbox';

const scratch = temporaryFolder('terrace-locking-');
let sandbox: TestSandbox;
let terraform: TerraformBinary;
let env: NodeJS.ProcessEnv;

/** An apply that waits for a file, so that a second one can meet its lock. */
class SlowUnit extends Unit {
  constructor(region: Region, id: string) {
    super(region, id, {});
    new DataResource(this, 'slow', {
      input: { value: 'done' },
      provisioners: [
        {
          type: 'local-exec',
          command: `touch '${scratch}/started'; n=0; while [ ! -e '${scratch}/go' ] && [ $n -lt 300 ]; do sleep 0.1; n=$((n+1)); done`,
        },
      ],
    });
  }
}

beforeAll(async () => {
  sandbox = await testSandbox();
  env = sandbox.env({ account: '123456789012' });
  terraform = await findTerraform(env);
  const s3 = await s3Client('eu-central-1', env);
  await s3.send(
    new CreateBucketCommand({
      Bucket: 'terraform-state-123456789012-eu-central-1',
      CreateBucketConfiguration: { LocationConstraint: 'eu-central-1' },
    }),
  );
  s3.destroy();
  const dynamodb = await dynamodbClient('eu-central-1', env);
  await dynamodb.send(
    new CreateTableCommand({
      TableName: 'terraform-locks-123456789012',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'LockID', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'LockID', KeyType: 'HASH' }],
    }),
  );
  dynamodb.destroy();
}, 600_000);

afterAll(async () => {
  await sandbox.dispose();
  rmSync(scratch, { recursive: true, force: true });
});

function run(cwd: string, ...args: readonly string[]): Promise<{ readonly code: number | null; readonly output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(terraform.path, [...args, '-no-color', '-input=false'], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (chunk) => (output += String(chunk)));
    child.stderr.on('data', (chunk) => (output += String(chunk)));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output }));
  });
}

async function waitFor(file: string): Promise<void> {
  for (let tries = 0; tries < 300; tries += 1) {
    if (existsSync(file)) return;
    await wait(100);
  }
  throw new Error(`${file} did not appear`);
}

test.each(['dynamodb', 'both', 's3'] as const)(
  'with lock %s the second of two applies fails with the lock error, and the state is what the first one made',
  async (lock) => {
    for (const file of ['started', 'go']) rmSync(path.join(scratch, file), { force: true });
    const tree = path.join(scratch, lock);
    await synthesizeProject(
      demoProject({
        root: { lock, keyPrefix: `${lock}/` },
        regions: [{ region: 'eu-central-1', awsRegion: 'eu-central-1', units: { 'compute/slow': SlowUnit } }],
      }),
      {
        root: scratch,
        selectors: [],
        out: tree,
        commit: null,
        dirty: false,
      },
    );
    const folder = path.join(tree, 'demo/dev/eu-central-1/compute/slow');
    expect((await run(folder, 'init')).code).toBe(0);
    const first = run(folder, 'apply', '-auto-approve');
    await waitFor(path.join(scratch, 'started'));
    const second = await run(folder, 'apply', '-auto-approve');
    expect(second.code).toBe(1);
    expect(second.output).toContain('Error acquiring the state lock');
    expect(second.output).toMatch(lock === 's3' ? /PreconditionFailed/ : /ConditionalCheckFailed|PreconditionFailed/);
    expect(second.output).toMatch(/Operation: +OperationTypeApply/);
    writeFileSync(path.join(scratch, 'go'), '');
    expect((await first).code).toBe(0);
    const s3 = await s3Client('eu-central-1', env);
    const { Body } = await s3.send(
      new GetObjectCommand({
        Bucket: 'terraform-state-123456789012-eu-central-1',
        Key: `${lock}/dev/eu-central-1/compute/slow/terraform.tfstate`,
      }),
    );
    s3.destroy();
    const state: { readonly resources: readonly { readonly name: string }[] } = JSON.parse((await Body?.transformToString()) ?? '');
    expect(state.resources.map(({ name }) => name)).toEqual(['slow']);
    expect((await run(folder, 'plan', '-detailed-exitcode')).code).toBe(0);
  },
  600_000,
);
