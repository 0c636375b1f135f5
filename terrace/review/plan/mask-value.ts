import { createHmac, randomBytes } from 'node:crypto';

import type { Mask } from '../../terraform/plan-json';
import type { Json } from '../../base/json';
import { markKey, unknown, type Mark, type ShownValue } from '../values/shown-value';

/** How a masked plan writes a sensitive value: recognises the marker and gives its digest. */
export type ReadMarker = (value: Json) => string | undefined;

export interface MaskOptions {
  /** @default nothing is a marker */
  readonly readMarker?: ReadMarker;
  /** Values known to be sensitive somewhere in the same plan; see secrets.ts. @default none */
  readonly secrets?: { holds(value: Json): boolean };
}

// Digests only compare values within one process, so their key lives no longer than it.
const key = randomBytes(32);

/** True where a mask covers anything at all. */
function covers(mask: Mask | undefined): boolean {
  if (typeof mask === 'boolean' || mask === undefined) return mask === true;
  return (Array.isArray(mask) ? mask : Object.values(mask)).some(covers);
}

function isObject<T>(value: T): value is Extract<T, { readonly [key: string]: unknown }> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A mask that does not follow the value's shape covers it whole: better too much than a secret. */
function follows(mask: Mask | undefined, value: Json | undefined): boolean {
  if (typeof mask === 'boolean' || mask === undefined) return true;
  if (value === null || value === undefined) return true;
  if (Array.isArray(mask)) return Array.isArray(value) && (mask.length <= value.length || !covers(mask));
  return isObject(value);
}

function sensitive(value: Json | undefined, isUnknown: boolean, readMarker: ReadMarker): Mark {
  if (isUnknown || value === undefined) return { [markKey]: 'sensitive' };
  const digest = readMarker(value) ?? createHmac('sha256', key).update(JSON.stringify(value)).digest('hex');
  return { [markKey]: 'sensitive', digest };
}

function below(mask: Mask | undefined, step: string | number): Mask | undefined {
  if (typeof mask === 'boolean' || mask === undefined) return mask;
  if (Array.isArray(mask)) return typeof step === 'number' ? mask[step] : undefined;
  const masks = mask as { readonly [key: string]: Mask };
  return Object.hasOwn(masks, step) ? masks[step] : undefined;
}

/**
 * Joins a value of a plan with its masks: what is sensitive is replaced by a mark, whatever its depth, what is
 * unknown too. Where mask and value disagree in shape, the whole value counts as sensitive.
 * Does not know which values are equal to a secret elsewhere unless `secrets` says so.
 */
export function maskValue(
  value: Json | undefined,
  sensitiveMask: Mask | undefined,
  unknownMask: Mask | undefined,
  options: MaskOptions = {},
): ShownValue | undefined {
  const readMarker = options.readMarker ?? (() => undefined);
  if (sensitiveMask === true || (covers(sensitiveMask) && !follows(sensitiveMask, value)))
    return sensitive(value, unknownMask === true, readMarker);
  if (unknownMask === true) return unknown;
  if (value !== undefined && (readMarker(value) !== undefined || options.secrets?.holds(value) === true))
    return sensitive(value, false, readMarker);
  if (Array.isArray(unknownMask) || Array.isArray(value)) {
    const list: readonly Json[] = Array.isArray(value) ? value : [];
    const length = Math.max(list.length, Array.isArray(unknownMask) ? unknownMask.length : 0);
    return Array.from(
      { length },
      (_, index) => maskValue(list[index], below(sensitiveMask, index), below(unknownMask, index), options) ?? null,
    );
  }
  const names = new Set([...keysOf(value), ...coveredKeys(unknownMask), ...(value === null ? [] : coveredKeys(sensitiveMask))]);
  if (isObject(value) || names.size > 0) {
    const masked: Record<string, ShownValue> = {};
    for (const name of names) {
      const item = maskValue(
        isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined,
        below(sensitiveMask, name),
        below(unknownMask, name),
        options,
      );
      if (item !== undefined)
        Object.defineProperty(masked, name.startsWith(markKey) ? `${name}'` : name, {
          value: item,
          enumerable: true,
          configurable: true,
          writable: true,
        });
    }
    return masked;
  }
  return value;
}

function keysOf(value: Json | undefined): readonly string[] {
  return value !== undefined && isObject(value) ? Object.keys(value) : [];
}

function coveredKeys(mask: Mask | undefined): readonly string[] {
  return mask !== undefined && isObject(mask) ? Object.keys(mask).filter((name) => covers(below(mask, name))) : [];
}
