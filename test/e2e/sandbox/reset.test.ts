import { rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { layoutOf } from '../../../terrace/sandbox/daemon/layout';
import { Cloud } from '../../../terrace/sandbox/providers/cloud/cloud';
import { EventLog } from '../../../terrace/sandbox/providers/cloud/event-log';
import { Faults } from '../../../terrace/sandbox/providers/cloud/faults';
import { sandboxStatus } from '../../../terrace/sandbox/control';
import { testSandbox, type TestSandbox } from '../../_helpers/sandbox';
import { terraformFolder } from '../../_helpers/terraform-folder';

let sandbox: TestSandbox;
const folders: string[] = [];

beforeAll(async () => {
  sandbox = await testSandbox();
}, 600_000);
afterAll(async () => {
  await sandbox.dispose();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

test('an apply during which the sandbox is reset fails and says so, and nothing that it was making appears afterwards', async () => {
  const { cloud } = layoutOf(sandbox.dir);
  const unit = terraformFolder({
    terraform: { required_providers: { aws: { source: 'hashicorp/aws' } } },
    provider: { aws: { region: 'eu-central-1' } },
    resource: {
      aws_vpc: { main: { cidr_block: '10.0.0.0/16' } },
      aws_sns_topic: { before: { name: 'before' } },
      aws_s3_bucket: { slow: { bucket: 'made-too-late' } },
      aws_sqs_queue: { slow: { name: 'slow' }, later: { name: 'later', depends_on: ['aws_sqs_queue.slow'] } },
    },
  });
  folders.push(path.dirname(unit.dir));
  const faults = new Faults(cloud);
  for (const type of ['aws_s3_bucket', 'aws_sqs_queue'])
    faults.add({ type, operation: 'create', kind: 'delay', message: '', milliseconds: 4000, times: 1 });
  const applying = unit.run(sandbox.env(), 'apply', '-auto-approve', '-no-color', '-input=false');
  for (const events = new EventLog(cloud); events.all().filter(({ operation }) => operation === 'fault').length < 2;) await sleep(20);
  await sandbox.reset();
  const applied = await applying;
  expect(applied.exitCode).toBe(1);
  expect(applied.stderr.match(/E5313 sandbox was reset/g)?.length).toBe(2);
  expect(applied.stderr).not.toContain('revoked');
  expect(new Cloud(cloud).allKeys()).toEqual([]);
  expect(new EventLog(cloud).all()).toEqual([]);
  expect(await sandboxStatus(sandbox.dir)).toMatchObject({ state: 'running', daemon: { buckets: 0 } });

  const again = await unit.run(sandbox.env(), 'apply', '-auto-approve', '-no-color', '-input=false');
  expect([again.exitCode, again.stderr]).toEqual([0, '']);
  expect(await unit.run(sandbox.env(), 'plan', '-detailed-exitcode', '-no-color')).toMatchObject({ exitCode: 0 });
}, 600_000);
