import { afterAll, expect, test } from '@jest/globals';
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { projectRoot } from '../../_helpers/project-root';
import { temporaryFolder } from '../../_helpers/sandbox';
import { Cloud } from '../../../terrace/sandbox/providers/cloud/cloud';
import { readResources } from '../../../terrace/sandbox/providers/tools/load-file';
import { loadResources } from '../../../terrace/sandbox/providers/tools/load-resources';

const root = temporaryFolder('terrace-load-');
afterAll(() => rmSync(root, { recursive: true, force: true }));

const vpc = {
  id: 'vpc-0123456789abcdef0',
  arn: 'arn:aws:ec2:eu-west-3:444455556666:vpc/vpc-0123456789abcdef0',
  cidr_block: '10.9.0.0/16',
  instance_tenancy: 'default',
  main_route_table_id: 'rtb-0123456789abcdef0',
  tags: { Name: 'shared' },
  tags_all: { Name: 'shared' },
  from_a_later_version: true,
};
const subnet = {
  id: 'subnet-0123456789abcdef0',
  arn: 'arn:aws:ec2:eu-west-3:444455556666:subnet/subnet-0123456789abcdef0',
  vpc_id: vpc.id,
  cidr_block: '10.9.1.0/24',
  tags: {},
  timeouts: null,
};
const address = {
  id: '/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg/providers/Microsoft.Network/publicIPAddresses/ip',
  name: 'ip',
  resource_group_name: 'rg',
  location: 'westeurope',
  allocation_method: 'Static',
};
const state = {
  version: 4,
  terraform_version: '1.11.4',
  resources: [
    { mode: 'data', type: 'aws_region', name: 'r', instances: [{ attributes: { id: 'eu-west-3' } }] },
    { mode: 'managed', type: 'aws_subnet', name: 's', instances: [{ attributes: subnet }] },
    { mode: 'managed', type: 'aws_vpc', name: 'v', instances: [{ schema_version: 1, attributes: vpc }] },
    { mode: 'managed', type: 'random_pet', name: 'p', instances: [{ attributes: { id: 'a-cat' } }] },
    { mode: 'managed', type: 'terraform_data', name: 't', instances: [{ attributes: { id: 'x' } }] },
  ],
};

async function load(name: string, content: unknown): Promise<{ readonly cloud: Cloud } & Awaited<ReturnType<typeof loadResources>>> {
  const file = path.join(root, name);
  writeFileSync(file, JSON.stringify(content));
  const dir = path.join(root, `${name}-cloud`);
  return { cloud: new Cloud(dir), ...(await loadResources(projectRoot, dir, readResources(file))) };
}

test('a terraform state is loaded where its resources live, with what it says of them', async () => {
  const { cloud, added, skipped } = await load('shared.tfstate', state);
  expect(added).toEqual([
    { type: 'aws_subnet', id: subnet.id },
    { type: 'aws_vpc', id: vpc.id },
  ]);
  expect(skipped).toEqual([
    { type: 'random_pet', why: 'it exists in the state alone' },
    { type: 'terraform_data', why: 'its provider is not simulated' },
  ]);
  // Beside the default VPC, which the account has from the start.
  const found = cloud.list('aws', 'aws_vpc', '444455556666/eu-west-3').find(({ record }) => record.values['cidr_block'] === '10.9.0.0/16');
  expect(found?.record).toMatchObject({ id: vpc.id, values: { arn: vpc.arn, cidr_block: '10.9.0.0/16', tags: { Name: 'shared' } } });
  expect(found?.record.values).not.toHaveProperty('from_a_later_version');
  expect(cloud.list('aws', 'aws_route_table', '444455556666/eu-west-3').map(({ record }) => record.id)).toContain('rtb-0123456789abcdef0');
});

test('what terraform show -json prints is loaded with all of its modules', async () => {
  const shown = {
    format_version: '1.0',
    terraform_version: '1.11.4',
    values: {
      root_module: {
        resources: [{ address: 'azurerm_public_ip.ip', mode: 'managed', type: 'azurerm_public_ip', name: 'ip', values: address }],
        child_modules: [
          {
            address: 'module.net',
            resources: [{ mode: 'managed', type: 'aws_subnet', name: 's', values: subnet }],
            child_modules: [{ resources: [{ mode: 'managed', type: 'aws_vpc', name: 'v', values: vpc }] }],
          },
        ],
      },
    },
  };
  const { cloud, added } = await load('shown.json', shown);
  expect(added.map(({ id }) => id).sort()).toEqual([address.id, subnet.id, vpc.id]);
  expect(cloud.list('azurerm', 'azurerm_public_ip', '11111111-2222-3333-4444-555555555555')).toHaveLength(1);
});

test('of a list, each is made after what it refers to, and what refers to nothing is refused', async () => {
  const [first, second] = [
    { type: 'aws_subnet', values: { vpc_id: vpc.id, cidr_block: '10.9.1.0/24' } },
    { type: 'aws_vpc', values: { id: vpc.id, cidr_block: '10.9.0.0/16' } },
  ];
  expect((await load('list.json', [first, second])).added.map(({ type }) => type)).toEqual(['aws_vpc', 'aws_subnet']);
  await expect(load('alone.json', [first])).rejects.toThrow(`aws_vpc with id "${vpc.id}" does not exist`);
});

test('a state without resources loads nothing, and a file that is none is refused', async () => {
  expect((await load('empty.tfstate', { version: 4, resources: [] })).added).toEqual([]);
  await expect(load('other.json', { hello: 'world' })).rejects.toThrow('E5315');
  await expect(load('text.json', ['a', 'b'])).rejects.toThrow('E5315');
});
