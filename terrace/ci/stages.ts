import type { UnitModel } from '../model/model';
import type { CiStage } from '../tree/ci-values';

/** Where the state of a unit is from which a stage takes outputs. */
export interface AppliedState {
  /** `<region>/<layer>/<unit>` */
  readonly unit: string;
  readonly bucket: string;
  readonly key: string;
  readonly region: string;
  /** Names of its outputs that are not sensitive. */
  readonly outputs: readonly string[];
}

/** States of the units whose outputs stages take, by unit; units that the environment does not have are left out. */
export function statesOf(stages: readonly CiStage[], environment: string, units: readonly UnitModel[]): readonly AppliedState[] {
  const taken = new Set(stages.flatMap((stage) => takenOutputs(stage).map(({ unit }) => `${environment}/${unit}`)));
  return units
    .filter(({ path }) => taken.has(path))
    .toSorted((a, b) => (a.path < b.path ? -1 : 1))
    .map(({ path, backend, outputs }) => ({
      unit: path.slice(environment.length + 1),
      bucket: backend.bucket,
      key: backend.key,
      region: backend.region,
      outputs: outputs.filter(({ sensitive }) => !sensitive).map(({ name }) => name),
    }));
}

/** The outputs that a stage takes, with the variables of the shell that get them. */
export function takenOutputs(stage: CiStage): readonly { readonly variable: string; readonly unit: string; readonly output: string }[] {
  if ('ecs' in stage) return [];
  return Object.entries(stage.takes ?? {}).flatMap(([variable, from]) => ('unit' in from ? [{ variable, ...from }] : []));
}

/** True where a stage gets what is kept back from others: it runs only what was reviewed, behind the door of its environment. */
export function isGuarded(stage: CiStage): boolean {
  return 'run' in stage && (stage.tool === 'ansible' || Object.values(stage.takes ?? {}).some((taken) => !('unit' in taken)));
}

/** What the stages of an environment cannot mean. */
export function stageProblems(environment: {
  readonly name: string;
  readonly stages: readonly CiStage[];
  readonly states: readonly AppliedState[];
  readonly accepted: { readonly bucket: string };
}): readonly { readonly found: string; readonly todo: string }[] {
  const { name, stages, states, accepted } = environment;
  const ids = stages.map(({ id }) => id);
  return [
    ...ids
      .filter((id, index) => !/^[a-z][a-z0-9-]*$/.test(id) || ids.indexOf(id) !== index)
      .map((id) => ({
        found: `a stage of ${name} cannot be called '${id}': the name is malformed or taken`,
        todo: 'give each stage its own name of lower-case letters, digits and hyphens',
      })),
    ...stages.flatMap((stage) =>
      takenOutputs(stage).flatMap(({ unit, output }) => {
        const state = states.find((one) => one.unit === unit);
        if (state !== undefined && state.outputs.includes(output)) return [];
        return [
          {
            found: `the stage ${stage.id} of ${name} takes ${output} of ${unit}, ${state === undefined ? 'a unit that it does not have' : 'which has no such output that may be shown'}`,
            todo: 'name a unit of the environment and one of its outputs that is not sensitive',
          },
        ];
      }),
    ),
    ...(stages.filter((stage) => 'ecs' in stage).length > 1
      ? [{ found: `${name} waits for more than one cluster`, todo: 'keep one stage with ecs' }]
      : []),
    ...states
      .filter(({ bucket }) => bucket !== accepted.bucket)
      .map(({ unit }) => ({
        found: `the state of ${unit} is in a different bucket from the accepted commit of ${name}`,
        todo: 'get its outputs another way',
      })),
  ];
}
