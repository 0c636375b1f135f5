import type { Problem } from '../base/errors';

/** Blocks whose names stand below their type. */
const typed = new Set(['resource', 'data']);
/** Blocks whose names stand below the block. */
const named = new Set(['module', 'output', 'variable', 'locals', 'ephemeral']);

/** The addresses that one element of a stack writes: `aws_lb.main`, `output.zone_id`, `provider.aws` (its default), `provider.aws.west`. */
export function addressesOf(raw: unknown): readonly string[] {
  return entries(raw).flatMap(([block, content]) => {
    if (typed.has(block))
      return entries(content).flatMap(([type, names]) =>
        entries(names).map(([name]) => (block === 'data' ? `data.${type}.${name}` : `${type}.${name}`)),
      );
    if (named.has(block)) return entries(content).map(([name]) => `${block === 'locals' ? 'local' : block}.${name}`);
    if (block === 'provider')
      return entries(content).flatMap(([type, configurations]) =>
        (Array.isArray(configurations) ? configurations : [configurations]).map((one: unknown) => {
          const alias: unknown = typeof one === 'object' && one !== null ? Reflect.get(one, 'alias') : undefined;
          return typeof alias === 'string' ? `provider.${type}.${alias}` : `provider.${type}`;
        }),
      );
    return [];
  });
}

/**
 * Addresses of an element that another of its unit has already; `taken` holds those seen so far by the path of their construct, and
 * gets the element's own. cdktf merges two such elements into one block: what the first says is lost, and where a state holds it, replaced.
 */
export function sharedAddresses(unit: string, construct: string, raw: unknown, taken: Map<string, string>): readonly Problem[] {
  return addressesOf(raw).flatMap((address) => {
    const other = taken.get(address);
    taken.set(address, construct);
    if (other === undefined) return [];
    const [first, second] = [other, construct].map((path) => path.split('/').slice(1).join('/'));
    return [
      {
        code: 'E1316',
        title: 'two constructs with one address',
        place: `${unit}   ${address}`,
        found: first === second ? `${first} writes it twice` : `${first} and ${second} both write it`,
        expected: 'one construct per address: terraform would only see the last one',
        todo: address.startsWith('provider.')
          ? 'give one of them an alias, or use the existing provider'
          : 'rename one of them: its construct id, its logical id, or the name of the variable, local or output',
      },
    ];
  });
}

function entries(value: unknown): readonly (readonly [string, unknown])[] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}
