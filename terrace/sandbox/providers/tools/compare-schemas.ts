import { typeOfAttribute, typeOfBlock, type Attribute, type Block, type ProviderSchema } from '../schema/schema';

/** One way in which a derived schema is not the real one. */
export interface SchemaDifference {
  readonly kind: 'resource' | 'data' | 'provider';
  readonly type: string;
  /** Dotted path of the attribute or block; '' for the type itself. */
  readonly path: string;
  readonly derived: string;
  readonly real: string;
}

/**
 * What differs between derived schemas and those of `terraform providers schema -json`: names, types, nesting, and the flags required, optional
 * and computed. Sensitive marks, descriptions and versions are not compared: bindings have none.
 */
export function compareSchemas(derived: ProviderSchema, real: ProviderSchema): SchemaDifference[] {
  const found: SchemaDifference[] = [];
  const blocks = (
    kind: SchemaDifference['kind'],
    ours: Readonly<Record<string, { readonly block: Block }>>,
    theirs: Readonly<Record<string, { readonly block: Block }>>,
  ): void => {
    for (const type of [...new Set([...Object.keys(ours), ...Object.keys(theirs)])].sort()) {
      const [left, right] = [ours[type], theirs[type]];
      if (left === undefined || right === undefined)
        found.push({
          kind,
          type,
          path: '',
          derived: left === undefined ? 'absent' : 'present',
          real: right === undefined ? 'absent' : 'present',
        });
      else compareBlocks(left.block, right.block, '', (path, one, other) => found.push({ kind, type, path, derived: one, real: other }));
    }
  };
  blocks('provider', { provider: derived.provider }, { provider: real.provider });
  blocks('resource', derived.resource_schemas, real.resource_schemas);
  blocks('data', derived.data_source_schemas, real.data_source_schemas);
  return found;
}

type Report = (path: string, derived: string, real: string) => void;

function compareBlocks(left: Block, right: Block, prefix: string, report: Report): void {
  const describe = (block: Block): ReadonlyMap<string, string> =>
    new Map([
      ...Object.entries(block.attributes ?? {}).map(([name, one]) => [name, attributeText(one)] as const),
      ...Object.entries(block.block_types ?? {}).map(([name, { nesting_mode: mode }]) => [name, `block, ${mode}`] as const),
    ]);
  const [ours, theirs] = [describe(left), describe(right)];
  for (const name of [...new Set([...ours.keys(), ...theirs.keys()])].sort()) {
    const [one, other] = [ours.get(name) ?? 'absent', theirs.get(name) ?? 'absent'];
    if (one !== other) report(`${prefix}${name}`, one, other);
    const [inner, outer] = [left.block_types?.[name], right.block_types?.[name]];
    if (inner !== undefined && outer !== undefined) compareBlocks(inner.block, outer.block, `${prefix}${name}.`, report);
  }
}

function attributeText(attribute: Attribute): string {
  const flags = (['required', 'optional', 'computed'] as const).filter((flag) => attribute[flag] === true);
  const type =
    attribute.nested_type === undefined ? typeOfAttribute(attribute) : typeOfBlock({ attributes: attribute.nested_type.attributes });
  const sorted = JSON.stringify(sortMembers(type));
  return `${attribute.nested_type === undefined ? '' : `nested ${attribute.nested_type.nesting_mode} `}${sorted}, ${flags.join('+')}`;
}

function sortMembers(type: unknown): unknown {
  if (Array.isArray(type)) return type.map(sortMembers);
  if (typeof type !== 'object' || type === null) return type;
  return Object.fromEntries(
    Object.entries(type)
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([name, one]) => [name, sortMembers(one)]),
  );
}
