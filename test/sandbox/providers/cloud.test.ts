import { afterEach, expect, test } from '@jest/globals';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { Cloud } from '../../../terrace/sandbox/providers/cloud/cloud';
import { EventLog } from '../../../terrace/sandbox/providers/cloud/event-log';
import { Faults } from '../../../terrace/sandbox/providers/cloud/faults';
import type { CloudRecord } from '../../../terrace/sandbox/providers/cloud/record';
import { breakResource } from '../../../terrace/sandbox/providers/tools/break-resource';
import { findResource } from '../../../terrace/sandbox/providers/tools/find-resource';
import { temporaryFolder } from '../../_helpers/sandbox';

const dir = temporaryFolder('terrace-cloud-');
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const record = (id: string, values: Readonly<Record<string, unknown>> = {}): CloudRecord => ({
  version: 1,
  provider: 'aws',
  type: 'aws_vpc',
  scope: '1/eu',
  id,
  created: 1,
  values,
});

test('a resource is one JSON file under provider, scope and type', () => {
  const cloud = new Cloud(dir);
  expect(cloud.create(record('vpc-1'), true)).toBe('aws/1/eu/aws_vpc/vpc-1');
  expect(cloud.read('aws/1/eu/aws_vpc/vpc-1')).toEqual(record('vpc-1'));
  expect(cloud.allKeys()).toEqual(['aws/1/eu/aws_vpc/vpc-1']);
});

test('an id is given once; after it is gone a fresh one is wanted', () => {
  const cloud = new Cloud(dir);
  cloud.create(record('vpc-1'), true);
  expect(cloud.create(record('vpc-1'), true)).toBeUndefined();
  cloud.remove('aws/1/eu/aws_vpc/vpc-1');
  expect(cloud.create(record('vpc-1'), true)).toBeUndefined();
  expect(cloud.create(record('vpc-1'), false)).toBe('aws/1/eu/aws_vpc/vpc-1');
});

test('a second resource of the same id stands beside the first', () => {
  const cloud = new Cloud(dir);
  cloud.create(record('b'), false);
  expect(cloud.createBeside(record('b'))).toBe('aws/1/eu/aws_vpc/b~2');
  expect(cloud.list('aws', 'aws_vpc', '1/eu')).toHaveLength(2);
});

test('ids that are paths, ARNs or very long become file names', () => {
  const cloud = new Cloud(dir);
  const ids = ['/ecs/api', 'arn:aws:iam::1:role/a', '../../escape', 'x'.repeat(1000), '', '*.example.com'];
  for (const id of ids) expect(cloud.read(cloud.create(record(id), true) ?? '')?.id).toBe(id);
  expect(
    cloud
      .list('aws', 'aws_vpc')
      .map((one) => one.record.id)
      .sort(),
  ).toEqual([...ids].sort());
});

test('a file that people edit, put another in the place of, or remove is read as it is now', () => {
  const [cloud, other] = [new Cloud(dir), new Cloud(dir)];
  const key = cloud.create(record('vpc-1', { cidr_block: '10.0.0.0/16' }), true) ?? '';
  const now = (): unknown => cloud.read(key)?.values['cidr_block'];
  const file = path.join(dir, `${key}.json`);
  expect(now()).toBe('10.0.0.0/16');
  writeFileSync(file, JSON.stringify(record('vpc-1', { cidr_block: '10.1.0.0/16' })));
  expect(now()).toBe('10.1.0.0/16');
  writeFileSync(file, JSON.stringify(record('vpc-1', { cidr_block: '10.2.0.0/16' })));
  expect(now()).toBe('10.2.0.0/16');
  other.update(key, record('vpc-1', { cidr_block: '10.3.0.0/16' }));
  expect(cloud.list('aws', 'aws_vpc').map((one) => one.record.values['cidr_block'])).toEqual(['10.3.0.0/16']);
  other.remove(key);
  expect(now()).toBeUndefined();
});

test('a key that leaves the folder is refused', () => {
  expect(() => new Cloud(dir).read('../outside')).toThrow('not a key of the cloud folder');
});

test('a file that holds no record is a coded error', () => {
  const cloud = new Cloud(dir);
  mkdirSync(path.join(dir, 'aws/1/eu/aws_vpc'), { recursive: true });
  writeFileSync(path.join(dir, 'aws/1/eu/aws_vpc/v.json'), '[]');
  expect(() => cloud.read('aws/1/eu/aws_vpc/v')).toThrow(/E5304 unreadable cloud entry/);
});

test('people name a resource by id, by name or by type and name, and hear when that is not enough', () => {
  const cloud = new Cloud(dir);
  cloud.create(record('vpc-1', { name: 'main' }), true);
  cloud.create({ ...record('q'), type: 'aws_sqs_queue', values: { name: 'main' } }, true);
  expect(findResource(cloud, 'vpc-1').record.id).toBe('vpc-1');
  expect(findResource(cloud, 'aws_sqs_queue:main').record.id).toBe('q');
  expect(() => findResource(cloud, 'main')).toThrow(/E5307[\s\S]*aws\/1\/eu\/aws_sqs_queue\/q\n[\s\S]*aws\/1\/eu\/aws_vpc\/vpc-1/);
  expect(() => findResource(cloud, 'other')).toThrow(/E5306 no such simulated resource/);
});

test('what came with a resource is not removed without it', () => {
  const cloud = new Cloud(dir);
  const owner = cloud.create(record('vpc-9'), true) ?? '';
  const child = cloud.create({ ...record('sg-9'), type: 'aws_security_group', hidden: { owner } }, true) ?? '';
  cloud.update(owner, { ...record('vpc-9'), hidden: { children: [child] } });
  expect(() => breakResource(cloud, 'sg-9')).toThrow(
    /E5318 simulated resource belongs to another {3}aws_security_group sg-9[\s\S]*it came with aws_vpc vpc-9[\s\S]*cloud break vpc-9/,
  );
  expect(cloud.read(child)?.id).toBe('sg-9');
  expect(breakResource(cloud, 'vpc-9').type).toBe('aws_vpc');
  expect(cloud.read(child)).toBeUndefined();
});

test('events are kept in order, and an unfinished last line is left out', () => {
  const log = new EventLog(dir);
  log.add({ operation: 'create', type: 'a', id: '1', scope: '-' });
  log.add({ operation: 'delete', type: 'a', id: '1', scope: '-' });
  writeFileSync(path.join(dir, 'events.jsonl'), '{"operation":', { flag: 'a' });
  expect(log.all().map(({ operation }) => operation)).toEqual(['create', 'delete']);
});

test('a fault strikes what it matches, as often as it says', () => {
  const faults = new Faults(dir);
  faults.add({ type: 'aws_vpc', operation: 'create', kind: 'error', message: 'x', milliseconds: 0, times: 2, match: { name: 'a' } });
  const struck = [{ name: 'b' }, { name: 'a' }, { name: 'a' }, { name: 'a' }].map(
    (attributes) => faults.strike('aws_vpc', 'create', attributes) !== undefined,
  );
  expect(struck).toEqual([false, true, true, false]);
  expect(faults.strike('aws_vpc', 'delete', { name: 'a' })).toBeUndefined();
});

test('a fault without a number strikes until it is cleared', () => {
  const faults = new Faults(dir);
  const { id } = faults.add({ type: 't', operation: 'read', kind: 'error', message: 'x', milliseconds: 0 });
  faults.add({ type: 'u', operation: 'read', kind: 'error', message: 'x', milliseconds: 0 });
  for (let time = 0; time < 3; time++) expect(faults.strike('t', 'read', {})?.id).toBe(id);
  expect([faults.remove(id), faults.remove()]).toEqual([1, 1]);
});
