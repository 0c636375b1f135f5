import type { DataOverlay, ProviderOverlay, TypeOverlay } from '../overlay/overlay';
import { recursiveBlock, type Depth } from './recursive-blocks';
import { isWriteOnly } from './write-only';
import type { SchemaSource } from './schema-source';
import { holdsDynamic, typeOfBlock, type Attribute, type Block, type NestedBlock, type ProviderSchema, type Schema } from './schema';

/** The schemas as terraform gets them: derived from bindings, with the marks of the overlay. */
export class ServedCatalogue {
  private readonly known = new Map<string, Schema>();

  constructor(
    private readonly derived: SchemaSource,
    private readonly overlay: ProviderOverlay,
    private readonly depth: Depth = 'deep',
  ) {}

  /** The same schemas without the blocks that hold each other. */
  flat(): ServedCatalogue {
    return new ServedCatalogue(this.derived, this.overlay, 'flat');
  }

  configuration(): Schema {
    return this.derived.configuration();
  }

  resource(type: string): Schema | undefined {
    const known = this.known.get(type);
    if (known !== undefined) return known;
    const found = this.derived.mayHave(type) ? this.derived.find(type, 'resource') : undefined;
    if (found === undefined) return undefined;
    const served = servable(type, found, this.overlay.resources[type], this.depth);
    this.known.set(type, served);
    return served;
  }

  dataSource(type: string): Schema | undefined {
    const found = this.derived.find(type, 'data');
    return found === undefined ? undefined : servable('', found, this.overlay.dataSources?.[type], this.depth);
  }

  /** An ephemeral resource; undefined where the overlay has none of this name. */
  ephemeral(type: string): Schema | undefined {
    const attributes = this.overlay.ephemeral?.[type];
    return attributes === undefined ? undefined : { version: 0, block: { attributes } };
  }

  all(): ProviderSchema {
    const all = this.derived.all();
    const resources = Object.entries(all.resource_schemas).map(
      ([type, schema]) => [type, servable(type, schema, this.overlay.resources[type], this.depth)] as const,
    );
    const dataSources = Object.entries(all.data_source_schemas).map(
      ([type, schema]) => [type, servable('', schema, this.overlay.dataSources?.[type], this.depth)] as const,
    );
    return {
      ...all,
      resource_schemas: Object.fromEntries(resources),
      data_source_schemas: Object.fromEntries(dataSources),
      functions: this.overlay.functions ?? {},
      ephemeral_resource_schemas: Object.fromEntries(
        Object.keys(this.overlay.ephemeral ?? {}).flatMap((type) => {
          const schema = this.ephemeral(type);
          return schema === undefined ? [] : [[type, schema]];
        }),
      ),
    };
  }
}

/** The marks that a schema takes from an overlay. */
type Marks = Pick<TypeOverlay, 'sensitive'> | Pick<DataOverlay, 'sensitive'>;

/** A schema with what terraform can hold, its marks, and without a type, which is that of a data source, nothing that is only written. */
function servable(type: string, schema: Schema, overlay: Marks | undefined, depth: Depth): Schema {
  return markSchema({ ...schema, block: withoutSkipped(type, schema.block, '', depth) }, overlay, type !== '');
}

/**
 * Blocks of which the bindings know nothing get their content from `recursive-blocks.json`. Without an entry there they become dynamic attributes,
 * and so do collection blocks that hold any dynamic value.
 */
function withoutSkipped(type: string, block: Block, prefix: string, depth: Depth): Block {
  const attributes: Record<string, Attribute> = { ...block.attributes };
  const blocks: Record<string, NestedBlock> = {};
  for (const [name, nested] of Object.entries(block.block_types ?? {})) {
    const known = nested.skipped === true ? recursiveBlock(type, `${prefix}${name}`, depth) : undefined;
    if (known !== undefined) {
      blocks[name] = known;
      continue;
    }
    const inner = withoutSkipped(type, nested.block, `${prefix}${name}.`, depth);
    const dynamic = nested.skipped === true || (nested.nesting_mode !== 'single' && holdsDynamic(typeOfBlock(inner)));
    if (dynamic) attributes[name] = { type: 'dynamic', ...(nested.min_items === undefined ? { optional: true } : { required: true }) };
    else blocks[name] = { ...nested, block: inner };
  }
  return {
    ...(Object.keys(attributes).length > 0 ? { attributes } : {}),
    ...(Object.keys(blocks).length > 0 ? { block_types: blocks } : {}),
  };
}

/** A schema with the sensitive marks of its overlay entry, and with those of arguments that a resource only takes. */
export function markSchema(schema: Schema, overlay: Marks | undefined, writes = true): Schema {
  const sensitive = new Set(overlay?.sensitive);
  return sensitive.size > 0 || (writes && holdsWriteOnly(schema.block))
    ? { ...schema, block: markBlock(schema.block, '', sensitive, writes) }
    : schema;
}

function holdsWriteOnly(block: Block): boolean {
  return (
    Object.entries(block.attributes ?? {}).some(([name, attribute]) => isWriteOnly(name, attribute)) ||
    Object.values(block.block_types ?? {}).some((nested) => holdsWriteOnly(nested.block))
  );
}

function markBlock(block: Block, prefix: string, sensitive: ReadonlySet<string>, writes: boolean): Block {
  const attributes = markAttributes(block.attributes ?? {}, prefix, sensitive, writes);
  const blocks = Object.fromEntries(
    Object.entries(block.block_types ?? {}).map(([name, nested]) => [
      name,
      { ...nested, block: markBlock(nested.block, `${prefix}${name}.`, sensitive, writes) },
    ]),
  );
  return {
    ...(Object.keys(attributes).length > 0 ? { attributes } : {}),
    ...(Object.keys(blocks).length > 0 ? { block_types: blocks } : {}),
  };
}

/** All of what is inside a write-only attribute is only written too. */
function markAttributes(
  attributes: Readonly<Record<string, Attribute>>,
  prefix: string,
  sensitive: ReadonlySet<string>,
  writes: boolean,
  inside = false,
): Record<string, Attribute> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, attribute]) => {
      const path = `${prefix}${name}`;
      const nested = attribute.nested_type;
      const only = inside || (writes && isWriteOnly(name, attribute));
      return [
        name,
        {
          ...attribute,
          ...(nested === undefined
            ? {}
            : { nested_type: { ...nested, attributes: markAttributes(nested.attributes, `${path}.`, sensitive, writes, only) } }),
          ...(sensitive.has(path) ? { sensitive: true } : {}),
          ...(only ? { write_only: true } : {}),
        },
      ];
    }),
  );
}
