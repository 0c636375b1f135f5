import type { ValidateFunction } from 'ajv';

const compiled = new Map<object, ValidateFunction>();

/** What of a value does not fit a JSON Schema (draft 2020-12), one line each; empty when it fits. */
export async function schemaProblems(schema: object, value: unknown): Promise<readonly string[]> {
  let validate = compiled.get(schema);
  if (validate === undefined) {
    const { Ajv2020 } = await import('ajv/dist/2020.js');
    const ajv = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true });
    ajv.addFormat('date-time', isInstant);
    const made = ajv.compile(schema);
    compiled.set(schema, made);
    validate = made;
  }
  if (validate(value)) return [];
  return (validate.errors ?? [])
    .slice(0, 20)
    .map((error) => `${error.instancePath === '' ? '(top)' : error.instancePath} ${error.message ?? 'does not fit'}${extra(error.params)}`);
}

/** An instant as Terrace writes it: ISO 8601 in UTC. */
function isInstant(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/.test(text) && !Number.isNaN(Date.parse(text));
}

function extra(parameters: { readonly [name: string]: unknown }): string {
  const name = parameters['additionalProperty'];
  return typeof name === 'string' ? `: ${name}` : '';
}
