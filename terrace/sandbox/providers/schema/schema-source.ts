import type { ProviderSchema, Schema, SchemaKind } from './schema';

/** Where the schemas of one provider come from. */
export interface SchemaSource {
  /** The provider's own configuration block. */
  configuration(): Schema;
  /** One resource or data source; undefined when there is no such type. */
  find(type: string, kind: Exclude<SchemaKind, 'provider'>): Schema | undefined;
  /** Whether there may be a resource type of this name; quick, where its schema is not needed yet. */
  mayHave(type: string): boolean;
  /** All types. */
  all(): ProviderSchema;
}
