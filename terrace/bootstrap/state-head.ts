import { quantity } from '../base/plural';
import { TerraceError } from '../base/errors';

/** Which state a file or object is: terraform gives every state a lineage when it is made, and counts its versions. */
export interface StateHead {
  readonly lineage: string;
  readonly serial: number;
  /** Number of resources in it. */
  readonly resources: number;
  /** Address and id of each managed resource, sorted: what tells a copy from another state where the lineage is new. */
  readonly identities: readonly string[];
}

/** Reads the head of a state. Raises E4203 for what is not a state. */
export function stateHead(text: string, place: string): StateHead {
  try {
    const state: { readonly lineage?: unknown; readonly serial?: unknown; readonly resources?: readonly StateResource[] } =
      JSON.parse(text);
    if (typeof state.lineage === 'string' && typeof state.serial === 'number')
      return {
        lineage: state.lineage,
        serial: state.serial,
        resources: state.resources?.length ?? 0,
        identities: identitiesOf(state.resources ?? []),
      };
  } catch {
    // reported below
  }
  throw new TerraceError({
    code: 'E4203',
    title: 'not a state',
    place,
    found: `${text.length} bytes without lineage and serial`,
    expected: 'a terraform state',
    todo: 'inspect the file; the bucket may have an earlier version of it',
  });
}

interface StateResource {
  readonly mode: string;
  readonly type: string;
  readonly name: string;
  readonly instances: readonly { readonly attributes?: { readonly id?: unknown } }[];
}

function identitiesOf(resources: readonly StateResource[]): readonly string[] {
  return resources
    .filter(({ mode }) => mode === 'managed')
    .flatMap(({ type, name, instances }) => instances.map(({ attributes }) => `${type}.${name} ${JSON.stringify(attributes?.id ?? null)}`))
    .sort();
}

/** What a bootstrap has to do, by which states exist. */
export type BootstrapStage =
  /** Nothing yet, or a local state not moved yet: apply with local state, then move it. */
  | 'local'
  /** The state is in the bucket: plan there. A local copy of it is left from a kill after the move. */
  | 'remote';

/**
 * Decides how to go on; pure. A local state beside a remote one is the copy that the move left behind.
 * Raises E4204 when they are two different states.
 */
export function bootstrapStage(unit: string, remote: StateHead | undefined, local: StateHead | undefined): BootstrapStage {
  if (remote === undefined) return 'local';
  if (
    local !== undefined &&
    local.resources > 0 &&
    local.lineage !== remote.lineage &&
    local.identities.join() !== remote.identities.join()
  )
    throw new TerraceError({
      code: 'E4204',
      title: 'two states of one unit',
      place: unit,
      found: `the bucket holds lineage ${remote.lineage} (${quantity(remote.identities.length, 'resource')}), the bootstrap's work folder lineage ${local.lineage} (${quantity(local.identities.length, 'resource')})`,
      expected: 'the same resources in both',
      todo: 'find out which of them describes what exists (terrace state pull), and move the other one away',
    });
  return 'remote';
}
