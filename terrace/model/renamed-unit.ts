import type { UnitFiles } from './content-digest';
import type { UnitModel } from './model';

/** A unit with the files it is made of. */
export interface MadeUnit {
  readonly unit: Pick<UnitModel, 'path' | 'system' | 'environment' | 'region' | 'movedFrom'>;
  readonly files: UnitFiles;
}

/**
 * New units of which one that goes holds the same resources, in the same environment: the class was moved to another path, and its state
 * would be destroyed and made anew. By the new unit's path. Pure.
 */
export function renamedUnits(gone: readonly MadeUnit[], added: readonly MadeUnit[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const before = new Map<string, string[]>();
  for (const one of gone) {
    const held = heldBy(one);
    if (held === undefined) continue;
    const list = before.get(held);
    if (list === undefined) before.set(held, [one.unit.path]);
    else list.push(one.unit.path);
  }
  for (const one of added) {
    if (one.unit.movedFrom !== undefined) continue;
    const [only, ...others] = before.get(heldBy(one) ?? '') ?? [];
    if (only !== undefined && others.length === 0) found.set(one.unit.path, only);
  }
  return found;
}

/** What is asked of whoever renamed a unit, or did not. */
export function renamedText(from: string, to: MadeUnit['unit']): string {
  const isBeside = from.split('/').slice(0, 3).join('/') === [to.system, to.environment, to.region].join('/');
  return `renamed? ${from} has the same resources: movedFrom: '${isBeside ? from.split('/').slice(3).join('/') : from}' moves its state`;
}

/** A unit's environment with the addresses of its resources; undefined where it has none. */
function heldBy({ unit, files }: MadeUnit): string | undefined {
  const resources = resourcesOf(files);
  return resources === '' ? undefined : `${unit.system}/${unit.environment}\n${resources}`;
}

/** Addresses of a unit's resources, as one text; empty where it has none or cannot be read. */
function resourcesOf(files: UnitFiles): string {
  try {
    const json: unknown = JSON.parse(Buffer.from(files.get('main.tf.json') ?? new Uint8Array()).toString('utf8'));
    const blocks = entries(json).find(([kind]) => kind === 'resource')?.[1];
    return entries(blocks)
      .flatMap(([type, named]) => entries(named).map(([name]) => `${type}.${name}`))
      .toSorted()
      .join('\n');
  } catch {
    return '';
  }
}

function entries(value: unknown): readonly (readonly [string, unknown])[] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}
