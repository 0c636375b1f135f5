/** A terraform type as its JSON notation has it: `"string"`, `["list","string"]`, `["object",{…}]`. */
export type Type =
  | 'string'
  | 'number'
  | 'bool'
  | 'dynamic'
  | readonly ['list' | 'set' | 'map', Type]
  | readonly ['object', Readonly<Record<string, Type>>]
  | readonly ['tuple', readonly Type[]];

export type NestingMode = 'single' | 'list' | 'set' | 'map';

/** An attribute in the shape of `terraform providers schema -json`: exactly one of `type` and `nested_type` is set. */
export interface Attribute {
  readonly type?: Type;
  readonly nested_type?: NestedType;
  readonly required?: boolean;
  readonly optional?: boolean;
  readonly computed?: boolean;
  readonly sensitive?: boolean;
  readonly write_only?: boolean;
  readonly deprecated?: boolean;
}

export interface NestedType {
  readonly attributes: Readonly<Record<string, Attribute>>;
  readonly nesting_mode: NestingMode;
}

export interface NestedBlock {
  readonly block: Block;
  readonly nesting_mode: NestingMode;
  readonly min_items?: number;
  readonly max_items?: number;
  /** The bindings leave out what the block holds and take anything; terraform gets a dynamic attribute instead. */
  readonly skipped?: true;
}

export interface Block {
  readonly attributes?: Readonly<Record<string, Attribute>>;
  readonly block_types?: Readonly<Record<string, NestedBlock>>;
}

/** What one type, data source or provider block looks like. */
export interface Schema {
  readonly version: number;
  readonly block: Block;
}

/** Everything one provider serves. */
export interface ProviderSchema {
  readonly provider: Schema;
  readonly resource_schemas: Readonly<Record<string, Schema>>;
  readonly data_source_schemas: Readonly<Record<string, Schema>>;
  readonly functions?: Readonly<Record<string, FunctionSignature>>;
  readonly ephemeral_resource_schemas?: Readonly<Record<string, Schema>>;
}

/** What a provider's function takes and gives, in the shape of `terraform providers schema -json`. */
export interface FunctionSignature {
  readonly parameters?: readonly FunctionParameter[];
  readonly variadic_parameter?: FunctionParameter;
  readonly return_type: Type;
}

export interface FunctionParameter {
  readonly name: string;
  readonly type: Type;
}

export type SchemaKind = 'resource' | 'data' | 'provider';

const implied = new WeakMap<Block | NestedType, Type>();

/** The object type of a block's values: what travels between terraform and a provider. Cached per block. */
export function typeOfBlock(block: Block): Type {
  const known = implied.get(block);
  if (known !== undefined) return known;
  const members: Record<string, Type> = {};
  for (const [name, attribute] of Object.entries(block.attributes ?? {})) members[name] = typeOfAttribute(attribute);
  for (const [name, nested] of Object.entries(block.block_types ?? {}))
    members[name] = wrap(typeOfBlock(nested.block), nested.nesting_mode);
  const type: Type = ['object', members];
  implied.set(block, type);
  return type;
}

/** The type of one attribute's values. */
export function typeOfAttribute(attribute: Attribute): Type {
  const nested = attribute.nested_type;
  if (nested === undefined) return attribute.type ?? 'dynamic';
  const known = implied.get(nested);
  if (known !== undefined) return known;
  const members = Object.fromEntries(Object.entries(nested.attributes).map(([name, child]) => [name, typeOfAttribute(child)]));
  // Unlike a block, a nested attribute stays a collection of objects when one of them holds a dynamic value.
  const type: Type = nested.nesting_mode === 'single' ? ['object', members] : [nested.nesting_mode, ['object', members]];
  implied.set(nested, type);
  return type;
}

/**
 * The collection that a nesting mode makes of its element's type.
 * A list or map whose elements hold a dynamic attribute has elements of different types, so terraform passes it as dynamic.
 */
function wrap(element: Type, mode: NestingMode): Type {
  if (mode === 'single') return element;
  if (mode !== 'set' && holdsDynamic(element)) return 'dynamic';
  return [mode, element];
}

/** Whether a type is dynamic or holds a dynamic member anywhere. */
export function holdsDynamic(type: Type): boolean {
  if (typeof type === 'string') return type === 'dynamic';
  if (type[0] === 'object') return Object.values(type[1]).some(holdsDynamic);
  if (type[0] === 'tuple') return type[1].some(holdsDynamic);
  return holdsDynamic(type[1]);
}
