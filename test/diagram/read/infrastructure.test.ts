import { expect, test } from '@jest/globals';

import { readConfiguration } from '../../../terrace/diagram/read/configuration';
import { graphOf, reads, shop, type FixtureUnit } from '../_fixtures';

const short = (id: string): string => id.replace('shop/dev/eu-central-1/', '');
const arrows = (units: readonly FixtureUnit[]): string[] =>
  graphOf(units).references.map(({ from, to, kind }) => `${short(from)} ${kind} ${short(to)}`);

test('a reference inside a unit leads from the user to what it uses', () => {
  expect(arrows(shop)).toContain('network/alb#aws_lb_listener.https reference network/alb#aws_lb.web');
});

test('an output of another unit is followed to the resources behind it', () => {
  expect(arrows(shop).filter((arrow) => arrow.startsWith('compute/api#aws_ecs_service.api'))).toEqual([
    'compute/api#aws_ecs_service.api reference compute/api#aws_ecs_cluster.main',
    'compute/api#aws_ecs_service.api state network/alb#aws_lb_target_group.api',
    'compute/api#aws_ecs_service.api state network/vpc#aws_subnet.private-a',
    'compute/api#aws_ecs_service.api state network/vpc#aws_subnet.private-b',
  ]);
});

test('a reference says which attributes hold it and which outputs it came through', () => {
  const reference = graphOf(shop).references.find(({ from, to }) => from.endsWith('aws_ecs_service.api') && to.endsWith('private-a'));
  expect(reference?.attributes).toEqual(['network_configuration.subnets']);
  expect(reference?.outputs).toEqual(['shop/dev/eu-central-1/network/vpc#private_subnet_ids']);
});

test('functions are looked into', () => {
  expect(arrows(shop)).toContain('compute/api#aws_ecs_task_definition.api state storage/aurora#aws_rds_cluster.main');
});

test('data sources are followed and not part of the graph', () => {
  expect(arrows(shop)).toContain('compute/api#aws_iam_role.task reference compute/api#aws_ecs_cluster.main');
  expect(graphOf(shop).resources.some(({ id }) => id.includes('data.'))).toBe(false);
});

test('depends_on alone is an order', () => {
  expect(arrows(shop)).toContain('network/vpc#aws_nat_gateway.main order network/vpc#aws_internet_gateway.main');
});

test('an index into a literal output narrows what is followed', () => {
  const units: FixtureUnit[] = [
    {
      path: 's/e/r/l/a',
      json: { resource: { aws_x: { one: {}, two: {} } }, output: { ids: { value: ['${aws_x.one.id}', '${aws_x.two.id}'] } } },
    },
    {
      path: 's/e/r/l/b',
      dependencies: [reads('s/e/r/l/a', 'a', 'ids')],
      json: { resource: { aws_y: { it: { id: '${data.terraform_remote_state.a.outputs.ids[1]}' } } } },
    },
  ];
  expect(graphOf(units).references.map(({ to }) => to)).toEqual(['s/e/r/l/a#aws_x.two']);
});

test('a state is found by bucket and key where the model does not name it', () => {
  const units: FixtureUnit[] = [
    { path: 's/e/r/l/a', json: { resource: { aws_x: { one: {} } }, output: { id: { value: '${aws_x.one.id}' } } } },
    {
      path: 's/e/r/l/b',
      json: {
        data: { terraform_remote_state: { other: { config: { bucket: 'state-s', key: 's/e/r/l/a/terraform.tfstate' } } } },
        resource: { aws_y: { it: { id: '${data.terraform_remote_state.other.outputs.id}' } } },
      },
    },
  ];
  expect(graphOf(units).references.map(({ to }) => to)).toEqual(['s/e/r/l/a#aws_x.one']);
});

test('outputs that refer to each other in a circle end', () => {
  const unit = (name: string, other: string): FixtureUnit => ({
    path: `s/e/r/l/${name}`,
    dependencies: [reads(`s/e/r/l/${other}`, 'other', 'id')],
    json: {
      output: { id: { value: '${data.terraform_remote_state.other.outputs.id}' } },
      resource: { aws_y: { it: { id: '${data.terraform_remote_state.other.outputs.id}' } } },
    },
  });
  expect(graphOf([unit('a', 'b'), unit('b', 'a')]).references).toEqual([]);
});

test('locals are followed, ignored changes and provider aliases are not', () => {
  const json = {
    locals: { vpc: '${aws_vpc.main.id}' },
    resource: {
      aws_vpc: { main: {} },
      aws_x: { it: { vpc: '${local.vpc}', lifecycle: { ignore_changes: ['aws_z.no'] }, provider: 'aws.second' } },
      aws_z: { no: {} },
    },
  };
  expect(graphOf([{ path: 's/e/r/l/a', json }]).references).toEqual([
    { from: 's/e/r/l/a#aws_x.it', to: 's/e/r/l/a#aws_vpc.main', kind: 'reference', attributes: ['vpc'], outputs: [] },
  ]);
});

test('blocks may be lists, as Terraform allows', () => {
  const { blocks, providers } = readConfiguration({
    terraform: [{ required_providers: [{ hcloud: { source: 'hetznercloud/hcloud', version: '1.68.0' } }] }],
    resource: [{ aws_x: [{ one: [{ a: 1 }] }] }, { aws_y: { two: { '//': { metadata: { path: 'stack/web/two' } } } } }],
  });
  expect([...blocks.keys()]).toEqual(['aws_x.one', 'aws_y.two']);
  expect(blocks.get('aws_x.one')?.body).toEqual({ a: 1 });
  expect(blocks.get('aws_y.two')?.construct).toBe('web/two');
  expect(providers.get('hcloud')).toBe('hetznercloud/hcloud');
});

test('an empty unit has no resources', () => {
  expect(graphOf([{ path: 's/e/r/l/a', json: {} }]).resources).toEqual([]);
});
