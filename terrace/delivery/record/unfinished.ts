import { isObject } from '../../base/json';
import type { Problem } from '../../base/errors';
import { standsInStateAlone } from '../../state/stranded';
import type { PlanJson } from '../../terraform/plan-json';
import { problem } from '../problems';

/** A resource whose creation terraform had begun, or was to begin, when nothing more was heard of it. */
export interface UnfinishedResource {
  readonly address: string;
  /** What the provider called it; absent where nobody knows whether it exists. */
  readonly id?: string;
  /** Id of what it takes the place of, which stands in the state under the same address. */
  readonly replaces?: string;
}

/** What the record of an apply says that began, as far as it counts here. */
export interface BegunApply {
  readonly status: 'applying' | 'applied' | 'failed' | 'destroyed';
  readonly at: string;
  readonly unfinished?: readonly UnfinishedResource[];
}

/** What this machine knows of an apply that its terraform did not survive. */
export interface UnfinishedNote {
  /** `at` of the record that the apply began with; absent where it is not known. */
  readonly of?: string;
  readonly resources: readonly UnfinishedResource[];
}

/** All that a plan makes and that can exist without its state: what is noted before terraform starts. `state` is its text before. Pure. */
export function plannedCreations(plan: PlanJson, state: string | undefined): readonly UnfinishedResource[] {
  const creations = (plan.resource_changes ?? []).filter(
    ({ mode, provider_name: provider, change }) =>
      mode === 'managed' && change.actions.includes('create') && !standsInStateAlone(provider ?? ''),
  );
  return withReplaced(
    creations.map(({ address }) => ({ address })),
    state,
  );
}

/** The same resources, each with the id of what stands under its address. Pure. */
function withReplaced(resources: readonly UnfinishedResource[], state: string | undefined): readonly UnfinishedResource[] {
  const standing = idsIn(state);
  return resources.map((one) => {
    const replaces = standing.get(one.address)?.[0];
    return replaces === undefined ? one : { ...one, replaces };
  });
}

/**
 * What terraform said that it began to create, with the ids of what it finished, by its output without colours. A creation that failed is
 * not among them: the provider said so. Pure.
 */
export function begunIn(output: string): readonly UnfinishedResource[] {
  const begun = new Map<string, string | undefined>();
  const ended = /^(.+): (Creating\.\.\.|Creation complete after \S+(?: \[(?:id|name)=(.*)\])?)$/;
  for (const line of output.split('\n')) {
    const [, address, what, id] = ended.exec(line.trimEnd()) ?? [];
    if (address !== undefined) begun.set(address, what === 'Creating...' ? undefined : (id ?? ''));
    const failed = /^[│|\s]*with (.+),$/.exec(line.trimEnd())?.[1];
    if (failed !== undefined) begun.delete(failed);
  }
  return [...begun].map(([address, id]) => (id === undefined ? { address } : { address, id }));
}

/** Of what was planned to be made, what terraform had begun, with the ids that it said. Pure. */
export function begunOf(planned: readonly UnfinishedResource[], begun: readonly UnfinishedResource[]): readonly UnfinishedResource[] {
  return planned.flatMap((one) => {
    const found = begun.find(({ address }) => address === one.address);
    return found === undefined ? [] : [{ ...one, ...found }];
  });
}

/**
 * What may exist and is not in the state: by this machine's note where it is of the very apply that the record speaks of, else by the
 * record, which names all that was planned until more is known. Pure.
 */
export function unfinishedOf(
  note: UnfinishedNote | undefined,
  record: BegunApply | undefined,
  state: string | undefined,
): readonly UnfinishedResource[] {
  const standing = idsIn(state);
  const recorded = record?.status === 'applying' || record?.status === 'failed' ? record.unfinished : undefined;
  const isOfRecord = note !== undefined && (note.of === undefined || record === undefined || note.of === record.at);
  const known = !isOfRecord ? (recorded ?? []) : recorded === undefined ? note.resources : begunOf(recorded, note.resources);
  return known.filter(({ address, id, replaces }) => {
    const ids = standing.get(address);
    if (ids === undefined) return true;
    if (replaces === undefined) return false;
    return id === undefined || id === '' ? ids.includes(replaces) : !ids.includes(id);
  });
}

/** Why nothing of a unit is planned until it is known what became of these resources. */
export function unfinishedProblems(unit: string, open: readonly UnfinishedResource[]): readonly Problem[] {
  if (open.length === 0) return [];
  const toImport = open.filter(({ replaces }) => replaces === undefined);
  const toRemove = open.filter(({ replaces }) => replaces !== undefined);
  return [
    problem('E6054', {
      place: unit,
      found: `terraform died during an apply, or its state was not uploaded:\n${open.map(described).join('\n')}`,
      todo: [
        `if the run that applied kept its state, this brings all of it back: terrace state recover ${unit} --file FILE; otherwise, look for each resource`,
        ...(toImport.length === 0
          ? []
          : [
              `what exists: ${toImport.map(({ address, id }) => `terrace state import ${unit} '${address}' ${id === undefined || id === '' ? 'ID' : `'${id}'`}`).join('; ')}`,
            ]),
        ...toRemove.map(
          ({ address, replaces }) => `${address} is ${replaces} in the state: remove by hand whatever was created to replace it`,
        ),
        `what does not exist: terrace state absent ${unit} ADDRESS; then plan`,
      ].join('\n'),
    }),
  ];
}

function described({ address, id, replaces }: UnfinishedResource): string {
  const instead = replaces === undefined ? '' : `, in the place of ${replaces}`;
  return id === undefined
    ? `${address} was being created${instead}; whether it exists is not known`
    : `${address} was made${id === '' ? '' : ` (${id})`}${instead}, and is in no state`;
}

/** Ids by address, of all instances of managed resources in a state's text, as terraform prints them. */
function idsIn(state: string | undefined): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  const json: unknown = state === undefined ? undefined : JSON.parse(state);
  const resources = isObject(json) && Array.isArray(json['resources']) ? (json['resources'] as readonly unknown[]) : [];
  for (const resource of resources) {
    if (!isObject(resource) || resource['mode'] !== 'managed') continue;
    const name = [resource['module'], resource['type'], resource['name']].filter((part) => typeof part === 'string').join('.');
    const instances = Array.isArray(resource['instances']) ? (resource['instances'] as readonly unknown[]) : [];
    for (const instance of instances) {
      if (!isObject(instance)) continue;
      const key = instance['index_key'];
      const address = key === undefined ? name : `${name}[${JSON.stringify(key).replaceAll(/[$%](?=\{)/g, '$&$&')}]`;
      const id = isObject(instance['attributes']) ? instance['attributes']['id'] : undefined;
      found.set(address, [...(found.get(address) ?? []), ...(typeof id === 'string' ? [id] : [])]);
    }
  }
  return found;
}
