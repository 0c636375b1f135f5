import { rmSync } from 'node:fs';
import path from 'node:path';

import { afterAll, expect, test } from '@jest/globals';

import { layoutOf } from '../../../terrace/sandbox/daemon/layout';
import { Cloud } from '../../../terrace/sandbox/providers/cloud/cloud';
import { fromJson } from '../../../terrace/sandbox/providers/protocol/json';
import { isObject, type ObjectValue } from '../../../terrace/sandbox/providers/protocol/value';
import { localProvider } from '../../../terrace/sandbox/providers/tools/local-provider';
import { Seeding } from '../../../terrace/sandbox/seeding/seeding';
import { projectRoot } from '../../_helpers/project-root';
import { temporaryFolder } from '../../_helpers/sandbox';

const folder = temporaryFolder('terrace-seeding-');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const account = '123456789012';
const config = { region: 'eu-central-1' };
const open = (name: string): { readonly seeding: Seeding; readonly cloud: string } => {
  const dir = path.join(folder, name);
  return { seeding: new Seeding(dir, projectRoot, { id: 'feedc0ffee00' }), cloud: layoutOf(dir).cloud };
};

/** What a data source answers over a cloud folder. */
async function lookUp(cloud: string, type: string, args: Readonly<Record<string, unknown>>): Promise<ObjectValue> {
  const { provider, settings } = localProvider(projectRoot, cloud, type, { account, region: 'eu-central-1' });
  const given = fromJson(args, provider.dataSourceType(type));
  return provider.readData(type, settings, isObject(given) ? given : {});
}

test('a seeded resource stands as it is, with the children it names, and with a mark by which its state finds it', async () => {
  const { seeding, cloud } = open('one');
  const placed = seeding.place({
    type: 'aws_vpc',
    account,
    config,
    attributes: { id: 'vpc-0aa', cidr_block: '10.0.0.0/16', default_security_group_id: 'sg-0bb', region: 'eu-central-1', unheard_of: 1 },
  });
  if (typeof placed === 'string') throw new Error(placed);
  expect(await seeding.settle()).toEqual([]);
  expect(Buffer.from(placed.private, 'base64').toString()).toBe(
    `terrace-sandbox:feedc0ffee00\naws/${account}/eu-central-1/aws_vpc/vpc-0aa`,
  );
  expect(placed.attributes).toMatchObject({ id: 'vpc-0aa', cidr_block: '10.0.0.0/16', instance_tenancy: null });
  expect(Object.keys(placed.attributes)).not.toContain('unheard_of');
  expect(new Cloud(cloud).list('aws', 'aws_security_group').map(({ record }) => record.id)).toContain('sg-0bb');
});

test('what no simulated cloud knows is refused with its reason', () => {
  const { seeding } = open('two');
  expect(seeding.place({ type: 'nowhere_thing', account, config: {}, attributes: {} })).toBe('no simulated provider has such a type');
  expect(seeding.place({ type: 'aws_thing_of_next_year', account, config, attributes: {} })).toBe('the simulated aws has no such type');
  expect(seeding.answer({ type: 'aws_thing_of_next_year', account, config, attributes: {} })).toBe(
    'the simulated aws has no such data source',
  );
  expect(seeding.answer({ type: 'http', account, config: {}, attributes: { url: 'https://example.com', body: 'one' } })).toBeUndefined();
});

test('a data source answers what it answered where the world was seeded from, until the cloud itself holds what it finds', async () => {
  const { seeding, cloud } = open('three');
  const asked = { most_recent: true, owners: ['amazon'], name_regex: '^al2023' };
  seeding.answer({
    type: 'aws_ami',
    account,
    config,
    attributes: { ...asked, id: 'ami-0real', image_id: 'ami-0real', region: 'eu-central-1' },
  });
  expect(await lookUp(cloud, 'aws_ami', asked)).toMatchObject({ id: 'ami-0real' });
  seeding.answer({ type: 'aws_vpc', account, config, attributes: { id: 'vpc-0old', cidr_block: '10.9.0.0/16', region: 'eu-central-1' } });
  expect(await lookUp(cloud, 'aws_vpc', { id: 'vpc-0old' })).toMatchObject({ cidr_block: '10.9.0.0/16' });
  seeding.place({ type: 'aws_vpc', account, config, attributes: { id: 'vpc-0old', cidr_block: '10.8.0.0/16', region: 'eu-central-1' } });
  expect(await lookUp(cloud, 'aws_vpc', { id: 'vpc-0old' })).toMatchObject({ cidr_block: '10.8.0.0/16' });
});
