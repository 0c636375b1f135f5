import type { IResolvable } from 'cdktf';

import type { OutputType } from '../model/model';
import type { OpaqueAny, OpaqueBoolean, OpaqueList, OpaqueMap } from './opaque-value';

/** One output of a unit: its type, and a mock of that type for plans made before the output exists. */
export interface OutputDeclaration<T> {
  readonly type: OutputType;
  readonly mock: T;
  readonly sensitive: boolean;
}

export interface OutputOptions {
  /**
   * Wrapped in `sensitive()` wherever it is read, because terraform forgets the mark across states.
   * @default false
   */
  readonly sensitive?: boolean;
}

/** The outputs of a unit by their camel-case name; the JSON has them in snake case. */
export type Outputs = Readonly<Record<string, OutputDeclaration<unknown>>>;

/**
 * What a dependent gets: a typed value for each declared output. Text is a token within a string, everything else an opaque value. A number and a
 * list keep their types, because bindings ask for them: `port === 8080` and `if (ids)` compile, and are never what terraform will know.
 */
export type OutputValues<O extends Outputs> = {
  readonly [K in keyof O]: O[K] extends OutputDeclaration<infer T> ? OutputValue<T> : never;
};

type OutputValue<T> = T extends boolean
  ? OpaqueBoolean
  : T extends AnyValue
    ? OpaqueAny
    : T extends readonly (infer E)[]
      ? OpaqueList<E> & T
      : T extends Readonly<Record<string, string>>
        ? OpaqueMap & T
        : T;

/** What a unit gives: a value, or a token that resolves to one, for each declared output. */
export type OutputAssignments<O extends Outputs> = {
  readonly [K in keyof O]: O[K] extends OutputDeclaration<infer T> ? (T extends AnyValue ? unknown : T | IResolvable) : never;
};

/** A value whose shape terraform knows and TypeScript does not: objects, lists of objects. */
export interface AnyValue {
  readonly json: unknown;
}

const declare =
  <T>(type: OutputType) =>
  (mock: T, options: OutputOptions = {}): OutputDeclaration<T> => ({ type, mock, sensitive: options.sensitive ?? false });

/** A string: an id, an ARN, a name. */
export const text = declare<string>('string');
export const number = declare<number>('number');
export const bool = declare<boolean>('bool');
/** A list of strings. */
export const list = declare<string[]>('list(string)');
export const numbers = declare<number[]>('list(number)');
/** A map from strings to strings. */
export const map = declare<Record<string, string>>('map(string)');
/** Anything else that JSON can hold; read with terraform functions only. */
export const any = (mock: unknown, options: OutputOptions = {}): OutputDeclaration<AnyValue> => ({
  type: 'any',
  mock: { json: mock },
  sensitive: options.sensitive ?? false,
});

/** Declares the outputs of a unit. The names are part of its contract: dependents read them from its state. */
export function declareOutputs<O extends Outputs>(outputs: O): O {
  return outputs;
}
