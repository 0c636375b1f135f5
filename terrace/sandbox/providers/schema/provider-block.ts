import type { Declarations, HclEntry } from './declarations';
import { flagsOf } from './derive';
import type { StructStyle } from '../../../terraform/provider-packages';
import { primitiveType } from './primitives';
import type { Attribute, Block, NestedBlock, NestingMode, Schema, Type } from './schema';

/**
 * The schema of a provider's configuration. Its structs have no classes in the bindings,
 * so names and flags come from the interfaces and types from the HCL mappers. `alias` is the generator's own.
 */
export function deriveProviderBlock(source: Declarations, style: StructStyle): Schema {
  const main = [...source.classes.values()].find((one) => one.base === 'TerraformProvider');
  if (main === undefined) return { version: 0, block: {} };
  const flags = new Map([...main.members].map(([name, member]) => [name, member.required]));
  flags.delete('alias');
  return { version: 0, block: structBlock(source, style, `${main.name}Config`, main.hcl, flags) };
}

function structBlock(
  source: Declarations,
  style: StructStyle,
  name: string,
  hcl: ReadonlyMap<string, HclEntry>,
  required: ReadonlyMap<string, boolean>,
): Block {
  const attributes: Record<string, Attribute> = {};
  const blocks: Record<string, NestedBlock> = {};
  for (const [member, isRequired] of required) {
    const entry = hcl.get(member);
    const mapper = /(\w+ToHclTerraform)/.exec(entry?.value.replace(/cdktf\.\w+/g, '') ?? '')?.[1];
    const flags = flagsOf({ computed: false, optional: !isRequired, required: isRequired });
    if (entry === undefined || mapper === undefined) {
      attributes[member] = { ...flags, type: primitiveType('', entry) };
      continue;
    }
    const struct = `${mapper.slice(0, 1).toUpperCase()}${mapper.slice(1, -'ToHclTerraform'.length)}`;
    const mode = modeOf(entry);
    const single = !entry.value.includes('Mapper');
    if (source.blockNames.get(name)?.has(member) === true || /listMapperHcl\(\w+, true\)/.test(entry.value)) {
      blocks[member] = {
        block: nested(source, style, struct),
        nesting_mode: mode,
        ...(isRequired && mode !== 'single' ? { min_items: 1 } : {}),
        ...(single && mode !== 'single' ? { max_items: 1 } : {}),
      };
    } else {
      attributes[member] = structAttribute(source, style, struct, mode, flags);
    }
  }
  return {
    ...(Object.keys(attributes).length > 0 ? { attributes } : {}),
    ...(Object.keys(blocks).length > 0 ? { block_types: blocks } : {}),
  };
}

function nested(source: Declarations, style: StructStyle, struct: string): Block {
  const mapper = `${struct.slice(0, 1).toLowerCase()}${struct.slice(1)}ToHclTerraform`;
  const flags = new Map([...(source.interfaces.get(struct) ?? [])].map(([name, optional]) => [name, !optional]));
  return structBlock(source, style, struct, source.mappers.get(mapper) ?? new Map(), flags);
}

function structAttribute(source: Declarations, style: StructStyle, struct: string, mode: NestingMode, flags: Attribute): Attribute {
  const block = nested(source, style, struct);
  if (style === 'nested') return { ...flags, nested_type: { attributes: block.attributes ?? {}, nesting_mode: mode } };
  const object: Type = [
    'object',
    Object.fromEntries(Object.entries(block.attributes ?? {}).map(([name, attribute]) => [name, attribute.type ?? 'dynamic'])),
  ];
  return { ...flags, type: mode === 'single' ? object : [mode, object] };
}

function modeOf(entry: HclEntry): NestingMode {
  return entry.type === 'list' || entry.type === 'set' || entry.type === 'map' ? entry.type : 'single';
}
