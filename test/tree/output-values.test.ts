import { expect, test } from '@jest/globals';
import { DataResource, Fn, Token } from 'cdktf';

import { any, declareOutputs, number, text, type OutputAssignments, type Outputs } from '../../terrace/tree/outputs';
import type { Region } from '../../terrace/tree/region';
import { Unit } from '../../terrace/tree/unit';
import { jsonOfUnits, problemsOfUnits } from '../_helpers/lone-unit';

/** A unit that gives some outputs. */
function giver(outputs: Outputs, values: (unit: Unit) => unknown): new (region: Region, id: string) => Unit {
  return class extends Unit {
    constructor(region: Region, id: string) {
      super(region, id, outputs);
      // What the type checker would refuse, and a value from JSON would not.
      this.outputs(values(this) as OutputAssignments<Outputs>);
    }
  };
}

const line = /^test\/tree\/output-values\.test\.ts:\d+$/;

test.each<readonly [string, unknown, readonly (readonly [string, string])[]]>([
  ['null', null, [['E1312', 'demo/dev/eu/a/own: shape is null']]],
  ['nothing', undefined, [['E1312', 'demo/dev/eu/a/own: shape is undefined']]],
  [
    'null within',
    { a: null, c: [null, 1] },
    [
      ['E1312', 'demo/dev/eu/a/own: shape.a is null'],
      ['E1312', 'demo/dev/eu/a/own: shape.c.0 is null'],
    ],
  ],
  ['no number', [Number.NaN], [['E3105', 'demo/dev/eu/a/own: shape.0 is NaN']]],
  ['a big integer', { a: 1n }, [['E3105', 'demo/dev/eu/a/own: shape.a is 1']]],
  ['a function', { a: () => 1 }, [['E1313', 'demo/dev/eu/a/own: shape.a is a function']]],
  ['a map of JavaScript', new Map(), [['E1313', 'demo/dev/eu/a/own: shape is a Map']]],
])('%s in an output is refused with the output and the line', async (_, value, expected) => {
  const problems = await problemsOfUnits({ 'a/own': giver(declareOutputs({ shape: any(1) }), () => ({ shape: value })) });
  expect(problems.map(({ code, found }) => [code, found])).toEqual(expected);
  expect(problems.every(({ place }) => line.test(place ?? ''))).toBe(true);
});

test('a token that is null is refused when the output is written', async () => {
  const problems = await problemsOfUnits({ 'a/own': giver(declareOutputs({ shape: any(1) }), () => ({ shape: Token.nullValue() })) });
  expect(problems).toEqual([
    expect.objectContaining({ code: 'E1312', found: 'demo/dev/eu/a/own: shape is null', place: expect.stringMatching(line) }),
  ]);
});

const secretOutput = declareOutputs({ password: text('x', { sensitive: true }) });
class Secret extends Unit<typeof secretOutput> {
  constructor(region: Region, id: string) {
    super(region, id, secretOutput);
    this.outputs({ password: this.variable('password', { description: 'by hand', sensitive: true }).stringValue });
  }
}

class Leak extends Unit {
  constructor(region: Region, id: string) {
    super(region, id, declareOutputs({ address: text('x') }));
    this.outputs({ address: `db://user:${this.dependency(region.unit(Secret)).password}@host` });
  }
}

class Plain extends Unit {
  constructor(region: Region, id: string) {
    super(region, id, declareOutputs({ digest: text('x'), length: number(1) }));
    const { password } = this.dependency(region.unit(Secret));
    this.outputs({ digest: Token.asString(Fn.nonsensitive(Fn.sha256(password))), length: 3 });
  }
}

test('a sensitive value in a plain output is refused; a sensitive output and nonsensitive() are not', async () => {
  const own = giver(declareOutputs({ address: text('x') }), (unit) => {
    new DataResource(unit, 'one', {});
    return { address: `x${Reflect.get(unit, 'variable').call(unit, 'key', { description: 'k', sensitive: true }).stringValue}` };
  });
  const problems = await problemsOfUnits({ 'a/secret': Secret, 'b/leak': Leak, 'b/own': own });
  expect(problems.map(({ code, found }) => [code, found])).toEqual([
    ['E1315', 'demo/dev/eu/b/leak: output address holds a sensitive value and is not marked as sensitive'],
    ['E1315', 'demo/dev/eu/b/own: output address holds a sensitive value and is not marked as sensitive'],
  ]);
  expect(problems.every(({ place }) => line.test(place ?? ''))).toBe(true);
  expect((await jsonOfUnits({ 'a/secret': Secret, 'b/plain': Plain }))['b/plain'].output.length.value).toBe(3);
});

test('outputs that are assigned twice are refused with both lines', async () => {
  class Twice extends Unit {
    constructor(region: Region, id: string) {
      super(region, id, declareOutputs({ size: number(1) }));
      this.outputs({ size: 1 });
      this.outputs({ size: 2 });
    }
  }
  const problems = await problemsOfUnits({ 'a/own': Twice });
  expect(problems).toEqual([
    expect.objectContaining({ code: 'E1314', place: expect.stringMatching(line), found: expect.stringMatching(/here and at .*:\d+$/) }),
  ]);
});
