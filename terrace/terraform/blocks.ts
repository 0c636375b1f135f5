import { isObject, type JsonObject } from '../base/json';

/** One block of a Terraform JSON file: `resource "aws_vpc" "main"` has its type and name as labels. */
export interface Block {
  readonly kind: string;
  readonly labels: readonly string[];
  readonly body: JsonObject;
}

/** How many labels a block of each kind has; what is not here is no block of Terraform JSON that Terrace knows. */
const labelCounts: Readonly<Record<string, number>> = {
  terraform: 0,
  locals: 0,
  moved: 0,
  import: 0,
  removed: 0,
  variable: 1,
  output: 1,
  provider: 1,
  module: 1,
  check: 1,
  resource: 2,
  data: 2,
  ephemeral: 2,
};

/**
 * Every block of a Terraform JSON document, in each form that terraform reads: bodies and labels as objects or as arrays of objects, at
 * any level. Raises a `SyntaxError` for another kind of block or shape: whoever judges by it refuses that.
 */
export function blocksOf(document: unknown): readonly Block[] {
  return objectsIn(document).flatMap((top) =>
    Object.entries(top)
      .filter(([kind]) => kind !== '//')
      .flatMap(([kind, value]) => {
        const count = Object.hasOwn(labelCounts, kind) ? labelCounts[kind] : undefined;
        if (count === undefined) throw new SyntaxError(`a block of an unknown kind: ${kind}`);
        return labelled(kind, [], value, count);
      }),
  );
}

function labelled(kind: string, labels: readonly string[], value: unknown, left: number): readonly Block[] {
  if (left === 0) return objectsIn(value).map((body) => ({ kind, labels, body }));
  return objectsIn(value).flatMap((level) =>
    Object.entries(level)
      .filter(([label]) => label !== '//')
      .flatMap(([label, inner]) => labelled(kind, [...labels, label], inner, left - 1)),
  );
}

/** The objects of a value that is one, or an array of them to any depth. */
export function objectsIn(value: unknown): readonly JsonObject[] {
  if (Array.isArray(value)) return value.flatMap(objectsIn);
  if (value === null) return [];
  if (!isObject(value)) throw new SyntaxError('a block that is no object');
  return [value as JsonObject];
}
