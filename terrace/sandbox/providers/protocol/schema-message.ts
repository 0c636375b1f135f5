import type { Attribute, Block, FunctionParameter, FunctionSignature, NestingMode, ProviderSchema, Schema } from '../schema/schema';

const modes: Readonly<Record<NestingMode, number>> = { single: 1, list: 2, set: 3, map: 4 };

/**
 * Every type is announced with this schema version, because bindings do not tell the real one and terraform refuses a state
 * whose version is above the provider's. Upgrading takes any lower version as it is.
 */
export const announcedVersion = 1000;

/** The schema answer of a provider, as the message that goes over the wire. */
export function schemaMessage(schema: ProviderSchema): object {
  return {
    provider: { version: 0, block: blockMessage(schema.provider.block) },
    resource_schemas: Object.fromEntries(
      Object.entries(schema.resource_schemas).map(([type, one]) => [type, typeMessage(one, announcedVersion)]),
    ),
    data_source_schemas: Object.fromEntries(Object.entries(schema.data_source_schemas).map(([type, one]) => [type, typeMessage(one, 0)])),
    // Public modules declare provider_meta; without a schema for it every resource of such a module fails.
    provider_meta: {
      version: 0,
      block: blockMessage({
        attributes: { user_agent: { type: ['list', 'string'], optional: true }, module_name: { type: 'string', optional: true } },
      }),
    },
    functions: functionMessages(schema.functions ?? {}),
    ephemeral_resource_schemas: Object.fromEntries(
      Object.entries(schema.ephemeral_resource_schemas ?? {}).map(([type, one]) => [type, typeMessage(one, 0)]),
    ),
    server_capabilities: { plan_destroy: true, get_provider_schema_optional: true, move_resource_state: true },
  };
}

/** Signatures of functions as they go over the wire. */
export function functionMessages(functions: Readonly<Record<string, FunctionSignature>>): object {
  const parameter = ({ name, type }: FunctionParameter): object => ({ name, type: Buffer.from(JSON.stringify(type)) });
  return Object.fromEntries(
    Object.entries(functions).map(([name, { parameters = [], variadic_parameter: variadic, return_type: result }]) => [
      name,
      {
        parameters: parameters.map(parameter),
        ...(variadic === undefined ? {} : { variadic_parameter: parameter(variadic) }),
        return: { type: Buffer.from(JSON.stringify(result)) },
      },
    ]),
  );
}

function typeMessage(schema: Schema, version: number): object {
  return { version, block: blockMessage(schema.block) };
}

function blockMessage(block: Block): object {
  return {
    attributes: attributeMessages(block.attributes ?? {}),
    block_types: Object.entries(block.block_types ?? {}).map(([name, nested]) => ({
      type_name: name,
      block: blockMessage(nested.block),
      nesting: modes[nested.nesting_mode],
      min_items: nested.min_items ?? 0,
      max_items: nested.max_items ?? 0,
    })),
  };
}

function attributeMessages(attributes: Readonly<Record<string, Attribute>>): object[] {
  return Object.entries(attributes).map(([name, attribute]) => ({
    name,
    ...(attribute.nested_type === undefined
      ? { type: Buffer.from(JSON.stringify(attribute.type)) }
      : {
          nested_type: {
            attributes: attributeMessages(attribute.nested_type.attributes),
            nesting: modes[attribute.nested_type.nesting_mode],
          },
        }),
    required: attribute.required ?? false,
    optional: attribute.optional ?? false,
    computed: attribute.computed ?? false,
    sensitive: attribute.sensitive ?? false,
    write_only: attribute.write_only ?? false,
    deprecated: attribute.deprecated ?? false,
  }));
}
