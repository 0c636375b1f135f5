import type { StructStyle } from '../../../terraform/provider-packages';
import type { ClassDeclaration, Declarations, HclEntry, Member } from './declarations';
import { primitiveType } from './primitives';
import type { Attribute, Block, NestedBlock, NestingMode, Schema, Type } from './schema';

/** One struct in the bindings: its class, its config interface and its HCL mapper. */
interface Struct {
  readonly members: ReadonlyMap<string, Member>;
  readonly hcl: ReadonlyMap<string, HclEntry>;
  readonly blockNames: ReadonlySet<string>;
}

type Shape =
  | { readonly kind: 'type'; readonly type: Type }
  | { readonly kind: 'struct'; readonly struct: Struct; readonly modes: readonly NestingMode[]; readonly single: boolean };

const noNames: ReadonlySet<string> = new Set();

/**
 * The schema of the resource or data source that a bindings file declares; undefined when it declares none.
 * Not in bindings, so not here: sensitive, write-only, schema version, validators.
 */
export function deriveSchema(
  source: Declarations,
  style: StructStyle,
): { readonly terraformType: string; readonly schema: Schema } | undefined {
  const main = [...source.classes.values()].find((one) => one.base === 'TerraformResource' || one.base === 'TerraformDataSource');
  if (main?.terraformType === undefined) return undefined;
  const reader = new Reader(source, style);
  return { terraformType: main.terraformType, schema: { version: 0, block: reader.block(reader.structOf(main, `${main.name}Config`)) } };
}

export class Reader {
  constructor(
    private readonly source: Declarations,
    private readonly style: StructStyle,
  ) {}

  structOf(declaration: ClassDeclaration, config?: string): Struct {
    const name = config ?? declaration.name.replace(/OutputReference$/, '');
    const mapper = `${name.slice(0, 1).toLowerCase()}${name.slice(1)}ToHclTerraform`;
    return {
      members: declaration.members,
      hcl: config === undefined ? (this.source.mappers.get(mapper) ?? new Map()) : declaration.hcl,
      blockNames: this.source.blockNames.get(name) ?? noNames,
    };
  }

  block(struct: Struct): Block {
    const attributes: Record<string, Attribute> = {};
    const blocks: Record<string, NestedBlock> = {};
    for (const [name, member] of struct.members) {
      const shape = this.shape(name, member, struct.hcl.get(name));
      if (shape.kind === 'struct' && isBlock(name, member, shape, struct)) blocks[name] = this.nestedBlock(shape, member);
      else if (struct.hcl.get(name)?.storage === 'any' && struct.blockNames.has(name))
        blocks[name] = { block: {}, nesting_mode: 'list', skipped: true };
      else attributes[name] = this.attribute(member, shape);
    }
    return {
      ...(Object.keys(attributes).length > 0 ? { attributes } : {}),
      ...(Object.keys(blocks).length > 0 ? { block_types: blocks } : {}),
    };
  }

  private nestedBlock(shape: Shape & { kind: 'struct' }, member: Member): NestedBlock {
    const mode = shape.modes[0] ?? 'single';
    const block = this.block(shape.struct);
    const isCollection = mode === 'list' || mode === 'set';
    return {
      block,
      nesting_mode: mode,
      ...(isCollection && member.required ? { min_items: 1 } : {}),
      ...(isCollection && shape.single ? { max_items: 1 } : {}),
    };
  }

  private attribute(member: Member, shape: Shape): Attribute {
    const flags = flagsOf(member);
    if (shape.kind === 'type') return { ...flags, type: shape.type };
    if (this.style === 'object' || shape.modes.length > 1) return { ...flags, type: this.objectType(shape) };
    const attributes: Record<string, Attribute> = {};
    for (const [name, child] of shape.struct.members) {
      // The generator marks every child of a computed attribute computed; a required one cannot be.
      const { computed, ...own } = this.attribute(child, this.shape(name, child, shape.struct.hcl.get(name)));
      attributes[name] = own.required === true || computed !== true ? own : { ...own, computed };
    }
    return { ...flags, nested_type: { attributes, nesting_mode: shape.modes[0] ?? 'single' } };
  }

  /** A struct as a plain type: `list(object({…}))`. */
  private objectType(shape: Shape): Type {
    if (shape.kind === 'type') return shape.type;
    const members: Record<string, Type> = {};
    for (const [name, child] of shape.struct.members) members[name] = this.objectType(this.shape(name, child, shape.struct.hcl.get(name)));
    return [...shape.modes].reverse().reduce<Type>((type, mode) => (mode === 'single' ? type : [mode, type]), ['object', members]);
  }

  private shape(name: string, member: Member, entry: HclEntry | undefined): Shape {
    const stored = member.stored;
    if (stored === undefined) return { kind: 'type', type: primitiveType(member.getter, entry) };
    if (stored.name.startsWith('cdktf.'))
      return { kind: 'type', type: primitiveType('', { type: stored.set ? 'set' : '', storage: stored.name.slice(6), value: '' }) };
    const modes: NestingMode[] = [];
    let current = this.declaration(stored.name, name);
    let set = stored.set;
    while (current.element !== undefined) {
      modes.push(
        current.base === 'ComplexMap' || current.base === 'ComplexMapList' || /Map$/.test(current.name) ? 'map' : set ? 'set' : 'list',
      );
      set = current.element.set === 'own' ? set : current.element.set;
      current = this.declaration(current.element.name, name);
    }
    const collection = entry?.type === 'list' || entry?.type === 'set' ? entry.type : undefined;
    const single = modes.length === 0 && collection !== undefined;
    return { kind: 'struct', struct: this.structOf(current), modes: single ? [collection] : modes, single };
  }

  private declaration(name: string, member: string): ClassDeclaration {
    const declaration = this.source.classes.get(name);
    if (declaration === undefined) throw new Error(`${member}: no class ${name}`);
    return declaration;
  }
}

/** A single or collected block, against an attribute of struct type; `isBlock` of the bindings is true for both. */
function isBlock(name: string, member: Member, shape: Shape & { kind: 'struct' }, struct: Struct): boolean {
  return (
    shape.single ||
    struct.blockNames.has(name) ||
    /listMapperHcl\(\w+, true\)/.test(struct.hcl.get(name)?.value ?? '') ||
    (!member.computed && !member.optional && !member.required)
  );
}

/** Only the flags that are true, as terraform writes them. */
export function flagsOf(member: Pick<Member, 'computed' | 'optional' | 'required'>): Pick<Attribute, 'computed' | 'optional' | 'required'> {
  if (member.required) return { required: true };
  return { ...(member.computed ? { computed: true } : {}), ...(member.optional ? { optional: true } : {}) };
}
