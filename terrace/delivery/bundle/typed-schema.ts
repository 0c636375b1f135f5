declare const describes: unique symbol;

/** A JSON Schema (draft 2020-12) that values of type `T` fit. The compiler compares it with the interface of what is read by it. */
export interface Schema<T> {
  readonly [keyword: string]: unknown;
  /** Never there; it carries the type. */
  readonly [describes]?: () => T;
}

type Described<S> = S extends Schema<infer T> ? T : never;
type Properties = Readonly<Record<string, Schema<unknown>>>;

/** The type of an object with these properties. */
type Exactly<P extends Properties, O extends keyof P> = { readonly [K in Exclude<keyof P, O>]: Described<P[K]> } & {
  readonly [K in O]?: Described<P[K]>;
};

/** A schema that is published, with its names: what it describes stays the same. */
export function published<T>(
  names: { readonly $schema: string; readonly $id: string; readonly title: string },
  schema: Schema<T>,
): Schema<T> {
  return { ...names, ...schema };
}

export const text: Schema<string> = { type: 'string' };

/** An object with exactly these properties; those named in `optional` may be absent. */
export function exactly<P extends Properties>(properties: P): Schema<Exactly<P, never>>;
export function exactly<P extends Properties, O extends keyof P & string>(properties: P, optional: readonly O[]): Schema<Exactly<P, O>>;
export function exactly(properties: Properties, optional: readonly string[] = []): Schema<object> {
  return {
    type: 'object',
    additionalProperties: false,
    required: Object.keys(properties).filter((name) => !optional.includes(name)),
    properties,
  };
}

export function listOf<T>(items: Schema<T>): Schema<readonly T[]> {
  return { type: 'array', items };
}

/** An object whose names fit a pattern and whose values fit one schema. */
export function mapOf<T>(names: string, values: Schema<T>): Schema<{ readonly [name: string]: T }> {
  return { type: 'object', propertyNames: { pattern: names }, additionalProperties: values };
}

/** What fits one of the schemas. */
export function either<S extends readonly Schema<unknown>[]>(...schemas: S): Schema<Described<S[number]>> {
  return { anyOf: schemas };
}

export function orNull<T>(schema: Schema<T>): Schema<T | null> {
  return { anyOf: [schema, { type: 'null' }] };
}

/** One of these texts. */
export function oneOf<const T extends string>(values: readonly T[]): Schema<T> {
  return { enum: values };
}

/** This value and no other. */
export function only<const T extends string | number>(value: T): Schema<T> {
  return { const: value };
}
