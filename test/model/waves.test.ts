import { expect, test } from '@jest/globals';
import fc from 'fast-check';

import { withDependencies, withDependents } from '../../terrace/model/closure';
import { groupByWave, wavesOf, type Ordered } from '../../terrace/model/waves';

const unit = (path: string, ...dependencies: string[]): Ordered => ({ path, dependencies: dependencies.map((one) => ({ unit: one })) });
const diamond = [unit('alb', 'vpc', 'kms'), unit('dns', 'alb'), unit('kms'), unit('vpc')];

test('a unit comes one wave after the latest of its dependencies', () => {
  expect(Object.fromEntries(wavesOf(diamond))).toEqual({ alb: 1, dns: 2, kms: 0, vpc: 0 });
  expect(groupByWave(diamond).map((wave) => wave.map(({ path }) => path))).toEqual([['kms', 'vpc'], ['alb'], ['dns']]);
});

test('dependencies outside the set do not hold a unit back', () => expect(wavesOf([unit('alb', 'elsewhere')]).get('alb')).toBe(0));
test('a cycle is named', () => expect(() => wavesOf([unit('a', 'b'), unit('b', 'a'), unit('c')])).toThrow('cycle among a, b'));
test('the closures follow edges in their direction', () => {
  expect(withDependencies(diamond, ['alb']).map(({ path }) => path)).toEqual(['alb', 'kms', 'vpc']);
  expect(withDependents(diamond, ['kms']).map(({ path }) => path)).toEqual(['alb', 'dns', 'kms']);
});

const graphs = fc
  .array(fc.array(fc.nat(30), { maxLength: 4 }), { maxLength: 30 })
  .map((edges) => edges.map((list, index) => unit(`u${index}`, ...new Set(list.filter((to) => to < index).map((to) => `u${to}`)))));

test('in any graph every unit comes after all it depends on, and no later than needed', () => {
  fc.assert(
    fc.property(graphs, (units) => {
      const waves = wavesOf([...units].reverse());
      for (const { path, dependencies } of units)
        expect(waves.get(path)).toBe(Math.max(0, ...dependencies.map((one) => (waves.get(one.unit) ?? NaN) + 1)));
    }),
  );
});

test('ten thousand units in a chain are ordered without recursion', () => {
  const chain = Array.from({ length: 10_000 }, (_, index) => unit(`u${index}`, ...(index === 0 ? [] : [`u${index - 1}`])));
  expect(wavesOf(chain).get('u9999')).toBe(9999);
  expect(withDependencies(chain, ['u9999'])).toHaveLength(10_000);
});
