import data from './recursive-blocks.json';
import type { Attribute, Block, NestedBlock, Type } from './schema';

/**
 * Blocks whose content the bindings leave out, because it refers to itself, from `recursive-blocks.json`. A shape there maps names to notations:
 * `string`, `list(number)`, `set(string)` for attributes, `one shape`, `many shape`, `set shape` for blocks (a list of at most one, a list, a set);
 * `!` means required, `?` set by the provider where nothing is configured. `...` takes in another shape. `@3` gives a level to the shape,
 * `@` passes it on, `@-` passes on one less, and a block of level 0 is left away.
 */
interface RecursiveBlocks {
  /** Where the shapes were read. */
  readonly source: string;
  /** Shapes that hold each other: they make a schema so large that terraform takes in a second what it needs for few. */
  readonly deep: readonly string[];
  /** Terraform type, then path of the block. */
  readonly blocks: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly shapes: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** Whether blocks that hold each other are part of a schema: `flat` is for who does not use them. */
export type Depth = 'flat' | 'deep';

const { blocks, deep, shapes }: RecursiveBlocks = data;
const made = new Map<string, Block>();

/** The block at a path of a resource type (`rule.statement`), where the bindings leave it out and its content is known. */
export function recursiveBlock(type: string, path: string, depth: Depth): NestedBlock | undefined {
  const notation = blocks[type]?.[path];
  return notation === undefined ? undefined : nestedBlock(notation, 0, depth);
}

/** Resource types of all providers whose schema has a flat and a deep form. */
export const typesOfTwoDepths: readonly string[] = Object.keys(blocks);

/** True where a text of configuration or state fills a block that only the deep form has; one that is empty in a state does not count. */
export function usesDepth(text: string): boolean {
  return deepUse.test(text);
}

const blockNotation = /^(one|many|set)(!?) (\w+)(?:@(\d+|-)?)?$/;
const attributeNotation = /^(?:(list|set)\()?(string|number|bool)\)?([!?]?)$/;

/** Undefined for a block beyond the last level. */
function nestedBlock(notation: string, level: number, depth: Depth): NestedBlock | undefined {
  const [, count, required, shape = '', step] = blockNotation.exec(notation) ?? [];
  const inner = step === undefined ? level : step === '-' ? level - 1 : Number(step);
  if (notation.includes('@') && inner < 1) return undefined;
  if (depth === 'flat' && deep.includes(shape)) return undefined;
  return {
    block: blockOf(shape, notation.includes('@') ? inner : 0, depth),
    nesting_mode: count === 'set' ? 'set' : 'list',
    ...(required === '!' ? { min_items: 1 } : {}),
    ...(count === 'one' ? { max_items: 1 } : {}),
  };
}

/** One object per shape, level and depth, so that what is made of it can be kept by identity. */
function blockOf(shape: string, level: number, depth: Depth): Block {
  const key = `${shape}@${level} ${depth}`;
  const known = made.get(key);
  if (known !== undefined) return known;
  const attributes: Record<string, Attribute> = {};
  const nested: Record<string, NestedBlock> = {};
  for (const [name, notation] of membersOf(shape)) {
    if (!blockNotation.test(notation)) attributes[name] = attributeOf(notation);
    else {
      const block = nestedBlock(notation, level, depth);
      if (block !== undefined) nested[name] = block;
    }
  }
  const block: Block = {
    ...(Object.keys(attributes).length > 0 ? { attributes } : {}),
    ...(Object.keys(nested).length > 0 ? { block_types: nested } : {}),
  };
  made.set(key, block);
  return block;
}

const deepNames = Object.values(shapes).flatMap((shape) =>
  Object.entries(shape).flatMap(([name, notation]) => (deep.includes(blockNotation.exec(notation)?.[3] ?? '') ? [name] : [])),
);
/** `name {`, `dynamic "name" {`, `"name": {` and `"name": [{`. */
const deepUse = new RegExp(`\\b(?:${[...new Set(deepNames)].join('|')})"?\\s*:?\\s*(?:\\[\\s*)?\\{`);

function membersOf(shape: string): (readonly [string, string])[] {
  const own = shapes[shape];
  if (own === undefined) throw new Error(`recursive-blocks.json has no shape ${shape}`);
  return Object.entries(own).flatMap(([name, notation]) => (name === '...' ? membersOf(notation) : [[name, notation] as const]));
}

function attributeOf(notation: string): Attribute {
  const [, collection, leaf, mark] = attributeNotation.exec(notation) ?? [];
  if (leaf === undefined) throw new Error(`recursive-blocks.json has no shape for ${notation}`);
  const type: Type = collection === undefined ? leafType(leaf) : [collection === 'set' ? 'set' : 'list', leafType(leaf)];
  return { type, ...(mark === '!' ? { required: true } : { optional: true, ...(mark === '?' ? { computed: true } : {}) }) };
}

function leafType(leaf: string): Type {
  return leaf === 'number' || leaf === 'bool' ? leaf : 'string';
}
