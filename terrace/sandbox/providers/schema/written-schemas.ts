import { readFileSync } from 'node:fs';

import { packageFile } from '../../../base/package-file';
import type { Block, NestedBlock, ProviderSchema, Schema, SchemaKind } from './schema';
import type { SchemaSource } from './schema-source';

/** A block as far as it differs from that of the provider it extends. */
interface Addition {
  readonly attributes?: Block['attributes'];
  readonly block_types?: Readonly<Record<string, Partial<Omit<NestedBlock, 'block'>> & { readonly block?: Addition }>>;
}

/** The data file of a provider: its blocks by type, or what they have beyond those of the provider that it extends. */
interface Written {
  /** Where the schemas were read. */
  readonly source: string;
  readonly provider: Addition;
  readonly resources: Readonly<Record<string, Addition>>;
  readonly dataSources: Readonly<Record<string, Addition>>;
}

/**
 * Schemas that stand in a data file (`written/<name>.json`): of small providers whose bindings nobody installs, and of one that has the types
 * of another provider and more (`google-beta`), whose own come from that one's bindings.
 */
export class WrittenSchemas implements SchemaSource {
  private read: Written | undefined;

  constructor(
    private readonly name: string,
    private readonly base?: SchemaSource,
  ) {}

  configuration(): Schema {
    return extended(this.base?.configuration(), this.written().provider) ?? { version: 0, block: {} };
  }

  find(type: string, kind: Exclude<SchemaKind, 'provider'>): Schema | undefined {
    const own = kind === 'data' ? this.written().dataSources : this.written().resources;
    return extended(this.base?.find(type, kind), own[type]);
  }

  mayHave(type: string): boolean {
    return this.written().resources[type] !== undefined || this.base?.mayHave(type) === true;
  }

  all(): ProviderSchema {
    const base = this.base?.all();
    const { resources, dataSources } = this.written();
    return {
      provider: this.configuration(),
      resource_schemas: joined(base?.resource_schemas ?? {}, resources),
      data_source_schemas: joined(base?.data_source_schemas ?? {}, dataSources),
    };
  }

  private written(): Written {
    this.read ??= JSON.parse(readFileSync(packageFile(`sandbox/providers/written/${this.name}.json`), 'utf8')) as Written;
    return this.read;
  }
}

function joined(base: Readonly<Record<string, Schema>>, own: Readonly<Record<string, Addition>>): Record<string, Schema> {
  const types = [...new Set([...Object.keys(base), ...Object.keys(own)])].sort();
  return Object.fromEntries(
    types.flatMap((type) => {
      const schema = extended(base[type], own[type]);
      return schema === undefined ? [] : [[type, schema]];
    }),
  );
}

function extended(base: Schema | undefined, own: Addition | undefined): Schema | undefined {
  if (own === undefined) return base;
  return { version: base?.version ?? 0, block: extendedBlock(base?.block ?? {}, own) };
}

function extendedBlock(base: Block, own: Addition): Block {
  const blocks = Object.fromEntries(
    Object.entries(own.block_types ?? {}).map(([name, { block, ...rest }]) => {
      const before = base.block_types?.[name];
      return [name, { nesting_mode: 'list' as const, ...before, ...rest, block: extendedBlock(before?.block ?? {}, block ?? {}) }];
    }),
  );
  return {
    attributes: { ...base.attributes, ...own.attributes },
    ...(base.block_types === undefined && own.block_types === undefined ? {} : { block_types: { ...base.block_types, ...blocks } }),
  };
}
