import type { ValidateFunction } from 'ajv';

const compiled = new Map<object, ValidateFunction>();

/** What of a value does not fit a JSON Schema (draft 2020-12), one line each; empty when it fits. */
export async function schemaProblems(schema: object, value: unknown): Promise<readonly string[]> {
  let validate = compiled.get(schema);
  if (validate === undefined) {
    const [{ Ajv2020 }, { default: formats }] = await Promise.all([import('ajv/dist/2020'), import('ajv-formats')]);
    const ajv = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true });
    formats(ajv);
    validate = ajv.compile(schema);
    compiled.set(schema, validate);
  }
  if (validate(value)) return [];
  return (validate.errors ?? []).slice(0, 20).map((error) => `${error.instancePath === '' ? '(top)' : error.instancePath} ${error.message ?? 'does not fit'}${extra(error.params)}`);
}

function extra(parameters: { readonly [name: string]: unknown }): string {
  const name = parameters['additionalProperty'];
  return typeof name === 'string' ? `: ${name}` : '';
}
