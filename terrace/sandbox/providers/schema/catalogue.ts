import { readdirSync } from 'node:fs';
import path from 'node:path';

import { messageOf } from '../../../base/message';
import { TerraceError } from '../../../base/errors';
import { readDeclarations } from './declarations';
import { deriveSchema } from './derive';
import { bindingsFolder, folderOfType, type ProviderPackage } from '../../../terraform/provider-packages';
import { deriveProviderBlock } from './provider-block';
import type { ProviderSchema, Schema, SchemaKind } from './schema';
import type { SchemaSource } from './schema-source';
import { bindingSource } from './source';

/** Schemas of one provider, derived from its installed bindings when they are first asked for. */
export class Catalogue implements SchemaSource {
  private readonly known = new Map<string, Schema | undefined>();
  private readonly folder: string;
  private folders: ReadonlySet<string> | undefined;

  /** Raises E5302 when the bindings are not installed. */
  constructor(
    projectRoot: string,
    readonly provider: ProviderPackage,
  ) {
    const folder = bindingsFolder(projectRoot, provider);
    if (folder === undefined) throw missingBindings(provider);
    this.folder = folder;
  }

  /** The provider's own configuration block. */
  configuration(): Schema {
    return this.cached('provider', () =>
      deriveProviderBlock(readDeclarations(bindingSource(path.join(this.folder, 'provider')) ?? ''), this.provider.style),
    );
  }

  /** One resource or data source; undefined when the bindings have no such type. Raises E5303 when it cannot be derived. */
  find(type: string, kind: Exclude<SchemaKind, 'provider'>): Schema | undefined {
    return this.cached(`${kind} ${type}`, () => {
      const folder = folderOfType(this.folder, this.provider.name, type, kind);
      const found = folder === undefined ? undefined : this.derive(folder);
      return found?.type === type && found.kind === kind ? found.schema : undefined;
    });
  }

  /** Whether the bindings have a folder of a resource type's name; quick, where deriving the schema is not needed yet. */
  mayHave(type: string): boolean {
    this.folders ??= new Set(readdirSync(this.folder).map((name) => name.replaceAll('-', '')));
    const bare = type.slice(this.provider.name.length + 1).replaceAll('_', '');
    return [bare, `${bare}resource`, type.replaceAll('_', '')].some((name) => this.folders?.has(name) === true);
  }

  /** All types; takes seconds for the largest providers, so the encoded answer is kept on disk. */
  all(): ProviderSchema {
    const resources: Record<string, Schema> = {};
    const dataSources: Record<string, Schema> = {};
    for (const name of readdirSync(this.folder).sort()) {
      if (name === 'provider') continue;
      const found = this.derive(path.join(this.folder, name));
      if (found !== undefined) (found.kind === 'data' ? dataSources : resources)[found.type] = found.schema;
    }
    return { provider: this.configuration(), resource_schemas: resources, data_source_schemas: dataSources };
  }

  private derive(folder: string): { type: string; kind: 'resource' | 'data'; schema: Schema } | undefined {
    const source = bindingSource(folder);
    if (source === undefined) return undefined;
    try {
      const found = deriveSchema(readDeclarations(source), this.provider.style);
      if (found === undefined) return undefined;
      return {
        type: found.terraformType,
        kind: source.includes('extends cdktf.TerraformDataSource') ? 'data' : 'resource',
        schema: found.schema,
      };
    } catch (error) {
      throw new TerraceError(
        {
          code: 'E5303',
          title: 'schema not derivable',
          place: path.basename(folder),
          found: `${this.provider.npm ?? `.gen/providers/${this.provider.name}`}: ${messageOf(error)}`,
          todo: 'the bindings were made by another generator than this version of Terrace reads; install the version of package-lock.json',
        },
        undefined,
        { cause: error },
      );
    }
  }

  private cached<T extends Schema | undefined>(key: string, make: () => T): T {
    if (this.known.has(key)) return this.known.get(key) as T;
    const made = make();
    this.known.set(key, made);
    return made;
  }
}

function missingBindings(provider: ProviderPackage): TerraceError {
  return new TerraceError({
    code: 'E5302',
    title: 'bindings not installed',
    place: provider.source,
    found: provider.npm === undefined ? `no .gen/providers/${provider.name}` : `no node_modules/${provider.npm}`,
    todo: provider.npm === undefined ? 'run npx cdktf get' : 'run npm ci',
  });
}
