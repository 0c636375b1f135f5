import { expect, test } from '@jest/globals';

import { draw } from '../../../terrace/diagram/describe/draw';
import { everyUnit, graphOf, shop, type FixtureUnit } from '../_fixtures';

const copy = (environment: string, change: (text: string) => string = (text) => text): readonly FixtureUnit[] =>
  JSON.parse(change(JSON.stringify(shop).replaceAll('shop/dev/', `shop/${environment}/`)));

test('environments with the same units and dependencies are drawn once, and a box says where it differs', () => {
  const production = copy('production', (text) => text.replace('"aws_eip":{', '"aws_eip":{"second":{"domain":"vpc"},'));
  const units = [...shop, ...copy('staging'), ...production];
  const diagram = draw(graphOf(units), 'unit', { selected: everyUnit(units) });
  expect(diagram.nodes.map(({ id }) => id)).toEqual(shop.map(({ path }) => path).sort());
  expect(diagram.clusters.find(({ id }) => id === 'shop/dev/eu-central-1')?.subtitle).toBe(
    'the same in 3: also production/eu-central-1, staging/eu-central-1',
  );
  expect(diagram.nodes.flatMap(({ title, rows = [] }) => rows.map(({ text }) => `${title}: ${text}`))).toEqual([
    'vpc: differs in production/eu-central-1: 9 resources',
  ]);
  expect(diagram.notes?.at(-1)).toBe('2 regions with the same units drawn once; --whole draws each.');
  expect(draw(graphOf(units), 'unit', { selected: everyUnit(units), whole: true }).nodes).toHaveLength(3 * shop.length);
});

test('environments whose units or dependencies differ are each drawn', () => {
  const less = copy('production').filter(({ path }) => !path.endsWith('/kms'));
  const units = [...shop, ...less];
  const diagram = draw(graphOf(units), 'unit', { selected: everyUnit(units) });
  expect(diagram.clusters.filter(({ kind }) => kind === 'environment')).toHaveLength(2);
});
