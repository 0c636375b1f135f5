import { expect, test } from '@jest/globals';
import fc from 'fast-check';

import { formatLossless, parseLossless, asList, type LosslessJson } from '../../terrace/state/lossless-json';
import { formatAddress, instancesOf, parseAddress } from '../../terrace/state/resource-address';
import { moveResources, parseMoves } from '../../terrace/state/resource-move';

interface Block {
  readonly module?: string;
  readonly mode?: 'data';
  readonly type?: string;
  readonly name: string;
  readonly instances: readonly { readonly index_key?: string | number; readonly id: string; readonly dependencies?: readonly string[] }[];
}

function resources(...blocks: readonly Block[]): readonly LosslessJson[] {
  return asList(
    parseLossless(
      JSON.stringify(
        blocks.map(({ module, mode, type, name, instances }) => ({
          ...(module !== undefined && { module }),
          mode: mode ?? 'managed',
          type: type ?? 'aws_eip',
          name,
          provider: 'provider["registry.terraform.io/hashicorp/aws"]',
          instances: instances.map(({ index_key, id, dependencies }) => ({
            ...(index_key !== undefined && { index_key }),
            schema_version: 0,
            attributes: { id },
            ...(dependencies && { dependencies }),
          })),
        })),
      ),
    ),
  );
}

/** `address=id` of every instance, in order. */
function content(list: readonly LosslessJson[]): readonly string[] {
  return list.flatMap((one) =>
    typeof one === 'object' && one !== null && !Array.isArray(one) && 'instances' in one
      ? instancesOf(one).map(({ address, instance }) => `${formatAddress(address)}=${/"id": "(.*)"/.exec(formatLossless(instance))?.[1]}`)
      : [],
  );
}

const run = (from: readonly LosslessJson[], to: readonly LosslessJson[], ...moves: readonly string[]) => {
  const result = moveResources(from, to, parseMoves(moves), 'there');
  return { from: content(result.from), to: content(result.to), moved: result.moved, already: result.already };
};

test.each([
  'aws_eip.nat',
  'aws_eip.nat[0]',
  'aws_eip.nat["a.b[\\"=c"]',
  'module.net',
  'module.net[0].module.sub["x"]',
  'module.net.aws_eip.nat["k"]',
  'data.aws_ami.x',
  'module.a.data.aws_ami.x[1]',
])('%s is read and written as it is', (text) => {
  const address = parseAddress(text);
  expect(address === undefined ? undefined : formatAddress(address)).toBe(text);
});

test.each([
  '',
  'aws_eip',
  'aws_eip.nat.x',
  'module',
  'module.',
  'module.net.',
  'aws_eip.nat[a]',
  'aws_eip.nat[-1]',
  'aws_eip.nat[0',
  'module.net[0]aws_eip.x',
])('%j is no address', (text) => {
  expect(parseAddress(text)).toBeUndefined();
});

test('a resource moves with all its instances, and its block goes when it is empty', () => {
  const from = resources(
    {
      name: 'a',
      instances: [
        { index_key: 0, id: '1' },
        { index_key: 1, id: '2' },
      ],
    },
    { name: 'b', instances: [{ id: '3' }] },
  );
  expect(run(from, [], 'aws_eip.a')).toEqual({
    from: ['aws_eip.b=3'],
    to: ['aws_eip.a[0]=1', 'aws_eip.a[1]=2'],
    moved: ['aws_eip.a[0]', 'aws_eip.a[1]'],
    already: [],
  });
});

test('one instance moves into a block that is there, under a new key if one is given', () => {
  const from = resources({
    name: 'a',
    instances: [
      { index_key: 'x', id: '1' },
      { index_key: 'y', id: '2' },
    ],
  });
  const to = resources({ name: 'b', instances: [{ index_key: 'z', id: '3' }] });
  expect(run(from, to, 'aws_eip.a["x"]=aws_eip.b["w"]')).toEqual({
    from: ['aws_eip.a["y"]=2'],
    to: ['aws_eip.b["z"]=3', 'aws_eip.b["w"]=1'],
    moved: ['aws_eip.b["w"]'],
    already: [],
  });
  expect(run(from, to, 'aws_eip.a["x"]=aws_eip.c').to).toEqual(['aws_eip.b["z"]=3', 'aws_eip.c=1']);
});

test('a module moves with everything below it, and nothing whose name only begins alike', () => {
  const from = resources(
    { module: 'module.net', name: 'a', instances: [{ id: '1' }] },
    { module: 'module.net.module.sub[0]', name: 'a', instances: [{ id: '2' }] },
    { module: 'module.net2', name: 'a', instances: [{ id: '3' }] },
  );
  expect(run(from, [], 'module.net=module.core')).toEqual({
    from: ['module.net2.aws_eip.a=3'],
    to: ['module.core.aws_eip.a=1', 'module.core.module.sub[0].aws_eip.a=2'],
    moved: ['module.core.aws_eip.a', 'module.core.module.sub[0].aws_eip.a'],
    already: [],
  });
});

test('dependencies follow what moved along, and those on what stayed behind are dropped', () => {
  const from = resources(
    { name: 'a', instances: [{ id: '1', dependencies: ['aws_eip.b', 'aws_eip.stays'] }] },
    { name: 'b', instances: [{ id: '2' }] },
    { name: 'stays', instances: [{ id: '3' }] },
  );
  const { to } = moveResources(from, [], parseMoves(['aws_eip.a', 'aws_eip.b=aws_eip.c']), 'there');
  expect(formatLossless(to)).toContain('"dependencies": [\n          "aws_eip.c"\n        ]');
  expect(formatLossless(to)).not.toContain('stays');
});

test('what an interrupted move had copied is only taken out, and a completed move changes nothing', () => {
  const from = resources({ name: 'a', instances: [{ id: '1', dependencies: ['aws_eip.x'] }] });
  const copied = resources({ name: 'a', instances: [{ id: '1' }] });
  expect(run(from, copied, 'aws_eip.a')).toEqual({ from: [], to: ['aws_eip.a=1'], moved: [], already: ['aws_eip.a'] });
  expect(run([], copied, 'aws_eip.a')).toEqual({ from: [], to: ['aws_eip.a=1'], moved: [], already: ['aws_eip.a'] });
});

test('an address that nobody has and one that is taken are both reported', () => {
  const from = resources({ name: 'a', instances: [{ id: '1' }] });
  const to = resources({ name: 'a', instances: [{ id: 'other' }] });
  expect(() => run(from, to, 'aws_eip.a', 'aws_eip.z')).toThrow(/E4517 address taken[^]*E4516 no such resource/);
});

test('unusable arguments are all refused with exit code 64', () => {
  expect(() => parseMoves(['aws_eip.a=aws_vpc.a', 'nonsense', 'aws_eip.a=', 'module.x=aws_eip.a'])).toThrow(
    expect.objectContaining({ exitCode: 64, problems: [1, 2, 3, 4].map(() => expect.objectContaining({ code: 'E4515' })) }),
  );
});

test('nothing is lost, doubled or altered by any move', () => {
  const blocks = fc.uniqueArray(fc.record({ name: fc.constantFrom('a', 'b', 'c'), key: fc.option(fc.nat(2), { nil: undefined }) }), {
    selector: ({ name, key }) => `${name}${key}`,
  });
  fc.assert(
    fc.property(blocks, fc.subarray(['a', 'b', 'c'] as const, { minLength: 1 }), (list, moves) => {
      const from = resources(
        ...list.map(({ name, key }, id) => ({ name, instances: [{ ...(key !== undefined && { index_key: key }), id: `${id}` }] })),
      );
      const wanted = moves.filter((name) => list.some((one) => one.name === name));
      const result = run(from, [], ...wanted.map((name) => `aws_eip.${name}`));
      expect([...result.from, ...result.to].sort()).toEqual([...content(from)].sort());
      expect(result.to.every((one) => wanted.some((name) => one.startsWith(`aws_eip.${name}`)))).toBe(true);
      expect(result.from.some((one) => wanted.some((name) => one.startsWith(`aws_eip.${name}`)))).toBe(false);
    }),
  );
});
