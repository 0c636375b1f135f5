import { exitCodes, refuse, type Problem } from '../base/errors';
import { asList, asObject, asString, formatLossless, JsonNumber, type JsonObject, type LosslessJson } from './lossless-json';
import { addressOf, formatAddress, instancesOf, movedAddress, parseAddress, type ResourceAddress } from './resource-address';

/** One address to move, and the address it gets. */
export interface ResourceMove {
  readonly from: ResourceAddress;
  readonly to: ResourceAddress;
}

/** Reads `ADDRESS` or `ADDRESS=NEW`. Raises E4515 (exit 64) for every one that is wrong. */
export function parseMoves(arguments_: readonly string[]): readonly ResourceMove[] {
  const problems: Problem[] = [];
  const moves = arguments_.flatMap((text) => {
    const [first = '', second = first] = split(text);
    const [from, to] = [parseAddress(first), parseAddress(second)];
    const wrong =
      from === undefined ? `'${first}' is not an address` : to === undefined ? `'${second}' is not an address` : misfit(from, to);
    if (wrong !== undefined || from === undefined || to === undefined) {
      problems.push({
        code: 'E4515',
        title: 'unusable address',
        found: wrong ?? text,
        expected: 'aws_vpc.main, module.net, aws_subnet.a["x"], or OLD=NEW of the same type',
        todo: 'quote it for the shell; terraform state list shows the addresses',
      });
      return [];
    }
    return [{ from, to }];
  });
  refuse(problems, exitCodes.wrongUsage);
  return moves;
}

/** At the `=` between two addresses; one inside an instance's key does not count. */
function split(text: string): readonly string[] {
  const match = /^((?:[^="]|"(?:[^"\\]|\\.)*")*)=(.*)$/s.exec(text);
  return match === null ? [text] : [match[1] ?? '', match[2] ?? ''];
}

function misfit(from: ResourceAddress, to: ResourceAddress): string | undefined {
  const type = (address: ResourceAddress): string => address.resource.split('.').slice(0, -1).join('.');
  if (type(from) !== type(to)) return `${formatAddress(from)} cannot become ${formatAddress(to)}: another type`;
  return undefined;
}

export interface MovedResources {
  /** New `resources` of the two states. */
  readonly from: readonly LosslessJson[];
  readonly to: readonly LosslessJson[];
  /** New addresses of what was moved now. */
  readonly moved: readonly string[];
  /** New addresses of what an earlier run had copied or moved already. */
  readonly already: readonly string[];
}

/**
 * Takes instances out of one state's resources and puts them into another's. Pure. What the other has already, equal but for its
 * dependencies, is only taken out; dependencies on addresses that the other state lacks are dropped.
 * Raises E4516 for an address that neither has and E4517 for one that the other state has with other content, all at once.
 */
export function moveResources(
  from: readonly LosslessJson[],
  to: readonly LosslessJson[],
  moves: readonly ResourceMove[],
  place: string,
): MovedResources {
  const problems: Problem[] = [];
  const target = new Blocks(to);
  const moved: string[] = [];
  const already: string[] = [];
  const renamed = new Map<string, string>();
  const used = new Set<ResourceMove>();
  const kept: LosslessJson[] = [];
  const taken: { readonly block: JsonObject; readonly instance: JsonObject; readonly address: ResourceAddress }[] = [];
  for (const entry of from) {
    const block = asObject(entry);
    if (block === undefined) continue;
    const rest: LosslessJson[] = [];
    for (const { address, instance } of instancesOf(block)) {
      const match = moves
        .map((one) => ({ one, address: movedAddress(address, one.from, one.to) }))
        .find((one) => one.address !== undefined);
      if (match?.address === undefined) {
        rest.push(instance);
        continue;
      }
      used.add(match.one);
      renamed.set(formatAddress({ ...address, key: '' }), formatAddress({ ...match.address, key: '' }));
      taken.push({ block, instance, address: match.address });
    }
    if (rest.length > 0 || asList(block['instances']).length === 0) kept.push({ ...block, instances: rest });
  }
  for (const { block, instance, address } of taken) {
    const name = formatAddress(address);
    const standing = target.find(address);
    if (standing === undefined) {
      target.add(address, block, instance);
      moved.push(name);
    } else if (sameInstance(standing, instance)) already.push(name);
    else
      problems.push({
        code: 'E4517',
        title: 'address taken',
        place,
        found: `${name} is already in this state, with different content`,
        todo: 'choose another address (OLD=NEW), or remove that one first; nothing was changed',
      });
  }
  for (const one of moves) {
    if (used.has(one)) continue;
    const there = target.below(one.to);
    if (there.length > 0) already.push(...there);
    else
      problems.push({
        code: 'E4516',
        title: 'no such resource',
        place,
        found: `${formatAddress(one.from)} is in neither state`,
        todo: 'see which resources there are with terraform state list or terrace state pull; nothing was changed',
      });
  }
  refuse(problems, exitCodes.failed);
  return { from: kept, to: target.list(renamed), moved, already };
}

/** The resources of the receiving state while they grow. */
class Blocks {
  private readonly blocks: { block: JsonObject; instances: JsonObject[] }[];
  private readonly added = new Set<JsonObject>();

  constructor(resources: readonly LosslessJson[]) {
    this.blocks = resources.flatMap((entry) => {
      const block = asObject(entry);
      return block === undefined ? [] : [{ block, instances: instancesOf(block).map((one) => one.instance) }];
    });
  }

  find(address: ResourceAddress): JsonObject | undefined {
    const name = formatAddress(address);
    return this.all().find((one) => formatAddress(one.address) === name)?.instance;
  }

  /** Addresses of the instances at or below an address. */
  below(address: ResourceAddress): readonly string[] {
    return this.all().flatMap((one) => (movedAddress(one.address, address, address) === undefined ? [] : [formatAddress(one.address)]));
  }

  add(address: ResourceAddress, block: JsonObject, instance: JsonObject): void {
    const { index_key: _, ...rest } = instance;
    const fresh = { ...(address.key !== '' && { index_key: keyJson(address.key) }), ...rest };
    this.added.add(fresh);
    const name = formatAddress({ ...address, key: '' });
    const standing = this.blocks.find(
      (one) => formatAddress(addressOf(one.block)) === name && asString(one.block['provider']) === asString(block['provider']),
    );
    if (standing !== undefined) {
      standing.instances.push(fresh);
      return;
    }
    const { module: _module, ...others } = block;
    const local = address.resource.split('.').at(-1) ?? '';
    this.blocks.push({ block: { ...(address.module !== '' && { module: address.module }), ...others, name: local }, instances: [fresh] });
  }

  /** The result; dependencies of what was added are those that exist here. */
  list(renamed: ReadonlyMap<string, string>): readonly LosslessJson[] {
    const known = new Set(this.blocks.map((one) => formatAddress(addressOf(one.block))));
    return this.blocks.map(({ block, instances }) => ({
      ...block,
      instances: instances.map((one) => (this.added.has(one) ? withDependencies(one, renamed, known) : one)),
    }));
  }

  private all(): readonly { readonly address: ResourceAddress; readonly instance: JsonObject }[] {
    return this.blocks.flatMap(({ block, instances }) => instancesOf({ ...block, instances }));
  }
}

function keyJson(key: string): LosslessJson {
  const text = key.slice(1, -1);
  return text.startsWith('"') ? String(JSON.parse(text)) : new JsonNumber(text);
}

function withDependencies(instance: JsonObject, renamed: ReadonlyMap<string, string>, known: ReadonlySet<string>): JsonObject {
  if (instance['dependencies'] === undefined) return instance;
  const dependencies = asList(instance['dependencies'])
    .flatMap((one) => (typeof one === 'string' ? [renamed.get(one) ?? one] : []))
    .filter((one) => known.has(one));
  const { dependencies: _, ...rest } = instance;
  return dependencies.length === 0 ? rest : { ...rest, dependencies };
}

/** Equal but for index and dependencies, which a move changes. */
function sameInstance(a: JsonObject, b: JsonObject): boolean {
  const content = ({ index_key: _key, dependencies: _dependencies, ...rest }: JsonObject): string => formatLossless(rest);
  return content(a) === content(b);
}
