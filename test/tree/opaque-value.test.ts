import { expect, test } from '@jest/globals';
import { DataResource, Fn, Op, TerraformIterator, TerraformOutput, Token } from 'cdktf';

import { any, bool, declareOutputs, list, map, number, numbers, text, type OutputValues } from '../../terrace/tree/outputs';
import type { Region } from '../../terrace/tree/region';
import { Unit } from '../../terrace/tree/unit';
import { jsonOfUnits, problemsOfUnits, unitOf } from '../_helpers/lone-unit';

const outputs = declareOutputs({
  port: number(1),
  zone: text('x'),
  ids: list(['a']),
  weights: numbers([1]),
  labels: map({ a: 'b' }),
  flag: bool(true),
  shape: any({}),
});

class Giver extends Unit<typeof outputs> {
  constructor(region: Region, id: string) {
    super(region, id, outputs);
    this.outputs({
      port: 8080,
      zone: 'Eu-1',
      ids: ['a', 'b', 'c'],
      weights: [1, 2],
      labels: { team: 'core' },
      flag: true,
      shape: { rules: [{ from: 1 }] },
    });
  }
}

type Values = OutputValues<typeof outputs>;

/** A unit that takes the giver's values, and gives what it makes of them as the input of one resource. */
const taker = (make: (values: Values) => unknown) => ({
  'a/giver': Giver,
  'b/taker': class extends Unit {
    constructor(region: Region, id: string) {
      super(region, id, {});
      new DataResource(this, 'made', { input: { value: make(this.dependency(region.unit(Giver))) } });
    }
  },
});

const refused: readonly (readonly [string, (values: Values) => unknown, RegExp])[] = [
  ['addition', ({ port }) => port + 1, /Op\.add/],
  ['multiplication', ({ port }) => String(port * 2), /Op\.add, Op\.mul/],
  ['comparison', ({ port }) => (port > 1024 ? 'high' : 'low'), /Op\.gt/],
  ['negation', ({ port }) => -port, /Op/],
  ['loose equality', ({ port }) => (String(port) === 'x' ? 1 : (port as unknown) == '8080'), /Op/],
  ['concatenation with +', ({ port }) => 'port ' + port, /\$\{…\}/],
  ['rounding', ({ port }) => Math.round(port), /Fn\.floor/],
  ['a method of numbers', ({ port }) => port.toFixed(2), /Op/],
  ['the length of a list', ({ ids }) => ids.length, /Fn\.lengthOf/],
  ['an index', ({ ids }) => ids[0], /\.at\(0\)/],
  ['map over a list', ({ ids }) => ids.map((id) => `x${id}`), /TerraformIterator/],
  ['a loop over a list', ({ ids }) => [...ids], /Fn\.concat/],
  ['destructuring', ({ ids: [first] }) => first, /\.at\(0\)/],
  ['concat with a list', ({ ids }) => ['z'].concat(ids), /Fn\.concat/],
  ['includes of a list', ({ ids }) => ids.includes('a'), /Fn/],
  ['a list as text', ({ ids }) => String(ids), /Fn\.join/],
  ['the largest of numbers', ({ weights }) => Math.max(...weights), /Fn\.max/],
  ['a key', ({ labels }) => labels['team'], /\.get\('team'\)/],
  ['the keys', ({ labels }) => Object.keys(labels), /Fn\.keys/],
  ['the entries', ({ labels }) => Object.entries(labels), /Fn\.keys/],
  ['a spread', ({ labels }) => ({ ...labels }), /Fn\.merge/],
  ['a question for a key', ({ labels }) => 'team' in labels, /Fn\.keys/],
  ['JSON of a map', ({ labels }) => JSON.stringify(labels), /Fn\.jsonencode/],
  ['JSON with a number in it', ({ port }) => JSON.stringify({ port }), /Fn\.jsonencode/],
  ['JSON of a boolean', ({ flag }) => JSON.stringify({ flag }), /Fn\.jsonencode/],
  ['an attribute of anything', ({ shape }) => Reflect.get(shape, 'rules'), /\.get\('key'\)/],
];

test.each(refused)('%s of a value that terraform knows later is refused, with the way out', async (_, make, way) => {
  const [problem] = await problemsOfUnits(taker(make));
  expect(problem).toMatchObject({ code: 'E1310', place: expect.stringMatching(/^test\/tree\/opaque-value\.test\.ts:\d+$/) });
  expect(problem?.todo).toMatch(way);
  expect(problem?.found).toMatch(/of demo\/dev\/eu\/a\/giver/);
});

test('values pass through bindings, functions, operators, text, outputs and parts of them as expressions', async () => {
  const json = await jsonOfUnits({
    'a/giver': Giver,
    'b/taker': class extends Unit {
      constructor(region: Region, id: string) {
        super(region, id, {});
        const { port, ids, weights, labels, flag, shape } = this.dependency(region.unit(Giver));
        new DataResource(this, 'made', {
          input: {
            sum: Op.add(port, 1),
            text: `port ${port}`,
            given: String(port),
            first: ids.at(0),
            last: ids.at(-1),
            weight: weights.at(1),
            team: labels.get('team'),
            odd: labels.get('a b'),
            count: Fn.lengthOf(ids),
            merged: Fn.merge([labels, { more: 'x' }]),
            json: Fn.jsonencode({ ids, port, flag }),
            choice: Fn.conditional(flag, port, 0),
            from: shape.get('rules').at(0).get('from'),
            all: [port, flag],
          },
          count: Token.asNumber(port),
        });
        new DataResource(this, 'each', { forEach: TerraformIterator.fromList(ids), input: {} });
        new TerraformOutput(this, 'port', { value: port });
      }
    },
  });
  const read = (name: string): string => `data.terraform_remote_state.a_giver.outputs.${name}`;
  const { resource, output } = json['b/taker'];
  expect(resource.terraform_data.made).toMatchObject({
    count: `\${${read('port')}}`,
    input: {
      sum: `\${(${read('port')} + 1)}`,
      text: `port \${${read('port')}}`,
      given: `\${${read('port')}}`,
      first: `\${${read('ids')}.0}`,
      last: `\${${read('ids')}[(length(${read('ids')}) - 1)]}`,
      weight: `\${${read('weights')}.1}`,
      team: `\${${read('labels')}.team}`,
      odd: `\${${read('labels')}["a b"]}`,
      count: `\${length(${read('ids')})}`,
      merged: `\${merge(${read('labels')}, {"more" = "x"})}`,
      json: `\${jsonencode({"ids" = ${read('ids')}, "port" = ${read('port')}, "flag" = ${read('flag')}})}`,
      choice: `\${${read('flag')} ? ${read('port')} : 0}`,
      from: `\${${read('shape')}.rules.0.from}`,
      all: [`\${${read('port')}}`, `\${${read('flag')}}`],
    },
  });
  expect(resource.terraform_data.each.for_each).toBe(`\${toset(${read('ids')})}`);
  expect(output.port.value).toBe(`\${${read('port')}}`);
});

test('a number of a resource of the same unit is as opaque as one of another', async () => {
  const number = (make: (value: number) => unknown) => ({
    'a/own': unitOf((unit) => {
      const one = new DataResource(unit, 'one', {});
      new DataResource(unit, 'two', { input: { value: make(Token.asNumber(one.id)) } });
    }),
  });
  expect((await problemsOfUnits(number((value) => String(value + 1))))[0]?.code).toBe('E1310');
  expect((await problemsOfUnits(number((value) => `${Math.round(value / 2)}`)))[0]?.code).toBe('E1310');
  expect((await jsonOfUnits(number((value) => value)))['a/own'].resource.terraform_data.two.input.value).toBe('${terraform_data.one.id}');
});

test('what JavaScript does not tell an object compiles for numbers and lists, and is never what terraform will know', async () => {
  const seen: unknown[] = [];
  await jsonOfUnits(
    taker(({ port, ids }) => {
      seen.push(port === 8080, [8080].includes(port), typeof port, port ? 'set' : 'unset', Array.isArray(ids), ids ? 'some' : 'none');
      return 1;
    }),
  );
  expect(seen).toEqual([false, false, 'object', 'set', false, 'some']);
});

test('a text of another unit equals nothing, and its length and parts are those of the name that stands for it', async () => {
  const seen: unknown[] = [];
  await jsonOfUnits(
    taker(({ zone }) => {
      seen.push(
        zone === 'Eu-1',
        zone.includes('Eu'),
        zone.startsWith('Eu'),
        zone.length === 'Eu-1'.length,
        typeof zone,
        zone ? 'set' : 'unset',
      );
      return 1;
    }),
  );
  expect(seen).toEqual([false, false, false, false, 'string', 'set']);
});
