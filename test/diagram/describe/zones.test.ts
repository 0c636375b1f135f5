import { expect, test } from '@jest/globals';

import { checkDiagram, type Diagram } from '../../../terrace/diagram/describe/diagram';
import { draw } from '../../../terrace/diagram/describe/draw';
import { layout } from '../../../terrace/diagram/layout/layout';
import { guardedShop } from '../explore/_page';
import { everyUnit, graphOf, type FixtureUnit } from '../_fixtures';

const vpc = 'shop/dev/eu-central-1/network/vpc';
const network = `${vpc}#aws_vpc.main`;
/** The shop with a zone for each subnet. */
const zoned = (): readonly FixtureUnit[] =>
  JSON.parse(
    JSON.stringify(guardedShop()).replaceAll(
      /"(private|public)-([ab])":\{/g,
      (all, _tier, zone: string) => `${all}"availability_zone":"eu-central-1${zone}",`,
    ),
  );

const inColumn = (diagram: Diagram, zone: string): readonly string[] =>
  diagram.nodes.filter(({ parent }) => parent === `zone ${zone} of ${network}`).map(({ title }) => title);

test('a network with subnets in several zones has a column for each, with what stands in that zone alone', () => {
  const units = zoned();
  const diagram = checkDiagram(draw(graphOf(units), 'resource', { selected: everyUnit(units) }));
  expect(inColumn(diagram, 'eu-central-1a')).toEqual(['private-a', 'public-a', 'main']);
  expect(inColumn(diagram, 'eu-central-1b')).toEqual(['private-b', 'public-b']);
  expect(diagram.nodes.find(({ id }) => id === `${vpc}#aws_nat_gateway.main`)?.parent).toBe(`zone eu-central-1a of ${network}`);
});

test('what stands in several zones lies in its tier beside the columns', () => {
  const units = zoned();
  const diagram = draw(graphOf(units), 'resource', { selected: everyUnit(units) });
  const service = diagram.nodes.find(({ id }) => id.endsWith('aws_ecs_service.api'));
  const tier = diagram.clusters.find(({ id }) => id === service?.parent);
  expect([tier?.kind, tier?.title, tier?.subtitle]).toEqual(['subnet', 'private', '2 × aws_subnet · one in each zone']);
});

test('columns stand side by side, at the same height, in the order of their names', async () => {
  const units = zoned();
  const { clusters } = await layout(draw(graphOf(units), 'resource', { selected: everyUnit(units), edges: 'traffic' }));
  const columns = clusters.filter(({ cluster }) => cluster.kind === 'zone');
  expect(columns.map(({ cluster }) => cluster.title)).toEqual(['eu-central-1a', 'eu-central-1b']);
  const [left, right] = columns;
  expect(left?.y).toBe(right?.y);
  expect((left?.x ?? 0) + (left?.width ?? 0)).toBeLessThan(right?.x ?? 0);
});

test('a network whose zones are not known, or that has only one, has no columns', () => {
  const one = JSON.parse(JSON.stringify(zoned()).replaceAll('eu-central-1b"', 'eu-central-1a"'));
  for (const units of [guardedShop(), one])
    expect(draw(graphOf(units), 'resource', { selected: everyUnit(units) }).clusters.some(({ kind }) => kind === 'zone')).toBe(false);
});
