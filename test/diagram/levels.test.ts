import { expect, test } from '@jest/globals';

import { TerraceError } from '../../terrace/base/errors';
import { checkDiagram, type Diagram } from '../../terrace/diagram/describe/diagram';
import { resourceDiagram } from '../../terrace/diagram/describe/resource-level';
import { systemDiagram } from '../../terrace/diagram/describe/system-level';
import { unitDiagram } from '../../terrace/diagram/describe/unit-level';
import { everyUnit, graphOf, reads, shop, type FixtureUnit } from './_fixtures';

const region = 'shop/dev/eu-central-1';
const graph = graphOf(shop);
const selected = everyUnit(shop);
const edges = (diagram: Diagram): string[] =>
  diagram.edges.map(({ from, to, kind }) => `${from.replace(`${region}/`, '')} ${kind} ${to.replace(`${region}/`, '')}`);
const parent = (diagram: Diagram, id: string): string | undefined =>
  [...diagram.nodes, ...diagram.clusters].find((one) => one.id === id)?.parent;

test('the unit level leads from a unit to its readers and leaves out what a longer way says', () => {
  const diagram = unitDiagram(graph, { selected });
  expect(edges(diagram)).toEqual([
    'network/alb state compute/api',
    'network/vpc state network/alb',
    'network/vpc state storage/aurora',
    'security/kms state storage/aurora',
    'storage/aurora state compute/api',
  ]);
  expect(diagram.notes?.[0]).toContain('1 arrow left out');
  expect(edges(unitDiagram(graph, { selected, everyEdge: true }))).toContain('network/vpc state compute/api');
});

test('units lie in their layer, region and environment', () => {
  const diagram = unitDiagram(graph, { selected });
  expect([`${region}/network/vpc`, `${region}/network`, region, 'shop/dev'].map((id) => parent(diagram, id))).toEqual([
    `${region}/network`,
    region,
    'shop/dev',
    undefined,
  ]);
});

test('several systems are clusters of their own', () => {
  const other: FixtureUnit = { path: 'other/dev/eu/network/vpc', json: {} };
  const diagram = unitDiagram(graphOf([...shop, other]), { selected: everyUnit([...shop, other]) });
  expect(
    diagram.clusters
      .filter(({ kind }) => kind === 'system')
      .map(({ id }) => id)
      .sort(),
  ).toEqual(['other', 'shop']);
  expect(parent(diagram, 'other/dev')).toBe('other');
});

test('what is needed outside the selection stands in its own region, dashed', () => {
  const diagram = unitDiagram(graph, { selected: new Set([`${region}/storage/aurora`]) });
  expect(diagram.nodes.filter(({ external }) => external === true).map(({ title }) => title)).toEqual(['network/vpc', 'security/kms']);
  expect(diagram.nodes.map(({ parent: place }) => place?.startsWith(region))).toEqual([true, true, true]);
  expect(diagram.edges).toHaveLength(2);
});

test('a unit of another environment is drawn once beside its readers, in a frame of its region', () => {
  const units: FixtureUnit[] = [
    { path: 't/production/global/dns/zone', json: {} },
    { path: 't/staging/eu/dns/a', dependencies: [reads('t/production/global/dns/zone', 'zone', 'id')], json: {} },
    { path: 't/staging/eu/dns/b', dependencies: [reads('t/production/global/dns/zone', 'zone', 'id')], json: {} },
  ];
  const diagram = unitDiagram(graphOf(units), { selected: everyUnit(units) });
  const outside = diagram.nodes.filter(({ external }) => external === true);
  expect(outside.map(({ title, parent: place }) => [title, place])).toEqual([['dns/zone', 't/production/global beside t/staging']]);
  expect(parent(diagram, 't/production/global beside t/staging')).toBe('t/staging');
  expect(diagram.edges.every(({ from }) => from === outside[0]?.id)).toBe(true);
});

test('a dependency without outputs is an order', () => {
  const units: FixtureUnit[] = [
    { path: 's/e/r/l/a', json: {} },
    { path: 's/e/r/l/b', dependencies: [reads('s/e/r/l/a', 'a')], json: {} },
  ];
  expect(unitDiagram(graphOf(units), { selected: everyUnit(units) }).edges.map(({ kind }) => kind)).toEqual(['order']);
});

test('the resource level puts resources into their networks and subnets', () => {
  const diagram = resourceDiagram(graph, { selected });
  const tier = `subnet ${region}/network/vpc#aws_subnet.private-a`;
  expect(parent(diagram, `${region}/compute/api#aws_ecs_service.api`)).toBe(tier);
  expect(parent(diagram, tier)).toBe(`network ${region}/network/vpc#aws_vpc.main`);
  expect(parent(diagram, `${region}/network/alb#aws_lb_target_group.api`)).toBe(`network ${region}/network/vpc#aws_vpc.main`);
  expect(parent(diagram, `${region}/security/kms#aws_kms_key.main`)).toBe(`${region}/security`);
  const cluster = diagram.clusters.find(({ id }) => id === tier);
  expect([cluster?.title, cluster?.subtitle]).toEqual(['private', '2 × aws_subnet · 10.0.1.0/24, 10.0.2.0/24']);
});

test('parts of a resource are lines in its box', () => {
  const diagram = resourceDiagram(graph, { selected });
  const rows = (address: string): string[] | undefined =>
    diagram.nodes.find(({ id }) => id === `${region}/${address}`)?.rows?.map(({ text }) => text);
  expect(rows('security/kms#aws_kms_key.main')).toEqual(['kms_alias.main']);
  expect(rows('network/alb#aws_lb.web')).toEqual(['lb_listener.https']);
  expect(rows('network/vpc#aws_nat_gateway.main')).toEqual(['eip.nat']);
});

test('every resource is in the picture: as a box, a line or a cluster', () => {
  const diagram = resourceDiagram(graph, { selected });
  const words = [...diagram.nodes, ...diagram.clusters]
    .flatMap((one) => [one.tooltip ?? '', ...('rows' in one ? (one.rows ?? []).map((row) => row.tooltip ?? '') : [])])
    .join('\n');
  for (const { block } of graph.resources) expect(words).toContain(block.address);
});

test('what a box in a network says by its place needs no arrow', () => {
  expect(
    edges(resourceDiagram(graph, { selected, everyEdge: true })).filter((edge) => edge.includes('aws_vpc') || edge.startsWith('subnet')),
  ).toEqual([]);
});

test('a part whose owner is not selected stands for itself', () => {
  const units: FixtureUnit[] = [
    { path: 's/e/r/data/volume', json: { resource: { hcloud_volume: { v: {} } }, output: { id: { value: '${hcloud_volume.v.id}' } } } },
    {
      path: 's/e/r/data/db',
      dependencies: [reads('s/e/r/data/volume', 'volume', 'id')],
      json: { resource: { hcloud_volume_attachment: { a: { volume_id: '${data.terraform_remote_state.volume.outputs.id}' } } } },
    },
  ];
  expect(resourceDiagram(graphOf(units), { selected: everyUnit(units) }).nodes.map(({ title }) => title)).toEqual(['v']);
  const part = resourceDiagram(graphOf(units), { selected: new Set(['s/e/r/data/db']) });
  expect(part.nodes.map(({ title }) => title)).toEqual(['data/volume', 'a']);
  expect(() => checkDiagram(part)).not.toThrow();
});

test('three and more of a kind with the same arrows become one box with a line for each', () => {
  const alarms = Object.fromEntries(['cpu', 'memory', 'errors'].map((name) => [name, { alarm_actions: ['${aws_sns_topic.all.arn}'] }]));
  const units: FixtureUnit[] = [
    { path: 's/e/r/l/a', json: { resource: { aws_sns_topic: { all: {} }, aws_cloudwatch_metric_alarm: alarms } } },
  ];
  const diagram = resourceDiagram(graphOf(units), { selected: everyUnit(units) });
  const bundle = diagram.nodes.find(({ title }) => title.startsWith('3 ×'));
  expect([bundle?.title, bundle?.rows?.map(({ text }) => text)]).toEqual(['3 × cloudwatch metric alarm', ['cpu', 'errors', 'memory']]);
  expect(diagram.edges).toHaveLength(1);
});

test('what more than four others use is named in their boxes', () => {
  const many = Object.fromEntries(
    ['a', 'b', 'c', 'd', 'e'].map((name) => [`aws_${name}thing`, { [name]: { key: '${aws_kms_key.main.arn}' } }]),
  );
  const units: FixtureUnit[] = [{ path: 's/e/r/l/a', json: { resource: { aws_kms_key: { main: {} }, ...many } } }];
  const diagram = resourceDiagram(graphOf(units), { selected: everyUnit(units) });
  expect(diagram.edges).toEqual([]);
  expect(diagram.nodes.filter(({ rows }) => rows?.some(({ text }) => text === 'uses main') === true)).toHaveLength(5);
  expect(diagram.notes?.join()).toContain('named in their boxes: main');
  expect(resourceDiagram(graphOf(units), { selected: everyUnit(units), everyEdge: true }).edges).toHaveLength(5);
});

test('the system level sums up layers', () => {
  const diagram = systemDiagram(graph, { selected });
  expect(diagram.nodes.map(({ title, subtitle }) => `${title}: ${subtitle}`)).toEqual([
    'compute: 1 unit · 4 resources',
    'network: 2 units · 11 resources',
    'security: 1 unit · 2 resources',
    'storage: 1 unit · 2 resources',
  ]);
  expect(edges(diagram)).toEqual(['network state storage', 'security state storage', 'storage state compute']);
});

test('planned environments are marked', () => {
  const diagram = unitDiagram(graphOf(shop, ['dev']), { selected });
  expect(diagram.nodes.every(({ planned }) => planned === true)).toBe(true);
  expect(diagram.clusters.find(({ id }) => id === 'shop/dev')).toMatchObject({ planned: true, subtitle: 'environment, planned' });
});

test('a planned environment without units is a dashed place of its own where the whole system is drawn', () => {
  const [system] = graph.model.systems;
  if (system === undefined) throw new Error('the fixture has a system');
  const environments = [
    ...system.environments,
    { name: 'production', stateAccount: '123456789012', credentials: { kind: 'ambient' as const }, planned: true },
  ];
  const described = { ...graph, model: { ...graph.model, systems: [{ ...system, environments }] } };
  for (const level of [unitDiagram, systemDiagram]) {
    const diagram = level(described, { selected });
    expect(diagram.clusters.find(({ id }) => id === 'shop/production')).toMatchObject({ planned: true, title: 'production' });
    expect(diagram.nodes.filter(({ planned }) => planned === true).map(({ title, parent: place }) => [title, place])).toEqual([
      ['not built yet', 'shop/production'],
    ]);
    expect(level(described, { selected: new Set([`${region}/network/vpc`]) }).nodes.some(({ planned }) => planned === true)).toBe(false);
  }
});

test('an empty selection cannot be drawn', () => {
  expect(() => checkDiagram(unitDiagram(graph, { selected: new Set() }))).toThrow('E9001');
});

test('all that is wrong with a diagram is reported at once', () => {
  const bad: Diagram = {
    title: 'bad',
    description: '',
    direction: 'down',
    clusters: [
      { id: 'a', title: 'a', kind: 'group', parent: 'b' },
      { id: 'b', title: 'b', kind: 'group', parent: 'a' },
      { id: 'outer', title: 'o', kind: 'group' },
    ],
    nodes: [
      { id: 'n', title: 'n', kind: 'step' },
      { id: 'n', title: 'n', kind: 'step', parent: 'nowhere' },
      { id: 'x', title: 'x', kind: 'step', parent: 'outer' },
    ],
    edges: [
      { from: 'n', to: 'gone', kind: 'flow' },
      { from: 'x', to: 'outer', kind: 'flow' },
      { from: 'x', to: 'a', kind: 'flow' },
    ],
  };
  const problems = (): string[] => {
    try {
      checkDiagram(bad);
    } catch (error) {
      if (error instanceof TerraceError) return error.problems.map(({ found }) => found);
    }
    return [];
  };
  expect(problems()).toEqual([
    'two boxes have the id n',
    'n is in nowhere, which is not a cluster',
    'the cluster a is inside itself',
    'the cluster b is inside itself',
    'the arrow n → gone ends at gone, which is not drawn',
    'the arrow x → outer connects a cluster with its own content',
    'the arrow x → a ends at a cluster with nothing in it',
  ]);
});
