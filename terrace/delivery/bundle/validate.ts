import type { Ajv2020 } from 'ajv/dist/2020.js';
import type { ValidateFunction } from 'ajv';

import type { Schema } from './typed-schema';

/** A value that fits its schema, typed; or what does not fit, one line each. */
export type Reading<T> = { readonly value: T } | { readonly problems: readonly string[] };

const compiled = new Map<object, ValidateFunction>();
let compiler: Ajv2020 | undefined;

/** Reads a value of unknown origin by a schema (draft 2020-12). */
export async function readAs<T>(schema: Schema<T>, value: unknown): Promise<Reading<T>> {
  const validate = await validatorOf(schema);
  if (fits(schema, validate, value)) return { value };
  return {
    problems: (validate.errors ?? [])
      .slice(0, 20)
      .map(
        (error) => `${error.instancePath === '' ? '(top)' : error.instancePath} ${error.message ?? 'does not fit'}${extra(error.params)}`,
      ),
  };
}

function fits<T>(_schema: Schema<T>, validate: ValidateFunction, value: unknown): value is T {
  return validate(value);
}

async function validatorOf(schema: object): Promise<ValidateFunction> {
  const known = compiled.get(schema);
  if (known !== undefined) return known;
  compiler ??= await newCompiler();
  const made = compiler.compile(schema);
  compiled.set(schema, made);
  return made;
}

/**
 * The schemas are our own, and a test holds each against the schema of schemas: compiling that at each start took two thirds of the time that
 * reading a bundle takes, and optimizing code that runs once most of the rest.
 */
async function newCompiler(): Promise<Ajv2020> {
  const made = new (await import('ajv/dist/2020.js')).Ajv2020({
    allErrors: true,
    strict: true,
    allowUnionTypes: true,
    validateSchema: false,
    addUsedSchema: false,
    code: { optimize: false },
  });
  made.addFormat('date-time', isInstant);
  return made;
}

/** An instant as Terrace writes it: ISO 8601 in UTC. */
function isInstant(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/.test(text) && !Number.isNaN(Date.parse(text));
}

function extra(parameters: { readonly [name: string]: unknown }): string {
  const name = parameters['additionalProperty'];
  return typeof name === 'string' ? `: ${name}` : '';
}
