import { contentDigest } from '../../model/content-digest';
import type { DeliveryContext } from '../../delivery/terraform/context';
import { targetOf } from '../../delivery/target/target-of';
import type { Tree } from '../../delivery/tree/load-tree';
import { asObject, JsonNumber, type LosslessJson } from '../../state/lossless-json';
import type { Shape } from '../shape/shape';
import { firstValues, type FirstValue } from './first-plan';
import type { DerivedAttribute } from './seed-shape';

/** A text shorter than this is replaced as a whole value only. */
const shortestPart = 16;

/** Attributes that may have been made one-way of a secret. */
export function derivedOf({ resources }: Pick<Shape, 'resources'>): readonly DerivedAttribute[] {
  return resources.flatMap(({ unit, address, derived }) => derived.map((attribute) => ({ unit, address, attribute })));
}

/** A shape whose one-way attributes fit its stand-ins, and those that were changed for it. */
export interface SettledShape {
  readonly shape: Shape;
  readonly derived: readonly FirstValue[];
}

/**
 * Asks a first plan, in a world that was seeded with the shape, what the attributes are that were made one-way of a secret, and writes that
 * into the shape, wherever their values stand. Only units whose files are those that were applied are asked: of others a difference may be a
 * change. What the first plan says of anything else is left.
 */
export async function settleShape(context: DeliveryContext, shape: Shape, trees: readonly Tree[]): Promise<SettledShape> {
  const found: FirstValue[] = [];
  const derived = derivedOf(shape);
  for (const { unit, record } of shape.units) {
    const own = derived.filter((one) => one.unit === unit);
    if (own.length === 0 || record === null) continue;
    const tree = trees.find(({ files }) => contentDigest(files.get(unit) ?? new Map()) === record.files);
    const model = tree?.model.units.find(({ path }) => path === unit);
    if (tree === undefined || model === undefined) continue;
    found.push(...((await firstValues(context, targetOf(tree.model, model, tree.files.get(unit) ?? new Map(), 'apply'), own)) ?? []));
  }
  return { shape: found.length === 0 ? shape : withValues(shape, found), derived: found };
}

/** The shape with other texts in the place of some, wherever they stand. Pure. */
export function withValues(shape: Shape, values: readonly Pick<FirstValue, 'before' | 'after'>[]): Shape {
  const replace = (given: LosslessJson): LosslessJson => {
    if (typeof given === 'string')
      return values.reduce(
        (text, { before, after }) =>
          text === before ? after : before.length >= shortestPart ? text.replaceAll(before, () => after) : text,
        given,
      );
    if (given instanceof JsonNumber || typeof given !== 'object' || given === null) return given;
    if (isList(given)) return given.map(replace);
    return Object.fromEntries(Object.entries(asObject(given) ?? {}).map(([name, one]) => [name, replace(one)]));
  };
  const all = (members: Shape['resources'][number]['attributes']): typeof members => asObject(replace(members)) ?? {};
  return {
    ...shape,
    units: shape.units.map((unit) => ({ ...unit, outputs: all(unit.outputs), lookups: all(unit.lookups) })),
    resources: shape.resources.map((resource) => ({ ...resource, attributes: all(resource.attributes) })),
  };
}

function isList(value: LosslessJson): value is readonly LosslessJson[] {
  return Array.isArray(value);
}
